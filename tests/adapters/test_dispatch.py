from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.adapters import logs
from monitor.adapters.dispatch.embedded import BatchHandler, EmbeddedDispatcher, Handler, StageHandler
from monitor.errors import StorageBusy
from monitor.ports import Stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeQueue:
    """Hands out each item once, as leases do."""

    def __init__(self, items: Sequence[int]) -> None:
        self.items = deque(items)
        self.claims: list[int] = []

    def claim(self, stage: Stage, now: datetime, limit: int, lease_s: float) -> tuple[int, ...]:
        self.claims.append(limit)
        return tuple(self.items.popleft() for _ in range(min(limit, len(self.items))))

    def hurry(self, stage: Stage, ids: Sequence[int], now: datetime) -> None:
        self.items.extend(ids)

    def release_leases(self) -> None:
        """Nothing is leased here."""


@pytest.fixture(autouse=True)
def _quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("error", "json")


def dispatcher(queue: FakeQueue, handler: Handler) -> EmbeddedDispatcher:
    return EmbeddedDispatcher(queue, {Stage.POLL: handler}, lambda: NOW)


def by_itself(items: Sequence[int]) -> dict[int, int]:
    return {item: item for item in items}


def batches(**given: Any) -> BatchHandler[str, str]:
    """Loads "n", runs it to "n!", reports "n!."."""
    steps: dict[str, Any] = {
        "load": lambda items: {item: str(item) for item in items},
        "run": lambda loaded, _: f"{loaded}!",
        "store": lambda results: [f"{one}." for one in results],
        "fault": lambda *_: None,
    }
    return BatchHandler(**(steps | given))


def test_everything_due_is_run_once_and_reported() -> None:
    reports: list[object] = []
    report = dispatcher(FakeQueue(range(40)), StageHandler(lambda item, _: f"did {item}", workers=4)).drain(
        Stage.POLL, watch=reports.append
    )
    assert (report.done, report.failed) == (40, 0)
    assert sorted(map(str, reports)) == sorted(f"did {item}" for item in range(40))


def test_a_fault_costs_its_own_item_and_is_told_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[int, str]] = []

    def run(item: int, now: datetime) -> str:
        if item == 3:
            raise ZeroDivisionError
        return "ok"

    handler = StageHandler(run, fault=lambda item, now, detail: told.append((item, detail)))
    report = dispatcher(FakeQueue(range(6)), handler).drain(Stage.POLL)
    assert (report.done, report.failed) == (5, 1)
    assert told == [(3, "ZeroDivisionError")]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_fault_that_cannot_be_recorded_does_not_end_the_run() -> None:
    def boom(*_: object) -> None:
        raise RuntimeError

    report = dispatcher(FakeQueue(range(3)), StageHandler(boom, fault=boom)).drain(Stage.POLL)
    assert report.failed == 3


def test_a_busy_database_is_no_fault_of_the_item() -> None:
    told: list[int] = []

    def run(item: int, now: datetime) -> None:
        raise StorageBusy("locked")

    handler = StageHandler(run, fault=lambda item, now, detail: told.append(item))
    assert dispatcher(FakeQueue([1]), handler).drain(Stage.POLL).failed == 1
    assert told == []


def test_the_limit_bounds_a_drain() -> None:
    queue = FakeQueue(range(10))
    assert dispatcher(queue, StageHandler(lambda item, _: item, workers=3)).drain(Stage.POLL, limit=4).done == 4
    assert len(queue.items) == 6


def test_no_more_is_leased_than_can_be_worked_on() -> None:
    queue = FakeQueue(range(30))
    dispatcher(queue, StageHandler(lambda item, _: item, workers=3)).drain(Stage.POLL)
    assert max(queue.claims) <= 3


def test_work_is_claimed_ahead_in_few_claims_and_within_bounds() -> None:
    queue = FakeQueue(range(100))
    handler = batches(workers=4, ahead=12)
    assert dispatcher(queue, handler).drain(Stage.POLL).done == 100
    assert max(queue.claims) <= 16
    assert len(queue.claims) <= 25  # a claim for each item would be a hundred


def test_what_was_claimed_ahead_is_left_to_its_lease_when_all_is_to_stop() -> None:
    started, release = threading.Event(), threading.Event()
    ran: list[int] = []

    def run(item: int, now: datetime) -> None:
        started.set()
        release.wait(5)
        ran.append(item)

    queue = FakeQueue(range(10))
    engine = dispatcher(queue, batches(load=by_itself, run=run, ahead=3))
    thread = threading.Thread(target=engine.drain, args=(Stage.POLL,))
    thread.start()
    assert started.wait(5)
    engine.stop()
    release.set()
    thread.join(5)
    assert not thread.is_alive()
    assert ran == [0]


def test_a_watcher_that_raises_ends_the_drain_and_what_did_not_begin() -> None:
    ran: list[int] = []

    def run(item: int, now: datetime) -> int:
        ran.append(item)
        time.sleep(0.05 if item else 0.0)
        return item

    def watch(report: object) -> None:
        raise RuntimeError("the screen is gone")

    handler = batches(load=by_itself, run=run, ahead=30)
    with pytest.raises(RuntimeError, match="the screen is gone"):
        dispatcher(FakeQueue(range(31)), handler).drain(Stage.POLL, watch=watch)
    assert len(ran) < 31


def test_stop_finishes_what_runs_and_starts_nothing_new() -> None:
    started, release = threading.Event(), threading.Event()
    ran: list[int] = []

    def run(item: int, now: datetime) -> None:
        started.set()
        release.wait(5)
        ran.append(item)

    queue = FakeQueue(range(10))
    engine = dispatcher(queue, StageHandler(run))
    thread = threading.Thread(target=engine.drain, args=(Stage.POLL,))
    thread.start()
    assert started.wait(5)
    engine.stop()
    release.set()
    thread.join(5)
    assert not thread.is_alive()
    assert ran == [0]
    assert len(queue.items) == 9


def test_items_are_loaded_and_stored_together() -> None:
    loads: list[Sequence[int]] = []
    stores: list[Sequence[str]] = []
    reports: list[object] = []

    def load(items: Sequence[int]) -> dict[int, str]:
        loads.append(items)
        return {item: str(item) for item in items}

    def store(results: Sequence[str]) -> list[str]:
        stores.append(results)
        return [f"{one}." for one in results]

    handler = batches(load=load, store=store, workers=4, ahead=12)
    report = dispatcher(FakeQueue(range(100)), handler).drain(Stage.POLL, watch=reports.append)
    assert (report.done, report.failed) == (100, 0)
    assert sorted(map(str, reports)) == sorted(f"{item}!." for item in range(100))
    assert max(len(loads), len(stores)) <= 30


def test_what_is_gone_is_neither_run_nor_stored() -> None:
    handler = batches(load=lambda items: {item: str(item) for item in items if item != 2})
    reports: list[object] = []
    report = dispatcher(FakeQueue(range(4)), handler).drain(Stage.POLL, watch=reports.append)
    assert (report.done, report.failed) == (4, 0)
    assert sorted(map(str, reports)) == ["0!.", "1!.", "3!."]


@pytest.mark.parametrize("step", ["load", "run", "store"])
def test_a_fault_in_any_step_costs_its_own_item(step: str) -> None:
    told: list[tuple[int, str]] = []

    def load(items: Sequence[int]) -> dict[int, str]:
        if step == "load" and 3 in items:
            raise ZeroDivisionError
        return {item: str(item) for item in items}

    def run(loaded: str, _: datetime) -> str:
        if step == "run" and loaded == "3":
            raise ZeroDivisionError
        return loaded

    def store(results: Sequence[str]) -> Sequence[str]:
        if step == "store" and "3" in results:
            raise ZeroDivisionError
        return results

    handler = batches(
        load=load, run=run, store=store, fault=lambda item, now, detail: told.append((item, detail)), ahead=7
    )
    reports: list[object] = []
    report = dispatcher(FakeQueue(range(8)), handler).drain(Stage.POLL, watch=reports.append)
    assert (report.done, report.failed) == (7, 1)
    assert sorted(map(str, reports)) == ["0", "1", "2", "4", "5", "6", "7"]
    assert told == [(3, "ZeroDivisionError")]


def test_a_result_does_not_wait_for_slow_neighbours() -> None:
    release, stored = threading.Event(), threading.Event()

    def run(loaded: str, _: datetime) -> str:
        if loaded != "0":
            release.wait(20)
        return loaded

    def store(results: Sequence[str]) -> Sequence[str]:
        stored.set()
        return results

    engine = dispatcher(FakeQueue(range(8)), batches(run=run, store=store, workers=2, ahead=6))
    thread = threading.Thread(target=engine.drain, args=(Stage.POLL,))
    thread.start()
    assert stored.wait(5)
    release.set()
    thread.join(5)
    assert not thread.is_alive()
