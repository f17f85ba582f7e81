"""Sitemaps (sitemaps.org) with the news extension: addresses, titles where given, dates."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from monitor.adapters.children.charset import decode
from monitor.adapters.children.feed import newest
from monitor.adapters.children.loop import Refused

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_sitemap(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The newest addresses of a sitemap; raises `Refused` with not-a-feed for an index or anything else."""
    text = _DECLARATION.sub("", decode(body, payload["content_type"]).text)
    if re.search(r"<!\s*ENTITY", text, re.IGNORECASE):
        raise Refused("xml-entity", "the document declares entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise Refused("not-a-feed", "no sitemap") from error
    if root is None or _name(root) != "urlset":
        raise Refused(
            "not-a-feed", "an index of sitemaps" if root is not None and "index" in _name(root) else "no sitemap"
        )
    found = [_entry(element) for element in root if isinstance(element.tag, str) and _name(element) == "url"]
    entries = newest([entry for entry in found if entry["url"]], payload["max_entries"])
    notes = ["entries-cut"] if len(entries) < len(found) else []
    return {"kind": "sitemap", "title": None, "language": None, "home_page": None, "ttl_min": None,
            "entries": entries, "notes": notes}  # fmt: skip


def _entry(element: Any) -> dict[str, Any]:
    values = {_name(child): (child.text or "").strip() for child in element.iter() if isinstance(child.tag, str)}
    published = values.get("publication_date") or values.get("lastmod") or None
    return {
        "guid": None,
        "url": values.get("loc") or None,
        "title": values.get("title", ""),
        "summary": "",
        "content": "",
        "author": None,
        "published_raw": published,
        "published_parsed": published,  # ISO 8601 by the standard: sorts as text
        "language": values.get("language") or None,
    }


def _name(element: Any) -> str:
    return str(etree.QName(element).localname).lower()
