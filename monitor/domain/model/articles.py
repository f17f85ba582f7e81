"""From the raw page to the decision about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.model.events import EventIntent, Facts, KnownEvent, Verdict
from monitor.domain.model.places import Mention, PlaceHit
from monitor.domain.model.reports import ReportOrigin
from monitor.domain.model.sources import FeedKind
from monitor.domain.outcomes import Outcome


class Origin(StrEnum):
    """How an article came into the archive."""

    FEED = "feed"
    SEED = "seed"
    FILE = "file"  # the stages on files, or added by hand


class TextPath(StrEnum):
    """Where an article's text was taken from, best first."""

    PAGE = "page"  # extracted from the article page
    FEED_CONTENT = "feed-content"
    FEED_SUMMARY = "feed-summary"
    TITLE_ONLY = "title-only"
    GIVEN = "given"  # the caller brought the text: files, seeds


class Label(StrEnum):
    """What an article is to us."""

    EVENT = "event"
    BACKGROUND = "background"
    IRRELEVANT = "irrelevant"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class EntryForIngest:
    """An entry with what its ingestion needs of feed and source."""

    id: int
    feed_id: int
    url: str | None
    title: str
    summary: str
    content: str
    author: str | None
    published_at: datetime | None
    language: str | None
    baseline: bool
    attempts: int  # earlier tries to reach the page
    refreshes: int  # earlier re-readings after success
    first_seen_at: datetime
    source_key: str
    source_name: str
    source_language: str | None
    source_country: str | None
    source_trust: int
    source_about_relations: bool
    source_tdm_licensed: bool = False
    source_place_id: str | None = None
    feed_kind: FeedKind = FeedKind.FEED  # what an `auto` feed turned out to be


@dataclass(frozen=True, slots=True)
class CaptureData:
    """The raw response of an article page: the row that refers to the stored bytes."""

    sha256: str
    url: str
    final_url: str
    content_type: str
    size_bytes: int
    fetched_at: datetime
    tdm_policy: str | None = None  # as in `Fetched`: "" where mining is reserved without a policy; None: not reserved


@dataclass(frozen=True, slots=True)
class ArticleData:
    """An article's text and facts about it, as extracted; all text cleaned."""

    title: str
    text: str  # paragraphs separated by "\n"
    path: TextPath
    author: str | None = None
    published_on: date | None = None
    published_at: datetime | None = None  # aware UTC, where the moment is known
    language: str | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    fallback: Outcome | None = None  # why the page itself was not used; None: it was
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractFailed:
    """A page without usable text, or one that killed its reader."""

    outcome: Outcome
    detail: str
    published_on: date | None = None  # as the page claims, all the same
    published_at: datetime | None = None  # aware UTC


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What is known of the publisher when its article is judged."""

    key: str
    language: str | None = None
    country: str | None = None
    trust: int = 1
    about_relations: bool = False
    place_id: str | None = None  # that it speaks for or reports on


@dataclass(frozen=True, slots=True)
class ArticleForDecision:
    """Everything the pure stages get to see of one article."""

    url: str
    url_key: str  # canonical spelling without scheme: the identity of the document
    title: str
    text: str
    language: str | None
    published_on: date | None  # the day the article speaks from; base of relative dates
    source: SourceContext
    hits: tuple[PlaceHit, ...]  # in `full_text`, by the gazetteer
    baseline: bool = False
    origin: Origin = Origin.FEED
    path: TextPath = TextPath.GIVEN
    fallback: Outcome | None = None  # why the page itself was not used; None: it was, or there is none
    notes: tuple[str, ...] = ()  # of the extraction
    author: str | None = None
    site_name: str | None = None

    @property
    def full_text(self) -> str:
        """Title and text in one: the coordinate system of every span of this article."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of evidence: characters [start, end) of the article's `full_text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an argument, with its evidence."""

    code: str  # fixed label, e.g. strong-cue, places-of-two-countries, domestic, negative-cue
    weight: float  # added to the score; 0: told, not counted
    detail: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether an article is about a relation between places, and why."""

    label: Label
    score: float  # in [0, 1]
    reasons: tuple[Reason, ...]
    scope: str  # international, domestic, village, university, multilateral, none
    rule_version: str
    event_score: float | None = None  # in [0, 1], that it tells an event; None: not asked, or read from the archive


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a text to recognise it again without keeping the text."""

    scheme: str  # names library, version, sizes: digests of different schemes are never compared
    text_sha: str  # sha256 of the folded text: equality is an exact duplicate
    shingles: int  # number of distinct shingles
    digest: tuple[int, ...]  # MinHash values, unsigned 32 bit; empty for texts too short to compare
    bands: tuple[int, ...]  # one signed 64-bit key a band, in order of the bands


class CopyKind(StrEnum):
    """How one text relates to another; never said of other texts on the same event."""

    SAME_TEXT = "same-text"
    NEAR_COPY = "near-copy"
    CONTAINED = "contained"  # one holds most of the other: truncation, injected tails


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of the archive that may be the same document or a copy."""

    id: int
    url_key: str
    title: str
    fingerprint: Fingerprint
    event_ids: tuple[str, ...]
    seed_key: str | None
    label: Label
    revision: int  # number of its latest revision
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class CopyOf:
    """The text relation to a known article."""

    article_id: int
    kind: CopyKind
    resemblance: float
    containment: float
    seed_key: str | None


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One stage of the decision record."""

    stage: str  # fetch, extract, language, places, relevance, happening, facts, duplicate, event, label
    result: str
    score: float | None = None
    threshold: float | None = None
    detail: str = ""
    neighbour: str | None = None  # article or event compared with
    spans: tuple[Span, ...] = ()
    rule_version: str = ""  # "": the stage has no rules of its own


@dataclass(frozen=True, slots=True)
class Understanding:
    """What can be said of an article without looking at the archive."""

    article: ArticleForDecision
    mentions: tuple[Mention, ...]
    assessment: Assessment
    facts: Facts
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class KnownQuery:
    """What the archive is asked before deciding; every field is answered by an index."""

    url_key: str
    scheme: str
    bands: tuple[int, ...]
    text_sha: str
    place_ids: frozenset[str]
    earliest_on: date | None  # window of event dates worth comparing; None: undated events only
    latest_on: date | None
    series_key: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The small slice of the archive that bears on one article."""

    same_url: KnownArticle | None = None
    neighbours: tuple[KnownArticle, ...] = ()  # share a band or the text_sha
    events: tuple[KnownEvent, ...] = ()  # share a participant or host and a date window; includes those of neighbours
    verdicts: tuple[Verdict, ...] = ()
    # Where the reports come from, by event; only of events that need confirmation.
    reports: Mapping[str, tuple[ReportOrigin, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IngestIntent:
    """What storage must write for one article, in one transaction: the decision of `decide.ingest`."""

    understanding: Understanding
    decided_at: datetime
    same_url_id: int | None  # the article this is a new revision of
    unchanged: bool  # same URL, same text: nothing new but the visit
    copy_of: CopyOf | None
    known_seed: str | None
    label: Label  # the assessment's, unless a verdict or a known seed overrules it
    events: tuple[EventIntent, ...]
    record: tuple[StageRecord, ...]
    refetch_after_days: int | None = None  # an event's article is read again
    released_event_ids: tuple[str, ...] = ()  # events that an earlier revision told and this one no longer does


@dataclass(frozen=True, slots=True)
class Applied:
    """What storage made of an intent."""

    article_id: int
    event_ids: tuple[str, ...]  # in the order of the intent's events
    revision: int


@dataclass(frozen=True, slots=True)
class EntryReport:
    """One ingestion, told."""

    entry_id: int
    url: str | None
    outcome: Outcome
    path: TextPath | None
    label: Label | None
    detail: str = ""
    article_id: int | None = None
    event_ids: tuple[str, ...] = field(default=())
