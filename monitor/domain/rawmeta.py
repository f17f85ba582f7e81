"""What the lines around a dropped document's text say: when it was published, by whom, where it comes from."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from monitor.domain.feed_dates import EARLIEST, LATEST_AHEAD
from monitor.domain.feed_dates import published as read_date
from monitor.domain.model.events import DateRange, Precision
from monitor.domain.text import MAX_TITLE_CHARS, clean_line, fold

LABEL_MAX_WORDS = 4  # before the colon of "News and photos: A. Person"
NAME_MAX_WORDS = 8  # after it

_SOURCE_URL = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?\s*[:：]\s*(https?://\S+)")
_YEAR_FIRST = r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?(?![\d/.:-])"
_NUMERIC_DATE = rf"{_YEAR_FIRST}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}(?!\d)"
_GLUED_BEFORE = re.compile(rf"(?:[^\W\d_]+\s*[:：]?\s+){{0,2}}(?P<date>{_NUMERIC_DATE})[\s|–—-]+(?P<rest>.*[^\W\d_].*)")
_GLUED_AFTER = re.compile(rf"(?P<rest>.*[^\W\d_].*?)[\s|–—(-]*(?<![\d/.-])(?P<date>{_NUMERIC_DATE})\)?")
_MONTH_ONLY = re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d{2})[-/.](?P<m>0?[1-9]|1[0-2])(?![\d/.-])")
_BRACKETS_AT_END = re.compile(r"\s*[(（\[](?P<inside>[^()（）\[\]]{3,120})[)）\]]+\s*$")
_DOUBLED = re.compile(r"(?P<name>.{3,}?)[\s,|·-]*(?P=name)")

_CREDITS = """
author authors by writer reporter editor photo photos story text auteur auteure auteurs par texte rédaction autor
autora autores por texto redacción foto fotos fotografía autore testo verfasser von tekst auteurs door автор текст
фото yazar haber muhabir ảnh 作者 记者 記者 撰文 编辑 編輯 摄影 攝影 文 图 文/图 기자 글 사진 كتب تصوير
"""
_CREDIT_WORDS = frozenset(fold(_CREDITS).split())  # one of these before a colon: what follows is a name
_CREDIT_PHRASES = frozenset(fold(phrase) for phrase in ("tác giả", "bài và ảnh", "tin và ảnh", "tin, ảnh", "bài, ảnh"))
_BY = re.compile(r"(?:[Bb]y|BY|[Pp]ar|PAR|[Pp]or|[Vv]on|[Dd]i|[Dd]oor)\s+(?P<name>(?:[A-ZÀ-ÞŁŚŻĐ][\w.'’-]*[ ]?){2,4})")
_CREDIT_INSIDE = re.compile(
    r"(?:作者|记者|記者|撰文|编辑|編輯|기자|author|автор|tác giả)\s?[:：]\s?(?P<name>[^\s:：|,，;；]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Glued:
    """A line taken apart: a date at its beginning or end, "" where there is none, and the rest."""

    date: str
    rest: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date of publication and how it was written."""

    when: DateRange
    raw: str


def unglued(line: str) -> Glued:
    """Part a date from the title that it is glued to: "date 2024-05 Title", "Title 30/10/2025"."""
    if len(line) > MAX_TITLE_CHARS:
        return Glued("", line)
    for form in (_GLUED_BEFORE, _GLUED_AFTER):
        match = form.fullmatch(line)
        if match is not None:
            return Glued(match["date"], match["rest"].strip())
    return Glued("", line)


def says_when(line: str) -> bool:
    """Whether a date of any form stands in the line."""
    return _stamp(line, datetime.max.replace(tzinfo=UTC) - LATEST_AHEAD) is not None


def stamp(lines: Iterable[str], now: datetime) -> Stamp | None:
    """The first date that one of the lines gives, not after `now`."""
    return next((found for line in lines if (found := _stamp(line, now)) is not None), None)


def _stamp(line: str, now: datetime) -> Stamp | None:
    found = read_date(line, now)
    if found is not None:
        return Stamp(DateRange(found.on, found.on), _raw(line))
    match = _MONTH_ONLY.search(line)
    if match is None:
        return None
    first = date(int(match["y"]), int(match["m"]), 1)
    if not EARLIEST.date() <= first <= now.date():
        return None
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return Stamp(DateRange(first, last, Precision.MONTH), match[0])


def _raw(line: str) -> str:
    """The date of the line as written, the whole line where it is written in words."""
    match = re.search(_NUMERIC_DATE, line)
    return match[0] if match else line


def source_url(line: str) -> str | None:
    """The address of a line such as "Source: https://..."."""
    match = _SOURCE_URL.fullmatch(line)
    return match[1] if match else None


def credit(line: str) -> str | None:
    """The name in a line such as "Author: A. Person" or "News and photos: A. Person"."""
    label, colon, name = line.replace("：", ":").partition(":")
    words = fold(label).replace(",", " ").split()
    if not colon or not 0 < len(words) <= LABEL_MAX_WORDS or not 0 < len(name.split()) <= NAME_MAX_WORDS:
        return None
    if fold(label).strip() not in _CREDIT_PHRASES and _CREDIT_WORDS.isdisjoint(words):
        return None
    return clean_line(name)


def without_credit(line: str) -> tuple[str, str | None]:
    """The last line of a text without the author, alone or in brackets behind the last sentence; and the author."""
    alone = credit(line)
    if alone is not None:
        return "", alone
    match = _BRACKETS_AT_END.search(line)
    inside = credit(match["inside"]) if match else None
    if match is None or inside is None:
        return line, None
    return line[: match.start()].rstrip(), inside


def byline(lines: Sequence[str], found: Stamp | None) -> str | None:
    """Who wrote or published it, from the lines near the title: a credit, "by A. Person", a name that stands twice."""
    for line in lines:
        bare = line.replace(found.raw, " ").strip() if found and found.raw != line else line
        name = (
            credit(bare)
            or _named(_BY.match(bare))
            or _named(_CREDIT_INSIDE.search(bare))
            or _named(_DOUBLED.fullmatch(bare))
        )
        if name:
            return name
    return None


def _named(match: re.Match[str] | None) -> str | None:
    return match["name"].strip() if match else None
