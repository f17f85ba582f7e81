"""One correction: its unit, who corrects, what it has changed so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from monitor.domain import verdicts
from monitor.domain.decide import Knowledge
from monitor.domain.model.events import ChangeIntent, Verdict, VerdictKind
from monitor.domain.model.review import Effects, Judged, Payload
from monitor.domain.text import clean, clean_line
from monitor.domain.wording import message
from monitor.errors import Overtaken, Refused
from monitor.ports import Corrections, Gazetteer, LanguageIdentifier, UnitOfWork, Units

MAX_REMARK_CHARS = 4_000  # of a note: a page
MAX_NAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had before his eyes: these articles and events, as they stood after that verdict."""

    verdict_id: int  # of whatever was said last by then; 0: nothing was
    article_ids: tuple[int, ...] = ()
    event_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What the use cases need."""

    units: Units
    gazetteer: Gazetteer
    languages: LanguageIdentifier
    knowledge: Knowledge
    seen: Seen | None = None  # given: `Overtaken` is raised where somebody else was faster


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction came to."""

    verdict: Verdict
    event_ids: tuple[str, ...] = ()  # opened or changed, the one that counts first
    article_ids: tuple[int, ...] = ()


class Session:
    """One correction under way: its unit, who corrects, and what it has changed so far."""

    def __init__(self, unit: UnitOfWork, by: str, now: datetime) -> None:
        self.unit = unit
        self.now = now
        self.by = clean_line(by, MAX_NAME_CHARS)
        if not self.by:
            raise Refused(message("say who says so"))
        self.store: Corrections = unit.corrections()
        self._first_seq = self.store.last_seq() + 1
        self._effects = Effects()

    def say(
        self,
        kind: VerdictKind,
        *,
        article_id: int | None = None,
        event_id: str | None = None,
        other_event_id: str | None = None,
        text: str = "",
        cause: Verdict | None = None,
    ) -> Verdict:
        """Write the verdict down, or what follows from one."""
        cause_id = cause.id if cause is not None else None
        said = clean(text)[:MAX_REMARK_CHARS]
        return self.unit.add_verdict(
            kind, self.by, self.now, article_id, event_id, other_event_id, said, cause_id=cause_id
        )

    def do(self, effects: Effects, verdict: Verdict) -> None:
        """Carry out, and remember for the undo."""
        self.store.carry_out(effects, f"verdict {verdict.id} by {verdict.by}", self.now)
        self.remember(effects)

    def remember(self, effects: Effects) -> None:
        """What was carried out in another way."""
        self._effects = verdicts.combined(self._effects, effects)

    def log(self, event_id: str, *changes: ChangeIntent, article_id: int | None = None) -> None:
        """Lines for the event-change log."""
        self.store.log(event_id, changes, article_id, self.now)

    def finish(
        self, verdict: Verdict, *first: str, judged: Judged | None = None, about: str | None = None
    ) -> Corrected:
        """Keep what was changed with the verdict, commit; `about` is the event that it turned out to be about."""
        last = self.store.last_seq()
        lines = (self._first_seq, last) if last >= self._first_seq else (0, 0)
        self.store.keep(verdict.id, Payload(self._effects, *lines, judged), about)
        self.unit.commit()
        touched = dict.fromkeys([*first, *verdicts.touched_events(self._effects)])
        named = frozenset({verdict.article_id} if verdict.article_id is not None else ())
        return Corrected(verdict, tuple(touched), tuple(sorted(named | verdicts.touched_articles(self._effects))))


@contextmanager
def correcting(reviewing: Reviewing, by: str, now: datetime) -> Iterator[Session]:
    """A unit in which one person corrects; nothing is kept that `finish` has not committed."""
    with reviewing.units() as unit:
        session = Session(unit, by, now)
        _refuse_overtaken(session, reviewing.seen)
        yield session


def _refuse_overtaken(session: Session, seen: Seen | None) -> None:
    """Asked under the archive's lock: of two who press at once the second is told."""
    if seen is not None and session.store.said_since(seen.verdict_id, seen.article_ids, seen.event_ids):
        raise Overtaken("somebody has judged this since the page was made: look at it again")
