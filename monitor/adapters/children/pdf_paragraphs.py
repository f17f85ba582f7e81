"""Paragraphs out of lines: what a typesetter broke is joined again, what a page adds to it is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from monitor.adapters.children.pdf_lines import HYPHEN, Line

# In sizes of the letters, but for the first.
WIDE_LEADING = 1.35  # of the usual step between lines: a paragraph ends
LARGE = 1.1  # times the usual letters: headings have steps of their own ...
LARGE_LEADING = 1.6  # ... in their sizes
OTHER_SIZE = 0.15  # relative difference: a heading, a caption
INDENT = 0.8
SHORT_BY = 2.0  # at the end of a sentence
MUCH_SHORTER = 0.6  # of the width of its neighbour: a heading, an address, a list
FEWEST_REPEATS = 3  # pages that begin or end with the same line
EDGE_LINES = 2  # at top and bottom, where running titles stand

_CJK = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_CJK_END, _CJK_START = re.compile(f"[{_CJK}]$"), re.compile(f"^[{_CJK}]")
_SENTENCE_END = re.compile(r"[.!?。！？…:：;；][\"'»”’）)」』]*$")
_ITEM = re.compile(r"(?:[•‣▪■□●○◆◇・※▶-]\s?\S|\(?\d{1,3}[.)）]\s|第[一二三四五六七八九十百\d]{1,4}[条章回])")
_PAGE_NUMBER = re.compile(
    r"[-–—\s|]*(?:page|seite|p\.|s\.|第)?\s*\d{1,4}\s*(?:(?:/|of|de|von|sur)\s*\d{1,4})?\s*(?:頁|页|ページ)?[-–—\s|]*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Paragraph:
    """Joined lines."""

    text: str
    size: float
    page: int
    end_page: int
    lines: list[Line] = field(default_factory=list)


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """The paragraphs of a document; one that runs over the end of a page or column is joined."""
    repeated = _repeated(pages)
    found: list[Paragraph] = []
    for number, page in enumerate(pages):
        running = repeated if number else frozenset[str]()  # on the first page it is the title
        kept = [line for place, line in enumerate(page) if not _is_furniture(line, place, len(page), running)] or page
        step, usual = _usual_step(kept), median(line.size for line in kept) if kept else 0.0
        for line in kept:
            if found and not _begins(found[-1], line, number, step, usual):
                found[-1].text = _joined(found[-1].text, line.text)
                found[-1].lines.append(line)
                found[-1].end_page = number
            else:
                found.append(Paragraph(line.text, line.size, number, number, [line]))
    for one in found:
        one.text = one.text.replace(HYPHEN, "").strip("\u3000 ")
    return [one for one in found if one.text]


def _begins(before: Paragraph, line: Line, page: int, step: float, usual: float) -> bool:
    """Whether a line begins a paragraph, on a page with that usual step and size."""
    last = before.lines[-1]
    if abs(line.size - before.size) > OTHER_SIZE * before.size or last.is_vertical != line.is_vertical:
        return True
    if line.text.startswith("\u3000") or _ITEM.match(line.text):
        return True
    ended = _SENTENCE_END.search(last.text) is not None
    moved = line.down - last.down
    if page != before.end_page or moved <= 0:  # the next page, the next column
        return ended
    if moved > max(step * WIDE_LEADING, 0.0 if line.size < LARGE * usual else LARGE_LEADING * line.size) > 0:
        return True
    return _stands_apart(before, last, line, ended)


def _stands_apart(before: Paragraph, last: Line, line: Line, ended: bool) -> bool:
    """By its indentation, or because the line before it was not full."""
    if line.left > last.left + INDENT * line.size and len(before.lines) > 1:
        return True
    if line.left > last.left + INDENT * line.size and ended:
        return True
    full = max(line.right, *(one.right for one in before.lines[-3:]))
    short_by = full - last.right
    if ended:
        return short_by > SHORT_BY * line.size
    return last.right - last.left < MUCH_SHORTER * (line.right - line.left) and not last.text.endswith((HYPHEN, "-"))


def _joined(text: str, more: str) -> str:
    """The next line of a paragraph: without a blank in scripts that have none, words that were parted made whole."""
    if text.endswith((HYPHEN, "-")) and len(text) > 1 and text[-2].isalpha() and more[:1].isalpha():
        return text[:-1] + ("" if more[0].islower() else "-") + more
    if text.endswith("\u00ad"):
        return text[:-1] + more
    if _CJK_END.search(text) and _CJK_START.search(more):
        return text + more
    return f"{text} {more}"


def _usual_step(lines: Sequence[Line]) -> float:
    """The usual distance of a line from the next; 0: too few to tell."""
    steps = [after.down - before.down for before, after in pairwise(lines)]
    near = [step for step, line in zip(steps, lines, strict=False) if 0.5 * line.size < step < 3 * line.size]
    return median(near) if len(near) > 1 else 0.0


def _repeated(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Running titles and the like: the same line, but for numbers, at the edge of several pages."""
    counted: Counter[str] = Counter()
    for page in pages:
        edges = {*map(_shape, page[:EDGE_LINES]), *map(_shape, page[-EDGE_LINES:])}
        counted.update(edges)
    return frozenset(shape for shape, count in counted.items() if count >= FEWEST_REPEATS)


def _shape(line: Line) -> str:
    return _DIGITS.sub("0", line.text)


def _is_furniture(line: Line, place: int, count: int, repeated: frozenset[str]) -> bool:
    at_edge = place < EDGE_LINES or place >= count - EDGE_LINES
    return at_edge and (_shape(line) in repeated or _PAGE_NUMBER.fullmatch(line.text) is not None)
