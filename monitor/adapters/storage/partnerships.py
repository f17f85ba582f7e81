"""Partnerships and their agreements: lasting relations between places, with all that is claimed of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.seating import Seating, own_seats, seat
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain import partnerships as rules
from monitor.domain.model.partnerships import AgreementData, Claim, PartnershipData, PartnershipState, Stated
from monitor.errors import NotFound

# ---------------------------------------------------------------- partnerships


def tell_partnership(
    connection: Connection, said: PartnershipData, now: datetime, stated_by: str = "", seating: Seating = own_seats
) -> None:
    """See `UnitOfWork.put_partnership`."""
    write_partnership(connection, rules.merged(find(connection, said.key), said, stated_by), now, seating)


def write_partnership(
    connection: Connection, data: PartnershipData, now: datetime, seating: Seating = own_seats
) -> None:
    """Let the partnership's row say just this, and its events be those of its members."""
    said = {
        "grade": data.grade,
        "since": data.since,
        "until": data.until,
        "origin": data.origin.value,
        "state": data.state.value,
        "claims": encode(data.claims),
        "updated_at": now,
    }
    insert_or_update(connection, t.partnership, {"key": data.key}, said)
    partnership_id = _id(connection, data.key)
    connection.execute(delete(t.partnership_member).where(t.partnership_member.c.partnership_id == partnership_id))
    if data.participants:
        rows = [{"partnership_id": partnership_id, "place_id": one} for one in sorted(data.participants)]
        connection.execute(insert(t.partnership_member), rows)
    seat(connection, {partnership_id: data.participants}, seating)


def set_state(connection: Connection, key: str, state: PartnershipState, now: datetime) -> None:
    """See the port."""
    values = {"state": state.value, "updated_at": now}
    if not connection.execute(update(t.partnership).where(t.partnership.c.key == key).values(values)).rowcount:
        raise NotFound(f"no partnership has the key {key!r}")


def partnerships(connection: Connection) -> tuple[PartnershipData, ...]:
    """All, by key."""
    return _load(connection, None)


def partnerships_of(connection: Connection, place_ids: Collection[str]) -> tuple[PartnershipData, ...]:
    """Those with a member among these places, by key."""
    if not place_ids:
        return ()
    columns = t.partnership_member.c
    wanted = select(columns.partnership_id).where(columns.place_id.in_(sorted(place_ids))).distinct()
    return _load(connection, connection.scalars(wanted).all())


def proposed_since(connection: Connection, since: datetime) -> tuple[PartnershipData, ...]:
    """See the port."""
    columns = t.partnership.c
    wanted = select(columns.id).where(columns.state == PartnershipState.PROPOSED.value, columns.updated_at > since)
    return _load(connection, connection.scalars(wanted).all())


def find(connection: Connection, key: str) -> PartnershipData | None:
    """None: it is not known."""
    found = _load(connection, connection.scalars(select(t.partnership.c.id).where(t.partnership.c.key == key)).all())
    return found[0] if found else None


def _load(connection: Connection, ids: Collection[int] | None) -> tuple[PartnershipData, ...]:
    """Those of these ids, or all, by key."""
    columns = t.partnership_member.c
    chosen, members_of = select(t.partnership), select(columns.partnership_id, columns.place_id)
    if ids is not None:
        chosen = chosen.where(t.partnership.c.id.in_(ids))
        members_of = members_of.where(columns.partnership_id.in_(ids))
    members: dict[int, set[str]] = defaultdict(set)
    for partnership_id, place_id in connection.execute(members_of):
        members[partnership_id].add(place_id)
    rows = connection.execute(chosen.order_by(t.partnership.c.key)).mappings()
    return tuple(_partnership(row, frozenset(members[row["id"]])) for row in rows)


def _partnership(row: RowMapping, participants: frozenset[str]) -> PartnershipData:
    origin = Stated(row["origin"])
    data = PartnershipData(
        key=row["key"],
        participants=participants,
        grade=row["grade"],
        since=row["since"],
        until=row["until"],
        origin=origin,
        state=PartnershipState(row["state"]),
    )
    if row["claims"] is None:  # of an older version: what stands there was told by one voice
        return rules.merged(None, data)
    return PartnershipData(
        **{name: getattr(data, name) for name in ("key", "participants", "grade", "since", "until", "origin", "state")},
        claims=tuple(decode(Claim, one) for one in row["claims"]),
    )


def _id(connection: Connection, key: str) -> int:
    found = connection.scalar(select(t.partnership.c.id).where(t.partnership.c.key == key))
    if found is None:
        raise NotFound(f"no partnership has the key {key!r}")
    return found


# ---------------------------------------------------------------- agreements


def write_agreement(connection: Connection, data: AgreementData, now: datetime) -> None:
    """Let the agreement's row say just this; raises `NotFound` without its partnership."""
    key = {"partnership_id": _id(connection, data.partnership_key), "key": data.key}
    said = {
        "title": data.title,
        "grade": data.grade,
        "signed_on": data.signed_on,
        "term_months": data.term_months,
        "ends_on": data.ends_on,
        "supersedes": data.supersedes,
        "origin": data.origin.value,
        "event_id": data.event_id,
        "article_id": data.article_id,
        "claims": encode(data.claims),
        "updated_at": now,
    }
    insert_or_update(connection, t.agreement, key, said)


def agreements(connection: Connection, partnership_key: str | None = None) -> tuple[AgreementData, ...]:
    """Those of a partnership, or all, by partnership and the day they were signed."""
    statement = (
        select(t.agreement, t.partnership.c.key.label("partnership_key"))
        .join(t.partnership, t.partnership.c.id == t.agreement.c.partnership_id)
        .order_by(t.partnership.c.key, t.agreement.c.signed_on.is_(None), t.agreement.c.signed_on, t.agreement.c.key)
    )
    if partnership_key is not None:
        statement = statement.where(t.partnership.c.key == partnership_key)
    return tuple(_agreement(row) for row in connection.execute(statement).mappings())


def _agreement(row: RowMapping) -> AgreementData:
    return AgreementData(
        partnership_key=row["partnership_key"],
        key=row["key"],
        title=row["title"],
        grade=row["grade"],
        signed_on=row["signed_on"],
        term_months=row["term_months"],
        ends_on=row["ends_on"],
        supersedes=row["supersedes"],
        origin=Stated(row["origin"]),
        event_id=row["event_id"],
        article_id=row["article_id"],
        claims=tuple(decode(Claim, one) for one in row["claims"] or ()),
    )
