"""`monitor run`, `monitor doctor`, `monitor demo`."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from monitor import settings
from monitor.bootstrap import App, ServiceManager, configure_logging
from monitor.cli.context import EXIT_FAILED, JsonOption, configuration, err, opened, out, print_json, print_table
from monitor.cli.progress import progress
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.views import FeedProblem
from monitor.errors import ConfigurationError


def run(ctx: typer.Context) -> None:
    """Start the service; SIGTERM or Ctrl-C ends it, SIGHUP reads the configuration again."""
    from monitor.service import Service  # with the web server and its libraries, which no other command waits for

    chosen = configuration(ctx)
    configure_logging(chosen.settings)
    service = Service(App, lambda: settings.load(chosen.path), ServiceManager(os.environ, os.getpid()))
    signal.signal(signal.SIGTERM, lambda *_: service.ask_stop())
    signal.signal(signal.SIGINT, lambda *_: service.ask_stop())
    signal.signal(signal.SIGHUP, lambda *_: service.ask_reload())
    if not service.run(chosen):
        # Threads still wait on the network; everything they did is committed or not begun, so nothing is lost.
        sys.stderr.flush()
        os._exit(0)


def doctor(
    ctx: typer.Context,
    json: JsonOption = False,
    lists: Annotated[
        bool, typer.Option(help="Also compare what lists are read from with every event, and mend it.")
    ] = False,
) -> None:
    """Check configuration, database, queues, children and sources; exit 1 when something needs a person."""
    with opened(ctx) as app:
        if lists:
            mended = _mended_lists(app)
            err.print(
                f"{mended} events were listed otherwise than they should; mended" if mended else "lists are right"
            )
        health = app.database.archive.health(app.clock())
        trouble = _embeddings_trouble(app)
        if trouble:
            health = replace(health, notes=(*health.notes, trouble))
        if json:
            print_json(health)
        else:
            out.print(f"database   {health.database}", markup=False)
            out.print(f"schema     {health.schema_revision}")
            out.print(f"archive    {health.articles} articles, {health.events} events")
            rows = [(one.stage, one.due, one.waiting, one.oldest_at) for one in health.queues]
            print_table("Queues", ("stage", "due", "waiting", "oldest"), rows, "")
            print_table("Feeds by last outcome", ("outcome", "feeds"), health.feeds_by_outcome, "No feed yet.")
            print_table("Feeds by health", ("health", "feeds"), health.feeds_by_health, "No feed yet.")
            if health.problems:
                print_table("Feeds to look at", PROBLEM_COLUMNS, [_problem(one) for one in health.problems], "")
            for note in health.notes:
                out.print(f"note: {note}", markup=False)
            if health.quarantined:
                out.print(f"{health.quarantined} documents are in quarantine: see `monitor quarantine list`")
            if health.dead_deliveries:
                out.print(f"{health.dead_deliveries} deliveries were given up: see `monitor digest list`")
        if health.dead_deliveries or trouble:
            raise typer.Exit(EXIT_FAILED)


def _mended_lists(app: App) -> int:
    total = app.database.archive.health(app.clock()).events
    with progress("events") as watch:
        return app.database.list_all(lambda seen: watch(seen, total))


def _embeddings_trouble(app: App) -> str:
    """What keeps the word vectors of the settings from being used; "": nothing, or none are wanted."""
    try:
        app.embeddings  # noqa: B018 - loads it
    except ConfigurationError as error:
        return str(error)
    return ""


PROBLEM_COLUMNS = ("source", "health", "since", "last poll", "what to do", "feed")
_ADVICE = {
    FeedHealth.BLOCKED: "ask the publisher, or look for another address",
    FeedHealth.BROKEN: "monitor source check",
    FeedHealth.GONE: "monitor source pause",
    FeedHealth.EMPTY: "monitor source check",
    FeedHealth.DEGRADED: "look at its latest articles",
}


def _problem(one: FeedProblem) -> tuple[object, ...]:
    advice = _ADVICE.get(one.health, "")
    if one.health is FeedHealth.MOVED:
        advice = f"now at {one.moved_to}: monitor source move {one.source_key}"
    last = " ".join(part for part in (one.outcome.value if one.outcome else "", one.detail) if part)
    return one.source_key, one.health, one.since, last, advice, one.url


def demo(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write the HTML digest; default: a new temporary folder."),
    ] = None,
) -> None:
    """The whole job offline, on an invented web: poll twice, judge, print the digest and why the rest was dropped."""
    from monitor.demo import run_demo

    run_demo(output, out)
