"""`monitor seed`: what is known beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.context import JsonOption, fail, opened, out, print_json, print_table
from monitor.cli.reading import ReadFailed, read_address

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_seeds(ctx: typer.Context, json: JsonOption = False) -> None:
    """The loaded seed records."""
    with opened(ctx) as program:
        program.load_seeds()
        rows = program.database.archive.seeds()
        if json:
            print_json([{"key": key, "label": label, "title": title} for key, label, title in rows])
            return
        print_table("Seeds", ("key", "label", "title"), rows, "No seed: `monitor seed add FILE`.")


@app.command()
def add(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(metavar="FILE|URL", help="Text, Markdown or HTML.")],
    key: Annotated[str | None, typer.Option(help="Key of the record; default: made of the title.")] = None,
    json: JsonOption = False,
) -> None:
    """Make a seed record of a document: its facts and its fingerprint, never its text; then load it."""
    with opened(ctx) as program:
        read = read_address(address, None, program)
        if isinstance(read, ReadFailed):
            raise fail(f"{address}: {read.outcome} {read.detail}".rstrip())
        record, path = program.add_seed(read, key, None if Path(address).exists() else address)
        if json:
            print_json(record)
            return
        out.print(f"wrote {path}", markup=False)
        out.print(f"{record.title} [{record.language}], {record.label}", markup=False)
        if record.happening:
            out.print(f"kinds: {', '.join(record.happening.kinds)}")
            out.print(f"participants: {', '.join(sorted(record.happening.participants))}")
        out.print("read the record and mend what is wrong: it is yours; it is loaded again when it changes")
