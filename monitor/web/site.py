"""What the pages are made with: ports, use cases and options, handed over by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from fastapi import Request

from monitor.bootstrap import App
from monitor.domain.model.accounts import Account, Role
from monitor.web.door import Door
from monitor.web.errands import Errands
from monitor.web.proxy import Trust


@dataclass(frozen=True, slots=True)
class WebOptions:
    """What the operator set."""

    listen_host: str = "127.0.0.1"
    base_url: str = ""  # how people reach it; links in mails and feeds start so, whatever a request's Host says
    language: str = "en"  # where neither visitor nor browser says
    time_zone: str = "UTC"
    trust: Trust = Trust()  # noqa: RUF009 - frozen value
    provider_button: str = ""  # what leads to the identity provider

    @property
    def is_https(self) -> bool:
        """Whether cookies may demand an encrypted connection."""
        return self.base_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """Host and port that people see; "" where it is not set."""
        return urlsplit(self.base_url).netloc.lower()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks."""

    visit: str  # the secret of the browser's visit
    role: Role | None  # None: not signed in
    account: Account | None = None  # None: not signed in, or the person at this machine, where there are no accounts
    by_token: bool = False  # a program with an API token: no browser that could be tricked

    @property
    def name(self) -> str:
        """As it stands in the history of what was done."""
        return self.account.name if self.account is not None else "local"


class Gate(Protocol):
    """Knows visitors. May be used from any thread."""

    @property
    def is_open(self) -> bool:
        """Whether there are no accounts: whoever reaches the pages may do everything."""
        ...

    def visitor(self, request: Request, visit: str) -> Visitor:
        """Who asks, by cookie, token or the word of a trusted proxy; changes nothing."""
        ...


class OpenGate:
    """For a machine without accounts, reached by loopback only: whoever sits at it may do everything."""

    @property
    def is_open(self) -> bool:
        """See the protocol."""
        return True

    def visitor(self, request: Request, visit: str) -> Visitor:
        """See the protocol."""
        del request
        return Visitor(visit, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Site:
    """Everything a page may use."""

    app: App
    options: WebOptions
    gate: Gate
    key: bytes  # signs forms; made at first start and kept beside the database
    clock: Callable[[], datetime]
    door: Door = field(default_factory=Door)
    errands: Errands = field(default_factory=Errands)
    hasten: Callable[[], None] | None = None  # look at once what is due to be polled; None: no clockwork runs here


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site
