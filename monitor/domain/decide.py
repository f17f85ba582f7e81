"""The decision about one article: from its text and the bearing slice of the archive to what is to be written.

Pure: the same input gives the same intent, so a replay can be compared with what was decided before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from monitor.domain import decision_record as record
from monitor.domain import dedupe, facts, independence, linking, places, relevance, retelling, same_words, stories
from monitor.domain.event_facts import as_happening
from monitor.domain.further_reports import developments, merged_facts
from monitor.domain.learning import NOTHING_LEARNT, Adjustments
from monitor.domain.lexicon import Lexicon
from monitor.domain.linking import Candidate, Match
from monitor.domain.model.articles import (
    ArticleForDecision,
    Assessment,
    CopyOf,
    IngestIntent,
    Known,
    KnownArticle,
    KnownQuery,
    Label,
    Origin,
    TextPath,
    Understanding,
)
from monitor.domain.model.events import (
    EXPECTED,
    ChangeIntent,
    ChangeKind,
    EventIntent,
    EventOrigin,
    Happening,
    KnownEvent,
    Role,
    Verdict,
    VerdictKind,
)
from monitor.domain.model.places import Place
from monitor.domain.model.reports import ReportOrigin
from monitor.domain.text import fold

_WHOLE_TEXTS = frozenset({TextPath.PAGE, TextPath.FEED_CONTENT, TextPath.GIVEN})
REFETCH_EVENT_AFTER_DAYS = 1  # articles of events are read again: edited ones carry corrections


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What deciding knows of the world: the cue lexicon and the gazetteer's entries by id."""

    lexicon: Lexicon
    place: Callable[[str], Place | None]
    learnt: Adjustments = NOTHING_LEARNT  # from people's verdicts
    semantics: linking.Semantics | None = None  # word vectors that the operator brought; None: none


def understand(article: ArticleForDecision, knowledge: Knowledge) -> Understanding:
    """Everything that can be said without the archive: places, facts, relevance, fingerprint."""
    text = article.full_text
    cues = knowledge.lexicon.find(text, article.language)
    mentions = places.settle(article.hits, text, article.language, article.source, article.published_on, cues)
    gathered = facts.gather(article, mentions, knowledge.lexicon, knowledge.place, cues)
    assessment = relevance.assess(article, mentions, gathered, cues, knowledge.learnt)
    return Understanding(article, mentions, assessment, gathered, dedupe.fingerprint(text))


def query(understanding: Understanding) -> KnownQuery:
    """What the archive must be asked before `ingest`."""
    happenings = _happenings(understanding)
    windows = [linking.search_window(one, understanding.article.published_on) for one in happenings]
    earliest = [start for start, _ in windows if start is not None]
    latest = [end for _, end in windows if end is not None]
    print_ = understanding.fingerprint
    return KnownQuery(
        url_key=understanding.article.url_key,
        scheme=print_.scheme,
        bands=print_.bands,
        text_sha=print_.text_sha,
        place_ids=frozenset().union(*(_centre(one) for one in happenings)),
        earliest_on=min(earliest, default=None),
        latest_on=max(latest, default=None),
        series_key=next((one.series_key for one in happenings if one.series_key), None),
    )


def ingest(known: Known, understanding: Understanding, now: datetime, knowledge: Knowledge) -> IngestIntent:
    """Decide one article: copy or own text, label, events, and the record of how that came about."""
    same_url = known.same_url
    unchanged = same_url is not None and same_url.fingerprint.text_sha == understanding.fingerprint.text_sha
    others = [one for one in known.neighbours if same_url is None or one.id != same_url.id]
    copy = dedupe.nearest(understanding.fingerprint, others)
    original = next((one for one in others if copy is not None and one.id == copy.article_id), None)
    differs = _differs(understanding, original, known, knowledge)
    if differs is not None:
        copy, original = None, None
    links = _link(known, understanding, original, now, knowledge)
    label, why = _label(understanding.assessment, original, links, known)
    kept = [_confirming(one, known, understanding, copy, knowledge) for one in links] if label is Label.EVENT else []
    released = () if unchanged else _released(known, understanding, kept)
    known_seed = _known_seed(copy, [] if label is Label.IRRELEVANT else links, known.events)
    return IngestIntent(
        understanding=understanding,
        decided_at=now,
        same_url_id=same_url.id if same_url else None,
        unchanged=unchanged,
        copy_of=copy,
        known_seed=known_seed,
        label=label,
        events=tuple(link.intent for link in kept),
        record=(
            *record.understood(understanding),
            record.duplicate(copy, others, understanding, differs),
            *(
                record.event(one.intent, label, one.near, known.events)
                for one in links
                if label is Label.EVENT or one.match
            ),
            *map(record.released, released),
            record.labelled(label, why),
        ),
        released_event_ids=released,
        refetch_after_days=REFETCH_EVENT_AFTER_DAYS if label is Label.EVENT and not copy else None,
    )


def _differs(
    understanding: Understanding, original: KnownArticle | None, known: Known, knowledge: Knowledge
) -> str | None:
    """Why the same words are no copy: see `same_words`."""
    if original is None:
        return None
    told = [event for event in known.events if event.id in original.event_ids]
    return same_words.difference(understanding, told, knowledge.place)


# ---------------------------------------------------------------- label


def _label(
    assessment: Assessment, original: KnownArticle | None, links: Sequence[_Link], known: Known
) -> tuple[Label, str]:
    """A person's word first, then the original's label for a copy, then the strong link of an uncertain text."""
    said = _relevance_verdict(known)
    if said is not None:
        label = Label.EVENT if said.kind is VerdictKind.RELEVANT else Label.IRRELEVANT
        return label, f"verdict {said.id} by {said.by}"
    if original is not None:
        return original.label, f"copy of article {original.id}"
    if assessment.label is Label.UNCERTAIN and any(
        link.intent.event_id is not None and not link.intent.perhaps_same_as for link in links
    ):
        return Label.EVENT, "tells a known event"
    return assessment.label, "assessment"


def _relevance_verdict(known: Known) -> Verdict | None:
    """The latest verdict on this article's relevance."""
    if known.same_url is None:
        return None
    said = [
        verdict
        for verdict in known.verdicts
        if verdict.article_id == known.same_url.id and verdict.kind in (VerdictKind.RELEVANT, VerdictKind.NOT_RELEVANT)
    ]
    return max(said, key=lambda verdict: verdict.id, default=None)


def _known_seed(copy: CopyOf | None, links: Sequence[_Link], events: Sequence[KnownEvent]) -> str | None:
    if copy is not None and copy.seed_key is not None:
        return copy.seed_key
    linked = {link.intent.event_id for link in links if link.is_main}
    return next((event.seed_key for event in events if event.id in linked and event.seed_key), None)


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class _Link:
    intent: EventIntent
    match: Match | None
    is_main: bool
    near: Match | None = None  # of a new event: the known one that comes nearest, and why it is another


def _happenings(understanding: Understanding) -> list[Happening]:
    main = understanding.facts.main
    return ([main] if main is not None else []) + list(understanding.facts.announced)


def _centre(happening: Happening) -> frozenset[str]:
    host = frozenset({happening.host_id}) if happening.host_id else frozenset()
    return happening.participants | host


def _link(
    known: Known,
    understanding: Understanding,
    original: KnownArticle | None,
    now: datetime,
    knowledge: Knowledge,
) -> list[_Link]:
    """One link for each event the article tells, the main one first."""
    constraints = _Constraints.of(known)
    if original is not None:
        ids = constraints.together.union(original.event_ids) - constraints.apart
        return [_copy_link(event) for event in known.events if event.id in ids]
    links: list[_Link] = []
    main = understanding.facts.main
    for happening in _happenings(understanding):
        is_main = happening is main
        if main is not None and not is_main and _retells(happening, main, understanding, knowledge):
            continue
        taken = {link.intent.event_id for link in links}
        link = _link_one(happening, is_main, known, understanding, constraints, taken, now, knowledge)
        if link is not None:
            links.append(link)
    return links


@dataclass(frozen=True, slots=True)
class _Constraints:
    """What people said about this article's events."""

    together: frozenset[str]
    apart: frozenset[str]

    @classmethod
    def of(cls, known: Known) -> _Constraints:
        mine = [v for v in known.verdicts if known.same_url is not None and v.article_id == known.same_url.id]
        latest: dict[str, VerdictKind] = {}  # of each event: who moves an article back means what he said last
        for said in sorted(mine, key=lambda one: one.id):
            if said.event_id and said.kind in (VerdictKind.MUST_LINK, VerdictKind.CANNOT_LINK, VerdictKind.SPLIT):
                latest[said.event_id] = said.kind
        together = frozenset(event_id for event_id, kind in latest.items() if kind is VerdictKind.MUST_LINK)
        return cls(together, frozenset(latest) - together)


def _link_one(
    happening: Happening,
    is_main: bool,
    known: Known,
    understanding: Understanding,
    constraints: _Constraints,
    taken: set[str | None],
    now: datetime,
    knowledge: Knowledge,
) -> _Link | None:
    candidate = Candidate(
        happening,
        _people(understanding, known.events),
        frozenset(understanding.facts.numbers),
        understanding.article.published_on,
        understanding.article.language,
        understanding.article.title,
    )
    open_to = [one for one in known.events if one.id not in constraints.apart and one.id not in taken]
    told = next((one for one in open_to if is_main and one.id in constraints.together), None)
    if told is not None:
        return _join(happening, told, Match(told.id, 1.0, "a person linked them"), understanding, is_main)
    mine = _same_article_event(known, open_to, happening, is_main, knowledge)
    best = linking.best_match(candidate, open_to, knowledge.place, knowledge.semantics)
    if best is None and mine is not None:
        best = Match(mine.id, linking.SAME_EVENT, "an earlier revision of this article told it")
    if best is not None and best.score >= linking.SAME_EVENT:
        event = next(one for one in open_to if one.id == best.event_id)
        return _join(happening, event, best, understanding, is_main, _tells_alone(known, event))
    if not _worth_opening(happening, is_main, now.date()):
        return None
    near = linking.nearest(candidate, open_to, knowledge.place) if best is None else None
    whole = stories.whole_of(happening, open_to, knowledge.place)
    return replace(_open(happening, best, understanding, is_main, whole), near=near)


def _retells(aside: Happening, main: Happening, understanding: Understanding, knowledge: Knowledge) -> bool:
    """Whether an aside is the main happening once more, in other words."""
    event = KnownEvent(
        id="",
        kinds=main.kinds,
        participants=main.participants,
        host_id=main.host_id,
        when=main.when,
        status=main.status,
        ordinal=main.ordinal,
        series_key=main.series_key,
        origin=EventOrigin.NEWS,
        title="",
    )
    candidate = Candidate(aside, frozenset(), frozenset(), understanding.article.published_on)
    return linking.match(candidate, event, knowledge.place) is not None


def _same_article_event(
    known: Known, open_to: Sequence[KnownEvent], happening: Happening, is_main: bool, knowledge: Knowledge
) -> KnownEvent | None:
    """The single event that the earlier revision of this very article told, unless it now tells another."""
    if known.same_url is None or not is_main or len(known.same_url.event_ids) != 1:
        return None
    told = next((one for one in open_to if one.id == known.same_url.event_ids[0]), None)
    return told if told is not None and retelling.still_tells(happening, told, knowledge.place) else None


def _tells_alone(known: Known, event: KnownEvent) -> bool:
    """Whether an earlier revision of this article is the only report of the event."""
    return known.same_url is not None and event.article_ids == (known.same_url.id,)


def _released(known: Known, understanding: Understanding, kept: Sequence[_Link]) -> tuple[str, ...]:
    """The events that the earlier revision of this article told and this one no longer does.

    Only a text that was read as a whole says so: a page that could not be read again takes nothing back. What a person
    linked, or found relevant, stays.
    """
    same_url, article = known.same_url, understanding.article
    if same_url is None or article.fallback is not None or article.path not in _WHOLE_TEXTS:
        return ()
    said = _relevance_verdict(known)
    if said is not None and said.kind is VerdictKind.RELEVANT:
        return ()
    held = _Constraints.of(known).together | {link.intent.event_id for link in kept}
    return tuple(one for one in same_url.event_ids if one not in held)


def _worth_opening(happening: Happening, is_main: bool, today: date) -> bool:
    """A main happening opens an event; an aside only where it announces something dated that is still to come."""
    if len(happening.participants) < 2:
        return is_main and (happening.host_id is not None or happening.series_key is not None)
    if is_main:
        return True
    return happening.status in EXPECTED and happening.when is not None and happening.when.ends_on >= today


def _people(understanding: Understanding, events: Sequence[KnownEvent]) -> frozenset[str]:
    """Who the article names, as far as it can be told: those found by their roles, and those known from the events."""
    text = fold(understanding.article.full_text)
    named = {fold(person.name) for person in understanding.facts.people}
    return frozenset(named | {person for event in events for person in event.people if person in text})


def _open(
    happening: Happening,
    best: Match | None,
    understanding: Understanding,
    is_main: bool,
    whole: KnownEvent | None = None,
) -> _Link:
    article = understanding.article
    origin = EventOrigin.BASELINE if article.baseline else EventOrigin.NEWS
    why = (
        "no known event shares participants, date and kind" if best is None else f"perhaps {best.event_id}: {best.why}"
    )
    intent = EventIntent(
        event_id=None,
        role=Role.REPORT if is_main else Role.ANNOUNCES,
        happening=happening,
        origin=origin,
        # What an article announces in passing waits among the expectations until it is due; it is no news of its own.
        changes=(ChangeIntent(ChangeKind.OPENED, is_main and not article.baseline, after=happening.status.value),),
        why=why,
        score=best.score if best else None,
        perhaps_same_as=best.event_id if best else None,
        part_of=whole.id if whole is not None else None,
    )
    return _Link(intent, best, is_main)


def opened(happening: Happening, understanding: Understanding, why: str) -> EventIntent:
    """Open an event of it, whatever is known."""
    return replace(_open(happening, None, understanding, is_main=True).intent, why=why)


def _copy_link(event: KnownEvent) -> _Link:
    """A copy adds its address to the event and nothing else."""
    intent = EventIntent(
        event_id=event.id,
        role=Role.COPY,
        happening=as_happening(event),
        origin=event.origin,
        changes=(),
        why="a copy of a report on it",
        is_new_report=False,
    )
    return _Link(intent, None, is_main=True)


def _join(
    happening: Happening,
    event: KnownEvent,
    found: Match,
    understanding: Understanding,
    is_main: bool,
    corrects: bool = False,
) -> _Link:
    merged = merged_facts(event, happening)
    if corrects:
        merged = retelling.corrected(merged, happening, event)
    changes = developments(event, merged, understanding, is_main)
    intent = EventIntent(
        event_id=event.id,
        role=Role.REPORT if is_main else Role.ANNOUNCES,
        happening=merged,
        origin=event.origin,
        changes=changes,
        why=found.why,
        score=found.score,
    )
    return _Link(intent, found, is_main)


def _confirming(
    link: _Link, known: Known, understanding: Understanding, copy: CopyOf | None, knowledge: Knowledge
) -> _Link:
    """The link, with word of it where this report makes an end or a threat believed that was only said before; even a
    copy does where an official site carries it.
    """
    event = next((one for one in known.events if one.id == link.intent.event_id), None)
    reports = known.reports.get(event.id) if event is not None else None
    if event is None or reports is None:
        return link
    article = understanding.article
    own = _origin(understanding, known, link.intent.role, reports, copy)
    others = [one for one in reports if one.article_id != own.article_id]
    after = independence.standing(event, [*others, own], knowledge.place)
    if independence.standing(event, reports, knowledge.place).is_confirmed or not after.is_confirmed:
        return link
    fresh = not article.baseline and article.origin is not Origin.SEED
    how = independence.OFFICIALLY if after.official is not None else independence.INDEPENDENTLY
    told = ChangeIntent(ChangeKind.CONFIRMED, fresh and event.origin is not EventOrigin.BASELINE, after=how)
    return replace(link, intent=replace(link.intent, changes=(*link.intent.changes, told)))


def _origin(
    understanding: Understanding, known: Known, role: Role, reports: Sequence[ReportOrigin], copy: CopyOf | None
) -> ReportOrigin:
    """Where this article comes from; a new one comes after all others."""
    article = understanding.article
    newest = max((one.article_id for one in reports), default=0)
    return independence.report_origin(
        known.same_url.id if known.same_url is not None else newest + 1,
        role,
        article.url,
        article.text,
        author=article.author,
        site_name=article.site_name,
        trust=article.source.trust,
        place_id=article.source.place_id,
        copy_of_id=copy.article_id if copy is not None else None,
    )
