"""Gathers what a person should know this morning: a fixed number of reads, however large the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.domain import calendar
from monitor.domain.model.calendar import CalendarEntry
from monitor.domain.model.events import Precision
from monitor.domain.model.places import PlaceLookup
from monitor.domain.model.today import ToldWindow
from monitor.domain.partnerships import with_seats
from monitor.domain.today import Morning, morning
from monitor.domain.wording import Wording
from monitor.ports import Archive

COMING_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Coming:
    """What is expected in the next weeks, by day."""

    entries: tuple[CalendarEntry, ...]
    until: date


def learnt(window: ToldWindow, today: date, archive: Archive, place: PlaceLookup) -> Morning:
    """What a stretch of the log tells, new events by partnership."""
    places = frozenset[str]().union(*(one.event.participants for one in window.events))
    return morning(window.events, archive.partnerships_of(with_seats(places, place)), today, place)


def coming(now: datetime, wording: Wording, archive: Archive, place: PlaceLookup) -> Coming:
    """What is announced and what is computed, as the calendar tells it, but for what is known to the year only."""
    today = now.date()
    until = today + timedelta(weeks=COMING_WEEKS)
    events = archive.calendar_events(today, until)
    found = calendar.entries(events, archive.expected_between(today, until), today, wording, place)
    ahead = calendar.ahead(found, today)
    near = (one for one in ahead if one.when.starts_on <= until and one.when.precision is not Precision.YEAR)
    return Coming(tuple(near), until)
