"""What a verdict changed, in words: for the history of who did what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from monitor.domain.event_facts import PINNED, period
from monitor.domain.model.events import DateRange
from monitor.domain.model.review import Effects, FactsChange

UNKNOWN = "not known"


def effect_words(effects: Effects) -> tuple[str, ...]:
    """One line for each thing that it changed, articles and events by their ids."""
    return tuple(_lines(effects))


def _lines(effects: Effects) -> Iterator[str]:
    yield from (f"article {one.article_id}: {one.before.value} → {one.after.value}" for one in effects.labels)
    yield from (f"event {one} opened" for one in effects.opened)
    yield from (f"event {one} reopened" for one in effects.reopened)
    yield from (f"event {one.event_id} merged into {one.into}" for one in effects.merged)
    yield from (f"article {one.article_id} taken from event {one.event_id}" for one in effects.unlinked)
    yield from (f"article {one.article_id} put to event {one.event_id}" for one in effects.linked)
    for change in effects.facts:
        yield from fact_words(change)
    yield from (f"event {one} closed" for one in (*effects.closed, *effects.shut))


def fact_words(change: FactsChange) -> Iterator[str]:
    """Of each fact that a person can set and that changed: what was there, what is there."""
    for name in PINNED:
        before, after = getattr(change.before, name), getattr(change.after, name)
        if before != after:
            yield f"event {change.event_id}: {name} {value_words(before)} → {value_words(after)}"


def value_words(value: object) -> str:
    """A fact's value as a person reads it."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, DateRange):
        return period(value)
    if isinstance(value, Collection) and not isinstance(value, str):
        return _listed(value)
    return str(value)


def _listed(values: Iterable[object]) -> str:
    found = list(map(str, values))
    return ", ".join(sorted(found) if isinstance(values, frozenset) else found) or UNKNOWN
