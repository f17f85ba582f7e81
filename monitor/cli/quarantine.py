"""`monitor quarantine`: documents that killed the processes reading them."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.context import JsonOption, LimitOption, fail, opened, out, print_json, print_table

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
SHOWN_HASH_CHARS = 12  # enough to tell documents apart
FEWEST_HASH_CHARS = 6  # that name documents to release: less is a slip


@app.command("list")
def list_quarantine(ctx: typer.Context, limit: LimitOption = 100, json: JsonOption = False) -> None:
    """Documents that killed a process, the latest first; after the second time they are never read again."""
    with opened(ctx) as program:
        found = program.database.archive.killers(limit)
        if json:
            print_json(found)
            return
        rows = [
            (one.sha256[:SHOWN_HASH_CHARS], one.task, "quarantined" if one.is_quarantined else "once more",
             one.kills, one.last_at, f"{one.outcome.value} {one.detail}".rstrip(), one.url)
            for one in found
        ]  # fmt: skip
        columns = ("document", "task", "state", "kills", "last", "how", "address")
        print_table("Quarantine", columns, rows, "No document has killed a process.")


@app.command()
def release(
    ctx: typer.Context,
    document: Annotated[str, typer.Argument(metavar="SHA", help="The document's hash, or how it begins.")],
) -> None:
    """Let a document be read again: after an update, say."""
    if len(document) < FEWEST_HASH_CHARS:
        raise fail(f"give at least {FEWEST_HASH_CHARS} characters of the hash")
    with opened(ctx) as program, program.database.units() as unit:
        released = unit.release_quarantined(document.lower(), program.clock())
        unit.commit()
    if not released:
        raise fail(f"no document in quarantine begins with {document}")
    out.print(f"released {released}: read again when its feed or entry is read next")
