"""Stage two: read an entry's article, decide, store. One entry; the capture is stored before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from monitor.domain import aggregators, canonical, context, decide, schedule, url_dates, urls
from monitor.domain.decide import Knowledge
from monitor.domain.lexicon import Lexicon
from monitor.domain.model.articles import (
    Applied,
    ArticleData,
    ArticleForDecision,
    EntryForIngest,
    EntryReport,
    ExtractFailed,
    IngestIntent,
    Label,
    Origin,
    SourceContext,
    TextPath,
    Understanding,
)
from monitor.domain.outcomes import Outcome, Severity, severity
from monitor.pipeline import expectations, partnerships
from monitor.pipeline.learning import Learning
from monitor.pipeline.pages import Page, Reading, extract, fetch_page, tells_all
from monitor.pipeline.quarantine import KILLS, Breaker
from monitor.ports import (
    CaptureStore,
    Extractor,
    Fetcher,
    FetchFailed,
    Gazetteer,
    LanguageIdentifier,
    UnitOfWork,
    Units,
)

# Feed content at least this long stands for the article when a page gives less: a teaser seldom has more.
FULL_CONTENT_CHARS = 600
MAX_REFRESHES = 2  # after 1 and 7 days
_FIRST_REFRESH_DAYS = 1
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
    breaker: Breaker = field(default_factory=Breaker)  # one for all pages of a process
    learning: Learning | None = None  # None: verdicts teach nothing
    context_cues: Lexicon | None = None  # what happens at places beside any relation; None: nobody asked for it
    context_places: frozenset[str] = frozenset()  # ids of the places that it is asked for

    @property
    def reading(self) -> Reading:
        """What reading a page needs."""
        return Reading(self.fetcher, self.extractor, self.captures, self.units, self.breaker)


def ingest_entry(entry_id: int, now: datetime, ingesting: Ingesting) -> EntryReport | None:
    """Ingest one entry; None: it is gone. A page that cannot be reached now is tried again later, from its entry."""
    with ingesting.units() as unit:
        entry = unit.entry_for_ingest(entry_id)
    if entry is None:
        return None
    page = None if tells_all(entry) else fetch_page(entry, now, ingesting.reading)
    if isinstance(page, FetchFailed):
        retry_at = schedule.page_retry_at(entry.attempts + 1, page.outcome, now, page.retry_after_s)
        if retry_at is not None:
            return _postpone(entry, page, retry_at, ingesting)
    extracted = extract(entry, page.fetched, now, ingesting.reading) if isinstance(page, Page) else page
    if isinstance(extracted, ExtractFailed):
        retry_at = _read_again_at(entry, extracted, now)
        if retry_at is not None:
            return _postpone(entry, extracted, retry_at, ingesting)
    article = best_text(entry, extracted, ingesting.languages)
    detail = extracted.detail if isinstance(extracted, (ExtractFailed, FetchFailed)) else ""
    return _decide_and_store(entry, article, page, detail, now, ingesting)


def _postpone(
    entry: EntryForIngest, failure: FetchFailed | ExtractFailed, retry_at: datetime, ingesting: Ingesting
) -> EntryReport:
    with ingesting.units() as unit:
        unit.postpone_entry(entry.id, retry_at, failure.outcome, failure.detail)
        unit.commit()
    return EntryReport(
        entry.id, entry.url, failure.outcome, None, None, f"tried again at {retry_at:%Y-%m-%d %H:%M} UTC"
    )


def _read_again_at(entry: EntryForIngest, failure: ExtractFailed, now: datetime) -> datetime | None:
    """A page that killed its first child, or met a fault of ours such as a service that was ending, has one more try;
    None: use what the feed gave. The second kill comes as `quarantined`.
    """
    if failure.outcome in KILLS or (failure.outcome is Outcome.INTERNAL and entry.attempts == 0):
        return schedule.page_retry_at(entry.attempts + 1, Outcome.INTERNAL, now)
    return None


# ---------------------------------------------------------------- the text


def best_text(
    entry: EntryForIngest, extracted: ArticleData | ExtractFailed | FetchFailed | None, languages: LanguageIdentifier
) -> ArticleData:
    """The best text there is: the page's, else the feed's own content, summary or title, with the reason recorded."""
    if not isinstance(extracted, ArticleData):
        why = extracted.outcome if extracted is not None else None
        return _with_language(_dated_by_page(_from_feed(entry, why), extracted), entry, languages)
    if len(entry.content) >= FULL_CONTENT_CHARS and len(extracted.text) * 2 < len(entry.content):
        return _with_language(_from_feed(entry, Outcome.NO_TEXT), entry, languages)
    return _completed(extracted, entry)


def _completed(extracted: ArticleData, entry: EntryForIngest) -> ArticleData:
    """The page's article with what only the feed knew; a file's date and the guess at its title yield to the feed's."""
    if entry.published_at is not None and "date-from-file" in extracted.notes:
        extracted = replace(extracted, published_at=None, published_on=None)
    if entry.title and "title-guessed" in extracted.notes:
        extracted = replace(extracted, title=entry.title)
    published_at = extracted.published_at or (entry.published_at if extracted.published_on is None else None)
    return replace(
        extracted,
        title=extracted.title or entry.title,
        author=extracted.author or entry.author,
        published_at=published_at,
        published_on=extracted.published_on or (published_at.date() if published_at else None),
        language=extracted.language or entry.language or entry.source_language,
    )


def _from_feed(entry: EntryForIngest, why: Outcome | None) -> ArticleData:
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


def _dated_by_page(article: ArticleData, refused: ExtractFailed | FetchFailed | None) -> ArticleData:
    """With the date of a page that had no text, where the feed gave none."""
    if article.published_on is not None or not isinstance(refused, ExtractFailed):
        return article
    return replace(article, published_on=refused.published_on, published_at=refused.published_at)


def _with_language(article: ArticleData, entry: EntryForIngest, languages: LanguageIdentifier) -> ArticleData:
    declared = entry.language or entry.source_language
    return replace(article, language=languages.identify(f"{article.title}\n{article.text}", declared))


# ---------------------------------------------------------------- decide and store


def _decide_and_store(
    entry: EntryForIngest,
    article: ArticleData,
    page: Page | FetchFailed | None,
    detail: str,
    now: datetime,
    ingesting: Ingesting,
) -> EntryReport:
    final_url, capture_id = (page.fetched.final_url, page.capture_id) if isinstance(page, Page) else (None, None)
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
            entry.source_place_id,
        ),
        ingesting.gazetteer,
        seen_at=entry.first_seen_at,
        baseline=entry.baseline,
        url_key=aggregators.document_key(entry.url, entry.author, entry.title, entry.published_at),
    )
    outcome = article.fallback or Outcome.OK
    knowledge = ingesting.learning.added_to(ingesting.knowledge) if ingesting.learning else ingesting.knowledge
    understanding = decide.understand(given, knowledge)
    with ingesting.units() as unit:
        intent, applied = decide_and_apply(unit, understanding, article, capture_id, now, knowledge)
        _note_context(unit, intent, applied, now, ingesting)
        unit.finish_entry(entry.id, applied.article_id, outcome, detail, _refetch_at(entry, intent, outcome, now))
        if _tells_of_its_feed(entry, page):
            thin = article.path in (TextPath.FEED_SUMMARY, TextPath.TITLE_ONLY)
            foreign = article.language not in (None, entry.source_language or article.language)
            unit.note_reading(entry.feed_id, len(article.text), thin, foreign, now)
        unit.commit()
    return EntryReport(
        entry.id, url, outcome, article.path, intent.label, detail, applied.article_id, applied.event_ids
    )


def _note_context(
    unit: UnitOfWork, intent: IngestIntent, applied: Applied, now: datetime, ingesting: Ingesting
) -> None:
    """What an article that tells no event of a relation says of watched places."""
    cues, watched = ingesting.context_cues, ingesting.context_places
    if cues is None or not watched or intent.unchanged:
        return
    told = intent.understanding
    found = context.context(told.article, told.mentions, cues, watched, ingesting.knowledge.place)
    if intent.label is Label.EVENT:
        found = ()
    if found or intent.same_url_id is not None:
        unit.relations().put_context(applied.article_id, found, now)


def _tells_of_its_feed(entry: EntryForIngest, page: Page | FetchFailed | None) -> bool:
    """Whether the text shows how well the articles behind the feed can be read: its page was there, or refused us."""
    if entry.refreshes or page is None:
        return False
    return isinstance(page, Page) or (entry.url is not None and severity(page.outcome) is not Severity.TEMPORARY)


def article_for_decision(
    article: ArticleData,
    url: str,
    source: SourceContext,
    gazetteer: Gazetteer,
    *,
    seen_at: datetime | None,
    baseline: bool = False,
    origin: Origin = Origin.FEED,
    url_key: str | None = None,
) -> ArticleForDecision:
    """What the pure stages get to see. `seen_at` stands in for a missing publication day; None: nothing does. `url_key`
    is given where the address does not identify the document.
    """
    hits = gazetteer.find(f"{article.title}\n\n{article.text}", article.language)
    return ArticleForDecision(
        url=url,
        url_key=url_key or urls.url_key(url),
        title=article.title,
        text=article.text,
        language=article.language,
        published_on=article.published_on or _day_in_url(url, seen_at) or (seen_at.date() if seen_at else None),
        source=source,
        hits=hits,
        baseline=baseline,
        origin=origin,
        path=article.path,
        fallback=article.fallback,
        notes=article.notes,
        author=article.author,
        site_name=article.site_name,
    )


def _day_in_url(url: str, seen_at: datetime | None) -> date | None:
    """The day in the address, unless it had not come yet when the article was seen."""
    day = url_dates.day_in_url(url)
    return None if day is not None and seen_at is not None and day > seen_at.date() + timedelta(days=1) else day


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
    if not intent.events or intent.unchanged:
        return intent, unit.apply(intent, article, capture_id, understanding.article.source.key)
    relations = unit.relations()
    intent = expectations.claimed(intent, relations, knowledge.place)
    applied = unit.apply(intent, article, capture_id, understanding.article.source.key)
    expectations.settle(intent, applied, relations, knowledge.place)
    partnerships.learn(intent, applied, relations, knowledge)
    return intent, applied


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
    """The article's address: its canonical link where that is believed, else where the page was found.

    An entry without any link gets an address of its own.
    """
    found = final_url or entry.url
    return f"entry:{entry.feed_id}/{entry.id}" if found is None else canonical.article_url(found, article.canonical_url)


def _refetch_at(entry: EntryForIngest, intent: IngestIntent, outcome: Outcome, now: datetime) -> datetime | None:
    """Articles of events are read again after 1 and 7 days, and so are pages that were not read because their host
    rested; others only when their feed shows a change.
    """
    wait_days = _FIRST_REFRESH_DAYS if outcome is Outcome.HOST_RESTING else intent.refetch_after_days
    is_read_once = entry.url is None or tells_all(entry) or aggregators.is_opaque(entry.url)
    if wait_days is None or is_read_once or entry.refreshes >= MAX_REFRESHES:
        return None
    return now + (timedelta(days=wait_days) if entry.refreshes == 0 else _SECOND_REFRESH)
