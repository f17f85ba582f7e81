"""Which blocks of a page an extractor kept: its text is laid beside the page, in order.

Looking a block up in the text is not enough: a menu word occurs in the article too, and its first paragraph stands as a
teaser elsewhere on the page. So the blocks that match in one rising sequence are taken, those of several words first,
and short ones only between their neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

GRAM = 4  # blocks with fewer tokens are short
MAX_STARTS = 8  # places in the text at which a block is tried
FEWEST_SHARED = 0.4  # of a block's neighbouring pairs; extractors drop a link or an emphasis within
CLOSE = 5  # starts nearer than this are one
REACH = 24  # matches looked back at for the one before
OVERLAP = 3
# What a jump costs, in tokens matched: in the text, over blocks of the page, and at most.
PER_TOKEN, MOST_FOR_TOKENS = 0.15, 2.5
PER_BLOCK, MOST_FOR_BLOCKS = 0.02, 1.0
SHORT_REACH = 30  # tokens of the text in which a short block is looked for
SHORT_AT_ENDS = 10  # blocks before the first match and after the last


@dataclass(slots=True)
class _Match:
    block: int
    start: int
    end: int
    matched: int
    score: float = 0.0
    before: _Match | None = None


def kept_shares(blocks: Sequence[Sequence[str]], text: Sequence[str]) -> list[float]:
    """For every block, by tokens, the share of it that stands in the text at its turn: 0 to 1."""
    shares = [0.0] * len(blocks)
    chain = _best_chain(_matches(blocks, text))
    for match in chain:
        shares[match.block] = min(1.0, match.matched / len(blocks[match.block]))
    _place_short(shares, blocks, list(text), chain)
    return shares


def _matches(blocks: Sequence[Sequence[str]], text: Sequence[str]) -> list[_Match]:
    """All likely places of all blocks that are not short, by block and start."""
    positions: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in range(len(text) - GRAM + 1):
        found = positions[tuple(text[index : index + GRAM])]
        if len(found) < MAX_STARTS:
            found.append(index)
    matches: list[_Match] = []
    for number, block in enumerate(blocks):
        if len(block) >= GRAM:
            matches.extend(_matches_of(number, block, text, positions))
    return matches


def _matches_of(
    number: int, block: Sequence[str], text: Sequence[str], positions: dict[tuple[str, ...], list[int]]
) -> list[_Match]:
    probes = {0, max(0, len(block) // 2 - 2), len(block) - GRAM}
    grams = ((offset, tuple(block[offset : offset + GRAM])) for offset in probes)
    starts = sorted({max(0, at - offset) for offset, gram in grams for at in positions.get(gram, ())})
    if not starts:
        return []
    pairs = set(pairwise(block))
    found: list[_Match] = []
    for start in starts:
        if found and start - found[-1].start < CLOSE:
            continue
        window = text[start : start + len(block)]
        matched = 1 + sum(pair in pairs for pair in pairwise(window))
        if matched >= FEWEST_SHARED * len(block):
            found.append(_Match(number, start, start + len(block), matched))
    return found


def _best_chain(matches: list[_Match]) -> list[_Match]:
    """The rising sequence that matches most, jumps subtracted."""
    best: _Match | None = None
    for index, match in enumerate(matches):
        gain = -min(match.start * PER_TOKEN, MOST_FOR_TOKENS)
        for earlier in matches[max(0, index - REACH) : index]:
            gap = match.start - earlier.end
            if earlier.block == match.block or gap < -OVERLAP:
                continue
            cost = min(abs(gap) * PER_TOKEN, MOST_FOR_TOKENS)
            cost += min((match.block - earlier.block - 1) * PER_BLOCK, MOST_FOR_BLOCKS)
            if earlier.score - cost > gain:
                gain, match.before = earlier.score - cost, earlier
        match.score = match.matched + gain
        if best is None or match.score > best.score:
            best = match
    return _followed(best)


def _followed(last: _Match | None) -> list[_Match]:
    chain: list[_Match] = []
    while last is not None:
        chain.append(last)
        last = last.before
    return chain[::-1]


def _place_short(
    shares: list[float], blocks: Sequence[Sequence[str]], text: list[str], chain: Sequence[_Match]
) -> None:
    """Short blocks count where they stand between the same neighbours on the page and in the text."""
    first = chain[0] if chain else _Match(len(blocks), len(text), len(text), 0)
    gaps = [(max(0, first.block - SHORT_AT_ENDS) if chain else 0, first.block, 0, first.start)]
    gaps.extend((one.block + 1, other.block, one.end, other.start) for one, other in pairwise(chain))
    if chain:
        gaps.append((chain[-1].block + 1, chain[-1].block + 1 + SHORT_AT_ENDS, chain[-1].end, len(text)))
    for low, high, start, end in gaps:
        at = start
        for number in range(low, min(high, len(blocks))):
            block = list(blocks[number])
            if 0 < len(block) < GRAM and (found := _find(block, text, at, min(end, at + SHORT_REACH))) is not None:
                shares[number] = 1.0
                at = found + len(block)


def _find(block: list[str], text: list[str], start: int, end: int) -> int | None:
    return next((at for at in range(start, end - len(block) + 1) if text[at : at + len(block)] == block), None)
