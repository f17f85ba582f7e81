"""What all corrections on the pages share: who says so, what they saw, where they go next, what they are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain.model.articles import Label
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.review import VerdictRecord
from monitor.domain.model.views import ArticleRow
from monitor.domain.wording import Wording, message
from monitor.errors import NotFound, Overtaken, Refused
from monitor.pipeline.review import Corrected, Reviewing, Seen
from monitor.ports import Archive
from monitor.web.guard import visitor_of
from monitor.web.identifiers import MAX_ID
from monitor.web.local_path import local_path
from monitor.web.page import wording_of
from monitor.web.review_page import desk_page
from monitor.web.review_words import LABEL_WORDS
from monitor.web.site import site_of

MAX_SEARCH = 200  # characters of a search
LATEST_LOOKED_AT = 20  # verdicts among which somebody's own last one is looked for
_EVENT_ID = re.compile(r"ev_[a-z0-9]{1,64}")

ArticleId = Annotated[int, Path(ge=1, le=MAX_ID)]
SeenField = Annotated[int, Form(ge=0, le=MAX_ID)]
BackField = Annotated[str, Form(max_length=2_000)]
NoteField = Annotated[str, Form()]

OVERTAKEN = message("Somebody judged this while you were looking at it. Nothing was changed.")
REFUSED = message("This could not be done. Nothing was changed.")

Correction = Callable[[str, datetime, Reviewing], Corrected]


def checked_event_id(event_id: str) -> str:
    """The id, where it can be one; raises `NotFound`."""
    if not _EVENT_ID.fullmatch(event_id):
        raise NotFound(f"no event has the id {event_id!r}")
    return event_id


def corrected(request: Request, seen: Seen | None, do: Correction, back: str) -> Response:
    """Carry a correction out and lead on to `back`, or to what it is about, which says what was done."""
    site = site_of(request)
    reviewing = replace(site.app.reviewing, seen=seen)
    try:
        done = do(visitor_of(request).name, site.clock(), reviewing)
    except Overtaken:
        return _not_done(request, OVERTAKEN, "", seen)
    except Refused as error:
        return _not_done(request, REFUSED, _why(error, wording_of(request)), seen)
    return RedirectResponse(with_said(back or _subject_path(done), done.verdict.id), 303)


def _why(error: Refused, wording: Wording) -> str:
    """What stands in the way, in the visitor's language."""
    values = {
        name: wording.say(LABEL_WORDS[value]) if isinstance(value, Label) else value
        for name, value in error.values.items()
    }
    return wording.say(error.message, **values)


def _subject_path(done: Corrected) -> str:
    if done.event_ids:
        return f"/review/events/{done.event_ids[0]}"
    if done.verdict.article_id is not None:
        return f"/review/articles/{done.verdict.article_id}"
    return f"/review/events/{done.verdict.event_id}" if done.verdict.event_id else "/review"


def _not_done(request: Request, text: str, detail: str, seen: Seen | None) -> HTMLResponse:
    """What stands in the way, and what was said of it."""
    archive = site_of(request).app.database.archive
    article_id = next(iter(seen.article_ids), None) if seen is not None else None
    event_id = next(iter(seen.event_ids), None) if seen is not None else None
    records = archive.verdicts(5, article_id=article_id, event_id=event_id) if article_id or event_id else ()
    values = {"article_id": article_id, "event_id": event_id, "records": records}
    return desk_page(
        request, "review/not_done.html", 409, text=text, detail=detail, **values, **named(archive, records)
    )


def with_said(back: str, verdict_id: int) -> str:
    """A page of ours that tells of a verdict."""
    path, mark, fragment = local_path(back, "/review").partition("#")
    path, _, query = path.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("said=")]
    return f"{path}?{'&'.join([*kept, urlencode({'said': verdict_id})])}{mark}{fragment}"


def told(request: Request, said: int) -> dict[str, object]:
    """What the page says of the verdict of that number, if there is one, and how it is taken back."""
    archive = site_of(request).app.database.archive
    try:
        record = archive.verdict(said) if 0 < said <= MAX_ID else None
    except NotFound:
        record = None
    if record is None:
        return {"told": None, "told_names": {}}
    return {"told": record, "told_names": named(archive, (record,))}


def own_last(request: Request, archive: Archive) -> VerdictRecord | None:
    """The visitor's last word that still holds, if it is not long ago."""
    name = visitor_of(request).name
    latest = archive.verdicts(LATEST_LOOKED_AT)
    return next((one for one in latest if one.verdict.by == name and one.undone_at is None), None)


def named(archive: Archive, records: tuple[VerdictRecord, ...]) -> dict[str, object]:
    """The events and articles that verdicts are about, by id, for templates."""
    verdicts = [one.verdict for one in records]
    event_ids = [one for said in verdicts for one in (said.event_id, said.other_event_id) if one]
    links = archive.report_links({one.article_id for one in verdicts if one.article_id is not None})
    return {"events_by_id": archive.events_named(set(event_ids)), "links_by_id": links}


def anchor(item: ArticleRow | KnownEvent) -> str:
    """Where an item of a list stands on its page."""
    return f"article-{item.id}" if isinstance(item, ArticleRow) else f"event-{item.id}"
