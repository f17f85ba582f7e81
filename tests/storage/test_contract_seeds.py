from __future__ import annotations

from dataclasses import replace
from datetime import date

from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import Label, TextPath
from monitor.domain.model.events import ChangeKind, DateRange, EventOrigin, EventStatus, Person, Precision, VerdictKind
from monitor.domain.model.seeds import PartnershipData
from tests.storage.samples import (
    DAY,
    NOW,
    OTHER_TEXT,
    article,
    happening,
    joining,
    opening,
    put_seed,
    query,
    seed,
    store,
    subscribe,
)

COMING = happening(
    when=DateRange(date(2026, 1, 1), date(2026, 12, 31), Precision.YEAR),
    status=EventStatus.ANNOUNCED,
    series_key="conf:lake",
    ordinal=6,
)


def test_a_seed_is_an_article_without_text_with_its_event(database: Database) -> None:
    put_seed(database, seed(url="https://city.example/2024", published_on=date(2024, 6, 2)))
    assert database.archive.seeds() == (("lakeside-2024", "event", "Lakeside and Millport sign"),)
    [event] = database.archive.events()
    assert (event.origin, event.seed_key, event.title) == (
        EventOrigin.SEED,
        "lakeside-2024",
        "Lakeside and Millport sign",
    )
    assert (event.people, event.numbers, event.languages) == ({"ana le"}, {"12"}, {"fr"})
    [article_id] = event.article_ids
    view = database.archive.article(article_id)
    assert (view.origin, view.text, view.path, view.url) == ("seed", "", TextPath.GIVEN, "https://city.example/2024")
    assert (view.label, view.known_seed, view.published_on) == (Label.EVENT, "lakeside-2024", date(2024, 6, 2))
    assert view.event_ids == (event.id,)
    [change] = database.archive.event(event.id).changes
    assert (change.seq, change.kind, change.announce) == (1, ChangeKind.OPENED, False)


def test_the_text_of_a_seed_is_recognised(database: Database) -> None:
    put_seed(database, seed())
    with database.units() as unit:
        known = unit.known(query(article("", OTHER_TEXT + " So it was said on Tuesday.")))
    [neighbour] = known.neighbours
    assert (neighbour.seed_key, neighbour.label) == ("lakeside-2024", Label.EVENT)
    assert [event.id for event in known.events] == list(neighbour.event_ids)


def test_the_page_at_a_seeds_address_is_a_text_like_any_other(database: Database) -> None:
    put_seed(database, seed(url="https://city.example/2024"))
    store(database, article("Not found"), "https://city.example/2024")
    with database.units() as unit:
        known = unit.known(query(article("", OTHER_TEXT), "https://city.example/2024"))
    assert known.same_url is not None
    assert known.same_url.seed_key is None
    assert [one.seed_key for one in known.neighbours] == ["lakeside-2024"]


def test_expectations_are_events_of_their_own_that_are_not_the_seed(database: Database) -> None:
    subscription_id = subscribe(database)
    put_seed(database, seed(expected=(COMING,)))
    main, coming = sorted(database.archive.events(), key=lambda event: event.seed_key is None)
    assert (main.seed_key, coming.seed_key) == ("lakeside-2024", None)
    assert (coming.status, coming.when, coming.ordinal) == (EventStatus.ANNOUNCED, COMING.when, 6)
    assert (coming.people, coming.numbers) == (frozenset(), frozenset())
    with database.units() as unit:
        material = unit.digest_material(subscription_id, NOW)
    assert material is not None
    assert [event.id for event in material.expected] == [coming.id]


def test_a_background_seed_has_no_event(database: Database) -> None:
    put_seed(database, seed(label=Label.BACKGROUND, happening=None))
    assert database.archive.events() == ()
    assert database.archive.seeds()[0][1] == "background"


def test_loading_tells_by_its_hash_what_is_loaded(database: Database) -> None:
    put_seed(database, seed("a"), "sha-a")
    put_seed(database, seed("b"), "sha-b")
    put_seed(database, seed("b"), "sha-c")
    with database.units() as unit:
        assert unit.seed_shas() == {"a": "sha-a", "b": "sha-c"}


def test_a_corrected_record_corrects_its_event_and_keeps_its_ids(database: Database) -> None:
    put_seed(database, seed(expected=(COMING,)))
    before = {event.id for event in database.archive.events()}
    corrected = seed(
        title="Lakeside and Millport signed",
        people=(Person("Bo"),),
        happening=happening(when=DateRange(date(2024, 6, 3), date(2024, 6, 3)), participants=frozenset({"a", "b"})),
        expected=(replace(COMING, ordinal=7), COMING),
    )
    put_seed(database, corrected, "sha-2", NOW + DAY)
    events = {event.id: event for event in database.archive.events()}
    assert before < events.keys()
    assert len(events) == 3
    [main] = [event for event in events.values() if event.seed_key]
    assert (main.title, main.participants, main.people) == ("Lakeside and Millport signed", {"a", "b"}, {"bo"})
    assert main.when == DateRange(date(2024, 6, 3), date(2024, 6, 3))
    assert [change.kind for change in database.archive.event(main.id).changes] == [ChangeKind.OPENED, ChangeKind.EDITED]
    assert not any(change.announce for change in database.archive.event(main.id).changes)
    assert len(database.archive.articles()) == 1


def test_a_corrected_record_does_not_undo_what_the_news_told_since(database: Database) -> None:
    put_seed(database, seed(expected=(COMING,)))
    [coming] = [event for event in database.archive.events() if event.seed_key is None]
    held = replace(COMING, status=EventStatus.HAPPENED, when=DateRange(date(2026, 5, 4), date(2026, 5, 5)))
    store(database, events=[joining(coming.id, happening=held)])
    put_seed(database, seed(expected=(replace(COMING, ordinal=9),)), "sha-2")
    after = database.archive.event(coming.id).event
    assert (after.status, after.when, after.ordinal) == (EventStatus.HAPPENED, held.when, 6)


def test_a_record_that_turns_into_a_profile_opens_its_expectations_anew(database: Database) -> None:
    put_seed(database, seed())
    put_seed(database, seed(label=Label.BACKGROUND, happening=None, expected=(COMING,)), "sha-2")
    [coming] = [event for event in database.archive.events() if event.seed_key is None]
    assert coming.when == COMING.when


def test_partnerships_are_kept_by_key(database: Database) -> None:
    first = PartnershipData("a+b", frozenset({"a", "b"}), "sister", date(1999, 1, 1))
    put_seed(database, seed("one", partnerships=(first,)))
    put_seed(
        database, seed("two", partnerships=(replace(first, grade="friendship"), PartnershipData("c", frozenset())))
    )
    assert len(database.archive.seeds()) == 2


def test_seeds_are_found_by_their_summary(database: Database) -> None:
    put_seed(database, seed())
    put_seed(database, seed(summary="Quite another thing"), "sha-2")
    assert database.archive.search("charter").total == 0
    assert [row.title for row in database.archive.search("quite another").rows] == ["Lakeside and Millport sign"]


# ---------------------------------------------------------------- verdicts


def test_verdicts_on_the_article_its_neighbours_and_its_events_are_known(database: Database) -> None:
    mine = store(database, events=[opening()])
    [event_id] = mine.event_ids
    other = store(database, article("Unlike", OTHER_TEXT), "https://b.example/1", [opening(happening(when=None))])
    with database.units() as unit:
        relevant = unit.add_verdict(VerdictKind.RELEVANT, "ann", NOW, article_id=mine.article_id)
        must = unit.add_verdict(VerdictKind.MUST_LINK, "bo", NOW, article_id=other.article_id, event_id=event_id)
        merge = unit.add_verdict(
            VerdictKind.MERGE, "bo", NOW, event_id=other.event_ids[0], other_event_id=event_id, text="the same day"
        )
        unit.add_verdict(VerdictKind.NOT_RELEVANT, "bo", NOW, article_id=other.article_id)
        unit.commit()
    assert (relevant.kind, relevant.by, relevant.at) == (VerdictKind.RELEVANT, "ann", NOW)
    assert merge.text == "the same day"
    with database.units() as unit:
        known = unit.known(query(url="https://harbour-post.example/e1"))
    assert known.verdicts == (relevant, must, merge)


def test_a_verdict_not_committed_was_not_said(database: Database) -> None:
    applied = store(database)
    with database.units() as unit:
        unit.add_verdict(VerdictKind.RELEVANT, "ann", NOW, article_id=applied.article_id)
    with database.units() as unit:
        assert unit.known(query()).verdicts == ()
