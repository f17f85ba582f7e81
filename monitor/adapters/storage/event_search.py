"""Events by facets and words: newest first, a page at a time, counted up to a bound.

Nothing here costs more than one look at the narrow index of listed events, however many articles there are: words are
looked up in the text index first, and only the events of the newest hits are considered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from monitor.adapters.storage import search, search_hits
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.event_facets import facets
from monitor.adapters.storage.events import in_batches, load_events
from monitor.adapters.storage.search_hits import Hits
from monitor.domain.kind_families import FAMILY_OF
from monitor.domain.model.event_search import EventCursor, EventFilter, EventPage, EventQuery, EventRow, Novelty
from monitor.domain.model.events import EventOrigin

COUNTED_UP_TO = search.COUNTED_UP_TO
# Of a source that tells more, older articles are not looked at: so many are years of any newspaper.
ARTICLES_OF_A_SOURCE = 20_000
SIDES_NEEDED = 2  # of a partnership, for an event to be one of it

ORIGINS = {
    Novelty.NEW: (EventOrigin.NEWS, EventOrigin.HAND),
    Novelty.KNOWN: (EventOrigin.SEED, EventOrigin.BASELINE),
}
LISTED = and_(t.event.c.merged_into.is_(None), t.event.c.closed_at.is_(None))
_NEWEST = (t.event.c.sort_on.desc(), t.event.c.id.desc())


def find_events(
    connection: Connection, query: EventQuery, limit: int, after: EventCursor | None, hits_below: int | None
) -> EventPage:
    """See the port."""
    terms = search.parse(query.filter.words)
    if query.filter.words and not terms:
        return EventPage(())
    hits = search_hits.newest_hits(connection, terms, hits_below) if terms else None
    counted = _newest_ids(connection, query, hits)
    is_bound = len(counted) > COUNTED_UP_TO
    counted = counted[:COUNTED_UP_TO]
    asked = counted if after is None else _ids_after(connection, query, hits, after, limit + 1)
    shown = [one for one, _ in asked[:limit]]
    # What narrows events says nothing of articles that tell none.
    has_words_only = query.filter == EventFilter(words=query.filter.words)
    loose = hits.loose if hits is not None and has_words_only else ()
    return EventPage(
        rows=_rows(connection, shown, hits),
        next=_cursor(asked[limit - 1]) if len(asked) > limit > 0 else None,
        total=len(counted),
        total_is_bound=is_bound or (hits is not None and hits.older is not None),
        facets=facets(connection, [one for one, _ in counted]),
        loose=search_hits.loose_rows(connection, loose, terms) if loose and after is None else (),
        loose_total=len(loose),
        older_hits=hits.older if hits is not None else None,
    )


def latest_events(connection: Connection, query: EventQuery, limit: int) -> tuple[EventRow, ...]:
    """See the port."""
    terms = search.parse(query.filter.words)
    if query.filter.words and not terms:
        return ()
    hits = search_hits.newest_hits(connection, terms, None) if terms else None
    columns = t.event.c
    statement = select(columns.id).where(LISTED, *_conditions(query))
    statement = statement.order_by(columns.first_seen_at.desc(), columns.id.desc()).limit(limit)
    if hits is None:
        return _rows(connection, list(connection.scalars(statement)), None)
    found: list[str] = []
    for ids in in_batches(hits.by_event):
        found += connection.scalars(statement.where(columns.id.in_(ids)))
    rows = _rows(connection, found, hits)
    return tuple(sorted(rows, key=lambda row: (row.event.first_seen_at, row.event.id), reverse=True)[:limit])


# ---------------------------------------------------------------- which


def _newest_ids(connection: Connection, query: EventQuery, hits: Hits | None) -> list[tuple[str, date]]:
    """Ids and days of the newest events that fit, one more than are counted."""
    return _matching(connection, query, hits, true(), COUNTED_UP_TO + 1)


def _ids_after(
    connection: Connection, query: EventQuery, hits: Hits | None, after: EventCursor, limit: int
) -> list[tuple[str, date]]:
    columns = t.event.c
    older = tuple_(columns.sort_on, columns.id) < tuple_(literal(after.sort_on), literal(after.event_id))
    return _matching(connection, query, hits, older, limit)


def _matching(
    connection: Connection, query: EventQuery, hits: Hits | None, beyond: ColumnElement[bool], limit: int
) -> list[tuple[str, date]]:
    columns = t.event.c
    statement = select(columns.id, columns.sort_on).where(LISTED, beyond, *_conditions(query))
    statement = statement.order_by(*_NEWEST).limit(limit)
    if hits is None:
        return [(one, day) for one, day in connection.execute(statement).all()]
    found: list[tuple[str, date]] = []
    for ids in in_batches(hits.by_event):
        found += [(one, day) for one, day in connection.execute(statement.where(columns.id.in_(ids))).all()]
    return sorted(found, key=lambda pair: (pair[1], pair[0]), reverse=True)[:limit]


def _cursor(pair: tuple[str, date]) -> EventCursor:
    return EventCursor(pair[1], pair[0])


def _conditions(query: EventQuery) -> list[ColumnElement[bool]]:
    asked, columns = query.filter, t.event.c
    found: list[ColumnElement[bool]] = []
    if asked.since is not None:
        found.append(columns.sort_on >= asked.since)
    if asked.until is not None:
        found.append(columns.sort_on <= asked.until)
    if asked.status is not None:
        # Not by the index of statuses: nearly all events have the same one, and would all be sorted.
        found.append(func.coalesce(columns.status, "") == asked.status.value)
    if asked.novelty is not None:
        found.append(columns.origin.in_([one.value for one in ORIGINS[asked.novelty]]))
    if asked.country:
        found.append(_lists(columns.countries, asked.country))
    if asked.language:
        found.append(_lists(columns.languages, asked.language))
    return [*found, *_of_other_tables(query)]


def _lists(column: ColumnElement[list[str]], value: str) -> ColumnElement[bool]:
    """Whether a document that is a list of codes has this one; as text, for it is a hundred bytes at most."""
    return cast(column, String).contains(f'"{value}"', autoescape=True)


def _of_other_tables(query: EventQuery) -> list[ColumnElement[bool]]:
    asked, event_id = query.filter, t.event.c.id
    found: list[ColumnElement[bool]] = []
    if asked.family is not None:
        kinds = sorted(kind.value for kind, family in FAMILY_OF.items() if family is asked.family)
        kind = t.event_kind.c
        found.append(select(1).where(kind.event_id == event_id, kind.kind.in_(kinds)).exists())
    if query.filter.place:
        there = sorted(query.place_ids)
        place = t.event_participant.c
        hosted = select(t.event.c.id).where(t.event.c.host_id.in_(there))
        found.append(or_(event_id.in_(select(place.event_id).where(place.place_id.in_(there))), event_id.in_(hosted)))
    if query.filter.partnership:
        found.append(event_id.in_(of_sides(query.sides)))
    if asked.source:
        found.append(event_id.in_(_of_source(asked.source)))
    return found


def of_sides(sides: Sequence[frozenset[str]]) -> Select[Any]:
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


def _of_source(key: str) -> Select[Any]:
    """Ids of events that the newest articles of a source tell."""
    theirs = (
        select(t.article.c.id)
        .where(t.article.c.source_key == key)
        .order_by(t.article.c.id.desc())
        .limit(ARTICLES_OF_A_SOURCE)
        .subquery()
    )
    return select(t.event_article.c.event_id).join(theirs, theirs.c.id == t.event_article.c.article_id)


# ---------------------------------------------------------------- what is shown of them


def _rows(connection: Connection, ids: Sequence[str], hits: Hits | None) -> tuple[EventRow, ...]:
    if not ids:
        return ()
    updated = dict(connection.execute(select(t.event.c.id, t.event.c.updated_at).where(t.event.c.id.in_(ids))).all())
    best = search_hits.best_rows(connection, ids, hits) if hits is not None else {}
    return tuple(EventRow(one, updated[one.id], best.get(one.id)) for one in load_events(connection, ids))
