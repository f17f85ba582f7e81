"""The engine of one machine: due-queues in the database, threads for the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event

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


@dataclass(slots=True)
class _Drain:
    """How far one drain has come."""

    left: int | None  # items that may still be claimed; None: any number
    leased: int = 0
    done: int = 0
    failed: int = 0
    is_dry: bool = False  # the last claim brought less than was asked for
    ended: SimpleQueue[Future[bool | None]] = field(default_factory=SimpleQueue)

    def wants(self, handler: StageHandler) -> int:
        """How many items to claim now: none while workers have enough to do, or where nothing else was due."""
        if self.leased >= handler.workers and (self.is_dry or self.leased > handler.most_leased // 2):
            return 0
        free = handler.most_leased - self.leased
        return free if self.left is None else min(free, self.left)

    def take(self, claimed: int, wanted: int) -> None:
        """Note a claim."""
        self.leased += claimed
        self.is_dry = claimed < wanted
        if self.left is not None:
            self.left -= claimed

    def collect(self, workers: int) -> None:
        """Wait until an item ends; for others too, where few workers are idle and that takes but a moment."""
        self._note(self.ended.get())
        end = time.monotonic() + LINGER_S
        while self.leased:
            is_worth_it = 0 < workers - self.leased < workers // 2
            patience_s = max(0.0, end - time.monotonic()) if is_worth_it else 0.0
            try:
                self._note(self.ended.get(timeout=patience_s) if patience_s else self.ended.get_nowait())
            except Empty:
                return

    def _note(self, future: Future[bool | None]) -> None:
        result = future.result()
        self.leased -= 1
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
        state = _Drain(limit)
        with ThreadPoolExecutor(handler.workers, thread_name_prefix=f"monitor-{stage.value}") as pool:
            try:
                while True:
                    for item in self._claim(stage, handler, state):
                        pool.submit(self._run, stage, handler, item, watch).add_done_callback(state.ended.put)
                    if not state.leased:
                        return StageReport(stage, state.done, state.failed)
                    state.collect(handler.workers)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)  # what did not begin is left to its lease
                raise

    def stop(self) -> None:
        """See the port; running drains return once their items at work are done."""
        self._stopping.set()

    def _claim(self, stage: Stage, handler: StageHandler, state: _Drain) -> tuple[int, ...]:
        wanted = state.wants(handler)
        if wanted <= 0 or self._stopping.is_set():
            return ()
        claimed = self._queue.claim(stage, self._clock(), wanted, LEASE_S)
        state.take(len(claimed), wanted)
        return claimed

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
