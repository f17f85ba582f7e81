"""The story of an event: what else happened in the same relation, linked and never merged.

A relation goes from intent to signing, renewal, anniversaries and perhaps an end; a series from edition to edition; a
visit holds the signing that took place during it. Each is an event of its own; the story says how they belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.linking import HUB_MEMBERS
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
_AGREEMENTS = frozenset({EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_RENEWED})
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
    return min(wholes, key=_lasts, default=None) or _forum_of(happening, happening.when, events, mine, place)


def _forum_of(
    happening: Happening, when: DateRange, events: Sequence[KnownEvent], mine: frozenset[str], place: PlaceLookup
) -> KnownEvent | None:
    """The meeting of many, be it of one day, at which two sign an agreement: they are among its members, or the text
    speaks of a meeting at its place.
    """
    if happening.kinds[0] not in _AGREEMENTS:
        return None
    forums = [
        one
        for one in events
        if _is_gathering(one)
        and one.when is not None
        and one.when.starts_on <= when.starts_on
        and when.ends_on <= one.when.ends_on
        and (_gathers(one, mine, place) or _is_there(happening, one))
    ]
    return min(forums, key=_lasts, default=None)


def _is_gathering(event: KnownEvent) -> bool:
    if event.when is None or event.date_inferred or event.when.precision is not Precision.DAY:
        return False
    is_told = event.kinds[0] is EventKind.CONFERENCE and event.status is EventStatus.HAPPENED
    return is_told and event.part_of is None and _lasts(event)[0] <= LONGEST_WHOLE_DAYS


def _gathers(event: KnownEvent, mine: frozenset[str], place: PlaceLookup) -> bool:
    many = len(event.participants)
    return many >= HUB_MEMBERS and 2 * len(mine) <= many and belongs(event.participants, mine, place)


def _is_there(happening: Happening, event: KnownEvent) -> bool:
    """Whether a text that speaks of a conference is set at the place of this one."""
    centre = {event.host_id} if event.host_id is not None or len(event.participants) > 1 else event.participants
    is_set = happening.host_id is not None and happening.host_id in centre
    return is_set and EventKind.CONFERENCE in happening.kinds


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
