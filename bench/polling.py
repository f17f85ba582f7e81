"""How fast a thousand feeds are polled, side by side with lemon24/reader on the same local servers.

Three rounds: the first poll, a poll that finds nothing new (304), a poll that finds one new entry in every feed. Each
side keeps a database on disk and has sixteen workers; ours also keeps its manners: one request per host at a time.
reader is installed into an environment of its own in the user's cache, at the first run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.feed_server import ENTRIES, url
from bench.process_tree import PeakMemory, cpu_s

ROOT = Path(__file__).resolve().parents[1]
READER = ("reader==3.26", "sgmllib3k")
FEEDS = 1_000
WORKERS = 16
PAUSE_S = 2.0  # between rounds: longer than the gap that our side keeps between two visits of a host
ROUNDS = (("first poll", 0), ("nothing new", 0), ("one new entry each", 1))
GOALS = {"first poll": 3.0, "nothing new": 1.3, "one new entry each": 3.0}


@dataclass(frozen=True, slots=True)
class Round:
    """What one side needed for one round."""

    seconds: float
    cpu_s: float
    entries: int
    failed: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side's rounds by name, and the highest memory of all its processes together."""

    rounds: dict[str, Round]
    peak_mb: float


def reader_python() -> Path:
    """The interpreter of an environment that has reader."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "sister-city-monitor" / f"bench-{READER[0].replace('==', '-')}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"installing {READER[0]} into {folder} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *READER], check=True)
        (folder / "complete").touch()
    return python


@contextlib.contextmanager
def talking_to(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A process that answers a line for each line it is given."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"{' '.join(map(str, process.args))}: ended early")  # type: ignore[union-attr]
    return line


def measure(command: list[str], server: subprocess.Popen[str], feeds: int) -> Side:
    """Run one side through all rounds."""
    rounds: dict[str, Round] = {}
    with talking_to(*command) as side:
        hear(side)
        with PeakMemory(side.pid) as peak:
            for name, brought in ROUNDS:
                tell(server, str(brought))
                hear(server)
                time.sleep(PAUSE_S)
                before = cpu_s(side.pid)
                tell(side, name)
                said: dict[str, Any] = json.loads(hear(side))
                rounds[name] = Round(said["seconds"], cpu_s(side.pid) - before, said["entries"], said["failed"])
        _check(rounds, feeds)
        return Side(rounds, peak.mb)


def _check(rounds: dict[str, Round], feeds: int) -> None:
    """A side that missed anything was not fast."""
    for (name, brought), done in zip(ROUNDS, rounds.values(), strict=True):
        if done.failed or done.entries < feeds * (ENTRIES + brought):
            raise SystemExit(f"{name}: {done.failed} failed, {done.entries} entries: not comparable")


def table(feeds: int, reader: Side, monitor: Side) -> str:
    """Both sides, line by line."""
    lines = [f"{feeds} feeds of {ENTRIES} entries, {WORKERS} workers   reader 3.26        monitor            ratio"]
    for name in rounds_of(reader):
        ours, theirs = monitor.rounds[name], reader.rounds[name]
        faster = ratio(name, reader, monitor)
        lines.append(f"{name:20} feeds/s {feeds / theirs.seconds:18.0f} {feeds / ours.seconds:18.0f} {faster:18.2f}")
        lines.append(f"{'':20} CPU s   {theirs.cpu_s:18.1f} {ours.cpu_s:18.1f}")
    lines.append(f"{'peak memory':20} MB      {reader.peak_mb:18.0f} {monitor.peak_mb:18.0f}")
    return "\n".join(lines)


def rounds_of(side: Side) -> list[str]:
    return list(side.rounds)


def ratio(name: str, reader: Side, monitor: Side) -> float:
    """How many times faster than reader."""
    return reader.rounds[name].seconds / monitor.rounds[name].seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=FEEDS)
    options.add_argument("--only", choices=("reader", "monitor"))
    chosen = options.parse_args()
    sides: dict[str, Side] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        talking_to(sys.executable, "-m", "bench.feed_server", str(chosen.feeds)) as server,
    ):
        port = int(hear(server))
        urls = Path(folder) / "urls"
        urls.write_text("\n".join(url(number, port) for number in range(chosen.feeds)), encoding="utf-8")
        if chosen.only != "monitor":
            script = str(ROOT / "bench" / "poll_with_reader.py")
            database = str(Path(folder) / "reader.db")
            sides["reader"] = measure(
                [str(reader_python()), script, database, str(urls), str(WORKERS)], server, chosen.feeds
            )
        if chosen.only != "reader":
            command = [sys.executable, "-m", "bench.poll_with_monitor", folder, str(urls), str(WORKERS)]
            sides["monitor"] = measure(command, server, chosen.feeds)
    if len(sides) < 2:
        print(sides)
        return
    print(table(chosen.feeds, sides["reader"], sides["monitor"]))
    slow = [name for name, goal in GOALS.items() if ratio(name, sides["reader"], sides["monitor"]) < goal]
    if slow:
        raise SystemExit(f"slower than the goal: {', '.join(slow)}")


if __name__ == "__main__":
    main()
