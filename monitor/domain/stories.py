"""The story of an event: what else happened in the same relation, linked and never merged.

A relation goes from intent to signing, renewal, anniversaries and perhaps an end; a series from edition to edition; a
visit holds the signing that took place during it. Each is an event of its own; the story says how they belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.model.events import DateRange, EventKind, EventStatus, Happening, KnownEvent, Precision
from monitor.domain.model.places import INSTITUTIONS, PlaceLookup
from monitor.domain.partnerships import belongs


class Tie(StrEnum):
    """How another event belongs to the one looked at, closest first."""

    WHOLE = "whole"  # this one is part of it
    PART = "part"  # it is part of this one
    EDITION = "edition"  # another edition of the same series
    STEP = "step"  # another step in the life of the same agreement
    RELATION = "relation"  # something else between the same places


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """Another event of the story."""

    event: KnownEvent
    tie: Tie


STEPS = (
    EventKind.AGREEMENT_INTENT,
    EventKind.AGREEMENT_SIGNED,
    EventKind.AGREEMENT_RENEWED,
    EventKind.ANNIVERSARY,
    EventKind.AGREEMENT_ENDED,
)
# What other events take place during: they last, or gather people who do more than meet.
_WHOLES = (EventKind.DELEGATION_VISIT, EventKind.CONFERENCE)
# Visits last a week; a longer range is a season or a programme, and everything lies in it.
LONGEST_WHOLE_DAYS = 15


def story_of(event: KnownEvent, events: Iterable[KnownEvent], place: PlaceLookup) -> tuple[StoryEvent, ...]:
    """The others of `events` that belong to the story of `event`, in the order they happened; those without a date
    stand where they were first heard of.
    """
    mine = _standing_for(event.participants, place)
    found = [
        StoryEvent(one, tie)
        for one in events
        if one.id != event.id and (tie := _tie(event, one, mine, place)) is not None
    ]
    return tuple(sorted(found, key=lambda told: _when(told.event)))


def _tie(event: KnownEvent, other: KnownEvent, mine: frozenset[str], place: PlaceLookup) -> Tie | None:
    if event.part_of == other.id:
        return Tie.WHOLE
    if other.part_of == event.id:
        return Tie.PART
    if event.series_key is not None and event.series_key == other.series_key:
        return Tie.EDITION
    if not belongs(other.participants, mine, place):
        return None
    return Tie.STEP if step(event) is not None and step(other) is not None else Tie.RELATION


def step(event: KnownEvent) -> EventKind | None:
    """Which step in the life of an agreement it is, the latest it tells; None: none."""
    return next((kind for kind in reversed(STEPS) if kind in event.kinds), None)


def _standing_for(participants: Iterable[str], place: PlaceLookup) -> frozenset[str]:
    """The participants as places of a relation: institutions stand for their seat."""
    entries = {one: place(one) for one in participants}
    return frozenset(
        entry.seat_id if entry is not None and entry.kind in INSTITUTIONS and entry.seat_id else one
        for one, entry in entries.items()
    )


def _when(event: KnownEvent) -> tuple[date, str]:
    seen = event.first_seen_at.date() if event.first_seen_at is not None else date.min
    return (event.when.starts_on if event.when is not None else seen, event.id)


# ---------------------------------------------------------------- what is part of what


def whole_of(happening: Happening, events: Sequence[KnownEvent], place: PlaceLookup) -> KnownEvent | None:
    """The visit or conference during which a happening took place: it lasts longer, both sides of the happening take
    part, and the happening is not of its kind. Of several the shortest. None: there is none.
    """
    if happening.when is None or happening.date_inferred or happening.when.precision is not Precision.DAY:
        return None
    mine = _standing_for(happening.participants, place)
    wholes = [one for one in events if _holds(one, happening.kinds, happening.when, mine, place)]
    return min(wholes, key=_lasts, default=None)


def _lasts(event: KnownEvent) -> tuple[int, str]:
    days = (event.when.ends_on - event.when.starts_on).days if event.when is not None else 0
    return days, event.id


def _holds(
    event: KnownEvent, kinds: Sequence[EventKind], when: DateRange, mine: frozenset[str], place: PlaceLookup
) -> bool:
    if event.when is None or event.date_inferred or event.when.precision is not Precision.DAY:
        return False
    if event.kinds[0] not in _WHOLES or event.kinds[0] in kinds or event.status is not EventStatus.HAPPENED:
        return False
    if not event.when.starts_on <= when.starts_on or not when.ends_on <= event.when.ends_on:
        return False
    lasts, takes = _lasts(event)[0], (when.ends_on - when.starts_on).days
    return takes < lasts <= LONGEST_WHOLE_DAYS and event.part_of is None and belongs(event.participants, mine, place)
