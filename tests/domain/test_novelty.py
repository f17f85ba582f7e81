from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain import novelty
from monitor.domain.model.health import FeedHabit
from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind
from tests.domain.test_schedule import FEED, HOUR, NOW

DAY = timedelta(days=1)
USED: FeedForPoll = replace(
    FEED, habit=FeedHabit(window=20, news_per_h=0.5, last_news_at=NOW - DAY), last_new_at=NOW - DAY
)


def entries(count: int, published_at: datetime | None = None, name: str = "e") -> list[EntryData]:
    return [
        EntryData(f"{name}{n}", None, None, f"Title {name}{n}", "", "", None, None, published_at, "en", "1")
        for n in range(count)
    ]


def history(shown: list[EntryData], new: list[EntryData] | None = None, feed: FeedForPoll = USED) -> int:
    return len(novelty.old_stock(feed, shown, shown if new is None else new, NOW))


def test_usual_news_is_news() -> None:
    assert history(entries(30, NOW - HOUR)) == 0
    assert history(entries(30)) == 0, "dates may be missing"


def test_a_back_catalogue_without_dates_is_no_news() -> None:
    assert history(entries(51)) == 51
    assert history(entries(50)) == 0


def test_of_a_dump_what_is_dated_after_the_last_poll_is_news() -> None:
    fresh = entries(3, NOW - HOUR / 2, "fresh")
    shown = fresh + entries(400, NOW - 30 * DAY, "stock")
    old = novelty.old_stock(USED, shown, shown, NOW)
    assert len(old) == 400
    assert not old & {one.key for one in fresh}


def test_a_dump_that_calls_itself_new_is_cut_to_the_newest() -> None:
    shown = [replace(one, published_at=NOW - timedelta(minutes=n)) for n, one in enumerate(entries(300))]
    old = novelty.old_stock(USED, shown, shown, NOW)
    assert {one.key for one in shown} - old == {f"e{n}" for n in range(novelty.FLOOD_ENTRIES)}


def test_what_is_old_by_its_date_is_no_news_however_little_it_is() -> None:
    assert history([*entries(1, NOW - HOUR, "now"), *entries(2, NOW - 61 * DAY, "then")]) == 2
    assert history([*entries(1, NOW - HOUR, "now"), *entries(2, NOW - 59 * DAY, "lately")]) == 0


def test_a_feed_that_dates_everything_wrongly_still_has_news() -> None:
    assert history(entries(2, NOW - 4000 * DAY)) == 0


def test_a_busy_feed_may_bring_much_after_a_long_sleep() -> None:
    busy = replace(
        USED, habit=FeedHabit(window=200, news_per_h=8.0, last_news_at=NOW - 3 * DAY), last_ok_at=NOW - 3 * DAY
    )
    assert history(entries(200, NOW - DAY), feed=busy) == 0


def test_a_feed_that_was_empty_until_now_has_its_baseline_late() -> None:
    empty = replace(FEED, habit=FeedHabit(), last_new_at=None, last_ok_at=NOW - DAY)
    assert history([*entries(5, NOW - 10 * DAY, "old"), *entries(1, NOW - HOUR, "new")], feed=empty) == 5


def test_the_baseline_is_not_our_business() -> None:
    assert history(entries(300), feed=replace(FEED, baseline_done=False)) == 0


# ---------------------------------------------------------------- overlap


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (USED, True),
        (replace(USED, baseline_done=False), False),
        (replace(USED, habit=FeedHabit()), False),
        (replace(USED, kind=FeedKind.MAILBOX), False),
    ],
)
def test_without_overlap_something_may_be_missing(feed: FeedForPoll, expected: bool) -> None:
    assert novelty.has_no_overlap(feed, entries(10), {}) is expected


def test_one_known_entry_proves_that_nothing_is_missing() -> None:
    assert not novelty.has_no_overlap(USED, entries(10), {"e9": "1"})
    assert not novelty.has_no_overlap(USED, [], {})


def test_known_titles_at_new_addresses_are_a_move_and_no_gap() -> None:
    shown = entries(4)
    assert novelty.are_relinked(shown, frozenset({"Title e0", "Title e1", "Title e2"}))
    assert not novelty.are_relinked(shown, frozenset({"Title e0", "Title e1"}))
