"""What the stages need of the outside world: one Protocol a need.

Rules for every implementation, said once:

- Moments are aware UTC datetimes, days are dates; `now` comes from the caller.
- Text that arrives from outside has been cleaned by the adapter (`domain.text.clean`): no NUL, no surrogates.
- Expected failures are returned as values with an `Outcome`; storage raises the errors of `monitor.errors`; anything
  else that escapes is a fault and is meant to be loud.
- Fetcher, Sandbox, Parser, Extractor, LanguageIdentifier, CaptureStore, Gazetteer and Channel may be called from any
  thread. A UnitOfWork belongs to the thread that opened it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self

from monitor.domain.event_feeds import FeedEntry
from monitor.domain.model.accounts import Account, AccountData, ApiToken, Role, SessionData, WebSession
from monitor.domain.model.activity import Activity, ArticleText, Telling
from monitor.domain.model.articles import (
    Applied,
    ArticleData,
    CaptureData,
    EntryForIngest,
    ExtractFailed,
    IngestIntent,
    Known,
    KnownQuery,
    Label,
)
from monitor.domain.model.audit import Archived, Ground, Passed, Retrospective
from monitor.domain.model.briefings import Briefing, BriefingRow
from monitor.domain.model.calendar import CalendarEntry, CalendarEvent
from monitor.domain.model.digest_views import DigestRow, SentDigest
from monitor.domain.model.digests import (
    ContextReport,
    DeliveryData,
    DeliveryFailed,
    DeliveryForSend,
    DeliveryIntent,
    Digest,
    DigestMaterial,
    RenderedPart,
    ReportLink,
    Sent,
    SubscriptionData,
)
from monitor.domain.model.dossiers import Dossier
from monitor.domain.model.event_search import (
    EventCursor,
    EventPage,
    EventQuery,
    EventReport,
    EventRow,
    SavedSearch,
    SavedSearchData,
)
from monitor.domain.model.events import (
    ChangeIntent,
    EventKind,
    EventOrigin,
    KnownEvent,
    Person,
    Verdict,
    VerdictKind,
)
from monitor.domain.model.exports import ExportedArticle, ExportedEvent, PackageTable, PackedFile
from monitor.domain.model.partnerships import (
    AgreementData,
    ContextFound,
    Expectation,
    ExpectationState,
    PartnershipData,
    PartnershipState,
    SeriesData,
)
from monitor.domain.model.places import Place, PlaceHit
from monitor.domain.model.replay import Difference, FormerEvent, RevisionForReplay
from monitor.domain.model.reports import ReportOrigin
from monitor.domain.model.review import (
    ArticleForReview,
    Dropped,
    Effects,
    EventFacts,
    EventForReview,
    Judged,
    Payload,
    ReviewPage,
    RulePrecision,
    VerdictRecord,
)
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.model.source_pages import FeedHistory, SourceListed, SourceState
from monitor.domain.model.sources import (
    FeedForPoll,
    FeedKind,
    ParsedFeed,
    ParseFailed,
    PollIntent,
    SourceData,
    Validators,
)
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
from monitor.domain.outcomes import Outcome

# ---------------------------------------------------------------- reading the web


class Purpose(StrEnum):
    """Why something is fetched: robots.txt binds pages, not feeds."""

    FEED = "feed"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One GET."""

    url: str
    purpose: Purpose
    validators: Validators = Validators()  # noqa: RUF009 - frozen value
    accept: str = "*/*"
    tdm_licensed: bool = False  # a reservation of text and data mining does not bind us here


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 200 with its whole body, decoded from its content encoding, not from its charset."""

    url: str
    final_url: str
    permanent_url: str | None  # where an unbroken chain of 301/308 led
    status: int
    content_type: str  # as declared, "" if not
    body: bytes
    body_sha: str  # sha256 hex of `body`
    validators: Validators
    max_age_s: int | None
    fetched_at: datetime
    tdm_policy: str | None = None  # mining is reserved: address of the policy, "" where none is given; None: it is not


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304."""

    url: str
    max_age_s: int | None = None


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Anything else; `detail` is safe to show and to log (no credentials, no raw header values)."""

    url: str
    outcome: Outcome
    detail: str
    status: int | None = None
    retry_after_s: float | None = None


class Fetcher(Protocol):
    """Gets one address politely and safely; waits for the host's turn; never raises for what a server does."""

    def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """Fetch within the limits of the settings."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A 2xx to something handed over; the body of the answer is not kept."""

    url: str
    status: int


class Poster(Protocol):
    """Hands a message to an address the operator gave; the same guard as fetching, no redirects."""

    def post(self, url: str, body: bytes, content_type: str, headers: Mapping[str, str]) -> Posted | FetchFailed:
        """One attempt; never raises for what a server does."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A 2xx to a form, with its body, bounded as every other."""

    url: str
    body: bytes


class FormSender(Protocol):
    """Sends a form to an address the operator gave and reads the answer; the same guard as fetching, no redirects."""

    def send_form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answered | FetchFailed:
        """One attempt; never raises for what a server does."""
        ...


class Mailbox(Protocol):
    """The operator's mailbox for newsletters."""

    def read(self, since: str | None, now: datetime) -> MailboxRead | FetchFailed:
        """The mails that arrived after the position `since` (None: from the beginning), oldest first, bounded."""
        ...


@dataclass(frozen=True, slots=True)
class MailboxRead:
    """New mails as entries, and the position to go on from."""

    parsed: ParsedFeed
    position: str  # opaque; kept as the feed's ETag


@dataclass(frozen=True, slots=True)
class SandboxFailed:
    """A child died, ran out of time or memory, or answered with an error of its own."""

    outcome: Outcome  # child-crash, child-deadline, child-memory, internal
    detail: str


Json = Any  # what `json.loads` gives; narrowed by the adapter that asked, never passed on


class Sandbox(Protocol):
    """Runs a named task on bytes in a persistent child process with limits."""

    def run(self, task: str, payload: Mapping[str, Json], body: bytes = b"") -> dict[str, Json] | SandboxFailed:
        """Run `task` of `monitor.adapters.children`; blocks until answer, deadline or death of the child."""
        ...

    def close(self) -> None:
        """End the children."""
        ...


class Wall(StrEnum):
    """What stands before a page instead of it."""

    LOGIN = "login"
    CAPTCHA = "captcha"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class PageSurvey:
    """What a page tells about how its site can be followed; addresses are absolute."""

    feeds: tuple[str, ...]  # declared ones first
    sitemaps: tuple[str, ...]
    generator: str | None  # the content management system, lower case, as far as the page shows it
    wall: Wall | None
    selectors: tuple[str, ...]  # CSS, of links that look like a list of articles; the likeliest first


class Parser(Protocol):
    """Reads a fetched feed or page into entries."""

    def parse(
        self,
        fetched: Fetched,
        kind: FeedKind,
        now: datetime,
        link_selector: str | None = None,
        link_pattern: str | None = None,
        next_selector: str | None = None,
    ) -> ParsedFeed | ParseFailed:
        """Read `fetched` as `kind`; `auto` tries a feed first, then a sitemap, then a page; never fetches anything
        itself. `next_selector` finds the link to the next page where the page does not declare it.
        """
        ...

    def linked_feeds(self, fetched: Fetched) -> tuple[str, ...]:
        """The absolute addresses of feeds that an HTML page links to, in document order."""
        ...

    def survey(self, fetched: Fetched) -> PageSurvey | ParseFailed:
        """How the site of a page can be followed, and whether a wall stands before it."""
        ...


class Extractor(Protocol):
    """Takes the article out of a captured page."""

    def extract(
        self, body: bytes, url: str, content_type: str, language: str | None = None
    ) -> ArticleData | ExtractFailed:
        """Extract title, text, author, dates, language and site name; `language` is the source's, if known."""
        ...


class LanguageIdentifier(Protocol):
    """Tells the language of a text."""

    def identify(self, text: str, declared: str | None = None) -> str | None:
        """BCP 47 primary subtag by the first 400 characters; under 20 of them `declared` is believed; None: unknown."""
        ...


class Gazetteer(Protocol):
    """Knows places and finds their names in any script."""

    def find(self, text: str, language: str | None) -> tuple[PlaceHit, ...]:
        """Every name in `text`, leftmost-longest, in order, not overlapping; nothing is settled here."""
        ...

    def place(self, place_id: str) -> Place | None:
        """The entry of that id."""
        ...

    def by_name(self, name: str) -> tuple[Place, ...]:
        """Entries carrying exactly that name (folded), best known first: for configuration and the command line."""
        ...

    def beside(self, place_id: str) -> tuple[str, ...]:
        """Ids of what stands for a place: institutions that have their seat there, and places merged into it."""
        ...


class Embeddings(Protocol):
    """Word vectors, where the operator brought a model; may be used from any thread."""

    name: str  # of the model, for the decision record

    def similarity(self, one: str, other: str) -> float:
        """How much two short texts mean the same, in [0, 1]; 0 where the model knows no word of one."""
        ...


class CaptureStore(Protocol):
    """Keeps raw responses as content-addressed files beside the database."""

    def put(self, body: bytes) -> str:
        """Store and return the sha256 hex; durable when it returns; storing the same bytes again changes nothing."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes; raises `NotFound`."""
        ...


# ---------------------------------------------------------------- storing


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


class Corrections(Protocol):
    """What people's corrections read and write; belongs to the unit that gave it, which commits."""

    def article(self, article_id: int) -> ArticleForReview:
        """With links to live events only; raises `NotFound`."""
        ...

    def event(self, event_id: str) -> EventForReview:
        """The event, or the one that it was merged into; raises `NotFound`."""
        ...

    def verdict(self, verdict_id: int) -> VerdictRecord:
        """Also one that was taken back; raises `NotFound`."""
        ...

    def holding(self, article_ids: Collection[int]) -> tuple[Verdict, ...]:
        """What people said of these articles and still holds, without remarks; oldest first."""
        ...

    def later_verdict(
        self, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]
    ) -> VerdictRecord | None:
        """The latest verdict after that one which still holds and changed one of these."""
        ...

    def said_since(self, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]) -> bool:
        """Whether anything but a note or an assignment was said of one of these after that verdict, and still holds."""
        ...

    def open_event(self, facts: EventFacts, origin: EventOrigin, now: datetime) -> str:
        """The id of a new event; nothing is logged."""
        ...

    def add_article(self, intent: IngestIntent, article: ArticleData) -> int:
        """Store an article that a person brought; its id."""
        ...

    def adopt(self, article_id: int, intent: IngestIntent) -> tuple[str, ...]:
        """Give a stored article the label and the events that were decided anew, with their lines in the log; the
        ids of those events, in order.
        """
        ...

    def carry_out(self, effects: Effects, why: str, now: datetime) -> None:
        """Write what a correction changes; what is no longer as the effects suppose is left alone."""
        ...

    def log(self, event_id: str, changes: Sequence[ChangeIntent], article_id: int | None, now: datetime) -> None:
        """Lines for the event-change log."""
        ...

    def last_seq(self) -> int:
        """The end of the event-change log."""
        ...

    def is_passed(self, seq: int) -> bool:
        """Whether a digest has looked at that line of the log, to tell it or not."""
        ...

    def silence(self, first_seq: int, last_seq: int) -> None:
        """Lines of the log that are not to be announced after all."""
        ...

    def keep(self, verdict_id: int, payload: Payload, event_id: str | None = None) -> None:
        """Put to a verdict what it changed and, where it is given, the event that it turned out to be about."""
        ...

    def take_back(self, verdict_id: int, by: str, now: datetime) -> None:
        """The verdict, and what followed from it, no longer holds."""
        ...


class Relations(Protocol):
    """Partnerships, agreements, series, computed expectations and context, as they stand; belongs to the unit that gave
    it, which commits. What is written replaces what stood there under its key or id.
    """

    def partnerships_of(self, place_ids: Collection[str]) -> tuple[PartnershipData, ...]:
        """Those with a member among these places, in any state, by key."""
        ...

    def partnerships(self) -> tuple[PartnershipData, ...]:
        """All, by key."""
        ...

    def put_partnership(self, data: PartnershipData, now: datetime) -> None:
        """With its claims as given: nothing is merged."""
        ...

    def set_state(self, key: str, state: PartnershipState, now: datetime) -> None:
        """What a person says of a partnership; raises `NotFound`."""
        ...

    def agreements(self, partnership_key: str | None = None) -> tuple[AgreementData, ...]:
        """Those of a partnership, or all, by the day they were signed."""
        ...

    def put_agreement(self, data: AgreementData, now: datetime) -> None:
        """Raises `NotFound` without its partnership."""
        ...

    def series(self, key: str | None = None) -> tuple[SeriesData, ...]:
        """The one of that key (none: it is not known), or all, with members and editions."""
        ...

    def put_series(self, data: SeriesData) -> None:
        """Names, cadence and members; the editions are its numbered events."""
        ...

    def expectations(
        self, states: Collection[ExpectationState] | None = None, place_ids: Collection[str] | None = None
    ) -> tuple[Expectation, ...]:
        """Those in these states (None: any) of these places (None: any), by the day they close."""
        ...

    def put_expectation(self, data: Expectation) -> None:
        """By its id."""
        ...

    def events_of(
        self, place_ids: Collection[str], first: date | None = None, last: date | None = None
    ) -> tuple[KnownEvent, ...]:
        """Live events in which any of these places takes part, newest first; only those between two days, where they
        are given.
        """
        ...

    def origins(self, event_id: str) -> tuple[ReportOrigin, ...]:
        """Where the articles of an event come from."""
        ...

    def new_id(self) -> str:
        """For an expectation, and for the event that will fulfil it."""
        ...

    def proposed_since(self, since: datetime) -> tuple[PartnershipData, ...]:
        """Those that the news proposed after `since` and nobody has answered, by key."""
        ...

    def context_since(self, since: datetime) -> tuple[ContextReport, ...]:
        """What was found after `since`, newest first; copies and baselines left out."""
        ...

    def sources(self) -> tuple[SourceView, ...]:
        """All, by key; their entries are not counted."""
        ...

    def put_context(self, article_id: int, found: Sequence[ContextFound], now: datetime) -> None:
        """What an article says of places beside any relation; replaces what it said before."""
        ...


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


class Briefings(Protocol):
    """Events that people pick for others to read. Each call is a transaction of its own; may be used from any thread.
    Every change raises `NotFound`, and `Refused` where the briefing is frozen.
    """

    def all(self) -> tuple[BriefingRow, ...]:
        """Newest first, bounded."""
        ...

    def get(self, briefing_id: int) -> Briefing:
        """A draft with its events as they stand now (of merged ones the one that is left), a frozen one as it was
        frozen. Raises `NotFound`.
        """
        ...

    def add(self, title: str, by: str, now: datetime) -> int:
        """The id of a new, empty draft."""
        ...

    def describe(self, briefing_id: int, title: str, intro: str) -> None:
        """Another title and introduction."""
        ...

    def remove(self, briefing_id: int) -> None:
        """Throw a draft away."""
        ...

    def put_event(self, briefing_id: int, event_id: str) -> None:
        """Add an event at the end; nothing happens where it is there."""
        ...

    def drop_event(self, briefing_id: int, event_id: str) -> None:
        """Nothing happens where it is not there."""
        ...

    def move_event(self, briefing_id: int, event_id: str, by: int) -> None:
        """So many places down, or up where `by` is negative; stops at the ends."""
        ...

    def annotate(self, briefing_id: int, event_id: str, note: str) -> None:
        """Replace the note on an event; "": none."""
        ...

    def freeze(self, briefing_id: int, by: str, now: datetime) -> None:
        """From now on it stays as it is; nothing happens where it is frozen. Raises `Refused` where it is empty."""
        ...

    def send(self, briefing_id: int, digest: Digest, deliveries: Sequence[DeliveryData]) -> bool:
        """Write the message with its pending deliveries, beside the subscription's schedule; False: these readers were
        sent it before. Raises `Refused` where it is not frozen.
        """
        ...


class SavedSearches(Protocol):
    """Searches that people keep watching. Each call is a transaction of its own; may be used from any thread. The
    secret of a search's feeds is known by its sha256 only.
    """

    def of(self, owner: str) -> tuple[SavedSearch, ...]:
        """Those of a person, by name."""
        ...

    def get(self, search_id: int) -> SavedSearch:
        """Raises `NotFound`."""
        ...

    def by_token(self, token_sha: str) -> SavedSearch | None:
        """The search whose feeds have that secret; None: there is none, or it was revoked."""
        ...

    def add(self, data: SavedSearchData) -> SavedSearch:
        """A new one; raises `Refused` where its owner has one of this name, or too many."""
        ...

    def set_token(self, search_id: int, token_sha: str | None) -> None:
        """Give its feeds another secret, or none: the one before stops working. Raises `NotFound`."""
        ...

    def subscribe(self, search_id: int, subscription: SubscriptionData, now: datetime) -> None:
        """Send its digest from now on, in place of the one before; its key must begin with `search-`, which the
        declared stock leaves alone. Raises `NotFound`.
        """
        ...

    def unsubscribe(self, search_id: int) -> None:
        """Send its digest no more; nothing happens where none is sent. Raises `NotFound`."""
        ...

    def remove(self, search_id: int) -> None:
        """With its feeds and its digest. Raises `NotFound`."""
        ...


class Accounts(Protocol):
    """Who may sign in, who is signed in, and which programs may read. Each call is a transaction of its own; may be
    used from any thread. Secrets of sessions and tokens are known by their sha256 only.
    """

    def is_empty(self) -> bool:
        """Whether there are no accounts."""
        ...

    def all(self) -> tuple[Account, ...]:
        """By name."""
        ...

    def by_name(self, name: str) -> Account | None:
        """The account of a name, written as `domain.accounts.folded_name` does."""
        ...

    def by_subject(self, subject: str) -> Account | None:
        """The account of somebody whom an identity provider knows."""
        ...

    def password_hash(self, account_id: int) -> str | None:
        """None: signs in elsewhere, or is gone."""
        ...

    def add(self, data: AccountData) -> Account:
        """A new account; raises `Refused` where the name is taken."""
        ...

    def keep_hash(self, account_id: int, password_hash: str) -> None:
        """The same password, hashed anew: nobody notices."""
        ...

    def set_password(self, account_id: int, password_hash: str) -> None:
        """Another password: ends all sessions of the account. Raises `NotFound`, and `Refused` for one that signs in
        elsewhere.
        """
        ...

    def set_role(self, account_id: int, role: Role) -> None:
        """Raises `NotFound`, and `Refused` where no admin would be left."""
        ...

    def remove(self, account_id: int) -> None:
        """With its sessions. Raises `NotFound`, and `Refused` where others would be left without an admin."""
        ...

    def open_session(self, data: SessionData) -> None:
        """Keep a sign-in; those that are over are forgotten."""
        ...

    def signed_in(self, secret_sha: str, now: datetime) -> Account | None:
        """Whose session it is; None: nobody's, or it is over."""
        ...

    def sessions(self, account_id: int, now: datetime, this_sha: str = "") -> tuple[WebSession, ...]:
        """The sessions of an account, the latest first."""
        ...

    def end_session(self, secret_sha: str) -> None:
        """Sign one browser out; nothing happens where there is no such session."""
        ...

    def end_sessions(self, account_id: int, but_sha: str = "") -> int:
        """Sign an account out everywhere, but for that one browser; how many sessions ended."""
        ...

    def add_token(self, name: str, role: Role, secret_sha: str, now: datetime) -> ApiToken:
        """A new token; raises `Refused` where the name is taken."""
        ...

    def tokens(self) -> tuple[ApiToken, ...]:
        """By name."""
        ...

    def token(self, secret_sha: str, now: datetime) -> ApiToken | None:
        """The token with that secret, its last use noted to the hour; None: there is none, or it was revoked."""
        ...

    def revoke_token(self, name: str) -> None:
        """Raises `NotFound`."""
        ...


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether a password was the right one."""

    is_right: bool
    new_hash: str | None = None  # to be kept instead: the old one was made with weaker parameters


class Secrets(Protocol):
    """Hashes passwords and makes up secrets. Takes tens of milliseconds of a core on purpose."""

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        ...

    def check(self, password: str, kept: str | None) -> PasswordCheck:
        """Compare; without anything kept it takes as long and is wrong (faults H9)."""
        ...

    def new_password(self) -> str:
        """One that can be read out and typed."""
        ...

    def new_token(self) -> str:
        """256 random bits for a cookie or a header."""
        ...


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """A visitor on the way to the identity provider."""

    address: str  # where the browser goes
    state: str  # comes back with the browser
    nonce: str  # comes back within the signed answer
    verifier: str  # proves that who redeems the code is who asked for it (RFC 7636)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whom the identity provider vouches for."""

    subject: str  # the provider and its own id of the person: never changes, never given away again
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class IdentityRefused:
    """Nobody is vouched for; `why` is for the log, not for visitors."""

    why: str


class IdentityProvider(Protocol):
    """Signs people in elsewhere (OpenID Connect). May be used from any thread."""

    def ask(self) -> SignInRequest | IdentityRefused:
        """Begin; refused where the provider cannot be reached."""
        ...

    def redeem(self, code: str, asked: SignInRequest) -> Identity | IdentityRefused:
        """What the provider says of who came back with `code`."""
        ...


Units = Callable[[], UnitOfWork]


class Shadow(Protocol):
    """What stands beside the archive while its articles are decided anew; of one thread. It outlives its process: one
    that was killed goes on after what it `kept`. The archive is only read until `adopt`.
    """

    def total(self) -> int:
        """How many revisions are to be decided."""
        ...

    def left(self) -> int:
        """How many of them are still to be."""
        ...

    def pending(self, limit: int) -> tuple[RevisionForReplay, ...]:
        """The next ones, in the order in which they were first decided."""
        ...

    @property
    def shaped(self) -> frozenset[str]:
        """Live events that a person shaped: see `domain.replaying`."""
        ...

    def verdicts(self, article_id: int) -> tuple[Verdict, ...]:
        """What people said of an article and still holds, oldest first."""
        ...

    def known(self, query: KnownQuery, revision: RevisionForReplay) -> Known:
        """As `UnitOfWork.known`, of what is decided so far; events that hold the revision are always among them."""
        ...

    def former(self, revision: RevisionForReplay) -> tuple[FormerEvent, ...]:
        """Ids under which the revision may open events: those it had and nobody has taken, in the order of opening."""
        ...

    def write(self, revision: RevisionForReplay, intent: IngestIntent, article: ArticleData) -> None:
        """Put down what is decided of a revision; durable with the next `keep`."""
        ...

    def keep(self, last: RevisionForReplay) -> None:
        """Make durable what is decided up to and with `last`."""
        ...

    def difference(self) -> Difference:
        """How the archive would differ."""
        ...

    def adopt(self, difference: Difference, now: datetime) -> None:
        """Let the archive say what is decided here, in one transaction under its lock; nothing of it is announced.
        Raises `Refused` where the archive has changed since the shadow was made.
        """
        ...

    def close(self) -> None:
        """Give the connections back; what was kept stays."""
        ...


# ---------------------------------------------------------------- telling


class Renderer(Protocol):
    """Turns a digest into the messages of one channel."""

    def render(self, digest: Digest) -> tuple[RenderedPart, ...]:
        """At least one part; a channel's limits decide how many."""
        ...


class CalendarWriter(Protocol):
    """Writes iCalendar files (RFC 5545)."""

    def write(self, entries: Sequence[CalendarEntry], name: str, language: str, base_url: str = "") -> bytes:
        """A calendar called `name`; the same entries make the same bytes. `base_url` is how people reach the archive's
        pages, "" where they do not.
        """
        ...


class FeedWriter(Protocol):
    """Writes Atom feeds (RFC 4287)."""

    def write(self, entries: Sequence[FeedEntry], feed_id: str, title: str, language: str, base_url: str = "") -> bytes:
        """A feed called `title` with the stable id `feed_id`; the same entries make the same bytes. `base_url` as for
        calendars.
        """
        ...


class Packer(Protocol):
    """Packs tables into one file."""

    def pack(
        self,
        tables: Iterable[PackageTable],
        closing: Callable[[Sequence[PackedFile]], Mapping[str, bytes]],
        at: datetime,
    ) -> Iterator[bytes]:
        """The file, piece by piece: each table as `data/NAME.csv` and `data/NAME.jsonl`, then the files that `closing`
        makes of what was packed. The same tables and moment make the same bytes.
        """
        ...


class DossierWriter(Protocol):
    """Writes a dossier as a document of an office program."""

    def write(self, dossier: Dossier) -> bytes:
        """The whole file."""
        ...


class Channel(Protocol):
    """Hands a message over. Blocks; bounded by its own timeouts."""

    def send(self, delivery: DeliveryForSend) -> Sent | DeliveryFailed:
        """One attempt; the same delivery always carries the same Message-ID."""
        ...


# ---------------------------------------------------------------- running


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one drain of a queue did."""

    stage: Stage
    done: int
    failed: int


class Dispatcher(Protocol):
    """Runs stages when they are due: embedded (due-queues) or in a cluster (task queue on the same database)."""

    def drain(
        self, stage: Stage, limit: int | None = None, watch: Callable[[object], None] | None = None
    ) -> StageReport:
        """Run due work of a stage until none is left, `limit` is reached or `stop` was called.

        One bad item costs itself. `watch` is given each item's report (FeedReport, EntryReport, Digest,
        DeliveryReport), once what it tells of is durable, from any thread.
        """
        ...

    def stop(self) -> None:
        """Finish what runs, start nothing new; returns when all is quiet."""
        ...
