"""The port of corrections: each method handed to the module that knows its tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from monitor.adapters.storage import articles, verdicts
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import encode
from monitor.adapters.storage.effects import carry_out
from monitor.adapters.storage.events import (
    Gathered,
    Opening,
    log_changes,
    open_event,
    put_facts,
)
from monitor.adapters.storage.listing import list_anew
from monitor.adapters.storage.review_subjects import article_for_review, event_for_review
from monitor.domain.dropping import drop_reason
from monitor.domain.event_facts import happening_of
from monitor.domain.model.articles import ArticleData, IngestIntent
from monitor.domain.model.events import ChangeIntent, EventOrigin, Verdict
from monitor.domain.model.review import (
    ArticleForReview,
    Effects,
    EventFacts,
    EventForReview,
    Payload,
    VerdictRecord,
)

Writing = Callable[[], AbstractContextManager[Connection]]


class SqlCorrections:
    """Implements the port `Corrections` on the connection of a unit that holds the archive's lock."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    def article(self, article_id: int) -> ArticleForReview:
        """See the port."""
        with self._writing() as connection:
            return article_for_review(connection, article_id)

    def event(self, event_id: str) -> EventForReview:
        """See the port."""
        with self._writing() as connection:
            return event_for_review(connection, event_id)

    def verdict(self, verdict_id: int) -> VerdictRecord:
        """See the port."""
        with self._writing() as connection:
            return verdicts.verdict(connection, verdict_id)

    def holding(self, article_ids: Collection[int]) -> tuple[Verdict, ...]:
        """See the port."""
        with self._writing() as connection:
            return verdicts.holding(connection, article_ids)

    def later_verdict(
        self, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]
    ) -> VerdictRecord | None:
        """See the port."""
        with self._writing() as connection:
            return verdicts.later_verdict(connection, verdict_id, article_ids, event_ids)

    def said_since(self, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]) -> bool:
        """See the port."""
        with self._writing() as connection:
            return verdicts.said_since(connection, verdict_id, article_ids, event_ids)

    def open_event(self, facts: EventFacts, origin: EventOrigin, now: datetime) -> str:
        """See the port."""
        gathered = Gathered(facts.people, facts.numbers, facts.languages)
        with self._writing() as connection:
            event_id = open_event(connection, Opening(facts.title, origin), happening_of(facts), gathered, now)
            put_facts(connection, event_id, facts, now)
            list_anew(connection, [event_id])
            return event_id

    def add_article(self, intent: IngestIntent, article: ArticleData) -> int:
        """See the port."""
        with self._writing() as connection:
            return articles.apply(connection, intent, article, None, None).article_id

    def adopt(self, article_id: int, intent: IngestIntent) -> tuple[str, ...]:
        """See the port."""
        with self._writing() as connection:
            return _adopt(connection, article_id, intent)

    def carry_out(self, effects: Effects, why: str, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            carry_out(connection, effects, why, now)

    def log(self, event_id: str, changes: Sequence[ChangeIntent], article_id: int | None, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            log_changes(connection, event_id, changes, article_id, now)

    def last_seq(self) -> int:
        """See the port."""
        with self._writing() as connection:
            return connection.scalar(select(func.max(t.event_change.c.seq))) or 0

    def is_passed(self, seq: int) -> bool:
        """See the port."""
        with self._writing() as connection:
            return (connection.scalar(select(func.max(t.digest.c.to_seq))) or 0) >= seq

    def silence(self, first_seq: int, last_seq: int) -> None:
        """See the port."""
        with self._writing() as connection:
            lines = update(t.event_change).where(t.event_change.c.seq.between(first_seq, last_seq))
            connection.execute(lines.values(announce=False))

    def keep(self, verdict_id: int, payload: Payload, event_id: str | None = None) -> None:
        """See the port."""
        values = {"payload": encode(payload)} | ({"event_id": event_id} if event_id is not None else {})
        with self._writing() as connection:
            connection.execute(update(t.verdict).where(t.verdict.c.id == verdict_id).values(values))

    def take_back(self, verdict_id: int, by: str, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            said = (t.verdict.c.id == verdict_id) | (t.verdict.c.cause_id == verdict_id)
            connection.execute(update(t.verdict).where(said).values(undone_at=now, undone_by=by))


def _adopt(connection: Connection, article_id: int, intent: IngestIntent) -> tuple[str, ...]:
    row = connection.execute(select(t.article).where(t.article.c.id == article_id)).mappings().one()
    given = update(t.article).where(t.article.c.id == article_id)
    reason = drop_reason(intent.label, intent.understanding.assessment, is_copy=intent.copy_of is not None)
    values = {"label": intent.label.value, "drop_reason": reason, "known_seed": intent.known_seed or row["known_seed"]}
    connection.execute(given.values(values))
    latest = (t.revision.c.article_id == article_id) & (t.revision.c.number == row["revision"])
    revision_id = select(t.revision.c.id).where(latest).scalar_subquery()
    recorded = update(t.assessment).where(t.assessment.c.revision_id == revision_id)
    connection.execute(recorded.values(record=encode(intent.record)))
    told = intent.understanding.article
    return tuple(articles.put_event(connection, one, article_id, intent, told) for one in intent.events)
