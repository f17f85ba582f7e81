"""OPML 2.0: the lists of feeds that readers exchange (http://opml.org/spec2.opml)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from monitor.domain.model.sources import FeedData, FeedKind, SourceData
from monitor.domain.source_keys import free_key
from monitor.domain.text import clean_line
from monitor.domain.urls import canonical_url
from monitor.errors import ConfigurationError

MAX_BYTES = 5 * 1024 * 1024  # faults H18: what an OPML upload may weigh
MAX_OUTLINES = 20_000


def read_opml(body: bytes, where: str) -> tuple[SourceData, ...]:
    """One source for each outline with a usable xmlUrl; raises `ConfigurationError` naming `where`.

    Document type declarations are refused before parsing: no list of feeds needs entities.
    """
    if len(body) > MAX_BYTES:
        raise ConfigurationError(f"{where}: larger than {MAX_BYTES // 1024 // 1024} MiB")
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", body.replace(b"\x00", b""), re.IGNORECASE):
        raise ConfigurationError(f"{where}: document type declarations are not accepted")
    try:
        root = ET.fromstring(body)  # noqa: S314 - DTDs, the way to every known bomb, were refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ConfigurationError(f"{where}: is not XML: {error}") from error
    if root.tag.lower() != "opml":
        raise ConfigurationError(f"{where}: is not OPML: the root element is <{clean_line(root.tag, 60)}>")
    outlines = [one for one in root.iter() if one.tag.lower() == "outline"][:MAX_OUTLINES]
    return _sources(outlines)


def _sources(outlines: Sequence[ET.Element]) -> tuple[SourceData, ...]:
    sources: dict[str, SourceData] = {}
    urls: set[str] = set()
    for outline in outlines:
        attributes = {name.lower(): value for name, value in outline.attrib.items()}
        url = canonical_url(attributes.get("xmlurl", ""))
        if url is None or url in urls:
            continue
        urls.add(url)
        name = clean_line(attributes.get("title") or attributes.get("text") or url, 200)
        key = free_key(attributes.get("monitorkey") or name, sources)
        language = attributes.get("language", "").split("-")[0].lower()
        country = attributes.get("monitorcountry", "")
        sources[key] = SourceData(
            key=key,
            name=name,
            feeds=(FeedData(url, _kind(attributes.get("monitorkind", ""))),),
            home_page=canonical_url(attributes.get("htmlurl", "")),
            language=language if re.fullmatch(r"[a-z]{2,3}", language) else None,
            country=country if re.fullmatch(r"[A-Z]{2}", country) else None,
        )
    return tuple(sources.values())


def _kind(text: str) -> FeedKind:
    return FeedKind(text) if text in set(FeedKind) - {FeedKind.MAILBOX} else FeedKind.AUTO


def write_opml(sources: Iterable[SourceData]) -> bytes:
    """An OPML document that other readers understand; our own attributes bring keys, kinds and countries back."""
    root = ET.Element("opml", version="2.0")
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "title").text = "Sources of sister-city-monitor"
    body = ET.SubElement(root, "body")
    for source in sources:
        for feed in source.feeds:
            if feed.kind is FeedKind.MAILBOX:
                continue  # nobody else's business, and no address of the web
            attributes = {
                "text": source.name,
                "title": source.name,
                "type": "rss",
                "xmlUrl": feed.url,
                "htmlUrl": source.home_page,
                "language": source.language,
                "monitorKey": source.key,
                "monitorKind": feed.kind.value,
                "monitorCountry": source.country,
            }
            ET.SubElement(body, "outline", {name: value for name, value in attributes.items() if value})
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + document + b"\n"
