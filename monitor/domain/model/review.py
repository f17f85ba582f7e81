"""What people correct: the subjects as they stand, what a correction changes, and what is shown of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.model.articles import Assessment, Label, Origin, Reason, SourceContext
from monitor.domain.model.events import DateRange, EventKind, EventStatus, KnownEvent, Role, Verdict
from monitor.domain.model.views import ArticleRow

# ---------------------------------------------------------------- subjects


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """That an article belongs to an event."""

    event_id: str
    article_id: int
    role: Role
    why: str
    score: float | None
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleStanding:
    """What is decided of an article."""

    id: int
    label: Label
    links: tuple[ArticleLink, ...]


@dataclass(frozen=True, slots=True)
class ArticleForReview:
    """An article with its latest revision, as a correction needs it."""

    standing: ArticleStanding
    url: str
    url_key: str
    title: str
    text: str
    language: str | None
    published_on: date | None
    first_seen_at: datetime
    baseline: bool
    origin: Origin
    source: SourceContext
    assessment: Assessment
    copies: tuple[ArticleStanding, ...]  # of this text, also copies of copies


@dataclass(frozen=True, slots=True)
class EventFacts:
    """All that an event's row says, so that a correction can be taken back field by field."""

    title: str
    kinds: tuple[EventKind, ...]
    participants: frozenset[str]
    host_id: str | None
    when: DateRange | None
    status: EventStatus
    date_inferred: bool = False
    yearless: DateRange | None = None
    ordinal: int | None = None
    series_key: str | None = None
    countries: frozenset[str] = frozenset()
    sentence: str = ""
    people: frozenset[str] = frozenset()  # folded
    numbers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    seed_key: str | None = None
    part_of: str | None = None
    pins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventForReview:
    """An event as a correction needs it."""

    event: KnownEvent
    facts: EventFacts
    links: tuple[ArticleLink, ...]
    was_told: bool  # a digest was written over a window with a change of it to announce
    is_audible: bool  # a change of it is, or was, to be announced


@dataclass(frozen=True, slots=True)
class FactsEdit:
    """What a person sets; None: left as it is."""

    title: str | None = None
    kinds: tuple[EventKind, ...] | None = None
    participants: frozenset[str] | None = None
    host_id: str | None = None
    when: DateRange | None = None
    status: EventStatus | None = None
    cleared: frozenset[str] = frozenset()  # of "host_id", "when": is not known


# ---------------------------------------------------------------- what a correction changes


@dataclass(frozen=True, slots=True)
class LabelChange:
    """An article's label."""

    article_id: int
    before: Label
    after: Label


@dataclass(frozen=True, slots=True)
class FactsChange:
    """An event's facts."""

    event_id: str
    before: EventFacts
    after: EventFacts


@dataclass(frozen=True, slots=True)
class Merged:
    """One event went into another."""

    event_id: str
    into: str


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a verdict changes. Whatever the news moved on meanwhile is left alone, forward and back."""

    labels: tuple[LabelChange, ...] = ()
    linked: tuple[ArticleLink, ...] = ()
    unlinked: tuple[ArticleLink, ...] = ()
    facts: tuple[FactsChange, ...] = ()
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()  # only while no article belongs to it
    shut: tuple[str, ...] = ()  # whatever belongs to it
    reopened: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()
    parted: tuple[Merged, ...] = ()  # no longer merged


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on relevance beside what the rules had said: what learning learns from."""

    is_relevant: bool
    rule_version: str
    label: Label  # the rules' own
    score: float  # of the rules alone, without what earlier verdicts added
    source_key: str
    codes: tuple[str, ...]  # of the reasons that were counted
    words: tuple[str, ...] = ()  # that made them count, folded


@dataclass(frozen=True, slots=True)
class Payload:
    """What is kept with a verdict."""

    effects: Effects = Effects()
    first_seq: int = 0  # its lines of the event-change log; 0: it wrote none
    last_seq: int = 0
    judged: Judged | None = None


# ---------------------------------------------------------------- what is shown


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """A verdict with what it changed and whether it still holds."""

    verdict: Verdict
    payload: Payload
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An article that a person should judge."""

    article: ArticleRow
    reasons: tuple[Reason, ...]
    assigned_to: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """An article that was judged irrelevant."""

    article: ArticleRow
    because: str  # see `domain.dropping`
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two events that may be one."""

    event: KnownEvent
    perhaps_same_as: KnownEvent
    why: str
    score: float | None
    assigned_to: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What waits for a person, newest first."""

    items: tuple[Uncertain | Pair, ...]
    next_after: str | None  # ask for what follows with it; None: this is the end
    total: int  # of all that waits, at most `MAX_COUNTED` of the storage


@dataclass(frozen=True, slots=True)
class RulePrecision:
    """How often people agreed with one label of one version of the rules."""

    rule_version: str
    label: Label
    confirmed: int
    rejected: int

    @property
    def precision(self) -> float:
        """Share of the judged that were confirmed, in [0, 1]."""
        return self.confirmed / max(1, self.confirmed + self.rejected)
