"""What the sign-in page remembers between two requests: tries, and who is on the way to the identity provider.

Kept in memory: there is one process that signs people in, and a restart costs nobody more than another try.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock

from monitor.domain.wording import message
from monitor.ports import SignInRequest
from monitor.web.refusals import Refusal
from monitor.web.throttle import Throttle

BACK_WITHIN = timedelta(minutes=10)
MAX_AWAY = 10_000
# Passwords checked and waiting to be: each holds a thread, and the pages need threads too.
MAX_WAITING = 8

BUSY = message("Too many people sign in just now. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody at the identity provider."""

    visit: str
    asked: SignInRequest
    back: str  # where they wanted to go
    until: datetime


@dataclass(slots=True)
class Door:
    """May be used from any thread."""

    throttle: Throttle = field(default_factory=Throttle)
    _away: OrderedDict[str, Away] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _waiting: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MAX_WAITING))

    def leaves(self, visit: str, asked: SignInRequest, back: str, now: datetime) -> None:
        """Somebody goes to the identity provider."""
        with self._lock:
            self._away[asked.state] = Away(visit, asked, back, now + BACK_WITHIN)
            while len(self._away) > MAX_AWAY:
                self._away.popitem(last=False)

    def returns(self, state: str, visit: str, now: datetime) -> Away | None:
        """Who comes back: each once, with the browser that left, and in time; else None."""
        with self._lock:
            away = self._away.pop(state, None)
        return away if away is not None and away.visit == visit and now < away.until else None

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """While a password is checked; raises `Refusal` where too many wait already."""
        if not self._waiting.acquire(blocking=False):
            raise Refusal(503, BUSY)
        try:
            yield
        finally:
            self._waiting.release()
