"""The invented web of the demo: a handful of sites on loopback addresses, each with a feed of its own kind."""

from __future__ import annotations

import html
import json
import string
import threading
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

_FEED_PATHS = {"feed": "/rss.xml", "atom": "/atom.xml", "json": "/feed.json", "rdf": "/index.rdf", "page": "/news"}
_CONTENT_TYPES = {
    "feed": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "rdf": "application/rdf+xml",
    "page": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One invented article."""

    slug: str
    language: str
    title: str
    author: str
    published: datetime
    phase: int  # 1: there at the first poll; 2: news
    summary: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoSite:
    """One invented publisher."""

    key: str
    name: str
    language: str
    country: str
    kind: str  # feed, atom, json, rdf, page
    articles: tuple[DemoArticle, ...]


@dataclass(frozen=True, slots=True)
class DemoPages:
    """The sites' page templates (`string.Template`)."""

    article: string.Template
    listing: string.Template


def read_sites(folder: Path) -> tuple[tuple[DemoSite, ...], DemoPages]:
    """The invented sites and their templates from the shipped folder."""
    data = tomllib.loads((folder / "articles.toml").read_text(encoding="utf-8"))
    sites = []
    for site in data["site"]:
        articles = tuple(
            DemoArticle(
                slug=one["slug"],
                language=one["language"],
                title=one["title"],
                author=one.get("author", site["name"]),
                published=one["published"],
                phase=one["phase"],
                summary=one["summary"],
                paragraphs=tuple(one["paragraphs"]),
            )
            for one in data["article"]
            if one["site"] == site["key"]
        )
        sites.append(DemoSite(site["key"], site["name"], site["language"], site["country"], site["kind"], articles))
    pages = DemoPages(
        string.Template((folder / "article.html").read_text(encoding="utf-8")),
        string.Template((folder / "listing.html").read_text(encoding="utf-8")),
    )
    return tuple(sites), pages


class DemoWeb:
    """Serves every site from an address of its own, so that politeness stays on; `phase` says how far time has gone."""

    def __init__(self, read: tuple[tuple[DemoSite, ...], DemoPages]) -> None:
        self.sites, self.pages = read
        self.phase = 1
        self._servers = {
            site.key: _serve(self, site, f"127.0.10.{number}") for number, site in enumerate(self.sites, 1)
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    @property
    def addresses(self) -> list[str]:
        """Exactly the "address:port" pairs that the guarded client must allow."""
        return [self._address(site) for site in self.sites]

    def base_url(self, site: DemoSite) -> str:
        """The site's home page."""
        return f"http://{self._address(site)}/"

    def _address(self, site: DemoSite) -> str:
        server = self._servers[site.key]
        return f"{server.server_address[0]!s}:{server.server_port}"

    def feed_url(self, site: DemoSite) -> str:
        """What is polled."""
        return self.base_url(site).rstrip("/") + _FEED_PATHS[site.kind]

    def answer(self, site: DemoSite, path: str) -> tuple[int, str, str]:
        """Status, content type and body for a path of a site."""
        articles = [one for one in site.articles if one.phase <= self.phase]
        base = self.base_url(site).rstrip("/")
        if path == _FEED_PATHS[site.kind]:
            return 200, _CONTENT_TYPES[site.kind], _WRITERS[site.kind](site, articles, base, self.pages)
        if path == "/robots.txt":
            return 200, "text/plain", "User-agent: *\nDisallow: /search\n"
        for one in articles:
            if path == f"/news/{one.slug}":
                return 200, "text/html; charset=utf-8", _article_page(site, one, articles, base, self.pages)
        return 404, "text/plain; charset=utf-8", "not found\n"


def _serve(web: DemoWeb, site: DemoSite, address: str) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content_type, body = web.answer(site, self.path.partition("?")[0])
            payload = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the library calls
            """The demo talks itself."""

    try:
        server = ThreadingHTTPServer((address, 0), Handler)
    except OSError:  # a system that gives loopback one address only
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def _article_page(
    site: DemoSite, article: DemoArticle, articles: Sequence[DemoArticle], base: str, pages: DemoPages
) -> str:
    related = "\n".join(
        f'<li><a href="/news/{one.slug}">{one.title}</a></li>' for one in articles if one.slug != article.slug
    )
    return pages.article.safe_substitute(
        language=article.language,
        title=article.title,
        author=article.author,
        published_iso=article.published.isoformat(),
        published_text=f"{article.published:%d.%m.%Y %H:%M}",
        site_name=site.name,
        body="\n".join(f"<p>{html.escape(one, quote=False)}</p>" for one in article.paragraphs),
        canonical=f"{base}/news/{article.slug}",
        related=related,
    )


def _listing(site: DemoSite, articles: Sequence[DemoArticle], base: str, pages: DemoPages) -> str:
    del base
    items = "\n".join(
        f'<li><a href="/news/{one.slug}">{one.title}</a> <time datetime="{one.published.isoformat()}">'
        f"{one.published:%d.%m.%Y}</time><p>{html.escape(one.summary, quote=False)}</p></li>"
        for one in articles
    )
    return pages.listing.safe_substitute(language=site.language, site_name=site.name, items=items)


def _rss(site: DemoSite, articles: Sequence[DemoArticle], base: str, pages: DemoPages) -> str:
    del pages
    items = "".join(
        f"<item><title>{html.escape(one.title)}</title><link>{base}/news/{one.slug}</link>"
        f'<guid isPermaLink="true">{base}/news/{one.slug}</guid><pubDate>{format_datetime(one.published)}</pubDate>'
        f"<description>{html.escape(one.summary)}</description></item>"
        for one in articles
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{site.name}</title>'
        f"<link>{base}/</link><description>{site.name}</description><language>{site.language}</language>{items}</channel></rss>"
    )


def _atom(site: DemoSite, articles: Sequence[DemoArticle], base: str, pages: DemoPages) -> str:
    del pages
    entries = "".join(
        f'<entry><title>{html.escape(one.title)}</title><link href="{base}/news/{one.slug}"/>'
        f"<id>tag:{site.key}.example,2026:{one.slug}</id><updated>{one.published.isoformat()}</updated>"
        f"<author><name>{html.escape(one.author)}</name></author><summary>{html.escape(one.summary)}</summary></entry>"
        for one in articles
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}">'
        f"<title>{site.name}</title><id>tag:{site.key}.example,2026:/</id><updated>2026-10-01T00:00:00Z</updated>"
        f'<link href="{base}/"/>{entries}</feed>'
    )


def _json_feed(site: DemoSite, articles: Sequence[DemoArticle], base: str, pages: DemoPages) -> str:
    del pages
    items = [
        {
            "id": one.slug,
            "url": f"{base}/news/{one.slug}",
            "title": one.title,
            "summary": one.summary,
            "date_published": one.published.isoformat(),
            "language": one.language,
        }
        for one in articles
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": site.name, "home_page_url": base, "items": items}
    return json.dumps(feed, ensure_ascii=False)


def _rdf(site: DemoSite, articles: Sequence[DemoArticle], base: str, pages: DemoPages) -> str:
    del pages
    items = "".join(
        f'<item rdf:about="{base}/news/{one.slug}"><title>{html.escape(one.title)}</title>'
        f"<link>{base}/news/{one.slug}</link><description>{html.escape(one.summary)}</description>"
        f"<dc:date>{one.published.isoformat()}</dc:date></item>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base}/"><title>{site.name}</title><link>{base}/</link></channel>{items}</rdf:RDF>'
    )


_WRITERS = {"feed": _rss, "atom": _atom, "json": _json_feed, "rdf": _rdf, "page": _listing}
