"""Corrections on both databases, continued: whole events, closing, attaching, what was dropped, what verdicts teach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.learning import YOUR_VERDICTS
from monitor.domain.model.articles import Label
from monitor.domain.model.events import ChangeKind, EventKind, EventStatus, VerdictKind
from monitor.domain.model.review import EventFacts, FactsEdit
from monitor.errors import Refused
from monitor.pipeline import review
from tests.review_world import ANN, BO, FAIR, RETOLD, UNRELATED, VISIT, World, borderline

OTHER_URL, THIRD_URL = "https://lyon.example/2", "https://wire.example/3"
AGAIN = (RETOLD[0], RETOLD[1] + " It rained all day, and the guests had brought umbrellas from home.")


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def label(world: World, article_id: int) -> Label:
    return world.database.archive.article(article_id).label


def open_ids(world: World) -> set[str]:
    return {one.id for one in world.database.archive.events()}


def told(world: World, event_id: str) -> list[tuple[ChangeKind, bool]]:
    return [(one.kind, one.announce) for one in world.database.archive.event(event_id).changes]


def standing(world: World) -> tuple[object, ...]:
    """All that a person sees of articles and events."""
    archive = world.database.archive
    events = {one.id: one for one in archive.events(include_merged=True)}
    articles = [(one.id, one.label, archive.article(one.id).event_ids) for one in archive.articles()]
    dropped = [(one.article.id, one.because) for one in archive.dropped()]
    return {one: (event, archive.event(one).merged_into) for one, event in events.items()}, articles, dropped


# ---------------------------------------------------------------- whole events


def test_an_event_that_is_none_is_closed_with_all_its_reports(world: World) -> None:
    _, first = world.tell(VISIT)
    _, second = world.tell(RETOLD, OTHER_URL, "lyon")
    _, copy = world.tell(VISIT, THIRD_URL, "wire")
    before = standing(world)
    done = review.reject_event(first.event_ids[0], ANN, world.later(), world.reviewing, "no relation")
    assert {label(world, one.article_id) for one in (first, second, copy)} == {Label.IRRELEVANT}
    assert open_ids(world) == set()
    assert [one.verdict.id for one in world.database.archive.verdicts()] == [done.verdict.id]
    assert [(one.label, one.confirmed, one.rejected) for one in world.database.archive.rule_precision()] == [
        (Label.EVENT, 0, 2)
    ]
    again, _ = world.tell(AGAIN, OTHER_URL, "lyon")
    assert again.label is Label.IRRELEVANT
    review.undo(done.verdict.id, BO, world.later(), world.reviewing)
    assert standing(world)[0] == before[0]
    assert world.database.archive.rule_precision() == ()


def test_an_event_without_reports_is_closed_rather_than_rejected(world: World) -> None:
    facts = EventFacts("Talks", (EventKind.TALKS,), frozenset({"nancy"}), None, None, EventStatus.HAPPENED)
    [event_id] = review.add_event(facts, ANN, world.later(), world.reviewing).event_ids
    with pytest.raises(Refused, match="close it instead"):
        review.reject_event(event_id, ANN, world.later(), world.reviewing)


def test_a_closed_event_takes_later_reports_in_silence(world: World) -> None:
    _, first = world.tell(VISIT)
    [event_id] = first.event_ids
    done = review.close_event(event_id, ANN, world.later(), world.reviewing)
    assert open_ids(world) == set()
    _, later = world.tell(RETOLD, OTHER_URL, "lyon")
    assert later.event_ids == (event_id,)
    assert not any(announce for kind, announce in told(world, event_id) if kind is ChangeKind.REPORT)
    _, fair = world.tell(FAIR, THIRD_URL)
    for refused in (
        lambda: review.close_event(event_id, BO, world.later(), world.reviewing),
        lambda: review.merge(fair.event_ids[0], event_id, BO, world.later(), world.reviewing),
        lambda: review.attach(fair.article_id, event_id, BO, world.later(), world.reviewing),
    ):
        with pytest.raises(Refused, match="closed"):
            refused()
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert event_id in open_ids(world)


# ---------------------------------------------------------------- attaching and moving


def test_an_attached_article_tells_both_events_whenever_it_is_read(world: World) -> None:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    before = standing(world)
    done = review.attach(visit.article_id, fair.event_ids[0], ANN, world.later(), world.reviewing)
    world.tell((VISIT[0], VISIT[1] + " The guests also saw the zoo."))
    both = {*visit.event_ids, *fair.event_ids}
    assert set(world.database.archive.article(visit.article_id).event_ids) == both
    with pytest.raises(Refused, match="already"):
        review.attach(visit.article_id, fair.event_ids[0], BO, world.later(), world.reviewing)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert standing(world)[1] == before[1]


def test_an_article_of_no_event_is_put_to_one_and_counts_as_confirmed(world: World) -> None:
    _, visit = world.tell(VISIT)
    _, dropped = world.tell(UNRELATED, OTHER_URL, "lyon")
    before = standing(world)
    done = review.attach(dropped.article_id, visit.event_ids[0], ANN, world.later(), world.reviewing)
    assert label(world, dropped.article_id) is Label.EVENT
    world.tell((UNRELATED[0], UNRELATED[1] + " The guild agrees."), OTHER_URL, "lyon")
    assert world.database.archive.article(dropped.article_id).event_ids == visit.event_ids
    [counted] = world.database.archive.rule_precision()
    assert (counted.label, counted.confirmed, counted.precision) == (Label.IRRELEVANT, 1, 1.0)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert standing(world) == before


def test_a_copy_that_was_moved_away_from_its_original_stays_there(world: World) -> None:
    _, visit = world.tell(VISIT)
    _, copy = world.tell(VISIT, OTHER_URL, "lyon")
    _, fair = world.tell(FAIR, THIRD_URL)
    review.move(copy.article_id, visit.event_ids[0], fair.event_ids[0], ANN, world.later(), world.reviewing)
    world.tell((VISIT[0], VISIT[1] + " Photo: the town."), OTHER_URL, "lyon")
    archive = world.database.archive
    assert archive.article(copy.article_id).event_ids == fair.event_ids
    assert archive.article(visit.article_id).event_ids == visit.event_ids


def test_reports_of_merged_events_stay_together_when_their_pages_are_read_again(world: World) -> None:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    done = review.merge(visit.event_ids[0], fair.event_ids[0], ANN, world.later(), world.reviewing)
    for url, (title, text), source in (("https://nancy.example/1", VISIT, "nancy"), (OTHER_URL, FAIR, "lyon")):
        intent, applied = world.tell((title, text + " More will follow."), url, source)
        assert applied.event_ids == fair.event_ids
        assert intent.events[0].why == "a person linked them"
    kinds = {one.verdict.kind for one in world.database.archive.verdicts()}
    assert kinds == {VerdictKind.MERGE}, "what follows from it is not listed"
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert open_ids(world) == {*visit.event_ids, *fair.event_ids}


# ---------------------------------------------------------------- dropped


def test_what_was_dropped_is_found_by_its_reason_and_rescued(world: World) -> None:
    _, bakers = world.tell(UNRELATED)
    _, copied = world.tell(UNRELATED, OTHER_URL, "lyon")
    _, visit = world.tell(VISIT, THIRD_URL)
    archive = world.database.archive
    assert dict(archive.dropped_by_reason()) == {"nothing-found": 1, "copy": 1}
    gone = review.reject(visit.article_id, ANN, world.later(), world.reviewing)
    assert dict(archive.dropped_by_reason())["rejected"] == 1
    assert [one.article.id for one in archive.dropped()] == [visit.article_id, copied.article_id, bakers.article_id]
    assert [one.article.id for one in archive.dropped(before_id=visit.article_id, limit=1)] == [copied.article_id]
    assert [one.article.id for one in archive.dropped(because="rejected")] == [visit.article_id]
    review.undo(gone.verdict.id, ANN, world.later(), world.reviewing)
    saved = review.rescue(bakers.article_id, ANN, world.later(), world.reviewing)
    assert archive.dropped() == ()
    assert (label(world, bakers.article_id), label(world, copied.article_id)) == (Label.EVENT, Label.EVENT)
    with pytest.raises(Refused, match="was not dropped"):
        review.rescue(visit.article_id, ANN, world.later(), world.reviewing)
    review.undo(saved.verdict.id, ANN, world.later(), world.reviewing)
    assert dict(archive.dropped_by_reason()) == {"nothing-found": 1, "copy": 1}


# ---------------------------------------------------------------- the last word, and taking all of it back


def test_a_day_of_corrections_is_taken_back_step_by_step(world: World) -> None:
    _, visit = world.tell(VISIT)
    _, retold = world.tell(RETOLD, OTHER_URL, "lyon")
    _, fair = world.tell(FAIR, THIRD_URL)
    _, unsure = world.tell(borderline("tunnels"), "https://wuhan.example/4", "wuhan")
    _, bakers = world.tell(UNRELATED, "https://bakers.example/5", "bakers")
    [event_id], [fair_id] = visit.event_ids, fair.event_ids
    day: list[Callable[[], review.Corrected]] = [
        lambda: review.confirm(unsure.article_id, ANN, world.later(), world.reviewing),
        lambda: review.edit_event(event_id, FactsEdit(title="Visit"), BO, world.later(), world.reviewing),
        lambda: review.move(retold.article_id, event_id, fair_id, ANN, world.later(), world.reviewing),
        lambda: review.attach(bakers.article_id, fair_id, BO, world.later(), world.reviewing),
        lambda: review.note("a remark", ANN, world.later(), world.reviewing, event_id=fair_id),
        lambda: review.reject(visit.article_id, ANN, world.later(), world.reviewing),
        lambda: review.close_event(fair_id, BO, world.later(), world.reviewing),
    ]
    states, said = [standing(world)], []
    for correct in day:
        said.append(correct().verdict.id)
        states.append(standing(world))
    for verdict_id, before in zip(reversed(said), reversed(states[:-1]), strict=True):
        review.undo(verdict_id, ANN, world.later(), world.reviewing)
        events, articles, dropped = standing(world)
        assert (articles, dropped) == before[1:]
        assert {one: state for one, state in events.items() if one in before[0]} == before[0]
    assert [one.undone_by for one in world.database.archive.verdicts()] == [ANN] * len(day)


# ---------------------------------------------------------------- learning


def test_one_kind_of_item_sinks_in_every_source_and_an_undo_restores_its_score(world: World) -> None:
    def tell(number: int, source: str) -> tuple[float, Label, int, tuple[str, ...]]:
        day = date(2024, 1, 1) + timedelta(days=50 * number)
        url = f"https://{source}.example/{number}"
        intent, applied = world.tell(borderline(f"topic{number}"), url, source, published_on=day)
        assessment = intent.understanding.assessment
        taught = tuple(one.detail for one in assessment.reasons if one.code == YOUR_VERDICTS)
        return assessment.score, assessment.label, applied.article_id, taught

    score, before, *_ = tell(100, "fresh0")
    last = 0
    for number in range(6):
        _, _, article_id, _ = tell(number, f"town{number % 3}")
        last = review.reject(article_id, ANN, world.later(), world.reviewing).verdict.id
    lower, after, _, taught = tell(101, "fresh1")
    assert (before, after) == (Label.UNCERTAIN, Label.IRRELEVANT)
    assert lower < score
    assert 'your verdicts on the word "twinning" lower this by' in " ".join(taught)
    assert all(one.endswith("6 of 6 rejected") for one in taught)
    because = [one.because for one in world.database.archive.dropped(limit=2)]
    assert because == [YOUR_VERDICTS, YOUR_VERDICTS], "the sixth was dropped before it was rejected"
    for verdict_id in range(last, last - 6, -1):
        review.undo(verdict_id, ANN, world.later(), world.reviewing)
    assert tell(102, "fresh2")[:2] == (score, before)
