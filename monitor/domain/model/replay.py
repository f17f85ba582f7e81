"""Deciding stored articles anew: what is read again, and how the outcome differs from what stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.model.articles import ArticleData, CaptureData, EntryForIngest, Label, Origin, SourceContext
from monitor.domain.model.events import Role
from monitor.domain.model.review import ArticleLink


@dataclass(frozen=True, slots=True)
class RevisionForReplay:
    """One extraction of an article, with what deciding it anew needs."""

    id: int
    article_id: int
    number: int
    made_at: datetime  # also the `now` of its decision
    url: str
    url_key: str
    origin: Origin
    baseline: bool
    first_seen_at: datetime
    source: SourceContext  # as it stands now
    stored: ArticleData
    capture: CaptureData | None
    entry: EntryForIngest | None  # that led to it; None: it came another way, or the feed is gone
    label: Label  # of the article, as it stands
    held: tuple[ArticleLink, ...]  # to events that a person shaped: they stay as they are


@dataclass(frozen=True, slots=True)
class FormerEvent:
    """An event of the archive that the article opened or belongs to, under whose id it may open one again."""

    id: str
    role: Role | None  # as the article belongs to it now; None: it no longer does
    is_of_revision: bool  # opened by this very revision


@dataclass(frozen=True, slots=True)
class Relabelled:
    """An article whose label turns."""

    article_id: int
    title: str
    url: str
    before: Label
    after: Label


@dataclass(frozen=True, slots=True)
class Moved:
    """An article that tells other events than before."""

    article_id: int
    title: str
    before: tuple[str, ...]  # ids of events
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactTurn:
    """A fact of an event that changes."""

    event_id: str
    fact: str  # kinds, participants, host, when, status, ordinal, series
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How the archive would differ. Ids are the archive's; new events have the ids that they would get."""

    articles: int = 0  # compared
    events: int = 0  # live before or after
    reread: int = 0  # articles whose text comes out differently
    kept: int = 0  # articles that told an event and still do
    dropped: tuple[Relabelled, ...] = ()  # told an event, and would no longer
    newly_kept: tuple[Relabelled, ...] = ()
    relabelled: tuple[Relabelled, ...] = ()  # neither told nor tell one
    moved: tuple[Moved, ...] = ()  # tell an event before and after, but not the same
    merged: tuple[tuple[str, str], ...] = ()  # event, into which
    split: tuple[tuple[str, tuple[str, ...]], ...] = ()  # event, into which besides itself
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()  # left without a report
    facts: tuple[FactTurn, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether labels, events and their facts would stay as they are."""
        turns = (self.dropped, self.newly_kept, self.relabelled, self.moved, self.merged, self.split)
        return not any((*turns, self.opened, self.closed, self.facts))
