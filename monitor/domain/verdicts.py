"""What a person's correction changes, and what taking it back changes; pure, so that every undo can be checked.

What of a correction is told: an event that a person merges or edits is told as corrected only to those who were told
of it before, that is, when a digest was written over its changes. A part split off is news to everybody who took it
for the other event, so it is told unless all its reports come from a baseline or a seed. An event that loses its last
report is closed and never told again. Taking a verdict back silences lines that no digest has told yet; what was told
is corrected aloud.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

from monitor.domain.model.articles import Label, Understanding
from monitor.domain.model.events import (
    ChangeIntent,
    ChangeKind,
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Happening,
    KnownEvent,
    Role,
)
from monitor.domain.model.places import PlaceKind
from monitor.domain.model.review import (
    ArticleForReview,
    ArticleLink,
    ArticleStanding,
    Effects,
    EventFacts,
    EventForReview,
    FactsChange,
    FactsEdit,
    LabelChange,
    Merged,
)
from monitor.domain.text import fold

MOST_MENTIONED = 4  # places taken for participants where a text shows no happening: more are a list, not a relation

# What a person can set, with all that goes with it; later reports do not move a fact that is pinned.
PINNED: Mapping[str, tuple[str, ...]] = {
    "title": (),
    "kinds": ("kinds",),
    "participants": ("participants", "countries"),
    "host_id": ("host_id",),
    "when": ("when", "date_inferred", "yearless"),
    "status": ("status",),
}


# ---------------------------------------------------------------- facts


def as_happening(event: KnownEvent) -> Happening:
    """A known event as a report would tell it."""
    return Happening(
        kinds=event.kinds,
        participants=event.participants,
        host_id=event.host_id,
        when=event.when,
        status=event.status,
        ordinal=event.ordinal,
        series_key=event.series_key,
        date_inferred=event.date_inferred,
        yearless=event.yearless,
    )


def happening_of(facts: EventFacts) -> Happening:
    """An event's facts as a report would tell them."""
    return Happening(
        kinds=facts.kinds,
        participants=facts.participants,
        host_id=facts.host_id,
        when=facts.when,
        status=facts.status,
        ordinal=facts.ordinal,
        series_key=facts.series_key,
        date_inferred=facts.date_inferred,
        yearless=facts.yearless,
        countries=facts.countries,
        sentence=facts.sentence,
    )


def as_event(facts: EventFacts) -> KnownEvent:
    """Facts as an event that is not yet opened."""
    return KnownEvent(
        id="",
        kinds=facts.kinds,
        participants=facts.participants,
        host_id=facts.host_id,
        when=facts.when,
        status=facts.status,
        ordinal=facts.ordinal,
        series_key=facts.series_key,
        origin=EventOrigin.NEWS,
        title=facts.title,
        date_inferred=facts.date_inferred,
        yearless=facts.yearless,
    )


def facts_told(title: str, main: Happening, understanding: Understanding) -> EventFacts:
    """An event's facts by one article alone."""
    language = understanding.article.language
    told = EventFacts(title, main.kinds, main.participants, main.host_id, main.when, main.status)
    return replace(
        standing_as(told, main),
        people=frozenset(fold(person.name) for person in understanding.facts.people),
        numbers=frozenset(understanding.facts.numbers),
        languages=frozenset({language} if language else ()),
    )


def from_mentions(understanding: Understanding) -> Happening:
    """An event of which the text shows no more than places, on the day it was published: for a person to edit."""
    settled = [one for one in understanding.mentions if one.place_id and one.kind is not PlaceKind.COUNTRY]
    named = list(dict.fromkeys(one.place_id for one in settled if one.place_id))[:MOST_MENTIONED]
    day = understanding.article.published_on
    return Happening(
        kinds=(EventKind.PROGRAMME_REPORT,),
        participants=frozenset(named),
        host_id=None,
        when=DateRange(day, day) if day else None,
        status=EventStatus.HAPPENED,
        countries=frozenset(one.country for one in settled if one.place_id in named and one.country),
        date_inferred=True,
    )


def respecting_pins(pins: Collection[str], before: Happening, after: Happening) -> Happening:
    """`after`, with what a person set as it was."""
    if not pins:
        return after
    kept = {name: getattr(before, name) for pin in pins for name in PINNED.get(pin, ())}
    if not before.countries:
        kept.pop("countries", None)  # what is known of an event does not carry them; its row does
    return replace(after, **kept)


def standing_as(facts: EventFacts, happening: Happening) -> EventFacts:
    """An event's facts once its happening is this one; what the happening is silent on stays."""
    return replace(
        facts,
        kinds=happening.kinds,
        participants=happening.participants,
        host_id=happening.host_id,
        when=happening.when,
        status=happening.status,
        date_inferred=happening.date_inferred,
        yearless=happening.yearless,
        ordinal=happening.ordinal,
        series_key=happening.series_key,
        countries=facts.countries | happening.countries,
        sentence=happening.sentence or facts.sentence,
    )


def edited(facts: EventFacts, edit: FactsEdit, countries: frozenset[str]) -> EventFacts:
    """The facts as a person sets them, each set one pinned; `countries` are those of the new participants."""
    values = {name: getattr(edit, name) for name in PINNED if getattr(edit, name) is not None}
    values |= dict.fromkeys(edit.cleared & {"host_id", "when"})
    pins = facts.pins | values.keys()
    if "participants" in values:
        values["countries"] = countries
    if "when" in values:
        values |= {"date_inferred": False, "yearless": None}
    return replace(facts, pins=pins, **values)


def joined(kept: EventFacts, gone: EventFacts, happening: Happening) -> EventFacts:
    """The facts of an event once another went into it; its own participants and headline stay."""
    facts = standing_as(kept, happening)
    return replace(
        facts,
        people=kept.people | gone.people,
        numbers=kept.numbers | gone.numbers,
        languages=kept.languages | gone.languages,
        seed_key=kept.seed_key or gone.seed_key,
    )


# ---------------------------------------------------------------- effects


def combined(*parts: Effects) -> Effects:
    """All of them, in order."""
    return Effects(**{one.name: sum((getattr(part, one.name) for part in parts), ()) for one in fields(Effects)})


def relabelled(standings: Iterable[ArticleStanding], label: Label) -> Effects:
    """Give articles a label."""
    return Effects(labels=tuple(LabelChange(one.id, one.label, label) for one in standings if one.label is not label))


def rejected(article: ArticleForReview, events: Iterable[EventForReview]) -> Effects:
    """The article and the copies of its text are irrelevant, belong to no event, and close those they leave empty."""
    everyone = (article.standing, *article.copies)
    unlinked = tuple(link for one in everyone for link in one.links)
    gone = {(link.event_id, link.article_id) for link in unlinked}
    emptied = tuple(one.event.id for one in events if is_emptied(one, gone))
    return combined(relabelled(everyone, Label.IRRELEVANT), Effects(unlinked=unlinked, closed=emptied))


def is_emptied(event: EventForReview, gone: Collection[tuple[str, int]]) -> bool:
    """Whether an event has no report left once these links are gone; those added by hand need none."""
    if event.event.origin is EventOrigin.HAND:
        return False
    return all((link.event_id, link.article_id) in gone for link in event.links)


def confirmed_copies(article: ArticleForReview, event_ids: Sequence[str], now: datetime) -> Effects:
    """The copies of a confirmed text are relevant, and copies in its events."""
    linked = tuple(
        ArticleLink(event_id, copy.id, Role.COPY, "a copy of a report on it", None, now)
        for copy in article.copies
        for event_id in event_ids
        if event_id not in {link.event_id for link in copy.links}
    )
    return combined(relabelled(article.copies, Label.EVENT), Effects(linked=linked))


def rehung(links: Iterable[ArticleLink], to: EventForReview | str, why: str, now: datetime) -> Effects:
    """Let articles belong to another event instead; those that do already keep that link as it is."""
    to_id, there = (to, frozenset[int]()) if isinstance(to, str) else (to.event.id, _article_ids(to.links))
    unlinked = tuple(links)
    linked = tuple(
        replace(link, event_id=to_id, why=why, score=None, linked_at=now)
        for link in unlinked
        if link.article_id not in there
    )
    return Effects(linked=linked, unlinked=unlinked)


def merged(event: EventForReview, into: EventForReview, happening: Happening, why: str, now: datetime) -> Effects:
    """Let an event go into another."""
    after = joined(into.facts, event.facts, happening)
    return combined(
        rehung(event.links, into, why, now),
        Effects(
            facts=(FactsChange(into.event.id, into.facts, after),),
            merged=(Merged(event.event.id, into.event.id),),
        ),
    )


def inverse(effects: Effects) -> Effects:
    """What takes them back. An event that was opened is closed, unless articles still belong to it."""
    return Effects(
        labels=tuple(LabelChange(one.article_id, one.after, one.before) for one in reversed(effects.labels)),
        linked=effects.unlinked,
        unlinked=effects.linked,
        facts=tuple(FactsChange(one.event_id, one.after, one.before) for one in reversed(effects.facts)),
        closed=effects.opened + effects.reopened,
        reopened=effects.closed,
        merged=effects.parted,
        parted=effects.merged,
    )


def rejoined(effects: Effects, part: EventForReview, whole: EventForReview, now: datetime) -> Effects:
    """What takes a split back: the part goes into the whole again, with all that has come to it since."""
    back = inverse(effects)
    since = [link for link in part.links if link.article_id not in _article_ids(back.unlinked)]
    later = rehung(since, whole, "came to a part that was split off", now)
    ends = Effects(merged=(Merged(part.event.id, whole.event.id),))
    return combined(replace(back, closed=()), later, ends)


def touched_articles(effects: Effects) -> frozenset[int]:
    """Whose standing they change."""
    linked = _article_ids((*effects.linked, *effects.unlinked))
    return linked | {one.article_id for one in effects.labels}


def touched_events(effects: Effects) -> tuple[str, ...]:
    """Which events they change, in a fixed order."""
    found = [link.event_id for link in (*effects.linked, *effects.unlinked)]
    found += [one.event_id for one in effects.facts] + [*effects.opened, *effects.closed, *effects.reopened]
    found += [one for both in (*effects.merged, *effects.parted) for one in (both.event_id, both.into)]
    return tuple(sorted(set(found)))


def _article_ids(links: Iterable[ArticleLink]) -> frozenset[int]:
    return frozenset(link.article_id for link in links)


# ---------------------------------------------------------------- lines of the log


def edit_lines(before: EventFacts, after: EventFacts, announce: bool) -> tuple[ChangeIntent, ...]:
    """One line for each fact of the log's kinds that moved, then that a person did it."""
    values = (
        (ChangeKind.STATUS, before.status.value, after.status.value),
        (ChangeKind.DATE, period(before.when), period(after.when)),
        (ChangeKind.PARTICIPANTS, " ".join(sorted(before.participants)), " ".join(sorted(after.participants))),
        (ChangeKind.KINDS, " ".join(before.kinds), " ".join(after.kinds)),
    )
    lines = [ChangeIntent(kind, announce, old, new) for kind, old, new in values if old != new]
    names = sorted(name for name in PINNED if getattr(before, name) != getattr(after, name))
    return (*lines, ChangeIntent(ChangeKind.EDITED, announce, after=" ".join(names)))


def period(when: DateRange | None) -> str:
    """As ISO 8601: a day, or an interval "start/end"."""
    if when is None:
        return ""
    return str(when.starts_on) if when.starts_on == when.ends_on else f"{when.starts_on}/{when.ends_on}"
