"""Polls: what a feed's state is before one, and what is written after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.upserts import dialect_insert
from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn
from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, PollIntent, Validators
from monitor.domain.outcomes import is_failure
from monitor.domain.urls import host_of

KEYS_A_QUERY = 500  # entry keys asked for at once: far under either database's limit of parameters

_FEEDS_FOR_POLL = (
    select(t.feed, t.source.c.key, t.source.c.name, t.source.c.language, t.source.c.country)
    .join(t.source, t.source.c.id == t.feed.c.source_id)
    .where(t.feed.c.id.in_(bindparam("feed_ids", expanding=True)), t.feed.c.followed, t.source.c.paused.is_(False))
)
# Built once: building a statement costs more than running it, and most polls bring nothing new.
# Locked on PostgreSQL: an article that is noted at the same time must not be forgotten.
_NOTED = (
    select(t.feed.c.id, t.feed.c.followed, t.feed.c.habit, t.feed.c.health)
    .where(t.feed.c.id.in_(bindparam("feed_ids", expanding=True)))
    .order_by(t.feed.c.id)
    .with_for_update()
)
_FEED_UPDATE = update(t.feed).where(t.feed.c.id == bindparam("at_id"))
_POLL_INSERT = insert(t.poll)
_ENTRY_SHAS = select(t.entry.c.entry_key, t.entry.c.content_sha).where(
    t.entry.c.feed_id == bindparam("of_feed"), t.entry.c.entry_key.in_(bindparam("of_keys", expanding=True))
)
_CHANGE_INSERT = insert(t.health_change)
_ENTRY_UPDATE = update(t.entry).where(
    t.entry.c.feed_id == bindparam("at_feed"), t.entry.c.entry_key == bindparam("at_key")
)


def feeds_for_poll(
    connection: Connection, feed_ids: Sequence[int], default_interval_min: int
) -> Mapping[int, FeedForPoll]:
    """See the port."""
    rows = connection.execute(_FEEDS_FOR_POLL, {"feed_ids": list(feed_ids)}).mappings()
    return {row["id"]: _feed_for_poll(row, default_interval_min) for row in rows}


def _feed_for_poll(row: RowMapping, default_interval_min: int) -> FeedForPoll:
    return FeedForPoll(
        id=row["id"],
        url=row["found_url"] or row["url"],
        kind=FeedKind(row["kind"]),
        found_kind=FeedKind(row["found_kind"]) if row["found_kind"] else None,
        link_selector=row["link_selector"],
        link_pattern=row["link_pattern"],
        interval_min=row["interval_min"] or default_interval_min,
        validators=Validators(row["etag"], row["last_modified"]),
        body_sha=row["body_sha"],
        baseline_done=row["baseline_done"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        last_full_at=row["last_full_at"],
        source_key=row["key"],
        source_name=row["name"],
        source_language=row["language"],
        source_country=row["country"],
        max_pages=row["max_pages"],
        next_selector=row["next_selector"],
        sitemap_url=row["sitemap_url"],
        habit=read_habit(row["habit"]),
        health=FeedHealth(row["health"]),
        health_since=row["health_since"],
        moved_to=row["moved_to"],
        last_polled_at=row["last_polled_at"],
        last_ok_at=row["last_ok_at"],
        last_new_at=row["last_new_at"],
        is_interval_declared=row["interval_min"] is not None,
    )


def read_habit(stored: dict[str, Any] | None) -> FeedHabit:
    """NULL: nothing learnt yet."""
    return decode(FeedHabit, stored) if stored else FeedHabit()


def entry_shas(connection: Connection, feed_id: int, keys: Sequence[str]) -> Mapping[str, str]:
    """See the port."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), KEYS_A_QUERY):
        asked = {"of_feed": feed_id, "of_keys": list(keys[start : start + KEYS_A_QUERY])}
        found.update((key, sha) for key, sha in connection.execute(_ENTRY_SHAS, asked))
    return found


def entry_titles(connection: Connection, feed_id: int, titles: Sequence[str]) -> frozenset[str]:
    """See the port. Walks the feed's entries: asked only where a poll shares nothing with the one before."""
    found: set[str] = set()
    for start in range(0, len(titles), KEYS_A_QUERY):
        some = titles[start : start + KEYS_A_QUERY]
        columns = t.entry.c
        found.update(
            connection.scalars(select(columns.title).where(columns.feed_id == feed_id, columns.title.in_(some)))
        )
    return frozenset(found - {""})


def apply_polls(connection: Connection, intents: Sequence[PollIntent]) -> None:
    """See the port. A feed that was dropped or moved away from meanwhile keeps its history but is not due again."""
    asked = {"feed_ids": sorted({one.feed_id for one in intents})}
    noted = {row["id"]: row for row in connection.execute(_NOTED, asked).mappings()}
    known = [intent for intent in intents if intent.feed_id in noted]
    updates: defaultdict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for intent in known:
        row = noted[intent.feed_id]
        values = _state(intent, read_habit(row["habit"]))
        if not row["followed"]:
            values["next_at"] = None
        values |= _health(connection, intent, FeedHealth(row["health"])) | {"at_id": intent.feed_id}
        updates[frozenset(values)].append(values)
    for alike in updates.values():
        connection.execute(_FEED_UPDATE, alike)
    if known:
        connection.execute(_POLL_INSERT, [_history(intent) for intent in known])
    for intent in known:
        _add_entries(connection, intent)
        _change_entries(connection, intent)


def _history(intent: PollIntent) -> dict[str, Any]:
    return {
        "feed_id": intent.feed_id,
        "polled_at": intent.polled_at,
        "outcome": intent.outcome.value,
        "detail": intent.detail,
        "seen": intent.seen_entries,
        "new": len(intent.new_entries),
        "changed": len(intent.changed_entries),
        "known": intent.known_entries,
        "gap": intent.gap,
    }


def trim(connection: Connection, now: datetime, keep_polls_days: int) -> int:
    """See the port."""
    return connection.execute(delete(t.poll).where(t.poll.c.polled_at < now - timedelta(days=keep_polls_days))).rowcount


def put_turn(connection: Connection, feed_id: int, turn: HealthTurn, now: datetime) -> None:
    """Note a change of health: what digests tell."""
    said = {"before": turn.before.value, "after": turn.after.value, "detail": turn.detail}
    connection.execute(_CHANGE_INSERT, {"feed_id": feed_id, "at": now} | said)


def _health(connection: Connection, intent: PollIntent, stored: FeedHealth) -> dict[str, Any]:
    """The feed's health. Without anything to tell, what the reading of articles found meanwhile stands."""
    turn = intent.turn
    if turn is None and stored is not FeedHealth.NEW:
        return {}
    if turn is not None and turn.after is not stored:
        put_turn(connection, intent.feed_id, replace(turn, before=stored), intent.polled_at)
    return {"health": intent.health.value, "health_since": intent.health_since}


def _state(intent: PollIntent, stored: FeedHabit) -> dict[str, Any]:
    values: dict[str, Any] = {
        "last_polled_at": intent.polled_at,
        "last_outcome": intent.outcome.value,
        "last_detail": intent.detail,
        "next_at": intent.next_at,
        "lease_until": None,
        "failures": intent.failures,
        "failing_since": intent.failing_since,
        "etag": intent.validators.etag,
        "last_modified": intent.validators.last_modified,
        "body_sha": intent.body_sha,
        "found_kind": intent.found_kind.value if intent.found_kind else None,
        "habit": encode(replace(intent.habit, reading=stored.reading)),
        "moved_to": intent.moved_to,
    }
    if intent.sitemap_url is not None:
        values["sitemap_url"] = intent.sitemap_url
    if intent.found_url is not None:
        values |= {"found_url": intent.found_url, "host": host_of(intent.found_url) or ""}
    if intent.full:
        values["last_full_at"] = intent.polled_at
    if len(intent.new_entries) > len(intent.history_keys):
        values["last_new_at"] = intent.polled_at
    if not is_failure(intent.outcome):
        values |= {"last_ok_at": intent.polled_at, "baseline_done": True}
    return values


def _content(entry: EntryData) -> dict[str, Any]:
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "author": entry.author,
        "published_raw": entry.published_raw,
        "published_at": entry.published_at,
        "language": entry.language,
        "content_sha": entry.content_sha,
    }


def _add_entries(connection: Connection, intent: PollIntent) -> None:
    if not intent.new_entries:
        return
    fixed = {
        "feed_id": intent.feed_id,
        "first_seen_at": intent.polled_at,
        "attempts": 0,
        "refreshes": 0,
        "detail": "",
        "next_at": intent.polled_at,
    }
    # Another poll of this feed may have been quicker: each entry is stored once.
    statement = dialect_insert(connection, t.entry).on_conflict_do_nothing(index_elements=["feed_id", "entry_key"])
    rows = [
        fixed | {"entry_key": one.key, "baseline": intent.baseline or one.key in intent.history_keys} | _content(one)
        for one in intent.new_entries
    ]
    connection.execute(statement, rows)


def _change_entries(connection: Connection, intent: PollIntent) -> None:
    """Read again from the start; what belonged to the baseline stays so: it is never told."""
    for entry in intent.changed_entries:
        key = {"at_feed": intent.feed_id, "at_key": entry.key}
        connection.execute(_ENTRY_UPDATE, key | {"attempts": 0, "next_at": intent.polled_at} | _content(entry))
