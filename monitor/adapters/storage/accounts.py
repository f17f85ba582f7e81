"""Accounts, sessions and tokens: small tables, each call a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.engines import Engines
from monitor.adapters.storage.faults import translated
from monitor.adapters.storage.locks import ACCOUNTS, take_advisory_lock
from monitor.domain.model.accounts import Account, AccountData, ApiToken, Role, SessionData, WebSession
from monitor.domain.wording import message
from monitor.errors import NotFound, Refused

USE_NOTED_EVERY = timedelta(hours=1)  # a write for each request would make reading dear

NAME_TAKEN = message("An account has this name already.")
TOKEN_NAME_TAKEN = message("A token has this name already.")
LAST_ADMIN = message("Nobody else is an administrator. Make somebody one first.")
SIGNS_IN_ELSEWHERE = message("This account signs in elsewhere: it has no password here.")

_ACCOUNT = select(
    t.account.c.id, t.account.c.name, t.account.c.role, t.account.c.created_at, t.account.c.password_hash.is_(None)
)


class SqlAccounts:
    """Implements the port `Accounts`; may be used from any thread."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    # ------------------------------------------------------------ accounts

    def is_empty(self) -> bool:
        """See the port."""
        with self._reading() as connection:
            return connection.scalar(select(t.account.c.id).limit(1)) is None

    def all(self) -> tuple[Account, ...]:
        """See the port."""
        with self._reading() as connection:
            return tuple(_account(row) for row in connection.execute(_ACCOUNT.order_by(t.account.c.name)))

    def by_name(self, name: str) -> Account | None:
        """See the port."""
        return self._one(_ACCOUNT.where(t.account.c.name == name))

    def by_subject(self, subject: str) -> Account | None:
        """See the port."""
        return self._one(_ACCOUNT.where(t.account.c.subject == subject))

    def password_hash(self, account_id: int) -> str | None:
        """See the port."""
        with self._reading() as connection:
            return connection.scalar(select(t.account.c.password_hash).where(t.account.c.id == account_id))

    def add(self, data: AccountData) -> Account:
        """See the port."""
        with self._writing() as connection:
            if connection.scalar(select(t.account.c.id).where(t.account.c.name == data.name)) is not None:
                raise Refused(NAME_TAKEN)
            statement = insert(t.account).values(
                name=data.name,
                role=data.role.value,
                password_hash=data.password_hash,
                subject=data.subject,
                created_at=data.created_at,
            )
            new_id = connection.scalar(statement.returning(t.account.c.id))
        return Account(int(new_id or 0), data.name, data.role, data.created_at, data.password_hash is None)

    def keep_hash(self, account_id: int, password_hash: str) -> None:
        """See the port."""
        with self._writing() as connection:
            self._change(connection, account_id, password_hash=password_hash)

    def set_password(self, account_id: int, password_hash: str) -> None:
        """See the port."""
        with self._writing() as connection:
            found = connection.execute(_ACCOUNT.where(t.account.c.id == account_id)).first()
            if found is not None and _account(found).external:
                raise Refused(SIGNS_IN_ELSEWHERE)
            self._change(connection, account_id, password_hash=password_hash)
            connection.execute(delete(t.web_session).where(t.web_session.c.account_id == account_id))

    def set_role(self, account_id: int, role: Role) -> None:
        """See the port."""
        with self._writing() as connection:
            if role < Role.ADMIN and not _other_admins(connection, account_id):
                raise Refused(LAST_ADMIN)
            self._change(connection, account_id, role=role.value)

    def remove(self, account_id: int) -> None:
        """See the port."""
        with self._writing() as connection:
            others = connection.scalar(select(func.count()).select_from(t.account).where(t.account.c.id != account_id))
            if others and not _other_admins(connection, account_id):
                raise Refused(LAST_ADMIN)
            searched = select(t.saved_search.c.subscription_id).where(t.saved_search.c.account_id == account_id)
            connection.execute(update(t.subscription).where(t.subscription.c.id.in_(searched)).values(paused=True))
            if not connection.execute(delete(t.account).where(t.account.c.id == account_id)).rowcount:
                raise _gone(account_id)

    @staticmethod
    def _change(connection: Connection, account_id: int, **values: Any) -> None:
        if not connection.execute(update(t.account).where(t.account.c.id == account_id).values(**values)).rowcount:
            raise _gone(account_id)

    # ------------------------------------------------------------ sessions

    def open_session(self, data: SessionData) -> None:
        """See the port."""
        session = t.web_session
        with self._writing() as connection:
            connection.execute(delete(session).where(session.c.ends_at <= data.began_at))
            connection.execute(
                insert(session).values(
                    account_id=data.account_id,
                    secret_sha=data.secret_sha,
                    began_at=data.began_at,
                    ends_at=data.ends_at,
                    browser=data.browser,
                    address=data.address,
                )
            )

    def signed_in(self, secret_sha: str, now: datetime) -> Account | None:
        """See the port."""
        session = t.web_session.c
        statement = _ACCOUNT.join(t.web_session, session.account_id == t.account.c.id)
        return self._one(statement.where(session.secret_sha == secret_sha, session.ends_at > now))

    def sessions(self, account_id: int, now: datetime, this_sha: str = "") -> tuple[WebSession, ...]:
        """See the port."""
        session = t.web_session.c
        statement = (
            select(session.id, session.began_at, session.ends_at, session.browser, session.address, session.secret_sha)
            .where(session.account_id == account_id, session.ends_at > now)
            .order_by(session.began_at.desc(), session.id.desc())
        )
        with self._reading() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            WebSession(row.id, row.began_at, row.ends_at, row.browser, row.address, row.secret_sha == this_sha)
            for row in rows
        )

    def end_session(self, secret_sha: str) -> None:
        """See the port."""
        with self._writing() as connection:
            connection.execute(delete(t.web_session).where(t.web_session.c.secret_sha == secret_sha))

    def end_sessions(self, account_id: int, but_sha: str = "") -> int:
        """See the port."""
        session = t.web_session
        statement = delete(session).where(session.c.account_id == account_id, session.c.secret_sha != but_sha)
        with self._writing() as connection:
            return connection.execute(statement).rowcount

    # ------------------------------------------------------------ tokens

    def add_token(self, name: str, role: Role, secret_sha: str, now: datetime) -> ApiToken:
        """See the port."""
        token = t.api_token
        with self._writing() as connection:
            if connection.scalar(select(token.c.id).where(token.c.name == name)) is not None:
                raise Refused(TOKEN_NAME_TAKEN)
            statement = insert(token).values(name=name, role=role.value, secret_sha=secret_sha, created_at=now)
            new_id = connection.scalar(statement.returning(token.c.id))
        return ApiToken(int(new_id or 0), name, role, now, None)

    def tokens(self) -> tuple[ApiToken, ...]:
        """See the port."""
        with self._reading() as connection:
            return tuple(_token(row) for row in connection.execute(select(t.api_token).order_by(t.api_token.c.name)))

    def token(self, secret_sha: str, now: datetime) -> ApiToken | None:
        """See the port."""
        with self._reading() as connection:
            row = connection.execute(select(t.api_token).where(t.api_token.c.secret_sha == secret_sha)).first()
        if row is None:
            return None
        found = _token(row)
        if found.last_used_at is None or now - found.last_used_at >= USE_NOTED_EVERY:
            with self._writing() as connection:
                statement = update(t.api_token).where(t.api_token.c.id == found.id).values(last_used_at=now)
                connection.execute(statement)
        return found

    def revoke_token(self, name: str) -> None:
        """See the port."""
        with self._writing() as connection:
            if not connection.execute(delete(t.api_token).where(t.api_token.c.name == name)).rowcount:
                raise NotFound(f"no token has the name {name!r}")

    # ------------------------------------------------------------ how

    def _one(self, statement: Select[*tuple[Any, ...]]) -> Account | None:
        with self._reading() as connection:
            row = connection.execute(statement).first()
        return None if row is None else _account(row)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._engines.reader.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One after the other: that an admin is left is looked up before it is decided."""
        with translated(), self._engines.writer.begin() as connection:
            if not self._engines.is_sqlite:
                take_advisory_lock(connection, ACCOUNTS)
            yield connection


def _account(row: Any) -> Account:
    return Account(row[0], row[1], Role(row[2]), row[3], bool(row[4]))


def _token(row: Any) -> ApiToken:
    return ApiToken(row.id, row.name, Role(row.role), row.created_at, row.last_used_at)


def _other_admins(connection: Connection, account_id: int) -> bool:
    statement = select(t.account.c.id).where(t.account.c.role == Role.ADMIN.value, t.account.c.id != account_id)
    return connection.scalar(statement.limit(1)) is not None


def _gone(account_id: int) -> NotFound:
    return NotFound(f"no account has the id {account_id}")
