"""The lines of a PDF page in reading order, from the places of its characters: a PDF knows neither words nor lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from pypdfium2 import raw

HYPHEN = "\x02"  # what PDFium makes of a hyphen that ends a line
# All in sizes of the letters at that place.
WORD_GAP = 2.0  # wider: another column, or another cell
LINE_SHIFT = 0.7  # up or down: another line
SAME_COLUMN = 0.5  # sideways, of characters that stand below each other
VERTICAL_STEP = 2.5
FEWEST_VERTICAL_CHARS = 3
FEWEST_SPLITS = 3  # rows with gaps, until a page is taken to be set in columns that were drawn row by row
MAX_CUTS = 24  # nested, of a page into columns and bands


@dataclass(slots=True)
class Line:
    """Characters in a row. Vertical writing is as if the page were turned: `left` counts from the top, `down` from the
    right.
    """

    text: str
    left: float
    right: float
    down: float  # grows in reading direction; of the line's middle
    size: float
    is_vertical: bool = False


@dataclass(slots=True)
class _Run:
    """A line under way: characters with their boxes (left, bottom, right, top)."""

    chars: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    is_vertical: bool = False

    def line(self) -> Line | None:
        text = "".join(self.chars).strip(" \u00a0")
        if not text or not self.boxes:
            return None
        left, right = min(box[0] for box in self.boxes), max(box[2] for box in self.boxes)
        bottom, top = min(box[1] for box in self.boxes), max(box[3] for box in self.boxes)
        if self.is_vertical and len(self.boxes) >= FEWEST_VERTICAL_CHARS:
            return Line(text, -top, -bottom, -(left + right) / 2, median(box[2] - box[0] for box in self.boxes), True)
        return Line(text, left, right, -(bottom + top) / 2, median(box[3] - box[1] for box in self.boxes))


def lines_of(page: Any, most_chars: int) -> list[Line]:
    """The lines of a page of pypdfium2, from at most that many characters."""
    text_page = page.get_textpage()
    try:
        runs, splits = _runs(text_page, min(raw.FPDFText_CountChars(text_page), most_chars))
    finally:
        text_page.close()
    lines = [line for line in (run.line() for run in runs) if line is not None]
    vertical = sum(len(line.text) for line in lines if line.is_vertical)
    if vertical * 2 > sum(len(line.text) for line in lines):
        return _in_tiers(lines)
    return list(_in_columns(lines, MAX_CUTS)) if splits >= FEWEST_SPLITS else lines


def _runs(text_page: Any, count: int) -> tuple[list[_Run], int]:
    """Split where PDFium does, at gaps and where the next character stands elsewhere; how many gaps there were."""
    runs: list[_Run] = []
    run, splits = _Run(), 0
    box = raw.FS_RECTF()
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text_page, index)
        char = chr(code) if 0 < code < 0x110000 else "\ufffd"
        if char in "\r\n":
            run = _Run() if not runs or runs[-1] is run else run
            continue
        if char.isspace() or not raw.FPDFText_GetLooseCharBox(text_page, index, box):
            run.chars.append(" " if char != "\u3000" else char)
            continue
        place = (box.left, box.bottom, box.right, box.top)
        follows = _follows(run, place)
        splits += follows == "gap"
        if not runs or runs[-1] is not run or follows != "on":
            run = _Run() if (run.boxes or not run.chars) else run
            runs.append(run)
        run.chars.append(char)
        run.boxes.append(place)
    return runs, splits


def _follows(run: _Run, place: tuple[float, float, float, float]) -> str:
    """How a character stands to the last one of a run: "on" in the line, "gap" after one, "off" the line."""
    if not run.boxes:
        return "on"
    last = run.boxes[-1]
    size = max(last[3] - last[1], 1.0)
    sideways = (place[0] + place[2] - last[0] - last[2]) / 2
    downwards = (last[1] + last[3] - place[1] - place[3]) / 2
    if abs(sideways) < SAME_COLUMN * size and LINE_SHIFT * size < downwards < VERTICAL_STEP * size:
        if len(run.boxes) > 1 and not run.is_vertical:
            return "off"
        run.is_vertical = True
        return "on"
    if run.is_vertical or abs(downwards) > LINE_SHIFT * size or place[0] < last[0] - size:
        return "off"
    return "gap" if place[0] - last[2] > WORD_GAP * size else "on"


def _in_tiers(lines: Sequence[Line]) -> list[Line]:
    """Vertical lines from right to left, tier below tier; PDFium sorts them as if they were horizontal."""
    tiers: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.left):
        home = next((tier for tier in tiers if line.left < (tier[0].left + tier[0].right) / 2), None)
        if home is None:
            tiers.append([line])
        else:
            home.append(line)
    return [line for tier in tiers for line in sorted(tier, key=lambda one: (one.down, one.left))]


def _in_columns(lines: Sequence[Line], cuts: int) -> Iterator[Line]:
    """Cut along a gutter that no line crosses, else below a band, and so on; what cannot be cut is read in rows."""
    parts = (_cut(lines, sideways=True) or _cut(lines, sideways=False)) if cuts and len(lines) > 1 else None
    if parts is None:
        yield from sorted(lines, key=lambda one: (round(one.down), one.left))
        return
    for part in parts:
        yield from _in_columns(part, cuts - 1)


def _cut(lines: Sequence[Line], *, sideways: bool) -> tuple[list[Line], list[Line]] | None:
    """At the widest white stripe from top to bottom, or from side to side; None: there is none to speak of."""
    size = median(line.size for line in lines)
    extents = sorted(
        (line.left, line.right) if sideways else (line.down - line.size / 2, line.down + line.size / 2)
        for line in lines
    )
    reach, widest, at = extents[0][1], 0.0, 0.0
    for start, end in extents[1:]:
        if start - reach > widest:
            widest, at = start - reach, (start + reach) / 2
        reach = max(reach, end)
    if widest < size * (1.0 if sideways else 0.5):
        return None
    before = [line for line in lines if (line.left if sideways else line.down) < at]
    return before, [line for line in lines if (line.left if sideways else line.down) >= at]
