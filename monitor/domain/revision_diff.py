"""What an edit changed in an article: sentences added, removed and reworded, and what became of the decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from monitor.domain.model.articles import StageRecord
from monitor.domain.model.sources import Rights, TextRights
from monitor.domain.model.views import RevisionView
from monitor.domain.sentences import sentences
from monitor.domain.text import is_cjk

REWORDED_FROM = 0.5  # of `SequenceMatcher.ratio`: less alike are one sentence removed and another added
MOST_UNITS = 2_000  # words or characters of a sentence that are compared one by one: the effort is their square
MOST_PAIRS = 400  # sentences of one changed passage that are paired by likeness, for the same reason

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Edit(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words or characters; `text` is "" where the source's rights keep it back."""

    edit: Edit
    text: str
    chars: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that was added, removed (one piece) or reworded (several)."""

    edit: Edit  # same: reworded
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Something about the decision that the edit changed."""

    what: str  # label, score, language, places, happening, when, participants, ...
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RevisionDiff:
    """Two revisions of one article, compared."""

    before: int  # numbers
    after: int
    title: tuple[Piece, ...]  # empty: unchanged
    passages: tuple[Passage, ...]
    unchanged: int  # sentences
    turns: tuple[Turn, ...]


def compare(before: RevisionView, after: RevisionView) -> RevisionDiff:
    """The later revision against the earlier one."""
    old = [one.text for one in sentences(before.text)]
    new = [one.text for one in sentences(after.text)]
    passages, unchanged = _passages(old, new)
    title = _pieces(before.title, after.title) if before.title != after.title else ()
    return RevisionDiff(before.number, after.number, title, tuple(passages), unchanged, tuple(_turns(before, after)))


def within_rights(diff: RevisionDiff, allowed: TextRights, reviewer: bool = False) -> RevisionDiff:
    """The comparison with as much of the text as may be shown; the title is always."""
    if reviewer or allowed.rights is Rights.FULL:
        return diff
    left = allowed.quote_chars if allowed.rights is Rights.QUOTE else 0
    passages = []
    for passage in diff.passages:
        pieces = []
        for piece in passage.pieces:
            fits = piece.chars <= left
            left -= piece.chars if fits else 0
            pieces.append(piece if fits else replace(piece, text=""))
        passages.append(replace(passage, pieces=tuple(pieces)))
    return replace(diff, passages=tuple(passages))


# ---------------------------------------------------------------- text


def _passages(old: Sequence[str], new: Sequence[str]) -> tuple[list[Passage], int]:
    found: list[Passage] = []
    unchanged = 0
    for what, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            unchanged += last - first
        else:
            found += _replaced(old[first:last], new[start:end])
    return found, unchanged


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """In the order of the new text; what was removed stands before what came in its place."""
    partner = _paired(old, new)
    waiting = 0
    for number, sentence in enumerate(new):
        mine = partner.get(number)
        if mine is None:
            yield _whole(Edit.ADDED, sentence)
            continue
        yield from (_whole(Edit.REMOVED, one) for one in old[waiting:mine])
        yield Passage(Edit.SAME, _pieces(old[mine], sentence))
        waiting = mine + 1
    yield from (_whole(Edit.REMOVED, one) for one in old[waiting:])


def _paired(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which old sentence each new one is a rewording of, in order, each used once."""
    partner: dict[int, int] = {}
    if len(old) * len(new) > MOST_PAIRS:
        return partner
    begin = 0
    for number, sentence in enumerate(new):
        likeness = [(_ratio(one, sentence), -at) for at, one in enumerate(old) if at >= begin]
        best, at = max(likeness, default=(0.0, 0))
        if best >= REWORDED_FROM:
            partner[number] = -at
            begin = -at + 1
    return partner


def _ratio(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, _units(old), _units(new))
    return matcher.ratio() if matcher.real_quick_ratio() >= REWORDED_FROM else 0.0


def _units(text: str) -> list[str]:
    """Words and what stands between them; characters where a script has no blanks."""
    units = list(text) if is_cjk(text) else _WORDS.findall(text)
    return units if len(units) <= MOST_UNITS else [text]


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    mine, theirs = _units(old), _units(new)
    pieces: list[Piece] = []
    for what, first, last, start, end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        gone, come = "".join(mine[first:last]), "".join(theirs[start:end])
        if what == "equal":
            pieces.append(_piece(Edit.SAME, gone))
            continue
        pieces += [_piece(edit, text) for edit, text in ((Edit.REMOVED, gone), (Edit.ADDED, come)) if text]
    return tuple(pieces)


def _whole(edit: Edit, sentence: str) -> Passage:
    return Passage(edit, (_piece(edit, sentence),))


def _piece(edit: Edit, text: str) -> Piece:
    return Piece(edit, text, len(text))


# ---------------------------------------------------------------- decision


def _turns(before: RevisionView, after: RevisionView) -> Iterator[Turn]:
    yield from _turned("label", before.label.value, after.label.value)
    yield from _turned("language", before.language or "", after.language or "")
    yield from _turned("published", str(before.published_on or ""), str(after.published_on or ""))
    old, new = _stages(before.record), _stages(after.record)
    yield from _turned("score", _score(old.get("relevance")), _score(new.get("relevance")))
    yield from _turned("places", _detail(old.get("places")), _detail(new.get("places")))
    told, tells = _facts(old.get("facts")), _facts(new.get("facts"))
    for name in dict.fromkeys((*told, *tells)):
        yield from _turned(name, told.get(name, ""), tells.get(name, ""))
    yield from _turned("events", _events(before.record), _events(after.record))


def _turned(what: str, before: str, after: str) -> Iterator[Turn]:
    if before != after:
        yield Turn(what, before, after)


def _stages(record: Iterable[StageRecord]) -> dict[str, StageRecord]:
    return {one.stage: one for one in record}


def _score(stage: StageRecord | None) -> str:
    return f"{stage.score:.2f}" if stage is not None and stage.score is not None else ""


def _detail(stage: StageRecord | None) -> str:
    return stage.detail if stage is not None else ""


def _facts(stage: StageRecord | None) -> dict[str, str]:
    if stage is None or not stage.detail:
        return {}
    pairs = (one.partition(" ") for one in stage.detail.split("; "))
    return {name: value for name, _, value in pairs}


def _events(record: Iterable[StageRecord]) -> str:
    return "; ".join(one.result for one in record if one.stage == "event")
