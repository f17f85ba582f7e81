"""What lasts, as it becomes known: declared in the settings, imported from a table, learnt from the news, decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from monitor.domain import agreements, claims, independence, partnerships
from monitor.domain import series as recurring
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import Applied, IngestIntent
from monitor.domain.model.events import EventIntent, EventKind, EventStatus, Happening, KnownEvent, Role
from monitor.domain.model.partnerships import (
    AgreementData,
    ClaimField,
    Declared,
    PartnershipData,
    PartnershipState,
    SeriesData,
    Stated,
)
from monitor.domain.model.places import Place
from monitor.domain.model.seeds import SeedRecord
from monitor.ports import Relations, UnitOfWork, Units

# ---------------------------------------------------------------- told by people


def declare(declared: Declared, now: datetime, units: Units, stated_by: str = "") -> None:
    """Write what the settings or a table (`stated_by`: which) say, in one transaction. Idempotent; removes nothing."""
    if not (declared.partnerships or declared.agreements or declared.series):
        return
    with units() as unit:
        tell(unit, declared, now, stated_by)
        unit.commit()


def tell(unit: UnitOfWork, declared: Declared, now: datetime, stated_by: str = "") -> None:
    """Write what one voice says; the caller commits."""
    for one in declared.partnerships:
        unit.put_partnership(one, now, stated_by)
    relations = unit.relations()
    for paper in declared.agreements:
        known = {one.key: one for one in relations.agreements(paper.partnership_key)}
        relations.put_agreement(agreements.merged(known.get(paper.key), paper, stated_by), now)
    for each in declared.series:
        relations.put_series(_series_as_told(each, relations.series(each.key)))


def _series_as_told(said: SeriesData, known: Sequence[SeriesData]) -> SeriesData:
    """What is declared of a series goes before what the news told; members that only the news knows stay."""
    if not known:
        return said
    [before] = known
    told = {one.place_id for one in said.members}
    members = (*said.members, *(one for one in before.members if one.place_id not in told))
    return replace(
        said,
        names=tuple(dict.fromkeys((*said.names, *before.names))),
        cadence_months=said.cadence_months or before.cadence_months,
        members=tuple(sorted(members, key=lambda one: one.place_id)),
    )


def decide(key: str, state: PartnershipState, now: datetime, units: Units) -> None:
    """A person's yes or no to a partnership; raises `NotFound`."""
    with units() as unit:
        unit.relations().set_state(key, state, now)
        unit.commit()


# ---------------------------------------------------------------- told by the news


def learn(intent: IngestIntent, applied: Applied, relations: Relations, knowledge: Knowledge) -> None:
    """Note what the events that an article tells say of partnerships, agreements and series."""
    for told, event_id in zip(intent.events, applied.event_ids, strict=True):
        if told.role is Role.REPORT:
            _learn_one(told, event_id, intent, applied.article_id, relations, knowledge)


def _learn_one(
    told: EventIntent,
    event_id: str,
    intent: IngestIntent,
    article_id: int,
    relations: Relations,
    knowledge: Knowledge,
) -> None:
    happening, now = told.happening, intent.decided_at
    _note_edition(happening, relations, knowledge.place)
    if partnerships.TELLING.isdisjoint(happening.kinds):
        return
    known = relations.partnerships_of(partnerships.with_seats(happening.participants, knowledge.place))
    language = intent.understanding.article.language
    grade = agreements.grade_in(happening.sentence, language, knowledge.lexicon)
    new = partnerships.proposed(happening, known, knowledge.place, grade)
    if new is not None:
        new = partnerships.merged(None, new, event_id)
        relations.put_partnership(new, now)
        known = (*known, new)
    partnership = partnerships.meant(happening.participants, known, knowledge.place)
    if partnership is None:
        return
    if EventKind.AGREEMENT_ENDED in happening.kinds:
        day = happening.when.starts_on if happening.when else intent.understanding.article.published_on
        # What was only proposed cannot end: most likely the end is that of another relation, read amiss.
        if day is not None and happening.status is EventStatus.HAPPENED and partnership.is_asked_for:
            _note_end(partnership, day, event_id, article_id, relations, knowledge, now)
        return
    papers = relations.agreements(partnership.key)
    paper = agreements.learnt(happening, event_id, article_id, partnership.key, grade, papers)
    if paper is not None:
        before = next((one for one in papers if one.key == paper.key), None)
        relations.put_agreement(agreements.merged(before, paper), now)
        _note_life(partnership, paper, relations, now)


def learn_seed(record: SeedRecord, relations: Relations, now: datetime, place: Callable[[str], Place | None]) -> None:
    """Note what a seed's event says of an agreement and a series; partnerships it tells itself."""
    if record.happening is None:
        return
    _note_edition(record.happening, relations, place)
    events = relations.events_of(record.happening.participants)
    event = next((one for one in events if one.seed_key == record.key), None)
    known = relations.partnerships_of(partnerships.with_seats(record.happening.participants, place))
    partnership = partnerships.meant(record.happening.participants, known, place)
    if event is None or partnership is None:
        return
    papers = relations.agreements(partnership.key)
    paper = agreements.learnt(record.happening, event.id, event.article_ids[0], partnership.key, None, papers)
    if paper is not None:
        before = next((one for one in papers if one.key == paper.key), None)
        relations.put_agreement(agreements.merged(before, replace(paper, origin=Stated.SEED), record.key), now)


def _note_life(partnership: PartnershipData, paper: AgreementData, relations: Relations, now: datetime) -> None:
    """What was signed after an end that the news told takes that end back."""
    if paper.signed_on is None:
        return
    alive = partnerships.revived(partnership, paper.signed_on)
    if alive.claims != partnership.claims:
        relations.put_partnership(alive, now)


def _note_end(
    partnership: PartnershipData,
    day: date,
    event_id: str,
    article_id: int,
    relations: Relations,
    knowledge: Knowledge,
    now: datetime,
) -> None:
    """An end that happened is a claim; it is believed once it is confirmed."""
    event = next((one for one in relations.events_of(partnership.participants) if one.id == event_id), None)
    is_confirmed = event is not None and _is_confirmed(event, relations, knowledge)
    end = claims.claim(ClaimField.UNTIL, day, (Stated.NEWS, event_id), article_id, is_confirmed)
    if end is not None:
        relations.put_partnership(partnerships.ended(partnership, end), now)


def _is_confirmed(event: KnownEvent, relations: Relations, knowledge: Knowledge) -> bool:
    return independence.standing(event, relations.origins(event.id), knowledge.place).is_confirmed


def _note_edition(happening: Happening, relations: Relations, place: Callable[[str], Place | None]) -> None:
    """Who takes part in an edition belongs to the series."""
    if happening.series_key is None or happening.ordinal is None or happening.status is not EventStatus.HAPPENED:
        return
    for known in relations.series(happening.series_key):
        members = recurring.joined(known.members, happening.participants, happening.when, place)
        if members != known.members:
            relations.put_series(replace(known, members=members))
