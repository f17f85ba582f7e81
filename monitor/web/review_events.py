"""All that a reviewer can do with one event."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain.event_facts import originals, written_period
from monitor.domain.model.accounts import Role
from monitor.domain.model.events import EventKind, EventStatus, KnownEvent
from monitor.domain.urls import canonical_url, url_key
from monitor.domain.wording import message
from monitor.errors import NotFound
from monitor.pipeline import review as cases
from monitor.pipeline.review import Seen
from monitor.web import facts_form, review_desk
from monitor.web.correcting import (
    MAX_SEARCH,
    BackField,
    Correction,
    NoteField,
    SeenField,
    checked_event_id,
    corrected,
    named,
    told,
)
from monitor.web.facts_form import FactsForm, Problem
from monitor.web.guard import GuardedRoute, needs
from monitor.web.identifiers import MAX_ID
from monitor.web.refusals import Refusal
from monitor.web.review_page import desk_page
from monitor.web.site import Site, site_of

router = APIRouter(
    prefix="/review/events/{event_id}",
    route_class=GuardedRoute,
    default_response_class=HTMLResponse,
    include_in_schema=False,
)

MOST_RECORDS = 200  # verdicts of one event that are looked at
MOST_TICKED = 1_000
NO_SUCH_ARTICLE = message("The archive has no article with that number or address.")

EventIdField = Annotated[str, Form(max_length=80)]


@router.get("")
@needs(Role.REVIEWER)
def desk(
    request: Request,
    event_id: str,
    said: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    q: Annotated[str, Query(max_length=MAX_SEARCH)] = "",
) -> Response:
    """What stands, what the news told, and every action."""
    event = _event(request, event_id)
    if event.id != event_id:
        asked = f"?said={said}" if said else ""
        return RedirectResponse(f"/review/events/{event.id}{asked}", 303)
    return _desk(request, event, said=said, q=q)


def _event(request: Request, event_id: str) -> KnownEvent:
    """The event, or what it was merged into."""
    found = site_of(request).app.database.archive.events_named([checked_event_id(event_id)]).get(event_id)
    if found is None:
        raise NotFound(f"no event has the id {event_id!r}")
    return found


def _desk(
    request: Request,
    event: KnownEvent,
    status: int = 200,
    *,
    said: int = 0,
    q: str = "",
    form: FactsForm | None = None,
    problems: tuple[Problem, ...] = (),
) -> HTMLResponse:
    site = site_of(request)
    archive = site.app.database.archive
    seen = archive.latest_verdict()
    records = archive.verdicts(MOST_RECORDS, event_id=event.id)
    return desk_page(
        request,
        "review/event.html",
        status,
        event=event,
        seen=seen,
        q=q,
        reports=archive.event_reports(event.id),
        originals=originals(records),
        found=[one for one in review_desk.found(site, q) if one.id != event.id],
        near=review_desk.near_event(site, event),
        people=review_desk.people(site),
        records=records,
        **form_values(form or facts_form.filled_in(event), problems, site),
        **named(archive, records),
        **told(request, said),
    )


def form_values(form: FactsForm, problems: tuple[Problem, ...], site: Site) -> dict[str, object]:
    """What the facts form is shown with."""
    offered = [one.id for problem in problems if not problem.is_host for one in problem.choices]
    hosts = [one.id for problem in problems if problem.is_host for one in problem.choices]
    shown = list(dict.fromkeys((*form.place, *offered)))
    return {
        "form": form,
        "problems": problems,
        "places": [one for one in map(site.app.gazetteer.place, shown) if one is not None],
        "hosts": list(dict.fromkeys([*([form.host] if form.host else []), *form.place, *hosts])),
        "all_kinds": tuple(EventKind),
        "all_statuses": tuple(EventStatus),
        "place_kind_words": facts_form.PLACE_KIND_WORDS,
    }


def _correct(
    request: Request,
    event_id: str,
    seen: int,
    back: str,
    do: Correction,
    *others: str,
    article_ids: tuple[int, ...] = (),
) -> Response:
    looked_at = Seen(seen, article_ids, (checked_event_id(event_id), *map(checked_event_id, others)))
    return corrected(request, looked_at, do, back)


@router.post("/confirm")
@needs(Role.REVIEWER)
def confirm(request: Request, event_id: str, seen: SeenField, back: BackField = "", note: NoteField = "") -> Response:
    """It is an event of a relation."""
    return _correct(
        request, event_id, seen, back, lambda by, now, with_: cases.confirm_event(event_id, by, now, with_, note)
    )


@router.post("/reject")
@needs(Role.REVIEWER)
def reject(request: Request, event_id: str, seen: SeenField, back: BackField = "", note: NoteField = "") -> Response:
    """It is none: its reports are rejected."""
    return _correct(
        request, event_id, seen, back, lambda by, now, with_: cases.reject_event(event_id, by, now, with_, note)
    )


@router.post("/merge")
@needs(Role.REVIEWER)
def merge(
    request: Request,
    event_id: str,
    into: EventIdField,
    seen: SeenField,
    back: BackField = "",
    note: NoteField = "",
) -> Response:
    """It is the same as another one, which stays."""
    return _correct(
        request, event_id, seen, back, lambda by, now, with_: cases.merge(event_id, into, by, now, with_, note), into
    )


@router.post("/apart")
@needs(Role.REVIEWER)
def keep_apart(
    request: Request,
    event_id: str,
    other: EventIdField,
    seen: SeenField,
    back: BackField = "",
    note: NoteField = "",
) -> Response:
    """It looks like another one and is not."""
    return _correct(
        request,
        event_id,
        seen,
        back,
        lambda by, now, with_: cases.keep_apart(event_id, other, by, now, with_, note),
        other,
    )


@router.post("/split")
@needs(Role.REVIEWER)
def split(
    request: Request,
    event_id: str,
    seen: SeenField,
    article: Annotated[list[int] | None, Form(max_length=MOST_TICKED)] = None,
    back: BackField = "",
    note: NoteField = "",
) -> Response:
    """Some of its reports are of another event."""
    ticked = tuple(one for one in article or () if 0 < one <= MAX_ID)
    return _correct(
        request, event_id, seen, back, lambda by, now, with_: cases.split(event_id, ticked, by, now, with_, note)
    )


@router.post("/attach")
@needs(Role.REVIEWER)
def attach(
    request: Request,
    event_id: str,
    article: Annotated[str, Form(max_length=4_000)],
    seen: SeenField,
    back: BackField = "",
    note: NoteField = "",
) -> Response:
    """An article, by number or address, tells it as well."""
    article_id = _article_id(request, article.strip())
    do: Correction = lambda by, now, with_: cases.attach(article_id, event_id, by, now, with_, note)  # noqa: E731
    return _correct(request, event_id, seen, back, do, article_ids=(article_id,))


def _article_id(request: Request, given: str) -> int:
    archive = site_of(request).app.database.archive
    try:
        if given.isascii() and given.isdigit() and len(given) < 19:
            return archive.article(int(given)).id
        url = canonical_url(given)
        return archive.article_by_url(url_key(url)).id if url is not None else _refuse()
    except NotFound:
        return _refuse()


def _refuse() -> int:
    raise Refusal(422, NO_SUCH_ARTICLE)


@router.post("/edit")
@needs(Role.REVIEWER)
def edit(request: Request, event_id: str, form: Annotated[FactsForm, Form()]) -> Response:
    """Set facts; what the news told stays readable."""
    event = _event(request, event_id)
    facts = facts_form.read(form, site_of(request).app.gazetteer, old_date=written_period(event.when))
    if facts.problems:
        return _desk(request, event, 422, form=form, problems=facts.problems)
    change = facts_form.edit_of(form, facts, event)
    return _correct(
        request,
        event_id,
        form.seen,
        form.back,
        lambda by, now, with_: cases.edit_event(event_id, change, by, now, with_, form.note),
    )


@router.post("/note")
@needs(Role.REVIEWER)
def note(request: Request, event_id: str, text: NoteField = "", back: BackField = "") -> Response:
    """A remark; it hinders nobody."""
    checked_event_id(event_id)
    return corrected(request, None, lambda by, now, with_: cases.note(text, by, now, with_, event_id=event_id), back)


@router.post("/assign")
@needs(Role.REVIEWER)
def assign(
    request: Request, event_id: str, to: Annotated[str, Form(max_length=200)] = "", back: BackField = ""
) -> Response:
    """Who should look at it."""
    checked_event_id(event_id)
    return corrected(request, None, lambda by, now, with_: cases.assign(to, by, now, with_, event_id=event_id), back)


@router.post("/handled")
@needs(Role.REVIEWER)
def handled(request: Request, event_id: str, seen: SeenField, back: BackField = "") -> Response:
    """It needs no further look."""
    return _correct(
        request, event_id, seen, back, lambda by, now, with_: cases.mark_handled(by, now, with_, event_id=event_id)
    )


@router.post("/close")
@needs(Role.REVIEWER)
def close(request: Request, event_id: str, seen: SeenField, back: BackField = "", note: NoteField = "") -> Response:
    """Neither listed nor told any more."""
    return _correct(
        request, event_id, seen, back, lambda by, now, with_: cases.close_event(event_id, by, now, with_, note)
    )
