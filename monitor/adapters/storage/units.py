"""The unit of work: one transaction, each method handed to the module that knows its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from monitor.adapters.storage import (
    articles,
    entries,
    known,
    material,
    outbox,
    partnerships,
    polls,
    quarantine,
    seeds,
    sources,
    subscriptions,
    verdicts,
)
from monitor.adapters.storage.corrections import SqlCorrections
from monitor.adapters.storage.engines import Engines
from monitor.adapters.storage.faults import translated
from monitor.adapters.storage.locks import ARCHIVE, take_advisory_lock
from monitor.adapters.storage.relations import SqlRelations
from monitor.adapters.storage.seating import Seating, own_seats
from monitor.domain.model.articles import (
    Applied,
    ArticleData,
    CaptureData,
    EntryForIngest,
    IngestIntent,
    Known,
    KnownQuery,
)
from monitor.domain.model.digests import (
    DeliveryData,
    DeliveryForSend,
    DeliveryIntent,
    Digest,
    DigestMaterial,
    SubscriptionData,
)
from monitor.domain.model.events import Verdict, VerdictKind
from monitor.domain.model.partnerships import PartnershipData
from monitor.domain.model.review import Judged
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.model.sources import FeedForPoll, PollIntent, SourceData
from monitor.domain.outcomes import Outcome


class SqlUnitOfWork:
    """Implements the port `UnitOfWork`.

    It reads without any lock until it first writes or is asked to `serialise`. From then on it holds the writer's place
    and sees what is committed; what it read before may have changed meanwhile, so whoever decides by what he read
    serialises first. (On PostgreSQL other writers go on; only `serialise` excludes them.)
    """

    def __init__(self, engines: Engines, default_interval_min: int, seating: Seating = own_seats) -> None:
        self._engines = engines
        self._default_interval_min = default_interval_min
        self._seating = seating
        self._connection: Connection | None = None
        self._is_writing = False
        self._is_serial = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def commit(self) -> None:
        """See the port. What follows in the same block is a new transaction."""
        with translated():
            if self._connection is not None and self._is_writing:
                self._connection.commit()
        self._end()

    def _end(self) -> None:
        connection, self._connection = self._connection, None
        self._is_writing = self._is_serial = False
        if connection is not None:
            with translated():
                connection.close()  # rolls back what was not committed

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated():
            if self._connection is None:
                self._connection = self._engines.reader.connect()
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated():
            connection = self._connection if self._is_writing else None
            if connection is None:
                self._end()
                connection = self._connection = self._engines.writer.connect()
                self._is_writing = True
            yield connection

    # sources and feeds

    def sync_sources(self, declared: Sequence[SourceData], now: datetime, declared_by: str = "config") -> None:
        """See the port."""
        with self._writing() as connection:
            sources.sync_sources(connection, declared, now, declared_by)

    def add_source(self, source: SourceData, now: datetime, declared_by: str) -> None:
        """See the port."""
        with self._writing() as connection:
            sources.add_source(connection, source, now, declared_by)

    def set_source_paused(self, key: str, paused: bool, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            sources.set_source_paused(connection, key, paused, now)

    def move_feed(self, key: str, now: datetime, url: str | None = None) -> tuple[tuple[str, str], ...]:
        """See the port."""
        with self._writing() as connection:
            return sources.move_feed(connection, key, now, url)

    def feeds_for_poll(self, feed_ids: Sequence[int]) -> Mapping[int, FeedForPoll]:
        """See the port."""
        with self._reading() as connection:
            return polls.feeds_for_poll(connection, feed_ids, self._default_interval_min)

    def entry_shas(self, feed_id: int, keys: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        with self._reading() as connection:
            return polls.entry_shas(connection, feed_id, keys)

    def entry_titles(self, feed_id: int, titles: Sequence[str]) -> frozenset[str]:
        """See the port."""
        with self._reading() as connection:
            return polls.entry_titles(connection, feed_id, titles)

    def apply_polls(self, intents: Sequence[PollIntent]) -> None:
        """See the port."""
        with self._writing() as connection:
            polls.apply_polls(connection, intents)

    def trim(self, now: datetime, keep_polls_days: int) -> int:
        """See the port."""
        with self._writing() as connection:
            return polls.trim(connection, now, keep_polls_days)

    # entries and articles

    def entry_for_ingest(self, entry_id: int) -> EntryForIngest | None:
        """See the port."""
        with self._reading() as connection:
            return entries.entry_for_ingest(connection, entry_id)

    def postpone_entry(self, entry_id: int, next_at: datetime, outcome: Outcome, detail: str) -> None:
        """See the port."""
        with self._writing() as connection:
            entries.postpone_entry(connection, entry_id, next_at, outcome, detail)

    def finish_entry(
        self, entry_id: int, article_id: int | None, outcome: Outcome, detail: str, refetch_at: datetime | None
    ) -> None:
        """See the port."""
        with self._writing() as connection:
            entries.finish_entry(connection, entry_id, article_id, outcome, detail, refetch_at)

    def note_reading(self, feed_id: int, chars: int, thin: bool, foreign: bool, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            entries.note_reading(connection, feed_id, chars, thin, foreign, now)

    def quarantined(self, sha256: str, task: str) -> bool:
        """See the port."""
        with self._reading() as connection:
            return quarantine.quarantined(connection, sha256, task)

    def count_kill(self, sha256: str, task: str, url: str, outcome: Outcome, detail: str, now: datetime) -> int:
        """See the port."""
        with self._writing() as connection:
            return quarantine.count_kill(connection, sha256, task, url, outcome, detail, now)

    def release_quarantined(self, sha256: str, now: datetime) -> int:
        """See the port."""
        with self._writing() as connection:
            return quarantine.release(connection, sha256, now)

    def add_capture(self, capture: CaptureData) -> int:
        """See the port."""
        with self._writing() as connection:
            return entries.add_capture(connection, capture)

    def serialise(self) -> None:
        """See the port."""
        with self._writing() as connection:
            if not self._engines.is_sqlite and not self._is_serial:
                take_advisory_lock(connection, ARCHIVE)
            elif not connection.in_transaction():
                connection.begin()  # on SQLite the writer's place is the lock
            self._is_serial = True

    def known(self, query: KnownQuery) -> Known:
        """See the port."""
        with self._reading() as connection:
            return known.known(connection, query)

    def apply(
        self, intent: IngestIntent, article: ArticleData, capture_id: int | None, source_key: str | None
    ) -> Applied:
        """See the port."""
        self.serialise()
        with self._writing() as connection:
            return articles.apply(connection, intent, article, capture_id, source_key)

    # seeds and verdicts

    def seed_shas(self) -> Mapping[str, str]:
        """See the port."""
        with self._reading() as connection:
            return seeds.seed_shas(connection)

    def put_seed(self, record: SeedRecord, record_sha: str, now: datetime) -> None:
        """See the port."""
        self.serialise()
        with self._writing() as connection:
            seeds.put_seed(connection, record, record_sha, now, self._seating)

    def put_partnership(self, data: PartnershipData, now: datetime, stated_by: str = "") -> None:
        """See the port."""
        self.serialise()
        with self._writing() as connection:
            partnerships.tell_partnership(connection, data, now, stated_by, self._seating)

    def relations(self) -> SqlRelations:
        """See the port."""
        self.serialise()
        return SqlRelations(self._writing, self._seating)

    def add_verdict(
        self,
        kind: VerdictKind,
        by: str,
        now: datetime,
        article_id: int | None = None,
        event_id: str | None = None,
        other_event_id: str | None = None,
        text: str = "",
        cause_id: int | None = None,
    ) -> Verdict:
        """See the port."""
        with self._writing() as connection:
            return verdicts.add_verdict(connection, kind, by, now, article_id, event_id, other_event_id, text, cause_id)

    def corrections(self) -> SqlCorrections:
        """See the port."""
        self.serialise()
        return SqlCorrections(self._writing)

    def learning_version(self) -> str:
        """See the port."""
        with self._reading() as connection:
            return verdicts.learning_version(connection)

    def judged(self, limit: int) -> tuple[Judged, ...]:
        """See the port."""
        with self._reading() as connection:
            return verdicts.judged(connection, limit)

    # digests

    def sync_subscriptions(self, declared: Sequence[SubscriptionData], now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            subscriptions.sync_subscriptions(connection, declared, now)

    def digest_material(self, subscription_id: int, now: datetime) -> DigestMaterial | None:
        """See the port."""
        with self._reading() as connection:
            return material.digest_material(connection, subscription_id, now)

    def store_digest(self, digest: Digest, deliveries: Sequence[DeliveryData], next_due_at: datetime) -> int | None:
        """See the port."""
        with self._writing() as connection:
            return outbox.store_digest(connection, digest, deliveries, next_due_at)

    def skip_digest(self, subscription_id: int, to_seq: int, now: datetime, next_due_at: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            outbox.skip_digest(connection, subscription_id, to_seq, now, next_due_at)

    def delivery_for_send(self, delivery_id: int) -> DeliveryForSend | None:
        """See the port."""
        with self._reading() as connection:
            return outbox.delivery_for_send(connection, delivery_id)

    def apply_delivery(self, intent: DeliveryIntent) -> None:
        """See the port."""
        with self._writing() as connection:
            outbox.apply_delivery(connection, intent)
