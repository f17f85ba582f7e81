"""Writing what was decided of an article, in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from monitor.adapters.storage import search
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import encode
from monitor.adapters.storage.events import (
    Gathered,
    Opening,
    link_article,
    live_ids,
    log_changes,
    open_event,
    update_event,
)
from monitor.adapters.storage.fingerprints import put_fingerprint
from monitor.adapters.storage.listing import list_anew
from monitor.domain.dropping import drop_reason
from monitor.domain.model.articles import Applied, ArticleData, ArticleForDecision, IngestIntent
from monitor.domain.model.events import ChangeIntent, ChangeKind, EventIntent, EventOrigin, Role
from monitor.domain.text import fold

MAX_REVISIONS = 20  # design section 3; from then on only the latest is replaced

# Built once: building a statement costs more than running it.
_BY_URL_KEY = select(t.article).where(t.article.c.url_key == bindparam("url_key"))
_NEW_ARTICLE = insert(t.article).returning(t.article.c.id)
_NEW_REVISION = insert(t.revision).returning(t.revision.c.id)
_NEW_MENTION = insert(t.mention)
_NEW_ASSESSMENT = insert(t.assessment)


def apply(
    connection: Connection, intent: IngestIntent, article: ArticleData, capture_id: int | None, source_key: str | None
) -> Applied:
    """See the port. Only under the archive's lock."""
    url_key = intent.understanding.article.url_key
    before = connection.execute(_BY_URL_KEY, {"url_key": url_key}).mappings().first()
    if before is not None and intent.unchanged:
        return _visited(connection, before, intent)
    number = 1 if before is None else min(before["revision"] + 1, MAX_REVISIONS)
    article_id = _put_article(connection, before, number, intent, article, source_key)
    _put_revision(connection, article_id, number, intent, article, capture_id)
    put_fingerprint(connection, article_id, intent.understanding.fingerprint)
    search.put(connection, article_id, article.title, article.text, is_new=before is None)
    event_ids = tuple(put_event(connection, one, article_id, intent, article) for one in intent.events)
    for released in intent.released_event_ids:
        release(connection, released, article_id, intent.decided_at)
    return Applied(article_id, event_ids, number)


def redo(
    connection: Connection,
    article_id: int,
    revision_id: int,
    number: int,
    intent: IngestIntent,
    article: ArticleData,
) -> None:
    """Write anew what is decided of a stored revision of which nothing is decided yet: in the shadow of a replay."""
    values = _told(intent, article) | {"revision": number}
    connection.execute(update(t.article).where(t.article.c.id == article_id).values(values))
    connection.execute(update(t.revision).where(t.revision.c.id == revision_id).values(_extracted(article)))
    _put_mentions(connection, revision_id, intent)
    _put_assessment(connection, revision_id, intent)
    put_fingerprint(connection, article_id, intent.understanding.fingerprint)
    for one in intent.events:
        put_event(connection, one, article_id, intent, article)
    for released in intent.released_event_ids:
        release(connection, released, article_id, intent.decided_at)


def _visited(connection: Connection, before: RowMapping, intent: IngestIntent) -> Applied:
    """The same text again: nothing new but the visit."""
    article_id = before["id"]
    connection.execute(update(t.article).where(t.article.c.id == article_id).values(last_seen_at=intent.decided_at))
    linked = connection.scalars(
        select(t.event_article.c.event_id)
        .where(t.event_article.c.article_id == article_id)
        .order_by(t.event_article.c.linked_at, t.event_article.c.event_id)
    ).all()
    event_ids = tuple(one.event_id or (linked[0] if linked else "") for one in intent.events)
    return Applied(article_id, event_ids, before["revision"])


# ---------------------------------------------------------------- the article


def _put_article(
    connection: Connection,
    before: RowMapping | None,
    number: int,
    intent: IngestIntent,
    article: ArticleData,
    source_key: str | None,
) -> int:
    given = intent.understanding.article
    values: dict[str, Any] = {
        "url": given.url,
        "last_seen_at": intent.decided_at,
        "revision": number,
        **_told(intent, article),
    }
    if before is not None:
        connection.execute(update(t.article).where(t.article.c.id == before["id"]).values(values))
        return int(before["id"])
    values |= {
        "url_key": given.url_key,
        "origin": given.origin.value,
        "source_key": source_key,
        "baseline": given.baseline,
        "first_seen_at": intent.decided_at,
    }
    return connection.execute(_NEW_ARTICLE, values).scalar_one()


def _told(intent: IngestIntent, article: ArticleData) -> dict[str, Any]:
    return {
        "title": article.title,
        "language": article.language,
        "author": article.author,
        "site_name": article.site_name,
        "published_on": article.published_on,
        **_decision(intent),
    }


def _decision(intent: IngestIntent) -> dict[str, Any]:
    assessment, copy = intent.understanding.assessment, intent.copy_of
    return {
        "label": intent.label.value,
        "drop_reason": drop_reason(intent.label, assessment, is_copy=copy is not None),
        "score": assessment.score,
        "scope": assessment.scope,
        "copy_of_id": copy.article_id if copy else None,
        "copy_kind": copy.kind.value if copy else None,
        "known_seed": intent.known_seed,
    }


def _put_revision(
    connection: Connection,
    article_id: int,
    number: int,
    intent: IngestIntent,
    article: ArticleData,
    capture_id: int | None,
) -> None:
    if number == MAX_REVISIONS:
        connection.execute(
            delete(t.revision).where(t.revision.c.article_id == article_id, t.revision.c.number == number)
        )
    values = {
        "article_id": article_id,
        "number": number,
        "capture_id": capture_id,
        "made_at": intent.decided_at,
        **_extracted(article),
    }
    revision_id = connection.execute(_NEW_REVISION, values).scalar_one()
    _put_mentions(connection, revision_id, intent)
    _put_assessment(connection, revision_id, intent)


def _extracted(article: ArticleData) -> dict[str, Any]:
    return {
        "path": article.path.value,
        "fallback": article.fallback.value if article.fallback else None,
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "author": article.author,
        "site_name": article.site_name,
        "published_on": article.published_on,
        "published_at": article.published_at,
        "canonical_url": article.canonical_url,
        "notes": list(article.notes),
    }


def _put_mentions(connection: Connection, revision_id: int, intent: IngestIntent) -> None:
    rows = [
        {
            "revision_id": revision_id,
            "position": position,
            "starts": one.start,
            "ends": one.end,
            "surface": one.surface,
            "place_id": one.place_id,
            "country": one.country,
            "kind": one.kind.value if one.kind else None,
            "confidence": one.confidence,
            "candidates": list(one.candidates),
        }
        for position, one in enumerate(intent.understanding.mentions)
    ]
    if rows:
        connection.execute(_NEW_MENTION, rows)


def _put_assessment(connection: Connection, revision_id: int, intent: IngestIntent) -> None:
    assessment = intent.understanding.assessment
    values = {
        "revision_id": revision_id,
        "label": assessment.label.value,
        "score": assessment.score,
        "scope": assessment.scope,
        "rule_version": assessment.rule_version,
        "reasons": encode(assessment.reasons),
        "record": encode(intent.record),
        "decided_at": intent.decided_at,
    }
    connection.execute(_NEW_ASSESSMENT, values)


# ---------------------------------------------------------------- its events


def put_event(
    connection: Connection,
    told: EventIntent,
    article_id: int,
    intent: IngestIntent,
    article: ArticleData | ArticleForDecision,
) -> str:
    """Open or update the event that an article tells, link it and log what changed; the event's id."""
    now, gathered = intent.decided_at, _gathered(intent, article)
    if told.event_id is None:
        opening = Opening(
            article.title,
            told.origin,
            part_of=told.part_of,
            perhaps_same_as=told.perhaps_same_as,
            event_id=told.fulfils,
        )
        event_id = open_event(connection, opening, told.happening, gathered, now)
    else:
        event_id = live_ids(connection, [told.event_id])[told.event_id]
        reopen_withdrawn(connection, event_id)
        if told.role is not Role.COPY:
            update_event(connection, event_id, told.happening, gathered, now)
    link_article(connection, event_id, article_id, told.role, told.why, told.score, now)
    log_changes(connection, event_id, told.changes, article_id, now)
    list_anew(connection, [event_id])
    return event_id


def _gathered(intent: IngestIntent, article: ArticleData | ArticleForDecision) -> Gathered:
    facts = intent.understanding.facts
    return Gathered(
        people=frozenset(fold(person.name) for person in facts.people),
        numbers=frozenset(facts.numbers),
        languages=frozenset({article.language} if article.language else ()),
    )


def reopen_withdrawn(connection: Connection, event_id: str) -> None:
    """An event that was closed when its last report was edited is open again once one tells it."""
    without = t.event.c.id.not_in(select(t.event_article.c.event_id).where(t.event_article.c.event_id == event_id))
    empty = (t.event.c.id == event_id) & t.event.c.closed_at.is_not(None) & without
    connection.execute(update(t.event).where(empty).values(closed_at=None))


def release(connection: Connection, event_id: str, article_id: int, now: datetime) -> None:
    """Take an article from an event that it no longer tells. The oldest copy of its text, if any, is the report then;
    an event that no article tells any more is closed, unless a person added it.
    """
    live = live_ids(connection, [event_id]).get(event_id, event_id)
    columns = t.event_article.c
    there = (columns.event_id == live) & (columns.article_id == article_id)
    if not connection.execute(delete(t.event_article).where(there)).rowcount:
        return
    log_changes(connection, live, [ChangeIntent(ChangeKind.WITHDRAWN, announce=False)], article_id, now)
    left = connection.execute(
        select(columns.article_id, columns.role).where(columns.event_id == live).order_by(columns.article_id)
    ).all()
    event = t.event.c
    if not left:
        empty = (event.id == live) & (event.origin != EventOrigin.HAND.value)
        connection.execute(update(t.event).where(empty).values(closed_at=now))
    elif all(role == Role.COPY.value for _, role in left):
        oldest = (columns.event_id == live) & (columns.article_id == left[0].article_id)
        connection.execute(update(t.event_article).where(oldest).values(role=Role.REPORT.value))
    list_anew(connection, [live])
