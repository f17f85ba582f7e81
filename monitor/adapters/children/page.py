"""Pages that list articles: links with titles and dates, by selector, by pattern, or by their looks."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.charset import decode
from monitor.adapters.children.listing import looks_like_entry, nearby_date
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import parse_html, text_of
from monitor.adapters.children.selectors import to_xpath
from monitor.domain.text import clean_line
from monitor.domain.urls import absolute_url, canonical_url, url_key

PATTERN_BUDGET_S = 2.0  # for all links of a page; an operator's regular expression may be slow without meaning it
MAX_LINKS = 5_000  # looked at; a page with more is a directory
FEWEST_ENTRIES = 3  # by looks alone; fewer are no list
MAX_LINKED_FEEDS = 20
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
)
_FEED_PATH = re.compile(
    r"(?:^|[/.?=_-])(?:rss|atom|feed|rdf)(?:\d|s|2\.0)?(?:\.xml|\.rdf|\.php|\.aspx|[/?&=.]|$)", re.IGNORECASE
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))


@dataclass(frozen=True, slots=True)
class Link:
    """A link with what surrounds it."""

    element: HtmlElement
    url: str
    title: str
    date: str | None


def parse_page(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The links of a page that are entries, in its order; raises `Refused` with not-a-feed."""
    decoded, tree, base = _open(payload, body)
    links = _links(tree, base, payload.get("selector"))
    if payload.get("pattern"):
        links = _matching(links, payload["pattern"])
    if not payload.get("selector") and not payload.get("pattern"):
        links = looks_like_entries(links, payload["url"])
    if not links:
        raise Refused("not-a-feed", "no link on the page is an entry")
    notes = [] if decoded else ["charset-uncertain"]
    if len(links) > payload["max_entries"]:
        notes.append("entries-cut")
    return {
        "kind": "page",
        "title": clean_line("".join(tree.xpath("//title[1]//text()")[:1])) or None,
        "language": _page_language(tree),
        "home_page": None,
        "ttl_min": None,
        "entries": [_entry(link) for link in links[: payload["max_entries"]]],
        "notes": notes,
    }


def linked_feeds(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Absolute addresses of feeds: those a page declares, then those it links to under a name that says so."""
    _, tree, base = _open(payload, body)
    found: dict[str, None] = {}
    for element in tree.iter("link"):
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in (element.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            _remember(found, element.get("href"), base)
    for element in tree.iter("a"):
        if _FEED_PATH.search(element.get("href") or ""):
            _remember(found, element.get("href"), base)
    return {"feeds": list(found)[:MAX_LINKED_FEEDS]}


def looks_like_entries(links: list[Link], page_url: str) -> list[Link]:
    """Links that look like articles: title-like, on the same site, outside of navigation, and in company."""
    likely = [link for link in links if looks_like_entry(link.element, link.url, link.title, page_url)]
    company = Counter(_place(link.element) for link in likely)
    kept = [
        link
        for link in likely
        if link.date or _in_heading(link.element) or company[_place(link.element)] >= FEWEST_ENTRIES
    ]
    if len(kept) < FEWEST_ENTRIES:
        raise Refused("not-a-feed", "no list of articles on the page")
    return kept


def _remember(found: dict[str, None], href: str | None, base: str) -> None:
    url = absolute_url(href or "", base)
    if url is not None:
        found.setdefault(url)


def _open(payload: dict[str, Any], body: bytes) -> tuple[bool, HtmlElement, str]:
    """Whether the charset is certain, the tree, the base of relative links."""
    decoded = decode(body, payload["content_type"])
    tree = parse_html(decoded.text) if "<" in decoded.text else None
    if tree is None:
        raise Refused("not-a-feed", "no web page")
    declared = next((element.get("href") for element in tree.iter("base") if element.get("href")), None)
    base = absolute_url(declared, payload["url"]) if declared else None
    return decoded.certain, tree, base or payload["url"]


def _links(tree: HtmlElement, base: str, selector: str | None) -> list[Link]:
    """Links by their first mention, each under the best title it has anywhere on the page."""
    best: dict[str, Link] = {}
    for element in _anchors(tree, selector):
        url = canonical_url(element.get("href") or "", base)
        if url is None:
            continue
        link = Link(element, url, _title(element), None)
        known = best.get(url_key(url))
        if known is None or _is_better(link, known):
            best[url_key(url)] = link
    return [
        Link(link.element, link.url, link.title, nearby_date(link.element, link.url, link.title))
        for link in best.values()
    ]


def _anchors(tree: HtmlElement, selector: str | None) -> list[HtmlElement]:
    if not selector:
        return list(tree.iter("a"))[:MAX_LINKS]
    try:
        elements = tree.xpath(to_xpath(selector))
    except ValueError as error:
        raise Refused("internal", f"link selector: {error}") from error
    anchors = (one if one.tag == "a" else next(one.iter("a"), None) for one in elements[:MAX_LINKS])
    return [anchor for anchor in anchors if anchor is not None]


def _title(element: HtmlElement) -> str:
    """The heading within the link, its text, its title, or what its picture shows."""
    for heading in element.iter(*_HEADINGS):
        if text := clean_line(text_of(heading)):
            return text
    images = (image.get("alt") or "" for image in element.iter("img"))
    for candidate in (text_of(element), element.get("title") or "", next(images, "")):
        if text := clean_line(candidate):
            return text
    return ""


def _is_better(link: Link, known: Link) -> bool:
    """A heading beats other text, longer text beats "read more"; teasers of many words are no titles."""
    ours, theirs = _in_heading(link.element), _in_heading(known.element)
    return (ours and not theirs) or (ours == theirs and len(known.title) < len(link.title) <= 200)


def _in_heading(element: HtmlElement) -> bool:
    if next(element.iter(*_HEADINGS), None) is not None:
        return True
    parent = element.getparent()
    for _ in range(3):
        if parent is None:
            return False
        if parent.tag in _HEADINGS:
            return True
        parent = parent.getparent()
    return False


def _place(element: HtmlElement) -> tuple[str, ...]:
    """Where a link stands, as the tags and first classes of what holds it: members of a list share it."""
    place: list[str] = []
    holder = element
    while holder is not None and len(place) < 4:
        place.append(f"{holder.tag}.{(holder.get('class') or '').partition(' ')[0]}")
        holder = holder.getparent()
    return tuple(place)


def _matching(links: list[Link], pattern: str) -> list[Link]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise Refused("internal", f"link pattern: {error}") from error
    with _time_limit(PATTERN_BUDGET_S):
        return [link for link in links if compiled.search(link.url)]


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt Python's regular expressions, which look for signals while they search."""

    def give_up(_signal: int, _frame: object) -> None:
        raise Refused("child-deadline", "the link pattern takes too long")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _page_language(tree: HtmlElement) -> str | None:
    root = tree.getroottree().getroot()
    return root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or None


def _entry(link: Link) -> dict[str, Any]:
    return {
        "guid": None,
        "url": link.url,
        "title": link.title,
        "summary": "",
        "content": "",
        "author": None,
        "published_raw": link.date,
        "published_parsed": None,
        "language": None,
    }
