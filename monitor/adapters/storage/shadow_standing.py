"""What stands in an archive, or in the shadow of a replay: labels, links and events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import in_batches, live_ids, load_events
from monitor.adapters.storage.shadow_copy import Scope
from monitor.domain.model.articles import Label
from monitor.domain.model.events import KnownEvent, Role
from monitor.domain.replaying import Stand, Standing


def standing(connection: Connection, scope: Scope) -> Standing:
    """The articles that are decided anew, and all live events."""
    return Standing(_articles(connection, scope), _live_events(connection))


def _articles(connection: Connection, scope: Scope) -> dict[int, Stand]:
    found: dict[int, Stand] = {}
    chosen = select(t.article.c.id).where(scope.replayed).order_by(t.article.c.id)
    for ids in in_batches(connection.scalars(chosen).all()):
        columns = t.article.c
        rows = connection.execute(
            select(columns.id, columns.title, columns.url, columns.label).where(columns.id.in_(ids))
        )
        links = event_ids(connection, ids)
        found |= {row.id: Stand(row.id, row.title, row.url, Label(row.label), links[row.id]) for row in rows}
    return found


def event_ids(connection: Connection, article_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Of each article the live events that it belongs to, those it reports first."""
    columns = t.event_article.c
    chosen = select(columns.article_id, columns.event_id).where(columns.article_id.in_(article_ids))
    in_order = chosen.order_by(columns.role == Role.ANNOUNCES.value, columns.linked_at, columns.event_id)
    rows = connection.execute(in_order).all()
    live = live_ids(connection, {row.event_id for row in rows})
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for row in rows:
        found[row.article_id][live[row.event_id]] = None
    return defaultdict(tuple, {one: tuple(ids) for one, ids in found.items()})


def _live_events(connection: Connection) -> dict[str, KnownEvent]:
    columns = t.event.c
    chosen = select(columns.id).where(columns.merged_into.is_(None), columns.closed_at.is_(None))
    return {
        event.id: event
        for ids in in_batches(connection.scalars(chosen).all())
        for event in load_events(connection, ids)
    }
