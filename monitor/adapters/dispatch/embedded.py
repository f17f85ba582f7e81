"""The engine of one machine: due-queues in the database, threads for the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock
from typing import Any

import structlog

from monitor.errors import StorageBusy
from monitor.ports import Stage, StageReport, WorkQueue

LEASE_S = (
    600.0  # longer than the slowest item (30 s fetch, 25 s child, mail server time-outs), short enough to heal a kill
)

# A claim costs more than an item that brings nothing new, so a free worker waits for others as long as this.
LINGER_S = 0.02

log = structlog.get_logger("monitor.dispatch")


@dataclass(frozen=True, slots=True)
class StageHandler:
    """How one stage is run."""

    run: Callable[[int, datetime], object | None]  # by id; its report, None: the item is gone
    fault: Callable[[int, datetime, str], None] | None = None  # told of a fault, so that the item backs off
    workers: int = 1
    ahead: int = 0  # items leased beyond those at work: only where they get their turn long before the lease ends

    @property
    def most_leased(self) -> int:
        """Items leased at once, at work or about to be."""
        return self.workers + self.ahead


class _Drain:
    """How far one drain has come. Workers note what ended; the drain is woken when there is something to decide."""

    def __init__(self, handler: StageHandler, limit: int | None) -> None:
        self.done = 0
        self.failed = 0
        self.leased = 0
        self._handler = handler
        self._left = limit  # items that may still be claimed; None: any number
        self._wake_at = handler.most_leased  # items that are not ended
        self._lock = Lock()
        self._bell = Event()
        self._ended: list[bool | BaseException | None] = []

    def wanted(self) -> int:
        """How many items to claim now."""
        if self.leased > self._wake_at:
            return 0
        free = self._handler.most_leased - self.leased
        return free if self._left is None else min(free, self._left)

    def take(self, claimed: int, wanted: int) -> None:
        """Note a claim; where it brought less than was wanted, none follows until a worker is idle."""
        workers, most = self._handler.workers, self._handler.most_leased
        with self._lock:
            self.leased += claimed
            self._wake_at = workers - 1 if claimed < wanted else max(workers - 1, most // 2)
        if self._left is not None:
            self._left -= claimed

    def note(self, result: bool | BaseException | None) -> None:
        """Note the end of an item; called by workers."""
        with self._lock:
            self._ended.append(result)
            if self.leased - len(self._ended) <= self._wake_at or isinstance(result, BaseException):
                self._bell.set()

    def collect(self) -> None:
        """Wait until there is something to decide; for others too, where few workers are idle and that takes but a
        moment. Raises what an item raised.
        """
        self._bell.wait()
        self._count()
        workers, end = self._handler.workers, time.monotonic() + LINGER_S
        while self.leased and 0 < workers - self.leased < workers // 2 and (left_s := end - time.monotonic()) > 0:
            self._bell.wait(left_s)
            self._count()

    def _count(self) -> None:
        with self._lock:
            self._bell.clear()
            ended, self._ended = self._ended, []
            self.leased -= len(ended)
        for result in ended:
            if isinstance(result, BaseException):
                raise result
            self.done += result is True
            self.failed += result is False


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
        state = _Drain(handler, limit)
        with ThreadPoolExecutor(handler.workers, thread_name_prefix=f"monitor-{stage.value}") as pool:
            try:
                while True:
                    for item in self._claim(stage, state):
                        pool.submit(self._work, state, stage, handler, item, watch)
                    if not state.leased:
                        return StageReport(stage, state.done, state.failed)
                    state.collect()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)  # what did not begin is left to its lease
                raise

    def stop(self) -> None:
        """See the port; running drains return once their items at work are done."""
        self._stopping.set()

    def _claim(self, stage: Stage, state: _Drain) -> tuple[int, ...]:
        wanted = state.wanted()
        if wanted <= 0 or self._stopping.is_set():
            return ()
        claimed = self._queue.claim(stage, self._clock(), wanted, LEASE_S)
        state.take(len(claimed), wanted)
        return claimed

    def _work(self, state: _Drain, *item: Any) -> None:
        try:
            state.note(self._run(*item))
        except BaseException as error:  # noqa: BLE001 - raised again by the drain
            state.note(error)

    def _run(
        self, stage: Stage, handler: StageHandler, item: int, watch: Callable[[object], None] | None
    ) -> bool | None:
        """One item; False if it met a fault of ours, which is logged loudly and costs this item only; None if it is
        left to its lease because all is to stop.
        """
        if self._stopping.is_set():
            return None
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
