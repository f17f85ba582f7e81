"""Events as what programs subscribe to: entries of a feed and of a calendar."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.headline import headline
from monitor.domain.model.calendar import CalendarEntry, CalendarState
from monitor.domain.model.event_search import EventRow
from monitor.domain.model.events import EventStatus
from monitor.domain.model.places import PlaceLookup
from monitor.domain.wording import KIND_WORDS, STATUS_WORDS, Wording

_OFF = frozenset({EventStatus.CANCELLED, EventStatus.DENIED})
_TENTATIVE = frozenset({EventStatus.PROPOSED, EventStatus.POSTPONED, EventStatus.THREATENED})
# Ids of feeds and their entries are names in it: they stay whatever address the archive is reached by.
_NAMES = uuid.UUID("7c0f3c0e-6a7b-5d6e-9a53-0f1d3a6f2b51")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An event in a feed, in the reader's words."""

    id: str  # urn:uuid
    event_id: str
    title: str
    summary: str
    published_at: datetime
    updated_at: datetime


def urn(name: str) -> str:
    """A stable id of what has that name."""
    return uuid.uuid5(_NAMES, name).urn


def feed_entries(rows: Iterable[EventRow], wording: Wording, place: PlaceLookup) -> tuple[FeedEntry, ...]:
    """The events in their order."""
    return tuple(_feed_entry(row, wording, place) for row in rows)


def _feed_entry(row: EventRow, wording: Wording, place: PlaceLookup) -> FeedEntry:
    event = row.event
    told = [
        wording.join([wording.say(KIND_WORDS[kind]) for kind in event.kinds]),
        wording.say("Status: {status}", status=wording.say(STATUS_WORDS[event.status])),
        wording.count("{n} article", "{n} articles", len(event.article_ids)),
        wording.join([wording.language_name(one) for one in sorted(event.languages)]),
    ]
    return FeedEntry(
        id=urn(f"event {event.id}"),
        event_id=event.id,
        title=headline(event, wording, place),
        summary=" · ".join(one for one in told if one),
        published_at=event.first_seen_at or row.updated_at,
        updated_at=row.updated_at,
    )


def calendar_entry(row: EventRow, wording: Wording, place: PlaceLookup, changes: int = 0) -> CalendarEntry | None:
    """The event in a calendar; None: it has no date."""
    event = row.event
    if event.when is None:
        return None
    return CalendarEntry(
        id=event.id,
        summary=headline(event, wording, place),
        details=(wording.say("Status: {status}", status=wording.say(STATUS_WORDS[event.status])),),
        when=event.when,
        state=_state(event.status),
        is_computed=False,
        changes=changes,
        changed_at=row.updated_at,
        place=wording.place(event.host_id) if event.host_id is not None else "",
        participants=event.participants,
    )


def _state(status: EventStatus) -> CalendarState:
    if status in _OFF:
        return CalendarState.OFF
    return CalendarState.TENTATIVE if status in _TENTATIVE else CalendarState.FIRM
