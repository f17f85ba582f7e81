"""`monitor review edit` and `monitor review add`: the facts of an event as a person states them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap import App
from monitor.cli.context import EXIT_CONFIGURATION, JsonOption, fail, opened
from monitor.cli.review_subject import ByOption, EventArgument, NoteOption, print_done
from monitor.domain.event_facts import read_period
from monitor.domain.model.events import DateRange, EventKind, EventStatus
from monitor.domain.model.review import EventFacts, FactsEdit
from monitor.domain.text import MAX_TEXT_CHARS
from monitor.pipeline import review

KindOption = Annotated[list[EventKind] | None, typer.Option("--kind", help="Main kind first; may be repeated.")]
PlaceOption = Annotated[list[str] | None, typer.Option("--place", help="A place that takes part; may be repeated.")]
HostOption = Annotated[str | None, typer.Option("--host", help='Where it is held; "" for not known.')]
DateOption = Annotated[
    str | None, typer.Option("--date", help='2026-05-12, 2026-05, 2026 or 2026-05-11/2026-05-13; "" for not known.')
]


def edit(
    ctx: typer.Context,
    event: EventArgument,
    by: ByOption,
    title: Annotated[str | None, typer.Option("--title")] = None,
    kind: KindOption = None,
    place: PlaceOption = None,
    host: HostOption = None,
    date: DateOption = None,
    status: Annotated[EventStatus | None, typer.Option("--status")] = None,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Set facts of an event: later reports do not move them, what the news told stays in the history."""
    with opened(ctx) as program:
        cleared = {"host_id": host, "when": date}
        change = FactsEdit(
            title=title,
            kinds=tuple(kind) if kind else None,
            participants=_places(program, place) if place else None,
            host_id=program.declared.place_id(host, "--host") if host else None,
            when=_period(date),
            status=status,
            cleared=frozenset(name for name, given in cleared.items() if given == ""),
        )
        print_done(review.edit_event(event, change, by, program.clock(), program.reviewing, note), json)


def add(
    ctx: typer.Context,
    by: ByOption,
    title: Annotated[str, typer.Option("--title", help="Of the event, or of the text.")],
    text: Annotated[
        str | None, typer.Option("--text", help='A text file that tells it, "-" for standard input; it is read then.')
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where the text stood.")] = None,
    published: Annotated[str | None, typer.Option("--published", help="The day of the text, 2026-05-12.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Of the text; found out where not given.")] = None,
    kind: KindOption = None,
    place: PlaceOption = None,
    host: HostOption = None,
    date: DateOption = None,
    status: Annotated[EventStatus, typer.Option("--status")] = EventStatus.HAPPENED,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Add an event that no source told, by its facts or by a text; it is marked as added by hand."""
    if text is None and not kind:
        raise fail("an event has a --kind, or is told by a --text", EXIT_CONFIGURATION)
    if text is not None and (kind or place or host or date):
        raise fail(
            "facts are read from the text: correct them afterwards with `monitor review edit`", EXIT_CONFIGURATION
        )
    with opened(ctx) as program:
        if text is not None:
            day = _period(published)
            pasted = review.Pasted(title, _read(text), url, day.starts_on if day else None, language)
            done = review.add_text(pasted, by, program.clock(), program.reviewing, note)
        else:
            facts = EventFacts(
                title=title,
                kinds=tuple(kind or ()),
                participants=_places(program, place or []),
                host_id=program.declared.place_id(host, "--host") if host else None,
                when=_period(date),
                status=status,
            )
            done = review.add_event(facts, by, program.clock(), program.reviewing, note)
        print_done(done, json)


def _places(program: App, names: list[str]) -> frozenset[str]:
    return frozenset(program.declared.place_id(name, "--place") for name in names)


def _period(given: str | None) -> DateRange | None:
    if not given:
        return None
    try:
        return read_period(given)
    except ValueError as error:
        raise fail(f"--date: {given!r} is no date: {error}", EXIT_CONFIGURATION) from error


def _read(given: str) -> str:
    """The beginning of a file as text, more than any article has."""
    limit = 4 * MAX_TEXT_CHARS
    if given == "-":
        return sys.stdin.read(limit)
    try:
        with Path(given).open(encoding="utf-8-sig", errors="replace") as file:
            return file.read(limit)
    except OSError as error:
        raise fail(f"--text: {error}", EXIT_CONFIGURATION) from error
