"""How fast the archive's search and pages answer while news keeps coming in.

    python -m bench.archive [--full]      --full: 1 million articles and 100 thousand events (minutes, 5 GB of disk)

Every page is asked for through the whole program, but for the network: guard, archive, template. A thread writes what a
poll and an ingested article write, a few a second. The first answers are not counted.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

from starlette.testclient import TestClient

from bench import throwaway
from bench.archive_fill import NOW, TODAY, fill, places, text_of
from bench.evaluate import FLOORS, beyond
from monitor.bootstrap import App
from monitor.domain import decide
from monitor.domain.accounts import secret_sha
from monitor.domain.model.articles import ArticleData, SourceContext, TextPath
from monitor.domain.model.event_search import EventFilter, SavedSearchData
from monitor.domain.model.partnerships import Declared, PartnershipData, Stated
from monitor.pipeline.ingest import article_for_decision, decide_and_apply
from monitor.pipeline.partnerships import declare
from monitor.web import app as web_app
from monitor.web.site import OpenGate, Site, WebOptions
from monitor.web.start import settle

QUERIES = Path(__file__).with_name("archive_queries.toml")
DEFAULT, FULL = 100_000, 1_000_000
ROUNDS, WARMING = 20, 2
WRITES_PER_S = 4
GOALS_MS = {"search": 100.0, "page": 300.0}
TOKEN = "of-the-saved-search"
LEFT_OUT = frozenset({"/exports/download"})  # by itself the whole archive, written as it is read; asked for in parts
HERE = "http://127.0.0.1"  # other hosts are refused


@dataclass(frozen=True, slots=True)
class Measured:
    """One address."""

    name: str
    path: str
    status: int
    p50_ms: float
    p95_ms: float
    busy_p50_ms: float  # of this process's own time: what a machine with nothing else to do would take
    busy_p95_ms: float


def measured(name: str, path: str, client: TestClient, rounds: int = ROUNDS) -> Measured:
    """Ask some times."""
    took: list[float] = []
    busy: list[float] = []
    status = 0
    for number in range(rounds + WARMING):
        began, began_busy = time.perf_counter(), time.process_time()
        status = client.get(path).status_code
        if number >= WARMING:
            took.append(1000 * (time.perf_counter() - began))
            busy.append(1000 * (time.process_time() - began_busy))
    figures = [percentile(values, share) for values in (took, busy) for share in (0.5, 0.95)]
    return Measured(name, path, status, *figures)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def writing(app: App) -> Iterator[None]:
    """News keeps coming in meanwhile: a short write transaction each."""
    stop = threading.Event()

    def write() -> None:
        number = 10**9
        while not stop.wait(1 / WRITES_PER_S):
            number += 1
            title, text, _ = text_of(number, "en")
            article = ArticleData(title, text, TextPath.GIVEN, published_on=TODAY, language="en")
            source = SourceContext("stored-source-1")
            given = article_for_decision(article, f"https://live.example/{number}", source, app.gazetteer, seen_at=NOW)
            understanding = decide.understand(given, app.knowledge)
            with app.database.units() as unit:
                decide_and_apply(unit, understanding, article, None, NOW, app.knowledge)
                unit.commit()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


# ---------------------------------------------------------------- what is asked


def searches() -> Iterator[tuple[str, str]]:
    """Names and addresses of the searches."""
    for name, words in tomllib.loads(QUERIES.read_text(encoding="utf-8"))["search"].items():
        asked, _, more = words.partition("&")
        yield f"search {name}", f"/events?q={quote(asked)}" + (f"&{more}" if more else "")


def lists(app: App) -> Iterator[tuple[str, str]]:
    """Names and addresses of the lists by facet, and of other pages that can be asked for much."""
    [place, *_] = app.gazetteer.by_name("Nancy")
    known = {"place": place.id, "partnership": quote(partnership_key(app)), "source": "stored-source-1"}
    asked = tomllib.loads(QUERIES.read_text(encoding="utf-8"))
    for name, fields in asked["lists"].items():
        yield f"events {name}", f"/events?{fields.format(**known)}"
    for name, path in asked["pages"].items():
        yield name, path.format(**known)


def partnership_key(app: App) -> str:
    """A partnership that many events are of."""
    return next(iter(one.key for one in app.database.archive.partnerships()), "none")


def pages(app: App) -> Iterator[tuple[str, str]]:
    """Every GET route that readers, reviewers and administrators have, one address each."""
    event_id = "ev_0000000000000007"
    known = {
        "token": TOKEN,
        "event_id": event_id,
        "article_id": "500",
        "key": quote(partnership_key(app)),
        "source_key": "stored-source-1",
    }
    for route in web_app.routes():
        if "GET" not in (route.methods or ()) or route.path in LEFT_OUT:
            continue
        given = {one: known.get(one, "1") for one in route.param_convertors}
        yield route.path, route.path.format(**given)


def add_standing(app: App) -> None:
    """Some dozens, among the busiest places; and a saved search."""
    pairs = combinations(places(app)[:10], 2)
    known = [PartnershipData("+".join(sorted(pair)), frozenset(pair), origin=Stated.CONFIG) for pair in pairs]
    asked = EventFilter(words="delegation", country="FR")
    app.database.saved_searches.add(SavedSearchData("all", asked, "local", None, "en", secret_sha(TOKEN), NOW))
    app.database.briefings.add("What was signed", "local", NOW)
    declare(Declared(partnerships=tuple(known)), NOW, app.database.units)


def told(one: Measured, goal_ms: float) -> str:
    """A line of the table."""
    over = "  over" if one.p95_ms > goal_ms else ""
    figures = (one.p50_ms, one.p95_ms, one.busy_p50_ms, one.busy_p95_ms)
    return f"{one.name:<44} {one.status:>4} " + " ".join(f"{value:8.1f}" for value in figures) + over


def run(app: App, rounds: int) -> Iterator[tuple[str, Measured]]:
    """Everything that is asked, one after the other, each with what kind of question it is."""
    site = Site(app, WebOptions(), OpenGate(), b"k" * 32, lambda: NOW)
    client = TestClient(web_app.create(site), HERE, follow_redirects=False, raise_server_exceptions=False)
    settle(app)
    with writing(app):
        for name, path in searches():
            yield "search", measured(name, path, client, rounds)
        for name, path in [*lists(app), *pages(app)]:
            yield "page", measured(name, path, client, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--articles", type=int, default=DEFAULT)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, help="keep the archive here, or use the one that is there")
    chosen = parser.parse_args()
    size = FULL if chosen.full else chosen.articles
    worst, busiest = dict.fromkeys(GOALS_MS, 0.0), dict.fromkeys(GOALS_MS, 0.0)
    with throwaway.app(folder=chosen.folder, clock=lambda: NOW) as app:
        if chosen.folder is None or not (chosen.folder / "monitor.db").exists():
            began = time.perf_counter()
            fill(app, size)
            add_standing(app)
            app.database.list_all()
            print(f"{size:,} articles, {size // 10:,} events stored in {time.perf_counter() - began:.0f} s", flush=True)
        print(f"{'':<44}      {'p50 ms':>8} {'p95 ms':>8} {'busy p50':>8} {'busy p95':>8}")
        for kind, found in run(app, chosen.rounds):
            worst[kind], busiest[kind] = max(worst[kind], found.p95_ms), max(busiest[kind], found.busy_p95_ms)
            print(told(found, GOALS_MS[kind]), flush=True)
    for kind, p95 in worst.items():
        told_of = f"p95 {p95:.0f} ms (goal {GOALS_MS[kind]:.0f}), {busiest[kind]:.0f} ms of it our own"
        print(f"the slowest {kind}: {told_of}")
    print("load of the machine: " + " ".join(f"{one:.1f}" for one in os.getloadavg()))
    own = {f"{kind}_own_ms": value for kind, value in busiest.items()}
    failures = beyond(own, tomllib.loads(FLOORS.read_text(encoding="utf-8"))["archive"])
    for failure in failures:
        print(failure)
    if failures:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
