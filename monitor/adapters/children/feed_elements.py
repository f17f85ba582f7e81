"""How feedparser names the elements of feeds, which of them it takes note of, and what it does to their texts."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from feedparser.html import _cp1252
from feedparser.mixin import _FeedParserMixin
from feedparser.urls import make_safe_absolute_uri
from lxml import etree

_WINDOWS = re.compile("[\x80-\x9f]")
STANDARD_PREFIX = {uri.lower(): prefix for uri, prefix in _FeedParserMixin.namespaces.items()}
STANDARD_NAMES = frozenset(STANDARD_PREFIX.values()) - {""}
HANDLED = frozenset(
    name.split("_", 2)[2].lower() for name in dir(_FeedParserMixin) if name.startswith(("_start_", "_end_"))
)
# What `feed` asks of feedparser's answer, and the names that feedparser takes for these: an unknown element of such a
# name would be taken for it.
ANSWERS = frozenset(
    (
        *(
            "id",
            "guid",
            "link",
            "links",
            "title",
            "title_detail",
            "summary",
            "summary_detail",
            "description",
            "content",
        ),
        *(
            "author",
            "author_detail",
            "authors",
            "published",
            "published_parsed",
            "created",
            "created_parsed",
            "updated",
        ),
        *("updated_parsed", "date", "date_parsed", "modified_parsed", "issued_parsed", "language", "items", "channel"),
        *("feedburner_origlink", "image", "textinput", "source", "property", "description_detail"),
    )
)
# Handled by feedparser, without bearing on anything that we keep, with or without text.
INERT = frozenset(
    (
        *("category", "keywords", "enclosure", "generator", "rights", "copyright", "webmaster", "cloud", "subtitle"),
        *("tagline", "info", "expirationdate", "width", "height", "url", "uri", "homepage", "email", "name", "where"),
        *("contributor", "cc_license", "creativecommons_license", "dc_contributor", "dc_publisher", "dc_rights"),
        *("dc_subject", "feedburner_browserfriendly", "itunes_block", "itunes_category", "itunes_explicit"),
        *("itunes_image", "itunes_keywords", "itunes_link", "itunes_subtitle", "media_category", "media_content"),
        *("media_credit", "media_group", "media_keywords", "media_license", "media_rating", "media_restriction"),
        *(
            "media_thumbnail",
            "georss_box",
            "georss_line",
            "georss_point",
            "georss_polygon",
            "georss_where",
            "gml_point",
        ),
        *("gml_pos", "psc_chapter", "psc_chapters"),
    )
)
MAX_DEPTH = 12  # of elements below an entry; feeds have four


class Unusual(Exception):
    """Something that is better left to feedparser."""


def standard_name(element: etree._Element) -> str:
    """As feedparser names an element: the usual prefix of its namespace, an underscore, the local name."""
    tag = str(element.tag)
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    local = local.lower()
    if ":" in local or (not namespace and element.prefix):
        raise Unusual
    lower = namespace.lower()
    prefix = "" if "backend.userland.com/rss" in lower else STANDARD_PREFIX.get(lower)
    if prefix is None:
        prefix = element.prefix or ""
        name = f"{prefix}_{local}".lower() if prefix else local
        if name in ANSWERS or name in HANDLED:
            raise Unusual
    return f"{prefix}_{local}".lower() if prefix else local


def plain(element: etree._Element) -> str:
    """The text of an element that holds nothing else."""
    if len(element):
        raise Unusual
    return mended((element.text or "").strip())


def mended(text: str) -> str:
    """UTF-8 that was taken for Latin-1 once too often, and characters of Windows where Unicode has controls."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252) if _WINDOWS.search(text) else text


def attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Names in lower case, without namespaces, and values."""
    return ((str(key).rpartition("}")[2].lower(), str(value)) for key, value in element.attrib.items())


def has_base(element: etree._Element) -> bool:
    """Whether it moves the base of relative addresses."""
    return bool(element.attrib) and any(name == "base" for name, _ in attributes(element))


def language_of(element: etree._Element, otherwise: str | None) -> str | None:
    """Its own xml:lang; `otherwise` where it has none; None where it takes the language away."""
    for name, value in attributes(element) if element.attrib else ():
        if name == "lang":
            return value or None
    return otherwise


def base_of(element: etree._Element, base: str) -> str:
    """The base of relative addresses within it."""
    given = next((value for name, value in attributes(element) if name == "base"), None)
    return str(make_safe_absolute_uri(base, given or base) or base)
