"""`monitor partnership` and `monitor expectations`: what lasts, what is claimed of it, and what is to be expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap import App
from monitor.cli.context import (
    EXIT_CONFIGURATION,
    EXIT_FAILED,
    JsonOption,
    err,
    fail,
    opened,
    out,
    print_json,
    print_table,
)
from monitor.domain import agreements, claims, series
from monitor.domain.agreements import GRADES
from monitor.domain.digest_relations import expectation_headline
from monitor.domain.headline import headline
from monitor.domain.model.partnerships import (
    AgreementData,
    Claim,
    Declared,
    ExpectationState,
    PartnershipData,
    PartnershipState,
    Stated,
    with_state,
)
from monitor.domain.model.places import Place
from monitor.domain.partnership_rows import COLUMNS, Imported, read_rows
from monitor.domain.partnerships import story
from monitor.domain.places import display_name
from monitor.errors import NotFound
from monitor.pipeline import partnerships as stage

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

MAX_TABLE_BYTES = 10 * 1024 * 1024
MAX_REFUSED_SHOWN = 50
MAX_CANDIDATES = 8

KeyArgument = Annotated[str, typer.Argument(help="Key of a partnership, as `monitor partnership list` shows it.")]
StateOption = Annotated[PartnershipState | None, typer.Option("--state", help="Only those.")]
PlaceOption = Annotated[str | None, typer.Option("--place", help="Only those of this place: name or gazetteer id.")]
LanguageOption = Annotated[str, typer.Option("--language", "-l", help="Language of headlines: en, fr, zh, vi.")]


@app.callback()
def partnership() -> None:
    """Lasting relations between places."""


@app.command("list")
def list_partnerships(
    ctx: typer.Context, state: StateOption = None, place: PlaceOption = None, json: JsonOption = False
) -> None:
    """Partnerships with grade, beginning and who says so; `proposed` ones wait for a yes or no."""
    with opened(ctx) as program:
        program.apply_declared()
        place_id = program.declared.place_id(place, "--place") if place else None
        found = [
            one
            for one in program.database.archive.partnerships()
            if (state is None or one.state is state) and (place_id is None or place_id in one.participants)
        ]
        if json:
            print_json(found)
            return
        rows = [
            (one.key, _names(one.participants, program), one.grade, one.since, one.until, one.state, one.origin)
            for one in found
        ]
        columns = ("key", "places", "grade", "since", "until", "state", "told by")
        print_table("Partnerships", columns, rows, "No partnership is known: `monitor partnership add PLACE PLACE`.")


@app.command("show")
def show_partnership(
    ctx: typer.Context, key: KeyArgument, language: LanguageOption = "en", json: JsonOption = False
) -> None:
    """One partnership: what is claimed of it, its agreements, and its story in the order it happened."""
    with opened(ctx) as program:
        one = _partnership(program, key)
        archive, place = program.database.archive, program.gazetteer.place
        papers = archive.agreements(one.key)
        places = set(one.participants).union(*(program.gazetteer.beside(member) for member in one.participants))
        links = story(one, archive.events_of(places), place)
        expected = [each for each in archive.expectations() if each.expected.partnership_key == one.key]
        if json:
            print_json({"partnership": one, "agreements": papers, "story": links, "expectations": expected})
            return
        _print_partnership(one, program)
        _print_agreements(papers)
        wording = program.wording(language)
        rows = [
            (link.event.id, headline(link.event, wording, place), link.step, link.follows, ", ".join(link.via))
            for link in links
        ]
        print_table("Story", ("event", "what", "step", "after", "via"), rows, "No event of it is known yet.")
        ahead = [(each.id, expectation_headline(each, wording, place), each.state) for each in expected]
        print_table("To be expected", ("id", "what", "state"), ahead, "Nothing can be computed.")


@app.command("series")
def list_series(ctx: typer.Context, json: JsonOption = False) -> None:
    """Recurring events: keys, names, how often, the editions known."""
    with opened(ctx) as program:
        program.apply_declared()
        found = program.database.archive.series()
        if json:
            print_json(found)
            return
        rows = [
            (
                one.key,
                ", ".join(one.names),
                series.cadence_months(one),
                ", ".join(sorted({str(edition.ordinal) for edition in one.editions}, key=int)),
                _names([member.place_id for member in one.members], program),
            )
            for one in found
        ]
        columns = ("key", "names", "every ... months", "editions", "members")
        print_table("Series", columns, rows, "No recurring event is known.")


@app.command("add")
def add_partnership(
    ctx: typer.Context,
    places: Annotated[list[str], typer.Argument(help="Two or more places: names or gazetteer ids.")],
    grade: Annotated[str | None, typer.Option("--grade", help=f"{', '.join(GRADES)}.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="A day (2017-08-22) or a year.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="A day or a year.")] = None,
    json: JsonOption = False,
) -> None:
    """Note a partnership, or what you know of it; your word goes before that of files, seeds and news.

    What to follow for it: `monitor partner add`.
    """
    with opened(ctx) as program:
        row = {"place": places[0], "partner": "|".join(places[1:]), "grade": grade, "since": since, "until": until}
        table = ",".join(row) + "\n" + ",".join(_quoted(value or "") for value in row.values())
        imported = read_rows(table, lambda name: _resolve(program, name))
        if imported.refused:
            raise fail(imported.refused[0].why, EXIT_CONFIGURATION)
        told = [_by_hand(one) for one in imported.declared.partnerships]
        stage.declare(Declared(tuple(told)), program.clock(), program.database.units)
        program.reckon()
        [noted] = [one for one in program.database.archive.partnerships() if one.key == told[0].key]
        if json:
            print_json(noted)
        else:
            out.print(f"Noted: {noted.key}", markup=False)


@app.command("import")
def import_partnerships(
    ctx: typer.Context,
    table: Annotated[Path, typer.Argument(help="CSV file in UTF-8 with a header line.", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be taken.")] = False,
    json: JsonOption = False,
) -> None:
    """Import partnerships and their agreements from a CSV table.

    Columns: place, partner (needed; several partners parted by "|"), grade (sister, friendship, partner), since, until,
    title, signed_on, term_years, ends_on. Days are written 2017-08-22; a year alone will do. A place that shares its
    name is written with its country: "Victoria (CA)". A bad row costs itself: it is told with its line, the others are
    taken. The same file imported again replaces what it said before.
    """
    with opened(ctx) as program:
        imported = read_rows(_read(table), lambda name: _resolve(program, name))
        if not dry_run:
            stage.declare(imported.declared, program.clock(), program.database.units, table.name)
            program.reckon()
        if json:
            print_json({"partnerships": imported.declared.partnerships, "agreements": imported.declared.agreements,
                        "refused": imported.refused})  # fmt: skip
        else:
            _print_imported(imported, dry_run=dry_run)
        if imported.refused:
            raise typer.Exit(EXIT_FAILED)


@app.command()
def confirm(ctx: typer.Context, key: KeyArgument) -> None:
    """Say yes to a partnership that the news proposed."""
    _decide(ctx, key, PartnershipState.WATCHED)


@app.command()
def reject(ctx: typer.Context, key: KeyArgument) -> None:
    """Say no to a partnership: it is neither watched nor proposed again."""
    _decide(ctx, key, PartnershipState.DECLINED)


def expectations(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what came, slipped or was missed.")] = False,
    place: PlaceOption = None,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """What is to be expected: announced in articles, or computed from series, anniversaries and terms."""
    with opened(ctx) as program:
        program.apply_declared()
        archive, place_id = program.database.archive, program.declared.place_id(place, "--place") if place else None
        states = None if everything else (ExpectationState.OPEN,)
        computed = archive.expectations(states, None if place_id is None else (place_id,))
        announced = [
            one for one in archive.announced(program.clock()) if place_id is None or place_id in one.participants
        ]
        if json:
            print_json({"announced": announced, "computed": computed})
            return
        wording, lookup = program.wording(language), program.gazetteer.place
        rows = [(one.id, headline(one, wording, lookup), one.status) for one in announced]
        print_table("Announced", ("id", "what", "status"), rows, "Nothing is announced.")
        reckoned = [
            (one.id, expectation_headline(one, wording, lookup), one.expected.basis, one.state, one.event_id)
            for one in computed
        ]
        print_table("Computed", ("id", "what", "from", "state", "event"), reckoned, "Nothing can be computed.")


# ---------------------------------------------------------------- reading


def _partnership(program: App, key: str) -> PartnershipData:
    found = next((one for one in program.database.archive.partnerships() if one.key == key), None)
    if found is None:
        raise NotFound(f"no partnership has the key {key!r}; `monitor partnership list` shows them")
    return found


def _resolve(program: App, name: str) -> Place | str:
    """The place of an id or name, "Victoria (CA)" in that country; else why it cannot be told."""
    bare, _, country = name.removesuffix(")").partition(" (") if name.endswith(")") else (name, "", "")
    known = program.gazetteer.place(bare)
    if known is not None:
        return known
    found = [one for one in program.gazetteer.by_name(bare) if not country or one.country == country.upper()]
    if not found:
        return f"the gazetteer knows no place called {name!r}"
    if len(found) > 1:
        ids = ", ".join(f"{one.id} ({one.kind.value}, {one.country})" for one in found[:MAX_CANDIDATES])
        return f"{name!r} could be any of {ids}: write its id"
    return found[0]


def _by_hand(told: PartnershipData) -> PartnershipData:
    return with_state(
        PartnershipData(told.key, told.participants, told.grade, told.since, told.until, origin=Stated.HAND),
        PartnershipState.WATCHED,
    )


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""').replace("\n", " ")
    return f'"{doubled}"'


def _read(table: Path) -> str:
    body = table.read_bytes()
    if len(body) > MAX_TABLE_BYTES:
        raise fail(f"{table}: larger than {MAX_TABLE_BYTES:,} bytes", EXIT_CONFIGURATION)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fail(f"{table}: is not UTF-8 text (byte {error.start})", EXIT_CONFIGURATION) from error


def _decide(ctx: typer.Context, key: str, state: PartnershipState) -> None:
    with opened(ctx) as program:
        _partnership(program, key)
        stage.decide(key, state, program.clock(), program.database.units)
        program.reckon()
        out.print(f"{key}: {state.value}", markup=False)
        if state is PartnershipState.WATCHED:
            out.print("To be told of its silence, name its places in a watch.")


# ---------------------------------------------------------------- printing


def _print_partnership(one: PartnershipData, program: App) -> None:
    out.print(_names(one.participants, program), style="bold", markup=False)
    out.print(f"key     {one.key}", markup=False)
    out.print(f"state   {one.state.value}")
    for name, value in (("grade", one.grade), ("since", one.since), ("until", one.until)):
        if value is not None:
            out.print(f"{name:<8}{value}")
    for field, said in claims.conflicting(one.claims):
        out.print(f"voices disagree on {field.value}: {'; '.join(map(_claim, said))}", markup=False)
    for claim in one.claims:
        if not claim.is_confirmed:
            out.print(f"not confirmed: {claim.field.value} {_claim(claim)}", markup=False)


def _claim(claim: Claim) -> str:
    who = f"{claim.stated.value} {claim.stated_by}".rstrip()
    return f"{claim.value} ({who})"


def _print_agreements(papers: Sequence[AgreementData]) -> None:
    rows = [
        (one.key, one.title, one.grade, one.signed_on, agreements.end_of(one), one.supersedes, one.origin)
        for one in papers
    ]
    columns = ("key", "title", "grade", "signed", "ends", "supersedes", "told by")
    print_table("Agreements", columns, rows, "No agreement is known.")


def _print_imported(imported: Imported, *, dry_run: bool) -> None:
    told = imported.declared
    taken = "would be taken" if dry_run else "taken"
    out.print(f"{len(told.partnerships)} partnerships and {len(told.agreements)} agreements {taken}.")
    for one in imported.refused[:MAX_REFUSED_SHOWN]:
        err.print(f"monitor: line {one.line}: {one.why}", markup=False)
    more = len(imported.refused) - MAX_REFUSED_SHOWN
    if more > 0:
        err.print(f"monitor: and {more} more rows were left out", markup=False)
    if not told.partnerships:
        err.print(f"monitor: known columns: {', '.join(COLUMNS)}", markup=False)


def _names(place_ids: Iterable[str], program: App) -> str:
    found = [(one, program.gazetteer.place(one)) for one in place_ids]
    names = sorted(display_name(place, "en") if place is not None else one for one, place in found)
    return (" – " if len(names) == 2 else ", ").join(names)
