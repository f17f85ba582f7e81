"""Takes the markup off a Markdown document, as far as a dropped note or a saved page carries any."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.text import clean

_FENCE = "---"
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"[=\-*_]{3,}")
_BULLET = re.compile(r"^(?:[*+\-•·]|>)\s+")
_TARGET = r"\([^()\s]{0,2000}(?:\([^()]{0,200}\)[^()\s]{0,200}){0,3}(?:\s+\"[^\"]{0,200}\")?\)"
_IMAGE = re.compile(rf"!\[[^\[\]]{{0,500}}\]{_TARGET}")
_LINK = re.compile(rf"\[([^\[\]]{{1,500}})\]{_TARGET}")
_EMPHASIS = re.compile(r"(\*\*|__|\*|(?<!\w)_(?=\S))(\S(?:[^\n]{0,500}?\S)?)\1")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_FRONT_MATTER_KEY = re.compile(r"([A-Za-z_]+)\s*:\s*(.*)")
MAX_FRONT_MATTER_LINES = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A line without markup, never empty."""

    text: str
    level: int = 0  # of a heading, 1 the highest; 0: none


@dataclass(frozen=True, slots=True)
class Plain:
    """A document without markup."""

    lines: tuple[Line, ...]
    front_matter: Mapping[str, str]  # keys in lower case


def plain(text: str) -> Plain:
    """The lines of a Markdown document; one without any markup comes back as it is, cleaned."""
    front_matter, lines = _front_matter(clean(text).split("\n"))
    return Plain(tuple(_lines(lines)), front_matter)


def _front_matter(lines: Sequence[str]) -> tuple[Mapping[str, str], Sequence[str]]:
    """What stands between two fences at the very top, if it is "key: value" lines only."""
    if not lines or lines[0] != _FENCE or _FENCE not in lines[1 : MAX_FRONT_MATTER_LINES + 2]:
        return {}, lines
    end = lines.index(_FENCE, 1)
    pairs = [_FRONT_MATTER_KEY.fullmatch(line) for line in lines[1:end]]
    return {pair[1].lower(): pair[2].strip("\"'") for pair in pairs if pair}, lines[end + 1 :]


def _lines(lines: Sequence[str]) -> Iterator[Line]:
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if _RULE.fullmatch(line):
            continue
        heading = _HEADING.fullmatch(line)
        level = len(heading[1]) if heading else 1 if re.fullmatch("={3,}", below) else 0
        bare = _without_marks(heading[2] if heading else _BULLET.sub("", line))
        if bare:
            yield Line(bare, level)


def _without_marks(line: str) -> str:
    line = _LINK.sub(r"\1", _IMAGE.sub(" ", line))
    line = _EMPHASIS.sub(r"\2", line)
    return clean(html.unescape(_TAG.sub(" ", _AUTOLINK.sub(r"\1", line))))
