from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.model.digests import ToldEvent, Watch
from monitor.domain.model.events import EventKind
from monitor.domain.model.places import Place, PlaceKind
from monitor.domain.watching import concerns, is_domestic, matches, may_concern
from tests.domain.digest_samples import event, place, report, review_item, told


def watch(**wishes: object) -> Watch:
    sets = {key: frozenset(value) if isinstance(value, list) else value for key, value in wishes.items()}
    return Watch("w", **sets)  # type: ignore[arg-type]


NANCY_KUNMING = told(event())


@pytest.mark.parametrize(
    ("wanted", "one", "expected"),
    [
        (watch(), NANCY_KUNMING, True),
        (watch(places=["nancy"]), NANCY_KUNMING, True),
        (watch(places=["metz"]), NANCY_KUNMING, False),
        (watch(places=["metz", "kunming"]), NANCY_KUNMING, True),
        (watch(places=["nancy"]), told(event("e", "chru-nancy", "kunming")), True),  # by its seat
        (watch(places=["chru-nancy"]), NANCY_KUNMING, False),
        (watch(places=["yunnan"]), NANCY_KUNMING, True),  # a province covers its cities
        (watch(places=["grand-est"]), told(event("e", "chru-nancy", "kunming")), True),  # seat, then region
        (watch(places=["kunming"]), told(event("e", "yunnan", "nancy")), False),  # and not the other way round
        (watch(places=["country-cn"]), NANCY_KUNMING, True),
        (watch(places=["ha-giang"]), told(event("e", "tuyen-quang", "nancy")), True),  # merged into it
        (watch(places=["tuyen-quang"]), told(event("e", "ha-giang", "nancy")), True),
        (watch(places=["paris"]), told(event(host="paris")), True),
        (watch(places=["atlantis"]), told(event("e", "atlantis", "nancy")), True),  # unknown to the gazetteer
        (watch(countries=["CN"]), NANCY_KUNMING, True),
        (watch(countries=["VN"]), NANCY_KUNMING, False),
        (watch(kinds=["agreement_signed", "aid"]), NANCY_KUNMING, True),
        (watch(kinds=["aid"]), told(event(kinds=(EventKind.DELEGATION_VISIT, EventKind.AID))), True),
        (watch(kinds=["aid"]), NANCY_KUNMING, False),
        (watch(languages=["fr"]), NANCY_KUNMING, True),
        (watch(languages=["zh"]), NANCY_KUNMING, False),
        (watch(languages=["zh"]), told(event(), reports=(report(language="zh"),)), True),
        (watch(words=("CHARTE",)), NANCY_KUNMING, True),
        (watch(words=("dix ans",)), NANCY_KUNMING, True),
        (watch(words=("ans dix",)), NANCY_KUNMING, False),
        (watch(words=("chart",)), NANCY_KUNMING, False),  # whole words
        (watch(words=("", "!")), NANCY_KUNMING, False),
        (watch(words=("合作章程",)), told(event(title="南锡与昆明签署十年合作章程")), True),
        (watch(words=("医院",)), told(event(title="南锡与昆明签署十年合作章程")), False),
        (watch(words=("hopital",)), told(event(title="Un Hôpital pour deux villes")), True),
        (watch(places=["nancy"], kinds=["aid"]), NANCY_KUNMING, False),  # every field asks
    ],
)
def test_a_watch_matches_by_its_fields(wanted: Watch, one: ToldEvent, expected: bool) -> None:
    assert matches(wanted, one, place) is expected


def test_relations_inside_one_country_are_told_only_where_asked_for() -> None:
    at_home = told(event("e", "nancy", "metz"), scope="domestic")
    assert not matches(watch(places=["nancy"]), at_home, place)
    assert matches(watch(places=["nancy"], domestic=True), at_home, place)
    assert not concerns((), at_home, place)


@pytest.mark.parametrize(
    ("participants", "scope", "expected"),
    [
        (("nancy", "metz"), "", True),
        (("nancy", "metz"), "village", True),
        (("nancy", "metz"), "international", False),  # its article said so: the partner is not in the gazetteer
        (("nancy", "kunming"), "", False),
        (("nancy", "kunming"), "domestic", True),
        (("nancy",), "", False),
        (("nancy", "atlantis"), "", False),
    ],
)
def test_domestic_is_by_label_else_by_countries(participants: tuple[str, ...], scope: str, expected: bool) -> None:
    assert is_domestic(told(event("e", *participants), scope=scope), place) is expected


def test_one_watch_of_several_is_enough_and_none_wants_all() -> None:
    assert concerns((watch(places=["metz"]), watch(countries=["CN"])), NANCY_KUNMING, place)
    assert not concerns((watch(places=["metz"]),), NANCY_KUNMING, place)
    assert concerns((), NANCY_KUNMING, place)


def test_an_uncertain_article_is_kept_away_by_language_and_words_only() -> None:
    item = review_item()
    assert may_concern((), item)
    assert may_concern((watch(places=["metz"], kinds=["aid"]),), item)
    assert not may_concern((watch(languages=["fr"]),), item)
    assert may_concern((watch(languages=["fr"]), watch(words=("友城",))), item)
    assert not may_concern((watch(words=("医院",)),), item)


def test_a_loop_in_the_gazetteer_ends() -> None:
    ring = {
        name: Place(name, PlaceKind.CITY, "FR", {"en": (name,)}, parent_id=up) for name, up in (("a", "b"), ("b", "a"))
    }
    looping = replace(NANCY_KUNMING, event=event("e", "a", "kunming"))
    assert matches(watch(places=["b"]), looping, ring.get)
    assert not matches(watch(places=["c"]), looping, ring.get)
