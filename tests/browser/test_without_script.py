"""Everything works in a browser that runs no scripts."""

from __future__ import annotations

from tests.browser.conftest import Opens
from tests.browser.world import World


def test_without_scripts_one_signs_in_searches_judges_and_takes_it_back(opens: Opens, world: World) -> None:
    visitor = opens("", java_script_enabled=False)
    visitor.sign_in("bo")
    visitor.page.wait_for_url(f"{world.url}/")
    page = visitor.goto("/events")
    page.get_by_role("search").get_by_role("searchbox").fill("Karlsruhe")
    page.get_by_role("search").get_by_role("button").click()
    page.wait_for_url("**q=Karlsruhe*")
    assert page.locator("main ul.events > li").count() > 0
    page = visitor.goto("/review")
    title = "Students count birds"
    item = page.locator("[data-item]").filter(has_text=title)
    item.get_by_role("button", name="No").click()
    page.wait_for_url("**/review?*")
    assert title in visitor.status
    page.locator(".flash").get_by_role("button", name="Undo").click()
    page.wait_for_url("**/review?*")
    assert "Taken back" in visitor.status
    page.get_by_role("button", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
