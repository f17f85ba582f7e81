"""Computed expectations over time: reckoned anew, given up, and taken over by the events that fulfil them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from monitor.domain import expectations_computed as rules
from monitor.domain.model.articles import Applied, IngestIntent
from monitor.domain.model.events import EventIntent, Role
from monitor.domain.model.partnerships import Expectation, ExpectationState
from monitor.domain.model.places import PlaceLookup
from monitor.domain.partnerships import with_seats
from monitor.ports import Relations

WAITING = (ExpectationState.OPEN, ExpectationState.MISSED)


def refresh(relations: Relations, now: datetime, place: PlaceLookup) -> tuple[Expectation, ...]:
    """Reckon anew what is to be expected, write what changed, and return that."""
    wanted = rules.computed(relations.partnerships(), relations.agreements(), relations.series(), now.date())
    changed = rules.refreshed(relations.expectations(), wanted, now, relations.new_id)
    written = tuple(_as_known(one, relations, now, place) for one in changed)
    for one in written:
        relations.put_expectation(one)
    return written


def _as_known(expectation: Expectation, relations: Relations, now: datetime, place: PlaceLookup) -> Expectation:
    """A new one may have come true before it was reckoned: the celebration in spring, the settings in autumn."""
    expected = expectation.expected
    if expectation.state is not ExpectationState.OPEN or expected.opens_on > now.date():
        return expectation
    events = relations.events_of(expected.participants, expected.opens_on, expected.closes_on)
    for event in events:
        if rules.fulfilled_by(event, [expectation], place) is not None:
            return rules.settled(expectation, event, event.id, now)
    return expectation


def claimed(intent: IngestIntent, relations: Relations, place: PlaceLookup) -> IngestIntent:
    """The intent, its new events under the ids of the expectations that they fulfil."""
    taken: set[str] = set()
    events: list[EventIntent] = []
    for one in intent.events:
        found = None if one.event_id is not None else _expected(one, relations, place, taken)
        taken.add(found.id if found is not None else "")
        # One that was settled by another event before keeps its id there.
        events.append(replace(one, fulfils=found.id) if found is not None and found.event_id is None else one)
    return replace(intent, events=tuple(events))


def settle(intent: IngestIntent, applied: Applied, relations: Relations, place: PlaceLookup) -> None:
    """Note for each event told what it fulfils, under its own id or another."""
    for one, event_id in zip(intent.events, applied.event_ids, strict=True):
        if one.role is Role.COPY:
            continue
        found = _expected(one, relations, place, ())
        if found is not None:
            relations.put_expectation(rules.settled(found, one.happening, event_id, intent.decided_at))


def _expected(told: EventIntent, relations: Relations, place: PlaceLookup, taken: Iterable[str]) -> Expectation | None:
    mine = with_seats(told.happening.participants, place)
    waiting = [one for one in relations.expectations(WAITING, mine) if one.id not in taken] if mine else []
    return rules.fulfilled_by(told.happening, waiting, place)
