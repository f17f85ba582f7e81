"""The engine of one machine: due-queues in the database, threads for the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from threading import Event

import structlog

from monitor.errors import StorageBusy
from monitor.ports import Stage, StageReport, WorkQueue

LEASE_S = (
    600.0  # longer than the slowest item (30 s fetch, 25 s child, mail server time-outs), short enough to heal a kill
)

# A claim costs as much as an item that brings nothing new, so a free worker waits for others as long as this.
LINGER_S = 0.02

log = structlog.get_logger("monitor.dispatch")


@dataclass(frozen=True, slots=True)
class StageHandler:
    """How one stage is run."""

    run: Callable[[int, datetime], object | None]  # by id; its report, None: the item is gone
    fault: Callable[[int, datetime, str], None] | None = None  # told of a fault, so that the item backs off
    workers: int = 1


class EmbeddedDispatcher:
    """Implements the port `Dispatcher` with a pool of threads for each drain."""

    def __init__(self, queue: WorkQueue, handlers: Mapping[Stage, StageHandler], clock: Callable[[], datetime]) -> None:
        self._queue = queue
        self._handlers = handlers
        self._clock = clock
        self._stopping = Event()

    def drain(
        self, stage: Stage, limit: int | None = None, watch: Callable[[object], None] | None = None
    ) -> StageReport:
        """See the port."""
        handler = self._handlers[stage]
        done = failed = 0
        pending: set[Future[bool]] = set()
        with ThreadPoolExecutor(handler.workers, thread_name_prefix=f"monitor-{stage.value}") as pool:
            left = limit
            while True:
                claimed = self._claim(stage, handler.workers - len(pending), left)
                left = None if left is None else left - len(claimed)
                pending |= {pool.submit(self._run, stage, handler, item, watch) for item in claimed}
                if not pending:
                    return StageReport(stage, done, failed)
                finished, pending = _finished(pending, handler.workers)
                done += sum(future.result() for future in finished)
                failed += sum(not future.result() for future in finished)

    def stop(self) -> None:
        """See the port; running drains return once their items in work are done."""
        self._stopping.set()

    def _claim(self, stage: Stage, free: int, left: int | None) -> tuple[int, ...]:
        count = free if left is None else min(free, left)
        if count <= 0 or self._stopping.is_set():
            return ()
        return self._queue.claim(stage, self._clock(), count, LEASE_S)

    def _run(self, stage: Stage, handler: StageHandler, item: int, watch: Callable[[object], None] | None) -> bool:
        """One item; True unless it met a fault of ours, which is logged loudly and costs this item only."""
        now = self._clock()
        try:
            report = handler.run(item, now)
        except StorageBusy:
            log.warning("storage-busy", stage=stage.value, item=item)
            return False
        except Exception as error:
            log.exception("fault", stage=stage.value, item=item)
            self._tell(handler, item, now, f"{type(error).__name__}")
            return False
        if report is not None and watch is not None:
            watch(report)
        return True

    @staticmethod
    def _tell(handler: StageHandler, item: int, now: datetime, detail: str) -> None:
        if handler.fault is None:
            return
        try:
            handler.fault(item, now, detail)
        except Exception:
            log.exception("fault-not-recorded", item=item)


def _finished(pending: set[Future[bool]], workers: int) -> tuple[set[Future[bool]], set[Future[bool]]]:
    """What is done, at least one, and what is not: half of the workers at once where that takes but a moment."""
    done, left = wait(pending, return_when=FIRST_COMPLETED)
    end = time.monotonic() + LINGER_S
    while left and workers - len(left) < workers // 2 and (remaining := end - time.monotonic()) > 0:
        more, left = wait(left, remaining, FIRST_COMPLETED)
        done |= more
    return done, left
