"""A date as written: numbers and what is missing, checked against the calendar but not yet resolved to days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from monitor.domain.date_patterns import Sign
from monitor.domain.date_words import ENUMERATING

LONGEST_LISTED_GAP_DAYS = 1  # "7 et 8 octobre" is one event of two days, "3 et 10 mai" are two days
LOOK_AROUND = 28  # characters in which "last", "next" or a future verb still belongs to a weekday or month


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: numbers, None for what is missing."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    end_year: int | None = None
    end_month: int | None = None
    end_day: int | None = None
    year_offset: int | None = None  # "last year": -1
    days_offset: int | None = None  # "yesterday": -1
    weekday: int | None = None
    weekday_told: int | None = None  # beside a full day and month
    leaning: int = 0  # -1: "last", 1: "next", 0: not said
    will: bool = False  # a verb of its clause is in the future
    day_only: bool = False

    @property
    def is_yearless(self) -> bool:
        """Whether a month is told and nothing about its year."""
        return self.month is not None and self.year is None and self.year_offset is None

    @property
    def is_complete(self) -> bool:
        """Whether it is a day without any doubt."""
        return self.year is not None and self.day is not None


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the text in which a date may stand."""

    text: str
    start: int
    end: int
    language: str
    holds: frozenset[Sign] = frozenset()

    def matches(self, pattern: re.Pattern[str] | None) -> Iterator[re.Match[str]]:
        """What the pattern finds here; nothing where the language has no such pattern."""
        return iter(()) if pattern is None else pattern.finditer(self.text, self.start, self.end)


def number(written: str | None) -> int | None:
    """The number, if one was written."""
    return int(written) if written else None


def _is_day(year: int | None, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 2024, month)[1]


def checked(
    match: re.Match[str], year: int | None, month: int, day: int, offset: int | None = None, start: int | None = None
) -> Iterator[Written]:
    """A single day, if the calendar has it."""
    if _is_day(year, month, day):
        first = match.start() if start is None else start
        yield Written(first, match.end(), year, month, day, year_offset=offset)


def date_range(
    match: re.Match[str],
    first: tuple[int | None, int, int],
    last: tuple[int | None, int, int],
    offset: int | None = None,
) -> Iterator[Written]:
    """From one day to another; days merely listed are told one by one unless they follow on each other."""
    if not (_is_day(*first) and _is_day(*last)):
        return
    year, month, day = first
    start = day_of(year or 2024, month, day)
    crosses = year == last[0] and (last[1], last[2]) < (month, day)
    stop = day_of((last[0] or 2024) + crosses, last[1], last[2])
    is_listed = match["join"].casefold() in ENUMERATING or match["join"] in "、・和与與및과"
    if is_listed and not 0 <= (stop - start).days <= LONGEST_LISTED_GAP_DAYS:
        middle = match.start("d2")
        yield Written(match.start(), match.end("d"), year, month, day, year_offset=offset)
        yield Written(middle, match.end(), *last, year_offset=offset)
        return
    begins = year - 1 if crosses and year is not None and last[0] is not None else year
    yield Written(match.start(), match.end(), begins, month, day, last[0], last[1], last[2], year_offset=offset)


def day_of(year: int, month: int, day: int) -> date:
    """That day; 29 February of a year without it is the 28th."""
    return date(year, month, min(day, monthrange(year, month)[1]))
