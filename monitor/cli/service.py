"""`monitor run`, `monitor doctor`, `monitor demo`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor import settings
from monitor.bootstrap import App, configure_logging
from monitor.cli.context import EXIT_FAILED, JsonOption, configuration, opened, out, print_json, print_table
from monitor.service import Service


def run(ctx: typer.Context) -> None:
    """Start the service; SIGTERM or Ctrl-C ends it, SIGHUP reads the configuration again."""
    chosen = configuration(ctx)
    configure_logging(chosen.settings)
    service = Service(App, lambda: settings.load(chosen.path))
    signal.signal(signal.SIGTERM, lambda *_: service.ask_stop())
    signal.signal(signal.SIGINT, lambda *_: service.ask_stop())
    signal.signal(signal.SIGHUP, lambda *_: service.ask_reload())
    if not service.run(chosen):
        # Threads still wait on the network; everything they did is committed or not begun, so nothing is lost.
        sys.stderr.flush()
        os._exit(0)


def doctor(ctx: typer.Context, json: JsonOption = False) -> None:
    """Check configuration, database, queues, children and sources; exit 1 when something needs a person."""
    with opened(ctx) as app:
        health = app.database.archive.health(app.clock())
        if json:
            print_json(health)
        else:
            out.print(f"database   {health.database}", markup=False)
            out.print(f"schema     {health.schema_revision}")
            out.print(f"archive    {health.articles} articles, {health.events} events")
            rows = [(one.stage, one.due, one.waiting, one.oldest_at) for one in health.queues]
            print_table("Queues", ("stage", "due", "waiting", "oldest"), rows, "")
            print_table("Feeds by last outcome", ("outcome", "feeds"), health.feeds_by_outcome, "No feed yet.")
            for note in health.notes:
                out.print(f"note: {note}", markup=False)
            if health.dead_deliveries:
                out.print(f"{health.dead_deliveries} deliveries were given up: see `monitor digest list`")
        if health.dead_deliveries:
            raise typer.Exit(EXIT_FAILED)


def demo(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write the HTML digest; default: a new temporary folder."),
    ] = None,
) -> None:
    """The whole job offline, on an invented web: poll twice, judge, print the digest and why the rest was dropped."""
    from monitor.demo import run_demo

    run_demo(output, out)
