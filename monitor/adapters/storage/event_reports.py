"""The articles of one event with why they belong to it, and the events of its story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, literal, or_, select, union_all

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import text_rights_in
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.event_search import LISTED
from monitor.adapters.storage.events import load_events
from monitor.adapters.storage.material import SOURCE_NAME
from monitor.domain.model.articles import Span
from monitor.domain.model.event_search import EventReport
from monitor.domain.model.events import KnownEvent, Role

_EVIDENCE_STAGE = "facts"
SIDES_NEEDED = 2  # of a relation, for an event to be one of it


def event_reports(connection: Connection, event_id: str, limit: int) -> tuple[EventReport, ...]:
    """See the port."""
    statement = report_columns().where(t.event_article.c.event_id == event_id).order_by(t.article.c.id)
    rows = connection.execute(statement.limit(limit)).mappings()
    return tuple(read_report(row) for row in rows)


def report_columns(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The articles of events, and what `read_report` reads of them."""
    link, latest = t.event_article, t.revision.c.number == t.article.c.revision
    return (
        select(
            t.article.c.id,
            t.article.c.title,
            t.article.c.url,
            t.article.c.language,
            t.article.c.published_on,
            link.c.role,
            link.c.why,
            link.c.score,
            link.c.linked_at,
            SOURCE_NAME,
            t.source.c.rights,
            t.source.c.quote_chars,
            t.assessment.c.record,
            *more,
        )
        .join(t.article, t.article.c.id == link.c.article_id)
        .join(t.revision, (t.revision.c.article_id == t.article.c.id) & latest)
        .join(t.assessment, t.assessment.c.revision_id == t.revision.c.id)
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
    )


def read_report(row: RowMapping) -> EventReport:
    """The report in a row of `report_columns`."""
    stages = [one for one in row["record"] if one["stage"] == _EVIDENCE_STAGE]
    spans = stages[-1].get("spans", []) if stages else []
    return EventReport(
        article_id=row["id"],
        title=row["title"],
        url=row["url"],
        source_name=row["source_name"],
        language=row["language"],
        published_on=row["published_on"],
        role=Role(row["role"]),
        why=row["why"],
        score=row["score"],
        linked_at=row["linked_at"],
        evidence=tuple(decode(Span, one) for one in spans),
        text_rights=text_rights_in(row),
    )


def around(
    connection: Connection, event: KnownEvent, sides: Sequence[frozenset[str]], limit: int
) -> tuple[KnownEvent, ...]:
    """See the port."""
    columns = t.event.c
    ties = [columns.part_of == event.id]
    if event.part_of is not None:
        ties += [columns.id == event.part_of, columns.part_of == event.part_of]
    if event.series_key is not None:
        ties.append(columns.series_key == event.series_key)
    found: list[str] = []
    for tie in (or_(*ties), columns.id.in_(_of_sides(sides)) if len(sides) > 1 else None):
        if tie is not None:
            newest = select(columns.id).where(LISTED, tie, columns.id != event.id).order_by(columns.sort_on.desc())
            found += connection.scalars(newest.limit(limit))
    return load_events(connection, list(dict.fromkeys(found))[: 2 * limit])


def _of_sides(sides: Sequence[frozenset[str]]) -> Select[Any]:
    """Ids of events in which two of the sides take part."""
    place = t.event_participant.c
    if len(sides) < SIDES_NEEDED:
        return select(place.event_id).where(literal(value=False))
    parts = union_all(
        *(
            select(place.event_id.label("event_id"), literal(number).label("side")).where(
                place.place_id.in_(sorted(one))
            )
            for number, one in enumerate(sides)
        )
    ).subquery()
    # An event in which one side takes part twice (the city and its university) counts that side once.
    return (
        select(parts.c.event_id).group_by(parts.c.event_id).having(func.count(parts.c.side.distinct()) >= SIDES_NEEDED)
    )
