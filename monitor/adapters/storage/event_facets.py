"""What a list of events could be narrowed by, and how many of them each value would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import in_batches
from monitor.domain.kind_families import FAMILY_OF, KindFamily
from monitor.domain.model.event_search import Facets, Novelty
from monitor.domain.model.events import EventKind, EventOrigin, EventStatus

T = TypeVar("T")

MAX_VALUES = 30  # of a facet; the rest is too rare to be chosen from a list

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OWN = select(t.event.c.status, t.event.c.origin, t.event.c.languages, t.event.c.countries).where(
    t.event.c.id.in_(_IDS)
)
_KINDS = select(t.event_kind.c.event_id, t.event_kind.c.kind).where(t.event_kind.c.event_id.in_(_IDS))
_PLACES = (
    select(t.event_participant.c.place_id, func.count())
    .where(t.event_participant.c.event_id.in_(_IDS))
    .group_by(t.event_participant.c.place_id)
)
_SOURCES = (
    select(t.article.c.source_key, func.count(t.event_article.c.event_id.distinct()))
    .join(t.article, t.article.c.id == t.event_article.c.article_id)
    .where(t.event_article.c.event_id.in_(_IDS), t.article.c.source_key.is_not(None))
    .group_by(t.article.c.source_key)
)
_KNOWN = frozenset({EventOrigin.SEED.value, EventOrigin.BASELINE.value})


def facets(connection: Connection, event_ids: Sequence[str]) -> Facets:
    """Counted over these events."""
    count = _Counts()
    for ids in in_batches(event_ids):
        given = {"ids": ids}
        for status, origin, languages, countries in connection.execute(_OWN, given).all():
            count.statuses[EventStatus(status)] += 1
            count.novelties[Novelty.KNOWN if origin in _KNOWN else Novelty.NEW] += 1
            count.languages.update(set(languages))
            count.countries.update(set(countries))
        families = {
            (event_id, FAMILY_OF[EventKind(kind)]) for event_id, kind in connection.execute(_KINDS, given).all()
        }
        count.families.update(family for _, family in families)
        _add(count.places, connection.execute(_PLACES, given).all())
        _add(count.sources, connection.execute(_SOURCES, given).all())
    found = count.most_frequent()
    keys = [key for key, _ in found.sources]
    named = connection.execute(select(t.source.c.key, t.source.c.name).where(t.source.c.key.in_(keys)))
    return replace(found, source_names=tuple((key, name) for key, name in named))


class _Counts:
    def __init__(self) -> None:
        self.families: Counter[KindFamily] = Counter()
        self.statuses: Counter[EventStatus] = Counter()
        self.novelties: Counter[Novelty] = Counter()
        self.places: Counter[str] = Counter()
        self.countries: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()

    def most_frequent(self) -> Facets:
        return Facets(
            families=_ordered(self.families),
            statuses=_ordered(self.statuses),
            novelties=_ordered(self.novelties),
            places=_ordered(self.places),
            countries=_ordered(self.countries),
            languages=_ordered(self.languages),
            sources=_ordered(self.sources),
        )


def _add(counter: Counter[str], rows: Iterable[Any]) -> None:
    for value, number in rows:
        counter[value] += number


def _ordered(counter: Counter[T]) -> tuple[tuple[T, int], ...]:
    found: Collection[tuple[T, int]] = counter.items()
    return tuple(sorted(found, key=lambda pair: (-pair[1], str(pair[0])))[:MAX_VALUES])
