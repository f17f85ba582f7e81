"""What people and programs are shown of the archive: read-only rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.model.articles import Assessment, CaptureData, Label, StageRecord, TextPath
from monitor.domain.model.digests import DeliveryState, ReportLink
from monitor.domain.model.events import EventChange, KnownEvent
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.places import Mention
from monitor.domain.model.reports import ReportOrigin
from monitor.domain.model.sources import DEFAULT_QUOTE_CHARS, TextRights
from monitor.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed's health."""

    id: int
    url: str
    kind: str
    found_kind: str | None
    last_outcome: Outcome | None
    last_detail: str
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_at: datetime | None
    failures: int
    entries: int
    moved_to: str | None
    health: FeedHealth = FeedHealth.NEW
    health_since: datetime | None = None
    interval_min: float | None = None  # learned; None: not yet
    max_pages: int = 1
    link_selector: str | None = None
    link_pattern: str | None = None


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its feeds."""

    key: str
    name: str
    home_page: str | None
    language: str | None
    country: str | None
    trust: int
    rights: str
    paused: bool
    declared_by: str  # config, cli, opml
    feeds: tuple[FeedView, ...]
    quote_chars: int = DEFAULT_QUOTE_CHARS
    tdm_licensed: bool = False
    place_id: str | None = None
    about_relations: bool = False


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with its latest revision and decision, as stored: what may be shown of it, `rights` decides."""

    id: int
    url: str
    title: str
    text: str
    language: str | None
    author: str | None
    site_name: str | None
    published_on: date | None
    path: TextPath
    fallback: Outcome | None
    revision: int
    origin: str
    source_key: str | None
    source_name: str | None
    first_seen_at: datetime
    label: Label
    copy_of_id: int | None
    copy_kind: str | None
    known_seed: str | None
    assessment: Assessment
    mentions: tuple[Mention, ...]
    record: tuple[StageRecord, ...]
    event_ids: tuple[str, ...]
    capture: CaptureData | None
    text_rights: TextRights = TextRights()  # noqa: RUF009 - frozen value; `rights.shown_article` obeys it


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One extraction of an article with what was decided of it, as stored."""

    number: int  # from 1
    made_at: datetime
    title: str
    text: str
    language: str | None
    published_on: date | None
    path: TextPath
    fallback: Outcome | None
    label: Label
    record: tuple[StageRecord, ...]
    changes: tuple[EventChange, ...]  # lines that this revision wrote to the event-change log


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list."""

    id: int
    url: str
    title: str
    source_name: str | None
    language: str | None
    published_on: date | None
    first_seen_at: datetime
    label: Label
    score: float
    snippet: str = ""  # matched text, plain, hits between U+2068 and U+2069
    marked_title: str = ""  # of a hit: the title with its hits marked likewise
    copy_of_id: int | None = None
    known_seed: str | None = None
    text_rights: TextRights = TextRights()  # noqa: RUF009 - frozen value; `rights.shown_row` obeys it


@dataclass(frozen=True, slots=True)
class EventView:
    """An event with its articles and the log of what was learnt when."""

    event: KnownEvent
    merged_into: str | None
    reports: tuple[ReportLink, ...]
    copies: tuple[ReportLink, ...]
    changes: tuple[EventChange, ...]
    why: tuple[str, ...]  # why each report was linked, in order of `reports`
    origins: tuple[ReportOrigin, ...] = ()  # of all its articles, in the order they were read


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest as sent."""

    id: int
    subscription_key: str
    subject: str
    composed_at: datetime
    after_seq: int
    to_seq: int
    deliveries: tuple[tuple[str, DeliveryState, str], ...]  # recipient, state, last detail


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Hits, newest first."""

    rows: tuple[ArticleRow, ...]
    total: int
    total_is_bound: bool  # True: "at least `total`"


@dataclass(frozen=True, slots=True)
class QueueState:
    """How much waits in a queue."""

    stage: str
    due: int
    waiting: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedProblem:
    """A feed whose health is not what it should be."""

    source_key: str
    url: str
    health: FeedHealth
    since: datetime | None
    outcome: Outcome | None  # of the last poll
    detail: str
    moved_to: str | None


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is measured all the time: cheap to read, however large the archive."""

    feeds_by_health: tuple[tuple[FeedHealth, int], ...]
    last_success: tuple[tuple[str, datetime | None], ...]  # followed sources by key; None: never read
    queues: tuple[QueueState, ...]
    deliveries: tuple[tuple[DeliveryState, int], ...]
    oldest_pending_at: datetime | None  # when the oldest pending delivery was composed
    kills: tuple[tuple[Outcome, int], ...]  # children that documents killed


@dataclass(frozen=True, slots=True)
class Killer:
    """A document that killed children who read it."""

    sha256: str
    task: str  # parse, extract
    url: str  # where it was last met
    kills: int
    is_quarantined: bool  # never given to a child again
    outcome: Outcome  # of the last time
    detail: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """What `doctor` tells."""

    database: str
    schema_revision: str
    queues: tuple[QueueState, ...]
    articles: int
    events: int
    dead_deliveries: int
    feeds_by_outcome: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()  # e.g. an SQLite version inside the WAL-reset bug's range
    feeds_by_health: tuple[tuple[FeedHealth, int], ...] = ()
    problems: tuple[FeedProblem, ...] = ()  # feeds that need a look, by source
    quarantined: int = 0  # documents that are never given to a child again
