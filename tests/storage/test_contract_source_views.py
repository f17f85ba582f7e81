"""What the pages of sources read, on each database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.adapters.storage.database import Database
from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn
from monitor.domain.model.source_pages import FeedListed
from monitor.domain.model.sources import FeedData, FeedKind, Rights, TextRights
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from tests.storage.samples import DAY, HOUR, NOW, add_source, apply_poll, article, entry, feed_ids, poll, source, store


def three(database: Database) -> None:
    with database.units() as unit:
        unit.sync_sources(
            [
                source("beta", "https://beta.example/a", "https://beta.example/b", place_id="nancy"),
                source("alpha", name="Zeitung", rights=Rights.FULL, quote_chars=90),
                source("gone", paused=True),
            ],
            NOW,
        )
        unit.commit()


def test_the_index_tells_what_sources_are_found_by(database: Database) -> None:
    three(database)
    [beta, _] = [feed.id for feed in database.archive.source("beta").feeds]
    turn = HealthTurn(FeedHealth.NEW, FeedHealth.BROKEN, "dns")
    apply_poll(database, poll(beta, health=FeedHealth.BROKEN, turn=turn, found_url="https://feeds.example/x"))
    found = {one.key: one for one in database.archive.source_index()}
    assert list(found) == ["alpha", "beta", "gone"]
    assert found["beta"].feeds == (
        FeedListed(("https://beta.example/a", "https://feeds.example/x"), "feeds.example", FeedHealth.BROKEN),
        FeedListed(("https://beta.example/b",), "beta.example", FeedHealth.NEW),
    )
    assert found["beta"].urls == {"https://beta.example/a", "https://feeds.example/x", "https://beta.example/b"}
    assert (found["beta"].place_id, found["beta"].trust) == ("nancy", 1)
    assert (found["alpha"].name, found["gone"].paused) == ("Zeitung", True)


def test_states_come_in_the_order_asked_for_and_unknown_ones_are_left_out(database: Database) -> None:
    three(database)
    asked = ["beta", "nobody", "alpha", "beta"]
    assert [one.key for one in database.archive.source_states(asked)] == ["beta", "alpha"]
    assert database.archive.source_states([]) == ()


def test_a_state_tells_how_each_followed_feed_does(database: Database) -> None:
    three(database)
    [alpha] = [feed.id for feed in database.archive.source("alpha").feeds]
    habit = FeedHabit(interval_min=45.0, window=20, news_per_h=0.5)
    apply_poll(
        database,
        poll(alpha, outcome=Outcome.THROTTLED, detail="HTTP 429", failures=2, failing_since=NOW - DAY, habit=habit),
    )
    database.queue.claim(Stage.POLL, NOW + HOUR, 10, 60.0)
    [state] = database.archive.source_states(["alpha"])
    assert state.text_rights == TextRights(Rights.FULL, 90)
    assert (state.is_declared, state.is_declared_paused, state.declared_by) == (True, False, "config")
    [feed] = state.feeds
    assert (feed.url, feed.declared_url) == ("https://alpha.example/feed", "https://alpha.example/feed")
    assert (feed.last_outcome, feed.last_detail, feed.failures) == (Outcome.THROTTLED, "HTTP 429", 2)
    assert (feed.learned_interval_min, feed.news_per_h, feed.declared_interval_min) == (45.0, 0.5, None)
    assert feed.is_polled(NOW + HOUR)
    assert not feed.is_polled(NOW + HOUR + timedelta(minutes=2))
    assert feed.is_awaited(NOW + HOUR)
    assert not replace(feed, lease_until=None).is_awaited(NOW)


def test_a_source_that_the_configuration_names_no_more_is_told_apart(database: Database) -> None:
    three(database)
    with database.units() as unit:
        unit.sync_sources([source("gone", paused=True)], NOW)
        unit.commit()
    states = {one.key: one for one in database.archive.source_states(["alpha", "gone"])}
    assert (states["alpha"].paused, states["alpha"].is_declared) == (True, False)
    assert (states["gone"].is_declared, states["gone"].is_declared_paused) == (True, True)


def test_a_feed_no_longer_named_is_in_no_state(database: Database) -> None:
    three(database)
    with database.units() as unit:
        unit.add_source(source("beta", "https://beta.example/b"), NOW, "web")
        unit.commit()
    [state] = database.archive.source_states(["beta"])
    assert [one.url for one in state.feeds] == ["https://beta.example/b"]


def test_the_history_of_a_feed_is_its_latest_polls_and_turns(database: Database) -> None:
    add_source(database, source("uni", "https://uni.example/a", "https://uni.example/b"))
    first, second = feed_ids(database)
    for hour in range(5):
        apply_poll(database, poll(first, NOW + hour * HOUR, seen_entries=hour, gap=hour == 3))
    apply_poll(database, poll(second, NOW, new_entries=(entry("a"), entry("b")), seen_entries=2))
    for hour, health in enumerate((FeedHealth.BROKEN, FeedHealth.OK)):
        turn = HealthTurn(FeedHealth.OK, health, "dns")
        apply_poll(database, poll(second, NOW + hour * HOUR, health=health, turn=turn))
    histories = database.archive.feed_histories([first, second], 3)
    assert [(one.seen, one.gap) for one in histories[first].polls] == [(4, False), (3, True), (2, False)]
    assert [one.at for one in histories[first].polls] == [NOW + hour * HOUR for hour in (4, 3, 2)]
    assert (histories[first].turns, histories[first].entries) == ((), 0)
    assert [one.turn.after for one in histories[second].turns] == [FeedHealth.OK, FeedHealth.BROKEN]
    assert histories[second].entries == 2
    assert histories[second].polls[-1].new == 2


def test_articles_of_a_source_are_paged_from_the_newest(database: Database) -> None:
    add_source(database)
    add_source(database, source("other"))
    told = [article(f"Report {number}", f"Words of report {number}. " * 9) for number in range(4)]
    ids = [store(database, one, f"https://h.example/{number}").article_id for number, one in enumerate(told)]
    key = database.archive.article(ids[0]).source_key
    assert key is not None
    assert [one.id for one in database.archive.source_articles(key, 2)] == ids[:1:-1]
    assert [one.id for one in database.archive.source_articles(key, 2, before_id=ids[2])] == ids[1::-1]
    assert database.archive.source_articles("other" if key != "other" else "harbour-post", 2) == ()


def test_the_kind_and_the_declared_interval_are_told(database: Database) -> None:
    feed = FeedData("https://uni.example/news", FeedKind.PAGE, link_selector="main a", interval_min=30, max_pages=3)
    add_source(database, replace(source("uni"), feeds=(feed,)))
    [found] = database.archive.source_states(["uni"])[0].feeds
    told = (found.kind, found.link_selector, found.declared_interval_min, found.max_pages)
    assert told == (FeedKind.PAGE, "main a", 30, 3)
