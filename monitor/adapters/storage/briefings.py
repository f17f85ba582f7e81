"""Briefings: small tables that people change, each call a transaction of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from monitor.adapters.storage import outbox
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.engines import Engines
from monitor.adapters.storage.events import live_ids, load_events
from monitor.adapters.storage.faults import translated
from monitor.adapters.storage.locks import ARCHIVE, take_advisory_lock
from monitor.adapters.storage.material import load_reports
from monitor.domain.briefings import MAX_EVENTS
from monitor.domain.model.briefings import Briefing, BriefingItem, BriefingRow, BriefingSending
from monitor.domain.model.digests import DeliveryData, DeliveryState, Digest
from monitor.domain.wording import message
from monitor.errors import NotFound, Refused

MAX_BRIEFINGS = 200  # listed, the newest
MAX_REPORTS = 20  # kept with each event

FROZEN = message("This briefing is frozen: it can be sent, but no longer changed.")
FULL = message("A briefing holds at most 60 events.")
EMPTY = message("There is no event in this briefing yet.")
NOT_FROZEN = message("Freeze the briefing first: what is sent must not change any more.")


class SqlBriefings:
    """Implements the port `Briefings`; may be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def all(self) -> tuple[BriefingRow, ...]:
        """See the port."""
        counted = (
            select(func.count())
            .where(t.briefing_event.c.briefing_id == t.briefing.c.id)
            .correlate(t.briefing)
            .scalar_subquery()
        )
        statement = select(t.briefing, counted.label("events")).order_by(t.briefing.c.id.desc()).limit(MAX_BRIEFINGS)
        with self._reading() as connection:
            return tuple(
                BriefingRow(
                    row["id"], row["title"], row["created_at"], row["created_by"], row["events"], row["frozen_at"]
                )
                for row in connection.execute(statement).mappings()
            )

    def get(self, briefing_id: int) -> Briefing:
        """See the port."""
        with self._reading() as connection:
            row = _row(connection, briefing_id)
            frozen = row["content"]
            items = _standing(connection, briefing_id) if frozen is None else [decode(BriefingItem, o) for o in frozen]
            return Briefing(
                id=row["id"],
                title=row["title"],
                intro=row["intro"],
                created_at=row["created_at"],
                created_by=row["created_by"],
                items=tuple(items),
                frozen_at=row["frozen_at"],
                frozen_by=row["frozen_by"],
                sendings=_sendings(connection, briefing_id),
            )

    def add(self, title: str, by: str, now: datetime) -> int:
        """See the port."""
        said = {"title": title, "intro": "", "created_at": now, "created_by": by, "frozen_by": ""}
        with self._writing() as connection:
            return connection.execute(insert(t.briefing).values(said).returning(t.briefing.c.id)).scalar_one()

    def describe(self, briefing_id: int, title: str, intro: str) -> None:
        """See the port."""
        with self._drafting(briefing_id) as connection:
            of = t.briefing.c.id == briefing_id
            connection.execute(update(t.briefing).where(of).values(title=title, intro=intro))

    def remove(self, briefing_id: int) -> None:
        """See the port."""
        with self._drafting(briefing_id) as connection:
            connection.execute(delete(t.briefing).where(t.briefing.c.id == briefing_id))

    # ------------------------------------------------------------ events

    def put_event(self, briefing_id: int, event_id: str) -> None:
        """See the port."""
        with self._drafting(briefing_id) as connection:
            if connection.scalar(select(t.event.c.id).where(t.event.c.id == event_id)) is None:
                raise NotFound(f"no event has the id {event_id!r}")
            held = _held(connection, briefing_id)
            event_id = live_ids(connection, [event_id])[event_id]
            if event_id in held:
                return
            if len(held) >= MAX_EVENTS:
                raise Refused(FULL)
            said = {"briefing_id": briefing_id, "event_id": event_id, "position": len(held), "note": ""}
            connection.execute(insert(t.briefing_event).values(said))

    def drop_event(self, briefing_id: int, event_id: str) -> None:
        """See the port."""
        with self._drafting(briefing_id) as connection:
            held = _held(connection, briefing_id)
            connection.execute(delete(t.briefing_event).where(_of(briefing_id, event_id)))
            _put_in_order(connection, briefing_id, [one for one in held if one != event_id])

    def move_event(self, briefing_id: int, event_id: str, by: int) -> None:
        """See the port."""
        with self._drafting(briefing_id) as connection:
            held = _held(connection, briefing_id)
            if event_id not in held:
                raise NotFound(f"the briefing does not hold the event {event_id!r}")
            target = max(0, min(held.index(event_id) + by, len(held) - 1))
            held.remove(event_id)
            held.insert(target, event_id)
            _put_in_order(connection, briefing_id, held)

    def annotate(self, briefing_id: int, event_id: str, note: str) -> None:
        """See the port."""
        with self._drafting(briefing_id) as connection:
            changed = update(t.briefing_event).where(_of(briefing_id, event_id)).values(note=note)
            if not connection.execute(changed).rowcount:
                raise NotFound(f"the briefing does not hold the event {event_id!r}")

    # ------------------------------------------------------------ freezing and sending

    def freeze(self, briefing_id: int, by: str, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            if _row(connection, briefing_id)["frozen_at"] is not None:
                return
            items = _standing(connection, briefing_id)
            if not items:
                raise Refused(EMPTY)
            said = {"frozen_at": now, "frozen_by": by, "content": encode(items)}
            connection.execute(update(t.briefing).where(t.briefing.c.id == briefing_id).values(said))

    def send(self, briefing_id: int, digest: Digest, deliveries: Sequence[DeliveryData]) -> bool:
        """See the port."""
        with self._writing() as connection:
            if _row(connection, briefing_id)["frozen_at"] is None:
                raise Refused(NOT_FROZEN)
            digest_id = outbox.store_extra(connection, digest, deliveries)
            if digest_id is None:
                return False
            connection.execute(insert(t.briefing_digest).values(briefing_id=briefing_id, digest_id=digest_id))
            return True

    # ------------------------------------------------------------ how

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._engines.reader.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated(), self._engines.writer.begin() as connection:
            if not self._engines.is_sqlite:
                take_advisory_lock(connection, ARCHIVE)
            yield connection

    @contextmanager
    def _drafting(self, briefing_id: int) -> Iterator[Connection]:
        """Raises `NotFound`, and `Refused` where it is frozen."""
        with self._writing() as connection:
            if _row(connection, briefing_id)["frozen_at"] is not None:
                raise Refused(FROZEN)
            yield connection


def _row(connection: Connection, briefing_id: int) -> RowMapping:
    row = connection.execute(select(t.briefing).where(t.briefing.c.id == briefing_id)).mappings().first()
    if row is None:
        raise NotFound(f"no briefing has the id {briefing_id}")
    return row


def _of(briefing_id: int, event_id: str) -> Any:
    columns = t.briefing_event.c
    return (columns.briefing_id == briefing_id) & (columns.event_id == event_id)


def _held(connection: Connection, briefing_id: int) -> list[str]:
    columns = t.briefing_event.c
    chosen = select(columns.event_id).where(columns.briefing_id == briefing_id)
    return list(connection.scalars(chosen.order_by(columns.position, columns.event_id)))


def _put_in_order(connection: Connection, briefing_id: int, event_ids: Sequence[str]) -> None:
    for position, event_id in enumerate(event_ids):
        changed = update(t.briefing_event).where(_of(briefing_id, event_id))
        connection.execute(changed.values(position=position))


def _standing(connection: Connection, briefing_id: int) -> list[BriefingItem]:
    """Its events in order as they stand now; of events that turned out to be one, the one."""
    columns = t.briefing_event.c
    chosen = select(columns.event_id, columns.note).where(columns.briefing_id == briefing_id)
    rows = connection.execute(chosen.order_by(columns.position, columns.event_id)).all()
    live = live_ids(connection, [row.event_id for row in rows])
    notes: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        notes[live[row.event_id]] += [row.note] if row.note else []
    ids = list(dict.fromkeys(live[row.event_id] for row in rows))
    reports = load_reports(connection, ids)
    return [
        BriefingItem(one, tuple(link for link, _ in reports[one.id][:MAX_REPORTS]), "\n".join(notes[one.id]))
        for one in load_events(connection, ids)
    ]


def _sendings(connection: Connection, briefing_id: int) -> tuple[BriefingSending, ...]:
    digest, delivery = t.digest.c, t.delivery.c
    statement = (
        select(t.subscription.c.key, digest.id, digest.composed_at, delivery.recipient, delivery.state, delivery.detail)
        .join(t.briefing_digest, t.briefing_digest.c.digest_id == digest.id)
        .join(t.subscription, t.subscription.c.id == digest.subscription_id)
        .outerjoin(t.delivery, delivery.digest_id == digest.id)
        .where(t.briefing_digest.c.briefing_id == briefing_id)
        .order_by(digest.id, delivery.id)
    )
    told: dict[tuple[str, datetime], list[tuple[str, DeliveryState, str]]] = defaultdict(list)
    for row in connection.execute(statement).mappings():
        went = told[row["key"], row["composed_at"]]
        if row["recipient"] is not None:
            went.append((row["recipient"], DeliveryState(row["state"]), row["detail"]))
    return tuple(BriefingSending(key, sent_at, tuple(went)) for (key, sent_at), went in told.items())
