"""Events by facets and words: newest first, a page at a time, counted up to a bound.

Without words a list is a walk along the rows of one facet (see `listing`), which stand in the order of lists; what else
is asked for is looked up for each event on the way. Words are looked up in the text index first, and only the events of
the newest hits are considered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, tuple_

from monitor.adapters.storage import search, search_hits
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.event_facets import facets
from monitor.adapters.storage.events import in_batches, load_events
from monitor.adapters.storage.listing import Facet
from monitor.adapters.storage.search_hits import Hits
from monitor.domain.model.event_search import EventCursor, EventFilter, EventPage, EventQuery, EventRow

COUNTED_UP_TO = search.COUNTED_UP_TO
COMPARED_UP_TO = 50_000  # rows: of several facets that one is walked along which has the fewest, as far as this tells

LISTED = and_(t.event.c.merged_into.is_(None), t.event.c.closed_at.is_(None))


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
    statement = select(columns.id).where(LISTED, *conditions(query))
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
    return _matching(connection, query, hits, None, COUNTED_UP_TO + 1)


def _ids_after(
    connection: Connection, query: EventQuery, hits: Hits | None, after: EventCursor, limit: int
) -> list[tuple[str, date]]:
    return _matching(connection, query, hits, after, limit)


def _cursor(pair: tuple[str, date]) -> EventCursor:
    return EventCursor(pair[1], pair[0])


@dataclass(frozen=True, slots=True)
class _Walk:
    """Rows that stand in the order of lists, one for each of some listed events."""

    event_id: ColumnElement[str]
    sort_on: ColumnElement[date]
    along: tuple[ColumnElement[bool], ...]


def _matching(
    connection: Connection, query: EventQuery, hits: Hits | None, after: EventCursor | None, limit: int
) -> list[tuple[str, date]]:
    """The newest that fit, beyond the cursor."""
    if hits is None:
        walked, walks = _walks(connection, query)
    else:
        walked, walks = None, [_among(ids) for ids in in_batches(hits.by_event)]
    found: set[tuple[str, date]] = set()
    for walk in walks:
        statement = select(walk.event_id, walk.sort_on).where(*walk.along, *_asked(query, walk, walked))
        if after is not None:
            older = tuple_(walk.sort_on, walk.event_id) < tuple_(literal(after.sort_on), literal(after.event_id))
            statement = statement.where(older)
        newest = statement.order_by(walk.sort_on.desc(), walk.event_id.desc()).limit(limit)
        found.update((one, day) for one, day in connection.execute(newest).all())
    return sorted(found, key=lambda pair: (pair[1], pair[0]), reverse=True)[:limit]


def _walks(connection: Connection, query: EventQuery) -> tuple[Facet | str | None, list[_Walk]]:
    """What is walked along, and how: along one facet for each of its values that is asked for."""
    if query.filter.partnership:
        row = t.partnership_event.c
        meant = select(t.partnership.c.id).where(t.partnership.c.key == query.filter.partnership).scalar_subquery()
        return _PARTNERSHIP, [_Walk(row.event_id, row.sort_on, (row.partnership_id == meant,))]
    asked = _values(query)
    if not asked:
        return None, [_Walk(t.event.c.id, t.event.c.sort_on, (LISTED,))]
    facet = next(iter(asked)) if len(asked) == 1 else min(asked, key=lambda one: _rows_of(connection, query, one))
    return facet, [_along(facet, value) for value in asked[facet]]


_PARTNERSHIP = "partnership"


def _along(facet: Facet, value: str) -> _Walk:
    row = t.event_facet.c
    return _Walk(row.event_id, row.sort_on, (row.facet == facet.value, row.value == value))


def _among(event_ids: Sequence[str]) -> _Walk:
    """Each listed event has one row of this facet."""
    row = t.event_facet.c
    return _Walk(row.event_id, row.sort_on, (row.event_id.in_(event_ids), row.facet == Facet.NOVELTY.value))


def _rows_of(connection: Connection, query: EventQuery, facet: Facet) -> int:
    row = t.event_facet.c
    there = (row.facet == facet.value, row.value.in_(_values(query)[facet]), *_days(query.filter, row.sort_on))
    some = select(literal(1)).where(*there).limit(COMPARED_UP_TO).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def _values(query: EventQuery) -> dict[Facet, Sequence[str]]:
    """Of each facet that is asked for the values that fit."""
    asked = query.filter
    said = {
        Facet.COUNTRY: asked.country,
        Facet.FAMILY: asked.family,
        Facet.LANGUAGE: asked.language,
        Facet.SOURCE: asked.source,
        Facet.STATUS: asked.status,
        Facet.NOVELTY: asked.novelty,
    }
    found: dict[Facet, Sequence[str]] = {facet: (str(value),) for facet, value in said.items() if value}
    return found | ({Facet.PLACE: sorted(query.place_ids)} if asked.place else {})


def conditions(query: EventQuery) -> list[ColumnElement[bool]]:
    """What a listed event must fulfil, beside its words."""
    return _asked(query, _Walk(t.event.c.id, t.event.c.sort_on, ()), None)


def _asked(query: EventQuery, walk: _Walk, walked: Facet | str | None) -> list[ColumnElement[bool]]:
    found = [_has(walk, facet, values) for facet, values in _values(query).items() if facet is not walked]
    if query.filter.partnership and walked is not _PARTNERSHIP:
        found.append(_is_of(walk, query.filter.partnership))
    return [*found, *_days(query.filter, walk.sort_on)]


def _days(asked: EventFilter, sort_on: ColumnElement[date]) -> Iterable[ColumnElement[bool]]:
    if asked.since is not None:
        yield sort_on >= asked.since
    if asked.until is not None:
        yield sort_on <= asked.until


def _has(walk: _Walk, facet: Facet, values: Sequence[str]) -> ColumnElement[bool]:
    row = t.event_facet.alias().c
    there = (row.facet == facet.value, row.value.in_(values), row.sort_on == walk.sort_on)
    return select(literal(1)).where(*there, row.event_id == walk.event_id).exists()


def _is_of(walk: _Walk, key: str) -> ColumnElement[bool]:
    row = t.partnership_event.alias().c
    meant = select(t.partnership.c.id).where(t.partnership.c.key == key).scalar_subquery()
    there = (row.partnership_id == meant, row.sort_on == walk.sort_on, row.event_id == walk.event_id)
    return select(literal(1)).where(*there).exists()


# ---------------------------------------------------------------- what is shown of them


def _rows(connection: Connection, ids: Sequence[str], hits: Hits | None) -> tuple[EventRow, ...]:
    if not ids:
        return ()
    updated = dict(connection.execute(select(t.event.c.id, t.event.c.updated_at).where(t.event.c.id.in_(ids))).all())
    best = search_hits.best_rows(connection, ids, hits) if hits is not None else {}
    return tuple(EventRow(one, updated[one.id], best.get(one.id)) for one in load_events(connection, ids))
