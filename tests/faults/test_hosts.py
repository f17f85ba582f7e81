"""Many feeds of one host, and feeds of others that must not wait for them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from monitor.adapters.sandbox import ProcessSandbox
from monitor.bootstrap import App
from monitor.domain.model.sources import FeedData, FeedKind, FeedReport, SourceData
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from monitor.settings import Configuration, FetchSettings, Settings, SourcesFile
from tests.adapters.hostile import Hostile, serving
from tests.faults.harness import NOW, FakeClock, item, ok, rss

CROWD, OTHERS = 100, 5
GAP_S = 0.02
ANSWER_S = 0.01


class Crowded:
    """Serves any path slowly and remembers how many were served at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0
        self.moments: list[float] = []

    def handle(self, connection: socket.socket, request: str) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.moments.append(time.monotonic())
        time.sleep(ANSWER_S)
        connection.sendall(ok(rss(item(1, "https://crowd.example"))))
        with self._lock:
            self._now -= 1


@pytest.fixture
def crowd() -> Crowded:
    return Crowded()


@pytest.fixture
def servers(crowd: Crowded) -> Iterator[list[Hostile]]:
    with ExitStack() as stack:
        first = stack.enter_context(serving(crowd.handle, "127.0.4.1"))
        quick = [stack.enter_context(serving(Crowded().handle, f"127.0.4.{number}")) for number in range(2, 2 + OTHERS)]
        yield [first, *quick]


@pytest.fixture
def app(tmp_path: Path, servers: list[Hostile], shared_sandbox: ProcessSandbox) -> Iterator[App]:
    allowed = tuple(f"{one.address}:{one.port}" for one in servers)
    fetch = FetchSettings(workers=8, host_gap_s=GAP_S, allowed_addresses=allowed)
    settings = Settings(data_directory=tmp_path, fetch=fetch)
    with App(Configuration(settings, SourcesFile(), None), FakeClock()) as app:
        app.__dict__["sandbox"] = shared_sandbox
        yield app
        app.__dict__.pop("sandbox")


def test_a32_a_host_with_many_feeds_is_asked_one_at_a_time_and_starves_nobody(
    app: App, servers: list[Hostile], crowd: Crowded
) -> None:
    addresses = [f"{servers[0].url}/{number}.xml" for number in range(CROWD)]
    addresses += [f"{one.url}/feed.xml" for one in servers[1:]]  # declared last: due behind the crowd
    with app.database.units() as unit:
        unit.sync_sources(
            [SourceData(f"s{n}", "S", (FeedData(url, FeedKind.FEED),)) for n, url in enumerate(addresses)], NOW
        )
        unit.commit()
    polled: list[FeedReport] = []

    def note(report: object) -> None:
        assert isinstance(report, FeedReport)
        polled.append(report)

    done = app.dispatcher.drain(Stage.POLL, watch=note)
    assert (done.done, done.failed) == (CROWD + OTHERS, 0)
    assert {one.outcome for one in polled} == {Outcome.OK}
    assert crowd.most == 1
    pauses = [later - one for one, later in zip(crowd.moments, crowd.moments[1:], strict=False)]
    assert min(pauses) >= GAP_S
    others = [place for place, one in enumerate(polled) if not one.url.startswith(servers[0].url)]
    assert max(others) < 3 * OTHERS, "the others did not wait for the crowd"
