"""What the service manager hears, over a real datagram socket."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.adapters.systemd import ALIVE, READY, STOPPING, ServiceManager
from monitor.ports import Stage
from monitor.scheduler import Scheduler
from monitor.service import STILL_AFTER_S, Pulse, reassure

PID = 4711


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def manager(listener: socket.socket, **more: str) -> ServiceManager:
    return ServiceManager({"NOTIFY_SOCKET": str(listener.getsockname())} | more, PID)


def heard(listener: socket.socket) -> str:
    return listener.recv(4096).decode()


def silent(listener: socket.socket) -> bool:
    listener.settimeout(0.2)
    try:
        listener.recv(4096)
    except TimeoutError:
        return True
    return False


def test_words_arrive_line_by_line(listener: socket.socket) -> None:
    told = manager(listener)
    assert told.tell(READY, "STATUS=following 3 sources")
    assert heard(listener) == "READY=1\nSTATUS=following 3 sources"
    assert told.tell(STOPPING)
    assert heard(listener) == "STOPPING=1"


def test_an_abstract_address_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0monitor-tests-notify")
        listening.settimeout(5)
        assert ServiceManager({"NOTIFY_SOCKET": "@monitor-tests-notify"}, PID).tell(ALIVE)
        assert heard(listening) == "WATCHDOG=1"


def test_without_a_manager_nothing_happens() -> None:
    assert ServiceManager({}, PID).tell(READY)
    assert ServiceManager({}, PID).watchdog_s is None


def test_a_manager_that_is_gone_or_deaf_stops_nothing(tmp_path: Path, listener: socket.socket) -> None:
    assert not ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}, PID).tell(READY)
    deaf = manager(listener)
    started = time.monotonic()
    assert not all(deaf.tell(ALIVE) for _ in range(2_000)), "its queue is full at last"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(PID)}, 60.0),
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_whether_anybody_watches(listener: socket.socket, environment: dict[str, str], seconds: float | None) -> None:
    assert manager(listener, **environment).watchdog_s == seconds


def test_the_watchdog_hears_the_clockwork_and_not_its_death(listener: socket.socket) -> None:
    """Faults G7."""
    scheduler = Scheduler()
    pulse = Pulse(time.monotonic)
    scheduler.every(0.05, "watchdog", lambda: reassure(manager(listener), pulse))
    scheduler.start()
    assert [heard(listener) for _ in range(3)] == [ALIVE] * 3
    scheduler.stop()
    while not silent(listener):  # what was on its way
        pass
    assert silent(listener)


def test_a_stage_that_hangs_is_vouched_for_by_nobody(listener: socket.socket) -> None:
    now = 0.0
    pulse = Pulse(lambda: now)
    now = STILL_AFTER_S + 1
    for stage in set(Stage) - {Stage.POLL}:
        pulse.note(stage)
    reassure(manager(listener), pulse)
    assert silent(listener)
    pulse.note(Stage.POLL)
    reassure(manager(listener), pulse)
    listener.settimeout(5)
    assert heard(listener) == ALIVE
