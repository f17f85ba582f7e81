"""What was judged irrelevant: by reason, page by page, and back with one button."""

from __future__ import annotations

import pytest

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import Label
from monitor.pipeline import review
from tests.review_world import ANN, UNRELATED, VISIT, World, borderline
from tests.web.conftest import Browser
from tests.web.judging import OTHER_URL, press, status_of, world_of
from tests.web.signing_in import Town


@pytest.fixture
def world(assembled: App) -> World:
    return world_of(assembled)


def shown(local: Browser, path: str) -> list[str]:
    return [one.get("id") for one in local.get(path).xpath("//li[@data-item]")]


def test_nothing_dropped_says_what_will_come(local: Browser, world: World) -> None:
    assert local.get("/dropped").xpath("//p[@class='empty']")


def test_dropped_articles_are_browsed_by_reason_with_counts(local: Browser, world: World) -> None:
    _, unrelated = world.tell(UNRELATED)
    _, rejected = world.tell(VISIT, OTHER_URL)
    review.reject(rejected.article_id, ANN, world.later(), world.reviewing)
    assert shown(local, "/dropped") == [f"article-{rejected.article_id}", f"article-{unrelated.article_id}"]
    reasons = [" ".join(one.text_content().split()) for one in local.get("/dropped").xpath("//main//nav//li")]
    assert "rejected by a person 1" in reasons
    assert shown(local, "/dropped?because=rejected") == [f"article-{rejected.article_id}"]
    assert len(shown(local, "/dropped?because='--")) == 2, "what is no reason is no filter"


def test_a_rescued_article_opens_its_event_and_the_reader_stays_where_he_was(local: Browser, world: World) -> None:
    _, unrelated = world.tell(UNRELATED)
    [reason, _] = world.database.archive.dropped_by_reason()[0]
    path = f"/dropped?because={reason}"
    led = press(local, path, f"/review/articles/{unrelated.article_id}/rescue")
    assert led.startswith(path)
    assert status_of(local, led).startswith("Confirmed")
    view = world.database.archive.article(unrelated.article_id)
    assert (view.label, len(view.event_ids)) == (Label.EVENT, 1)
    press(local, led, "/review/undo")
    assert shown(local, "/dropped") == [f"article-{unrelated.article_id}"]


def test_long_lists_go_on_page_by_page(local: Browser, world: World) -> None:
    for number in range(53):
        world.tell(
            (f"Rain on day {number}", f"It rained on day {number} until noon. " * 3), f"https://wet.example/{number}"
        )
    first = local.get("/dropped")
    [older] = first.xpath("//a[@rel='next']/@href")
    ids = shown(local, "/dropped") + shown(local, older)
    assert len(ids) == len(set(ids)) == 53


def test_only_reviewers_see_what_was_dropped(assembled: App) -> None:
    world = world_of(assembled)
    world.tell(borderline("tunnels"))
    town = Town(assembled)
    town.add("ann")
    town.add("ray", Role.READER)
    assert town.signed_in("ray").client.get("/dropped").status_code == 403
