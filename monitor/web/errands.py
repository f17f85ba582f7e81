"""Work that takes longer than a page may: done in the background, its result waited for on a page of its own.

Kept in memory for the browser that asked: what is lost with a restart is asked for again with one button.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Event, Lock, Thread

import structlog

from monitor.domain.wording import message
from monitor.errors import MonitorError, NotFound
from monitor.web.refusals import Refusal

KEPT_FOR = timedelta(minutes=30)
MAX_KEPT = 40
MAX_AT_WORK = 3  # each holds a thread, and asks other people's servers
WAITED_FOR_S = 2.0  # before the page that waits is shown: most work is done by then

BUSY = message("Too much is being looked at just now. Try again in a moment.")
FAULT = message("Something went wrong on our side. It was written to the log.")

log = structlog.get_logger("monitor.web")


@dataclass(slots=True)
class Errand:
    """One piece of work; `result` and `problem` stand once it is `done`."""

    visit: str
    asked: str  # what it is about, as the visitor said it
    until: datetime
    done: Event = field(default_factory=Event)
    result: object = None
    problem: str = ""  # what to tell the visitor instead


@dataclass(slots=True)
class Errands:
    """May be used from any thread."""

    patience_s: float = WAITED_FOR_S
    _kept: OrderedDict[str, Errand] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _at_work: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MAX_AT_WORK))

    def keep(self, visit: str, asked: str, result: object, now: datetime) -> str:
        """Keep something that is done; its id."""
        errand = Errand(visit, asked, now + KEPT_FOR, result=result)
        errand.done.set()
        return self._keep(errand, now)

    def begin(self, visit: str, asked: str, work: Callable[[], object], now: datetime) -> str:
        """Begin, and wait a moment; its id. Raises `Refusal` where too much is under way."""
        if not self._at_work.acquire(blocking=False):
            raise Refusal(503, BUSY)
        errand = Errand(visit, asked, now + KEPT_FOR)
        errand_id = self._keep(errand, now)
        Thread(target=self._run, args=(errand, work), name="errand", daemon=True).start()
        errand.done.wait(self.patience_s)
        return errand_id

    def get(self, errand_id: str, visit: str, now: datetime) -> Errand:
        """Raises `NotFound` for what is of another visit, too old or lost."""
        with self._lock:
            found = self._kept.get(errand_id)
        if found is None or found.visit != visit or found.until <= now:
            raise NotFound("nothing is kept under this id")
        return found

    def forget(self, errand_id: str) -> None:
        """It is not needed any more."""
        with self._lock:
            self._kept.pop(errand_id, None)

    def _keep(self, errand: Errand, now: datetime) -> str:
        errand_id = secrets.token_urlsafe(12)
        with self._lock:
            for old in [one for one, kept in self._kept.items() if kept.until <= now]:
                del self._kept[old]
            while len(self._kept) >= MAX_KEPT:
                self._kept.popitem(last=False)
            self._kept[errand_id] = errand
        return errand_id

    def _run(self, errand: Errand, work: Callable[[], object]) -> None:
        try:
            errand.result = work()
        except MonitorError as error:
            errand.problem = str(error)
        except Exception:
            log.exception("errand-failed", asked=errand.asked)
            errand.problem = FAULT
        finally:
            self._at_work.release()
            errand.done.set()
