"""Writing what a correction changes, and what an undo changes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import read_assessment
from monitor.adapters.storage.codec import encode
from monitor.adapters.storage.events import live_ids, load_events, put_facts
from monitor.adapters.storage.listing import list_anew
from monitor.adapters.storage.review_subjects import read_facts
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.dropping import drop_reason
from monitor.domain.model.articles import StageRecord
from monitor.domain.model.review import ArticleLink, Effects, EventFacts, FactsChange, LabelChange


def carry_out(connection: Connection, effects: Effects, why: str, now: datetime) -> None:
    """See the port."""
    for one in effects.parted:
        there = (t.event.c.id == one.event_id) & (t.event.c.merged_into == one.into)
        connection.execute(update(t.event).where(there).values(merged_into=None, updated_at=now))
    _mark_closed(connection, effects.reopened, None)
    for link in effects.unlinked:
        columns = t.event_article.c
        there = (columns.event_id == link.event_id) & (columns.article_id == link.article_id)
        connection.execute(delete(t.event_article).where(there))
    for link in effects.linked:
        _link(connection, link)
    for facts in effects.facts:
        _change_facts(connection, facts, now)
    for label in effects.labels:
        _relabel(connection, label, why)
    for one in effects.merged:
        connection.execute(
            update(t.event).where(t.event.c.id == one.event_id).values(merged_into=one.into, updated_at=now)
        )
    _mark_closed(connection, effects.shut, now)
    _mark_closed(connection, _without_articles(connection, effects.closed), now)
    list_anew(connection, _touched(connection, effects))


def _touched(connection: Connection, effects: Effects) -> frozenset[str]:
    turned = (*effects.parted, *effects.merged)
    found = {one.event_id for one in turned} | {one.into for one in turned}
    found |= {link.event_id for link in effects.unlinked} | {facts.event_id for facts in effects.facts}
    found |= set(live_ids(connection, [link.event_id for link in effects.linked]).values())
    return frozenset(found.union(effects.reopened, effects.shut, effects.closed))


def _link(connection: Connection, link: ArticleLink) -> None:
    event_id = live_ids(connection, [link.event_id])[link.event_id]
    key = {"event_id": event_id, "article_id": link.article_id}
    said = {"role": link.role.value, "why": link.why, "score": link.score, "linked_at": link.linked_at}
    insert_or_update(connection, t.event_article, key, said)


def _mark_closed(connection: Connection, event_ids: Collection[str], at: datetime | None) -> None:
    if event_ids:
        connection.execute(update(t.event).where(t.event.c.id.in_(event_ids)).values(closed_at=at))


def _without_articles(connection: Connection, event_ids: Sequence[str]) -> list[str]:
    linked = select(t.event_article.c.event_id).where(t.event_article.c.event_id.in_(event_ids))
    left = set(connection.scalars(linked)) if event_ids else set()
    return [one for one in event_ids if one not in left]


def _change_facts(connection: Connection, change: FactsChange, now: datetime) -> None:
    """Field by field, so that taking a correction back leaves what the news told since."""
    row = connection.execute(select(t.event).where(t.event.c.id == change.event_id)).mappings().first()
    if row is None:
        return
    [event] = load_events(connection, [change.event_id])
    stands = read_facts(event, row)
    values: dict[str, Any] = {}
    for one in fields(EventFacts):
        is_now = getattr(stands, one.name)
        before, after = getattr(change.before, one.name), getattr(change.after, one.name)
        values[one.name] = after if before != after and is_now == before else is_now
    put_facts(connection, change.event_id, EventFacts(**values), now)


def _relabel(connection: Connection, change: LabelChange, why: str) -> None:
    row = connection.execute(_LATEST_ASSESSMENT.where(t.article.c.id == change.article_id)).mappings().one()
    is_copy = row["copy_of_id"] is not None
    values = {
        "label": change.after.value,
        "drop_reason": drop_reason(change.after, read_assessment(row), is_copy=is_copy),
    }
    given = update(t.article).where(t.article.c.id == change.article_id, t.article.c.label == change.before.value)
    if not connection.execute(given.values(values)).rowcount:
        return
    record = [*row["record"], encode(StageRecord("label", change.after.value, detail=why))]
    connection.execute(
        update(t.assessment).where(t.assessment.c.revision_id == row["revision_id"]).values(record=record)
    )


_LATEST_ASSESSMENT = (
    select(t.article.c.copy_of_id, t.assessment)
    .join(t.revision, (t.revision.c.article_id == t.article.c.id) & (t.revision.c.number == t.article.c.revision))
    .join(t.assessment, t.assessment.c.revision_id == t.revision.c.id)
)
