"""A site with accounts, whose clock can be set, and browsers that sign in to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.testclient import TestClient

from monitor.adapters.passwords import Argon2Secrets
from monitor.bootstrap import App
from monitor.domain.model.accounts import Account, Role
from monitor.pipeline.accounts import Accounting, add_account
from monitor.web import app as web_app
from monitor.web.gates import AccountGate
from monitor.web.proxy import Trust
from monitor.web.site import Site, WebOptions
from tests.web.conftest import KEY, NOW, Browser

PASSWORD = "four small green lamps"
WRONG_PASSWORD = "four small green lambs"
CHEAP = Argon2Secrets(time_cost=1, memory_kib=64)


@dataclass
class Town:
    """A site where people sign in."""

    app: App
    trust: Trust = field(default_factory=Trust)
    base_url: str = ""
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.app.__dict__["accounting"] = Accounting(self.app.database.accounts, CHEAP, timedelta(hours=8))
        options = WebOptions(
            base_url=self.base_url, trust=self.trust, provider_button=self.app.settings.web.oidc.button
        )
        gate = AccountGate(self.app.database.accounts, self.trust, self.clock)
        self.web = web_app.create(Site(self.app, options, gate, KEY, self.clock))

    def clock(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def add(self, name: str = "ann", role: Role = Role.ADMIN) -> Account:
        account, _ = add_account(name, PASSWORD, role, self.now, self.app.accounting)
        return account

    def stranger(self, address: str = "192.0.2.7") -> Browser:
        scheme = "https" if self.base_url.startswith("https") else "http"
        return Browser(
            TestClient(
                self.web,
                f"{scheme}://localhost",
                follow_redirects=False,
                raise_server_exceptions=False,
                client=(address, 50_000),
            )
        )

    def signed_in(self, name: str = "ann", address: str = "192.0.2.7") -> Browser:
        browser = self.stranger(address)
        browser.get("/login")
        assert browser.post("/login", name=name, password=PASSWORD) == "/"
        return browser


def tries(browser: Browser, name: str = "ann", password: str = WRONG_PASSWORD, **headers: str) -> int:
    """The status of one attempt to sign in."""
    if not browser.token:
        browser.get("/login")
    fields = {"csrf": browser.token, "name": name, "password": password}
    return browser.client.post("/login", data=fields, headers=headers).status_code
