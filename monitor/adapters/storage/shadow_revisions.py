"""The revisions of the archive that a replay decides anew, in the order in which they were first decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import read_capture
from monitor.adapters.storage.entries import entry_for_ingest
from monitor.adapters.storage.events import live_ids
from monitor.adapters.storage.review_subjects import read_link, source_context
from monitor.adapters.storage.shadow_copy import Scope
from monitor.domain.model.articles import ArticleData, EntryForIngest, Label, Origin, TextPath
from monitor.domain.model.events import ChangeKind, Role
from monitor.domain.model.replay import FormerEvent, RevisionForReplay
from monitor.domain.model.review import ArticleLink
from monitor.domain.outcomes import Outcome

Cursor = tuple[datetime, int]  # moment and id of a revision


def count(archive: Connection, scope: Scope, after: Cursor | None = None) -> int:
    """How many there are after the cursor."""
    return archive.scalar(_after(select(func.count()).select_from(_JOINED), scope, after)) or 0


_JOINED = t.revision.join(t.article, t.article.c.id == t.revision.c.article_id)


def _after(statement: Select[Any], scope: Scope, after: Cursor | None) -> Select[Any]:
    chosen = statement.where(scope.replayed)
    if after is None:
        return chosen
    moment, last = after
    later = (t.revision.c.made_at > moment) | ((t.revision.c.made_at == moment) & (t.revision.c.id > last))
    return chosen.where(later)


def read(archive: Connection, scope: Scope, after: Cursor | None, limit: int) -> tuple[RevisionForReplay, ...]:
    """The next ones."""
    statement = _after(select(t.revision).select_from(_JOINED), scope, after)
    rows = archive.execute(statement.order_by(t.revision.c.made_at, t.revision.c.id).limit(limit)).mappings().all()
    ids = sorted({row["article_id"] for row in rows})
    chosen = archive.execute(select(t.article).where(t.article.c.id.in_(ids))).mappings()
    articles = {row["id"]: row for row in chosen}
    held = _held(archive, ids, scope.shaped)
    return tuple(_revision(archive, row, articles[row["article_id"]], held[row["article_id"]]) for row in rows)


def _revision(
    archive: Connection, row: RowMapping, article: RowMapping, held: Sequence[ArticleLink]
) -> RevisionForReplay:
    capture = read_capture(archive, row["capture_id"])
    entry = _entry(archive, article["id"], capture.url if capture is not None else None)
    return RevisionForReplay(
        id=row["id"],
        article_id=article["id"],
        number=row["number"],
        made_at=row["made_at"],
        url=article["url"],
        url_key=article["url_key"],
        origin=Origin(article["origin"]),
        baseline=article["baseline"],
        first_seen_at=article["first_seen_at"],
        source=source_context(archive, article),
        stored=_stored(row),
        capture=capture,
        entry=entry,
        label=Label(article["label"]),
        held=tuple(held),
    )


def _stored(row: RowMapping) -> ArticleData:
    return ArticleData(
        title=row["title"],
        text=row["text"],
        path=TextPath(row["path"]),
        author=row["author"],
        published_on=row["published_on"],
        published_at=row["published_at"],
        language=row["language"],
        site_name=row["site_name"],
        canonical_url=row["canonical_url"],
        fallback=Outcome(row["fallback"]) if row["fallback"] else None,
        notes=tuple(row["notes"]),
    )


def _entry(archive: Connection, article_id: int, url: str | None) -> EntryForIngest | None:
    """The entry whose page was captured, else the first that led to the article."""
    columns = t.entry.c
    statement = select(columns.id).where(columns.article_id == article_id).order_by(columns.url != url, columns.id)
    first = archive.scalar(statement.limit(1))
    return entry_for_ingest(archive, first) if first is not None else None


def _held(archive: Connection, article_ids: Sequence[int], shaped: Collection[str]) -> Mapping[int, list[ArticleLink]]:
    found: defaultdict[int, list[ArticleLink]] = defaultdict(list)
    columns = t.event_article.c
    chosen = select(t.event_article).where(columns.article_id.in_(article_ids)).order_by(columns.event_id)
    for row in archive.execute(chosen).mappings():
        if row["event_id"] in shaped:
            found[row["article_id"]].append(read_link(row))
    return found


def former(archive: Connection, revision: RevisionForReplay) -> tuple[FormerEvent, ...]:
    """Ids that the article's new events had, in the order of opening; then those it belongs to otherwise."""
    columns = t.event_change.c
    opened = select(columns.event_id, columns.at).where(
        columns.article_id == revision.article_id, columns.kind == ChangeKind.OPENED.value
    )
    lines = archive.execute(opened.order_by(columns.seq)).all()
    links = archive.execute(
        select(t.event_article.c.event_id, t.event_article.c.role)
        .where(t.event_article.c.article_id == revision.article_id, t.event_article.c.role != Role.COPY.value)
        .order_by(t.event_article.c.linked_at, t.event_article.c.event_id)
    ).all()
    live = live_ids(archive, {line.event_id for line in lines} | {link.event_id for link in links})
    then = {live[line.event_id] for line in lines if line.at == revision.made_at}
    roles = {live[link.event_id]: Role(link.role) for link in links}
    ids = dict.fromkeys([*(live[line.event_id] for line in lines), *roles])
    return tuple(FormerEvent(one, roles.get(one), one in then) for one in ids)
