"""Costly figures that may be a moment old: made anew when the archive changed, but never for most of the time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from time import perf_counter
from typing import Generic, TypeVar

T = TypeVar("T")

# Making them may take this share of the time: figures that took a second are up to twenty seconds old, those that
# took a millisecond never noticeably.
SHARE = 0.05


class Remembered(Generic[T]):
    """One value with the state of the archive that it was made from. May be used from any thread."""

    def __init__(self, timer: Callable[[], float] = perf_counter, share: float = SHARE) -> None:
        self._lock = threading.Lock()
        self._timer = timer
        self._share = share  # infinite: never older than the state
        self._state: Hashable = None
        self._value: T | None = None
        self._made_at = 0.0
        self._took_s = 0.0
        self.version = 0  # how often it was made

    def get(self, state: Hashable, make: Callable[[], T]) -> T:
        """The value made from `state`, or from an earlier one if making it is so dear that it has to last longer."""
        with self._lock:
            began_at = self._timer()
            is_fresh = began_at - self._made_at < self._took_s / self._share
            if self._value is None or (state != self._state and not is_fresh):
                self._value = make()
                self._state = state
                self.version += 1
                self._made_at = self._timer()
                self._took_s = self._made_at - began_at
            return self._value
