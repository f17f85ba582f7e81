"""The shipped gazetteer on the first-level subdivisions of fourteen countries, and on names that may be words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

import monitor
from monitor.adapters.gazetteer import NamesGazetteer
from monitor.adapters.gazetteer_sources import Curated, read_curated
from monitor.domain.model.articles import SourceContext
from monitor.domain.model.places import Place, PlaceKind
from monitor.domain.places import settle
from tests import shipped

SHIPPED = Path(monitor.__file__).parent / "gazetteer"
LANGUAGES = ("fr", "en", "zh", "vi", "ja", "de", "es")
UNSPACED = ("zh", "ja")

# Those of today. Where a city is a subdivision of its own, the city stands for it and is named.
SUBDIVISIONS = {
    "CN": (31, ("beijing", "shanghai", "tianjin", "chongqing")),
    "VN": (34, ("hanoi", "ho-chi-minh-city", "hai-phong", "da-nang", "can-tho", "hue")),
    "FR": (18, ()),
    "JP": (47, ("tokyo",)),
    "KR": (17, ("seoul", "busan", "daegu", "incheon", "gwangju", "daejeon", "ulsan", "sejong")),
    "US": (50, ()),
    "DE": (16, ("berlin", "hamburg", "bremen")),
    "IT": (20, ()),
    "ES": (17, ()),
    "UA": (26, ("kyiv",)),
    "PL": (16, ()),
    "RU": (83, ("moscow", "saint-petersburg")),
    "TR": (81, ()),
    "BR": (27, ()),
}


@pytest.fixture(scope="module")
def gazetteer() -> NamesGazetteer:
    return shipped.gazetteer()


@cache
def curated() -> Sequence[Curated]:
    return read_curated(SHIPPED)


def subdivisions(country: str) -> list[Place]:
    """The entries of first-level subdivisions in force; departments and lower provinces have a parent."""
    return [
        entry.place
        for entry in curated()
        if entry.place.country == country
        and entry.place.kind in (PlaceKind.PROVINCE, PlaceKind.REGION)
        and entry.place.parent_id is None
        and entry.place.valid_until is None
    ]


@pytest.mark.parametrize("country", SUBDIVISIONS)
def test_every_subdivision_has_an_entry(country: str, gazetteer: NamesGazetteer) -> None:
    expected, cities = SUBDIVISIONS[country]
    assert all(gazetteer.place(city) is not None for city in cities), cities
    assert len(subdivisions(country)) + len(cities) == expected


def spellings(place: Place, language: str) -> Iterator[str]:
    """The names in a language; one that is not listed reads like English. Names proper have a capital somewhere."""
    for name in place.names.get(language) or place.names.get("en", ()):
        plain = name.partition(" (")[0].partition("（")[0]
        if not plain.islower():
            yield plain


@pytest.mark.parametrize("country", SUBDIVISIONS)
def test_every_subdivision_is_found_by_its_names_in_seven_languages(country: str, gazetteer: NamesGazetteer) -> None:
    missed = []
    for place in subdivisions(country):
        for language in LANGUAGES:
            for name in spellings(place, language):
                text = f"在{name}举行" if language in UNSPACED else f"A, {name}, B"
                found = [one.id for hit in gazetteer.find(text, language) for one in hit.candidates]
                if place.id not in found:
                    missed.append((place.id, language, name))
    assert missed == []


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("zh", "奥弗涅-罗讷-阿尔卑斯大区", "auvergne-rhone-alpes"),
        ("ja", "オーヴェルニュ＝ローヌ＝アルプ地域圏", "auvergne-rhone-alpes"),
        ("zh", "西宁省", "tay-ninh"),
        ("ja", "ソンラ省", "son-la"),
    ],
)
def test_names_with_ties_and_names_that_end_like_a_suffix_are_whole(
    language: str, name: str, expected: str, gazetteer: NamesGazetteer
) -> None:
    (hit,) = gazetteer.find(f"会议在{name}举行", language)
    assert hit.candidates[0].id == expected
    assert hit.surface == name


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Nancy Ambler chaired the board. Most of the members agreed, and the Union paid.", []),
        ("en", "Jordan Ambler and Florence Petrov play in the final.", []),
        ("hr", "Gradonačelnik Milan Horvatić otvorio je izložbu.", []),
        ("de", "Bürgermeister Paul Metz dankte den Helfern.", []),
        ("es", "La reunión terminó tarde.", []),
        ("fr", "La ville de Nancy accueille une délégation de Kunming.", ["nancy", "kunming"]),
        ("zh", "河内市代表团访问昆明市。", ["hanoi", "kunming"]),
        ("zh", "云南省和老街省举行会谈。", ["yunnan", "lao-cai"]),
        ("ja", "中国雲南省昆明市の代表団が来訪した。", ["country-cn", "yunnan", "kunming"]),
        ("ja", "島根県雲南市で会議が開かれた。", ["shimane-prefecture", "gn11612633"]),
        ("hr", "Potpisali su povelju o prijateljstvu Zadra i Dundeeja.", ["gn3186952", "dundee"]),
        ("sr", "Градоначелници Новог Сада и Београда потписали су споразум.", ["novi-sad", "belgrade"]),
        ("el", "Ο Δήμος Αλεξανδρούπολης και ο Δήμος Τρικάλων υπέγραψαν σύμφωνο.", ["gn736928", "gn252664"]),
        ("fi", "Helsingissä vieraili valtuuskunta Pekingistä.", ["helsinki", "beijing"]),
        ("he", "משלחת מהעיר בוקרשט ביקרה בעיר חיפה.", ["bucharest", "haifa"]),
    ],
)
def test_words_persons_and_inflected_names_settle_as_a_reader_would(
    language: str, text: str, expected: list[str], gazetteer: NamesGazetteer
) -> None:
    hits = gazetteer.find(text, language)
    settled = [mention.place_id for mention in settle(hits, text, language, SourceContext("example"), None)]
    assert settled == expected


def test_a_name_of_two_countries_without_context_stays_open(gazetteer: NamesGazetteer) -> None:
    """河内 is Hanoi in China and a district of Osaka in Japan."""
    text = "河内で会議が開かれた。"
    settled = settle(gazetteer.find(text, "ja"), text, "ja", SourceContext("example"), None)
    assert [mention.place_id for mention in settled] == [None]
