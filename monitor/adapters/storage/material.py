"""What a digest is composed of: the changes of its window, by event, and what is worth knowing beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.coverage import coverage
from monitor.adapters.storage.events import absorbed, in_batches, live_ids, load_events
from monitor.adapters.storage.origins import origins
from monitor.adapters.storage.review_waiting import WAITING_ARTICLE
from monitor.adapters.storage.subscriptions import last_seq, subscription_for_digest
from monitor.domain.independence import needs_confirmation
from monitor.domain.model.articles import Origin
from monitor.domain.model.digests import DigestMaterial, ReportLink, ReviewItem, SubscriptionForDigest, ToldEvent
from monitor.domain.model.events import EXPECTED, ChangeKind, EventChange, KnownEvent, Role

# Expectations are offered from so long before their window opens to so long after it has closed; what of them is told,
# and once only, is the digest's.
EXPECTED_FROM = timedelta(days=31)  # 30 days, and one for the reader's time zone
EXPECTED_UNTIL = timedelta(days=60)
LONGEST = timedelta(days=3 * 366)  # of an announced event, a programme say
MAX_EXPECTED = 500
MAX_REVIEW = 20
MAX_REPORTS = 20  # of one event
NEW_SUBSCRIPTION_LOOKS_BACK = timedelta(hours=24)

# Of an article, joined with its source where that is still known.
SOURCE_NAME = func.coalesce(t.source.c.name, t.article.c.site_name, t.article.c.source_key, "").label("source_name")


def digest_material(connection: Connection, subscription_id: int, now: datetime) -> DigestMaterial | None:
    """See the port."""
    subscription = subscription_for_digest(connection, subscription_id)
    if subscription is None:
        return None
    to_seq = max(last_seq(connection), subscription.last_seq)
    since = window_start(subscription, now)
    return DigestMaterial(
        subscription=subscription,
        to_seq=to_seq,
        events=told_between(connection, subscription.last_seq, to_seq),
        expected=_expected(connection, now),
        review=_review(connection, since),
        coverage=coverage(connection, since, now),
    )


def window_start(subscription: SubscriptionForDigest, now: datetime) -> datetime:
    """From when on coverage is told: the last digest; for a first one its creation, or a day where that is longer."""
    return subscription.last_composed_at or min(subscription.created_at, now - NEW_SUBSCRIPTION_LOOKS_BACK)


# ---------------------------------------------------------------- events


def told_between(
    connection: Connection, after_seq: int, to_seq: int, limit: int | None = None
) -> tuple[ToldEvent, ...]:
    """Events with changes to tell in the window, in the order of their first one; of a long window the last `limit`
    changes.
    """
    columns = t.event_change.c
    rows = connection.execute(
        select(t.event_change)
        .where(columns.seq > after_seq, columns.seq <= to_seq, columns.announce)
        .order_by(columns.seq.desc())
        .limit(limit)
    ).mappings()
    changes = [read_change(row) for row in rows][::-1]
    if limit is not None and len(changes) == limit:
        after_seq = changes[0].seq - 1  # what was cut off counts as told before
    live = live_ids(connection, {change.event_id for change in changes})
    by_event: dict[str, list[EventChange]] = defaultdict(list)
    for change in changes:
        by_event[live[change.event_id]].append(change)
    told: list[ToldEvent] = []
    for ids in in_batches(by_event):
        reports = load_reports(connection, ids)
        told_before = _told_before(connection, ids, after_seq, to_seq)
        perhaps = _perhaps_same_as(connection, ids)
        events = [one for one in load_events(connection, ids) if not one.is_closed]
        doubtful = [one.id for one in events if needs_confirmation(one.kinds, one.status)]
        come_from = origins(connection, doubtful)
        told += [
            ToldEvent(
                event=event,
                changes=tuple(by_event[event.id]),
                reports=tuple(link for link, _ in reports[event.id][:MAX_REPORTS]),
                scope=_first_scope(reports[event.id]),
                told_before=event.id in told_before,
                perhaps_same_as=perhaps.get(event.id),
                origins=come_from.get(event.id, ()),
            )
            for event in events
        ]
    return tuple(told)


def read_change(row: RowMapping) -> EventChange:
    """The change in a row."""
    return EventChange(
        seq=row["seq"],
        event_id=row["event_id"],
        kind=ChangeKind(row["kind"]),
        at=row["at"],
        announce=row["announce"],
        article_id=row["article_id"],
        before=row["before"],
        after=row["after"],
    )


def load_reports(
    connection: Connection, event_ids: Sequence[str], *, copies: bool = False
) -> Mapping[str, list[tuple[ReportLink, str]]]:
    """Of each event its reports (or its copies) with their scope, newest first; without seeds that have no address."""
    found: dict[str, list[tuple[ReportLink, str]]] = defaultdict(list)
    if not event_ids:
        return found
    role = t.event_article.c.role
    statement = (
        select(t.event_article.c.event_id, t.article, SOURCE_NAME)
        .join(t.article, t.article.c.id == t.event_article.c.article_id)
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
        .where(
            t.event_article.c.event_id.in_(event_ids),
            role == Role.COPY.value if copies else role != Role.COPY.value,
            (t.article.c.origin != Origin.SEED.value) | t.article.c.url.like("http%"),
        )
        .order_by(t.article.c.id.desc())
    )
    for row in connection.execute(statement).mappings():
        found[row["event_id"]].append((read_report(row), row["scope"]))
    return found


def read_report(row: RowMapping) -> ReportLink:
    """The link in a row of article with `source_name`."""
    return ReportLink(
        article_id=row["id"],
        title=row["title"],
        url=row["url"],
        source_name=row["source_name"],
        language=row["language"],
        published_on=row["published_on"],
    )


def _first_scope(reports: Sequence[tuple[ReportLink, str]]) -> str:
    return reports[-1][1] if reports else "none"


def _told_before(connection: Connection, event_ids: Sequence[str], after_seq: int, to_seq: int) -> frozenset[str]:
    """Events that were opened before the window, or opened without a word; they, or what was merged into them."""
    columns = t.event_change.c
    into = {one: one for one in event_ids} | absorbed(connection, event_ids)
    statement = select(columns.event_id).where(
        columns.event_id.in_(into),
        columns.kind == ChangeKind.OPENED.value,
        (columns.seq <= after_seq) | (columns.announce.is_(False) & (columns.seq <= to_seq)),
    )
    return frozenset(into[one] for one in connection.scalars(statement))


def _perhaps_same_as(connection: Connection, event_ids: Sequence[str]) -> dict[str, str]:
    statement = select(t.event.c.id, t.event.c.perhaps_same_as).where(t.event.c.id.in_(event_ids))
    asked = {event_id: other for event_id, other in connection.execute(statement) if other is not None}
    live = live_ids(connection, set(asked.values()))
    return {event_id: live[other] for event_id, other in asked.items() if live[other] != event_id}


def announced(connection: Connection, now: datetime, limit: int) -> tuple[KnownEvent, ...]:
    """See `Archive.announced`."""
    columns = t.event.c
    statement = (
        select(columns.id)
        .where(
            columns.status.in_(sorted(status.value for status in EXPECTED)),
            # What nobody reported for years would all be looked at; hardly anything lasts longer than this.
            columns.starts_on.is_(None) | (columns.starts_on >= now.date() - LONGEST),
            columns.ends_on.is_(None) | (columns.ends_on >= now.date() - EXPECTED_UNTIL),
            columns.merged_into.is_(None),
            columns.closed_at.is_(None),
        )
        .order_by(columns.starts_on.is_(None), columns.starts_on, columns.id)
        .limit(limit)
    )
    return load_events(connection, connection.scalars(statement).all())


def _expected(connection: Connection, now: datetime) -> tuple[KnownEvent, ...]:
    columns, today = t.event.c, now.date()
    statement = (
        select(columns.id)
        .where(
            columns.status.in_(sorted(status.value for status in EXPECTED)),
            columns.starts_on <= today + EXPECTED_FROM,
            columns.ends_on >= today - EXPECTED_UNTIL,
            columns.merged_into.is_(None),
            columns.closed_at.is_(None),
        )
        .order_by(columns.starts_on, columns.id)
        .limit(MAX_EXPECTED)
    )
    return load_events(connection, connection.scalars(statement).all())


# ---------------------------------------------------------------- review


def _review(connection: Connection, since: datetime) -> tuple[ReviewItem, ...]:
    statement = (
        select(t.article, SOURCE_NAME)
        .outerjoin(t.source, t.source.c.key == t.article.c.source_key)
        .where(*WAITING_ARTICLE, t.article.c.first_seen_at > since)
        .order_by(t.article.c.id.desc())
        .limit(MAX_REVIEW)
    )
    rows: Iterable[RowMapping] = connection.execute(statement).mappings()
    return tuple(
        ReviewItem(row["id"], row["title"], row["url"], row["source_name"], row["language"], row["score"])
        for row in rows
    )
