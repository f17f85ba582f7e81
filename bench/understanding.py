"""How many articles a second go from text to intent on one core, and how that changes as the archive grows.

From text to intent: places, cues, facts, relevance, fingerprint, the slice of the archive that bears on the article,
the decision. Nothing is written. The archive is synthetic: articles with random fingerprints, of which one in thirty
tells an event between two of some 360 places; 50 thousand a year, so that a larger archive reaches further back, as it
does in life. Texts that nobody reads here (revisions, the search index) are left out.

    python -m bench.understanding [--large]      --large: also 1 million stored articles (minutes, 3 GB of disk)
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from bench import invented, throwaway
from monitor.bootstrap import App
from monitor.domain import decide, dedupe
from monitor.domain.model.articles import ArticleData, ArticleForDecision, SourceContext, TextPath
from monitor.domain.urls import url_key
from monitor.pipeline.ingest import article_for_decision, decide_and_apply

SIZES = (10_000, 100_000)
LARGE = 1_000_000
ARTICLES_A_YEAR = 50_000
ARTICLES_AN_EVENT = 30
OTHER_PLACES = 300  # besides those of the invented articles
DIGEST_BYTES = 4 * dedupe.PERMUTATIONS
MEASURED = 400
WARMING = 40
ROUNDS = 3  # the best counts: what else runs on the machine only ever slows it down
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
TODAY = NOW.date()
SEED = 11
REAL_NEWS = Path(__file__).resolve().parents[2] / "shared/data/neardup/telegram2019.dev.docs.jsonl"

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Measured:
    """One archive."""

    stored: int
    invented_per_s: float
    real_per_s: float  # 0: the real articles are not there
    slice_ms: float  # of that the archive's part, an article


# ---------------------------------------------------------------- the archive


def fill(app: App, stored: int) -> None:
    """Add `stored` articles straight to the tables, shaped like one that went through the program."""
    _store_one(app)
    connection = sqlite3.connect(app.configuration.database_url.removeprefix("sqlite:///"))
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=OFF")
    dice = random.Random(SEED)
    article, print_, event = (_first(connection, table) for table in ("article", "fingerprint", "event"))
    first = int(str(article["id"])) + 1
    ids = range(first, first + stored)
    _insert(connection, "article", (article | {"id": one, "url_key": f"stored.example/{one}"} for one in ids))
    _insert(connection, "fingerprint", (_print(print_, one, dice) for one in ids))
    for band in range(dedupe.BANDS):
        keys = sorted((dice.getrandbits(63), one) for one in ids)
        _insert(connection, "band", ({"band": band, "key": key, "article_id": one} for key, one in keys))
    _add_events(connection, event, ids, dice)
    connection.commit()
    connection.close()


def _store_one(app: App) -> None:
    occurrence = invented.Occurrence("signed", *invented.PAIRS[0], TODAY)
    text = invented.write(occurrence, "en", app.gazetteer)
    article = ArticleData(text.title, text.body, TextPath.GIVEN, published_on=text.published_on, language="en")
    given = _given(app, article, "https://stored.example/0")
    with app.database.units() as unit:
        decide_and_apply(unit, decide.understand(given, app.knowledge), article, None, NOW, app.knowledge)
        unit.commit()


def _print(template: Row, article_id: int, dice: random.Random) -> Row:
    return template | {
        "article_id": article_id,
        "text_sha": f"{dice.getrandbits(256):064x}",
        "digest": dice.randbytes(DIGEST_BYTES),
    }


def _add_events(connection: sqlite3.Connection, template: Row, ids: range, dice: random.Random) -> None:
    places = sorted({one for pair in invented.PAIRS for one in pair} | set(invented.STRANGERS))
    places += [f"stored-place-{number}" for number in range(OTHER_PLACES)]
    days = max(1, 365 * len(ids) // ARTICLES_A_YEAR)
    kind, link = _first(connection, "event_kind"), _first(connection, "event_article")
    events, kinds, participants, articles = [], [], [], []
    for number, article_id in enumerate(range(ids.start, ids.stop, ARTICLES_AN_EVENT)):
        event_id = f"stored-{number:08}"
        day = (TODAY - timedelta(days=dice.randrange(days))).isoformat()
        events.append(template | {"id": event_id, "starts_on": day, "ends_on": day, "sort_on": day})
        kinds.append(kind | {"event_id": event_id})
        articles.append(link | {"event_id": event_id, "article_id": article_id})
        participants += [
            {"event_id": event_id, "place_id": place, "starts_on": day, "ends_on": day}
            for place in dice.sample(places, 2)
        ]
    for table, rows in (
        ("event", events), ("event_kind", kinds), ("event_article", articles), ("event_participant", participants),
    ):  # fmt: skip
        _insert(connection, table, iter(rows))


def _first(connection: sqlite3.Connection, table: str) -> Row:
    return dict(connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    first = next(rows, None)
    if first is None:
        return
    columns = ", ".join(f'"{one}"' for one in first)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(first))})"
    connection.execute(statement, tuple(first.values()))
    connection.executemany(statement, (tuple(row.values()) for row in rows))


# ---------------------------------------------------------------- measuring


def _given(app: App, article: ArticleData, url: str) -> ArticleForDecision:
    return article_for_decision(article, url, SourceContext("bench"), app.gazetteer, seen_at=NOW)


def decide_one(app: App, article: ArticleData, number: int) -> float:
    """From text to intent; the seconds that the archive took."""
    url = f"https://fresh.example/{url_key(str(number))}"
    understanding = decide.understand(_given(app, article, url), app.knowledge)
    with app.database.units() as unit:
        began = time.process_time()
        known = unit.known(decide.query(understanding))
        took = time.process_time() - began
    decide.ingest(known, understanding, NOW, app.knowledge)
    return took


def _invented_articles(app: App) -> list[ArticleData]:
    """Half events, half local news."""
    dice = random.Random(SEED)
    told = [
        invented.write(one, invented.LANGUAGES[index % len(invented.LANGUAGES)], app.gazetteer, filling=dice)
        for index, one in enumerate(invented.occurrences(MEASURED // 2, dice, date(2026, 1, 12), 120))
    ]
    told += invented.hard_local_news(MEASURED // 2, dice, app.gazetteer, date(2026, 1, 12), 120)
    return [_article(one.title, one.body, one.language, one.published_on) for one in told]


def _real_articles() -> list[ArticleData]:
    if not REAL_NEWS.exists():
        return []
    rows = [json.loads(line) for line in REAL_NEWS.read_text(encoding="utf-8").splitlines()]
    chosen = random.Random(SEED).sample(rows, MEASURED)
    return [_article(row["title"], row["text"], row["lang"], date.fromisoformat(row["date"][:10])) for row in chosen]


def _article(title: str, text: str, language: str, published_on: date) -> ArticleData:
    return ArticleData(title, text, TextPath.GIVEN, published_on=published_on, language=language)


def timed(articles: Sequence[ArticleData], app: App) -> tuple[float, float]:
    """Seconds an article of this process's own time, and the archive's part of them."""
    began = time.process_time()
    took = [decide_one(app, article, number) for number, article in enumerate(articles)]
    return (time.process_time() - began) / len(articles), sum(took) / len(took)


def measure(apps: Mapping[int, App]) -> Iterator[Measured]:
    """On every archive in turn, round by round: what else keeps the machine busy then weighs on all of them alike."""
    some = next(iter(apps.values()))
    articles, real = _invented_articles(some), _real_articles()
    best: dict[tuple[int, bool], tuple[float, float]] = {}
    for round_ in range(ROUNDS + 1):
        for stored, app in apps.items():
            for is_real, chosen in ((False, articles), (True, real)):
                if chosen:
                    found = timed(chosen if round_ else chosen[:WARMING], app)
                    best[stored, is_real] = min(found, best.get((stored, is_real), found)) if round_ > 1 else found
    for stored in apps:
        one, slice_ = best[stored, False]
        other, _ = best.get((stored, True), (0.0, 0.0))
        yield Measured(stored, 1 / one, 1 / other if other else 0.0, 1000 * slice_)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true")
    sizes = (*SIZES, LARGE) if parser.parse_args().large else SIZES
    if real := _real_articles():
        print(f"real articles: {median(len(one.text) for one in real):.0f} characters in the median")
    with ExitStack() as stack:
        apps = {}
        for size in sizes:
            began = time.perf_counter()
            apps[size] = stack.enter_context(throwaway.app())
            fill(apps[size], size)
            print(f"{size:>9,} articles stored in {time.perf_counter() - began:.0f} s", flush=True)
        measured = list(measure(apps))
    for one in measured:
        print(
            f"{one.stored:>9,} stored: {one.invented_per_s:6.0f} invented, {one.real_per_s:6.0f} real articles/s;"
            f" the archive's part {one.slice_ms:.2f} ms an article;"
            f" cost {measured[0].invented_per_s / one.invented_per_s:.2f} times that of {measured[0].stored:,}"
        )


if __name__ == "__main__":
    main()
