"""Measuring: quality on the evaluation data beside the checkout, against pinned floors. Never part of the package."""
