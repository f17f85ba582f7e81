"""The title of a page's article: its heading, as far as what the page says of itself agrees."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.markup import plain_text, text_of
from monitor.domain.text import clean_line

_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "title")
_TITLE_TAIL = re.compile(r"\s+[|\-–—·»:]\s+[^|–—·»]{2,60}$")
_CUT_HERE = re.compile(r"\s*[|｜_\-–—―·»]+\s*|\s+:+\s+")
_KICKER = re.compile(r"[^.!?]{2,80}\s*[:：|｜·»–—]\s*|[^.!?]{2,80}\s-\s")
_MARKS = " |｜_-–—―·»:"  # between titles and names of sites
MAX_CLAIM_CHARS = 500
LEAST_OF_CLAIM = 0.4  # of its characters; a smaller part is the site's name
FEWEST_TITLE_CHARS = 6  # Han characters of a short headline
FEWEST_COMMON_CHARS = 15  # of a title within a longer one
FEWEST_UNDER_KICKER = 20  # characters of a headline that is one without what stands before it
SAME_TITLE = 0.8  # share of equal characters at which two titles are one, cut or decorated
# Headings are written longer than what is shared of them. Three words and most of the shorter text: of 210 evaluation
# pages four have such a heading, all the title.
FEWEST_COMMON_WORDS = 3
COMMON_WORDS = 0.7  # of the claim's
MAX_HEADINGS = 50  # of lower rank, that are compared


def headline_of(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any], site_name: str | None) -> str:
    """The heading that the page's own claims agree with; a page may have several, and its name in one of them."""
    declared = clean_line(plain_text(_text(article, "headline") or _text(article, "name")))
    shared = clean_line(plain_text(next((meta[name] for name in _TITLE_NAMES if name in meta), "")))
    window = clean_line(next((element.text or "" for element in tree.iter("title")), ""))
    claims = [claim for claim in (declared, shared, window) if claim]
    headings = [text for text in (clean_line(text_of(one)) for one in tree.iter("h1")) if text]
    headings = [one for one in headings if not _is_name_of_site(one, claims, window)]
    for heading in headings:
        if any(_agree(heading, claim) for claim in claims):
            return _without_kicker(heading, (shared, declared))
    if len(headings) == 1 and not declared and (not shared or _says_more(headings[0], shared)):
        return _under(headings[0], window, tree)
    if declared:
        return declared
    named = next((title for claim in (shared, window) if (title := _on_page(claim, tree))), "")
    site = site_name or ""
    return named or _without_tail(shared, site) or _without_tail(window, site) or (headings or [""])[0]


def _text(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""


def _is_name_of_site(heading: str, claims: list[str], window: str) -> bool:
    """Whether the window's title is this heading and, beside it, what the page claims for a title elsewhere."""
    said, whole = heading.casefold(), window.casefold()
    rest = whole.removeprefix(said) if whole.startswith(said) else whole.removesuffix(said)
    return rest != whole and any(claim.casefold() == rest.strip(_MARKS) for claim in claims)


def _without_kicker(heading: str, claims: tuple[str, ...]) -> str:
    """A heading without the topic before it, where the page gives the rest for its title."""
    for claim in claims:
        before = heading[: len(heading) - len(claim)]
        is_end = len(claim) >= FEWEST_UNDER_KICKER and heading.casefold().endswith(claim.casefold())
        if is_end and _KICKER.fullmatch(before):
            return heading[len(before) :]
    return heading


def _says_more(heading: str, claim: str) -> bool:
    """Whether a heading has most words of a claim, in other company."""
    words = set(re.findall(r"\w+", _without_tail(claim, "").casefold()))
    common = words & set(re.findall(r"\w+", heading.casefold()))
    return len(common) >= FEWEST_COMMON_WORDS and len(common) >= COMMON_WORDS * len(words)


def _under(heading: str, window: str, tree: HtmlElement) -> str:
    """A lower heading that is the window's title, where the first one is not: that names the site."""
    if not window or heading in window:
        return heading
    lower = (clean_line(text_of(one)) for one in islice(tree.iter("h2", "h3"), MAX_HEADINGS))
    return next((text for text in lower if text and text.casefold() == window.casefold()), heading)


def _on_page(claim: str, tree: HtmlElement) -> str:
    """The longest start or end of a claim, cut where names of sites are put beside a title, that stands on the page by
    itself: on old pages titles are in no heading, and Chinese ones have no blanks around what separates.
    """
    claim = claim[:MAX_CLAIM_CHARS]
    cuts = list(_CUT_HERE.finditer(claim))
    parts = (*(claim[: cut.start()] for cut in cuts), *(claim[cut.end() :] for cut in cuts))
    wanted = {part for part in parts if len(part) >= max(FEWEST_TITLE_CHARS, LEAST_OF_CLAIM * len(claim))}
    if not wanted:
        return ""
    standing = wanted & {" ".join(one.text.split()) for one in tree.iter() if one.text and one.tag != "title"}
    return max(sorted(standing), key=len, default="")


def _agree(heading: str, claim: str) -> bool:
    short, long = sorted((heading.casefold(), claim.casefold()), key=len)
    if len(short) >= FEWEST_COMMON_CHARS and short in long:
        return True
    return SequenceMatcher(None, short[:300], long[:300], autojunk=False).ratio() >= SAME_TITLE


def _without_tail(title: str, site: str) -> str:
    """Without the site's name at its end, if it is the site's name or the rest is a title by itself."""
    match = _TITLE_TAIL.search(title)
    if match is None:
        return title
    site = site.casefold()
    tail = match[0].strip(" |-–—·»:").casefold()
    is_name = bool(site) and (tail in site or site in tail)
    return title[: match.start()].rstrip() if is_name or match.start() >= 20 else title
