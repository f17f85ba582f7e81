"""What people said: writing it down, what still holds, what was taken back, and what there is to learn from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, or_, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.events import absorbed, in_batches
from monitor.adapters.storage.known import read_verdict
from monitor.domain.learning import LATEST_VERDICTS
from monitor.domain.model.articles import Label
from monitor.domain.model.events import Verdict, VerdictKind
from monitor.domain.model.review import Judged, Payload, RulePrecision, VerdictRecord
from monitor.errors import NotFound

ON_RELEVANCE = (VerdictKind.RELEVANT.value, VerdictKind.NOT_RELEVANT.value)
# What says something without changing anything that a correction could.
REMARKS = (VerdictKind.NOTE.value, VerdictKind.ASSIGN.value, VerdictKind.HANDLED.value)


def add_verdict(
    connection: Connection,
    kind: VerdictKind,
    by: str,
    now: datetime,
    article_id: int | None,
    event_id: str | None,
    other_event_id: str | None,
    text: str,
    cause_id: int | None,
) -> Verdict:
    """See the port."""
    said = {
        "article_id": article_id,
        "event_id": event_id,
        "other_event_id": other_event_id,
        "text": text,
        "cause_id": cause_id,
    }
    statement = insert(t.verdict).values(kind=kind.value, at=now, by=by, **said)
    verdict_id = connection.execute(statement.returning(t.verdict.c.id)).scalar_one()
    return Verdict(verdict_id, kind, now, by, article_id, event_id, other_event_id, text, cause_id)


def verdict(connection: Connection, verdict_id: int) -> VerdictRecord:
    """See the port."""
    row = connection.execute(select(t.verdict).where(t.verdict.c.id == verdict_id)).mappings().first()
    if row is None:
        raise NotFound(f"no verdict has the number {verdict_id}")
    return _record(row)


def _record(row: RowMapping) -> VerdictRecord:
    payload = decode(Payload, row["payload"]) if row["payload"] else Payload()
    return VerdictRecord(read_verdict(row), payload, row["undone_at"], row["undone_by"])


def holding(connection: Connection, article_ids: Collection[int]) -> tuple[Verdict, ...]:
    """See the port."""
    columns = t.verdict.c
    found: list[Verdict] = []
    for ids in in_batches(article_ids):
        statement = select(t.verdict).where(
            columns.article_id.in_(ids), columns.kind.not_in(REMARKS), columns.undone_at.is_(None)
        )
        found += [read_verdict(row) for row in connection.execute(statement).mappings()]
    return tuple(sorted(found, key=lambda one: one.id))


def later_verdict(
    connection: Connection, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]
) -> VerdictRecord | None:
    """See the port."""
    columns = t.verdict.c
    wanted = select(func.coalesce(columns.cause_id, columns.id)).where(
        columns.id > verdict_id,
        columns.undone_at.is_(None),
        columns.kind.not_in(REMARKS),
        or_(columns.cause_id.is_(None), columns.cause_id != verdict_id),
        _on(article_ids, event_ids),
    )
    latest = connection.scalar(wanted.order_by(columns.id.desc()).limit(1))
    return verdict(connection, latest) if latest is not None else None


def said_since(
    connection: Connection, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]
) -> bool:
    """See the port."""
    columns = t.verdict.c
    said = select(columns.id).where(
        columns.id > verdict_id,
        columns.undone_at.is_(None),
        columns.kind.not_in((VerdictKind.NOTE.value, VerdictKind.ASSIGN.value)),
        _on(article_ids, event_ids),
    )
    return connection.scalar(said.limit(1)) is not None


def latest(connection: Connection) -> int:
    """See the port."""
    return connection.scalar(select(func.max(t.verdict.c.id))) or 0


def _on(article_ids: Collection[int], event_ids: Collection[str]) -> ColumnElement[bool]:
    columns = t.verdict.c
    return or_(
        columns.article_id.in_(list(article_ids)),
        columns.event_id.in_(list(event_ids)),
        columns.other_event_id.in_(list(event_ids)),
    )


# ---------------------------------------------------------------- history


def verdicts(
    connection: Connection, limit: int, article_id: int | None, event_id: str | None, before_id: int | None
) -> tuple[VerdictRecord, ...]:
    """See the port."""
    columns = t.verdict.c
    statement = select(t.verdict).where(columns.cause_id.is_(None)).order_by(columns.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(columns.id < before_id)
    if article_id is not None or event_id is not None:
        articles = [] if article_id is None else [article_id]
        events = [] if event_id is None else [event_id, *absorbed(connection, [event_id])]
        about = select(func.coalesce(columns.cause_id, columns.id)).where(_on(articles, events))
        statement = statement.where(columns.id.in_(about))
    return tuple(_record(row) for row in connection.execute(statement).mappings())


# ---------------------------------------------------------------- learning


# Built once: it is asked for every article.
_LATEST_AND_UNDONE = select(
    select(func.max(t.verdict.c.id)).where(t.verdict.c.kind.in_(ON_RELEVANCE)).scalar_subquery(),
    select(func.count()).where(t.verdict.c.undone_at.is_not(None)).scalar_subquery(),
)


def learning_version(connection: Connection) -> str:
    """See the port."""
    latest, taken_back = connection.execute(_LATEST_AND_UNDONE).one()
    return f"{latest or 0}-{taken_back}"


def judged(connection: Connection, limit: int = LATEST_VERDICTS) -> tuple[Judged, ...]:
    """See the port."""
    columns = t.verdict.c
    statement = (
        select(columns.payload)
        .where(columns.kind.in_(ON_RELEVANCE), columns.undone_at.is_(None), columns.payload.is_not(None))
        .order_by(columns.id.desc())
        .limit(limit)
    )
    said: list[dict[str, Any]] = [row for row in connection.scalars(statement) if row is not None]
    return tuple(decode(Judged, one["judged"]) for one in said if one.get("judged"))


def rule_precision(connection: Connection) -> tuple[RulePrecision, ...]:
    """See the port."""
    counted: Counter[tuple[str, Label, bool]] = Counter(
        (one.rule_version, one.label, one.is_relevant) for one in judged(connection)
    )
    rows = sorted({(version, label) for version, label, _ in counted})
    return tuple(
        RulePrecision(version, label, counted[version, label, True], counted[version, label, False])
        for version, label in rows
    )
