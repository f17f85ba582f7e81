"""The shadow of a replay: a file of our own schema beside the archive, in which articles are decided anew."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, select

from monitor.adapters.storage import articles, known, shadow_adoption, shadow_copy, shadow_revisions, verdicts
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.database import Database
from monitor.adapters.storage.engines import shadow_engine
from monitor.adapters.storage.events import load_events
from monitor.adapters.storage.faults import translated
from monitor.adapters.storage.shadow_copy import Scope
from monitor.adapters.storage.shadow_revisions import Cursor
from monitor.adapters.storage.shadow_standing import standing
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain import replaying
from monitor.domain.model.articles import ArticleData, IngestIntent, Known, KnownQuery
from monitor.domain.model.events import Verdict
from monitor.domain.model.replay import Difference, FormerEvent, RevisionForReplay
from monitor.errors import Refused, StorageDamaged

FILE = "shadow.db"


def open_shadow(database: Database, folder: Path, since: datetime | None, rules: str) -> SqlShadow:
    """The shadow in `folder`, gone on with where it was made of this very archive, `since` and `rules`; else made anew.

    `rules` says which rules decide: a text that changes when they do.
    """
    with translated(), database.reading() as archive:
        scope = Scope(since, shadow_copy.shaped_events(archive))
        guard = shadow_copy.guard(archive)
        key = json.dumps([guard, since.isoformat() if since else None, rules])
        found = _found(folder / FILE, key)
        if found is None:
            found = _made(archive, folder, scope, key)
    return SqlShadow(database, found, folder, scope, guard)


def _found(path: Path, key: str) -> Engine | None:
    """An earlier shadow of the same; None: there is none, or it is of something else."""
    if not path.exists():
        return None
    engine = shadow_engine(path)
    try:
        with translated(), engine.connect() as connection:
            if _setting(connection, "replay") == key:
                return engine
    except StorageDamaged:
        pass
    engine.dispose()
    return None


def _made(archive: Connection, folder: Path, scope: Scope, key: str) -> Engine:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    engine = shadow_engine(folder / FILE)
    with engine.begin() as shadow:
        t.METADATA.create_all(shadow)
        shadow_copy.fill(archive, shadow, scope)
        _put_setting(shadow, "replay", key)
    return engine


def _setting(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(t.setting.c.value).where(t.setting.c.key == key))


def _put_setting(connection: Connection, key: str, value: str) -> None:
    insert_or_update(connection, t.setting, {"key": key}, {"value": value})


class SqlShadow:
    """Implements the port `Shadow`."""

    def __init__(self, database: Database, engine: Engine, folder: Path, scope: Scope, guard: str) -> None:
        self._database = database
        self._engine = engine
        self._folder = folder
        self._scope = scope
        self._guard = guard
        self._shadow = engine.connect()
        self._cursor = self._kept_cursor()
        self._reread = int(_setting(self._shadow, "reread") or 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """See the port."""
        self._shadow.close()  # rolls back what was not kept
        self._engine.dispose()

    def _kept_cursor(self) -> Cursor | None:
        kept = _setting(self._shadow, "cursor")
        if kept is None:
            return None
        moment, last = json.loads(kept)
        return datetime.fromisoformat(moment), last

    def total(self) -> int:
        """See the port."""
        with translated(), self._database.reading() as archive:
            return shadow_revisions.count(archive, self._scope)

    def left(self) -> int:
        """See the port."""
        with translated(), self._database.reading() as archive:
            return shadow_revisions.count(archive, self._scope, self._cursor)

    def pending(self, limit: int) -> tuple[RevisionForReplay, ...]:
        """See the port."""
        with translated(), self._database.reading() as archive:
            return shadow_revisions.read(archive, self._scope, self._cursor, limit)

    @property
    def shaped(self) -> frozenset[str]:
        """See the port."""
        return self._scope.shaped

    def verdicts(self, article_id: int) -> tuple[Verdict, ...]:
        """See the port."""
        with translated():
            return verdicts.holding(self._shadow, [article_id])

    def known(self, query: KnownQuery, revision: RevisionForReplay) -> Known:
        """See the port."""
        with translated():
            found = known.known(self._shadow, query)
            there = {one.id for one in found.events}
            missing = [link.event_id for link in revision.held if link.event_id not in there]
            return replace(found, events=(*found.events, *load_events(self._shadow, missing)))

    def former(self, revision: RevisionForReplay) -> tuple[FormerEvent, ...]:
        """See the port."""
        with translated(), self._database.reading() as archive:
            had = shadow_revisions.former(archive, revision)
        with translated():
            taken = select(t.event.c.id).where(t.event.c.id.in_([one.id for one in had]))
            gone = set(self._shadow.scalars(taken))
        return tuple(one for one in had if one.id not in gone)

    def write(self, revision: RevisionForReplay, intent: IngestIntent, article: ArticleData) -> None:
        """See the port."""
        before = revision.stored
        self._reread += (article.title, article.text) != (before.title, before.text)
        with translated():
            articles.redo(self._shadow, revision.article_id, revision.id, revision.number, intent, article)

    def keep(self, last: RevisionForReplay) -> None:
        """See the port."""
        with translated():
            _put_setting(self._shadow, "cursor", json.dumps([last.made_at.isoformat(), last.id]))
            _put_setting(self._shadow, "reread", str(self._reread))
            self._shadow.commit()
        self._cursor = (last.made_at, last.id)

    def difference(self) -> Difference:
        """See the port."""
        with translated(), self._database.reading() as archive:
            before, after = standing(archive, self._scope), standing(self._shadow, self._scope)
        return replaying.difference(before, after, self._reread)

    def adopt(self, difference: Difference, now: datetime) -> None:
        """See the port. The shadow is gone afterwards."""
        with translated(), self._database.writing() as archive:
            if shadow_copy.guard(archive) != self._guard:
                raise Refused("the archive has changed since the replay began: replay again, best while nothing polls")
            shadow_adoption.adopt(archive, self._shadow, self._scope, difference, now)
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
