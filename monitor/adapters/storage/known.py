"""The slice of the archive that bears on one article; every part is found by an index and bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    RowMapping,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union,
)

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import absorbed, live_ids, load_events
from monitor.adapters.storage.fingerprints import read_fingerprint
from monitor.adapters.storage.origins import origins
from monitor.domain.independence import needs_confirmation
from monitor.domain.model.articles import Known, KnownArticle, KnownQuery, Label, Origin
from monitor.domain.model.events import ChangeKind, KnownEvent, Role, Verdict, VerdictKind

# Bounds of the slice, so that the cost of one article does not grow with the archive. A text has a handful of copies
# and a place a handful of events in the weeks around a date; what lies beyond these is stock phrases and hubs.
MAX_NEIGHBOURS = 200
MAX_OF_A_BAND = 20
MAX_SAME_TEXT = 50
MAX_EVENTS = 500
MAX_VERDICTS = 1_000
# Events without a date are worth comparing for about a year after they were first seen.
UNDATED_FOR = timedelta(days=400)
# No event lasts longer: it bounds how far back the index by first day is read.
LONGEST_EVENT = timedelta(days=5 * 366)


# Built once: building a statement costs more than running it.
_ID_BY_URL_KEY = select(t.article.c.id).where(t.article.c.url_key == bindparam("url_key"))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SAME_TEXT = (
    select(t.fingerprint.c.article_id)
    .where(t.fingerprint.c.text_sha == bindparam("text_sha"))
    .order_by(t.fingerprint.c.article_id.desc())
    .limit(MAX_SAME_TEXT)
)
_ORIGINALS = select(t.article.c.copy_of_id).where(t.article.c.id.in_(_IDS), t.article.c.copy_of_id.is_not(None))
_LINKED = (
    select(t.event_article.c.article_id, t.event_article.c.event_id)
    .where(t.event_article.c.article_id.in_(_IDS))
    .order_by(t.event_article.c.role == Role.ANNOUNCES.value, t.event_article.c.linked_at, t.event_article.c.event_id)
)
_ARTICLES = (
    select(t.article, t.fingerprint, t.seed.c.key.label("seed_key"))
    .join(t.fingerprint, t.fingerprint.c.article_id == t.article.c.id)
    .outerjoin(t.seed, t.seed.c.article_id == t.article.c.id)
    .where(t.article.c.id.in_(_IDS))
)


def known(connection: Connection, query: KnownQuery) -> Known:
    """See the port."""
    same_url_id = connection.scalar(_ID_BY_URL_KEY, {"url_key": query.url_key})
    neighbour_ids = _neighbour_ids(connection, query)
    articles = _load_articles(connection, {*neighbour_ids, *([same_url_id] if same_url_id is not None else [])})
    same_url = articles.get(same_url_id) if same_url_id is not None else None
    neighbours = tuple(articles[one] for one in neighbour_ids if one in articles)
    events = _events(connection, query, articles.values(), same_url_id)
    unsure = [one.id for one in events if needs_confirmation(one.kinds, one.status)]
    return Known(
        same_url=same_url,
        neighbours=neighbours,
        events=events,
        verdicts=_verdicts(connection, list(articles), [event.id for event in events]),
        reports=origins(connection, unsure),
    )


# ---------------------------------------------------------------- texts


def _neighbour_ids(connection: Connection, query: KnownQuery) -> list[int]:
    """Articles that share a band or the whole text, newest first, with the originals that they are copies of: a seed
    that was republished a thousand times is still among them.
    """
    found = set(connection.scalars(_SAME_TEXT, {"text_sha": query.text_sha}))
    if query.bands:
        keys = {f"key_{band}": key for band, key in enumerate(query.bands)}
        found.update(connection.scalars(_banded(len(query.bands)), keys))
    newest = sorted(found, reverse=True)[:MAX_NEIGHBOURS]
    if not newest:
        return []
    originals = {one for one in connection.scalars(_ORIGINALS, {"ids": newest}) if one is not None}
    return list(dict.fromkeys([*newest, *sorted(originals, reverse=True)]))


@cache
def _banded(bands: int) -> CompoundSelect[int]:
    """The newest articles of each band: one short walk of the index each, whatever a common band holds."""
    columns = t.band.c
    walks = []
    for band in range(bands):
        walk = (
            select(columns.article_id)
            .where(columns.band == literal_column(str(band)), columns.key == bindparam(f"key_{band}"))
            .order_by(columns.article_id.desc())
            .limit(literal_column(str(MAX_OF_A_BAND)))
        )
        walks.append(select(walk.subquery().c.article_id))
    return union(*walks)


def _load_articles(connection: Connection, ids: Iterable[int]) -> dict[int, KnownArticle]:
    wanted = {"ids": list(ids)}
    if not wanted["ids"]:
        return {}
    linked: dict[int, list[str]] = defaultdict(list)
    for article_id, event_id in connection.execute(_LINKED, wanted):
        linked[article_id].append(event_id)
    live = live_ids(connection, {one for ids_ in linked.values() for one in ids_})
    rows = connection.execute(_ARTICLES, wanted).mappings()
    return {row["id"]: _known_article(row, [live[one] for one in linked[row["id"]]]) for row in rows}


def _known_article(row: RowMapping, event_ids: Sequence[str]) -> KnownArticle:
    return KnownArticle(
        id=row["id"],
        url_key=row["url_key"],
        title=row["title"],
        fingerprint=read_fingerprint(row),
        event_ids=tuple(dict.fromkeys(event_ids)),
        seed_key=row["seed_key"] if row["origin"] == Origin.SEED else None,
        label=Label(row["label"]),
        revision=row["revision"],
        published_on=row["published_on"],
    )


# ---------------------------------------------------------------- events


def _overlapping(columns: Any) -> ColumnElement[bool]:
    return and_(
        columns.starts_on <= bindparam("latest"),
        columns.starts_on >= bindparam("far_back"),
        columns.ends_on >= bindparam("earliest"),
    )


_PLACES: BindParameter[Any] = bindparam("places", expanding=True)
_NEWEST_EVENT = select(func.max(t.event.c.first_seen_at))
_DATED = (
    select(t.event_participant.c.event_id.label("id"), t.event_participant.c.starts_on)
    .where(t.event_participant.c.place_id.in_(_PLACES), _overlapping(t.event_participant.c))
    .union(select(t.event.c.id, t.event.c.starts_on).where(t.event.c.host_id.in_(_PLACES), _overlapping(t.event.c)))
    .subquery()
)
_DATED_IDS = select(_DATED.c.id).order_by(_DATED.c.starts_on.desc(), _DATED.c.id).limit(MAX_EVENTS)
_UNDATED = (
    select(t.event_participant.c.event_id.label("id"))
    .where(t.event_participant.c.place_id.in_(_PLACES), t.event_participant.c.starts_on.is_(None))
    .union(select(t.event.c.id).where(t.event.c.host_id.in_(_PLACES), t.event.c.starts_on.is_(None)))
    .subquery()
)
_UNDATED_IDS = (
    select(t.event.c.id)
    .where(t.event.c.id.in_(select(_UNDATED.c.id)), t.event.c.first_seen_at >= bindparam("since"))
    .order_by(t.event.c.first_seen_at.desc(), t.event.c.id)
    .limit(MAX_EVENTS)
)
_OF_SERIES = (
    select(t.event.c.id)
    .where(t.event.c.series_key == bindparam("series_key"))
    .order_by(t.event.c.sort_on.desc(), t.event.c.id)
    .limit(MAX_EVENTS)
)


_WITHDRAWN = select(t.event_change.c.event_id).where(
    t.event_change.c.article_id == bindparam("article_id"), t.event_change.c.kind == ChangeKind.WITHDRAWN.value
)


def _events(
    connection: Connection, query: KnownQuery, articles: Iterable[KnownArticle], same_url_id: int | None
) -> tuple[KnownEvent, ...]:
    """Those of the articles first, then by place and date, undated ones, and the series; live ones only.

    An event that was closed when it lost its reports is no candidate: a report of what was thought no event is news.
    But one that an earlier revision of this very article told is known to it, and told again it is no news.
    """
    again = set(connection.scalars(_WITHDRAWN, {"article_id": same_url_id})) if same_url_id is not None else set()
    found = [event_id for article in articles for event_id in article.event_ids] + sorted(again)
    if query.place_ids:
        found += _by_place(connection, query)
    if query.series_key is not None:
        found += connection.scalars(_OF_SERIES, {"series_key": query.series_key})
    live = live_ids(connection, found)
    ids = list(dict.fromkeys(live[one] for one in found if one in live))
    return tuple(
        event
        for event in load_events(connection, ids[:MAX_EVENTS])
        if not event.is_closed or event.article_ids or event.id in {live[one] for one in again}
    )


def _by_place(connection: Connection, query: KnownQuery) -> list[str]:
    """Events that overlap the window, the latest first; then those without a date, the last seen first."""
    places = sorted(query.place_ids)
    found: list[str] = []
    if query.earliest_on is not None and query.latest_on is not None:
        window = {
            "places": places,
            "earliest": query.earliest_on,
            "latest": query.latest_on,
            "far_back": query.earliest_on - LONGEST_EVENT,
        }
        found += connection.scalars(_DATED_IDS, window)
    newest = connection.scalar(_NEWEST_EVENT)
    if newest is not None:
        found += connection.scalars(_UNDATED_IDS, {"places": places, "since": newest - UNDATED_FOR})
    return found


# ---------------------------------------------------------------- verdicts

_ARTICLE_IDS: BindParameter[Any] = bindparam("article_ids", expanding=True)
_EVENT_IDS: BindParameter[Any] = bindparam("event_ids", expanding=True)
_VERDICTS = (
    select(t.verdict)
    .where(
        or_(
            t.verdict.c.article_id.in_(_ARTICLE_IDS),
            t.verdict.c.event_id.in_(_EVENT_IDS),
            t.verdict.c.other_event_id.in_(_EVENT_IDS),
        ),
        t.verdict.c.undone_at.is_(None),
    )
    .order_by(t.verdict.c.id.desc())
    .limit(MAX_VERDICTS)
)


def _verdicts(connection: Connection, article_ids: Sequence[int], event_ids: Sequence[str]) -> tuple[Verdict, ...]:
    """What was said of these articles and events, also before other events were merged into them."""
    if not article_ids and not event_ids:
        return ()
    live = {one: one for one in event_ids} | absorbed(connection, event_ids)
    asked = {"article_ids": article_ids, "event_ids": list(live)}
    rows = connection.execute(_VERDICTS, asked).mappings().all()
    return tuple(_followed(read_verdict(row), live) for row in reversed(rows))


def _followed(verdict: Verdict, live: Mapping[str, str]) -> Verdict:
    """An article that belongs, or not, to a merged event does so to the event it went into."""
    if verdict.article_id is None or verdict.event_id is None:
        return verdict
    return replace(verdict, event_id=live.get(verdict.event_id, verdict.event_id))


def read_verdict(row: RowMapping) -> Verdict:
    """The verdict in a row."""
    return Verdict(
        id=row["id"],
        kind=VerdictKind(row["kind"]),
        at=row["at"],
        by=row["by"],
        article_id=row["article_id"],
        event_id=row["event_id"],
        other_event_id=row["other_event_id"],
        text=row["text"],
        cause_id=row["cause_id"],
    )
