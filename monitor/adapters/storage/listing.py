"""What events are listed and counted by, kept as rows beside them: one for each value of each facet, in the order of
lists. A list by any facet is a walk along an index, and what a thousand events could be narrowed by one query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select

from monitor.adapters.storage import seating
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.kind_families import FAMILY_OF
from monitor.domain.model.event_search import Novelty
from monitor.domain.model.events import EventKind, EventOrigin

SCHEME = 2  # of the rows; raised where they are to be made anew in every archive
EVENTS_AT_ONCE = 500
_SETTING = "listing"

KNOWN_ORIGINS = frozenset({EventOrigin.SEED.value, EventOrigin.BASELINE.value})


class Facet(StrEnum):
    """What events can be narrowed by, beside words, days and a partnership."""

    PLACE = "place"  # that takes part or is host
    COUNTRY = "country"
    FAMILY = "family"
    LANGUAGE = "language"
    SOURCE = "source"
    STATUS = "status"
    NOVELTY = "novelty"


Row = tuple[str, str, date]  # facet, value, sort_on

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_EVENTS = select(
    t.event.c.id,
    t.event.c.sort_on,
    t.event.c.status,
    t.event.c.origin,
    t.event.c.host_id,
    t.event.c.countries,
    t.event.c.languages,
).where(t.event.c.id.in_(_IDS), t.event.c.merged_into.is_(None), t.event.c.closed_at.is_(None))
_KINDS = select(t.event_kind.c.event_id, t.event_kind.c.kind).where(t.event_kind.c.event_id.in_(_IDS))
_PLACES = select(t.event_participant.c.event_id, t.event_participant.c.place_id).where(
    t.event_participant.c.event_id.in_(_IDS)
)
_SOURCES = (
    select(t.event_article.c.event_id, t.article.c.source_key)
    .join(t.article, t.article.c.id == t.event_article.c.article_id)
    .where(t.event_article.c.event_id.in_(_IDS), t.article.c.source_key.is_not(None))
    .distinct()
)
_STANDING = select(t.event_facet).where(t.event_facet.c.event_id.in_(_IDS))


def list_anew(connection: Connection, event_ids: Iterable[str]) -> frozenset[str]:
    """Let the rows of these events say what the events say now; of merged and closed ones there are none. The ids of
    those of which they said anything else.
    """
    ids = sorted(set(event_ids))
    mended: set[str] = set()
    for start in range(0, len(ids), EVENTS_AT_ONCE):
        batch = ids[start : start + EVENTS_AT_ONCE]
        mended |= _write(connection, batch) | seating.relate(connection, batch)
    return frozenset(mended)


def _write(connection: Connection, ids: Sequence[str]) -> set[str]:
    stands, wanted = _standing(connection, ids), _wanted(connection, ids)
    gone = [one for one in ids if stands[one] - wanted[one]]
    if gone:
        connection.execute(delete(t.event_facet).where(t.event_facet.c.event_id.in_(gone)))
        stands |= {one: set() for one in gone}
    rows = [
        {"facet": facet, "value": value, "sort_on": day, "event_id": one}
        for one in ids
        for facet, value, day in sorted(wanted[one] - stands[one])
    ]
    if rows:
        connection.execute(insert(t.event_facet), rows)
    return {*gone, *(one for one in ids if wanted[one] - stands[one])}


def _standing(connection: Connection, ids: Sequence[str]) -> dict[str, set[Row]]:
    found: dict[str, set[Row]] = {one: set() for one in ids}
    for row in connection.execute(_STANDING, {"ids": ids}):
        found[row.event_id].add((row.facet, row.value, row.sort_on))
    return found


def _wanted(connection: Connection, ids: Sequence[str]) -> dict[str, set[Row]]:
    given = {"ids": ids}
    kinds, places, sources = (_by_event(connection, one, given) for one in (_KINDS, _PLACES, _SOURCES))
    found: dict[str, set[Row]] = {one: set() for one in ids}
    for row in connection.execute(_EVENTS, given):
        host = () if row.host_id is None else (row.host_id,)
        values = {
            Facet.PLACE: (*places[row.id], *host),
            Facet.COUNTRY: row.countries,
            Facet.FAMILY: {FAMILY_OF[EventKind(one)].value for one in kinds[row.id]},
            Facet.LANGUAGE: row.languages,
            Facet.SOURCE: sources[row.id],
            Facet.STATUS: (row.status,),
            Facet.NOVELTY: (novelty_of(row.origin).value,),
        }
        found[row.id] = {(facet.value, one, row.sort_on) for facet, told in values.items() for one in told}
    return found


def _by_event(connection: Connection, statement: Any, given: Mapping[str, Any]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for event_id, value in connection.execute(statement, given):
        found[event_id].append(value)
    return found


def novelty_of(origin: str) -> Novelty:
    """Whether an event of this origin was learnt while we watched."""
    return Novelty.KNOWN if origin in KNOWN_ORIGINS else Novelty.NEW


# ---------------------------------------------------------------- all of it


def stored_version(connection: Connection) -> str | None:
    """What the rows were made by as a whole the last time; None: never."""
    return connection.scalar(select(t.setting.c.value).where(t.setting.c.key == _SETTING))


def store_version(connection: Connection, version: str) -> None:
    """They are made by this."""
    insert_or_update(connection, t.setting, {"key": _SETTING}, {"value": version})


def ids_after(connection: Connection, last: str) -> list[str]:
    """The next events, by id, merged and closed ones among them."""
    columns = t.event.c
    return list(
        connection.scalars(select(columns.id).where(columns.id > last).order_by(columns.id).limit(EVENTS_AT_ONCE))
    )


def differing(connection: Connection, ids: Sequence[str]) -> frozenset[str]:
    """Those of these events whose rows do not say what the events say."""
    stands, wanted = _standing(connection, ids), _wanted(connection, ids)
    return frozenset(one for one in ids if stands[one] != wanted[one]) | seating.differing(connection, ids)
