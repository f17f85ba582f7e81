"""`monitor run` under a service manager, and the example of a unit for it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

import pytest

from monitor import resources
from monitor.service import STOP_WITHIN_S
from monitor.settings import ENVIRONMENT_PREFIX, Settings


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        yield listening


def test_the_manager_hears_of_start_life_and_end(tmp_path: Path, listener: socket.socket) -> None:
    (tmp_path / "sources.toml").write_text("source = []\n", encoding="utf-8")
    config = tmp_path / "monitor.toml"
    config.write_text(
        f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n[web]\nlisten = ""\n',
        encoding="utf-8",
    )
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    told = {"NOTIFY_SOCKET": str(listener.getsockname()), "WATCHDOG_USEC": "400000"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "--config", str(config), "run"], stderr=log, env=inherited | told
        )
    try:
        assert listener.recv(4096).decode().splitlines()[0] == "READY=1"
        assert [listener.recv(4096) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        process.send_signal(signal.SIGTERM)
        ends_at = time.monotonic() + 30
        while (word := listener.recv(4096)) != b"STOPPING=1":
            assert word == b"WATCHDOG=1"
            assert time.monotonic() < ends_at
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait(10)


def unit() -> dict[str, list[str]]:
    """The settings of the example's service; a key may be there several times."""
    found: dict[str, list[str]] = {}
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    text = (resources.config() / "sister-city-monitor.service").read_text(encoding="utf-8")
    parser.read_string(text)
    section = text.partition("[Service]")[2].partition("[Install]")[0]
    for line in section.splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    assert set(found) == set(parser["Service"])
    return found


def test_the_example_unit_fits_the_service() -> None:
    service = unit()
    assert service["Type"] == ["notify"]
    assert float(service["TimeoutStopSec"][0]) > STOP_WITHIN_S
    assert int(service["WatchdogSec"][0]) >= 30, "a reload pauses the clockwork for up to a stop and a start"
    assert "~@resources" not in service["SystemCallFilter"], "children limit themselves"
    assert "LimitAS" not in service
    assert service["OOMPolicy"] == ["continue"]
    variables = [line.partition("=")[0] for line in service["Environment"]]
    fields = {f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(variables) <= fields
