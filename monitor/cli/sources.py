"""`monitor source`: what is followed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap import App, read_opml, write_opml
from monitor.cli.context import EXIT_FAILED, JsonOption, fail, opened, out, print_json, print_table
from monitor.errors import ConfigurationError
from monitor.pipeline import sources
from monitor.pipeline.discover import Choice, Discovery, How

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

KeyArgument = Annotated[str, typer.Argument(help="Key of the source.")]
SelectorOption = Annotated[str | None, typer.Option(help="CSS selector of the links that are entries.")]
PatternOption = Annotated[str | None, typer.Option(help="Regular expression that an entry's link must match.")]
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
             feed.health, feed.entries, feed.last_ok_at, feed.next_at, feed.url)
            for view in views
            for feed in view.feeds
        ]  # fmt: skip
        columns = ("source", "lang", "country", "state", "health", "entries", "last read", "next", "feed")
        print_table("Sources", columns, rows, "No source yet: `monitor source add URL`.")


@app.command()
def check(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument()],
    selector: SelectorOption = None,
    pattern: PatternOption = None,
    json: JsonOption = False,
) -> None:
    """How an address can be followed: itself as a feed, feeds of its site, its sitemap, the links of the page."""
    with opened(ctx) as program:
        found = _look(program, url, selector, pattern)
        if json:
            print_json(_as_json(url, found))
        else:
            _print_found(url, found)
        if not found.choices:
            raise typer.Exit(EXIT_FAILED)


def _look(program: App, url: str, selector: str | None, pattern: str | None) -> Discovery:
    return sources.look(url, program.clock(), program.fetcher, program.parser, selector, pattern)


def _as_json(url: str, found: Discovery) -> dict[str, object]:
    if not found.choices:
        return {"url": url, "error": found.outcome, "detail": found.detail, "wall": found.wall}
    best = found.choices[0]
    return {
        "url": found.url,
        "moved_to": found.moved_to,
        "kind": best.kind,
        "title": best.parsed.title,
        "language": best.parsed.language,
        "notes": best.parsed.notes,
        "choices": [
            {"number": number, "kind": one.kind, "how": one.how, "url": one.url, "selector": one.selector,
             "title": one.parsed.title, "entries": len(one.parsed.entries), "newest": one.newest}
            for number, one in enumerate(found.choices, 1)
        ],
        "entries": [
            {"title": one.title, "url": one.url, "published_at": one.published_at} for one in best.parsed.entries
        ],
    }  # fmt: skip


def _print_found(url: str, found: Discovery) -> None:
    if not found.choices:
        out.print(f"{url}: {found.outcome} {found.detail}".rstrip(), markup=False)
        return
    out.print(found.url, style="bold", markup=False)
    if found.moved_to is not None:
        out.print(f"moved for good: {found.moved_to}", markup=False)
    rows = [
        (number, one.kind, _ORIGIN[one.how], one.parsed.title, len(one.parsed.entries), one.newest, _where(one))
        for number, one in enumerate(found.choices, 1)
    ]
    print_table("Ways to follow it", ("no.", "kind", "found", "title", "entries", "newest", "address"), rows, "")
    entries = [(one.published_at, one.title, one.url) for one in found.choices[0].parsed.entries[:MAX_SHOWN]]
    print_table("Newest entries of number 1", ("published", "title", "link"), entries, "No entries.")


_ORIGIN = {
    How.GIVEN: "as given",
    How.LINKED: "linked from the page",
    How.USUAL: "usual place",
    How.SITEMAP: "sitemap",
    How.LINKS: "links on the page",
}


def _where(choice: Choice) -> str:
    return f"{choice.url}  --selector '{choice.selector}'" if choice.selector else choice.url


@app.command()
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument()],
    key: Annotated[str | None, typer.Option(help="Key of the source; default: made of its host.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the publisher; default: the feed's title.")] = None,
    language: Annotated[str | None, typer.Option(help="Language code, such as fr.")] = None,
    country: Annotated[str | None, typer.Option(help="Country code, such as FR.")] = None,
    selector: SelectorOption = None,
    pattern: PatternOption = None,
    next_selector: Annotated[str | None, typer.Option(help="CSS selector of the link to the next page.")] = None,
    max_pages: Annotated[int, typer.Option(min=1, max=50, help="Pages of an archive to walk in one poll.")] = 1,
    take: Annotated[int, typer.Option(min=1, help="Which of the ways that `check` shows.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Add it even if nothing can be read there now.")] = False,
) -> None:
    """Look at an address and follow it in the best way there is."""
    with opened(ctx) as program:
        address = sources.address(url)
        found = _look(program, address, selector, pattern)
        if not found.choices and not force:
            raise fail(f"{url}: {found.outcome} {found.detail}".rstrip() + "; --force adds it all the same")
        if found.choices and take > len(found.choices):
            raise ConfigurationError(f"--take {take}: there are only {len(found.choices)} ways to follow {url}")
        choice = found.choices[take - 1] if found.choices else None
        wish = sources.Wish(key, name, language, country, selector, pattern, next_selector, max_pages)
        source = sources.source_for(address, choice, wish)
        sources.put(source, "cli", program.clock(), program.database.units)
        feed = source.feeds[0]
        out.print(
            f"added {source.key}: {source.name} ({feed.kind}: {feed.url}); its first poll is the baseline and will not"
            " be told",
            markup=False,
        )


@app.command()
def pause(ctx: typer.Context, key: KeyArgument) -> None:
    """Stop polling a source; nothing stored is lost."""
    _set_paused(ctx, key, paused=True)


@app.command()
def resume(ctx: typer.Context, key: KeyArgument) -> None:
    """Poll a paused source again."""
    _set_paused(ctx, key, paused=False)


def _set_paused(ctx: typer.Context, key: str, *, paused: bool) -> None:
    with opened(ctx) as program:
        sources.set_paused(key, paused, program.clock(), program.database.units)


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
        fresh = sources.not_followed(declared, program.database.archive.source_index())
        sources.add_all(fresh, "opml", program.clock(), program.database.units)
    out.print(f"{len(fresh)} sources added, {len(declared) - len(fresh)} already followed")


@app.command("export")
def export_opml(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to write; default: standard output.")] = None,
) -> None:
    """Write the sources as OPML."""
    with opened(ctx) as program:
        program.apply_declared()
        document = write_opml(sources.exported(program.database.archive))
    if file is None:
        sys.stdout.write(document.decode())
    else:
        file.write_bytes(document)


@app.command()
def move(
    ctx: typer.Context,
    key: KeyArgument,
    feed: Annotated[str | None, typer.Option("--feed", help="Address of one feed; without it: all that moved.")] = None,
) -> None:
    """Accept where the feeds of a source have moved to (health: moved); entries and history are kept."""
    with opened(ctx) as program:
        moved = sources.accept_move(key, program.clock(), program.database.units, feed)
    for old, new in moved:
        out.print(f"{old} is polled at {new} from now on", markup=False)
