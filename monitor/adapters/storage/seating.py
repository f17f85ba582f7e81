"""Which events are of which partnership, kept as rows beside the events: pages count thousands of partnerships.

A partnership has seats: its members and what stands for them, each on a side. An event in which places of two sides
take part is one of it. What stands for a member the gazetteer knows, not the database: it is told through `Seating`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, func, insert, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import in_batches

# From the members of a partnership to its seats: each place with its side.
Seating = Callable[[frozenset[str]], Mapping[str, str]]

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def own_seats(members: frozenset[str]) -> Mapping[str, str]:
    """Without a gazetteer: nobody stands for a member but itself, and each is a side."""
    return {one: one for one in members}


# ---------------------------------------------------------------- which


def _belonging(only: Any) -> Select[Any]:
    """Rows as they should stand: of each partnership the live events in which two of its sides take part."""
    seat, taking, event, kind = t.partnership_seat.c, t.event_participant.c, t.event.c, t.event_kind.c
    both = (
        select(seat.partnership_id, taking.event_id)
        .join(t.event_participant, taking.place_id == seat.place_id)
        .where(only)
        .group_by(seat.partnership_id, taking.event_id)
        .having(func.count(seat.side.distinct()) > 1)
        .subquery()
    )
    return (
        select(
            both.c.partnership_id,
            event.sort_on,
            both.c.event_id,
            event.starts_on,
            event.ends_on,
            event.status,
            kind.kind,
        )
        .join(t.event, event.id == both.c.event_id)
        .outerjoin(t.event_kind, (kind.event_id == both.c.event_id) & (kind.position == 0))
        .where(event.merged_into.is_(None), event.closed_at.is_(None))
    )


_COLUMNS = list(t.partnership_event.c.keys())
_OF_EVENTS = _belonging(t.event_participant.c.event_id.in_(_IDS))
_OF_PARTNERSHIPS = _belonging(t.partnership_seat.c.partnership_id.in_(_IDS))
_PUT_OF_EVENTS = insert(t.partnership_event).from_select(_COLUMNS, _OF_EVENTS)
_PUT_OF_PARTNERSHIPS = insert(t.partnership_event).from_select(_COLUMNS, _OF_PARTNERSHIPS)
_DROP_OF_EVENTS = delete(t.partnership_event).where(t.partnership_event.c.event_id.in_(_IDS))
_DROP_OF_PARTNERSHIPS = delete(t.partnership_event).where(t.partnership_event.c.partnership_id.in_(_IDS))
_STANDING = select(t.partnership_event).where(t.partnership_event.c.event_id.in_(_IDS))


def relate(connection: Connection, event_ids: Sequence[str]) -> frozenset[str]:
    """Let the rows of these events be what the events say now; those of which they were not."""
    found = differing(connection, event_ids)
    if found:
        connection.execute(_DROP_OF_EVENTS, {"ids": sorted(found)})
        connection.execute(_PUT_OF_EVENTS, {"ids": sorted(found)})
    return found


# ---------------------------------------------------------------- seats


def seat(connection: Connection, members: Mapping[int, frozenset[str]], seating: Seating) -> int:
    """Let these partnerships, by id, have the seats of their members; how many of them changed."""
    stands = _seats(connection, members)
    changed = {one: seats for one, who in members.items() if (seats := dict(seating(who))) != stands.get(one, {})}
    for ids in in_batches(sorted(changed)):
        connection.execute(delete(t.partnership_seat).where(t.partnership_seat.c.partnership_id.in_(ids)))
        rows = [
            {"partnership_id": one, "place_id": place_id, "side": side}
            for one in ids
            for place_id, side in sorted(changed[one].items())
        ]
        if rows:
            connection.execute(insert(t.partnership_seat), rows)
        connection.execute(_DROP_OF_PARTNERSHIPS, {"ids": list(ids)})
        connection.execute(_PUT_OF_PARTNERSHIPS, {"ids": list(ids)})
    return len(changed)


def seat_all(connection: Connection, seating: Seating) -> int:
    """The same for all partnerships."""
    members: dict[int, set[str]] = {one: set() for one in connection.scalars(select(t.partnership.c.id))}
    columns = t.partnership_member.c
    for partnership_id, place_id in connection.execute(select(columns.partnership_id, columns.place_id)):
        members[partnership_id].add(place_id)
    return seat(connection, {one: frozenset(who) for one, who in members.items()}, seating)


def _seats(connection: Connection, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    columns = t.partnership_seat.c
    for batch in in_batches(sorted(ids)):
        for row in connection.execute(select(t.partnership_seat).where(columns.partnership_id.in_(batch))):
            found.setdefault(row.partnership_id, {})[row.place_id] = row.side
    return found


def differing(connection: Connection, event_ids: Collection[str]) -> frozenset[str]:
    """Those of these events whose rows are not what they should be."""
    given = {"ids": list(event_ids)}
    stands = {tuple(row) for row in connection.execute(_STANDING, given)}
    wanted = {tuple(row) for row in connection.execute(_OF_EVENTS, given)}
    return frozenset(row[2] for row in stands ^ wanted)
