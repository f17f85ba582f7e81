"""Sources for the pages of those who look after them: every read is bounded by what a page shows.

The one exception is the index of all sources, two narrow tables that are read whole: there are thousands, not millions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, func, literal, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import article_rows, read_article_row
from monitor.domain.model.health import FeedHealth, HealthTurn
from monitor.domain.model.source_pages import (
    DatedTurn,
    FeedHistory,
    FeedListed,
    FeedState,
    PollRecord,
    SourceListed,
    SourceState,
)
from monitor.domain.model.sources import FeedKind, Rights, TextRights
from monitor.domain.model.views import ArticleRow
from monitor.domain.outcomes import Outcome

ENTRIES_COUNTED = 1_001  # of a feed


def index(connection: Connection) -> tuple[SourceListed, ...]:
    """See the port."""
    columns = t.feed.c
    feeds = select(columns.source_id, columns.url, columns.found_url, columns.host, columns.health)
    of_source: dict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(feeds.where(columns.followed).order_by(columns.id)).mappings():
        of_source[row["source_id"]].append(row)
    source = t.source.c
    chosen = select(source.id, source.key, source.name, source.paused, source.trust, source.place_id)
    return tuple(
        SourceListed(key, name, paused, trust, place_id, tuple(map(_listed, of_source[source_id])))
        for source_id, key, name, paused, trust, place_id in connection.execute(chosen.order_by(source.key))
    )


def _listed(row: RowMapping) -> FeedListed:
    urls = tuple(url for url in (row["url"], row["found_url"]) if url)
    return FeedListed(urls, row["host"], FeedHealth(row["health"]))


def states(connection: Connection, keys: Collection[str]) -> tuple[SourceState, ...]:
    """See the port."""
    rows = connection.execute(select(t.source).where(t.source.c.key.in_(sorted(keys)))).mappings().all()
    chosen = select(t.feed).where(t.feed.c.followed, t.feed.c.source_id.in_([row["id"] for row in rows]))
    feeds: dict[int, list[FeedState]] = defaultdict(list)
    for row in connection.execute(chosen.order_by(t.feed.c.id)).mappings():
        feeds[row["source_id"]].append(_feed(row))
    found = {row["key"]: _source(row, feeds[row["id"]]) for row in rows}
    return tuple(found[key] for key in dict.fromkeys(keys) if key in found)


def _source(row: RowMapping, feeds: Sequence[FeedState]) -> SourceState:
    declared = row["declared"]
    return SourceState(
        key=row["key"],
        name=row["name"],
        home_page=row["home_page"],
        language=row["language"],
        country=row["country"],
        place_id=row["place_id"],
        trust=row["trust"],
        text_rights=TextRights(Rights(row["rights"]), row["quote_chars"]),
        tdm_licensed=row["tdm_licensed"],
        about_relations=row["about_relations"],
        paused=row["paused"],
        declared_by=row["declared_by"],
        is_declared=declared is not None,
        is_declared_paused=bool(declared and declared.get("paused")),
        added_at=row["added_at"],
        feeds=tuple(feeds),
    )


def _feed(row: RowMapping) -> FeedState:
    habit = row["habit"] or {}
    return FeedState(
        id=row["id"],
        url=row["found_url"] or row["url"],
        declared_url=row["url"],
        host=row["host"],
        kind=FeedKind(row["kind"]),
        found_kind=FeedKind(row["found_kind"]) if row["found_kind"] else None,
        health=FeedHealth(row["health"]),
        health_since=row["health_since"],
        last_outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None,
        last_detail=row["last_detail"],
        last_polled_at=row["last_polled_at"],
        last_ok_at=row["last_ok_at"],
        last_new_at=row["last_new_at"],
        next_at=row["next_at"],
        lease_until=row["lease_until"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        moved_to=row["moved_to"],
        declared_interval_min=row["interval_min"],
        learned_interval_min=habit.get("interval_min"),
        news_per_h=habit.get("news_per_h"),
        max_pages=row["max_pages"],
        link_selector=row["link_selector"],
        link_pattern=row["link_pattern"],
    )


def histories(connection: Connection, feed_ids: Collection[int], limit: int) -> Mapping[int, FeedHistory]:
    """See the port. One feed after the other: each is found by its index, together they would be sorted."""
    return {
        one: FeedHistory(_polls(connection, one, limit), _turns(connection, one, limit), _entries(connection, one))
        for one in feed_ids
    }


def _polls(connection: Connection, feed_id: int, limit: int) -> tuple[PollRecord, ...]:
    columns = t.poll.c
    statement = select(t.poll).where(columns.feed_id == feed_id).order_by(columns.id.desc()).limit(limit)
    return tuple(
        PollRecord(
            at=row["polled_at"],
            outcome=Outcome(row["outcome"]),
            detail=row["detail"],
            seen=row["seen"],
            new=row["new"],
            changed=row["changed"],
            known=row["known"],
            gap=row["gap"],
        )
        for row in connection.execute(statement).mappings()
    )


def _turns(connection: Connection, feed_id: int, limit: int) -> tuple[DatedTurn, ...]:
    columns = t.health_change.c
    statement = select(t.health_change).where(columns.feed_id == feed_id)
    rows = connection.execute(statement.order_by(columns.at.desc(), columns.id.desc()).limit(limit)).mappings()
    return tuple(
        DatedTurn(row["at"], HealthTurn(FeedHealth(row["before"]), FeedHealth(row["after"]), row["detail"]))
        for row in rows
    )


def _entries(connection: Connection, feed_id: int) -> int:
    bounded = select(literal(1).label("one")).where(t.entry.c.feed_id == feed_id).limit(ENTRIES_COUNTED).subquery()
    return connection.scalar(select(func.count()).select_from(bounded)) or 0


def articles(connection: Connection, key: str, limit: int, before_id: int | None) -> tuple[ArticleRow, ...]:
    """See the port."""
    columns = t.article.c
    statement = article_rows().where(columns.source_key == key).order_by(columns.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(columns.id < before_id)
    return tuple(read_article_row(row) for row in connection.execute(statement).mappings())
