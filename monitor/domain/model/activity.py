"""How much goes on in partnerships, and who told what of it: rows that pages count and draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.domain.model.digests import ReportLink
from monitor.domain.model.events import EventKind, EventStatus
from monitor.domain.model.places import Mention


@dataclass(frozen=True, slots=True)
class EventPresence:
    """That a place takes part in a live event, with as much of the event as counting needs."""

    event_id: str
    place_id: str
    starts_on: date | None
    ends_on: date | None
    status: EventStatus
    kind: EventKind  # the main one


@dataclass(frozen=True, slots=True)
class Activity:
    """What is known to have happened in one partnership."""

    last_on: date | None = None
    events: int = 0  # all that happened, also undated ones
    by_year: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Telling:
    """One article that tells of an event, and for whom its source speaks."""

    event_id: str
    report: ReportLink
    source_key: str | None
    trust: int | None  # of its source: 2 official, 1 press, 0 searches; None: the source is no longer known
    place_id: str | None  # what its source speaks for or reports on
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as a rule needs it that reads it again; not for showing."""

    article_id: int
    title: str
    text: str
    language: str | None
    published_on: date | None
    mentions: tuple[Mention, ...]
    report: ReportLink


@dataclass(frozen=True, slots=True)
class PersonInOffice:
    """Somebody as a report last named them in an office."""

    name: str
    office: str  # as the report writes it
    report: ReportLink
    language: str | None = None  # of the office
