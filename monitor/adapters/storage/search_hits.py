"""The newest articles that hold the words, sorted into events, and as rows with the hits marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from monitor.adapters.storage import search
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.article_views import found_rows
from monitor.adapters.storage.events import in_batches
from monitor.adapters.storage.search import Term
from monitor.domain.model.views import ArticleRow

HITS_CONSIDERED = search.COUNTED_UP_TO  # design section 5: past these only by asking for older ones
TITLES_COMPARED = 8  # of an event's hits, the newest: the best of them is shown
LOOSE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Hits:
    """The newest articles that hold all terms."""

    terms: tuple[Term, ...]
    by_event: Mapping[str, Sequence[int]]  # of each event its hits, newest first
    loose: tuple[int, ...]  # of no event, newest first
    older: int | None  # there are more below this id


def newest_hits(connection: Connection, terms: tuple[Term, ...], below: int | None) -> Hits:
    """The newest hits; `below`: of articles with smaller ids."""
    ids = search.newest(connection, terms, HITS_CONSIDERED + 1, below)
    older = ids[HITS_CONSIDERED - 1] if len(ids) > HITS_CONSIDERED else None
    ids = ids[:HITS_CONSIDERED]
    by_event: dict[str, list[int]] = defaultdict(list)
    linked: set[int] = set()
    link = t.event_article.c
    for batch in in_batches(ids):
        chosen = select(link.event_id, link.article_id).where(link.article_id.in_(batch))
        for event_id, article_id in connection.execute(chosen).all():
            by_event[event_id].append(article_id)
            linked.add(article_id)
    for found in by_event.values():
        found.sort(reverse=True)
    return Hits(terms, by_event, tuple(one for one in ids if one not in linked), older)


def best_rows(connection: Connection, event_ids: Sequence[str], hits: Hits) -> dict[str, ArticleRow]:
    """Of each event the article that fits best: the newest that holds all words in its title, else the newest."""
    compared = {one: hits.by_event[one][:TITLES_COMPARED] for one in event_ids if one in hits.by_event}
    titles = _titles(connection, {one for ids in compared.values() for one in ids})
    chosen = {
        event_id: next((one for one in ids if search.holds(titles[one], hits.terms)), ids[0])
        for event_id, ids in compared.items()
    }
    rows = {row.id: row for row in found_rows(connection, tuple(set(chosen.values())), hits.terms)}
    return {event_id: rows[one] for event_id, one in chosen.items()}


def loose_rows(connection: Connection, ids: Sequence[int], terms: Sequence[Term]) -> tuple[ArticleRow, ...]:
    """The newest of the hits that belong to no event."""
    return found_rows(connection, ids[:LOOSE_SHOWN], terms)


def _titles(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for batch in in_batches(ids):
        found.update(
            connection.execute(select(t.article.c.id, t.article.c.title).where(t.article.c.id.in_(batch))).all()
        )
    return found
