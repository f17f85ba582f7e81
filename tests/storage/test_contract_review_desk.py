"""What the pages of review read and ask, on both databases: candidates, copies, numbers of verdicts, who was faster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import Label
from monitor.domain.model.events import VerdictKind
from monitor.domain.model.review import Uncertain
from monitor.errors import NotFound, Overtaken, Refused
from monitor.pipeline import review
from monitor.pipeline.review import Seen
from tests.review_world import ANN, BO, FAIR, RETOLD, UNRELATED, VISIT, World, borderline

OTHER_URL, THIRD_URL = "https://lyon.example/2", "https://wire.example/3"
DAY = date(2026, 5, 12)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def two_events(world: World) -> tuple[str, str]:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    return visit.event_ids[0], fair.event_ids[0]


def test_events_near_share_places_first_and_are_near_in_time(world: World) -> None:
    visit, fair = two_events(world)
    archive = world.database.archive

    def near(*places: str, **more: int) -> list[str]:
        return [one.id for one in archive.events_near(places, DAY, **more)]

    assert near("nancy") == [visit, fair], "the nearer in time first"
    assert near("nancy", "kanazawa") == [fair, visit], "the one that shares more first"
    assert near("nancy", within_days=2) == [visit]
    assert near("nancy", "kanazawa", limit=1) == [fair]
    assert near() == near("hanoi") == []
    review.close_event(fair, ANN, world.later(), world.reviewing)
    assert near("nancy", "kanazawa") == [visit]


def test_events_are_named_by_any_id_they_ever_had(world: World) -> None:
    visit, fair = two_events(world)
    review.merge(fair, visit, ANN, world.later(), world.reviewing)
    found = world.database.archive.events_named([fair, visit, "ev_unknown"])
    assert {one: event.id for one, event in found.items()} == {fair: visit, visit: visit}
    assert world.database.archive.events_named([]) == {}


def test_copies_are_found_from_each_of_them(world: World) -> None:
    ids = [world.tell(VISIT, url)[1].article_id for url in ("https://a.example/1", OTHER_URL, THIRD_URL)]
    world.tell(FAIR, "https://b.example/9")
    archive = world.database.archive
    for one in ids:
        assert [row.id for row in archive.copies(one)] == [other for other in ids if other != one]
    assert len(archive.copies(ids[0], limit=1)) == 1
    assert archive.copies(999) == ()


def test_the_queue_shows_how_a_text_begins(world: World) -> None:
    world.tell(borderline("tunnels"))
    world.tell(UNRELATED, OTHER_URL)
    [item] = world.database.archive.review_queue().items
    assert isinstance(item, Uncertain)
    assert item.article.snippet.startswith("Engineers from Wuhan visit Lyon. They saw Lyon")
    [dropped] = world.database.archive.dropped()
    assert dropped.article.snippet == UNRELATED[1]


@pytest.mark.parametrize("after", ["9" * 30 + "~~", "-1~~", "~2026-01-01~x", "~0001-01-01T00:00:00+23:00~", "~~a\x00b"])
def test_a_place_in_the_queue_that_nobody_gave_breaks_nothing(world: World, after: str) -> None:
    world.tell(borderline("tunnels"))
    assert len(world.database.archive.review_queue(after=after).items) <= 1


def test_the_latest_verdict_is_known_by_its_number(world: World) -> None:
    archive = world.database.archive
    assert archive.latest_verdict() == 0
    _, applied = world.tell(borderline("tunnels"))
    done = review.confirm(applied.article_id, ANN, world.later(), world.reviewing)
    assert archive.latest_verdict() == done.verdict.id
    assert archive.verdict(done.verdict.id).verdict == done.verdict
    with pytest.raises(NotFound):
        archive.verdict(99)


def test_of_two_who_judge_the_same_the_second_is_told_and_changes_nothing(world: World) -> None:
    _, applied = world.tell(borderline("tunnels"))
    seen = Seen(0, article_ids=(applied.article_id,))
    review.confirm(applied.article_id, ANN, world.later(), replace(world.reviewing, seen=seen))
    with pytest.raises(Overtaken):
        review.reject(applied.article_id, BO, world.later(), replace(world.reviewing, seen=seen))
    assert world.database.archive.article(applied.article_id).label is Label.EVENT
    fresh = replace(seen, verdict_id=world.database.archive.latest_verdict())
    review.reject(applied.article_id, BO, world.later(), replace(world.reviewing, seen=fresh))
    assert world.database.archive.article(applied.article_id).label is Label.IRRELEVANT


def test_what_follows_from_another_verdict_overtakes_as_well_and_what_was_taken_back_does_not(world: World) -> None:
    visit, fair = two_events(world)
    [article_id] = world.database.archive.event(fair).event.article_ids
    looking = replace(world.reviewing, seen=Seen(0, article_ids=(article_id,)))
    done = review.reject_event(fair, ANN, world.later(), world.reviewing)
    with pytest.raises(Overtaken):
        review.reject(article_id, BO, world.later(), looking)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    review.note("look here", ANN, world.later(), world.reviewing, article_id=article_id)
    review.assign(BO, ANN, world.later(), world.reviewing, article_id=article_id)
    review.move(article_id, fair, visit, BO, world.later(), looking)


def test_an_event_is_confirmed_with_all_its_reports_that_nobody_confirmed(world: World) -> None:
    _, visit = world.tell(VISIT)
    _, retold = world.tell(RETOLD, OTHER_URL, "lyon")
    [event_id] = {*visit.event_ids, *retold.event_ids}
    review.confirm(visit.article_id, ANN, world.later(), world.reviewing)
    done = review.confirm_event(event_id, BO, world.later(), world.reviewing, "we were there")
    assert (done.verdict.kind, done.verdict.event_id) == (VerdictKind.RELEVANT, event_id)
    [precision] = world.database.archive.rule_precision()
    assert precision.confirmed == 2, "each article once"
    with pytest.raises(Refused, match="said so already"):
        review.confirm_event(event_id, ANN, world.later(), world.reviewing)
    review.undo(done.verdict.id, BO, world.later(), world.reviewing)
    [precision] = world.database.archive.rule_precision()
    assert precision.confirmed == 1
    assert len(world.database.archive.events()) == 1


def test_an_event_without_a_report_cannot_be_confirmed(world: World) -> None:
    visit, fair = two_events(world)
    review.merge(fair, visit, ANN, world.later(), world.reviewing)
    review.reject_event(visit, ANN, world.later(), world.reviewing)
    with pytest.raises(Refused, match="no report"):
        review.confirm_event(visit, ANN, world.later(), world.reviewing)


def test_dropped_articles_are_counted_by_reason_as_far_as_asked(world: World) -> None:
    for number in range(3):
        told = (f"Rain on day {number}", f"It rained on day {number} until noon. " * 3)
        world.tell(told, f"https://wet.example/{number}")
    _, visit = world.tell(VISIT)
    review.reject(visit.article_id, ANN, world.later(), world.reviewing)
    archive = world.database.archive
    [(dry, _), _] = exact = archive.dropped_by_reason()
    assert exact == archive.dropped_by_reason(up_to=9) == ((dry, 3), ("rejected", 1))
    assert archive.dropped_by_reason(up_to=2) == ((dry, 2), ("rejected", 1))
