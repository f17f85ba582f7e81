"""`monitor review list`, `dropped`, `history`, `precision`, `learned`: what waits, and what people said so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

import typer

from monitor.bootstrap import App
from monitor.cli.context import JsonOption, LimitOption, opened, out, print_json, print_table
from monitor.cli.review_subject import subject
from monitor.domain import rights
from monitor.domain.event_facts import originals
from monitor.domain.headline import headline
from monitor.domain.learning import Trait
from monitor.domain.model.articles import Reason
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.review import Dropped, Pair, ReviewPage, Uncertain, VerdictRecord
from monitor.domain.verdict_words import effect_words, value_words
from monitor.ports import Archive

MOST_EDITS = 1_000  # verdicts of an event that are looked at
MOST_REASONS = 4  # named for each article, the weightiest


def list_queue(
    ctx: typer.Context,
    limit: LimitOption = 50,
    after: Annotated[str | None, typer.Option("--after", help="What the page before ended with.")] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="Of headlines: en, fr, zh, vi.")] = "en",
    json: JsonOption = False,
) -> None:
    """What waits for a person: uncertain articles, and events that may be one; newest first."""
    with opened(ctx) as app:
        page = _within_rights(app.database.archive.review_queue(limit, after))
        if json:
            print_json(page)
            return
        rows = [_waiting(app, one, language) for one in page.items]
        print_table(
            f"{page.total} to review", ("subject", "score", "what", "why", "for"), rows, "Nothing waits for review."
        )
        if page.next_after is not None:
            out.print(f"more: monitor review list --after '{page.next_after}'", markup=False)


def _within_rights(page: ReviewPage) -> ReviewPage:
    return replace(
        page,
        items=tuple(
            replace(one, article=rights.shown_row(one.article)) if isinstance(one, Uncertain) else one
            for one in page.items
        ),
    )


def _waiting(app: App, item: Uncertain | Pair, language: str) -> tuple[object, ...]:
    if isinstance(item, Uncertain):
        row = item.article
        told = f"[{row.language or '?'}] {row.title} — {row.source_name or ''}"
        return row.id, f"{row.score:.2f}", told, _reason_words(item.reasons), item.assigned_to
    told = f"{_headline(app, item.event, language)}\nperhaps {item.perhaps_same_as.id}: " + _headline(
        app, item.perhaps_same_as, language
    )
    score = f"{item.score:.2f}" if item.score is not None else ""
    return item.event.id, score, told, item.why, item.assigned_to


def _headline(app: App, event: KnownEvent, language: str) -> str:
    return headline(event, app.wording(language), app.gazetteer.place)


def _reason_words(reasons: Iterable[Reason]) -> str:
    weighty = sorted((one for one in reasons if one.weight), key=lambda one: -abs(one.weight))[:MOST_REASONS]
    return ", ".join(f"{one.code} {one.weight:+.1f}" for one in weighty)


# ---------------------------------------------------------------- dropped


def list_dropped(
    ctx: typer.Context,
    because: Annotated[str | None, typer.Option("--because", help="Only those dropped for this reason.")] = None,
    before: Annotated[int | None, typer.Option("--before", help="Only articles with a smaller id.")] = None,
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """What was judged irrelevant, by reason; `monitor review rescue` brings an article back."""
    with opened(ctx) as app:
        archive = app.database.archive
        counted = archive.dropped_by_reason()
        found = [_shown(one) for one in archive.dropped(limit, because, before)]
        if json:
            print_json({"by_reason": dict(counted), "items": found})
            return
        print_table("Dropped by reason", ("reason", "articles"), counted, "Nothing was dropped.")
        rows = [
            (one.article.id, one.because, one.article.language, one.article.source_name, one.article.title)
            for one in found
        ]
        columns = ("id", "reason", "language", "source", "title")
        print_table("Newest", columns, rows, "No article was dropped for that reason.")


def _shown(one: Dropped) -> Dropped:
    return replace(one, article=rights.shown_row(one.article))


# ---------------------------------------------------------------- what people said


def before_edits(archive: Archive, event_id: str) -> list[tuple[str, str]]:
    """Of each fact of an event that a person set: its name, and what the news had told."""
    told = originals(archive.verdicts(MOST_EDITS, event_id=event_id))
    return [(name, value_words(value)) for name, value in sorted(told.items())]


def show_history(
    ctx: typer.Context,
    about: Annotated[
        str | None, typer.Argument(metavar="[ARTICLE|EVENT]", help="Only what was said of it.", show_default=False)
    ] = None,
    before: Annotated[int | None, typer.Option("--before", help="Only verdicts with a smaller number.")] = None,
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """Who did what: verdicts, newest first, with what each changed and who took it back."""
    with opened(ctx) as app:
        named = subject(app, about) if about is not None else {}
        records = app.database.archive.verdicts(limit, before_id=before, **named)
        if json:
            print_json(records)
            return
        rows = [_record_row(one) for one in records]
        print_table("History", ("no.", "at", "by", "said", "of", "changed"), rows, "Nobody has said anything yet.")


def _record_row(record: VerdictRecord) -> tuple[object, ...]:
    said = record.verdict
    subjects = (f"article {said.article_id}" if said.article_id else "", said.event_id, said.other_event_id)
    kind = said.kind.value + (f"\ntaken back by {record.undone_by}" if record.undone_at is not None else "")
    lines = [*([f'"{said.text}"'] if said.text else []), *effect_words(record.payload.effects)]
    return said.id, said.at, said.by, kind, "\n".join(filter(None, subjects)), "\n".join(lines)


def show_precision(ctx: typer.Context, json: JsonOption = False) -> None:
    """How often people agreed with the rules, by label and version of the rules."""
    with opened(ctx) as app:
        counted = app.database.archive.rule_precision()
        if json:
            print_json(
                [
                    {
                        "rule_version": one.rule_version,
                        "label": one.label,
                        "confirmed": one.confirmed,
                        "rejected": one.rejected,
                        "precision": round(one.precision, 4),
                    }
                    for one in counted
                ]
            )
            return
        rows = [(one.rule_version, one.label, one.confirmed, one.rejected, f"{one.precision:.0%}") for one in counted]
        columns = ("rules", "said", "confirmed", "rejected", "relevant")
        print_table("The rules on your verdicts", columns, rows, "Nothing was confirmed or rejected yet.")


def show_learned(ctx: typer.Context, json: JsonOption = False) -> None:
    """What your verdicts teach: how much each source, reason and word shifts the score of new articles."""
    with opened(ctx) as app:
        shifts = app.learning.adjustments().shifts
        rows = [
            {"of": trait.value, "name": name, "shift": one.weight, "confirmed": one.confirmed, "rejected": one.rejected}
            for (trait, name), one in sorted(shifts.items(), key=lambda item: -abs(item[1].weight))
        ]
        if json:
            print_json(rows)
            return
        shown = [(row["of"], row["name"], f"{row['shift']:+}", row["confirmed"], row["rejected"]) for row in rows]
        traits = ", ".join(Trait)
        empty = f"Too few verdicts yet for a pattern in any {traits}."
        print_table("Learnt", ("of", "name", "shift", "confirmed", "rejected"), shown, empty)
