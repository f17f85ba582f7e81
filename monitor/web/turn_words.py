"""What an edit changed in the decision about an article, in a visitor's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce

from monitor.domain.decision_record import OPENS
from monitor.domain.explanation_phrases import when_told
from monitor.domain.model.articles import Label
from monitor.domain.model.events import EventKind, EventStatus, Role
from monitor.domain.revision_diff import Turn
from monitor.domain.wording import KIND_WORDS, STATUS_WORDS, Wording, message
from monitor.web.review_words import LABEL_WORDS, ROLE_WORDS

_NAMES = {
    "label": message("Decided"),
    "language": message("Language"),
    "published": message("Published"),
    "score": message("Score"),
    "places": message("Places"),
    "kinds": message("Kinds"),
    "status": message("Status"),
    "when": message("Date"),
    "participants": message("Participants"),
    "host": message("Held in"),
    "edition": message("Edition"),
    "series": message("Series"),
    "events": message("Events"),
}
_ROLE = re.compile(r"(\w+) of (\S+)")
_FITS = re.compile(r"fits (\S+), not linked as \w+")
_RELEASED = re.compile(r"no longer tells (\S+)")


def turn_told(turn: Turn, wording: Wording) -> tuple[str, str, str]:
    """What changed, what it was and what it is; "" where there was nothing."""
    name = wording.say(_NAMES[turn.what]) if turn.what in _NAMES else turn.what
    tell = _TELLERS.get(turn.what)
    before, after = ((tell(one, wording) if tell and one else one) for one in (turn.before, turn.after))
    return name, before, after


def _places(ids: str, wording: Wording) -> str:
    return wording.join([wording.place(one) for one in re.split(r"[, ]+", ids) if one])


def _events(results: str, wording: Wording) -> str:
    told = [_event(one, wording) for one in results.split("; ")]
    return reduce(lambda first, second: wording.say("{first}; {second}", first=first, second=second), told)


def _event(result: str, wording: Wording) -> str:
    if result == OPENS:
        return wording.say("opens a new event")
    if (found := _FITS.fullmatch(result)) is not None:
        return wording.say("fits the event {id}, not linked to it", id=found[1])
    if (found := _RELEASED.fullmatch(result)) is not None:
        return wording.say("no longer tells the event {id}", id=found[1])
    found = _ROLE.fullmatch(result)
    if found is None or found[1] not in list(Role):
        return result
    return wording.say("{head}: {facts}", head=wording.say(ROLE_WORDS[Role(found[1])]), facts=found[2])


_TELLERS: Mapping[str, Callable[[str, Wording], str]] = {
    "label": lambda value, wording: wording.say(LABEL_WORDS[Label(value)]),
    "language": lambda value, wording: wording.language_name(value),
    "published": lambda value, wording: wording.day(date.fromisoformat(value)),
    "score": lambda value, wording: wording.number(float(value), 2),
    "places": _places,
    "participants": _places,
    "host": _places,
    "kinds": lambda value, wording: wording.join([wording.say(KIND_WORDS[EventKind(one)]) for one in value.split()]),
    "status": lambda value, wording: wording.say(STATUS_WORDS[EventStatus(value)]),
    "when": when_told,
    "events": _events,
}
