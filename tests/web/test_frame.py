"""What surrounds every page: guards, headers, forms, languages, errors."""

from __future__ import annotations

import pytest
from fastapi import APIRouter, Request
from lxml.html import document_fromstring

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.web import app as web_app
from monitor.web.guard import GuardedRoute
from monitor.web.headers import MAX_BODY_BYTES, SECURITY_HEADERS
from monitor.web.local_path import local_path
from monitor.web.site import Visitor, WebOptions
from tests.web.conftest import Browser, browser, site_with


class Strangers:
    """Knows nobody."""

    is_open = False

    def visitor(self, request: Request, visit: str) -> Visitor:
        del request
        return Visitor(visit, None)


class Known(Strangers):
    def __init__(self, role: Role) -> None:
        self._role = role

    def visitor(self, request: Request, visit: str) -> Visitor:
        del request
        return Visitor(visit, self._role)


def test_a_route_that_does_not_say_who_may_use_it_stops_the_program() -> None:
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(LookupError, match="nobody said"):
        router.get("/open")(lambda: None)


def test_every_route_turns_strangers_away_unless_it_is_meant_for_them(assembled: App) -> None:
    web = web_app.create(site_with(assembled, Strangers()))
    stranger = browser(web)
    for route in web_app.routes():
        for method in route.methods or ():
            path = route.path.format(**dict.fromkeys(route.param_convertors, "1"))
            answer = stranger.client.request(method, path)
            if route.endpoint._monitor_needs is not None:
                assert answer.status_code in (303, 401), (method, path, answer.status_code)
                assert answer.headers.get("location", "/login").startswith("/login"), path


def test_a_reader_is_told_what_only_others_may_do(assembled: App) -> None:
    web = web_app.create(site_with(assembled, Known(Role.READER)))
    for route in web.routes:
        if isinstance(route, GuardedRoute) and "GET" in (route.methods or ()):
            needed = route.endpoint._monitor_needs
            if needed is not None and needed > Role.READER:
                path = route.path.format(**dict.fromkeys(route.param_convertors, "1"))
                assert browser(web).client.get(path).status_code == 403, path


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/site.css", "/static/nothing", "/language"])
def test_every_answer_carries_the_security_headers(local: Browser, path: str) -> None:
    answer = local.client.get(path)
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_a_form_without_the_visits_token_changes_nothing(local: Browser) -> None:
    local.get("/")
    assert local.client.post("/language", data={"language": "fr"}).status_code == 403
    assert local.client.post("/language", data={"language": "fr", "csrf": "x" * 64}).status_code == 403
    assert local.post("/language", language="fr", back="/") == "/"


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_of_another_site_is_refused_though_it_has_the_token(local: Browser, headers: dict[str, str]) -> None:
    local.get("/")
    answer = local.client.post("/language", data={"csrf": local.token, "language": "fr"}, headers=headers)
    assert answer.status_code == 403


def test_our_own_forms_are_taken_though_pages_without_referrer_hide_their_origin(local: Browser) -> None:
    local.get("/")
    fields = {"csrf": local.token, "language": "fr"}
    for headers in ({"origin": "null", "sec-fetch-site": "same-origin"}, {"origin": "null"}):
        assert local.client.post("/language", data=fields, headers=headers).status_code == 303
    for headers in (
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-site"},
    ):
        assert local.client.post("/language", data=fields, headers=headers).status_code == 403
    assert local.client.post("/language", data={"language": "fr"}, headers={"origin": "null"}).status_code == 403


def test_pages_are_in_the_language_that_was_chosen_else_the_browsers(local: Browser) -> None:
    assert local.get("/", **{"accept-language": "de, zh-CN;q=0.8, fr;q=0.9"}).get("lang") == "fr"
    local.post("/language", language="vi", back="/")
    assert local.get("/", **{"accept-language": "fr"}).get("lang") == "vi"


def test_a_foreign_host_name_is_not_answered_on_a_machine_without_accounts(local: Browser) -> None:
    assert local.client.get("/", headers={"host": "attacker.example"}).status_code == 421
    assert local.client.get("/", headers={"host": "127.0.0.1:8000"}).status_code == 200


def test_a_request_that_is_too_large_is_refused(local: Browser) -> None:
    answer = local.client.post("/language", content=b"x" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_is_not_there_is_said_in_a_page_with_a_way_on(local: Browser) -> None:
    answer = local.client.get("/<script>alert(1)</script>")
    assert answer.status_code == 404
    tree = document_fromstring(answer.text)
    assert tree.xpath("//main//a/@href") == ["/"]
    assert "alert" not in "".join(tree.xpath("//script/text()"))


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "////evil", "javascript:alert(1)", "https://evil.example", "/\t/evil", ""],
)
def test_nobody_is_led_to_another_site(wanted: str) -> None:
    assert local_path(wanted) == "/"
    assert local_path("/events?q=a%20b") == "/events?q=a%20b"


def test_cookies_demand_https_where_the_site_has_it(assembled: App) -> None:
    web = web_app.create(site_with(assembled, options=WebOptions(base_url="https://monitor.city.example")))
    cookie = browser(web).client.get("/").headers["set-cookie"]
    assert {"httponly", "samesite=lax", "secure"} <= {part.strip().lower() for part in cookie.split(";")}
