from __future__ import annotations

from datetime import date

import pytest

from monitor.domain import places
from monitor.domain.model.articles import SourceContext
from monitor.domain.model.places import Mention, Place, PlaceKind
from tests.domain.invented import PLACES, hits, lexicon, lookup, place

TODAY = date(2024, 6, 20)


def settle(
    text: str,
    language: str,
    country: str | None = None,
    published_on: date | None = TODAY,
    with_cues: bool = False,
) -> tuple[Mention, ...]:
    cues = lexicon().find(text, language) if with_cues else ()
    return places.settle(hits(text), text, language, SourceContext("s", country=country), published_on, cues)


def ids(text: str, language: str, country: str | None = None, published_on: date | None = TODAY) -> list[str | None]:
    return [mention.place_id for mention in settle(text, language, country, published_on)]


# ---------------------------------------------------------------- a place at all?


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Nancy Pelosi flew home and Nancy was tired", []),
        ("en", "He saw Victoria Beckham in Kunming", ["kunming"]),
        ("fr", "Monsieur Lyon a ri", []),
        ("fr", "Gérard Lyon habite au village", []),
        ("en", "Most of the guests liked the soup", []),
        ("en", "They leave Kunming in March 2024", ["kunming"]),
        ("fr", "Le Centre est ouvert", []),
        ("fr", "La région Centre accueille Kunming", ["centre", "kunming"]),
        ("fr", "Le maire de Nancy Paul Durand a parlé", ["nancy"]),
        ("fr", "Une fête à Lyon", ["lyon"]),
        ("fr", "Entre Nancy et Kunming, vingt ans", ["nancy", "kunming"]),
        ("it", "Penne e Karlsruhe si incontrano", ["penne", "karlsruhe"]),
        ("it", "Le penne al ragù. Penne per tutti", []),
        ("en", "The city of Most hosted a choir", ["most-cz"]),
        ("en", "Students from Victoria, Canada, sang", ["victoria-ca", "country-ca"]),
        ("zh", "南锡与昆明", ["nancy", "kunming"]),
        ("ja", "ナンシーの市長が金沢を訪れた", ["nancy", "kanazawa"]),
        ("ja", "ナンシー・ペロシが金沢を訪れた", ["kanazawa"]),
    ],
)
def test_a_doubtful_name_counts_only_with_support(language: str, text: str, expected: list[str]) -> None:
    assert ids(text, language) == expected


def test_one_sense_a_text_a_name_once_proven_counts_everywhere() -> None:
    text = "Nancy reçoit. Une délégation de Kunming est arrivée à Nancy hier. Puis Nancy a dîné."
    assert ids(text, "fr").count("nancy") == 3


def test_a_person_and_a_town_of_one_name_are_told_apart() -> None:
    text = "Nancy Durand vit à Nancy depuis longtemps."
    assert [mention.start for mention in settle(text, "fr")] == [text.index("à Nancy") + 2]


def test_a_relation_cue_in_the_sentence_speaks_for_a_name() -> None:
    text = "Penne, una festa per il gemellaggio con gli amici di Karlsruhe"
    assert [mention.place_id for mention in settle(text, "it")] == ["karlsruhe"]
    assert [mention.place_id for mention in settle(text, "it", with_cues=True)] == ["penne", "karlsruhe"]


def test_the_country_of_the_source_speaks_for_its_places() -> None:
    text = "Un hiver froid; Nancy grelotte"
    assert ids(text, "xx") == []
    assert ids(text, "xx", country="FR") == ["nancy"]


def test_in_a_headline_of_capitals_a_neighbour_makes_no_person() -> None:
    assert ids("Kunming Welcomes Nancy Choir With Open Arms", "en") == ["kunming", "nancy"]


# ---------------------------------------------------------------- which one?


def test_the_country_in_brackets_decides() -> None:
    assert ids("Une lettre de Victoria (Canada)", "fr") == ["victoria-ca", "country-ca"]


def test_a_name_of_two_countries_is_left_open_and_says_what_it_could_be() -> None:
    mention = next(iter(settle("Grüße aus Victoria und Kanazawa", "de")))
    assert mention.place_id is None
    assert set(mention.candidates) == {"victoria-ca", "victoria-sc"}
    assert mention.country is None


def test_a_country_named_near_settles_it() -> None:
    assert ids("In Canada, the mayor of Victoria and Kanazawa signed", "en")[1:] == ["victoria-ca", "kanazawa"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "la province de Lao Cai accueille Kunming", "lao-cai"),
        ("vi", "tỉnh Lào Cai đón đoàn Kunming", "lao-cai"),
        ("zh", "越南老街省与昆明", "lao-cai"),
        ("fr", "la ville de Lao Cai accueille Kunming", "lao-cai-city"),
        ("vi", "thành phố Lào Cai đón đoàn", "lao-cai-city"),
        ("fr", "Lao Cai accueille Kunming", "lao-cai"),
    ],
)
def test_province_against_its_town(language: str, text: str, expected: str) -> None:
    assert expected in ids(text, language)
    assert len({"lao-cai", "lao-cai-city"} & set(ids(text, language))) == 1


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "越南莱州、老街两省领导", "lai-chau"),
        ("zh", "中国莱州与昆明", "laizhou"),
        ("zh", "越南河内市", "hanoi"),
        ("ja", "日本の河内で祭り", "kochi"),
    ],
)
def test_a_han_name_of_two_countries_goes_by_language_and_neighbours(language: str, text: str, expected: str) -> None:
    assert expected in ids(text, language)


def test_a_name_that_is_a_country_in_this_language_is_the_country() -> None:
    country = PLACES["country-mx"]
    english = type(country)(country.id, country.kind, country.country, {"en": ("Mexico",), "fr": ("Mexique",)})
    city = type(country)("mexico-city", PLACES["mexico-city"].kind, "MX", {"fr": ("Mexico",)}, population=12_000_000)

    def first(text: str, language: str) -> str | None:
        found = places.settle(hits(text, [english, city]), text, language, SourceContext("s"), TODAY)
        return found[0].place_id

    assert first("a choir from Mexico", "en") == "country-mx"
    assert first("une chorale de la ville de Mexico", "fr") == "mexico-city"


def test_an_entry_out_of_force_yields_to_a_namesake_in_force() -> None:
    old = PLACES["ha-giang"]
    new = type(old)("ha-giang-ward", PLACES["hanoi"].kind, "VN", old.names, valid_from=date(2025, 7, 1))
    found = places.settle(hits("Hà Giang", [old, new]), "Hà Giang", "vi", SourceContext("s"), date(2026, 1, 1))
    assert [mention.place_id for mention in found] == ["ha-giang-ward"]


def test_an_entry_out_of_force_alone_is_still_what_the_text_names() -> None:
    assert ids("tỉnh Hà Giang", "vi", published_on=date(2026, 1, 1)) == ["ha-giang"]


def test_an_institution_keeps_its_region_to_itself() -> None:
    assert ids("The University of Lorraine and Wuhan University", "en") == [
        "university-of-lorraine",
        "wuhan-university",
    ]


def test_mentions_carry_span_country_kind_and_confidence() -> None:
    text = "Le maire de Kunming"
    (mention,) = settle(text, "fr")
    assert text[mention.start : mention.end] == mention.surface == "Kunming"
    assert (mention.country, mention.kind) == ("CN", PLACES["kunming"].kind)
    assert 0.5 < mention.confidence <= 1.0


def test_a_doubtful_name_is_less_certain_than_a_plain_one() -> None:
    doubtful, plain = settle("Entre Nancy et Kunming", "fr")
    assert doubtful.confidence < plain.confidence


def test_a_text_of_nothing_but_names_takes_no_unreasonable_time() -> None:
    assert len(settle("Nancy " * 20_000, "fr")) <= places.MOST_HITS
    assert len(settle("Nancy, Kunming et " * 20_000, "fr")) == places.MOST_HITS


def test_no_hits_no_mentions() -> None:
    assert settle("Rien du tout", "fr") == ()


# ---------------------------------------------------------------- places among each other


def test_the_seat_of_an_institution_and_of_a_city() -> None:
    assert places.seat_city(PLACES["wuhan-university"], lookup) == PLACES["wuhan"]
    assert places.seat_city(PLACES["wuhan"], lookup) == PLACES["wuhan"]
    assert places.seat_city(PLACES["yunnan"], lookup) is None


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("yunnan", "kunming", True),
        ("yunnan", "yunnan", True),
        ("kunming", "yunnan", False),
        ("lorraine", "university-of-lorraine", True),
        ("country-cn", "kunming", True),
        ("country-cn", "nancy", False),
        ("wuhan", "wuhan-university", True),
    ],
)
def test_what_lies_in_what(upper: str, lower: str, expected: bool) -> None:
    assert places.covers(PLACES[upper], PLACES[lower], lookup) is expected


def test_a_circle_of_parents_ends() -> None:
    one = type(PLACES["nancy"])("one", PLACES["nancy"].kind, "FR", {}, parent_id="two")
    two = type(PLACES["nancy"])("two", PLACES["nancy"].kind, "FR", {}, parent_id="one")
    assert places.covers(PLACES["kunming"], one, {"one": one, "two": two}.get) is False


def test_what_stood_for_a_place_on_a_day() -> None:
    assert places.in_force(PLACES["ha-giang"], date(2025, 6, 30), lookup).id == "ha-giang"
    assert places.in_force(PLACES["ha-giang"], date(2025, 7, 1), lookup).id == "tuyen-quang"
    assert places.in_force(PLACES["kunming"], date(2025, 7, 1), lookup).id == "kunming"


def test_validity_without_a_day_asks_whether_it_ever_ended() -> None:
    assert places.is_valid(PLACES["tuyen-quang"], None)
    assert not places.is_valid(PLACES["ha-giang"], None)


def test_names_for_readers() -> None:
    city = type(PLACES["nancy"])("x", PLACES["nancy"].kind, "FR", {"fr": ("Pékin",), "en": ("Beijing",)})
    assert places.display_name(city, "fr") == "Pékin"
    assert places.display_name(city, "fr-CA") == "Pékin"
    assert places.display_name(city, "it") == "Beijing"
    assert places.display_name(PLACES["kunming"], None) == "Kunming"


def test_the_countries_of_ids_that_are_known() -> None:
    assert places.country_set(["nancy", "kunming", "nowhere"], lookup) == {"FR", "CN"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "March past in Kunming for twinning with Karlsruhe", ["kunming", "karlsruhe"]),
        ("en", "March and Karlsruhe sign a twinning agreement", ["march-gb", "karlsruhe"]),
    ],
)
def test_a_word_that_opens_a_sentence_is_no_town_for_its_company(language: str, text: str, expected: list[str]) -> None:
    assert [one.place_id for one in settle(text, language, with_cues=True)] == expected


def with_places(text: str, language: str, *more: Place) -> list[str | None]:
    """What `text` names, where `more` places are known."""
    found = hits(text, (*PLACES.values(), *more))
    cues = lexicon().find(text, language)
    return [one.place_id for one in places.settle(found, text, language, SourceContext("s"), TODAY, cues)]


def test_the_namesake_in_the_partners_country_is_not_meant() -> None:
    maracaibo = place("maracaibo", PlaceKind.CITY, "VE", "Maracaibo", population=1_500_000)
    assert with_places("El alcalde de Valencia firma el hermanamiento con Maracaibo.", "es", maracaibo) == [
        "valencia",
        "maracaibo",
    ]
    assert with_places("Llueve en Maracaibo, y en Valencia.", "es", maracaibo)[1] != "valencia"


@pytest.mark.parametrize(("text", "expected"), [("Mayor Keller spoke", []), ("The mayor of Keller spoke", ["gn1"])])
def test_an_office_stands_right_before_its_holder(text: str, expected: list[str]) -> None:
    keller = place("gn1", PlaceKind.CITY, "US", "Keller", population=45_000)
    assert with_places(text, "en", keller) == expected


def test_a_given_name_behind_an_office_is_no_town() -> None:
    martin = place("gn1", PlaceKind.CITY, "SK", "Martin", population=51_000, needs_context=True)
    assert with_places("Smlouvu podepsal starosta Martin Beneš.", "cs", martin) == []
    assert with_places("Město Martin podepsalo smlouvu.", "cs", martin) == ["gn1"]


def test_an_inflected_name_is_the_same_town_told_again() -> None:
    kelov = place("gn1", PlaceKind.CITY, "CZ", "Kelovice", "Kelovicím", population=9_000, needs_context=True)
    text = "Partnerské město poděkovalo Kelovicím za dar. Pro partnerské město hráli Kelovice."
    cues = lexicon().find(text, "cs")
    settled = places.settle(hits(text, (kelov,)), text, "cs", SourceContext("s"), TODAY, cues)
    assert [mention.place_id for mention in settled] == ["gn1", "gn1"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Umowę podpisał burmistrz szwedzkiego Torvala."),
        ("ru", "Шведский Torval стал партнёром."),
        ("cs", "Přijeli hosté ze švédského Torvala."),
    ],
)
def test_the_adjective_of_its_country_makes_a_name_a_town(language: str, text: str) -> None:
    torval = place("gn1", PlaceKind.CITY, "SE", "Torval", "Torvala", population=12_000, needs_context=True)
    assert with_places(text, language, torval) == ["gn1"]
    assert with_places("Torval.", language, torval) == []
