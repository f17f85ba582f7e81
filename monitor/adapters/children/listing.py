"""How entries of a news listing look: titles, their places on the page, the dates beside them."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from monitor.adapters.children.markup import text_of
from monitor.domain.text import clean_line, is_cjk
from monitor.domain.urls import host_of, url_key

# Of the 210 headlines of the fundus and wcxb pages beside the checkout 95 % have four words and 20 letters, or eight
# Han characters. Where a site's own are shorter, its feed needs a selector or a pattern.
FEWEST_WORDS = 4
FEWEST_LETTERS = 20
FEWEST_CJK = 8
MAX_TITLE_WORDS = 60
MAX_HOLDERS = 4  # levels up in which a date is looked for
MAX_HOLDER_ELEMENTS = 60
MAX_HOLDER_CHARS = 1_500  # a holder with more text holds more than one entry

_NAVIGATION_TAGS = frozenset(("nav", "footer", "form", "select", "button", "dialog"))
_NAVIGATION_NAME = re.compile(
    r"(?<![a-z])(?:nav(?:igation|bar)?|menu|breadcrumbs?|pagination|pager|footer|social|share|cookie|consent|login|newsletter"
    r"|tags?|lang(?:uage)?s?|skip|copyright|legal|banner|advert)(?![a-z])",
    re.IGNORECASE,
)
_FILES = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|zip|docx?|xlsx?|pptx?|ics)$", re.IGNORECASE)
_FIGURES = r"\d{4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}[日일]?|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4}"
_WORDS = (
    r"\d{1,2}(?:st|nd|rd|th|er|\.)?\s(?:de\s)?[^\W\d]{3,12}\.?,?\s(?:de\s)?\d{4}"
    r"|[^\W\d]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s\d{4}"
)
_VIETNAMESE = r"\d{1,2}\stháng\s\d{1,2},?\s(?:năm\s)?\d{4}"
DATE = re.compile(
    rf"(?<!\d)(?:{_FIGURES}|{_WORDS}|{_VIETNAMESE})(?!\d)(?:[\sT,|-]*(?:à\s)?\d{{1,2}}[:hH]\d{{2}}(?::\d{{2}})?)?"
)
DATE_NAME = re.compile(r"date|time|publi|posted|fecha|datum|ngay|thoi-?gian|shijian|rq", re.IGNORECASE)
_URL_DATE = re.compile(r"(?:/|_|t|-)(?P<y>20\d{2})[/-]?(?P<m>0[1-9]|1[0-2])[/-]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")


def looks_like_entry(element: HtmlElement, url: str, title: str, page_url: str) -> bool:
    """Whether a link may lead to an article of the same site."""
    return (
        _is_title(title)
        and _same_site(host_of(url) or "", host_of(page_url) or "")
        and url_key(url) not in {url_key(page_url), host_of(url)}
        and not _FILES.search(url.partition("?")[0])
        and not _in_navigation(element)
    )


def nearby_date(element: HtmlElement, url: str, title: str) -> str | None:
    """The date beside a link, as written: a `time` element, an element that is named so, or text that looks like one,
    as long as no other entry is nearer; else the date in the address.
    """
    holder = element
    for _ in range(MAX_HOLDERS):
        found = _date_within(holder, title)
        if found is not None:
            return found
        holder = holder.getparent()
        if (
            holder is None
            or _is_large(holder)
            or holder.tag in {"body", "main", "ul", "ol", "tbody", "table"}
            or _holds_others(holder, element)
        ):
            break
    match = _URL_DATE.search(url)
    return f"{match['y']}-{match['m']}-{match['d']}" if match else None


def _is_title(title: str) -> bool:
    if is_cjk(title):
        return sum(char.isalpha() for char in title) >= FEWEST_CJK
    words = title.split()
    letters = sum(char.isalpha() for char in title)
    return FEWEST_WORDS <= len(words) <= MAX_TITLE_WORDS and letters >= FEWEST_LETTERS


def _same_site(one: str, other: str) -> bool:
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _in_navigation(element: HtmlElement) -> bool:
    holder = element
    while holder is not None and holder.tag not in {"body", "html"}:
        if holder.tag in _NAVIGATION_TAGS or holder.get("role") == "navigation":
            return True
        if holder.tag not in {"article", "main"} and _NAVIGATION_NAME.search(
            f"{holder.get('class') or ''} {holder.get('id') or ''}"
        ):
            return True
        holder = holder.getparent()
    return False


def _is_large(holder: HtmlElement) -> bool:
    """Whether it holds more than one entry can have; looked at for every link, so it must not walk through a page."""
    return sum(1 for _ in islice(holder.iter(), MAX_HOLDER_ELEMENTS + 1)) > MAX_HOLDER_ELEMENTS


def _holds_others(holder: HtmlElement, element: HtmlElement) -> bool:
    """Whether other addresses than the element's, under titles of their own, stand in the holder."""
    ours = element.get("href")
    others = {one.get("href") for one in holder.iter("a") if one.get("href") != ours and _is_title(text_of(one))}
    return bool(others)


def _date_within(holder: HtmlElement, title: str) -> str | None:
    for time in holder.iter("time"):
        written = clean_line(time.get("datetime") or text_of(time), 100)
        if written:
            return written
    for element in holder.iter():
        named = f"{element.get('class') or ''} {element.get('itemprop') or ''}" if isinstance(element.tag, str) else ""
        if DATE_NAME.search(named) and (match := DATE.search(clean_line(text_of(element), 300))):
            return match[0]
    text = clean_line(text_of(holder), MAX_HOLDER_CHARS + 1)
    if len(text) > MAX_HOLDER_CHARS:
        return None
    match = DATE.search(text.replace(title, " ", 1))
    return match[0] if match else None
