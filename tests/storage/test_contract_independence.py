"""How well an event is attested, on both databases: voices counted, ends believed late, and told once when they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.independence import standing
from monitor.domain.model.digests import ToldEvent
from monitor.domain.model.events import ChangeKind, EventKind
from monitor.domain.model.reports import Standing
from tests.domain import invented
from tests.review_world import World
from tests.storage import samples

END = (
    "Nancy ends its twinning with Kunming",
    (
        "The city of Nancy terminated the sister city agreement with Kunming on 12 May 2026. The council voted to end "
        "the partnership after a debate of three hours; schools and the choir had asked to keep it."
    ),
)
END_RETOLD = (
    "No longer sister cities: Nancy and Kunming",
    (
        "On 12 May 2026 the council of Nancy decided to terminate the sister city agreement with Kunming. A majority "
        "ended the partnership that evening, against the wish of many teachers, singers and both chambers of trade."
    ),
)
END_AGAIN = (
    "Kunming regrets that Nancy ends the twinning",
    (
        "The sister city agreement between Nancy and Kunming was terminated by Nancy on 12 May 2026, the partnership "
        "ended. People in the southern city say that they are sorry; doors stay open for guests from Lorraine."
    ),
)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def attested(world: World, event_id: str) -> Standing:
    view = world.database.archive.event(event_id)
    return standing(view.event, view.origins, invented.lookup)


def confirmations(world: World, event_id: str) -> list[tuple[str, bool]]:
    changes = world.database.archive.event(event_id).changes
    return [(one.after, one.announce) for one in changes if one.kind is ChangeKind.CONFIRMED]


def first_report(world: World) -> str:
    _, applied = world.tell(END, "https://east-post.example/1", "east-post")
    [event_id] = applied.event_ids
    assert EventKind.AGREEMENT_ENDED in world.database.archive.event(event_id).event.kinds
    return event_id


def test_one_report_of_an_end_and_its_copies_stay_unconfirmed(world: World) -> None:
    event_id = first_report(world)
    _, copy = world.tell(END, "https://copyshop.example/1", "copyshop")
    assert copy.event_ids == (event_id,)
    found = attested(world, event_id)
    assert (found.independent, found.copies, found.is_confirmed) == (1, 1, False)
    assert confirmations(world, event_id) == []


def test_a_second_paper_of_its_own_confirms_it_and_that_is_told_once(world: World) -> None:
    event_id = first_report(world)
    for number, told in enumerate((END_RETOLD, END_AGAIN)):
        _, applied = world.tell(told, f"https://paper{number}.example/1", f"paper{number}")
        assert applied.event_ids == (event_id,)
    assert attested(world, event_id).is_confirmed
    assert confirmations(world, event_id) == [("independent", True)]


def test_two_papers_that_print_one_agency_confirm_nothing(world: World) -> None:
    credited = [(title, f"{text}\n\n(AFP)") for title, text in (END, END_RETOLD)]
    _, applied = world.tell(credited[0], "https://east-post.example/1", "east-post")
    _, again = world.tell(credited[1], "https://west-post.example/1", "west-post")
    assert again.event_ids == applied.event_ids
    found = attested(world, applied.event_ids[0])
    assert [group.voice for group in found.groups] == ["agency:afp"]
    assert not found.is_confirmed
    assert confirmations(world, applied.event_ids[0]) == []


def test_the_site_of_a_participant_confirms_even_with_a_copy(world: World) -> None:
    town_hall = samples.source("town-hall", name="Town hall of Nancy", trust=2, place_id="nancy")
    samples.add_source(world.database, town_hall)
    event_id = first_report(world)
    _, copy = world.tell(END, "https://town-hall.example/1", "town-hall", official_of="nancy")
    assert copy.event_ids == (event_id,)
    assert attested(world, event_id).official == "Town hall of Nancy"
    assert confirmations(world, event_id) == [("official", True)]


def test_the_first_stock_of_a_source_confirms_without_a_word(world: World) -> None:
    event_id = first_report(world)
    world.tell(END_RETOLD, "https://west-post.example/1", "west-post", baseline=True)
    assert attested(world, event_id).is_confirmed
    assert confirmations(world, event_id) == [("independent", False)]


def test_a_report_that_is_read_again_is_no_second_one(world: World) -> None:
    event_id = first_report(world)
    title, text = END
    world.tell((title, f"{text} It rained."), "https://east-post.example/1", "east-post")
    assert attested(world, event_id).independent == 1
    assert confirmations(world, event_id) == []


def test_a_digest_is_given_where_the_reports_come_from(world: World) -> None:
    subscription_id = samples.subscribe(world.database, now=world.now - timedelta(days=1))
    event_id = first_report(world)
    world.tell(END, "https://copyshop.example/1", "copyshop")
    with world.database.units() as unit:
        material = unit.digest_material(subscription_id, world.later(hours=1))
    assert material is not None
    [told] = material.events
    assert isinstance(told, ToldEvent)
    assert told.event.id == event_id
    assert [one.publisher for one in told.origins] == ["east-post.example", "copyshop.example"]
    assert told.origins[1].copy_of_id == told.origins[0].article_id
