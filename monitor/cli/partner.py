"""`monitor partner`: a partnership and what to follow for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer

from monitor.bootstrap import App, free_key
from monitor.cli.context import EXIT_CONFIGURATION, EXIT_FAILED, JsonOption, err, fail, opened, out, print_json
from monitor.domain.model.partnerships import PartnershipData, PartnershipState, Stated
from monitor.domain.model.places import Place
from monitor.domain.partner_sources import ProposalGroup, SourceProposal, propose, with_free_keys
from monitor.domain.partnerships import partnership_key
from monitor.domain.places import display_name

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

MAX_CANDIDATES = 12
MAX_KEY_CHARS = 64  # what a watch's key may have

TITLES = {
    ProposalGroup.HOME_SITE: "Our sites",
    ProposalGroup.HOME_PRESS: "Our press",
    ProposalGroup.PARTNER_SITE: "The partner's sites",
    ProposalGroup.PARTNER_PRESS: "The partner's press",
    ProposalGroup.SEARCH: "News searches (their links only are shown; each is asked every few hours)",
}


@app.callback()
def partner() -> None:
    """A partnership and what to follow for it."""


@app.command()
def add(
    ctx: typer.Context,
    place: Annotated[str, typer.Argument(help="The partner: name or gazetteer id.")],
    home: Annotated[str, typer.Option("--home", help="Our own place: name or gazetteer id.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Add everything that is proposed.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed; change nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Propose what to follow for a partnership, and follow what you say yes to.

    Proposed are both places' own sites and press of the shipped lists, and news searches in the languages of both
    countries. Nobody has polled them: `monitor coverage` tells afterwards what became of them.
    """
    with opened(ctx) as program:
        program.apply_declared()
        ours, theirs = _place(program, home, "--home"), _place(program, place, "PLACE")
        if ours.id == theirs.id:
            raise fail(f"{ours.id} cannot be its own partner", EXIT_CONFIGURATION)
        proposals = _proposals(program, ours, theirs)
        partnership = _unknown_partnership(program, ours, theirs)
        if not json:
            _print_proposals(proposals, ours, theirs)
        decides = not dry_run and (yes or (sys.stdin.isatty() and not json))
        chosen = _chosen(proposals, yes=yes) if decides else ()
        noted = partnership if decides and partnership is not None and _noted(partnership, yes=yes) else None
        _store(program, chosen, noted)
        if json:
            print_json({"home": ours.id, "partner": theirs.id, "proposed": proposals, "added": _keys(chosen),
                        "partnership": noted, "watch": _watch_text(ours, theirs)})  # fmt: skip
        else:
            _print_done(chosen, noted, ours, theirs)
        if not decides and not dry_run:
            err.print("monitor: nothing was added: nobody can be asked here; --yes adds everything", markup=False)
            raise typer.Exit(EXIT_FAILED)


def _place(program: App, given: str, where: str) -> Place:
    """The place of that id or name; several of one name are listed, and the person says which."""
    known = program.gazetteer.place(given)
    if known is not None:
        return known
    found = program.gazetteer.by_name(given)
    if not found:
        raise fail(f"{where}: the gazetteer knows no place called {given!r}", EXIT_CONFIGURATION)
    if len(found) > 1:
        err.print(f"monitor: {where}: {given!r} could be any of these; say its id:", markup=False)
        for one in found[:MAX_CANDIDATES]:
            err.print(f"  {one.id:<28}{display_name(one, 'en')}, {one.kind.value}, {one.country}", markup=False)
        raise typer.Exit(EXIT_CONFIGURATION)
    return found[0]


def _proposals(program: App, ours: Place, theirs: Place) -> tuple[SourceProposal, ...]:
    followed = program.database.archive.sources()
    words = program.knowledge.lexicon.search_words
    found = propose(ours, theirs, program.declared.stock(), followed, words, program.gazetteer.place)
    return with_free_keys(found, {one.key for one in followed}, free_key)


def _unknown_partnership(program: App, ours: Place, theirs: Place) -> PartnershipData | None:
    """The partnership, if none of these two alone is known yet."""
    participants = frozenset({ours.id, theirs.id})
    if any(one.participants == participants for one in program.database.archive.partnerships()):
        return None
    key, state = partnership_key(participants), PartnershipState.WATCHED
    return PartnershipData(key, participants, grade="", origin=Stated.HAND, state=state)


# ---------------------------------------------------------------- asking and doing


def _chosen(proposals: Sequence[SourceProposal], *, yes: bool) -> tuple[SourceProposal, ...]:
    if yes:
        return tuple(proposals)
    chosen: list[SourceProposal] = []
    for group, members in groupby(proposals, key=lambda one: one.group):
        wanted = list(members)
        if typer.confirm(f"Follow {TITLES[group].partition(' (')[0].lower()} ({len(wanted)})?", default=False):
            chosen += wanted
    return tuple(chosen)


def _noted(partnership: PartnershipData, *, yes: bool) -> bool:
    return yes or typer.confirm(f"Note the partnership {partnership.key}?", default=False)


def _store(program: App, chosen: Sequence[SourceProposal], partnership: PartnershipData | None) -> None:
    if not chosen and partnership is None:
        return
    now = program.clock()
    with program.database.units() as unit:
        for one in chosen:
            unit.add_source(one.source, now, "cli")
        if partnership is not None:
            unit.put_partnership(partnership, now)
        unit.commit()


# ---------------------------------------------------------------- telling


def _print_proposals(proposals: Sequence[SourceProposal], ours: Place, theirs: Place) -> None:
    out.print(f"{display_name(ours, 'en')} – {display_name(theirs, 'en')}", style="bold", markup=False)
    if not proposals:
        out.print("Everything that could be proposed is followed already.")
    for group, members in groupby(proposals, key=lambda one: one.group):
        out.print(f"\n{TITLES[group]}", markup=False)
        for one in members:
            note = f"  ({one.note})" if one.note and group is not ProposalGroup.SEARCH else ""
            out.print(f"  {one.source.name}{note}", markup=False)
            out.print(f"    {one.note if group is ProposalGroup.SEARCH else one.source.feeds[0].url}", markup=False)
    out.print()


def _print_done(
    chosen: Sequence[SourceProposal], partnership: PartnershipData | None, ours: Place, theirs: Place
) -> None:
    if chosen:
        out.print(f"{len(chosen)} sources added; their first poll is the baseline and will not be told.")
    if partnership is not None:
        out.print(f"Partnership noted: {partnership.key}", markup=False)
    out.print("To be told of it, put this into your monitor.toml and name its key in a subscription:\n")
    out.print(_watch_text(ours, theirs), markup=False)


def _watch_text(ours: Place, theirs: Place) -> str:
    lines = [
        "[[watch]]",
        f'key = "{f"{ours.id}-{theirs.id}"[:MAX_KEY_CHARS]}"',
        f'places = ["{ours.id}", "{theirs.id}"]',
    ]
    return "\n".join(lines + (["domestic = true"] if ours.country == theirs.country else []))


def _keys(chosen: Sequence[SourceProposal]) -> list[str]:
    return [one.source.key for one in chosen]
