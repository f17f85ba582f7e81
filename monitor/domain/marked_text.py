"""An article's text with its evidence in place: which words spoke for the decision, and which against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.domain.model.articles import Span
from monitor.domain.model.views import ArticleView

MOST_MARKS = 400  # pieces of evidence of one article that are marked


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason with its number in the list beside the text."""

    number: int  # from 1
    code: str
    detail: str
    weight: float  # above 0: for it


@dataclass(frozen=True, slots=True)
class Run:
    """Characters with the same evidence."""

    text: str
    grounds: tuple[Ground, ...] = ()  # empty: plain text
    ends: tuple[Ground, ...] = ()  # whose evidence ends here: where its number stands

    @property
    def is_for(self) -> bool:
        """Whether all of it together spoke for the decision."""
        return sum(one.weight for one in self.grounds) >= 0


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Title and paragraphs in runs, and the reasons that they are evidence of."""

    title: tuple[Run, ...]
    paragraphs: tuple[tuple[Run, ...], ...]
    grounds: tuple[Ground, ...]


def marked(view: ArticleView) -> MarkedText:
    """`view` as it may be shown: evidence whose text was kept back, or that no longer stands where it was found, is
    not marked.
    """
    whole = f"{view.title}\n\n{view.text}"
    reasons = sorted((one for one in view.assessment.reasons if one.weight), key=lambda one: -abs(one.weight))
    grounds = [Ground(number, one.code, one.detail, one.weight) for number, one in enumerate(reasons, start=1)]
    marks = [
        (span.start, span.end, ground)
        for ground, reason in zip(grounds, reasons, strict=True)
        for span in reason.spans
        if _stands(span, whole)
    ][:MOST_MARKS]
    body = len(view.title) + 2
    paragraphs = tuple(tuple(_runs(whole, start, end, marks)) for start, end in _paragraphs(whole, body))
    return MarkedText(tuple(_runs(whole, 0, len(view.title), marks)), paragraphs, tuple(grounds))


def _stands(span: Span, whole: str) -> bool:
    return bool(span.text) and 0 <= span.start < span.end and whole[span.start : span.end] == span.text


def _paragraphs(whole: str, start: int) -> Iterator[tuple[int, int]]:
    for line in whole[start:].split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _runs(whole: str, start: int, end: int, marks: Sequence[tuple[int, int, Ground]]) -> Iterator[Run]:
    inside = [(max(start, first), min(end, last), one) for first, last, one in marks if first < end and last > start]
    cuts = sorted({start, end, *(one for first, last, _ in inside for one in (first, last))})
    for left, right in pairwise(cuts):
        here = _once(ground for first, last, ground in inside if first <= left and right <= last)
        ends = _once(ground for first, last, ground in inside if last == right)
        yield Run(whole[left:right], here, ends)


def _once(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    return tuple(sorted(dict.fromkeys(grounds), key=lambda one: one.number))
