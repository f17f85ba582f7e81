from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.adapters.metrics import Metrics
from monitor.domain.model.articles import EntryReport, Label
from monitor.domain.model.digests import ChannelKind, DeliveryReport, DeliveryState
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.sources import FeedReport
from monitor.domain.model.views import QueueState, Vitals
from monitor.domain.outcomes import Outcome
from monitor.errors import ConfigurationError, StorageBusy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VITALS = Vitals(
    feeds_by_health=((FeedHealth.OK, 41), (FeedHealth.QUIET, 3)),
    last_success=(("city", NOW), ("never", None)),
    queues=(QueueState("poll", 2, 42, NOW), QueueState("ingest", 0, 7, None)),
    deliveries=((DeliveryState.PENDING, 1), (DeliveryState.SENT, 90), (DeliveryState.DEAD, 0)),
    oldest_pending_at=NOW - timedelta(minutes=10),
    kills=((Outcome.CHILD_MEMORY, 2),),
)


def scraped(metrics: Metrics) -> dict[str, float]:
    """What a scrape gives, by name and labels."""
    port = metrics.serve("127.0.0.1", 0)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    made = Metrics(lambda now: VITALS, lambda: NOW)
    yield made
    made.close()


def report(outcome: Outcome, *, gap: bool = False) -> FeedReport:
    return FeedReport(1, "city", "https://city.example/rss", outcome, "", 1, 0, 0, 0.1, NOW, gap=gap)


def test_reports_are_counted(metrics: Metrics) -> None:
    for one in (report(Outcome.OK), report(Outcome.OK, gap=True), report(Outcome.DNS)):
        metrics.note(one)
    metrics.note(EntryReport(1, None, Outcome.OK, None, Label.EVENT))
    metrics.note(EntryReport(2, None, Outcome.DEADLINE, None, None))
    metrics.note(DeliveryReport(1, ChannelKind.EMAIL, "a@b.example", DeliveryState.PENDING, Outcome.DEFERRED, ""))
    metrics.note("something else")
    found = scraped(metrics)
    assert found['monitor_polls_total{outcome="ok"}'] == 2
    assert found['monitor_polls_total{outcome="dns"}'] == 1
    assert found["monitor_poll_gaps_total"] == 1
    assert found['monitor_entries_total{label="event"}'] == 1
    assert found['monitor_entries_total{label="waiting"}'] == 1
    assert found['monitor_delivery_attempts_total{outcome="deferred"}'] == 1


def test_the_state_of_the_archive_is_read_when_asked(metrics: Metrics) -> None:
    metrics.note_tick("poll")
    found = scraped(metrics)
    assert found['monitor_feeds{health="ok"}'] == 41
    assert found['monitor_feeds{health="broken"}'] == 0
    assert found['monitor_source_last_success_timestamp_seconds{source="city"}'] == NOW.timestamp()
    assert found['monitor_source_last_success_timestamp_seconds{source="never"}'] == 0
    assert (found['monitor_queue_due{stage="poll"}'], found['monitor_queue_waiting{stage="ingest"}']) == (2, 7)
    assert found['monitor_deliveries{state="sent"}'] == 90
    assert found["monitor_outbox_pending_age_seconds"] == 600
    assert found['monitor_child_kills_total{outcome="child-memory"}'] == 2
    assert found["process_resident_memory_bytes"] > 1_000_000
    assert found['monitor_last_tick_timestamp_seconds{stage="poll"}'] > NOW.timestamp()


def test_a_busy_archive_leaves_its_numbers_out() -> None:
    def busy(now: datetime) -> Vitals:
        raise StorageBusy("locked")

    metrics = Metrics(busy, lambda: NOW)
    metrics.note(report(Outcome.OK))
    try:
        found = scraped(metrics)
    finally:
        metrics.close()
    assert found["monitor_archive_readable"] == 0
    assert found['monitor_polls_total{outcome="ok"}'] == 1
    assert not any(name.startswith("monitor_feeds") for name in found)


def test_the_port_is_free_again_after_closing(metrics: Metrics) -> None:
    port = metrics.serve("127.0.0.1", 0)
    metrics.close()
    socket.create_server(("127.0.0.1", port)).close()


def test_an_address_that_is_taken_is_a_line_for_the_operator(metrics: Metrics) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"metrics.listen: 127.0.0.1:{port}"):
            metrics.serve("127.0.0.1", port)
