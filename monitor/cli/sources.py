"""`monitor source`: what is followed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from monitor.bootstrap import App, free_key, read_opml, slug, write_opml
from monitor.cli.context import EXIT_FAILED, JsonOption, fail, opened, out, print_json, print_table
from monitor.cli.reading import ReadFailed, read_address
from monitor.domain.model.sources import FeedData, FeedKind, ParseFailed, SourceData
from monitor.domain.model.views import SourceView
from monitor.domain.urls import canonical_url
from monitor.errors import ConfigurationError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

KeyArgument = Annotated[str, typer.Argument(help="Key of the source.")]
MAX_SHOWN = 10


@app.command("list")
def list_sources(ctx: typer.Context, json: JsonOption = False) -> None:
    """All sources with the health of their feeds."""
    with opened(ctx) as program:
        program.apply_declared()
        views = program.database.archive.sources()
        if json:
            print_json(views)
            return
        rows = [
            (view.key, view.language, view.country, "paused" if view.paused else feed.last_outcome or "not polled yet",
             feed.entries, feed.last_ok_at, feed.next_at, feed.url)
            for view in views
            for feed in view.feeds
        ]  # fmt: skip
        columns = ("source", "lang", "country", "state", "entries", "last read", "next", "feed")
        print_table("Sources", columns, rows, "No source yet: `monitor source add URL`.")


@app.command()
def check(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument()],
    selector: Annotated[str | None, typer.Option(help="CSS selector of the links that are entries.")] = None,
    pattern: Annotated[str | None, typer.Option(help="Regular expression that an entry's link must match.")] = None,
    json: JsonOption = False,
) -> None:
    """What would be found at an address before it is added: a feed, feeds linked from the page, or page links."""
    with opened(ctx) as program:
        found = _look(program, url, selector, pattern)
        if json:
            print_json(found)
        else:
            _print_found(found)
        if "error" in found:
            raise typer.Exit(EXIT_FAILED)


def _look(program: App, url: str, selector: str | None, pattern: str | None) -> dict[str, object]:
    fetched = read_address(_address(url), None, program)
    if isinstance(fetched, ReadFailed):
        return {"url": url, "error": fetched.outcome, "detail": fetched.detail}
    parsed = program.parser.parse(fetched, FeedKind.AUTO, program.clock(), selector, pattern)
    if isinstance(parsed, ParseFailed):
        linked = program.parser.linked_feeds(fetched)
        if not linked:
            return {"url": url, "error": parsed.outcome, "detail": parsed.detail}
        return {"url": fetched.final_url, "kind": None, "title": None, "linked_feeds": linked, "entries": ()}
    linked = program.parser.linked_feeds(fetched) if parsed.kind is FeedKind.PAGE else ()
    return {
        "url": fetched.final_url,
        "moved_to": fetched.permanent_url,
        "kind": parsed.kind,
        "title": parsed.title,
        "language": parsed.language,
        "linked_feeds": linked,
        "notes": parsed.notes,
        "entries": [{"title": one.title, "url": one.url, "published_at": one.published_at} for one in parsed.entries],
    }


def _print_found(found: dict[str, object]) -> None:
    if "error" in found:
        out.print(f"{found['url']}: {found['error']} {found.get('detail') or ''}".rstrip(), markup=False)
        return
    out.print(f"{found['url']}", style="bold", markup=False)
    out.print(f"kind: {found['kind'] or 'no entries'}   title: {found.get('title') or '-'}", markup=False)
    linked = found["linked_feeds"]
    if isinstance(linked, tuple) and linked:
        out.print("the page links these feeds; one of them is usually the better address:")
        for one in linked:
            out.print(f"  {one}", markup=False)
    entries = found["entries"]
    if isinstance(entries, list):
        rows = [(one["published_at"], one["title"], one["url"]) for one in entries[:MAX_SHOWN]]
        print_table(f"{len(entries)} entries", ("published", "title", "link"), rows, "No entries.")


@app.command()
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument()],
    key: Annotated[str | None, typer.Option(help="Key of the source; default: made of its host.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the publisher; default: the feed's title.")] = None,
    language: Annotated[str | None, typer.Option(help="Language code, such as fr.")] = None,
    country: Annotated[str | None, typer.Option(help="Country code, such as FR.")] = None,
    selector: Annotated[str | None, typer.Option(help="CSS selector of the links that are entries.")] = None,
    pattern: Annotated[str | None, typer.Option(help="Regular expression that an entry's link must match.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Add it even if nothing can be read there now.")] = False,
) -> None:
    """Look at an address and follow it."""
    with opened(ctx) as program:
        address = _address(url)
        found = _look(program, address, selector, pattern)
        if "error" in found and not force:
            raise fail(
                f"{url}: {found['error']} {found.get('detail') or ''}".rstrip() + "; --force adds it all the same"
            )
        title = str(found.get("title") or "")
        host = urlsplit(address).hostname or address
        source = SourceData(
            key=key or slug(host.removeprefix("www.")),
            name=name or title or host,
            feeds=(FeedData(address, _found_kind(found, selector, pattern), selector, pattern),),
            language=language,
            country=country,
        )
        with program.database.units() as unit:
            unit.add_source(source, program.clock(), "cli")
            unit.commit()
        out.print(
            f"added {source.key}: {source.name}; its first poll is the baseline and will not be told", markup=False
        )


def _found_kind(found: dict[str, object], selector: str | None, pattern: str | None) -> FeedKind:
    if selector or pattern:
        return FeedKind.PAGE
    kind = found.get("kind")
    return FeedKind.FEED if kind is FeedKind.FEED else FeedKind.AUTO


@app.command()
def pause(ctx: typer.Context, key: KeyArgument) -> None:
    """Stop polling a source; nothing stored is lost."""
    _set_paused(ctx, key, paused=True)


@app.command()
def resume(ctx: typer.Context, key: KeyArgument) -> None:
    """Poll a paused source again."""
    _set_paused(ctx, key, paused=False)


def _set_paused(ctx: typer.Context, key: str, *, paused: bool) -> None:
    with opened(ctx) as program, program.database.units() as unit:
        unit.set_source_paused(key, paused, program.clock())
        unit.commit()


@app.command("import")
def import_opml(ctx: typer.Context, file: Annotated[Path, typer.Argument(help="OPML file.")]) -> None:
    """Follow the feeds of an OPML file; those already followed stay as they are."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
    declared = read_opml(body, str(file))
    with opened(ctx) as program:
        program.apply_declared()
        known = program.database.archive.sources()
        followed = {feed.url for view in known for feed in view.feeds}
        fresh = [one for one in declared if not followed & {feed.url for feed in one.feeds}]
        taken = {view.key for view in known}
        with program.database.units() as unit:
            for source in fresh:
                unit.add_source(_with_free_key(source, taken), program.clock(), "opml")
            unit.commit()
    out.print(f"{len(fresh)} sources added, {len(declared) - len(fresh)} already followed")


def _with_free_key(source: SourceData, taken: set[str]) -> SourceData:
    key = free_key(source.key, taken)
    taken.add(key)
    return replace(source, key=key)


@app.command("export")
def export_opml(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to write; default: standard output.")] = None,
) -> None:
    """Write the sources as OPML."""
    with opened(ctx) as program:
        program.apply_declared()
        document = write_opml(_declared(view) for view in program.database.archive.sources())
    if file is None:
        sys.stdout.write(document.decode())
    else:
        file.write_bytes(document)


def _declared(view: SourceView) -> SourceData:
    return SourceData(
        key=view.key,
        name=view.name,
        feeds=tuple(FeedData(feed.url, FeedKind(feed.kind)) for feed in view.feeds),
        home_page=view.home_page,
        language=view.language,
        country=view.country,
    )


def _address(url: str) -> str:
    found = canonical_url(url if "://" in url else f"https://{url}")
    if found is None:
        raise ConfigurationError(f"{url!r} is no http:// or https:// address")
    return found
