"""The command `monitor`: options that hold for all, and where each command lives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import (
    accounts,
    archive,
    audit,
    coverage,
    digests,
    dossier,
    explain,
    export,
    files,
    partner,
    partnerships,
    polling,
    quarantine,
    replay,
    review,
    seeds,
    service,
    sources,
)
from monitor.cli.context import clear_errors, fit_width, out

app = typer.Typer(
    name="monitor",
    help="Watches the web for news about relations between cities, provinces, universities and hospitals.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(__version__)
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Settings file (TOML).", envvar="MONITOR_CONFIG")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Options that hold for every command."""
    del version
    ctx.obj = config


app.command()(service.run)
app.command()(service.doctor)
app.command()(service.demo)
app.command()(polling.poll)
app.command()(files.parse)
app.command()(files.extract)
app.command()(files.assess)
app.command()(explain.explain)
app.command()(replay.replay)
app.command()(archive.search)
app.command()(audit.audit)
app.command()(coverage.coverage)
app.command()(partnerships.expectations)
app.command()(dossier.dossier)
app.command()(export.export)
app.add_typer(digests.app, name="digest", help="Preview and send digests.")
app.add_typer(sources.app, name="source", help="What is followed.")
app.add_typer(partner.app, name="partner", help="Partnerships and what to follow for them.")
app.add_typer(partnerships.app, name="partnership", help="Partnerships, agreements, series.")
app.add_typer(seeds.app, name="seed", help="What is known beforehand.")
app.add_typer(quarantine.app, name="quarantine", help="Documents that killed the processes reading them.")
app.add_typer(review.app, name="review", help="Correct what was decided; every correction can be taken back.")
app.add_typer(accounts.user_app, name="user", help="Who signs in to the pages.")
app.add_typer(accounts.token_app, name="token", help="Which programs read the API.")
app.add_typer(archive.event_app, name="event", help="Real-world events.")
app.add_typer(archive.article_app, name="article", help="Articles of the archive.")


def main() -> None:
    """Entry point of the console script."""
    fit_width()
    with clear_errors():
        app()
