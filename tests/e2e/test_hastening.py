"""A tick that is wanted before its time."""

from __future__ import annotations

from queue import Queue

from monitor.scheduler import Scheduler


def test_a_tick_comes_at_once_when_somebody_waits_for_it() -> None:
    ticks: Queue[str] = Queue()
    scheduler = Scheduler()
    scheduler.hasten("poll")  # there is none yet: nothing happens
    scheduler.every(3600.0, "poll", lambda: ticks.put("tick"))
    scheduler.start()
    try:
        assert ticks.get(timeout=30) == "tick"
        scheduler.hasten("poll")
        assert ticks.get(timeout=30) == "tick"
        scheduler.hasten("nothing of this name")
    finally:
        scheduler.stop()
