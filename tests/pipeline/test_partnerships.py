"""What lasts, learnt from articles as they come in, on a real archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor import resources
from monitor.adapters.storage.database import open_database
from monitor.domain.model.events import EventStatus
from monitor.domain.model.partnerships import (
    AgreementData,
    Basis,
    Declared,
    ExpectationState,
    PartnershipData,
    PartnershipState,
    SeriesData,
    SeriesMember,
    Stated,
)
from monitor.errors import NotFound
from monitor.pipeline import expectations, partnerships
from tests.domain import invented
from tests.review_world import FAIR, UNRELATED, VISIT, World
from tests.shipped import new_archive

PAIR = PartnershipData("kanazawa+nancy", frozenset({"kanazawa", "nancy"}), "sister", date(2016, 10, 12))
ENDED = (
    "Nancy ends its sister city agreement with Kanazawa",
    (
        "The sister cities Nancy and Kanazawa are no longer: the mayor of Nancy terminated the sister city agreement "
        "with the city of Kanazawa on 9 May 2026. The mayor of Kanazawa said that he regrets the end of the ties."
    ),
)
ENDED_AGAIN = (
    "Ties with Kanazawa cut after fifty years",
    (
        "On 9 May 2026 the city of Nancy terminated the sister city agreement with Kanazawa, a spokeswoman of the "
        "mayor of Nancy confirmed yesterday. Schools and choirs had asked for other ways out."
    ),
)
PARTY = (
    "Nancy and Kanazawa celebrate ten years of friendship",
    (
        "The sister cities Nancy and Kanazawa celebrated the tenth anniversary of their partnership on 10 May 2026. "
        "The mayors of Nancy and Kanazawa planted a maple beside the town hall and opened an exhibition of old posters."
    ),
)


@pytest.fixture
def world(tmp_path: Path, migrated: Path) -> Iterator[World]:
    archive = new_archive(migrated, tmp_path / "monitor.db")
    database = open_database(f"sqlite:///{archive}", resources.migrations())
    yield World(database)
    database.close()


def declare(world: World, *told: PartnershipData, papers: tuple[AgreementData, ...] = ()) -> None:
    partnerships.declare(Declared(told, papers), world.now, world.database.units)


def refresh(world: World) -> None:
    with world.database.units() as unit:
        expectations.refresh(unit.relations(), world.now, invented.lookup)
        unit.commit()


def only(world: World) -> PartnershipData:
    [found] = world.database.archive.partnerships()
    return found


# ---------------------------------------------------------------- learnt


def test_a_signing_proposes_the_partnership_and_brings_its_agreement(world: World) -> None:
    _, applied = world.tell(FAIR)
    found = only(world)
    assert (found.key, found.state, found.origin) == (PAIR.key, PartnershipState.PROPOSED, Stated.NEWS)
    [paper] = world.database.archive.agreements()
    assert (paper.signed_on, paper.event_id) == (date(2026, 5, 3), applied.event_ids[0])


def test_a_second_report_neither_doubles_the_agreement_nor_undoes_a_no(world: World) -> None:
    world.tell(FAIR)
    partnerships.decide(PAIR.key, PartnershipState.DECLINED, world.later(), world.database.units)
    retold = ("Charter between Nancy and Kanazawa signed", FAIR[1].replace("in the town hall", "on Sunday evening"))
    world.tell(retold, "https://other.example/2", "other")
    assert only(world).state is PartnershipState.DECLINED
    assert len(world.database.archive.agreements()) == 1


def test_a_visit_or_an_unrelated_text_proposes_nothing(world: World) -> None:
    world.tell(VISIT)
    world.tell(UNRELATED, "https://nancy.example/2")
    assert world.database.archive.partnerships() == ()


def test_only_what_is_there_can_be_decided_about(world: World) -> None:
    with pytest.raises(NotFound):
        partnerships.decide("no+where", PartnershipState.WATCHED, world.now, world.database.units)


def test_an_end_is_believed_with_the_second_independent_report_only(world: World) -> None:
    declare(world, PAIR)
    world.tell(ENDED, "https://first.example/1", "first")
    assert only(world).until is None
    assert [one.is_confirmed for one in only(world).claims if one.stated is Stated.NEWS] == [False]
    world.tell(ENDED_AGAIN, "https://second.example/1", "second")
    assert only(world).until == date(2026, 5, 9)


# ---------------------------------------------------------------- declared


def test_what_is_declared_twice_is_there_once(world: World) -> None:
    paper = AgreementData(PAIR.key, "2016-10-12", "Charter", signed_on=date(2016, 10, 12), origin=Stated.CONFIG)
    told = replace(PAIR, origin=Stated.CONFIG)
    for _ in range(2):
        declare(world, told, papers=(paper,))
    assert only(world) == told
    assert world.database.archive.agreements() == (paper,)


def test_a_declared_series_keeps_the_members_that_the_news_told(world: World) -> None:
    with world.database.units() as unit:
        unit.relations().put_series(SeriesData("s", ("Old name",), None, (SeriesMember("lyon"), SeriesMember("nancy"))))
        unit.commit()
    said = SeriesData("s", ("New name",), 12, (SeriesMember("nancy", date(2020, 1, 1)),), origin=Stated.CONFIG)
    partnerships.declare(Declared(series=(said,)), world.now, world.database.units)
    [found] = world.database.archive.series("s")
    assert (found.names, found.cadence_months) == (("New name", "Old name"), 12)
    assert found.members == (SeriesMember("lyon"), SeriesMember("nancy", date(2020, 1, 1)))


# ---------------------------------------------------------------- expected


def test_the_event_that_was_reckoned_with_takes_over_its_id(world: World) -> None:
    declare(world, PAIR)
    refresh(world)
    [waiting] = world.database.archive.expectations()
    assert waiting.expected.basis is Basis.ANNIVERSARY
    _, applied = world.tell(PARTY)
    assert applied.event_ids == (waiting.id,)
    [settled] = world.database.archive.expectations()
    assert (settled.state, settled.event_id) == (ExpectationState.FULFILLED, waiting.id)
    assert world.database.archive.event(waiting.id).event.status is EventStatus.HAPPENED


def test_a_further_report_does_not_take_the_id_of_the_next_one(world: World) -> None:
    declare(world, PAIR)
    refresh(world)
    _, first = world.tell(PARTY)
    retold = ("A maple for ten years", PARTY[1].replace("opened an exhibition of old posters", "listened to a choir"))
    _, second = world.tell(retold, "https://other.example/2", "other")
    assert second.event_ids == first.event_ids


def test_what_came_before_it_was_reckoned_is_settled_at_once(world: World) -> None:
    _, applied = world.tell(PARTY)
    declare(world, PAIR)
    refresh(world)
    [settled] = world.database.archive.expectations()
    assert (settled.state, settled.event_id) == (ExpectationState.FULFILLED, applied.event_ids[0])


def test_an_expectation_keeps_its_id_until_it_is_missed(world: World) -> None:
    declare(world, PAIR)
    refresh(world)
    [before] = world.database.archive.expectations()
    world.now = datetime(2027, 10, 1, tzinfo=UTC)
    refresh(world)
    found = {one.id: one.state for one in world.database.archive.expectations()}
    assert found[before.id] is ExpectationState.MISSED
    assert list(found.values()).count(ExpectationState.OPEN) == 1


# ---------------------------------------------------------------- announced, and put off

ANNOUNCED = (
    "Nancy and Kunming to hold their fourth conference",
    (
        "The fourth annual conference of the sister cities Nancy and Kunming will be held in Kunming on 12 June 2026. "
        "The mayors of Nancy and Kunming announced it in the town hall and spoke of trams, gardens and hospitals."
    ),
)
PUT_OFF = (
    "Fourth conference of Nancy and Kunming postponed",
    (
        "The fourth annual conference of the sister cities Nancy and Kunming has been postponed. It will be held in "
        "Kunming on 3 November 2026, the mayor of Kunming said. The guests of Nancy have changed their bookings by now."
    ),
)


def test_what_is_put_off_keeps_its_id_and_has_another_day(world: World) -> None:
    _, first = world.tell(ANNOUNCED)
    _, second = world.tell(PUT_OFF, "https://other.example/2", "other")
    assert second.event_ids == first.event_ids
    view = world.database.archive.event(first.event_ids[0])
    assert view.event.when is not None
    assert view.event.when.starts_on == date(2026, 11, 3)
    assert ("2026-06-12", "2026-11-03") in [(one.before, one.after) for one in view.changes]


def test_an_older_announcement_that_is_read_later_does_not_move_it_back(world: World) -> None:
    _, first = world.tell(PUT_OFF)
    _, second = world.tell(ANNOUNCED, "https://other.example/2", "other")
    assert second.event_ids == first.event_ids
    when = world.database.archive.event(first.event_ids[0]).event.when
    assert when is not None
    assert when.starts_on == date(2026, 11, 3)
