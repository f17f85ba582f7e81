"""Judging with the keyboard alone, as the queue says it: arrows, y, n, m, s, h, u."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.visitor import Visitor
from tests.browser.world import World

CHOSEN = "() => document.activeElement.closest('[data-item]')?.querySelector('h2')?.innerText ?? ''"


def chosen(page: Page) -> str:
    """The title of the item that keys are for."""
    return str(page.evaluate(CHOSEN))


def go_to(page: Page, title: str) -> None:
    """Down the queue with the arrow key."""
    for _ in range(page.locator("[data-item]").count()):
        page.keyboard.press("ArrowDown")
        if chosen(page) == title:
            return
    raise AssertionError(f"{title} is not in the queue")


def presses(visitor: Visitor, key: str) -> str:
    """Press a key that changes something; what the next page says was done."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)
    return visitor.status


def titles(page: Page) -> list[str]:
    return page.locator("[data-item] h2").all_inner_texts()


def test_arrows_choose_and_the_chosen_one_is_seen(opens: Opens) -> None:
    page = opens("bo").goto("/review")
    first, second = titles(page)[:2]
    assert chosen(page) == "", "nothing is chosen unseen"
    page.keyboard.press("ArrowDown")
    assert chosen(page) == first
    page.keyboard.press("ArrowDown")
    assert chosen(page) == second
    assert page.locator("[data-item]").nth(1).evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("ArrowUp")
    assert chosen(page) == first


def test_the_first_press_of_a_verdict_only_chooses(opens: Opens, world: World) -> None:
    page = opens("bo").goto("/review")
    before = world.app.database.archive.verdicts(1)
    page.keyboard.press("n")
    assert chosen(page) == titles(page)[0]
    assert world.app.database.archive.verdicts(1) == before


def test_yes_no_handled_and_taking_each_back(opens: Opens) -> None:
    visitor = opens("bo")
    page = visitor.goto("/review")
    for key, title in (("y", "Bakers compare ovens"), ("n", "Students count birds"), ("h", "Potters and cold kilns")):
        go_to(page, title)
        assert title in presses(visitor, key)
        assert title not in titles(page)
        assert "Taken back" in presses(visitor, "u")
        assert title in titles(page)


def test_m_leads_to_the_choice_of_an_event_where_keys_go_on(opens: Opens) -> None:
    visitor = opens("bo")
    page = visitor.goto("/review")
    go_to(page, "Gardeners under glass")
    with page.expect_navigation():
        page.keyboard.press("m")
    assert visitor.here.endswith("#events")
    assert "Gardeners under glass" in page.locator("h1").inner_text()
    expect(page.locator("#events")).to_be_in_viewport()
    page.get_by_role("button", name="It tells this event").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**said=*")
    assert "Gardeners under glass" in visitor.status
    assert "Taken back" in presses(visitor, "u")


def test_an_event_is_split_by_keys_and_whole_again(opens: Opens, world: World) -> None:
    visitor = opens("bo")
    event = world.names["event"]
    page = visitor.goto(f"/review/events/{event}")
    count = page.locator("input[name=article]").count()
    page.keyboard.press("s")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.locator("input[name=article]").first.is_checked()
    split = page.get_by_role("button", name="Split: the ticked ones")
    split.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**said=*")
    assert page.locator("input[name=article]").count() < count
    assert "Taken back" in presses(visitor, "u")
    page.goto(f"{world.url}/review/events/{event}")
    assert page.locator("input[name=article]").count() == count


def test_keys_do_nothing_while_somebody_writes(opens: Opens, world: World) -> None:
    page = opens("bo").goto(f"/review/articles/{world.names['waiting']}")
    before = world.app.database.archive.verdicts(1)
    page.locator("#note").press_sequentially("yes, ask anu /")
    assert page.locator("#note").input_value() == "yes, ask anu /"
    assert world.app.database.archive.verdicts(1) == before


def test_keys_can_be_switched_off_and_on_again(opens: Opens) -> None:
    page = opens("bo").goto("/review")
    page.get_by_role("button", name="Switch keys off").click()
    expect(page.get_by_role("button", name="Switch keys on")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("/")
    assert chosen(page) == ""
    assert page.evaluate("() => document.activeElement.id") != "search"
    assert not page.locator("kbd").first.is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Switch keys on").click()
    page.keyboard.press("ArrowDown")
    assert chosen(page) != ""


def test_the_page_can_be_walked_with_the_tab_key_alone(opens: Opens) -> None:
    page = opens("bo").goto("/review")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "content"
    seen = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "() => { const one = document.activeElement; if (one === document.body) return null;"
            " const style = getComputedStyle(one); const box = one.getBoundingClientRect();"
            " return [one.outerHTML.slice(0, 200), style.outlineStyle !== 'none', box.width > 0 && box.height > 0]; }"
        )
        if here is None:
            break
        assert here[1:] == [True, True], here
        seen.add(here[0])
    assert len(seen) > 20
