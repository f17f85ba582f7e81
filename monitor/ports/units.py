"""Writing: the due-queues and the unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

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
from monitor.domain.model.events import (
    Verdict,
    VerdictKind,
)
from monitor.domain.model.partnerships import (
    PartnershipData,
)
from monitor.domain.model.review import (
    Judged,
)
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.model.sources import (
    FeedForPoll,
    PollIntent,
    SourceData,
)
from monitor.domain.outcomes import Outcome
from monitor.ports.corrections import Corrections, Relations


class Stage(StrEnum):
    """The stages that run by id when they are due."""

    POLL = "poll"
    INGEST = "ingest"
    COMPOSE = "compose"
    DELIVER = "deliver"


class WorkQueue(Protocol):
    """The due-queues: the rows themselves carry `next_at` and `lease_until`."""

    def claim(self, stage: Stage, now: datetime, limit: int, lease_s: float) -> tuple[int, ...]:
        """Lease up to `limit` due rows to the caller, oldest first (fresh entries before baseline); commits. A leased
        row is due again when its lease ends without a result. Of the feeds of one host only one is leased at a time,
        of the entries of one feed a few while others are due.
        """
        ...

    def hurry(self, stage: Stage, ids: Sequence[int], now: datetime) -> None:
        """Make rows due now; commits."""
        ...

    def release_leases(self) -> int:
        """Make every leased row due again: what a killed process left. Only under the instance lock; commits."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls back.

    Everything may raise `StorageBusy`; the whole unit may then be tried again.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None:
        """Make it durable."""
        ...

    # sources and feeds

    def sync_sources(self, declared: Sequence[SourceData], now: datetime, declared_by: str = "config") -> None:
        """Apply the declared stock by key: new ones are added with their feeds due now; a declared change is applied
        unless a person changed that source later by CLI or web; keys no longer declared by `declared_by` are paused.
        """
        ...

    def add_source(self, source: SourceData, now: datetime, declared_by: str) -> None:
        """Add or replace one source; its feeds are due now."""
        ...

    def set_source_paused(self, key: str, paused: bool, now: datetime) -> None:
        """Pause or resume; raises `NotFound`."""
        ...

    def move_feed(self, key: str, now: datetime, url: str | None = None) -> tuple[tuple[str, str], ...]:
        """Accept the permanent redirects of a source's feeds, or of the one at `url`: from now on the new address is
        polled; entries and history stay. Returns old and new addresses. Raises `NotFound` where none has moved,
        `ConfigurationError` where another feed has that address.
        """
        ...

    def feeds_for_poll(self, feed_ids: Sequence[int]) -> Mapping[int, FeedForPoll]:
        """What a poll of each goes by; those that are gone or paused are absent."""
        ...

    def entry_shas(self, feed_id: int, keys: Sequence[str]) -> Mapping[str, str]:
        """`content_sha` of those of the keys that are stored."""
        ...

    def entry_titles(self, feed_id: int, titles: Sequence[str]) -> frozenset[str]:
        """Those of the titles that an entry of the feed has."""
        ...

    def apply_polls(self, intents: Sequence[PollIntent]) -> None:
        """Write of each, in their order: the feed's new state, its new and changed entries (due now, baseline ones
        after the others), a row of poll history and the turn of its health, if any; a feed deleted meanwhile is left
        alone.
        """
        ...

    # entries and articles

    def entry_for_ingest(self, entry_id: int) -> EntryForIngest | None:
        """None: gone meanwhile."""
        ...

    def postpone_entry(self, entry_id: int, next_at: datetime, outcome: Outcome, detail: str) -> None:
        """Count an attempt and make the entry due again at `next_at`."""
        ...

    def finish_entry(
        self, entry_id: int, article_id: int | None, outcome: Outcome, detail: str, refetch_at: datetime | None
    ) -> None:
        """Mark the entry done; `refetch_at` makes it due again then (counted as a refresh)."""
        ...

    def note_reading(self, feed_id: int, chars: int, thin: bool, foreign: bool, now: datetime) -> None:
        """Learn from an article of a feed: the length of its text, whether it had none worth the name (`thin`),
        whether it is in another language than its source declares. Turns the feed's health to degraded and back.
        """
        ...

    def quarantined(self, sha256: str, task: str) -> bool:
        """Whether a document killed two children at that task: it is never given to one again."""
        ...

    def count_kill(self, sha256: str, task: str, url: str, outcome: Outcome, detail: str, now: datetime) -> int:
        """Record that a document killed a child; how many it killed by now."""
        ...

    def release_quarantined(self, sha256: str, now: datetime) -> int:
        """Forget the kills of documents whose hash begins like that, and make the entries due that they were kept from;
        how many documents there were.
        """
        ...

    def add_capture(self, capture: CaptureData) -> int:
        """Id of the capture row."""
        ...

    def serialise(self) -> None:
        """Take the archive's lock until the end of this unit: decide and store are serial per archive."""
        ...

    def known(self, query: KnownQuery) -> Known:
        """The slice of the archive that bears on one article; verdicts are those on its article, neighbours, events."""
        ...

    def apply(
        self, intent: IngestIntent, article: ArticleData, capture_id: int | None, source_key: str | None
    ) -> Applied:
        """Write article, revision, mentions, assessment, fingerprint, record, events, participants and changes.
        Applying the same article again makes a revision, never a second article.
        """
        ...

    # seeds and verdicts

    def seed_shas(self) -> Mapping[str, str]:
        """key -> sha of the loaded record, so that loading is idempotent."""
        ...

    def put_seed(self, record: SeedRecord, record_sha: str, now: datetime) -> None:
        """Write or replace a seed: an article without text, its event, expectations and partnerships."""
        ...

    def put_partnership(self, data: PartnershipData, now: datetime, stated_by: str = "") -> None:
        """Write what one voice (`data.origin`, and `stated_by` which of them) says of the partnership of that key, in
        place of what it said before; what other voices say stays beside it.
        """
        ...

    def relations(self) -> Relations:
        """What lasts, within this unit and under the archive's lock, which is taken here."""
        ...

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
        """Record what a person said, or what follows from that (`cause_id`); carrying it out is the caller's."""
        ...

    def corrections(self) -> Corrections:
        """What corrections need, within this unit and under the archive's lock, which is taken here."""
        ...

    def learning_version(self) -> str:
        """Changes whenever a verdict on relevance is said or taken back; cheap."""
        ...

    def judged(self, limit: int) -> tuple[Judged, ...]:
        """The latest verdicts on relevance that hold, newest first."""
        ...

    # digests

    def sync_subscriptions(self, declared: Sequence[SubscriptionData], now: datetime) -> None:
        """Apply the declared subscriptions by key; new ones start at the end of the log; missing ones are paused."""
        ...

    def digest_material(self, subscription_id: int, now: datetime) -> DigestMaterial | None:
        """None: gone or paused meanwhile."""
        ...

    def store_digest(self, digest: Digest, deliveries: Sequence[DeliveryData], next_due_at: datetime) -> int | None:
        """Write digest, pending deliveries and the subscription's new position in one go; None: this window was
        composed before, only the schedule moved.
        """
        ...

    def skip_digest(self, subscription_id: int, to_seq: int, now: datetime, next_due_at: datetime) -> None:
        """Nothing to say in this window: move on, recorded."""
        ...

    def delivery_for_send(self, delivery_id: int) -> DeliveryForSend | None:
        """None: sent or given up meanwhile."""
        ...

    def apply_delivery(self, intent: DeliveryIntent) -> None:
        """Write the outcome of an attempt."""
        ...

    def trim(self, now: datetime, keep_polls_days: int) -> int:
        """Drop old poll history; returns the number of rows dropped. Articles and events are never dropped here."""
        ...


Units = Callable[[], UnitOfWork]
