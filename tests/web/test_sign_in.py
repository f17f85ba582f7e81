"""Signing in and out, sessions, and who is kept waiting (faults H8, H9, H11, H12)."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest
from lxml.html import document_fromstring

from monitor.adapters.passwords import Argon2Secrets
from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.pipeline.accounts import Accounting, add_account, set_password, sign_in
from monitor.web.guard import SESSION_COOKIE, VISIT_COOKIE
from monitor.web.proxy import trust_in
from monitor.web.throttle import FAILURES, LONGEST_PAUSE_S
from tests.web.conftest import Browser
from tests.web.signing_in import CHEAP, PASSWORD, Town, tries


def status(browser: Browser, path: str = "/") -> int:
    return int(browser.client.get(path).status_code)


def test_a_stranger_is_led_to_the_sign_in_page_and_back_to_where_they_wanted(town: Town) -> None:
    town.add()
    browser = town.stranger()
    led = browser.client.get("/account?done=password").headers["location"]
    assert led == "/login?next=%2Faccount%3Fdone%3Dpassword"
    wanted = browser.get(led).xpath("//input[@name='next']/@value")[0]
    assert browser.post("/login", name="ANN ", password=PASSWORD, next=wanted) == "/account?done=password"
    assert browser.get("/account").xpath("//main//strong/text()")[0] == "ann"
    assert browser.client.get("/login").headers["location"] == "/"


@pytest.mark.parametrize("next_", ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example"])
def test_h12_signing_in_leads_to_no_other_site(town: Town, next_: str) -> None:
    town.add()
    browser = town.stranger()
    page = document_fromstring(browser.client.get("/login", params={"next": next_}).text)
    assert page.xpath("//input[@name='next']/@value") == ["/"]
    browser.get("/login")
    assert browser.post("/login", name="ann", password=PASSWORD, next=next_) == "/"
    assert browser.client.get("/login", params={"next": next_}).headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(town: Town) -> None:
    town.add()
    browser = town.stranger()
    browser.get("/login")
    pages = []
    for name in ("ann", "eve"):
        fields = {"csrf": browser.token, "name": name, "password": "wrong wrong wrong"}
        answer = browser.client.post("/login", data=fields)
        assert answer.status_code == 403
        pages.append(answer.text.replace(f'value="{name}"', ""))
    assert pages[0] == pages[1]
    assert SESSION_COOKIE not in browser.client.cookies


def test_h11_the_session_is_new_at_each_sign_in_and_the_one_before_is_dead(town: Town) -> None:
    town.add()
    browser = town.stranger()
    browser.client.cookies.set(SESSION_COOKIE, "planted", domain="localhost.local")
    browser.get("/login")
    browser.post("/login", name="ann", password=PASSWORD)
    (first,) = {one.value for one in browser.client.cookies.jar if one.name == SESSION_COOKIE} - {"planted"}
    other = town.signed_in()
    browser.client.cookies.clear()
    browser.client.cookies.set(SESSION_COOKIE, first)
    assert status(browser) == 200
    other.get("/")
    assert other.post("/logout") == "/login"
    assert status(other) == 303
    assert status(browser) == 200


def test_h11_after_signing_out_the_cookie_is_worth_nothing(town: Town) -> None:
    town.add()
    browser = town.signed_in()
    secret = browser.client.cookies[SESSION_COOKIE]
    browser.get("/")
    browser.post("/logout")
    assert SESSION_COOKIE not in browser.client.cookies
    browser.client.cookies.set(SESSION_COOKIE, secret)
    assert status(browser) == 303


def test_h11_another_password_signs_all_other_browsers_out(town: Town) -> None:
    town.add()
    other, browser = town.signed_in(), town.signed_in()
    before = browser.client.cookies[SESSION_COOKIE]
    browser.get("/account")
    new = "three blue herons wait"
    assert browser.post("/account/password", old=PASSWORD, new=new, again=new) == "/account?done=password"
    assert browser.client.cookies[SESSION_COOKIE] != before
    assert browser.get("/account?done=password").xpath("//*[@role='status']/text()")
    assert status(other) == 303
    assert tries(town.stranger(), password=PASSWORD) == 403
    assert tries(town.stranger(), password=new) == 303


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("not the old one", "three blue herons wait", "three blue herons wait"),
        (PASSWORD, "three blue herons wait", "three blue herons went"),
        (PASSWORD, "too short", "too short"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"),
    ],
)
def test_a_password_is_not_changed_by_a_slip(town: Town, old: str, new: str, again: str) -> None:
    town.add()
    browser = town.signed_in()
    browser.get("/account")
    fields = {"csrf": browser.token, "old": old, "new": new, "again": again}
    answer = browser.client.post("/account/password", data=fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert tries(town.stranger(), password=PASSWORD) == 303


def test_signing_out_everywhere_else_leaves_this_browser(town: Town) -> None:
    town.add()
    other, browser = town.signed_in(address="198.51.100.1"), town.signed_in()
    assert "198.51.100.1" in browser.get("/account").text_content()
    assert browser.post("/account/sessions") == "/account?done=sessions"
    assert (status(other), status(browser)) == (303, 200)


def test_a_session_ends_with_its_time(town: Town) -> None:
    town.add()
    browser = town.signed_in()
    town.later(hours=7)
    assert status(browser) == 200
    town.later(hours=2)
    assert status(browser) == 303


def test_cookies_are_hidden_from_scripts_and_other_sites_and_demand_https(assembled: App) -> None:
    town = Town(assembled, base_url="https://monitor.city.example")
    town.add()
    browser = town.stranger()
    browser.get("/login")
    answer = browser.client.post("/login", data={"csrf": browser.token, "name": "ann", "password": PASSWORD})
    cookies = [one.lower() for one in answer.headers.get_list("set-cookie")]
    assert len(cookies) == 2
    for cookie in cookies:
        assert {"httponly", "samesite=lax", "secure"} <= {part.strip() for part in cookie.split(";")}


def test_h10_nobody_is_signed_in_by_a_form_of_another_site(town: Town) -> None:
    town.add()
    browser = town.stranger()
    browser.get("/login")
    fields = {"name": "ann", "password": PASSWORD}
    assert browser.client.post("/login", data=fields).status_code == 403
    evil = {"origin": "https://evil.example"}
    assert browser.client.post("/login", data={**fields, "csrf": browser.token}, headers=evil).status_code == 403
    # A visit that somebody planted gives no token for the session that follows.
    planted = browser.token
    signed = town.signed_in()
    signed.client.cookies.set(VISIT_COOKIE, browser.client.cookies[VISIT_COOKIE])
    assert signed.client.post("/logout", data={"csrf": planted}).status_code == 403


# ---------------------------------------------------------------- brute force


def test_h8_after_five_failures_one_waits_longer_and_longer(town: Town) -> None:
    town.add()
    browser = town.stranger()
    assert [tries(browser) for _ in range(FAILURES)] == [403] * FAILURES
    pauses = []
    for _ in range(8):
        answer = browser.client.post("/login", data={"csrf": browser.token, "name": "ann", "password": PASSWORD})
        assert answer.status_code == 429
        pauses.append(int(answer.headers["retry-after"]))
        town.later(seconds=pauses[-1])
        assert tries(browser) == 403
    assert pauses == [30, 60, 120, 240, 480, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    town.later(seconds=LONGEST_PAUSE_S)
    assert tries(browser, password=PASSWORD) == 303


def test_h8_of_a_thousand_tries_five_are_looked_at_whatever_address_they_claim(town: Town) -> None:
    town.add()
    browser = town.stranger("203.0.113.9")
    seen = [tries(browser, f"user{number}", **{"x-forwarded-for": f"10.0.0.{number % 250}"}) for number in range(1_000)]
    assert (seen.count(403), seen.count(429)) == (FAILURES, 1_000 - FAILURES)


def test_h8_an_account_is_not_tried_from_many_addresses(town: Town) -> None:
    town.add()
    seen = [tries(town.stranger(f"203.0.113.{number}")) for number in range(20)]
    assert seen == [403] * FAILURES + [429] * 15


def test_h8_the_owner_comes_in_though_others_fail_in_the_owners_name(town: Town) -> None:
    town.add()
    owner = town.signed_in()
    owner.get("/")
    owner.post("/logout")
    for number in range(40):
        tries(town.stranger(f"203.0.113.{number}"))
        tries(town.stranger("192.0.2.7"), f"user{number}")
    assert tries(town.stranger("198.51.100.4"), password=PASSWORD) == 429
    owner.get("/login")
    assert owner.post("/login", name="ann", password=PASSWORD) == "/"


def test_h8_the_visitors_address_is_believed_of_a_trusted_proxy_only(assembled: App) -> None:
    town = Town(assembled, trust=trust_in(["10.1.0.0/16"]))
    town.add()
    behind = town.stranger("10.1.0.1")
    for number in range(FAILURES):
        assert tries(behind, f"x{number}", **{"x-forwarded-for": "198.51.100.1"}) == 403
    assert tries(behind, "y", **{"x-forwarded-for": "198.51.100.1"}) == 429
    assert tries(behind, "y", **{"x-forwarded-for": "203.0.113.5, 198.51.100.1"}) == 429
    assert tries(behind, "y", **{"x-forwarded-for": "198.51.100.1, 198.51.100.2"}) == 403


def test_tries_at_once_are_counted_before_the_password_is_looked_at(town: Town) -> None:
    now, lanes = town.now, ("account:ann", "address:192.0.2.7")
    throttle = town.web.state.site.door.throttle
    assert [throttle.enter(lanes, now) for _ in range(7)] == [0] * FAILURES + [30, 30]
    throttle.succeeded(lanes[0], lanes[1:])
    assert throttle.enter(lanes[:1], now) == 0


def test_h9_an_unknown_name_takes_as_long_as_a_wrong_password(assembled: App) -> None:
    secrets = Argon2Secrets(time_cost=2, memory_kib=2 * 1024)
    accounting = Accounting(assembled.database.accounts, secrets, timedelta(hours=8))
    add_account("ann", PASSWORD, Role.ADMIN, assembled.clock(), accounting)
    took: dict[str, list[float]] = {"ann": [], "eve": []}
    for _ in range(500):
        for name, times in took.items():
            began = time.thread_time()  # of this thread alone: other work on the machine does not count
            assert sign_in(name, "wrong wrong wrong", accounting) is None
            times.append(time.thread_time() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert abs(known - unknown) < 0.05 * max(known, unknown)


def test_a_password_is_hashed_anew_when_the_parameters_grew(assembled: App) -> None:
    accounts = assembled.database.accounts
    account, _ = add_account("ann", PASSWORD, None, assembled.clock(), Accounting(accounts, CHEAP, timedelta(hours=8)))
    before = accounts.password_hash(account.id)
    stronger = Accounting(accounts, Argon2Secrets(time_cost=2, memory_kib=128), timedelta(hours=8))
    assert sign_in("ann", PASSWORD, stronger) == account
    after = accounts.password_hash(account.id)
    assert after != before
    assert sign_in("ann", PASSWORD, stronger) == account
    assert accounts.password_hash(account.id) == after
    assert len(set_password(account, None, stronger)) > 20
    assert sign_in("ann", PASSWORD, stronger) is None
