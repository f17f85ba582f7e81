"""The running text of a page, block by block, from what several extractors keep and how each block reads.

Any one extractor fails on some kind of page: trafilatura loses the text of old pages built of tables, readability takes
the first of several parts. They fail on different blocks, so a block's chance of being the article's is weighed from
who kept it, what its neighbours are and how it reads. The weights come from `bench.train_extraction`; on domains that
were not seen in training this is above the best single extractor on each of five evaluation sets.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

import trafilatura
from lxml.etree import LxmlError
from lxml.html import HtmlElement
from trafilatura.readability_lxml import Document as Readability

from monitor.adapters.children.alignment import kept_shares
from monitor.adapters.children.block_features import Row, features
from monitor.adapters.children.block_weights import FEW, MANY
from monitor.adapters.children.blocks import Block, blocks_of, tokens
from monitor.adapters.children.markup import parse_html, text_of

# A block is kept from this chance on. Under a half, because a lost paragraph costs more than a caption too many: over
# the sets .3 to .4 are level, .5 costs half a point where pages have lists and many headings.
KEPT = 0.35
# Where that leaves less than a paragraph, weaker blocks are taken too: of seven such evaluation pages five have one.
LEAST_CHARS = 100
KEPT_AT_LEAST = 0.15
# Where the two quick extractors share less of their text (one page of five), two slower ones are asked as well.
AGREEMENT = 0.8
# Beyond, only readability is asked; the largest of 643 evaluation pages have 1,722, 16,205 and 5,516.
MAX_BLOCKS = 5_000
MAX_TOKENS = 100_000
MAX_ELEMENTS = 20_000

QUICK, READABILITY, STRICT, GENEROUS = "quick", "readability", "strict", "generous"
Votes = dict[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Prose:
    """The text of a page, one block a line, "" when there is none; all blocks of the page, and which of them were kept:
    none of a page that was too large to be weighed.
    """

    text: str
    blocks: list[Block]
    kept: list[bool]


def best_text(tree: HtmlElement, url: str) -> Prose:
    """The running text. The tree is not changed."""
    blocks = blocks_of(tree)
    if _is_too_large(tree, blocks):
        return Prose(readability_text(tree), blocks, [False] * len(blocks))
    chances = _chances(tree, url, blocks)
    for least in (KEPT, KEPT_AT_LEAST):
        kept = [chance > least for chance in chances]
        text = "\n".join(block.text for block, one in zip(blocks, kept, strict=True) if one)
        if len(text) >= LEAST_CHARS:
            break
    return Prose(text, blocks, kept)


def _is_too_large(tree: HtmlElement, blocks: Sequence[Block]) -> bool:
    if len(blocks) > MAX_BLOCKS or sum(len(block.tokens) for block in blocks) > MAX_TOKENS:
        return True
    return sum(1 for _ in tree.iter()) > MAX_ELEMENTS


def votes_of(blocks: Sequence[Block], texts: dict[str, str]) -> Votes:
    """By extractor, the share of each block that its text holds."""
    cut = [block.tokens for block in blocks]
    return {name: kept_shares(cut, tokens(text)) for name, text in texts.items()}


def quick_texts(tree: HtmlElement, url: str) -> dict[str, str]:
    """What the two quick extractors take for the article."""
    return {QUICK: _trafilatura(tree, url, fast=True), READABILITY: readability_text(tree)}


def slow_texts(tree: HtmlElement, url: str) -> dict[str, str]:
    """What the slower ones take: one drops tails that others keep, the other keeps lists that others drop."""
    return {
        STRICT: _trafilatura(tree, url, favor_precision=True),
        GENEROUS: _trafilatura(tree, url, favor_recall=True),
    }


def agreement(blocks: Sequence[Block], votes: Votes) -> float:
    """How far the two quick extractors keep the same text: 0 to 1."""
    lengths = [len(block.tokens) for block in blocks]
    both = sum(
        min(one, other) * length for one, other, length in zip(votes[QUICK], votes[READABILITY], lengths, strict=True)
    )
    either = sum(
        (one + other) * length for one, other, length in zip(votes[QUICK], votes[READABILITY], lengths, strict=True)
    )
    return 2 * both / either if either else 0.0


def _chances(tree: HtmlElement, url: str, blocks: Sequence[Block]) -> list[float]:
    few = votes_of(blocks, quick_texts(tree, url))
    chances = [_chance(row, FEW) for row in features(blocks, few)]
    if agreement(blocks, few) >= AGREEMENT:
        return chances
    many = few | votes_of(blocks, slow_texts(tree, url))
    more = [_chance(row, MANY) for row in features(blocks, many)]
    return [(one + other) / 2 for one, other in zip(chances, more, strict=True)]


def _chance(row: Row, weights: dict[str, float]) -> float:
    total = weights["bias"] + sum(map(mul, row.values(), map(weights.__getitem__, row)))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def _trafilatura(
    tree: HtmlElement, url: str, *, fast: bool = False, favor_precision: bool = False, favor_recall: bool = False
) -> str:
    document = trafilatura.bare_extraction(
        tree,
        url=url,
        include_comments=False,
        with_metadata=False,
        fast=fast,
        favor_precision=favor_precision,
        favor_recall=favor_recall,
    )
    text = getattr(document, "text", None)
    return text.strip() if isinstance(text, str) else ""


def readability_text(tree: HtmlElement) -> str:
    """What readability takes for the article; "" where it gives up. The tree is not changed."""
    try:
        summary = Readability(copy.deepcopy(tree)).summary()
    except (LxmlError, ValueError, AttributeError, TypeError):  # it gives up on pages without paragraphs in many ways
        return ""
    found = parse_html(summary)
    return "" if found is None else text_of(found)
