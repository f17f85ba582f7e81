"""A bar on standard error for long work that somebody looks on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from monitor.cli.context import err

Told = Callable[[int, int | None], None]  # how many are done, and of how many; None: nobody knows yet


@contextmanager
def progress(label: str, *, wanted: bool = True) -> Iterator[Told]:
    """What is told of the work moves the bar; without one where it is not wanted, or nobody looks on."""
    shown = wanted and sys.stderr.isatty()
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not shown) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
