"""Notes, assignments, handled, closed: what changes no label, no link and no fact."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.model.events import ChangeIntent, ChangeKind, VerdictKind
from monitor.domain.model.review import Effects
from monitor.domain.text import clean, clean_line
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.review.session import MAX_NAME_CHARS, Corrected, Reviewing, correcting


def note(
    text: str, by: str, now: datetime, reviewing: Reviewing, article_id: int | None = None, event_id: str | None = None
) -> Corrected:
    """A remark on an article or an event."""
    if not clean(text):
        raise Refused(message("a note says something"))
    return _remark(VerdictKind.NOTE, text, by, now, reviewing, article_id, event_id)


def assign(
    to: str, by: str, now: datetime, reviewing: Reviewing, article_id: int | None = None, event_id: str | None = None
) -> Corrected:
    """Who should look at it; "": nobody in particular."""
    name = clean_line(to, MAX_NAME_CHARS)
    return _remark(VerdictKind.ASSIGN, name, by, now, reviewing, article_id, event_id)


def mark_handled(
    by: str, now: datetime, reviewing: Reviewing, article_id: int | None = None, event_id: str | None = None
) -> Corrected:
    """It needs no further look: it leaves the review queue as it is."""
    return _remark(VerdictKind.HANDLED, "", by, now, reviewing, article_id, event_id)


def close_event(event_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """Nobody needs to hear of it any more: it is neither listed nor told, and later reports join it in silence."""
    with correcting(reviewing, by, now) as session:
        event = session.store.event(event_id)
        if event.event.is_closed:
            raise Refused(message("event {event} is closed already"), event=event.event.id)
        said = session.say(VerdictKind.CLOSE, event_id=event.event.id, text=text)
        session.do(Effects(shut=(event.event.id,)), said)
        session.log(event.event.id, ChangeIntent(ChangeKind.EDITED, announce=False, after="closed"))
        return session.finish(said, event.event.id)


def _remark(
    kind: VerdictKind,
    text: str,
    by: str,
    now: datetime,
    reviewing: Reviewing,
    article_id: int | None,
    event_id: str | None,
) -> Corrected:
    if (article_id is None) == (event_id is None):
        raise Refused(message("name one article or one event"))
    with correcting(reviewing, by, now) as session:
        if article_id is not None:
            session.store.article(article_id)
        elif event_id is not None:
            event_id = session.store.event(event_id).event.id
        return session.finish(session.say(kind, article_id=article_id, event_id=event_id, text=text))
