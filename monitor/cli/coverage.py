"""`monitor coverage`: of which partnerships silence can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from monitor.bootstrap import App
from monitor.cli.context import JsonOption, opened, out, plain, print_json, print_table
from monitor.domain.model.health import FeedHealth
from monitor.domain.places import display_name
from monitor.domain.source_coverage import (
    CoverageState,
    PartnershipCoverage,
    SourceCoverage,
    coverages,
    watched_partnerships,
)

WHY = {
    FeedHealth.NEW: "not read yet",
    FeedHealth.QUIET: "nothing new for long",
    FeedHealth.EMPTY: "empty",
    FeedHealth.DEGRADED: "its articles come out short or in another language",
    FeedHealth.BLOCKED: "it refuses us",
    FeedHealth.BROKEN: "cannot be read",
    FeedHealth.GONE: "gone",
    FeedHealth.MOVED: "moved",
}


def coverage(ctx: typer.Context, json: JsonOption = False) -> None:
    """Each watched partnership against both places' own sites and press: covered, silent, broken, or nothing.

    Without watches: all partnerships. Which side is ours is told by `home` in the settings, else by the first place of
    each watch.
    """
    with opened(ctx) as program:
        program.apply_declared()
        found = _coverages(program)
        if json:
            print_json([{**plain(one), "trusted": one.is_trusted} for one in found])
            return
        _print(found, program)


def _coverages(program: App) -> tuple[PartnershipCoverage, ...]:
    archive, place = program.database.archive, program.gazetteer.place
    homes, today = program.declared.homes, program.clock().date()
    watched = watched_partnerships(archive.partnerships(), program.declared.watches, homes, today, place)
    return coverages(watched, archive.sources(), homes, place)


def _print(found: Sequence[PartnershipCoverage], program: App) -> None:
    rows = [
        (f"{_name(one.home_id, program)} – {_name(one.partner_id, program)}", *map(_cell, _sources(one)))
        for one in found
    ]
    columns = ("partnership", "our site", "our press", "partner's site", "partner's press")
    nothing = "No partnership is known: `monitor partner add PLACE --home PLACE`."
    print_table("Coverage", columns, rows, nothing)
    doubtful = [name for (name, *_), one in zip(rows, found, strict=True) if not one.is_trusted]
    if doubtful:
        out.print(f"Their silence cannot be trusted: {'; '.join(doubtful)}.", markup=False)
        out.print("`monitor partner add PLACE --home PLACE` proposes what else to follow.")


def _sources(one: PartnershipCoverage) -> tuple[SourceCoverage, ...]:
    return one.home_site, one.home_press, one.partner_site, one.partner_press


def _cell(one: SourceCoverage) -> str:
    if one.state is CoverageState.NOTHING:
        why = f"{one.paused_key} is paused" if one.paused_key else "only searched" if one.only_searched else ""
        return f"nothing ({why})" if why else "nothing"
    wider = f", of {one.place_id}" if one.place_id else ""
    why = f" ({WHY[one.health]})" if one.health in WHY else ""
    return f"{one.state.value}: {one.source_key}{wider}{why}"


def _name(place_id: str, program: App) -> str:
    place = program.gazetteer.place(place_id)
    return display_name(place, "en") if place is not None else place_id
