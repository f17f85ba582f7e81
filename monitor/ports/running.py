"""Running the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from monitor.ports.units import Stage


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one drain of a queue did."""

    stage: Stage
    done: int
    failed: int


class Dispatcher(Protocol):
    """Runs stages when they are due: embedded (due-queues) or in a cluster (task queue on the same database)."""

    def drain(
        self, stage: Stage, limit: int | None = None, watch: Callable[[object], None] | None = None
    ) -> StageReport:
        """Run due work of a stage until none is left, `limit` is reached or `stop` was called.

        One bad item costs itself. `watch` is given each item's report (FeedReport, EntryReport, Digest,
        DeliveryReport), once what it tells of is durable, from any thread.
        """
        ...

    def stop(self) -> None:
        """Finish what runs, start nothing new; returns when all is quiet."""
        ...
