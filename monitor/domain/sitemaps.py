"""Sitemaps: where sites keep them, which parts of an index bring news, which entries belong to a feed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from urllib.parse import unquote, urlsplit

from monitor.domain.model.sources import EntryData
from monitor.domain.urls import absolute_url, host_of, same_site

# Where sitemaps are by convention: Google's documentation of news sitemaps, Yoast and core of WordPress, Drupal, TYPO3.
COMMON_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap-news.xml")
MAX_ROBOTS_CHARS = 512_000  # RFC 9309 section 2.5: parsers read at least 500 KiB
MAX_NAMED = 20  # `Sitemap:` lines that are read; newspapers name a handful
FEWEST_FOR_SECTION = 3  # entries that must agree before a path is taken for the section of a feed

_ROBOTS_LINE = re.compile(r"^[ \t]*site-?map[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_NEWS = re.compile(
    r"(?:^|[^a-z])(?:google-?)?(?:news|actu\w*|aktuell\w*|noticias?|notizie|nachrichten|tin-?tuc|xinwen|latest)(?![a-z])",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"(?:^|[^a-z])(?:posts?|articles?|artikel|stor(?:y|ies)|content|blog)(?![a-z])", re.IGNORECASE)
_OTHER = re.compile(
    r"(?:^|[^a-z])(?:categor(?:y|ies)|tags?|authors?|images?|videos?|users?|products?|taxonom(?:y|ies)|rubriques?|mots|archives?"
    r"|locations?|recipes?|galler(?:y|ies)|photos?|topics?|static|pages?)(?![a-z])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")


def named_in_robots(robots: str, base: str) -> tuple[str, ...]:
    """The addresses that the `Sitemap:` lines of a robots.txt name, likely ones of news first; relative ones, which the
    standard forbids and sites write, are taken as of `base`.
    """
    lines = _ROBOTS_LINE.findall(robots[:MAX_ROBOTS_CHARS])
    found = (absolute_url(line, base) for line in lines[:MAX_NAMED])
    named = tuple(dict.fromkeys(url for url in found if url is not None))
    return tuple(sorted(named, key=_rank))


def ranked_members(members: Iterable[tuple[str, datetime | None]]) -> tuple[str, ...]:
    """The members of an index in the order in which they likely bring news: what is named after news or articles before
    the rest, lists of categories, authors and pictures last; among alike the last changed, then the highest numbers in
    the name (years, months, running numbers).
    """
    told = list(dict(members).items())
    told.sort(key=lambda member: _numbers(member[0]), reverse=True)
    told.sort(key=lambda member: member[1].timestamp() if member[1] else 0.0, reverse=True)
    told.sort(key=lambda member: _rank(member[0]))
    return tuple(url for url, _ in told)


def _rank(url: str) -> int:
    parts = urlsplit(url)
    name = unquote(f"{parts.path}?{parts.query}")
    if _NEWS.search(name):
        return 0
    if _OTHER.search(name):
        return 3
    return 1 if _ARTICLES.search(name) else 2


def _numbers(url: str) -> tuple[int, ...]:
    return tuple(int(found[:18]) for found in _NUMBER.findall(urlsplit(url).path))


# ---------------------------------------------------------------- what belongs to a feed


def section(urls: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """Host and common path of most addresses: where the articles of a feed live. None: there are no addresses.

    The path stops before years and numbers, and before the last segment, which names the article. Under three
    addresses the whole host counts.
    """
    hosts = Counter(host for url in urls if (host := host_of(url)))
    if not hosts:
        return None
    host = hosts.most_common(1)[0][0]
    folders = [_folders(url) for url in urls if host_of(url) == host]
    return host, _common(folders) if len(folders) >= FEWEST_FOR_SECTION else ()


def missed(entries: Sequence[EntryData], seen: Sequence[str], since: datetime, limit: int) -> tuple[EntryData, ...]:
    """Of the entries of a sitemap those that a feed may have missed: dated after `since` (a bare day counts from that
    day on), on the host and under the path of the addresses that the feed has shown; the newest `limit`, newest first.
    """
    where = section(seen)
    if where is None:
        return ()
    host, folders = where
    kept = [
        entry
        for entry in entries
        if entry.url is not None
        and _is_since(entry.published_at, since)
        and same_site(host_of(entry.url) or "", host)
        and _folders(entry.url)[: len(folders)] == folders
    ]
    return tuple(sorted(kept, key=lambda entry: entry.published_at or since, reverse=True)[:limit])


def _is_since(moment: datetime | None, since: datetime) -> bool:
    if moment is None:
        return False
    return moment > since or (moment.time() == time() and moment.date() >= since.date())


def _folders(url: str) -> tuple[str, ...]:
    return tuple(part for part in urlsplit(url).path.split("/")[1:-1] if part)


def _common(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    common: list[str] = []
    for level in zip(*paths, strict=False):
        if len(set(level)) > 1 or _NUMBER.search(level[0]):
            break
        common.append(level[0])
    return tuple(common)
