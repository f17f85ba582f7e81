"""Sources: who sees what of them, how they do, and what is done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.adapters.storage.database import Database
from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn
from monitor.domain.model.sources import FeedData, FeedKind, Rights
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from monitor.web import app as web_app
from monitor.web.site import OpenGate, Site, WebOptions
from tests.storage.samples import add_source, apply_poll, article, feed_ids, poll, source, store
from tests.web.conftest import KEY, NOW, Browser, browser
from tests.web.signing_in import Town

HOUR = timedelta(hours=1)
SECRET = "3fa85f6471745629ab"
GUARDED = f"https://feeds.example/private/{SECRET}.xml?token=t0k3n"
MOVED_TO = f"https://new.example/{SECRET}.xml"


def turned(database: Database, feed_id: int, health: FeedHealth, why: str = "", **fields: Any) -> None:
    turn = HealthTurn(FeedHealth.OK, health, why)
    since = NOW - HOUR
    apply_poll(database, poll(feed_id, since, health=health, health_since=since, turn=turn, **fields))


def town_of_sources(database: Database) -> None:
    """One of each kind: well, broken, moved, paused."""
    with database.units() as unit:
        for one in (
            source("broken", name="Báo Đà Nẵng", language="vi", country="VN"),
            source("moved", GUARDED, name="Moved Times"),
            source("paused", name="Silent Post", paused=True),
            source("well", name="Harbour Post", home_page="https://well.example/", rights=Rights.LINK),
        ):
            unit.add_source(one, NOW - 30 * 24 * HOUR, "cli")
        unit.commit()
    ids = dict(zip(("broken", "moved", "paused", "well"), feed_ids(database), strict=True))
    turned(database, ids["broken"], FeedHealth.BROKEN, "dns", outcome=Outcome.DNS, detail="no address", failures=4)
    turned(database, ids["moved"], FeedHealth.MOVED, MOVED_TO, moved_to=MOVED_TO, gap=True, next_at=NOW + HOUR)
    habit = FeedHabit(interval_min=90.0, news_per_h=0.5)
    well = poll(ids["well"], NOW - HOUR, health=FeedHealth.OK, habit=habit, next_at=NOW + HOUR, seen_entries=7)
    apply_poll(database, well)


@pytest.fixture
def filled(assembled: App) -> App:
    town_of_sources(assembled.database)
    return assembled


def text(tree: Any, path: str = "//main") -> str:
    """All words there, whatever elements they stand in."""
    return " ".join(" ".join(" ".join(one.itertext()).split()) for one in tree.xpath(path))


def listed(local: Browser, path: str) -> list[str]:
    return [str(one) for one in local.get(path).xpath("//tbody/tr/th/a/@href")]


# ---------------------------------------------------------------- the list


def test_an_empty_list_says_what_to_do(local: Browser) -> None:
    assert "No source is followed yet" in text(local.get("/sources"), "//p[@class='empty']")


def test_the_list_tells_health_next_poll_and_pace(local: Browser, filled: App) -> None:
    tree = local.get("/sources")
    rows = [text(row, ".") for row in tree.xpath("//tbody/tr")]
    assert [row[:11] for row in rows] == ["Báo Đà Nẵng", "Harbour Pos", "Moved Times", "Silent Post"]
    assert "cannot be read since 20 Nov 2026 07:00 · the name of the server is not found" in rows[0]
    assert "well 20 Nov 2026 07:00 20 Nov 2026 09:00 84" in rows[1]
    assert "paused never none" in rows[3]
    assert text(tree, "//nav[@class='standings']") == "All 4 well 1 moved 1 cannot be read 1 paused 1"


def test_the_list_is_narrowed_by_health_and_by_words_in_name_and_host(local: Browser, filled: App) -> None:
    assert listed(local, "/sources?health=broken") == ["/sources/broken"]
    assert listed(local, "/sources?health=paused") == ["/sources/paused"]
    assert listed(local, "/sources?q=da+nang") == ["/sources/broken"]
    assert listed(local, "/sources?q=feeds.example&health=moved") == ["/sources/moved"]
    assert "No source is in this state" in text(local.get("/sources?health=gone"))
    assert "Try fewer words" in text(local.get("/sources?q=nowhere"))
    assert len(listed(local, "/sources?health=nonsense")) == 4


def test_long_lists_go_on_page_by_page(local: Browser, assembled: App) -> None:
    with assembled.database.units() as unit:
        for number in range(117):
            unit.add_source(source(f"paper-{number:03}"), NOW, "cli")
        unit.commit()
    seen: list[str] = []
    path = "/sources?q=paper"
    for _ in range(3):
        tree = local.get(path)
        seen += tree.xpath("//tbody/tr/th/a/@href")
        path = next(iter(tree.xpath("//a[@rel='next']/@href")), "")
    assert seen == [f"/sources/paper-{number:03}" for number in range(117)]
    assert not path


# ---------------------------------------------------------------- one source


def test_the_page_of_a_source_tells_all_that_is_known_of_it(local: Browser, filled: App) -> None:
    tree = local.get("/sources/well")
    shown = text(tree)
    assert tree.xpath("//dd/a[@href='https://well.example/']")
    assert "title and link only" in shown
    assert "every 90 minutes · Learnt from how much of what it shows is new at each poll." in shown
    assert "Next poll 20 Nov 2026 09:00" in shown
    assert "20 Nov 2026 07:00 read ok 7 0 0" in shown
    assert "No article was read from it yet" in shown


def test_articles_of_a_source_are_listed_page_by_page(local: Browser, assembled: App) -> None:
    add_source(assembled.database)
    ids = []
    for number in range(25):
        words = f"Report of day {number}. " + " ".join(f"{number}word{place}" for place in range(40))
        ids.append(store(assembled.database, article(f"Day {number}", words), f"https://h.example/{number}").article_id)
    key = assembled.database.archive.article(ids[0]).source_key
    tree = local.get(f"/sources/{key}")
    [older] = tree.xpath("//a[@rel='next']/@href")
    shown = [*tree.xpath("//ul/li/a/@href"), *local.get(older.partition("#")[0]).xpath("//ul/li/a/@href")]
    assert [one for one in shown if one.startswith("/articles/")] == [f"/articles/{one}" for one in reversed(ids)]


def test_failures_moves_and_gaps_are_told_in_words(local: Browser, filled: App) -> None:
    broken = text(local.get("/sources/broken"))
    assert "the name of the server is not found dns no address" in broken
    assert "Failures in a row 4" in broken
    moved = text(local.get("/sources/moved"))
    assert f"has moved for good to {MOVED_TO}" in moved
    assert "something may have been missed" in moved
    assert "gap" in moved


def test_a_source_that_nobody_knows_is_not_there(local: Browser) -> None:
    assert local.client.get("/sources/nobody").status_code == 404
    assert local.client.get("/sources/..%2f..%2fetc").status_code == 404


def test_documents_in_quarantine_are_shown_and_released(local: Browser, filled: App) -> None:
    for _ in range(2):
        with filled.database.units() as unit:
            unit.count_kill("ab" * 32, "extract", "https://www.well.example/x", Outcome.CHILD_MEMORY, "", NOW)
            unit.commit()
    assert listed(local, "/sources?health=quarantined") == ["/sources/well"]
    assert "in quarantine" in text(local.get("/sources/well"))
    assert local.post("/sources/well/release", document="no hash").endswith("done=released")
    assert filled.database.archive.killers()
    assert local.post("/sources/well/release", document="ab" * 32) == "/sources/well?done=released"
    assert not filled.database.archive.killers()


# ---------------------------------------------------------------- who may see and do what


@pytest.fixture
def people(filled: App) -> Town:
    town = Town(filled)
    for name, role in (("ann", Role.ADMIN), ("rob", Role.REVIEWER), ("ray", Role.READER)):
        town.add(name, role)
    return town


@pytest.mark.parametrize("name", ["ray", "rob"])
def test_only_administrators_see_addresses_that_may_be_keys(people: Town, name: str) -> None:
    for path in ("/sources", "/sources/moved", "/sources?q=feeds", "/sources/coverage"):
        answer = people.signed_in(name).client.get(path)
        assert answer.status_code == 200
        assert SECRET not in answer.text
        assert "t0k3n" not in answer.text
    assert "https://feeds.example/private/…?…" in text(people.signed_in(name).get("/sources/moved"))
    assert GUARDED in text(people.signed_in("ann").get("/sources/moved"))


def test_readers_see_no_details_and_no_buttons(people: Town) -> None:
    tree = people.signed_in("ray").get("/sources/broken")
    assert not tree.xpath("//main//form")
    assert "no address" not in text(tree)
    assert tree.xpath("//code[.='dns']")
    assert people.signed_in("rob").get("/sources/broken").xpath("//form[@action='/sources/broken/poll']")


@pytest.mark.parametrize("path", ["/sources/add", "/sources/opml", "/sources.opml"])
def test_only_administrators_add_import_and_export(people: Town, path: str) -> None:
    assert people.signed_in("rob").client.get(path).status_code == 403
    assert people.signed_in("ann").client.get(path).status_code == 200


# ---------------------------------------------------------------- actions


def test_poll_now_puts_the_source_at_the_head_of_the_queue(local: Browser, filled: App) -> None:
    local.get("/sources/well")
    led = local.post("/sources/well/poll")
    assert led == f"/sources/well?asked={int(NOW.timestamp())}"
    [feed] = filled.database.archive.source("well").feeds
    assert feed.next_at == NOW
    tree = local.get(led)
    assert "Its poll is due and waits for its turn" in text(tree, "//div[@role='status']")
    assert "Refresh" not in local.client.get(led).headers, "a page that moves by itself is asked for"
    [follow] = tree.xpath("//a[contains(@href, 'follow=true')]/@href")
    assert local.client.get(follow).headers["Refresh"] == "5"
    apply_poll(filled.database, poll(feed.id, NOW, next_at=NOW + HOUR))
    assert "Polled at 20 Nov 2026 08:00: read." in text(local.get(led), "//div[@role='status']")
    assert "Refresh" not in local.client.get(follow).headers, "there is nothing to wait for"


def test_poll_now_wakes_the_clockwork_where_there_is_one(filled: App) -> None:
    calls: list[str] = []

    def hasten() -> None:
        calls.append("hasten")
        [feed_id] = filled.database.queue.claim(Stage.POLL, NOW, 10, 60.0)
        apply_poll(filled.database, poll(feed_id, NOW, next_at=NOW + HOUR, new_entries=()))

    feeds = {one.key: one.feeds[0].id for one in filled.database.archive.sources()}
    apply_poll(filled.database, poll(feeds["broken"], NOW - HOUR, next_at=NOW + HOUR))
    site = Site(filled, WebOptions(), OpenGate(), KEY, lambda: NOW, hasten=hasten)
    local = browser(web_app.create(site))
    local.get("/sources/well")
    assert "Polled at" in text(local.get(local.post("/sources/well/poll")))
    assert calls == ["hasten"]


@pytest.mark.parametrize(
    ("key", "fields", "problem"),
    [
        ("well", {"now": NOW - timedelta(seconds=20)}, "peace"),
        ("well", {"now": NOW - HOUR, "outcome": Outcome.THROTTLED, "next_at": NOW + HOUR}, "peace"),
        ("paused", None, "paused"),
    ],
)
def test_poll_now_leaves_alone_what_wants_to_be(
    local: Browser, filled: App, key: str, fields: dict[str, Any] | None, problem: str
) -> None:
    [feed] = filled.database.archive.source(key).feeds
    if fields is not None:
        apply_poll(filled.database, poll(feed.id, **({"next_at": NOW + HOUR} | fields)))
    [before] = filled.database.archive.source(key).feeds
    local.get(f"/sources/{key}")
    led = local.post(f"/sources/{key}/poll")
    assert led == f"/sources/{key}?problem={problem}"
    assert local.get(led).xpath("//*[@role='alert']")
    assert filled.database.archive.source(key).feeds == (before,)


def test_a_pause_holds_against_the_configuration(local: Browser, assembled: App) -> None:
    declared = source("harbour-post")
    add_source(assembled.database, declared)
    local.get("/sources/harbour-post")
    assert local.post("/sources/harbour-post/pause") == "/sources/harbour-post?done=paused"
    for name in ("Harbour Post", "Another Name", "Another Name"):
        with assembled.database.units() as unit:
            unit.sync_sources([source("harbour-post", name=name)], NOW)
            unit.commit()
    shown = local.get("/sources/harbour-post")
    assert "Somebody paused it" in text(shown)
    assert not shown.xpath("//form[contains(@action, '/poll')]")
    assert local.post("/sources/harbour-post/resume") == "/sources/harbour-post?done=resumed"
    assert not assembled.database.archive.source("harbour-post").paused


def test_it_is_told_why_a_source_is_paused(local: Browser, assembled: App) -> None:
    for declared in ([source("a"), source("b", paused=True)], [source("b", paused=True)]):
        with assembled.database.units() as unit:
            unit.sync_sources(declared, NOW)
            unit.commit()
    assert "The configuration names it no more" in text(local.get("/sources/a"))
    assert "The configuration says so" in text(local.get("/sources/b"))


def test_a_move_is_accepted_with_a_button(local: Browser, filled: App) -> None:
    tree = local.get("/sources/moved")
    [feed] = tree.xpath("//form[@action='/sources/moved/move']//input[@name='feed']/@value")
    assert local.post("/sources/moved/move", feed=str(feed)) == "/sources/moved?done=moved"
    assert [one.url for one in filled.database.archive.source("moved").feeds] == [MOVED_TO]
    assert local.post("/sources/moved/move", feed=str(feed)) == "/sources/moved?problem=moved"
    assert local.post("/sources/well/move", feed=str(feed)) == "/sources/well?problem=moved"


def test_a_move_to_an_address_that_is_followed_is_not_made(local: Browser, filled: App) -> None:
    add_source(filled.database, source("new", MOVED_TO))
    [feed] = filled.database.archive.source("moved").feeds
    local.get("/sources/moved")
    assert local.post("/sources/moved/move", feed=str(feed.id)) == "/sources/moved?problem=moved"
    assert [one.url for one in filled.database.archive.source("moved").feeds] == [GUARDED]


@pytest.mark.parametrize("action", ["poll", "pause", "resume", "move", "release"])
def test_nothing_is_done_with_a_source_that_is_not_there(local: Browser, filled: App, action: str) -> None:
    local.get("/sources/well")
    answer = local.client.post(f"/sources/nobody/{action}", data={"csrf": local.token, "feed": "1"})
    assert answer.status_code == 404


def test_a_mailbox_shows_no_address_to_readers(people: Town) -> None:
    feed = FeedData("imaps://ann@mail.example/News", FeedKind.MAILBOX)
    with people.app.database.units() as unit:
        unit.add_source(source("mails", feeds=(feed,)), NOW, "config")
        unit.commit()
    assert "ann@mail" not in people.signed_in("ray").client.get("/sources/mails").text


# ---------------------------------------------------------------- coverage


def test_coverage_tells_where_silence_can_be_trusted(local: Browser, assembled: App) -> None:
    from tests.web.relations_world import fill

    assert "No partnership is watched yet" in text(local.get("/sources/coverage"))
    fill(assembled)
    row = text(local.get("/sources/coverage"), "//tbody/tr")
    assert "Kunming–Nancy" in row or "Nancy–Kunming" in row
    assert "says nothing" in row
    assert "Harbour-Post" in row
    assert text(local.get("/sources/coverage?doubtful=true"), "//tbody/tr") == row
    assert local.get("/sources/coverage?after=zz").xpath("//a[@href='/sources/coverage']")
