"""The calendar as page and file, and the yearly report."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar

from monitor.bootstrap import App
from monitor.domain.csv_cells import cell
from monitor.domain.model.partnerships import ExpectationState
from monitor.errors import NotFound
from monitor.web.calendar import calendar_bytes, event_calendar_bytes
from tests.storage import samples
from tests.web import relations_world
from tests.web.conftest import Browser, site_with
from tests.web.relations_world import KEY


def components(body: bytes) -> dict[str, Any]:
    """By UID without its host."""
    read = Calendar.from_ical(body)
    return {str(one["UID"]).partition("@")[0]: one for one in read.walk("VEVENT")}


def test_the_page_lists_what_is_announced_and_computed_by_month(assembled: App, local: Browser) -> None:
    found = relations_world.fill(assembled)
    tree = local.get("/calendar")
    assert tree.xpath("//section/h2/text()") == ["March 2027", "August 2027", "Some time in 2027"]
    assert tree.xpath("//section[h2='March 2027']//a/@href") == [f"/events/{found['announced']}"]
    assert "computed" in tree.xpath("//section[h2='August 2027']")[0].text_content()
    assert not tree.xpath(f"//a[@href='/events/{found['cancelled']}']")


@pytest.mark.parametrize(("only", "count"), [("announced", 2), ("computed", 2), ("nonsense", 4)])
def test_announced_and_computed_can_be_asked_for_alone(assembled: App, local: Browser, only: str, count: int) -> None:
    relations_world.fill(assembled)
    assert len(local.get(f"/calendar?only={only}").xpath("//ol[@class='entries']/li")) == count


def test_an_empty_calendar_says_what_would_stand_there(local: Browser) -> None:
    assert "Nothing is to come" in local.get("/calendar").text_content()


def test_the_file_tells_what_is_tentative_and_what_was_called_off(assembled: App, local: Browser) -> None:
    found = relations_world.fill(assembled)
    answer = local.client.get("/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    entries = components(answer.content)
    assert str(entries[found["announced"]]["STATUS"]) == "CONFIRMED"
    assert str(entries[found["some time"]]["STATUS"]) == "TENTATIVE"
    assert str(entries[found["cancelled"]]["STATUS"]) == "CANCELLED"
    assert found["visit"] not in entries
    year = entries[found["some time"]]
    assert (year["DTEND"].dt - year["DTSTART"].dt).days == 1  # a bar over the year would hide the rest
    assert answer.content == local.client.get("/calendar.ics").content
    assert set(components(local.client.get(f"/partnerships/{KEY}/calendar.ics").content)) == set(entries)


@pytest.mark.parametrize("state", [ExpectationState.MISSED, ExpectationState.WITHDRAWN, ExpectationState.SLIPPED])
def test_an_expectation_that_went_another_way_is_called_off_under_its_id(
    assembled: App, local: Browser, state: ExpectationState
) -> None:
    found = relations_world.fill(assembled)
    archive = assembled.database.archive
    expected = archive.expectations()[0]
    event_id = found["announced"] if state is ExpectationState.SLIPPED else None
    with assembled.database.units() as unit:
        settled = replace(expected, state=state, event_id=event_id, settled_at=samples.NOW)
        unit.relations().put_expectation(settled)
        unit.commit()
    entry = components(local.client.get("/calendar.ics").content)[expected.id]
    assert (str(entry["STATUS"]), int(entry["SEQUENCE"])) == ("CANCELLED", 1)


def test_others_can_serve_a_calendar_of_some_places_or_one_event(assembled: App) -> None:
    found = relations_world.fill(assembled)
    site, wording = site_with(assembled), assembled.wording("fr")
    assert components(calendar_bytes(site, wording, {"lyon"})) == {}
    assert found["announced"] in components(calendar_bytes(site, wording, {"nancy"}))
    [one] = components(event_calendar_bytes(site, wording, found["visit"])).values()
    assert "Nancy" in str(one["SUMMARY"])
    with pytest.raises(NotFound):
        event_calendar_bytes(site, wording, "ev_none")


# ---------------------------------------------------------------- the yearly report


def test_a_year_is_counted_by_partnership_and_kind(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    tree = local.get("/yearly?year=2026")
    [row] = tree.xpath("//tbody/tr")
    assert [" ".join(one.text_content().split()) for one in row] == ["Kunming–Nancy", "1", "1"]
    assert "No event" in local.get("/yearly?year=1999").text_content()


def test_the_table_of_a_year_is_csv_without_formulas(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    answer = local.client.get("/yearly.csv?year=2025")
    assert answer.headers["content-disposition"] == 'attachment; filename="partnerships-2025.csv"'
    head, row = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    told = dict(zip(head, row, strict=True))
    assert (told["key"], told["people"], told["total"]) == (KEY, "1", "1")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1"])
def test_no_cell_starts_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert (cell("Nancy"), cell(None), cell(-1)) == ("Nancy", "", "-1")
