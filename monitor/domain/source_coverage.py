"""Whether the silence about a partnership can be trusted: which of both places' own sites and press are followed.

A source counts for a place when it speaks for or reports on that place or on what it lies in, below the country: the
province of a county, the seat of a university. National press and news searches count for none: what they leave out
says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from monitor.domain.model.digests import Watch
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.places import PlaceKind, PlaceLookup
from monitor.domain.model.seeds import PartnershipData
from monitor.domain.partnerships import partnership_key
from monitor.domain.places import covers

SEARCH, PRESS, OFFICIAL = 0, 1, 2  # `trust` of a source: what it is
MAX_ANCESTORS = 6  # institution, district, city, province, region, country: a longer chain is a loop in the data


class CoverageState(StrEnum):
    """How well one kind of source of one place is followed, best first."""

    COVERED = "covered"  # a followed source that is well
    SILENT = "silent"  # followed and read, but it has brought nothing for long, or nothing yet
    BROKEN = "broken"  # followed, but it cannot be read as it should
    NOTHING = "nothing"  # no source


_STATES = {
    FeedHealth.OK: CoverageState.COVERED,
    FeedHealth.MOVED: CoverageState.COVERED,  # still read through the redirect
    FeedHealth.NEW: CoverageState.SILENT,
    FeedHealth.QUIET: CoverageState.SILENT,
    FeedHealth.EMPTY: CoverageState.SILENT,
    FeedHealth.DEGRADED: CoverageState.BROKEN,
    FeedHealth.BLOCKED: CoverageState.BROKEN,
    FeedHealth.BROKEN: CoverageState.BROKEN,
    FeedHealth.GONE: CoverageState.BROKEN,
}
_BEST_FIRST = tuple(CoverageState)


class FollowedFeed(Protocol):
    """What of a feed counts here."""

    @property
    def health(self) -> FeedHealth:
        """How it does."""
        ...


class FollowedSource(Protocol):
    """What of a source counts here."""

    @property
    def key(self) -> str:
        """By which it is named."""
        ...

    @property
    def name(self) -> str:
        """As readers know it."""
        ...

    @property
    def place_id(self) -> str | None:
        """What it speaks for or reports on."""
        ...

    @property
    def trust(self) -> int:
        """What it is: see above."""
        ...

    @property
    def paused(self) -> bool:
        """Whether a person stopped it."""
        ...

    @property
    def feeds(self) -> Sequence[FollowedFeed]:
        """Those that are followed."""
        ...


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """What is followed of one kind of source: the best of them and how it does."""

    state: CoverageState
    source_key: str | None = None
    source_name: str | None = None
    health: FeedHealth | None = None  # of its best feed
    place_id: str | None = None  # what it speaks for, where that is wider than the place asked for
    only_searched: bool = False  # nothing but a news search looks there
    paused_key: str | None = None  # a source there was that a person paused


@dataclass(frozen=True, slots=True)
class PartnershipCoverage:
    """One pair of a partnership: ours and the partner's, sites and press."""

    partnership: PartnershipData
    home_id: str
    partner_id: str
    home_site: SourceCoverage
    home_press: SourceCoverage
    partner_site: SourceCoverage
    partner_press: SourceCoverage

    @property
    def is_trusted(self) -> bool:
        """Whether on each side at least one source is read and well: then "no news" is news."""
        home, partner = (self.home_site, self.home_press), (self.partner_site, self.partner_press)
        return all(any(one.state is CoverageState.COVERED for one in side) for side in (home, partner))


def coverages(
    partnerships: Iterable[PartnershipData], sources: Sequence[FollowedSource], homes: Sequence[str], place: PlaceLookup
) -> tuple[PartnershipCoverage, ...]:
    """Each pair of one of our places and a partner, in the order of the partnerships."""
    found: list[PartnershipCoverage] = []
    nearby = _Nearby(sources, place)
    for partnership in partnerships:
        for home, partner in pairs(partnership, homes, place):
            found.append(
                PartnershipCoverage(
                    partnership=partnership,
                    home_id=home,
                    partner_id=partner,
                    home_site=_covered(nearby.of(home), OFFICIAL),
                    home_press=_covered(nearby.of(home), PRESS),
                    partner_site=_covered(nearby.of(partner), OFFICIAL),
                    partner_press=_covered(nearby.of(partner), PRESS),
                )
            )
    return tuple(found)


def untrusted_partnerships(
    partnerships: Iterable[PartnershipData], sources: Sequence[FollowedSource], homes: Sequence[str], place: PlaceLookup
) -> tuple[PartnershipCoverage, ...]:
    """Those whose silence cannot be trusted: on one side at least, no source is read and well."""
    return tuple(one for one in coverages(partnerships, sources, homes, place) if not one.is_trusted)


# ---------------------------------------------------------------- whose partnerships


def watched_partnerships(
    known: Iterable[PartnershipData], watches: Sequence[Watch], homes: Sequence[str], on: date, place: PlaceLookup
) -> tuple[PartnershipData, ...]:
    """Those in force that a watch asks for, with those that a watch only implies: our place beside one abroad.

    No watches, or one that names neither place nor country, ask for all. One that the news only
    proposes, or that a person declined, is never among them.
    """
    known = tuple(one for one in known if one.is_asked_for and (one.until is None or one.until >= on))
    chosen = [one for one in known if not watches or any(_wants(watch, one, place) for watch in watches)]
    seen = {one.participants for one in chosen}
    implied = (one for one in _implied(watches, homes, place) if not any(one <= known_ones for known_ones in seen))
    chosen += [PartnershipData(partnership_key(one), one) for one in sorted(implied, key=partnership_key)]
    return tuple(chosen)


def _wants(watch: Watch, partnership: PartnershipData, place: PlaceLookup) -> bool:
    entries = [found for one in partnership.participants if (found := place(one)) is not None]
    if watch.countries and watch.countries.isdisjoint(entry.country for entry in entries):
        return False
    return not watch.places or any(not watch.places.isdisjoint(above(entry.id, place)) for entry in entries)


def _implied(watches: Sequence[Watch], homes: Sequence[str], place: PlaceLookup) -> set[frozenset[str]]:
    found: set[frozenset[str]] = set()
    for watch in watches:
        entries = [entry for one in watch.places if (entry := place(one)) is not None]
        ours = [entry for entry in entries if entry.id in homes]
        for home in ours:
            found |= {frozenset({home.id, other.id}) for other in entries if other.country != home.country}
    return found


def pairs(partnership: PartnershipData, homes: Sequence[str], place: PlaceLookup) -> tuple[tuple[str, str], ...]:
    """Ours with each partner. Ours are the participants that lie in a home place, or belong to one; where none does,
    the first in the order of ids. Of several, partners of our own country are left out unless there are no others.
    """
    ordered = sorted(partnership.participants)
    ours = [one for one in ordered if not above(one, place).keys().isdisjoint(homes)] or ordered[:1]
    if len(ours) == len(ordered):
        ours = ours[:1]
    others = [one for one in ordered if one not in ours]
    return tuple((home, partner) for home in ours for partner in _abroad(home, others, place))


def _abroad(home: str, others: Sequence[str], place: PlaceLookup) -> Sequence[str]:
    country = _country(home, place)
    return [one for one in others if _country(one, place) != country] or others


def _country(place_id: str, place: PlaceLookup) -> str | None:
    found = place(place_id)
    return found.country if found is not None else None


def above(place_id: str, place: PlaceLookup) -> dict[str, int]:
    """A place and what it lies in or belongs to, below the country, with how many steps away that is."""
    found: dict[str, int] = {}
    waiting = [place_id]
    for steps in range(MAX_ANCESTORS):
        entries = [entry for one in waiting if one not in found and (entry := place(one)) is not None]
        found |= {one: steps for one in waiting if one not in found}
        waiting = [up for entry in entries for up in (entry.seat_id, entry.parent_id, entry.successor_id) if up]
    return {one: steps for one, steps in found.items() if not _is_country(one, place)}


def _is_country(place_id: str, place: PlaceLookup) -> bool:
    entry = place(place_id)
    return entry is not None and entry.kind is PlaceKind.COUNTRY


# ---------------------------------------------------------------- one cell


class _Nearby:
    """Which sources are near a place, and how far: looked up once a place, however many partnerships it has."""

    def __init__(self, sources: Sequence[FollowedSource], place: PlaceLookup) -> None:
        self._place = place
        self._found: dict[str, tuple[tuple[int, FollowedSource], ...]] = {}
        self._by_place: dict[str, list[FollowedSource]] = {}
        for one in sources:
            if one.place_id is not None:
                self._by_place.setdefault(one.place_id, []).append(one)

    def of(self, place_id: str) -> tuple[tuple[int, FollowedSource], ...]:
        """The sources that count for a place, each with its steps away. Press inside the place is near."""
        if place_id not in self._found:
            self._found[place_id] = tuple(self._near(place_id))
        return self._found[place_id]

    def _near(self, place_id: str) -> Iterator[tuple[int, FollowedSource]]:
        upwards, upper = above(place_id, self._place), self._place(place_id)
        for where, sources in self._by_place.items():
            steps = upwards.get(where)
            if steps is not None:
                yield from ((steps, one) for one in sources)
                continue
            press = [one for one in sources if one.trust == PRESS]
            lower = self._place(where) if press else None
            if upper is not None and lower is not None and covers(upper, lower, self._place):
                yield from ((1, one) for one in press)


def _covered(near: Sequence[tuple[int, FollowedSource]], trust: int) -> SourceCoverage:
    ranked = sorted(
        (_rank(steps, one) for steps, one in near if one.trust == trust and not one.paused and one.feeds),
        key=lambda rank: rank[:3],
    )
    if not ranked:
        paused = min((one.key for _, one in near if one.trust == trust and one.paused), default=None)
        is_searched = any(one.trust == SEARCH and not one.paused for _, one in near)
        return SourceCoverage(CoverageState.NOTHING, only_searched=is_searched, paused_key=paused)
    _, steps, _, best, feed = ranked[0]
    wider = best.place_id if steps > 0 else None
    return SourceCoverage(_STATES[feed.health], best.key, best.name, feed.health, wider)


def _rank(steps: int, source: FollowedSource) -> tuple[int, int, str, FollowedSource, FollowedFeed]:
    """Best state first, then the nearest, then by key."""
    feed = min(source.feeds, key=lambda one: _BEST_FIRST.index(_STATES[one.health]))
    return _BEST_FIRST.index(_STATES[feed.health]), steps, source.key, source, feed
