"""The API as programs use it: by token, a page at a time, with answers that can be compared and problems that can be
read.
"""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.events import DateRange, EventKind
from monitor.domain.model.sources import Rights
from monitor.pipeline.accounts import add_token
from tests.storage.samples import TEXT, add_source, article, happening, opening, put_seed, seed, source, store
from tests.web import relations_world
from tests.web.conftest import NOW, Browser
from tests.web.signing_in import Town

LISTS = ("events", "partnerships", "expectations", "sources", "digests")


def fill(app: App, number: int = 3, **rights: object) -> list[str]:
    """So many events, one a day; their ids, the newest first."""
    add_source(app.database, source(**rights))
    found = []
    for one in range(number):
        day = date(2026, 2, 1 + one)
        told = happening(when=DateRange(day, day), participants=frozenset({"nancy", "kunming"}), host_id="nancy")
        given = article(f"Report {one}", f"{TEXT} Number {one}.")
        found.append(store(app.database, given, f"https://harbour-post.example/{one}", [opening(told)]).event_ids[0])
    return found[::-1]


def get(browser: Browser, path: str, **headers: str) -> dict[str, object]:
    answer = browser.client.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, object] = answer.json()
    return found


def program(town: Town) -> Browser:
    """One that sends a token."""
    _, secret = add_token("harvester", NOW, town.app.accounting)
    browser = town.stranger()
    browser.client.headers["authorization"] = f"Bearer {secret}"
    return browser


# ---------------------------------------------------------------- who may


def test_without_a_token_nothing_is_told(town: Town) -> None:
    town.add()
    for name in (*LISTS, "openapi.json", "events/ev_x", "articles/1", "partnerships/a+b"):
        answer = town.stranger().client.get(f"/api/v1/{name}")
        assert answer.status_code == 401, name
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == 'Bearer realm="monitor"'
        assert answer.json()["status"] == 401


def test_a_wrong_token_is_told_to_be_wrong(town: Town) -> None:
    town.add()
    browser = town.stranger()
    answer = browser.client.get("/api/v1/events", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="monitor", error="invalid_token"'


def test_a_token_reads_gets_no_cookie_and_changes_nothing(town: Town) -> None:
    town.add()
    [newest, *_] = fill(town.app)
    browser = program(town)
    answer = browser.client.get("/api/v1/events")
    assert answer.json()["items"][0]["id"] == newest
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    posted = browser.client.post("/api/v1/events")
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET")
    assert posted.headers["content-type"] == "application/problem+json"


# ---------------------------------------------------------------- lists


def test_lists_are_walked_by_the_next_link_and_each_item_comes_once(local: Browser, assembled: App) -> None:
    ids = fill(assembled, 5)
    seen, path = [], "/api/v1/events?limit=2&place=nancy"
    while path:
        answer = local.client.get(path)
        page = answer.json()
        assert page["total"] == 5
        seen += [one["id"] for one in page["items"]]
        assert answer.headers.get("link", "") == (f'<{page["next"]}>; rel="next"' if page["next"] else "")
        path = page["next"]
    assert seen == ids


def test_the_next_link_is_what_the_operator_calls_the_site(town: Town) -> None:
    town = Town(town.app, base_url="https://monitor.city.example")
    town.add()
    fill(town.app)
    browser = program(town)
    answer = browser.client.get("/api/v1/events?limit=1", headers={"host": "monitor.city.example"})
    assert answer.json()["next"].startswith("https://monitor.city.example/api/v1/events?limit=1&cursor=")
    assert answer.json()["items"][0]["page"].startswith("https://monitor.city.example/events/ev_")


def test_a_cursor_of_somebody_elses_is_a_problem_not_a_fault(local: Browser) -> None:
    for name in LISTS:
        for cursor in ("x", "W10", "WzFd", "WyIiXQ", "bnVsbA", "WyJhIiwiYiJd", "%00", "é", "W1tbW1tb", "WzFlOTk5XQ"):
            answer = local.client.get(f"/api/v1/{name}", params={"cursor": cursor})
            assert answer.status_code in (200, 400), (name, cursor)
            assert answer.status_code == 200 or answer.json()["detail"].startswith("The cursor is none of ours")


def test_the_filters_are_those_of_the_events_page(local: Browser, assembled: App) -> None:
    ids = fill(assembled)
    for asked, told in (
        ("since=2026-02-03", ids[:1]),
        ("until=2026-02-01", ids[2:]),
        ("q=regatta", ids),
        ("q=nowhere", []),
        ("place=kunming", ids),
        ("place=lyon", []),
        ("country=vn", ids),
        ("kind=agreements", ids),
        ("status=cancelled", []),
        ("novelty=new", ids),
        ("source=harbour-post", ids),
        ("language=en", ids),
    ):
        assert [one["id"] for one in get(local, f"events?{asked}")["items"]] == told, asked  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("status=dancing", "status"),
        ("since=2026-13-01", "since"),
        ("until=0", "until"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("country=FRA", "country"),
        ("colour=red", "colour"),
        ("kind=x", "kind"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused_not_passed_over(local: Browser, asked: str, field: str) -> None:
    answer = local.client.get(f"/api/v1/events?{asked}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["field"] for one in answer.json()["errors"]] == [field]


# ---------------------------------------------------------------- one


def test_an_event_comes_with_its_facts_its_reports_and_its_history(local: Browser, assembled: App) -> None:
    [newest, *_] = fill(assembled)
    told = get(local, f"events/{newest}")
    assert told["date"] == {
        "starts_on": "2026-02-03",
        "ends_on": "2026-02-03",
        "precision": "day",
        "is_inferred": False,
    }
    assert {one["id"]: one["geonames_id"] for one in told["participants"]} == {"kunming": 1804651, "nancy": 2990999}  # type: ignore[attr-defined]
    assert [one["why"] for one in told["reports"]] == ["no known event is like it"]  # type: ignore[attr-defined]
    assert [one["kind"] for one in told["changes"]] == ["opened"]  # type: ignore[attr-defined]
    assert told["headline"] == "Signing: Nancy–Kunming, 3 February 2026"
    french = get(local, f"events/{newest}", **{"accept-language": "fr"})
    assert french["headline"] == "Signature\N{NO-BREAK SPACE}: Nancy–Kunming, 3 février 2026"


@pytest.mark.parametrize(("rights", "extent"), [(Rights.LINK, "none"), (Rights.QUOTE, "quote"), (Rights.FULL, "full")])
def test_an_article_comes_with_as_much_text_as_its_source_allows(
    local: Browser, assembled: App, rights: Rights, extent: str
) -> None:
    fill(assembled, 1, rights=rights, quote_chars=40)
    told = get(local, "articles/1")
    assert told["text_is"] == extent
    assert len(str(told["text"])) <= 40 or extent == "full"
    assert bool(told["text"]) is (extent != "none")
    assert "spans" not in json.dumps(told)


@pytest.mark.parametrize("path", ["events/ev_none", "articles/99", "partnerships/no+where", "nothing"])
def test_what_is_not_there_is_a_problem(local: Browser, path: str) -> None:
    answer = local.client.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }


def test_partnerships_and_what_is_expected_of_them(local: Browser, assembled: App) -> None:
    relations_world.fill(assembled)
    [one] = get(local, "partnerships?place=nancy")["items"]  # type: ignore[misc]
    assert one["key"] == relations_world.KEY
    assert one["agreements"]
    assert get(local, f"partnerships/{relations_world.KEY}") == one
    assert get(local, "partnerships?place=lyon")["items"] == []
    expected = get(local, f"expectations?partnership={relations_world.KEY}")["items"]
    assert {one["basis"] for one in expected} <= {"cadence", "anniversary", "term"}  # type: ignore[attr-defined]
    assert get(local, "expectations?partnership=no")["items"] == []


def test_sources_are_told_with_their_health_and_without_addresses_of_feeds(local: Browser, assembled: App) -> None:
    fill(assembled)
    [one] = get(local, "sources")["items"]  # type: ignore[misc]
    assert (one["key"], [feed["health"] for feed in one["feeds"]]) == ("harbour-post", ["new"])
    assert "/feed" not in json.dumps(one)


# ---------------------------------------------------------------- what surrounds it


def test_what_has_not_changed_is_not_sent_again(local: Browser, assembled: App) -> None:
    fill(assembled)
    first = local.client.get("/api/v1/events")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for said in (tag, f"W/{tag}", f'"x", {tag}'):
        again = local.client.get("/api/v1/events", headers={"if-none-match": said})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    put_seed(assembled.database, seed())
    assert local.client.get("/api/v1/events", headers={"if-none-match": tag}).status_code == 200


def test_the_document_names_every_route_of_the_api_and_no_page(local: Browser) -> None:
    document = get(local, "openapi.json")
    assert set(document["paths"]) == {  # type: ignore[call-overload]
        "/api/v1/articles/{article_id}",
        "/api/v1/digests",
        "/api/v1/events",
        "/api/v1/events/{event_id}",
        "/api/v1/expectations",
        "/api/v1/partnerships",
        "/api/v1/partnerships/{key}",
        "/api/v1/sources",
    }
    assert document["security"] == [{"token": []}]
    assert "HTTPValidationError" not in json.dumps(document)


def test_nothing_in_the_document_leads_to_another_host(local: Browser) -> None:
    told = json.dumps(get(local, "openapi.json"))
    assert not [one for one in told.split('"') if urlsplit(one).scheme in ("http", "https")]
    client: TestClient = local.client
    assert client.get("/docs").status_code == 404
    assert client.get("/api/v1/docs").status_code == 404


def test_reviewers_get_no_more_of_a_text_than_readers(town: Town) -> None:
    town.add("ann")
    town.add("rita", Role.REVIEWER)
    fill(town.app, 1, rights=Rights.LINK)
    answer = town.signed_in("rita").client.get("/api/v1/articles/1")
    assert answer.json()["text_is"] == "none"


def test_a_kind_of_event_has_one_family(local: Browser, assembled: App) -> None:
    fill(assembled, 1)
    [one] = get(local, "events")["items"]  # type: ignore[misc]
    assert one["kinds"][0] == EventKind.AGREEMENT_SIGNED
    assert one["family"] == "agreements"
