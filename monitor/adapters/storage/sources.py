"""Sources and feeds as declared: configuration first, a person's later word over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, or_, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import encode
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.sources import FeedData, SourceData
from monitor.domain.urls import host_of
from monitor.errors import ConfigurationError, NotFound

_FIELDS = (
    "name",
    "home_page",
    "language",
    "country",
    "trust",
    "rights",
    "about_relations",
    "paused",
    "quote_chars",
    "tdm_licensed",
    "place_id",
)


def sync_sources(connection: Connection, declared: Sequence[SourceData], now: datetime, declared_by: str) -> None:
    """See the port. A source's declaration is compared with the one applied last, so that only what its author changed
    is written, field by field; what a person changed since then stands.
    """
    stored = {row["key"]: row for row in connection.execute(select(t.source)).mappings()}
    for one in declared:
        row = stored.get(one.key)
        if row is None:
            _add(connection, one, now, declared_by)
        else:
            _redeclare(connection, row, one, now, declared_by)
    keys = {one.key for one in declared}
    gone = [row["id"] for row in stored.values() if row["declared_by"] == declared_by and row["key"] not in keys]
    if gone:
        connection.execute(
            update(t.source)
            .where(t.source.c.id.in_(gone), t.source.c.declared.is_not(None))
            .values(paused=True, declared=None)
        )


def add_source(connection: Connection, source: SourceData, now: datetime, declared_by: str) -> None:
    """See the port: a person's word, kept against the declared stock."""
    row = connection.execute(select(t.source.c.id).where(t.source.c.key == source.key)).first()
    if row is None:
        source_id = _add(connection, source, now, declared_by)
    else:
        source_id = row.id
        values = _values(source) | {"declared_by": declared_by, "declared": encode(source)}
        connection.execute(update(t.source).where(t.source.c.id == source_id).values(values))
        _put_feeds(connection, source_id, source.feeds, now)
        connection.execute(update(t.feed).where(t.feed.c.source_id == source_id, t.feed.c.followed).values(next_at=now))
    connection.execute(update(t.source).where(t.source.c.id == source_id).values(changed_at=now))


def set_source_paused(connection: Connection, key: str, paused: bool, now: datetime) -> None:
    """See the port."""
    done = connection.execute(update(t.source).where(t.source.c.key == key).values(paused=paused, changed_at=now))
    if done.rowcount == 0:
        raise NotFound(f"no source has the key {key!r}")


def move_feed(connection: Connection, key: str, now: datetime, url: str | None) -> tuple[tuple[str, str], ...]:
    """See the port: a person's word, kept against the declared stock."""
    source_id = connection.scalar(select(t.source.c.id).where(t.source.c.key == key))
    if source_id is None:
        raise NotFound(f"no source has the key {key!r}")
    statement = select(t.feed).where(t.feed.c.source_id == source_id, t.feed.c.followed, t.feed.c.moved_to.is_not(None))
    rows = connection.execute(statement.order_by(t.feed.c.id)).mappings().all()
    moving = [row for row in rows if url in (None, row["url"], row["found_url"])]
    if not moving:
        raise NotFound(f"no feed of {key!r} has moved" if url is None else f"{url} of {key!r} has not moved")
    moved = tuple((row["found_url"] or row["url"], _move(connection, row, now)) for row in moving)
    connection.execute(update(t.source).where(t.source.c.id == source_id).values(changed_at=now))
    return moved


def _move(connection: Connection, row: RowMapping, now: datetime) -> str:
    """Poll the new address from now on; entries, habit and history stay. What the old server gave us is forgotten."""
    new_url: str = row["moved_to"]
    column = t.feed.c.url if row["found_url"] is None else t.feed.c.found_url
    if column is t.feed.c.url and connection.scalar(select(t.feed.c.id).where(column == new_url)) is not None:
        raise ConfigurationError(
            f"{new_url} is followed already: `monitor source pause` the source that has moved there"
        )
    values = {column.name: new_url, "host": host_of(new_url) or "", "moved_to": None, "next_at": now}
    forgotten = dict.fromkeys(("etag", "last_modified", "body_sha", "last_full_at", "lease_until"))
    connection.execute(update(t.feed).where(t.feed.c.id == row["id"]).values(values | forgotten))
    return new_url


def _values(source: SourceData) -> dict[str, Any]:
    return {name: encode(getattr(source, name)) for name in _FIELDS}


def _add(connection: Connection, source: SourceData, now: datetime, declared_by: str) -> int:
    statement = insert(t.source).values(
        key=source.key, declared_by=declared_by, declared=encode(source), added_at=now, **_values(source)
    )
    source_id = connection.execute(statement.returning(t.source.c.id)).scalar_one()
    _put_feeds(connection, source_id, source.feeds, now)
    return source_id


def _redeclare(connection: Connection, row: RowMapping, source: SourceData, now: datetime, declared_by: str) -> None:
    """Apply what the declaration changed since it was applied last, unless a person spoke in between."""
    fresh, before, is_persons = encode(source), row["declared"], row["changed_at"] is not None
    values: dict[str, Any] = {}
    if fresh != before:
        values["declared"] = fresh
        if not is_persons:
            values["declared_by"] = declared_by
            values |= {name: fresh[name] for name in _FIELDS if before is None or fresh[name] != before.get(name)}
            if before is None or fresh["feeds"] != before.get("feeds"):
                _put_feeds(connection, row["id"], source.feeds, now)
    if is_persons:
        values["changed_at"] = None
    if values:
        connection.execute(update(t.source).where(t.source.c.id == row["id"]).values(values))


def _put_feeds(connection: Connection, source_id: int, feeds: Sequence[FeedData], now: datetime) -> None:
    """Make `feeds` the ones that are followed; those no longer named stay for their entries, unfollowed.

    An address that another source named before moves here: an address is one feed.
    """
    urls = [feed.url for feed in feeds]
    asked = or_(t.feed.c.source_id == source_id, t.feed.c.url.in_(urls))
    stored = {row["url"]: row for row in connection.execute(select(t.feed).where(asked)).mappings()}
    for feed in feeds:
        row = stored.get(feed.url)
        if row is None:
            connection.execute(insert(t.feed).values(_new_feed(feed, source_id, now)))
        else:
            connection.execute(
                update(t.feed).where(t.feed.c.id == row["id"]).values(_changes(row, feed, source_id, now))
            )
    dropped = [row["id"] for row in stored.values() if row["source_id"] == source_id and row["url"] not in urls]
    if dropped:
        connection.execute(update(t.feed).where(t.feed.c.id.in_(dropped)).values(followed=False, next_at=None))


def _declared(feed: FeedData) -> Iterator[tuple[str, Any]]:
    yield "kind", feed.kind.value
    yield "link_selector", feed.link_selector
    yield "link_pattern", feed.link_pattern
    yield "interval_min", feed.interval_min
    yield "max_pages", feed.max_pages
    yield "next_selector", feed.next_selector


def _new_feed(feed: FeedData, source_id: int, now: datetime) -> dict[str, Any]:
    return dict(_declared(feed)) | {
        "source_id": source_id,
        "url": feed.url,
        "host": host_of(feed.url) or "",
        "followed": True,
        "baseline_done": False,
        "failures": 0,
        "health": FeedHealth.NEW.value,
        "last_detail": "",
        "next_at": now,
    }


def _changes(row: RowMapping, feed: FeedData, source_id: int, now: datetime) -> dict[str, Any]:
    """A feed that is read otherwise than before is read anew: due now, without validators."""
    values: dict[str, Any] = dict(_declared(feed)) | {"source_id": source_id, "followed": True}
    reading = ("kind", "link_selector", "link_pattern", "next_selector")
    if any(row[name] != values[name] for name in reading):
        values |= {
            "found_kind": None,
            "found_url": None,
            "etag": None,
            "last_modified": None,
            "body_sha": None,
            "last_full_at": None,
            "habit": None,
            "host": host_of(feed.url) or "",
        }
        values["next_at"] = now
    elif not row["followed"]:
        values["next_at"] = now
    return values
