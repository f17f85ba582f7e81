"""Who is known as whom: sessions, tokens, trusted proxies, and machines without accounts (faults H6, H7)."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.errors import ConfigurationError
from monitor.pipeline.accounts import add_token
from monitor.settings import Configuration, OidcSettings, Settings, SourcesFile, WebSettings
from monitor.web import app as web_app
from monitor.web.gates import AccountGate, FirstGate, bearer
from monitor.web.proxy import neighbourhood, trust_in
from monitor.web.site import Visitor
from monitor.web.start import gate
from tests.web.conftest import Browser, browser, site_with
from tests.web.signing_in import Town

PROXY = "10.1.0.1"


class Asked:
    """As much of a request as a gate looks at."""

    def __init__(self, path: str = "/", address: str = "192.0.2.7", **headers: str) -> None:
        self.client_, self.path = address, path
        self.headers_ = headers

    def get(self) -> Any:
        from fastapi import Request

        headers = [(key.replace("_", "-").encode(), value.encode()) for key, value in self.headers_.items()]
        scope = {"type": "http", "method": "GET", "path": self.path, "query_string": b"", "headers": headers}
        return Request(scope | {"client": (self.client_, 1), "server": ("localhost", 80), "scheme": "http"})


def seen(town: Town, *args: str, **headers: str) -> Visitor:
    return town.web.state.site.gate.visitor(Asked(*args, **headers).get(), "visit")


def test_a_token_opens_the_api_and_nothing_else(town: Town) -> None:
    town.add()
    _, secret = add_token("harvester", town.now, town.app.accounting)
    for path in ("/api/v1", "/api/v1/events"):
        visitor = seen(town, path, authorization=f"Bearer {secret}")
        assert (visitor.role, visitor.by_token) == (Role.READER, True)
    for path in ("/", "/events", "/api/v10", "/api", "/apiary/v1/"):
        assert seen(town, path, authorization=f"Bearer {secret}").role is None
    for wrong in ("Bearer nonsense", "Bearer ", "Bearer", f"Basic {secret}", secret, f"Bearer {secret}x"):
        assert seen(town, "/api/v1/events", authorization=wrong).role is None
    town.app.database.accounts.revoke_token("harvester")
    assert seen(town, "/api/v1/events", authorization=f"Bearer {secret}").role is None


def test_a_wrong_token_is_not_mended_by_a_session(town: Town) -> None:
    town.add()
    signed = town.signed_in()
    cookie = "; ".join(f"{one.name}={one.value}" for one in signed.client.cookies.jar)
    assert seen(town, "/api/v1/events", cookie=cookie).role is Role.ADMIN
    assert seen(town, "/api/v1/events", cookie=cookie, authorization="Bearer wrong").role is None
    assert bearer(Asked("/events", authorization="Bearer x").get()) == ""


def test_a_proxy_is_believed_from_its_own_address_only(assembled: App) -> None:
    town = Town(assembled, trust=trust_in(["10.1.0.0/24", "fd00::/64"], "X-Remote-User", Role.REVIEWER))
    town.add("ann")
    assert seen(town, "/", "192.0.2.7", x_remote_user="ann").role is None
    assert seen(town, "/", "10.1.1.1", x_remote_user="ann").role is None
    assert seen(town, "/", PROXY).role is None
    known, unknown = seen(town, "/", PROXY, x_remote_user="Ann"), seen(town, "/", "fd00::7", x_remote_user="zoë")
    assert (known.name, known.role) == ("ann", Role.ADMIN)
    assert (unknown.name, unknown.role) == ("zoë", Role.REVIEWER)
    assert unknown.account is not None
    assert unknown.account.external
    assert seen(town, "/", "::ffff:10.1.0.1", x_remote_user="ann").role is Role.ADMIN


def test_a_header_given_twice_is_not_believed(assembled: App) -> None:
    town = Town(assembled, trust=trust_in([PROXY], "X-Remote-User"))
    town.add("ann")
    client = TestClient(town.web, "http://localhost", client=(PROXY, 1), follow_redirects=False)
    assert client.get("/account", headers=[("X-Remote-User", "ann")]).status_code == 200
    assert client.get("/account", headers=[("X-Remote-User", "bo"), ("X-Remote-User", "ann")]).status_code == 303


def test_somebody_named_by_a_proxy_sends_forms_of_their_own_only(assembled: App) -> None:
    town = Town(assembled, trust=trust_in([PROXY], "X-Remote-User", Role.READER))
    town.add("ann")
    tokens = {}
    for name in ("ann", "bo"):
        client = TestClient(
            town.web, "http://localhost", client=(PROXY, 1), follow_redirects=False, headers={"X-Remote-User": name}
        )
        client.cookies.set("monitor_visit", "shared")
        one = Browser(client)
        one.get("/account")
        tokens[name] = one
    assert tokens["ann"].post("/language", language="fr") == "/"
    tokens["bo"].token = tokens["ann"].token
    assert tokens["bo"].client.post("/language", data={"csrf": tokens["bo"].token, "language": "fr"}).status_code == 403


@pytest.mark.parametrize(
    ("address", "house"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_house_is_one_visitor(address: str, house: str) -> None:
    assert neighbourhood(address) == house


# ---------------------------------------------------------------- machines without accounts


def test_without_accounts_the_person_at_the_machine_may_do_everything_until_there_is_one(assembled: App) -> None:
    accounts = assembled.database.accounts
    first = FirstGate(accounts, AccountGate(accounts, trust_in([]), assembled.clock))
    web = web_app.create(site_with(assembled, first))
    local = browser(web)
    assert local.get("/accounts").xpath("//form[@action='/accounts']")
    made = local.client.post("/accounts", data={"csrf": local.token, "name": "ann", "role": "ADMIN"})
    assert made.status_code == 200
    assert not first.is_open
    assert local.client.get("/accounts").status_code == 303
    Town(assembled).add("bo", Role.READER)


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
def test_without_accounts_a_proxy_opens_nothing(assembled: App, header: str) -> None:
    accounts = assembled.database.accounts
    first = FirstGate(accounts, AccountGate(accounts, trust_in([]), assembled.clock))
    client = browser(web_app.create(site_with(assembled, first))).client
    assert client.get("/accounts", headers={header: "198.51.100.1"}).status_code == 303
    assert "monitor user add" in client.get("/login", headers={header: "198.51.100.1"}).text
    assert client.get("/accounts").status_code == 200


def chosen(app: App, host: str = "127.0.0.1", **web: Any) -> object:
    settings = app.settings.model_copy(update={"web": WebSettings(**web)})
    app.settings = settings
    return gate(app, host, trust_in(settings.web.trusted_proxies, settings.web.proxy_user_header))


def test_h7_nobody_but_this_machine_reaches_pages_that_nobody_signs_in_to(assembled: App) -> None:
    assert isinstance(chosen(assembled), FirstGate)
    for host in ("0.0.0.0", "192.0.2.1", "::"):
        with pytest.raises(ConfigurationError, match=r"monitor user add NAME.*\[web\.oidc\]"):
            chosen(assembled, host)
    with pytest.raises(ConfigurationError, match=r"web\.base_url: monitor\.city\.example"):
        chosen(assembled, base_url="https://monitor.city.example")
    proxied = {"trusted_proxies": (PROXY,), "proxy_user_header": "X-Remote-User"}
    assert isinstance(chosen(assembled, "0.0.0.0", **proxied), AccountGate)
    oidc = OidcSettings(issuer="https://id.city.example", client_id="monitor", default_role="reader")
    assert isinstance(chosen(assembled, "0.0.0.0", base_url="https://m.city.example", oidc=oidc), AccountGate)
    Town(assembled).add()
    assert isinstance(chosen(assembled, "0.0.0.0"), AccountGate)
    assert isinstance(chosen(assembled), AccountGate)


def test_h21_links_for_mails_and_providers_never_follow_a_requests_host(assembled: App) -> None:
    web = WebSettings(
        base_url="https://m.city.example",
        oidc=OidcSettings(issuer="https://id.city.example", client_id="monitor", default_role="reader"),
    )
    settings = Settings(data_directory=assembled.configuration.data_directory, web=web)
    with App(Configuration(settings, SourcesFile(), None), clock=assembled.clock) as app:
        provider = app.identity_provider
        assert provider is not None
        assert provider._settings.redirect_uri == "https://m.city.example/login/oidc/callback"  # type: ignore[attr-defined]


def test_h21_a_site_that_knows_its_name_answers_to_no_other(assembled: App) -> None:
    town = Town(assembled, base_url="https://monitor.city.example")
    stranger = town.stranger()
    assert stranger.client.get("/login", headers={"host": "attacker.example"}).status_code == 421
    assert stranger.client.get("/login", headers={"host": "monitor.city.example"}).status_code == 200


# ---------------------------------------------------------------- the pages of accounts


def test_an_admin_adds_promotes_resets_and_removes(town: Town) -> None:
    town.add("ann")
    admin = town.signed_in()
    admin.get("/accounts")
    made = admin.client.post("/accounts", data={"csrf": admin.token, "name": "Bo", "role": "READER"})
    assert made.headers["cache-control"] == "no-store"
    password = made.text.partition('class="secret">')[2].partition("<")[0]
    bo = town.app.database.accounts.by_name("bo")
    assert bo is not None
    reader = town.stranger()
    reader.get("/login")
    assert reader.post("/login", name="bo", password=password) == "/"
    assert reader.client.get("/accounts").status_code == 403
    assert admin.post(f"/accounts/{bo.id}/role", role="REVIEWER") == "/accounts?done=role"
    assert "Reviewer" in reader.get("/account").text_content()
    anew = admin.client.post(f"/accounts/{bo.id}/password", data={"csrf": admin.token})
    assert password not in anew.text
    assert reader.client.get("/account").status_code == 303
    assert admin.post(f"/accounts/{bo.id}/remove") == "/accounts?done=removed"
    assert town.app.database.accounts.by_name("bo") is None


def test_an_admin_does_not_lock_themselves_out_by_a_slip(town: Town) -> None:
    ann = town.add("ann")
    admin = town.signed_in()
    admin.get("/accounts")
    for change in ("remove", "role", "password"):
        answer = admin.client.post(f"/accounts/{ann.id}/{change}", data={"csrf": admin.token, "role": "READER"})
        assert answer.status_code == 409
    for fields in ({"name": "ann", "role": "READER"}, {"name": "a b", "role": "READER"}, {"name": "x", "role": "KING"}):
        assert admin.client.post("/accounts", data={"csrf": admin.token, **fields}).status_code == 422
    assert admin.client.post("/accounts/999/remove", data={"csrf": admin.token}).status_code == 404


def test_tokens_are_shown_once_and_revoked(town: Town) -> None:
    town.add("ann")
    admin = town.signed_in()
    admin.get("/accounts")
    made = admin.client.post("/tokens", data={"csrf": admin.token, "name": "harvester"}).text
    secret = made.partition('class="secret">')[2].partition("<")[0]
    assert secret.startswith("scm_")
    page = admin.client.get("/accounts").text
    assert "harvester" in page
    assert secret not in page
    assert seen(town, "/api/v1/x", authorization=f"Bearer {secret}").role is Role.READER
    assert admin.post("/tokens/revoke", name="harvester") == "/accounts?done=revoked"
    assert seen(town, "/api/v1/x", authorization=f"Bearer {secret}").role is None


def test_health_says_nothing_but_that_it_is_well(town: Town) -> None:
    answer = town.stranger().client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "0." not in town.stranger().client.get("/login").text.partition("<footer")[2]
