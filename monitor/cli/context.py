"""What every command shares: opening the program, printing for people and for programs, ending with a clear line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from monitor import settings
from monitor.bootstrap import App, configure_logging, quiet_logging
from monitor.errors import AlreadyRunning, ConfigurationError, MonitorError, NotFound, StorageError

EXIT_FAILED = 1  # asked for something that is not there or did not work
EXIT_CONFIGURATION = 2  # the operator must mend something
EXIT_STORAGE = 3  # the database
EXIT_RUNNING = 4  # another instance

# Where no terminal tells its width (a pipe, a mail of cron) and COLUMNS says nothing: tables that are not cut up.
WIDTH_WITHOUT_TERMINAL = 200

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="At most this many.")]


def fit_width() -> None:
    """Give tables the width that fits where they go; to be called once a command."""
    if not out.is_terminal:
        told = os.environ.get("COLUMNS", "")
        out.width = int(told) if told.isdigit() and int(told) else WIDTH_WITHOUT_TERMINAL


def configuration(ctx: typer.Context) -> settings.Configuration:
    """The configuration chosen by --config, MONITOR_CONFIG or the default places."""
    path: Path | None = ctx.obj if ctx.obj is not None else settings.default_path()
    return settings.load(path)


@contextmanager
def opened(ctx: typer.Context, *, logs: bool = False) -> Iterator[App]:
    """The assembled program for one command."""
    chosen = configuration(ctx)
    if logs:
        configure_logging(chosen.settings)
    else:
        quiet_logging()
    with App(chosen) as app:
        yield app


def fail(message: str, code: int = EXIT_FAILED) -> typer.Exit:
    """Say one line on standard error; raise what this returns."""
    err.print(f"monitor: {message}", markup=False)
    return typer.Exit(code)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Our own errors become one line and an exit code; anything else is a fault and stays loud."""
    try:
        yield
    except ConfigurationError as error:
        _end(str(error), EXIT_CONFIGURATION)
    except AlreadyRunning as error:
        _end(str(error), EXIT_RUNNING)
    except NotFound as error:
        _end(str(error), EXIT_FAILED)
    except StorageError as error:
        _end(str(error), EXIT_STORAGE)
    except MonitorError as error:
        _end(str(error), EXIT_FAILED)
    except KeyboardInterrupt:
        _end("interrupted", 130)


def _end(message: str, code: int) -> None:
    err.print(f"monitor: {message}", markup=False)
    sys.exit(code)


def plain(value: object) -> Any:
    """What `json.dumps` understands of our values: dataclasses become objects, sets sorted lists, moments ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def print_json_line(value: object) -> None:
    """One JSON line on standard output, at once."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """A table for people, or a sentence that says what to do where there is nothing."""
    if not rows:
        out.print(empty, markup=False)
        return
    table = Table(title=title, title_justify="left", header_style="bold", expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*[_cell(value) for value in row])
    out.print(table)


def _cell(value: object) -> str:
    from rich.markup import escape

    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return escape(str(value.value if isinstance(value, Enum) else value))
