"""The pages in the language that somebody chooses, or that the browser asks for."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens

HEADINGS = {"en": "Partnerships", "fr": "Partenariats", "zh": "伙伴关系", "vi": "Quan hệ đối tác"}


@pytest.mark.parametrize("language", HEADINGS)
def test_a_chosen_language_stays_on_every_page(language: str, opens: Opens) -> None:
    page = opens("cam").goto("/partnerships")
    page.locator(f"footer button[lang={language}]").click()
    page.wait_for_url("**/partnerships")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").inner_text() == HEADINGS[language]
    assert page.locator(f"footer button[lang={language}]").get_attribute("aria-pressed") == "true"
    page.goto(page.url.replace("/partnerships", "/events"))
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("language", HEADINGS)
def test_the_browsers_own_language_is_spoken_first(language: str, opens: Opens) -> None:
    page = opens("", locale=language).goto("/login")
    assert page.locator("html").get_attribute("lang") == language


def test_foreign_titles_say_their_language(opens: Opens) -> None:
    page = opens("cam").goto("/events?q=昆明")
    assert page.locator("main .hit[lang=zh]").count() > 0
