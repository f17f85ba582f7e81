"""What exports read, on every database: all that fits, once, with what `domain.rights` needs."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from monitor.adapters.storage import search_hits
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.database import Database
from monitor.adapters.storage.listing import list_anew
from monitor.domain.model.event_search import EventFilter, EventQuery
from monitor.domain.model.events import DateRange, EventStatus, Role
from monitor.domain.model.sources import Rights
from tests.storage.samples import TEXT, add_source, article, happening, joining, opening, source, store


def tell(database: Database, number: int, **told: object) -> str:
    """An event on that day of March, told by one article; its id."""
    day = date(2026, 3, number)
    event = opening(happening(when=DateRange(day, day), **told))
    given = article(f"Report {number}", f"{TEXT} Number{number} is here.")
    return store(database, given, f"https://harbour-post.example/{number}", [event]).event_ids[0]


def asked(**fields: object) -> EventQuery:
    return EventQuery(EventFilter(**fields))  # type: ignore[arg-type]


def test_all_that_fits_is_named_newest_first(database: Database) -> None:
    ids = [tell(database, number) for number in (3, 9, 5)]
    called_off = tell(database, 7, status=EventStatus.CANCELLED)
    assert database.archive.exported_ids(asked()) == (ids[1], called_off, ids[2], ids[0])
    assert database.archive.exported_ids(asked(status=EventStatus.CANCELLED)) == (called_off,)
    assert database.archive.exported_ids(asked(since=date(2026, 3, 6), until=date(2026, 3, 8))) == (called_off,)


def test_words_are_looked_for_in_all_articles_however_old(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_hits, "HITS_CONSIDERED", 2)
    ids = [tell(database, number) for number in range(1, 8)]
    assert database.archive.exported_ids(asked(words="regatta")) == tuple(reversed(ids))
    assert database.archive.exported_ids(asked(words="number4")) == (ids[3],)
    assert database.archive.exported_ids(asked(words="***")) == ()


def test_events_come_in_the_order_asked_for_with_their_reports(database: Database) -> None:
    add_source(database, source(rights=Rights.LINK))
    first, second = tell(database, 3), tell(database, 9)
    store(
        database,
        article("Again", TEXT + " Again."),
        "https://harbour-post.example/again",
        [joining(first, happening=happening())],
    )
    found = database.archive.exported_events([second, "ev_none", first])
    assert [one.event.id for one in found] == [second, first]
    assert [one.title for one in found[1].reports] == ["Report 3", "Again"]
    assert {one.role for one in found[1].reports} == {Role.REPORT}
    assert {one.text_rights.rights for one in found[1].reports} == {Rights.LINK}
    assert database.archive.exported_events([]) == ()


def test_what_was_merged_meanwhile_is_left_out(database: Database) -> None:
    gone, kept = tell(database, 3), tell(database, 4)
    with database.writing() as connection:
        connection.execute(update(t.event).where(t.event.c.id == gone).values(merged_into=kept))
        list_anew(connection, [gone])
    assert [one.event.id for one in database.archive.exported_events([gone, kept])] == [kept]


def test_articles_come_with_text_rights_reasons_and_listed_events(database: Database) -> None:
    add_source(database, source(rights=Rights.FULL))
    event_id = tell(database, 3)
    store(database, article("Told by nothing", "Another text."), "https://harbour-post.example/x")
    told, loose = database.archive.exported_articles([2, 1, 99])
    assert told.text.startswith(TEXT)
    assert told.text_rights.rights is Rights.FULL
    assert told.event_ids == (event_id,)
    assert [one.code for one in told.reasons] == ["strong-cue"]
    assert (loose.id, loose.event_ids) == (2, ())


def test_the_end_of_the_log_moves_with_each_change(database: Database) -> None:
    assert database.archive.log_end() == 0
    tell(database, 3)
    assert database.archive.log_end() == 1
