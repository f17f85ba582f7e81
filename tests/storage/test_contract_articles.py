from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.adapters.storage.articles import MAX_REVISIONS
from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import CaptureData, Fingerprint, Label, Origin, TextPath
from monitor.domain.model.events import (
    ChangeIntent,
    ChangeKind,
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Facts,
    Person,
    Precision,
    Role,
)
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean, clean_line
from monitor.errors import NotFound
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    OTHER_TEXT,
    add_source,
    article,
    copy_of,
    decision,
    happening,
    joining,
    opening,
    query,
    source,
    store,
)


def test_an_article_is_kept_with_everything_that_was_said_of_it(database: Database) -> None:
    add_source(database, source(name="Harbour Post"))
    told = article(
        "Đà Nẵng – 越南",
        author="X. Y.",
        site_name="Post",
        published_at=datetime(2026, 3, 1, 5, tzinfo=UTC),
        notes=("n1", "n2"),
        fallback=Outcome.NO_TEXT,
        path=TextPath.FEED_CONTENT,
    )
    capture = CaptureData("c" * 64, "https://a.example/x", "https://a.example/y", "text/html", 31_000, NOW)
    intent = decision(told, events=[opening()], known_seed="s", score=0.75)
    with database.units() as unit:
        capture_id = unit.add_capture(capture)
        applied = unit.apply(intent, told, capture_id, "harbour-post")
        unit.commit()
    view = database.archive.article(applied.article_id)
    assert (view.url, view.title, view.text) == ("https://harbour-post.example/e1", told.title, told.text)
    assert (view.language, view.author, view.site_name, view.published_on) == ("en", "X. Y.", "Post", told.published_on)
    assert (view.path, view.fallback, view.revision) == (TextPath.FEED_CONTENT, Outcome.NO_TEXT, 1)
    assert (view.origin, view.source_key, view.source_name) == ("feed", "harbour-post", "Harbour Post")
    assert (view.first_seen_at, view.label, view.known_seed) == (NOW, Label.EVENT, "s")
    assert (view.copy_of_id, view.copy_kind) == (None, None)
    assert view.assessment == intent.understanding.assessment
    assert view.mentions == intent.understanding.mentions
    assert view.record == intent.record
    assert view.event_ids == applied.event_ids
    assert view.capture == capture
    assert database.archive.article_by_url("harbour-post.example/e1") == view


def test_the_same_address_makes_a_revision_never_a_second_article(database: Database) -> None:
    first = store(database, label=Label.UNCERTAIN)
    second = store(
        database,
        article("New title", OTHER_TEXT, language="fr"),
        "http://www.harbour-post.example/e1/",
        label=Label.BACKGROUND,
        now=NOW + DAY,
        mentions=(),
    )
    assert (second.article_id, second.revision) == (first.article_id, 2)
    view = database.archive.article(first.article_id)
    assert (view.title, view.text, view.language, view.label) == ("New title", OTHER_TEXT, "fr", Label.BACKGROUND)
    assert (view.revision, view.first_seen_at, view.mentions) == (2, NOW, ())
    assert len(database.archive.articles()) == 1
    assert database.archive.search("regatta").rows == ()
    assert len(database.archive.search("beekeepers").rows) == 1


def test_an_unchanged_article_is_only_visited(database: Database) -> None:
    first = store(database, events=[opening()])
    before = database.archive.article(first.article_id)
    again = store(
        database,
        article("Another title"),
        events=[joining(first.event_ids[0])],
        unchanged=True,
        same_url_id=first.article_id,
        now=NOW + DAY,
    )
    assert again == first
    assert database.archive.article(first.article_id) == before
    assert len(database.archive.event(first.event_ids[0]).changes) == 1


def test_a_live_page_keeps_twenty_revisions_and_the_latest_text(database: Database) -> None:
    for number in range(MAX_REVISIONS + 5):
        applied = store(database, article(f"Update {number}"), now=NOW + number * HOUR)
    assert applied.revision == MAX_REVISIONS
    view = database.archive.article(applied.article_id)
    assert (view.title, view.revision) == (f"Update {MAX_REVISIONS + 4}", MAX_REVISIONS)


def test_a_copy_names_its_original(database: Database) -> None:
    original = store(database)
    copy = store(database, url="https://b.example/1", copy_of=copy_of(original.article_id))
    view = database.archive.article(copy.article_id)
    assert (view.copy_of_id, view.copy_kind) == (original.article_id, "near-copy")
    assert database.archive.articles()[0].copy_of_id == original.article_id


def test_an_article_of_no_known_source_is_kept_too(database: Database) -> None:
    told = article()
    with database.units() as unit:
        applied = unit.apply(decision(told, origin=Origin.FILE, now=NOW), told, None, None)
        unit.commit()
    view = database.archive.article(applied.article_id)
    assert (view.origin, view.source_key, view.source_name, view.capture) == ("file", None, None, None)


def test_unknown_articles_and_events_are_not_found(database: Database) -> None:
    with pytest.raises(NotFound, match="4711"):
        database.archive.article(4711)
    with pytest.raises(NotFound, match=r"nowhere\.example"):
        database.archive.article_by_url("nowhere.example/x")
    with pytest.raises(NotFound, match="ev_none"):
        database.archive.event("ev_none")


def test_articles_are_listed_newest_first_by_label_and_from_an_id_on(database: Database) -> None:
    labels = [Label.EVENT, Label.IRRELEVANT, Label.UNCERTAIN, Label.EVENT]
    ids = [
        store(database, article(f"A{number}"), f"https://a.example/{number}", label=label, score=number / 10).article_id
        for number, label in enumerate(labels)
    ]
    archive = database.archive
    assert [row.id for row in archive.articles()] == ids[::-1]
    assert [row.id for row in archive.articles(limit=2)] == ids[:1:-1]
    assert [row.id for row in archive.articles(label=Label.EVENT)] == [ids[3], ids[0]]
    assert [row.id for row in archive.articles(since_id=ids[1])] == [ids[3], ids[2]]
    assert archive.articles(limit=-5) == ()
    row = archive.articles()[0]
    assert (row.title, row.label, row.score, row.first_seen_at) == ("A3", Label.EVENT, 0.3, NOW)


# ---------------------------------------------------------------- events


def test_an_event_is_opened_as_the_article_tells_it(database: Database) -> None:
    told = happening(ordinal=3, series_key="conference:lake", date_inferred=True)
    applied = store(database, events=[opening(told)])
    [event] = database.archive.events()
    assert applied.event_ids == (event.id,)
    assert event.id.startswith("ev_")
    assert len(event.id) == 19
    assert event.kinds == (EventKind.AGREEMENT_SIGNED, EventKind.TALKS)
    assert (event.participants, event.host_id, event.when) == (told.participants, told.host_id, told.when)
    assert (event.status, event.ordinal, event.series_key) == (EventStatus.HAPPENED, 3, "conference:lake")
    assert (event.origin, event.title, event.date_inferred) == (EventOrigin.NEWS, "Two towns, one regatta", True)
    assert (event.people, event.numbers, event.languages) == ({"ana le"}, {"548"}, {"en"})
    assert (event.article_ids, event.first_seen_at) == ((applied.article_id,), NOW)
    assert (event.seed_key, event.part_of) == (None, None)


def test_a_report_brings_its_event_to_where_it_now_stands(database: Database) -> None:
    before = happening(when=None, status=EventStatus.ANNOUNCED, kinds=(EventKind.TALKS,), host_id=None)
    first = store(database, events=[opening(before)])
    after = happening(
        when=DateRange(date(2026, 5, 1), date(2026, 5, 31), Precision.MONTH),
        participants=frozenset({"lakeside", "millport", "hillton"}),
        series_key="s:1",
    )
    [event_id] = first.event_ids
    second = store(
        database,
        article("Second", OTHER_TEXT, language="vi"),
        "https://b.example/1",
        [joining(event_id, happening=after)],
        facts=Facts(None, people=(Person("Bo"),), numbers=("7.2",)),
        now=NOW + DAY,
    )
    assert second.event_ids == (event_id,)
    [event] = database.archive.events()
    assert (event.when, event.status, event.host_id) == (after.when, EventStatus.HAPPENED, "lakeside")
    assert event.kinds == (EventKind.AGREEMENT_SIGNED, EventKind.TALKS)
    assert event.participants == after.participants
    assert (event.people, event.numbers, event.languages) == ({"ana le", "bo"}, {"548", "7.2"}, {"en", "vi"})
    assert event.article_ids == (first.article_id, second.article_id)
    assert (event.title, event.first_seen_at, event.series_key) == ("Two towns, one regatta", NOW, "s:1")


def test_a_copy_adds_its_address_and_nothing_else(database: Database) -> None:
    first = store(database, events=[opening()])
    [before] = database.archive.events()
    second = store(
        database,
        article("Copy", language="de"),
        "https://b.example/1",
        [joining(before.id, role=Role.COPY, changes=(), happening=happening(countries=frozenset(), sentence=""))],
        copy_of=copy_of(first.article_id),
    )
    [after] = database.archive.events()
    assert after == replace(before, article_ids=(first.article_id, second.article_id))
    view = database.archive.event(before.id)
    assert [link.article_id for link in view.reports] == [first.article_id]
    assert [link.article_id for link in view.copies] == [second.article_id]
    assert view.why == ("no known event is like it",)


def test_the_log_is_gapless_and_in_order(database: Database) -> None:
    changes = (ChangeIntent(ChangeKind.STATUS, True, "announced", "happened"), ChangeIntent(ChangeKind.LANGUAGE, False))
    first = store(database, events=[opening(), opening(happening(host_id="hillton"))])
    one, two = first.event_ids
    second = store(database, url="https://b.example/1", events=[joining(two, *changes), joining(one)], now=NOW + HOUR)
    log = sorted(
        (change for event_id in (one, two) for change in database.archive.event(event_id).changes),
        key=lambda change: change.seq,
    )
    assert [change.seq for change in log] == [1, 2, 3, 4, 5]
    assert [change.event_id for change in log] == [one, two, two, two, one]
    status = log[2]
    assert (status.kind, status.before, status.after) == (ChangeKind.STATUS, "announced", "happened")
    assert (status.at, status.announce, status.article_id) == (NOW + HOUR, True, second.article_id)
    assert not log[3].announce


def test_a_rolled_back_decision_leaves_no_gap(database: Database) -> None:
    told = article()
    with database.units() as unit:
        unit.apply(decision(told, events=[opening()]), told, None, None)
    [event_id] = store(database, events=[opening()]).event_ids
    assert [change.seq for change in database.archive.event(event_id).changes] == [1]


def test_an_article_told_twice_of_one_event_is_linked_once_with_the_latest_reason(database: Database) -> None:
    [event_id] = store(database, events=[opening()]).event_ids
    store(database, article("Edited"), events=[joining(event_id, why="still the same")], now=NOW + DAY)
    view = database.archive.event(event_id)
    assert (len(view.reports), view.why) == (1, ("still the same",))


def test_events_are_listed_newest_first_and_by_place(database: Database) -> None:
    for number, when in enumerate([date(2026, 1, 5), date(2025, 7, 1), None, date(2026, 2, 1)]):
        told = happening(
            when=DateRange(when, when) if when else None,
            participants=frozenset({"lakeside", f"town-{number}"}),
            host_id="hub" if number == 3 else None,
        )
        store(database, article(f"E{number}"), f"https://a.example/{number}", [opening(told)], now=NOW - 60 * DAY)
    archive = database.archive
    assert [event.title for event in archive.events()] == ["E3", "E0", "E2", "E1"]  # undated: first seen 1 January
    assert [event.title for event in archive.events(limit=1)] == ["E3"]
    assert [event.title for event in archive.events(place_id="town-1")] == ["E1"]
    assert [event.title for event in archive.events(place_id="hub")] == ["E3"]
    assert archive.events(place_id="nowhere") == ()


# ---------------------------------------------------------------- what is known


def test_nothing_is_known_of_a_first_article(database: Database) -> None:
    with database.units() as unit:
        known = unit.known(query(place_ids=frozenset({"lakeside"})))
    assert (known.same_url, known.neighbours, known.events, known.verdicts) == (None, (), (), ())


def test_an_article_is_known_by_its_address(database: Database) -> None:
    applied = store(database, events=[opening()])
    asked = query(article("Other", OTHER_TEXT), "http://harbour-post.example/e1?utm_source=x")
    with database.units() as unit:
        known = unit.known(asked)
    assert known.same_url is not None
    assert (known.same_url.id, known.same_url.revision, known.same_url.label) == (applied.article_id, 1, Label.EVENT)
    assert known.same_url.event_ids == applied.event_ids
    assert known.same_url.published_on == date(2026, 3, 1)
    assert [event.id for event in known.events] == list(applied.event_ids)
    assert known.neighbours == ()


def test_a_near_copy_is_known_by_its_bands_and_comes_with_its_fingerprint(database: Database) -> None:
    intent = decision(article())
    applied = store(database)
    store(database, article("Unlike", OTHER_TEXT), "https://b.example/1")
    with database.units() as unit:
        known = unit.known(query(article(text="It was said: " + article().text)))
    [neighbour] = known.neighbours
    assert neighbour.id == applied.article_id
    assert neighbour.fingerprint == intent.understanding.fingerprint
    assert (neighbour.url_key, neighbour.title, neighbour.seed_key) == (
        "harbour-post.example/e1",
        "Two towns, one regatta",
        None,
    )


def test_a_short_text_is_known_by_being_equal(database: Database) -> None:
    short = article("Two towns", "sign.")
    applied = store(database, short)
    with database.units() as unit:
        assert [one.id for one in unit.known(query(short)).neighbours] == [applied.article_id]
        assert unit.known(query(article("Two towns", "part."))).neighbours == ()


def test_a_revision_replaces_the_fingerprint(database: Database) -> None:
    store(database)
    store(database, article("Unlike", OTHER_TEXT))
    with database.units() as unit:
        assert unit.known(query()).neighbours == ()
        assert len(unit.known(query(article("Unlike", OTHER_TEXT))).neighbours) == 1


def test_a_text_with_a_thousand_copies_costs_no_more_and_still_knows_its_original(database: Database) -> None:
    original = store(database).article_id
    print_ = decision(article()).understanding.fingerprint
    for number in range(60):
        stretched = Fingerprint(print_.scheme, f"{number:064}", print_.shingles, print_.digest, print_.bands)
        store(database, url=f"https://c.example/{number}", print_=stretched, copy_of=copy_of(original), mentions=())
    with database.units() as unit:
        ids = [one.id for one in unit.known(query()).neighbours]
    assert original in ids
    assert len(ids) < 30
    assert ids[0] == max(ids)


def around(start: date, end: date, *places: str, **fields: object) -> object:
    """The titles of the known events of places in a window."""
    return query(article("Unlike", OTHER_TEXT), place_ids=frozenset(places), earliest_on=start, latest_on=end, **fields)


def titles(database: Database, asked: object) -> list[str]:
    with database.units() as unit:
        return [event.title for event in unit.known(asked).events]  # type: ignore[arg-type]


def an_event(database: Database, title: str, *days: date, now: datetime = NOW, **fields: object) -> str:
    when = DateRange(days[0], days[-1]) if days else None
    told = happening(when=when, **{"host_id": None, **fields})
    applied = store(database, article(title, title), f"https://a.example/{title}", [opening(told)], now=now)
    return applied.event_ids[0]


def test_events_are_known_by_place_and_overlapping_dates(database: Database) -> None:
    an_event(database, "before", date(2026, 1, 1), date(2026, 1, 9))
    an_event(database, "touching", date(2026, 1, 1), date(2026, 1, 10))
    an_event(database, "within", date(2026, 1, 15))
    an_event(database, "around", date(2025, 6, 1), date(2026, 6, 1))
    an_event(database, "last day", date(2026, 1, 20), date(2026, 2, 20))
    an_event(database, "after", date(2026, 1, 21))
    an_event(database, "elsewhere", date(2026, 1, 15), participants=frozenset({"hillton", "x"}))
    an_event(database, "hosted", date(2026, 1, 15), participants=frozenset({"hillton"}), host_id="millport")
    found = titles(database, around(date(2026, 1, 10), date(2026, 1, 20), "millport", "nowhere"))
    assert set(found) == {"touching", "within", "around", "last day", "hosted"}
    assert found[0] == "last day"  # the latest first


def test_undated_events_are_known_for_about_a_year(database: Database) -> None:
    an_event(database, "forgotten", now=NOW - 401 * DAY)
    an_event(database, "undated", now=NOW - 399 * DAY)
    an_event(database, "undated elsewhere", participants=frozenset({"x", "y"}))
    an_event(database, "undated host", participants=frozenset({"x"}), host_id="lakeside")
    an_event(database, "dated", date(2026, 1, 1))
    assert titles(database, query(place_ids=frozenset({"lakeside"}))) == ["undated host", "undated"]
    assert titles(database, query()) == []


def test_editions_of_a_series_are_known_whenever_they_were(database: Database) -> None:
    an_event(database, "first", date(2019, 1, 1), series_key="conf:lake", ordinal=1)
    an_event(database, "second", date(2022, 1, 1), series_key="conf:lake", ordinal=2)
    an_event(database, "other", date(2022, 1, 1), series_key="conf:hill")
    assert titles(database, query(series_key="conf:lake")) == ["second", "first"]


def test_events_of_neighbours_are_known_wherever_they_are(database: Database) -> None:
    [event_id] = store(database, events=[opening()]).event_ids
    with database.units() as unit:
        known = unit.known(query())
    assert [event.id for event in known.events] == [event_id]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=60), text=st.text(max_size=400), surface=st.text(max_size=20))
def test_any_cleaned_text_can_be_stored_and_read(database: Database, title: str, text: str, surface: str) -> None:
    told = article(clean_line(title), clean(text), author=clean_line(surface), notes=(clean(surface),))
    applied = store(database, told, events=[opening(happening(sentence=clean(text)))])
    view = database.archive.article(applied.article_id)
    assert (view.title, view.text, view.author) == (told.title, told.text, told.author)
    database.archive.search(title or "x")
