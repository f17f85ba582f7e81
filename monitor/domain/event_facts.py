"""The facts of an event: as a report tells them, as a person sets them, and how two events' facts become one's.

A fact that a person set is *pinned*: later reports do not move it, and the values that the news told stay readable in
the verdicts that set it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from monitor.domain.model.articles import Understanding
from monitor.domain.model.events import (
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Happening,
    KnownEvent,
    Precision,
    VerdictKind,
)
from monitor.domain.model.places import PlaceKind
from monitor.domain.model.review import EventFacts, FactsEdit, VerdictRecord
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


def originals(records: Iterable[VerdictRecord]) -> dict[str, object]:
    """What the news had told of each fact that a person set: from the event's edits that hold, in any order."""
    found: dict[str, object] = {}
    edits = [one for one in records if one.verdict.kind is VerdictKind.EDIT and one.undone_at is None]
    for record in sorted(edits, key=lambda one: one.verdict.id):
        for change in record.payload.effects.facts:
            moved = (name for name in PINNED if getattr(change.before, name) != getattr(change.after, name))
            for name in moved:
                found.setdefault(name, getattr(change.before, name))
    return found


def period(when: DateRange | None) -> str:
    """As ISO 8601: a day, or an interval "start/end"."""
    if when is None:
        return ""
    return str(when.starts_on) if when.starts_on == when.ends_on else f"{when.starts_on}/{when.ends_on}"


def written_period(when: DateRange | None) -> str:
    """As a person would write it for `read_period`; several months or years only as days."""
    if when is None:
        return ""
    first, last = when.starts_on, when.ends_on
    if when.precision is Precision.YEAR and first.year == last.year:
        return f"{first.year:04}"
    if when.precision is Precision.MONTH and (first.year, first.month) == (last.year, last.month):
        return f"{first.year:04}-{first.month:02}"
    return period(when)


def read_period(text: str) -> DateRange:
    """The dates that a person writes: "2026-05-12", "2026-05", "2026", or two days "2026-05-11/2026-05-13".

    Raises `ValueError`.
    """
    first, slash, last = text.strip().partition("/")
    if slash:
        starts_on, ends_on = date.fromisoformat(first), date.fromisoformat(last)
        if starts_on > ends_on:
            raise ValueError(f"{text!r} ends before it begins")
        return DateRange(starts_on, ends_on)
    if re.fullmatch(r"\d{4}", first):
        return DateRange(date(int(first), 1, 1), date(int(first), 12, 31), Precision.YEAR)
    if re.fullmatch(r"\d{4}-\d{2}", first):
        year, month = int(first[:4]), int(first[5:])
        begins = date(year, month, 1)
        return DateRange(begins, date(year, month, calendar.monthrange(year, month)[1]), Precision.MONTH)
    day = date.fromisoformat(first)
    return DateRange(day, day)
