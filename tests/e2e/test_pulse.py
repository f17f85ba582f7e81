"""The dead man's switch: what a heartbeat vouches for, and where it is sent."""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from monitor import settings
from monitor.bootstrap import App
from monitor.ports import Stage
from monitor.service import STILL_AFTER_S, Pulse, Service
from tests.adapters.hostile import answer, saying, serving

T = TypeVar("T")


@contextmanager
def running(config: Path) -> Iterator[Service]:
    """The service in a thread of this process."""
    service = Service(App, lambda: settings.load(config))
    thread = threading.Thread(target=service.run, args=(settings.load(config),))
    thread.start()
    try:
        yield service
    finally:
        service.ask_stop()
        thread.join(30)
        assert not thread.is_alive()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def scrape(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as found:
            return str(found.read().decode())
    except OSError:
        return ""


def wait_for(look: Callable[[], T], seconds: float = 30) -> T:
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def test_a_stage_that_stands_still_is_named() -> None:
    now = [0.0]
    pulse = Pulse(lambda: now[0])
    now[0] = STILL_AFTER_S
    for stage in (Stage.POLL, Stage.INGEST, Stage.COMPOSE):
        pulse.note(stage)
    assert pulse.standing_still() == ()
    now[0] = STILL_AFTER_S + 1
    assert pulse.standing_still() == (Stage.DELIVER,)


def test_the_service_serves_metrics_and_sends_heartbeats(tmp_path: Path) -> None:
    with serving(saying(answer(b"ok")), "127.0.5.1") as switch:
        (tmp_path / "sources.toml").write_text("", encoding="utf-8")
        config = tmp_path / "monitor.toml"
        port = free_port()
        config.write_text(
            f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n[fetch]\nhost_gap_s = 0.0\n'
            f"allowed_addresses = {json.dumps([f'{switch.address}:{switch.port}'])}\n"
            f'[web]\nlisten = "127.0.0.1:0"\n[metrics]\nlisten = "127.0.0.1:{port}"\n'
            f'[heartbeat]\nurl = "{switch.url}/ping"\n',
            encoding="utf-8",
        )
        with running(config) as service:
            scraped = wait_for(lambda: scrape(port))
            assert wait_for(lambda: list(switch.requests))[0].startswith("GET /ping ")
            service.ask_stop()
    assert "monitor_feeds{" in scraped
    assert "monitor_last_tick_timestamp_seconds" in scraped
