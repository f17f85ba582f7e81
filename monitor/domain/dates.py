"""Finds the dates a text names and says which days they are.

Own patterns only: libraries miss "8月22日" and "le matin du 30 octobre" and find dates in plain words. Nothing is
guessed where the text does not say: without a day of publication, and without a full date elsewhere in the text, a date
without a year stays out.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from monitor.domain.date_finders import find_written
from monitor.domain.date_written import Written, day_of
from monitor.domain.lexicon import DateWords, primary
from monitor.domain.model.events import DateRange, Precision

# News tells what was: "in April", told in November, is seven months ago rather than five months off. Days less so.
AHEAD_FACTOR = {Precision.DAY: 1.3, Precision.MONTH: 1.8}
MIDDLE_OF_MONTH = 15
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


class DateKind(StrEnum):
    """How a date was written."""

    ABSOLUTE = "absolute"  # with its year
    YEARLESS = "yearless"  # the year comes from the publication or from another date
    RELATIVE = "relative"  # yesterday, on Friday, last year: from the publication


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at characters [start, end) of the text."""

    start: int
    end: int
    when: DateRange
    explicit_year: bool
    kind: DateKind


def find_dates(text: str, language: str | None, words: DateWords, published_on: date | None) -> tuple[FoundDate, ...]:
    """The dates in `text`, in order, not overlapping.

    `published_on` is the base of relative and yearless dates: a day or month without a year is the occurrence nearest
    to it, a weekday the latest one up to it unless the words around say "next" or "will". Without it the first full
    date of the text takes its place for yearless dates, and relative ones stay out.
    """
    if published_on is not None and not EARLIEST_YEAR < published_on.year < LATEST_YEAR:
        published_on = None  # a broken clock: neighbouring years must exist
    written = find_written(text, primary(language), words)
    base = published_on or _first_full(written)
    found: list[FoundDate] = []
    for one in written:
        resolved = _resolve(one, base, published_on)
        if resolved is not None:
            found.append(resolved)
    return tuple(found)


def _first_full(written: list[Written]) -> date | None:
    """What a yearless date can be seen from where the day of publication is unknown: a full date, else a full month."""
    day = next((one for one in written if one.is_complete), None)
    if day is not None:
        return date(day.year or 1, day.month or 1, day.day or 1)
    month = next((one for one in written if one.year is not None and one.month is not None), None)
    return None if month is None else date(month.year or 1, month.month or 1, MIDDLE_OF_MONTH)


# ---------------------------------------------------------------- resolving


def _resolve(one: Written, base: date | None, published_on: date | None) -> FoundDate | None:
    resolved = _when(one, base, published_on)
    if resolved is None or not EARLIEST_YEAR <= resolved.starts_on.year <= LATEST_YEAR:
        return None
    is_relative = one.days_offset is not None or one.weekday is not None or (one.year is None and one.month is None)
    kind = DateKind.RELATIVE if is_relative else DateKind.YEARLESS if one.year is None else DateKind.ABSOLUTE
    return FoundDate(one.start, one.end, resolved, one.year is not None, kind)


def _when(one: Written, base: date | None, published_on: date | None) -> DateRange | None:
    if one.days_offset is not None or one.weekday is not None:
        return None if published_on is None else _single(_relative_day(one, published_on))
    if one.day_only:
        return None if published_on is None else _day_only(one, published_on)
    if one.year_offset is not None:
        if published_on is None:
            return None
        year = published_on.year + one.year_offset
        return _in_year_of(replace(one, year=year, end_year=year if one.end_month else None))
    if one.year is not None:
        return _in_year_of(one)
    return None if base is None else _nearest(one, base)


def _relative_day(one: Written, published_on: date) -> date:
    if one.days_offset is not None:
        return published_on + timedelta(days=one.days_offset)
    back = (published_on.weekday() - (one.weekday or 0)) % 7
    if one.leaning > 0 or (one.will and one.leaning == 0):
        return published_on + timedelta(days=7 - back)
    return published_on - timedelta(days=back or (7 if one.leaning < 0 else 0))


def _day_only(one: Written, published_on: date) -> DateRange | None:
    """The nearest month that makes sense: this one, unless the day is far ahead, then the one before."""
    day = one.day or 1
    candidates = [start for months in (-1, 0, 1) if (start := _month_day(published_on, months, day)) is not None]
    start = min(candidates, key=lambda start: _strangeness(start, published_on), default=None)
    if start is None:
        return None
    return DateRange(start, start + timedelta(days=one.end_day - day) if one.end_day else start)


def _strangeness(day: date, published_on: date) -> int:
    """News tells what was rather than what comes: a day ahead counts double."""
    gap = (published_on - day).days
    return gap if gap >= 0 else -2 * gap


def _month_day(base: date, months: int, day: int) -> date | None:
    year, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    return date(year, month + 1, day) if day <= monthrange(year, month + 1)[1] else None


def _in_year_of(one: Written) -> DateRange | None:
    year = one.year or 0
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    if one.month is None:
        return DateRange(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
    if one.day is None:
        return DateRange(
            date(year, one.month, 1), date(year, one.month, monthrange(year, one.month)[1]), Precision.MONTH
        )
    start = day_of(year, one.month, one.day)
    if one.end_day is None or one.end_month is None:
        return _single(start)
    stop = day_of(one.end_year or year, one.end_month, one.end_day)
    if stop < start:
        stop = day_of(year + 1, one.end_month, one.end_day)
    return DateRange(start, stop)


def _nearest(one: Written, base: date) -> DateRange | None:
    """The occurrence nearest to `base`; "last" and "next" leave no choice, nor does a weekday beside the date."""
    found = [
        when for year in (base.year - 1, base.year, base.year + 1) if (when := _in_year_of(replace(one, year=year)))
    ]
    if one.weekday_told is not None:
        found = [when for when in found if when.starts_on.weekday() == one.weekday_told] or found
    if one.leaning < 0:
        found = [when for when in found if when.starts_on <= base] or found
    elif one.leaning > 0:
        found = [when for when in found if when.ends_on >= base] or found
    return min(found, key=lambda when: (_distance(when, base, one.will), when.starts_on), default=None)


def _distance(when: DateRange, base: date, will: bool) -> float:
    """Days from `base`; news tells what was, so a day to come is farther off unless a verb in the future says so."""
    ahead = (when.starts_on - base).days * (1.0 if will else AHEAD_FACTOR.get(when.precision, 1.0))
    return max(0.0, ahead, (base - when.ends_on).days)


def _single(day: date) -> DateRange:
    return DateRange(day, day)
