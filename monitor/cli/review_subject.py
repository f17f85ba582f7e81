"""What a review command is about: an article by id or address, an event by id; and who says so."""

from __future__ import annotations

import getpass
from typing import Annotated, TypedDict

import typer

from monitor.bootstrap import App
from monitor.cli.context import JsonOption, out, print_json
from monitor.domain.urls import canonical_url, url_key
from monitor.errors import NotFound
from monitor.pipeline.review import Corrected

EVENT_ID = "ev_"  # how every event's id begins


def whoever() -> str:
    """The name of the account that runs the command."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name
        return "cli"


ByOption = Annotated[
    str, typer.Option("--by", help="Who says so.", envvar="MONITOR_BY", default_factory=whoever, show_default="you")
]
NoteOption = Annotated[str, typer.Option("--note", help="Why; kept with the verdict.")]
ArticleArgument = Annotated[str, typer.Argument(metavar="ARTICLE", help="Id or URL.")]
EventArgument = Annotated[str, typer.Argument(metavar="EVENT", help="Id of the event.")]
SubjectArgument = Annotated[
    str, typer.Argument(metavar="ARTICLE|EVENT", help="Id or URL of an article, id of an event.")
]

__all__ = ["ArticleArgument", "ByOption", "EventArgument", "JsonOption", "NoteOption", "SubjectArgument"]


class Subject(TypedDict, total=False):
    """The one that was named."""

    article_id: int
    event_id: str


def article_id(app: App, given: str) -> int:
    """Of an article by its id or address; raises `NotFound`."""
    if given.isdigit():
        return int(given)
    url = canonical_url(given)
    if url is None:
        raise NotFound(f"{given!r} is neither the id nor the address of an article")
    return app.database.archive.article_by_url(url_key(url)).id


def subject(app: App, given: str) -> Subject:
    """An event where the text looks like its id, else an article."""
    return {"event_id": given} if given.startswith(EVENT_ID) else {"article_id": article_id(app, given)}


def print_done(done: Corrected, json: bool) -> None:
    """What a correction came to, and how it is taken back."""
    if json:
        print_json(done)
        return
    out.print(f"Verdict {done.verdict.id}: {done.verdict.kind.value} by {done.verdict.by}", markup=False)
    if done.event_ids:
        out.print(f"  events    {', '.join(done.event_ids)}", markup=False)
    if done.article_ids:
        out.print(f"  articles  {', '.join(map(str, done.article_ids))}", markup=False)
    out.print(f"  take back: monitor review undo {done.verdict.id}", markup=False)
