"""What a process and all its descendants use, read from /proc (Linux)."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Self

TICKS_S = os.sysconf("SC_CLK_TCK")
INTERVAL_S = 0.25


def cpu_s(root: int) -> float:
    """Processor seconds of the tree since it began, those of children that ended included."""
    total = 0
    for pid in tree(root):
        fields = _stat(pid)
        total += sum(map(int, fields[11:15])) if fields else 0  # utime, stime, and those of children waited for
    return total / TICKS_S


def memory_mb(root: int) -> float:
    """Memory of the tree now; what processes share counts once (proportional set size)."""
    return sum(_proportional_kb(pid) for pid in tree(root)) / 1024


def tree(root: int) -> list[int]:
    """The process and its descendants that run now."""
    parents = {int(entry.name): _parent(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _proportional_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


class PeakMemory:
    """The highest `memory_mb` seen while the block runs."""

    def __init__(self, root: int) -> None:
        self.mb = 0.0
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL_S):
            self.mb = max(self.mb, memory_mb(self._root))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()
        self.mb = max(self.mb, memory_mb(self._root))
