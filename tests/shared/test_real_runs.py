"""The whole job on input that nobody here wrote: real feeds with unreachable articles, real pages behind a feed."""

from __future__ import annotations

import gzip
import html
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.bootstrap import App
from monitor.domain.model.articles import EntryReport, TextPath
from monitor.domain.model.sources import FeedKind, FeedReport
from monitor.domain.outcomes import Outcome
from monitor.domain.schedule import PAGE_RETRIES
from monitor.ports import Stage
from monitor.settings import Configuration, FeedSettings, FetchSettings, Settings, SourceSettings, SourcesFile

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def served(pages: Mapping[str, tuple[str, bytes]], address: str) -> Iterator[str]:
    """A local site: path -> (content type, body)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content_type, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((address, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{address}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def nobody_answers(host: str, port: int) -> list[str]:
    """A name server that knows no name: the tests never leave this machine."""
    return [host] if host.startswith("127.") else []


def configuration(folder: Path, sources: tuple[SourceSettings, ...], allowed: tuple[str, ...]) -> Configuration:
    fetch = FetchSettings(host_gap_s=0, allowed_addresses=allowed, workers=4)
    return Configuration(Settings(data_directory=folder, fetch=fetch), SourcesFile(source=sources), None)


def drain(app: App, stage: Stage) -> list[object]:
    reports: list[object] = []
    app.dispatcher.drain(stage, watch=reports.append)
    return reports


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.timeout(400)
def test_real_feeds_with_unreachable_articles_keep_their_entries(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "data" / "feeds" / "real").iterdir())
    pages = {f"/{path.name}": ("application/xml", path.read_bytes()) for path in files}
    with served(pages, "127.0.20.1") as address:
        sources = tuple(
            SourceSettings(
                key=f"s{number}", name=path, feeds=(FeedSettings(url=f"http://{address}{path}", kind=FeedKind.FEED),)
            )
            for number, path in enumerate(pages)
        )
        clock = Clock()
        with App(configuration(tmp_path, sources, (address,)), clock=clock, resolver=nobody_answers) as app:
            app.apply_declared()
            polled = [one for one in drain(app, Stage.POLL) if isinstance(one, FeedReport)]
            assert len(polled) == len(files)
            outcomes = Counter(one.outcome for one in polled)
            assert set(outcomes) <= {Outcome.OK, Outcome.EMPTY, Outcome.NOT_A_FEED}, outcomes
            assert outcomes[Outcome.OK] >= len(files) * 0.97
            _check_some_entries(app, clock)


def _check_some_entries(app: App, clock: Clock) -> None:
    """A few hundred of thousands of entries through all retries: each ends as an article from the feed's own text."""
    reports: list[EntryReport] = []

    def keep(report: object) -> None:
        if isinstance(report, EntryReport):
            reports.append(report)

    clock.now += timedelta(seconds=2)
    app.dispatcher.drain(Stage.INGEST, limit=200, watch=keep)
    waiting = [one for one in reports if one.article_id is None]
    assert waiting
    assert {one.outcome for one in waiting} <= {Outcome.DNS, Outcome.NETWORK, Outcome.BLOCKED_ADDRESS}
    for wait in PAGE_RETRIES:
        clock.now += wait + timedelta(seconds=1)
        app.database.queue.hurry(Stage.INGEST, [one.entry_id for one in waiting], clock.now - timedelta(days=2))
        app.dispatcher.drain(Stage.INGEST, limit=len(waiting), watch=keep)
    kept = {one.entry_id: one for one in reports if one.article_id is not None}
    assert set(kept) >= {one.entry_id for one in waiting}
    for one in kept.values():
        assert one.path in {TextPath.FEED_CONTENT, TextPath.FEED_SUMMARY, TextPath.TITLE_ONLY}
        assert one.outcome is not Outcome.OK
        assert one.article_id is not None
        assert app.database.archive.article(one.article_id).fallback is one.outcome


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.timeout(400)
def test_real_pages_behind_a_feed_end_as_articles(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "data" / "extraction" / "fundus"
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    pages = {f"/{row['id']}": ("text/html", gzip.decompress((folder / row["html"]).read_bytes())) for row in rows}
    with served(pages, "127.0.20.2") as address:
        items = "".join(
            f"<item><title>{html.escape(path)}</title><link>http://{address}{path}</link></item>" for path in pages
        )
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Pages</title>{items}</channel></rss>'
        pages["/feed"] = ("application/rss+xml", feed.encode())
        source = SourceSettings(key="pages", name="Pages", feeds=(FeedSettings(url=f"http://{address}/feed"),))
        clock = Clock()
        with App(configuration(tmp_path, (source,), (address,)), clock=clock, resolver=nobody_answers) as app:
            app.apply_declared()
            drain(app, Stage.POLL)
            clock.now += timedelta(seconds=2)
            ingested = [one for one in drain(app, Stage.INGEST) if isinstance(one, EntryReport)]
            assert len(ingested) == len(rows)
            # Four of the pages carry a reservation against mining in their head.
            assert Counter(one.outcome for one in ingested) == {Outcome.OK: len(rows) - 4, Outcome.TDM_RESERVED: 4}
            for one in ingested:
                if one.outcome is Outcome.TDM_RESERVED:
                    continue
                assert one.article_id is not None
                view = app.database.archive.article(one.article_id)
                assert view.title
                assert len(view.text) > 100, one.url
                assert view.language, one.url
                assert view.capture is not None
                assert app.captures.get(view.capture.sha256)
