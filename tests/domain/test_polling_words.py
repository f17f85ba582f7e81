from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.domain.model.health import FeedHealth, HealthTurn
from monitor.domain.model.source_pages import FeedState
from monitor.domain.model.sources import FeedKind
from monitor.domain.outcomes import Outcome
from monitor.domain.polling_words import (
    HEALTH_WORDS,
    entries_a_week,
    interval_min,
    interval_why,
    leaves_us_out_until,
    next_why,
    outcome_words,
    turn_words,
)
from tests.domain.digest_samples import words

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OF_DELIVERIES = {Outcome.REFUSED, Outcome.DEFERRED, Outcome.LOGIN, Outcome.UNKNOWN, Outcome.OPAQUE_LINK}


def feed(**fields: Any) -> FeedState:
    given = dict.fromkeys(FeedState.__dataclass_fields__) | {
        "id": 1,
        "url": "https://a.example/feed",
        "declared_url": "https://a.example/feed",
        "kind": FeedKind.AUTO,
        "health": FeedHealth.OK,
        "last_outcome": Outcome.OK,
        "last_polled_at": NOW,
        "next_at": NOW + HOUR,
        "failures": 0,
        "last_detail": "",
    }
    return FeedState(**(given | fields))


def test_every_health_has_words_of_its_own() -> None:
    assert len(set(HEALTH_WORDS.values())) == len(FeedHealth)


def test_outcomes_of_polls_can_be_told_apart() -> None:
    said = [outcome_words(one) for one in Outcome if one not in OF_DELIVERIES]
    shared = {one for one in said if said.count(one) > 1}
    assert shared <= {"access refused", "the answer could not be read"}


def test_the_interval_in_force_is_the_learnt_one_but_no_longer_than_declared() -> None:
    assert interval_min(feed(), 60) == 60
    assert interval_min(feed(learned_interval_min=90.0), 60) == 90
    assert interval_min(feed(learned_interval_min=90.0, declared_interval_min=30), 60) == 30
    reasons = {
        interval_why(one)
        for one in (feed(), feed(learned_interval_min=90.0), feed(learned_interval_min=90.0, declared_interval_min=30))
    }
    assert len(reasons) == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"next_at": NOW + 5 * HOUR}, "longer pause"),
        ({"next_at": None}, "gone for good"),
        ({"last_outcome": Outcome.THROTTLED}, "come back later"),
        ({"last_outcome": Outcome.DNS}, "failed"),
        ({"last_outcome": Outcome.LOCAL_OUTAGE}, "our own network"),
        ({"last_outcome": None, "last_polled_at": None}, ""),
    ],
)
def test_it_is_said_why_the_next_poll_comes_when_it_comes(fields: dict[str, Any], said: str) -> None:
    found = next_why(feed(**fields), 60)
    assert said in found
    assert bool(said) == bool(found)


def test_the_pace_is_told_by_the_week() -> None:
    assert entries_a_week(feed()) is None
    assert entries_a_week(feed(news_per_h=0.5)) == 84


def test_a_server_that_asked_for_patience_is_left_alone_until_then() -> None:
    throttled = feed(last_outcome=Outcome.THROTTLED)
    assert leaves_us_out_until(throttled, NOW) == NOW + HOUR
    assert leaves_us_out_until(throttled, NOW + 2 * HOUR) is None
    assert leaves_us_out_until(feed(), NOW) is None


@pytest.mark.parametrize(
    ("after", "detail", "said"),
    [
        (FeedHealth.MOVED, "https://b.example/", "To <https://b.example/>."),
        (FeedHealth.DEGRADED, "language", "Its articles come out in another language."),
        (FeedHealth.QUIET, "2026-02-01", "Nothing new since 1 February 2026."),
        (FeedHealth.QUIET, "?", ""),
        (FeedHealth.BROKEN, "dns", "the name of the server is not found"),
        (FeedHealth.BLOCKED, "no such outcome", ""),
        (FeedHealth.OK, "", ""),
    ],
)
def test_a_turn_of_health_is_told_with_what_is_known_of_it(after: FeedHealth, detail: str, said: str) -> None:
    turn = HealthTurn(FeedHealth.OK, after, detail)
    assert turn_words(turn, lambda url: f"<{url}>", words("en")) == said
