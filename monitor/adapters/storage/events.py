"""Events: loading them whole, writing what an article or a seed says of them, and the event-change log."""

from __future__ import annotations

import base64
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, delete, func, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.upserts import insert_or_ignore, insert_or_update
from monitor.domain.event_facts import as_happening, happening_of, respecting_pins
from monitor.domain.model.events import (
    ChangeIntent,
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Happening,
    KnownEvent,
    Precision,
    Role,
)
from monitor.domain.model.review import EventFacts

T = TypeVar("T")

# An event that is reported a thousand times needs no thousand names to be recognised by.
MAX_GATHERED = 200
IDS_A_QUERY = 1_000  # SQLite may be built for 32,766 parameters, PostgreSQL takes 65,535
MAX_MERGES = 20  # a chain of merges is followed this far; longer ones do not come up


@dataclass(frozen=True, slots=True)
class Gathered:
    """What an article adds to an event beside the happening itself."""

    people: frozenset[str] = frozenset()  # folded
    numbers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """What is said once, when an event is opened."""

    title: str
    origin: EventOrigin
    seed_key: str | None = None
    part_of: str | None = None
    perhaps_same_as: str | None = None
    event_id: str | None = None  # of the expectation that it fulfils; None: a new one


# ---------------------------------------------------------------- reading

# Built once: building a statement costs more than running it.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_EVENTS = select(t.event).where(t.event.c.id.in_(_IDS))
_KINDS = (
    select(t.event_kind.c.event_id, t.event_kind.c.kind)
    .where(t.event_kind.c.event_id.in_(_IDS))
    .order_by(t.event_kind.c.event_id, t.event_kind.c.position)
)
_PARTICIPANTS = select(t.event_participant.c.event_id, t.event_participant.c.place_id).where(
    t.event_participant.c.event_id.in_(_IDS)
)
_ARTICLES = (
    select(t.event_article.c.event_id, t.event_article.c.article_id)
    .where(t.event_article.c.event_id.in_(_IDS))
    .order_by(t.event_article.c.event_id, t.event_article.c.article_id)
)
_MERGED_INTO = select(t.event.c.id, t.event.c.merged_into).where(t.event.c.id.in_(_IDS))
_MERGED = select(t.event.c.id, t.event.c.merged_into).where(t.event.c.merged_into.in_(_IDS))
_LAST_SEQ = select(func.max(t.event_change.c.seq))


def load_events(connection: Connection, ids: Sequence[str]) -> tuple[KnownEvent, ...]:
    """The events of these ids, at most `IDS_A_QUERY`, in this order; unknown ids are left out, merged ones are not
    followed.
    """
    if not ids:
        return ()
    given = {"ids": list(ids)}
    rows = {row["id"]: row for row in connection.execute(_EVENTS, given).mappings()}
    kinds: dict[str, list[EventKind]] = defaultdict(list)
    for event_id, kind in connection.execute(_KINDS, given):
        kinds[event_id].append(EventKind(kind))
    participants: dict[str, set[str]] = defaultdict(set)
    for event_id, place_id in connection.execute(_PARTICIPANTS, given):
        participants[event_id].add(place_id)
    articles: dict[str, list[int]] = defaultdict(list)
    for event_id, article_id in connection.execute(_ARTICLES, given):
        articles[event_id].append(article_id)
    return tuple(
        _known(rows[one], kinds[one], participants[one], articles[one]) for one in dict.fromkeys(ids) if one in rows
    )


def _known(
    row: RowMapping, kinds: Sequence[EventKind], participants: Collection[str], article_ids: Sequence[int]
) -> KnownEvent:
    return KnownEvent(
        id=row["id"],
        kinds=tuple(kinds),
        participants=frozenset(participants),
        host_id=row["host_id"],
        when=date_range(row),
        status=EventStatus(row["status"]),
        ordinal=row["ordinal"],
        series_key=row["series_key"],
        origin=EventOrigin(row["origin"]),
        title=row["title"],
        part_of=row["part_of"],
        people=frozenset(row["people"]),
        numbers=frozenset(row["numbers"]),
        languages=frozenset(row["languages"]),
        article_ids=tuple(article_ids),
        seed_key=row["seed_key"],
        date_inferred=row["date_inferred"],
        first_seen_at=row["first_seen_at"],
        yearless=decode(DateRange, row["yearless"]) if row["yearless"] else None,
        pins=frozenset(row["pins"] or ()),
        is_closed=row["closed_at"] is not None,
    )


def date_range(row: RowMapping) -> DateRange | None:
    """The dates of an event's row."""
    if row["starts_on"] is None:
        return None
    return DateRange(row["starts_on"], row["ends_on"], Precision(row["precision"]))


def in_batches(ids: Iterable[T]) -> Iterator[list[T]]:
    """The ids in lists that either database takes as parameters of one statement."""
    left = iter(ids)
    while batch := list(islice(left, IDS_A_QUERY)):
        yield batch


def live_ids(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Each known id with the id of the event that it was merged into in the end, or itself."""
    found = {one: one for one in ids}
    if not found:
        return found
    for _ in range(MAX_MERGES):
        merged: dict[str, str | None] = {}
        for batch in in_batches(set(found.values())):
            merged.update(connection.execute(_MERGED_INTO, {"ids": batch}).all())
        followed = {one: merged[now] or now for one, now in found.items() if now in merged}
        if followed == found:
            break
        found = followed
    return found


def absorbed(connection: Connection, event_ids: Iterable[str]) -> dict[str, str]:
    """The events that went into these, each with the one of these that it went into in the end."""
    found: dict[str, str] = {}
    into = {one: one for one in event_ids}
    while into:
        rows = connection.execute(_MERGED, {"ids": list(into)}).all()
        into = {old: into[new] for old, new in rows if new is not None and old not in found}
        found |= into
    return found


# ---------------------------------------------------------------- writing


def new_event_id() -> str:
    """Opaque and permanent: "ev_" and 16 random letters and digits."""
    return "ev_" + base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()


def open_event(
    connection: Connection, opening: Opening, happening: Happening, gathered: Gathered, now: datetime
) -> str:
    """Write a new event; its id."""
    event_id = opening.event_id or new_event_id()
    _put_series(connection, happening.series_key)
    values = {
        "id": event_id,
        "origin": opening.origin.value,
        "title": opening.title,
        "seed_key": opening.seed_key,
        "part_of": opening.part_of,
        "perhaps_same_as": opening.perhaps_same_as,
        "countries": sorted(happening.countries),
        "sentence": happening.sentence,
        "people": _limited((), gathered.people),
        "numbers": _limited((), gathered.numbers),
        "languages": _limited((), gathered.languages),
        "first_seen_at": now,
        "updated_at": now,
        "sort_on": happening.when.starts_on if happening.when else now.date(),
    }
    connection.execute(insert(t.event), values | _standing(happening))
    _put_kinds(connection, event_id, happening.kinds)
    _put_participants(connection, event_id, happening)
    return event_id


def update_event(
    connection: Connection, event_id: str, happening: Happening, gathered: Gathered, now: datetime
) -> None:
    """Bring an event to where it stands after one more article."""
    row = connection.execute(select(t.event).where(t.event.c.id == event_id)).mappings().one()
    if row["pins"]:
        happening = _pinned(connection, row, happening)
    _put_series(connection, happening.series_key)
    values = _standing(happening) | {
        "people": _limited(row["people"], gathered.people),
        "numbers": _limited(row["numbers"], gathered.numbers),
        "languages": _limited(row["languages"], gathered.languages),
        "updated_at": now,
        "sort_on": happening.when.starts_on if happening.when else row["first_seen_at"].date(),
    }
    if happening.countries and "participants" not in (row["pins"] or ()):
        values["countries"] = sorted({*row["countries"], *happening.countries})
    connection.execute(update(t.event).where(t.event.c.id == event_id).values(values))
    _replace_members(connection, event_id, happening)


def put_facts(connection: Connection, event_id: str, facts: EventFacts, now: datetime) -> None:
    """Let an event's row say just this."""
    row = connection.execute(select(t.event.c.first_seen_at).where(t.event.c.id == event_id)).one()
    happening = happening_of(facts)
    _put_series(connection, facts.series_key)
    values = _standing(happening) | {
        "title": facts.title,
        "sentence": facts.sentence,
        "countries": sorted(facts.countries),
        "people": sorted(facts.people),
        "numbers": sorted(facts.numbers),
        "languages": sorted(facts.languages),
        "seed_key": facts.seed_key,
        "part_of": facts.part_of,
        "pins": sorted(facts.pins) or None,
        "updated_at": now,
        "sort_on": facts.when.starts_on if facts.when else row.first_seen_at.date(),
    }
    connection.execute(update(t.event).where(t.event.c.id == event_id).values(values))
    _replace_members(connection, event_id, happening)


def _replace_members(connection: Connection, event_id: str, happening: Happening) -> None:
    connection.execute(delete(t.event_kind).where(t.event_kind.c.event_id == event_id))
    _put_kinds(connection, event_id, happening.kinds)
    connection.execute(delete(t.event_participant).where(t.event_participant.c.event_id == event_id))
    _put_participants(connection, event_id, happening)


def _pinned(connection: Connection, row: RowMapping, happening: Happening) -> Happening:
    """The happening with what a person set of the event as it stands."""
    [event] = load_events(connection, [row["id"]])
    standing = replace(as_happening(event), countries=frozenset(row["countries"]))
    return respecting_pins(event.pins, standing, happening)


def link_article(
    connection: Connection, event_id: str, article_id: int, role: Role, why: str, score: float | None, now: datetime
) -> None:
    """Put an article to an event; linked again, the reason is the latest one and the moment the first one."""
    key = {"event_id": event_id, "article_id": article_id}
    said = {"role": role.value, "why": why, "score": score}
    insert_or_update(connection, t.event_article, key, said, only_new={"linked_at": now})


def log_changes(
    connection: Connection, event_id: str, changes: Sequence[ChangeIntent], article_id: int | None, now: datetime
) -> None:
    """Append to the event-change log; only under the archive's lock, which keeps the numbers gapless."""
    if not changes:
        return
    last = connection.scalar(_LAST_SEQ) or 0
    rows = [
        {
            "seq": last + number,
            "event_id": event_id,
            "kind": change.kind.value,
            "at": now,
            "announce": change.announce,
            "article_id": article_id,
            "before": change.before,
            "after": change.after,
        }
        for number, change in enumerate(changes, start=1)
    ]
    connection.execute(insert(t.event_change), rows)


def _standing(happening: Happening) -> dict[str, Any]:
    when = happening.when
    return {
        "host_id": happening.host_id,
        "starts_on": when.starts_on if when else None,
        "ends_on": when.ends_on if when else None,
        "precision": when.precision.value if when else None,
        "date_inferred": happening.date_inferred,
        "yearless": encode(happening.yearless),
        "status": happening.status.value,
        "ordinal": happening.ordinal,
        "series_key": happening.series_key,
    }


def _limited(known: Iterable[str], added: Iterable[str] = ()) -> list[str]:
    """The union in order of arrival; what comes past the limit is not kept."""
    return list(dict.fromkeys([*known, *sorted(added)]))[:MAX_GATHERED]


def _put_series(connection: Connection, key: str | None) -> None:
    if key is not None:
        insert_or_ignore(connection, t.series, {"key": key, "names": []})


def _put_kinds(connection: Connection, event_id: str, kinds: Sequence[EventKind]) -> None:
    rows = [
        {"event_id": event_id, "position": position, "kind": kind.value}
        for position, kind in enumerate(dict.fromkeys(kinds))
    ]
    connection.execute(insert(t.event_kind), rows)


def _put_participants(connection: Connection, event_id: str, happening: Happening) -> None:
    if not happening.participants:
        return
    when = happening.when
    rows = [
        {
            "event_id": event_id,
            "place_id": place_id,
            "starts_on": when.starts_on if when else None,
            "ends_on": when.ends_on if when else None,
        }
        for place_id in sorted(happening.participants)
    ]
    connection.execute(insert(t.event_participant), rows)
