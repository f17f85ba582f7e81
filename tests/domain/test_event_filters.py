"""Filters of events: in addresses, as watches, in feeds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.event_feeds import calendar_entry, feed_entries, urn
from monitor.domain.event_filters import cursor_in, fields_of, filter_in, number_in, query_of, watch_of
from monitor.domain.kind_families import KindFamily
from monitor.domain.model.calendar import CalendarState
from monitor.domain.model.event_search import EventCursor, EventFilter, EventRow, Novelty
from monitor.domain.model.events import EventStatus
from monitor.domain.watching import matches
from tests.domain.digest_samples import NOW, event, place, told, words

NAMES = ("q", "partnership", "place", "country", "kind", "language", "source", "since", "until", "status", "novelty")
FULL = EventFilter(
    "da nang", "a+b", "nancy", "FR", KindFamily.ECONOMY, "zh", "paper", date(2026, 1, 1), date(2026, 2, 1),
    EventStatus.DENIED, Novelty.NEW,
)  # fmt: skip


def test_a_filter_comes_back_from_its_address() -> None:
    assert filter_in(fields_of(FULL)) == FULL
    assert fields_of(EventFilter()) == {}


@given(fields=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=600)))
def test_whatever_stands_in_an_address_is_a_filter_that_keeps_its_address(fields: dict[str, str]) -> None:
    asked = filter_in(fields)
    assert filter_in(fields_of(asked)) == asked


@given(text=st.text())
def test_a_cursor_is_read_or_left(text: str) -> None:
    found = cursor_in(text)
    assert found is None or cursor_in(str(found)) == found


def test_a_cursor_comes_back() -> None:
    cursor = EventCursor(date(2026, 5, 1), "ev_a1")
    assert cursor_in(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["-1", "", "nan", "1.5", "٣", "9" * 19, "1e3", " 1"])
def test_what_is_no_number_asks_for_nothing(text: str) -> None:
    assert number_in(text) is None


def test_places_stand_with_all_beside_them() -> None:
    beside = {"nancy": ("nancy-university",)}
    query = query_of(EventFilter(place="nancy"), lambda one: beside.get(one, ()))
    assert query.place_ids == {"nancy", "nancy-university"}


def test_a_watch_on_a_partnership_needs_both_sides() -> None:
    watch = watch_of("w", EventFilter(partnership="p"), frozenset({"nancy", "kunming"}))
    both = told(event("e1", "nancy", "kunming"))
    one = told(event("e1", "nancy", "metz"))
    assert [matches(watch, each, place) for each in (both, one)] == [True, False]


def test_the_ids_of_a_feed_never_change() -> None:
    assert urn("event ev_1") == "urn:uuid:abce9381-3f2c-538d-b459-2dd98540e2b7"
    assert urn("event ev_1") != urn("event ev_2")


def test_an_event_in_a_feed_says_when_it_was_learnt_and_changed() -> None:
    later: datetime = NOW + timedelta(hours=1)
    [entry] = feed_entries([EventRow(event(seen=NOW), later)], words("en"), place)
    assert (entry.published_at, entry.updated_at) == (NOW, later)
    assert "Status: took place" in entry.summary


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (EventStatus.HAPPENED, CalendarState.FIRM),
        (EventStatus.ANNOUNCED, CalendarState.FIRM),
        (EventStatus.POSTPONED, CalendarState.TENTATIVE),
        (EventStatus.CANCELLED, CalendarState.OFF),
    ],
)
def test_a_calendar_says_how_surely_it_comes(status: EventStatus, state: CalendarState) -> None:
    entry = calendar_entry(EventRow(event(status=status), NOW), words("en"), place)
    assert entry is not None
    assert entry.state is state
    assert calendar_entry(EventRow(event(when=None), NOW), words("en"), place) is None
