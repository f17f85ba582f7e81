from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.sources import FeedData, FeedKind, Rights
from monitor.errors import NotFound
from monitor.ports import Stage
from tests.storage.samples import (
    DAY,
    HOUR,
    NOW,
    add_source,
    apply_poll,
    entry,
    feed_ids,
    poll,
    source,
)


def sync(database: Database, *declared: object, now: object = NOW, by: str = "config") -> None:
    with database.units() as unit:
        unit.sync_sources(declared, now, by)  # type: ignore[arg-type]
        unit.commit()


def pause(database: Database, key: str, paused: bool = True) -> None:
    with database.units() as unit:
        unit.set_source_paused(key, paused, NOW)
        unit.commit()


def due(database: Database, now: object = NOW) -> tuple[int, ...]:
    """The feeds whose time has come; of those of one host, a claim hands out the first."""
    found: set[int] = set()
    views = [view for view in database.archive.sources() if not view.paused]
    for feed in (feed for view in views for feed in view.feeds):
        if feed.next_at is not None and feed.next_at <= now:  # type: ignore[operator]
            found.add(feed.id)
    assert set(database.queue.claim(Stage.POLL, now, 100, 0.0)) <= found  # type: ignore[arg-type]
    return tuple(sorted(found))


def test_a_new_source_is_kept_as_declared_and_its_feeds_are_due_now(database: Database) -> None:
    given = source(
        "uni",
        "https://uni.example/a",
        "https://uni.example/b",
        home_page="https://uni.example/",
        language="fr",
        country="FR",
        trust=2,
        rights=Rights.FULL,
    )
    add_source(database, given)
    view = database.archive.source("uni")
    assert (view.name, view.home_page, view.language, view.country) == ("Uni", "https://uni.example/", "fr", "FR")
    assert (view.trust, view.rights, view.paused, view.declared_by) == (2, "full", False, "config")
    assert [feed.url for feed in view.feeds] == ["https://uni.example/a", "https://uni.example/b"]
    assert len(due(database)) == 2


def test_declaring_the_same_again_changes_nothing(database: Database) -> None:
    add_source(database)
    apply_poll(database, poll(feed_ids(database)[0]))
    before = database.archive.sources()
    add_source(database, now=NOW + HOUR)
    assert database.archive.sources() == before


def test_a_declared_change_is_applied(database: Database) -> None:
    add_source(database, source("uni", trust=1))
    sync(database, source("uni", name="University", trust=2))
    view = database.archive.source("uni")
    assert (view.name, view.trust) == ("University", 2)


def test_a_persons_change_wins_over_the_declaration(database: Database) -> None:
    add_source(database)
    pause(database, "harbour-post")
    sync(database, source())
    assert database.archive.source("harbour-post").paused
    sync(database, source(name="Another name"))
    view = database.archive.source("harbour-post")
    assert view.paused  # the declaration changed elsewhere
    assert view.name == "Another name"


def test_a_persons_change_since_the_last_declaration_holds_against_a_new_one(database: Database) -> None:
    add_source(database, source("uni", name="Old"))
    with database.units() as unit:
        unit.add_source(source("uni", name="Mine"), NOW, "cli")
        unit.commit()
    sync(database, source("uni", name="New"))
    sync(database, source("uni", name="New"))
    assert database.archive.source("uni").name == "Mine"
    sync(database, source("uni", name="Newer"))
    assert database.archive.source("uni").name == "Newer"


def test_a_source_no_longer_declared_is_paused_once(database: Database) -> None:
    sync(database, source("a"), source("b"))
    sync(database, source("a"))
    assert database.archive.source("b").paused
    assert not database.archive.source("a").paused
    pause(database, "b", paused=False)
    sync(database, source("a"))
    assert not database.archive.source("b").paused
    sync(database, source("a"), source("b"))
    assert not database.archive.source("b").paused


def test_a_source_declared_again_is_followed_again(database: Database) -> None:
    sync(database, source("a"))
    sync(database)
    sync(database, source("a"))
    assert not database.archive.source("a").paused


def test_sources_of_others_are_not_paused_by_the_configuration(database: Database) -> None:
    with database.units() as unit:
        unit.add_source(source("mine"), NOW, "cli")
        unit.commit()
    sync(database, source("theirs"))
    assert [(one.key, one.paused, one.declared_by) for one in database.archive.sources()] == [
        ("mine", False, "cli"),
        ("theirs", False, "config"),
    ]


def test_adding_a_source_again_replaces_it_and_its_feeds_are_due(database: Database) -> None:
    add_source(database, source("uni", "https://uni.example/old"))
    apply_poll(database, poll(feed_ids(database)[0]))
    with database.units() as unit:
        unit.add_source(source("uni", "https://uni.example/old", "https://uni.example/new"), NOW, "cli")
        unit.commit()
    assert [feed.next_at for feed in database.archive.source("uni").feeds] == [NOW, NOW]


def test_a_feed_no_longer_named_is_not_polled_and_keeps_its_entries(database: Database) -> None:
    add_source(database, source("uni", "https://uni.example/a", "https://uni.example/b"))
    first, second = feed_ids(database)
    apply_poll(database, poll(first, new_entries=(entry(),)))
    sync(database, source("uni", "https://uni.example/b"))
    assert feed_ids(database) == [second]
    with database.units() as unit:
        assert unit.feeds_for_poll([first]).get(first) is None
        assert list(unit.entry_shas(first, ["e1"])) == ["e1"]
    sync(database, source("uni", "https://uni.example/a", "https://uni.example/b"))
    assert feed_ids(database) == [first, second]
    assert due(database) == (first, second)


def test_an_address_belongs_to_the_source_that_named_it_last(database: Database) -> None:
    sync(database, source("a", "https://shared.example/feed"))
    sync(database, source("a", "https://a.example/feed"), source("b", "https://shared.example/feed"))
    assert [feed.url for feed in database.archive.source("b").feeds] == ["https://shared.example/feed"]
    assert [feed.url for feed in database.archive.source("a").feeds] == ["https://a.example/feed"]


def test_a_feed_that_is_read_otherwise_is_read_anew(database: Database) -> None:
    add_source(database)
    [feed_id] = feed_ids(database)
    apply_poll(database, poll(feed_id, found_url="https://harbour-post.example/real"))
    feed = FeedData("https://harbour-post.example/feed", FeedKind.PAGE, link_selector="main a", interval_min=30)
    sync(database, replace(source(), feeds=(feed,)), now=NOW + 1 * HOUR)
    with database.units() as unit:
        found = unit.feeds_for_poll([feed_id]).get(feed_id)
    assert found is not None
    assert (found.kind, found.link_selector, found.interval_min) == (FeedKind.PAGE, "main a", 30)
    assert (found.found_kind, found.body_sha, found.validators.etag) == (None, None, None)
    assert found.url == "https://harbour-post.example/feed"
    assert due(database, NOW + HOUR) == (feed_id,)


def test_a_paused_source_is_neither_due_nor_polled_until_resumed(database: Database) -> None:
    add_source(database)
    [feed_id] = feed_ids(database)
    pause(database, "harbour-post")
    assert due(database) == ()
    with database.units() as unit:
        assert unit.feeds_for_poll([feed_id]).get(feed_id) is None
    pause(database, "harbour-post", paused=False)
    assert due(database) == (feed_id,)


def test_an_unknown_source_cannot_be_paused_or_shown(database: Database) -> None:
    with database.units() as unit, pytest.raises(NotFound, match="nobody"):
        unit.set_source_paused("nobody", True, NOW)
    with pytest.raises(NotFound, match="nobody"):
        database.archive.source("nobody")


def test_leaving_a_unit_without_commit_leaves_nothing(database: Database) -> None:
    with database.units() as unit:
        unit.add_source(source(), NOW, "cli")
    assert database.archive.sources() == ()


def test_a_unit_sees_what_it_wrote(database: Database) -> None:
    add_source(database)
    with database.units() as unit:
        unit.apply_polls([poll(feed_ids(database)[0], new_entries=(entry("a"),))])
        assert list(unit.entry_shas(feed_ids(database)[0], ["a", "b"])) == ["a"]


def test_trim_drops_old_poll_history_only(database: Database) -> None:
    add_source(database)
    [feed_id] = feed_ids(database)
    for days in (100, 91, 89, 0):
        apply_poll(database, poll(feed_id, NOW - days * DAY, new_entries=(entry(f"e{days}"),)))
    with database.units() as unit:
        assert unit.trim(NOW, 90) == 2
        unit.commit()
    with database.units() as unit:
        assert unit.trim(NOW, 90) == 0
        assert len(unit.entry_shas(feed_id, ["e100", "e91", "e89", "e0"])) == 4
