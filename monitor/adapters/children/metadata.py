"""What a page says about its article: JSON-LD, meta elements, headings; each value with the best claim to be right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.authors import author_of
from monitor.adapters.children.headlines import headline_of
from monitor.adapters.children.markup import plain_text
from monitor.adapters.children.publication import Sayings, claimed_date, likely_date
from monitor.adapters.children.walls import declared_free, declared_words
from monitor.domain.text import clean_line

MAX_JSON_CHARS = 1_048_576
MAX_JSON_NODES = 2_000
_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Posting|Report|Review|Interview|Analysis|LiveBlog)$")
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "publisher")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; "" or None where nothing was."""

    title: str
    author: str | None
    published_raw: str | None
    is_date_claimed: bool  # by its data, by a label, by where it stands; else it is the likeliest of several
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
    title = headline_of(tree, meta, article, site_name)
    language = _language(tree, meta, article)
    claimed = claimed_date(said := Sayings(tree, url, title, language, meta, nodes, article))
    return Metadata(
        title=title,
        author=author_of(tree, meta, article, (site_name or "", _publisher(article))),
        published_raw=claimed or likely_date(said),
        is_date_claimed=claimed is not None,
        site_name=site_name,
        canonical=_canonical(tree, meta),
        language=language,
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
    reviews = [node for node in articles if "Review" in _types(node)]
    if len(reviews) > 1:  # of what the page is about, by its readers
        articles = [node for node in articles if node not in reviews]
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
