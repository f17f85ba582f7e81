"""Audits the archive: reads what looks back, asks whether the events named there are known, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.domain import audit, places, retrospect, watching
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import ArticleData, ArticleForDecision, SourceContext, TextPath
from monitor.domain.model.audit import AuditReport, Ground, Recalled, Retrospective
from monitor.domain.model.digests import ToldEvent, Watch
from monitor.domain.model.places import INSTITUTIONS
from monitor.domain.urls import host_of, url_key
from monitor.ports import Archive, Gazetteer

READ_AT_ONCE = 200  # retrospectives loaded together


@dataclass(frozen=True, slots=True)
class Auditing:
    """What an audit needs."""

    archive: Archive
    gazetteer: Gazetteer
    knowledge: Knowledge
    watches: tuple[Watch, ...] = ()  # whose events count; none: all of relations between countries


def audit_archive(
    auditing: Auditing, today: date, since: date | None = None, documents: Sequence[ArticleData] = ()
) -> AuditReport:
    """Audit by the archive's own retrospectives and by documents that a person brought; only past events since a day,
    where one is given.
    """
    ground = auditing.archive.audit_ground()
    namings: list[Recalled] = []
    read = 0
    for text in (*_brought(documents), *_kept(auditing.archive)):
        read += 1
        namings += [one for one in _named(text, today, auditing) if since is None or one.when.ends_on >= since]
    recalled = audit.gathered(namings, auditing.gazetteer.place)
    judged = [_judged(one, ground, auditing) for one in recalled]
    return audit.report(judged, read, ground, _archived(judged, ground, since, today, auditing))


def _kept(archive: Archive) -> Iterator[Retrospective]:
    after = 0
    while page := archive.retrospectives(after, READ_AT_ONCE):
        yield from page
        after = page[-1].article_id or after


def _brought(documents: Iterable[ArticleData]) -> Iterator[Retrospective]:
    for one in documents:
        yield Retrospective(None, one.canonical_url or "", one.title, one.text, one.language, one.published_on)


def _named(text: Retrospective, today: date, auditing: Auditing) -> Iterator[Recalled]:
    """The past events that a text names, of those that are watched."""
    lexicon, place = auditing.knowledge.lexicon, auditing.knowledge.place
    article = _for_reading(text, auditing.gazetteer)
    cues = lexicon.find(article.full_text, article.language)
    mentions = places.settle(
        article.hits, article.full_text, article.language, article.source, article.published_on, cues
    )
    for event in retrospect.past_events(article, mentions, lexicon, place, today):
        one = audit.naming(event, text)
        told = ToldEvent(audit.as_event(one), (), (), scope="international", told_before=True)
        if watching.concerns(auditing.watches, told, place):
            yield one


def _for_reading(text: Retrospective, gazetteer: Gazetteer) -> ArticleForDecision:
    return ArticleForDecision(
        url=text.url,
        url_key=url_key(text.url) if text.url else "",
        title=text.title,
        text=text.text,
        language=text.language,
        published_on=text.published_on,
        source=SourceContext(host_of(text.url) or "file", text.language),
        hits=gazetteer.find(f"{text.title}\n\n{text.text}", text.language),
        path=TextPath.GIVEN,
    )


def _judged(one: Recalled, ground: Ground, auditing: Auditing) -> Recalled:
    archive, place = auditing.archive, auditing.gazetteer.place
    nearby = _with_beside(one.participants, auditing.gazetteer)
    first, last = one.when.starts_on - audit.WRITTEN_ABOUT, one.when.ends_on + audit.WRITTEN_ABOUT
    known = archive.archived_events(nearby, first, last)
    judged = audit.judged(one, known, (), ground, place)
    if judged.event_id is not None or ground.began_on is None or last < ground.began_on:
        return judged
    passed = archive.passed_over(nearby, one.when.starts_on - timedelta(days=1), last)
    return audit.judged(one, known, passed, ground, place)


def _with_beside(participants: Iterable[str], gazetteer: Gazetteer) -> frozenset[str]:
    """The places with their institutions and seats, as linking knows them."""
    found: set[str] = set()
    for place_id in participants:
        entry = gazetteer.place(place_id)
        found |= {place_id, *gazetteer.beside(place_id)}
        if entry is not None and entry.kind in INSTITUTIONS and entry.seat_id is not None:
            found.add(entry.seat_id)
        if entry is not None and entry.parent_id is not None:
            found.add(entry.parent_id)
    return frozenset(found)


def _archived(recalled: Sequence[Recalled], ground: Ground, since: date | None, today: date, auditing: Auditing) -> int:
    """How many live events of the recalled relations the archive holds since it began: the other list."""
    if ground.began_on is None or not recalled:
        return 0
    first = max(ground.began_on, since) if since is not None else ground.began_on
    pairs = {one.participants for one in recalled}
    found: set[str] = set()
    for pair in pairs:
        for known in auditing.archive.archived_events(pair, first, today):
            if known.merged_into is None and not known.event.is_closed and len(pair & known.event.participants) >= 2:
                found.add(known.event.id)
    return len(found)
