"""`monitor review`: correct what the rules decided; every correction can be taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli import review_facts, review_views
from monitor.cli.context import EXIT_CONFIGURATION, JsonOption, fail, opened, out, print_json
from monitor.cli.review_subject import (
    EVENT_ID,
    ArticleArgument,
    ByOption,
    EventArgument,
    NoteOption,
    SubjectArgument,
    article_id,
    print_done,
    subject,
)
from monitor.pipeline import review

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command("list")(review_views.list_queue)
app.command("dropped")(review_views.list_dropped)
app.command("history")(review_views.show_history)
app.command("precision")(review_views.show_precision)
app.command("learned")(review_views.show_learned)
app.command("edit")(review_facts.edit)
app.command("add")(review_facts.add)

# ---------------------------------------------------------------- relevance


@app.command()
def confirm(
    ctx: typer.Context, article: ArticleArgument, by: ByOption, note: NoteOption = "", json: JsonOption = False
) -> None:
    """An article tells an event of a relation."""
    with opened(ctx) as program:
        found = article_id(program, article)
        print_done(review.confirm(found, by, program.clock(), program.reviewing, note), json)


@app.command()
def reject(
    ctx: typer.Context, subject: SubjectArgument, by: ByOption, note: NoteOption = "", json: JsonOption = False
) -> None:
    """An article tells none; or an event is none: all its reports are rejected."""
    with opened(ctx) as program:
        now = program.clock()
        if subject.startswith(EVENT_ID):
            done = review.reject_event(subject, by, now, program.reviewing, note)
        else:
            done = review.reject(article_id(program, subject), by, now, program.reviewing, note)
        print_done(done, json)


@app.command()
def rescue(
    ctx: typer.Context, article: ArticleArgument, by: ByOption, note: NoteOption = "", json: JsonOption = False
) -> None:
    """An article that was dropped tells an event after all."""
    with opened(ctx) as program:
        found = article_id(program, article)
        print_done(review.rescue(found, by, program.clock(), program.reviewing, note), json)


# ---------------------------------------------------------------- which report belongs where


@app.command()
def merge(
    ctx: typer.Context,
    event: EventArgument,
    into: Annotated[str, typer.Argument(metavar="INTO", help="Id of the event that stays.")],
    by: ByOption,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Two events are one: the first goes into the second."""
    with opened(ctx) as program:
        print_done(review.merge(event, into, by, program.clock(), program.reviewing, note), json)


@app.command()
def apart(
    ctx: typer.Context,
    event: EventArgument,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Id of the other event.")],
    by: ByOption,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Two events that look alike are two."""
    with opened(ctx) as program:
        print_done(review.keep_apart(event, other, by, program.clock(), program.reviewing, note), json)


@app.command()
def split(
    ctx: typer.Context,
    event: EventArgument,
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="The reports of another event.")],
    by: ByOption,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """Some reports of an event are of another one, which is opened."""
    with opened(ctx) as program:
        found = [article_id(program, one) for one in articles]
        print_done(review.split(event, found, by, program.clock(), program.reviewing, note), json)


@app.command()
def move(
    ctx: typer.Context,
    article: ArticleArgument,
    to: Annotated[str, typer.Argument(metavar="EVENT", help="Id of the event where it belongs.")],
    by: ByOption,
    origin: Annotated[
        str | None, typer.Option("--from", help="The event that it leaves, where it has several.")
    ] = None,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """An article belongs to another known event; one that belongs to none yet is put there."""
    with opened(ctx) as program:
        found, now, reviewing = article_id(program, article), program.clock(), program.reviewing
        leaves = [origin] if origin is not None else list(program.database.archive.article(found).event_ids)
        if len(leaves) > 1:
            raise fail(f"article {found} belongs to {', '.join(leaves)}: say --from", EXIT_CONFIGURATION)
        if leaves:
            done = review.move(found, leaves[0], to, by, now, reviewing, note)
        else:
            done = review.attach(found, to, by, now, reviewing, note)
        print_done(done, json)


@app.command()
def attach(
    ctx: typer.Context,
    article: ArticleArgument,
    event: EventArgument,
    by: ByOption,
    note: NoteOption = "",
    json: JsonOption = False,
) -> None:
    """An article tells this event as well; what it belongs to already stays."""
    with opened(ctx) as program:
        found = article_id(program, article)
        print_done(review.attach(found, event, by, program.clock(), program.reviewing, note), json)


# ---------------------------------------------------------------- remarks


@app.command("note")
def add_note(
    ctx: typer.Context,
    about: SubjectArgument,
    text: Annotated[str, typer.Argument()],
    by: ByOption,
    json: JsonOption = False,
) -> None:
    """Put a remark to an article or an event."""
    with opened(ctx) as program:
        print_done(review.note(text, by, program.clock(), program.reviewing, **subject(program, about)), json)


@app.command()
def assign(
    ctx: typer.Context,
    about: SubjectArgument,
    to: Annotated[str, typer.Argument(metavar="NAME", help='"" for nobody in particular.')],
    by: ByOption,
    json: JsonOption = False,
) -> None:
    """Say who should look at it."""
    with opened(ctx) as program:
        print_done(review.assign(to, by, program.clock(), program.reviewing, **subject(program, about)), json)


@app.command()
def handled(ctx: typer.Context, about: SubjectArgument, by: ByOption, json: JsonOption = False) -> None:
    """It needs no further look: it leaves the queue as it is."""
    with opened(ctx) as program:
        print_done(review.mark_handled(by, program.clock(), program.reviewing, **subject(program, about)), json)


@app.command()
def close(
    ctx: typer.Context, event: EventArgument, by: ByOption, note: NoteOption = "", json: JsonOption = False
) -> None:
    """Neither list nor tell an event any more; later reports join it in silence."""
    with opened(ctx) as program:
        print_done(review.close_event(event, by, program.clock(), program.reviewing, note), json)


@app.command()
def undo(
    ctx: typer.Context,
    verdict: Annotated[int, typer.Argument(metavar="VERDICT", help="Its number in the history.")],
    by: ByOption,
    json: JsonOption = False,
) -> None:
    """Take a verdict back."""
    with opened(ctx) as program:
        done = review.undo(verdict, by, program.clock(), program.reviewing)
        if json:
            print_json(done)
            return
        touched = [*(f"article {one}" for one in done.article_ids), *(f"event {one}" for one in done.event_ids)]
        as_before = f": {', '.join(touched)} as before" if touched else ""
        out.print(f"Verdict {verdict} taken back{as_before}.", markup=False)
