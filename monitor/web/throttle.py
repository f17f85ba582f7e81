"""How often somebody may try to sign in (faults H8).

Attempts are counted in lanes: one of the account, one of the address. After a few failures a lane is closed for half a
minute, then for twice as long each time, at most for a quarter of an hour; attempts at a closed lane are not even
looked at, and do not count. A browser in which the account was signed in before has a lane of its own instead, so
that nobody can keep the owner out by failing in the owner's name.
"""

from __future__ import annotations

import hmac
import math
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

FAILURES = 5
WITHIN = timedelta(minutes=15)
FIRST_PAUSE_S = 30
LONGEST_PAUSE_S = 900
MAX_LANES = 10_000  # memory; the longest unused is forgotten first


@dataclass(slots=True)
class _Lane:
    failures: int
    last_at: datetime
    closed_until: datetime


class Throttle:
    """Counts; may be used from any thread. Kept in memory: there is one process that signs people in."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()

    def enter(self, lanes: Iterable[str], now: datetime) -> int:
        """Take a try, counted as failed until `succeeded` says otherwise; 0, or how many seconds to wait instead."""
        names = tuple(lanes)
        with self._lock:
            closed = max((self._seconds_closed(name, now) for name in names), default=0)
            if not closed:
                for name in names:
                    self._count(name, now)
        return closed

    def succeeded(self, own: str, others: Iterable[str]) -> None:
        """It was the right password: `own` starts anew, of `others` only this try is taken back."""
        with self._lock:
            self._lanes.pop(own, None)
            for name in others:
                lane = self._lanes.get(name)
                if lane is not None:
                    lane.failures -= 1
                    lane.closed_until = lane.last_at

    def _seconds_closed(self, name: str, now: datetime) -> int:
        lane = self._lanes.get(name)
        return 0 if lane is None else max(0, math.ceil((lane.closed_until - now).total_seconds()))

    def _count(self, name: str, now: datetime) -> None:
        lane = self._lanes.pop(name, None)
        if lane is None or now - max(lane.last_at, lane.closed_until) > WITHIN:
            lane = _Lane(0, now, now)
        lane.failures += 1
        lane.last_at = now
        if lane.failures >= FAILURES:
            pause_s = min(FIRST_PAUSE_S * 2 ** min(lane.failures - FAILURES, 10), LONGEST_PAUSE_S)
            lane.closed_until = now + timedelta(seconds=pause_s)
        self._lanes[name] = lane
        while len(self._lanes) > MAX_LANES:
            self._lanes.popitem(last=False)


def device_for(name: str, key: bytes) -> str:
    """What a browser keeps after a sign-in: a number of its own, tied to the account's name."""
    number = secrets.token_urlsafe(16)
    return f"{number}.{_tie(number, name, key)}"


def device_of(cookie: str, name: str, key: bytes) -> str:
    """The number of a browser in which this account was signed in before; "" where it was not."""
    number, _, tie = cookie.partition(".")
    return number if number and hmac.compare_digest(tie.encode(), _tie(number, name, key).encode()) else ""


def _tie(number: str, name: str, key: bytes) -> str:
    return hmac.new(key, f"device:{number}:{name}".encode(), sha256).hexdigest()
