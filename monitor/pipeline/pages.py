"""The page of an entry: fetched, captured before anything is decided, read by a child unless it is known to kill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain import aggregators, urls
from monitor.domain.model.articles import ArticleData, CaptureData, EntryForIngest, ExtractFailed
from monitor.domain.model.sources import FeedKind
from monitor.domain.outcomes import Outcome
from monitor.pipeline.quarantine import EXTRACT, KILLS, Breaker, guarded
from monitor.ports import (
    CaptureStore,
    Extractor,
    Fetched,
    Fetcher,
    FetchFailed,
    FetchRequest,
    NotModified,
    Purpose,
    Units,
)

ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, application/pdf;q=0.8, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Reading:
    """What it needs."""

    fetcher: Fetcher
    extractor: Extractor
    captures: CaptureStore
    units: Units
    breaker: Breaker


@dataclass(frozen=True, slots=True)
class Page:
    """A captured page."""

    fetched: Fetched
    capture_id: int


def tells_all(entry: EntryForIngest) -> bool:
    """Whether the entry is the whole document: a message, a mail (its link is a place to cite, not to read), or an
    item with content and without a link.
    """
    return bool(entry.content) and (entry.url is None or entry.feed_kind in {FeedKind.TELEGRAM, FeedKind.MAILBOX})


def fetch_page(entry: EntryForIngest, now: datetime, reading: Reading) -> Page | FetchFailed:
    """Fetch and store raw; opaque links of news searches and entries without link are not asked."""
    if entry.url is None:
        return FetchFailed("", Outcome.BAD_URL, "the entry has no link")
    if aggregators.is_opaque(entry.url):
        return FetchFailed(entry.url, Outcome.OPAQUE_LINK, "the link of a news search leads on by script only")
    request = FetchRequest(entry.url, Purpose.PAGE, accept=ACCEPT_PAGE, tdm_licensed=entry.source_tdm_licensed)
    answer = reading.fetcher.fetch(request)
    if isinstance(answer, NotModified):
        return FetchFailed(entry.url, Outcome.PROTOCOL, "304 to a request without validators")
    if isinstance(answer, FetchFailed):
        return answer
    capture = CaptureData(
        sha256=reading.captures.put(answer.body),
        url=entry.url,
        final_url=answer.final_url,
        content_type=answer.content_type,
        size_bytes=len(answer.body),
        fetched_at=now,
        tdm_policy=answer.tdm_policy,
    )
    with reading.units() as unit:
        capture_id = unit.add_capture(capture)
        unit.commit()
    return Page(answer, capture_id)


def extract(entry: EntryForIngest, fetched: Fetched, now: datetime, reading: Reading) -> ArticleData | ExtractFailed:
    """The article of a page, unless the page or its host is known to kill children."""
    host = urls.host_of(fetched.final_url) or fetched.final_url
    language = entry.language or entry.source_language

    def read() -> ArticleData | ExtractFailed:
        extracted = reading.extractor.extract(fetched.body, fetched.final_url, fetched.content_type, language)
        if isinstance(extracted, ExtractFailed) and extracted.outcome in KILLS:
            reading.breaker.note(host, now)
        return extracted

    with reading.breaker.turn(host):
        rests = reading.breaker.resting_until(host, now)
        if rests is not None:
            return ExtractFailed(Outcome.HOST_RESTING, f"its pages killed children: spared until {rests:%H:%M} UTC")
        return guarded(read, ExtractFailed, EXTRACT, fetched.body_sha, fetched.final_url, now, reading.units)
