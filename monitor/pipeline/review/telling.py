"""A stored article decided anew, under what a person says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from monitor.domain import decide, event_facts, learning, verdicts
from monitor.domain.model.articles import ArticleData, IngestIntent, Known, Label, Origin, TextPath, Understanding
from monitor.domain.model.events import EventIntent, Verdict
from monitor.domain.model.review import ArticleForReview, Effects, EventForReview, FactsChange, Judged
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.ingest import article_for_decision
from monitor.pipeline.review.session import Reviewing, Session


def judgeable(session: Session, article_id: int) -> ArticleForReview:
    """The article, unless it is a seed, whose record is the truth."""
    article = session.store.article(article_id)
    if article.origin is Origin.SEED:
        raise Refused(message("article {article} is a seed: change or remove its record instead"), article=article_id)
    return article


def judged(article: ArticleForReview, *, is_relevant: bool) -> Judged:
    """What learning keeps of a verdict on it."""
    return learning.judged(is_relevant, article.assessment, article.source.key)


def let_tell(
    session: Session,
    article: ArticleForReview,
    said: Verdict,
    reviewing: Reviewing,
    shaped: Callable[[EventIntent], EventIntent] = lambda intent: intent,
) -> tuple[str, ...]:
    """Decide a stored article anew under the verdict, and write down what that changes; the ids of its events."""
    understanding = understood(article, reviewing)
    known = _known(session, article, understanding, said)
    intent = decide.ingest(known, understanding, session.now, reviewing.knowledge)
    told = intent.events or (_opened_from_mentions(understanding),)
    intent = replace(intent, events=tuple(shaped(one) for one in told))
    ids = [one.event_id for one in intent.events if one.event_id is not None]
    before = [session.store.event(one) for one in ids]
    found = session.store.adopt(article.standing.id, intent)
    session.remember(_seen(session, article, before, intent, found))
    session.do(verdicts.confirmed_copies(article, found[:1], session.now), said)
    return found


def _known(session: Session, article: ArticleForReview, understanding: Understanding, said: Verdict) -> Known:
    """What the archive knows, with the verdict; a text that an irrelevant one resembles is still decided by itself."""
    known = session.unit.known(decide.query(understanding))
    neighbours = tuple(one for one in known.neighbours if one.label is Label.EVENT and one.id != article.standing.id)
    return replace(known, neighbours=neighbours, verdicts=(*known.verdicts, said))


def _seen(
    session: Session,
    article: ArticleForReview,
    before: Sequence[EventForReview],
    intent: IngestIntent,
    found: Sequence[str],
) -> Effects:
    """What deciding anew has changed, by comparing."""
    after = session.store.article(article.standing.id)
    had = {link.event_id for link in article.standing.links}
    opened = tuple(one for told, one in zip(intent.events, found, strict=True) if told.event_id is None)
    changes = [(one.event.id, one.facts, session.store.event(one.event.id).facts) for one in before]
    return verdicts.combined(
        verdicts.relabelled([article.standing], intent.label),
        Effects(
            linked=tuple(link for link in after.standing.links if link.event_id not in had),
            facts=tuple(FactsChange(*one) for one in changes if one[1] != one[2]),
            opened=opened,
        ),
    )


def understood(article: ArticleForReview, reviewing: Reviewing) -> Understanding:
    """The latest revision of a stored article, understood anew."""
    text = ArticleData(
        article.title,
        article.text,
        TextPath.GIVEN,
        published_on=article.published_on,
        language=article.language,
    )
    given = article_for_decision(
        text,
        article.url,
        article.source,
        reviewing.gazetteer,
        seen_at=article.first_seen_at if article.origin is Origin.FEED else None,
        baseline=article.baseline,
        origin=article.origin,
        url_key=article.url_key,
    )
    return decide.understand(given, reviewing.knowledge)


def _opened_from_mentions(understanding: Understanding) -> EventIntent:
    happening = event_facts.from_mentions(understanding)
    return decide.opened(happening, understanding, "a person says that it tells an event")
