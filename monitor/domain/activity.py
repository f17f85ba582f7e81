"""How much goes on in partnerships: which events are theirs, by year, by kind, and told on which side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.headline import main_kind
from monitor.domain.kind_families import FAMILY_OF, KindFamily
from monitor.domain.model.activity import EventPresence, Telling
from monitor.domain.model.events import EventKind, EventStatus, KnownEvent
from monitor.domain.model.partnerships import PartnershipData
from monitor.domain.model.places import PlaceKind, PlaceLookup
from monitor.domain.source_coverage import above

Beside = Callable[[str], Sequence[str]]


# ---------------------------------------------------------------- many partnerships at once


@dataclass(frozen=True, slots=True)
class _Roll:
    """Who is a member of what: from a place to the partnerships that it may stand in, and for whom."""

    seats: Mapping[str, Mapping[str, str]]  # place id -> partnership key -> member that it stands for
    countries: Mapping[str, str]  # member -> country
    is_international: Mapping[str, bool]  # by partnership key


def _roll(partnerships: Iterable[PartnershipData], place: PlaceLookup, beside: Beside) -> _Roll:
    seats: dict[str, dict[str, str]] = defaultdict(dict)
    countries: dict[str, str] = {}
    is_international: dict[str, bool] = {}
    stand_ins: dict[str, Sequence[str]] = {}
    for partnership in partnerships:
        for member in partnership.participants:
            if member not in countries:
                entry = place(member)
                countries[member] = entry.country if entry is not None else member
                stand_ins[member] = beside(member)
            for one in (member, *stand_ins[member]):
                if one not in partnership.participants or one == member:
                    seats[one][partnership.key] = member
        is_international[partnership.key] = len({countries[one] for one in partnership.participants}) > 1
    return _Roll(seats, countries, is_international)


def belonging(
    partnerships: Iterable[PartnershipData], rows: Iterable[EventPresence], place: PlaceLookup, beside: Beside
) -> Mapping[str, tuple[EventPresence, ...]]:
    """By key of the partnership its events, one row each: those in which both sides take part, of an international one
    two countries (see `partnerships.belongs`, of which this is the form for many at once).
    """
    roll = _roll(partnerships, place, beside)
    by_event: dict[str, list[EventPresence]] = defaultdict(list)
    for row in rows:
        if row.place_id in roll.seats:
            by_event[row.event_id].append(row)
    found: dict[str, list[EventPresence]] = defaultdict(list)
    for told in by_event.values():
        if len(told) < 2:
            continue
        # What two sides share stands with more than the busiest of them: its partnerships need no walking through.
        at = sorted((roll.seats[row.place_id] for row in told), key=len)
        for key in {key for one in at[:-1] for key in one}:
            members = {one[key] for one in at if key in one}
            if len(members) > 1 and _spans(members, key, roll):
                found[key].append(told[0])
    return {key: tuple(rows) for key, rows in found.items()}


def _spans(members: Collection[str], key: str, roll: _Roll) -> bool:
    return not roll.is_international[key] or len({roll.countries[one] for one in members}) > 1


# ---------------------------------------------------------------- counts for charts and reports


def family_of(event: KnownEvent) -> KindFamily:
    """The family of its main kind."""
    return FAMILY_OF[main_kind(event)]


def by_year_and_family(events: Iterable[KnownEvent]) -> Mapping[int, Mapping[KindFamily, int]]:
    """Dated events that took place, counted; years without events between the first and last are there too."""
    counted: dict[int, Counter[KindFamily]] = defaultdict(Counter)
    for one in events:
        if one.when is not None and one.status is EventStatus.HAPPENED:
            counted[one.when.starts_on.year][family_of(one)] += 1
    if not counted:
        return {}
    return {year: dict(counted[year]) for year in range(min(counted), max(counted) + 1)}


@dataclass(frozen=True, slots=True)
class YearlyRow:
    """What one partnership brought in a year."""

    partnership: PartnershipData
    by_family: Mapping[KindFamily, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.by_family.values())


def yearly(
    partnerships: Sequence[PartnershipData], told: Mapping[str, Mapping[EventKind, int]]
) -> tuple[YearlyRow, ...]:
    """Each partnership with its events of a year, `told` by key and main kind, the most active first; an event of
    several partnerships counts for each.
    """
    counted = [YearlyRow(one, _by_family(told.get(one.key, {}))) for one in partnerships]
    return tuple(sorted(counted, key=lambda one: (-one.total, one.partnership.key)))


def _by_family(by_kind: Mapping[EventKind, int]) -> Mapping[KindFamily, int]:
    found: Counter[KindFamily] = Counter()
    for kind, number in by_kind.items():
        found[FAMILY_OF[kind]] += number
    return dict(found)


# ---------------------------------------------------------------- who told it


class ToldOn(StrEnum):
    """On which side of a partnership an event was told."""

    BOTH = "both"
    HOME = "home"
    PARTNER = "partner"
    ELSEWHERE = "elsewhere"  # only by sources that speak for neither side
    NOBODY = "nobody"  # only known beforehand, or its sources are gone


def told_on(tellings: Iterable[Telling], home_id: str, partner_id: str, place: PlaceLookup) -> ToldOn:
    """Which side's sources tell of an event: own sites and press, also those of what a side lies in."""
    home, partner, anybody = False, False, False
    near_home, near_partner = _near(home_id, place), _near(partner_id, place)
    for one in tellings:
        anybody = True
        if one.place_id is None:
            continue
        of_source = _near(one.place_id, place)
        home = home or one.place_id in near_home or home_id in of_source
        partner = partner or one.place_id in near_partner or partner_id in of_source
    if home and partner:
        return ToldOn.BOTH
    if home:
        return ToldOn.HOME
    if partner:
        return ToldOn.PARTNER
    return ToldOn.ELSEWHERE if anybody else ToldOn.NOBODY


def _near(place_id: str, place: PlaceLookup) -> frozenset[str]:
    """A place and what it lies in, below the country."""
    found = place(place_id)
    if found is not None and found.kind is PlaceKind.COUNTRY:
        return frozenset({place_id})
    return frozenset(above(place_id, place))
