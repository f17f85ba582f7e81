"""Signing in at an identity provider: a real one on this machine, honest and not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey, RSAKey
from pydantic import SecretStr

from monitor.bootstrap import App, quiet_logging
from monitor.domain.model.accounts import Role
from monitor.settings import Configuration, FetchSettings, OidcSettings, Settings, SourcesFile, WebSettings
from tests.web.conftest import NOW, Browser
from tests.web.provider import CLIENT, SECRET, Provider, providing, shared_secret
from tests.web.signing_in import Town

PUBLIC = "https://monitor.city.example"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing(int(NOW.timestamp())) as serving:
        yield serving


@pytest.fixture
def town(provider: Provider, tmp_path: Path) -> Iterator[Town]:
    quiet_logging()
    oidc = OidcSettings(
        issuer=provider.issuer,
        client_id=CLIENT,
        client_secret=SecretStr(SECRET),
        roles={"city/officers": "reviewer", "city/it": "admin"},
        button="City login",
    )
    settings = Settings(
        data_directory=tmp_path / "archive",
        seeds_directory=tmp_path / "seeds",
        fetch=FetchSettings(allowed_addresses=(f"127.0.0.1:{provider.port}",)),
        web=WebSettings(base_url=PUBLIC, oidc=oidc),
    )
    with App(Configuration(settings, SourcesFile(), None), clock=lambda: NOW) as app:
        yield Town(app, base_url=PUBLIC)


def gone(browser: Browser, wanted: str = "/") -> str:
    """To the provider: the address there."""
    answer = browser.client.get("/login/oidc", params={"next": wanted})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def back(browser: Browser, code: str, state: str) -> Any:
    return browser.client.get("/login/oidc/callback", params={"code": code, "state": state})


def through(browser: Browser, provider: Provider, wanted: str = "/") -> Any:
    return back(browser, *provider.grant(gone(browser, wanted)))


def test_somebody_whom_the_provider_knows_comes_in_with_the_role_of_their_groups(
    town: Town, provider: Provider
) -> None:
    browser = town.stranger()
    asked = parse_qs(urlsplit(gone(browser)).query)
    assert asked["redirect_uri"] == [f"{PUBLIC}/login/oidc/callback"]
    assert SECRET not in gone(browser)
    assert through(browser, provider, "/account").headers["location"] == "/account"
    (account,) = town.app.database.accounts.all()
    assert (account.name, account.role, account.external) == ("ann-lee", Role.REVIEWER, True)
    assert "ann-lee" in browser.get("/account").text_content()
    # Another day, another name and another group: the same person.
    provider.claims = {"preferred_username": "a.lee", "groups": ["city/it"]}
    assert through(town.stranger(), provider).status_code == 303
    (later,) = town.app.database.accounts.all()
    assert (later.id, later.name, later.role) == (account.id, "ann-lee", Role.ADMIN)


def test_who_is_called_like_an_account_of_ours_does_not_get_it(town: Town, provider: Provider) -> None:
    town.add("ann")
    provider.claims = {"preferred_username": "ann"}
    browser = town.stranger()
    assert through(browser, provider).status_code == 303
    assert [(one.name, one.role) for one in town.app.database.accounts.all()] == [
        ("ann", Role.ADMIN),
        ("ann-2", Role.REVIEWER),
    ]


def test_who_is_in_no_group_of_ours_stays_outside(town: Town, provider: Provider) -> None:
    for groups in ([], ["city"], None, "nobody", [{"x": 1}], 7):
        provider.claims = {"groups": groups}
        answer = through(town.stranger(), provider)
        assert answer.status_code == 403
        assert "Ask an administrator" in answer.text
    assert town.app.database.accounts.is_empty()


HOUR = 3600
SPOILT: dict[str, dict[str, Any]] = {
    "nonce of another visit": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": None},
    "several clients": {"aud": [CLIENT, "other"]},
    "another authorised party": {"aud": [CLIENT, "other"], "azp": "other"},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "expired": {"iat": int(NOW.timestamp()) - 400, "exp": int(NOW.timestamp()) - 100},
    "never expires": {"exp": None},
    "expires in words": {"exp": "tomorrow"},
    "made long ago": {"iat": int(NOW.timestamp()) - HOUR},
    "made tomorrow": {"iat": int(NOW.timestamp()) + HOUR, "exp": int(NOW.timestamp()) + 2 * HOUR},
    "nobody": {"sub": None},
    "a person who is no text": {"sub": 7},
    "a very long person": {"sub": "x" * 1_000},
}


@pytest.mark.parametrize("claims", SPOILT.values(), ids=SPOILT)
def test_a_token_that_is_not_for_this_visit_lets_nobody_in(
    town: Town, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    browser = town.stranger()
    assert through(browser, provider).status_code == 403
    assert town.app.database.accounts.is_empty()
    assert browser.client.get("/account").status_code == 303


def test_a_token_signed_by_somebody_else_lets_nobody_in(town: Town, provider: Provider) -> None:
    stranger = RSAKey.generate_key(2048)
    for signs_with, header in (
        (stranger, {"kid": "one"}),
        (stranger, {"kid": "two"}),
        (ECKey.generate_key("P-256"), {"alg": "ES256", "kid": "one"}),
        (shared_secret(), {"alg": "HS256", "kid": "one"}),
    ):
        provider.signs_with, provider.header = signs_with, header
        assert through(town.stranger(), provider).status_code == 403
    assert town.app.database.accounts.is_empty()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3ZjNhIn0.",
        None,
        7,
    ],
)
def test_an_unsigned_or_broken_token_lets_nobody_in(town: Town, provider: Provider, token: object) -> None:
    provider.answer = json.dumps({"id_token": token}).encode()
    assert through(town.stranger(), provider).status_code == 403
    provider.answer = b"[" * 100_000
    assert through(town.stranger(), provider).status_code == 403
    assert town.app.database.accounts.is_empty()


def test_a_state_is_good_once_for_the_browser_that_left_and_for_ten_minutes(town: Town, provider: Provider) -> None:
    browser, thief = town.stranger(), town.stranger()
    code, state = provider.grant(gone(browser))
    thief.client.get("/login")
    assert back(thief, code, state).status_code == 403
    assert back(browser, code, state).status_code == 403  # it was used up by the thief
    code, state = provider.grant(gone(browser))
    assert back(browser, code, "invented").status_code == 403
    assert back(browser, "", state).status_code == 403
    code, state = provider.grant(gone(browser))
    assert back(browser, code, state).status_code == 303
    browser.client.cookies.delete("monitor_session")
    assert back(browser, code, state).status_code == 403
    code, state = provider.grant(gone(browser))
    town.later(minutes=11)
    assert back(browser, code, state).status_code == 403


def test_a_code_of_another_visit_is_not_redeemed(town: Town, provider: Provider) -> None:
    victim, thief = town.stranger(), town.stranger()
    code, _ = provider.grant(gone(victim))
    _, state = provider.grant(gone(thief))
    assert back(thief, code, state).status_code == 403


def test_signing_in_elsewhere_leads_to_no_other_site(town: Town, provider: Provider) -> None:
    assert through(town.stranger(), provider, "//evil.example").headers["location"] == "/"


def test_new_keys_of_the_provider_are_read_and_made_up_ones_are_not_asked_for_often(
    town: Town, provider: Provider
) -> None:
    assert through(town.stranger(), provider).status_code == 303
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "made up"})
    provider.header = {"kid": "made up"}
    for _ in range(5):
        assert through(town.stranger(), provider).status_code == 403
    assert provider.asked.count("/keys") == 1
    clock = [0.0]
    oidc = town.app.identity_provider
    assert oidc is not None
    oidc._monotonic = lambda: clock[0] + 61 + __import__("time").monotonic()  # type: ignore[attr-defined]
    provider.key, provider.signs_with = provider.signs_with, None
    assert through(town.stranger(), provider).status_code == 303
    assert provider.asked.count("/keys") == 2


def test_a_provider_that_fails_or_lies_about_itself_is_told_to_nobody_in_detail(town: Town, provider: Provider) -> None:
    for lie in (
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ):
        provider.discovery = lie
        town.app.identity_provider._kept.clear()  # type: ignore[union-attr]
        answer = town.stranger().client.get("/login/oidc")
        assert answer.status_code == 503
        assert "evil" not in answer.text


def test_the_sign_in_page_shows_the_button_and_without_accounts_nothing_else(town: Town) -> None:
    page = town.stranger().get("/login?next=/events%3Fq%3Da")
    assert page.xpath("//a[@class='button single']/@href") == ["/login/oidc?next=/events%3Fq%3Da"]
    assert page.xpath("//a[@class='button single']/text()") == ["City login"]
    assert not page.xpath("//input[@type='password']")
    town.add("ann")
    assert town.stranger().get("/login").xpath("//input[@type='password']")


def test_without_a_provider_there_is_no_way_there(assembled: App) -> None:
    for path in ("/login/oidc", "/login/oidc/callback?code=a&state=b"):
        assert Town(assembled).stranger().client.get(path).status_code in (403, 404)
