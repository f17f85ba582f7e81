"""Asks the archive for events as a reader's filter means it."""

from __future__ import annotations

from monitor.domain.event_filters import query_of
from monitor.domain.model.event_search import EventFilter, EventQuery
from monitor.domain.model.events import KnownEvent
from monitor.domain.partnerships import with_seats
from monitor.domain.stories import StoryEvent, story_of
from monitor.errors import NotFound
from monitor.ports import Archive, Gazetteer

MAX_SIDES = 8  # participants of a hub whose relations are looked up
STORY_EVENTS = 50  # of a relation, the newest


def query_for(asked: EventFilter, gazetteer: Gazetteer) -> EventQuery:
    """The filter with the places that it means."""
    return query_of(asked, gazetteer.beside)


def members_of(partnership: str, archive: Archive) -> frozenset[str]:
    """The places of the partnership of that key; none for one that is not known."""
    try:
        return archive.partnership(partnership).participants if partnership else frozenset()
    except NotFound:
        return frozenset()


def story(event: KnownEvent, archive: Archive, gazetteer: Gazetteer) -> tuple[StoryEvent, ...]:
    """The events nearest to one, in the order they happened: what is part of it, its series, its relation."""
    places = sorted(with_seats(event.participants, gazetteer.place))[: 2 * MAX_SIDES]
    seats = [one for one in places if one not in event.participants] or places
    roots = [one for one in places if not _stands_for_another(one, seats, gazetteer)]
    sides = tuple(frozenset({one, *gazetteer.beside(one)}) for one in roots[:MAX_SIDES])
    return story_of(event, archive.around(event, sides, STORY_EVENTS), gazetteer.place)


def _stands_for_another(place_id: str, others: list[str], gazetteer: Gazetteer) -> bool:
    entry = gazetteer.place(place_id)
    return entry is not None and (entry.seat_id or entry.successor_id) in others
