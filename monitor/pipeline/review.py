"""A person has the last word: confirm, reject, merge, split, move, edit, add, note, assign, and take back.

Each is one transaction under the archive's lock and one verdict, kept with what it changed; later runs obey the
verdicts that hold. What of it digests tell is said in `domain.verdicts`. Articles and events that the archive does not
hold raise `NotFound`; what contradicts the archive raises `Refused`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.domain import decide, event_facts, learning, verdicts
from monitor.domain.model.articles import (
    ArticleData,
    IngestIntent,
    Known,
    Label,
    Origin,
    SourceContext,
    TextPath,
    Understanding,
)
from monitor.domain.model.events import (
    ChangeIntent,
    ChangeKind,
    EventIntent,
    EventOrigin,
    Verdict,
    VerdictKind,
)
from monitor.domain.model.review import (
    ArticleForReview,
    ArticleLink,
    Effects,
    EventFacts,
    EventForReview,
    FactsChange,
    FactsEdit,
    Judged,
    Payload,
    VerdictRecord,
)
from monitor.domain.text import MAX_TITLE_CHARS, clean, clean_line, fold
from monitor.domain.urls import canonical_url
from monitor.errors import Refused
from monitor.pipeline.ingest import article_for_decision
from monitor.ports import Corrections, Gazetteer, LanguageIdentifier, UnitOfWork, Units

MAX_REMARK_CHARS = 4_000  # of a note: a page
MAX_NAME_CHARS = 200
_ON_RELEVANCE = (VerdictKind.RELEVANT, VerdictKind.NOT_RELEVANT)


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What the use cases need."""

    units: Units
    gazetteer: Gazetteer
    languages: LanguageIdentifier
    knowledge: decide.Knowledge


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction came to."""

    verdict: Verdict
    event_ids: tuple[str, ...] = ()  # opened or changed, the one that counts first
    article_ids: tuple[int, ...] = ()


class _Session:
    """One correction under way: its unit, who corrects, and what it has changed so far."""

    def __init__(self, unit: UnitOfWork, by: str, now: datetime) -> None:
        self.unit = unit
        self.now = now
        self.by = clean_line(by, MAX_NAME_CHARS)
        if not self.by:
            raise Refused("say who says so")
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

    def finish(self, verdict: Verdict, *first: str, judged: Judged | None = None) -> Corrected:
        """Keep what was changed with the verdict, commit."""
        last = self.store.last_seq()
        lines = (self._first_seq, last) if last >= self._first_seq else (0, 0)
        self.store.keep(verdict.id, Payload(self._effects, *lines, judged))
        self.unit.commit()
        touched = dict.fromkeys([*first, *verdicts.touched_events(self._effects)])
        return Corrected(verdict, tuple(touched), tuple(sorted(verdicts.touched_articles(self._effects))))


@contextmanager
def _session(reviewing: Reviewing, by: str, now: datetime) -> Iterator[_Session]:
    with reviewing.units() as unit:
        yield _Session(unit, by, now)


# ---------------------------------------------------------------- relevance


def confirm(article_id: int, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """The article tells an event of a relation: it gets its events, opened where none is known, and so do its copies.

    Where no event can be read from the text, one is opened of the places it names, for a person to edit.
    """
    with _session(reviewing, by, now) as session:
        article = _unjudged(session, article_id, VerdictKind.RELEVANT)
        said = session.say(VerdictKind.RELEVANT, article_id=article_id, text=text)
        found: tuple[str, ...] = ()
        if article.standing.label is not Label.EVENT or not article.standing.links:
            found = _let_tell(session, article, said, reviewing)
        return session.finish(said, *found, judged=_judged(article, is_relevant=True))


def reject(article_id: int, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """The article is not about an event of a relation, nor are its copies; events left without a report are closed."""
    with _session(reviewing, by, now) as session:
        article = _unjudged(session, article_id, VerdictKind.NOT_RELEVANT)
        said = session.say(VerdictKind.NOT_RELEVANT, article_id=article_id, text=text)
        links = [link for one in (article.standing, *article.copies) for link in one.links]
        events = [session.store.event(one) for one in dict.fromkeys(link.event_id for link in links)]
        effects = verdicts.rejected(article, events)
        session.do(effects, said)
        for event_id in effects.closed:
            session.log(event_id, ChangeIntent(ChangeKind.EDITED, announce=False, after="closed"))
        return session.finish(said, judged=_judged(article, is_relevant=False))


def _unjudged(session: _Session, article_id: int, kind: VerdictKind) -> ArticleForReview:
    """The article, with the opposite verdict on it taken back, so that an event that was closed opens under its id."""
    article = _judgeable(session, article_id)
    held = [one for one in session.store.holding([article_id]) if one.kind in _ON_RELEVANCE]
    if held and held[-1].kind is kind:
        raise Refused(f"{held[-1].by} said so already: verdict {held[-1].id}")
    for one in held:
        if one.cause_id is None and _obstacle(session, session.store.verdict(one.id)) is None:
            _take_back(session, session.store.verdict(one.id))
            article = session.store.article(article_id)
    return article


def _judgeable(session: _Session, article_id: int) -> ArticleForReview:
    article = session.store.article(article_id)
    if article.origin is Origin.SEED:
        raise Refused(f"article {article_id} is a seed: change or remove its record instead")
    return article


def _judged(article: ArticleForReview, is_relevant: bool) -> Judged:
    return learning.judged(is_relevant, article.assessment, article.source.key)


def _let_tell(
    session: _Session,
    article: ArticleForReview,
    said: Verdict,
    reviewing: Reviewing,
    shaped: Callable[[EventIntent], EventIntent] = lambda intent: intent,
) -> tuple[str, ...]:
    """Decide a stored article anew under the verdict, and write down what that changes; the ids of its events."""
    understanding = _understanding(article, reviewing)
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


def _known(session: _Session, article: ArticleForReview, understanding: Understanding, said: Verdict) -> Known:
    """What the archive knows, with the verdict; a text that an irrelevant one resembles is still decided by itself."""
    known = session.unit.known(decide.query(understanding))
    neighbours = tuple(one for one in known.neighbours if one.label is Label.EVENT and one.id != article.standing.id)
    return replace(known, neighbours=neighbours, verdicts=(*known.verdicts, said))


def _seen(
    session: _Session,
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


def _understanding(article: ArticleForReview, reviewing: Reviewing) -> Understanding:
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


# ---------------------------------------------------------------- which report belongs where


def merge(event_id: str, into_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """Two events are one: the first goes into the other, whose id, participants and headline stay."""
    with _session(reviewing, by, now) as session:
        event, into = session.store.event(event_id), session.store.event(into_id)
        if event.event.id == into.event.id:
            raise Refused(f"{event_id} and {into_id} are one event already")
        said = session.say(VerdictKind.MERGE, event_id=event.event.id, other_event_id=into.event.id, text=text)
        _let_belong(session, [*event.links, *into.links], {event.event.id, into.event.id}, into.event.id, said)
        happening = decide.merged_facts(into.event, event_facts.as_happening(event.event))
        effects = verdicts.merged(event, into, happening, f"its event was merged by {session.by}", now)
        session.do(verdicts.combined(Effects(reopened=_reopened(into)), effects), said)
        line = ChangeIntent(ChangeKind.MERGED, event.was_told and into.was_told, event.event.id, into.event.id)
        session.log(into.event.id, line)
        return session.finish(said, into.event.id)


def _let_belong(
    session: _Session, links: Iterable[ArticleLink], event_ids: set[str], into_id: str, said: Verdict
) -> None:
    """Who merges events overrules what was said before of an article that should not belong to one of them."""
    ids = {link.article_id for link in links}
    apart = {
        one.article_id
        for one in session.store.holding(ids)
        if one.kind is VerdictKind.CANNOT_LINK and one.event_id in event_ids
    }
    for article_id in sorted(one for one in apart if one is not None):
        session.say(VerdictKind.MUST_LINK, article_id=article_id, event_id=into_id, cause=said)


def _reopened(event: EventForReview) -> tuple[str, ...]:
    return (event.event.id,) if event.event.is_closed else ()


def keep_apart(event_id: str, other_id: str, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """Two events that look alike are two: they no longer wait for review."""
    with _session(reviewing, by, now) as session:
        event, other = session.store.event(event_id), session.store.event(other_id)
        if event.event.id == other.event.id:
            raise Refused(f"{event_id} and {other_id} are one event: split it instead")
        said = session.say(VerdictKind.CANNOT_LINK, event_id=event.event.id, other_event_id=other.event.id, text=text)
        return session.finish(said, event.event.id, other.event.id)


def split(
    event_id: str, article_ids: Sequence[int], by: str, now: datetime, reviewing: Reviewing, text: str = ""
) -> Corrected:
    """These reports are of another event: it is opened with their facts, and they never come back to this one.

    Copies go with their originals. The reports that stay are kept from following.
    """
    with _session(reviewing, by, now) as session:
        whole = session.store.event(event_id)
        articles = [_linked(session, one, whole) for one in dict.fromkeys(article_ids)]
        leaving = _with_copies(articles, whole)
        staying = [link for link in whole.links if link not in leaving]
        if not leaving or not staying:
            raise Refused("a split leaves at least one report on each side")
        part_id = session.store.open_event(_facts_of(articles, whole, reviewing), _origin_of(articles, whole), now)
        said = session.say(VerdictKind.SPLIT, event_id=whole.event.id, other_event_id=part_id, text=text)
        for link in leaving:
            _settle(session, link.article_id, whole.event.id, part_id, said)
        for link in staying:
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
    with _session(reviewing, by, now) as session:
        here, there = session.store.event(from_id), session.store.event(to_id)
        if here.event.id == there.event.id:
            raise Refused(f"{from_id} and {to_id} are one event")
        leaving = _with_copies([_linked(session, article_id, here)], here)
        said = session.say(
            VerdictKind.MOVE,
            article_id=article_id,
            event_id=here.event.id,
            other_event_id=there.event.id,
            text=text,
        )
        for link in leaving:
            _settle(session, link.article_id, here.event.id, there.event.id, said)
        gone = {(link.event_id, link.article_id) for link in leaving}
        emptied = (here.event.id,) if verdicts.is_emptied(here, gone) else ()
        moved = verdicts.rehung(leaving, there, f"moved by {session.by}", now)
        session.do(verdicts.combined(Effects(reopened=_reopened(there), closed=emptied), moved), said)
        left = f"article {article_id} to {there.event.id}"
        session.log(here.event.id, ChangeIntent(ChangeKind.EDITED, False, after=left), article_id=article_id)
        session.log(there.event.id, ChangeIntent(ChangeKind.REPORT, False, after="moved"), article_id=article_id)
        return session.finish(said, there.event.id, here.event.id)


def _linked(session: _Session, article_id: int, event: EventForReview) -> ArticleForReview:
    article = _judgeable(session, article_id)
    if article_id not in {link.article_id for link in event.links}:
        raise Refused(f"article {article_id} does not belong to event {event.event.id}")
    return article


def _with_copies(articles: Iterable[ArticleForReview], event: EventForReview) -> list[ArticleLink]:
    ids = {one.id for article in articles for one in (article.standing, *article.copies)}
    return [link for link in event.links if link.article_id in ids]


def _settle(session: _Session, article_id: int, not_of: str, of: str, said: Verdict) -> None:
    session.say(VerdictKind.CANNOT_LINK, article_id=article_id, event_id=not_of, cause=said)
    session.say(VerdictKind.MUST_LINK, article_id=article_id, event_id=of, cause=said)


def _facts_of(articles: Sequence[ArticleForReview], whole: EventForReview, reviewing: Reviewing) -> EventFacts:
    """What the reports split off tell together; where none tells a happening, what is known of the whole."""
    facts: EventFacts | None = None
    for article in articles:
        understanding = _understanding(article, reviewing)
        main = understanding.facts.main
        if main is None:
            continue
        told = event_facts.facts_told(article.title, main, understanding)
        if facts is None:
            facts = told
        else:
            before = event_facts.as_event(facts)
            facts = event_facts.joined(facts, told, decide.merged_facts(before, main))
    return facts or replace(whole.facts, title=articles[0].title, seed_key=None, part_of=None, pins=frozenset())


def _origin_of(articles: Sequence[ArticleForReview], whole: EventForReview) -> EventOrigin:
    if all(one.baseline for one in articles):
        return EventOrigin.BASELINE
    return whole.event.origin if whole.event.origin is EventOrigin.HAND else EventOrigin.NEWS


# ---------------------------------------------------------------- facts


def edit_event(
    event_id: str, edit: FactsEdit, by: str, now: datetime, reviewing: Reviewing, text: str = ""
) -> Corrected:
    """Set facts of an event; later reports do not move them. What stood there is kept with the verdict."""
    with _session(reviewing, by, now) as session:
        event = session.store.event(event_id)
        after = _edited(event.facts, edit, reviewing)
        if after == event.facts:
            raise Refused("nothing is changed by that")
        said = session.say(VerdictKind.EDIT, event_id=event.event.id, text=text)
        session.do(Effects(facts=(FactsChange(event.event.id, event.facts, after),)), said)
        session.log(event.event.id, *verdicts.edit_lines(event.facts, after, event.was_told))
        return session.finish(said, event.event.id)


def _edited(facts: EventFacts, edit: FactsEdit, reviewing: Reviewing) -> EventFacts:
    if edit.kinds == ():
        raise Refused("an event has at least one kind")
    if edit.title is not None:
        edit = replace(edit, title=clean_line(edit.title, MAX_TITLE_CHARS))
    named = (edit.participants or frozenset()) | ({edit.host_id} if edit.host_id else frozenset())
    return event_facts.edited(facts, edit, _countries(named, reviewing))


def _countries(place_ids: Iterable[str], reviewing: Reviewing) -> frozenset[str]:
    """Of places that the gazetteer knows; raises `Refused` for others."""
    found = {one: reviewing.gazetteer.place(one) for one in place_ids}
    for place_id, place in found.items():
        if place is None:
            raise Refused(f"the gazetteer has no place with the id {place_id!r}")
    return frozenset(place.country for place in found.values() if place is not None and place.country)


def add_event(facts: EventFacts, by: str, now: datetime, reviewing: Reviewing, text: str = "") -> Corrected:
    """An event that no report told, marked as added by hand; digests tell it as new."""
    with _session(reviewing, by, now) as session:
        title = clean_line(facts.title, MAX_TITLE_CHARS)
        if not title or not facts.kinds:
            raise Refused("an event has a title and at least one kind")
        countries = _countries(facts.participants | ({facts.host_id} if facts.host_id else frozenset()), reviewing)
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
        raise Refused("a text to add has a title and a text")
    with _session(reviewing, by, now) as session:
        article_id = _store_pasted(session, replace(pasted, title=title, text=body), reviewing)
        article = session.store.article(article_id)
        said = session.say(VerdictKind.ADD, article_id=article_id, text=text)
        relevant = session.say(VerdictKind.RELEVANT, article_id=article_id, cause=said)
        found = _let_tell(session, article, relevant, reviewing, _by_hand)
        return session.finish(said, *found)


def _by_hand(intent: EventIntent) -> EventIntent:
    return replace(intent, origin=EventOrigin.HAND) if intent.event_id is None else intent


def _store_pasted(session: _Session, pasted: Pasted, reviewing: Reviewing) -> int:
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
        raise Refused(f"article {known.same_url.id} is known under that address: confirm it instead")
    intent = decide.ingest(known, understanding, session.now, reviewing.knowledge)
    return session.store.add_article(replace(intent, events=()), article)


# ---------------------------------------------------------------- remarks


def note(
    text: str, by: str, now: datetime, reviewing: Reviewing, article_id: int | None = None, event_id: str | None = None
) -> Corrected:
    """A remark on an article or an event."""
    if not clean(text):
        raise Refused("a note says something")
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
        raise Refused("name one article or one event")
    with _session(reviewing, by, now) as session:
        if article_id is not None:
            session.store.article(article_id)
        elif event_id is not None:
            event_id = session.store.event(event_id).event.id
        return session.finish(session.say(kind, article_id=article_id, event_id=event_id, text=text))


# ---------------------------------------------------------------- taking back


def undo(verdict_id: int, by: str, now: datetime, reviewing: Reviewing) -> Corrected:
    """Take a verdict back: what it changed is as before, save what the news has told since.

    Refused where a later verdict changed the same: that one is taken back first.
    """
    with _session(reviewing, by, now) as session:
        record = session.store.verdict(verdict_id)
        obstacle = _obstacle(session, record)
        if obstacle is not None:
            raise Refused(obstacle)
        back = _take_back(session, record)
        session.unit.commit()
        return Corrected(record.verdict, verdicts.touched_events(back), tuple(sorted(verdicts.touched_articles(back))))


def _take_back(session: _Session, record: VerdictRecord) -> Effects:
    said, done = record.verdict, record.payload.effects
    back = verdicts.inverse(done)
    if said.kind is VerdictKind.SPLIT:
        part, whole = session.store.event(said.other_event_id or ""), session.store.event(said.event_id or "")
        back = verdicts.rejoined(done, part, whole, session.now)
    session.store.take_back(said.id, session.by, session.now)
    session.store.carry_out(back, f"verdict {said.id} taken back by {session.by}", session.now)
    _tell_undo(session, said, record.payload, back)
    return back


def _obstacle(session: _Session, record: VerdictRecord) -> str | None:
    """Why a verdict cannot be taken back now; None: it can."""
    said, effects = record.verdict, record.payload.effects
    if record.undone_at is not None:
        return f"verdict {said.id} was taken back by {record.undone_by} already"
    if said.cause_id is not None:
        return f"verdict {said.id} follows from verdict {said.cause_id}: undo that one"
    articles, events = verdicts.touched_articles(effects), verdicts.touched_events(effects)
    later = session.store.later_verdict(said.id, articles, events)
    return None if later is None else f"undo verdict {later.verdict.id} first: it came later and changed the same"


def _tell_undo(session: _Session, said: Verdict, payload: Payload, back: Effects) -> None:
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
