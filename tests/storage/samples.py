"""Invented sources, polls, articles and decisions, as short as a test can bear."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.adapters.storage.database import Database
from monitor.domain.dedupe import fingerprint
from monitor.domain.model.articles import (
    Applied,
    ArticleData,
    ArticleForDecision,
    Assessment,
    CopyKind,
    CopyOf,
    Fingerprint,
    IngestIntent,
    KnownQuery,
    Label,
    Origin,
    Reason,
    SourceContext,
    Span,
    StageRecord,
    TextPath,
    Understanding,
)
from monitor.domain.model.digests import ChannelKind, SubscriptionData
from monitor.domain.model.events import (
    ChangeIntent,
    ChangeKind,
    DateRange,
    EventIntent,
    EventKind,
    EventOrigin,
    EventStatus,
    Facts,
    Happening,
    Person,
    Role,
)
from monitor.domain.model.places import Mention, PlaceKind
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.model.sources import EntryData, FeedData, FeedKind, PollIntent, SourceData, Validators
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import url_key
from monitor.ports import Stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEASE_S = 600.0

TEXT = (
    "The mayors of the two river towns met on Monday in the old harbour hall and put their names under a plan for "
    "shared summer camps, a travelling book fair and a yearly regatta. Schools on both banks will send classes."
)
OTHER_TEXT = (
    "Beekeepers from the northern valley expect a late harvest after weeks of cold rain, and prices at the Saturday "
    "market have already gone up. The cooperative asks members to feed weak hives until the lime trees bloom."
)


def source(key: str = "harbour-post", *urls: str, **fields: Any) -> SourceData:
    feeds = tuple(FeedData(url) for url in urls or (f"https://{key}.example/feed",))
    return SourceData(**({"key": key, "name": key.title(), "feeds": feeds} | fields))


def entry(key: str = "e1", title: str = "Two towns, one regatta", **fields: Any) -> EntryData:
    given: dict[str, Any] = {
        "key": key,
        "guid": key,
        "url": f"https://harbour-post.example/{key}",
        "title": title,
        "summary": "A summary",
        "content": "",
        "author": None,
        "published_raw": None,
        "published_at": None,
        "language": "en",
    } | fields
    sha = hashlib.sha256(repr(sorted(given.items())).encode()).hexdigest()
    return EntryData(**({"content_sha": sha} | given))


def poll(feed_id: int = 1, now: datetime = NOW, **fields: Any) -> PollIntent:
    given: dict[str, Any] = {
        "feed_id": feed_id,
        "polled_at": now,
        "outcome": Outcome.OK,
        "detail": "",
        "next_at": now + HOUR,
        "failures": 0,
        "failing_since": None,
        "validators": Validators('"v1"', None),
        "body_sha": "b" * 64,
        "found_kind": FeedKind.FEED,
        "moved_to": None,
        "full": True,
    }
    return PollIntent(**(given | fields))


def add_source(database: Database, given: SourceData | None = None, now: datetime = NOW) -> None:
    with database.units() as unit:
        unit.sync_sources([given or source()], now)
        unit.commit()


def apply_poll(database: Database, intent: PollIntent) -> None:
    with database.units() as unit:
        unit.apply_polls([intent])
        unit.commit()


def feed_ids(database: Database) -> list[int]:
    return [feed.id for view in database.archive.sources() for feed in view.feeds]


def entries_due(database: Database, now: datetime = NOW, limit: int = 100) -> tuple[int, ...]:
    return database.queue.claim(Stage.INGEST, now, limit, LEASE_S)


# ---------------------------------------------------------------- articles and decisions


def happening(**fields: Any) -> Happening:
    given: dict[str, Any] = {
        "kinds": (EventKind.AGREEMENT_SIGNED, EventKind.TALKS),
        "participants": frozenset({"lakeside", "millport"}),
        "host_id": "lakeside",
        "when": DateRange(date(2026, 2, 27), date(2026, 2, 28)),
        "status": EventStatus.HAPPENED,
        "countries": frozenset({"FR", "VN"}),
        "sentence": "The mayors met.",
    }
    return Happening(**(given | fields))


def opening(told: Happening | None = None, announce: bool = True, **fields: Any) -> EventIntent:
    given: dict[str, Any] = {
        "event_id": None,
        "role": Role.REPORT,
        "happening": told or happening(),
        "origin": EventOrigin.NEWS,
        "changes": (ChangeIntent(ChangeKind.OPENED, announce, after="happened"),),
        "why": "no known event is like it",
    }
    return EventIntent(**(given | fields))


def joining(event_id: str, *changes: ChangeIntent, **fields: Any) -> EventIntent:
    given: dict[str, Any] = {
        "event_id": event_id,
        "role": Role.REPORT,
        "happening": happening(),
        "origin": EventOrigin.NEWS,
        "changes": changes or (ChangeIntent(ChangeKind.REPORT, True, after="harbour-post"),),
        "why": "same places, same day",
        "score": 0.91,
    }
    return EventIntent(**(given | fields))


def article(title: str = "Two towns, one regatta", text: str = TEXT, **fields: Any) -> ArticleData:
    given = {"path": TextPath.PAGE, "language": "en", "published_on": date(2026, 3, 1)}
    return ArticleData(**({"title": title, "text": text} | given | fields))


def decision(
    given: ArticleData,
    url: str = "https://harbour-post.example/e1",
    events: Sequence[EventIntent] = (),
    now: datetime = NOW,
    **fields: Any,
) -> IngestIntent:
    """What decide might make of `given`; `fields` replace the intent's, `baseline` and `origin` the article's."""
    label = fields.pop("label", Label.EVENT if events else Label.IRRELEVANT)
    for_decision = ArticleForDecision(
        url=url,
        url_key=url_key(url),
        title=given.title,
        text=given.text,
        language=given.language,
        published_on=given.published_on,
        source=SourceContext("harbour-post"),
        hits=(),
        baseline=fields.pop("baseline", False),
        origin=fields.pop("origin", Origin.FEED),
    )
    span = Span(0, 3, given.title[:3])
    understanding = Understanding(
        article=for_decision,
        mentions=fields.pop(
            "mentions",
            (
                Mention(0, 3, given.title[:3], "lakeside", "FR", PlaceKind.CITY, 0.9),
                Mention(4, 9, given.title[4:9], None, None, None, 0.2, ("millport", "gn1")),
            ),
        ),
        assessment=Assessment(
            label, fields.pop("score", 0.8), (Reason("strong-cue", 0.5, "met", (span,)),), "international", "rules-1"
        ),
        facts=fields.pop("facts", Facts(None, people=(Person("Ána Lê", "mayor"),), numbers=("548",))),
        fingerprint=fields.pop("print_", None) or fingerprint(f"{given.title}\n\n{given.text}"),
    )
    known: dict[str, Any] = {
        "understanding": understanding,
        "decided_at": now,
        "same_url_id": None,
        "unchanged": False,
        "copy_of": None,
        "known_seed": None,
        "label": label,
        "events": tuple(events),
        "record": (StageRecord("relevance", label.value, 0.8, 0.5, "because", None, (span,)),),
    }
    return IngestIntent(**(known | fields))


def store(
    database: Database,
    given: ArticleData | None = None,
    url: str = "https://harbour-post.example/e1",
    events: Sequence[EventIntent] = (),
    **fields: Any,
) -> Applied:
    """Apply a decision in a unit of its own."""
    told = given or article()
    with database.units() as unit:
        unit.serialise()
        applied = unit.apply(decision(told, url, events, **fields), told, None, "harbour-post")
        unit.commit()
    return applied


def copy_of(article_id: int, seed_key: str | None = None) -> CopyOf:
    return CopyOf(article_id, CopyKind.NEAR_COPY, 0.9, 0.95, seed_key)


def query(given: ArticleData | None = None, url: str = "https://elsewhere.example/x", **fields: Any) -> KnownQuery:
    """What decide would ask before judging `given`."""
    told = given or article()
    print_: Fingerprint = fingerprint(f"{told.title}\n\n{told.text}")
    asked: dict[str, Any] = {
        "url_key": url_key(url),
        "scheme": print_.scheme,
        "bands": print_.bands,
        "text_sha": print_.text_sha,
        "place_ids": frozenset(),
        "earliest_on": None,
        "latest_on": None,
    }
    return KnownQuery(**(asked | fields))


def seed(key: str = "lakeside-2024", **fields: Any) -> SeedRecord:
    given: dict[str, Any] = {
        "key": key,
        "title": "Lakeside and Millport sign",
        "label": Label.EVENT,
        "language": "fr",
        "fingerprint": fingerprint(OTHER_TEXT),
        "summary": "Both towns signed a charter of friendship.",
        "happening": happening(when=DateRange(date(2024, 6, 1), date(2024, 6, 1))),
        "people": (Person("Ána Lê"),),
        "numbers": ("12",),
    }
    return SeedRecord(**(given | fields))


def put_seed(database: Database, record: SeedRecord, sha: str = "sha-1", now: datetime = NOW) -> None:
    with database.units() as unit:
        unit.put_seed(record, sha, now)
        unit.commit()


def subscription(key: str = "weekly", **fields: Any) -> SubscriptionData:
    given: dict[str, Any] = {
        "key": key,
        "channel": ChannelKind.EMAIL,
        "recipients": ("officer@townhall.example",),
        "schedule": "0 7 * * *",
        "time_zone": "Europe/Paris",
        "language": "fr",
    }
    return SubscriptionData(**(given | fields))


def subscribe(database: Database, *declared: SubscriptionData, now: datetime = NOW) -> int:
    """The id of the first one."""
    given = declared or (subscription(),)
    with database.units() as unit:
        unit.sync_subscriptions(given, now)
        unit.commit()
    return next(id_ for id_, data in database.archive.subscriptions() if data.key == given[0].key)
