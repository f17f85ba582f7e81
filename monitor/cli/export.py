"""`monitor export`: takes events, articles and partnerships out of the archive."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap import App
from monitor.cli.context import EXIT_CONFIGURATION, EXIT_FAILED, err, fail, opened
from monitor.cli.progress import progress
from monitor.domain.event_filters import fields_of, filter_in
from monitor.domain.export_records import Describing
from monitor.domain.model.exports import ExportForm, ExportWhat
from monitor.errors import Refused
from monitor.pipeline import exports


def export(
    ctx: typer.Context,
    what: Annotated[ExportWhat, typer.Argument(help="events, articles (that tell these events) or partnerships.")],
    form: Annotated[
        ExportForm, typer.Option("--format", "-f", help="csv, jsonl, atom, ics, or package: a ZIP file of all three.")
    ] = ExportForm.CSV,
    output: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; else standard output.", dir_okay=False)
    ] = None,
    words: Annotated[str, typer.Option("--words", help='As searched for on the pages: jumel*, "two words".')] = "",
    partnership: Annotated[str, typer.Option("--partnership", help="Its key.")] = "",
    place: Annotated[str, typer.Option("--place", help="Name or id of a place that takes part.")] = "",
    country: Annotated[str, typer.Option("--country", help="ISO 3166-1 alpha-2.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="Family of kinds: agreements, meetings, ...")] = "",
    language: Annotated[str, typer.Option("--language", help="Of a report (BCP 47).")] = "",
    source: Annotated[str, typer.Option("--source", help="Key of a source that reported it.")] = "",
    status: Annotated[str, typer.Option("--status", help="happened, announced, cancelled, ...")] = "",
    novelty: Annotated[str, typer.Option("--novelty", help="new (from the news) or known (before).")] = "",
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day of the event.")
    ] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day of it.")] = None,
    reader: Annotated[
        str, typer.Option("--lang", "-l", help="Language of headlines and names: en, fr, zh, vi.")
    ] = "en",
    mark: Annotated[
        bool, typer.Option("--bom/--no-bom", help="CSV: a byte-order mark, which table programs want.")
    ] = True,
) -> None:
    """Write what the archive holds, within the rights of each source.

    The options choose events as the fields of the page do. For partnerships, only --partnership, --place and --country
    count.
    """
    with opened(ctx) as app:
        given = {
            "q": words,
            "partnership": partnership,
            "place": app.declared.place_id(place, "--place") if place else "",
            "country": country,
            "kind": kind,
            "language": language,
            "source": source,
            "status": status,
            "novelty": novelty,
            "since": f"{since:%Y-%m-%d}" if since is not None else "",
            "until": f"{until:%Y-%m-%d}" if until is not None else "",
        }
        order = _order(app, what, form, given, reader, mark)
        with progress("export", wanted=output is not None or not sys.stdout.isatty()) as watch:
            try:
                _write(exports.export(order, app.exporting, watch), output)
            except Refused as error:
                raise fail(str(error), EXIT_CONFIGURATION) from error


def _order(
    app: App, what: ExportWhat, form: ExportForm, given: dict[str, str], reader: str, mark: bool
) -> exports.Order:
    """Unlike on a page, a value that cannot be understood is refused: nobody looks at the list before it is used."""
    asked = filter_in(given)
    understood = fields_of(asked)
    for name, value in given.items():
        if value and name not in understood:
            raise fail(f"--{'words' if name == 'q' else name}: {value!r} is none", EXIT_CONFIGURATION)
    base_url = app.settings.web.base_url.rstrip("/")
    return exports.Order(
        what, form, asked, Describing(app.wording(reader), app.gazetteer.place, base_url), app.clock(), mark
    )


def _write(pieces: Iterator[bytes], output: Path | None) -> None:
    """To a file that is there when it is whole, or to standard output."""
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(output)
    except OSError as error:
        raise fail(f"{output}: {error.strerror}", EXIT_FAILED) from error
    finally:
        part.unlink(missing_ok=True)
    err.print(f"Written: {output}", markup=False)
