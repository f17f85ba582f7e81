"""Searches that people keep watching: a small table, each call a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.codec import decode, encode
from monitor.adapters.storage.engines import Engines
from monitor.adapters.storage.faults import translated
from monitor.adapters.storage.subscriptions import pause_subscription, put_subscription
from monitor.domain.model.digests import SubscriptionData
from monitor.domain.model.event_search import EventFilter, SavedSearch, SavedSearchData
from monitor.domain.wording import message
from monitor.errors import NotFound, Refused

MAX_OF_A_PERSON = 100  # more is a program, not a person

NAME_TAKEN = message("You have a search of this name already.")
TOO_MANY = message("You have very many saved searches. Remove one first.")


class SqlSavedSearches:
    """Implements the port `SavedSearches`; may be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def of(self, owner: str) -> tuple[SavedSearch, ...]:
        """See the port."""
        with self._reading() as connection:
            return _of(connection, owner)

    def get(self, search_id: int) -> SavedSearch:
        """See the port."""
        with self._reading() as connection:
            return _read(_row(connection, search_id))

    def by_token(self, token_sha: str) -> SavedSearch | None:
        """See the port."""
        statement = select(t.saved_search).where(t.saved_search.c.token_sha == token_sha)
        with self._reading() as connection:
            row = connection.execute(statement).mappings().first()
        return _read(row) if row is not None else None

    def add(self, data: SavedSearchData) -> SavedSearch:
        """See the port."""
        with self._writing() as connection:
            others = _of(connection, data.owner)
            if any(one.data.name == data.name for one in others):
                raise Refused(NAME_TAKEN)
            if len(others) >= MAX_OF_A_PERSON:
                raise Refused(TOO_MANY)
            statement = insert(t.saved_search).values(
                owner=data.owner,
                account_id=data.account_id,
                name=data.name,
                filter=encode(data.filter),
                language=data.language,
                token_sha=data.token_sha,
                created_at=data.created_at,
            )
            new_id = connection.scalar(statement.returning(t.saved_search.c.id))
            return _read(_row(connection, int(new_id or 0)))

    def set_token(self, search_id: int, token_sha: str | None) -> None:
        """See the port."""
        with self._writing() as connection:
            _change(connection, search_id, token_sha=token_sha)

    def subscribe(self, search_id: int, subscription: SubscriptionData, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            _row(connection, search_id)
            _change(connection, search_id, subscription_id=put_subscription(connection, subscription, now))

    def unsubscribe(self, search_id: int) -> None:
        """See the port."""
        with self._writing() as connection:
            _pause(connection, search_id)
            _change(connection, search_id, subscription_id=None)

    def remove(self, search_id: int) -> None:
        """See the port."""
        with self._writing() as connection:
            _pause(connection, search_id)
            connection.execute(delete(t.saved_search).where(t.saved_search.c.id == search_id))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._engines.reader.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated(), self._engines.writer.begin() as connection:
            yield connection


def _of(connection: Connection, owner: str) -> tuple[SavedSearch, ...]:
    columns = t.saved_search.c
    statement = select(t.saved_search).where(columns.owner == owner).order_by(columns.name, columns.id)
    return tuple(_read(row) for row in connection.execute(statement).mappings())


def _row(connection: Connection, search_id: int) -> RowMapping:
    row = connection.execute(select(t.saved_search).where(t.saved_search.c.id == search_id)).mappings().first()
    if row is None:
        raise NotFound(f"no saved search has the id {search_id}")
    return row


def _change(connection: Connection, search_id: int, **values: Any) -> None:
    statement = update(t.saved_search).where(t.saved_search.c.id == search_id).values(**values)
    if not connection.execute(statement).rowcount:
        raise NotFound(f"no saved search has the id {search_id}")


def _pause(connection: Connection, search_id: int) -> None:
    subscription_id = _row(connection, search_id)["subscription_id"]
    if subscription_id is not None:
        pause_subscription(connection, subscription_id)


def _read(row: RowMapping) -> SavedSearch:
    data = SavedSearchData(
        name=row["name"],
        filter=decode(EventFilter, row["filter"]),
        owner=row["owner"],
        account_id=row["account_id"],
        language=row["language"],
        token_sha=row["token_sha"] or "",
        created_at=row["created_at"],
    )
    return SavedSearch(row["id"], data, row["token_sha"] is not None, row["subscription_id"])
