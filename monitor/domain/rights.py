"""How much of a source's text may be shown: everything that shows or exports the text of an article asks here.

Titles, links, dates and what was found out (places, kinds, scores) are facts and always shown; the text, its snippets
and the pieces of it that stand as evidence are not. A reviewer, the person who runs the program, may see all of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.domain.model.articles import Span
from monitor.domain.model.sources import Rights, TextRights
from monitor.domain.model.views import ArticleRow, ArticleView
from monitor.domain.sentences import sentences

ELLIPSIS = "…"
WHOLE_SENTENCES_FROM = 0.5  # of the quote: sentences that fill less of it are not worth the rest
LONGEST_WORD = 40  # characters given up to end with a whole word; texts without blanks are cut between characters
LONGEST_CLUSTER = 64  # characters that may belong to one letter on the screen; more are an attack
HITS = "\u2068\u2069"  # mark the hits in a snippet; they are ours and count for nothing

_JOINER = "\u200d"
_NO_MARKS = dict.fromkeys(map(ord, HITS))


def shown_text(text: str, rights: Rights, quote_chars: int, reviewer: bool = False) -> str:
    """What may be shown of `text`: nothing (link), at most `quote_chars` characters (quote), all of it (full).

    A quote ends with a sentence where that leaves enough, else with a word, never inside a letter; the ellipsis that
    says so counts as one of its characters.
    """
    if reviewer or rights is Rights.FULL:
        return text
    if rights is Rights.LINK or quote_chars <= 0:
        return ""
    return text if len(text) <= quote_chars else _quote(text, quote_chars)


def shown_article(view: ArticleView, reviewer: bool = False) -> ArticleView:
    """The article with as much of its text, and of the evidence taken from it, as may be shown."""
    allowed = view.text_rights
    if reviewer or allowed.rights is Rights.FULL:
        return view
    evidence = _Evidence(allowed)
    assessment = view.assessment
    return replace(
        view,
        text=shown_text(view.text, allowed.rights, allowed.quote_chars),
        assessment=replace(
            assessment, reasons=tuple(replace(one, spans=evidence.shown(one.spans)) for one in assessment.reasons)
        ),
        record=tuple(replace(one, spans=evidence.shown(one.spans)) for one in view.record),
    )


def shown_row(row: ArticleRow, reviewer: bool = False) -> ArticleRow:
    """The row with as much of its snippet as may be shown; one that is too long loses the marks of its hits."""
    allowed = row.text_rights
    plain = row.snippet.translate(_NO_MARKS)
    fits = allowed.rights is Rights.QUOTE and len(plain) <= allowed.quote_chars
    if reviewer or fits or allowed.rights is Rights.FULL:
        return row
    return replace(row, snippet=shown_text(plain, allowed.rights, allowed.quote_chars))


def shown_spans(spans: Iterable[Span], allowed: TextRights, reviewer: bool = False) -> tuple[Span, ...]:
    """Pieces of evidence of one article, those left out that may not be shown."""
    if reviewer or allowed.rights is Rights.FULL:
        return tuple(spans)
    return tuple(one for one in _Evidence(allowed).shown(spans) if one.text)


class _Evidence:
    """Spends the quote on the pieces of evidence, in order; a piece met again is free."""

    def __init__(self, allowed: TextRights) -> None:
        self._left = allowed.quote_chars if allowed.rights is Rights.QUOTE else 0
        self._told: set[tuple[int, int]] = set()

    def shown(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """The spans in place; those that go beyond the quote keep their positions and lose their text."""
        return tuple(self._one(span) for span in spans)

    def _one(self, span: Span) -> Span:
        place = (span.start, span.end)
        if place not in self._told:
            if len(span.text) > self._left:
                return replace(span, text="")
            self._left -= len(span.text)
            self._told.add(place)
        return span


# ---------------------------------------------------------------- cutting


def _quote(text: str, limit: int) -> str:
    room = limit - len(ELLIPSIS)
    head = text[:limit]
    whole = max((end for end in _sentence_ends(head) if end < room), default=0)
    if whole >= limit * WHOLE_SENTENCES_FROM:
        return f"{text[:whole]} {ELLIPSIS}"
    return text[: _word_end(text, room)].rstrip() + ELLIPSIS


def _sentence_ends(head: str) -> Iterator[int]:
    """Where the whole sentences of the beginning end; its last piece may go on and is none."""
    for one in sentences(head)[:-1]:
        yield one.end


def _word_end(text: str, room: int) -> int:
    """The last place up to `room` where a word ends, or a letter where no blank is near."""
    if text[room].isspace():
        return room
    blank = max(text.rfind(" ", 0, room), text.rfind("\n", 0, room))
    return blank if blank > 0 and room - blank <= LONGEST_WORD else _letter_end(text, room)


def _letter_end(text: str, room: int) -> int:
    """The last place up to `room` that is not inside what a reader sees as one character."""
    end = room
    while end > 0 and room - end < LONGEST_CLUSTER and _belongs_to_previous(text, end):
        end -= 1
    return end


def _belongs_to_previous(text: str, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if unicodedata.category(char).startswith("M") or _JOINER in (char, before):
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\u1160" <= char <= "\u11ff":  # skin tones, inner letters of hangul
        return True
    return _is_flag_half(char) and _flag_halves_before(text, at) % 2 == 1


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start > 0 and at - start < LONGEST_CLUSTER and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start
