"""All that a reviewer can do with one article."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.domain.model.accounts import Role
from monitor.pipeline import review as cases
from monitor.pipeline.review import Seen
from monitor.web import review_desk
from monitor.web.correcting import (
    MAX_SEARCH,
    ArticleId,
    BackField,
    Correction,
    NoteField,
    SeenField,
    checked_event_id,
    corrected,
    named,
    told,
)
from monitor.web.guard import GuardedRoute, needs
from monitor.web.identifiers import MAX_ID
from monitor.web.review import weighty
from monitor.web.review_page import desk_page
from monitor.web.site import site_of

router = APIRouter(
    prefix="/review/articles/{article_id}",
    route_class=GuardedRoute,
    default_response_class=HTMLResponse,
    include_in_schema=False,
)

MOST_RECORDS = 100

EventIdField = Annotated[str, Form(max_length=80)]


@router.get("")
@needs(Role.REVIEWER)
def desk(
    request: Request,
    article_id: ArticleId,
    said: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    q: Annotated[str, Query(max_length=MAX_SEARCH)] = "",
) -> HTMLResponse:
    """The text, what was decided of it, and every action."""
    site = site_of(request)
    archive = site.app.database.archive
    seen = archive.latest_verdict()
    view = archive.article(article_id)
    records = archive.verdicts(MOST_RECORDS, article_id=article_id)
    events = archive.events_named(view.event_ids)
    taken = {one.id for one in events.values()}
    return desk_page(
        request,
        "review/article.html",
        article=view,
        seen=seen,
        q=q,
        events=list({one.id: one for one in events.values()}.values()),
        weighty=weighty,
        found=[one for one in review_desk.found(site, q) if one.id not in taken],
        near=[one for one in review_desk.near_article(site, view) if one.id not in taken],
        people=review_desk.people(site),
        records=records,
        **named(archive, records),
        **told(request, said),
    )


def _correct(request: Request, article_id: int, seen: int, back: str, do: Correction, *events: str) -> Response:
    looked_at = Seen(seen, (article_id,), tuple(map(checked_event_id, events)))
    return corrected(request, looked_at, do, back or _here(article_id))


def _here(article_id: int) -> str:
    return f"/review/articles/{article_id}"


@router.post("/confirm")
@needs(Role.REVIEWER)
def confirm(
    request: Request, article_id: ArticleId, seen: SeenField, back: BackField = "", note: NoteField = ""
) -> Response:
    """It tells an event of a relation."""
    return _correct(
        request, article_id, seen, back, lambda by, now, with_: cases.confirm(article_id, by, now, with_, note)
    )


@router.post("/reject")
@needs(Role.REVIEWER)
def reject(
    request: Request, article_id: ArticleId, seen: SeenField, back: BackField = "", note: NoteField = ""
) -> Response:
    """It tells none."""
    return _correct(
        request, article_id, seen, back, lambda by, now, with_: cases.reject(article_id, by, now, with_, note)
    )


@router.post("/rescue")
@needs(Role.REVIEWER)
def rescue(
    request: Request, article_id: ArticleId, seen: SeenField, back: BackField = "", note: NoteField = ""
) -> Response:
    """It was dropped, and tells one after all."""
    return _correct(
        request, article_id, seen, back, lambda by, now, with_: cases.rescue(article_id, by, now, with_, note)
    )


@router.post("/attach")
@needs(Role.REVIEWER)
def attach(
    request: Request,
    article_id: ArticleId,
    event: EventIdField,
    seen: SeenField,
    back: BackField = "",
    note: NoteField = "",
) -> Response:
    """It tells this event as well."""
    return _correct(
        request,
        article_id,
        seen,
        back,
        lambda by, now, with_: cases.attach(article_id, event, by, now, with_, note),
        event,
    )


@router.post("/move")
@needs(Role.REVIEWER)
def move(
    request: Request,
    article_id: ArticleId,
    event: EventIdField,
    leaves: EventIdField,
    seen: SeenField,
    back: BackField = "",
    note: NoteField = "",
) -> Response:
    """It belongs to another event than it stands with."""
    do: Correction = lambda by, now, with_: cases.move(article_id, leaves, event, by, now, with_, note)  # noqa: E731
    return _correct(request, article_id, seen, back, do, leaves, event)


@router.post("/note")
@needs(Role.REVIEWER)
def note(request: Request, article_id: ArticleId, text: NoteField = "", back: BackField = "") -> Response:
    """A remark; it hinders nobody."""
    return corrected(
        request,
        None,
        lambda by, now, with_: cases.note(text, by, now, with_, article_id=article_id),
        back or _here(article_id),
    )


@router.post("/assign")
@needs(Role.REVIEWER)
def assign(
    request: Request, article_id: ArticleId, to: Annotated[str, Form(max_length=200)] = "", back: BackField = ""
) -> Response:
    """Who should look at it."""
    return corrected(
        request,
        None,
        lambda by, now, with_: cases.assign(to, by, now, with_, article_id=article_id),
        back or _here(article_id),
    )


@router.post("/handled")
@needs(Role.REVIEWER)
def handled(request: Request, article_id: ArticleId, seen: SeenField, back: BackField = "") -> Response:
    """It needs no further look."""
    return _correct(
        request,
        article_id,
        seen,
        back,
        lambda by, now, with_: cases.mark_handled(by, now, with_, article_id=article_id),
    )
