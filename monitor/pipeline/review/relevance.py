"""Confirm, reject, rescue: whether an article tells an event of a relation, whether an event is one."""

from __future__ import annotations

from datetime import datetime

from monitor.domain import verdicts
from monitor.domain.model.articles import Label
from monitor.domain.model.events import ChangeIntent, ChangeKind, Role, Verdict, VerdictKind
from monitor.domain.model.review import ArticleForReview, ArticleLink, Effects, Payload
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.review.session import Corrected, Reviewing, Session, correcting
from monitor.pipeline.review.telling import judgeable, judged, let_tell
from monitor.pipeline.review.undoing import obstacle, take_back

_ON_RELEVANCE = (VerdictKind.RELEVANT, VerdictKind.NOT_RELEVANT)


def confirm(article_id: int, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """The article tells an event of a relation: it gets its events, opened where none is known, and so do its copies.

    Where no event can be read from the text, one is opened of the places it names, for a person to edit.
    """
    with correcting(reviewing, by, now) as session:
        article = _not_yet_said(session, article_id, VerdictKind.RELEVANT)
        said = session.say(VerdictKind.RELEVANT, article_id=article_id, text=text)
        found = tuple(link.event_id for link in article.standing.links)
        if article.standing.label is not Label.EVENT or not article.standing.links:
            found = let_tell(session, article, said, reviewing)
        return session.finish(said, *found, judged=judged(article, is_relevant=True))


def confirm_event(event_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """It is an event of a relation: each of its reports that nobody has confirmed yet is."""
    with correcting(reviewing, by, now) as session:
        event = session.store.event(event_id)
        reports = [link.article_id for link in event.links if link.role is Role.REPORT]
        if not reports:
            raise Refused(message("event {event} has no report to confirm"), event=event.event.id)
        held = [one for one in session.store.holding(reports) if one.kind is VerdictKind.RELEVANT]
        left = [one for one in reports if one not in {said.article_id for said in held}]
        if not left:
            raise Refused(message("{name} said so already: verdict {verdict}"), name=held[-1].by, verdict=held[-1].id)
        said = session.say(VerdictKind.RELEVANT, event_id=event.event.id, text=text)
        for article_id in left:
            article = judgeable(session, article_id)
            follows = session.say(VerdictKind.RELEVANT, article_id=article_id, cause=said)
            session.store.keep(follows.id, Payload(judged=judged(article, is_relevant=True)))
        return session.finish(said, event.event.id)


def rescue(article_id: int, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """Confirm an article that was dropped; refused where it was not."""
    with reviewing.units() as unit:
        label = unit.corrections().article(article_id).standing.label
    if label is not Label.IRRELEVANT:
        raise Refused(message("article {article} was not dropped: it is {label}"), article=article_id, label=label)
    return confirm(article_id, by, now, reviewing, text)


def reject(article_id: int, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """The article is not about an event of a relation, nor are its copies; events left without a report are closed."""
    with correcting(reviewing, by, now) as session:
        article = _not_yet_said(session, article_id, VerdictKind.NOT_RELEVANT)
        said = session.say(VerdictKind.NOT_RELEVANT, article_id=article_id, text=text)
        _drop(session, article, said)
        return session.finish(said, judged=judged(article, is_relevant=False))


def reject_event(event_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """It is no event of a relation: each of its reports is rejected, and it is closed.

    An article that only announces it in passing stays what it is; of this event it never is again.
    """
    with correcting(reviewing, by, now) as session:
        event = session.store.event(event_id)
        if not event.links:
            raise Refused(message("event {event} has no report: close it instead"), event=event.event.id)
        said = session.say(VerdictKind.NOT_RELEVANT, event_id=event.event.id, text=text)
        for link in event.links:
            if link.role is Role.ANNOUNCES:
                session.say(VerdictKind.CANNOT_LINK, article_id=link.article_id, event_id=event.event.id, cause=said)
                session.do(Effects(unlinked=(link,)), said)
            else:
                _drop_report(session, link, said)
        if not event.event.is_closed:
            session.do(Effects(closed=(event.event.id,)), said)
        return session.finish(said, event.event.id)


def _drop_report(session: Session, link: ArticleLink, said: Verdict) -> None:
    article = judgeable(session, link.article_id)
    if article.standing.label is Label.IRRELEVANT:  # with the report that it is a copy of
        return
    follows = session.say(VerdictKind.NOT_RELEVANT, article_id=link.article_id, cause=said)
    session.store.keep(follows.id, Payload(judged=judged(article, is_relevant=False)))
    _drop(session, article, said)


def _drop(session: Session, article: ArticleForReview, said: Verdict) -> None:
    links = [link for one in (article.standing, *article.copies) for link in one.links]
    events = [session.store.event(one) for one in dict.fromkeys(link.event_id for link in links)]
    effects = verdicts.rejected(article, events)
    session.do(effects, said)
    for event_id in effects.closed:
        session.log(event_id, ChangeIntent(ChangeKind.EDITED, announce=False, after="closed"))


def _not_yet_said(session: Session, article_id: int, kind: VerdictKind) -> ArticleForReview:
    """The article, with the opposite verdict on it taken back, so that an event that was closed opens under its id."""
    article = judgeable(session, article_id)
    held = [one for one in session.store.holding([article_id]) if one.kind in _ON_RELEVANCE]
    if held and held[-1].kind is kind:
        raise Refused(message("{name} said so already: verdict {verdict}"), name=held[-1].by, verdict=held[-1].id)
    for one in held:
        if one.cause_id is None and obstacle(session, session.store.verdict(one.id)) is None:
            take_back(session, session.store.verdict(one.id))
            article = session.store.article(article_id)
    return article
