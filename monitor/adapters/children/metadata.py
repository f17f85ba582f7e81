"""What a page says about its article: JSON-LD, meta elements, headings; each value with the best claim to be right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from htmldate import find_date
from lxml.html import HtmlElement

from monitor.adapters.children.authors import author_of
from monitor.adapters.children.markup import following, plain_text, text_of
from monitor.adapters.children.page_dates import DATE, DATE_NAME
from monitor.adapters.children.walls import declared_free, declared_words
from monitor.domain.feed_dates import published
from monitor.domain.text import clean_line

MAX_JSON_CHARS = 1_048_576
MAX_JSON_NODES = 2_000
_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Posting|Report|Review|Interview|Analysis|LiveBlog)$")
_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "title")
_DATE_NAMES = (
    *("article:published_time", "datepublished", "og:published_time", "og:article:published_time", "publishdate"),
    *("pubdate", "publication_date", "date.created", "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date"),
    *("sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "publish-date", "article.published", "date"),
)
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "publisher")
_TITLE_TAIL = re.compile(r"\s+[|\-–—·»:]\s+[^|–—·»]{2,60}$")
_CUT_HERE = re.compile(r"\s*[|｜_\-–—―·»]+\s*|\s+:+\s+")
MAX_CLAIM_CHARS = 500
LEAST_OF_CLAIM = 0.4  # of its characters; a smaller part is the site's name
FEWEST_TITLE_CHARS = 6  # Han characters of a short headline
MAX_DATE_LINE_CHARS = 120
MAX_DATE_STEPS = 40  # elements after the heading; farther away stand the dates of other articles
ANY_TIME = datetime(
    9000, 1, 1, tzinfo=UTC
)  # here only whether a claim tells a day; whether it can be, the parent knows
SAME_TITLE = 0.8  # share of equal characters at which two titles are one, cut or decorated


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; "" or None where nothing was."""

    title: str
    author: str | None
    published_raw: str | None
    site_name: str | None
    canonical: str | None
    language: str | None
    body: str  # the article's text in JSON-LD, plain
    is_free: bool | None  # to read, as the page claims
    words: int | None  # of the whole article, as the page claims
    is_one_article: bool  # whether the page declares itself to be one


def read_metadata(tree: HtmlElement, url: str) -> Metadata:
    """Everything the page says about its article. The tree is not changed."""
    meta = _meta(tree)
    nodes = list(_json_nodes(tree))
    article = _article_node(nodes)
    site_name = _site_name(meta, article, nodes)
    return Metadata(
        title=_title(tree, meta, article),
        author=author_of(tree, meta, article, (site_name or "", _publisher(article))),
        published_raw=_published(tree, meta, article, url),
        site_name=site_name,
        canonical=_canonical(tree, meta),
        language=_language(tree, meta, article),
        body=plain_text(_string(article, "articleBody")),
        is_free=declared_free(article, meta),
        words=declared_words(article),
        is_one_article=_is_one_article(meta, nodes),
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta name, in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = clean_line(element.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


# ---------------------------------------------------------------- JSON-LD


def _json_nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object of every JSON-LD block, outer ones first."""
    scripts = (one for one in tree.iter("script") if "ld+json" in (one.get("type") or "").lower())
    waiting: list[Any] = [_json(script.text or "") for script in scripts]
    for _ in range(MAX_JSON_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            waiting.extend(value for value in node.values() if isinstance(value, (dict, list)))
        elif isinstance(node, list):
            waiting.extend(node)


def _json(text: str) -> Any:
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    try:
        return json.loads(text, strict=False) if len(text) <= MAX_JSON_CHARS else None
    except (ValueError, RecursionError):
        return None


def _article_node(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The page's article: the first one with a headline or a date; related articles come later or deeper."""
    articles = [node for node in nodes if _is_article(node)]
    dated = [node for node in articles if "datePublished" in node or "headline" in node]
    return (dated or articles or [{}])[0]


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE_TYPES.search(kind) for kind in _types(node))


def _is_one_article(meta: dict[str, str], nodes: list[dict[str, Any]]) -> bool:
    return (
        meta.get("og:type", "").lower() == "article" or sum("headline" in one for one in nodes if _is_article(one)) == 1
    )


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _string(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""


# ---------------------------------------------------------------- values


def _title(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any]) -> str:
    """The heading that the page's own claims agree with; a page may have several, and its name in one of them."""
    declared = clean_line(plain_text(_string(article, "headline") or _string(article, "name")))
    shared = clean_line(plain_text(_first(meta, _TITLE_NAMES) or ""))
    window = clean_line(next((element.text or "" for element in tree.iter("title")), ""))
    claims = [claim for claim in (declared, shared, window) if claim]
    headings = [text for text in (clean_line(text_of(one)) for one in tree.iter("h1")) if text]
    for heading in headings:
        if any(_agree(heading, claim) for claim in claims):
            return heading
    if len(headings) == 1 and not declared and not shared:
        return headings[0]
    if declared:
        return declared
    named = next((title for claim in (shared, window) if (title := _on_page(claim, tree))), "")
    return named or _without_tail(shared, meta) or _without_tail(window, meta) or (headings or [""])[0]


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
    if len(short) >= 15 and short in long:
        return True
    return SequenceMatcher(None, short[:300], long[:300], autojunk=False).ratio() >= SAME_TITLE


def _without_tail(title: str, meta: dict[str, str]) -> str:
    """Without the site's name at its end, if it is the site's name or the rest is a title by itself."""
    match = _TITLE_TAIL.search(title)
    if match is None:
        return title
    site = (_first(meta, _SITE_NAMES) or "").casefold()
    tail = match[0].strip(" |-–—·»:").casefold()
    return title[: match.start()].rstrip() if tail in site or (site and site in tail) or match.start() >= 20 else title


def _published(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any], url: str) -> str | None:
    """JSON-LD, then meta elements, then marked times, then htmldate's search: by how often each is right."""
    claims = [clean_line(_string(article, key), 100) for key in ("datePublished", "dateCreated")]
    claims += [meta[name] for name in _DATE_NAMES if name in meta]
    for element in tree.xpath("//time[@pubdate or @itemprop='datePublished' or @datetime][1]"):
        claims.append(clean_line(element.get("datetime") or text_of(element), 100))
    told = next((claim for claim in claims if published(claim, ANY_TIME) is not None), None)
    return told or _named_date(tree) or _searched_date(tree, url) or next(filter(None, claims), None)


def _named_date(tree: HtmlElement) -> str | None:
    """The first date soon after the heading, in an element that is named like one and holds little else."""
    heading = next(tree.iter("h1"), None)
    after = () if heading is None else (one for one in following(heading) if one.get("class") or one.get("itemprop"))
    for element in islice(after, MAX_DATE_STEPS):
        named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        text = clean_line(text_of(element)) if DATE_NAME.search(named) else ""
        if 0 < len(text) <= MAX_DATE_LINE_CHARS and (match := DATE.search(text)):
            return match[0]
    return None


def _searched_date(tree: HtmlElement, url: str) -> str | None:
    """By htmldate; its first of January is a year found somewhere, not a day."""
    found: str | None = find_date(tree, original_date=True, url=url)
    return None if found is None or found.endswith("-01-01") else found


def _site_name(meta: dict[str, str], article: dict[str, Any], nodes: list[dict[str, Any]]) -> str | None:
    if name := _first(meta, _SITE_NAMES):
        return clean_line(name, 200)
    site = next((_string(node, "name") for node in nodes if "WebSite" in _types(node)), "")
    return clean_line(_publisher(article) or site, 200) or None


def _publisher(article: dict[str, Any]) -> str:
    publisher = article.get("publisher")
    return _string(publisher, "name") if isinstance(publisher, dict) else ""


def _canonical(tree: HtmlElement, meta: dict[str, str]) -> str | None:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
            return str(element.get("href")).strip()
    return meta.get("og:url")


def _language(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any]) -> str | None:
    root = tree.getroottree().getroot()
    claims = (
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        _string(article, "inLanguage"),
        meta.get("content-language"),
        meta.get("og:locale"),
    )
    return next((claim.strip() for claim in claims if claim and claim.strip()), None)
