"""How entries of a news listing look: where they stand on the page, in what company, with what date beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from lxml.html import HtmlElement

from monitor.adapters.children.markup import text_of
from monitor.adapters.children.page_dates import date_within
from monitor.adapters.children.titles import in_heading, is_title, says_more
from monitor.domain.url_dates import day_in_url
from monitor.domain.urls import host_of, same_site, url_key

FEWEST_ENTRIES = 3  # by looks alone; fewer are no list
MAX_HOLDERS = 4  # levels up in which a date is looked for
MAX_HOLDER_ELEMENTS = 60

_NAVIGATION_TAGS = frozenset(("nav", "footer", "select", "button", "dialog"))
_NAVIGATION_NAME = re.compile(
    r"(?<![a-z])(?:nav(?:igation|bar)?|menu|breadcrumbs?|pagination|pager|footer|social|share|cookie|consent|login|newsletter"
    r"|tags?|lang(?:uage)?s?|skip|copyright|legal|banner|advert)(?![a-z])",
    re.IGNORECASE,
)
_CONTENT_TAGS = ("main", "article", "h1")
_FILES = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|zip|docx?|xlsx?|pptx?|ics)$", re.IGNORECASE)
_WHOLE_LISTS = frozenset(("body", "main", "ul", "ol", "tbody", "table"))


@dataclass(frozen=True, slots=True)
class Link:
    """A link with what surrounds it."""

    element: HtmlElement
    url: str
    title: str
    date: str | None


class Surroundings:
    """What stands around links, remembered: thousands of them may share one menu."""

    def __init__(self) -> None:
        self._is_navigation: dict[HtmlElement, bool] = {}

    def is_in_navigation(self, element: HtmlElement) -> bool:
        """Whether an element is part of a menu, a footer or the like."""
        holder = element
        while holder is not None and holder.tag not in {"body", "html"}:
            if holder not in self._is_navigation:
                self._is_navigation[holder] = _is_navigation(holder)
            if self._is_navigation[holder]:
                return True
            holder = holder.getparent()
        return False


def looking_like_entries(links: Sequence[Link], page_url: str) -> list[Link]:
    """Links that look like articles: title-like, on the same site, outside of navigation, and in company; none at all
    where there are too few.
    """
    around = Surroundings()
    likely = [link for link in links if _may_be_entry(link, page_url) and not around.is_in_navigation(link.element)]
    company = Counter(place(link.element) for link in likely)
    kept = [
        link
        for link in likely
        if link.date or in_heading(link.element) or company[place(link.element)] >= FEWEST_ENTRIES
    ]
    return kept if len(kept) >= FEWEST_ENTRIES else []


def nearby_date(element: HtmlElement, url: str, title: str, today: date) -> str | None:
    """The date beside a link, as written: a `time` element, an element that is named so, or text that looks like one,
    as long as no other entry is nearer; else the day in the address.
    """
    holder = element
    for _ in range(MAX_HOLDERS):
        found = date_within(holder, title, today)
        if found is not None:
            return found
        above = holder.getparent()
        if above is None or above.tag in _WHOLE_LISTS or is_large(above) or _holds_others(above, element):
            break
        holder = above
    day = day_in_url(url)
    return _date_of_term(holder, title, today) or (day.isoformat() if day else None)


def place(element: HtmlElement) -> tuple[str, ...]:
    """Where a link stands, as the tags and first classes of what holds it: members of a list share it."""
    found: list[str] = []
    holder = element
    while holder is not None and len(found) < 4:
        found.append(f"{holder.tag}.{(holder.get('class') or '').strip().partition(' ')[0]}")
        holder = holder.getparent()
    return tuple(found)


def is_large(holder: HtmlElement) -> bool:
    """Whether it holds more than one entry can have; looked at for every link, so it must not walk through a page."""
    return sum(1 for _ in islice(holder.iter(), MAX_HOLDER_ELEMENTS + 1)) > MAX_HOLDER_ELEMENTS


def _may_be_entry(link: Link, page_url: str) -> bool:
    return (
        is_title(link.title)
        and same_site(host_of(link.url) or "", host_of(page_url) or "")
        and url_key(link.url) not in {url_key(page_url), host_of(link.url)}
        and not _FILES.search(link.url.partition("?")[0])
    )


def _is_navigation(holder: HtmlElement) -> bool:
    """By tag, role or name, unless the content of the page is in it: frames of whole pages carry such names, and old
    servers put every page into one form.
    """
    if holder.tag in _NAVIGATION_TAGS or holder.get("role") == "navigation":
        return True
    named = f"{holder.get('class') or ''} {holder.get('id') or ''}"
    if holder.tag != "form" and (holder.tag in {"article", "main"} or not _NAVIGATION_NAME.search(named)):
        return False
    if holder.tag == "form" and is_large(holder):
        return False
    return next(holder.iter(*_CONTENT_TAGS), None) is None


def _holds_others(holder: HtmlElement, element: HtmlElement) -> bool:
    """Whether other addresses than the element's, under titles of their own, stand in the holder."""
    ours = _without_fragment(element)
    others = (one for one in holder.iter("a") if _without_fragment(one) not in {ours, ""})
    return any(is_title(said := text_of(one)) and not says_more(said) for one in others)


def _without_fragment(element: HtmlElement) -> str:
    return str(element.get("href") or "").partition("#")[0]


def _date_of_term(element: HtmlElement, title: str, today: date) -> str | None:
    """Of a list of definitions the date that stands as the term before a link, or as the definition after it."""
    term = element if element.tag in {"dt", "dd"} else element.getparent()
    if term is None or term.tag not in {"dt", "dd"}:
        return None
    beside = term.getprevious() if term.tag == "dd" else term.getnext()
    return date_within(beside, title, today) if beside is not None and beside.tag in {"dt", "dd"} else None


def best_selectors(links: Sequence[Link], most: int) -> tuple[str, ...]:
    """CSS selectors of the places where the entries of a page stand: dated ones count double."""
    weight: Counter[str] = Counter()
    for link in links:
        weight[selector_of(link.element)] += 2 if link.date else 1
    return tuple(selector for selector, count in weight.most_common(most) if count >= FEWEST_ENTRIES)


def selector_of(element: HtmlElement) -> str:
    """A CSS selector of an element's place, without what only this one has (numbers, odd characters)."""
    steps: list[str] = []
    holder = element
    while holder is not None and len(steps) < 4 and holder.tag not in {"body", "html"}:
        steps.append(_step(holder.tag, holder.attrib))
        holder = holder.getparent()
    return " > ".join(reversed(steps))


def _step(tag: str, attributes: Mapping[str, str]) -> str:
    name = next((one for one in (attributes.get("class") or "").split() if _PLAIN_NAME.fullmatch(one)), None)
    return f"{tag}.{name}" if name else tag


_PLAIN_NAME = re.compile(r"[A-Za-z_](?:[A-Za-z_-]|\d(?!\d))*")
