"""What would become of a page that is not in the archive: the stages of ingestion, and nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain import decide, urls
from monitor.domain.model.articles import ArticleData, ExtractFailed, IngestIntent, SourceContext
from monitor.domain.model.sources import Rights, TextRights
from monitor.domain.model.views import ArticleView, SourceView
from monitor.pipeline.ingest import article_for_decision
from monitor.ports import Extractor, Fetched, Gazetteer, Units


@dataclass(frozen=True, slots=True)
class Trying:
    """What trying needs."""

    extractor: Extractor
    gazetteer: Gazetteer
    knowledge: decide.Knowledge
    units: Units


def try_page(
    fetched: Fetched, sources: Sequence[SourceView], now: datetime, trying: Trying
) -> ArticleView | ExtractFailed:
    """Decide a fetched page as if it were polled now; of `sources`, the one with its host is its publisher."""
    source = source_of(fetched.final_url, sources)
    language = source.language if source is not None else None
    extracted = trying.extractor.extract(fetched.body, fetched.final_url, fetched.content_type, language)
    if isinstance(extracted, ExtractFailed):
        return extracted
    return try_article(extracted, fetched.final_url, source, now, trying)


def try_article(
    article: ArticleData, url: str, source: SourceView | None, now: datetime, trying: Trying
) -> ArticleView:
    """Decide a text as if it came in now."""
    given = article_for_decision(article, url, _context(url, source), trying.gazetteer, seen_at=now)
    understanding = decide.understand(given, trying.knowledge)
    with trying.units() as unit:
        known = unit.known(decide.query(understanding))
    return _view(decide.ingest(known, understanding, now, trying.knowledge), article, source)


def source_of(url: str, sources: Sequence[SourceView]) -> SourceView | None:
    """The followed source of that host; None: it is not followed."""
    host = _bare(urls.host_of(url))
    for one in sources:
        addresses = (one.home_page or "", *(feed.url for feed in one.feeds))
        if host and host in {_bare(urls.host_of(address)) for address in addresses}:
            return one
    return None


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def _context(url: str, source: SourceView | None) -> SourceContext:
    if source is None:
        return SourceContext(urls.host_of(url) or url)
    return SourceContext(source.key, source.language, source.country, source.trust, source.about_relations)


def _view(intent: IngestIntent, article: ArticleData, source: SourceView | None) -> ArticleView:
    """As a stored article would be shown; `id` and `revision` 0: it is not one."""
    understanding, copy = intent.understanding, intent.copy_of
    given = understanding.article
    return ArticleView(
        id=0,
        url=given.url,
        title=article.title,
        text=article.text,
        language=article.language,
        author=article.author,
        site_name=article.site_name,
        published_on=article.published_on,
        path=article.path,
        fallback=article.fallback,
        revision=0,
        origin=given.origin.value,
        source_key=source.key if source else None,
        source_name=source.name if source else article.site_name,
        first_seen_at=intent.decided_at,
        label=intent.label,
        copy_of_id=copy.article_id if copy else None,
        copy_kind=copy.kind.value if copy else None,
        known_seed=intent.known_seed,
        assessment=understanding.assessment,
        mentions=understanding.mentions,
        record=intent.record,
        event_ids=tuple(one.event_id for one in intent.events if one.event_id),
        capture=None,
        text_rights=_rights(source),
    )


def _rights(source: SourceView | None) -> TextRights:
    return TextRights(Rights(source.rights), source.quote_chars) if source is not None else TextRights()
