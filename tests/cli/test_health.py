"""What an operator sees of the health of sources, and what he can do about a move."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import resources
from monitor.adapters.storage.database import open_database
from monitor.domain.model.health import FeedHealth, HealthTurn
from tests.cli.conftest import Run
from tests.storage.samples import HOUR, NOW, apply_poll, poll

NEW_URL = "https://new.example/feed.xml"


@pytest.fixture
def moved(run: Run, config: Path) -> Path:
    """An archive in which the feed of ville-nancy has moved."""
    assert run("--config", str(config), "source", "list").code == 0
    database = open_database(f"sqlite:///{config.parent / 'archive' / 'monitor.db'}", resources.migrations())
    [feed] = database.archive.source("ville-nancy").feeds
    turn = HealthTurn(FeedHealth.OK, FeedHealth.MOVED, NEW_URL)
    apply_poll(
        database,
        poll(
            feed.id, moved_to=NEW_URL, health=FeedHealth.MOVED, health_since=NOW, turn=turn, next_at=NOW + 9**5 * HOUR
        ),
    )
    database.close()
    return config


def test_lists_show_the_health_for_people_and_programs(run: Run, moved: Path) -> None:
    assert "moved" in run("--config", str(moved), "source", "list").out
    [view] = [
        one for one in run("--config", str(moved), "source", "list", "--json").json if one["key"] == "ville-nancy"
    ]
    [feed] = view["feeds"]
    assert (feed["health"], feed["moved_to"]) == ("moved", NEW_URL)


def test_doctor_says_which_feed_needs_what(run: Run, moved: Path) -> None:
    said = run("--config", str(moved), "doctor")
    assert said.code == 0
    assert "Feeds by health" in said.out
    assert "monitor source move ville-nancy" in said.out
    found = run("--config", str(moved), "doctor", "--json").json
    assert found["feeds_by_health"] == [["new", 1], ["moved", 1]]
    assert [one["source_key"] for one in found["problems"]] == ["ville-nancy"]


def test_a_move_is_accepted_once(run: Run, moved: Path) -> None:
    said = run("--config", str(moved), "source", "move", "ville-nancy")
    assert (said.code, NEW_URL in said.out) == (0, True)
    [view] = [
        one for one in run("--config", str(moved), "source", "list", "--json").json if one["key"] == "ville-nancy"
    ]
    assert [feed["url"] for feed in view["feeds"]] == [NEW_URL]
    again = run("--config", str(moved), "source", "move", "ville-nancy")
    assert again.code == 1
    assert "has moved" in again.err
    assert run("--config", str(moved), "source", "move", "nobody").code == 1


def test_a_poll_says_how_the_source_does(run: Run, config: Path) -> None:
    said = run("--config", str(config), "poll", "--json").json
    assert {one["health"] for one in said["polled"]} <= {"ok", "quiet"}
    assert not any(one["gap"] for one in said["polled"])
