"""News searches, archives of several pages, sitemaps: through the whole program, from a local server to the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.bootstrap import App, quiet_logging
from monitor.domain.model.articles import EntryReport, TextPath
from monitor.domain.model.sources import FeedReport
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from monitor.settings import load
from tests.adapters.hostile import Hostile, answer, serving

pytestmark = pytest.mark.usefixtures("quick_start")
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Web:
    """Pages by path; what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []

    def __call__(self, connection, request: str) -> None:  # type: ignore[no-untyped-def]
        path = request.split(" ")[1]
        self.asked.append(path)
        found = self.pages.get(path)
        connection.sendall(answer(b"", "404 Not Found") if found is None else answer(found.encode()))


@contextmanager
def followed(tmp_path: Path, web: Web, clock: Clock, address: str, *feeds: str) -> Iterator[tuple[App, Hostile]]:
    """A program that follows those feeds ({url} is the server)."""
    quiet_logging()
    with serving(web, address=address) as server:
        sources = "".join(
            f'[[source]]\nkey = "s{n}"\nname = "Source {n}"\nlanguage = "en"\nfeeds = [{feed}]\n'
            for n, feed in enumerate(feeds)
        ).replace("{url}", server.url)
        (tmp_path / "sources.toml").write_text(sources, encoding="utf-8")
        (tmp_path / "monitor.toml").write_text(
            f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n'
            f"[fetch]\nhost_gap_s = 0.0\nallowed_addresses = {json.dumps([f'{server.address}:{server.port}'])}\n",
            encoding="utf-8",
        )
        with App(load(tmp_path / "monitor.toml"), clock) as app:
            app.apply_declared()
            yield app, server


def polled(app: App) -> list[FeedReport]:
    reports: list[object] = []
    app.dispatcher.drain(Stage.POLL, watch=reports.append)
    return [one for one in reports if isinstance(one, FeedReport)]


def ingested(app: App) -> list[EntryReport]:
    reports: list[object] = []
    app.dispatcher.drain(Stage.INGEST, watch=reports.append)
    return [one for one in reports if isinstance(one, EntryReport)]


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>News</title>{''.join(items)}</channel></rss>"


def found_by_search(token: str, title: str, publisher: str) -> str:
    link = f"https://news.google.com/rss/articles/{token}?oc=5"
    teaser = (
        f"&lt;a href=&quot;{link}&quot;&gt;{title}&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font&gt;{publisher}&lt;/font&gt;"
    )
    return (
        f"<item><title>{title} - {publisher}</title><link>{link}</link><guid isPermaLink='false'>{token}</guid>"
        f"<pubDate>Sun, 30 Aug 2026 08:00:00 GMT</pubDate><description>{teaser}</description>"
        f"<source url='https://paper.example'>{publisher}</source></item>"
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_article_that_several_searches_show_under_changing_links_is_one(tmp_path: Path, clock: Clock) -> None:
    title = "Mayors of Nancy and Kunming sign a new charter"
    web = Web()
    web.pages["/one"] = rss(found_by_search("CBMiAAA1", title, "The Paper"), found_by_search("CBMiB1", "Else", "P"))
    web.pages["/two"] = rss(found_by_search("CBMiZZZ9", title, "The Paper"))
    feeds = ('{ url = "{url}/one", kind = "feed" }', '{ url = "{url}/two", kind = "feed" }')
    with followed(tmp_path, web, clock, "127.0.45.1", *feeds) as (app, _):
        assert [(one.outcome, one.new) for one in polled(app)] == [(Outcome.OK, 2), (Outcome.OK, 1)]
        read = ingested(app)
        assert {one.outcome for one in read} == {Outcome.OPAQUE_LINK}
        assert {one.path for one in read} == {TextPath.TITLE_ONLY}
        rows = app.database.archive.articles()
        (row,) = [row for row in rows if row.title == title]
        told = app.database.archive.article(row.id)
        assert told.url.startswith("https://news.google.com/rss/articles/CBMi"), "a person can follow it"
        web.pages["/one"] = rss(found_by_search("CBMiCCC3", title, "The Paper"))
        clock.now += timedelta(days=1, hours=2)
        assert [one.new for one in polled(app)] == [0, 0]
    assert set(web.asked) <= {"/one", "/two", "/robots.txt", "/.well-known/tdmrep.json"}


def test_an_archive_of_several_pages_is_read_up_to_its_bound_and_then_only_its_news(
    tmp_path: Path, clock: Clock
) -> None:
    def page(number: int, *stories: int) -> str:
        links = "".join(f"<li><h3><a href='/story/{n}'>Story number {n} of the town</a></h3></li>" for n in stories)
        return f"<html><body><ul>{links}</ul><a class=older href='/news/{number + 1}'>Older stories</a></body></html>"

    web = Web()
    web.pages |= {f"/news/{n}": page(n, *range(n * 10, n * 10 + 4)) for n in range(1, 9)}
    feed = '{ url = "{url}/news/1", kind = "page", max_pages = 3, next_selector = "a.older" }'
    with followed(tmp_path, web, clock, "127.0.45.2", feed) as (app, _):
        assert [one.new for one in polled(app)] == [12]
        web.asked.clear()
        web.pages["/news/1"] = page(1, 99, 10, 11, 12)
        clock.now += timedelta(days=1, hours=2)
        assert [one.new for one in polled(app)] == [1]
        assert [path for path in web.asked if path.startswith("/news/")] == ["/news/1", "/news/2"]


def test_a_gap_is_filled_from_the_sitemap_of_the_site(tmp_path: Path, clock: Clock) -> None:
    def item(number: int, date: datetime) -> str:
        return (
            f"<item><title>Story {number}</title><link>{{url}}/story/{number}</link>"
            f"<pubDate>{date:%d %b %Y %H:%M} GMT</pubDate></item>"
        )

    web = Web()
    with followed(tmp_path, web, clock, "127.0.45.3", '{ url = "{url}/rss", kind = "feed" }') as (app, server):
        web.pages["/rss"] = rss(*(item(n, NOW - timedelta(days=n)) for n in range(1, 6))).replace("{url}", server.url)
        assert [one.new for one in polled(app)] == [5]
        clock.now += timedelta(days=2)
        fresh = [item(n, clock.now - timedelta(hours=n - 20)) for n in range(21, 26)]
        web.pages["/rss"] = rss(*fresh).replace("{url}", server.url)
        web.pages["/robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {server.url}/map.xml\n"
        stamped = [("story/1", -1), ("story/15", 25), ("story/16", 30), ("story/21", 47), ("jobs/1", 30)]
        addresses = "".join(
            f"<url><loc>{server.url}/{path}</loc><lastmod>{NOW + timedelta(hours=h):%Y-%m-%dT%H:%MZ}</lastmod></url>"
            for path, h in stamped
        )
        web.pages["/map.xml"] = f"<urlset>{addresses}</urlset>"
        (report,) = polled(app)
        assert (report.gap, report.filled, report.new) == (True, 2, 7)
        asked = {one.url for one in ingested(app)}
        assert {f"{server.url}/story/15", f"{server.url}/story/16"} <= asked
