"""Sitemaps (sitemaps.org) with the news extension, indexes, packed files, lists in plain text: addresses, titles where
given, dates.

Read as a stream: fifty thousand addresses are allowed, and a tree of them takes a third of a child's memory.
"""

from __future__ import annotations

import contextlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from monitor.adapters.children.charset import decode
from monitor.adapters.children.feed import newest, parse_feed
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import possible_references
from monitor.domain.url_dates import day_in_url

MAX_UNPACKED_BYTES = 50 * 1024 * 1024  # sitemaps.org: "50MB uncompressed"
MAX_ADDRESSES = 50_000  # sitemaps.org
MAX_MEMBERS = 1_000  # of an index, handed on; its readers ask for a handful
MAX_URL_CHARS = 4_096
# Where at least so many addresses carry no news date and so large a share of them the same `lastmod` day, the day is
# that of the file's making.
FEWEST_FOR_STAMP = 20
STAMP_SHARE = 0.9

_GZIP = b"\x1f\x8b"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!\s*ENTITY", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(\w+)[\s>/]")
_LINE = re.compile(r"https?://\S{3,}", re.IGNORECASE)
_ASIDE = re.compile(r"<!--.*?-->|<\?.*?\?>|<![^>]*>", re.DOTALL)


def parse_sitemap(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The newest addresses of a sitemap, or the members of an index; raises `Refused` with not-a-feed, xml-entity or
    too-large.
    """
    notes: list[str] = []
    if body.startswith(_GZIP):
        body, whole = unpacked(body)
        notes += [] if whole else ["malformed"]
    text = _DECLARATION.sub("", decode(body, payload["content_type"]).text.lstrip("\ufeff \t\r\n\x00")).lstrip()
    text = possible_references(text)
    root = _root(text)
    if root in {"rss", "feed", "rdf"}:
        return parse_feed(payload, body) | {"kind": "sitemap"}
    if root == "sitemapindex":
        members = [member for element in _elements(text, "sitemap") if (member := _member(element))["url"]]
        return _answer([], notes) | {"sitemaps": _last_changed(members)}
    if root == "urlset":
        found = [entry for element in _elements(text, "url") if (entry := _entry(element))["url"]]
        found = _without_stamps(found)
    else:
        found = _listed(text)
    entries = _newest(found, payload["max_entries"])
    return _answer(entries, [*notes, *(["entries-cut"] if len(entries) < len(found) else [])])


def unpacked(body: bytes) -> tuple[bytes, bool]:
    """A gzip file's content, as far as it can be read, and whether that was all; raises `Refused` with too-large."""
    content, rest = bytearray(), body
    while rest.startswith(_GZIP):
        reader = zlib.decompressobj(31)
        try:
            content += reader.decompress(rest, MAX_UNPACKED_BYTES + 1 - len(content))
        except zlib.error as error:
            if not content:
                raise Refused("not-a-feed", "a damaged gzip file") from error
            return bytes(content), False
        if len(content) > MAX_UNPACKED_BYTES:
            raise Refused("too-large", f"unpacks to more than {MAX_UNPACKED_BYTES} bytes")
        if not reader.eof:
            return bytes(content), False
        rest = reader.unused_data
    return bytes(content), True


def _root(text: str) -> str:
    """The local name of the root element, lower case; "" where there is no markup."""
    if not text.startswith("<"):
        return ""
    if _ENTITY.search(text):
        raise Refused("xml-entity", "the document declares entities")
    found = _ROOT.search(_ASIDE.sub("", text[:65_536]))
    return found[1].lower() if found else ""


def _elements(text: str, name: str) -> Iterator[Any]:
    """The elements of that name right below the root, one at a time."""
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    events = etree.iterparse(
        stream, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    count = 0
    with contextlib.suppress(etree.XMLSyntaxError):  # where even recovering ends
        for _, element in events:
            if _name(element) != name:
                continue
            count += 1
            if count > MAX_ADDRESSES:
                return
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _member(element: Any) -> dict[str, Any]:
    values = _values(element)
    return {"url": values.get("loc") or None, "lastmod": values.get("lastmod") or None}


def _last_changed(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(members) <= MAX_MEMBERS:
        return members
    by_change = sorted(range(len(members)), key=lambda n: (members[n]["lastmod"] or "", n), reverse=True)
    return [members[n] for n in sorted(by_change[:MAX_MEMBERS])]


def _entry(element: Any) -> dict[str, Any]:
    """What an address says of itself; pictures and films of the page, which have places and titles too, say nothing."""
    values, news = _values(element), next((one for one in element if _name(one) == "news"), None)
    told = {} if news is None else _values(news)
    publication = next((one for one in news if _name(one) == "publication"), None) if news is not None else None
    language = "" if publication is None else _values(publication).get("language", "")
    return _found(
        values.get("loc", ""), told.get("title", ""), told.get("publication_date"), values.get("lastmod"), language
    )


def _found(
    url: str, title: str = "", published: str | None = None, changed: str | None = None, language: str = ""
) -> dict[str, Any]:
    day = day_in_url(url) if url else None
    date = published or (day.isoformat() if day else None) or changed or None
    return {
        "guid": None,
        "url": url[:MAX_URL_CHARS] or None,
        "title": title,
        "summary": "",
        "content": "",
        "author": None,
        "published_raw": date,
        "published_parsed": date,
        "language": language or None,
        "edition": changed,
        "is_stamp": date is not None and date == changed and not published and day is None,
    }


def _without_stamps(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop the dates of last change where they are only those of the file's making."""
    dated = [entry for entry in entries if entry["is_stamp"]]
    days = Counter(str(entry["edition"])[:10] for entry in dated)
    if len(dated) >= FEWEST_FOR_STAMP and days.most_common(1)[0][1] >= STAMP_SHARE * len(dated):
        for entry in dated:
            entry["published_raw"] = entry["published_parsed"] = entry["edition"] = None
    return entries


def _listed(text: str) -> list[dict[str, Any]]:
    """A sitemap in plain text: an address a line."""
    lines = [line.strip() for line in text.split("\n", MAX_ADDRESSES)[:MAX_ADDRESSES]]
    found = [line for line in lines if line]
    if not found or not all(_LINE.fullmatch(line) for line in found[:100]):
        raise Refused("not-a-feed", "no sitemap")
    return [_found(line) for line in found if _LINE.fullmatch(line)]


def _newest(entries: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """At most `limit`, the newest; of undated ones the first and the last, since sites add at either end."""
    if len(entries) <= limit or any(entry["published_raw"] for entry in entries):
        return newest(entries, limit)
    return entries[: limit // 2] + entries[len(entries) - (limit - limit // 2) :]


def _answer(entries: list[dict[str, Any]], notes: list[str]) -> dict[str, Any]:
    return {"kind": "sitemap", "title": None, "language": None, "home_page": None, "ttl_min": None,
            "entries": entries, "notes": notes}  # fmt: skip


def _values(element: Any) -> dict[str, str]:
    """The texts right below an element, by local name; the first of each name."""
    values: dict[str, str] = {}
    for child in element:
        if isinstance(child.tag, str) and child.text:
            values.setdefault(_name(child), child.text.strip())
    return values


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
