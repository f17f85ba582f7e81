"""What is to come, as a page lists it and a calendar program shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.model.events import DateRange, KnownEvent


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event that is or was announced."""

    event: KnownEvent
    changes: int  # of its date, status or participants so far
    updated_at: datetime


class CalendarState(StrEnum):
    """How surely something comes."""

    FIRM = "firm"  # announced or approved, or has come
    TENTATIVE = "tentative"  # proposed, postponed, or only computed
    OFF = "off"  # cancelled, denied, withdrawn, or nothing was heard of it


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One thing to come, in the reader's words; its `id` stays when it is announced, moves, comes or is called off."""

    id: str
    summary: str
    details: tuple[str, ...]
    when: DateRange
    state: CalendarState
    is_computed: bool  # nobody has announced it
    changes: int
    changed_at: datetime
    place: str = ""  # name of the host
    has_page: bool = True  # whether an event of that id stands in the archive
    participants: frozenset[str] = frozenset()
    partnership_key: str | None = None
