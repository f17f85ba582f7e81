"""The article of a page: its text by the extractors, the rest by what the page says of itself."""

from __future__ import annotations

from typing import Any

from lxml.html import HtmlElement

from monitor.adapters.children.charset import decode
from monitor.adapters.children.consensus import Prose, best_text
from monitor.adapters.children.language import language_of
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import parse_html
from monitor.adapters.children.metadata import Metadata, read_metadata
from monitor.adapters.children.teasers import is_list
from monitor.adapters.children.walls import is_partial, says_wall

FEWEST_TEXT_CHARS = 100  # less is a caption or a notice, whatever the page was meant to be
# JSON-LD's own text is a summary on many sites and markup-ridden on others: it is taken only where the extracted text
# is under half as long (on 135 pages of 43 countries taking it always costs 1.3 points of F1, so it gains 0.1).
LONGER_BODY = 2.0
WALL_WITHIN = 12  # blocks of the text's end, and behind it
LEAST_BEFORE_WALL = 0.5  # of the text; a wall higher up belongs to something else
_BINARY_STARTS = (
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF"),
    *(b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"),
)
_BINARY_KINDS = (
    *("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/msword"),
    *("application/vnd.", "application/octet-stream"),
)


def extract_article(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Text and facts; raises `Refused` with unsupported-media, or with no-text and the date that the page claims."""
    _refuse_binary(payload["content_type"], body)
    decoded = decode(body, payload["content_type"])
    tree = parse_html(decoded.text) if "<" in decoded.text else None
    if tree is None:
        raise Refused("no-text", "no web page")
    metadata = read_metadata(tree, payload["url"])
    dated = {"published_raw": metadata.published_raw} if metadata.is_date_claimed else None
    text, notes = _text(tree, payload["url"], metadata, dated)
    if len(text) < FEWEST_TEXT_CHARS:
        raise Refused("no-text", "the page has no text to speak of", dated)
    return {
        "title": metadata.title,
        "text": text,
        "author": metadata.author,
        "published_raw": metadata.published_raw,
        "language": language_of(text, metadata.language or payload.get("language")),
        "site_name": metadata.site_name,
        "canonical": metadata.canonical,
        "notes": notes if decoded.certain else [*notes, "charset-uncertain"],
    }


def _refuse_binary(content_type: str, body: bytes) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    start = body[:1024].lstrip()
    markup = start.startswith(b"<")
    if start.startswith(_BINARY_STARTS) or (kind.startswith(_BINARY_KINDS) and not markup):
        raise Refused("unsupported-media", "not a web page")


def _text(tree: HtmlElement, url: str, metadata: Metadata, dated: dict[str, Any] | None) -> tuple[str, list[str]]:
    """The text and what is to be noted of it; raises `Refused` for a page that is a list."""
    prose = best_text(tree, url)
    if len(metadata.body) > len(prose.text) * LONGER_BODY and len(metadata.body) >= FEWEST_TEXT_CHARS:
        return metadata.body, ["text-from-json-ld"]
    if not metadata.is_one_article and is_list(prose.blocks, prose.kept):
        raise Refused("no-text", "a list of articles", dated)
    before = _before_wall(prose)
    if is_partial(before or prose.text, metadata.is_free, metadata.words, before is not None):
        return before or prose.text, ["partial"]
    return prose.text, []


def _before_wall(prose: Prose) -> str | None:
    """The text up to the wall at its end or behind it; None where there is none, or where most would go with it."""
    numbers = [number for number, one in enumerate(prose.kept) if one]
    if not numbers:
        return None
    near = range(numbers[-WALL_WITHIN:][0], min(numbers[-1] + WALL_WITHIN, len(prose.blocks)))
    wall = next((number for number in near if says_wall(prose.blocks[number].text)), None)
    if wall is None:
        return None
    before = "\n".join(prose.blocks[number].text for number in numbers if number < wall)
    return before if len(before) >= LEAST_BEFORE_WALL * len(prose.text) else None
