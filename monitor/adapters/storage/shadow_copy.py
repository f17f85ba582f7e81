"""Filling the shadow of a replay: all of the archive but what is to be decided anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, insert, not_, or_, select, true

from monitor.adapters.storage import seeds
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.events import in_batches, live_ids
from monitor.domain.model.articles import Origin
from monitor.domain.model.events import EventOrigin, VerdictKind
from monitor.domain.model.review import Payload

ROWS_AT_ONCE = 500

# What deciding asks for; accounts and letters have no business in a second file.
_COPIED = (t.source, t.article, t.revision, t.mention, t.assessment, t.fingerprint, t.band, t.series, t.verdict, t.seed)
_SHAPING = (
    VerdictKind.MERGE,
    VerdictKind.SPLIT,
    VerdictKind.MOVE,
    VerdictKind.EDIT,
    VerdictKind.ADD,
    VerdictKind.CLOSE,
    VerdictKind.CANNOT_LINK,
    VerdictKind.MUST_LINK,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is decided anew, and what of the rest a person shaped."""

    since: datetime | None  # articles first seen from then on; None: all
    shaped: frozenset[str]  # live events

    @property
    def replayed(self) -> ColumnElement[bool]:
        """Of articles: they are decided anew. Seeds are told, not decided."""
        mine = t.article.c.origin != Origin.SEED.value
        return mine if self.since is None else mine & (t.article.c.first_seen_at >= self.since)


def shaped_events(archive: Connection) -> frozenset[str]:
    """The live events that a person merged, split, edited, added, opened, closed, kept apart, or moved or took reports
    to or from.
    """
    columns = t.verdict.c
    said = select(t.verdict).where(columns.undone_at.is_(None))
    found: set[str] = set()
    for row in archive.execute(said).mappings():
        if row["kind"] in {one.value for one in _SHAPING} and (row["article_id"] is None or row["cause_id"] is None):
            found |= {one for one in (row["event_id"], row["other_event_id"]) if one is not None}
        effects = decode(Payload, row["payload"] or {}).effects
        found |= {*effects.opened, *(link.event_id for link in effects.unlinked)}
    return frozenset(live_ids(archive, found).values())


def guard(archive: Connection) -> str:
    """What the archive holds, in short: equal as long as nothing that a replay rests on has changed."""
    parts = (
        func.max(t.article.c.id),
        func.max(t.revision.c.id),
        func.max(t.event_change.c.seq),
        func.max(t.verdict.c.id),
        func.count(t.verdict.c.undone_at),
    )
    numbers = [archive.scalar(select(part)) or 0 for part in parts]
    loaded = archive.execute(select(t.seed.c.key, t.seed.c.record_sha).order_by(t.seed.c.key)).all()
    return f"{numbers} {sorted(map(tuple, loaded))}"


def fill(archive: Connection, shadow: Connection, scope: Scope) -> None:
    """Copy what stays, in one transaction of the shadow, which enforces no foreign keys."""
    events = _staying_events(archive, scope)
    for table in _COPIED:
        _copy(archive, shadow, table, _staying(table, scope))
    for name in _OF_EVENTS:
        table = t.METADATA.tables[name]
        column = table.c.id if name == "event" else table.c.event_id
        for ids in in_batches(sorted(events)):
            _copy(archive, shadow, table, column.in_(ids))
    _copy(archive, shadow, t.event_article, _staying_links(scope))
    if scope.since is None:
        seeds.tell_anew(shadow)


_OF_EVENTS = ("event", "event_kind", "event_participant")


def _staying_events(archive: Connection, scope: Scope) -> set[str]:
    """Events that are there from the start: of seeds, of people, of older articles, and those that were merged."""
    columns = t.event.c
    kept = select(columns.id).where(
        or_(
            columns.merged_into.is_not(None),
            columns.origin.in_([EventOrigin.SEED.value, EventOrigin.HAND.value]),
            columns.id.in_(_older_links(scope)),
        )
    )
    return set(archive.scalars(kept)) | scope.shaped


def _older_links(scope: Scope) -> Any:
    links = t.event_article
    return (
        select(links.c.event_id).join(t.article, t.article.c.id == links.c.article_id).where(~scope.replayed).distinct()
    )


def _staying_links(scope: Scope) -> ColumnElement[bool]:
    anew = select(t.article.c.id).where(scope.replayed)
    return t.event_article.c.article_id.not_in(anew) | t.event_article.c.event_id.in_(sorted(scope.shaped))


def _staying(table: Table[Any], scope: Scope) -> ColumnElement[bool]:
    """Which rows of a table are copied: not what was found out of articles that are decided anew."""
    anew = select(t.article.c.id).where(scope.replayed)
    if table.name in ("fingerprint", "band"):
        missing: ColumnElement[bool] = not_(table.c.article_id.in_(anew))
        return missing
    if table.name in ("mention", "assessment"):
        theirs = select(t.revision.c.id).where(t.revision.c.article_id.in_(anew))
        unread: ColumnElement[bool] = not_(table.c.revision_id.in_(theirs))
        return unread
    return true()


def _copy(archive: Connection, shadow: Connection, table: Table[Any], chosen: ColumnElement[bool]) -> None:
    rows = archive.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table).where(chosen)).mappings()
    for batch in _batches(rows):
        shadow.execute(insert(table), [dict(row) for row in batch])


def _batches(rows: Any) -> Iterator[Sequence[Any]]:
    left = iter(rows)
    while batch := list(islice(left, ROWS_AT_ONCE)):
        yield batch
