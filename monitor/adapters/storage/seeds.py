"""Seeds: known documents as articles without text, with their events, expectations and partnerships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.adapters.storage import search
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.events import Gathered, Opening, link_article, log_changes, open_event, update_event
from monitor.adapters.storage.fingerprints import put_fingerprint
from monitor.adapters.storage.listing import list_anew
from monitor.adapters.storage.partnerships import tell_partnership
from monitor.adapters.storage.seating import Seating, own_seats
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.model.articles import Origin, TextPath
from monitor.domain.model.events import ChangeIntent, ChangeKind, EventOrigin, Happening, Role
from monitor.domain.model.seeds import SeedRecord
from monitor.domain.text import fold

SEED_RULES = "seed"  # the rule version of what was not judged but told
WHY = "told by the seed"


def seed_shas(connection: Connection) -> Mapping[str, str]:
    """See the port."""
    return dict(connection.execute(select(t.seed.c.key, t.seed.c.record_sha)).all())


def put_seed(
    connection: Connection, record: SeedRecord, record_sha: str, now: datetime, seating: Seating = own_seats
) -> None:
    """See the port. Only under the archive's lock.

    The article stands under an address of its own, "seed:KEY": the page at the seed's address, once it is read, is a
    text like any other and recognised by the fingerprint, which no later state of that page can overwrite.
    """
    before = connection.execute(select(t.seed).where(t.seed.c.key == record.key)).mappings().first()
    article_id = _put_article(connection, record, now)
    put_fingerprint(connection, article_id, record.fingerprint)
    event_ids = _put_events(connection, record, article_id, list(before["event_ids"]) if before else [], now)
    for one in record.partnerships:
        tell_partnership(connection, one, now, record.key, seating)
    said = {
        "record_sha": record_sha,
        "record": encode(record),
        "article_id": article_id,
        "event_ids": event_ids,
        "loaded_at": now,
    }
    insert_or_update(connection, t.seed, {"key": record.key}, said)


# ---------------------------------------------------------------- the article


def _put_article(connection: Connection, record: SeedRecord, now: datetime) -> int:
    url_key = f"seed:{record.key}"
    said = {
        "url": record.url or url_key,
        "title": record.title,
        "language": record.language,
        "published_on": record.published_on,
        "last_seen_at": now,
        "label": record.label.value,
        "known_seed": record.key,
    }
    fixed = {
        "origin": Origin.SEED.value,
        "baseline": True,
        "first_seen_at": now,
        "revision": 1,
        "score": 1.0,
        "scope": "none",
    }
    is_new = connection.scalar(select(t.article.c.id).where(t.article.c.url_key == url_key)) is None
    insert_or_update(connection, t.article, {"url_key": url_key}, said, only_new=fixed)
    article_id = connection.scalars(select(t.article.c.id).where(t.article.c.url_key == url_key)).one()
    _put_revision(connection, article_id, record, now)
    search.put(connection, article_id, record.title, record.summary, is_new=is_new)
    return article_id


def _put_revision(connection: Connection, article_id: int, record: SeedRecord, now: datetime) -> None:
    connection.execute(delete(t.revision).where(t.revision.c.article_id == article_id))
    statement = insert(t.revision).values(
        article_id=article_id,
        number=1,
        path=TextPath.GIVEN.value,
        title=record.title,
        text="",
        language=record.language,
        published_on=record.published_on,
        notes=[],
        made_at=now,
    )
    revision_id = connection.execute(statement.returning(t.revision.c.id)).scalar_one()
    connection.execute(
        insert(t.assessment).values(
            revision_id=revision_id,
            label=record.label.value,
            score=1.0,
            scope="none",
            rule_version=SEED_RULES,
            reasons=[],
            record=[],
            decided_at=now,
        )
    )


# ---------------------------------------------------------------- its events


def _put_events(
    connection: Connection, record: SeedRecord, article_id: int, before: Sequence[str], now: datetime
) -> list[str]:
    """The main event where there is one, then the expectations; each keeps the id it had at that place."""
    told = ([record.happening] if record.happening is not None else []) + list(record.expected)
    kept = list(before) if _has_main(connection, before) == (record.happening is not None) else []
    ids = []
    for number, happening in enumerate(told):
        is_main = number == 0 and record.happening is not None
        if number < len(kept):
            event_id = kept[number]
            _revise(connection, event_id, happening, record, is_main, now)
        else:
            event_id = _open(connection, happening, record, is_main, now)
        link_article(connection, event_id, article_id, Role.SEED if is_main else Role.ANNOUNCES, WHY, None, now)
        ids.append(event_id)
    list_anew(connection, ids)
    return ids


def _has_main(connection: Connection, ids: Sequence[str]) -> bool:
    """Whether the first of a seed's events is the one it tells, not one it announces."""
    statement = select(t.event.c.seed_key).where(t.event.c.id.in_(ids[:1]))
    return connection.scalar(statement) is not None


def _open(connection: Connection, happening: Happening, record: SeedRecord, is_main: bool, now: datetime) -> str:
    opening = Opening(record.title, EventOrigin.SEED, seed_key=record.key if is_main else None)
    event_id = open_event(connection, opening, happening, _gathered(record, is_main), now)
    change = ChangeIntent(ChangeKind.OPENED, announce=False, after=happening.status.value)
    log_changes(connection, event_id, [change], None, now)
    return event_id


def _revise(
    connection: Connection, event_id: str, happening: Happening, record: SeedRecord, is_main: bool, now: datetime
) -> None:
    """A seed's corrected record corrects its event, unless the news has told more of it since."""
    others = connection.scalar(
        select(func.count())
        .select_from(t.event_article)
        .join(t.article, t.article.c.id == t.event_article.c.article_id)
        .where(t.event_article.c.event_id == event_id, t.article.c.origin != Origin.SEED.value)
    )
    merged_into, pins = connection.execute(
        select(t.event.c.merged_into, t.event.c.pins).where(t.event.c.id == event_id)
    ).one()
    if others or merged_into is not None or pins:  # what a person corrected stays so
        return
    fresh = {"title": record.title, "people": [], "numbers": [], "languages": [], "countries": []}
    connection.execute(update(t.event).where(t.event.c.id == event_id).values(fresh))
    update_event(connection, event_id, happening, _gathered(record, is_main), now)
    log_changes(connection, event_id, [ChangeIntent(ChangeKind.EDITED, announce=False)], None, now)


def tell_anew(connection: Connection) -> None:
    """Let the events of all seeds say no more than their records, but those that a person shaped: for a replay."""
    for seed in connection.execute(select(t.seed).order_by(t.seed.c.key)).mappings():
        record = decode(SeedRecord, seed["record"])
        told = ([record.happening] if record.happening is not None else []) + list(record.expected)
        for number, (event_id, happening) in enumerate(zip(seed["event_ids"], told, strict=False)):
            is_main = number == 0 and record.happening is not None
            _revise(connection, event_id, happening, record, is_main, seed["loaded_at"])


def _gathered(record: SeedRecord, is_main: bool) -> Gathered:
    """People and figures belong to the event that the document is about, not to what it announces."""
    languages = frozenset({record.language})
    if not is_main:
        return Gathered(languages=languages)
    people = frozenset(fold(person.name) for person in record.people)
    return Gathered(people, frozenset(record.numbers), languages)
