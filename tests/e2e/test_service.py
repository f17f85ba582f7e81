"""`monitor run` as an operator sees it: started, told to reload, killed, stopped."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from monitor import resources
from monitor.demo_web import DemoWeb, read_sites


@pytest.fixture
def web() -> Iterator[DemoWeb]:
    with DemoWeb(read_sites(resources.demo_site())) as serving:
        serving.phase = 2
        yield serving


@pytest.fixture
def config(tmp_path: Path, web: DemoWeb) -> Path:
    site = next(one for one in web.sites if one.key == "ville-nancy")
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nkey = "nancy"\nname = "Nancy"\nlanguage = "fr"\nfeeds = [{{ url = "{web.feed_url(site)}" }}]\n',
        encoding="utf-8",
    )
    path = tmp_path / "monitor.toml"
    path.write_text(
        f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n[fetch]\nhost_gap_s = 0.0\n'
        f'allowed_addresses = {json.dumps(web.addresses)}\n[web]\nlisten = "127.0.0.1:0"\n[log]\nformat = "json"\n',
        encoding="utf-8",
    )
    return path


@contextmanager
def running(config: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "--config", str(config), "run"], stderr=stream, env=environment
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)


def said(log: Path, event: str) -> bool:
    return log.exists() and any(line["event"] == event for line in lines(log))


def test_the_service_polls_reloads_refuses_a_second_one_and_stops(config: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(config, log) as process:
        wait_for(
            lambda: sum(line["event"] == "ingested" for line in lines(log)) >= 2 if log.exists() else False, "articles"
        )
        polled = next(line for line in lines(log) if line["event"] == "polled")
        assert (polled["source"], polled["outcome"]) == ("nancy", "ok")
        port = next(line["port"] for line in lines(log) if line["event"] == "pages")
        with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            assert b"<h1>" in answer.read()

        second = subprocess.run(
            [sys.executable, "-m", "monitor", "--config", str(config), "run"],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 4
        assert str(process.pid) in second.stderr.decode()

        good = config.read_text(encoding="utf-8")
        config.write_text(good + "\n[fetsch]\n", encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        wait_for(lambda: said(log, "reload-refused"), "the refusal of a bad configuration")
        assert process.poll() is None
        config.write_text(good.replace("host_gap_s = 0.0", "host_gap_s = 0.1"), encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        wait_for(lambda: sum(line["event"] == "started" for line in lines(log)) == 2, "the new configuration")

        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert time.monotonic() - begun < 10


def test_a_killed_service_loses_nothing_and_repeats_nothing(config: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    database = tmp_path / "archive" / "monitor.db"
    with running(config, log) as process:
        wait_for(lambda: said(log, "polled"), "a poll")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with running(config, log) as process:
        wait_for(lambda: database.exists() and waiting_entries(database) == 0, "all entries to be read")
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        entries = connection.execute("SELECT count(*), count(DISTINCT article_id) FROM entry").fetchone()
        assert entries[0] == entries[1] >= 2
        numbers = [row[0] for row in connection.execute("SELECT seq FROM event_change ORDER BY seq")]
        assert numbers == list(range(1, len(numbers) + 1))


def waiting_entries(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM entry WHERE article_id IS NULL").fetchone()
        return int(count)
