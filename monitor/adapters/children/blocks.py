"""A page cut into blocks: the runs of text between the edges of block elements and line breaks, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from monitor.adapters.children.markup import BLOCKS, HIDDEN

# A token is a word, or a character of the scripts that have no spaces.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]|\w+")
_SPACE = re.compile(r"\s+")
_CONTENT_NAME = re.compile(r"article|story|post|content|entry|body|text|main|news|artikel|detail", re.IGNORECASE)
_CHROME_NAME = re.compile(
    r"comment|foot|sidebar|side-|nav|menu|relat|recommend|share|social|promo|advert|sponsor|cookie|consent|newsletter"
    r"|subscri|teaser|popular|widget|breadcrumb|login|modal|popup|banner|disclaim|copyright|more-|read-?more|trending"
    r"|outbrain|taboola|rail|toolbar",
    re.IGNORECASE,
)
_NOTE_NAME = re.compile(r"caption|author|byline|meta|date|credit|tag|category|kicker|label|bio|info", re.IGNORECASE)
_COMMENT_NAME = re.compile(r"comment|disqus|repl(?:y|ies)|respond|komment|forum", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MAX_NAMES_CHARS = 500  # of class and id; bounds what is remembered
_CONTAINERS = frozenset(
    ("div", "section", "article", "td", "main", "body", "ul", "ol", "aside", "blockquote", "table", "form")
)


def tokens(text: str) -> list[str]:
    """Words in lower case; every Han, kana, hangul and Thai character by itself."""
    return _TOKEN.findall(text.casefold())


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A block element with what its ancestors say about the text in it."""

    above: Place | None
    tag: str
    signature: str  # tag and first class
    tags: frozenset[str]  # of it and all its ancestors
    has_content_name: bool
    has_chrome_name: bool
    has_note_name: bool
    is_below_content: bool
    is_below_chrome: bool
    is_below_comments: bool
    is_below_microdata: bool
    is_not_shown: bool
    article: int  # number of the nearest article element, 0 without
    container: str  # depth and signature of the nearest container
    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A run of text."""

    text: str
    tokens: list[str]
    link_share: float  # of its characters
    is_after_break: bool  # ends at a line break
    place: Place


def blocks_of(tree: HtmlElement) -> list[Block]:
    """All blocks of a page in their order; scripts and the like have none. The tree is not changed."""
    return _Cutter().cut(tree)


class _Cutter:
    """One walk over a tree; iterative, since a document may be as deep as the parser lets it."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._places: list[Place] = [_ROOT]
        self._articles = 0
        self._pieces: list[str] = []
        self._chars = self._linked_chars = self._links = 0

    def cut(self, tree: HtmlElement) -> list[Block]:
        hidden: HtmlElement | None = None
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if event == "start":
                if hidden is None and tag in HIDDEN:
                    hidden = element
                elif hidden is None:
                    self._enter(element, tag)
                continue
            if hidden is element:
                hidden = None
            elif hidden is None:
                self._leave(tag)
            if hidden is None and element is not tree:
                self._take(element.tail)
        self._flush(at_break=False)
        return self._blocks

    def _enter(self, element: HtmlElement, tag: str) -> None:
        if tag in BLOCKS:
            self._flush(at_break=tag == "br")
            if tag != "br":
                self._articles += tag == "article"
                self._places.append(_place(element, self._places[-1], self._articles))
        elif tag == "a":
            self._links += 1
        self._take(element.text)

    def _leave(self, tag: str) -> None:
        if tag == "a":
            self._links -= 1
        elif tag in BLOCKS and tag != "br":
            self._flush(at_break=False)
            self._places.pop()

    def _take(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            chars = len(text.strip())
            self._chars += chars
            self._linked_chars += chars if self._links > 0 else 0

    def _flush(self, *, at_break: bool) -> None:
        if self._chars:
            text = _SPACE.sub(" ", "".join(self._pieces)).strip()
            share = self._linked_chars / self._chars
            self._blocks.append(Block(text, tokens(text), share, at_break, self._places[-1]))
        self._pieces.clear()
        self._chars = self._linked_chars = 0


_ROOT = Place(
    above=None,
    tag="",
    signature="",
    tags=frozenset(),
    has_content_name=False,
    has_chrome_name=False,
    has_note_name=False,
    is_below_content=False,
    is_below_chrome=False,
    is_below_comments=False,
    is_below_microdata=False,
    is_not_shown=False,
    article=0,
    container="",
    depth=0,
)


def _place(element: HtmlElement, above: Place, articles: int) -> Place:
    tag, classes = element.tag, element.get("class") or ""
    names = "" if tag in {"html", "body"} else f"{classes} {element.get('id') or ''}"
    content, chrome, note, comment = _kinds_named(names[:MAX_NAMES_CHARS])
    signature = f"{tag}.{classes.partition(' ')[0]}"
    return Place(
        above=above,
        tag=tag,
        signature=signature,
        tags=above.tags if tag in above.tags else above.tags | {tag},
        has_content_name=content,
        has_chrome_name=chrome,
        has_note_name=note,
        is_below_content=content or above.is_below_content,
        is_below_chrome=chrome or above.is_below_chrome,
        is_below_comments=comment or above.is_below_comments,
        is_below_microdata="articleBody" in (element.get("itemprop") or "") or above.is_below_microdata,
        is_not_shown=_is_not_shown(element) or above.is_not_shown,
        article=articles if tag == "article" else above.article,
        container=f"{above.depth}.{signature}" if tag in _CONTAINERS else above.container,
        depth=above.depth + 1,
    )


@lru_cache(maxsize=4096)  # pages use the same few names over and over
def _kinds_named(names: str) -> tuple[bool, bool, bool, bool]:
    """Whether names tell of content, of what is around it, of notes, of comments."""
    if not names.strip():
        return False, False, False, False
    content, chrome, note, comment = (
        pattern.search(names) is not None for pattern in (_CONTENT_NAME, _CHROME_NAME, _NOTE_NAME, _COMMENT_NAME)
    )
    return content, chrome, note, comment


def _is_not_shown(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and _NOT_SHOWN.search(style) is not None
