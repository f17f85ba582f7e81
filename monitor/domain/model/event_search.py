"""What is asked of the archive's events, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.kind_families import KindFamily
from monitor.domain.model.articles import Span
from monitor.domain.model.events import EventStatus, KnownEvent, Role
from monitor.domain.model.sources import TextRights
from monitor.domain.model.views import ArticleRow


class Novelty(StrEnum):
    """How an event came to us."""

    NEW = "new"  # learnt from the news while we watched, or added by hand
    KNOWN = "known"  # told by a seed, or already there when its source was first polled


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a reader asks for, as it stands in an address and in a saved search; an empty field asks for nothing."""

    words: str = ""
    partnership: str = ""  # key
    place: str = ""  # id
    country: str = ""  # ISO 3166-1 alpha-2, upper case
    family: KindFamily | None = None
    language: str = ""  # of a report
    source: str = ""  # key
    since: date | None = None  # first day of the event
    until: date | None = None
    status: EventStatus | None = None
    novelty: Novelty | None = None


@dataclass(frozen=True, slots=True)
class EventQuery:
    """A filter with its places as ids of all that stands for them."""

    filter: EventFilter = EventFilter()
    place_ids: frozenset[str] = frozenset()  # one of them takes part or is host; empty: no matter


@dataclass(frozen=True, slots=True)
class EventCursor:
    """The last event of a page: the next page begins after it."""

    sort_on: date
    event_id: str

    def __str__(self) -> str:
        return f"{self.sort_on.isoformat()}.{self.event_id}"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in a list."""

    event: KnownEvent
    updated_at: datetime
    hit: ArticleRow | None = None  # the article of it that fits the words best


@dataclass(frozen=True, slots=True)
class Facets:
    """How many events, of those that were counted, each value of a field would leave; the most frequent first."""

    families: tuple[tuple[KindFamily, int], ...] = ()
    statuses: tuple[tuple[EventStatus, int], ...] = ()
    novelties: tuple[tuple[Novelty, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    countries: tuple[tuple[str, int], ...] = ()
    languages: tuple[tuple[str, int], ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    source_names: tuple[tuple[str, str], ...] = ()  # by key, of those that are still known


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, newest first."""

    rows: tuple[EventRow, ...]
    next: EventCursor | None = None  # None: this is the end, of the newest hits where words were asked for
    total: int = 0
    total_is_bound: bool = False  # True: at least `total`; the facets then count the newest `total` only
    facets: Facets = Facets()
    loose: tuple[ArticleRow, ...] = ()  # hits that belong to no event
    loose_total: int = 0
    older_hits: int | None = None  # words were found in more articles: ask for those below this id


@dataclass(frozen=True, slots=True)
class EventReport:
    """An article of an event with why it belongs to it and what in it tells the event, as stored: what may be shown
    of the evidence, `domain.rights` decides.
    """

    article_id: int
    title: str
    url: str
    source_name: str
    language: str | None
    published_on: date | None
    role: Role
    why: str
    score: float | None
    linked_at: datetime
    evidence: tuple[Span, ...] = ()
    text_rights: TextRights = field(default=TextRights())


@dataclass(frozen=True, slots=True)
class SavedSearchData:
    """A search that somebody keeps watching."""

    name: str
    filter: EventFilter
    owner: str  # the name of whose it is
    account_id: int | None  # with which it ends; None: there is none
    language: str  # in which its feeds speak
    token_sha: str  # recognises the secret of its feeds
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A kept search; `has_feeds`: its secret address works."""

    id: int
    data: SavedSearchData
    has_feeds: bool
    subscription_id: int | None = None  # its digest, where one is sent
