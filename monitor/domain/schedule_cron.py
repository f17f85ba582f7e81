"""When a digest is due: five-field cron lines in a time zone, with rules for the days on which clocks change.

Times that the clocks jump over are served when they have jumped, times that come twice are served the first time: a
daily line is served exactly once on each local date (faults G2).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SEARCH_DAYS = 8 * 366 + 1  # 29 February is up to eight years away (1896 to 1904, 2096 to 2104)

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAYS = {name: number for number, name in enumerate(_DAY_NAMES)}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: Mapping[str, int]


_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day of month", 1, 31, {}),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 7, _DAYS),
)
_ITEM = re.compile(r"(?P<any>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?")


@dataclass(frozen=True, slots=True)
class CronLine:
    """A parsed cron line."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # 0 Sunday .. 6 Saturday
    either_day: bool  # both day fields are restricted: one of them is enough, as in every cron

    def falls_on(self, day: date) -> bool:
        """Whether the line means that day."""
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return in_month or in_week if self.either_day else in_month and in_week

    def times(self) -> Iterator[time]:
        """The times of a day, in order."""
        for hour in sorted(self.hours):
            for minute in sorted(self.minutes):
                yield time(hour, minute)


def parse(line: str) -> CronLine:
    """Read "minute hour day month weekday"; raises `ValueError` that says what is wrong and what is allowed."""
    words = line.split()
    if len(words) != len(_FIELDS):
        wanted = ", ".join(field.name for field in _FIELDS)
        raise ValueError(
            f"{line!r} has {len(words)} fields; a schedule has five ({wanted}): '0 7 * * 1' is every Monday at 7:00"
        )
    minutes, hours, days, months, weekdays = (_read(word, field) for word, field in zip(words, _FIELDS, strict=True))
    cron = CronLine(
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        either_day=not words[2].startswith("*") and not words[4].startswith("*"),
    )
    longest = max(29 if month == 2 else calendar.monthrange(2000, month)[1] for month in months)
    if not cron.either_day and min(days) > longest:
        raise ValueError(f"{line!r} never happens: the months it names have at most {longest} days")
    return cron


def next_due(schedule: str, time_zone: str, after: datetime) -> datetime:
    """The first moment of `schedule` strictly after `after`, in UTC; raises `ValueError` for a bad line or zone."""
    cron = parse(schedule)
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{time_zone!r} is not a time zone of the IANA database, such as Europe/Paris") from None
    first = after.astimezone(zone).date()
    for offset in range(SEARCH_DAYS):
        day = first + timedelta(days=offset)
        if cron.falls_on(day):
            for moment in cron.times():
                due = _moment(datetime.combine(day, moment), zone)
                if due is not None and due > after:
                    return due
    raise ValueError(f"{schedule!r} does not happen within eight years")


def _moment(local: datetime, zone: ZoneInfo) -> datetime | None:
    """A local time as a moment: the first where it comes twice; where the clocks jump over it, the end of the jump, or
    its beginning where the jump ends on another day; None: the whole day does not exist there.
    """
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    end = _end_of_jump(local, zone)
    for candidate in (end, end - timedelta(minutes=1)):
        if candidate.astimezone(zone).date() == local.date():
            return candidate
    return None


def _end_of_jump(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks jump over `local`, to the minute.

    Read with the offset after the jump, `local` lies before the jump; read with the offset before the jump, after it.
    """
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset_before = before.astimezone(zone).utcoffset()
    low, high = 0, round((after - before).total_seconds() / 60)
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(minutes=middle)).astimezone(zone).utcoffset() == offset_before:
            low = middle
        else:
            high = middle
    return before + timedelta(minutes=high)


# ---------------------------------------------------------------- reading a field


def _read(word: str, field: _Field) -> frozenset[int]:
    values: set[int] = set()
    for item in word.lower().split(","):
        span, slash, step = item.partition("/")
        found = _ITEM.fullmatch(span)
        if found is None or (slash and not (step.isascii() and step.isdigit() and 1 <= int(step) <= field.highest)):
            raise _bad(item, field)
        first, last = _span(found, field, open_ended=bool(slash))
        if first > last:
            raise _bad(item, field)
        values.update(range(first, last + 1, int(step) if slash else 1))
    return frozenset(values)


def _span(found: re.Match[str], field: _Field, *, open_ended: bool) -> tuple[int, int]:
    if found["any"]:
        # Sunday is 0 and 7: in "*/2" it counts once.
        return field.lowest, 6 if field.highest == 7 else field.highest
    first = _value(found["first"], field)
    if found["last"] is not None:
        last = _value(found["last"], field)
        return first, 7 if field.names is _DAYS and last == 0 < first else last  # "fri-sun"
    return first, field.highest if open_ended else first


def _value(text: str, field: _Field) -> int:
    if text in field.names:
        return field.names[text]
    if text.isascii() and text.isdigit() and field.lowest <= int(text) <= field.highest:
        return int(text)
    raise _bad(text, field)


def _bad(text: str, field: _Field) -> ValueError:
    names = f" or {', '.join(field.names)}" if field.names else ""
    return ValueError(
        f"{text!r} is no {field.name}: allowed are {field.lowest} to {field.highest}{names}, lists (1,15), "
        "ranges (1-5), steps (*/2) and *"
    )
