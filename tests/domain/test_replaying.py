"""How two states of an archive differ, and which ids a replay gives."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import replaying
from monitor.domain.model.articles import Label
from monitor.domain.model.events import DateRange, EventKind, EventOrigin, EventStatus, KnownEvent
from monitor.domain.model.replay import Difference, FactTurn, Moved, Relabelled
from monitor.domain.replaying import Stand, Standing

DAY = date(2026, 5, 12)


def event(event_id: str, when: date = DAY) -> KnownEvent:
    return KnownEvent(
        id=event_id,
        kinds=(EventKind.TALKS,),
        participants=frozenset({"nancy", "kunming"}),
        host_id=None,
        when=DateRange(when, when),
        status=EventStatus.HAPPENED,
        ordinal=None,
        series_key=None,
        origin=EventOrigin.NEWS,
        title="Talks",
    )


def standing(links: dict[int, str], events: str | None = None, label: Label = Label.EVENT) -> Standing:
    """Articles with the letters of their events; an article without any is irrelevant."""
    articles = {
        one: Stand(one, f"T{one}", f"u/{one}", label if ids else Label.IRRELEVANT, tuple(ids))
        for one, ids in links.items()
    }
    live = sorted(set(events if events is not None else "".join(links.values())))
    return Standing(articles, {one: event(one) for one in live})


def test_labels_turn_into_dropped_newly_kept_and_others() -> None:
    found = replaying.difference(standing({1: "a", 2: "", 3: "b"}), standing({1: "", 2: "c", 3: "b"}))
    assert found.dropped == (Relabelled(1, "T1", "u/1", Label.EVENT, Label.IRRELEVANT),)
    assert [one.article_id for one in found.newly_kept] == [2]
    assert (found.closed, found.opened, found.kept, found.articles) == (("a",), ("c",), 1, 3)
    assert not found.is_empty


def test_an_event_whose_articles_went_to_a_known_one_is_merged_into_it() -> None:
    found = replaying.difference(standing({1: "a", 2: "b"}), standing({1: "a", 2: "a"}))
    assert (found.merged, found.closed, found.split) == ((("b", "a"),), (), ())
    assert found.moved == (Moved(2, "T2", ("b",), ("a",)),)


def test_an_event_of_which_a_new_one_was_made_is_split() -> None:
    found = replaying.difference(standing({1: "a", 2: "a"}), standing({1: "a", 2: "n"}))
    assert (found.split, found.opened, found.merged) == ((("a", ("n",)),), (), ())


def test_an_article_that_goes_from_one_live_event_to_another_is_moved_only() -> None:
    found = replaying.difference(standing({1: "a", 2: "a", 3: "b"}), standing({1: "a", 2: "b", 3: "b"}))
    assert (found.merged, found.split, found.opened, found.closed) == ((), (), (), ())
    assert [one.article_id for one in found.moved] == [2]


def test_facts_are_compared_of_events_that_stay() -> None:
    before, after = standing({1: "a"}), standing({1: "a"})
    moved = Standing(after.articles, {"a": event("a", date(2026, 5, 13))})
    assert replaying.difference(before, moved).facts == (FactTurn("a", "when", "2026-05-12", "2026-05-13"),)


LINKS = st.dictionaries(st.integers(1, 8), st.text("abcd", max_size=2), max_size=8)


@given(LINKS)
def test_nothing_differs_from_itself(links: dict[int, str]) -> None:
    assert replaying.difference(standing(links), standing(links)).is_empty
    assert Difference().is_empty


@given(LINKS, LINKS)
def test_every_event_that_ends_is_merged_or_closed_and_every_new_one_told(
    before: dict[int, str], after: dict[int, str]
) -> None:
    both = before.keys() & after.keys()
    was = standing({one: before[one] for one in both})
    now = standing({one: after[one] for one in both})
    found = replaying.difference(was, now)
    gone = {one for one, _ in found.merged} | set(found.closed)
    new = set(found.opened) | {part for _, parts in found.split for part in parts}
    assert gone == was.events.keys() - now.events.keys()
    assert new == now.events.keys() - was.events.keys()
