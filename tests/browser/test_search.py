"""Searching as people type: with accents or without, in other scripts, phrases, beginnings of words."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens
from tests.browser.world import World


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("Hà Nội", "Hà Nội"),
        ("ha noi", "Hà Nội"),
        ("昆明", "昆明"),
        ("jumel*", "jumel"),
        ('"délégation de Kunming"', "Kunming"),
        ("delegation", "délégation"),
    ],
)
def test_a_search_from_any_page_finds_and_marks_the_words(typed: str, marked: str, opens: Opens) -> None:
    visitor = opens("cam")
    page = visitor.goto("/calendar")
    page.get_by_role("search").get_by_role("searchbox").fill(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/events?q=*")
    assert page.locator("main ul.events > li").count() > 0
    hits = [one.casefold() for one in page.locator("main mark").all_inner_texts()]
    assert any(marked.casefold() in one or one in marked.casefold() for one in hits), hits
    background = "one => getComputedStyle(one).backgroundColor"
    assert page.locator("main mark").first.evaluate(background) != page.locator("html").evaluate(background)


def test_the_slash_key_leads_to_the_search_field(opens: Opens) -> None:
    page = opens("cam").goto("/partnerships")
    page.keyboard.press("/")
    page.keyboard.type("lyon/")
    assert page.locator("#search").input_value() == "lyon/"


def test_a_search_is_narrowed_and_widened_again(opens: Opens) -> None:
    page = opens("cam").goto("/events?q=Nancy")
    number = page.locator("main [role=status]").first.inner_text().split()[0]
    page.locator("aside").get_by_role("link", name="Kunming", exact=False).first.click()
    assert page.locator("aside").get_by_role("link", name="Take away").count() == 1
    assert int(page.locator("main [role=status]").first.inner_text().split()[0]) < int(number)
    page.locator("aside").get_by_role("link", name="Take away").click()
    assert page.locator("main [role=status]").first.inner_text().split()[0] == number


def test_a_saved_search_gets_a_feed_that_a_program_can_read(opens: Opens, world: World) -> None:
    visitor = opens("cam")
    page = visitor.goto("/events?q=Kunming")
    page.get_by_text("Save this search").click()
    page.locator("#search-name").fill("Kunming")
    page.get_by_role("button", name="Save").click()
    address = next(one for one in page.locator("main code").all_inner_texts() if one.endswith(".atom"))
    answer = opens("").page.context.request.get(world.url + "/feeds/" + address.rpartition("/")[2])
    assert answer.status == 200
    assert "<feed" in answer.text()
