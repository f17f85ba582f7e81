"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), read tolerantly: wrong types are missing fields."""

from __future__ import annotations

import json
from typing import Any

from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import plain_text

_DOCUMENTS = frozenset(("application/pdf", "text/html"))  # attachments that can be read as articles; films cannot


def parse_json_feed(text: str, max_entries: int) -> dict[str, Any]:
    """Entries in the order of the document; raises `Refused` with not-a-feed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("not-a-feed", "broken JSON") from error
    if not isinstance(document, dict) or not _is_feed(document):
        raise Refused("not-a-feed", "JSON of another kind")
    items = [item for item in document["items"] if isinstance(item, dict)]
    return {
        "kind": "feed",
        "title": _string(document, "title"),
        "language": _string(document, "language") or None,
        "home_page": _string(document, "home_page_url") or None,
        "ttl_min": None,
        "entries": [_entry(item, document) for item in items[:max_entries]],
        "notes": ["entries-cut"] if len(items) > max_entries else [],
        "next_page": _string(document, "next_url") or None,
    }


def _is_feed(document: dict[str, Any]) -> bool:
    return "jsonfeed.org" in _string(document, "version") and isinstance(document.get("items"), list)


def _entry(item: dict[str, Any], feed: dict[str, Any]) -> dict[str, Any]:
    markup, text = _string(item, "content_html"), _string(item, "content_text")
    published = _string(item, "date_published") or _string(item, "date_modified")
    return {
        "guid": _identity(item.get("id")),
        "url": _link(item),
        "title": _string(item, "title"),
        "summary": _string(item, "summary"),
        "content": plain_text(markup) if markup else text,
        "author": _author(item) or _author(feed),
        "published_raw": published or None,
        "published_parsed": None,
        "language": _string(item, "language") or None,
    }


def _link(item: dict[str, Any]) -> str | None:
    """The item's own address, else that of what it is about, an id that is one, or an attached document."""
    attached = item.get("attachments")
    documents = (
        _string(one, "url")
        for one in (attached if isinstance(attached, list) else [])
        if isinstance(one, dict) and _string(one, "mime_type") in _DOCUMENTS
    )
    guid = _string(item, "id")
    address = guid if guid.startswith(("http://", "https://")) else ""
    return _string(item, "url") or _string(item, "external_url") or address or next(documents, None) or None


def _author(holder: dict[str, Any]) -> str | None:
    authors = holder.get("authors")
    candidates = authors if isinstance(authors, list) else [holder.get("author")]
    names = [_string(one, "name") for one in candidates if isinstance(one, dict)]
    return ", ".join(name for name in names if name) or None


def _identity(value: object) -> str | None:
    """Version 1.0 allowed numbers."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value) or None


def _string(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""
