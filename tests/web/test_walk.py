"""What holds for every route: who may use it, that looking changes nothing, that changes are asked for by our pages
(faults H3, H6, H10, H13, H19, H20).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from fastapi import APIRouter, Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.web import app as web_app
from monitor.web.guard import GuardedRoute, needs, role_needed
from monitor.web.headers import SECURITY_HEADERS
from tests.storage.samples import add_source, opening, store
from tests.web.conftest import Browser, browser, site_with
from tests.web.signing_in import Town
from tests.web.walk import candidates, changing, paths, routes_by

# What strangers may use: everything else leads to the sign-in page. New ones are put here after a second look.
FOR_STRANGERS = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/login/oidc"),
    ("GET", "/login/oidc/callback"),
    ("POST", "/logout"),
    ("POST", "/language"),
    ("GET", "/healthz"),
}
# Addresses that hold a secret of their own, which can be taken back.
BY_SECRET = ("/feeds/", "/calendars/", "/u/")
ODD = ("-1", "0", "99999999999999999999", "nan", "1e400", "'", '"', "%", "\x00", "../..", "a" * 5_000, "＜script＞")


def filled(app: App) -> App:
    add_source(app.database)
    store(app.database, events=[opening()])
    return app


def test_h6_strangers_may_use_what_is_listed_here_and_nothing_else() -> None:
    found = {
        (method, route.path)
        for route in web_app.routes()
        for method in route.methods or ()
        if role_needed(route.endpoint) is None and not route.path.startswith(BY_SECRET)
    }
    assert found == FOR_STRANGERS


def test_h6_no_method_of_any_route_is_open_to_strangers(town: Town) -> None:
    town.add()
    stranger = town.stranger()
    for route in web_app.routes():
        for path in paths(route):
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
                answer = stranger.client.request(method, path)
                known = (method, route.path) in FOR_STRANGERS or route.path.startswith(BY_SECRET)
                if not known and answer.status_code != 405:
                    assert answer.status_code in (303, 401), (method, path, answer.status_code)
                    assert answer.headers.get("location", "/login").startswith("/login"), (method, path)


def test_h6_no_change_is_open_to_readers_that_reviewers_have(town: Town) -> None:
    town.add("ann")
    town.add("ray", Role.READER)
    reader = town.signed_in("ray")
    reader.get("/account")
    for method, route in changing():
        needed = role_needed(route.endpoint)
        if needed is not None and needed > Role.READER:
            for path in paths(route):
                answer = reader.client.request(method, path, data={"csrf": reader.token})
                assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize("forged", ["no token", "token of another visit", "another site", "another site's frame"])
def test_h10_no_change_is_made_for_another_site(town: Town, forged: str) -> None:
    town.add("ann")
    admin = town.signed_in()
    admin.get("/account")
    fields, headers = {"csrf": admin.token}, {}
    if forged == "no token":
        fields = {}
    elif forged == "token of another visit":
        other = town.stranger()
        other.get("/login")
        fields = {"csrf": other.token}
    elif forged == "another site":
        headers = {"origin": "https://evil.example"}
    else:
        headers = {"origin": "null", "sec-fetch-site": "cross-site"}
    before = contents(town.app)
    for method, route in changing():
        for path in paths(route, candidates(town.app)):
            answer = admin.client.request(method, path, data=fields, headers=headers)
            assert answer.status_code == 403, (method, path, answer.status_code)
    assert contents(town.app) == before


def contents(app: App) -> list[str]:
    """Everything that stands in the archive."""
    path = Path(app.configuration.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        return list(connection.iterdump())


def test_h10_looking_at_anything_changes_nothing(town: Town) -> None:
    filled(town.app)
    town.add("ann")
    admin = town.signed_in()
    before = contents(town.app)
    known = candidates(town.app)
    for route in routes_by("GET"):
        for path in paths(route, known):
            assert admin.client.get(path).status_code < 500, path
            admin.client.head(path)
    assert contents(town.app) == before


def test_h3_every_answer_of_every_route_carries_the_security_headers(local: Browser, assembled: App) -> None:
    filled(assembled)
    for route in web_app.routes():
        for path in paths(route, candidates(assembled)):
            for method in ("GET", "POST", "DELETE"):
                answer = local.client.request(method, path)
                assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS, path


def test_h3_so_does_an_error_of_ours(assembled: App, monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter(route_class=GuardedRoute)

    @router.get("/broken")
    @needs(None)
    def broken(request: Request) -> None:
        raise RuntimeError("<script>")

    monkeypatch.setattr(web_app, "AREAS", (*web_app.AREAS, router))
    answer = browser(web_app.create(site_with(assembled))).client.get("/broken")
    assert answer.status_code == 500
    assert "<script>" not in answer.text
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


TRAVERSALS = (
    "/static/..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/static/%2e%2e%2fapp.py",
    "/static/..%5capp.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/....//app.py",
    "/static/site.css%00.html",
    "/static/%c0%ae%c0%ae/app.py",
    "/static/../../../../etc/passwd",
    "/static/",
    "/static",
    "/static/.",
)


@pytest.mark.parametrize("path", TRAVERSALS)
def test_h13_nothing_but_static_files_is_served(local: Browser, path: str) -> None:
    answer = local.client.get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "import" not in answer.text


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_h14_h19_odd_values_in_paths_and_queries_are_no_fault_of_ours(local: Browser, assembled: App, odd: str) -> None:
    filled(assembled)
    names = ("q", "limit", "after", "before", "page", "since", "until", "place", "kind", "next", "done", "lang", "sort")
    for route in routes_by("GET"):
        shown = local.client.get(next(paths(route, candidates(assembled))), params=dict.fromkeys(names, odd))
        assert shown.status_code < 500, (route.path, shown.status_code)
        if route.param_convertors and "/" not in odd and "\x00" not in odd:
            path = next(paths(route, {name: [odd] for name in route.param_convertors}))
            assert local.client.get(path).status_code < 500, (route.path, odd)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200) | st.text(alphabet="\"'*()-:^%_ANDORNEAR河内\\;", max_size=60))
def test_h14_any_search_is_answered(local: Browser, text: str) -> None:
    for path in ("/events", "/login"):
        assert local.client.get(path, params={"q": text, "next": text}).status_code < 500
