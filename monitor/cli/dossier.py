"""`monitor dossier`: the page that somebody takes to a meeting."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.context import EXIT_FAILED, fail, opened, out
from monitor.web.dossier import dossier_html, dossier_of, file_name


class DossierFormat(StrEnum):
    """As what it is written."""

    HTML = "html"
    DOCX = "docx"


def dossier(
    ctx: typer.Context,
    partnership: Annotated[str, typer.Argument(help="Key of a partnership, as `monitor partnership list` shows it.")],
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="From when; else the last 24 months.")
    ] = None,
    language: Annotated[str, typer.Option("--lang", "-l", help="en, fr, zh, vi.")] = "en",
    form: Annotated[
        DossierFormat, typer.Option("--format", "-f", help="html (to print) or docx.")
    ] = DossierFormat.HTML,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.", dir_okay=False)] = None,
) -> None:
    """Write a partnership's agreements, last events, people and expectations, every sentence with its sources."""
    with opened(ctx) as program:
        program.apply_declared()
        made = dossier_of(program, partnership, since.date() if since is not None else None, language)
        body = dossier_html(made).encode() if form is DossierFormat.HTML else program.dossiers.write(made)
        path = output if output is not None else Path(file_name(partnership, form.value))
        try:
            path.write_bytes(body)
        except OSError as error:
            raise fail(f"{path}: {error.strerror}", EXIT_FAILED) from error
        out.print(f"Written: {path}", markup=False)
