"""A site is added by its address: the program looks, shows what it found, and follows what somebody chooses."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.visitor import sideways
from tests.browser.world import World


def test_a_source_is_looked_at_shown_and_followed(opens: Opens, world: World) -> None:
    visitor = opens("ann")
    page = visitor.goto("/sources")
    page.get_by_role("link", name="Add a source").first.click()
    page.get_by_label("Address").fill(f"{world.quay.url}/")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("radio").first).to_be_visible(timeout=60_000)  # the page looks again by itself
    expect(page.get_by_text("Le maire de Nancy")).to_be_visible()
    assert sideways(page) == []
    assert page.get_by_role("radio").first.is_checked()
    before = {one.key for one in world.app.database.archive.sources()}
    page.get_by_role("button", name="Follow it").click()
    page.wait_for_url("**/sources/*done=*")
    assert page.get_by_role("heading", level=1).inner_text() == "Quay courier"
    assert len({one.key for one in world.app.database.archive.sources()} - before) == 1


def test_an_address_that_cannot_be_read_is_said(opens: Opens) -> None:
    visitor = opens("ann")
    visitor.expected |= {422}
    page = visitor.goto("/sources/add")
    page.get_by_label("Address").fill("ftp://harbour.example/")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.get_by_label("Address").input_value() == "ftp://harbour.example/"
