"""Take a verdict back."""

from __future__ import annotations

from datetime import datetime

from monitor.domain import verdicts
from monitor.domain.model.events import ChangeIntent, ChangeKind, Verdict, VerdictKind
from monitor.domain.model.review import Effects, Payload, VerdictRecord
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.review.session import Corrected, Reviewing, Session, correcting


def undo(verdict_id: int, by: str, now: datetime, reviewing: Reviewing) -> Corrected:
    """Take a verdict back: what it changed is as before, save what the news has told since.

    Refused where a later verdict changed the same: that one is taken back first.
    """
    with correcting(reviewing, by, now) as session:
        record = session.store.verdict(verdict_id)
        in_the_way = obstacle(session, record)
        if in_the_way is not None:
            raise in_the_way
        back = take_back(session, record)
        session.unit.commit()
        return Corrected(record.verdict, verdicts.touched_events(back), tuple(sorted(verdicts.touched_articles(back))))


def take_back(session: Session, record: VerdictRecord) -> Effects:
    """Undo within a correction under way; what that changed."""
    said, done = record.verdict, record.payload.effects
    back = verdicts.inverse(done)
    if said.kind is VerdictKind.SPLIT:
        part, whole = session.store.event(said.other_event_id or ""), session.store.event(said.event_id or "")
        back = verdicts.rejoined(done, part, whole, session.now)
    session.store.take_back(said.id, session.by, session.now)
    session.store.carry_out(back, f"verdict {said.id} taken back by {session.by}", session.now)
    _tell_undo(session, said, record.payload, back)
    return back


def obstacle(session: Session, record: VerdictRecord) -> Refused | None:
    """Why a verdict cannot be taken back now; None: it can."""
    said, effects = record.verdict, record.payload.effects
    if record.undone_at is not None:
        return Refused(
            message("verdict {verdict} was taken back by {name} already"), verdict=said.id, name=record.undone_by
        )
    if said.cause_id is not None:
        return Refused(
            message("verdict {verdict} follows from verdict {cause}: undo that one"),
            verdict=said.id,
            cause=said.cause_id,
        )
    articles, events = verdicts.touched_articles(effects), verdicts.touched_events(effects)
    later = session.store.later_verdict(said.id, articles, events)
    if later is None:
        return None
    return Refused(
        message("undo verdict {verdict} first: it came later and changed the same"), verdict=later.verdict.id
    )


def _tell_undo(session: Session, said: Verdict, payload: Payload, back: Effects) -> None:
    """What no digest has looked at is taken back in silence; an event that one may have told is corrected aloud."""
    if not payload.first_seq:
        return
    is_passed = session.store.is_passed(payload.first_seq)
    if not is_passed:
        session.store.silence(payload.first_seq, payload.last_seq)
    parted = {one.event_id for one in back.parted}
    merged = {one.event_id for one in back.merged}
    for event_id in (one for one in verdicts.touched_events(back) if one not in merged):
        event = session.store.event(event_id)
        announce = is_passed and event.is_audible and not event.event.is_closed
        kind = ChangeKind.SPLIT if event_id in parted else ChangeKind.EDITED
        session.log(event_id, ChangeIntent(kind, announce, after=f"{said.kind.value} {said.id} taken back"))
