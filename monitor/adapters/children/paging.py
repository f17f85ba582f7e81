"""Where a listing goes on: what the page declares, what its links say, or the next number of its pager."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from monitor.adapters.children.css import select
from monitor.adapters.children.markup import text_of
from monitor.domain.text import clean_line, fold
from monitor.domain.urls import absolute_url, host_of, same_site, url_key

MAX_LINKS = 5_000
MAX_PAGER_LEVELS = 3  # up from a page number to what holds its neighbours
MAX_LABEL_CHARS = 40

# "Next page" and "older articles", folded, without arrows.
_NEXT = re.compile(
    r"next(?: page| posts?| articles?)?|older(?: posts?| entries| articles?| news)?"
    r"|(?:page |articles? )?(?:suivante?s?)|(?:page )?suiv\.?|articles? plus anciens?|plus anciens?"
    r"|(?:nachste|naechste)(?: seite)?|weiter|vor|altere (?:beitrage|artikel|meldungen)"
    r"|(?:pagina |entradas? )?siguientes?|(?:entradas|noticias) anteriores"
    r"|(?:proxima|seguinte)(?: pagina)?|pagina seguinte|(?:pagina )?successiv[ao]|avanti"
    r"|(?:volgende|nastepna|dalsi|nasta|neste|naeste)(?: pagina| strona| sida| side)?"
    r"|(?:следующая|вперед|дальше)(?: страница)?|下一[页頁]|下[页頁]|后一[页頁]"
    r"|次(?:へ|の?ページ(?:へ)?|の\d+件(?:へ)?)?|다음(?: ?페이지)?|(?:trang )?(?:sau|tiep|ke tiep|tiep theo)"
)
_ARROWS = " \t<>›»→⟩▶►&|()[]（）【】.…-–—:"
_PAGER_NAME = re.compile(
    r"pag(?:er|in|es|ing|enav|ebar)|(?<![a-z])page(?![a-z])|phan-?trang|fenye|nav-?links", re.IGNORECASE
)
_CURRENT_NAME = re.compile(
    r"current|active|selected|(?<![a-z])on(?![a-z])|(?<![a-z])cur(?![a-z])|actuelle?", re.IGNORECASE
)
_NEXT_NAME = re.compile(r"(?<![a-z])(?:next|suivante?|older)(?![a-z])", re.IGNORECASE)
# Pagers that a script of the TRS system writes, common on Chinese offices' sites: number of pages, current one from 0,
# name, ending.
_TRS = re.compile(
    r"createPageHTML\(\s*(\d{1,4})\s*,\s*(\d{1,4})\s*,\s*[\"']([\w-]{1,60})[\"']\s*,\s*[\"'](\w{1,6})[\"']"
)


def next_page(tree: HtmlElement, base: str, page_url: str, selector: str | None) -> str | None:
    """The address of the following page, of the same site; None: this is the last, or nothing tells. With a selector
    nothing else counts; raises `Refused` with bad-selector.
    """
    found = _selected(tree, selector) if selector else _recognised(tree)
    for href in found:
        url = absolute_url(href, base)
        if url is not None and _leads_on(url, page_url):
            return url
    return None


def _recognised(tree: HtmlElement) -> Iterator[str]:
    yield from _declared(tree)
    anchors = [one for one in islice(tree.iter("a"), MAX_LINKS) if one.get("href")]
    yield from (one.get("href") for one in anchors if _says_next(one))
    yield from _next_number(anchors)
    yield from _written_by_script(tree)


def _leads_on(url: str, page_url: str) -> bool:
    return url_key(url) != url_key(page_url) and same_site(host_of(url) or "", host_of(page_url) or "")


def _selected(tree: HtmlElement, selector: str) -> Iterator[str]:
    for element in select(tree, selector, "next selector"):
        anchor = element if element.get("href") else next(element.iter("a"), None)
        if anchor is not None and anchor.get("href"):
            yield anchor.get("href")


def _declared(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
            yield element.get("href")


def _says_next(anchor: HtmlElement) -> bool:
    """By its words; an arrow alone, or a class, only within a pager, since galleries have arrows too."""
    labels = (anchor.get("aria-label"), anchor.get("title"), text_of(anchor))
    cleaned = [clean_line(label, MAX_LABEL_CHARS + 1) for label in labels if label]
    said = [*map(fold, cleaned), *cleaned]  # folding takes the marks of kana too
    if any(len(label) <= MAX_LABEL_CHARS and _NEXT.fullmatch(label.strip(_ARROWS)) for label in said):
        return True
    is_arrow = any(label.strip() in {">", "›", "»", "→", "⟩", "▶", "►"} for label in said)
    named = f"{anchor.get('class') or ''} {_class_above(anchor)}"
    return (is_arrow or _NEXT_NAME.search(named) is not None) and _in_pager(anchor)


def _next_number(anchors: list[HtmlElement]) -> Iterator[str]:
    """The link that carries the number after the current one, which is marked or no link."""
    for anchor in anchors:
        number = _number(anchor)
        if number is not None and number > 1 and _in_pager(anchor) and _current_before(anchor) == number - 1:
            yield anchor.get("href")


def _current_before(anchor: HtmlElement) -> int | None:
    """The number in front of a page number if that is the page one is on."""
    holder = anchor
    for _ in range(MAX_PAGER_LEVELS):
        before = holder.getprevious()
        while before is not None and not clean_line(text_of(before)):
            before = before.getprevious()
        if before is not None:
            number = _number(before)
            is_link = before.get("href") or next((one for one in before.iter("a") if one.get("href")), None) is not None
            marked = any(_is_current(one) for one in before.iter() if isinstance(one.tag, str))
            return number if number is not None and (marked or not is_link) else None
        holder = holder.getparent()
        if holder is None:
            return None
        if (text := clean_line(holder.text or "", 12)).isdecimal():
            return int(text)
    return None


def _is_current(element: HtmlElement) -> bool:
    return element.get("aria-current") is not None or _CURRENT_NAME.search(element.get("class") or "") is not None


def _number(element: HtmlElement) -> int | None:
    text = clean_line(text_of(element), 12).strip(" []()")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


def _in_pager(element: HtmlElement) -> bool:
    holder = element.getparent()
    for _ in range(MAX_PAGER_LEVELS + 1):
        if holder is None or holder.tag in {"body", "html"}:
            return False
        named = f"{holder.get('class') or ''} {holder.get('id') or ''} {holder.get('aria-label') or ''}"
        if _PAGER_NAME.search(named):
            return True
        holder = holder.getparent()
    return False


def _class_above(anchor: HtmlElement) -> str:
    parent = anchor.getparent()
    return "" if parent is None or parent.tag not in {"li", "span"} else parent.get("class") or ""


def _written_by_script(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        match = _TRS.search((script.text or "")[:20_000])
        if match is not None and int(match[2]) + 1 < int(match[1]):
            yield f"{match[3]}_{int(match[2]) + 1}.{match[4]}"
