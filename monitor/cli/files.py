"""The stages on files, for trying a source, for researchers and for measuring; none touches the database.

Their output is a stable contract, documented in docs/stages.md.
"""

from __future__ import annotations

import json as json_module
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap import App, quiet_logging
from monitor.cli.context import EXIT_FAILED, configuration, err, opened, print_json_line
from monitor.cli.reading import ReadFailed, read_address
from monitor.domain.model.articles import ArticleData, ExtractFailed
from monitor.domain.model.sources import FeedKind, ParseFailed
from monitor.errors import ConfigurationError
from monitor.pipeline.files import Assessing, Item, Judgement, assess_stream
from monitor.settings import Configuration


def parse(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(metavar="FILE|URL")],
    kind: Annotated[FeedKind, typer.Option(help="How to read it.")] = FeedKind.AUTO,
    selector: Annotated[str | None, typer.Option(help="CSS selector of the links that are entries (pages).")] = None,
    pattern: Annotated[
        str | None, typer.Option(help="Regular expression that an entry's link must match (pages).")
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="Address that a file came from.")] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Accepted for symmetry: the output is always JSON lines.")
    ] = True,
) -> None:
    """Print the entries of a feed or page, one JSON line each."""
    del json
    with opened(ctx) as app:
        fetched = read_address(address, base_url, app)
        if isinstance(fetched, ReadFailed):
            raise _refuse(address, fetched.outcome, fetched.detail)
        parsed = app.parser.parse(fetched, kind, app.clock(), selector, pattern)
        if isinstance(parsed, ParseFailed):
            raise _refuse(address, parsed.outcome.value, parsed.detail)
        for entry in parsed.entries:
            print_json_line(entry)


def extract(
    ctx: typer.Context,
    addresses: Annotated[list[str], typer.Argument(metavar="FILE|URL...")],
    base_url: Annotated[str | None, typer.Option(help="Address that the files came from.")] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Accepted for symmetry: the output is always JSON lines.")
    ] = True,
) -> None:
    """Print the article of each page, one JSON line each, in order; a page that cannot be read gives a line with
    `error`.
    """
    del json
    failed = 0
    with opened(ctx) as app:
        for address in addresses:
            line = _extract_one(address, base_url, app)
            failed += "error" in line
            print_json_line(line)
    if failed == len(addresses):
        raise typer.Exit(EXIT_FAILED)


def _extract_one(address: str, base_url: str | None, app: App) -> dict[str, object]:
    fetched = read_address(address, base_url, app)
    if isinstance(fetched, ReadFailed):
        return {"input": address, "error": fetched.outcome, "detail": fetched.detail}
    article = app.extractor.extract(fetched.body, fetched.final_url, fetched.content_type)
    if isinstance(article, ExtractFailed):
        return {"input": address, "error": article.outcome, "detail": article.detail}
    return {"input": address, **_article_line(article)}


def _article_line(article: ArticleData) -> dict[str, object]:
    return {
        "title": article.title,
        "author": article.author,
        "published_on": article.published_on,
        "published_at": article.published_at,
        "language": article.language,
        "site_name": article.site_name,
        "canonical_url": article.canonical_url,
        "text": article.text,
        "path": article.path,
        "notes": article.notes,
    }


def assess(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.jsonl", help="JSON lines with id, title, text; optionally url, lang, published."),
    ],
) -> None:
    """Judge a stream of texts, each against the seeds and all before it, in a throwaway archive; one JSON line each."""
    quiet_logging()
    with (
        tempfile.TemporaryDirectory(prefix="monitor-assess-") as folder,
        App(_throwaway(configuration(ctx), Path(folder))) as app,
    ):
        app.load_seeds()
        assessing = Assessing(app.database.units, app.gazetteer, app.languages, app.knowledge)
        for judgement in assess_stream(_items(file), app.clock(), assessing):
            print_json_line(_judgement_line(judgement))


def _throwaway(chosen: Configuration, folder: Path) -> Configuration:
    """The same configuration on an archive of its own."""
    own_seeds = chosen.settings.seeds_directory or chosen.data_directory / "seeds"
    database = chosen.settings.database.model_copy(update={"url": ""})
    settings = chosen.settings.model_copy(
        update={"data_directory": folder, "seeds_directory": own_seeds, "database": database}
    )
    return Configuration(settings, chosen.sources, chosen.path)


def _judgement_line(judgement: Judgement) -> dict[str, object]:
    return {
        "id": judgement.id,
        "label": judgement.label,
        "score": round(judgement.score, 4),
        "kinds": judgement.kinds,
        "places": judgement.places,
        "participants": judgement.participants,
        "event_date": judgement.event_date,
        "event": judgement.event,
        "duplicate_of": judgement.duplicate_of,
        "known_seed": judgement.known_seed,
        "reasons": judgement.reasons,
    }


def _items(path: Path) -> Iterator[Item]:
    """The lines of the file; a broken one is a clear error that names it."""
    try:
        stream = sys.stdin if str(path) == "-" else path.open(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    with stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield _item(line, f"{path}:{number}")


def _item(line: str, where: str) -> Item:
    try:
        row = json_module.loads(line)
    except ValueError as error:
        raise ConfigurationError(f"{where}: is not JSON: {error}") from error
    if not isinstance(row, dict) or "id" not in row:
        raise ConfigurationError(f"{where}: needs an object with id, title and text")
    return Item(
        id=str(row["id"]),
        title=str(row.get("title") or ""),
        text=str(row.get("text") or ""),
        url=str(row["url"]) if row.get("url") else None,
        language=str(row.get("lang") or row.get("language") or "").split("-")[0].lower() or None,
        published_on=_day(row.get("published") or row.get("published_on"), where),
    )


def _day(value: object, where: str) -> date | None:
    if value is None:
        return None
    text = str(value)
    try:
        if len(text) <= len("2026-01-01"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{where}: published: {text!r} is not an ISO 8601 day or moment") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()


def _refuse(address: str, outcome: str, detail: str) -> typer.Exit:
    err.print(f"monitor: {address}: {outcome}{f': {detail}' if detail else ''}", markup=False)
    return typer.Exit(EXIT_FAILED)
