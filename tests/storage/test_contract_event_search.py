"""Lists and searches of events on every database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from monitor.adapters.storage import event_search, search_hits
from monitor.adapters.storage import tables as t
from monitor.adapters.storage.database import Database
from monitor.adapters.storage.listing import list_anew
from monitor.domain.event_filters import filter_in
from monitor.domain.kind_families import KindFamily
from monitor.domain.model.articles import Span, StageRecord
from monitor.domain.model.event_search import EventFilter, EventPage, EventQuery, Novelty
from monitor.domain.model.events import DateRange, EventKind, EventOrigin, EventStatus, Facts
from monitor.domain.model.partnerships import PartnershipData
from tests.storage.samples import NOW, add_source, article, happening, joining, opening, source, store


def tell(
    database: Database,
    name: str,
    day: str | None,
    title: str = "",
    origin: EventOrigin = EventOrigin.NEWS,
    **fields: Any,
) -> str:
    """Open an event by an article; its id."""
    when = DateRange(date.fromisoformat(day), date.fromisoformat(day)) if day else None
    told = opening(happening(when=when, **fields), origin=origin)
    given = article(title or f"About {name}", f"The text of {name}.")
    return store(database, given, f"https://a.example/{name}", [told], mentions=()).event_ids[0]


def put(database: Database, event_id: str, **values: Any) -> None:
    """Set columns of an event's row."""
    with database.writing() as connection:
        connection.execute(update(t.event).where(t.event.c.id == event_id).values(**values))
        list_anew(connection, [event_id])


@pytest.fixture
def archive(database: Database) -> Database:
    add_source(database)
    return database


def ids(page: EventPage) -> list[str]:
    return [row.event.id for row in page.rows]


def found(database: Database, place_ids: tuple[str, ...] = (), **fields: Any) -> list[str]:
    return ids(database.archive.find_events(EventQuery(EventFilter(**fields), frozenset(place_ids))))


def test_events_are_listed_by_their_day_newest_first_undated_ones_when_first_seen(archive: Database) -> None:
    old, undated, new = tell(archive, "a", "2024-01-01"), tell(archive, "b", None), tell(archive, "c", "2026-05-01")
    assert found(archive) == [new, undated, old]


def test_pages_follow_each_other_without_gap_or_repeat_also_on_one_day(archive: Database) -> None:
    told = {tell(archive, f"e{number}", f"2026-01-0{1 + number % 2}") for number in range(7)}
    seen: list[str] = []
    after = None
    while True:
        page = archive.archive.find_events(EventQuery(), 2, after)
        assert (page.total, page.total_is_bound) == (7, False)
        seen += ids(page)
        after = page.next
        if after is None:
            break
    assert len(seen) == 7
    assert set(seen) == told


def test_merged_and_closed_events_are_not_listed(archive: Database) -> None:
    kept, gone = tell(archive, "a", "2026-01-01"), tell(archive, "b", "2026-01-02")
    put(archive, gone, merged_into=kept)
    assert found(archive) == [kept]


def test_each_field_narrows_the_list(archive: Database) -> None:
    signing = tell(archive, "a", "2026-02-01")
    fair = tell(
        archive, "b", "2026-03-01", kinds=(EventKind.ECONOMIC,), status=EventStatus.ANNOUNCED,
        participants=frozenset({"lakeside", "hilltown"}), countries=frozenset({"FR", "PL"}), host_id=None,
    )  # fmt: skip
    seeded = tell(archive, "c", "2025-01-01", origin=EventOrigin.SEED, host_id="harbour")
    both = [fair, signing]
    assert found(archive, family=KindFamily.AGREEMENTS) == [signing, seeded]
    assert found(archive, family=KindFamily.ECONOMY, country="PL") == [fair]
    assert found(archive, status=EventStatus.ANNOUNCED) == [fair]
    assert found(archive, country="PL") == [fair]
    assert found(archive, country="%") == []
    assert found(archive, language="en") == [fair, signing, seeded]
    assert found(archive, language="zh") == []
    assert found(archive, novelty=Novelty.NEW) == both
    assert found(archive, novelty=Novelty.KNOWN) == [seeded]
    assert found(archive, since=date(2026, 1, 1), until=date(2026, 2, 1)) == [signing]
    assert found(archive, source="harbour-post") == [fair, signing, seeded]
    assert found(archive, source="nobody") == []
    assert found(archive, place="x", place_ids=("hilltown",)) == [fair]
    assert found(archive, place="x", place_ids=("harbour",)) == [seeded]
    assert found(archive, place="x") == []


def test_a_partnership_and_other_fields_narrow_together(archive: Database) -> None:
    told = tell(archive, "a", "2026-02-01")
    talks = tell(archive, "b", "2026-02-02", "regatta", kinds=(EventKind.TALKS,))
    tell(archive, "c", "2026-02-03", participants=frozenset({"lakeside", "hilltown"}))
    with archive.units() as unit:
        unit.put_partnership(PartnershipData("p", frozenset({"lakeside", "millport"})), NOW)
        unit.commit()
    assert found(archive, partnership="p") == [talks, told]
    assert found(archive, partnership="p", family=KindFamily.AGREEMENTS) == [told]
    assert found(archive, partnership="p", words="regatta") == [talks]
    assert found(archive, partnership="p", place="x", place_ids=("hilltown",)) == []
    assert found(archive, partnership="gone") == []


def test_a_place_stands_with_others_and_each_event_is_listed_once(archive: Database) -> None:
    first = tell(archive, "a", "2026-02-01", host_id="lakeside")
    second = tell(archive, "b", "2026-02-02", participants=frozenset({"lakeside", "lakeside-university"}))
    tell(archive, "c", "2026-02-03", participants=frozenset({"hilltown", "harbour"}), host_id=None)
    there = ("lakeside", "lakeside-university")
    assert found(archive, place="lakeside", place_ids=there) == [second, first]
    assert found(archive, place="lakeside", place_ids=there, status=EventStatus.HAPPENED) == [second, first]
    assert found(archive, place="lakeside", place_ids=there, country="VN", since=date(2026, 2, 2)) == [second]
    page = archive.archive.find_events(EventQuery(EventFilter(place="lakeside"), frozenset(there)), 1)
    assert (ids(page), page.total) == ([second], 2)
    after = archive.archive.find_events(EventQuery(EventFilter(place="lakeside"), frozenset(there)), 1, page.next)
    assert (ids(after), after.next) == ([first], None)


def test_facets_tell_what_each_value_would_leave(archive: Database) -> None:
    tell(archive, "a", "2026-02-01")
    tell(archive, "b", "2026-03-01", participants=frozenset({"lakeside"}), kinds=(EventKind.TALKS,))
    facets = archive.archive.find_events(EventQuery()).facets
    assert facets.places == (("lakeside", 2), ("millport", 1))
    assert facets.families == ((KindFamily.MEETINGS, 2), (KindFamily.AGREEMENTS, 1))
    assert facets.statuses == ((EventStatus.HAPPENED, 2),)
    assert facets.novelties == ((Novelty.NEW, 2),)
    assert (facets.countries, facets.languages) == ((("FR", 2), ("VN", 2)), (("en", 2),))
    assert facets.sources == (("harbour-post", 2),)


def test_counting_ends_at_a_bound(archive: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_search, "COUNTED_UP_TO", 3)
    for number in range(5):
        tell(archive, f"e{number}", "2026-01-01")
    page = archive.archive.find_events(EventQuery(), 2)
    assert (page.total, page.total_is_bound, page.facets.statuses[0][1]) == (3, True, 3)


# ---------------------------------------------------------------- words


def test_words_find_events_by_their_articles_with_the_best_hit(archive: Database) -> None:
    event = tell(archive, "a", "2026-02-01", "Đà Nẵng welcomes a regatta")
    later = store(
        archive, article("Sails", "A regatta in Đà Nẵng."), "https://a.example/2", [joining(event)], mentions=()
    )
    loose = store(archive, article("Rowing", "No regatta but one in Đà Nẵng."), "https://a.example/3", mentions=())
    page = archive.archive.find_events(EventQuery(EventFilter(words="da nang regatta")))
    assert later.article_id < loose.article_id
    assert (ids(page), page.total, page.loose_total) == ([event], 1, 1)
    assert page.rows[0].hit is not None
    assert page.rows[0].hit.marked_title == "\u2068Đà\u2069 \u2068Nẵng\u2069 welcomes a \u2068regatta\u2069"
    assert [one.id for one in page.loose] == [loose.article_id]


def test_words_and_fields_narrow_together(archive: Database) -> None:
    tell(archive, "a", "2026-02-01", "regatta")
    seeded = tell(archive, "b", "2026-02-02", "regatta", origin=EventOrigin.SEED)
    assert found(archive, words="regatta", novelty=Novelty.KNOWN) == [seeded]
    assert found(archive, words='"') == []


def test_older_hits_can_be_asked_for(archive: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_hits, "HITS_CONSIDERED", 2)
    told = [tell(archive, f"e{number}", f"2026-01-0{number + 1}", "regatta") for number in range(5)]
    query = EventQuery(EventFilter(words="regatta"))
    first = archive.archive.find_events(query)
    assert (ids(first), first.total_is_bound) == ([told[4], told[3]], True)
    second = archive.archive.find_events(query, hits_below=first.older_hits)
    assert ids(second) == [told[2], told[1]]
    third = archive.archive.find_events(query, hits_below=second.older_hits)
    assert (ids(third), third.older_hits) == ([told[0]], None)


def test_what_was_learnt_last_comes_first_in_a_feed(archive: Database) -> None:
    first, second = tell(archive, "a", "2026-05-01", "regatta"), tell(archive, "b", "2020-01-01", "regatta")
    put(archive, first, first_seen_at=NOW - timedelta(days=1))
    for query in (EventQuery(), EventQuery(EventFilter(words="regatta"))):
        rows = archive.archive.latest_events(query)
        assert [row.event.id for row in rows] == [second, first]
        assert len(archive.archive.latest_events(query, 1)) == 1
    assert archive.archive.latest_events(EventQuery(EventFilter(words='"'))) == ()


# ---------------------------------------------------------------- one event


def test_reports_tell_why_they_belong_to_the_event_and_what_tells_it(archive: Database) -> None:
    record = (StageRecord("facts", "signing", spans=(Span(0, 3, "Two"),)), StageRecord("label", "event"))
    told = store(archive, events=[opening()], record=record, facts=Facts(None))
    [report] = archive.archive.event_reports(told.event_ids[0])
    assert (report.article_id, report.why) == (told.article_id, "no known event is like it")
    assert report.evidence == (Span(0, 3, "Two"),)
    assert archive.archive.event_reports("none") == ()


def test_around_an_event_stand_its_parts_its_series_and_its_relation(archive: Database) -> None:
    event = tell(archive, "a", "2026-02-01", series_key="regatta")
    edition = tell(archive, "b", "2025-02-01", series_key="regatta", participants=frozenset({"elsewhere"}))
    same = tell(archive, "c", "2024-02-01")
    tell(archive, "d", "2024-03-01", participants=frozenset({"lakeside"}))
    part = tell(archive, "e", "2026-02-01", participants=frozenset({"other"}))
    put(archive, part, part_of=event)
    view = archive.archive.event(event).event
    near = archive.archive.around(view, (frozenset({"lakeside"}), frozenset({"millport"})))
    assert {one.id for one in near} == {edition, same, part}
    assert {one.id for one in archive.archive.around(view, ())} == {edition, part}


# ---------------------------------------------------------------- what strangers type (faults H14, H19)

ODD = st.text(alphabet=st.sampled_from(list("\"'*()&|!:<->\\ANDORNOT 河rainё%_^~{}[];\x00")), max_size=60)
NAMES = ("q", "partnership", "place", "country", "kind", "language", "source", "since", "until", "status", "novelty")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.sampled_from(NAMES), ODD | st.text(max_size=20)))
def test_nothing_in_an_address_is_an_operator(database: Database, fields: dict[str, str]) -> None:
    asked = filter_in(fields)
    database.archive.find_events(EventQuery(asked, frozenset({asked.place})))


def test_a_huge_query_is_cut(archive: Database) -> None:
    event = tell(archive, "a", "2026-02-01", "regatta")
    asked = filter_in({"q": "regatta " * 1_300})
    assert found(archive, words=asked.words) == [event]
    assert len(asked.words) <= 400


@pytest.mark.parametrize("limit", [-1, 0, 10**9])
def test_a_limit_is_clamped(archive: Database, limit: int) -> None:
    tell(archive, "a", "2026-02-01")
    page = archive.archive.find_events(EventQuery(), limit)
    assert len(page.rows) == (1 if limit > 0 else 0)
    assert page.next is None


def test_a_source_without_entry_has_a_name_of_its_own(archive: Database) -> None:
    add_source(archive, source("harbour-post"))
    tell(archive, "a", "2026-02-01")
    assert archive.archive.find_events(EventQuery()).facets.sources == (("harbour-post", 1),)
