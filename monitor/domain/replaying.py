"""Replay: what a decision made anew owes to the archive, and how its outcome differs from what stands there.

Ids are permanent: an article that opens an event again does so under the id that it opened before, or belongs to. What
a person shaped, by merging, splitting, moving, editing, adding, confirming or keeping apart, stays as it is: such
events keep their facts and their articles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.domain.event_facts import as_happening, period
from monitor.domain.model.articles import Fingerprint, IngestIntent, Known, KnownArticle, Label, StageRecord
from monitor.domain.model.events import EventIntent, KnownEvent, Role, Verdict, VerdictKind
from monitor.domain.model.replay import Difference, FactTurn, FormerEvent, Moved, Relabelled, RevisionForReplay
from monitor.domain.model.review import ArticleLink

HELD = "a person shaped its event"
_NO_TEXT = Fingerprint("", "", 0, (), ())
_ON_RELEVANCE = (VerdictKind.RELEVANT, VerdictKind.NOT_RELEVANT)


# ---------------------------------------------------------------- before deciding


def known_for(revision: RevisionForReplay, known: Known, said: Sequence[Verdict]) -> Known:
    """What the archive knows, with what people `said` of this article, though its first revision is not yet in it."""
    mine = known.same_url or KnownArticle(
        id=revision.article_id,
        url_key=revision.url_key,
        title=revision.stored.title,
        fingerprint=_NO_TEXT,
        event_ids=(),
        seed_key=None,
        label=revision.label,
        revision=0,
    )
    neighbours = known.neighbours
    if _relevance(said) is VerdictKind.RELEVANT:  # a text that an irrelevant one resembles is decided by itself
        neighbours = tuple(one for one in neighbours if one.label is Label.EVENT)
    held = tuple(_must_link(revision, link) for link in revision.held)
    others = tuple(one for one in known.verdicts if one.article_id != revision.article_id)
    return replace(known, same_url=mine, neighbours=neighbours, verdicts=(*others, *held, *said))


def _must_link(revision: RevisionForReplay, link: ArticleLink) -> Verdict:
    """Older than anything that was said of the article itself."""
    return Verdict(0, VerdictKind.MUST_LINK, link.linked_at, "", revision.article_id, link.event_id)


def _relevance(said: Sequence[Verdict]) -> VerdictKind | None:
    kinds = [one.kind for one in said if one.kind in _ON_RELEVANCE]
    return kinds[-1] if kinds else None


# ---------------------------------------------------------------- after deciding


def held(
    intent: IngestIntent, revision: RevisionForReplay, events: Mapping[str, KnownEvent], said: Sequence[Verdict]
) -> IngestIntent:
    """The intent with the article's links to the `events` that a person shaped, by id, whatever the rules say; their
    facts stay.
    """
    intent = replace(intent, events=tuple(_with_facts_of(one, events) for one in intent.events))
    if not revision.held or _relevance(said) is VerdictKind.NOT_RELEVANT:
        return intent
    held_ids = {link.event_id for link in revision.held}
    added = [_as_it_stands(link, events[link.event_id]) for link in revision.held if link.event_id in events]
    others = [one for one in intent.events if one.event_id not in held_ids]
    record = intent.record
    if intent.label is not Label.EVENT and revision.label is Label.EVENT:
        record = (*record, StageRecord("label", Label.EVENT.value, detail=HELD))
    return replace(
        intent,
        label=Label.EVENT if revision.label is Label.EVENT else intent.label,
        events=(*added, *others),
        released_event_ids=tuple(one for one in intent.released_event_ids if one not in held_ids),
        record=record,
    )


def _with_facts_of(intent: EventIntent, events: Mapping[str, KnownEvent]) -> EventIntent:
    event = events.get(intent.event_id or "")
    return replace(intent, happening=as_happening(event), changes=()) if event is not None else intent


def _as_it_stands(link: ArticleLink, event: KnownEvent) -> EventIntent:
    return EventIntent(
        event_id=event.id,
        role=link.role,
        happening=as_happening(event),
        origin=event.origin,
        changes=(),
        why=link.why,
        score=link.score,
    )


def named(intent: IngestIntent, former: Iterable[FormerEvent]) -> IngestIntent:
    """The intent, its new events under the ids they had."""
    free = list(former)
    events = []
    for one in intent.events:
        best = min(free, key=lambda had: _distance(had, one.role), default=None) if one.event_id is None else None
        if best is not None:
            free.remove(best)
        events.append(replace(one, fulfils=best.id) if best is not None else one)
    return replace(intent, events=tuple(events))


def _distance(had: FormerEvent, role: Role) -> tuple[bool, bool]:
    return had.role is not role, not had.is_of_revision


# ---------------------------------------------------------------- the difference


@dataclass(frozen=True, slots=True)
class Stand:
    """What is decided of an article."""

    article_id: int
    title: str
    url: str
    label: Label
    event_ids: tuple[str, ...]  # of live events, those it reports first


@dataclass(frozen=True, slots=True)
class Standing:
    """The articles replayed and the live events, before or after."""

    articles: Mapping[int, Stand]
    events: Mapping[str, KnownEvent]


def difference(before: Standing, after: Standing, reread: int = 0) -> Difference:
    """How `after` differs from `before`."""
    pairs = [(was, after.articles[one]) for one, was in before.articles.items() if one in after.articles]
    turned = [_relabelled(was, now) for was, now in pairs if was.label is not now.label]
    both = [(was, now) for was, now in pairs if was.label is now.label is Label.EVENT]
    merged, split = _regrouped(pairs, before.events, after.events)
    explained = dict(merged)
    parts = {one for _, ids in split for one in ids}
    return Difference(
        articles=len(pairs),
        events=len(before.events.keys() | after.events.keys()),
        reread=reread,
        kept=len(both),
        dropped=tuple(one for one in turned if one.before is Label.EVENT),
        newly_kept=tuple(one for one in turned if one.after is Label.EVENT),
        relabelled=tuple(one for one in turned if Label.EVENT not in (one.before, one.after)),
        moved=tuple(
            Moved(now.article_id, now.title, was.event_ids, now.event_ids)
            for was, now in both
            if set(was.event_ids) != set(now.event_ids)
        ),
        merged=merged,
        split=split,
        opened=tuple(sorted(after.events.keys() - before.events.keys() - parts)),
        closed=tuple(sorted(before.events.keys() - after.events.keys() - explained.keys())),
        facts=tuple(_fact_turns(before.events, after.events)),
    )


def _relabelled(was: Stand, now: Stand) -> Relabelled:
    return Relabelled(now.article_id, now.title, now.url, was.label, now.label)


def _regrouped(
    pairs: Iterable[tuple[Stand, Stand]], before: Collection[str], after: Collection[str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Events that went into others, and events of which others were made."""
    went: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for was, now in pairs:
        if was.event_ids and now.event_ids:
            went[was.event_ids[0]][now.event_ids[0]] += 1
    merged, split = [], []
    for event_id, targets in sorted(went.items()):
        gone_to = [one for one in sorted(targets, key=lambda one: (-targets[one], one)) if one != event_id]
        new = tuple(one for one in gone_to if one not in before)
        if event_id not in after and gone_to and gone_to[0] in before:
            merged.append((event_id, gone_to[0]))
        if new:
            split.append((event_id, new))
    return tuple(merged), tuple(split)


def _fact_turns(before: Mapping[str, KnownEvent], after: Mapping[str, KnownEvent]) -> Iterator[FactTurn]:
    for event_id in sorted(before.keys() & after.keys()):
        was, now = facts_told(before[event_id]), facts_told(after[event_id])
        yield from (FactTurn(event_id, fact, was[fact], now[fact]) for fact in was if was[fact] != now[fact])


def facts_told(event: KnownEvent) -> dict[str, str]:
    """What a replay compares of an event."""
    yearless = f" {period(event.yearless)} of no year" if event.yearless else ""
    inferred = " (from the publication)" if event.date_inferred else ""
    return {
        "kinds": " ".join(event.kinds),
        "participants": " ".join(sorted(event.participants)),
        "host": event.host_id or "",
        "when": f"{period(event.when)}{inferred}{yearless}",
        "status": event.status.value,
        "ordinal": str(event.ordinal) if event.ordinal is not None else "",
        "series": event.series_key or "",
    }
