"""Reads the story of an event from the archive."""

from __future__ import annotations

from monitor.domain import stories
from monitor.domain.model.events import KnownEvent
from monitor.domain.stories import StoryEvent
from monitor.ports import Archive, Gazetteer

MAX_OF_A_PLACE = 1_000  # events looked through for each participant, the newest
MAX_PARTICIPANTS = 8  # of a hub: the others' events are met through these


def story_of(event: KnownEvent, archive: Archive, gazetteer: Gazetteer) -> tuple[StoryEvent, ...]:
    """The other events of its story, in the order they happened."""
    places = sorted(event.participants)[:MAX_PARTICIPANTS]
    beside = [one for place_id in places for one in (*gazetteer.beside(place_id), *_seat(place_id, gazetteer))]
    found: dict[str, KnownEvent] = {}
    for place_id in dict.fromkeys([*places, *beside]):
        found |= {one.id: one for one in archive.events(MAX_OF_A_PLACE, place_id)}
    if event.part_of is not None and event.part_of not in found:
        found[event.part_of] = archive.event(event.part_of).event
    return stories.story_of(event, found.values(), gazetteer.place)


def _seat(place_id: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    entry = gazetteer.place(place_id)
    return (entry.seat_id,) if entry is not None and entry.seat_id is not None else ()
