"""Pictures of every page for people to look at, taken under the policy that visitors get: a page that makes the browser
complain, or ask another host for anything, fails.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Opens
from tests.browser.pages import BY_NAME, WALK, Walked
from tests.browser.visitor import PHONE, WIDE, sideways
from tests.browser.world import LANGUAGES, World

A4_WIDTH_PX = 794  # of a whole sheet; what is printed on is narrower
SHOWN = [
    *("today", "events", "event", "article", "review", "review-event", "partnerships", "partnership", "calendar"),
    *("dossier", "sources", "source-in-trouble", "sources-found", "digest", "exports", "accounts", "yearly"),
]  # in every language
OFF_PAPER = ("header.site", "footer.site", ".no-print", "nav")


@pytest.mark.parametrize("walked", WALK, ids=lambda one: one.name)
def test_a_page_makes_no_browser_complain_and_leaves_its_navigation_off_paper(
    walked: Walked, opens: Opens, world: World, shots: Path
) -> None:
    page = opens(walked.who).goto(walked.path_in(world), walked.status)
    for name, (width, height), scheme, media in (
        ("wide", WIDE, "light", "screen"),
        ("dark", WIDE, "dark", "screen"),
        ("phone", PHONE, "light", "screen"),
        ("print", (A4_WIDTH_PX, 1123), "light", "print"),
    ):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, media=media)
        page.screenshot(path=shots / f"{walked.name}-{name}.png", full_page=True)
        assert name != "print" or sideways(page) == []
    for selector in OFF_PAPER:
        assert [one for one in page.locator(selector).all() if one.is_visible()] == [], selector


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_pages_in_other_languages_fit_a_phone(language: str, opens: Opens, world: World, shots: Path) -> None:
    page = opens("ann").goto("/")
    page.locator(f"footer button[lang={language}]").click()
    for name in SHOWN:
        page.goto(world.url + BY_NAME[name].path_in(world))
        assert page.locator("html").get_attribute("lang") == language
        for size in (WIDE, PHONE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert sideways(page) == [], (name, size)
            page.screenshot(path=shots / f"{language}-{name}-{size[0]}.png", full_page=True)
