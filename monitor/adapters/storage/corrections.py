"""Articles and events as a correction finds them, and writing what it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from monitor.adapters.storage import articles, verdicts
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import read_assessment
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.events import (
    Gathered,
    Opening,
    date_range,
    live_ids,
    load_events,
    log_changes,
    open_event,
    put_facts,
)
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.event_facts import happening_of
from monitor.domain.model.articles import ArticleData, IngestIntent, Label, Origin, SourceContext, StageRecord
from monitor.domain.model.events import ChangeIntent, DateRange, EventOrigin, EventStatus, KnownEvent, Role, Verdict
from monitor.domain.model.review import (
    ArticleForReview,
    ArticleLink,
    ArticleStanding,
    Effects,
    EventFacts,
    EventForReview,
    FactsChange,
    LabelChange,
    Payload,
    VerdictRecord,
)
from monitor.domain.urls import host_of
from monitor.errors import NotFound

MAX_COPIES = 1_000  # of one text that a correction reaches

Writing = Callable[[], AbstractContextManager[Connection]]


class SqlCorrections:
    """Implements the port `Corrections` on the connection of a unit that holds the archive's lock."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    def article(self, article_id: int) -> ArticleForReview:
        """See the port."""
        with self._writing() as connection:
            return _article(connection, article_id)

    def event(self, event_id: str) -> EventForReview:
        """See the port."""
        with self._writing() as connection:
            return _event(connection, event_id)

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

    def open_event(self, facts: EventFacts, origin: EventOrigin, now: datetime) -> str:
        """See the port."""
        gathered = Gathered(facts.people, facts.numbers, facts.languages)
        with self._writing() as connection:
            event_id = open_event(connection, Opening(facts.title, origin), happening_of(facts), gathered, now)
            put_facts(connection, event_id, facts, now)
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
            _carry_out(connection, effects, why, now)

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

    def keep(self, verdict_id: int, payload: Payload) -> None:
        """See the port."""
        with self._writing() as connection:
            said = update(t.verdict).where(t.verdict.c.id == verdict_id)
            connection.execute(said.values(payload=encode(payload)))

    def take_back(self, verdict_id: int, by: str, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            said = (t.verdict.c.id == verdict_id) | (t.verdict.c.cause_id == verdict_id)
            connection.execute(update(t.verdict).where(said).values(undone_at=now, undone_by=by))


# ---------------------------------------------------------------- articles


def _article(connection: Connection, article_id: int) -> ArticleForReview:
    statement = select(t.article).where(t.article.c.id == article_id)
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"no article has the id {article_id}")
    latest = (t.revision.c.article_id == article_id) & (t.revision.c.number == row["revision"])
    revision = connection.execute(select(t.revision).where(latest)).mappings().one()
    judged = select(t.assessment).where(t.assessment.c.revision_id == revision["id"])
    standing, *copies = _standings(connection, [article_id, *_copy_ids(connection, article_id)])
    return ArticleForReview(
        standing=standing,
        url=row["url"],
        url_key=row["url_key"],
        title=revision["title"],
        text=revision["text"],
        language=row["language"],
        published_on=row["published_on"],
        first_seen_at=row["first_seen_at"],
        baseline=row["baseline"],
        origin=Origin(row["origin"]),
        source=_source(connection, row),
        assessment=read_assessment(connection.execute(judged).mappings().one()),
        copies=tuple(copies),
    )


def _source(connection: Connection, row: RowMapping) -> SourceContext:
    """As it stands now; a source that is gone is known by its key."""
    found = connection.execute(select(t.source).where(t.source.c.key == row["source_key"])).mappings().first()
    if found is None:
        return SourceContext(row["source_key"] or host_of(row["url"]) or Origin.FILE.value)
    return SourceContext(found["key"], found["language"], found["country"], found["trust"], found["about_relations"])


def _copy_ids(connection: Connection, article_id: int) -> list[int]:
    """Of its copies, and of theirs."""
    found: list[int] = []
    ring = [article_id]
    while ring and len(found) < MAX_COPIES:
        statement = select(t.article.c.id).where(t.article.c.copy_of_id.in_(ring)).order_by(t.article.c.id)
        ring = [one for one in connection.scalars(statement.limit(MAX_COPIES)) if one not in {article_id, *found}]
        found += ring
    return found[:MAX_COPIES]


def _standings(connection: Connection, article_ids: Sequence[int]) -> list[ArticleStanding]:
    links: dict[int, list[ArticleLink]] = defaultdict(list)
    for link in _links(connection, t.event_article.c.article_id.in_(article_ids)):
        links[link.article_id].append(link)
    chosen = select(t.article.c.id, t.article.c.label).where(t.article.c.id.in_(article_ids))
    labels = dict(connection.execute(chosen).all())
    return [ArticleStanding(one, Label(labels[one]), tuple(links[one])) for one in article_ids]


def _links(connection: Connection, condition: Any) -> list[ArticleLink]:
    columns = t.event_article.c
    rows = connection.execute(select(t.event_article).where(condition).order_by(columns.article_id, columns.event_id))
    return [
        ArticleLink(
            event_id=row["event_id"],
            article_id=row["article_id"],
            role=Role(row["role"]),
            why=row["why"],
            score=row["score"],
            linked_at=row["linked_at"],
        )
        for row in rows.mappings()
    ]


def _adopt(connection: Connection, article_id: int, intent: IngestIntent) -> tuple[str, ...]:
    row = connection.execute(select(t.article).where(t.article.c.id == article_id)).mappings().one()
    given = update(t.article).where(t.article.c.id == article_id)
    connection.execute(given.values(label=intent.label.value, known_seed=intent.known_seed or row["known_seed"]))
    latest = (t.revision.c.article_id == article_id) & (t.revision.c.number == row["revision"])
    revision_id = select(t.revision.c.id).where(latest).scalar_subquery()
    recorded = update(t.assessment).where(t.assessment.c.revision_id == revision_id)
    connection.execute(recorded.values(record=encode(intent.record)))
    told = intent.understanding.article
    return tuple(articles.put_event(connection, one, article_id, intent, told) for one in intent.events)


# ---------------------------------------------------------------- events


def _event(connection: Connection, event_id: str) -> EventForReview:
    live = live_ids(connection, [event_id]).get(event_id, event_id)
    row = connection.execute(select(t.event).where(t.event.c.id == live)).mappings().first()
    if row is None:
        raise NotFound(f"no event has the id {event_id!r}")
    [event] = load_events(connection, [live])
    lines = select(func.min(t.event_change.c.seq)).where(
        t.event_change.c.event_id == live, t.event_change.c.announce.is_(True)
    )
    first = connection.scalar(lines)
    told = select(t.digest.c.id).where(t.digest.c.content.is_not(None), t.digest.c.to_seq >= (first or 0)).limit(1)
    return EventForReview(
        event=event,
        facts=_facts(event, row),
        links=tuple(_links(connection, t.event_article.c.event_id == live)),
        was_told=first is not None and connection.scalar(told) is not None,
        is_audible=first is not None,
    )


def _facts(event: KnownEvent, row: RowMapping) -> EventFacts:
    return EventFacts(
        title=event.title,
        kinds=event.kinds,
        participants=event.participants,
        host_id=event.host_id,
        when=date_range(row),
        status=EventStatus(row["status"]),
        date_inferred=event.date_inferred,
        yearless=decode(DateRange, row["yearless"]) if row["yearless"] else None,
        ordinal=event.ordinal,
        series_key=event.series_key,
        countries=frozenset(row["countries"]),
        sentence=row["sentence"],
        people=event.people,
        numbers=event.numbers,
        languages=event.languages,
        seed_key=event.seed_key,
        part_of=event.part_of,
        pins=event.pins,
    )


# ---------------------------------------------------------------- effects


def _carry_out(connection: Connection, effects: Effects, why: str, now: datetime) -> None:
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
    _mark_closed(connection, _without_articles(connection, effects.closed), now)


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
    stands = _facts(event, row)
    values: dict[str, Any] = {}
    for one in fields(EventFacts):
        is_now = getattr(stands, one.name)
        before, after = getattr(change.before, one.name), getattr(change.after, one.name)
        values[one.name] = after if before != after and is_now == before else is_now
    put_facts(connection, change.event_id, EventFacts(**values), now)


def _relabel(connection: Connection, change: LabelChange, why: str) -> None:
    given = update(t.article).where(t.article.c.id == change.article_id, t.article.c.label == change.before.value)
    if not connection.execute(given.values(label=change.after.value)).rowcount:
        return
    latest = (
        select(t.assessment.c.revision_id, t.assessment.c.record)
        .join(t.revision, t.revision.c.id == t.assessment.c.revision_id)
        .where(t.revision.c.article_id == change.article_id)
        .order_by(t.revision.c.number.desc())
        .limit(1)
    )
    row = connection.execute(latest).mappings().one()
    record = [*row["record"], encode(StageRecord("label", change.after.value, detail=why))]
    connection.execute(
        update(t.assessment).where(t.assessment.c.revision_id == row["revision_id"]).values(record=record)
    )
