"""The pages of digests: what was sent, how it went, and what the next one would say."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.digests import DeliveryState
from monitor.domain.outcomes import Outcome
from monitor.web import app as web_app
from monitor.web.site import Visitor
from tests.storage import samples
from tests.web import digests_world, relations_world
from tests.web.conftest import NOW, Browser, browser, site_with


class Reader:
    """Lets everybody in to read."""

    is_open = False

    def visitor(self, request: Request, visit: str) -> Visitor:
        del request
        return Visitor(visit, Role.READER)


def main(local: Browser, path: str) -> str:
    return " ".join(local.get(path).xpath("//main")[0].text_content().split())


def test_an_archive_without_subscriptions_says_how_to_get_a_digest(local: Browser) -> None:
    for path in ("/digests", "/digests/next"):
        assert "Add a [[subscription]] to the settings" in main(local, path)
    assert "No digest was composed yet." in main(local, "/digests")


def test_the_history_lists_what_was_sent_with_its_deliveries(assembled: App, local: Browser) -> None:
    number = digests_world.subscribe(assembled)
    first = digests_world.send(assembled, number, now=NOW - timedelta(days=1))
    digests_world.attempt(assembled, first, DeliveryState.SENT)
    second = digests_world.send(assembled, number, "Regatta")
    tree = local.get("/digests")
    rows = [" ".join(row.text_content().split()) for row in tree.xpath("//tbody/tr")]
    assert [row.split()[0] for row in rows] == ["Regatta", "Two"]
    assert "19 Nov 2026 08:00 – 20 Nov 2026 08:00" in rows[0]
    assert rows[0].endswith("1 1 on its way")
    assert "the first, 19 Nov 2026 08:00" in rows[1]
    assert rows[1].endswith("1 1 sent")
    assert tree.xpath("//tbody//th/a/@href") == [f"/digests/{second}", f"/digests/{first}"]


def test_the_history_is_paged(assembled: App, local: Browser) -> None:
    number = digests_world.subscribe(assembled)
    for day in range(27):
        digests_world.send(assembled, number, f"Day {day}", now=NOW - timedelta(days=27 - day))
    tree = local.get("/digests")
    assert len(tree.xpath("//tbody/tr")) == 25
    [older] = tree.xpath("//a[@rel='next']/@href")
    rest = local.get(older)
    assert [one.text_content() for one in rest.xpath("//tbody//th")] == ["Day 1", "Day 0"]
    assert not rest.xpath("//a[@rel='next']")


def test_moments_with_nothing_to_say_are_shown_where_they_are_asked_for(assembled: App, local: Browser) -> None:
    number = digests_world.subscribe(assembled)
    with assembled.database.units() as unit:
        unit.skip_digest(number, 0, NOW, NOW + timedelta(days=1))
        unit.commit()
    assert not local.get("/digests").xpath("//tbody/tr")
    [row] = local.get("/digests?also=empty").xpath("//tbody/tr")
    assert "nothing to say" in row.text_content()
    assert not row.xpath(".//a")


def test_a_digest_is_shown_as_it_was_frozen_with_each_attempt(assembled: App, local: Browser) -> None:
    digest_id = digests_world.send(assembled, digests_world.subscribe(assembled), "Regatta <b>of</b> towns")
    digests_world.attempt(assembled, digest_id, DeliveryState.PENDING, Outcome.DEFERRED, "greylisted")
    digests_world.attempt(assembled, digest_id, DeliveryState.DEAD, Outcome.REFUSED, "no such user")
    tree = local.get(f"/digests/{digest_id}")
    assert tree.xpath("//h1")[0].text_content() == "Regatta <b>of</b> towns"
    assert tree.xpath("//div[@class='digest']/@lang") == ["en"]
    assert tree.xpath("//pre")[0].text_content() == "Regatta <b>of</b> towns"
    assert not tree.xpath("//main//b | //iframe")
    said = [" ".join(one.text_content().split()) for one in tree.xpath("//ol[@class='attempts']/li")]
    assert said == [
        "20 Nov 2026 08:00: put off (greylisted)",
        "20 Nov 2026 08:00: refused for good (no such user)",
    ]
    assert "given up" in tree.xpath("//section[@aria-labelledby='deliveries']")[0].text_content()


def test_readers_see_how_it_went_but_not_whom_it_went_to(assembled: App) -> None:
    digest_id = digests_world.send(assembled, digests_world.subscribe(assembled), "Regatta")
    digests_world.attempt(assembled, digest_id, DeliveryState.DEAD, Outcome.REFUSED, "officer unknown")
    reader = browser(web_app.create(site_with(assembled, Reader())))
    said = main(reader, f"/digests/{digest_id}")
    assert "a recipient" in said
    assert "officer" not in said
    assert "refused for good" in said


def test_the_next_digest_says_what_would_be_sent_and_keeps_nothing(assembled: App, local: Browser) -> None:
    digests_world.subscribe(assembled)
    found = relations_world.fill(assembled)
    before = assembled.database.archive.upcoming_digests()
    tree = local.get("/digests/next")
    assert f"/events/{found['visit']}" in tree.xpath("//div[@class='digest']//a/@href")
    assert assembled.database.archive.upcoming_digests() == before
    assert assembled.database.archive.digest_history(with_empty=True) == ()


def test_each_subscription_has_its_preview_and_a_quiet_one_says_so(assembled: App, local: Browser) -> None:
    given = [samples.subscription(key, sign_of_life=False) for key in ("a", "b c")]
    samples.subscribe(assembled.database, *given, now=NOW)
    tree = local.get("/digests/next?subscription=b%20c")
    assert tree.xpath("//nav//a[@aria-current][starts-with(@href, '/digests/next')]/text()") == ["b c"]
    assert "There is nothing to tell yet" in tree.xpath("//main")[0].text_content()
    assert local.client.get("/digests/next?subscription=nobody").status_code == 404


def test_a_digest_that_is_not_there_is_not_found(local: Browser) -> None:
    for path in ("/digests/4711", "/digests/0", "/digests/99999999999999999999", "/digests/x"):
        assert local.client.get(path).status_code in (404, 422)
