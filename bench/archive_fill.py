"""A large archive for the bench of its pages: written straight to the tables, shaped like what the program writes.

Articles are half in Latin script, a sixth each in Chinese, Vietnamese and French; one in ten of the words of a text is
common. An event has ten articles on average, a few have hundreds.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from bench.understanding import Row, _first, _insert
from monitor.adapters.storage.search import indexed_words
from monitor.bootstrap import App
from monitor.domain import decide
from monitor.domain.model.articles import ArticleData, SourceContext, TextPath
from monitor.domain.model.sources import FeedData, SourceData
from monitor.pipeline.ingest import article_for_decision, decide_and_apply

SEED = 17
SOURCES = 200
YEARS = 20
ARTICLES_AN_EVENT = 10
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
TODAY = NOW.date()

COMMON = ["city", "mayor", "delegation", "agreement", "cooperation", "schools", "visit", "signed", "partners"]
BODIES = 5_000
RARE_EVERY, MIDDLING_EVERY = 20_000, 200
KINDS = ("agreement_signed", "delegation_visit", "conference", "exchange", "economic", "aid", "talks", "anniversary")
STATUSES = ("happened",) * 16 + ("announced", "announced", "cancelled", "postponed")
LABELS = ("event", "irrelevant", "irrelevant", "background", "uncertain")
LANGUAGES = ("en", "en", "en", "fr", "zh", "vi")
COUNTRIES = ("FR", "CN", "VN", "DE", "JP", "US", "GB", "IT")
BUSY = (
    "Nancy",
    "Kunming",
    "Lyon",
    "Leipzig",
    "Tours",
    "Brest",
    "Wuhan",
    "Osaka",
    "Boston",
    "Toulouse",
    "Lille",
    "Metz",
)
SENTENCES = {
    "en": "The mayor of the city received a delegation and signed an agreement on schools.",
    "fr": "Le maire a reçu la délégation du jumelage et signé un accord pour les écoles.",
    "zh": "市长会见代表团，双方签署友好城市关系协议，河内与昆明合作交流。",
    "vi": "Lãnh đạo thành phố Đà Nẵng đã tiếp đoàn đại biểu và ký thỏa thuận hợp tác.",
}


def fill(app: App, articles: int) -> None:
    """Add so many articles, and a tenth as many events."""
    _declare(app)
    _store_one(app)
    connection = sqlite3.connect(app.configuration.database_url.removeprefix("sqlite:///"))
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-262144")
    connection.execute("PRAGMA wal_autocheckpoint=100000")
    dice = random.Random(SEED)
    first = int(str(_first(connection, "article")["id"])) + 1
    ids = range(first, first + articles)
    _add_articles(connection, ids, dice)
    _add_events(connection, ids, dice, places(app))
    _add_entries(connection, ids)
    connection.commit()
    connection.close()


def places(app: App) -> list[str]:
    """Ids of places, the busy ones first."""
    known = [found[0].id for name in BUSY if (found := app.gazetteer.by_name(name))]
    return known + [f"stored-place-{number}" for number in range(300)]


def _declare(app: App) -> None:
    sources = [
        SourceData(f"stored-source-{number}", f"Paper {number}", (FeedData(f"https://paper{number}.example/feed"),))
        for number in range(SOURCES)
    ]
    with app.database.units() as unit:
        unit.sync_sources(sources, NOW)
        unit.commit()


def _store_one(app: App) -> None:
    """The templates of all rows."""
    text = "The mayor of Nancy received a delegation of the sister city Kunming on 12 May 2026 and signed an agreement."
    told = ArticleData("Delegation visits Nancy", text, TextPath.GIVEN, published_on=TODAY, language="en")
    given = article_for_decision(
        told, "https://a.example/0", SourceContext("stored-source-0"), app.gazetteer, seen_at=NOW
    )
    with app.database.units() as unit:
        decide_and_apply(unit, decide.understand(given, app.knowledge), told, None, NOW, app.knowledge)
        unit.commit()


# ---------------------------------------------------------------- articles


def text_of(number: int, language: str) -> tuple[str, str, list[str]]:
    """Title, text and indexed words of an article: some 120 words, the body one of some thousands."""
    body, words = _body(number % BODIES, language)
    extra = ["regatta"] * (number % MIDDLING_EVERY == 0) + ["lighthouse77"] * (number % RARE_EVERY == 0)
    title = f"{COMMON[number % len(COMMON)].title()} {number} w{number % 977}"
    return title, " ".join([body, *extra]), [*indexed_words(title, ""), *words, *extra]


@cache
def _body(number: int, language: str) -> tuple[str, list[str]]:
    dice = random.Random(number)
    words = [f"w{dice.randrange(50_000)}" for _ in range(90)] + dice.choices(COMMON, k=10)
    dice.shuffle(words)
    text = " ".join([SENTENCES[language], *words])
    return text, indexed_words("", text)


def _moment(number: int, total: int) -> datetime:
    return NOW - timedelta(days=365 * YEARS) * (1 - number / total)


def _add_articles(connection: sqlite3.Connection, ids: range, dice: random.Random) -> None:
    article, revision, assessment = (_first(connection, one) for one in ("article", "revision", "assessment"))
    for batch in _in_batches(ids, 20_000):
        told = [(one, _language(one), *text_of(one, _language(one))) for one in batch]
        at = {one: _written(_moment(one - ids.start, len(ids))) for one in batch}
        articles = (article | _about(one, language, title, at[one], dice) for one, language, title, *_ in told)
        _insert(connection, "article", articles)
        texts = ({"title": title, "text": text, "language": language} for _, language, title, text, _ in told)
        _insert(
            connection,
            "revision",
            (
                revision | {"id": one, "article_id": one, "made_at": at[one]} | said
                for one, said in zip(batch, texts, strict=True)
            ),
        )
        _insert(connection, "assessment", (assessment | {"revision_id": one} | _record(one) for one in batch))
        connection.executemany(
            "INSERT INTO search_text (rowid, words) VALUES (?, ?)",
            ((one, " ".join(words)) for one, *_, words in told),
        )
        connection.commit()


def _record(number: int) -> Row:
    """What told no event has a short decision record."""
    return {} if number % len(LABELS) == 0 else {"record": "[]", "reasons": "[]"}


def _language(number: int) -> str:
    return LANGUAGES[number % len(LANGUAGES)]


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.000000")


def _about(number: int, language: str, title: str, at: str, dice: random.Random) -> Row:
    """Some sources tell much more than others."""
    source = min(dice.randrange(2 * SOURCES), dice.randrange(2 * SOURCES)) // 2
    return {
        "id": number,
        "url_key": f"stored.example/{number}",
        "url": f"https://stored.example/{number}",
        "title": title,
        "language": language,
        "source_key": f"stored-source-{source}",
        "first_seen_at": at,
        "last_seen_at": at,
        "published_on": at[:10],
        "label": LABELS[number % len(LABELS)],
        "copy_of_id": None,
    }


def _in_batches(ids: range, size: int) -> Iterator[range]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


# ---------------------------------------------------------------- events


def _add_events(connection: sqlite3.Connection, ids: range, dice: random.Random, known: list[str]) -> None:
    kind, link, change = (_first(connection, one) for one in ("event_kind", "event_article", "event_change"))
    template, total = _first(connection, "event"), len(ids) // ARTICLES_AN_EVENT
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for number in range(total):
        event_id, seen = f"ev_{number:016}", _moment(number, total)
        mine: Row = {"event_id": event_id}
        day = (seen.date() - timedelta(days=dice.randrange(-30, 60))).isoformat()
        pair = dice.sample(known if number % 3 else known[:10], 2)
        rows["event"].append(template | _facts(number, event_id, seen, day, pair, dice))
        rows["event_kind"].append(kind | mine | {"kind": dice.choice(KINDS), "position": 0})
        rows["event_participant"] += [mine | {"place_id": one, "starts_on": day, "ends_on": day} for one in pair]
        start = ids.start + number * ARTICLES_AN_EVENT
        told = range(start, min(ids.stop, start + (300 if number % 5_000 == 7 else 5 + number % 10)))
        rows["event_article"] += [link | mine | {"article_id": one, "role": "report"} for one in told]
        said = change | mine | {"article_id": start, "at": _written(seen)}
        rows["event_change"] += [said | {"seq": 10 + 2 * number}, said | {"seq": 11 + 2 * number, "kind": "report"}]
    for table, found in rows.items():
        _insert(connection, table, iter(found))


def _facts(number: int, event_id: str, seen: datetime, day: str, pair: list[str], dice: random.Random) -> Row:
    at = _written(seen)
    countries = ["FR", "PL"] if number % 997 == 0 else sorted(dice.sample(COUNTRIES, 2))
    languages = ["cs"] if number % 997 == 0 else sorted({dice.choice(LANGUAGES) for _ in range(2)})
    return {
        "id": event_id, "host_id": pair[0], "starts_on": day, "ends_on": day, "sort_on": day, "precision": "day",
        "status": dice.choice(STATUSES), "origin": "baseline" if number % 50 == 0 else "news", "series_key": None,
        "title": f"Delegation {number}", "countries": json.dumps(countries), "languages": json.dumps(languages),
        "first_seen_at": at, "updated_at": at,
    }  # fmt: skip


def _add_entries(connection: sqlite3.Connection, ids: range) -> None:
    """As many entries as articles, all read: what the queues and the pages of sources look through."""
    feeds = [row[0] for row in connection.execute("SELECT id FROM feed ORDER BY id")]
    at = _written(NOW)
    columns = "feed_id, entry_key, url, title, content_sha, first_seen_at, article_id"
    connection.executemany(
        f"INSERT INTO entry ({columns}, summary, content, baseline, attempts, refreshes, outcome, detail) "
        "VALUES (?, ?, ?, 'Entry', ?, ?, ?, '', '', 0, 1, 0, 'ok', '')",
        ((feeds[one % len(feeds)], f"k{one}", f"https://stored.example/{one}", f"{one:064x}", at, one) for one in ids),
    )
