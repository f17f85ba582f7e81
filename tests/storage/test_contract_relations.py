from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.events import (
    ChangeIntent,
    ChangeKind,
    DateRange,
    EventStatus,
    Happening,
    Person,
)
from monitor.domain.model.partnerships import PartnershipData, SeriesData
from monitor.errors import NotFound
from tests.storage import samples
from tests.storage.samples import article, happening, opening, seed, source, store

DAY = date(2026, 2, 27)


def told(database: Database, number: int, **fields: Any) -> str:
    """An event that one article tells; its id."""
    given: Happening = happening(**fields)
    applied = store(
        database,
        article(title=f"Title {number}", text=f"{samples.TEXT} {number}"),
        url=f"https://harbour-post.example/{number}",
        events=[opening(given)],
    )
    return applied.event_ids[0]


def test_what_relations_rest_on_has_a_state_that_changes_with_it(database: Database) -> None:
    before = database.archive.relations_state()
    assert database.archive.relations_state() == before
    told(database, 1)
    after = database.archive.relations_state()
    assert after != before
    with database.units() as unit:
        unit.put_partnership(PartnershipData("a+b", frozenset({"a", "b"})), samples.NOW)
        unit.commit()
    assert database.archive.relations_state() != after


def test_tellings_say_for_whom_a_source_speaks(database: Database) -> None:
    samples.add_source(database, source(trust=2, place_id="lakeside"))
    event = told(database, 1)
    [one] = database.archive.tellings([event])
    assert (one.event_id, one.trust, one.place_id, one.is_copy) == (event, 2, "lakeside", False)
    assert (one.report.title, one.source_key) == ("Title 1", "harbour-post")
    links = database.archive.report_links({one.report.article_id, 999})
    assert [(number, link.url) for number, link in links.items()] == [(one.report.article_id, one.report.url)]


def test_texts_come_with_their_places_in_the_order_asked_for(database: Database) -> None:
    told(database, 1)
    told(database, 2)
    first, second = database.archive.articles()
    found = database.archive.texts([second.id, first.id, second.id, 999])
    assert [one.title for one in found] == ["Title 1", "Title 2"]
    assert found[0].mentions[0].place_id == "lakeside"
    assert found[0].text.startswith("The mayors")
    assert database.archive.texts([]) == ()


def test_seeds_say_whom_they_name_and_what_they_stand_for(database: Database) -> None:
    samples.put_seed(database, seed(people=(Person("Ana Bell", "mayor of Lakeside"),)))
    assert database.archive.seed_people({"lakeside-2024", "none"}) == {
        "lakeside-2024": (Person("Ana Bell", "mayor of Lakeside"),)
    }
    assert database.archive.seed_links({"lakeside-2024"})["lakeside-2024"].title == "Lakeside and Millport sign"
    assert database.archive.seed_people(()) == {}
    assert database.archive.seed_links(()) == {}


def test_one_partnership_and_some_series_are_found_by_key(database: Database) -> None:
    known = PartnershipData("a+b", frozenset({"a", "b"}), "sister")
    with database.units() as unit:
        unit.put_partnership(known, samples.NOW)
        for key in ("fair", "race", "walk"):
            unit.relations().put_series(SeriesData(key, (key.title(),)))
        unit.commit()
    assert database.archive.partnership("a+b") == known
    assert [one.key for one in database.archive.series_named({"walk", "fair", "none"})] == ["fair", "walk"]
    assert database.archive.series_named(()) == ()
    with pytest.raises(NotFound):
        database.archive.partnership("b+c")


def test_the_calendar_holds_what_is_announced_called_off_or_has_come_of_it(database: Database) -> None:
    day = DateRange(date(2026, 9, 1), date(2026, 9, 2))
    announced = told(database, 1, status=EventStatus.ANNOUNCED, when=day)
    cancelled = told(database, 2, status=EventStatus.CANCELLED, when=day)
    told(database, 3, status=EventStatus.HAPPENED, when=day)
    told(database, 4, status=EventStatus.ANNOUNCED, when=DateRange(date(2029, 1, 1), date(2029, 1, 1)))
    told(database, 5, status=EventStatus.ANNOUNCED, when=None)
    came = told(database, 6, status=EventStatus.ANNOUNCED, when=day)
    moved = ChangeIntent(ChangeKind.STATUS, True, before="announced", after="happened")
    store(
        database,
        article(title="It came", text=samples.OTHER_TEXT),
        url="https://harbour-post.example/came",
        events=[samples.joining(came, moved, happening=happening(when=day))],
    )
    found = database.archive.calendar_events(date(2026, 3, 1), date(2028, 3, 1))
    assert {one.event.id: one.changes for one in found} == {announced: 0, cancelled: 0, came: 1}
