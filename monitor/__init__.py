"""A self-hosted news monitor for relations between cities, provinces, universities and hospitals."""

__version__ = "0.1.0"
