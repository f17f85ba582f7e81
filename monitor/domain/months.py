"""Counting in months, as cadences, terms and anniversaries do."""

from __future__ import annotations

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later (or earlier), the last day where the month is too short."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    year = min(max(year, date.min.year), date.max.year)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another, to the nearest."""
    return round((last - first).days / 30.4375)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of its month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
