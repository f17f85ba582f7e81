"""Polls of many threads share commits: each is durable when its own returns, and a bad one costs only itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import event

from monitor.adapters.storage.database import Database
from monitor.adapters.storage.engines import create_engines, parse_url
from monitor.domain.model.sources import FeedData, PollIntent
from tests.storage.samples import DAY, NOW, add_source, entry, feed_ids, poll, source

FEEDS = 12


def many_feeds(database: Database) -> Sequence[int]:
    feeds = tuple(FeedData(f"https://harbour.example/{n}.xml") for n in range(FEEDS))
    add_source(database, replace(source(), feeds=feeds))
    return feed_ids(database)


def all_at_once(database: Database, intents: Sequence[PollIntent]) -> list[BaseException | int]:
    """What each thread met: its error, or the entries that a fresh reader saw when its commit had returned."""
    threads = threading.Barrier(len(intents) + 1)

    def write(intent: PollIntent) -> BaseException | int:
        threads.wait(10)
        try:
            with database.units() as unit:
                unit.apply_poll(intent)
                unit.commit()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            return error
        with database.units() as unit:
            return len(unit.entry_shas(intent.feed_id, [one.key for one in intent.new_entries]))

    with ThreadPoolExecutor(len(intents)) as pool:
        with database.units() as unit:
            unit.trim(NOW, 90)  # holds the writer's place, so that all wait in line
            found = [pool.submit(write, intent) for intent in intents]
            threads.wait(10)
            time.sleep(0.2)
            unit.commit()
        return [one.result(20) for one in found]


def test_polls_of_many_threads_are_durable_when_each_returns(database: Database) -> None:
    intents = [poll(one, new_entries=(entry(f"of-{one}"),)) for one in many_feeds(database)]
    assert all_at_once(database, intents) == [1] * FEEDS


def test_one_bad_poll_costs_only_itself(database: Database) -> None:
    intents = [poll(one, new_entries=(entry(f"of-{one}"),)) for one in many_feeds(database)]
    intents[5] = replace(intents[5], polled_at=NOW.replace(tzinfo=None))
    found = all_at_once(database, intents)
    assert isinstance(found.pop(5), Exception)
    assert found == [1] * (FEEDS - 1)
    with database.units() as unit:
        assert unit.entry_shas(intents[5].feed_id, [intents[5].new_entries[0].key]) == {}


def test_the_writer_goes_on_after_a_fault(database: Database) -> None:
    first, *_ = many_feeds(database)
    bad = replace(poll(first), polled_at=NOW.replace(tzinfo=None))
    assert isinstance(all_at_once(database, [bad])[0], Exception)
    assert all_at_once(database, [poll(first, NOW + DAY, new_entries=(entry("later"),))]) == [1]


def test_those_who_wait_share_a_commit(sqlite_url: str) -> None:
    engines = create_engines(parse_url(sqlite_url))
    database = Database(engines, "head")
    intents = [poll(one) for one in many_feeds(database)]
    commits: list[object] = []
    event.listen(engines.writer, "commit", commits.append)
    all_at_once(database, intents)
    assert 2 <= len(commits) < FEEDS
    database.close()
