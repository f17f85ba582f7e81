"""Adopting a replay: the archive is given what its shadow says, row by row where they differ. Nothing is announced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, insert, select, update

from monitor.adapters.storage import search
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import in_batches, log_changes
from monitor.adapters.storage.fingerprints import put_fingerprint, read_fingerprint
from monitor.adapters.storage.listing import list_anew
from monitor.adapters.storage.shadow_copy import Scope
from monitor.domain.model.events import ChangeIntent, ChangeKind
from monitor.domain.model.replay import Difference, FactTurn

BY_REPLAY = "by replay"

# The archive's own say on its rows: when something was seen, and what people did.
_OF_ARCHIVE = frozenset(
    {"id", "url_key", "url", "origin", "source_key", "baseline", "first_seen_at", "last_seen_at", "revision"}
)
_EVENT_KEPT = frozenset(
    {"id", "first_seen_at", "updated_at", "closed_at", "merged_into", "pins", "part_of", "perhaps_same_as"}
)
_REVISION_KEPT = frozenset({"id", "article_id", "number", "capture_id", "made_at"})
_ASSESSMENT_KEPT = frozenset({"revision_id", "decided_at"})

_LOGGED = {
    "kinds": ChangeKind.KINDS,
    "participants": ChangeKind.PARTICIPANTS,
    "when": ChangeKind.DATE,
    "status": ChangeKind.STATUS,
}


def adopt(archive: Connection, shadow: Connection, scope: Scope, difference: Difference, now: datetime) -> None:
    """Only under the archive's lock; the caller commits."""
    events = _put_events(archive, shadow, now)
    chosen = select(t.article.c.id).where(scope.replayed).order_by(t.article.c.id)
    for ids in in_batches(shadow.scalars(chosen).all()):
        _put_articles(archive, shadow, ids)
        _put_links(archive, shadow, ids)
        _put_revisions(archive, shadow, ids)
        _put_fingerprints(archive, shadow, ids)
    _end(archive, difference, now)
    list_anew(archive, [*events, *(one for one, _ in difference.merged), *difference.closed])
    _log(archive, difference, now)


def _rows(connection: Connection, table: Table[Any], column: Any, ids: Collection[Any]) -> dict[Any, RowMapping]:
    chosen = select(table).where(column.in_(list(ids)))
    return {row[column.name]: row for row in connection.execute(chosen).mappings()}


def _changed(said: RowMapping, stands: RowMapping, kept: Collection[str]) -> dict[str, Any]:
    return {name: said[name] for name in said if name not in kept and said[name] != stands[name]}


# ---------------------------------------------------------------- events


def _put_events(archive: Connection, shadow: Connection, now: datetime) -> Sequence[str]:
    """All rows first, then what refers to other rows; the ids of all."""
    columns = t.event.c
    ids = shadow.scalars(select(columns.id).where(columns.merged_into.is_(None)).order_by(columns.id)).all()
    series = {row["key"]: row for row in shadow.execute(select(t.series)).mappings()}
    for key in series.keys() - set(archive.scalars(select(t.series.c.key))):
        archive.execute(insert(t.series), dict(series[key]))
    for batch in in_batches(ids):
        said, stands = (_rows(one, t.event, columns.id, batch) for one in (shadow, archive))
        for event_id in batch:
            _put_event(archive, said[event_id], stands.get(event_id), now)
        _put_members(archive, shadow, t.event_kind, batch)
        _put_members(archive, shadow, t.event_participant, batch)
    for batch in in_batches(ids):
        said, stands = (_rows(one, t.event, columns.id, batch) for one in (shadow, archive))
        for event_id in batch:
            refers = {name: said[event_id][name] for name in ("part_of", "perhaps_same_as")}
            if refers != {name: stands[event_id][name] for name in refers}:
                archive.execute(update(t.event).where(columns.id == event_id).values(refers))
    return ids


def _put_event(archive: Connection, said: RowMapping, stands: RowMapping | None, now: datetime) -> None:
    if stands is None:
        alone = {"part_of": None, "perhaps_same_as": None, "updated_at": now}
        archive.execute(insert(t.event), dict(said) | alone)
        return
    values = _changed(said, stands, _EVENT_KEPT)
    if stands["closed_at"] is not None and said["closed_at"] is None:
        values["closed_at"] = None
    if values:
        archive.execute(update(t.event).where(t.event.c.id == said["id"]).values(values | {"updated_at": now}))


def _put_members(archive: Connection, shadow: Connection, table: Table[Any], event_ids: Sequence[str]) -> None:
    said, stands = (_grouped(one, table, table.c.event_id, event_ids) for one in (shadow, archive))
    _replace(archive, table, table.c.event_id, said, stands)


def _grouped(
    connection: Connection, table: Table[Any], column: ColumnElement[Any], ids: Sequence[Any]
) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {one: [] for one in ids}
    chosen = select(table).where(column.in_(ids)).order_by(*table.primary_key.columns)
    for row in connection.execute(chosen).mappings():
        found[row[str(column.key)]].append(dict(row))
    return found


def _replace(
    archive: Connection,
    table: Table[Any],
    column: ColumnElement[Any],
    said: Mapping[Any, list[dict[str, Any]]],
    stands: Mapping[Any, list[dict[str, Any]]],
) -> None:
    """Let the rows of those owners of which anything differs be just these."""
    differing = [one for one in said if said[one] != stands[one]]
    if not differing:
        return
    archive.execute(delete(table).where(column.in_(differing)))
    rows = [row for one in differing for row in said[one]]
    if rows:
        archive.execute(insert(table), rows)


def _end(archive: Connection, difference: Difference, now: datetime) -> None:
    for event_id, into in difference.merged:
        merged = update(t.event).where(t.event.c.id == event_id)
        archive.execute(merged.values(merged_into=into, updated_at=now))
    for ids in in_batches(difference.closed):
        archive.execute(update(t.event).where(t.event.c.id.in_(ids)).values(closed_at=now))


# ---------------------------------------------------------------- articles


def _put_articles(archive: Connection, shadow: Connection, ids: Sequence[int]) -> None:
    said, stands = (_rows(one, t.article, t.article.c.id, ids) for one in (shadow, archive))
    for article_id in ids:
        values = _changed(said[article_id], stands[article_id], _OF_ARCHIVE)
        if values:
            archive.execute(update(t.article).where(t.article.c.id == article_id).values(values))


def _put_links(archive: Connection, shadow: Connection, ids: Sequence[int]) -> None:
    """An article that belongs to the same events in the same roles keeps its links with their reasons."""
    table = t.event_article
    said, stands = (_grouped(one, table, table.c.article_id, ids) for one in (shadow, archive))
    differing = {one: said[one] for one in ids if _ties(said[one]) != _ties(stands[one])}
    _replace(archive, table, table.c.article_id, differing, stands)


def _ties(links: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return {(link["event_id"], link["role"]) for link in links}


def _put_revisions(archive: Connection, shadow: Connection, article_ids: Sequence[int]) -> None:
    chosen = select(t.revision.c.id).where(t.revision.c.article_id.in_(article_ids))
    latest = dict(
        archive.execute(select(t.article.c.id, t.article.c.revision).where(t.article.c.id.in_(article_ids))).all()
    )
    for ids in in_batches(shadow.scalars(chosen).all()):
        said, stands = (_rows(one, t.revision, t.revision.c.id, ids) for one in (shadow, archive))
        for one in ids:
            values = _changed(said[one], stands[one], _REVISION_KEPT)
            if not values:
                continue
            archive.execute(update(t.revision).where(t.revision.c.id == one).values(values))
            if said[one]["number"] == latest[said[one]["article_id"]] and values.keys() & {"title", "text"}:
                search.put(archive, said[one]["article_id"], said[one]["title"], said[one]["text"], is_new=False)
        _put_assessments(archive, shadow, ids)
        table = t.mention
        mentions, stood = (_grouped(one, table, table.c.revision_id, ids) for one in (shadow, archive))
        _replace(archive, table, table.c.revision_id, mentions, stood)


def _put_assessments(archive: Connection, shadow: Connection, revision_ids: Sequence[int]) -> None:
    column = t.assessment.c.revision_id
    said, stands = (_rows(one, t.assessment, column, revision_ids) for one in (shadow, archive))
    for one, row in said.items():
        values = _changed(row, stands[one], _ASSESSMENT_KEPT)
        if values:
            archive.execute(update(t.assessment).where(column == one).values(values))


def _put_fingerprints(archive: Connection, shadow: Connection, ids: Sequence[int]) -> None:
    column = t.fingerprint.c.article_id
    said, stands = (_rows(one, t.fingerprint, column, ids) for one in (shadow, archive))
    for article_id, row in said.items():
        if article_id not in stands or dict(row) != dict(stands[article_id]):
            put_fingerprint(archive, article_id, read_fingerprint(row))


# ---------------------------------------------------------------- the log


def _log(archive: Connection, difference: Difference, now: datetime) -> None:
    """What changed, for the record: no line is to be announced."""
    for event_id in difference.opened:
        log_changes(archive, event_id, [_line(ChangeKind.OPENED, "", BY_REPLAY)], None, now)
    for event_id, into in difference.merged:
        log_changes(archive, into, [_line(ChangeKind.MERGED, event_id, into)], None, now)
    for event_id, parts in difference.split:
        for part in parts:
            log_changes(archive, part, [_line(ChangeKind.SPLIT, event_id, part)], None, now)
    for event_id in difference.closed:
        log_changes(archive, event_id, [_line(ChangeKind.EDITED, "", f"closed {BY_REPLAY}")], None, now)
    for turn in difference.facts:
        log_changes(archive, turn.event_id, [_fact_line(turn)], None, now)


def _fact_line(turn: FactTurn) -> ChangeIntent:
    kind = _LOGGED.get(turn.fact)
    if kind is None:
        return _line(ChangeKind.EDITED, "", f"{turn.fact} {BY_REPLAY}")
    return _line(kind, turn.before, turn.after)


def _line(kind: ChangeKind, before: str, after: str) -> ChangeIntent:
    return ChangeIntent(kind, announce=False, before=before, after=after)
