"""`monitor explain` and `monitor article diff`: why a decision was taken, and what an edit changed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from monitor.bootstrap import App
from monitor.cli.archive import FullOption, article_app, article_of, refuse_full_json
from monitor.cli.context import EXIT_CONFIGURATION, JsonOption, fail, opened, out, print_json
from monitor.cli.reading import ReadFailed, read_address
from monitor.domain import revision_diff, rights
from monitor.domain.explanation import Explanation
from monitor.domain.explanation import explain as told
from monitor.domain.headline import headline
from monitor.domain.model.articles import ExtractFailed
from monitor.domain.model.views import ArticleView, RevisionView
from monitor.domain.revision_diff import Edit, Passage, RevisionDiff
from monitor.domain.wording import Wording
from monitor.errors import NotFound
from monitor.pipeline.tryout import try_page

_STYLES = {Edit.SAME: "", Edit.ADDED: "green", Edit.REMOVED: "red strike"}
_MARKS = {Edit.SAME: "~", Edit.ADDED: "+", Edit.REMOVED: "-"}


def explain(
    ctx: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE|URL", help="Id or URL; a page never polled is fetched.")],
    language: Annotated[str, typer.Option("--lang", "-l", help="en, fr, zh, vi.")] = "en",
    full: FullOption = False,
    json: JsonOption = False,
) -> None:
    """Why an article was kept, dropped or linked, in plain sentences; of a page never polled, what would become of it.

    Evidence is quoted as far as the source's rights allow. Such a page is fetched now and nothing of it is stored.
    """
    refuse_full_json(full, json)
    with opened(ctx) as app:
        wording = app.wording(language)
        stored, is_stored = _stored_or_tried(app, article)
        view = rights.shown_article(stored, reviewer=full)
        explanation = told(view, wording, lambda event_id: _headline(app, event_id, wording), is_stored=is_stored)
        if json:
            print_json(_document(view, explanation, is_stored))
            return
        _print(view, explanation, wording)


def _stored_or_tried(app: App, given: str) -> tuple[ArticleView, bool]:
    try:
        return article_of(app, given), True
    except NotFound:
        if not given.startswith(("http://", "https://")):
            raise
    fetched = read_address(given, None, app)
    if isinstance(fetched, ReadFailed):
        raise fail(f"{given} is not in the archive and could not be fetched: {fetched.outcome} {fetched.detail}")
    app.load_seeds()
    tried = try_page(fetched, app.database.archive.sources(), app.clock(), app.trying)
    if isinstance(tried, ExtractFailed):
        raise fail(f"{given} is not in the archive and could not be read: {tried.outcome.value} {tried.detail}")
    return tried, False


def _headline(app: App, event_id: str, wording: Wording) -> str:
    try:
        event = app.database.archive.event(event_id).event
    except NotFound:
        return event_id
    return headline(event, wording, app.gazetteer.place)


def _document(view: ArticleView, explanation: Explanation, is_stored: bool) -> dict[str, object]:
    return {
        "article": view.id if is_stored else None,
        "url": view.url,
        "label": view.label,
        "stored": is_stored,
        "explanation": explanation,
        "record": view.record,
    }


def _print(view: ArticleView, explanation: Explanation, wording: Wording) -> None:
    out.print(view.title or wording.say("(without title)"), style="bold", markup=False)
    out.print(" · ".join(filter(None, (view.source_name, view.url))), markup=False)
    out.print()
    out.print(explanation.verdict, markup=False)
    if explanation.near_miss:
        out.print(explanation.near_miss, markup=False)
    for paragraph in explanation.paragraphs:
        out.print()
        out.print(paragraph.about, style="bold", markup=False)
        for sentence in paragraph.sentences:
            out.print(f"  {sentence}", markup=False)


# ---------------------------------------------------------------- diff


@article_app.command("diff")
def diff_article(
    ctx: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE|URL", help="Id or URL.")],
    from_: Annotated[int | None, typer.Option("--from", min=1, help="Revision; the one before --to.")] = None,
    to: Annotated[int | None, typer.Option("--to", min=1, help="Revision; the latest.")] = None,
    full: FullOption = False,
    json: JsonOption = False,
) -> None:
    """What an edit changed: sentences and words added and removed, and what became of the decision."""
    refuse_full_json(full, json)
    with opened(ctx) as app:
        view = article_of(app, article)
        before, after = _chosen(app.database.archive.revisions(view.id), from_, to)
        compared = revision_diff.compare(before, after)
        shown = revision_diff.within_rights(compared, view.text_rights, reviewer=full)
        if json:
            print_json({"article": view.id, "url": view.url, "diff": shown, "changes": after.changes})
            return
        _print_diff(view, before, after, shown)


def _chosen(
    revisions: tuple[RevisionView, ...], from_: int | None, to: int | None
) -> tuple[RevisionView, RevisionView]:
    by_number = {one.number: one for one in revisions}
    last = to if to is not None else max(by_number)
    first = from_ if from_ is not None else max((one for one in by_number if one < last), default=None)
    if first is None:
        raise fail(f"there is one revision up to number {last}: the article was not edited since")
    missing = {first, last} - by_number.keys()
    if missing:
        numbers = ", ".join(map(str, sorted(by_number)))
        raise fail(f"the article has no revision {min(missing)}; there are {numbers}", EXIT_CONFIGURATION)
    return by_number[first], by_number[last]


def _print_diff(view: ArticleView, before: RevisionView, after: RevisionView, diff: RevisionDiff) -> None:
    out.print(after.title or "(without title)", style="bold", markup=False)
    out.print(f"{view.url}", markup=False)
    moments = f"{before.made_at:%Y-%m-%d %H:%M} → {after.made_at:%Y-%m-%d %H:%M} UTC"
    out.print(f"revision {before.number} → {after.number}, {moments}", markup=False)
    if diff.title:
        out.print(_line(Passage(Edit.SAME, diff.title), "title "))
    for passage in diff.passages:
        out.print(_line(passage))
    counts = {edit: sum(one.edit is edit for one in diff.passages) for edit in Edit}
    out.print(
        f"{counts[Edit.SAME]} sentences reworded, {counts[Edit.ADDED]} added, {counts[Edit.REMOVED]} removed, "
        f"{diff.unchanged} as they were"
    )
    for turn in diff.turns:
        out.print(f"{turn.what}: {turn.before or '(none)'} → {turn.after or '(none)'}", markup=False)
    for change in after.changes:
        out.print(
            f"event {change.event_id}: {change.kind.value} {change.before} → {change.after}".rstrip(" →"), markup=False
        )


def _line(passage: Passage, head: str = "") -> Text:
    """Colours for the screen, marks for where there are none."""
    line = Text(f"{_MARKS[passage.edit]} {head}")
    is_reworded = passage.edit is Edit.SAME
    for piece in passage.pieces:
        text = piece.text or f"({piece.chars:,} characters)"
        left, right = {Edit.ADDED: ("{+", "+}"), Edit.REMOVED: ("[-", "-]")}.get(piece.edit, ("", ""))
        line.append(f"{left}{text}{right}" if is_reworded else text, style=_STYLES[piece.edit])
    return line
