from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import CaptureData
from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn
from monitor.domain.model.sources import FeedData, FeedForPoll, FeedKind, Validators
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean, clean_line
from monitor.errors import ConfigurationError, NotFound
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    add_source,
    apply_poll,
    entries_due,
    entry,
    feed_ids,
    poll,
    source,
    store,
    subscribe,
)


def a_feed(database: Database) -> int:
    add_source(database, source(language="fr", country="FR", trust=2, about_relations=True))
    return feed_ids(database)[0]


def test_a_new_feed_knows_nothing_yet(database: Database) -> None:
    feed_id = a_feed(database)
    with database.units() as unit:
        feed = unit.feeds_for_poll([feed_id]).get(feed_id)
    assert feed is not None
    assert (feed.kind, feed.found_kind, feed.interval_min) == (FeedKind.AUTO, None, 60)
    assert (feed.validators, feed.body_sha, feed.baseline_done) == (Validators(), None, False)
    assert (feed.failures, feed.failing_since, feed.last_full_at) == (0, None, None)
    assert (feed.source_key, feed.source_language, feed.source_country) == ("harbour-post", "fr", "FR")


def test_a_poll_leaves_the_state_for_the_next(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(
        database,
        poll(feed_id, validators=Validators('"e"', "Mon, 02 Mar 2026 09:00:00 GMT"), found_url="https://x.example/f"),
    )
    with database.units() as unit:
        feed = unit.feeds_for_poll([feed_id]).get(feed_id)
    assert feed is not None
    assert feed.validators == Validators('"e"', "Mon, 02 Mar 2026 09:00:00 GMT")
    assert (feed.baseline_done, feed.last_full_at, feed.found_kind) == (True, NOW, FeedKind.FEED)
    assert feed.url == "https://x.example/f"
    [view] = database.archive.source("harbour-post").feeds
    assert (view.last_outcome, view.last_polled_at, view.last_ok_at) == (Outcome.OK, NOW, NOW)
    assert view.next_at == NOW + HOUR


def test_a_failed_poll_is_counted_and_changes_nothing_else(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, new_entries=(entry(),)))
    later = NOW + DAY
    apply_poll(
        database,
        poll(feed_id, later, outcome=Outcome.DNS, detail="no such host", failures=3, failing_since=NOW, full=False),
    )
    [view] = database.archive.source("harbour-post").feeds
    assert (view.last_outcome, view.last_detail, view.failures) == (Outcome.DNS, "no such host", 3)
    assert (view.last_polled_at, view.last_ok_at, view.last_new_at) == (later, NOW, NOW)
    assert view.entries == 1


def test_a_first_poll_that_fails_does_not_end_the_baseline(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, outcome=Outcome.NETWORK, failures=1, failing_since=NOW))
    with database.units() as unit:
        feed = unit.feeds_for_poll([feed_id]).get(feed_id)
    assert feed is not None
    assert not feed.baseline_done


def test_new_entries_are_stored_once_and_due_now(database: Database) -> None:
    feed_id = a_feed(database)
    entries = (entry("a"), entry("b"))
    apply_poll(database, poll(feed_id, new_entries=entries))
    apply_poll(database, poll(feed_id, new_entries=(*entries, entry("c"))))  # a second poll at the same time
    with database.units() as unit:
        shas = unit.entry_shas(feed_id, ["a", "b", "c", "d"])
    assert shas == {one.key: one.content_sha for one in (*entries, entry("c"))}
    assert len(entries_due(database)) == 3


def test_hashes_of_thousands_of_entries_are_found(database: Database) -> None:
    feed_id = a_feed(database)
    entries = tuple(entry(f"k{number}") for number in range(2_000))
    apply_poll(database, poll(feed_id, new_entries=entries))
    with database.units() as unit:
        assert len(unit.entry_shas(feed_id, [one.key for one in entries])) == 2_000


def test_an_entry_comes_to_ingestion_whole(database: Database) -> None:
    feed_id = a_feed(database)
    at = datetime(2026, 2, 28, 23, 30, 0, 123456, tzinfo=UTC)
    given = entry("a", "Ngày hội", summary="s", content="c", author="X. Y.", published_at=at, language="vi")
    apply_poll(database, poll(feed_id, new_entries=(given,), baseline=True))
    [entry_id] = entries_due(database)
    with database.units() as unit:
        found = unit.entry_for_ingest(entry_id)
    assert found is not None
    assert (found.id, found.feed_id, found.url, found.title) == (entry_id, feed_id, given.url, "Ngày hội")
    assert (found.summary, found.content, found.author, found.language) == ("s", "c", "X. Y.", "vi")
    assert (found.published_at, found.first_seen_at) == (at, NOW)
    assert (found.baseline, found.attempts, found.refreshes) == (True, 0, 0)
    assert (found.source_key, found.source_name, found.source_trust) == ("harbour-post", "Harbour-Post", 2)
    assert found.source_about_relations


def test_a_changed_entry_is_due_again_with_its_new_content(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, new_entries=(entry("a", "First wording"),), baseline=True))
    [entry_id] = entries_due(database)
    article = store(database)
    with database.units() as unit:
        unit.finish_entry(entry_id, article.article_id, Outcome.OK, "", None)
        unit.commit()
    assert entries_due(database, NOW + DAY) == ()
    changed = entry("a", "Second wording")
    apply_poll(database, poll(feed_id, NOW + HOUR, changed_entries=(changed,)))
    assert entries_due(database, NOW + HOUR) == (entry_id,)
    with database.units() as unit:
        found = unit.entry_for_ingest(entry_id)
        assert unit.entry_shas(feed_id, ["a"]) == {"a": changed.content_sha}
    assert found is not None
    assert (found.title, found.baseline, found.first_seen_at) == ("Second wording", True, NOW)


def test_postponing_counts_and_waits(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, new_entries=(entry(),)))
    [entry_id] = entries_due(database)
    with database.units() as unit:
        unit.postpone_entry(entry_id, NOW + HOUR, Outcome.DEADLINE, "too slow")
        unit.commit()
    assert entries_due(database, NOW + HOUR - timedelta(seconds=1)) == ()
    assert entries_due(database, NOW + HOUR) == (entry_id,)
    with database.units() as unit:
        found = unit.entry_for_ingest(entry_id)
    assert found is not None
    assert found.attempts == 1


def test_a_finished_entry_is_read_again_only_when_asked(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, new_entries=(entry(),)))
    [entry_id] = entries_due(database)
    article_id = store(database).article_id
    with database.units() as unit:
        unit.postpone_entry(entry_id, NOW, Outcome.DNS, "")
        unit.finish_entry(entry_id, article_id, Outcome.OK, "", NOW + DAY)
        unit.commit()
    assert entries_due(database, NOW + HOUR) == ()
    assert entries_due(database, NOW + DAY) == (entry_id,)
    with database.units() as unit:
        found = unit.entry_for_ingest(entry_id)
        assert found is not None
        assert (found.attempts, found.refreshes) == (0, 1)
        unit.finish_entry(entry_id, None, Outcome.NOT_FOUND, "gone", None)
        unit.commit()
    assert entries_due(database, NOW + 100 * DAY) == ()


def test_a_feed_deleted_meanwhile_is_left_alone(database: Database) -> None:
    apply_poll(database, poll(4711, new_entries=(entry(),)))
    assert entries_due(database) == ()
    with database.units() as unit:
        assert unit.feeds_for_poll([4711]).get(4711) is None
        assert unit.entry_for_ingest(4711) is None


def test_a_feed_dropped_during_its_poll_is_not_brought_back(database: Database) -> None:
    feed_id = a_feed(database)
    add_source(database, source("harbour-post", "https://harbour-post.example/other"))
    apply_poll(database, poll(feed_id, new_entries=(entry(),)))
    assert feed_id not in feed_ids(database)
    with database.units() as unit:
        assert unit.feeds_for_poll([feed_id]).get(feed_id) is None
    assert len(entries_due(database)) == 1  # what was fetched is not lost


def test_captures_get_ids_of_their_own(database: Database) -> None:
    capture = CaptureData("c" * 64, "https://a.example/x", "https://a.example/y", "text/html", 31_000, NOW)
    with database.units() as unit:
        first, second = unit.add_capture(capture), unit.add_capture(capture)
        unit.commit()
    assert first != second


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=80), content=st.text(max_size=300), number=st.integers(0, 10**12))
def test_cleaned_texts_come_back_as_they_were(database: Database, title: str, content: str, number: int) -> None:
    if not feed_ids(database):
        add_source(database)
    [feed_id] = feed_ids(database)
    given = entry(f"k{number}", clean_line(title), content=clean(content))
    apply_poll(database, poll(feed_id, new_entries=(given,), changed_entries=(given,)))
    for entry_id in entries_due(database, NOW):
        with database.units() as unit:
            found = unit.entry_for_ingest(entry_id)
            unit.finish_entry(entry_id, None, Outcome.OK, "", None)
            unit.commit()
        assert found is not None
        assert (found.title, found.content) == (given.title, given.content)


# ---------------------------------------------------------------- habit and health


def feed_of(database: Database, feed_id: int) -> FeedForPoll:
    with database.units() as unit:
        feed = unit.feeds_for_poll([feed_id]).get(feed_id)
    assert feed is not None
    return feed


def note(database: Database, feed_id: int, chars: int, times: int = 1, now: datetime = NOW) -> None:
    for _ in range(times):
        with database.units() as unit:
            unit.note_reading(feed_id, chars, False, False, now)
            unit.commit()


def changes(database: Database, since: datetime = NOW - DAY) -> list[tuple[FeedHealth, FeedHealth, str]]:
    subscription_id = subscribe(database, now=since)
    with database.units() as unit:
        material = unit.digest_material(subscription_id, NOW + 30 * DAY)
    assert material is not None
    return [(one.before, one.after, one.detail) for one in material.coverage.changes]


def test_what_a_poll_learnt_is_there_for_the_next(database: Database) -> None:
    feed_id = a_feed(database)
    habit = FeedHabit(interval_min=42.5, window=30, news_per_h=1.5, news_gap_h=0.7, last_news_at=NOW - HOUR)
    apply_poll(
        database, poll(feed_id, habit=habit, health=FeedHealth.OK, health_since=NOW, sitemap_url="https://s.example/m")
    )
    feed = feed_of(database, feed_id)
    assert (feed.habit, feed.health, feed.health_since) == (habit, FeedHealth.OK, NOW)
    assert (feed.sitemap_url, feed.last_polled_at, feed.is_interval_declared) == ("https://s.example/m", NOW, False)


def test_what_articles_taught_is_not_forgotten_by_a_poll_that_began_before(database: Database) -> None:
    feed_id = a_feed(database)
    before = feed_of(database, feed_id)
    note(database, feed_id, 3000, times=2)
    apply_poll(database, poll(feed_id, habit=replace(before.habit, window=10)))
    habit = feed_of(database, feed_id).habit
    assert (habit.window, habit.reading.articles, habit.reading.usual_chars) == (10, 2, 3000)


def test_articles_that_come_out_short_degrade_the_feed_once_and_it_recovers_once(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, health=FeedHealth.OK, health_since=NOW))
    note(database, feed_id, 3000, times=15)
    note(database, feed_id, 100, times=20, now=NOW + HOUR)
    feed = feed_of(database, feed_id)
    assert (feed.health, feed.health_since) == (FeedHealth.DEGRADED, NOW + HOUR)
    apply_poll(database, poll(feed_id, NOW + 2 * HOUR, health=FeedHealth.OK))  # judged before the articles were read
    assert feed_of(database, feed_id).health is FeedHealth.DEGRADED
    assert changes(database) == [(FeedHealth.OK, FeedHealth.DEGRADED, "short")]
    note(database, feed_id, 3000, times=20, now=NOW + 3 * HOUR)
    assert feed_of(database, feed_id).health is FeedHealth.OK


def test_a_turn_of_health_is_told_to_digests_that_come_after_it(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, health=FeedHealth.OK))
    turn = HealthTurn(FeedHealth.OK, FeedHealth.BROKEN, "not-found")
    failing = {"outcome": Outcome.NOT_FOUND, "failures": 3, "failing_since": NOW, "health": FeedHealth.BROKEN}
    apply_poll(database, poll(feed_id, NOW + HOUR, turn=turn, health_since=NOW + HOUR, **failing))
    apply_poll(database, poll(feed_id, NOW + 2 * HOUR, health_since=NOW + HOUR, **failing))
    [view] = database.archive.source("harbour-post").feeds
    assert (view.health, view.health_since) == (FeedHealth.BROKEN, NOW + HOUR)
    assert changes(database) == [(FeedHealth.OK, FeedHealth.BROKEN, "not-found")]


def test_entries_that_are_history_are_stored_like_a_baseline(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, new_entries=(entry("old"), entry("new")), history_keys=frozenset({"old"})))
    with database.units() as unit:
        found = [unit.entry_for_ingest(one) for one in entries_due(database)]
    assert {one.url.rpartition("/")[2]: one.baseline for one in found if one and one.url} == {"old": True, "new": False}


def test_an_entry_that_vanished_and_returns_is_known_whatever_was_trimmed(database: Database) -> None:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, new_entries=(entry("a"),)))
    with database.units() as unit:
        unit.trim(NOW + 5000 * DAY, 7)
        unit.commit()
    with database.units() as unit:
        assert set(unit.entry_shas(feed_id, ["a"])) == {"a"}
        assert unit.entry_titles(feed_id, ["Two towns, one regatta", "Another", ""]) == {"Two towns, one regatta"}


# ---------------------------------------------------------------- a feed that moves


def moved(database: Database, new_url: str = "https://new.example/feed") -> int:
    feed_id = a_feed(database)
    apply_poll(database, poll(feed_id, new_entries=(entry("a"),), moved_to=new_url, body_sha="c" * 64))
    return feed_id


def test_an_accepted_move_polls_the_new_address_and_keeps_the_history(database: Database) -> None:
    feed_id = moved(database)
    with database.units() as unit:
        told = unit.move_feed("harbour-post", NOW + HOUR)
        unit.commit()
    assert told == (("https://harbour-post.example/feed", "https://new.example/feed"),)
    feed = feed_of(database, feed_id)
    assert (feed.url, feed.moved_to, feed.validators, feed.body_sha) == (told[0][1], None, Validators(), None)
    [view] = database.archive.source("harbour-post").feeds
    assert (view.id, view.entries, view.next_at) == (feed_id, 1, NOW + HOUR)
    add_source(database, source(language="fr", country="FR", trust=2, about_relations=True), now=NOW + 2 * HOUR)
    assert feed_of(database, feed_id).url == "https://new.example/feed", "the declared stock does not take it back"


def test_only_what_has_moved_can_be_moved(database: Database) -> None:
    a_feed(database)
    with database.units() as unit:
        for key, url in (("nobody", None), ("harbour-post", None), ("harbour-post", "https://elsewhere.example/")):
            with pytest.raises(NotFound):
                unit.move_feed(key, NOW, url)


def test_a_move_to_an_address_that_is_followed_already_is_refused(database: Database) -> None:
    moved(database, "https://other.example/feed")
    with database.units() as unit:
        unit.add_source(source("other"), NOW, "cli")
        unit.commit()
    with database.units() as unit, pytest.raises(ConfigurationError, match="already"):
        unit.move_feed("harbour-post", NOW)
    assert feed_of(database, 1).url == "https://harbour-post.example/feed"


def test_polls_are_written_together_and_in_their_order(database: Database) -> None:
    add_source(database, replace(source(), feeds=tuple(FeedData(f"https://harbour.example/{n}.xml") for n in range(3))))
    ids = feed_ids(database)
    intents = [poll(one, new_entries=(entry(f"of-{one}"),)) for one in ids]
    again = poll(ids[0], NOW + HOUR, new_entries=(entry("later"),), failures=0, body_sha="d" * 64)
    with database.units() as unit:
        unit.apply_polls([*intents, again])
        unit.commit()
        assert set(unit.feeds_for_poll(ids)) == set(ids)
        assert unit.feeds_for_poll(ids)[ids[0]].body_sha == "d" * 64
        assert len(unit.entry_shas(ids[0], [f"of-{ids[0]}", "later"])) == 2
        assert all(len(unit.entry_shas(one, [f"of-{one}"])) == 1 for one in ids)


def test_a_poll_that_cannot_be_written_takes_the_others_of_its_transaction_with_it(database: Database) -> None:
    add_source(database, replace(source(), feeds=tuple(FeedData(f"https://harbour.example/{n}.xml") for n in range(2))))
    first, second = feed_ids(database)
    bad = replace(poll(second), polled_at=NOW.replace(tzinfo=None))
    with database.units() as unit, pytest.raises(StatementError):
        unit.apply_polls([poll(first, new_entries=(entry("a"),)), bad])
    with database.units() as unit:
        assert unit.entry_shas(first, ["a"]) == {}
