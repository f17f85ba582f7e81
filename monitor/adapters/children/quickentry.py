"""Entries of well-formed feeds, read as feedparser reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from feedparser.datetimes import _parse_date
from feedparser.mixin import _FeedParserMixin
from feedparser.urls import _urljoin
from lxml import etree

from monitor.adapters.children.feed_elements import (
    ANSWERS,
    HANDLED,
    INERT,
    MAX_DEPTH,
    Unusual,
    has_base,
    language_of,
    mended,
    plain,
    standard_name,
)

_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9/._~%+-]*")
# Forms that our own reading of dates knows in full: feedparser's opinion is not asked.
STANDARD_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d(?::\d\d)?"
    r" (?:[+-]\d{4}|GMT|UTC|Z)|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d))?"
)
_ESCAPED_QUERY = re.compile("&([A-Za-z0-9_]+);")
_TEXT_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html"}
_PERSON = frozenset(("name", "email", "uri", "url", "homepage"))


@dataclass(slots=True)
class Values:
    """What the elements of one document say."""

    base: str
    version: str = ""
    language: str | None = None
    names: dict[str, str] = field(default_factory=dict)  # tag -> the name that feedparser goes by

    def name(self, element: etree._Element) -> str:
        """As feedparser calls the element."""
        tag = element.tag
        known = self.names.get(tag)
        if known is None:
            known = self.names[tag] = standard_name(element)
        return known

    def text(self, element: etree._Element, default: str, *, guess: bool = False) -> tuple[str, str]:
        """The text of an element that may hold markup, with its type."""
        if element.get("mode") or len(element):
            raise Unusual
        given = (element.get("type") or element.get("TYPE") or default).lower()
        kind = _TEXT_TYPES.get(given, given)
        if kind not in {"text/plain", "text/html"} or ("type" in element.attrib and not element.get("type")):
            raise Unusual
        output = (element.text or "").strip()
        if guess and kind == "text/plain" and self.version != "atom10" and ("<" in output or "&" in output):
            kind = "text/html" if _FeedParserMixin.looks_like_html(output) else kind
        return mended(output), kind

    def identity(self, element: etree._Element, context: dict[str, Any]) -> None:
        """An id or guid, which is a link too unless it says otherwise."""
        attributes = {key.lower(): value for key, value in element.attrib.items()}
        is_link = attributes.get("ispermalink", "true") == "true"
        value = self._address(element, resolve=is_link)
        context["id"] = value
        if is_link:
            context.setdefault("link", value)

    def link(self, element: etree._Element, context: dict[str, Any], *, in_entry: bool) -> None:
        """An Atom link by its attributes, an RSS link by its text."""
        if has_base(element) or len(element):
            raise Unusual
        attributes = {key.lower(): value for key, value in element.attrib.items()}
        relation = (attributes.get("rel") or "").lower() if "rel" in attributes else "alternate"
        default = "application/atom+xml" if relation == "self" else "text/html"
        kind = attributes["type"].lower() if "type" in attributes else default
        address = attributes.get("url", attributes.get("uri", attributes.get("href")))
        link: dict[str, Any] = {"rel": relation}
        context.setdefault("links", []).append(link)
        if address:
            link["href"] = self.resolved(address)
            if relation == "alternate" and _TEXT_TYPES.get(kind, kind) in {
                "text/html",
                "xhtml",
                "application/xhtml+xml",
            }:
                context["link"] = link["href"]
            return
        if "href" in attributes:  # an empty one
            raise Unusual
        output = self._address(element, resolve=True)
        if in_entry:
            output = output.replace("&amp;", "&")
        output = _ESCAPED_QUERY.sub(r"&\g<1>", output)
        context["link"] = output
        if output or not in_entry:
            link["href"] = output

    def _address(self, element: etree._Element, *, resolve: bool) -> str:
        if len(element) or has_base(element):
            raise Unusual
        output = (element.text or "").strip()
        return mended(self.resolved(output) if resolve and output else output)

    def resolved(self, address: str) -> str:
        """The address, made absolute."""
        return address if _PLAIN_URL.fullmatch(address) else str(_urljoin(self.base or "", address))


def read_entry(values: Values, item: etree._Element, about: str | None) -> dict[str, Any]:
    """What feedparser would tell of an entry, as far as it is asked for; raises `Unusual`."""
    return _Entry(values, about).read(item)


class _Entry:
    """One entry being read."""

    def __init__(self, values: Values, about: str | None) -> None:
        self._values = values
        self.said: dict[str, Any] = {"id": about} if about else {}
        self.depths: dict[str, int] = {}  # of elements that set a value: one deeper down does not change it
        self.title_depth = -1
        self.has_content = False

    def read(self, item: etree._Element) -> dict[str, Any]:
        self._children(item, 1)
        return self.said

    def _children(self, parent: etree._Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Unusual
        name_of = self._values.name
        for child in parent:
            name = name_of(child)
            handler = _HANDLERS.get(name)
            if handler is not None:
                handler(self, child, depth)
            elif (name in HANDLED and name not in INERT) or name in ANSWERS:
                raise Unusual
            elif len(child):
                if has_base(child) or language_of(child, "") != "" or name == "contributor":
                    raise Unusual
                self._children(child, depth + 1)

    def _store(self, key: str, value: str, depth: int) -> None:
        known = self.depths.get(key)
        if known is None or depth <= known:
            self.depths[key] = depth
            self.said[key] = value

    def title(self, element: etree._Element, depth: int) -> None:
        value, kind = self._values.text(element, "text/plain", guess=True)
        if not -1 < self.title_depth <= depth:
            self._store("title", value, depth)
            language = language_of(element, self._values.language)
            self.said["title_detail"] = {"type": kind, "language": language.replace("_", "-") if language else None}
        if value:
            self.title_depth = depth

    def media_title(self, element: etree._Element, depth: int) -> None:
        before = self.title_depth
        self.title(element, depth)
        self.title_depth = before

    def link(self, element: etree._Element, depth: int) -> None:
        if depth > 1:
            raise Unusual
        self._values.link(element, self.said, in_entry=True)

    def identity(self, element: etree._Element, depth: int) -> None:
        if depth > 1:
            raise Unusual
        self._values.identity(element, self.said)

    def description(self, element: etree._Element, depth: int) -> None:
        if "summary" in self.said and not self.has_content:
            self.content(element, depth)
        else:
            self._store("summary", self._values.text(element, "text/html")[0], depth)

    def summary(self, element: etree._Element, depth: int) -> None:
        if "summary" in self.said and not self.has_content:
            self.content(element, depth)
        else:
            self._store("summary", self._values.text(element, "text/plain")[0], depth)

    def content(self, element: etree._Element, depth: int) -> None:
        del depth
        self.has_content = True
        value, kind = self._values.text(element, "text/plain")
        self.said.setdefault("content", []).append({"value": value, "type": kind})
        self.said.setdefault("summary", value)

    def encoded(self, element: etree._Element, depth: int) -> None:
        del depth
        self.has_content = True
        value, kind = self._values.text(element, "text/html")
        self.said.setdefault("content", []).append({"value": value, "type": kind})
        self.said.setdefault("summary", value)

    def author(self, element: etree._Element, depth: int) -> None:
        if depth > 1 or has_base(element):
            raise Unusual
        if not len(element):
            self._store("author", mended((element.text or "").strip()), depth)
            return
        parts: dict[str, str] = {}
        for child in element:
            name = self._values.name(child)
            if len(child) or (name not in _PERSON and (name in HANDLED or name in ANSWERS)) or name in parts:
                raise Unusual
            parts[name] = (child.text or "").strip()
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            raise Unusual
        person, mail = parts.get("name"), parts.get("email")
        before = self.said.get("author", "")
        if not (person or mail) or (before and ("@" in before or not person)):  # feedparser mixes two people up
            raise Unusual
        self.said["author"] = f"{person} ({mail})" if person and mail else person or mail
        self.depths["author"] = depth

    def published(self, element: etree._Element, depth: int) -> None:
        self._date("published", element, depth)

    def updated(self, element: etree._Element, depth: int) -> None:
        self._date("updated", element, depth)

    def created(self, element: etree._Element, depth: int) -> None:
        self._date("created", element, depth)

    def _date(self, key: str, element: etree._Element, depth: int) -> None:
        if depth > 1:
            raise Unusual
        value = plain(element)
        self.said[key] = value
        self.said[f"{key}_parsed"] = None if STANDARD_DATE.fullmatch(value) else _parse_date(value)

    def language(self, element: etree._Element, depth: int) -> None:
        self._store("language", plain(element), depth)

    def original_link(self, element: etree._Element, depth: int) -> None:
        if element.attrib:
            raise Unusual
        self._store("feedburner_origlink", plain(element), depth)

    def source(self, element: etree._Element, depth: int) -> None:
        """Where an entry was taken over from; with more than a name it is left to feedparser."""
        del depth
        if len(element):
            raise Unusual
        self.title_depth = -1


_HANDLERS: dict[str, Callable[[_Entry, Any, int], None]] = {
    "title": _Entry.title,
    "dc_title": _Entry.title,
    "media_title": _Entry.media_title,
    "link": _Entry.link,
    "guid": _Entry.identity,
    "id": _Entry.identity,
    "description": _Entry.description,
    "dc_description": _Entry.description,
    "media_description": _Entry.description,
    "summary": _Entry.summary,
    "itunes_summary": _Entry.summary,
    "content": _Entry.content,
    "content_encoded": _Entry.encoded,
    **dict.fromkeys(("author", "managingeditor", "dc_creator", "dc_author", "itunes_author"), _Entry.author),
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms_issued"), _Entry.published),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _Entry.updated),
    **dict.fromkeys(("created", "dcterms_created"), _Entry.created),
    "language": _Entry.language,
    "dc_language": _Entry.language,
    "feedburner_origlink": _Entry.original_link,
    "source": _Entry.source,
}
