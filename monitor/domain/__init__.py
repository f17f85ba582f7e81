"""Deciding what the news means: pure functions and values; no I/O, no clock, no settings, no logging."""
