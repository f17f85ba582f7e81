"""The first page of the morning."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import Request

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import Label
from monitor.domain.model.digests import DeliveryState
from monitor.domain.model.events import ChangeIntent, ChangeKind, DateRange, EventKind, EventStatus, VerdictKind
from monitor.domain.model.health import FeedHealth
from monitor.domain.outcomes import Outcome
from monitor.web import app as web_app
from monitor.web.site import Visitor
from tests.storage import samples
from tests.web import digests_world, relations_world
from tests.web.conftest import NOW, Browser, browser, site_with

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Reader:
    """Lets everybody in to read."""

    is_open = False

    def visitor(self, request: Request, visit: str) -> Visitor:
        del request
        return Visitor(visit, Role.READER)


def section(local: Browser, name: str, path: str = "/") -> str:
    found = local.get(path).xpath(f"//section[@aria-labelledby='{name}']")
    return " ".join(found[0].text_content().split()) if found else ""


def polled(app: App, ago: timedelta = HOUR, **fields: object) -> None:
    [feed] = samples.feed_ids(app.database)
    given = {"next_at": NOW + HOUR, "health": FeedHealth.OK} | fields
    samples.apply_poll(app.database, samples.poll(feed, NOW - ago, **given))


def tell(app: App, number: int, ago: timedelta = HOUR, **fields: object) -> str:
    """A new event, told by one article."""
    day = date(2026, 11, 1) + timedelta(days=number)
    told = {"participants": relations_world.PAIR, "host_id": None, "when": DateRange(day, day)} | fields
    event = samples.opening(samples.happening(**told))
    given = samples.article(f"Report {number}", f"Number {number} tells of it. " * 20)
    url = f"https://harbour-post.example/n{number}"
    return samples.store(app.database, given, url, [event], mentions=(), now=NOW - ago).event_ids[0]


def test_an_archive_without_sources_says_what_to_do_next(local: Browser) -> None:
    tree = local.get("/")
    assert "No source is followed yet" in tree.xpath("//main//h2")[0].text_content()
    assert tree.xpath("//main//a/@href") == ["/sources"]


def test_sources_that_were_never_polled_are_told_from_quiet_ones(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database, now=NOW)
    assert "The first poll begins when the service runs" in section(local, "sources")
    assert "this silence says nothing" in section(local, "silence")


def test_silence_says_what_was_checked(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    polled(assembled)
    samples.store(assembled.database, samples.article("Bakers"), label=Label.IRRELEVANT, now=NOW - HOUR)
    said = section(local, "silence")
    assert "No event of a relation has become known since 13 Nov 2026 08:00. 1 poll was made." in said
    assert "The only source was checked." in said
    assert "1 article was read" in said
    assert not local.get("/").xpath("//p[contains(@class, 'alarm')]")


def test_a_service_that_does_not_run_is_told_from_silence(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    polled(assembled, ago=DAY, next_at=NOW - 5 * HOUR)
    [alarm] = local.get("/").xpath("//p[contains(@class, 'alarm')]")
    assert "Nothing is being read." in alarm.text_content()
    assert "19 Nov 2026 08:00" in alarm.text_content()


def test_new_events_stand_under_their_partnership_in_the_readers_language(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    visit = tell(assembled, 1, kinds=(EventKind.DELEGATION_VISIT,))
    other = tell(assembled, 2, participants=frozenset({"kunming", "lyon"}))
    tree = local.get("/")
    groups = tree.xpath("//h3[@class='of-partnership']")
    assert [one.text_content() for one in groups] == ["Kunming–Nancy", "Outside the partnerships known here"]
    links = tree.xpath("//section[@aria-labelledby='new-events']//h4/a/@href")
    assert links == [f"/events/{visit}", f"/events/{other}"]
    assert "Visit: Kunming–Nancy, 2 November 2026 took place" in section(local, "new-events")
    local.post("/language", language="fr")
    assert "Visite" in section(local, "new-events")


def test_developments_say_what_changed_and_when(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    known = tell(assembled, 1, ago=20 * DAY, status=EventStatus.ANNOUNCED)
    moved = samples.joining(
        known,
        ChangeIntent(ChangeKind.STATUS, True, "announced", "happened"),
        happening=samples.happening(
            participants=relations_world.PAIR, host_id=None, when=DateRange(date(2026, 11, 2), date(2026, 11, 2))
        ),
    )
    samples.store(assembled.database, samples.article("Later"), "https://b.example/1", [moved], now=NOW - 2 * HOUR)
    said = section(local, "developments")
    assert "20 Nov 2026 06:00 Status: announced → took place" in said
    assert not section(local, "new-events")
    assert section(local, "new-events", "/?since=30")


def test_what_came_after_the_last_digest_is_marked_and_can_be_asked_for(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    before = tell(assembled, 1, ago=2 * DAY)
    number = digests_world.subscribe(assembled, now=NOW - 9 * DAY)
    digests_world.send(assembled, number, now=NOW - DAY)
    after = tell(assembled, 2)
    tree = local.get("/")
    [fresh] = tree.xpath("//span[contains(@class, 'fresh')]/ancestor::li[1]//h4/a/@href")
    assert fresh == f"/events/{after}"
    assert f"/events/{before}" in tree.xpath("//h4/a/@href")
    assert local.get("/?since=digest").xpath("//h4/a/@href") == [f"/events/{after}"]


def test_the_next_weeks_tell_what_is_announced_from_what_is_computed(assembled: App, local: Browser) -> None:
    found = relations_world.fill(assembled)
    soon = tell(assembled, 30, ago=20 * DAY, status=EventStatus.ANNOUNCED, kinds=(EventKind.CONFERENCE,))
    tree = local.get("/")
    entries = tree.xpath("//section[@aria-labelledby='coming']//li")
    assert [" ".join(one.text_content().split()) for one in entries] == [
        "announced Announced: conference, Kunming–Nancy, 1 December 2026"
    ]
    assert entries[0].xpath(".//a/@href") == [f"/events/{soon}"]
    assert found["announced"] not in str(tree.xpath("//section[@aria-labelledby='coming']//a/@href"))  # in March


def test_sources_that_are_not_in_order_are_named_with_why_and_since(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    trouble = {"health": FeedHealth.BLOCKED, "health_since": NOW - DAY, "outcome": Outcome.ROBOTS, "failures": 3}
    polled(assembled, **trouble)
    [row] = local.get("/").xpath("//section[@aria-labelledby='sources']//tbody/tr")
    assert [cell.text_content() for cell in row] == [
        "Harbour-Post",
        "refuses us (robots.txt forbids it)",
        "19 Nov 2026 08:00",
    ]
    assert row.xpath(".//a/@href") == ["/sources/harbour-post"]
    assert "0 of 1 in order" in local.get("/").xpath("//ul[@class='glance']")[0].text_content()


def test_what_waits_for_review_is_counted_for_all_and_led_to_for_reviewers(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    ids = [
        samples.store(
            assembled.database, samples.article(f"Maybe {number}"), f"https://a.example/{number}", label=Label.UNCERTAIN
        ).article_id
        for number in range(3)
    ]
    with assembled.database.units() as unit:
        unit.add_verdict(VerdictKind.HANDLED, "ann", NOW, article_id=ids[0])
        unit.commit()
    [glance] = local.get("/").xpath("//ul[@class='glance']")
    assert "2 items" in glance.text_content()
    assert "/review" in glance.xpath(".//a/@href")
    reader = browser(web_app.create(site_with(assembled, Reader())))
    [glance] = reader.get("/").xpath("//ul[@class='glance']")
    assert "2 items" in glance.text_content()
    assert "/review" not in glance.xpath(".//a/@href")


def test_a_digest_that_did_not_reach_everybody_is_told(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    polled(assembled)
    digest_id = digests_world.send(assembled, digests_world.subscribe(assembled), "Regatta")
    digests_world.attempt(assembled, digest_id, DeliveryState.DEAD, Outcome.REFUSED)
    [alarm] = local.get("/").xpath("//p[contains(@class, 'alarm')]")
    assert "Regatta" in alarm.text_content()
    assert alarm.xpath(".//a/@href") == [f"/digests/{digest_id}#deliveries"]


def test_the_last_poll_and_the_next_digest_stand_at_the_top(assembled: App, local: Browser) -> None:
    samples.add_source(assembled.database)
    polled(assembled)
    digests_world.subscribe(assembled, now=NOW)
    [glance] = local.get("/").xpath("//ul[@class='glance']")
    said = " ".join(glance.text_content().split())
    assert "Last poll 20 Nov 2026 07:00 next 20 Nov 2026 09:00" in said
    assert "Next digest 21 Nov 2026 06:00 weekly" in said


def test_odd_windows_are_the_usual_one(local: Browser, assembled: App) -> None:
    samples.add_source(assembled.database)
    for odd in ("digest", "٣", "-1", "1e9", "x"):
        tree = local.get(f"/?since={odd}")
        assert tree.xpath("//nav[@class='tags']//a[@aria-current]/@href") == ["/?since=7"]
