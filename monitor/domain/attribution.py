"""Whose words an article says it prints: the credit of a news agency, or that of a press release.

Credits stand in fixed places: the dateline, a line of their own near the beginning or end, brackets that open or close
a paragraph, behind "source". An agency that is only quoted ("told Reuters") stands in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from monitor.domain.publishers import AGENCIES, Agency
from monitor.domain.text import is_cjk

HEAD_CHARS = 400  # datelines and credits open a text ...
TAIL_CHARS = 400  # ... or close it
DATELINE_CHARS = 140
SHORT_LINE = 60  # characters of a line that holds a credit and nothing else
CREDIT_LINES = 3  # such lines are looked for so far from either end

_SOURCE_WORDS = (
    r"source|来源|來源|稿源|nguồn|quelle|fuente|fonte|источник|джерело|źródło|出典|출처|kaynak|المصدر|bron|©|copyright"
)
_RELEASE = re.compile(
    r"press release|news release|communiqués? de presse|pressemitteilung|medienmitteilung|comunicado de prensa|"
    r"nota de prensa|comunicato stampa|comunicado de imprensa|nota de imprensa|thông cáo báo chí|新闻通稿|新聞稿|通稿|"
    r"プレスリリース|報道発表|보도자료|пресс-релиз|прес-реліз|basın bülteni|komunikat prasowy|persbericht|"
    r"pressmeddelande|بيان صحفي",
    re.IGNORECASE,
)


# Without one of these in a text there is no need to look closer: most texts credit nobody, and looking is dear.
_RELEASE_SIGNS = tuple(_RELEASE.pattern.replace("s? de presse", "").split("|"))
_SOURCE_SIGNS = tuple(_SOURCE_WORDS.split("|"))
_OPENING = "(（[【/"

# Where a credit stands; the piece between is searched for names.
_BRACKETS = r"([(（\[【/][^()（）\[\]【】/\n]{2,50}(?:/[^()（）\[\]【】/\n]{2,20})?[)）\]】/])"
_IN_BRACKETS = (
    re.compile(rf"^\s*{_BRACKETS}", re.MULTILINE),  # opens a paragraph
    re.compile(rf"{_BRACKETS}(?:\.?\s*[-–—:：=]|(?<=/)\.)"),  # closes a dateline
    re.compile(rf"{_BRACKETS}\s*\.?\s*$", re.MULTILINE),  # closes a paragraph
)
_BEHIND_SOURCE = re.compile(rf"(?<!\w)(?:{_SOURCE_WORDS})\s?[:：]?\s?([^\n]{{2,40}})", re.IGNORECASE)
_DATELINES = (  # each with what none of them is without
    (
        "电電訊讯",
        re.compile(r"([^\s，。,.]{2,12})\s?[^\s，。,.]{0,16}\d{0,2}[月日]?\d{0,2}日?[电電訊讯]"),
    ),  # "新华社昆明8月22日电"
    ("—–-", re.compile(r"[—–-]\s*([^\n.]{2,30})\.\s")),  # "МОСКВА, 3 мая — РИА Новости."
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a text prints, by its own account."""

    agency: str | None = None  # key of `publishers.AGENCIES`
    is_release: bool = False


def attribution(text: str, author: str | None = None) -> Attribution:
    """The first agency that is credited, and whether a press release is named where texts name what they print."""
    head, tail = text[:HEAD_CHARS], text[-TAIL_CHARS:]
    is_release = any(_has(part, _RELEASE_SIGNS) and _RELEASE.search(part) is not None for part in (head, tail))
    found = (_named(piece) for piece in _credits(text, head, tail, author or ""))
    return Attribution(next((one for one in found if one is not None), None), is_release)


def _credits(text: str, head: str, tail: str, author: str) -> Iterator[str]:
    """The pieces of a text that may credit somebody, the surest first."""
    yield author
    for place in _IN_BRACKETS:
        for part in (head, tail):
            if any(sign in part for sign in _OPENING):
                yield from (match[1] for match in place.finditer(part))
    for part in (head, tail):
        if _has(part, _SOURCE_SIGNS):
            yield from (match[1] for match in _BEHIND_SOURCE.finditer(part))
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    yield from (line for line in (*lines[:CREDIT_LINES], *lines[-CREDIT_LINES:]) if len(line) <= SHORT_LINE)
    start = text[:DATELINE_CHARS]
    for signs, dateline in _DATELINES:
        if any(sign in start for sign in signs):
            yield from (match[1] for match in dateline.finditer(start))


def _has(part: str, signs: Iterable[str]) -> bool:
    lowered = part.lower()
    return any(sign in lowered for sign in signs)


def _named(piece: str) -> str | None:
    """The agency that a credit names."""
    found = _names().search(piece) if piece else None
    return AGENCIES[int((found.lastgroup or "")[1:])].key if found is not None else None


@cache
def _names() -> re.Pattern[str]:
    """Every spelling; the group tells the agency by its number."""
    return re.compile("|".join(f"(?P<a{number}>{_spellings(one)})" for number, one in enumerate(AGENCIES)))


def _spellings(agency: Agency) -> str:
    names = "|".join(_bounded(name) for name in sorted(agency.names, key=len, reverse=True))
    marks = "|".join(_bounded(mark) for mark in sorted(agency.marks, key=len, reverse=True))
    return rf"(?i:{names})|{marks}" if marks else f"(?i:{names})"


def _bounded(name: str) -> str:
    """As a word of its own in scripts that part words."""
    escaped = re.escape(name)
    return escaped if is_cjk(name) else rf"(?<!\w){escaped}(?!\w)"
