"""What the audit of the archive works on and finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.completeness import Completeness
from monitor.domain.model.articles import Label
from monitor.domain.model.events import DateRange, EventKind, KnownEvent


@dataclass(frozen=True, slots=True)
class Retrospective:
    """A text that looks back: an article of the archive, or a document that a person brought."""

    article_id: int | None  # None: it is not of the archive
    url: str
    title: str
    text: str
    language: str | None
    published_on: date | None


@dataclass(frozen=True, slots=True)
class Naming:
    """Where a past event is named."""

    article_id: int | None
    url: str
    title: str
    sentence: str
    start: int  # of the date, in characters of title and text
    end: int


class Cause(StrEnum):
    """Why the archive does not know an event, the surest first."""

    MERGED = "merged"  # its event went into another one that is not like it
    DISMISSED = "dismissed"  # its event was closed: no report was left of it
    JUDGED_IRRELEVANT = "judged-irrelevant"  # an article that may have told it was dropped or left uncertain
    BEFORE_ARCHIVE = "before-archive"  # it happened before anything was read
    NO_SOURCE = "no-source"  # nothing that speaks for or reports on either place was followed then
    FETCH_FAILED = "fetch-failed"  # what was followed could not be read then
    NOT_REPORTED = "not-reported"  # sources were read, and none is known to have told it


@dataclass(frozen=True, slots=True)
class Trouble:
    """That a feed of a source could not be read from a day on."""

    since: date
    until: date | None  # None: still
    health: str


@dataclass(frozen=True, slots=True)
class SourceThen:
    """A source with what its past says of its reach."""

    key: str
    name: str
    place_id: str | None
    added_on: date
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What bears on why something was missed."""

    began_on: date | None  # since when articles are read; None: none was
    sources: tuple[SourceThen, ...]


@dataclass(frozen=True, slots=True)
class Archived:
    """An event of the archive, also one that was merged or closed."""

    event: KnownEvent
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class Passed:
    """An article that was not taken for an event although it names the places in those days."""

    article_id: int
    url: str
    title: str
    label: Label
    published_on: date | None
    place_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A past event that retrospectives name, with what the archive knows of it."""

    participants: frozenset[str]
    kinds: tuple[EventKind, ...]
    when: DateRange
    namings: tuple[Naming, ...]  # never empty
    event_id: str | None = None  # of the archive; None: missed
    cause: Cause | None = None  # of a missed one
    detail: str = ""  # names the article, event or source that the cause rests on


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found."""

    read: int  # retrospectives
    began_on: date | None
    found: tuple[Recalled, ...]  # by date
    missed: tuple[Recalled, ...]
    completeness: Completeness | None  # since the archive began; None: too few events for an estimate
    recalled_since: int  # how many of the events happened since then
