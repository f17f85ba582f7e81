"""Pages that list articles: links with titles and dates, by selector, by pattern, or by their looks."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.charset import decode
from monitor.adapters.children.css import select
from monitor.adapters.children.listing import Link, looking_like_entries, nearby_date
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import parse_html
from monitor.adapters.children.paging import next_page
from monitor.adapters.children.titles import MAX_TITLE_CHARS, has_text, in_heading, title_of, title_on_card
from monitor.domain.text import clean_line
from monitor.domain.urls import absolute_url, canonical_url, url_key

PATTERN_BUDGET_S = 2.0  # for all links of a page; an operator's regular expression may be slow without meaning it
MAX_LINKS = 5_000  # looked at; a page with more is a directory


def parse_page(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The links of a page that are entries, in its order; raises `Refused` with not-a-feed, bad-selector or, for a
    pattern that takes too long, child-deadline.
    """
    certain, tree, base = open_page(payload, body)
    links = entry_links(tree, base, payload)
    if not links:
        raise Refused("not-a-feed", "no list of articles on the page")
    notes = [] if certain else ["charset-uncertain"]
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
        "next_page": next_page(tree, base, payload["url"], payload.get("next_selector")),
    }


def entry_links(tree: HtmlElement, base: str, payload: dict[str, Any]) -> list[Link]:
    """The links of a page that are entries, dated where the page tells."""
    links = _links(tree, base, payload.get("selector"))
    if payload.get("pattern"):
        links = _matching(links, payload["pattern"])
    today = date.fromisoformat(payload["today"])
    dated = [replace(link, date=nearby_date(link.element, link.url, link.title, today)) for link in links]
    return dated if payload.get("selector") or payload.get("pattern") else looking_like_entries(dated, payload["url"])


def open_page(payload: dict[str, Any], body: bytes) -> tuple[bool, HtmlElement, str]:
    """Whether the charset is certain, the tree, the base of relative links; raises `Refused` with not-a-feed."""
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
        link = Link(element, url, title_of(element), None)
        known = best.get(url_key(url))
        if known is None or _is_better(link, known):
            best[url_key(url)] = link
    return [link if link.title else replace(link, title=title_on_card(link.element)) for link in best.values()]


def _anchors(tree: HtmlElement, selector: str | None) -> list[HtmlElement]:
    if not selector:
        return list(tree.iter("a"))[:MAX_LINKS]
    elements = select(tree, selector, "link selector")[:MAX_LINKS]
    anchors = (one if one.tag == "a" else next(one.iter("a"), None) for one in elements)
    return [anchor for anchor in anchors if anchor is not None]


def _is_better(link: Link, known: Link) -> bool:
    """A heading beats other text, text what is only in attributes, longer text shorter; teasers are no titles."""
    if not link.title or not known.title:
        return bool(link.title)
    ours, theirs = _rank(link.element), _rank(known.element)
    return ours > theirs or (ours == theirs and len(known.title) < len(link.title) <= MAX_TITLE_CHARS)


def _rank(element: HtmlElement) -> int:
    return 2 if in_heading(element) else int(has_text(element))


def _matching(links: list[Link], pattern: str) -> list[Link]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise Refused("bad-selector", f"link pattern: {error}") from error
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
