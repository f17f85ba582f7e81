"""What the API answers with, field by field: this is its contract. Fields are added, never changed or taken away."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from monitor.domain.kind_families import KindFamily
from monitor.domain.model.articles import Label
from monitor.domain.model.digests import ChannelKind, DeliveryState
from monitor.domain.model.events import ChangeKind, EventKind, EventOrigin, EventStatus, Precision, Role
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.partnerships import Basis, ClaimField, ExpectationState, PartnershipState, Stated
from monitor.domain.model.places import PlaceKind
from monitor.domain.model.sources import Rights
from monitor.domain.outcomes import Outcome

Day = date  # beside fields that are called so


class Answer(BaseModel):
    """Nothing but the declared fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldProblem(Answer):
    """One parameter that is wrong."""

    field: str
    detail: str


class Problem(Answer):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


class Place(Answer):
    """A place; `geonames_id` where GeoNames is known to have it."""

    id: str
    name: str
    country: str | None
    kind: PlaceKind | None
    geonames_id: int | None


class Dates(Answer):
    """First and last day, both included; of a month or a year, all its days."""

    starts_on: Day
    ends_on: Day
    precision: Precision
    is_inferred: bool = Field(description="Taken from the day of publication: the text names no day.")


class Report(Answer):
    """An article of an event, and why it belongs to it."""

    article_id: int
    url: str | None
    title: str
    source_name: str | None
    language: str | None
    published_on: Day | None
    role: Role
    why: str
    score: float | None
    evidence: list[str] = Field(description="Words of the article, as far as its source allows.")


class Event(Answer):
    """A dated happening in a relation between places. The id is permanent."""

    id: str
    page: str | None = Field(description="Address of its page, where the operator has set one.")
    headline: str
    kinds: list[EventKind]
    family: KindFamily | None
    status: EventStatus
    date: Dates | None
    participants: list[Place]
    host: Place | None
    edition: int | None
    series: str | None
    part_of: str | None
    origin: EventOrigin
    title: str
    people: list[str]
    languages: list[str]
    articles: int = Field(description="How many articles tell it, copies too.")
    first_seen_at: datetime | None
    updated_at: datetime


class Change(Answer):
    """One line of what was learnt when."""

    seq: int
    kind: ChangeKind
    at: datetime
    article_id: int | None
    before: str
    after: str


class WholeEvent(Event):
    """An event with its reports and its history."""

    reports: list[Report]
    merged_into: str | None = Field(description="The event that this one was found to be; null: it stands for itself.")
    changes: list[Change]


class Reason(Answer):
    """One step of a judgement."""

    code: str
    weight: float
    detail: str


class TextExtent(StrEnum):
    """How much of a text is there."""

    FULL = "full"
    QUOTE = "quote"
    NONE = "none"


class Article(Answer):
    """An article with as much of its text as its source allows."""

    id: int
    url: str | None
    title: str
    source: str | None
    source_name: str | None
    language: str | None
    author: str | None
    published_on: Day | None
    first_seen_at: datetime
    revision: int
    label: Label
    score: float
    scope: str
    rule_version: str
    reasons: list[Reason]
    event_ids: list[str]
    copy_of: int | None
    copy_kind: str | None
    rights: Rights
    text: str
    text_is: TextExtent


class Claim(Answer):
    """What one voice says of a partnership."""

    field: ClaimField
    value: str
    stated: Stated
    stated_by: str
    article_id: int | None
    is_confirmed: bool


class Agreement(Answer):
    """The document of a partnership."""

    key: str
    title: str
    grade: str | None
    signed_on: Day | None
    term_months: int | None
    ends_on: Day | None
    supersedes: str | None
    event_id: str | None


class Partnership(Answer):
    """A lasting relation between places."""

    key: str
    participants: list[Place]
    grade: str
    since: Day | None
    until: Day | None
    state: PartnershipState
    origin: Stated
    claims: list[Claim]
    agreements: list[Agreement]


class Expectation(Answer):
    """What known relations let expect: computed, announced by nobody."""

    id: str
    basis: Basis
    kinds: list[EventKind]
    participants: list[Place]
    date: Dates
    opens_on: Day
    closes_on: Day
    partnership: str | None
    series: str | None
    edition: int | None
    years: int | None
    state: ExpectationState
    event_id: str | None = Field(description="The event that settled it.")


class Feed(Answer):
    """How one polled address does. The address itself is for those who run the archive."""

    id: int
    kind: str
    health: FeedHealth
    health_since: datetime | None
    last_outcome: Outcome | None
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_at: datetime | None


class Source(Answer):
    """A publisher that is followed."""

    key: str
    name: str
    home_page: str | None
    language: str | None
    country: str | None
    rights: Rights
    is_paused: bool
    feeds: list[Feed]


class Deliveries(Answer):
    """How many of a digest's deliveries stand where; to whom is for those who run the archive."""

    state: DeliveryState
    count: int


class DigestRow(Answer):
    """A digest as it was sent."""

    id: int
    subscription: str
    channel: ChannelKind
    language: str
    subject: str
    items: int
    composed_at: datetime
    to_seq: int = Field(description="The last change of the event log that it looked at.")
    deliveries: list[Deliveries]


Item = TypeVar("Item", bound=Answer)


class Page(Answer, Generic[Item]):
    """A part of a list; `next` leads to the part that follows, null: this is the end."""

    items: list[Item]
    next: str | None = Field(description="Address of the next page, the same as in the Link header (RFC 8288).")


class EventPage(Page[Event]):
    """Events, newest first."""

    total: int = Field(description="How many there are, counted up to a bound.")
    total_is_bound: bool = Field(description="There are at least `total`.")
