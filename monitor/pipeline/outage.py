"""Whether it is our own network that is down: nothing can be reached, whoever is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from monitor.domain.outcomes import Outcome

HOSTS_FOR_OUTAGE = 5  # so many different hosts in a row, and none that answered in between (faults A29)
WITHIN = timedelta(hours=1)  # the usual interval: by then a network that works has let something through

_UNREACHED = frozenset({Outcome.DNS, Outcome.NETWORK, Outcome.DEADLINE})
# Decided before anything was sent, or after the answer was here: they say nothing about the network.
_SILENT = frozenset(
    {Outcome.BAD_URL, Outcome.BAD_SCHEME, Outcome.BLOCKED_ADDRESS, Outcome.INTERNAL, Outcome.LOCAL_OUTAGE}
)


class Outage:
    """Watches what comes of the polls; may be used from any thread. The first few feeds to fail cannot know yet that
    they are not alone: they count as failed once, and recover with the rest.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._unreached: dict[str, datetime] = {}  # by host, since the last answer from anywhere

    def judged(self, host: str, outcome: Outcome, now: datetime) -> Outcome:
        """The outcome of a poll of `host`, or `LOCAL_OUTAGE` where it says nothing about that host."""
        with self._lock:
            if outcome in _SILENT:
                return outcome
            if outcome not in _UNREACHED:
                self._unreached.clear()
                return outcome
            self._unreached[host] = now
            recent = [at for at in self._unreached.values() if abs(now - at) <= WITHIN]
            if len(recent) < len(self._unreached):
                self._unreached = {one: at for one, at in self._unreached.items() if abs(now - at) <= WITHIN}
            return Outcome.LOCAL_OUTAGE if len(recent) >= HOSTS_FOR_OUTAGE else outcome
