from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.sources import Rights
from tests.web import relations_world
from tests.web.conftest import Browser
from tests.web.signing_in import Town
from tests.web.test_api import fill

MARK = "\ufeff"


def fetched(browser: Browser, **asked: str) -> bytes:
    answer = browser.client.get("/exports/download", params=asked)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-disposition"].startswith("attachment;")
    return answer.content


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode().removeprefix(MARK), newline="")))


def test_the_page_counts_what_would_go_out_and_keeps_what_was_chosen(local: Browser, assembled: App) -> None:
    fill(assembled)
    relations_world.fill(assembled)
    page = local.get("/exports?since=2026-02-02&until=2026-02-28&country=FR&what=articles&form=jsonl")
    assert page.xpath("//span[@role='status']/text()") == ["2 events"]
    assert page.xpath("//input[@name='since']/@value") == ["2026-02-02"]
    assert page.xpath("//input[@type='radio'][@checked]/@value") == ["articles", "jsonl"]
    assert page.xpath("//input[@name='country'][@checked]/@value") == ["FR"]
    assert page.xpath("//nav//a[@aria-current='page']/text()") == ["Exports"]


def test_the_list_of_events_leads_to_the_export_of_the_same_events(local: Browser, assembled: App) -> None:
    fill(assembled)
    page = local.get("/events?place=nancy&status=happened")
    assert page.xpath("//a[starts-with(@href, '/exports')]/@href")[-1] == "/exports?place=nancy&status=happened"


def test_csv_is_what_table_programs_read(local: Browser, assembled: App) -> None:
    ids = fill(assembled)
    body = fetched(local, what="events", form="csv")
    assert body.startswith(MARK.encode())
    assert body.count(b"\r\n") == 4
    found = rows(body)
    assert [one["id"] for one in found] == ids
    assert found[0]["participants"] == "kunming|nancy"
    assert found[0]["participant_geonames"] == "1804651|2990999"
    assert (found[0]["starts_on"], found[0]["precision"], found[0]["status"]) == ("2026-02-03", "day", "happened")
    assert found[0]["reasons"] == "no known event is like it"


def test_filters_are_those_of_the_list(local: Browser, assembled: App) -> None:
    ids = fill(assembled)
    assert [one["id"] for one in rows(fetched(local, since="2026-02-03"))] == ids[:1]
    assert [one["id"] for one in rows(fetched(local, q="regatta", until="2026-02-01"))] == ids[2:]
    assert rows(fetched(local, status="cancelled")) == []
    assert [one["published_on"] for one in rows(fetched(local, what="articles", since="2026-02-03"))] == ["2026-03-01"]


@pytest.mark.parametrize(("rights", "extent"), [(Rights.LINK, "none"), (Rights.QUOTE, "quote"), (Rights.FULL, "full")])
def test_texts_go_out_as_their_source_allows_also_for_reviewers(town: Town, rights: Rights, extent: str) -> None:
    town.add("ann")
    town.add("rita", Role.REVIEWER)
    fill(town.app, 1, rights=rights, quote_chars=40)
    browser = town.signed_in("rita")
    [one] = map(json.loads, fetched(browser, what="articles", form="jsonl").decode().splitlines())
    assert one["text_is"] == extent
    assert (len(one["text"]) > 40) is (extent == "full")
    [event] = map(json.loads, fetched(browser, what="events", form="jsonl").decode().splitlines())
    assert bool(event["reports"][0]["evidence"]) is False  # the sample has none


def test_strangers_get_nothing(town: Town) -> None:
    town.add("ann")
    assert town.stranger().client.get("/exports/download").status_code == 303


def test_a_form_that_does_not_fit_says_what_to_choose(local: Browser) -> None:
    for what in ("articles", "partnerships"):
        answer = local.client.get("/exports/download", params={"what": what, "form": "atom"})
        assert answer.status_code == 422
        assert "Choose CSV, JSON Lines or the package." in answer.text


def test_feed_and_calendar_hold_the_events(local: Browser, assembled: App) -> None:
    ids = fill(assembled)
    feed, calendar = fetched(local, form="atom").decode(), fetched(local, form="ics").decode()
    assert [feed.count(f"/events/{one}") for one in ids] == [1, 1, 1]
    assert calendar.count("BEGIN:VEVENT") == 3


def test_the_package_comes_as_a_zip_file(local: Browser, assembled: App) -> None:
    relations_world.fill(assembled)
    body = fetched(local, form="package", place="nancy")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["query"] == {"place": "nancy"}
    assert [one["rows"] for one in manifest["files"]][-1] == 1


def test_an_export_that_a_cell_could_start_a_formula_in_does_not(local: Browser, assembled: App) -> None:
    from tests.storage.samples import article, opening, store

    store(assembled.database, article("=HYPERLINK(1)", "Body of the text."), events=[opening()])
    [one] = rows(fetched(local, what="articles"))
    assert one["title"] == "'=HYPERLINK(1)"
    [told] = map(json.loads, fetched(local, what="articles", form="jsonl").decode().splitlines())
    assert told["title"] == "=HYPERLINK(1)"
