"""Places of the gazetteer and where a text names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a gazetteer entry is."""

    CITY = "city"
    DISTRICT = "district"
    PROVINCE = "province"
    REGION = "region"
    COUNTY = "county"
    VILLAGE = "village"
    COUNTRY = "country"
    UNIVERSITY = "university"
    HOSPITAL = "hospital"
    SCHOOL = "school"
    OTHER = "other"


# Inhabitants below which a place is a small town: too little known to be believed without a word that says so.
SMALL_BELOW = 15_000
INSTITUTIONS = frozenset({PlaceKind.UNIVERSITY, PlaceKind.HOSPITAL, PlaceKind.SCHOOL})


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer entry."""

    id: str  # own slug, "gn<geonames id>" for cities from the library only, "country-<iso2>" for countries
    kind: PlaceKind
    country: str  # ISO 3166-1 alpha-2
    names: Mapping[str, tuple[str, ...]]  # language -> names, display name first; "any": no particular language
    parent_id: str | None = None
    seat_id: str | None = None  # of an institution: its city
    needs_context: bool = False  # the name is also a word or a person
    valid_from: date | None = None
    valid_until: date | None = None
    successor_id: str | None = None
    population: int = 0  # 0: unknown
    geonames_id: int | None = None  # None: GeoNames does not know it, or nobody looked


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A name of the gazetteer found in a text, not yet settled."""

    start: int
    end: int
    surface: str
    candidates: tuple[Place, ...]  # most populous first, never empty


@dataclass(frozen=True, slots=True)
class Mention:
    """A settled (or openly unsettled) naming of a place; characters [start, end) of the article's `full_text`."""

    start: int
    end: int
    surface: str
    place_id: str | None  # None: ambiguous, kept as written, never guessed
    country: str | None
    kind: PlaceKind | None
    confidence: float  # in [0, 1]
    candidates: tuple[str, ...] = ()  # ids it could be, where unsettled


PlaceLookup = Callable[[str], Place | None]  # the gazetteer's entry of an id; None: there is none
