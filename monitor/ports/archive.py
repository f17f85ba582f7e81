"""Reading: the views of the archive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from monitor.domain.model.activity import Activity, ArticleText, Telling
from monitor.domain.model.articles import (
    Label,
)
from monitor.domain.model.audit import Archived, Ground, Passed, Retrospective
from monitor.domain.model.calendar import CalendarEvent
from monitor.domain.model.digest_views import DigestRow, SentDigest
from monitor.domain.model.digests import (
    ReportLink,
    SubscriptionData,
)
from monitor.domain.model.event_search import (
    EventCursor,
    EventPage,
    EventQuery,
    EventReport,
    EventRow,
)
from monitor.domain.model.events import (
    EventKind,
    KnownEvent,
    Person,
)
from monitor.domain.model.exports import ExportedArticle, ExportedEvent
from monitor.domain.model.partnerships import (
    AgreementData,
    Expectation,
    ExpectationState,
    PartnershipData,
    SeriesData,
)
from monitor.domain.model.review import (
    Dropped,
    ReviewPage,
    RulePrecision,
    VerdictRecord,
)
from monitor.domain.model.source_pages import FeedHistory, SourceListed, SourceState
from monitor.domain.model.today import Reach, ToldWindow, UpcomingDigest
from monitor.domain.model.views import (
    ArticleRow,
    ArticleView,
    DigestView,
    EventView,
    Health,
    Killer,
    RevisionView,
    SearchPage,
    SourceView,
    Vitals,
)


class Archive(Protocol):
    """Read-only views; each call is one short read transaction."""

    def review_queue(self, limit: int = 50, after: str | None = None) -> ReviewPage:
        """What waits for a person: uncertain articles and pairs of events that may be one, newest first, without
        what is handled, copies, and articles of a baseline. `after` is the `next_after` of the page before.
        """
        ...

    def dropped(self, limit: int = 50, because: str | None = None, before_id: int | None = None) -> tuple[Dropped, ...]:
        """What was judged irrelevant, newest first; `because` is a reason of `dropped_by_reason`."""
        ...

    def dropped_by_reason(self, up_to: int | None = None) -> tuple[tuple[str, int], ...]:
        """How many articles were dropped for each reason (see `domain.dropping`), the most frequent first; counted no
        further than `up_to`: then it is quick, however many there are.
        """
        ...

    def rule_precision(self) -> tuple[RulePrecision, ...]:
        """By version and label of the rules, how often people agreed with them."""
        ...

    def verdict(self, verdict_id: int) -> VerdictRecord:
        """Also one that was taken back; raises `NotFound`."""
        ...

    def latest_verdict(self) -> int:
        """The number of the last thing that anybody said, taken back or not; 0: nobody said anything."""
        ...

    def events_named(self, event_ids: Collection[str]) -> Mapping[str, KnownEvent]:
        """The events of these ids, of merged ones what they became, by the id asked for; unknown ones are left out."""
        ...

    def events_near(
        self, place_ids: Collection[str], day: date, within_days: int = 60, limit: int = 10
    ) -> tuple[KnownEvent, ...]:
        """Listed events in which any of these places has a part about that day, or on a day that nobody knows: those
        that share most of the places first, then the nearest in time.
        """
        ...

    def copies(self, article_id: int, limit: int = 50) -> tuple[ArticleRow, ...]:
        """Articles with nearly the same text: its original, the original's other copies, its own; oldest first."""
        ...

    def verdicts(
        self, limit: int = 50, article_id: int | None = None, event_id: str | None = None, before_id: int | None = None
    ) -> tuple[VerdictRecord, ...]:
        """What people said, newest first, also what was taken back; of an event also what was said of those that
        were merged into it. Not what only follows from another verdict.
        """
        ...

    def sources(self, *, counted: bool = True) -> tuple[SourceView, ...]:
        """All, by key; `counted`: with the number of their entries, which takes a look at each of them."""
        ...

    def source(self, key: str) -> SourceView:
        """Raises `NotFound`."""
        ...

    def source_index(self) -> tuple[SourceListed, ...]:
        """What all sources are found by, by key."""
        ...

    def source_states(self, keys: Collection[str]) -> tuple[SourceState, ...]:
        """The sources of these keys with the state of their feeds, in that order; unknown ones are left out."""
        ...

    def feed_histories(self, feed_ids: Collection[int], limit: int = 20) -> Mapping[int, FeedHistory]:
        """The latest polls and turns of health of each feed, the newest first."""
        ...

    def source_articles(self, key: str, limit: int = 50, before_id: int | None = None) -> tuple[ArticleRow, ...]:
        """Articles first found by that source, the newest first."""
        ...

    def events(
        self, limit: int = 50, place_id: str | None = None, include_merged: bool = False
    ) -> tuple[KnownEvent, ...]:
        """Newest first by date of the event, undated by when first seen."""
        ...

    def event(self, event_id: str) -> EventView:
        """Follows `merged_into` only in that `merged_into` is told; raises `NotFound`."""
        ...

    def find_events(
        self, query: EventQuery, limit: int = 25, after: EventCursor | None = None, hits_below: int | None = None
    ) -> EventPage:
        """Listed events that fit, newest first, with facets, counted up to 1,000. Where words are asked for: the events
        of the newest 1,000 articles that hold them, and hits of no event; `hits_below`: of articles with smaller ids.
        """
        ...

    def latest_events(self, query: EventQuery, limit: int = 50) -> tuple[EventRow, ...]:
        """Listed events that fit, those first that were learnt of last."""
        ...

    def exported_ids(self, query: EventQuery) -> tuple[str, ...]:
        """Ids of all listed events that fit, newest first: with words, of all articles that hold them."""
        ...

    def exported_events(self, ids: Sequence[str]) -> tuple[ExportedEvent, ...]:
        """The events of these ids, at most 1,000, in this order, with their first 200 reports as stored; those that are
        no longer listed are left out.
        """
        ...

    def exported_articles(self, ids: Sequence[int]) -> tuple[ExportedArticle, ...]:
        """The articles of these ids, at most 1,000, by id, with their texts as stored; unknown ones are left out."""
        ...

    def log_end(self) -> int:
        """The number of the latest line of the event-change log; 0: there is none."""
        ...

    def event_reports(self, event_id: str, limit: int = 200) -> tuple[EventReport, ...]:
        """The first articles of an event with why they belong to it and their evidence as stored: whoever shows it
        asks `domain.rights`. None for an event that does not exist.
        """
        ...

    def around(self, event: KnownEvent, sides: Sequence[frozenset[str]], limit: int = 50) -> tuple[KnownEvent, ...]:
        """Listed events that may belong to the story of one: its parts and whole, its series, and those in which two
        of the sides take part; the newest of each.
        """
        ...

    def article(self, article_id: int) -> ArticleView:
        """As stored: whoever shows it asks `domain.rights` how much of its text. Raises `NotFound`."""
        ...

    def article_by_url(self, url_key: str) -> ArticleView:
        """Raises `NotFound`."""
        ...

    def revisions(self, article_id: int) -> tuple[RevisionView, ...]:
        """The revisions of an article, oldest first, as stored; raises `NotFound`."""
        ...

    def articles(self, limit: int = 50, label: Label | None = None, since_id: int = 0) -> tuple[ArticleRow, ...]:
        """Newest first."""
        ...

    def search(self, query: str, limit: int = 20) -> SearchPage:
        """Full text over title and text, any script, accents and case ignored; `word*` is a prefix from three
        characters, "..." a phrase; several words must all be there.
        """
        ...

    def seeds(self) -> tuple[tuple[str, str, str], ...]:
        """(key, label, title) of the loaded seeds."""
        ...

    def partnerships(self) -> tuple[PartnershipData, ...]:
        """All, also those that have ended, are only proposed or were declined; by key."""
        ...

    def agreements(self, partnership_key: str | None = None) -> tuple[AgreementData, ...]:
        """Those of a partnership, or all, by the day they were signed."""
        ...

    def series(self, key: str | None = None) -> tuple[SeriesData, ...]:
        """The one of that key, or all, with members and editions."""
        ...

    def expectations(
        self, states: Collection[ExpectationState] | None = None, place_ids: Collection[str] | None = None
    ) -> tuple[Expectation, ...]:
        """Computed ones in these states (None: any) of these places (None: any), by the day they close."""
        ...

    def announced(self, now: datetime, limit: int = 200) -> tuple[KnownEvent, ...]:
        """Events that articles announced and that are neither reported nor over for long, by date."""
        ...

    def events_of(self, place_ids: Collection[str]) -> tuple[KnownEvent, ...]:
        """Live events in which any of these places takes part, newest first."""
        ...

    def partnerships_of(self, place_ids: Collection[str]) -> tuple[PartnershipData, ...]:
        """Those with a member among these places, in whatever state, by key."""
        ...

    def partnership(self, key: str) -> PartnershipData:
        """In whatever state it is; raises `NotFound`."""
        ...

    def partnership_events(self, key: str, limit: int = 500) -> tuple[KnownEvent, ...]:
        """The live events of a partnership, newest first: those in which two of its sides take part, in person or
        through what stands for them.
        """
        ...

    def activities(self, today: date) -> Mapping[str, Activity]:
        """By key of the partnership what is known to have happened by `today`; those without events are left out."""
        ...

    def kinds_in_year(self, year: int) -> Mapping[str, Mapping[EventKind, int]]:
        """By key of the partnership how many events of which main kind took place in a year."""
        ...

    def partnerships_state(self) -> str:
        """Changes whenever a partnership does; cheap."""
        ...

    def relations_state(self) -> str:
        """Changes whenever events, partnerships, expectations or the health of sources do; cheap."""
        ...

    def tellings(self, event_ids: Sequence[str]) -> tuple[Telling, ...]:
        """The articles of these events that have an address, copies too, newest first."""
        ...

    def report_links(self, article_ids: Collection[int]) -> Mapping[int, ReportLink]:
        """How to name these articles, also seeds; unknown ones are left out."""
        ...

    def texts(self, article_ids: Sequence[int]) -> tuple[ArticleText, ...]:
        """The latest texts of these articles, at most 50; for rules to read again, never to be shown."""
        ...

    def seed_people(self, keys: Collection[str]) -> Mapping[str, tuple[Person, ...]]:
        """Whom these seeds name, by key of the seed."""
        ...

    def seed_links(self, keys: Collection[str]) -> Mapping[str, ReportLink]:
        """How to name the documents that these seeds stand for, by key of the seed."""
        ...

    def series_named(self, keys: Collection[str]) -> tuple[SeriesData, ...]:
        """Those of these keys, with members and editions."""
        ...

    def calendar_events(self, first: date, last: date) -> tuple[CalendarEvent, ...]:
        """Events of these days that are or were announced, by day: also what was called off, and what has come since;
        undated ones are left out.
        """
        ...

    def retrospectives(self, after_id: int = 0, limit: int = 200) -> tuple[Retrospective, ...]:
        """Articles that look back, with their text: background, anniversaries, yearly reports; by id, without copies
        and seeds.
        """
        ...

    def archived_events(self, place_ids: Collection[str], first: date, last: date) -> tuple[Archived, ...]:
        """Events in which any of these places takes part and that overlap the days, also merged and closed ones."""
        ...

    def passed_over(self, place_ids: Collection[str], first: date, last: date) -> tuple[Passed, ...]:
        """Articles published in these days, and seen soon after, that name any of the places and told no event."""
        ...

    def audit_ground(self) -> Ground:
        """Since when articles are read, and from whom."""
        ...

    def digests(self, limit: int = 20) -> tuple[DigestView, ...]:
        """Newest first."""
        ...

    def digest_history(
        self, limit: int = 25, before_id: int | None = None, with_empty: bool = False
    ) -> tuple[DigestRow, ...]:
        """Newest first, with what became of their deliveries; `with_empty`: also the moments at which there was nothing
        to say. `before_id`: only older ones.
        """
        ...

    def sent_digest(self, digest_id: int) -> SentDigest:
        """As it was frozen, with its deliveries; raises `NotFound`, also for a moment with nothing to say."""
        ...

    def upcoming_digests(self) -> tuple[UpcomingDigest, ...]:
        """Subscriptions that are not paused, those first that are due first."""
        ...

    def told_since(self, since: datetime) -> ToldWindow:
        """Events with what was learnt of them since a moment and is to be told, as digests tell it; bounded."""
        ...

    def told_after(self, after_seq: int) -> ToldWindow:
        """The same after a line of the event-change log."""
        ...

    def expected_between(self, first: date, last: date) -> tuple[Expectation, ...]:
        """Open computed expectations of these days, by day; bounded."""
        ...

    def reach(self, since: datetime, now: datetime) -> Reach:
        """What was read since a moment, and how the sources do now."""
        ...

    def subscriptions(self) -> tuple[tuple[int, SubscriptionData], ...]:
        """All with their ids, by key."""
        ...

    def killers(self, limit: int = 100) -> tuple[Killer, ...]:
        """Documents that killed a child, the latest first."""
        ...

    def health(self, now: datetime) -> Health:
        """What `doctor` tells."""
        ...

    def vitals(self, now: datetime) -> Vitals:
        """Numbers for metrics; cheap however large the archive."""
        ...
