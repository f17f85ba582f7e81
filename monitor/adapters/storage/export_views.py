"""What exports read: which events fit, once, and then events and articles in batches by id.

No transaction stays open between two batches, however slowly a file is fetched; a batch is read on one snapshot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, func, select

from monitor.adapters.storage import search, search_hits
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import text_rights_in
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.event_reports import read_report, report_columns
from monitor.adapters.storage.event_search import LISTED, conditions
from monitor.adapters.storage.events import in_batches, load_events
from monitor.adapters.storage.material import SOURCE_NAME
from monitor.domain.model.articles import Label, Reason
from monitor.domain.model.event_search import EventQuery, EventReport
from monitor.domain.model.exports import ExportedArticle, ExportedEvent

REPORTS_OF_AN_EVENT = 200  # the first; what is told a thousand times is not told better by all of them

_LATEST = (t.revision.c.article_id == t.article.c.id) & (t.revision.c.number == t.article.c.revision)


def exported_ids(connection: Connection, query: EventQuery) -> tuple[str, ...]:
    """See the port."""
    terms = search.parse(query.filter.words)
    columns = t.event.c
    chosen = select(columns.id, columns.sort_on).where(LISTED, *conditions(query))
    if not query.filter.words:
        newest = chosen.order_by(columns.sort_on.desc(), columns.id.desc())
        return tuple(one for one, _ in connection.execute(newest))
    found: list[tuple[date, str]] = []
    for ids in in_batches(sorted(_told_with(connection, terms)) if terms else ()):
        found += [(day, one) for one, day in connection.execute(chosen.where(columns.id.in_(ids)))]
    return tuple(one for _, one in sorted(found, reverse=True))


def _told_with(connection: Connection, terms: tuple[search.Term, ...]) -> set[str]:
    """Ids of all events that an article with these words tells, however old."""
    found: set[str] = set()
    below: int | None = None
    while True:
        hits = search_hits.newest_hits(connection, terms, below)
        found |= hits.by_event.keys()
        below = hits.older
        if below is None:
            return found


def exported_events(connection: Connection, ids: Sequence[str]) -> tuple[ExportedEvent, ...]:
    """See the port."""
    if not ids:
        return ()
    listed = select(t.event.c.id, t.event.c.updated_at).where(t.event.c.id.in_(ids), LISTED)
    updated = dict(connection.execute(listed).all())
    events = load_events(connection, [one for one in ids if one in updated])
    reports = _reports(connection, list(updated))
    return tuple(ExportedEvent(one, updated[one.id], tuple(reports[one.id])) for one in events)


def _reports(connection: Connection, ids: Sequence[str]) -> dict[str, list[EventReport]]:
    link = t.event_article.c
    place = func.row_number().over(partition_by=link.event_id, order_by=link.article_id).label("place")
    ranked = select(link.event_id, link.article_id, place).where(link.event_id.in_(ids)).subquery()
    statement = report_columns(link.event_id).join(
        ranked,
        (ranked.c.event_id == link.event_id)
        & (ranked.c.article_id == link.article_id)
        & (ranked.c.place <= REPORTS_OF_AN_EVENT),
    )
    found: dict[str, list[EventReport]] = defaultdict(list)
    for row in connection.execute(statement.order_by(link.event_id, t.article.c.id)).mappings():
        found[row["event_id"]].append(read_report(row))
    return found


def exported_articles(connection: Connection, ids: Sequence[int]) -> tuple[ExportedArticle, ...]:
    """See the port."""
    if not ids:
        return ()
    judged = t.assessment.c
    statement = (
        select(
            *(t.article, t.revision.c.text, judged.rule_version, judged.reasons),
            *(SOURCE_NAME, t.source.c.rights, t.source.c.quote_chars),
        )
        .join(t.revision, _LATEST)
        .join(t.assessment, judged.revision_id == t.revision.c.id)
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
        .where(t.article.c.id.in_(ids))
        .order_by(t.article.c.id)
    )
    rows = connection.execute(statement).mappings().all()
    events = _events_of(connection, ids)
    return tuple(_article(row, tuple(events[row["id"]])) for row in rows)


def _events_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    link = t.event_article.c
    statement = (
        select(link.article_id, link.event_id)
        .join(t.event, t.event.c.id == link.event_id)
        .where(link.article_id.in_(ids), LISTED)
        .order_by(link.article_id, link.linked_at, link.event_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for article_id, event_id in connection.execute(statement):
        found[article_id].append(event_id)
    return found


def _article(row: RowMapping, event_ids: tuple[str, ...]) -> ExportedArticle:
    return ExportedArticle(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        author=row["author"],
        published_on=row["published_on"],
        first_seen_at=row["first_seen_at"],
        source_key=row["source_key"],
        source_name=row["source_name"] or None,
        label=Label(row["label"]),
        score=row["score"],
        scope=row["scope"],
        rule_version=row["rule_version"],
        reasons=tuple(decode(Reason, one) for one in row["reasons"]),
        revision=row["revision"],
        copy_of_id=row["copy_of_id"],
        copy_kind=row["copy_kind"],
        event_ids=event_ids,
        text_rights=text_rights_in(row),
    )
