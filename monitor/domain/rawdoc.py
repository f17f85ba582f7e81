"""Reads a document that somebody dropped in: text or Markdown, saved from a page with everything around the article.

Nothing is known of the site, so the rules go by shape: prose is long or ends like a sentence; the title stands before
the first prose and shares words with it; what is said twice in a row is a caption; the tail holds no prose of weight.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain import rawmeta
from monitor.domain.markdown import Line, plain
from monitor.domain.model.events import DateRange
from monitor.domain.text import CJK_RUN, clean, fold, tokens

# Lengths are in words (a Han, kana or hangul character counts half). Set by hand on the seed documents and on the
# titles of the relevance set, the longest of which has 24 words.
PROSE_WORDS = 8  # a line this long that ends like a sentence is prose
LONG_PROSE_WORDS = 35  # a line this long is prose however it ends
TITLE_MIN_WORDS = 3
TITLE_SHARED_WORDS = 3  # the first line with so many words of the text, and at least half of what any other line before
TITLE_SHARED_PART = 0.5  # the text shares, is its title: sections and site names share fewer, decks more
DECK_MIN_WORDS = 6  # a line between title and text this long belongs to the text; labels and menus are shorter
META_MAX_WORDS = 14  # a line with date or author
META_MAX_CHARS = 300
STUB_WORDS = 3  # "Published on", "Share": dropped near the title
CAPTION_MAX_WORDS = 60
CAPTION_RESEMBLANCE = 0.7  # of the word sets of two neighbouring lines: a caption and its near copy
TAIL_MAX_SHARE = 0.2  # a tail heading cuts what holds at most this share of the document's prose

_SENTENCE_END = re.compile(r"[.!?。！？…।؟۔](?:[\"'»«”’“」』）)\]\s]|\[\d+\])*$")
_FULL_STOP = re.compile(r"[.。…।۔](?:[\"'»«”’“」』）)\]\s]|\[\d+\])*$")

# What begins the part below an article. The rules of shape do most of the work; these catch tails whose headlines end
# like sentences.
_HEADINGS = """
comment|comments|leave a comment|related|related articles|related news|related posts|related stories|more news
more stories|latest news|other news|read more|read also|see also|you may also like|most read
commentaire|commentaires|même catégorie|même auteur|dans la même catégorie|dans la même rubrique|lire aussi
à lire aussi|lire également|voir aussi|articles similaires|articles liés|sur le même sujet|à la une
bình luận|cùng chuyên mục|cùng tác giả|tin liên quan|tin khác|bài viết liên quan|có thể bạn quan tâm
comentarios|noticias relacionadas|artículos relacionados|te puede interesar|lea también|lee también
comentários|notícias relacionadas|leia também|veja também|leia mais|commenti|leggi anche|articoli correlati
kommentare|mehr zum thema|lesen sie auch|weitere artikel|auch interessant|reacties|lees ook|gerelateerd
комментарии|читайте также|по теме|похожие новости|коментарі|читайте також|komentarze|czytaj także|zobacz także
powiązane|yorumlar|ilgili haberler|التعليقات|اقرأ أيضا|مواضيع ذات صلة|评论|相关新闻|相关阅读|相关链接|相关文章|延伸阅读
評論|相關新聞|延伸閱讀|コメント|関連記事|関連ニュース|関連リンク|댓글|관련기사|관련 기사
"""
_TAIL_HEADINGS = frozenset(fold(heading) for line in _HEADINGS.splitlines() for heading in line.split("|") if heading)
_COUNT = re.compile(r"[\s\d()\[\]:：.·>»+-]+")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A dropped document, read."""

    title: str | None  # None: it has none
    text: str  # the article, without what stood around it
    original: str  # all of it, cleaned: what its fingerprint is made of
    published: DateRange | None = None  # a day, or a month where the document says no more
    published_raw: str = ""  # as written
    author: str | None = None
    url: str | None = None

    @property
    def published_on(self) -> date | None:
        """The last day that it can be of: the base for dates in the text that leave out the year."""
        return self.published.ends_on if self.published else None


def read_raw(text: str, now: datetime) -> RawDocument:
    """Read a text or Markdown document; never fails: without any recognisable shape all of it is text.

    `now` bounds the dates that are believed.
    """
    document = plain(text)
    lines, source = _without_tail(document.lines)
    lines = _said_once(lines)
    prose = [index for index, line in enumerate(lines) if _is_prose(line)]
    head_end = prose[0] if prose else min(1, len(lines) - 1)
    title_at, glued = _title(lines[:head_end], [line.text for line in lines[head_end:]])
    meta_end = prose[1] if len(prose) > 1 else len(lines) if prose else head_end
    body, meta = _body(lines, title_at, head_end, meta_end)
    body, author = _without_credits(body)
    stamp = rawmeta.stamp([document.front_matter.get("date", ""), *([glued.date] if glued else []), *meta], now)
    return RawDocument(
        title=document.front_matter.get("title") or (glued.rest if glued else None),
        text="\n".join(body),
        original=clean(text),
        published=stamp.when if stamp else None,
        published_raw=stamp.raw if stamp else "",
        author=document.front_matter.get("author") or author or rawmeta.byline(meta, stamp),
        url=document.front_matter.get("url") or source,
    )


# ---------------------------------------------------------------- shape


def _words(text: str) -> float:
    return len(CJK_RUN.sub(" ", text).split()) + sum(map(len, CJK_RUN.findall(text))) / 2


def _is_prose(line: Line) -> bool:
    if line.level:
        return False
    length = _words(line.text)
    return length >= LONG_PROSE_WORDS or (length >= PROSE_WORDS and _FULL_STOP.search(line.text) is not None)


def _said_once(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Captions stand twice, for the picture and below it, now and then not word for word: the longer one stays."""
    kept: list[Line] = []
    for line in lines:
        if not kept or not _same_caption(kept[-1].text, line.text):
            kept.append(line)
        elif len(line.text) > len(kept[-1].text):
            kept[-1] = line
    return tuple(kept)


def _same_caption(one: str, other: str) -> bool:
    if max(_words(one), _words(other)) > CAPTION_MAX_WORDS:
        return False
    ours, theirs = set(tokens(one)), set(tokens(other))
    return len(ours & theirs) >= CAPTION_RESEMBLANCE * len(ours | theirs)


# ---------------------------------------------------------------- tail


def _without_tail(lines: Sequence[Line]) -> tuple[tuple[Line, ...], str | None]:
    """The lines up to the first tail heading and the last sentence; the address that a "Source: ..." line gave."""
    sources = [rawmeta.source_url(line.text) for line in lines]
    kept = [
        line
        for line, source in zip(lines[: _tail_start(lines)], sources, strict=False)
        if source is None and not _is_promotion(line.text)
    ]
    last_prose = max((index for index, line in enumerate(kept) if _is_prose(line)), default=len(kept))
    while len(kept) > last_prose + 1 and not _closes_text(kept[-1]):
        kept.pop()
    return tuple(kept), next((source for source in sources if source), None)


def _closes_text(line: Line) -> bool:
    """Whether a short last line belongs to the text: a sentence, or the author's name."""
    return _SENTENCE_END.search(line.text) is not None or rawmeta.without_credit(line.text)[1] is not None


def _tail_start(lines: Sequence[Line]) -> int:
    """Where a tail heading stands below which there is hardly any prose."""
    weights = [len(line.text) if _is_prose(line) else 0 for line in lines]
    whole, above = sum(weights), 0
    for index, line in enumerate(lines):
        is_heading = _COUNT.sub(" ", fold(line.text)).strip() in _TAIL_HEADINGS
        if is_heading and above and whole - above <= TAIL_MAX_SHARE * whole:
            return index
        above += weights[index]
    return len(lines)


def _is_promotion(text: str) -> bool:
    """A line such as "Read also: <headline>" in the middle of an article."""
    label, colon, rest = fold(text).replace("：", ":").partition(":")
    return bool(colon and rest.strip()) and label.strip() in _TAIL_HEADINGS


# ---------------------------------------------------------------- title


def _title(head: Sequence[Line], body: Sequence[str]) -> tuple[int | None, rawmeta.Glued | None]:
    """Which line before the text is the title, and what it says without a date glued to it."""
    pieces = [rawmeta.unglued(line.text) for line in head]
    eligible = [index for index, piece in enumerate(pieces) if _words(piece.rest) >= TITLE_MIN_WORDS]
    top = min((head[index].level for index in eligible if head[index].level), default=0)
    candidates = [index for index in eligible if head[index].level == top]
    if not candidates:
        return None, None
    known = _telling_words(" ".join(body))
    shared = {index: len(_telling_words(pieces[index].rest) & known) for index in candidates}
    needed = max(TITLE_SHARED_WORDS, TITLE_SHARED_PART * max(shared.values()))
    enough = [index for index in candidates if shared[index] >= needed]
    best = enough[0] if enough else max(candidates, key=lambda index: (shared[index], index))
    return best, pieces[best]


def _telling_words(text: str) -> set[str]:
    """Words long enough to say something; of scripts without blanks every second pair of characters counts."""
    return {word for word in tokens(text) if len(word) >= 4 or CJK_RUN.match(word)}


# ---------------------------------------------------------------- body


def _body(lines: Sequence[Line], title_at: int | None, head_end: int, meta_end: int) -> tuple[list[str], list[str]]:
    """The article's lines, and those near the title that only say when and by whom."""
    body: list[str] = []
    meta: list[str] = []
    for index, line in enumerate(lines):
        if index == title_at:
            continue
        is_label = index < meta_end and _is_label(line)
        if is_label and (rawmeta.says_when(line.text) or rawmeta.credit(line.text) is not None):
            meta.append(line.text)
        elif not (is_label and _is_stub(line)) and (index >= head_end or _is_deck(line, index, title_at)):
            body.append(line.text)
    return body, meta


def _is_label(line: Line) -> bool:
    return not _is_prose(line) and len(line.text) <= META_MAX_CHARS and _words(line.text) <= META_MAX_WORDS


def _is_stub(line: Line) -> bool:
    return _words(line.text) <= STUB_WORDS and not _SENTENCE_END.search(line.text)


def _is_deck(line: Line, index: int, title_at: int | None) -> bool:
    """Whether a line before the text belongs to it: a long one below the title."""
    return title_at is not None and index > title_at and _words(line.text) >= DECK_MIN_WORDS


def _without_credits(body: Sequence[str]) -> tuple[list[str], str | None]:
    """The text without the author's name below it, and that name."""
    if not body:
        return [], None
    last, name = rawmeta.without_credit(body[-1])
    return [*body[:-1], *([last] if last else [])], name
