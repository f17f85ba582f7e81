"""Knowing visitors: by session, by the token of a program, or by the word of a trusted proxy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import Request

from monitor.domain.accounts import secret_sha
from monitor.domain.model.accounts import Account
from monitor.ports import Accounts
from monitor.web.guard import SESSION_COOKIE
from monitor.web.proxy import Trust, was_forwarded
from monitor.web.site import OpenGate, Visitor

API = "/api/v1"
MAX_SECRET_CHARS = 200
_BEARER = "bearer "


class AccountGate:
    """For a site with accounts: everybody else is a stranger."""

    def __init__(self, accounts: Accounts, trust: Trust, clock: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._trust = trust
        self._clock = clock

    @property
    def is_open(self) -> bool:
        """See the protocol."""
        return False

    def visitor(self, request: Request, visit: str) -> Visitor:
        """See the protocol."""
        given = bearer(request)
        if given:
            token = self._accounts.token(secret_sha(given), self._clock())
            return Visitor(visit, token.role if token is not None else None, by_token=token is not None)
        named = self._trust.user(request)
        if named:
            return self._named_by_proxy(named, visit)
        secret = session_secret(request)
        account = self._accounts.signed_in(secret_sha(secret), self._clock()) if secret else None
        if account is None:
            return Visitor(visit, None)
        # Forms belong to the session: a visit's cookie could have been planted by a neighbouring site.
        return Visitor(f"session:{secret_sha(secret)}", account.role, account)

    def _named_by_proxy(self, name: str, visit: str) -> Visitor:
        """An account of that name says what they may do, else the settings do."""
        account = self._accounts.by_name(name) or Account(0, name, self._trust.role, self._clock(), external=True)
        return Visitor(f"proxy:{name}:{visit}", account.role, account)


class FirstGate:
    """For a machine without accounts, until the first one is made: then it is an `AccountGate`."""

    def __init__(self, accounts: Accounts, closed: AccountGate) -> None:
        self._accounts = accounts
        self._closed = closed
        self._open = OpenGate()

    @property
    def is_open(self) -> bool:
        """See the protocol."""
        return self._accounts.is_empty()

    def visitor(self, request: Request, visit: str) -> Visitor:
        """See the protocol. What a proxy passes on does not come from this machine, whatever its address."""
        if not self._accounts.is_empty():
            return self._closed.visitor(request, visit)
        return Visitor(visit, None) if was_forwarded(request) else self._open.visitor(request, visit)


def session_secret(request: Request) -> str:
    """What the browser keeps of its sign-in; "" for nothing that could be one."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    return secret if len(secret) <= MAX_SECRET_CHARS else ""


def bearer(request: Request) -> str:
    """The token that a program sends; only the API takes them."""
    path = request.url.path
    said = request.headers.get("authorization", "")
    if not (path == API or path.startswith(f"{API}/")) or not said.lower().startswith(_BEARER):
        return ""
    return said[len(_BEARER) :].strip()[:MAX_SECRET_CHARS] or "none"
