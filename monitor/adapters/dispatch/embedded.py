"""The engine of one machine: due-queues in the database, threads for the work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock
from typing import Any, Generic, TypeVar

import structlog

from monitor.errors import StorageBusy
from monitor.ports import Stage, StageReport, WorkQueue

LEASE_S = (
    600.0  # longer than the slowest item (30 s fetch, 25 s child, mail server time-outs), short enough to heal a kill
)

# A claim costs more than an item that brings nothing new, so a free worker waits for others as long as this.
LINGER_S = 0.02
STORE_WITHIN_S = 0.5  # how long a result may wait to be stored with others, while slow servers hold the workers

Loaded = TypeVar("Loaded")
Result = TypeVar("Result")
Found = TypeVar("Found")

log = structlog.get_logger("monitor.dispatch")


@dataclass(frozen=True, slots=True)
class StageHandler:
    """How the items of one stage are run, each on its own."""

    run: Callable[[int, datetime], object | None]  # by id; its report, None: the item is gone
    fault: Callable[[int, datetime, str], None] | None = None  # told of a fault, so that the item backs off
    workers: int = 1


@dataclass(frozen=True, slots=True)
class BatchHandler(Generic[Loaded, Result]):
    """How a stage is run whose items are short: read and stored many at a time, run each on its own between the two.

    A transaction costs as much for one item as for thirty. An item that fails in company is tried again alone, so a
    fault still costs its own item only.
    """

    load: Callable[[Sequence[int]], Mapping[int, Loaded]]  # by id; what is absent is gone
    run: Callable[[Loaded, datetime], Result]
    store: Callable[[Sequence[Result]], Sequence[object]]  # durable when it returns; the reports
    fault: Callable[[int, datetime, str], None]
    workers: int = 1
    ahead: int = 0  # items leased beyond those at work: they get their turn long before the lease ends


Handler = StageHandler | BatchHandler[Any, Any]
Watch = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class _Ended:
    """An item that was run."""

    item: int
    is_done: bool | None = True  # False: it met a fault; None: it was left to its lease
    result: Any = None  # to be stored with others; None: nothing is
    error: BaseException | None = None  # that ends the drain


@dataclass(slots=True)
class _Drain:
    """How far one drain has come. Workers note what ended; the drain is woken when there is something to decide."""

    workers: int
    most_leased: int  # at once, at work or about to be
    left: int | None  # items that may still be claimed; None: any number
    done: int = 0
    failed: int = 0
    leased: int = 0
    _wake_at: int = 0  # items that are not ended
    _lock: Lock = field(default_factory=Lock)
    _bell: Event = field(default_factory=Event)
    _ended: list[_Ended] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._wake_at = self.most_leased

    def wanted(self) -> int:
        """How many items to claim now."""
        if self.leased > self._wake_at:
            return 0
        free = self.most_leased - self.leased
        return free if self.left is None else min(free, self.left)

    def take(self, claimed: int, wanted: int) -> None:
        """Note a claim; where it brought less than was wanted, none follows until a worker is idle."""
        with self._lock:
            self.leased += claimed
            some_idle = self.workers - 1
            self._wake_at = some_idle if claimed < wanted else max(some_idle, self.most_leased // 2)
        if self.left is not None:
            self.left -= claimed

    def note(self, ended: _Ended) -> None:
        """Note the end of an item; called by workers."""
        with self._lock:
            self._ended.append(ended)
            if self.leased - len(self._ended) <= self._wake_at or ended.error is not None:
                self._bell.set()

    def collect(self) -> list[_Ended]:
        """Wait until there is something to decide; for others too, where few workers are idle and that takes but a
        moment. Raises what an item raised.
        """
        while not self._bell.wait(STORE_WITHIN_S) and not self._ended:
            pass
        ended = self._take_ended()
        end = time.monotonic() + LINGER_S
        while self._few_are_idle() and (left_s := end - time.monotonic()) > 0:
            self._bell.wait(left_s)
            ended += self._take_ended()
        return ended

    def _few_are_idle(self) -> bool:
        return self.leased > 0 and 0 < self.workers - self.leased < self.workers // 2

    def _take_ended(self) -> list[_Ended]:
        with self._lock:
            self._bell.clear()
            ended, self._ended = self._ended, []
            self.leased -= len(ended)
        for one in ended:
            if one.error is not None:
                raise one.error
        return ended


class EmbeddedDispatcher:
    """Implements the port `Dispatcher` with a pool of threads for each drain."""

    def __init__(self, queue: WorkQueue, handlers: Mapping[Stage, Handler], clock: Callable[[], datetime]) -> None:
        self._queue = queue
        self._handlers = handlers
        self._clock = clock
        self._stopping = Event()

    def drain(self, stage: Stage, limit: int | None = None, watch: Watch | None = None) -> StageReport:
        """See the port."""
        handler = self._handlers[stage]
        ahead = handler.ahead if isinstance(handler, BatchHandler) else 0
        state = _Drain(handler.workers, handler.workers + ahead, limit)
        runner = _Runner(stage, handler, self._clock, self._stopping, watch)
        with ThreadPoolExecutor(handler.workers, thread_name_prefix=f"monitor-{stage.value}") as pool:
            try:
                while True:
                    for item, loaded in runner.loaded(self._claim(stage, state), state):
                        pool.submit(runner.work, state, item, loaded)
                    if not state.leased:
                        return StageReport(stage, state.done, state.failed)
                    runner.settle(state.collect(), state)
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


@dataclass(frozen=True, slots=True)
class _Runner:
    """Runs the items of one drain. A fault of ours is logged loudly and costs its own item only."""

    stage: Stage
    handler: Handler
    clock: Callable[[], datetime]
    stopping: Event
    watch: Watch | None

    def loaded(self, items: Sequence[int], state: _Drain) -> Iterator[tuple[int, Any]]:
        """What each of the items is run with; those that are gone, or cannot be read, are at their end."""
        if not isinstance(self.handler, BatchHandler):
            yield from zip(items, items, strict=True)
            return
        for some, found in self._together(self.handler.load, items, items):
            for item in some:
                if found is None or item not in found:
                    state.note(_Ended(item, is_done=found is not None))
                else:
                    yield item, found[item]

    def work(self, state: _Drain, item: int, loaded: Any) -> None:
        """Run one item and say so."""
        try:
            state.note(self._run(item, loaded))
        except BaseException as error:  # noqa: BLE001 - raised again by the drain
            state.note(_Ended(item, error=error))

    def settle(self, ended: Sequence[_Ended], state: _Drain) -> None:
        """Store what the items brought, and count them."""
        state.done += sum(one.is_done is True and one.result is None for one in ended)
        state.failed += sum(one.is_done is False for one in ended)
        brought = [one for one in ended if one.result is not None]
        if not brought or not isinstance(self.handler, BatchHandler):
            return
        items, results = [one.item for one in brought], [one.result for one in brought]
        for some, reports in self._together(self.handler.store, items, results):
            state.done += len(some) if reports is not None else 0
            state.failed += len(some) if reports is None else 0
            for report in reports or ():
                self._tell_watch(report)

    def _run(self, item: int, loaded: Any) -> _Ended:
        if self.stopping.is_set():
            return _Ended(item, is_done=None)
        now = self.clock()
        try:
            result = self.handler.run(loaded, now)
        except Exception as error:  # noqa: BLE001 - logged loudly
            self._fault(item, error)
            return _Ended(item, is_done=False)
        if isinstance(self.handler, BatchHandler):
            return _Ended(item, result=result)
        self._tell_watch(result)
        return _Ended(item)

    def _together(
        self, act: Callable[[Sequence[Any]], Found], items: Sequence[int], given: Sequence[Any]
    ) -> Iterator[tuple[Sequence[int], Found | None]]:
        """What came of acting on all at once or, where that met a fault, on each alone; None for whose fault it was."""
        if not items:
            return
        try:
            found = act(given)
        except Exception as error:  # noqa: BLE001 - logged loudly, by the item whose it is
            if len(items) == 1:
                self._fault(items[0], error)
                yield items, None
                return
            log.warning("tried-again-one-by-one", stage=self.stage.value, items=len(items), fault=type(error).__name__)
            for item, one in zip(items, given, strict=True):
                yield from self._together(act, [item], [one])
        else:
            yield items, found

    def _tell_watch(self, report: object | None) -> None:
        if report is not None and self.watch is not None:
            self.watch(report)

    def _fault(self, item: int, error: Exception) -> None:
        """A busy database is nobody's fault: the item is left to its lease."""
        if isinstance(error, StorageBusy):
            log.warning("storage-busy", stage=self.stage.value, item=item)
            return
        log.error("fault", stage=self.stage.value, item=item, exc_info=error)
        if self.handler.fault is None:
            return
        try:
            self.handler.fault(item, self.clock(), type(error).__name__)
        except Exception:
            log.exception("fault-not-recorded", item=item)
