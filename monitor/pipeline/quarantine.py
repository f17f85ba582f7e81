"""Documents and hosts that kill the children who read them: counted, spared, and in the end never read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import TypeVar

from monitor.domain import breaker
from monitor.domain.model.articles import ExtractFailed
from monitor.domain.model.sources import ParseFailed
from monitor.domain.outcomes import Outcome
from monitor.ports import Units

PARSE, EXTRACT = "parse", "extract"  # what the children were asked to do: values of the table
KILLS = frozenset({Outcome.CHILD_CRASH, Outcome.CHILD_DEADLINE, Outcome.CHILD_MEMORY})
MAX_HOSTS = 1_000  # remembered at once

_Read = TypeVar("_Read")
_Failed = TypeVar("_Failed", ParseFailed, ExtractFailed)


def guarded(
    read: Callable[[], _Read | _Failed],
    failed: type[_Failed],
    task: str,
    sha256: str,
    url: str,
    now: datetime,
    units: Units,
) -> _Read | _Failed:
    """Read a document of that hash unless it killed two children at that task; count it if it kills one now.

    `read` returns a `failed` where it fails. The second death is told as `quarantined`, as is every later asking.
    """
    with units() as unit:
        if unit.quarantined(sha256, task):
            return failed(Outcome.QUARANTINED, "it killed two children: monitor quarantine list")
    result = read()
    if not isinstance(result, failed) or result.outcome not in KILLS:
        return result
    with units() as unit:
        kills = unit.count_kill(sha256, task, url, result.outcome, result.detail, now)
        unit.commit()
    return (
        result if kills <= breaker.KILLS_ALLOWED else failed(Outcome.QUARANTINED, f"{result.outcome}: {result.detail}")
    )


class Breaker:
    """Which hosts rest, by the kills of this process; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[str, tuple[Lock, int]] = {}  # by host: who reads holds the lock; how many read or wait
        self._kills: dict[str, tuple[datetime, ...]] = {}  # by host, the one that killed last at the end

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """One document of a host at a time: hostile ones hold one child, never all, and the rest begins in time for
        those that wait.
        """
        with self._lock:
            turn, readers = self._turns.get(host, (Lock(), 0))
            self._turns[host] = (turn, readers + 1)
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, readers = self._turns.pop(host)
                if readers > 1:
                    self._turns[host] = (turn, readers - 1)

    def resting_until(self, host: str, now: datetime) -> datetime | None:
        """See `breaker.resting_until`."""
        with self._lock:
            return breaker.resting_until(self._kills.get(host, ()), now)

    def note(self, host: str, now: datetime) -> None:
        """A page of that host killed a child."""
        with self._lock:
            self._kills[host] = breaker.remembered(self._kills.pop(host, ()), now)
            if len(self._kills) > MAX_HOSTS:
                del self._kills[next(iter(self._kills))]
