"""What the pages of partnerships, the calendar and the dossier read: each part in one query, however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Integer, RowMapping, String, column, func, or_, select, values

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode
from monitor.adapters.storage.events import IDS_A_QUERY, in_batches, load_events
from monitor.adapters.storage.material import SOURCE_NAME, read_report
from monitor.domain.model.activity import ArticleText, EventPresence, Telling
from monitor.domain.model.calendar import CalendarEvent
from monitor.domain.model.digests import ReportLink
from monitor.domain.model.events import EXPECTED, ChangeKind, EventKind, EventStatus, KnownEvent, Person, Role
from monitor.domain.model.places import Mention, PlaceKind
from monitor.domain.model.seeds import SeedRecord

MAX_TEXTS = 50
MAX_CALENDAR = 2_000
MAX_TELLINGS = 20  # of one event, on average
SOME_PLACES = 2_000  # up to so many are named in the query; beyond that all events are read

_OFF = frozenset({EventStatus.CANCELLED, EventStatus.DENIED})
_MOVES = (ChangeKind.STATUS.value, ChangeKind.DATE.value, ChangeKind.EDITED.value, ChangeKind.PARTICIPANTS.value)


# ---------------------------------------------------------------- events of sides


def shared_events(connection: Connection, sides: Sequence[Collection[str]], limit: int) -> tuple[KnownEvent, ...]:
    """Live events in which at least two of the sides take part, newest first."""
    rows = [(number, one) for number, side in enumerate(sides) for one in sorted(side)]
    if len({number for number, _ in rows}) < 2:
        return ()
    stands = values(column("side", Integer), column("place_id", String), name="stands").data(rows).cte()
    taking = t.event_participant.c
    both = (
        select(taking.event_id)
        .join(stands, stands.c.place_id == taking.place_id)
        .group_by(taking.event_id)
        .having(func.count(func.distinct(stands.c.side)) > 1)
    )
    event = t.event.c
    newest = (
        select(event.id)
        .where(event.id.in_(both), event.merged_into.is_(None), event.closed_at.is_(None))
        .order_by(event.sort_on.desc(), event.id)
        .limit(limit)
    )
    found: list[KnownEvent] = []
    for ids in in_batches(connection.scalars(newest).all()):
        found += load_events(connection, ids)
    return tuple(found)


def presences(
    connection: Connection, place_ids: Collection[str] | None, first: date | None, last: date | None
) -> tuple[EventPresence, ...]:
    """Who takes part in live events, by event; of all places, or of these, in a stretch of time where one is given."""
    taking, event, kind = t.event_participant.c, t.event.c, t.event_kind.c
    statement = (
        select(taking.event_id, taking.place_id, taking.starts_on, taking.ends_on, event.status, kind.kind)
        .join(t.event, event.id == taking.event_id)
        .join(t.event_kind, (kind.event_id == taking.event_id) & (kind.position == 0))
        .where(event.merged_into.is_(None), event.closed_at.is_(None))
        .order_by(taking.event_id)
    )
    if place_ids is not None and len(place_ids) <= SOME_PLACES:
        statement = statement.where(taking.place_id.in_(sorted(place_ids)))
    if first is not None and last is not None:
        statement = statement.where(taking.starts_on >= first, taking.starts_on <= last)
    statuses, kinds = {one.value: one for one in EventStatus}, {one.value: one for one in EventKind}
    return tuple(
        EventPresence(event_id, place_id, starts_on, ends_on, statuses[status], kinds[main])
        for event_id, place_id, starts_on, ends_on, status, main in connection.execute(statement)
    )


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


def tellings(connection: Connection, event_ids: Sequence[str]) -> tuple[Telling, ...]:
    """Articles that report these events, with what their sources speak for, newest first."""
    found: list[Telling] = []
    for ids in in_batches(event_ids):
        statement = (
            select(
                t.event_article.c.event_id,
                t.event_article.c.role,
                t.article,
                SOURCE_NAME,
                t.source.c.trust,
                t.source.c.place_id,
            )
            .join(t.article, t.article.c.id == t.event_article.c.article_id)
            .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
            .where(t.event_article.c.event_id.in_(ids), t.article.c.url.like("http%"))
            .order_by(t.article.c.id.desc())
            .limit(MAX_TELLINGS * IDS_A_QUERY)
        )
        found += [_telling(row) for row in connection.execute(statement).mappings()]
    return tuple(found)


def _telling(row: RowMapping) -> Telling:
    return Telling(
        event_id=row["event_id"],
        report=read_report(row),
        source_key=row["source_key"],
        trust=row["trust"],
        place_id=row["place_id"],
        is_copy=row["role"] == Role.COPY.value,
    )


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
