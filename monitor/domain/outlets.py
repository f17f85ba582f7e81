"""Who speaks for a place and who reports on it, out of the shipped stock of sources: what `partner add` proposes."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.domain.model.places import PlaceLookup
from monitor.domain.model.sources import SourceData
from monitor.domain.source_coverage import above

INSTITUTION_STEPS = 10  # universities and hospitals of a city come after all that the city lies in


def outlets_of(place_id: str, stock: Iterable[SourceData], place: PlaceLookup) -> tuple[SourceData, ...]:
    """Those of the place, then of what it lies in and of institutions that belong to it; official ones first."""
    upper = above(place_id, place)
    near = [(steps, one) for one in stock if (steps := _steps(one.place_id, place_id, upper, place)) is not None]
    ordered = sorted(near, key=lambda pair: (pair[0], -pair[1].trust))
    return tuple(one for _, one in ordered)


def national_outlets(country: str, stock: Iterable[SourceData]) -> tuple[SourceData, ...]:
    """Agencies and associations of a whole country, in the order of the stock."""
    wanted = f"country-{country.lower()}"
    return tuple(one for one in stock if one.place_id == wanted)


def _steps(of_id: str | None, place_id: str, upper: dict[str, int], place: PlaceLookup) -> int | None:
    """How far an outlet's place is; None: it has nothing to do with the one asked for."""
    if of_id is None:
        return None
    if of_id in upper:
        return upper[of_id]
    entry = place(of_id)
    return INSTITUTION_STEPS if entry is not None and entry.seat_id == place_id else None
