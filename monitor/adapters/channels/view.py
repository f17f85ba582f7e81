"""A digest laid out for showing: every text one clean line, every address safe to link, every word in the reader's
language. What the renderers share; they differ in escaping and limits only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from monitor.domain.model.digests import Digest, DigestLine, ReportLink
from monitor.domain.text import clean_line
from monitor.domain.wording import Wording

_HARD_BLANKS = "\u00a0\u202f"
_BY_BLANK = re.compile(f"([{_HARD_BLANKS}])")

MAX_TEXT_CHARS = 600  # of a headline or detail: longer ones are broken
MAX_SENTENCE_CHARS = 2_400  # of the coverage, which names sources
MAX_ADDRESS_CHARS = 2_000  # longer addresses are not followed by every browser


@dataclass(frozen=True, slots=True)
class ReportView:
    """An article to follow."""

    title: str
    url: str | None  # None: not an address one may follow
    language: str | None  # of the title, BCP 47
    label: str  # source, language where it is not the reader's, day


@dataclass(frozen=True, slots=True)
class LineView:
    """One item."""

    headline: str
    details: tuple[str, ...]
    reports: tuple[ReportView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A titled group of items."""

    key: str
    title: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class DigestPage:
    """The whole message."""

    language: str
    subject: str
    intro: str
    sections: tuple[SectionView, ...]
    coverage_title: str
    coverage: tuple[str, ...]
    footer: str
    cut_note: str = ""

    @property
    def lines(self) -> int:
        """How many items there are."""
        return sum(len(section.lines) for section in self.sections)


def page_of(digest: Digest, wording: Wording) -> DigestPage:
    """Lay a digest out."""
    return DigestPage(
        language=digest.language,
        subject=_one_line(digest.subject),
        intro=_one_line(digest.intro),
        sections=tuple(
            SectionView(section.key, _one_line(section.title), tuple(_line(line, wording) for line in section.lines))
            for section in digest.sections
        ),
        coverage_title=wording.say("What was checked"),
        coverage=tuple(_one_line(sentence, MAX_SENTENCE_CHARS) for sentence in digest.coverage),
        footer=_one_line(wording.say("You receive this by the subscription “{key}”.", key=digest.subscription_key)),
    )


def cut(page: DigestPage, keep: int, wording: Wording) -> DigestPage:
    """The first `keep` items only, with a note on how many are missing."""
    missing = page.lines - keep
    note = wording.count(
        "Cut here to fit the message: {n} more line.", "Cut here to fit the message: {n} more lines.", missing
    )
    return replace(page, sections=tuple(_first(page, keep)), cut_note=note)


def _first(page: DigestPage, keep: int) -> Iterator[SectionView]:
    for section in page.sections:
        lines = section.lines[:keep]
        keep -= len(lines)
        if lines:
            yield replace(section, lines=lines)


def _line(line: DigestLine, wording: Wording) -> LineView:
    return LineView(
        headline=_one_line(line.headline),
        details=tuple(_one_line(detail) for detail in line.details),
        reports=tuple(_report(report, wording) for report in line.reports),
    )


def _report(report: ReportLink, wording: Wording) -> ReportView:
    parts = [clean_line(report.source_name, MAX_TEXT_CHARS)]
    if report.language and report.language != wording.language:
        parts.append(wording.language_name(report.language))
    if report.published_on is not None:
        parts.append(wording.day(report.published_on))
    url = safe_address(report.url)
    return ReportView(
        title=clean_line(report.title, MAX_TEXT_CHARS) or url or "–",
        url=url,
        language=report.language,
        label=" · ".join(part for part in parts if part),
    )


def _one_line(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    """Clean, but with the hard blanks of French punctuation, which `clean_line` makes soft."""
    return "".join(piece if piece in _HARD_BLANKS else clean_line(piece) for piece in _BY_BLANK.split(text))[:limit]


def safe_address(url: str) -> str | None:
    """The address if a reader may follow it: http or https with a host, no blank, no control character."""
    if len(url) > MAX_ADDRESS_CHARS or any(char.isspace() or not char.isprintable() or char in '<>"`' for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname and "\\" not in url else None
