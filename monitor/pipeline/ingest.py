"""Stage two: read an entry's article, decide, store. One entry; the capture is stored before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.domain import decide, schedule, urls
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import (
    Applied,
    ArticleData,
    ArticleForDecision,
    CaptureData,
    EntryForIngest,
    EntryReport,
    ExtractFailed,
    IngestIntent,
    Origin,
    SourceContext,
    TextPath,
    Understanding,
)
from monitor.domain.outcomes import Outcome
from monitor.ports import (
    CaptureStore,
    Extractor,
    Fetched,
    Fetcher,
    FetchFailed,
    FetchRequest,
    Gazetteer,
    LanguageIdentifier,
    NotModified,
    Purpose,
    UnitOfWork,
    Units,
)

ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
# Feed content at least this long stands for the article when a page gives less: a teaser seldom has more.
FULL_CONTENT_CHARS = 600
MAX_REFRESHES = 2  # after 1 and 7 days
_SECOND_REFRESH = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ingesting:
    """What the stage needs."""

    fetcher: Fetcher
    extractor: Extractor
    languages: LanguageIdentifier
    captures: CaptureStore
    gazetteer: Gazetteer
    knowledge: Knowledge
    units: Units


@dataclass(frozen=True, slots=True)
class _Page:
    """A captured page."""

    fetched: Fetched
    capture_id: int


def ingest_entry(entry_id: int, now: datetime, ingesting: Ingesting) -> EntryReport | None:
    """Ingest one entry; None: it is gone. A page that cannot be reached now is tried again later, from its entry."""
    with ingesting.units() as unit:
        entry = unit.entry_for_ingest(entry_id)
    if entry is None:
        return None
    page = _fetch_page(entry, now, ingesting)
    if isinstance(page, FetchFailed):
        retry_at = schedule.page_retry_at(entry.attempts + 1, page.outcome, now, page.retry_after_s)
        if retry_at is not None:
            return _postpone(entry, page, retry_at, ingesting)
    article = _article(entry, page, ingesting)
    capture_id = page.capture_id if isinstance(page, _Page) else None
    return _decide_and_store(entry, article, page, capture_id, now, ingesting)


def _postpone(entry: EntryForIngest, failure: FetchFailed, retry_at: datetime, ingesting: Ingesting) -> EntryReport:
    with ingesting.units() as unit:
        unit.postpone_entry(entry.id, retry_at, failure.outcome, failure.detail)
        unit.commit()
    return EntryReport(
        entry.id, entry.url, failure.outcome, None, None, f"tried again at {retry_at:%Y-%m-%d %H:%M} UTC"
    )


# ---------------------------------------------------------------- the page


def _fetch_page(entry: EntryForIngest, now: datetime, ingesting: Ingesting) -> _Page | FetchFailed:
    """Fetch and store raw."""
    if entry.url is None:
        return FetchFailed("", Outcome.BAD_URL, "the entry has no link")
    answer = ingesting.fetcher.fetch(FetchRequest(entry.url, Purpose.PAGE, accept=ACCEPT_PAGE))
    if isinstance(answer, NotModified):
        return FetchFailed(entry.url, Outcome.PROTOCOL, "304 to a request without validators")
    if isinstance(answer, FetchFailed):
        return answer
    capture = CaptureData(
        sha256=ingesting.captures.put(answer.body),
        url=entry.url,
        final_url=answer.final_url,
        content_type=answer.content_type,
        size_bytes=len(answer.body),
        fetched_at=now,
    )
    with ingesting.units() as unit:
        capture_id = unit.add_capture(capture)
        unit.commit()
    return _Page(answer, capture_id)


def _article(entry: EntryForIngest, page: _Page | FetchFailed, ingesting: Ingesting) -> ArticleData:
    """The best text there is: the page's, else the feed's own content, summary or title, with the reason recorded."""
    if isinstance(page, FetchFailed):
        return _with_language(_from_feed(entry, page.outcome), entry, ingesting)
    fetched = page.fetched
    language = entry.language or entry.source_language
    extracted = ingesting.extractor.extract(fetched.body, fetched.final_url, fetched.content_type, language)
    if isinstance(extracted, ExtractFailed):
        return _with_language(_from_feed(entry, extracted.outcome), entry, ingesting)
    if len(entry.content) >= FULL_CONTENT_CHARS and len(extracted.text) * 2 < len(entry.content):
        return _with_language(_from_feed(entry, Outcome.NO_TEXT), entry, ingesting)
    return _completed(extracted, entry)


def _completed(extracted: ArticleData, entry: EntryForIngest) -> ArticleData:
    """The page's article with what only the feed knew."""
    published_at = extracted.published_at or (entry.published_at if extracted.published_on is None else None)
    return replace(
        extracted,
        title=extracted.title or entry.title,
        author=extracted.author or entry.author,
        published_at=published_at,
        published_on=extracted.published_on or (published_at.date() if published_at else None),
        language=extracted.language or entry.language or entry.source_language,
    )


def _from_feed(entry: EntryForIngest, why: Outcome) -> ArticleData:
    text, path = entry.content, TextPath.FEED_CONTENT
    if not text:
        text, path = entry.summary, TextPath.FEED_SUMMARY
    if not text:
        path = TextPath.TITLE_ONLY
    return ArticleData(
        title=entry.title,
        text=text,
        path=path,
        author=entry.author,
        published_at=entry.published_at,
        published_on=entry.published_at.date() if entry.published_at else None,
        canonical_url=entry.url,
        fallback=why,
    )


def _with_language(article: ArticleData, entry: EntryForIngest, ingesting: Ingesting) -> ArticleData:
    declared = entry.language or entry.source_language
    return replace(article, language=ingesting.languages.identify(f"{article.title}\n{article.text}", declared))


# ---------------------------------------------------------------- decide and store


def _decide_and_store(
    entry: EntryForIngest,
    article: ArticleData,
    page: _Page | FetchFailed,
    capture_id: int | None,
    now: datetime,
    ingesting: Ingesting,
) -> EntryReport:
    final_url = page.fetched.final_url if isinstance(page, _Page) else None
    url = document_url(entry, article, final_url)
    given = article_for_decision(
        article,
        url,
        SourceContext(
            entry.source_key,
            entry.source_language,
            entry.source_country,
            entry.source_trust,
            entry.source_about_relations,
        ),
        ingesting.gazetteer,
        seen_at=entry.first_seen_at,
        baseline=entry.baseline,
    )
    outcome = article.fallback or Outcome.OK
    understanding = decide.understand(given, ingesting.knowledge)
    with ingesting.units() as unit:
        intent, applied = decide_and_apply(unit, understanding, article, capture_id, now, ingesting.knowledge)
        unit.finish_entry(entry.id, applied.article_id, outcome, "", _refetch_at(entry, intent, now))
        unit.commit()
    return EntryReport(entry.id, url, outcome, article.path, intent.label, "", applied.article_id, applied.event_ids)


def article_for_decision(
    article: ArticleData,
    url: str,
    source: SourceContext,
    gazetteer: Gazetteer,
    *,
    seen_at: datetime | None,
    baseline: bool = False,
    origin: Origin = Origin.FEED,
) -> ArticleForDecision:
    """What the pure stages get to see. `seen_at` stands in for a missing publication day; None: nothing does."""
    hits = gazetteer.find(f"{article.title}\n\n{article.text}", article.language)
    return ArticleForDecision(
        url=url,
        url_key=urls.url_key(url),
        title=article.title,
        text=article.text,
        language=article.language,
        published_on=article.published_on or (seen_at.date() if seen_at else None),
        source=source,
        hits=hits,
        baseline=baseline,
        origin=origin,
    )


def decide_and_apply(
    unit: UnitOfWork,
    understanding: Understanding,
    article: ArticleData,
    capture_id: int | None,
    now: datetime,
    knowledge: Knowledge,
) -> tuple[IngestIntent, Applied]:
    """Decide and store under the archive's lock; the caller commits."""
    unit.serialise()
    known = unit.known(decide.query(understanding))
    intent = decide.ingest(known, understanding, now, knowledge)
    return intent, unit.apply(intent, article, capture_id, understanding.article.source.key)


def record_fault(entry_id: int, now: datetime, detail: str, ingesting: Ingesting) -> None:
    """A fault of ours on this entry: it waits like an unreachable page, and is set aside after the last try."""
    with ingesting.units() as unit:
        entry = unit.entry_for_ingest(entry_id)
        if entry is None:
            return
        retry_at = schedule.page_retry_at(entry.attempts + 1, Outcome.INTERNAL, now)
        if retry_at is None:
            unit.finish_entry(entry_id, None, Outcome.INTERNAL, detail, None)
        else:
            unit.postpone_entry(entry_id, retry_at, Outcome.INTERNAL, detail)
        unit.commit()


def document_url(entry: EntryForIngest, article: ArticleData, final_url: str | None) -> str:
    """The article's address: its canonical link where that stays on the same site, else where the page was found.

    A canonical link to another site is not believed (faults D11). An entry without any link gets an address of its own.
    """
    found = final_url or entry.url
    if found is None:
        return f"entry:{entry.feed_id}/{entry.id}"
    canonical = article.canonical_url
    if canonical is not None and urls.host_of(canonical) == urls.host_of(found):
        return canonical
    return found


def _refetch_at(entry: EntryForIngest, intent: IngestIntent, now: datetime) -> datetime | None:
    """Articles of events are read again after 1 and 7 days; others only when their feed shows a change."""
    if intent.refetch_after_days is None or entry.url is None or entry.refreshes >= MAX_REFRESHES:
        return None
    return now + (timedelta(days=intent.refetch_after_days) if entry.refreshes == 0 else _SECOND_REFRESH)
