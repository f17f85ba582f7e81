"""Merge, keep apart, split, move, attach: which report belongs to which event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.domain import event_facts, verdicts
from monitor.domain.further_reports import merged_facts
from monitor.domain.model.articles import Label, Origin
from monitor.domain.model.events import ChangeIntent, ChangeKind, EventOrigin, Role, Verdict, VerdictKind
from monitor.domain.model.review import ArticleForReview, ArticleLink, Effects, EventFacts, EventForReview, Payload
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.review.session import Corrected, Reviewing, Session, correcting
from monitor.pipeline.review.telling import judgeable, judged, understood


def merge(event_id: str, into_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """Two events are one: the first goes into the other, whose id, participants and headline stay."""
    with correcting(reviewing, by, now) as session:
        event, into = session.store.event(event_id), _open(session, into_id)
        if event.event.id == into.event.id:
            raise Refused(message("{event} and {other} are one event already"), event=event_id, other=into_id)
        said = session.say(VerdictKind.MERGE, event_id=event.event.id, other_event_id=into.event.id, text=text)
        _let_belong(session, [*event.links, *into.links], {event.event.id, into.event.id}, into.event.id, said)
        happening = merged_facts(into.event, event_facts.as_happening(event.event))
        effects = verdicts.merged(event, into, happening, f"its event was merged by {session.by}", now)
        session.do(verdicts.combined(Effects(reopened=_reopened(into)), effects), said)
        line = ChangeIntent(ChangeKind.MERGED, event.was_told and into.was_told, event.event.id, into.event.id)
        session.log(into.event.id, line)
        return session.finish(said, into.event.id)


def _let_belong(
    session: Session, links: Sequence[ArticleLink], event_ids: set[str], into_id: str, said: Verdict
) -> None:
    """The reports of both belong to what they became, also when their pages are read again; who merges events overrules
    what was said before of an article that should not belong to one of them.
    """
    holding = session.store.holding({link.article_id for link in links})
    apart = {one.article_id for one in holding if one.kind is VerdictKind.CANNOT_LINK and one.event_id in event_ids}
    reports = {link.article_id for link in links if link.role is Role.REPORT}
    for article_id in sorted(one for one in apart | reports if one is not None):
        session.say(VerdictKind.MUST_LINK, article_id=article_id, event_id=into_id, cause=said)


def _open(session: Session, event_id: str) -> EventForReview:
    """An event that reports may come to: one that lost its reports opens again, one that a person closed does not."""
    event = session.store.event(event_id)
    if event.event.is_closed and event.links:
        raise Refused(message("event {event} was closed: take that back first"), event=event.event.id)
    return event


def _reopened(event: EventForReview) -> tuple[str, ...]:
    return (event.event.id,) if event.event.is_closed else ()


def keep_apart(event_id: str, other_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """Two events that look alike are two: they no longer wait for review."""
    with correcting(reviewing, by, now) as session:
        event, other = session.store.event(event_id), session.store.event(other_id)
        if event.event.id == other.event.id:
            raise Refused(
                message("{event} and {other} are one event: split it instead"), event=event_id, other=other_id
            )
        said = session.say(VerdictKind.CANNOT_LINK, event_id=event.event.id, other_event_id=other.event.id, text=text)
        return session.finish(said, event.event.id, other.event.id)


def split(
    event_id: str, article_ids: Sequence[int], by: str, now: datetime, reviewing: Reviewing, text: str = ""
) -> Corrected:
    """These reports are of another event: it is opened with their facts, and they never come back to this one.

    Copies go with their originals. The reports that stay are kept from following.
    """
    with correcting(reviewing, by, now) as session:
        whole = session.store.event(event_id)
        articles = [_linked(session, one, whole) for one in dict.fromkeys(article_ids)]
        leaving = _with_copies(articles, whole)
        staying = [link for link in whole.links if link not in leaving]
        if not leaving or not staying:
            raise Refused(message("a split leaves at least one report on each side"))
        part_id = session.store.open_event(_facts_of(articles, whole, reviewing), _origin_of(articles, whole), now)
        said = session.say(VerdictKind.SPLIT, event_id=whole.event.id, other_event_id=part_id, text=text)
        for link in leaving:
            _settle(session, link, whole.event.id, part_id, said)
        for link in staying:
            if link.role is not Role.ANNOUNCES:
                session.say(VerdictKind.MUST_LINK, article_id=link.article_id, event_id=whole.event.id, cause=said)
        why = f"split off by {session.by}"
        session.do(verdicts.combined(Effects(opened=(part_id,)), verdicts.rehung(leaving, part_id, why, now)), said)
        announce = any(not one.baseline and one.origin is not Origin.SEED for one in articles)
        session.log(part_id, ChangeIntent(ChangeKind.SPLIT, announce, whole.event.id, part_id))
        session.log(whole.event.id, ChangeIntent(ChangeKind.EDITED, announce=False, after=f"split {part_id}"))
        return session.finish(said, part_id, whole.event.id)


def move(
    article_id: int, from_id: str, to_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = ""
) -> Corrected:
    """A report belongs to another known event: not to this one, but to that; its copies go with it."""
    with correcting(reviewing, by, now) as session:
        here, there = session.store.event(from_id), _open(session, to_id)
        if here.event.id == there.event.id:
            raise Refused(message("{event} and {other} are one event"), event=from_id, other=to_id)
        leaving = _with_copies([_linked(session, article_id, here)], here)
        said = session.say(
            VerdictKind.MOVE,
            article_id=article_id,
            event_id=here.event.id,
            other_event_id=there.event.id,
            text=text,
        )
        for link in leaving:
            _settle(session, link, here.event.id, there.event.id, said)
        gone = {(link.event_id, link.article_id) for link in leaving}
        emptied = (here.event.id,) if verdicts.is_emptied(here, gone) else ()
        moved = verdicts.rehung(leaving, there, f"moved by {session.by}", now)
        session.do(verdicts.combined(Effects(reopened=_reopened(there), closed=emptied), moved), said)
        left = f"article {article_id} to {there.event.id}"
        session.log(here.event.id, ChangeIntent(ChangeKind.EDITED, False, after=left), article_id=article_id)
        session.log(there.event.id, ChangeIntent(ChangeKind.REPORT, False, after="moved"), article_id=article_id)
        return session.finish(said, there.event.id, here.event.id)


def attach(article_id: int, event_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """An article tells this event as well, or after all: it is relevant, and what it belongs to already stays."""
    with correcting(reviewing, by, now) as session:
        article, event = judgeable(session, article_id), _open(session, event_id)
        if article_id in {link.article_id for link in event.links}:
            raise Refused(
                message("article {article} belongs to event {event} already"), article=article_id, event=event.event.id
            )
        said = session.say(VerdictKind.MUST_LINK, article_id=article_id, event_id=event.event.id, text=text)
        for link in (one for one in article.standing.links if one.role is not Role.ANNOUNCES):
            session.say(VerdictKind.MUST_LINK, article_id=article_id, event_id=link.event_id, cause=said)
        if article.standing.label is not Label.EVENT:
            follows = session.say(VerdictKind.RELEVANT, article_id=article_id, cause=said)
            session.store.keep(follows.id, Payload(judged=judged(article, is_relevant=True)))
        report = ArticleLink(event.event.id, article_id, Role.REPORT, f"attached by {session.by}", None, now)
        effects = (
            Effects(linked=(report,), reopened=_reopened(event)),
            verdicts.relabelled([article.standing], Label.EVENT),
            verdicts.confirmed_copies(article, [event.event.id], now),
        )
        session.do(verdicts.combined(*effects), said)
        session.log(event.event.id, ChangeIntent(ChangeKind.REPORT, False, after="attached"), article_id=article_id)
        return session.finish(said, event.event.id)


def _linked(session: Session, article_id: int, event: EventForReview) -> ArticleForReview:
    article = judgeable(session, article_id)
    if article_id not in {link.article_id for link in event.links}:
        raise Refused(
            message("article {article} does not belong to event {event}"), article=article_id, event=event.event.id
        )
    return article


def _with_copies(articles: Iterable[ArticleForReview], event: EventForReview) -> list[ArticleLink]:
    ids = {one.id for article in articles for one in (article.standing, *article.copies)}
    return [link for link in event.links if link.article_id in ids]


def _settle(session: Session, link: ArticleLink, not_of: str, of: str, said: Verdict) -> None:
    session.say(VerdictKind.CANNOT_LINK, article_id=link.article_id, event_id=not_of, cause=said)
    if link.role is not Role.ANNOUNCES:  # what it tells in the first place is another event
        session.say(VerdictKind.MUST_LINK, article_id=link.article_id, event_id=of, cause=said)


def _facts_of(articles: Sequence[ArticleForReview], whole: EventForReview, reviewing: Reviewing) -> EventFacts:
    """What the reports split off tell together; where none tells a happening, what is known of the whole."""
    facts: EventFacts | None = None
    for article in articles:
        understanding = understood(article, reviewing)
        main = understanding.facts.main
        if main is None:
            continue
        told = event_facts.facts_told(article.title, main, understanding)
        if facts is None:
            facts = told
        else:
            before = event_facts.as_event(facts)
            facts = event_facts.joined(facts, told, merged_facts(before, main))
    return facts or replace(whole.facts, title=articles[0].title, seed_key=None, part_of=None, pins=frozenset())


def _origin_of(articles: Sequence[ArticleForReview], whole: EventForReview) -> EventOrigin:
    if all(one.baseline for one in articles):
        return EventOrigin.BASELINE
    return whole.event.origin if whole.event.origin is EventOrigin.HAND else EventOrigin.NEWS
