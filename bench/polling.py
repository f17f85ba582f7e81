"""How fast a thousand feeds are polled, side by side with lemon24/reader on the same local servers.

Rounds: the first poll, three polls that find nothing new (304; the best counts), a poll that finds one new entry in
every feed. Both sides take turns round by round, so that whatever else the machine does slows both. Each keeps a
database on disk and has sixteen workers; ours also keeps its manners: one request per host at a time, a second apart.
reader is installed into an environment of its own in the user's cache, at the first run; where that cannot be done, our
side is measured alone. Linux only: every feed has a loopback address of its own, and /proc tells what was used.
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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.feed_server import ENTRIES, url
from bench.process_tree import PeakMemory, cpu_s

ROOT = Path(__file__).resolve().parents[1]
READER = ("reader==3.26", "sgmllib3k")
FEEDS = 1_000
WORKERS = 16
PAUSE_S = 2.0  # before each turn: longer than the gap that our side keeps between two visits of a host
FIRST, NOTHING, ONE = "first poll", "nothing new", "one new entry each"
ROUNDS = ((FIRST, 0), (NOTHING, 0), (NOTHING, 0), (NOTHING, 0), (ONE, 1))  # and the entries that came out until then
GOALS = {FIRST: 3.0, NOTHING: 1.3, ONE: 3.0}


@dataclass(frozen=True, slots=True)
class Round:
    """What one side needed for one round."""

    seconds: float
    cpu_s: float


@dataclass(slots=True)
class Side:
    """One side: its process, its best round of each name, and the highest memory of all its processes together."""

    name: str
    process: subprocess.Popen[str]
    best: dict[str, Round] = field(default_factory=dict)
    peak_mb: float = 0.0

    def take_turn(self, name: str, entries: int) -> None:
        """One round, after which it must have `entries` entries: a side that missed anything was not fast."""
        time.sleep(PAUSE_S)
        before = cpu_s(self.process.pid)
        with PeakMemory(self.process.pid) as peak:
            tell(self.process, name)
            said: dict[str, Any] = json.loads(hear(self.process))
        if said["failed"] or said["entries"] < entries:
            raise SystemExit(f"{self.name}, {name}: {said['failed']} failed, {said['entries']} entries: not comparable")
        done = Round(said["seconds"], cpu_s(self.process.pid) - before)
        self.best[name] = min(self.best.get(name, done), done, key=lambda one: one.seconds)
        self.peak_mb = max(self.peak_mb, peak.mb)


def reader_python() -> Path | None:
    """The interpreter of an environment that has reader; None, and said why, where it cannot be made."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "sister-city-monitor" / f"bench-{READER[0].replace('==', '-')}"
    python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return python
    print(f"installing {' '.join(READER)} into {folder} ...", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *READER]
    try:
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], pip):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except (subprocess.CalledProcessError, OSError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        print(f"reader cannot be installed, so there is nothing to compare with: {said[-1] if said else error}")
        return None
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
        raise SystemExit("a side or the server ended early")
    return line


def measure(commands: dict[str, list[str]], server: subprocess.Popen[str], feeds: int) -> dict[str, Side]:
    """Run the sides through all rounds, in turns."""
    with contextlib.ExitStack() as stack:
        sides = [Side(name, stack.enter_context(talking_to(*command))) for name, command in commands.items()]
        for side in sides:
            hear(side.process)
        for name, brought in ROUNDS:
            tell(server, str(brought))
            hear(server)
            for side in sides:
                side.take_turn(name, feeds * (ENTRIES + brought))
        return {side.name: side for side in sides}


def commands(folder: Path, urls: Path, only: str | None) -> dict[str, list[str]]:
    """How each side is started."""
    found: dict[str, list[str]] = {}
    python = None if only == "monitor" else reader_python()
    if python is not None:
        script = str(ROOT / "bench" / "poll_with_reader.py")
        found["reader"] = [str(python), script, str(folder / "reader.db"), str(urls), str(WORKERS)]
    if only != "reader":
        found["monitor"] = [sys.executable, "-m", "bench.poll_with_monitor", str(folder), str(urls), str(WORKERS)]
    return found


def table(feeds: int, sides: dict[str, Side]) -> str:
    """The sides beside each other, line by line; with both, how many times faster ours is."""
    lines = [
        f"{feeds} feeds of {ENTRIES} entries, {WORKERS} workers",
        f"{'':30}" + "".join(f"{one:>12}" for one in sides),
    ]
    for name in dict(ROUNDS):
        rounds = [side.best[name] for side in sides.values()]
        faster = f"{ratio(name, sides):11.2f} times" if len(sides) > 1 else ""
        lines.append(f"{name:20} feeds/s   " + "".join(f"{feeds / one.seconds:12.0f}" for one in rounds) + faster)
        lines.append(f"{'':20} CPU s     " + "".join(f"{one.cpu_s:12.1f}" for one in rounds))
    lines.append(f"{'peak memory':20} MB        " + "".join(f"{side.peak_mb:12.0f}" for side in sides.values()))
    return "\n".join(lines)


def ratio(name: str, sides: dict[str, Side]) -> float:
    """How many times faster than reader ours is."""
    return sides["reader"].best[name].seconds / sides["monitor"].best[name].seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=FEEDS)
    options.add_argument("--only", choices=("reader", "monitor"))
    chosen = options.parse_args()
    if sys.platform != "linux":
        raise SystemExit("this bench needs Linux: a loopback address for each feed, and /proc")
    with (
        tempfile.TemporaryDirectory() as temporary,
        talking_to(sys.executable, "-m", "bench.feed_server", str(chosen.feeds)) as server,
    ):
        folder, port = Path(temporary), int(hear(server))
        urls = folder / "urls"
        urls.write_text("\n".join(url(number, port) for number in range(chosen.feeds)), encoding="utf-8")
        sides = measure(commands(folder, urls, chosen.only), server, chosen.feeds)
    print(table(chosen.feeds, sides))
    if len(sides) < 2:
        raise SystemExit(0 if chosen.only else 1)
    slow = [name for name, goal in GOALS.items() if ratio(name, sides) < goal]
    if slow:
        raise SystemExit(f"slower than the goal: {', '.join(slow)}")


if __name__ == "__main__":
    main()
