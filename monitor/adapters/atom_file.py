"""Atom feeds (RFC 4287) of events, written by an XML library: nothing in a title can be markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from monitor.domain.event_feeds import FeedEntry

_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOBODY_YET = datetime(2000, 1, 1, tzinfo=UTC)  # when an empty feed was last updated: a feed must say something
AUTHOR = "sister-city-monitor"


class AtomWriter:
    """Implements the port `FeedWriter`."""

    def write(self, entries: Sequence[FeedEntry], feed_id: str, title: str, language: str, base_url: str = "") -> bytes:
        """See the port."""
        root = etree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: language}, nsmap={None: _ATOM})
        _add(root, "id", feed_id)
        _add(root, "title", title)
        _add(root, "updated", _moment(max((one.updated_at for one in entries), default=NOBODY_YET)))
        _add(_add(root, "author"), "name", AUTHOR)
        if base_url:
            _add(root, "link", rel="alternate", type="text/html", href=f"{base_url.rstrip('/')}/events")
        for one in entries:
            _add_entry(root, one, base_url.rstrip("/"))
        return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: etree._Element, one: FeedEntry, base_url: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", one.id)
    _add(entry, "title", one.title)
    _add(entry, "published", _moment(one.published_at))
    _add(entry, "updated", _moment(one.updated_at))
    # An entry without content must have such a link (RFC 4287, 4.1.2); a reader takes a path for one of our own site.
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base_url}/events/{one.event_id}")
    _add(entry, "summary", one.summary)


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        child.text = text
    return child


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
