"""What the pages of partnerships, the calendar and the dossier read: each part in one query, however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, case, extract, func, or_, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.events import IDS_A_QUERY, in_batches, load_events
from monitor.adapters.storage.material import SOURCE_NAME, read_report
from monitor.domain.model.activity import Activity, ArticleText, Telling
from monitor.domain.model.calendar import CalendarEvent
from monitor.domain.model.digests import ReportLink
from monitor.domain.model.events import EXPECTED, ChangeKind, EventKind, EventStatus, KnownEvent, Person, Role
from monitor.domain.model.places import Mention, PlaceKind
from monitor.domain.model.seeds import SeedRecord

MAX_TEXTS = 50
MAX_CALENDAR = 2_000
MAX_TELLINGS = 20  # of one event, on average

_OFF = frozenset({EventStatus.CANCELLED, EventStatus.DENIED})
_MOVES = (ChangeKind.STATUS.value, ChangeKind.DATE.value, ChangeKind.EDITED.value, ChangeKind.PARTICIPANTS.value)


# ---------------------------------------------------------------- events of partnerships


def partnership_events(connection: Connection, key: str, limit: int) -> tuple[KnownEvent, ...]:
    """See the port."""
    row = t.partnership_event.c
    meant = select(t.partnership.c.id).where(t.partnership.c.key == key).scalar_subquery()
    newest = (
        select(row.event_id)
        .where(row.partnership_id == meant)
        .order_by(row.sort_on.desc(), row.event_id.desc())
        .limit(limit)
    )
    found: list[KnownEvent] = []
    for ids in in_batches(connection.scalars(newest).all()):
        found += load_events(connection, ids)
    return tuple(found)


def activities(connection: Connection, today: date) -> Mapping[str, Activity]:
    """See the port."""
    row = t.partnership_event.c
    year = extract("year", row.starts_on)
    is_past = case((row.starts_on <= today, 1), else_=0)
    statement = (
        select(row.partnership_id, year, is_past, func.count(), func.max(row.ends_on))
        .where(row.status == EventStatus.HAPPENED.value)
        .group_by(row.partnership_id, year, is_past)
    )
    told: dict[int, list[tuple[int | None, int, int, date]]] = defaultdict(list)
    for partnership_id, *counted in connection.execute(statement):
        told[partnership_id].append(tuple(counted))
    keys = dict(connection.execute(select(t.partnership.c.id, t.partnership.c.key)).all())
    return {keys[one]: _activity(rows, today) for one, rows in told.items()}


def _activity(rows: Sequence[tuple[int | None, int, int, date]], today: date) -> Activity:
    by_year: dict[int, int] = {}
    last: date | None = None
    for year, is_past, number, ends_on in rows:
        if is_past and year is not None:
            by_year[year] = number
            last = max(last or date.min, min(ends_on, today))
    return Activity(last, sum(number for _, _, number, _ in rows), by_year)


def kinds_in_year(connection: Connection, year: int) -> Mapping[str, Mapping[EventKind, int]]:
    """See the port."""
    row = t.partnership_event.c
    statement = (
        select(t.partnership.c.key, row.kind, func.count())
        .join(t.partnership, t.partnership.c.id == row.partnership_id)
        .where(row.status == EventStatus.HAPPENED.value, row.kind.is_not(None))
        .where(row.starts_on >= date(year, 1, 1), row.starts_on <= date(year, 12, 31))
        .group_by(t.partnership.c.key, row.kind)
    )
    found: dict[str, dict[EventKind, int]] = defaultdict(dict)
    for key, kind, number in connection.execute(statement):
        found[key][EventKind(kind or "")] = number
    return found


def partnerships_state(connection: Connection) -> str:
    """Their number by state, and when one was last written."""
    columns = t.partnership.c
    counted = select(columns.state, func.count()).group_by(columns.state).order_by(columns.state)
    by_state = " ".join(f"{state}:{number}" for state, number in connection.execute(counted))
    return f"{by_state} {connection.scalar(select(func.max(columns.updated_at)))}"


def relations_state(connection: Connection) -> str:
    """The ends of the logs and tables that relations are reckoned from."""
    ends = (
        select(func.max(t.event_change.c.seq)),
        select(func.max(t.expectation.c.computed_at)),
        select(func.max(t.expectation.c.settled_at)),
        select(func.max(t.health_change.c.id)),
    )
    return " ".join((partnerships_state(connection), *(str(connection.scalar(one)) for one in ends)))


# ---------------------------------------------------------------- who told them


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# Of all columns of an article only what is told: a busy partnership has thousands of them. They are sorted afterwards,
# for the same reason.
_TELLINGS = (
    select(
        t.event_article.c.event_id,
        t.event_article.c.role,
        t.article.c.id,
        t.article.c.title,
        t.article.c.url,
        t.article.c.language,
        t.article.c.published_on,
        t.article.c.site_name,
        t.article.c.source_key,
    )
    .join(t.article, t.article.c.id == t.event_article.c.article_id)
    .where(t.event_article.c.event_id.in_(_IDS), t.article.c.url.like("http%"))
    .limit(MAX_TELLINGS * IDS_A_QUERY)
)


def tellings(connection: Connection, event_ids: Sequence[str]) -> tuple[Telling, ...]:
    """Articles that report these events, with what their sources speak for, newest first."""
    rows = [row for ids in in_batches(event_ids) for row in connection.execute(_TELLINGS, {"ids": ids}).all()]
    speaking = _speaking(connection, {row.source_key for row in rows if row.source_key is not None})
    found = [
        Telling(
            event_id,
            ReportLink(article_id, title, url, name or site_name or key or "", language, published_on),
            key,
            trust,
            place_id,
            role == Role.COPY.value,
        )
        for event_id, role, article_id, title, url, language, published_on, site_name, key in rows
        for name, trust, place_id in (speaking.get(key or "", _UNKNOWN),)
    ]
    return tuple(sorted(found, key=lambda one: one.report.article_id, reverse=True))


_UNKNOWN: tuple[str | None, int | None, str | None] = (None, None, None)  # a source that is gone


def _speaking(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[str | None, int | None, str | None]]:
    """Of sources by key their name, what they are, and for whom they speak."""
    source = t.source.c
    found: dict[str, tuple[str | None, int | None, str | None]] = {}
    for batch in in_batches(sorted(keys)):
        told = select(source.key, source.name, source.trust, source.place_id).where(source.key.in_(batch))
        found |= {key: (name, trust, place_id) for key, name, trust, place_id in connection.execute(told)}
    return found


def report_links(connection: Connection, article_ids: Collection[int]) -> Mapping[int, ReportLink]:
    """How to name these articles, by id; unknown ones are left out."""
    found: dict[int, ReportLink] = {}
    for ids in in_batches(sorted(article_ids)):
        statement = (
            select(t.article, SOURCE_NAME)
            .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
            .where(t.article.c.id.in_(ids))
        )
        found |= {row["id"]: read_report(row) for row in connection.execute(statement).mappings()}
    return found


def texts(connection: Connection, article_ids: Sequence[int]) -> tuple[ArticleText, ...]:
    """The latest text of these articles with the places found in it, in the order of the ids."""
    ids = list(dict.fromkeys(article_ids))[:MAX_TEXTS]
    if not ids:
        return ()
    revision = t.revision.c
    statement = (
        select(t.article, SOURCE_NAME, revision.id.label("revision_id"), revision.text)
        .join(t.revision, (revision.article_id == t.article.c.id) & (revision.number == t.article.c.revision))
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
        .where(t.article.c.id.in_(ids))
    )
    rows = {row["id"]: row for row in connection.execute(statement).mappings()}
    mentions = _mentions(connection, [row["revision_id"] for row in rows.values()])
    return tuple(_article_text(rows[one], mentions) for one in ids if one in rows)


def _article_text(row: RowMapping, mentions: Mapping[int, Sequence[Mention]]) -> ArticleText:
    return ArticleText(
        article_id=row["id"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        published_on=row["published_on"],
        mentions=tuple(mentions.get(row["revision_id"], ())),
        report=read_report(row),
    )


def _mentions(connection: Connection, revision_ids: Sequence[int]) -> Mapping[int, Sequence[Mention]]:
    columns = t.mention.c
    statement = select(t.mention).where(columns.revision_id.in_(revision_ids)).order_by(columns.position)
    found: dict[int, list[Mention]] = defaultdict(list)
    for row in connection.execute(statement).mappings():
        found[row["revision_id"]].append(
            Mention(
                start=row["starts"],
                end=row["ends"],
                surface=row["surface"],
                place_id=row["place_id"],
                country=row["country"],
                kind=PlaceKind(row["kind"]) if row["kind"] else None,
                confidence=row["confidence"],
                candidates=tuple(row["candidates"]),
            )
        )
    return found


def seed_people(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[Person, ...]]:
    """Whom these seeds name, by key."""
    statement = select(t.seed.c.key, t.seed.c.record).where(t.seed.c.key.in_(sorted(keys)[:IDS_A_QUERY]))
    return {key: decode(SeedRecord, record).people for key, record in connection.execute(statement)} if keys else {}


def seed_links(connection: Connection, keys: Collection[str]) -> Mapping[str, ReportLink]:
    """The documents that these seeds stand for, by key."""
    if not keys:
        return {}
    statement = (
        select(t.seed.c.key.label("seed_key"), t.article, SOURCE_NAME)
        .join(t.article, t.article.c.id == t.seed.c.article_id)
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
        .where(t.seed.c.key.in_(sorted(keys)[:IDS_A_QUERY]))
    )
    return {row["seed_key"]: read_report(row) for row in connection.execute(statement).mappings()}


# ---------------------------------------------------------------- the calendar


def calendar_events(connection: Connection, first: date, last: date) -> tuple[CalendarEvent, ...]:
    """Events that are or were announced for these days, by day: also what was called off, and what has come."""
    event, change = t.event.c, t.event_change.c
    was_announced = select(change.event_id).where(change.event_id == event.id, change.kind == ChangeKind.STATUS.value)
    moves = (
        select(func.count())
        .where(change.event_id == event.id, change.kind.in_(_MOVES))
        .correlate(t.event)
        .scalar_subquery()
    )
    ahead = sorted(one.value for one in EXPECTED | _OFF)
    statement = (
        select(event.id, event.updated_at, moves.label("moves"))
        .where(
            event.starts_on <= last,
            event.ends_on >= first,
            event.starts_on >= date(first.year - 1, 1, 1),  # a season or year that has begun
            or_(
                event.status.in_(ahead),
                (event.status == EventStatus.HAPPENED.value) & was_announced.correlate(t.event).exists(),
            ),
            event.merged_into.is_(None),
            event.closed_at.is_(None),
        )
        .order_by(event.starts_on, event.id)
        .limit(MAX_CALENDAR)
    )
    rows = {row.id: row for row in connection.execute(statement)}
    found: list[KnownEvent] = []
    for ids in in_batches(rows):
        found += load_events(connection, ids)
    return tuple(CalendarEvent(one, rows[one.id].moves, rows[one.id].updated_at) for one in found)
