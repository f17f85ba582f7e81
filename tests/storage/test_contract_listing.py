"""What lists and counts are read from follows every change of the events, and is mended where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from monitor.adapters.storage import listing
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.database import Database, open_database
from monitor.domain.model.activity import Activity
from monitor.domain.model.event_search import EventFilter, EventQuery
from monitor.domain.model.events import DateRange, EventKind, EventOrigin, EventStatus
from monitor.domain.model.partnerships import PartnershipData
from monitor.domain.model.review import Effects, Merged
from tests.storage.conftest import MIGRATIONS, drifted
from tests.storage.samples import NOW, article, happening, opening, store

DAY = date(2026, 2, 27)
PAIR = PartnershipData("lakeside+millport", frozenset({"lakeside", "millport"}))
TODAY = date(2026, 7, 1)


def told(database: Database, number: int, **fields: Any) -> str:
    """An event that one article tells; its id."""
    given = article(title=f"Title {number}", text=f"The text of {number}.")
    events = [opening(happening(**fields))]
    return store(database, given, f"https://harbour-post.example/{number}", events, mentions=()).event_ids[0]


def put(database: Database, *partnerships: PartnershipData) -> None:
    with database.units() as unit:
        for one in partnerships:
            unit.put_partnership(one, NOW)
        unit.commit()


def of(database: Database, key: str = PAIR.key, limit: int = 500) -> list[str]:
    return [one.id for one in database.archive.partnership_events(key, limit)]


def test_events_are_of_a_partnership_whether_they_or_it_was_there_first(database: Database) -> None:
    before = told(database, 1)
    told(database, 2, participants=frozenset({"lakeside", "hilltown"}))
    put(database, PAIR)
    after = told(database, 3, when=DateRange(date(2026, 3, 9), date(2026, 3, 9)))
    assert of(database) == [after, before]
    assert of(database, limit=1) == [after]
    assert of(database, "none") == []


def test_two_sides_take_part_through_whatever_stands_for_them(database_url: str) -> None:
    def seated(members: frozenset[str]) -> Mapping[str, str]:
        return {one: one for one in members} | {f"{one}-university": one for one in members}

    database = open_database(database_url, MIGRATIONS, seating=seated, seating_version="1")
    put(database, PAIR)
    via = told(database, 1, participants=frozenset({"lakeside-university", "millport"}))
    told(database, 2, participants=frozenset({"lakeside-university", "lakeside"}))
    assert of(database) == [via]
    database.close()


def test_other_seats_move_events_when_the_archive_is_opened(database_url: str) -> None:
    database = open_database(database_url, MIGRATIONS)
    put(database, PAIR)
    own = told(database, 1)
    other = told(database, 2, participants=frozenset({"lakeside", "millport-port"}))
    assert of(database) == [own]
    database.close()
    wider = {"lakeside": "a", "millport": "b", "millport-port": "b"}
    database = open_database(database_url, MIGRATIONS, seating=lambda _: wider, seating_version="2")
    assert set(of(database)) == {own, other}
    database.close()


def test_what_happened_is_counted_by_year_up_to_today(database: Database) -> None:
    put(database, PAIR, PartnershipData("a+b", frozenset({"a", "b"})))
    told(database, 1)
    told(database, 2, when=DateRange(date(2024, 5, 1), date(2024, 5, 2)))
    told(database, 3, when=None)
    told(database, 4, when=DateRange(date(2026, 6, 30), date(2026, 7, 3)))
    told(database, 5, when=DateRange(date(2026, 8, 1), date(2026, 8, 1)))
    told(database, 6, status=EventStatus.ANNOUNCED)
    counted = database.archive.activities(TODAY)
    assert counted == {PAIR.key: Activity(last_on=TODAY, events=5, by_year={2024: 1, 2026: 2})}


def test_kinds_of_a_year_are_counted_by_partnership(database: Database) -> None:
    put(database, PAIR)
    told(database, 1)
    told(database, 2, kinds=(EventKind.TALKS, EventKind.AGREEMENT_SIGNED))
    told(database, 3, when=DateRange(date(2025, 12, 31), date(2026, 1, 1)))
    told(database, 4, status=EventStatus.CANCELLED)
    counted = database.archive.kinds_in_year(2026)
    assert counted == {PAIR.key: {EventKind.AGREEMENT_SIGNED: 1, EventKind.TALKS: 1}}
    assert database.archive.kinds_in_year(1999) == {}


def test_members_that_change_take_their_events_along(database: Database) -> None:
    put(database, PAIR)
    old = told(database, 1)
    new = told(database, 2, participants=frozenset({"lakeside", "hilltown"}))
    assert of(database) == [old]
    with database.units() as unit:
        relations = unit.relations()
        [known] = relations.partnerships()
        changed = PartnershipData(known.key, frozenset({"lakeside", "hilltown"}), claims=known.claims)
        relations.put_partnership(changed, NOW)
        unit.commit()
    assert of(database) == [new]


def test_merging_closing_and_their_undoing_are_followed(database: Database) -> None:
    put(database, PAIR)
    first, second = told(database, 1), told(database, 2)
    merged = (Merged(second, first),)
    for effects, left in (
        (Effects(merged=merged), [first]),
        (Effects(parted=merged), sorted((first, second), reverse=True)),
        (Effects(shut=(first,)), [second]),
        (Effects(reopened=(first,)), sorted((first, second), reverse=True)),
    ):
        with database.units() as unit:
            unit.corrections().carry_out(effects, "a test", NOW)
            unit.commit()
        assert of(database) == left
        assert drifted(database) == frozenset()


def test_drift_is_found_and_mended(database: Database) -> None:
    put(database, PAIR)
    first, second = told(database, 1), told(database, 2)
    assert database.list_all() == 0
    with database.writing() as connection:
        connection.execute(delete(t.partnership_event))
        connection.execute(update(t.event).where(t.event.c.id == second).values(status="cancelled"))
    assert drifted(database) == {first, second}
    assert of(database) == []
    assert database.list_all() == 2
    assert set(of(database)) == {first, second}


def test_an_archive_of_an_older_version_is_listed_when_it_is_opened(database_url: str) -> None:
    database = open_database(database_url, MIGRATIONS)
    put(database, PAIR)
    event = told(database, 1)
    with database.writing() as connection:
        for table in (t.event_facet, t.partnership_event, t.partnership_seat):
            connection.execute(delete(table))
        connection.execute(delete(t.setting).where(t.setting.c.key == "listing"))
    database.close()
    database = open_database(database_url, MIGRATIONS)
    assert drifted(database) == frozenset()
    assert of(database) == [event]
    assert [row.event.id for row in database.archive.find_events(EventQuery(EventFilter(country="VN"))).rows] == [event]
    database.close()


def test_an_event_is_listed_by_each_value_of_each_facet(database: Database) -> None:
    event = told(database, 1, host_id="harbour", kinds=(EventKind.TALKS, EventKind.CONFERENCE))
    with database.reading() as connection:
        rows = connection.execute(select(t.event_facet)).all()
    listed = {(row.facet, row.value) for row in rows}
    assert {(row.event_id, row.sort_on) for row in rows} == {(event, DAY)}
    assert listed >= {("place", "harbour"), ("place", "lakeside"), ("country", "FR"), ("family", "meetings")}
    assert listed >= {("status", "happened"), ("novelty", "new"), ("language", "en")}
    assert listing.novelty_of(EventOrigin.SEED.value) == "known"
