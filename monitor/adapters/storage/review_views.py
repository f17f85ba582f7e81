"""What waits for a person: uncertain articles, and events that may be one."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, exists, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import article_rows, read_article_row
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.events import live_ids, load_events
from monitor.adapters.storage.review_waiting import WAITING_ARTICLE, is_handled
from monitor.domain.model.articles import Label, Reason
from monitor.domain.model.events import VerdictKind
from monitor.domain.model.review import Dropped, Pair, ReviewPage, Uncertain
from monitor.domain.text import clean_line

LEAD_CHARS = 400  # of a text in a list: enough to see what it is about
MAX_ID = 2**63 - 1  # that either database takes
MAX_COUNTED = 1_000  # "1,000+" is as much as a person needs to know


@dataclass(frozen=True, slots=True)
class _Position:
    """Up to where a page went, newest first, in both lists."""

    article_id: int | None = None
    seen_at: datetime | None = None  # of the last event, with its id
    event_id: str = ""

    def __str__(self) -> str:
        at = self.seen_at.astimezone(UTC).isoformat() if self.seen_at else ""
        return f"{self.article_id or ''}~{at}~{self.event_id}"


def _position(after: str | None) -> _Position:
    """What cannot be read is the beginning."""
    try:
        article_id, at, event_id = (after or "~~").split("~")
        seen_at = datetime.fromisoformat(at).astimezone(UTC) if at else None
        return _Position(min(int(article_id), MAX_ID) if article_id else None, seen_at, clean_line(event_id, 80))
    except (ValueError, OverflowError):
        return _Position()


def review_queue(connection: Connection, limit: int, after: str | None) -> ReviewPage:
    """See the port."""
    start = _position(after)
    uncertain = [(one.article.first_seen_at, one) for one in _uncertain(connection, limit + 1, start)]
    pairs = _pairs(connection, limit + 1, start)
    both: list[tuple[datetime, Uncertain | Pair]] = list(
        heapq.merge(uncertain, pairs, key=lambda one: one[0], reverse=True)
    )
    shown = both[:limit]
    position = start
    for at, one in shown:
        if isinstance(one, Uncertain):
            position = _Position(one.article.id, position.seen_at, position.event_id)
        else:
            position = _Position(position.article_id, at, one.event.id)
    more = str(position) if len(both) > limit and shown else None
    return ReviewPage(tuple(one for _, one in shown), more, _total(connection))


def _total(connection: Connection) -> int:
    total = 0
    # In order, as they are listed: else SQLite takes an index that most rows are found by.
    articles = select(t.article.c.id).where(*WAITING_ARTICLE).order_by(t.article.c.id.desc())
    for waiting in (articles, select(t.event.c.id).where(*_WAITING_EVENT)):
        total += connection.scalar(select(func.count()).select_from(waiting.limit(MAX_COUNTED).subquery())) or 0
    return min(total, MAX_COUNTED)


def _are_kept_apart(event_id: Any, other_id: Any) -> ColumnElement[bool]:
    columns = t.verdict.c
    this_way = (columns.event_id == event_id) & (columns.other_event_id == other_id)
    that_way = (columns.event_id == other_id) & (columns.other_event_id == event_id)
    is_said = (columns.kind == VerdictKind.CANNOT_LINK.value) & columns.undone_at.is_(None)
    return exists().where(is_said, this_way | that_way)


_OTHER = t.event.alias("other")
_WAITING_EVENT = (
    t.event.c.perhaps_same_as > "",  # a range: SQLite looks it up in the index
    t.event.c.merged_into.is_(None),
    t.event.c.closed_at.is_(None),
    # Looked up where it was first met: whoever merged it into a third event has decided of this pair as well.
    exists().where(
        _OTHER.c.id == t.event.c.perhaps_same_as, _OTHER.c.merged_into.is_(None), _OTHER.c.closed_at.is_(None)
    ),
    ~is_handled(t.verdict.c.event_id, t.event.c.id),
    ~_are_kept_apart(t.event.c.id, t.event.c.perhaps_same_as),
)


# ---------------------------------------------------------------- articles


def _uncertain(connection: Connection, limit: int, start: _Position) -> Iterable[Uncertain]:
    statement = article_rows().where(*WAITING_ARTICLE).order_by(t.article.c.id.desc()).limit(limit)
    if start.article_id is not None:
        statement = statement.where(t.article.c.id < start.article_id)
    rows = connection.execute(statement).mappings().all()
    ids = [row["id"] for row in rows]
    reasons = _reasons(connection, ids)
    leads = _leads(connection, ids)
    assigned = _assigned(connection, t.verdict.c.article_id, ids)
    return [
        Uncertain(
            read_article_row(row, leads.get(row["id"], "")), reasons.get(row["id"], ()), assigned.get(row["id"], "")
        )
        for row in rows
    ]


def _leads(connection: Connection, article_ids: Collection[int]) -> Mapping[int, str]:
    """How each text begins."""
    latest = (t.revision.c.article_id == t.article.c.id) & (t.revision.c.number == t.article.c.revision)
    statement = (
        select(t.article.c.id, func.substr(t.revision.c.text, 1, LEAD_CHARS))
        .join(t.revision, latest)
        .where(t.article.c.id.in_(article_ids))
    )
    return {article_id: " ".join(text.split()) for article_id, text in connection.execute(statement)}


def _reasons(connection: Connection, article_ids: Collection[int]) -> Mapping[int, tuple[Reason, ...]]:
    latest = (t.revision.c.article_id == t.article.c.id) & (t.revision.c.number == t.article.c.revision)
    statement = (
        select(t.article.c.id, t.assessment.c.reasons)
        .join(t.revision, latest)
        .join(t.assessment, t.assessment.c.revision_id == t.revision.c.id)
        .where(t.article.c.id.in_(article_ids))
    )
    return {
        article_id: tuple(decode(Reason, one) for one in reasons)
        for article_id, reasons in connection.execute(statement)
    }


# ---------------------------------------------------------------- dropped


def dropped(connection: Connection, limit: int, because: str | None, before_id: int | None) -> tuple[Dropped, ...]:
    """See the port."""
    statement = article_rows().order_by(t.article.c.id.desc()).limit(limit)
    if because is None:
        statement = statement.where(t.article.c.label == Label.IRRELEVANT.value)
    else:
        statement = statement.where(t.article.c.drop_reason == because)
    if before_id is not None:
        statement = statement.where(t.article.c.id < before_id)
    rows = connection.execute(statement).mappings().all()
    ids = [row["id"] for row in rows]
    reasons, leads = _reasons(connection, ids), _leads(connection, ids)
    return tuple(
        Dropped(read_article_row(row, leads.get(row["id"], "")), row["drop_reason"] or "", reasons.get(row["id"], ()))
        for row in rows
    )


def dropped_by_reason(connection: Connection, up_to: int | None) -> tuple[tuple[str, int], ...]:
    """See the port."""
    if up_to is not None:
        counted = [(reason, _count(connection, reason, up_to)) for reason in _reasons_given(connection)]
        return tuple(sorted(counted, key=lambda one: (-one[1], one[0])))
    reason, number = t.article.c.drop_reason, func.count().label("number")
    statement = select(reason, number).where(reason.is_not(None)).group_by(reason).order_by(number.desc(), reason)
    return tuple((because, counted) for because, counted in connection.execute(statement) if because is not None)


def _reasons_given(connection: Connection) -> Iterable[str]:
    """Each reason once, from one to the next in the index: they are few, whatever the number of articles."""
    column = t.article.c.drop_reason
    found = connection.scalar(select(func.min(column)))
    while found is not None:
        yield found
        found = connection.scalar(select(func.min(column)).where(column > found))


def _count(connection: Connection, reason: str, up_to: int) -> int:
    some = select(t.article.c.id).where(t.article.c.drop_reason == reason).limit(up_to).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


# ---------------------------------------------------------------- pairs


def _pairs(connection: Connection, limit: int, start: _Position) -> list[tuple[datetime, Pair]]:
    columns = t.event.c
    statement = (
        select(columns.id, columns.perhaps_same_as, columns.first_seen_at)
        .where(*_WAITING_EVENT)
        # Sorted by a value that no index has: the few pairs are found by theirs, not by going through all events.
        .order_by(func.coalesce(columns.first_seen_at, columns.updated_at).desc(), columns.id.desc())
        .limit(limit)
    )
    if start.seen_at is not None:
        earlier = columns.first_seen_at < start.seen_at
        statement = statement.where(
            earlier | ((columns.first_seen_at == start.seen_at) & (columns.id < start.event_id))
        )
    rows = connection.execute(statement).mappings().all()
    ids = [row["id"] for row in rows]
    others = live_ids(connection, {row["perhaps_same_as"] for row in rows})
    known = {one.id: one for one in load_events(connection, [*ids, *others.values()])}
    why = _why(connection, ids)
    assigned = _assigned(connection, t.verdict.c.event_id, ids)
    return [
        (
            row["first_seen_at"],
            Pair(
                event=known[row["id"]],
                perhaps_same_as=known[others[row["perhaps_same_as"]]],
                why=why[row["id"]]["why"] if row["id"] in why else "",
                score=why[row["id"]]["score"] if row["id"] in why else None,
                assigned_to=assigned.get(row["id"], ""),
            ),
        )
        for row in rows
    ]


def _why(connection: Connection, event_ids: Collection[str]) -> Mapping[str, RowMapping]:
    """Of each event the link that opened it: the first one."""
    columns = t.event_article.c
    statement = select(t.event_article).where(columns.event_id.in_(event_ids))
    rows = connection.execute(statement.order_by(columns.linked_at.desc(), columns.article_id.desc())).mappings()
    return {row["event_id"]: row for row in rows}


def _assigned(connection: Connection, column: Any, subjects: Collection[Any]) -> Mapping[Any, str]:
    """To whom each was given last."""
    statement = (
        select(column, t.verdict.c.text)
        .where(column.in_(subjects), t.verdict.c.kind == VerdictKind.ASSIGN.value, t.verdict.c.undone_at.is_(None))
        .order_by(t.verdict.c.id)
    )
    return dict(connection.execute(statement).all())
