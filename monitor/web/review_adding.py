"""Adding an event that no source told, by its facts or by a text that tells it; both are marked as added by hand."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from monitor.domain.model.accounts import Role
from monitor.domain.model.events import Verdict, VerdictKind
from monitor.domain.text import MAX_TITLE_CHARS
from monitor.domain.wording import message
from monitor.pipeline import review as cases
from monitor.pipeline.review import Pasted
from monitor.web import facts_form
from monitor.web.correcting import corrected, with_said
from monitor.web.facts_form import FactsForm, Problem
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.review_events import form_values
from monitor.web.review_page import desk_page
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

LANGUAGES = ("zh", "en", "fr", "de", "it", "ja", "ko", "pt", "ru", "es", "vi")
LATEST = 20  # verdicts among which the same event, added a moment ago, is looked for
NO_TEXT = message("A title and a text are needed.")
BAD_DAY = message("“{name}” is no date. Write 2026-05-12, 2026-05, 2026, or 2026-05-11/2026-05-13.")


class PastedForm(BaseModel):
    """A text with what is known of it."""

    title: str = Field("", max_length=MAX_TITLE_CHARS)
    text: str = Field("", max_length=500_000)
    url: str = Field("", max_length=4_000)
    published_on: str = Field("", max_length=40)
    language: str = Field("", max_length=20)
    note: str = Field("", max_length=20_000)


@router.get("/review/add")
@needs(Role.REVIEWER)
def form(request: Request) -> HTMLResponse:
    """Both forms."""
    return _page(request)


def _page(
    request: Request,
    status: int = 200,
    *,
    facts: FactsForm | None = None,
    pasted: PastedForm | None = None,
    problems: tuple[Problem, ...] = (),
    pasted_problem: Problem | None = None,
) -> HTMLResponse:
    site = site_of(request)
    return desk_page(
        request,
        "review/add.html",
        status,
        seen=site.app.database.archive.latest_verdict(),
        pasted=pasted or PastedForm(),
        pasted_problem=pasted_problem,
        languages=LANGUAGES,
        originals={},
        **form_values(facts or FactsForm(), problems, site),
    )


@router.post("/review/add")
@needs(Role.REVIEWER)
def add(request: Request, form: Annotated[FactsForm, Form()]) -> Response:
    """An event by its facts."""
    site = site_of(request)
    read = facts_form.read(form, site.app.gazetteer)
    if read.problems:
        return _page(request, 422, facts=form, problems=read.problems)
    added = _added_already(request, form)
    if added is not None:
        return RedirectResponse(with_said(f"/review/events/{added.event_id}", added.id), 303)
    facts = facts_form.facts_of(form, read)
    return corrected(request, None, lambda by, now, with_: cases.add_event(facts, by, now, with_, form.note), form.back)


def _added_already(request: Request, form: FactsForm) -> Verdict | None:
    """The same event by the same person since the form was made: its button was pressed twice."""
    archive = site_of(request).app.database.archive
    latest = [one.verdict for one in archive.verdicts(LATEST) if one.undone_at is None]
    added = [one for one in latest if one.id > form.seen and one.kind is VerdictKind.ADD and one.event_id]
    events = archive.events_named({one.event_id for one in added if one.event_id})
    for one in added:
        event = events.get(one.event_id or "")
        if event is not None and one.by == visitor_of(request).name and event.title == form.title.strip():
            return one
    return None


@router.post("/review/paste")
@needs(Role.REVIEWER)
def paste(request: Request, form: Annotated[PastedForm, Form()]) -> Response:
    """An event by a text that tells it."""
    if not form.title.strip() or not form.text.strip():
        return _page(request, 422, pasted=form, pasted_problem=Problem(NO_TEXT, ""))
    try:
        day = date.fromisoformat(form.published_on.strip()) if form.published_on.strip() else None
    except ValueError:
        return _page(request, 422, pasted=form, pasted_problem=Problem(BAD_DAY, form.published_on))
    language = form.language if form.language in LANGUAGES else None
    pasted = Pasted(form.title, form.text, form.url.strip() or None, day, language)
    return corrected(request, None, lambda by, now, with_: cases.add_text(pasted, by, now, with_, form.note), "")
