"""Corrections on both databases: carried out, kept, obeyed by later runs, taken back without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import Label
from monitor.domain.model.events import (
    ChangeKind,
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    KnownEvent,
    VerdictKind,
)
from monitor.domain.model.review import EventFacts, FactsEdit, Pair, Uncertain
from monitor.errors import NotFound, Refused
from monitor.pipeline import review
from tests.review_world import ANN, BO, FAIR, RETOLD, UNRELATED, VISIT, World, borderline

OTHER_URL, THIRD_URL = "https://lyon.example/2", "https://wire.example/3"


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def label(world: World, article_id: int) -> Label:
    return world.database.archive.article(article_id).label


def events(world: World) -> dict[str, KnownEvent]:
    """Those that are shown."""
    return {one.id: one for one in world.database.archive.events()}


def told(world: World, event_id: str) -> list[tuple[ChangeKind, bool]]:
    return [(one.kind, one.announce) for one in world.database.archive.event(event_id).changes]


def snapshot(world: World, *article_ids: int) -> tuple[object, ...]:
    """All that corrections can change."""
    archive = world.database.archive
    shown = {one.id: replace(one, pins=frozenset()) for one in archive.events(include_merged=True)}
    articles = [(one, label(world, one), archive.article(one).event_ids) for one in article_ids]
    return shown, {one: archive.event(one).merged_into for one in shown}, articles


def two_events(world: World) -> tuple[int, str, int, str]:
    """Two reports and the event of each."""
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    return visit.article_id, visit.event_ids[0], fair.article_id, fair.event_ids[0]


# ---------------------------------------------------------------- relevance


def test_a_confirmed_article_opens_its_event_and_an_undo_closes_it(world: World) -> None:
    intent, applied = world.tell(borderline("tunnels"))
    assert (intent.label, applied.event_ids) == (Label.UNCERTAIN, ())
    before = snapshot(world, applied.article_id)
    done = review.confirm(applied.article_id, ANN, world.later(), world.reviewing, "they did meet")
    [event_id] = done.event_ids
    assert label(world, applied.article_id) is Label.EVENT
    assert events(world)[event_id].participants == {"lyon", "wuhan"}
    assert told(world, event_id) == [(ChangeKind.OPENED, True)]
    assert world.database.archive.article(applied.article_id).record[-1].detail.startswith("verdict 1 by ann")
    review.undo(done.verdict.id, BO, world.later(), world.reviewing)
    assert snapshot(world, applied.article_id)[2] == before[2]
    assert events(world) == {}
    assert not any(announce for _, announce in told(world, event_id))


def test_a_text_without_any_happening_is_confirmed_with_the_places_it_names(world: World) -> None:
    _, applied = world.tell(("Roses", "There are roses in Nancy and in Kanazawa, of many colours, and no end of bees."))
    done = review.confirm(applied.article_id, ANN, world.later(), world.reviewing)
    [event] = events(world).values()
    assert (event.id, event.participants) == (done.event_ids[0], {"nancy", "kanazawa"})


def test_a_rejected_report_closes_the_event_that_it_leaves_empty(world: World) -> None:
    article_id, event_id, _, other_id = two_events(world)
    before = snapshot(world, article_id)
    done = review.reject(article_id, ANN, world.later(), world.reviewing)
    assert label(world, article_id) is Label.IRRELEVANT
    assert set(events(world)) == {other_id}
    assert world.database.archive.event(event_id).event.is_closed
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert snapshot(world, article_id) == before


def test_an_event_with_another_report_stays_open(world: World) -> None:
    _, applied = world.tell(VISIT)
    _, other = world.tell(RETOLD, OTHER_URL)
    assert other.event_ids == applied.event_ids
    review.reject(applied.article_id, ANN, world.later(), world.reviewing)
    assert events(world)[applied.event_ids[0]].article_ids == (other.article_id,)


def test_a_new_report_of_what_was_closed_is_news(world: World) -> None:
    _, applied = world.tell(VISIT)
    review.reject(applied.article_id, ANN, world.later(), world.reviewing)
    _, again = world.tell(RETOLD, OTHER_URL)
    assert again.event_ids != applied.event_ids
    assert told(world, again.event_ids[0]) == [(ChangeKind.OPENED, True)]


def test_copies_share_the_fate_of_their_original(world: World) -> None:
    _, applied = world.tell(VISIT)
    _, stored = world.tell(VISIT, OTHER_URL, "lyon")
    before = snapshot(world, applied.article_id, stored.article_id)
    done = review.reject(applied.article_id, ANN, world.later(), world.reviewing)
    assert label(world, stored.article_id) is Label.IRRELEVANT
    later, _ = world.tell(VISIT, THIRD_URL, "wire")
    assert (later.label, later.events) == (Label.IRRELEVANT, ())
    assert events(world) == {}
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert snapshot(world, applied.article_id, stored.article_id) == before


def test_copies_of_a_confirmed_text_are_copies_in_its_event(world: World) -> None:
    _, first = world.tell(borderline("tunnels"))
    _, copy = world.tell(borderline("tunnels"), OTHER_URL, "lyon")
    done = review.confirm(first.article_id, ANN, world.later(), world.reviewing)
    assert label(world, copy.article_id) is Label.EVENT
    view = world.database.archive.event(done.event_ids[0])
    assert [one.article_id for one in view.copies] == [copy.article_id]
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert label(world, copy.article_id) is Label.UNCERTAIN
    assert world.database.archive.article(copy.article_id).event_ids == ()


def test_a_copy_can_be_confirmed_although_its_original_was_rejected(world: World) -> None:
    _, first = world.tell(VISIT)
    _, copy = world.tell(VISIT, OTHER_URL, "lyon")
    review.reject(first.article_id, ANN, world.later(), world.reviewing)
    done = review.confirm(copy.article_id, BO, world.later(), world.reviewing)
    assert label(world, copy.article_id) is Label.EVENT
    assert events(world)[done.event_ids[0]].article_ids == (copy.article_id,)


def test_who_changes_the_mind_gets_the_same_event_back(world: World) -> None:
    _, applied = world.tell(VISIT)
    review.reject(applied.article_id, ANN, world.later(), world.reviewing)
    review.confirm(applied.article_id, ANN, world.later(), world.reviewing)
    assert set(events(world)) == set(applied.event_ids)
    held = [one for one in world.database.archive.verdicts() if one.undone_at is None]
    assert [one.verdict.kind for one in held] == [VerdictKind.RELEVANT]
    with pytest.raises(Refused, match="ann said so already"):
        review.confirm(applied.article_id, BO, world.later(), world.reviewing)


def test_an_edited_article_keeps_what_was_said_of_it(world: World) -> None:
    _, first = world.tell(VISIT)
    _, second = world.tell(borderline("tunnels"), OTHER_URL)
    review.reject(first.article_id, ANN, world.later(), world.reviewing)
    done = review.confirm(second.article_id, ANN, world.later(), world.reviewing)
    again, _ = world.tell((VISIT[0], VISIT[1] + " The guests also saw the zoo."))
    assert (again.label, again.events) == (Label.IRRELEVANT, ())
    title, text = borderline("tunnels")
    again, applied = world.tell((title, text + " And much more was said that evening."), OTHER_URL)
    assert (again.label, applied.event_ids) == (Label.EVENT, done.event_ids)
    assert (applied.article_id, applied.revision) == (second.article_id, 2)


# ---------------------------------------------------------------- merge


def test_merged_events_are_one_and_an_undo_parts_them(world: World) -> None:
    article_id, event_id, other_article, other_id = two_events(world)
    before = snapshot(world, article_id, other_article)
    done = review.merge(event_id, other_id, ANN, world.later(), world.reviewing, "one journey")
    [left] = events(world).values()
    assert (left.id, left.article_ids) == (other_id, (article_id, other_article))
    assert left.participants == {"nancy", "kanazawa"}
    assert {EventKind.AGREEMENT_SIGNED, EventKind.DELEGATION_VISIT} <= set(left.kinds)
    assert world.database.archive.event(event_id).merged_into == other_id
    assert world.database.archive.event(event_id).event.article_ids == ()
    assert told(world, other_id)[-1] == (ChangeKind.MERGED, False)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert snapshot(world, article_id, other_article) == before


def test_later_reports_of_a_merged_event_come_to_the_one_it_went_into(world: World) -> None:
    _, event_id, _, other_id = two_events(world)
    review.merge(event_id, other_id, ANN, world.later(), world.reviewing)
    _, applied = world.tell((VISIT[0], VISIT[1] + " The guests also saw the zoo."))
    assert applied.event_ids == (other_id,)
    assert set(events(world)) == {other_id}


def test_a_merge_overrules_what_was_said_of_an_article_before(world: World) -> None:
    article_id, event_id, _, other_id = two_events(world)
    review.move(article_id, event_id, other_id, ANN, world.later(), world.reviewing)
    _, again = world.tell(RETOLD, THIRD_URL)
    review.merge(again.event_ids[0], other_id, ANN, world.later(), world.reviewing)
    reread, applied = world.tell((VISIT[0], VISIT[1] + " The guests also saw the zoo."))
    assert applied.event_ids == (other_id,)
    assert reread.events[0].why == "a person linked them"


def test_what_came_to_the_survivor_meanwhile_stays_there(world: World) -> None:
    article_id, event_id, other_article, other_id = two_events(world)
    done = review.merge(event_id, other_id, ANN, world.later(), world.reviewing)
    fair = (
        "A charter of crafts",
        (
            "On 3 May 2026 the mayors of Kanazawa and Nancy, sister cities, signed an agreement on friendship and "
            "crafts. Lacquer, glass and schools were named in the charter; the signing took place in the town hall."
        ),
    )
    _, later = world.tell(fair, THIRD_URL)
    assert later.event_ids == (other_id,)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    shown = events(world)
    assert shown[event_id].article_ids == (article_id,)
    assert shown[other_id].article_ids == (other_article, later.article_id)


# ---------------------------------------------------------------- split and move


def two_reports(world: World) -> tuple[int, int, str]:
    _, first = world.tell(VISIT)
    _, second = world.tell(RETOLD, OTHER_URL, "lyon")
    assert second.event_ids == first.event_ids
    return first.article_id, second.article_id, first.event_ids[0]


def test_a_split_off_report_gets_an_event_with_its_own_facts(world: World) -> None:
    first, second, event_id = two_reports(world)
    before = snapshot(world, first, second)
    done = review.split(event_id, [second], ANN, world.later(), world.reviewing)
    part = events(world)[done.event_ids[0]]
    assert part.title == RETOLD[0]
    assert part.article_ids == (second,)
    assert part.when == DateRange(date(2026, 5, 12), date(2026, 5, 12))
    assert events(world)[event_id].article_ids == (first,)
    assert told(world, part.id) == [(ChangeKind.SPLIT, True)]
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    _, merged, articles = snapshot(world, first, second)
    assert articles == before[2]
    assert isinstance(merged, dict)
    assert merged[part.id] == event_id
    assert events(world)[event_id].article_ids == (first, second)


def test_split_off_reports_never_rejoin_and_the_others_never_follow(world: World) -> None:
    first, second, event_id = two_reports(world)
    done = review.split(event_id, [second], ANN, world.later(), world.reviewing)
    part_id = done.event_ids[0]
    for _ in range(2):
        added = f" Seen again at {world.now:%H:%M}."
        _, one = world.tell((VISIT[0], VISIT[1] + added))
        _, other = world.tell((RETOLD[0], RETOLD[1] + added), OTHER_URL, "lyon")
        assert (one.event_ids, other.event_ids) == ((event_id,), (part_id,))
    assert (events(world)[event_id].article_ids, events(world)[part_id].article_ids) == ((first,), (second,))


def test_what_came_to_the_part_goes_back_with_it(world: World) -> None:
    first, second, event_id = two_reports(world)
    done = review.split(event_id, [second], ANN, world.later(), world.reviewing)
    _, copy = world.tell(RETOLD, THIRD_URL, "wire")
    assert copy.event_ids == (done.event_ids[0],)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert events(world)[event_id].article_ids == (first, second, copy.article_id)


def test_a_split_leaves_something_on_both_sides(world: World) -> None:
    first, second, event_id = two_reports(world)
    for articles in ([], [first, second]):
        with pytest.raises(Refused, match="each side"):
            review.split(event_id, articles, ANN, world.later(), world.reviewing)
    _, stranger = world.tell(FAIR, THIRD_URL)
    with pytest.raises(Refused, match="does not belong"):
        review.split(event_id, [stranger.article_id], ANN, world.later(), world.reviewing)
    assert world.database.archive.verdicts() == ()
    assert len(events(world)) == 2


def test_a_moved_report_stays_where_it_was_put(world: World) -> None:
    first, second, event_id = two_reports(world)
    _, fair = world.tell(FAIR, THIRD_URL)
    before = snapshot(world, first, second, fair.article_id)
    done = review.move(second, event_id, fair.event_ids[0], ANN, world.later(), world.reviewing)
    _, again = world.tell((RETOLD[0], RETOLD[1] + " It rained."), OTHER_URL, "lyon")
    assert again.event_ids == fair.event_ids
    assert events(world)[event_id].article_ids == (first,)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert snapshot(world, first, second, fair.article_id)[2] == before[2]


def test_moved_there_and_back_the_last_word_counts(world: World) -> None:
    _, second, event_id = two_reports(world)
    _, fair = world.tell(FAIR, THIRD_URL)
    review.move(second, event_id, fair.event_ids[0], ANN, world.later(), world.reviewing)
    review.move(second, fair.event_ids[0], event_id, BO, world.later(), world.reviewing)
    _, again = world.tell((RETOLD[0], RETOLD[1] + " It rained."), OTHER_URL, "lyon")
    assert again.event_ids == (event_id,)


# ---------------------------------------------------------------- facts


def test_an_edited_fact_is_not_moved_by_later_reports(world: World) -> None:
    _, applied = world.tell(VISIT)
    [event_id] = applied.event_ids
    edit = FactsEdit(
        title="The visit",
        participants=frozenset({"nancy", "yunnan"}),
        when=DateRange(date(2026, 5, 11), date(2026, 5, 13)),
        status=EventStatus.POSTPONED,
        cleared=frozenset({"host_id"}),
    )
    done = review.edit_event(event_id, edit, ANN, world.later(), world.reviewing)
    _, again = world.tell(RETOLD, OTHER_URL)
    assert again.event_ids == applied.event_ids
    event = events(world)[event_id]
    assert (event.title, event.participants, event.when) == (edit.title, edit.participants, edit.when)
    assert (event.status, event.host_id) == (EventStatus.POSTPONED, None)
    assert event.pins == {"title", "participants", "when", "status", "host_id"}
    [record] = world.database.archive.verdicts(event_id=event_id)
    [change] = record.payload.effects.facts
    assert (change.before.title, change.after.title) == (VISIT[0], "The visit")
    assert {kind for kind, _ in told(world, event_id)} >= {ChangeKind.STATUS, ChangeKind.DATE, ChangeKind.EDITED}
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    after = events(world)[event_id]
    assert (after.title, after.status, after.pins) == (VISIT[0], EventStatus.HAPPENED, frozenset())
    assert again.article_id in after.article_ids


def test_an_edit_that_changes_nothing_or_names_no_place_is_refused(world: World) -> None:
    _, applied = world.tell(VISIT)
    for edit in (FactsEdit(), FactsEdit(host_id="atlantis"), FactsEdit(kinds=())):
        with pytest.raises(Refused):
            review.edit_event(applied.event_ids[0], edit, ANN, world.later(), world.reviewing)
    assert world.database.archive.verdicts() == ()


def test_an_event_is_added_by_hand_and_found_by_the_news(world: World) -> None:
    day = date(2026, 5, 12)
    facts = EventFacts(
        "Visit from Kunming",
        (EventKind.DELEGATION_VISIT,),
        frozenset({"nancy", "kunming"}),
        "nancy",
        DateRange(day, day),
        EventStatus.HAPPENED,
    )
    done = review.add_event(facts, ANN, world.later(), world.reviewing)
    [event] = events(world).values()
    assert (event.origin, event.title) == (EventOrigin.HAND, facts.title)
    _, applied = world.tell(VISIT)
    assert applied.event_ids == (event.id,)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert set(events(world)) == {event.id}, "a report belongs to it by now"


def test_an_event_added_by_mistake_is_closed_by_the_undo(world: World) -> None:
    facts = EventFacts("Nothing", (EventKind.TALKS,), frozenset(), None, None, EventStatus.HAPPENED)
    done = review.add_event(facts, ANN, world.later(), world.reviewing)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert events(world) == {}
    with pytest.raises(Refused):
        review.add_event(replace(facts, title=" "), ANN, world.later(), world.reviewing)


def test_a_pasted_text_is_read_and_taken_for_relevant(world: World) -> None:
    pasted = review.Pasted(*borderline("tunnels"), published_on=date(2026, 5, 13), url="https://paper.example/x")
    done = review.add_text(pasted, ANN, world.later(), world.reviewing)
    [event] = events(world).values()
    assert (event.id, event.origin) == (done.event_ids[0], EventOrigin.HAND)
    article = world.database.archive.article(done.article_ids[0])
    assert (article.origin, article.label) == ("file", Label.EVENT)
    with pytest.raises(Refused, match="confirm it instead"):
        review.add_text(pasted, ANN, world.later(), world.reviewing)
    review.undo(done.verdict.id, ANN, world.later(), world.reviewing)
    assert events(world) == {}
    assert label(world, article.id) is Label.UNCERTAIN


# ---------------------------------------------------------------- undo, history, refusals


def test_verdicts_on_the_same_are_taken_back_in_reverse_order(world: World) -> None:
    first, second, event_id = two_reports(world)
    split = review.split(event_id, [second], ANN, world.later(), world.reviewing)
    edit = review.edit_event(event_id, FactsEdit(title="Visit"), BO, world.later(), world.reviewing)
    note = review.note("looks right", BO, world.later(), world.reviewing, event_id=event_id)
    with pytest.raises(Refused, match=f"undo verdict {edit.verdict.id} first"):
        review.undo(split.verdict.id, ANN, world.later(), world.reviewing)
    review.undo(edit.verdict.id, ANN, world.later(), world.reviewing)
    review.undo(split.verdict.id, ANN, world.later(), world.reviewing)
    with pytest.raises(Refused, match="taken back by ann already"):
        review.undo(split.verdict.id, BO, world.later(), world.reviewing)
    assert events(world)[event_id].article_ids == (first, second)
    history = world.database.archive.verdicts(event_id=event_id)
    assert [one.verdict.id for one in history] == [note.verdict.id, edit.verdict.id, split.verdict.id]
    assert [one.undone_by for one in history] == [None, ANN, ANN]


def test_what_follows_from_a_verdict_is_undone_with_it_and_not_alone(world: World) -> None:
    _, second, event_id = two_reports(world)
    split = review.split(event_id, [second], ANN, world.later(), world.reviewing)
    with pytest.raises(Refused, match="follows from"):
        review.undo(split.verdict.id + 1, ANN, world.later(), world.reviewing)
    review.undo(split.verdict.id, ANN, world.later(), world.reviewing)
    again, _ = world.tell((RETOLD[0], RETOLD[1] + " It rained."), OTHER_URL, "lyon")
    assert again.events[0].event_id == event_id


def test_history_is_kept_by_article_event_and_page(world: World) -> None:
    article_id, event_id, other_article, other_id = two_events(world)
    review.note("one", ANN, world.later(), world.reviewing, article_id=article_id)
    review.assign("bo", ANN, world.later(), world.reviewing, event_id=other_id)
    review.move(article_id, event_id, other_id, ANN, world.later(), world.reviewing)
    archive = world.database.archive
    assert [one.verdict.kind for one in archive.verdicts(article_id=article_id)] == [VerdictKind.MOVE, VerdictKind.NOTE]
    assert [one.verdict.kind for one in archive.verdicts(event_id=other_id)] == [VerdictKind.MOVE, VerdictKind.ASSIGN]
    assert archive.verdicts(article_id=other_article) == ()
    [first] = archive.verdicts(1)
    assert [one.verdict.kind for one in archive.verdicts(before_id=first.verdict.id)] == [
        VerdictKind.ASSIGN,
        VerdictKind.NOTE,
    ]


def test_what_is_not_there_is_not_found_and_nothing_is_written(world: World) -> None:
    for wrong in (
        lambda: review.confirm(99, ANN, world.now, world.reviewing),
        lambda: review.merge("ev_a", "ev_b", ANN, world.now, world.reviewing),
        lambda: review.undo(99, ANN, world.now, world.reviewing),
        lambda: review.note("text", ANN, world.now, world.reviewing, article_id=99),
    ):
        with pytest.raises(NotFound):
            wrong()
    for wrong in (
        lambda: review.note(" ", ANN, world.now, world.reviewing, article_id=99),
        lambda: review.note("text", ANN, world.now, world.reviewing),
        lambda: review.note("text", " ", world.now, world.reviewing, article_id=99),
    ):
        with pytest.raises(Refused):
            wrong()
    assert world.database.archive.verdicts() == ()


# ---------------------------------------------------------------- the queue


def grey_pair(world: World) -> tuple[str, str]:
    """Two events of one relation that linking could not tell apart."""
    _, one = world.tell(VISIT)
    _, other = world.tell(FAIR, OTHER_URL)
    from sqlalchemy import update

    from monitor.adapters.storage import tables as t

    with world.database._engines.writer.connect() as connection:
        row = t.event.c.id == other.event_ids[0]
        connection.execute(update(t.event).where(row).values(perhaps_same_as=one.event_ids[0]))
        connection.commit()
    return one.event_ids[0], other.event_ids[0]


def test_the_queue_holds_uncertain_articles_and_pairs_newest_first(world: World) -> None:
    _, old = world.tell(borderline("tunnels"), "https://old.example/9", published_on=date(2026, 1, 1))
    one, other = grey_pair(world)
    _, new = world.tell(borderline("bridges"), THIRD_URL, published_on=date(2026, 3, 1))
    world.tell(borderline("bridges"), "https://copy.example/9", published_on=date(2026, 3, 1))
    world.tell(borderline("baseline"), "https://base.example/9", baseline=True, published_on=date(2025, 3, 1))
    world.tell(UNRELATED, "https://bakers.example/9")
    page = world.database.archive.review_queue()
    first, pair, last = page.items
    assert isinstance(first, Uncertain)
    assert (first.article.id, first.article.label) == (new.article_id, Label.UNCERTAIN)
    assert "weak-cue" in {one.code for one in first.reasons}
    assert isinstance(pair, Pair)
    assert (pair.event.id, pair.perhaps_same_as.id) == (other, one)
    assert pair.why
    assert isinstance(last, Uncertain)
    assert last.article.id == old.article_id
    assert (page.total, page.next_after) == (3, None)


def test_the_queue_comes_in_pages(world: World) -> None:
    grey_pair(world)
    for number in range(5):
        day = date(2025, 1, 1) + timedelta(days=50 * number)
        world.tell(borderline(f"topic{number}"), f"https://city.example/{number}", published_on=day)
    archive = world.database.archive
    whole = archive.review_queue().items
    seen: list[object] = []
    after = None
    for _ in range(10):
        page = archive.review_queue(2, after)
        seen += page.items
        after = page.next_after
        if after is None:
            break
    assert len(whole) == 6
    assert seen == list(whole)
    assert archive.review_queue(2, "nonsense").items == whole[:2]


def test_what_is_handled_merged_or_kept_apart_leaves_the_queue(world: World) -> None:
    one, other = grey_pair(world)
    _, article = world.tell(borderline("tunnels"), THIRD_URL, published_on=date(2026, 3, 1))
    queue = world.database.archive.review_queue
    review.assign("bo", ANN, world.later(), world.reviewing, article_id=article.article_id)
    assert [item.assigned_to for item in queue().items] == ["bo", ""]
    handled = review.mark_handled(ANN, world.later(), world.reviewing, article_id=article.article_id)
    assert [type(item) for item in queue().items] == [Pair]
    apart = review.keep_apart(one, other, ANN, world.later(), world.reviewing)
    assert (queue().items, queue().total) == ((), 0)
    review.undo(apart.verdict.id, ANN, world.later(), world.reviewing)
    review.undo(handled.verdict.id, ANN, world.later(), world.reviewing)
    assert len(queue().items) == 2
    review.merge(other, one, ANN, world.later(), world.reviewing)
    review.confirm(article.article_id, ANN, world.later(), world.reviewing)
    assert queue().items == ()


# ---------------------------------------------------------------- learning


def sourced(world: World, number: int, source: str) -> tuple[Label, int]:
    day = date(2024, 1, 1) + timedelta(days=50 * number)
    intent, applied = world.tell(
        borderline(f"topic{number}"), f"https://{source}.example/{number}", source, published_on=day
    )
    return intent.label, applied.article_id


def test_confirming_lifts_a_source_over_the_threshold_and_an_undo_brings_it_back(world: World) -> None:
    verdicts = []
    for number in range(5):
        found, article_id = sourced(world, number, "good")
        assert found is Label.UNCERTAIN
        verdicts.append(review.confirm(article_id, ANN, world.later(), world.reviewing).verdict)
    assert sourced(world, 10, "good")[0] is Label.EVENT
    assert sourced(world, 11, "unknown")[0] is Label.UNCERTAIN
    reasons = world.database.archive.article_by_url("good.example/10").assessment.reasons
    [reason] = [one for one in reasons if one.code == "your-verdicts"]
    assert reason.detail == "your verdicts on this source raise this by 0.55: 5 of 5 confirmed"
    review.undo(verdicts[0].id, ANN, world.later(), world.reviewing)
    assert sourced(world, 12, "good")[0] is Label.UNCERTAIN


def test_rejecting_sinks_a_source_below_the_threshold_and_an_undo_brings_it_back(world: World) -> None:
    for number in range(5):
        _, article_id = sourced(world, number, "noisy")
        last = review.reject(article_id, ANN, world.later(), world.reviewing).verdict
    assert sourced(world, 10, "noisy")[0] is Label.IRRELEVANT
    review.undo(last.id, ANN, world.later(), world.reviewing)
    assert sourced(world, 11, "noisy")[0] is Label.UNCERTAIN


def test_the_precision_of_the_rules_is_counted_on_the_verdicts(world: World) -> None:
    _, uncertain = sourced(world, 0, "good")
    _, other = sourced(world, 1, "good")
    _, visit = world.tell(VISIT)
    review.confirm(uncertain, ANN, world.later(), world.reviewing)
    gone = review.confirm(other, ANN, world.later(), world.reviewing)
    review.reject(visit.article_id, ANN, world.later(), world.reviewing)
    review.undo(gone.verdict.id, ANN, world.later(), world.reviewing)
    rows = world.database.archive.rule_precision()
    assert [(one.label, one.confirmed, one.rejected) for one in rows] == [
        (Label.EVENT, 0, 1),
        (Label.UNCERTAIN, 1, 0),
    ]
