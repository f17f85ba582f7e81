"""The calendar: what is announced and what is reckoned with, each thing once and under the id it keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from monitor.domain.digest_relations import expectation_headline, reckoned_because
from monitor.domain.headline import headline
from monitor.domain.model.calendar import CalendarEntry, CalendarEvent, CalendarState
from monitor.domain.model.events import EXPECTED, EventStatus
from monitor.domain.model.partnerships import Expectation, ExpectationState
from monitor.domain.model.places import PlaceLookup
from monitor.domain.months import months_after
from monitor.domain.wording import STATUS_WORDS, Wording

MONTHS_AHEAD = 24
# What went by or was called off stays so long: a calendar program that is rarely opened must hear of it.
KEPT_DAYS = 60

_TENTATIVE = frozenset({EventStatus.PROPOSED, EventStatus.POSTPONED})
_GONE = frozenset({ExpectationState.MISSED, ExpectationState.WITHDRAWN})


def window(today: date) -> tuple[date, date]:
    """First and last day of the calendar."""
    return today - timedelta(days=KEPT_DAYS), months_after(today, MONTHS_AHEAD)


def entries(
    events: Iterable[CalendarEvent],
    expectations: Iterable[Expectation],
    today: date,
    wording: Wording,
    place: PlaceLookup,
) -> tuple[CalendarEntry, ...]:
    """All entries of the window by date; a computed one whose event is announced is told by that event alone."""
    events = tuple(events)
    known = {one.event.id for one in events}
    found = [*_announced(events, wording, place), *_computed(expectations, known, wording, place)]
    first, last = window(today)
    inside = (one for one in found if one.when.ends_on >= first and one.when.starts_on <= last)
    return tuple(sorted(inside, key=lambda one: (one.when.starts_on, one.when.ends_on, one.id)))


def ahead(entries: Iterable[CalendarEntry], today: date) -> tuple[CalendarEntry, ...]:
    """Those that are not over and still to be expected."""
    return tuple(one for one in entries if one.when.ends_on >= today and one.state is not CalendarState.OFF)


def concerning(entries: Iterable[CalendarEntry], place_ids: Collection[str]) -> tuple[CalendarEntry, ...]:
    """Those in which any of these places takes part."""
    wanted = frozenset(place_ids)
    return tuple(one for one in entries if not wanted.isdisjoint(one.participants))


def announced_entries(
    events: Iterable[CalendarEvent], wording: Wording, place: PlaceLookup
) -> tuple[CalendarEntry, ...]:
    """Events as entries, in the order given; those without a date are left out."""
    return tuple(_announced(events, wording, place))


def _announced(events: Iterable[CalendarEvent], wording: Wording, place: PlaceLookup) -> Iterator[CalendarEntry]:
    for one in events:
        event = one.event
        if event.when is None:
            continue
        status = wording.say(STATUS_WORDS[event.status])
        yield CalendarEntry(
            id=event.id,
            summary=headline(event, wording, place),
            details=(wording.say("Status: {status}", status=status),),
            when=event.when,
            state=_state(event.status),
            is_computed=False,
            changes=one.changes,
            changed_at=one.updated_at,
            place=wording.place(event.host_id) if event.host_id is not None else "",
            participants=event.participants,
        )


def _state(status: EventStatus) -> CalendarState:
    if status in _TENTATIVE:
        return CalendarState.TENTATIVE
    return CalendarState.FIRM if status in EXPECTED or status is EventStatus.HAPPENED else CalendarState.OFF


def _computed(
    expectations: Iterable[Expectation], known: Collection[str], wording: Wording, place: PlaceLookup
) -> Iterator[CalendarEntry]:
    for one in expectations:
        # Settled under its own id it is that event; one that came true under another id is called off in its place.
        if one.id in known or one.event_id == one.id:
            continue
        is_off = one.state in _GONE or one.event_id is not None
        expected = one.expected
        yield CalendarEntry(
            id=one.id,
            summary=expectation_headline(one, wording, place),
            details=(_why_off(one, wording),) if is_off else reckoned_because(one, wording),
            when=expected.when,
            state=CalendarState.OFF if is_off else CalendarState.TENTATIVE,
            is_computed=True,
            changes=0 if one.settled_at is None else 1,
            changed_at=one.settled_at or one.computed_at,
            has_page=False,
            participants=expected.participants,
            partnership_key=expected.partnership_key,
        )


def _why_off(expectation: Expectation, wording: Wording) -> str:
    if expectation.event_id is not None:
        if expectation.state is ExpectationState.SLIPPED:
            return wording.say("It came at another time and stands in the calendar under its own date.")
        return wording.say("It was announced and stands in the calendar under its own date.")
    if expectation.state is ExpectationState.MISSED:
        return wording.say("No report of it was found in its time.")
    return wording.say("What it was reckoned from no longer holds.")
