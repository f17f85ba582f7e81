"""A filter of events as the fields of an address, and back; and what its places stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from monitor.domain.kind_families import FAMILY_OF, KindFamily
from monitor.domain.model.digests import Watch
from monitor.domain.model.event_search import EventCursor, EventFilter, EventQuery, Novelty
from monitor.domain.model.events import EventStatus
from monitor.domain.text import clean_line

MAX_WORDS_CHARS = 400  # a pasted page is no search
MAX_KEY_CHARS = 200
_EVENT_ID = re.compile(r"[\w.+:-]{1,100}")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

Choice = TypeVar("Choice", bound=StrEnum)
Beside = Callable[[str], Iterable[str]]  # what stands for a place: see `Gazetteer.beside`


def filter_in(fields: Mapping[str, str]) -> EventFilter:
    """The filter that the fields of an address ask for; what cannot be understood asks for nothing (faults H19)."""
    return EventFilter(
        words=clean_line(fields.get("q", ""), MAX_WORDS_CHARS),
        partnership=clean_line(fields.get("partnership", ""), MAX_KEY_CHARS),
        place=clean_line(fields.get("place", ""), MAX_KEY_CHARS),
        country=_matching(_COUNTRY, fields.get("country", "")).upper(),
        family=_choice(KindFamily, fields.get("kind", "")),
        language=_matching(_LANGUAGE, fields.get("language", "")),
        source=clean_line(fields.get("source", ""), MAX_KEY_CHARS),
        since=_day(fields.get("since", "")),
        until=_day(fields.get("until", "")),
        status=_choice(EventStatus, fields.get("status", "")),
        novelty=_choice(Novelty, fields.get("novelty", "")),
    )


def fields_of(asked: EventFilter) -> dict[str, str]:
    """The fields of the filter's address; empty ones are left out."""
    said = {
        "q": asked.words,
        "partnership": asked.partnership,
        "place": asked.place,
        "country": asked.country,
        "kind": asked.family or "",
        "language": asked.language,
        "source": asked.source,
        "since": asked.since.isoformat() if asked.since else "",
        "until": asked.until.isoformat() if asked.until else "",
        "status": asked.status or "",
        "novelty": asked.novelty or "",
    }
    return {name: str(value) for name, value in said.items() if value}


def cursor_in(text: str) -> EventCursor | None:
    """The cursor in an address; None: there is none, or it is no cursor."""
    day, _, event_id = text.partition(".")
    found = _day(day)
    return EventCursor(found, event_id) if found is not None and _EVENT_ID.fullmatch(event_id) else None


def number_in(text: str) -> int | None:
    """A positive number that a database can hold; None: it is none."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 18 else None


def query_of(asked: EventFilter, beside: Beside) -> EventQuery:
    """What to ask the archive: a place stands with all beside it."""
    place_ids = frozenset({asked.place, *beside(asked.place)}) if asked.place else frozenset[str]()
    return EventQuery(asked, place_ids)


def watch_of(key: str, asked: EventFilter, members: Iterable[str]) -> Watch:
    """The watch that asks for what the filter asks for, as far as a watch can: not its days, status, source and
    novelty; words are then looked for in titles.
    """
    kinds = frozenset(kind.value for kind, family in FAMILY_OF.items() if family is asked.family)
    return Watch(
        key=key,
        places=frozenset({asked.place}) if asked.place else frozenset(),
        countries=frozenset({asked.country}) if asked.country else frozenset(),
        kinds=kinds,
        languages=frozenset({asked.language}) if asked.language else frozenset(),
        words=(asked.words,) if asked.words else (),
        domestic=True,
        together=frozenset(members),
    )


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _choice(kind: type[Choice], text: str) -> Choice | None:
    return kind(text) if text in {one.value for one in kind} else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
