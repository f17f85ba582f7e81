"""Pages that list articles under their titles: their text is many beginnings, no article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from monitor.adapters.children.block_features import made_of
from monitor.adapters.children.blocks import Block
from monitor.adapters.children.titles import is_title, says_more

# Linked titles cut what was kept into pieces. On 640 pages with one article each, of which many have links to others
# between their paragraphs, none has five pieces of which the longest is under 700 letters: 880 is the least.
FEWEST_PIECES = 5
LONGEST_PIECE_CHARS = 700
LARGEST_SHARE = 0.5  # of all kept text in one piece
FEWEST_TITLES = 5  # on a page of nothing but titles
LEAST_OF_TITLES = 0.6  # of the text on such a page
LINKED_SHARE = 0.5  # of a block's letters from which it is a link, dated or not
MAX_TITLE_CHARS = 200
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))


def is_list(blocks: Sequence[Block], kept: Sequence[bool]) -> bool:
    """Whether the kept text of a page is a list of titles, or of teasers that each lead to an article of its own."""
    titles = [len(block.text) for block, is_kept in zip(blocks, kept, strict=True) if is_kept and _leads_on(block)]
    if _is_below_one_of_many(blocks, kept):
        return True
    pieces = [size for size in _pieces(blocks, kept) if size]
    everything = sum(titles) + sum(pieces)
    if len(titles) >= FEWEST_TITLES and sum(titles) >= LEAST_OF_TITLES * everything:
        return True
    if len(pieces) < FEWEST_PIECES:
        return False
    return max(pieces) <= min(LONGEST_PIECE_CHARS, LARGEST_SHARE * sum(pieces))


def _is_below_one_of_many(blocks: Sequence[Block], kept: Sequence[bool]) -> bool:
    """Whether the kept text starts under a linked heading that has others of its make on the page."""
    heading: Block | None = None
    makes: Counter[tuple[str, ...]] = Counter()
    for block in blocks:
        if _HEADINGS & block.place.tags and _leads_on(block):
            makes[made_of(block)] += 1
    for block, is_kept in zip(blocks, kept, strict=True):
        if _HEADINGS & block.place.tags:
            heading = block
        elif is_kept and len(block.text) > MAX_TITLE_CHARS // 2:
            return heading is not None and _leads_on(heading) and makes[made_of(heading)] >= FEWEST_TITLES
    return False


def _pieces(blocks: Sequence[Block], kept: Sequence[bool]) -> Iterator[int]:
    """Letters of kept text between one linked title on the page and the next."""
    size = 0
    for block, is_kept in zip(blocks, kept, strict=True):
        if _leads_on(block):
            yield size
            size = 0
        elif is_kept:
            size += len(block.text)
    yield size


def _leads_on(block: Block) -> bool:
    if block.link_share <= LINKED_SHARE or len(block.text) > MAX_TITLE_CHARS:
        return False
    return is_title(block.text) or says_more(block.text)
