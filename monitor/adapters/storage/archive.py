"""Read-only views of the archive, each call one short transaction on one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Connection

from monitor.adapters.storage import (
    article_views,
    audit_views,
    digest_views,
    event_reports,
    event_search,
    expectations,
    export_views,
    health,
    material,
    partnerships,
    quarantine,
    relation_views,
    review_candidates,
    review_views,
    series,
    source_views,
    today_views,
    verdicts,
    views,
)
from monitor.adapters.storage.engines import Engines
from monitor.adapters.storage.faults import translated
from monitor.adapters.storage.subscriptions import last_seq
from monitor.domain.model.activity import Activity, ArticleText, Telling
from monitor.domain.model.articles import Label
from monitor.domain.model.audit import Archived, Ground, Passed, Retrospective
from monitor.domain.model.calendar import CalendarEvent
from monitor.domain.model.digest_views import DigestRow, SentDigest
from monitor.domain.model.digests import ReportLink, SubscriptionData
from monitor.domain.model.event_search import EventCursor, EventPage, EventQuery, EventReport, EventRow
from monitor.domain.model.events import EventKind, KnownEvent, Person
from monitor.domain.model.exports import ExportedArticle, ExportedEvent
from monitor.domain.model.partnerships import (
    AgreementData,
    Expectation,
    ExpectationState,
    PartnershipData,
    SeriesData,
)
from monitor.domain.model.review import Dropped, ReviewPage, RulePrecision, VerdictRecord
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
from monitor.errors import NotFound

T = TypeVar("T")

MAX_ROWS = 1_000  # of one page, whatever is asked for


class SqlArchive:
    """Implements the port `Archive`; may be used from any thread."""

    def __init__(self, engines: Engines, revision: str) -> None:
        self._engines = engines
        self._revision = revision

    def review_queue(self, limit: int = 50, after: str | None = None) -> ReviewPage:
        """See the port."""
        return self._read(lambda connection: review_views.review_queue(connection, _page(limit), after))

    def dropped(self, limit: int = 50, because: str | None = None, before_id: int | None = None) -> tuple[Dropped, ...]:
        """See the port."""
        return self._read(lambda connection: review_views.dropped(connection, _page(limit), because, before_id))

    def dropped_by_reason(self, up_to: int | None = None) -> tuple[tuple[str, int], ...]:
        """See the port."""
        return self._read(lambda connection: review_views.dropped_by_reason(connection, up_to))

    def rule_precision(self) -> tuple[RulePrecision, ...]:
        """See the port."""
        return self._read(verdicts.rule_precision)

    def verdict(self, verdict_id: int) -> VerdictRecord:
        """See the port."""
        return self._read(lambda connection: verdicts.verdict(connection, verdict_id))

    def latest_verdict(self) -> int:
        """See the port."""
        return self._read(verdicts.latest)

    def events_named(self, event_ids: Collection[str]) -> Mapping[str, KnownEvent]:
        """See the port."""
        return self._read(lambda connection: review_candidates.events_named(connection, event_ids))

    def events_near(
        self, place_ids: Collection[str], day: date, within_days: int = 60, limit: int = 10
    ) -> tuple[KnownEvent, ...]:
        """See the port."""
        return self._read(
            lambda connection: review_candidates.events_near(connection, place_ids, day, within_days, _page(limit))
        )

    def copies(self, article_id: int, limit: int = 50) -> tuple[ArticleRow, ...]:
        """See the port."""
        return self._read(lambda connection: review_candidates.copies(connection, article_id, _page(limit)))

    def verdicts(
        self, limit: int = 50, article_id: int | None = None, event_id: str | None = None, before_id: int | None = None
    ) -> tuple[VerdictRecord, ...]:
        """See the port."""
        return self._read(
            lambda connection: verdicts.verdicts(connection, _page(limit), article_id, event_id, before_id)
        )

    def sources(self, *, counted: bool = True) -> tuple[SourceView, ...]:
        """See the port."""
        return self._read(lambda connection: views.sources(connection, counted=counted))

    def source(self, key: str) -> SourceView:
        """See the port."""
        found = self._read(lambda connection: views.sources(connection, key))
        return _found(found[0] if found else None, f"no source has the key {key!r}")

    def source_index(self) -> tuple[SourceListed, ...]:
        """See the port."""
        return self._read(source_views.index)

    def source_states(self, keys: Collection[str]) -> tuple[SourceState, ...]:
        """See the port."""
        return self._read(lambda connection: source_views.states(connection, keys))

    def feed_histories(self, feed_ids: Collection[int], limit: int = 20) -> Mapping[int, FeedHistory]:
        """See the port."""
        return self._read(lambda connection: source_views.histories(connection, feed_ids, _page(limit)))

    def source_articles(self, key: str, limit: int = 50, before_id: int | None = None) -> tuple[ArticleRow, ...]:
        """See the port."""
        return self._read(lambda connection: source_views.articles(connection, key, _page(limit), before_id))

    def events(
        self, limit: int = 50, place_id: str | None = None, include_merged: bool = False
    ) -> tuple[KnownEvent, ...]:
        """See the port."""
        return self._read(lambda connection: views.events(connection, _page(limit), place_id, include_merged))

    def event(self, event_id: str) -> EventView:
        """See the port."""
        found = self._read(lambda connection: views.event(connection, event_id))
        return _found(found, f"no event has the id {event_id!r}")

    def find_events(
        self, query: EventQuery, limit: int = 25, after: EventCursor | None = None, hits_below: int | None = None
    ) -> EventPage:
        """See the port."""
        return self._read(
            lambda connection: event_search.find_events(connection, query, _page(limit), after, hits_below)
        )

    def latest_events(self, query: EventQuery, limit: int = 50) -> tuple[EventRow, ...]:
        """See the port."""
        return self._read(lambda connection: event_search.latest_events(connection, query, _page(limit)))

    def exported_ids(self, query: EventQuery) -> tuple[str, ...]:
        """See the port."""
        return self._read(lambda connection: export_views.exported_ids(connection, query))

    def exported_events(self, ids: Sequence[str]) -> tuple[ExportedEvent, ...]:
        """See the port."""
        return self._read(lambda connection: export_views.exported_events(connection, ids[:MAX_ROWS]))

    def exported_articles(self, ids: Sequence[int]) -> tuple[ExportedArticle, ...]:
        """See the port."""
        return self._read(lambda connection: export_views.exported_articles(connection, ids[:MAX_ROWS]))

    def log_end(self) -> int:
        """See the port."""
        return self._read(last_seq)

    def event_reports(self, event_id: str, limit: int = 200) -> tuple[EventReport, ...]:
        """See the port."""
        return self._read(lambda connection: event_reports.event_reports(connection, event_id, _page(limit)))

    def around(self, event: KnownEvent, sides: Sequence[frozenset[str]], limit: int = 50) -> tuple[KnownEvent, ...]:
        """See the port."""
        return self._read(lambda connection: event_reports.around(connection, event, sides, _page(limit)))

    def article(self, article_id: int) -> ArticleView:
        """See the port."""
        found = self._read(lambda connection: article_views.article(connection, article_id))
        return _found(found, f"no article has the id {article_id}")

    def article_by_url(self, url_key: str) -> ArticleView:
        """See the port."""
        found = self._read(lambda connection: article_views.article_by_url(connection, url_key))
        return _found(found, f"no article is known at {url_key}")

    def revisions(self, article_id: int) -> tuple[RevisionView, ...]:
        """See the port."""
        found = self._read(lambda connection: article_views.revisions(connection, article_id))
        return _found(found or None, f"no article has the id {article_id}")

    def articles(self, limit: int = 50, label: Label | None = None, since_id: int = 0) -> tuple[ArticleRow, ...]:
        """See the port."""
        return self._read(lambda connection: article_views.articles(connection, _page(limit), label, since_id))

    def search(self, query: str, limit: int = 20) -> SearchPage:
        """See the port."""
        return self._read(lambda connection: article_views.find(connection, query, _page(limit)))

    def seeds(self) -> tuple[tuple[str, str, str], ...]:
        """See the port."""
        return self._read(views.seeds)

    def partnerships(self) -> tuple[PartnershipData, ...]:
        """See the port."""
        return self._read(partnerships.partnerships)

    def agreements(self, partnership_key: str | None = None) -> tuple[AgreementData, ...]:
        """See the port."""
        return self._read(lambda connection: partnerships.agreements(connection, partnership_key))

    def series(self, key: str | None = None) -> tuple[SeriesData, ...]:
        """See the port."""
        return self._read(lambda connection: series.series(connection, key))

    def expectations(
        self, states: Collection[ExpectationState] | None = None, place_ids: Collection[str] | None = None
    ) -> tuple[Expectation, ...]:
        """See the port."""
        return self._read(lambda connection: expectations.expectations(connection, states, place_ids))

    def announced(self, now: datetime, limit: int = 200) -> tuple[KnownEvent, ...]:
        """See the port."""
        return self._read(lambda connection: material.announced(connection, now, _page(limit)))

    def events_of(self, place_ids: Collection[str]) -> tuple[KnownEvent, ...]:
        """See the port."""
        return self._read(lambda connection: expectations.events_of(connection, place_ids))

    def partnerships_of(self, place_ids: Collection[str]) -> tuple[PartnershipData, ...]:
        """See the port."""
        return self._read(lambda connection: partnerships.partnerships_of(connection, place_ids))

    def partnership(self, key: str) -> PartnershipData:
        """See the port."""
        found = self._read(lambda connection: partnerships.find(connection, key))
        return _found(found, f"no partnership has the key {key!r}")

    def partnership_events(self, key: str, limit: int = 500) -> tuple[KnownEvent, ...]:
        """See the port."""
        return self._read(lambda connection: relation_views.partnership_events(connection, key, _page(limit)))

    def activities(self, today: date) -> Mapping[str, Activity]:
        """See the port."""
        return self._read(lambda connection: relation_views.activities(connection, today))

    def kinds_in_year(self, year: int) -> Mapping[str, Mapping[EventKind, int]]:
        """See the port."""
        return self._read(lambda connection: relation_views.kinds_in_year(connection, year))

    def partnerships_state(self) -> str:
        """See the port."""
        return self._read(relation_views.partnerships_state)

    def relations_state(self) -> str:
        """See the port."""
        return self._read(relation_views.relations_state)

    def tellings(self, event_ids: Sequence[str]) -> tuple[Telling, ...]:
        """See the port."""
        return self._read(lambda connection: relation_views.tellings(connection, event_ids))

    def report_links(self, article_ids: Collection[int]) -> Mapping[int, ReportLink]:
        """See the port."""
        return self._read(lambda connection: relation_views.report_links(connection, article_ids))

    def texts(self, article_ids: Sequence[int]) -> tuple[ArticleText, ...]:
        """See the port."""
        return self._read(lambda connection: relation_views.texts(connection, article_ids))

    def seed_people(self, keys: Collection[str]) -> Mapping[str, tuple[Person, ...]]:
        """See the port."""
        return self._read(lambda connection: relation_views.seed_people(connection, keys))

    def seed_links(self, keys: Collection[str]) -> Mapping[str, ReportLink]:
        """See the port."""
        return self._read(lambda connection: relation_views.seed_links(connection, keys))

    def series_named(self, keys: Collection[str]) -> tuple[SeriesData, ...]:
        """See the port."""
        return self._read(lambda connection: series.series_named(connection, keys))

    def calendar_events(self, first: date, last: date) -> tuple[CalendarEvent, ...]:
        """See the port."""
        return self._read(lambda connection: relation_views.calendar_events(connection, first, last))

    def retrospectives(self, after_id: int = 0, limit: int = 200) -> tuple[Retrospective, ...]:
        """See the port."""
        return self._read(lambda connection: audit_views.retrospectives(connection, after_id, _page(limit)))

    def archived_events(self, place_ids: Collection[str], first: date, last: date) -> tuple[Archived, ...]:
        """See the port."""
        return self._read(lambda connection: audit_views.archived_events(connection, place_ids, first, last))

    def passed_over(self, place_ids: Collection[str], first: date, last: date) -> tuple[Passed, ...]:
        """See the port."""
        return self._read(lambda connection: audit_views.passed_over(connection, place_ids, first, last))

    def audit_ground(self) -> Ground:
        """See the port."""
        return self._read(audit_views.ground)

    def digests(self, limit: int = 20) -> tuple[DigestView, ...]:
        """See the port."""
        return self._read(lambda connection: views.digests(connection, _page(limit)))

    def digest_history(
        self, limit: int = 25, before_id: int | None = None, with_empty: bool = False
    ) -> tuple[DigestRow, ...]:
        """See the port."""
        return self._read(
            lambda connection: digest_views.digest_history(connection, _page(limit), before_id, with_empty)
        )

    def sent_digest(self, digest_id: int) -> SentDigest:
        """See the port."""
        found = self._read(lambda connection: digest_views.sent_digest(connection, digest_id))
        return _found(found, f"no digest has the id {digest_id}")

    def upcoming_digests(self) -> tuple[UpcomingDigest, ...]:
        """See the port."""
        return self._read(today_views.upcoming_digests)

    def told_since(self, since: datetime) -> ToldWindow:
        """See the port."""
        return self._read(lambda connection: today_views.told_since(connection, since))

    def told_after(self, after_seq: int) -> ToldWindow:
        """See the port."""
        return self._read(lambda connection: today_views.told_after(connection, after_seq))

    def expected_between(self, first: date, last: date) -> tuple[Expectation, ...]:
        """See the port."""
        return self._read(lambda connection: today_views.expected_between(connection, first, last))

    def reach(self, since: datetime, now: datetime) -> Reach:
        """See the port."""
        return self._read(lambda connection: today_views.reach(connection, since, now))

    def subscriptions(self) -> tuple[tuple[int, SubscriptionData], ...]:
        """See the port."""
        return self._read(views.subscriptions)

    def killers(self, limit: int = 100) -> tuple[Killer, ...]:
        """See the port."""
        return self._read(lambda connection: quarantine.killers(connection, _page(limit)))

    def health(self, now: datetime) -> Health:
        """See the port."""
        return self._read(lambda connection: health.health(connection, self._engines.url, self._revision, now))

    def vitals(self, now: datetime) -> Vitals:
        """See the port."""
        return self._read(lambda connection: health.vitals(connection, now))

    def _read(self, read: Callable[[Connection], T]) -> T:
        with translated(), self._engines.reader.connect() as connection:
            return read(connection)


def _page(limit: int) -> int:
    return max(0, min(limit, MAX_ROWS))


def _found(value: T | None, message: str) -> T:
    if value is None:
        raise NotFound(message)
    return value
