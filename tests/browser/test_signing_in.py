"""Signing in and out, and what strangers get to see."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens


def test_a_stranger_signs_in_and_is_led_where_he_wanted_to_go(opens: Opens) -> None:
    visitor = opens("")
    visitor.goto("/calendar")
    assert visitor.here.startswith("/login")
    visitor.sign_in("cam")
    visitor.page.wait_for_url("**/calendar")
    assert visitor.page.locator("footer").get_by_role("link", name="cam").count() == 1


def test_a_wrong_password_is_said_and_the_name_is_kept(opens: Opens) -> None:
    visitor = opens("")
    visitor.expected |= {401, 403, 422}
    visitor.sign_in("bo", "four small green lambs")
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert visitor.page.get_by_label("Name").input_value() == "bo"
    assert visitor.page.get_by_label("Password").input_value() == ""
    visitor.sign_in("bo")
    visitor.page.wait_for_url(lambda url: "/login" not in url)


def test_who_signs_out_is_out_in_every_window(opens: Opens) -> None:
    visitor = opens("")
    visitor.sign_in("cam")
    visitor.page.wait_for_url(lambda url: "/login" not in url)
    other = visitor.page.context.new_page()
    other.goto(visitor.url + "/events")
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.wait_for_url("**/login*")
    other.reload()
    assert "/login" in other.url
    other.go_back()
    assert other.get_by_role("heading", name="Events").count() == 0, "pages are not kept for the next person"


def test_a_reader_sees_no_way_to_change_things(opens: Opens) -> None:
    page = opens("cam").goto("/")
    links = {one.get_attribute("href") for one in page.locator("header nav a").all()}
    assert not links & {"/review", "/accounts"}
