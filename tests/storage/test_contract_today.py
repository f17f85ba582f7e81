"""What the first page of the morning reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.adapters.storage import today_views
from monitor.adapters.storage.database import Database
from monitor.domain.model.events import ChangeIntent, ChangeKind, DateRange, EventKind
from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn
from monitor.domain.model.partnerships import Basis, Expectation, ExpectationState, Expected, PartnershipData
from monitor.domain.outcomes import Outcome
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    apply_poll,
    article,
    happening,
    joining,
    opening,
    poll,
    source,
    store,
    subscribe,
    subscription,
)

ARCHIVE_DAYS = (9, 5, 3, 1)  # ago


def learn(database: Database) -> list[str]:
    """One event a day, the last one developed today."""
    ids = []
    for number, days in enumerate(ARCHIVE_DAYS):
        told = opening(happening(when=DateRange(date(2026, 2, number + 1), date(2026, 2, number + 1))))
        given, url = article(f"Report {number}", f"Text {number} " * 30), f"https://a.example/{number}"
        ids += store(database, given, url, [told], now=NOW - days * DAY).event_ids
    moved = joining(ids[-1], ChangeIntent(ChangeKind.STATUS, True, "announced", "happened"))
    store(database, article("Again", "Again " * 50), "https://b.example/1", [moved], now=NOW)
    return ids


def test_what_was_learnt_since_a_moment_is_told_by_event(database: Database) -> None:
    ids = learn(database)
    found = database.archive.told_since(NOW - 4 * DAY)
    assert [one.event.id for one in found.events] == ids[2:]
    assert [change.kind for change in found.events[-1].changes] == [ChangeKind.OPENED, ChangeKind.STATUS]
    assert (found.after_seq, found.to_seq, found.is_cut) == (2, 5, False)
    assert [one.told_before for one in database.archive.told_since(NOW - HOUR).events] == [True]
    assert [one.event.id for one in database.archive.told_after(4).events] == ids[3:]
    assert database.archive.told_after(5).events == ()


@pytest.mark.parametrize(("days", "seq"), [(10, 0), (9, 1), (4, 2), (0, 5)])
def test_the_place_of_a_moment_in_the_log_is_found_without_reading_it(database: Database, days: int, seq: int) -> None:
    learn(database)
    assert database.archive.told_since(NOW - days * DAY).after_seq == seq


def test_an_empty_archive_tells_nothing(database: Database) -> None:
    assert database.archive.told_since(NOW).events == ()
    found = database.archive.reach(NOW - DAY, NOW)
    assert (found.sources, found.well, found.unread, found.troubled, found.polls) == (0, 0, 0, (), 0)
    assert (found.last_polled_at, found.next_poll_at) == (None, None)
    assert database.archive.upcoming_digests() == ()


def test_a_flood_is_cut_to_its_latest_changes(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = learn(database)
    monkeypatch.setattr(today_views, "MAX_CHANGES", 1)
    found = database.archive.told_since(NOW - 30 * DAY)
    assert [one.event.id for one in found.events] == [ids[-1]]
    assert found.events[0].told_before
    assert found.is_cut


def test_reach_tells_how_the_sources_do_and_what_was_read(database: Database) -> None:
    with database.units() as unit:
        unit.sync_sources([source("fine"), source("new"), source("broken"), source("idle", paused=True)], NOW)
        unit.commit()
    broken, fine, _, _ = (view.feeds[0].id for view in sorted(database.archive.sources(), key=lambda one: one.key))
    apply_poll(database, poll(fine, NOW - HOUR, health=FeedHealth.OK, habit=FeedHabit()))
    failed = {
        "outcome": Outcome.FORBIDDEN,
        "failures": 3,
        "failing_since": NOW - DAY,
        "health": FeedHealth.BLOCKED,
        "health_since": NOW - DAY,
        "turn": HealthTurn(FeedHealth.OK, FeedHealth.BLOCKED, "forbidden"),
    }
    apply_poll(database, poll(broken, NOW - 2 * HOUR, **failed))
    found = database.archive.reach(NOW - DAY, NOW)
    assert (found.sources, found.well, found.unread, found.polls) == (3, 1, 1, 2)
    [trouble] = found.troubled
    assert (trouble.source_key, trouble.health, trouble.since) == ("broken", FeedHealth.BLOCKED, NOW - DAY)
    assert trouble.outcome is Outcome.FORBIDDEN
    assert found.last_polled_at == NOW - HOUR
    assert found.coverage.checked == 1
    assert database.archive.reach(NOW, NOW).polls == 0


def expectation(key: str, first: date, state: ExpectationState = ExpectationState.OPEN) -> Expectation:
    expected = Expected(
        key=key,
        basis=Basis.ANNIVERSARY,
        kinds=(EventKind.ANNIVERSARY,),
        participants=frozenset({"lakeside"}),
        when=DateRange(first, first),
        opens_on=first - timedelta(days=90),
        closes_on=first + timedelta(days=90),
    )
    return Expectation(f"ev_{key}", expected, state, NOW)


def test_expectations_of_a_stretch_of_days_are_the_open_ones_of_these_days(database: Database) -> None:
    days = {"over": date(2026, 2, 1), "near": date(2026, 3, 20), "next": date(2026, 3, 5), "far": date(2026, 5, 1)}
    with database.units() as unit:
        for key, day in days.items():
            unit.relations().put_expectation(expectation(key, day))
        unit.relations().put_expectation(expectation("missed", date(2026, 3, 6), ExpectationState.MISSED))
        unit.commit()
    found = database.archive.expected_between(date(2026, 3, 2), date(2026, 4, 1))
    assert [one.expected.key for one in found] == ["next", "near"]


def test_upcoming_digests_are_those_that_are_not_paused_the_next_first(database: Database) -> None:
    subscribe(
        database, subscription("late", schedule="0 12 * * *"), subscription("soon"), subscription("not", paused=True)
    )
    found = database.archive.upcoming_digests()
    assert [(one.key, one.recipients, one.last_composed_at) for one in found] == [("late", 1, None), ("soon", 1, None)]
    assert found[0].next_at < found[1].next_at


def test_partnerships_of_places_are_read_without_a_unit(database: Database) -> None:
    pair = PartnershipData("lakeside+millport", frozenset({"lakeside", "millport"}))
    with database.units() as unit:
        unit.put_partnership(pair, NOW)
        unit.put_partnership(replace(pair, key="a+b", participants=frozenset({"a", "b"})), NOW)
        unit.commit()
    assert database.archive.partnerships_of({"lakeside"}) == (pair,)
    assert database.archive.partnerships_of(()) == ()
