from __future__ import annotations

from datetime import date

import pytest

from monitor.domain.model.digests import Watch
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.places import Place, PlaceKind
from monitor.domain.model.seeds import PartnershipData
from monitor.domain.model.views import FeedView, SourceView
from monitor.domain.source_coverage import (
    CoverageState,
    coverages,
    pairs,
    untrusted_partnerships,
    watched_partnerships,
)

ON = date(2026, 3, 2)
PLACES = {
    one.id: one
    for one in (
        Place("country-fr", PlaceKind.COUNTRY, "FR", {}),
        Place("rivershire", PlaceKind.PROVINCE, "FR", {}, parent_id="country-fr"),
        Place("lakeside", PlaceKind.CITY, "FR", {}, parent_id="rivershire"),
        Place("lakeside-port", PlaceKind.DISTRICT, "FR", {}, parent_id="lakeside"),
        Place("lakeside-university", PlaceKind.UNIVERSITY, "FR", {}, seat_id="lakeside"),
        Place("oldtown", PlaceKind.CITY, "FR", {}, parent_id="rivershire"),
        Place("millport", PlaceKind.CITY, "VN", {}, parent_id="hillshire"),
        Place("hillshire", PlaceKind.PROVINCE, "VN", {}),
        Place("loop-a", PlaceKind.CITY, "PL", {}, parent_id="loop-b"),
        Place("loop-b", PlaceKind.PROVINCE, "PL", {}, parent_id="loop-a"),
    )
}
PAIR = PartnershipData("lakeside+millport", frozenset({"lakeside", "millport"}))


def feed(url: str, health: FeedHealth) -> FeedView:
    return FeedView(1, url, "feed", None, None, "", None, None, None, None, 0, 0, None, health)


def source(key: str, place_id: str | None, trust: int, *health: FeedHealth, paused: bool = False) -> SourceView:
    feeds = tuple(feed(f"https://{key}.example/{one}", one) for one in health or (FeedHealth.OK,))
    return SourceView(key, key.title(), None, None, None, trust, "quote", paused, "config", feeds, place_id=place_id)


def covered(*sources: SourceView, pair: PartnershipData = PAIR) -> dict[str, CoverageState]:
    (one,) = coverages([pair], sources, ["lakeside"], PLACES.get)
    cells = ("home_site", "home_press", "partner_site", "partner_press")
    return {name: getattr(one, name).state for name in cells}


def test_without_any_source_there_is_nothing() -> None:
    assert set(covered().values()) == {CoverageState.NOTHING}


def test_trust_tells_the_site_from_the_press_and_a_search_from_both() -> None:
    found = covered(source("city", "lakeside", 2), source("paper", "lakeside", 1), source("search", "millport", 0))
    assert found["home_site"] is found["home_press"] is CoverageState.COVERED
    assert found["partner_site"] is found["partner_press"] is CoverageState.NOTHING
    (one,) = coverages([PAIR], [source("search", "millport", 0)], ["lakeside"], PLACES.get)
    assert one.partner_site.only_searched
    assert not one.home_site.only_searched


@pytest.mark.parametrize(
    ("health", "state"),
    [
        (FeedHealth.OK, CoverageState.COVERED),
        (FeedHealth.MOVED, CoverageState.COVERED),
        (FeedHealth.NEW, CoverageState.SILENT),
        (FeedHealth.QUIET, CoverageState.SILENT),
        (FeedHealth.EMPTY, CoverageState.SILENT),
        (FeedHealth.DEGRADED, CoverageState.BROKEN),
        (FeedHealth.BLOCKED, CoverageState.BROKEN),
        (FeedHealth.BROKEN, CoverageState.BROKEN),
        (FeedHealth.GONE, CoverageState.BROKEN),
    ],
)
def test_the_health_of_a_feed_tells_the_state(health: FeedHealth, state: CoverageState) -> None:
    assert covered(source("city", "lakeside", 2, health))["home_site"] is state


def test_every_health_has_a_state() -> None:
    for health in FeedHealth:
        assert covered(source("city", "lakeside", 2, health))["home_site"] is not CoverageState.NOTHING


def test_the_best_source_and_its_best_feed_count() -> None:
    sources = [
        source("a-broken", "lakeside", 2, FeedHealth.BROKEN),
        source("b-mixed", "lakeside", 2, FeedHealth.GONE, FeedHealth.OK),
        source("c-quiet", "lakeside", 2, FeedHealth.QUIET),
    ]
    (one,) = coverages([PAIR], sources, ["lakeside"], PLACES.get)
    assert (one.home_site.state, one.home_site.source_key) == (CoverageState.COVERED, "b-mixed")


def test_what_a_place_lies_in_counts_and_is_named() -> None:
    (one,) = coverages([PAIR], [source("province", "rivershire", 2)], ["lakeside"], PLACES.get)
    assert (one.home_site.state, one.home_site.place_id) == (CoverageState.COVERED, "rivershire")


def test_the_nearer_of_two_good_sources_is_named() -> None:
    sources = [source("a-province", "rivershire", 2), source("b-city", "lakeside", 2)]
    (one,) = coverages([PAIR], sources, ["lakeside"], PLACES.get)
    assert (one.home_site.source_key, one.home_site.place_id) == ("b-city", None)


def test_the_whole_country_and_a_neighbour_count_for_nothing() -> None:
    found = covered(
        source("state", "country-fr", 2),
        source("agency", "country-fr", 1),
        source("other", "oldtown", 2),
        source("no-place", None, 2),
    )
    assert set(found.values()) == {CoverageState.NOTHING}


def test_press_of_a_district_reports_on_its_city_but_its_office_does_not_speak_for_it() -> None:
    found = covered(source("port-paper", "lakeside-port", 1), source("port-office", "lakeside-port", 2))
    assert found["home_press"] is CoverageState.COVERED
    assert found["home_site"] is CoverageState.NOTHING


def test_a_city_speaks_for_its_university_and_not_the_other_way_round() -> None:
    university = PartnershipData("x", frozenset({"lakeside-university", "millport"}))
    assert covered(source("city", "lakeside", 2), pair=university)["home_site"] is CoverageState.COVERED
    assert covered(source("uni", "lakeside-university", 2))["home_site"] is CoverageState.NOTHING


def test_a_paused_source_counts_for_nothing_and_is_named() -> None:
    (one,) = coverages([PAIR], [source("city", "lakeside", 2, paused=True)], ["lakeside"], PLACES.get)
    assert (one.home_site.state, one.home_site.paused_key) == (CoverageState.NOTHING, "city")


def test_a_loop_of_parents_ends() -> None:
    loop = PartnershipData("l", frozenset({"loop-a", "lakeside"}))
    assert covered(source("b", "loop-b", 2), pair=loop)["partner_site"] is CoverageState.COVERED


# ---------------------------------------------------------------- trust


def test_silence_is_trusted_where_each_side_has_one_source_that_is_well() -> None:
    good = [source("city", "lakeside", 2), source("paper", "millport", 1)]
    assert untrusted_partnerships([PAIR], good, ["lakeside"], PLACES.get) == ()
    for sources in (good[:1], good[1:], [good[0], source("paper", "millport", 1, FeedHealth.QUIET)]):
        (one,) = untrusted_partnerships([PAIR], sources, ["lakeside"], PLACES.get)
        assert one.partnership is PAIR


# ---------------------------------------------------------------- whose


def test_ours_is_what_lies_in_or_belongs_to_a_home_place() -> None:
    university = PartnershipData("x", frozenset({"lakeside-university", "millport"}))
    assert pairs(university, ["lakeside"], PLACES.get) == (("lakeside-university", "millport"),)
    assert pairs(PAIR, ["hillshire"], PLACES.get) == (("millport", "lakeside"),)
    assert pairs(PAIR, [], PLACES.get) == (("lakeside", "millport"),)


def test_of_many_partners_those_abroad_are_told() -> None:
    hub = PartnershipData("hub", frozenset({"lakeside", "oldtown", "millport", "hillshire"}))
    assert pairs(hub, ["lakeside"], PLACES.get) == (("lakeside", "hillshire"), ("lakeside", "millport"))
    domestic = PartnershipData("d", frozenset({"lakeside", "oldtown"}))
    assert pairs(domestic, ["oldtown"], PLACES.get) == (("oldtown", "lakeside"),)
    assert pairs(domestic, ["rivershire"], PLACES.get) == (("lakeside", "oldtown"),)


def test_no_watch_asks_for_every_partnership_in_force() -> None:
    ended = PartnershipData("e", frozenset({"oldtown", "millport"}), until=date(2020, 1, 1))
    assert watched_partnerships([PAIR, ended], [], ["lakeside"], ON, PLACES.get) == (PAIR,)


def test_a_watched_province_asks_for_its_cities_and_a_country_for_all_of_it() -> None:
    other = PartnershipData("o", frozenset({"loop-a", "millport"}))
    known = (PAIR, other)
    assert watched_partnerships(known, [Watch("w", frozenset({"rivershire"}))], [], ON, PLACES.get) == (PAIR,)
    assert watched_partnerships(known, [Watch("w", countries=frozenset({"PL"}))], [], ON, PLACES.get) == (other,)
    assert watched_partnerships(known, [Watch("w", kinds=frozenset({"talks"}))], [], ON, PLACES.get) == known


def test_a_watch_that_names_our_place_and_one_abroad_implies_their_partnership() -> None:
    watch = Watch("w", frozenset({"lakeside", "loop-a", "oldtown", "millport"}))
    found = watched_partnerships([PAIR], [watch], ["lakeside"], ON, PLACES.get)
    assert [one.key for one in found] == ["lakeside+millport", "lakeside+loop-a"]
