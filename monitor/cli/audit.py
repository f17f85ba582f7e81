"""`monitor audit`: what retrospectives name and the archive does not know."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from monitor.bootstrap import App
from monitor.cli.context import EXIT_CONFIGURATION, JsonOption, err, fail, opened, out, print_json, print_table
from monitor.cli.reading import ReadFailed, read_address
from monitor.domain.completeness import FEWEST, Completeness
from monitor.domain.model.articles import ArticleData
from monitor.domain.model.audit import AuditReport, Cause, Recalled
from monitor.domain.model.digests import Watch
from monitor.domain.wording import KIND_WORDS, Wording
from monitor.errors import ConfigurationError
from monitor.pipeline.audit import Auditing, audit_archive

CAUSES = {
    Cause.MERGED: "merged into another event",
    Cause.DISMISSED: "its event was closed",
    Cause.JUDGED_IRRELEVANT: "perhaps judged irrelevant",
    Cause.BEFORE_ARCHIVE: "before the archive began",
    Cause.NO_SOURCE: "no source followed then",
    Cause.FETCH_FAILED: "a source could not be read then",
    Cause.NOT_REPORTED: "sources were read, none told it",
}


def audit(
    ctx: typer.Context,
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|URL]...", help="Further retrospectives: yearly reports, chronicles, profiles."),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only past events from this day on.")
    ] = None,
    place: Annotated[
        list[str] | None, typer.Option("--place", help="Only events of this place; by default those of the watches.")
    ] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="Language of names: en, fr, zh, vi.")] = "en",
    json: JsonOption = False,
) -> None:
    """What we missed: past events that anniversaries, yearly reports and profiles name, matched with the archive."""
    with opened(ctx) as app:
        auditing = Auditing(app.database.archive, app.gazetteer, app.knowledge, _watches(place or [], app))
        brought = [_document(address, app) for address in documents or []]
        found = audit_archive(auditing, app.clock().date(), since.date() if since else None, brought)
        if json:
            print_json(found)
            return
        _print(found, since.date() if since else None, app.wording(language))


def _watches(places: list[str], app: App) -> tuple[Watch, ...]:
    if not places:
        return app.declared.watches
    return (
        Watch("--place", places=frozenset(app.declared.place_id(name, "--place") for name in places), domestic=True),
    )


def _document(address: str, app: App) -> ArticleData:
    fetched = read_address(address, None, app)
    if isinstance(fetched, ReadFailed):
        raise fail(f"{address}: {fetched.outcome} {fetched.detail}".rstrip(), EXIT_CONFIGURATION)
    try:
        return app.read_document(fetched)
    except ConfigurationError as error:
        raise fail(str(error), EXIT_CONFIGURATION) from error


# ---------------------------------------------------------------- telling


def _print(found: AuditReport, since: date | None, wording: Wording) -> None:
    number = len(found.found) + len(found.missed)
    began = f"The archive began on {found.began_on}." if found.began_on is not None else "No source was read yet."
    out.print(f"Texts that look back: {found.read}. Past events named in them: {number}. {began}", markup=False)
    if number:
        out.print(f"In the archive: {len(found.found)}. Missed: {len(found.missed)}.", markup=False)
    rows = [_row(one, wording) for one in found.missed]
    columns = ("when", "between", "what", "probable cause", "named in", "sentence")
    print_table("We missed this", columns, rows, _nothing(found))
    if said := _completeness(found, since):
        out.print(said, markup=False)
    if not found.read:
        err.print("Give yearly reports or chronicles as files: `monitor audit report.pdf`.", markup=False)


def _nothing(found: AuditReport) -> str:
    return "Nothing was missed." if found.found else "No past event is named in what was read."


def _row(one: Recalled, wording: Wording) -> tuple[object, ...]:
    names = wording.join(sorted(wording.place(place_id) for place_id in one.participants))
    kinds = ", ".join(wording.say(KIND_WORDS[kind]) for kind in one.kinds)
    cause = CAUSES[one.cause] if one.cause is not None else ""
    named = one.namings[0]
    where = f"article {named.article_id}" if named.article_id is not None else named.title or named.url
    more = f" and {len(one.namings) - 1} more" if len(one.namings) > 1 else ""
    detail = f": {one.detail}" if one.detail else ""
    return wording.period(one.when), names, kinds, f"{cause}{detail}", f"{where}{more}", named.sentence


def _completeness(found: AuditReport, since: date | None) -> str:
    """In plain words how much is known, or why that cannot be said; "" where nothing was read yet."""
    first = max(found.began_on, since) if found.began_on is not None and since is not None else found.began_on
    if first is None:
        return ""
    if found.completeness is None:
        number = f"{found.recalled_since} of the recalled events happened since then"
        return f"Completeness since {first}: {number}, too few for an estimate ({FEWEST} are needed)."
    return f"Completeness since {first}: {_estimate(found.completeness)}"


def _estimate(said: Completeness) -> str:
    share, total = said.share, said.total
    return (
        f"{said.found} of {said.recalled} recalled events are known, {share.estimate:.0%} (95 % interval "
        f"{share.low:.0%} to {share.high:.0%}). The archive holds {said.archived} events of these relations; there "
        f"were about {total.estimate:.0f} ({total.low:.0f} to {total.high:.0f}). Retrospectives and news both like "
        "what is festive, so rather less is known than this says."
    )
