from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import search_feeds
from monitor.domain.model.places import Place, PlaceKind
from monitor.domain.model.sources import FeedData, Rights, SourceData
from monitor.domain.model.views import FeedView, SourceView
from monitor.domain.partner_sources import ProposalGroup, SourceProposal, propose, with_free_keys

NANCY = Place(
    "nancy",
    PlaceKind.CITY,
    "FR",
    {"fr": ("Nancy", "Ville de Nancy"), "en": ("Nancy",), "zh": ("南锡", "南錫"), "uk": ("Нансі",)},
    parent_id="rivershire",
)
LAO_CAI = Place("lao-cai", PlaceKind.PROVINCE, "VN", {"vi": ("Lào Cai", "tỉnh Lào Cai"), "en": ("Lao Cai",)})
KUNMING = Place("kunming", PlaceKind.CITY, "CN", {"zh": ("昆明", "昆明市"), "en": ("Kunming",), "vi": ("Côn Minh",)})
VINNYTSIA = Place("vinnytsia", PlaceKind.CITY, "UA", {"uk": ("Вінниця",), "en": ("Vinnytsia", "Vinnitsa")})
WHU = Place("whu", PlaceKind.UNIVERSITY, "CN", {"en": ("Wuhan University", "WHU"), "zh": ("武汉大学", "武大")})
TWIN = Place("monroe", PlaceKind.CITY, "US", {"en": ("Monroe (Michigan)",)})
PLACES = {
    one.id: one
    for one in (
        NANCY,
        LAO_CAI,
        KUNMING,
        Place("rivershire", PlaceKind.PROVINCE, "FR", {}, parent_id="country-fr"),
        Place("nancy-clinic", PlaceKind.HOSPITAL, "FR", {}, seat_id="nancy"),
        Place("country-cn", PlaceKind.COUNTRY, "CN", {}),
    )
}
WORDS = {
    "fr": ("jumelage", "coopération", "ville jumelle"),
    "zh": ("友好城市", "合作"),
    "en": ("sister city", "cooperation", "twinning", "delegation", "friendship", "partnership", "agreement"),
    "vi": ("hợp tác", "kết nghĩa"),
    "uk": ("співпраця", "місто-побратим"),
}


def words(language: str) -> Sequence[str]:
    return WORDS.get(language, ())


def asked(home: Place, partner: Place) -> dict[str, str]:
    """The questions of Google News by language."""
    found = search_feeds.search_feeds(home, partner, words)
    return {one.language: one.query for one in found if one.service == "google-news"}


def question(url: str) -> str:
    return parse_qs(urlsplit(url).query)["q" if "google" in url else "query"][0]


# ---------------------------------------------------------------- searches


def test_each_language_of_both_countries_and_english_has_its_names_and_words() -> None:
    assert asked(NANCY, KUNMING) == {
        "fr": '"Nancy" "Kunming" (jumelage OR coopération OR "ville jumelle")',
        "zh": '("南锡" OR "南錫") "昆明" ("友好城市" OR "合作")',
        "en": '"Nancy" "Kunming" '
        '("sister city" OR cooperation OR twinning OR delegation OR friendship OR partnership)',
    }  # fmt: skip


def test_vietnamese_keeps_its_marks_and_its_own_name_of_the_partner() -> None:
    assert asked(LAO_CAI, KUNMING)["vi"] == '"Lào Cai" "Côn Minh" ("hợp tác" OR "kết nghĩa")'


def test_where_endings_change_a_name_is_not_nailed_down_by_quotes() -> None:
    assert asked(NANCY, VINNYTSIA)["uk"] == 'Нансі Вінниця (співпраця OR "місто-побратим")'


def test_a_name_with_brackets_is_asked_for_without_them() -> None:
    assert '"Monroe"' in asked(NANCY, TWIN)["en"]
    assert "Michigan" not in asked(NANCY, TWIN)["en"]


def test_an_edition_is_that_of_one_of_the_countries() -> None:
    canada = Place("montreal", PlaceKind.CITY, "CA", {"fr": ("Montréal",), "en": ("Montreal",)})
    urls = {one.language: one.url for one in search_feeds.search_feeds(canada, NANCY, words)}
    assert "hl=fr-CA&gl=CA&ceid=CA:fr" in urls["fr"]
    urls = {one.language: one.url for one in search_feeds.search_feeds(NANCY, KUNMING, words)}
    assert "hl=zh-CN&gl=CN&ceid=CN:zh-Hans" in urls["zh"]


def test_gdelt_is_asked_once_in_english_and_shortly() -> None:
    (one,) = [one for one in search_feeds.search_feeds(NANCY, WHU, words) if one.service == "gdelt"]
    assert one.query.startswith('Nancy "Wuhan University" ("sister city" OR cooperation')
    assert "WHU" not in one.query  # acronyms are too short for it
    assert len(one.query) <= search_feeds.GDELT_QUERY_CHARS
    assert "mode=artlist" in one.url
    assert "format=rss" in one.url


NAME = st.text(st.characters(categories=("L", "Zs", "Pd")), min_size=1, max_size=120).filter(str.strip)


@given(st.lists(NAME, min_size=1, max_size=8), st.lists(NAME, min_size=1, max_size=8), st.lists(NAME, max_size=12))
def test_questions_stay_within_what_is_answered(ours: list[str], theirs: list[str], said: list[str]) -> None:
    home = Place("a", PlaceKind.CITY, "FR", {"fr": tuple(ours), "en": tuple(ours[:1])})
    partner = Place("b", PlaceKind.CITY, "CN", {"zh": tuple(theirs), "en": tuple(theirs)})
    for one in search_feeds.search_feeds(home, partner, lambda _: said):
        assert question(one.url) == one.query
        assert one.query.count("(") == one.query.count(")")
        assert one.query.count('"') % 2 == 0
        if one.service == "google-news":
            assert len(one.url) <= search_feeds.GOOGLE_URL_CHARS


# ---------------------------------------------------------------- proposals


def outlet(host: str, place_id: str, trust: int = 2) -> SourceData:
    url = f"https://{host}/"
    return SourceData(host, host, (FeedData(url),), url, "fr", "FR", trust, place_id=place_id)


STOCK = (
    outlet("clinic.example", "nancy-clinic"),
    outlet("province.example", "rivershire"),
    outlet("town.example", "nancy"),
    outlet("paper.example", "nancy", 1),
    outlet("kunming.example", "kunming"),
    outlet("agency.example", "country-cn", 1),
    outlet("elsewhere.example", "lao-cai"),
)


def followed(*urls: str, home_page: str | None = None) -> SourceView:
    feeds = tuple(
        FeedView(1, url, "auto", None, None, "", None, None, None, None, 0, 0, None) for url in urls
    )  # fmt: skip
    return SourceView("x", "x", home_page, None, None, 1, "quote", False, "config", feeds)


def proposed(*known: SourceView) -> dict[ProposalGroup, list[str]]:
    found: dict[ProposalGroup, list[str]] = {}
    for one in propose(NANCY, KUNMING, STOCK, known, words, PLACES.get):
        found.setdefault(one.group, []).append(one.source.key)
    return found


def test_own_sites_and_press_of_both_are_proposed_the_nearest_first() -> None:
    found = proposed()
    assert found[ProposalGroup.HOME_SITE] == ["town.example", "province.example", "clinic.example"]
    assert found[ProposalGroup.HOME_PRESS] == ["paper.example"]
    assert found[ProposalGroup.PARTNER_SITE] == ["kunming.example"]
    assert found[ProposalGroup.PARTNER_PRESS] == ["agency.example"]
    assert len(found[ProposalGroup.SEARCH]) == 4


def test_searches_are_links_of_little_trust_and_asked_rarely() -> None:
    searches = propose(NANCY, KUNMING, (), (), words, PLACES.get)
    assert {one.group for one in searches} == {ProposalGroup.SEARCH}
    for one in searches:
        assert (one.source.trust, one.source.rights, one.source.place_id) == (0, Rights.LINK, "kunming")
        assert (one.source.feeds[0].interval_min or 0) >= 120
        assert one.note == question(one.source.feeds[0].url)


@pytest.mark.parametrize(
    "known",
    [
        followed("https://town.example/"),
        followed("http://www.town.example"),
        followed("https://town.example/feed.xml", home_page="https://town.example/"),
    ],
)
def test_what_is_followed_is_not_proposed_again(known: SourceView) -> None:
    assert "town.example" not in proposed(known)[ProposalGroup.HOME_SITE]


def test_following_everything_leaves_nothing_to_propose() -> None:
    first = propose(NANCY, KUNMING, STOCK, (), words, PLACES.get)
    known = [followed(*(feed.url for feed in one.source.feeds)) for one in first]
    assert propose(NANCY, KUNMING, STOCK, known, words, PLACES.get) == ()


def test_keys_are_made_free() -> None:
    def free(wish: str, taken: set[str]) -> str:
        return wish if wish not in taken else f"{wish}-2"

    one = SourceProposal(ProposalGroup.SEARCH, outlet("town", "nancy"))
    assert [named.source.key for named in with_free_keys([one, one], [], free)] == ["town", "town-2"]
    assert with_free_keys([one], ["town"], free)[0].source.key == "town-2"
