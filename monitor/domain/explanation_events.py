"""The events that an article was linked to, and who had the last word about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from monitor.domain.decision_record import OPENS
from monitor.domain.explanation_phrases import quoted, with_likeness
from monitor.domain.explanation_telling import Telling
from monitor.domain.explanation_words import ANOTHER_ONE, DIFFERENCES
from monitor.domain.link_words import likeness_told
from monitor.domain.model.articles import Label, StageRecord
from monitor.domain.replaying import HELD

_COMPARED = re.compile(r"\((\d+) compared\)$")
_VERDICT = re.compile(r"verdict (\d+)(?: by (.+?))?(?: taken back by (.+))?")


def events(telling: Telling) -> tuple[str, ...]:
    """What it was linked to, and why."""
    told = tuple(chain.from_iterable(_event(telling, one) for one in telling.view.record if one.stage == "event"))
    if told or telling.view.label is not Label.EVENT:
        return told
    return (telling.wording.say("No event was linked: what it tells names too little to be told apart."),)


def _event(telling: Telling, stage: StageRecord) -> Iterable[str]:
    say, event = telling.wording.say, _named(telling, stage)
    likely = with_likeness(event, stage, telling.wording)
    if stage.result.startswith("no longer tells"):
        yield say("Since it was edited it no longer tells {event}; it was taken from that event.", event=event)
    elif stage.result == OPENS:
        yield _opened(telling, stage, event)
    elif stage.result.startswith("fits "):
        yield say("It fits the known event {event}, but is not linked, being no report of an event.", event=likely)
    elif "a copy of a report" in stage.detail:
        yield say("With its original it belongs to {event}.", event=event)
    elif stage.result.startswith("announces"):
        why = likeness_told(stage.detail, telling.wording)
        yield say("It announces the known event {event}: {why}.", event=likely, why=why)
    else:
        why = likeness_told(stage.detail, telling.wording)
        yield say("It tells the known event {event}: {why}.", event=likely, why=why)


def _named(telling: Telling, stage: StageRecord) -> str:
    return quoted(telling.headline(stage.neighbour), telling.wording) if stage.neighbour else ""


def _opened(telling: Telling, stage: StageRecord, event: str) -> str:
    say = telling.wording.say
    opens = say("It opens a new event") if telling.is_stored else say("It would open a new event")
    compared = _COMPARED.search(stage.detail)
    number = int(compared[1]) if compared else 0
    if "; nearest " in stage.detail:
        why = say(next((text for key, text in DIFFERENCES.items() if key in stage.detail), ANOTHER_ONE))
        return telling.wording.count(
            "{sentence}. The only known one there, {event}, {why}.",
            "{sentence}. The nearest of {n} known ones, {event}, {why}.",
            number,
            sentence=opens,
            event=event,
            why=why,
        )
    if stage.neighbour:
        likely = with_likeness(event, stage, telling.wording)
        return say("{sentence}, perhaps the same as {event}: a person is asked.", sentence=opens, event=likely)
    if number:
        return telling.wording.count(
            "{sentence}: the only known one does not share its places and date.",
            "{sentence}: none of {n} known ones shares its places and date.",
            number,
            sentence=opens,
        )
    return say("{sentence}: none is known there at that time.", sentence=opens)


def decision(telling: Telling) -> tuple[str, ...]:
    """Who had the last word, where it was not the assessment."""
    why, say = telling.last("label"), telling.wording.say
    verdict = _VERDICT.fullmatch(why)
    if verdict is not None:
        return (_said(telling, verdict[1], verdict[2], verdict[3]),)
    if why == "tells a known event":
        return (say("The assessment alone left it open; it is kept because it clearly tells a known event."),)
    if why == HELD:
        return (say("The assessment alone would not keep it; it is kept because a person shaped its event."),)
    return ()


def _said(telling: Telling, number: str, by: str | None, taken_back_by: str | None) -> str:
    say = telling.wording.say
    if taken_back_by:
        return say("{name} took verdict {verdict} back.", name=taken_back_by, verdict=number)
    if by:
        return say("{name} decided so (verdict {verdict}); the program obeys.", name=by, verdict=number)
    return say("A person decided so (verdict {verdict}); the program obeys.", verdict=number)
