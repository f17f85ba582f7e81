"""Set the facts of an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from monitor.domain import event_facts, verdicts
from monitor.domain.model.events import VerdictKind
from monitor.domain.model.review import Effects, EventFacts, FactsChange, FactsEdit
from monitor.domain.text import MAX_TITLE_CHARS, clean_line
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.review.session import Corrected, Reviewing, correcting


def edit_event(
    event_id: str, edit: FactsEdit, by: str, now: datetime, reviewing: Reviewing, text: str = ""
) -> Corrected:
    """Set facts of an event; later reports do not move them. What stood there is kept with the verdict."""
    with correcting(reviewing, by, now) as session:
        event = session.store.event(event_id)
        after = _edited(event.facts, edit, reviewing)
        if after == event.facts:
            raise Refused(message("nothing is changed by that"))
        said = session.say(VerdictKind.EDIT, event_id=event.event.id, text=text)
        session.do(Effects(facts=(FactsChange(event.event.id, event.facts, after),)), said)
        session.log(event.event.id, *verdicts.edit_lines(event.facts, after, event.was_told))
        return session.finish(said, event.event.id)


def _edited(facts: EventFacts, edit: FactsEdit, reviewing: Reviewing) -> EventFacts:
    if edit.kinds == ():
        raise Refused(message("an event has at least one kind"))
    if edit.title is not None:
        edit = replace(edit, title=clean_line(edit.title, MAX_TITLE_CHARS))
    named = (edit.participants or frozenset()) | ({edit.host_id} if edit.host_id else frozenset())
    return event_facts.edited(facts, edit, countries_of(named, reviewing))


def countries_of(place_ids: Iterable[str], reviewing: Reviewing) -> frozenset[str]:
    """The countries of places that the gazetteer knows; raises `Refused` for others."""
    found = {one: reviewing.gazetteer.place(one) for one in place_ids}
    for place_id, place in found.items():
        if place is None:
            raise Refused(message("the gazetteer has no place with the id {place}"), place=repr(place_id))
    return frozenset(place.country for place in found.values() if place is not None and place.country)
