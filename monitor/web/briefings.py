"""Briefings: picking events, putting them in order, writing notes to them, freezing and sending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field

from monitor.domain.briefings import MAX_INTRO_CHARS, MAX_NOTE_CHARS, MAX_TITLE_CHARS, chosen_reports
from monitor.domain.model.accounts import Role
from monitor.domain.model.briefings import BriefingRow
from monitor.domain.model.digests import ChannelKind, DeliveryState
from monitor.domain.text import clean, clean_line
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline import briefings as stage
from monitor.ports import Briefings
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.identifiers import MAX_ID
from monitor.web.interface_language import INTERFACE_LANGUAGES
from monitor.web.local_path import local_path
from monitor.web.page import page, wording_of
from monitor.web.refusals import Refusal
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

BriefingId = Annotated[int, Path(ge=1, le=MAX_ID)]
SubscriptionId = Annotated[int, Field(ge=1, le=MAX_ID)]
CANDIDATES = 30  # of the newest events, offered to be picked
DELIVERY_WORDS = {
    DeliveryState.PENDING: message("on its way"),
    DeliveryState.SENT: message("sent"),
    DeliveryState.DEAD: message("given up"),
}
DONE = {
    "sent": message("It is on its way to the readers you chose."),
    "nothing": message("Nothing was sent: you chose nobody, or these readers have it already."),
    "frozen": message("The briefing is frozen. Look at the preview, then send it."),
    "saved": message("Saved."),
}
STEPS = {"up": -1, "down": 1}


@router.get("/briefings")
@needs(Role.READER)
def briefings(request: Request) -> HTMLResponse:
    """All of them."""
    return page(request, "briefings/list.html", briefings=_kept(request).all())


@router.post("/briefings")
@needs(Role.REVIEWER)
def add(request: Request, title: Annotated[str, Form()] = "", event: Annotated[str, Form()] = "") -> RedirectResponse:
    """Begin a briefing, with an event where one is given."""
    site = site_of(request)
    told = clean_line(title, MAX_TITLE_CHARS) or wording_of(request).day(site.clock().date())
    number = _kept(request).add(told, visitor_of(request).name, site.clock())
    if event:
        _kept(request).put_event(number, event)
    return RedirectResponse(f"/briefings/{number}", 303)


@router.post("/briefings/events")
@needs(Role.REVIEWER)
def pick(
    request: Request,
    briefing: Annotated[int, Form(ge=1, le=MAX_ID)],
    event: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Add an event to the briefing that the form names: for the pages of events, where one is chosen from a list."""
    _change(lambda: _kept(request).put_event(briefing, event))
    return RedirectResponse(local_path(back) if back else f"/briefings/{briefing}", 303)


@router.get("/briefings/{number}")
@needs(Role.READER)
def briefing(request: Request, number: BriefingId, done: Annotated[str, Query()] = "") -> HTMLResponse:
    """A draft to work on, or a frozen one to read and send."""
    site = site_of(request)
    archive = site.app.database.archive
    found = _kept(request).get(number)
    held = {one.event.id for one in found.items}
    can_change = (visitor_of(request).role or 0) >= Role.REVIEWER
    offered = archive.events(CANDIDATES) if found.is_draft and can_change else ()
    return page(
        request,
        "briefings/show.html",
        briefing=found,
        can_change=can_change,
        candidates=[one for one in offered if one.id not in held],
        subscriptions=[(one, data) for one, data in archive.subscriptions() if not data.paused],
        sent_to={one.subscription_key for one in found.sendings},
        reports_of=lambda item: chosen_reports(item.reports, wording_of(request).language),
        delivery_words=DELIVERY_WORDS,
        limits=(MAX_TITLE_CHARS, MAX_INTRO_CHARS, MAX_NOTE_CHARS),
        done=DONE.get(done, ""),
    )


@router.post("/briefings/{number}")
@needs(Role.REVIEWER)
def describe(
    request: Request, number: BriefingId, title: Annotated[str, Form()] = "", intro: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Another title and introduction."""
    kept = _kept(request)
    told = clean_line(title, MAX_TITLE_CHARS) or kept.get(number).title
    _change(lambda: kept.describe(number, told, clean(intro, MAX_INTRO_CHARS)))
    return _back(number, "saved")


@router.post("/briefings/{number}/remove")
@needs(Role.REVIEWER)
def remove(request: Request, number: BriefingId) -> RedirectResponse:
    """Throw a draft away."""
    _change(lambda: _kept(request).remove(number))
    return RedirectResponse("/briefings", 303)


# ---------------------------------------------------------------- its events


@router.post("/briefings/{number}/events")
@needs(Role.REVIEWER)
def pick_for(
    request: Request, number: BriefingId, event: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Add an event at the end."""
    _change(lambda: _kept(request).put_event(number, event))
    return RedirectResponse(local_path(back) if back else f"/briefings/{number}", 303)


@router.post("/briefings/{number}/events/{event_id}")
@needs(Role.REVIEWER)
def change_event(
    request: Request,
    number: BriefingId,
    event_id: str,
    act: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Move an event up or down, take it out, or write a note to it; what was typed is kept with every button."""
    kept = _kept(request)
    _change(lambda: kept.annotate(number, event_id, clean(note, MAX_NOTE_CHARS)))
    if act in STEPS:
        _change(lambda: kept.move_event(number, event_id, STEPS[act]))
    elif act == "drop":
        _change(lambda: kept.drop_event(number, event_id))
    where = "" if act == "drop" else f"#event-{event_id}"
    return RedirectResponse(f"/briefings/{number}{where}", 303)


# ---------------------------------------------------------------- freezing and sending


@router.get("/briefings/{number}/preview")
@needs(Role.READER)
def preview(request: Request, number: BriefingId, language: Annotated[str, Query(alias="lang")] = "") -> HTMLResponse:
    """The message as its readers will get it, as text."""
    app = site_of(request).app
    chosen = language if language in INTERFACE_LANGUAGES else wording_of(request).language
    told = stage.preview(_kept(request).get(number), chosen, site_of(request).clock(), app.publishing)
    parts = app.publishing.renderers[ChannelKind.CONSOLE].render(told)
    return page(
        request,
        "briefings/preview.html",
        number=number,
        chosen=chosen,
        subject=told.subject,
        text="\n".join(one.text for one in parts),
    )


@router.post("/briefings/{number}/freeze")
@needs(Role.REVIEWER)
def freeze(request: Request, number: BriefingId) -> RedirectResponse:
    """From now on it stays as it is."""
    _change(lambda: _kept(request).freeze(number, visitor_of(request).name, site_of(request).clock()))
    return _back(number, "frozen")


@router.post("/briefings/{number}/send")
@needs(Role.REVIEWER)
def send(request: Request, number: BriefingId, to: Annotated[list[SubscriptionId] | None, Form()] = None) -> Response:
    """Queue it for the readers of the chosen subscriptions."""
    site = site_of(request)
    database = site.app.database
    subscriptions = database.archive.subscriptions()
    try:
        sent = stage.send(number, to or [], subscriptions, site.clock(), database.briefings, site.app.publishing)
    except Refused as error:
        raise Refusal(409, str(error)) from error
    return _back(number, "sent" if sent else "nothing")


def drafts(request: Request) -> tuple[BriefingRow, ...]:
    """What events can be added to: for `add_to_briefing` of the macros."""
    return tuple(one for one in _kept(request).all() if one.is_draft)


def _kept(request: Request) -> Briefings:
    return site_of(request).app.database.briefings


def _change(change: Callable[[], None]) -> None:
    try:
        change()
    except Refused as error:
        raise Refusal(409, str(error)) from error


def _back(number: int, done: str) -> RedirectResponse:
    return RedirectResponse(f"/briefings/{number}?done={done}", 303)
