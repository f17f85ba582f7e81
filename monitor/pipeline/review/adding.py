"""Add an event that the archive does not know: by its facts, or by a text that tells it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.domain import decide
from monitor.domain.model.articles import ArticleData, Origin, SourceContext, TextPath
from monitor.domain.model.events import ChangeIntent, ChangeKind, EventIntent, EventOrigin, VerdictKind
from monitor.domain.model.review import Effects, EventFacts
from monitor.domain.text import MAX_TITLE_CHARS, clean, clean_line, fold
from monitor.domain.urls import canonical_url
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.ingest import article_for_decision
from monitor.pipeline.review.editing import countries_of
from monitor.pipeline.review.session import Corrected, Reviewing, Session, correcting
from monitor.pipeline.review.telling import let_tell


def add_event(facts: EventFacts, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """An event that no report told, marked as added by hand; digests tell it as new."""
    with correcting(reviewing, by, now) as session:
        title = clean_line(facts.title, MAX_TITLE_CHARS)
        if not title or not facts.kinds:
            raise Refused(message("an event has a title and at least one kind"))
        countries = countries_of(facts.participants | ({facts.host_id} if facts.host_id else frozenset()), reviewing)
        event_id = session.store.open_event(replace(facts, title=title, countries=countries), EventOrigin.HAND, now)
        said = session.say(VerdictKind.ADD, event_id=event_id, text=text)
        session.remember(Effects(opened=(event_id,)))
        session.log(event_id, ChangeIntent(ChangeKind.OPENED, announce=True, after=facts.status.value))
        return session.finish(said, event_id)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that a person brings, with what he knows of it."""

    title: str
    text: str
    url: str | None = None
    published_on: date | None = None
    language: str | None = None


def add_text(pasted: Pasted, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """An event told by a text that a person brings: it is read like any article, and taken for relevant."""
    title, body = clean_line(pasted.title, MAX_TITLE_CHARS), clean(pasted.text)
    if not title or not body:
        raise Refused(message("a text to add has a title and a text"))
    with correcting(reviewing, by, now) as session:
        article_id = _store_pasted(session, replace(pasted, title=title, text=body), reviewing)
        article = session.store.article(article_id)
        said = session.say(VerdictKind.ADD, article_id=article_id, text=text)
        relevant = session.say(VerdictKind.RELEVANT, article_id=article_id, cause=said)
        found = let_tell(session, article, relevant, reviewing, _by_hand)
        return session.finish(said, *found, about=found[0])


def _by_hand(intent: EventIntent) -> EventIntent:
    return replace(intent, origin=EventOrigin.HAND) if intent.event_id is None else intent


def _store_pasted(session: Session, pasted: Pasted, reviewing: Reviewing) -> int:
    sha = hashlib.sha256(fold(f"{pasted.title}\n{pasted.text}").encode()).hexdigest()
    url = (canonical_url(pasted.url) if pasted.url else None) or f"hand:{sha[:16]}"
    language = pasted.language or reviewing.languages.identify(f"{pasted.title}\n{pasted.text}")
    article = ArticleData(
        pasted.title, pasted.text, TextPath.GIVEN, published_on=pasted.published_on, language=language
    )
    given = article_for_decision(
        article, url, SourceContext("hand"), reviewing.gazetteer, seen_at=None, origin=Origin.FILE
    )
    understanding = decide.understand(given, reviewing.knowledge)
    known = session.unit.known(decide.query(understanding))
    if known.same_url is not None:
        raise Refused(
            message("article {article} is known under that address: confirm it instead"), article=known.same_url.id
        )
    intent = decide.ingest(known, understanding, session.now, reviewing.knowledge)
    return session.store.add_article(replace(intent, events=()), article)
