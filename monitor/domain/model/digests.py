"""Subscriptions, digests and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.model.articles import Label
from monitor.domain.model.events import DateRange, EventChange, KnownEvent
from monitor.domain.model.health import HealthChange
from monitor.domain.model.partnerships import ContextKind, Expectation, PartnershipData
from monitor.domain.model.reports import ReportOrigin
from monitor.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Watch:
    """A user's interest; an empty field asks for nothing special, an all-empty watch wants everything."""

    key: str
    places: frozenset[str] = frozenset()  # place ids; a city's institutions count as the city
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    domestic: bool = False  # also relations inside one country
    context: bool = False  # also what happens at the places beside any relation: a new mayor, a disaster, an attack
    together: frozenset[str] = frozenset()  # place ids of a partnership, of which both sides take part


class ChannelKind(StrEnum):
    """The ways out."""

    EMAIL = "email"
    SLACK = "slack"
    CONSOLE = "console"
    WEBHOOK = "webhook"  # the digest as JSON, to an address of the operator's


@dataclass(frozen=True, slots=True)
class SubscriptionData:
    """Who receives which digest, as declared."""

    key: str
    channel: ChannelKind
    recipients: tuple[str, ...]  # addresses; for Slack and webhook the name of one; for console ("stdout",)
    schedule: str  # five-field cron in `time_zone`
    time_zone: str
    language: str
    watches: tuple[Watch, ...] = ()  # none: everything
    sign_of_life: bool = True  # weekly word when there is no news
    paused: bool = False


@dataclass(frozen=True, slots=True)
class SubscriptionForDigest:
    """A subscription with where its last digest ended."""

    id: int
    data: SubscriptionData
    last_seq: int  # the last change already told (or the log's end when it was created)
    last_composed_at: datetime | None
    due_at: datetime  # the scheduled moment being served
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReportLink:
    """An article as a digest shows it."""

    article_id: int
    title: str
    url: str
    source_name: str
    language: str | None
    published_on: date | None


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event with its changes inside the window."""

    event: KnownEvent
    changes: tuple[EventChange, ...]
    reports: tuple[ReportLink, ...]  # newest first, copies left out
    scope: str  # of its first report's assessment
    told_before: bool  # an earlier digest of this subscription told it, or its opening is before the window
    perhaps_same_as: str | None = None  # event id
    origins: tuple[ReportOrigin, ...] = ()  # of its articles, where it needs confirmation: how well it is attested


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An uncertain article."""

    article_id: int
    title: str
    url: str
    source_name: str
    language: str | None
    score: float


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A source that could not be checked in the window."""

    source_name: str
    outcome: Outcome
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was checked in the window, so that silence can be trusted."""

    sources: int  # followed, not paused
    checked: int  # at least one successful poll in the window
    failing: tuple[SourceTrouble, ...]
    articles: int  # articles judged in the window
    by_label: tuple[tuple[Label, int], ...]
    waiting: int  # entries whose page is still to be read
    quiet: int = 0  # sources with a feed that is quiet beyond its habit
    changes: tuple[HealthChange, ...] = ()  # the last turn of each feed's health in the window, oldest first


@dataclass(frozen=True, slots=True)
class ContextReport:
    """An article that tells what happens at a place beside any relation."""

    kind: ContextKind
    place_id: str
    report: ReportLink


@dataclass(frozen=True, slots=True)
class Lasting:
    """What lasts, as a digest looks at it: of the watched partnerships, and what is expected of everything known."""

    partnerships: tuple[PartnershipData, ...] = ()  # watched and in force
    trusted: frozenset[str] = frozenset()  # keys of those whose silence can be trusted
    untrusted: tuple[tuple[str, str], ...] = ()  # place ids, ours and the partner's, where it cannot
    last_told: Mapping[str, date] = field(default_factory=dict)  # by key: the last day anything of it happened
    proposed: tuple[PartnershipData, ...] = ()  # by the news, since the last digest
    expectations: tuple[Expectation, ...] = ()  # computed: open ones, and those settled of late
    context: tuple[ContextReport, ...] = ()  # since the last digest, newest first


@dataclass(frozen=True, slots=True)
class DigestMaterial:
    """Everything composing needs, loaded in one read."""

    subscription: SubscriptionForDigest
    to_seq: int
    events: tuple[ToldEvent, ...]
    expected: tuple[KnownEvent, ...]  # expectations whose window opens soon or has gone by
    review: tuple[ReviewItem, ...]
    coverage: Coverage
    lasting: Lasting = Lasting()


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One line of a digest, in the reader's language."""

    headline: str
    details: tuple[str, ...]
    reports: tuple[ReportLink, ...]
    event_id: str | None = None
    when: DateRange | None = None  # of the event, where the line tells one


@dataclass(frozen=True, slots=True)
class DigestSection:
    """A titled group of lines: new, developments, history, expectations, review, dormancy, context ..."""

    key: str
    title: str
    lines: tuple[DigestLine, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """The frozen message of one window."""

    subscription_id: int
    subscription_key: str
    language: str
    after_seq: int
    to_seq: int
    due_at: datetime  # the scheduled moment: names the window together with the subscription
    composed_at: datetime
    subject: str
    intro: str
    sections: tuple[DigestSection, ...]
    coverage: tuple[str, ...]  # sentences
    has_news: bool


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """One message of a digest on one channel, ready to hand over."""

    subject: str
    text: str
    html: str | None = None
    blocks: str | None = None  # JSON: an array of Slack blocks, or the document of a webhook


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"  # given up; shown


@dataclass(frozen=True, slots=True)
class DeliveryData:
    """A message on its way to one recipient; written with its digest in one commit."""

    key: str  # sha256 hex of subscription, window, channel, recipient, part: unique
    channel: ChannelKind
    recipient: str
    part: int
    message_id: str  # derived from the key, the same at every attempt
    content: RenderedPart


@dataclass(frozen=True, slots=True)
class DeliveryForSend:
    """A claimed delivery with its history."""

    id: int
    data: DeliveryData
    attempts: int
    first_attempt_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiving side took it."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """It was not taken, or the receipt was lost (`Outcome.UNKNOWN`)."""

    outcome: Outcome
    detail: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class DeliveryIntent:
    """What storage must write after an attempt."""

    delivery_id: int
    state: DeliveryState
    attempted_at: datetime
    next_at: datetime | None
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One attempt, told."""

    delivery_id: int
    channel: ChannelKind
    recipient: str
    state: DeliveryState
    outcome: Outcome
    detail: str
