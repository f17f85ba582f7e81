"""The service's clockwork: a handful of fixed ticks; what is due is the database's word, not the scheduler's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobEvent
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger("monitor.scheduler")


class Scheduler:
    """Runs named ticks, each never beside itself, until stopped. In memory only: nothing to migrate, nothing to lose.

    The defaults of the library are traps here: a slow tick would be skipped with a warning, one that waits over a
    second for a thread would be dropped; so late ticks run and pile up into one.
    """

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(_note, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def every(self, seconds: float, name: str, tick: Callable[[], None]) -> None:
        """Run `tick` every `seconds`, the first time at the start."""
        self._scheduler.add_job(
            tick, IntervalTrigger(seconds=seconds), id=name, name=name, next_run_time=datetime.now(UTC)
        )

    def hasten(self, name: str) -> None:
        """Let that tick come now instead of at its time; nothing happens where there is none, or it runs."""
        with contextlib.suppress(JobLookupError):
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin ticking in the background."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start no tick any more and wait for the running ones, which end early once the dispatcher was stopped."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def _note(event: JobEvent) -> None:
    """A tick that failed or was missed is a fault of ours: loud, and the next one comes all the same."""
    error = getattr(event, "exception", None)
    log.error("tick-failed", tick=event.job_id, error=repr(error) if error else "missed")
