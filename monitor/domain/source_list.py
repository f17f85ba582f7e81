"""The list of sources: which state each is in, what is asked for, and one page of it. Pure.

Names are folded, so that "da nang" finds "Đà Nẵng", alike on every database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from monitor.domain.model.source_pages import SourceListed
from monitor.domain.model.views import Killer
from monitor.domain.text import fold
from monitor.domain.urls import host_of


class Standing(StrEnum):
    """What a source is picked by: the health of any of its feeds, a person's pause, documents that kill."""

    OK = "ok"
    EMPTY = "empty"
    QUIET = "quiet"
    MOVED = "moved"
    BLOCKED = "blocked"
    BROKEN = "broken"
    DEGRADED = "degraded"
    GONE = "gone"
    NEW = "new"
    PAUSED = "paused"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class SourceQuery:
    """What is asked of the list."""

    standing: Standing | None = None
    words: str = ""  # all of them stand in name, key or host
    after: str = ""  # key of the last source of the page before; "": from the beginning


@dataclass(frozen=True, slots=True)
class SourceListPage:
    """One page, by name."""

    keys: tuple[str, ...]
    counts: Mapping[Standing, int]  # of what the words find
    found: int  # by the words, in any standing
    next_after: str  # "": there are no more


def standings(source: SourceListed, hosts_in_quarantine: Collection[str]) -> frozenset[Standing]:
    """What a source is picked by; one that is paused has no health to speak of."""
    if source.paused:
        return frozenset({Standing.PAUSED})
    found = {Standing(one.health.value) for one in source.feeds}
    if any(bare(one.host) in hosts_in_quarantine for one in source.feeds):
        found.add(Standing.QUARANTINED)
    return frozenset(found)


def listed(
    known: Iterable[SourceListed], asked: SourceQuery, hosts_in_quarantine: Collection[str], limit: int
) -> SourceListPage:
    """The page that is asked for, with how many sources are in each standing."""
    words = fold(asked.words).split()
    found = [(one, standings(one, hosts_in_quarantine)) for one in known if _has(one, words)]
    chosen = [one for one, states in found if asked.standing is None or asked.standing in states]
    ordered = [one.key for one in sorted(chosen, key=_place)]
    start = _start(known, ordered, asked.after)
    keys = ordered[start : start + limit]
    counts = Counter(state for _, states in found for state in states)
    is_last = start + limit >= len(ordered)
    return SourceListPage(tuple(keys), {one: counts[one] for one in Standing}, len(found), "" if is_last else keys[-1])


def _start(known: Iterable[SourceListed], ordered: Sequence[str], after: str) -> int:
    """Where the page begins, also where the last source of the page before is picked no more."""
    last = next((one for one in known if one.key == after), None) if after else None
    if last is None:
        return 0
    if after in ordered:
        return ordered.index(after) + 1
    places = {one.key: _place(one) for one in known}
    return sum(places[key] <= _place(last) for key in ordered)


def _place(source: SourceListed) -> tuple[str, str]:
    return _folded(source.name), source.key


# The same names are asked for with each page; there are thousands.
_folded = lru_cache(maxsize=10_000)(fold)


def _has(source: SourceListed, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = " ".join((_folded(source.name), source.key, *(one.host for one in source.feeds)))
    return all(word in text for word in words)


# ---------------------------------------------------------------- quarantine


def hosts_in_quarantine(killers: Iterable[Killer]) -> frozenset[str]:
    """Hosts with documents that are never read again."""
    return frozenset(bare(host_of(one.url) or "") for one in killers if one.is_quarantined) - {""}


def killers_of(hosts: Iterable[str], killers: Iterable[Killer]) -> tuple[Killer, ...]:
    """Documents of these hosts that killed a reader, in their order."""
    wanted = {bare(host) for host in hosts} - {""}
    return tuple(one for one in killers if bare(host_of(one.url) or "") in wanted)


def bare(host: str) -> str:
    """The host without "www."."""
    return host.removeprefix("www.")
