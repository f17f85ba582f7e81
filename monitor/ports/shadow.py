"""The archive decided anew, beside the present one."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from monitor.domain.model.articles import (
    ArticleData,
    IngestIntent,
    Known,
    KnownQuery,
)
from monitor.domain.model.events import (
    Verdict,
)
from monitor.domain.model.replay import Difference, FormerEvent, RevisionForReplay


class Shadow(Protocol):
    """What stands beside the archive while its articles are decided anew; of one thread. It outlives its process: one
    that was killed goes on after what it `kept`. The archive is only read until `adopt`.
    """

    def total(self) -> int:
        """How many revisions are to be decided."""
        ...

    def left(self) -> int:
        """How many of them are still to be."""
        ...

    def pending(self, limit: int) -> tuple[RevisionForReplay, ...]:
        """The next ones, in the order in which they were first decided."""
        ...

    @property
    def shaped(self) -> frozenset[str]:
        """Live events that a person shaped: see `domain.replaying`."""
        ...

    def verdicts(self, article_id: int) -> tuple[Verdict, ...]:
        """What people said of an article and still holds, oldest first."""
        ...

    def known(self, query: KnownQuery, revision: RevisionForReplay) -> Known:
        """As `UnitOfWork.known`, of what is decided so far; events that hold the revision are always among them."""
        ...

    def former(self, revision: RevisionForReplay) -> tuple[FormerEvent, ...]:
        """Ids under which the revision may open events: those it had and nobody has taken, in the order of opening."""
        ...

    def write(self, revision: RevisionForReplay, intent: IngestIntent, article: ArticleData) -> None:
        """Put down what is decided of a revision; durable with the next `keep`."""
        ...

    def keep(self, last: RevisionForReplay) -> None:
        """Make durable what is decided up to and with `last`."""
        ...

    def difference(self) -> Difference:
        """How the archive would differ."""
        ...

    def adopt(self, difference: Difference, now: datetime) -> None:
        """Let the archive say what is decided here, in one transaction under its lock; nothing of it is announced.
        Raises `Refused` where the archive has changed since the shadow was made.
        """
        ...

    def close(self) -> None:
        """Give the connections back; what was kept stays."""
        ...
