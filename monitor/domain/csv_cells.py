"""Cells of CSV files that no table program takes for a formula."""

from __future__ import annotations

# What makes a cell a formula in one program or another, also behind a tab or a line break.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: object) -> str:
    """The value as text; one that would be a formula starts with an apostrophe. Numbers are numbers."""
    if isinstance(value, int | float):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
