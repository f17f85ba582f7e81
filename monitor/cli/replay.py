"""`monitor replay`: what the current rules would make of the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Annotated, TypeVar

import typer

from monitor.bootstrap import App
from monitor.cli.context import JsonOption, opened, out, print_json
from monitor.cli.progress import progress
from monitor.domain.headline import headline
from monitor.domain.model.replay import Difference, FactTurn, Moved, Relabelled
from monitor.errors import NotFound
from monitor.pipeline import replay as stage

T = TypeVar("T")

SHOWN = 20  # of each kind of difference


def replay(
    ctx: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Only articles first seen from this day (UTC) on."),
    ] = None,
    adopt: Annotated[bool, typer.Option("--adopt", help="Let the archive say what the replay decides.")] = False,
    json: JsonOption = False,
) -> None:
    """Read and decide the stored articles anew under the current rules, and show what would change.

    Pages that are still held are extracted again; of others the stored text is taken. Nothing changes until --adopt,
    nothing is ever sent, and what people said stays in force. A replay that was stopped goes on where it was.
    """
    with opened(ctx) as app:
        app.load_seeds()
        with app.shadow(_moment(since)) as shadow:
            with progress("replay", wanted=not json) as watch:
                difference = stage.replay(shadow, app.replaying, watch)
            if adopt:
                shadow.adopt(difference, app.clock())
            if json:
                print_json({"adopted": adopt, "is_empty": difference.is_empty, "difference": difference})
                return
            _print(difference, app)
            out.print(_last_line(difference, adopt))


def _moment(since: datetime | None) -> datetime | None:
    return datetime.combine(since.date(), time(), UTC) if since is not None else None


def _last_line(difference: Difference, adopted: bool) -> str:
    if adopted:
        return "Adopted. Nothing of it is told in digests."
    if difference.is_empty:
        return "The current rules decide as the archive stands."
    return "Nothing was changed: --adopt lets the archive say this."


def _print(difference: Difference, app: App) -> None:
    out.print(
        f"{difference.articles:,} articles and {difference.events:,} events compared; {difference.kept:,} articles "
        f"still tell an event; {difference.reread:,} texts are extracted differently."
    )
    name = _namer(app)
    _list("Dropped: told an event, would no longer", difference.dropped, _relabelled)
    _list("Newly kept: would tell an event", difference.newly_kept, _relabelled)
    _list("Judged otherwise, without telling an event", difference.relabelled, _relabelled)
    _list("Tell other events", difference.moved, _moved)
    _list("Events that would go into others", difference.merged, lambda one: f"{name(one[0])} → {name(one[1])}")
    _list(
        "Events of which others would be made",
        difference.split,
        lambda one: f"{name(one[0])} → {', '.join(one[1])}",
    )
    _list("New events", difference.opened, name)
    _list("Events left without a report", difference.closed, name)
    _list("Facts", difference.facts, lambda one: _fact(one, name))


def _list(head: str, found: Sequence[T], told: Callable[[T], str]) -> None:
    if not found:
        return
    out.print(f"\n{head}: {len(found):,}", style="bold", markup=False)
    for one in found[:SHOWN]:
        out.print(f"  {told(one)}", markup=False)
    if len(found) > SHOWN:
        out.print(f"  … and {len(found) - SHOWN:,} more (--json shows all)")


def _relabelled(one: Relabelled) -> str:
    return f"{one.before.value} → {one.after.value}: article {one.article_id}, {one.title} ({one.url})"


def _moved(one: Moved) -> str:
    before, after = ", ".join(one.before) or "none", ", ".join(one.after) or "none"
    return f"article {one.article_id}, {one.title}: {before} → {after}"


def _fact(one: FactTurn, name: Callable[[str], str]) -> str:
    return f"{name(one.event_id)}: {one.fact} {one.before or '(none)'} → {one.after or '(none)'}"


def _namer(app: App) -> Callable[[str], str]:
    """An event by id and headline; one that is not in the archive yet by its id."""
    archive, wording = app.database.archive, app.wording("en")

    def name(event_id: str) -> str:
        try:
            return f"{event_id} {headline(archive.event(event_id).event, wording, app.gazetteer.place)}"
        except NotFound:
            return event_id

    return name
