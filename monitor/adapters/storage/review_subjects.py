"""Articles and events as a correction finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import read_assessment
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.events import date_range, live_ids, load_events
from monitor.domain.model.articles import Label, Origin, SourceContext
from monitor.domain.model.events import DateRange, EventStatus, KnownEvent, Role
from monitor.domain.model.review import ArticleForReview, ArticleLink, ArticleStanding, EventFacts, EventForReview
from monitor.domain.urls import host_of
from monitor.errors import NotFound

MAX_COPIES = 1_000  # of one text that a correction reaches


def article_for_review(connection: Connection, article_id: int) -> ArticleForReview:
    """See the port."""
    statement = select(t.article).where(t.article.c.id == article_id)
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"no article has the id {article_id}")
    latest = (t.revision.c.article_id == article_id) & (t.revision.c.number == row["revision"])
    revision = connection.execute(select(t.revision).where(latest)).mappings().one()
    judged = select(t.assessment).where(t.assessment.c.revision_id == revision["id"])
    standing, *copies = _standings(connection, [article_id, *_copy_ids(connection, article_id)])
    return ArticleForReview(
        standing=standing,
        url=row["url"],
        url_key=row["url_key"],
        title=revision["title"],
        text=revision["text"],
        language=row["language"],
        published_on=row["published_on"],
        first_seen_at=row["first_seen_at"],
        baseline=row["baseline"],
        origin=Origin(row["origin"]),
        source=source_context(connection, row),
        assessment=read_assessment(connection.execute(judged).mappings().one()),
        copies=tuple(copies),
    )


def source_context(connection: Connection, row: RowMapping) -> SourceContext:
    """As it stands now; a source that is gone is known by its key."""
    found = connection.execute(select(t.source).where(t.source.c.key == row["source_key"])).mappings().first()
    if found is None:
        return SourceContext(row["source_key"] or host_of(row["url"]) or Origin.FILE.value)
    return SourceContext(
        key=found["key"],
        language=found["language"],
        country=found["country"],
        trust=found["trust"],
        about_relations=found["about_relations"],
        place_id=found["place_id"],
    )


def _copy_ids(connection: Connection, article_id: int) -> list[int]:
    """Of its copies, and of theirs."""
    found: list[int] = []
    ring = [article_id]
    while ring and len(found) < MAX_COPIES:
        statement = select(t.article.c.id).where(t.article.c.copy_of_id.in_(ring)).order_by(t.article.c.id)
        ring = [one for one in connection.scalars(statement.limit(MAX_COPIES)) if one not in {article_id, *found}]
        found += ring
    return found[:MAX_COPIES]


def _standings(connection: Connection, article_ids: Sequence[int]) -> list[ArticleStanding]:
    links: dict[int, list[ArticleLink]] = defaultdict(list)
    for link in _links(connection, t.event_article.c.article_id.in_(article_ids)):
        links[link.article_id].append(link)
    chosen = select(t.article.c.id, t.article.c.label).where(t.article.c.id.in_(article_ids))
    labels = dict(connection.execute(chosen).all())
    return [ArticleStanding(one, Label(labels[one]), tuple(links[one])) for one in article_ids]


def _links(connection: Connection, condition: Any) -> list[ArticleLink]:
    columns = t.event_article.c
    rows = connection.execute(select(t.event_article).where(condition).order_by(columns.article_id, columns.event_id))
    return [read_link(row) for row in rows.mappings()]


def read_link(row: RowMapping) -> ArticleLink:
    """The link in a row."""
    return ArticleLink(
        event_id=row["event_id"],
        article_id=row["article_id"],
        role=Role(row["role"]),
        why=row["why"],
        score=row["score"],
        linked_at=row["linked_at"],
    )


# ---------------------------------------------------------------- events


def event_for_review(connection: Connection, event_id: str) -> EventForReview:
    """See the port."""
    live = live_ids(connection, [event_id]).get(event_id, event_id)
    row = connection.execute(select(t.event).where(t.event.c.id == live)).mappings().first()
    if row is None:
        raise NotFound(f"no event has the id {event_id!r}")
    [event] = load_events(connection, [live])
    lines = select(func.min(t.event_change.c.seq)).where(
        t.event_change.c.event_id == live, t.event_change.c.announce.is_(True)
    )
    first = connection.scalar(lines)
    told = select(t.digest.c.id).where(t.digest.c.content.is_not(None), t.digest.c.to_seq >= (first or 0)).limit(1)
    return EventForReview(
        event=event,
        facts=read_facts(event, row),
        links=tuple(_links(connection, t.event_article.c.event_id == live)),
        was_told=first is not None and connection.scalar(told) is not None,
        is_audible=first is not None,
    )


def read_facts(event: KnownEvent, row: RowMapping) -> EventFacts:
    """All that the row of the event says."""
    return EventFacts(
        title=event.title,
        kinds=event.kinds,
        participants=event.participants,
        host_id=event.host_id,
        when=date_range(row),
        status=EventStatus(row["status"]),
        date_inferred=event.date_inferred,
        yearless=decode(DateRange, row["yearless"]) if row["yearless"] else None,
        ordinal=event.ordinal,
        series_key=event.series_key,
        countries=frozenset(row["countries"]),
        sentence=row["sentence"],
        people=event.people,
        numbers=event.numbers,
        languages=event.languages,
        seed_key=event.seed_key,
        part_of=event.part_of,
        pins=event.pins,
    )
