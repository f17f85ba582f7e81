"""Documents that killed children, on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.adapters.storage.database import Database
from monitor.domain.outcomes import Outcome

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE, OTHER = "ab" * 32, "cd" * 32
ADDRESS = "https://hostile.example/page"


def kill(database: Database, sha256: str = PAGE, task: str = "extract", at: datetime = NOW) -> int:
    with database.units() as unit:
        kills = unit.count_kill(sha256, task, ADDRESS, Outcome.CHILD_CRASH, "killed by SIGSEGV", at)
        unit.commit()
    return kills


def quarantined(database: Database, sha256: str = PAGE, task: str = "extract") -> bool:
    with database.units() as unit:
        return unit.quarantined(sha256, task)


def test_the_second_kill_is_one_too_many(database: Database) -> None:
    assert not quarantined(database)
    assert kill(database) == 1
    assert not quarantined(database)
    assert kill(database) == 2
    assert quarantined(database)


def test_documents_and_tasks_are_counted_apart(database: Database) -> None:
    kill(database)
    kill(database)
    assert kill(database, OTHER) == 1
    assert kill(database, task="parse") == 1
    assert not quarantined(database, OTHER)
    assert not quarantined(database, task="parse")


def test_killers_are_listed_latest_first_and_counted(database: Database) -> None:
    kill(database, OTHER)
    kill(database, at=NOW + HOUR)
    kill(database, at=NOW + 2 * HOUR)
    latest, first = database.archive.killers()
    assert (latest.sha256, latest.kills, latest.is_quarantined) == (PAGE, 2, True)
    assert (latest.first_at, latest.last_at) == (NOW + HOUR, NOW + 2 * HOUR)
    assert (latest.url, latest.outcome, latest.detail) == (ADDRESS, Outcome.CHILD_CRASH, "killed by SIGSEGV")
    assert (first.sha256, first.is_quarantined) == (OTHER, False)
    assert database.archive.killers(limit=1) == (latest,)
    assert database.archive.health(NOW).quarantined == 1


def test_a_released_document_may_be_read_again(database: Database) -> None:
    kill(database)
    kill(database)
    with database.units() as unit:
        assert unit.release_quarantined("%", NOW) == 0
        assert unit.release_quarantined(PAGE[:8], NOW) == 1
        unit.commit()
    assert not quarantined(database)
    assert database.archive.killers() == ()
