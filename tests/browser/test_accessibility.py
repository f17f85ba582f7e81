"""What WCAG 2.2 AA asks and a program can see: axe on every page, light and dark, wide and on a phone; nothing scrolls
sideways; and the few things that axe does not look at.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from monitor.web import app as web_app
from tests.browser.conftest import Opens
from tests.browser.pages import WALK, Walked
from tests.browser.visitor import PHONE, SPACED, WIDE, ZOOMED, sideways
from tests.browser.world import PARTNERSHIP, World

# What a program reads, and what is no page of its own: files, feeds, the API, the way to an identity provider.
FILES = frozenset(
    {
        "/healthz", "/login/oidc", "/login/oidc/callback", "/events/{event_id}.ics", "/feeds/{token}.atom",
        "/feeds/{token}.ics", "/articles/{article_id}/capture", "/calendar.ics", "/partnerships/{key}/calendar.ics",
        "/partnerships/{key}/dossier.html",
        "/partnerships/{key}/dossier.docx", "/yearly.csv", "/sources.opml", "/exports/download",
    }
)  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # of 2.2, and off unless asked for
    "resultTypes": ["violations"],
}
AXE = Axe()


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it stands."""
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in AXE.run(page, options=OPTIONS).response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("walked", WALK, ids=lambda one: one.name)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(walked: Walked, opens: Opens, world: World) -> None:
    visitor = opens(walked.who, bypass_csp=True)
    page = visitor.goto(walked.path_in(world), walked.status)
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    found = [f"at 400 %: {one}" for one in sideways(page)]
    for width, height in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} px: {one}" for one in sideways(page)]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} px, {scheme}: {one}" for one in violations(page)]
    page.add_style_tag(content=SPACED)
    found += [f"{PHONE[0]} px, spaced: {one}" for one in sideways(page)]
    assert found == []


def both(page: Page) -> list[str]:
    """Violations in both colour schemes, on a phone."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    found = sideways(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += violations(page)
    return found


def test_what_is_answered_to_a_wrong_password_is_accessible(opens: Opens) -> None:
    visitor = opens("", bypass_csp=True)
    visitor.expected |= {401, 403, 422}
    visitor.sign_in("nobody")
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert both(visitor.page) == []


def test_secrets_that_are_shown_once_are_shown_accessibly(opens: Opens) -> None:
    visitor = opens("ann", bypass_csp=True)
    page = visitor.goto("/accounts")
    page.locator("form[action='/tokens'] input[name=name]").fill("second-harvester")
    page.locator("form[action='/tokens'] button").click()
    expect(page.locator("code.secret")).to_be_visible()
    assert both(page) == []
    page = visitor.goto("/events?q=Lyon")
    page.get_by_text("Save this search").click()
    page.locator("#search-name").fill("Lyon")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("code").first).to_be_visible()
    assert both(page) == []


def test_what_was_done_and_its_undo_are_told_accessibly(opens: Opens) -> None:
    visitor = opens("bo", bypass_csp=True)
    page = visitor.goto("/review")
    page.locator("[data-item]").filter(has_text="Potters and cold kilns").get_by_role(
        "button", name="Leave it so"
    ).click()
    expect(page.get_by_role("status")).to_contain_text("Potters")
    assert both(page) == []
    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back")
    assert both(page) == []


def test_a_look_that_found_nothing_is_told_accessibly(opens: Opens, world: World) -> None:
    page = opens("ann", bypass_csp=True).goto("/sources/add")
    page.get_by_label("Address").fill(f"{world.harbour.url}/nowhere")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert both(page) == []


def test_the_dossiers_file_is_as_good_as_its_page(opens: Opens, tmp_path: Path) -> None:
    visitor = opens("cam")
    answer = visitor.page.context.request.get(f"{visitor.url}/partnerships/{PARTNERSHIP}/dossier.html")
    file = tmp_path / "dossier.html"
    file.write_bytes(answer.body())
    visitor.page.goto(file.as_uri())
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        assert violations(visitor.page) == []
    visitor.page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    assert sideways(visitor.page) == []


def test_every_page_there_is_belongs_to_the_walk(world: World) -> None:
    walked = [one.path_in(world).partition("?")[0] for one in WALK]
    for route in web_app.routes():
        if "GET" not in route.methods or route.path in FILES or route.path.startswith("/api/"):
            continue
        assert any(route.path_regex.match(path) for path in walked), f"{route.path} is not in WALK"
