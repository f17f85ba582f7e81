"""The web of the invented year: papers with a feed and pages, served from memory as far as the clock has come.

It stands where the guarded HTTP client stands (`ports.Fetcher`), so that a year of polling is not a year of politeness;
whatever reads what it serves is the real thing.
"""

from __future__ import annotations

import hashlib
import html
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from bench.year_stream import Piece
from monitor.domain.model.sources import FeedKind, Validators
from monitor.domain.outcomes import Outcome
from monitor.ports import Fetched, FetchFailed, FetchRequest, NotModified
from monitor.settings import FeedSettings, SourceSettings, SourcesFile

OWN_PAPER_FROM = 80  # pieces in a language; the others are in a paper of the world
ENTRIES = 60  # that a feed shows
TEASER_CHARS = 160
WORLD = "world"
WIRE = "wire"  # prints what others wrote

_COUNTRIES = {
    "ar": "EG", "de": "DE", "en": "GB", "es": "ES", "fr": "FR", "it": "IT", "ja": "JP", "ko": "KR", "pl": "PL",
    "pt": "BR", "ru": "RU", "tr": "TR", "uk": "UA", "vi": "VN", "zh": "CN",
}  # fmt: skip

_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title} | {paper}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="{published}"><link rel="canonical" href="{url}"></head>
<body><header><a href="/">{paper}</a><nav><ul><li><a href="/a">A</a></li><li><a href="/b">B</a></li></ul></nav></header>
<main><article><h1>{title}</h1><p class="meta"><time datetime="{published}">{day}</time></p>
{paragraphs}
</article></main>
<aside><h2>+</h2><ul>{others}</ul></aside><footer><p>© {paper}</p></footer></body></html>
"""


@dataclass(frozen=True, slots=True)
class _Paper:
    key: str
    language: str | None
    pieces: tuple[Piece, ...]  # in the order of publication

    @property
    def host(self) -> str:
        return f"{self.key}.example"


class YearWeb:
    """Implements the port `Fetcher`; may be asked from any thread."""

    def __init__(self, pieces: Sequence[Piece], clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._papers = {paper.host: paper for paper in _papers(pieces)}
        self._pages = {_url(paper, piece): (paper, piece) for paper in self._papers.values() for piece in paper.pieces}
        self._lock = threading.Lock()
        self.asked: Counter[str] = Counter()

    @property
    def pieces(self) -> dict[str, Piece]:
        """address -> piece."""
        return {url: piece for url, (_, piece) in self._pages.items()}

    @property
    def sources(self) -> SourcesFile:
        """What an operator would declare of it."""
        return SourcesFile(source=tuple(map(_source, self._papers.values())))

    def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """See the port."""
        host, _, path = request.url.removeprefix("https://").partition("/")
        with self._lock:
            self.asked[request.purpose.value] += 1
        paper = self._papers.get(host)
        if paper is not None and path == "feed.xml":
            return self._feed(paper, request)
        found = self._pages.get(request.url)
        if found is None or found[1].published_at > self._clock():
            return FetchFailed(request.url, Outcome.GONE, "there is no such page", 404)
        return self._answer(request.url, _page(*found).encode(), "text/html; charset=utf-8", None)

    def close(self) -> None:
        """Nothing is held open."""

    def _feed(self, paper: _Paper, request: FetchRequest) -> Fetched | NotModified:
        now = self._clock()
        shown = [piece for piece in paper.pieces if piece.published_at <= now][-ENTRIES:]
        etag = f'"{shown[-1].id if shown else ""}"'
        if request.validators.etag == etag:
            return NotModified(request.url)
        return self._answer(request.url, _rss(paper, shown).encode(), "application/rss+xml", etag)

    def _answer(self, url: str, body: bytes, content_type: str, etag: str | None) -> Fetched:
        sha = hashlib.sha256(body).hexdigest()
        return Fetched(url, url, None, 200, content_type, body, sha, Validators(etag), None, self._clock())


def _papers(pieces: Sequence[Piece]) -> list[_Paper]:
    languages = Counter(piece.language for piece in pieces)
    by_paper: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda one: one.published_at):
        own = piece.language if languages[piece.language] >= OWN_PAPER_FROM else WORLD
        by_paper[WIRE if piece.sort == "copy" else own].append(piece)
    return [_Paper(key, None if key in (WORLD, WIRE) else key, tuple(found)) for key, found in sorted(by_paper.items())]


def _source(paper: _Paper) -> SourceSettings:
    return SourceSettings(
        key=f"paper-{paper.key}",
        name=f"Paper {paper.key}",
        home_page=f"https://{paper.host}/",
        language=paper.language,
        country=_COUNTRIES.get(paper.key),
        feeds=(FeedSettings(url=f"https://{paper.host}/feed.xml", kind=FeedKind.FEED),),
    )


def _url(paper: _Paper, piece: Piece) -> str:
    return f"https://{paper.host}/news/{piece.id.lower()}"


def _rss(paper: _Paper, shown: Sequence[Piece]) -> str:
    items = "".join(
        f"<item><title>{html.escape(piece.title)}</title><link>{_url(paper, piece)}</link>"
        f"<guid>{_url(paper, piece)}</guid><pubDate>{format_datetime(piece.published_at)}</pubDate>"
        f"<description>{html.escape(piece.text[:TEASER_CHARS])}</description></item>"
        for piece in reversed(shown)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Paper {paper.key}</title><link>https://{paper.host}/</link><description>-</description>{items}"
        "</channel></rss>"
    )


def _page(paper: _Paper, piece: Piece) -> str:
    place = paper.pieces.index(piece)
    others = "".join(
        f'<li><a href="{_url(paper, one)}">{html.escape(one.title)}</a></li>'
        for one in paper.pieces[max(0, place - 3) : place]
    )
    paragraphs = "\n".join(f"<p>{html.escape(part)}</p>" for part in piece.text.split("\n") if part.strip())
    return _PAGE.format(
        language=piece.language,
        title=html.escape(piece.title, quote=True),
        paper=f"Paper {paper.key}",
        published=piece.published_at.isoformat(),
        day=piece.published_at.date().isoformat(),
        url=_url(paper, piece),
        paragraphs=paragraphs,
        others=others,
    )
