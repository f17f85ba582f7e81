"""What leaves the archive as data: what is read for it, and what a file of it consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from monitor.domain.model.articles import Label, Reason
from monitor.domain.model.event_search import EventReport
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.sources import TextRights

Record = Mapping[str, Any]  # of plain values: what stands in a line of JSON


class ExportWhat(StrEnum):
    """Of what a file is made."""

    EVENTS = "events"
    ARTICLES = "articles"
    PARTNERSHIPS = "partnerships"


class ExportForm(StrEnum):
    """As what it is written; a package holds all three, whatever was asked for."""

    CSV = "csv"
    JSONL = "jsonl"
    ATOM = "atom"
    ICS = "ics"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class ExportedEvent:
    """An event with the reports that tell it, as stored: `domain.rights` decides what of their text goes out."""

    event: KnownEvent
    updated_at: datetime
    reports: tuple[EventReport, ...]


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """An article with its latest text and decision, as stored: `domain.rights` decides what of its text goes out."""

    id: int
    url: str
    title: str
    text: str
    language: str | None
    author: str | None
    published_on: date | None
    first_seen_at: datetime
    source_key: str | None
    source_name: str | None
    label: Label
    score: float
    scope: str
    rule_version: str
    reasons: tuple[Reason, ...]
    revision: int
    copy_of_id: int | None
    copy_kind: str | None
    event_ids: tuple[str, ...]
    text_rights: TextRights


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: `path` leads to its value in a record, `type` is a word of Frictionless Table Schema."""

    name: str
    type: str
    description: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageTable:
    """A table of a package: the same rows as lines of CSV and as lines of JSON."""

    name: str
    header: bytes  # of the CSV
    lines: Iterator[tuple[bytes, bytes]]  # (CSV, JSON) of each row


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file that went into a package."""

    name: str
    size_bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Versions:
    """What the data were made by: with the same software, places and words the same texts are judged the same."""

    software: str
    gazetteer: str  # sha256 of what the places are made from
    lexicon: str  # sha256 of the cue words
    rules: Mapping[str, str]  # by stage


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What a package says of itself."""

    created_at: datetime
    versions: Versions
    fields: Mapping[str, str]  # of the filter, as in an address
    first_seq: int  # where the event-change log stood when it was begun ...
    last_seq: int  # ... and when its tables were done: the same, unless the archive was written to meanwhile
    files: Sequence[PackedFile]
    base_url: str = ""
