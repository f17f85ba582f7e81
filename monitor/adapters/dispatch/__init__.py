"""Engines that run the stages when they are due."""
