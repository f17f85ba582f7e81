"""What verdicts teach, at hand for every article: read again only when somebody has said or taken back something."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from monitor.domain.decide import Knowledge
from monitor.domain.learning import LATEST_VERDICTS, NOTHING_LEARNT, Adjustments, learn
from monitor.ports import Units


class Learning:
    """May be used from any thread; asks the archive one short question a time."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._lock = Lock()
        self._version: str | None = None
        self._learnt = NOTHING_LEARNT

    def adjustments(self) -> Adjustments:
        """As of the verdicts that hold now."""
        with self._lock, self._units() as unit:
            version = unit.learning_version()
            if version != self._version:
                self._learnt = learn(unit.judged(LATEST_VERDICTS))
                self._version = version
            return self._learnt

    def added_to(self, knowledge: Knowledge) -> Knowledge:
        """What deciding knows of the world, and of the verdicts."""
        return replace(knowledge, learnt=self.adjustments())
