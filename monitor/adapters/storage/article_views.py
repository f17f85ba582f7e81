"""Articles as people and programs are shown them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from monitor.adapters.storage import search
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.material import SOURCE_NAME, read_change
from monitor.domain.model.articles import Assessment, CaptureData, Label, Reason, StageRecord, TextPath
from monitor.domain.model.events import EventChange
from monitor.domain.model.places import Mention, PlaceKind
from monitor.domain.model.sources import Rights, TextRights
from monitor.domain.model.views import ArticleRow, ArticleView, RevisionView, SearchPage
from monitor.domain.outcomes import Outcome

_RIGHTS = (t.source.c.rights, t.source.c.quote_chars)  # NULL: the source is gone


def article_rows() -> Select[Any]:
    """Whole articles with name and rights of their source; the rows are read by name."""
    return select(t.article, SOURCE_NAME, *_RIGHTS).outerjoin(t.source, t.source.c.key == t.article.c.source_key)


def text_rights_in(row: RowMapping) -> TextRights:
    """What the source of a row allows; the default of `TextRights` where the source is gone."""
    return TextRights(Rights(row["rights"]), row["quote_chars"]) if row["rights"] is not None else TextRights()


def articles(connection: Connection, limit: int, label: Label | None, since_id: int) -> tuple[ArticleRow, ...]:
    """Newest first."""
    statement = article_rows().where(t.article.c.id > since_id).order_by(t.article.c.id.desc()).limit(limit)
    if label is not None:
        statement = statement.where(t.article.c.label == label.value)
    return tuple(read_article_row(row) for row in connection.execute(statement).mappings())


def read_article_row(row: RowMapping, snippet: str = "") -> ArticleRow:
    """The article in a row of `article_rows`."""
    return ArticleRow(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        source_name=row["source_name"] or None,
        language=row["language"],
        published_on=row["published_on"],
        first_seen_at=row["first_seen_at"],
        label=Label(row["label"]),
        score=row["score"],
        snippet=snippet,
        copy_of_id=row["copy_of_id"],
        known_seed=row["known_seed"],
        text_rights=text_rights_in(row),
    )


def find(connection: Connection, query: str, limit: int) -> SearchPage:
    """Full text, newest first."""
    terms = search.parse(query)
    hits = search.find(connection, terms, limit)
    return SearchPage(found_rows(connection, hits.ids, terms), hits.total, hits.total_is_bound)


def found_rows(connection: Connection, ids: Sequence[int], terms: Sequence[search.Term]) -> tuple[ArticleRow, ...]:
    """The articles of these ids, newest first, with the piece of their text that the terms are found in."""
    if not ids:
        return ()
    latest = (t.revision.c.article_id == t.article.c.id) & (t.revision.c.number == t.article.c.revision)
    statement = (
        select(t.article, SOURCE_NAME, *_RIGHTS, t.revision.c.text)
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
        .join(t.revision, latest)
        .where(t.article.c.id.in_(ids))
        .order_by(t.article.c.id.desc())
    )
    rows = connection.execute(statement).mappings()
    return tuple(
        replace(
            read_article_row(row, search.snippet(row["text"], terms)), marked_title=search.marked(row["title"], terms)
        )
        for row in rows
    )


def article_by_url(connection: Connection, url_key: str) -> ArticleView | None:
    """None: no such article."""
    found = connection.scalar(select(t.article.c.id).where(t.article.c.url_key == url_key))
    return article(connection, found) if found is not None else None


def article(connection: Connection, article_id: int) -> ArticleView | None:
    """None: no such article."""
    statement = article_rows().where(t.article.c.id == article_id)
    row = connection.execute(statement).mappings().first()
    if row is None:
        return None
    latest = (t.revision.c.article_id == article_id) & (t.revision.c.number == row["revision"])
    revision = connection.execute(select(t.revision).where(latest)).mappings().one()
    judged = connection.execute(select(t.assessment).where(t.assessment.c.revision_id == revision["id"]))
    assessment = judged.mappings().one()
    return ArticleView(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        text=revision["text"],
        language=row["language"],
        author=row["author"],
        site_name=row["site_name"],
        published_on=row["published_on"],
        path=TextPath(revision["path"]),
        fallback=Outcome(revision["fallback"]) if revision["fallback"] else None,
        revision=row["revision"],
        origin=row["origin"],
        source_key=row["source_key"],
        source_name=row["source_name"] or None,
        first_seen_at=row["first_seen_at"],
        label=Label(row["label"]),
        copy_of_id=row["copy_of_id"],
        copy_kind=row["copy_kind"],
        known_seed=row["known_seed"],
        assessment=read_assessment(assessment),
        mentions=_mentions(connection, revision["id"]),
        record=tuple(decode(StageRecord, one) for one in assessment["record"]),
        event_ids=_event_ids(connection, article_id),
        capture=read_capture(connection, revision["capture_id"]),
        text_rights=text_rights_in(row),
    )


def revisions(connection: Connection, article_id: int) -> tuple[RevisionView, ...]:
    """Oldest first; none: no such article."""
    statement = (
        select(t.revision, t.assessment.c.label, t.assessment.c.record)
        .join(t.assessment, t.assessment.c.revision_id == t.revision.c.id)
        .where(t.revision.c.article_id == article_id)
        .order_by(t.revision.c.number)
    )
    logged = select(t.event_change).where(t.event_change.c.article_id == article_id).order_by(t.event_change.c.seq)
    changes = [read_change(row) for row in connection.execute(logged).mappings()]
    return tuple(_revision(row, changes) for row in connection.execute(statement).mappings())


def _revision(row: RowMapping, changes: Sequence[EventChange]) -> RevisionView:
    record = tuple(decode(StageRecord, one) for one in row["record"])
    decided = [one.result for one in record if one.stage == "label"]
    return RevisionView(
        number=row["number"],
        made_at=row["made_at"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        published_on=row["published_on"],
        path=TextPath(row["path"]),
        fallback=Outcome(row["fallback"]) if row["fallback"] else None,
        label=Label(decided[-1] if decided else row["label"]),
        record=record,
        changes=tuple(one for one in changes if one.at == row["made_at"]),
    )


def read_assessment(row: RowMapping) -> Assessment:
    """The assessment in a row."""
    return Assessment(
        label=Label(row["label"]),
        score=row["score"],
        reasons=tuple(decode(Reason, one) for one in row["reasons"]),
        scope=row["scope"],
        rule_version=row["rule_version"],
    )


def _mentions(connection: Connection, revision_id: int) -> tuple[Mention, ...]:
    statement = select(t.mention).where(t.mention.c.revision_id == revision_id).order_by(t.mention.c.position)
    return tuple(
        Mention(
            start=row["starts"],
            end=row["ends"],
            surface=row["surface"],
            place_id=row["place_id"],
            country=row["country"],
            kind=PlaceKind(row["kind"]) if row["kind"] else None,
            confidence=row["confidence"],
            candidates=tuple(row["candidates"]),
        )
        for row in connection.execute(statement).mappings()
    )


def _event_ids(connection: Connection, article_id: int) -> tuple[str, ...]:
    columns = t.event_article.c
    statement = select(columns.event_id).where(columns.article_id == article_id)
    return tuple(connection.scalars(statement.order_by(columns.linked_at, columns.event_id)))


def read_capture(connection: Connection, capture_id: int | None) -> CaptureData | None:
    """None: there is none."""
    row = connection.execute(select(t.capture).where(t.capture.c.id == capture_id)).mappings().first()
    if row is None:
        return None
    return CaptureData(
        sha256=row["sha256"],
        url=row["url"],
        final_url=row["final_url"],
        content_type=row["content_type"],
        size_bytes=row["size_bytes"],
        fetched_at=row["fetched_at"],
        tdm_policy=row["tdm_policy"],
    )
