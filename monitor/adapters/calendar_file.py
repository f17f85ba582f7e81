"""iCalendar files (RFC 5545): entries keep their UID, what is called off is said to be, never left out in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from icalendar import Calendar, Event

from monitor.domain.model.calendar import CalendarEntry, CalendarState
from monitor.domain.model.events import Precision
from monitor.domain.text import clean_line

PRODUCT = "-//sister-city-monitor//calendar//EN"
UID_HOST = "sister-city-monitor"  # no real host: a UID must outlive the address of the archive
REFRESH = timedelta(hours=6)
MAX_SUMMARY_CHARS = 250

_STATUS = {
    CalendarState.FIRM: "CONFIRMED",
    CalendarState.TENTATIVE: "TENTATIVE",
    CalendarState.OFF: "CANCELLED",
}


class IcalendarWriter:
    """Implements the port `CalendarWriter`."""

    def write(self, entries: Sequence[CalendarEntry], name: str, language: str, base_url: str = "") -> bytes:
        """See the port."""
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("name", clean_line(name), {"LANGUAGE": language})
        calendar.add("x-wr-calname", clean_line(name))
        calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
        for entry in entries:
            calendar.add_component(_component(entry, language, base_url.rstrip("/")))
        return bytes(calendar.to_ical())


def _component(entry: CalendarEntry, language: str, base_url: str) -> Event:
    """All-day and never blocking time. Of a month or a year the first day stands for all: a bar over a year would hide
    the rest of the calendar; the summary says the period.
    """
    when = entry.when
    last = when.ends_on if when.precision is Precision.DAY else when.starts_on
    event = Event()
    event.add("uid", f"{entry.id}@{UID_HOST}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.changes)
    event.add("dtstart", when.starts_on)
    event.add("dtend", last + timedelta(days=1))  # the day after the last
    event.add("summary", clean_line(entry.summary, MAX_SUMMARY_CHARS), {"LANGUAGE": language})
    event.add("status", _STATUS[entry.state])
    event.add("transp", "TRANSPARENT")
    if entry.details:
        event.add("description", "\n".join(entry.details), {"LANGUAGE": language})
    if entry.place:
        event.add("location", clean_line(entry.place), {"LANGUAGE": language})
    if base_url and entry.has_page:
        event.add("url", f"{base_url}/events/{entry.id}")
    return event
