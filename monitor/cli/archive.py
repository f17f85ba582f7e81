"""`monitor event`, `monitor article`, `monitor search`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from monitor.bootstrap import App
from monitor.cli.context import (
    EXIT_CONFIGURATION,
    JsonOption,
    LimitOption,
    fail,
    opened,
    out,
    plain,
    print_json,
    print_table,
)
from monitor.cli.events import print_story, repeats, standing_lines
from monitor.cli.review_views import before_edits
from monitor.domain import independence, rights
from monitor.domain.headline import headline
from monitor.domain.model.digests import ReportLink
from monitor.domain.model.views import ArticleView
from monitor.domain.urls import canonical_url, url_key
from monitor.errors import NotFound
from monitor.pipeline.stories import story_of

event_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
article_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

FullOption = Annotated[
    bool,
    typer.Option("--full", help="For reviewers: all of the text, whatever the rights of its source. Not for JSON."),
]
LanguageOption = Annotated[str, typer.Option("--language", "-l", help="Language of headlines: en, fr, zh, vi.")]


@event_app.command("list")
def list_events(
    ctx: typer.Context,
    place: Annotated[str | None, typer.Option("--place", help="Only events in which this place takes part.")] = None,
    limit: LimitOption = 50,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Events, newest first."""
    with opened(ctx) as app:
        place_id = app.declared.place_id(place, "--place") if place else None
        events = app.database.archive.events(limit, place_id)
        if json:
            print_json(events)
            return
        wording = app.wording(language)
        rows = [
            (one.id, headline(one, wording, app.gazetteer.place), one.status, one.origin, len(one.article_ids))
            for one in events
        ]
        print_table(
            "Events", ("id", "event", "status", "known from", "articles"), rows, "No event yet: `monitor poll` first."
        )


@event_app.command("show")
def show_event(
    ctx: typer.Context,
    event_id: Annotated[str, typer.Argument()],
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """One event: what, when, who, all its articles and what was learnt when."""
    with opened(ctx) as app:
        view = app.database.archive.event(event_id)
        standing = independence.standing(view.event, view.origins, app.gazetteer.place)
        story = story_of(view.event, app.database.archive, app.gazetteer)
        if json:
            edited = dict(before_edits(app.database.archive, event_id))
            print_json(plain(view) | {"standing": standing, "story": story, "before_edits": edited})
            return
        event, wording = view.event, app.wording(language)
        out.print(headline(event, wording, app.gazetteer.place), style="bold", markup=False)
        out.print(f"kinds         {', '.join(event.kinds)}")
        out.print(f"status        {event.status}")
        out.print(f"participants  {', '.join(sorted(map(wording.place, event.participants)))}", markup=False)
        if view.merged_into:
            out.print(f"merged into   {view.merged_into}")
        if event.is_closed:
            out.print("closed        neither listed nor told")
        for name, told in before_edits(app.database.archive, event_id):
            out.print(f"{name:<14}edited; the news told: {told}", markup=False)
        for name, said in standing_lines(standing):
            out.print(f"{name:<14}{said}", markup=False)
        repeated = repeats(standing)
        for link, why in zip(view.reports, view.why, strict=True):
            _print_report(link, "; ".join(filter(None, (why, repeated.get(link.article_id)))))
        for link in view.copies:
            _print_report(link, "copy")
        rows = [(one.seq, one.at, one.kind, one.before, one.after) for one in view.changes]
        print_table("What was learnt when", ("seq", "at", "change", "before", "after"), rows, "")
        print_story(story, app, wording)


@article_app.command("show")
def show_article(
    ctx: typer.Context,
    article: Annotated[str, typer.Argument(help="Id or URL.")],
    full: FullOption = False,
    json: JsonOption = False,
) -> None:
    """One article: metadata, decision, and its text as far as the source's rights allow."""
    refuse_full_json(full, json)
    with opened(ctx) as app:
        stored = article_of(app, article)
        view = rights.shown_article(stored, reviewer=full)
        if json:
            print_json(view)
            return
        _print_article(view)
        out.print()
        out.print(view.text, markup=False)
        if view.text != stored.text:
            out.print(f"({len(stored.text):,} characters; --full shows reviewers the rest)", markup=False)


def search(
    ctx: typer.Context, query: Annotated[str, typer.Argument()], limit: LimitOption = 20, json: JsonOption = False
) -> None:
    """Full-text search in any script, accents and case ignored; `word*` is a prefix, "..." a phrase."""
    with opened(ctx) as app:
        found = app.database.archive.search(query, limit)
        page = replace(found, rows=tuple(map(rights.shown_row, found.rows)))
        if json:
            print_json(page)
            return
        rows = [(one.id, one.published_on, one.label, one.language, one.source_name, one.title) for one in page.rows]
        more = "+" if page.total_is_bound else ""
        print_table(
            f"{page.total}{more} hits",
            ("id", "published", "label", "language", "source", "title"),
            rows,
            "Nothing found. All words must be there; try fewer, or a prefix such as jumel*",
        )


def refuse_full_json(full: bool, json: bool) -> None:
    """JSON leaves the reviewer's screen."""
    if full and json:
        raise fail("--full is for the screen of a reviewer; JSON stays within the source's rights", EXIT_CONFIGURATION)


def article_of(app: App, given: str) -> ArticleView:
    """The article by its number or address; raises `NotFound`."""
    if given.isdigit():
        return app.database.archive.article(int(given))
    url = canonical_url(given)
    if url is None:
        raise NotFound(f"{given!r} is neither the id nor the address of an article")
    return app.database.archive.article_by_url(url_key(url))


def _print_article(view: ArticleView) -> None:
    out.print(view.title or "(without title)", style="bold", markup=False)
    facts = (
        ("url", view.url),
        ("source", view.source_name),
        ("language", view.language),
        ("published", view.published_on),
        ("rights", view.text_rights.rights.value),
        ("text from", f"{view.path.value}{f' because of {view.fallback.value}' if view.fallback else ''}"),
        ("label", f"{view.label.value} (score {view.assessment.score:.2f}, rules {view.assessment.rule_version})"),
        ("scope", view.assessment.scope),
        ("copy of", f"article {view.copy_of_id} ({view.copy_kind})" if view.copy_of_id else None),
        ("known seed", view.known_seed),
        ("events", ", ".join(view.event_ids)),
    )
    for name, value in facts:
        if value:
            out.print(f"{name:<12}{value}", markup=False)


def _print_report(link: ReportLink, why: str) -> None:
    day = link.published_on or "undated"
    out.print(f"- [{link.language or '?'}] {link.title} — {link.source_name}, {day}", markup=False)
    out.print(f"  {link.url}{f'  ({why})' if why else ''}", markup=False)
