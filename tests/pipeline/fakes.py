"""Stand-ins for the outside world: programmable, in memory, without any patching."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from monitor.domain.model.articles import ArticleData, ExtractFailed
from monitor.domain.model.sources import (
    EntryData,
    FeedForPoll,
    FeedKind,
    FeedReport,
    ParsedFeed,
    ParseFailed,
    PollIntent,
    Validators,
)
from monitor.domain.outcomes import Outcome
from monitor.errors import NotFound
from monitor.pipeline.poll import Polling, ask_feed, load_feeds, store_polls
from monitor.ports import Fetched, FetchFailed, FetchRequest, NotModified

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Answer = Fetched | NotModified | FetchFailed


def fetched(url: str, body: bytes | str = b"", **more: object) -> Fetched:
    """A 200 with that body."""
    raw = body.encode() if isinstance(body, str) else body
    values: dict[str, object] = {
        "url": url,
        "final_url": url,
        "permanent_url": None,
        "status": 200,
        "content_type": "text/html",
        "body": raw,
        "body_sha": hashlib.sha256(raw).hexdigest(),
        "validators": Validators(),
        "max_age_s": None,
        "fetched_at": NOW,
        **more,
    }
    return Fetched(**values)  # type: ignore[arg-type]


@dataclass
class FakeFetcher:
    """Answers from a table; an address without an answer does not exist."""

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[FetchRequest] = field(default_factory=list)

    def fetch(self, request: FetchRequest) -> Answer:
        self.requests.append(request)
        missing = FetchFailed(request.url, Outcome.NOT_FOUND, "404", 404)
        return self.answers.get(request.url, missing)


@dataclass
class FakeParser:
    """Reads bodies from a table, by their bytes."""

    readings: dict[bytes, ParsedFeed | ParseFailed] = field(default_factory=dict)
    linked: tuple[str, ...] = ()
    kinds: list[FeedKind] = field(default_factory=list)

    def parse(
        self,
        fetched: Fetched,
        kind: FeedKind,
        now: datetime,
        link_selector: str | None = None,
        link_pattern: str | None = None,
        next_selector: str | None = None,
    ) -> ParsedFeed | ParseFailed:
        self.kinds.append(kind)
        return self.readings.get(fetched.body, ParseFailed(Outcome.NOT_A_FEED, "unknown body"))

    def linked_feeds(self, fetched: Fetched) -> tuple[str, ...]:
        return self.linked


@dataclass
class FakeExtractor:
    """Extracts from a table, by the bytes of the page."""

    articles: dict[bytes, ArticleData] = field(default_factory=dict)

    def extract(
        self, body: bytes, url: str, content_type: str, language: str | None = None
    ) -> ArticleData | ExtractFailed:
        return self.articles.get(body, ExtractFailed(Outcome.NO_TEXT, "nothing"))


class FakeLanguages:
    """Believes what is declared."""

    def identify(self, text: str, declared: str | None = None) -> str | None:
        return declared


@dataclass
class FakeCaptures:
    """Captures in memory."""

    stored: dict[str, bytes] = field(default_factory=dict)

    def put(self, body: bytes) -> str:
        sha = hashlib.sha256(body).hexdigest()
        self.stored[sha] = body
        return sha

    def get(self, sha256: str) -> bytes:
        if sha256 not in self.stored:
            raise NotFound(sha256)
        return self.stored[sha256]


def entry(key: str, **more: object) -> EntryData:
    """An entry as a parser would give it."""
    values: dict[str, object] = {
        "key": key,
        "guid": key,
        "url": f"https://city.example/{key}",
        "title": f"Title of {key}",
        "summary": "",
        "content": "",
        "author": None,
        "published_raw": None,
        "published_at": None,
        "language": "en",
        "content_sha": "1",
        **more,
    }
    return EntryData(**values)  # type: ignore[arg-type]


def parsed(*entries: EntryData, kind: FeedKind = FeedKind.FEED) -> ParsedFeed:
    """A feed with those entries."""
    return ParsedFeed(kind, "City", "en", None, entries)


@dataclass
class FakeFeeds:
    """One feed's rows in memory: as much of a unit of work as polling needs."""

    feed: FeedForPoll | None
    stored: dict[str, str] = field(default_factory=dict)
    intents: list[PollIntent] = field(default_factory=list)
    kills: dict[tuple[str, str], int] = field(default_factory=dict)  # by hash and task
    titles: frozenset[str] = frozenset()  # of stored entries
    pending: PollIntent | None = None
    commits: int = 0

    def __call__(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pending = None

    def commit(self) -> None:
        self.commits += 1
        if self.pending is not None:
            self.intents.append(self.pending)
            self.stored.update({one.key: one.content_sha for one in self.pending.new_entries})

    def feeds_for_poll(self, feed_ids: Sequence[int]) -> Mapping[int, FeedForPoll]:
        return {} if self.feed is None else dict.fromkeys(feed_ids, self.feed)

    def entry_shas(self, feed_id: int, keys: Sequence[str]) -> Mapping[str, str]:
        return {key: self.stored[key] for key in keys if key in self.stored}

    def entry_titles(self, feed_id: int, titles: Sequence[str]) -> frozenset[str]:
        return frozenset(titles) & self.titles

    def apply_polls(self, intents: Sequence[PollIntent]) -> None:
        (self.pending,) = intents

    def quarantined(self, sha256: str, task: str) -> bool:
        return self.kills.get((sha256, task), 0) > 1

    def count_kill(self, sha256: str, task: str, url: str, outcome: Outcome, detail: str, now: datetime) -> int:
        self.kills[sha256, task] = self.kills.get((sha256, task), 0) + 1
        return self.kills[sha256, task]


def poll_feed(feed_id: int, now: datetime, polling: Polling) -> FeedReport | None:
    """All steps of polling one feed; None: it is gone or paused."""
    feed = load_feeds([feed_id], polling).get(feed_id)
    return None if feed is None else store_polls([ask_feed(feed, now, polling)], polling)[0]
