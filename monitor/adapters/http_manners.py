"""Politeness: one request per host at a time, a pause between visits, robots.txt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Generic, Self, TypeVar

from protego import Protego

RULES_TTL_S = 86_400  # RFC 9309 section 2.4; the same for reservations of mining
FAILURE_TTL_S = 600  # what could not be reached is asked for again before the next round of page retries
MAX_ROBOTS_BYTES = 512 * 1024  # RFC 9309 section 2.5: at least 500 KiB
MAX_CRAWL_DELAY_S = 30.0  # longer wishes would stop a worker; the due-queue spreads visits anyway
MAX_HOSTS = 10_000  # remembered; older idle ones are forgotten

Known = TypeVar("Known")


class HostBusy(Exception):
    """The host's turn did not come in time."""


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = float("-inf")
    gap_s: float = 0.0
    waiting: int = 0


class HostTurns:
    """Gives threads their turn at a host, at most one at a time, with a gap after each visit."""

    def __init__(
        self, gap_s: float, patience_s: float, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._gap_s = gap_s
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def visit(self) -> Visit:
        """A visit that has not begun."""
        return Visit(self)

    @property
    def remembered(self) -> int:
        """How many hosts are known at the moment."""
        return len(self._hosts)

    def slow_down(self, host: str, gap_s: float) -> None:
        """Make the gap of a host at least this long."""
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
            state.gap_s = max(state.gap_s, gap_s)

    def take(self, host: str) -> None:
        """Wait for the turn; raises `HostBusy` when it does not come within the patience."""
        with self._lock:
            self._forget_idle()
            state = self._hosts.setdefault(host, _Host())
            state.waiting += 1
        try:
            if not state.lock.acquire(timeout=self._patience_s):
                raise HostBusy
        finally:
            with self._lock:
                state.waiting -= 1
        pause = state.free_at - self._monotonic()
        if pause > 0:
            self._sleep(pause)

    def give_back(self, host: str) -> None:
        """End the turn; the next one begins after the gap."""
        with self._lock:
            state = self._hosts[host]
        state.free_at = self._monotonic() + max(self._gap_s, state.gap_s)
        state.lock.release()

    def _forget_idle(self) -> None:
        if len(self._hosts) < MAX_HOSTS:
            return
        now = self._monotonic()
        for name, state in list(self._hosts.items()):
            if not state.waiting and not state.lock.locked() and state.free_at <= now:
                del self._hosts[name]


class Visit:
    """A stay at one host after the other: robots.txt, page and redirects within a host share one turn."""

    def __init__(self, turns: HostTurns) -> None:
        self._turns = turns
        self._host: str | None = None

    def enter(self, host: str) -> None:
        """Be at this host; waits for its turn when coming from elsewhere. Raises `HostBusy`."""
        if host == self._host:
            return
        self._leave()
        self._turns.take(host)
        self._host = host

    def _leave(self) -> None:
        if self._host is not None:
            host, self._host = self._host, None
            self._turns.give_back(host)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a site's robots.txt says to us; `rules` None: everything is allowed."""

    rules: Protego | None
    agent: str

    def allows(self, url: str) -> bool:
        """Whether this page may be fetched."""
        return self.rules is None or self.rules.can_fetch(url, self.agent)

    @property
    def delay_s(self) -> float:
        """The pause it asks for, bounded."""
        asked = self.rules.crawl_delay(self.agent) if self.rules is not None else None
        return min(float(asked or 0.0), MAX_CRAWL_DELAY_S)


def read_robots(body: bytes, agent: str) -> RobotsRules:
    """Read a robots.txt; whatever its bytes are, lines that make no sense are passed over."""
    return RobotsRules(Protego.parse(body.decode("utf-8", "replace").replace("\0", "")), agent)


class OriginCache(Generic[Known]):
    """What is known of each origin (scheme, host, port), for a time."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._known: dict[str, tuple[float, Known]] = {}
        self._lock = threading.Lock()

    def get(self, origin: str) -> Known | None:
        """None: not known, or too long ago."""
        with self._lock:
            kept = self._known.get(origin)
        return kept[1] if kept is not None and self._monotonic() < kept[0] else None

    def put(self, origin: str, known: Known, ttl_s: float) -> None:
        """Remember; the oldest go when there are too many."""
        with self._lock:
            self._known.pop(origin, None)
            self._known[origin] = (self._monotonic() + ttl_s, known)
            while len(self._known) > MAX_HOSTS:
                del self._known[next(iter(self._known))]
