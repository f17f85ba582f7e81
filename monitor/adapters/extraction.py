"""Taking the article out of a page: the `Extractor` over the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from monitor.domain.feed_dates import published
from monitor.domain.model.articles import ArticleData, ExtractFailed, TextPath
from monitor.domain.outcomes import Outcome
from monitor.domain.text import MAX_TITLE_CHARS, clean, clean_line
from monitor.domain.urls import canonical_url
from monitor.ports import Json, Sandbox, SandboxFailed

PDF_MARK = b"%PDF-"
PDF_MARK_WITHIN = 1024  # bytes of whatever before it, as PDF readers allow


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SandboxExtractor:
    """The `Extractor`: all reading of bytes happens in a child. `clock` bounds the dates that are believed."""

    def __init__(self, sandbox: Sandbox, clock: Callable[[], datetime] = _utc_now) -> None:
        self._sandbox = sandbox
        self._clock = clock

    def extract(
        self, body: bytes, url: str, content_type: str, language: str | None = None
    ) -> ArticleData | ExtractFailed:
        """Extract title, text, author, dates, language and site name of a web page or a PDF; refuse other media."""
        payload = {"url": url, "content_type": content_type, "language": language}
        answer = self._sandbox.run("extract-pdf" if is_pdf(body) else "extract-article", payload, body)
        if isinstance(answer, SandboxFailed):
            return ExtractFailed(answer.outcome, answer.detail)
        if "error" in answer:
            return _failed(answer, self._clock())
        article = article_data(answer, url, self._clock())
        return article if article.text else ExtractFailed(Outcome.NO_TEXT, "the page has no text to speak of")


def _failed(answer: Mapping[str, Json], now: datetime) -> ExtractFailed:
    detail = clean_line(str(answer.get("detail", "")), 300)
    date = published(answer.get("published_raw"), now)
    return ExtractFailed(Outcome(answer["error"]), detail, date.on if date else None, date.at if date else None)


def is_pdf(body: bytes) -> bool:
    """Whether a document is a PDF by its first bytes, whatever its server calls it."""
    start = body[:PDF_MARK_WITHIN]
    return PDF_MARK in start and not start.lstrip().startswith(b"<")


def article_data(answer: Mapping[str, Json], url: str, now: datetime) -> ArticleData:
    """A child's answer, cleaned."""
    date = published(answer["published_raw"], now)
    return ArticleData(
        title=_line(answer["title"], MAX_TITLE_CHARS),
        text=clean(answer["text"]),
        path=TextPath.PAGE,
        author=_line(answer["author"], 300) or None,
        published_on=date.on if date else None,
        published_at=date.at if date else None,
        language=answer["language"],
        site_name=_line(answer["site_name"], 200) or None,
        canonical_url=canonical_url(answer["canonical"], url) if answer["canonical"] else None,
        notes=tuple(answer["notes"]),
    )


def _line(value: Json, limit: int) -> str:
    return clean_line(value, limit) if isinstance(value, str) else ""
