"""Two events become one, and two again."""

from __future__ import annotations

from tests.browser.conftest import Opens
from tests.browser.world import World

ONE, OTHER = "Lyon et Guangzhou posent", "广州与里昂签署"


def listed(world: World) -> set[str]:
    return {one.id for one in world.app.database.archive.events(500)}


def test_events_are_merged_after_a_search_and_parted_by_undo(opens: Opens, world: World) -> None:
    one, other = world.event(ONE), world.event(OTHER)
    visitor = opens("bo")
    page = visitor.goto(f"/events/{one}")
    page.get_by_role("link", name="Judge or correct it").or_(
        page.locator(f"main a[href='/review/events/{one}']")
    ).first.click()
    page.wait_for_url(f"**/review/events/{one}")
    page.keyboard.press("m")
    page.wait_for_url("**#merge")
    page.locator("#q-merge").fill("Lyon et Guangzhou signent")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Lyon*")
    choice = page.locator(".choices .card").filter(has=page.locator(f"a[href='/events/{other}']")).first
    choice.get_by_role("button", name="Merge into it").click()
    page.wait_for_url(f"**/review/events/{other}*")
    assert visitor.status
    assert one not in listed(world)
    assert visitor.goto(f"/events/{one}").url.endswith(other) or page.get_by_role("link", name="merged").count()
    page.goto(f"{world.url}/review/history")
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_url("**said=*")
    assert "Taken back" in visitor.status
    assert {one, other} <= listed(world)
