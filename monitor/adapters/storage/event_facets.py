"""What a list of events could be narrowed by, and how many of them each value would leave."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.events import in_batches
from monitor.adapters.storage.listing import Facet
from monitor.domain.kind_families import KindFamily
from monitor.domain.model.event_search import Facets, Novelty
from monitor.domain.model.events import EventStatus

T = TypeVar("T", bound=str)

MAX_VALUES = 30  # of a facet; the rest is too rare to be chosen from a list

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_COUNTED = (
    select(t.event_facet.c.facet, t.event_facet.c.value, func.count())
    .where(t.event_facet.c.event_id.in_(_IDS))
    .group_by(t.event_facet.c.facet, t.event_facet.c.value)
)


def facets(connection: Connection, event_ids: Sequence[str]) -> Facets:
    """Counted over these events."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for ids in in_batches(event_ids):
        for facet, value, number in connection.execute(_COUNTED, {"ids": ids}):
            counted[facet][value] += number

    def ordered(facet: Facet, read: Callable[[str], T]) -> tuple[tuple[T, int], ...]:
        most = sorted(counted[facet.value].items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_VALUES]
        return tuple((read(value), number) for value, number in most)

    found = Facets(
        families=ordered(Facet.FAMILY, KindFamily),
        statuses=ordered(Facet.STATUS, EventStatus),
        novelties=ordered(Facet.NOVELTY, Novelty),
        places=ordered(Facet.PLACE, str),
        countries=ordered(Facet.COUNTRY, str),
        languages=ordered(Facet.LANGUAGE, str),
        sources=ordered(Facet.SOURCE, str),
    )
    keys = [key for key, _ in found.sources]
    named = connection.execute(select(t.source.c.key, t.source.c.name).where(t.source.c.key.in_(keys)))
    return replace(found, source_names=tuple((key, name) for key, name in named))
