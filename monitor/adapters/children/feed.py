"""RSS, Atom, RDF and their relatives by feedparser, JSON Feed by our own code."""

from __future__ import annotations

import calendar
import html
import io
import re
from datetime import UTC, datetime
from typing import Any

import feedparser

from monitor.adapters.children.charset import decode
from monitor.adapters.children.jsonfeed import parse_json_feed
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import plain_text, possible_references
from monitor.adapters.children.quickentry import STANDARD_DATE
from monitor.adapters.children.quickfeed import ReadFeed, read_quickly
from monitor.domain.feed_dates import feed_date

MAX_SAFE_ENTITY_CHARS = 64  # faults.md section 2
MAX_ENTITIES = 300  # the named characters of HTML are 253
_ENTITY = re.compile(r"<!\s*ENTITY\b", re.IGNORECASE)
_SAFE_ENTITY = re.compile(
    r"<!\s*ENTITY\s+[\w.-]{1,40}\s+(?:\"([^\"&%]*|&#\w{1,8};)\"|'([^'&%]*|&#\w{1,8};)')\s*>", re.IGNORECASE
)
# Character sets of XHTML, declared by old RDF feeds; feedparser drops the declaration and fetches nothing.
_W3C_ENTITIES = re.compile(
    r"<!ENTITY\s+%\s+\w{1,40}\s+PUBLIC\s+\"-//W3C//ENTITIES [^\"<>]{1,80}\"\s+\"http://www\.w3\.org/[^\"<>]{1,120}\"\s*>"
)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_END_OF_ENTRY = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>|<(?:\w+:)?(?:item|entry)\b[^<>]*/>", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_PUBLISHED = re.compile(r"<(?:\w+:)?(?:pubDate|published|updated|date|issued)\b[^>]*>([^<]{4,200})<", re.IGNORECASE)
_NEXT_LINK = re.compile(r"<(?:\w+:)?link\b[^<>]*\brel\s*=\s*[\"']next[\"'][^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']([^\"'<>]+)[\"']", re.IGNORECASE)
_NAMESPACE = re.compile(r"""(\bxmlns(?::[\w.-]{1,80})?\s{0,9}=\s{0,9})("[^"<>]{0,300}"|'[^'<>]{0,300}')""")
_LOOSE_PREFIX = re.compile(r"(</?)(?:rss|atom):", re.IGNORECASE)  # used without being declared
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_HTML_START = re.compile(
    r"^\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html)\b", re.IGNORECASE | re.DOTALL
)
# Titles guessed to be plain text that carry formatting all the same: only tags that titles have.
_TITLE_MARKUP = re.compile(r"</?(?:a|b|br|em|font|i|img|p|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_PERIODS_MIN = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_NO_ENTRY_LINKS = frozenset(("enclosure", "self", "edit", "replies", "hub", "license", "next", "via"))


def parse_feed(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Entries as they stand in the document; raises `Refused` with not-a-feed or xml-entity."""
    decoded = decode(body, payload["content_type"])
    text = decoded.text.lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise Refused("not-a-feed", "the document is empty")
    if text.startswith("{"):
        return parse_json_feed(text, payload["max_entries"])
    _refuse_what_is_no_feed(text)
    _refuse_entities(text)
    text, cut = newest_entries(text, payload["max_entries"])
    read = read_quickly(text, payload["url"]) or read_slowly(without_torn_end(text), payload["url"])
    notes = [] if decoded.certain else ["charset-uncertain"]
    if read.malformed:
        notes.append("malformed")
    answer = answer_of(read)
    answer["entries"] = newest(answer["entries"], payload["max_entries"])
    if cut or len(answer["entries"]) < len(read.entries):
        notes.append("entries-cut")
    return answer | {"notes": notes, "next_page": _next_page(text)}


def answer_of(read: ReadFeed) -> dict[str, Any]:
    """What is told of a feed and its entries, in our words."""
    return _feed(read.feed) | {"entries": [_entry(entry, read.version) for entry in read.entries]}


def _next_page(text: str) -> str | None:
    """Where a feed of several documents goes on (RFC 5005 section 3)."""
    first = _ENTRY.search(text)
    link = _NEXT_LINK.search(text, 0, first.start() if first else 65_536)
    href = _HREF.search(link[0]) if link else None
    return html.unescape(href[1]) if href else None


def without_torn_end(text: str) -> str:
    """A document that broke off, without the entry it broke off in: half a title is no title (faults C6).

    Raises `Refused` with truncated where nothing is left.
    """
    ends = [match.end() for match in _END_OF_ENTRY.finditer(text)]
    starts = [match.start() for match in _ENTRY.finditer(text)]
    torn = not _END.search(text, ends[-1] if ends else 0)
    if not torn or (ends and starts and starts[-1] < ends[-1]):
        return text
    if not ends:
        raise Refused("truncated", "the document breaks off before its first entry ends")
    return text[: ends[-1]]


def read_slowly(text: str, url: str) -> ReadFeed:
    """Any feed, by feedparser; raises `Refused` with not-a-feed."""
    text = _whole_namespaces(possible_references(text))
    parsed = _parsed(text, url)
    if not parsed.entries and _ENTRY.search(text):
        parsed = _parsed(_LOOSE_PREFIX.sub(r"\1", text), url)
        if not parsed.entries:
            raise Refused("not-a-feed", "its entries cannot be read")
    if not parsed.get("version") and not parsed.entries:
        raise Refused("not-a-feed", "neither RSS nor Atom nor RDF")
    return ReadFeed(parsed.get("version", ""), parsed.feed, parsed.entries, malformed=bool(parsed.get("bozo")))


def _whole_namespaces(text: str) -> str:
    """Without blanks in the addresses of namespaces: expat parts names by them, and feedparser breaks on it."""
    return _NAMESPACE.sub(lambda found: f"{found[1]}{''.join(found[2].split())}", text)


def _parsed(text: str, url: str) -> Any:
    return feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),  # a stream: given bytes, feedparser looks for a file of that name
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


# ---------------------------------------------------------------- the newest


def newest_entries(text: str, limit: int) -> tuple[str, bool]:
    """A document with at most `limit` entries, the newest by their dates, undated ones last; whether any were cut.

    Works on the text, since reading a hundred thousand entries takes twenty seconds (faults M5).
    """
    starts = [match.start() for match in _ENTRY.finditer(text)]
    if len(starts) <= limit:
        return text, False
    end = max(text.rfind(close) for close in ("</item>", "</entry>"))
    last = text.find(">", max(end, starts[-1])) + 1 or len(text)
    pieces = [text[start:stop] for start, stop in zip(starts, [*starts[1:], last], strict=True)]
    ages = [_age(piece) for piece in pieces]
    by_age = sorted(range(len(pieces)), key=ages.__getitem__, reverse=True)
    kept = "".join(pieces[n] for n in sorted(by_age[:limit]))
    return f"{text[: starts[0]]}{kept}{text[last:]}", True


def _age(piece: str) -> str:
    """When an entry was published, to be sorted by; "" where it does not say."""
    found = _PUBLISHED.search(piece, 0, 65_536)
    date = feed_date(found[1].strip(), datetime.now(UTC)) if found else None
    return date.isoformat() if date else ""


def newest(entries: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """At most `limit` entries, the newest by their dates, undated ones last; in the order of the document."""
    if len(entries) <= limit:
        return entries
    by_age = sorted(range(len(entries)), key=lambda n: _stated(entries[n]), reverse=True)
    return [entries[n] for n in sorted(by_age[:limit])]


def _stated(entry: dict[str, Any]) -> str:
    date = feed_date(entry["published_raw"], datetime.now(UTC))
    return (date.isoformat() if date else entry["published_parsed"]) or ""


def _refuse_what_is_no_feed(text: str) -> None:
    if not text.startswith("<") and not _FEED_ROOT.search(text[:4096]):
        raise Refused("not-a-feed", "neither XML nor JSON")
    if _HTML_START.match(text[:10_000]) and not re.search(r"<(?:rss|feed|rdf:rdf)\b", text, re.IGNORECASE):
        raise Refused("not-a-feed", "a web page")
    if not _FEED_ROOT.search(text):
        raise Refused("not-a-feed", "XML of another kind")


def _refuse_entities(text: str) -> None:
    """Entities that could grow: feedparser's loose reader expands what expat refuses (faults M4)."""
    declared = len(_ENTITY.findall(text)) - len(_W3C_ENTITIES.findall(text))
    if not declared:
        return
    safe = [found[1] or found[2] or "" for found in _SAFE_ENTITY.finditer(text)]
    if declared > MAX_ENTITIES or len(safe) < declared or any(len(value) > MAX_SAFE_ENTITY_CHARS for value in safe):
        raise Refused("xml-entity", "the document declares entities")


# ---------------------------------------------------------------- feedparser's words to ours


def _feed(feed: Any) -> dict[str, Any]:
    return {
        "kind": "feed",
        "title": _text(feed, "title"),
        "language": feed.get("language") or None,
        "home_page": feed.get("link") or None,
        "ttl_min": _ttl_min(feed),
    }


def _ttl_min(feed: Any) -> int | None:
    ttl = str(feed.get("ttl", "")).strip()
    if ttl.isascii() and ttl.isdecimal() and len(ttl) < 8:
        return int(ttl) or None
    period = _PERIODS_MIN.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    times = str(feed.get("sy_updatefrequency", "1")).strip()
    if period is None or not (times.isascii() and times.isdecimal()) or len(times) > 4:
        return None
    return max(1, period // max(1, int(times)))


def _entry(entry: Any, version: str) -> dict[str, Any]:
    raw, parsed = _date(entry)
    return {
        "guid": entry.get("id") or None,
        "url": _link(entry),
        "title": _title(entry, version),
        "summary": _text(entry, "summary"),
        "content": _content(entry),
        "author": entry.get("author") or None,
        "published_raw": raw,
        "published_parsed": parsed,
        "language": entry.get("language") or entry.get("title_detail", {}).get("language") or None,
    }


def _title(entry: Any, version: str) -> str:
    title = _text(entry, "title")
    return plain_text(title) if not version.startswith("atom") and _TITLE_MARKUP.search(title) else title


def _text(context: Any, key: str) -> str:
    value = context.get(key) or ""
    kind = context.get(f"{key}_detail", {}).get("type", "text/html")
    return value if kind == "text/plain" and key == "title" else plain_text(value)


def _content(entry: Any) -> str:
    values = [part.get("value") or "" for part in entry.get("content", []) if not _is_binary(part.get("type", ""))]
    return plain_text(max(values, key=len)) if values else ""


def _is_binary(kind: str) -> bool:
    return bool(kind) and not kind.startswith("text/") and "xml" not in kind and "html" not in kind


def _link(entry: Any) -> str | None:
    """The article's address: behind a counting service where that says so, else as linked, else a guid that is one."""
    for candidate in (entry.get("feedburner_origlink"), entry.get("link")):
        if candidate:
            return str(candidate)
    for link in entry.get("links", []):
        if link.get("href") and link.get("rel", "alternate") not in _NO_ENTRY_LINKS:
            return str(link["href"])
    guid = str(entry.get("id") or "")
    return guid if guid.startswith(("http://", "https://")) else None


def _date(entry: Any) -> tuple[str | None, str | None]:
    """The date as written, and as feedparser reads it where that may be needed."""
    for name in ("published", "created", "updated"):
        if entry.get(name):
            raw = str(entry[name])
            return raw, None if STANDARD_DATE.fullmatch(raw) else _iso(entry.get(f"{name}_parsed"))
    return None, None


def _iso(parsed: Any) -> str | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat() if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
