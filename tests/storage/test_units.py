"""Locks, errors and plans that need a look behind the ports, on both databases."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import date
from queue import Queue

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import NullPool

from monitor.adapters.storage.database import Database, open_database
from monitor.adapters.storage.faults import storage_error
from monitor.adapters.storage.health import notes
from monitor.adapters.storage.schema import read_revisions
from monitor.adapters.storage.tables import METADATA
from monitor.domain.model.events import VerdictKind
from monitor.domain.model.views import QueueState
from monitor.domain.outcomes import Outcome
from monitor.errors import AlreadyRunning, StorageBusy, StorageError
from monitor.ports import Stage
from tests.storage.conftest import MIGRATIONS
from tests.storage.samples import (
    HOUR,
    LEASE_S,
    NOW,
    OTHER_TEXT,
    add_source,
    apply_poll,
    article,
    decision,
    entry,
    feed_ids,
    happening,
    opening,
    poll,
    query,
    source,
    store,
    subscribe,
)
from tests.storage.test_contract_digests import compose


def test_two_units_that_decide_are_serial(database: Database) -> None:
    """The second decides on what the first has stored, so the same news opens one event."""
    steps: Queue[str] = Queue()
    first_serial = threading.Event()

    def second() -> None:
        first_serial.wait(10)
        with database.units() as unit:
            steps.put("second asks")
            unit.serialise()
            known = unit.known(query())
            steps.put(f"second knows {len(known.neighbours)}")

    thread = threading.Thread(target=second)
    thread.start()
    with database.units() as unit:
        unit.serialise()
        assert unit.known(query()).neighbours == ()
        first_serial.set()
        assert steps.get(timeout=10) == "second asks"
        time.sleep(0.1)
        told = article()
        unit.apply(decision(told, events=[opening()]), told, None, None)
        steps.put("first stored")
        unit.commit()
    thread.join(10)
    assert [steps.get(timeout=1), steps.get(timeout=1)] == ["first stored", "second knows 1"]


def test_many_threads_deciding_at_once_leave_a_gapless_log(database: Database) -> None:
    def decide(worker: int) -> None:
        for number in range(6):
            told = article(f"{worker}/{number}", OTHER_TEXT + str((worker, number)))
            with database.units() as unit:
                unit.serialise()
                unit.known(query(told, place_ids=frozenset({"lakeside"}), earliest_on=NOW.date(), latest_on=NOW.date()))
                unit.apply(decision(told, f"https://a.example/{worker}/{number}", [opening()]), told, None, None)
                unit.commit()

    threads = [threading.Thread(target=decide, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    archive = database.archive
    log = [change.seq for one in archive.events(limit=100) for change in archive.event(one.id).changes]
    assert sorted(log) == list(range(1, 25))


def test_a_unit_reads_the_committed_state_once_it_serialises(database: Database) -> None:
    with database.units() as unit:
        assert unit.known(query()).neighbours == ()
        store(database)
        unit.serialise()
        unit.serialise()
        assert len(unit.known(query()).neighbours) == 1


def test_a_unit_can_go_on_after_its_commit(database: Database) -> None:
    with database.units() as unit:
        unit.add_source(source("a"), NOW, "cli")
        unit.commit()
        unit.add_source(source("b"), NOW, "cli")
    assert [view.key for view in database.archive.sources()] == ["a"]


def test_an_error_in_a_unit_leaves_nothing_and_frees_the_lock(database: Database) -> None:
    def fail() -> None:
        with database.units() as unit:
            unit.serialise()
            unit.add_source(source("a"), NOW, "cli")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    add_source(database)
    assert [view.key for view in database.archive.sources()] == ["harbour-post"]


def test_what_the_database_refuses_is_told_without_the_values(database: Database) -> None:
    with database.units() as unit, pytest.raises(StorageError) as told:
        unit.add_verdict(VerdictKind.NOTE, "secret-name", NOW, article_id=4711)
    assert "secret-name" not in str(told.value)
    assert told.value.__cause__ is not None


def test_a_moment_without_time_zone_is_refused(database: Database) -> None:
    with database.units() as unit, pytest.raises(Exception, match="without time zone"):
        unit.add_source(source(), NOW.replace(tzinfo=None), "cli")


def test_a_second_instance_is_refused_with_the_holders_pid(database: Database, database_url: str) -> None:
    other = open_database(database_url, MIGRATIONS)
    with database.instance_lock(), pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"):
        other.instance_lock().__enter__()
    with other.instance_lock():
        pass
    other.close()


def merge(database_url: str, event_id: str, into: str) -> None:
    """As review will do."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE event SET merged_into = :into WHERE id = :id"), {"into": into, "id": event_id})


def test_merged_events_are_followed(database: Database, database_url: str) -> None:
    subscription_id = subscribe(database)
    ids = [
        store(database, article(f"E{n}", f"{OTHER_TEXT} {n}"), f"https://a.example/{n}", [opening()]).event_ids[0]
        for n in range(3)
    ]
    article_id = database.archive.article_by_url("a.example/0").id
    with database.units() as unit:
        unit.add_verdict(VerdictKind.MUST_LINK, "ann", NOW, article_id=article_id, event_id=ids[0])
        unit.commit()
    merge(database_url, ids[0], ids[1])
    merge(database_url, ids[1], ids[2])
    assert database.list_all() == 2
    with database.units() as unit:
        asked = query(
            article("E0"),
            "https://a.example/0",
            place_ids=frozenset({"lakeside"}),
            earliest_on=date(2026, 1, 1),
            latest_on=date(2026, 12, 31),
        )
        known = unit.known(asked)
        material = unit.digest_material(subscription_id, NOW)
    assert [one.id for one in known.events] == [ids[2]]
    assert known.same_url is not None
    assert known.same_url.event_ids == (ids[2],)
    assert [verdict.event_id for verdict in known.verdicts] == [ids[2]]
    assert material is not None
    assert [(told.event.id, len(told.changes)) for told in material.events] == [(ids[2], 3)]
    assert [one.id for one in database.archive.events()] == [ids[2]]
    assert len(database.archive.events(include_merged=True)) == 3
    assert database.archive.event(ids[0]).merged_into == ids[1]


def test_an_undone_verdict_is_not_known(database: Database, database_url: str) -> None:
    applied = store(database)
    with database.units() as unit:
        unit.add_verdict(VerdictKind.RELEVANT, "ann", NOW, article_id=applied.article_id)
        unit.commit()
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE verdict SET undone_at = at"))
    with database.units() as unit:
        assert unit.known(query()).verdicts == ()


def test_health_counts_what_waits(database: Database) -> None:
    add_source(database, source("a", "https://a.example/1", "https://a.example/2"))
    first, _ = feed_ids(database)
    apply_poll(database, poll(first, NOW - HOUR, outcome=Outcome.DNS, failures=1, new_entries=(entry("x"), entry("y"))))
    database.queue.claim(Stage.INGEST, NOW, 1, LEASE_S)
    compose(database, subscribe(database), NOW)
    store(database, events=[opening()])
    health = database.archive.health(NOW)
    assert health.queues == (
        QueueState("poll", 2, 0, NOW),
        QueueState("ingest", 1, 1, NOW - HOUR),
        QueueState("compose", 0, 1, None),
        QueueState("deliver", 2, 0, NOW),
    )
    assert (health.articles, health.events, health.dead_deliveries) == (1, 1, 0)
    assert health.feeds_by_outcome == (("dns", 1), ("not-polled", 1))
    assert health.schema_revision == read_revisions(MIGRATIONS).head


def test_an_sqlite_with_the_wal_reset_bug_is_noted() -> None:
    assert notes(None) == ()
    assert notes((3, 51, 3)) == ()
    assert "3.40.1" in notes((3, 40, 1))[0]


# ---------------------------------------------------------------- cost


def statements(database: Database, act: Callable[[], None]) -> int:
    """How many times `act` asks the database."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database._engines.reader, "before_cursor_execute", note)
    act()
    event.remove(database._engines.reader, "before_cursor_execute", note)
    return len(seen)


def test_knowing_costs_as_many_statements_whatever_the_archive_holds(database: Database) -> None:
    asked = query(place_ids=frozenset({"lakeside"}), earliest_on=date(2026, 1, 1), latest_on=date(2026, 12, 31))

    def know() -> None:
        with database.units() as unit:
            unit.known(asked)

    store(database, events=[opening()])
    few = statements(database, know)
    for number in range(30):
        told = article(f"E{number}", f"{OTHER_TEXT} {number}")
        store(database, told, f"https://a.example/{number}", [opening(happening(ordinal=number))])
    assert statements(database, know) == few < 25


def test_every_lookup_of_a_decision_uses_an_index(database: Database) -> None:
    if not database._engines.is_sqlite:
        pytest.skip("PostgreSQL plans by statistics: small tables are scanned")
    asked = query(
        place_ids=frozenset({"lakeside"}),
        earliest_on=date(2026, 1, 1),
        latest_on=date(2026, 12, 31),
        series_key="conf:lake",
    )
    store(database, events=[opening(happening(series_key="conf:lake"))])
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if not statement.startswith("SELECT"):
            return
        raw = connection.connection.driver_connection  # type: ignore[attr-defined]
        plans.extend(str(row[3]) for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(database._engines.reader, "before_cursor_execute", explain)
    with database.units() as unit:
        unit.known(asked)
    scanned = [plan for plan in plans if plan.startswith("SCAN ") and plan.split()[1] in METADATA.tables]
    assert scanned == []
    assert any("ix_event_participant_place_id_dates" in plan for plan in plans)


def test_errors_are_told_in_one_line() -> None:
    class Refused(Exception):
        sqlstate = "40001"

    assert isinstance(storage_error(Refused("could not serialize\nDETAIL: ...")), StorageBusy)
    told = storage_error(ValueError("first\nsecond"))
    assert str(told) == "the database refused: first"
    assert type(told) is StorageError
    assert isinstance(storage_error(None, lost=True), StorageBusy)
