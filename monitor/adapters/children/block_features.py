"""What is known of each block of a page: who kept it, what its neighbours are, how it reads and where it stands.

All values are small numbers around 0 to 1. What a block's neighbourhood says is always told without the block itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate

from monitor.adapters.children.blocks import Block

MOST_WEIGHT = 30  # tokens; a long paragraph should not drown its neighbours
LINK = 0.7  # of a block's characters are linked: it is a link
_SENTENCE_END = re.compile(r"[.!?。！？…][\s\"”»’')\]]*$")
_COMMA = re.compile(r"[,，、；;:：]")
_STOP = re.compile(r"[.!?。！？]")
_TIME = re.compile(r"\d{4}|\d\d:\d\d")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_SIDE_TAGS = frozenset(("nav", "footer", "aside", "form"))

Row = dict[str, float]


def features(blocks: Sequence[Block], votes: dict[str, Sequence[float]]) -> list[Row]:
    """One row of named values a block; `votes`: by extractor, the share of each block that it kept."""
    if not blocks:
        return []
    rows = [_own(block) for block in blocks]
    for row, more in zip(rows, _on_page(blocks), strict=True):
        row.update(more)
    means = [sum(kept) / len(kept) for kept in zip(*votes.values(), strict=True)]
    for row, more in zip(rows, _votes(blocks, votes, means), strict=True):
        row.update(more)
    for row, more in zip(rows, _around(blocks, rows, means), strict=True):
        row.update(more)
    for row in rows:
        row.update(_together(row))
    return rows


def _own(block: Block) -> Row:
    """What the block shows by itself."""
    place, text, length = block.place, block.text, len(block.tokens)
    above = place.above
    tags = place.tags
    return {
        "links": block.link_share,
        "is link": float(block.link_share > LINK),
        "length": math.log1p(length) / 4,
        "is sentence": float(_SENTENCE_END.search(text) is not None),
        "commas": min(len(_COMMA.findall(text)), 6) / 6,
        "stops": min(len(_STOP.findall(text)), 5) / 5,
        "paragraph": float(place.tag == "p" or (above is not None and above.tag == "p")),
        "in list": float("li" in tags),
        "in table": float("td" in tags),
        "main heading": float("h1" in tags),
        "heading": float(place.tag in _HEADINGS),
        "in figure": float("figure" in tags),
        "in quotation": float("blockquote" in tags),
        "in article": float("article" in tags or "main" in tags),
        "in side": float(bool(tags & _SIDE_TAGS)),
        "in header": float("header" in tags),
        "in button": float("button" in tags),
        "content name": float(place.is_below_content),
        "chrome name": float(place.is_below_chrome),
        "near chrome name": float(_near(block, "has_chrome_name", 3)),
        "near note name": float(_near(block, "has_note_name", 2)),
        "comments": float(place.is_below_comments),
        "article body": float(place.is_below_microdata),
        "not shown": float(place.is_not_shown),
        "tiny": float(length <= 2),
        "short": float(length < 6),
        "long": float(length > 25),
        "after break": float(block.is_after_break),
        "sign": float("|" in text or "©" in text),
        "time": float(length < 15 and _TIME.search(text) is not None),
    }


def _near(block: Block, name: str, levels: int) -> bool:
    place = block.place
    for _ in range(levels):
        if getattr(place, name):
            return True
        if place.above is None:
            return False
        place = place.above
    return False


def _on_page(blocks: Sequence[Block]) -> Iterator[Row]:
    """Where the block stands, and how much of the page's text stands with it."""
    texts = Counter(block.text for block in blocks if len(block.tokens) > 3)
    weights = [len(block.text) * (1 - block.link_share) for block in blocks]
    total = sum(weights) or 1.0
    of_place: Counter[int] = Counter()
    for block, weight in zip(blocks, weights, strict=True):
        of_place[id(block.place)] += weight  # type: ignore[assignment]
    first = next((number for number, block in enumerate(blocks) if "h1" in block.place.tags), len(blocks))
    before = 0.0
    for number, (block, weight) in enumerate(zip(blocks, weights, strict=True)):
        yield {
            "position": before / total,
            "end": (before / total) ** 2,
            "repeated": float(texts[block.text] > 1),
            "after heading": float(number > first),
            "of place": of_place[id(block.place)] / total,
        }
        before += weight


def _votes(blocks: Sequence[Block], votes: dict[str, Sequence[float]], means: Sequence[float]) -> Iterator[Row]:
    """Who kept the block, and how much each kept in all."""
    taken = {
        name: 1.0 + sum(share * len(block.tokens) for share, block in zip(kept, blocks, strict=True))
        for name, kept in votes.items()
    }
    most = max(taken.values())
    page = {f"all of {name}": math.log(amount / most) / 3 for name, amount in taken.items()}
    for number, mean in enumerate(means):
        own = [kept[number] for kept in votes.values()]
        named = {f"by {name}": kept[number] for name, kept in votes.items()}
        yield {**page, **named, "kept": mean, "kept²": mean**2, "most": max(own), "least": min(own)}


def _around(blocks: Sequence[Block], rows: Sequence[Row], means: Sequence[float]) -> Iterator[Row]:
    """What the neighbours before and behind are, those of the same make, and how much of the text lies to each side."""
    weights = [min(len(block.tokens), MOST_WEIGHT) + 0.5 for block in blocks]
    near = [
        *(_Window("kept", means, weights, reach) for reach in (1, 3, 8)),
        _Window("links", [row["links"] for row in rows], weights, 2),
        _Window("length", [row["length"] for row in rows], weights, 2),
    ]
    alike = _groups("alike", [made_of(block) for block in blocks], means, weights)
    beside = _groups("container", [block.place.container for block in blocks], means, weights)
    within = _groups("article", [block.place.article for block in blocks], means, weights)
    kept = [mean * len(block.tokens) for mean, block in zip(means, blocks, strict=True)]
    sums = list(accumulate(kept))
    total = sums[-1] + 1e-6
    for number in range(len(blocks)):
        left, right = (sums[number] - kept[number]) / total, (total - sums[number]) / total
        row = {
            "text before": min(left, 0.2) * 5,
            "text behind": min(right, 0.2) * 5,
            "inside": max(0.0, min(left, right, 0.1)) * 10,
            **alike[number],
            **beside[number],
            **within[number],
        }
        for window in near:
            row.update(window.at(number))
        yield row


class _Window:
    """Weighted means over the neighbours within reach."""

    def __init__(self, name: str, values: Sequence[float], weights: Sequence[float], reach: int) -> None:
        self._name = f"{name} within {reach}"
        self._name_before, self._name_behind = f"{self._name} before", f"{self._name} behind"
        self._reach = reach
        self._last = len(values)
        self._sums = [0.0, *accumulate(value * weight for value, weight in zip(values, weights, strict=True))]
        self._weights = [0.0, *accumulate(weights)]

    def at(self, number: int) -> Row:
        low, high = max(0, number - self._reach), min(self._last, number + self._reach + 1)
        sums, weights = self._sums, self._weights
        before, behind = sums[number] - sums[low], sums[high] - sums[number + 1]
        weight_before, weight_behind = weights[number] - weights[low], weights[high] - weights[number + 1]
        return {
            self._name: (before + behind) / max(weight_before + weight_behind, 0.1),
            self._name_before: before / max(weight_before, 0.1),
            self._name_behind: behind / max(weight_behind, 0.1),
        }


def made_of(block: Block) -> tuple[str, ...]:
    """Block, parent and grandparent by tag and class: members of a list share it."""
    made: list[str] = []
    place = block.place
    while place.above is not None and len(made) < 3:
        made.append(place.signature)
        place = place.above
    return tuple(made)


def _groups(name: str, keys: Sequence[Hashable], values: Sequence[float], weights: Sequence[float]) -> list[Row]:
    """How the other members of a block's group were kept, and how much of the page the group is."""
    sums: defaultdict[Hashable, float] = defaultdict(float)
    sizes: defaultdict[Hashable, float] = defaultdict(float)
    for key, value, weight in zip(keys, values, weights, strict=True):
        sums[key] += value * weight
        sizes[key] += weight
    total = sum(weights)
    return [
        {
            f"{name} kept": (sums[key] - value * weight + 0.15) / (sizes[key] - weight + 0.5),
            f"{name} share": min(1.0, 2 * sizes[key] / total),
        }
        for key, value, weight in zip(keys, values, weights, strict=True)
    ]


def _together(row: Row) -> Row:
    """Products that a sum of weights cannot see."""
    kept, inside = row["kept"], row["inside"]
    return {
        "heading between": row["heading"] * row["kept within 1"],
        "heading after": row["heading"] * row["kept within 1 before"],
        "heading before": row["heading"] * row["kept within 1 behind"],
        "item between": row["in list"] * row["kept within 1"],
        "item after": row["in list"] * row["kept within 1 before"],
        "item before": row["in list"] * row["kept within 1 behind"],
        "heading inside": row["heading"] * inside,
        "item inside": row["in list"] * inside,
        "links inside": row["links"] * inside,
        "kept long": row["long"] * kept,
        "kept sentence": row["is sentence"] * kept,
        "kept figure": row["in figure"] * kept,
        "kept container": row["container kept"] * kept,
        "kept length": row["length"] * kept,
    }
