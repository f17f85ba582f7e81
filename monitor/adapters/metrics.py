"""Numbers for Prometheus: what happened since the start, counted; how things stand, read when asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monitor.domain.model.articles import EntryReport
from monitor.domain.model.digests import DeliveryReport
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.sources import FeedReport
from monitor.domain.model.views import Vitals
from monitor.errors import ConfigurationError, StorageError

WAITING = "waiting"  # label of an entry whose page could not be read yet


class Metrics:
    """Counts reports and serves them together with the state of the archive; may be used from any thread."""

    def __init__(self, vitals: Callable[[datetime], Vitals], clock: Callable[[], datetime]) -> None:
        self._registry = CollectorRegistry()
        self._served: tuple[WSGIServer, Thread] | None = None
        self._polls = Counter("monitor_polls", "Polls of feeds by outcome.", ["outcome"], registry=self._registry)
        self._gaps = Counter("monitor_poll_gaps", "Polls that shared no entry with the last.", registry=self._registry)
        self._entries = Counter(
            "monitor_entries", "Entries read by the label of their article.", ["label"], registry=self._registry
        )
        self._attempts = Counter(
            "monitor_delivery_attempts", "Attempts to deliver by outcome.", ["outcome"], registry=self._registry
        )
        self._ticks = Gauge(
            "monitor_last_tick_timestamp_seconds",
            "When a stage last ran to its end.",
            ["stage"],
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_ArchiveCollector(vitals, clock))

    def note(self, report: object) -> None:
        """Count what a stage reports."""
        match report:
            case FeedReport():
                self._polls.labels(report.outcome.value).inc()
                if report.gap:
                    self._gaps.inc()
            case EntryReport():
                self._entries.labels(report.label.value if report.label else WAITING).inc()
            case DeliveryReport():
                self._attempts.labels(report.outcome.value).inc()

    def note_tick(self, stage: str) -> None:
        """A stage ran to its end: a clockwork that stands still shows by its age."""
        self._ticks.labels(stage).set(time.time())

    def serve(self, host: str, port: int) -> int:
        """Answer GET /metrics in the background; the port, chosen where it is 0.

        Raises `ConfigurationError` where the address cannot be listened on.
        """
        try:
            self._served = start_http_server(port, host, self._registry)
        except OSError as error:
            raise ConfigurationError(f"metrics.listen: {host}:{port}: {error.strerror or error}") from error
        return int(self._served[0].server_port)

    def close(self) -> None:
        """Listen no more."""
        if self._served is not None:
            server, thread = self._served
            self._served = None
            server.shutdown()
            server.server_close()
            thread.join()


class _ArchiveCollector(Collector):
    """Reads the archive at each scrape. A busy archive leaves its numbers out and says so."""

    def __init__(self, vitals: Callable[[datetime], Vitals], clock: Callable[[], datetime]) -> None:
        self._vitals = vitals
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: registering must not read the archive."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """See the library's protocol."""
        readable = GaugeMetricFamily("monitor_archive_readable", "Whether the archive could be read.")
        now = self._clock()
        try:
            vitals = self._vitals(now)
        except StorageError:
            readable.add_metric([], 0)
            yield readable
            return
        readable.add_metric([], 1)
        yield readable
        yield from _feeds(vitals)
        yield from _queues(vitals)
        yield from _outbox(vitals, now)


def _feeds(vitals: Vitals) -> Iterator[Metric]:
    feeds = GaugeMetricFamily("monitor_feeds", "Followed feeds by health.", labels=["health"])
    counted = dict(vitals.feeds_by_health)
    for health in FeedHealth:
        feeds.add_metric([health.value], counted.get(health, 0))
    yield feeds
    name = "monitor_source_last_success_timestamp_seconds"
    success = GaugeMetricFamily(name, "When a followed source was last read; 0: never.", labels=["source"])
    for key, at in vitals.last_success:
        success.add_metric([key], at.timestamp() if at is not None else 0)
    yield success
    kills = CounterMetricFamily("monitor_child_kills", "Children killed by documents, by outcome.", labels=["outcome"])
    for outcome, number in vitals.kills:
        kills.add_metric([outcome.value], number)
    yield kills


def _queues(vitals: Vitals) -> Iterator[Metric]:
    due = GaugeMetricFamily("monitor_queue_due", "Rows that are due now.", labels=["stage"])
    waiting = GaugeMetricFamily("monitor_queue_waiting", "Rows that will be due later.", labels=["stage"])
    for queue in vitals.queues:
        due.add_metric([queue.stage], queue.due)
        waiting.add_metric([queue.stage], queue.waiting)
    yield due
    yield waiting


def _outbox(vitals: Vitals, now: datetime) -> Iterator[Metric]:
    deliveries = GaugeMetricFamily("monitor_deliveries", "Deliveries by state.", labels=["state"])
    for state, number in vitals.deliveries:
        deliveries.add_metric([state.value], number)
    yield deliveries
    oldest = vitals.oldest_pending_at
    age = GaugeMetricFamily("monitor_outbox_pending_age_seconds", "Age of the oldest pending delivery; 0: none.")
    age.add_metric([], max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0)
    yield age
