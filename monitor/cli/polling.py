"""`monitor poll`: ask feeds now and read what is new."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from monitor.bootstrap import App
from monitor.cli.context import EXIT_FAILED, JsonOption, err, opened, print_json, print_table
from monitor.domain.model.articles import EntryReport
from monitor.domain.model.sources import FeedReport
from monitor.domain.outcomes import is_failure
from monitor.pipeline.sources import poll_now
from monitor.ports import Stage


def poll(
    ctx: typer.Context,
    source: Annotated[str | None, typer.Argument(help="Key of one source; without it: everything that is due.")] = None,
    json: JsonOption = False,
) -> None:
    """Poll what is due, or one source at once, then read and judge the new entries."""
    with opened(ctx) as app:
        app.apply_declared()
        if source is not None:
            poll_now(source, app.clock(), app.database.archive, app.database.queue)
        polled, ingested = run_stages(app, quiet=json)
        if json:
            print_json({"polled": polled, "ingested": ingested})
        else:
            _print(polled, ingested)
        if source is not None and polled and all(is_failure(one.outcome) for one in polled):
            raise typer.Exit(EXIT_FAILED)


def run_stages(app: App, *, quiet: bool) -> tuple[list[FeedReport], list[EntryReport]]:
    """Drain polling, then ingesting, with a progress bar for people."""
    polled: list[FeedReport] = []
    ingested: list[EntryReport] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal) as progress:
        polling = progress.add_task("polling", total=None)

        def on_feed(report: object) -> None:
            if isinstance(report, FeedReport):
                polled.append(report)
                progress.advance(polling)

        app.dispatcher.drain(Stage.POLL, watch=on_feed)
        reading = progress.add_task("reading", total=sum(one.new + one.changed for one in polled) or None)

        def on_entry(report: object) -> None:
            if isinstance(report, EntryReport):
                ingested.append(report)
                progress.advance(reading)

        app.dispatcher.drain(Stage.INGEST, watch=on_entry)
    return polled, ingested


def said(report: FeedReport) -> str:
    """What is worth saying of a poll beside its numbers; a gap comes with what filled it."""
    parts = [report.detail] if report.detail else []
    if report.gap:
        parts.append(f"{report.filled} found in the sitemap" if report.filled else "something may have been missed")
    return "; ".join(parts)


def _print(polled: list[FeedReport], ingested: list[EntryReport]) -> None:
    print_table(
        "Polled",
        ("source", "outcome", "health", "entries", "new", "changed", "detail"),
        [(one.source_key, one.outcome, one.health, one.seen, one.new, one.changed, said(one)) for one in polled],
        "Nothing is due. `monitor poll SOURCE` asks one source at once.",
    )
    if ingested:
        counts: dict[str, int] = {}
        for one in ingested:
            name = one.label.value if one.label else f"waiting ({one.outcome.value})"
            counts[name] = counts.get(name, 0) + 1
        print_table("Read", ("label", "articles"), sorted(counts.items()), "")
