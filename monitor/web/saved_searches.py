"""Searches that people keep watching: their list, and the feeds and calendars that programs read by a secret."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain.accounts import secret_sha
from monitor.domain.event_feeds import calendar_entry, feed_entries, urn
from monitor.domain.event_filters import fields_of, filter_in
from monitor.domain.kind_families import FAMILY_WORDS
from monitor.domain.model.accounts import Role
from monitor.domain.model.event_search import EventRow, SavedSearch
from monitor.domain.wording import STATUS_WORDS, Wording, message
from monitor.errors import NotFound, Refused
from monitor.pipeline.event_search import members_of, query_for
from monitor.pipeline.saved_searches import SCHEDULES, renew, save, subscribe
from monitor.web.event_facets import NOVELTY_WORDS, country_name, events_path
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.identifiers import MAX_ID
from monitor.web.page import page, wording_of
from monitor.web.site import Site, site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

SearchId = Annotated[int, Path(ge=1, le=MAX_ID)]
MAX_SECRET_CHARS = 100
EVENTS_IN_A_FEED = 50
EVENTS_IN_A_CALENDAR = 300
ANYBODYS = "local"  # owner of what was saved before there were accounts: administrators look after it

DONE = {
    "revoked": message("The feeds of this search can no longer be read."),
    "removed": message("The search was removed, with its feeds and its digest."),
    "subscribed": message("The digest is sent from now on."),
    "unsubscribed": message("The digest is sent no more."),
}


@router.get("/searches")
@needs(Role.READER)
def searches(request: Request, done: str = "") -> HTMLResponse:
    """The visitor's own."""
    return _list(request, done=DONE.get(done, ""))


@router.post("/searches")
@needs(Role.READER)
async def keep(request: Request) -> HTMLResponse:
    """Save one: its secret address is shown this once."""
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    site, visitor = site_of(request), visitor_of(request)
    try:
        made, secret = save(
            fields.get("name", ""),
            filter_in(fields),
            visitor.name,
            visitor.account,
            wording_of(request).language,
            site.clock(),
            site.app.database.saved_searches,
            site.app.accounting.secrets,
        )
    except Refused as error:
        return _list(request, 422, problem=str(error))
    return _shown_once(request, made, secret)


@router.post("/searches/{search_id}/renew")
@needs(Role.READER)
def renewed(request: Request, search_id: SearchId) -> HTMLResponse:
    """Another secret address; the one before stops working."""
    search, site = _own(request, search_id), site_of(request)
    return _shown_once(request, search, renew(search, site.app.database.saved_searches, site.app.accounting.secrets))


@router.post("/searches/{search_id}/revoke")
@needs(Role.READER)
def revoked(request: Request, search_id: SearchId) -> RedirectResponse:
    """Let nobody read its feeds."""
    site_of(request).app.database.saved_searches.set_token(_own(request, search_id).id, None)
    return RedirectResponse("/searches?done=revoked", 303)


@router.post("/searches/{search_id}/remove")
@needs(Role.READER)
def removed(request: Request, search_id: SearchId) -> RedirectResponse:
    """Forget it."""
    site_of(request).app.database.saved_searches.remove(_own(request, search_id).id)
    return RedirectResponse("/searches?done=removed", 303)


@router.post("/searches/{search_id}/subscribe")
@needs(Role.ADMIN)
def subscribed(
    request: Request, search_id: SearchId, recipient: Annotated[str, Form()] = "", schedule: Annotated[str, Form()] = ""
) -> Response:
    """Send its digest by email: administrators decide whom the program writes to."""
    search, site = _own(request, search_id), site_of(request)
    members = members_of(search.data.filter.partnership, site.app.database.archive)
    try:
        subscribe(
            search, recipient, schedule, site.options.time_zone, members, site.clock(), site.app.database.saved_searches
        )
    except Refused as error:
        return _list(request, 422, problem=str(error))
    return RedirectResponse("/searches?done=subscribed", 303)


@router.post("/searches/{search_id}/unsubscribe")
@needs(Role.READER)
def unsubscribed(request: Request, search_id: SearchId) -> RedirectResponse:
    """Send it no more."""
    site_of(request).app.database.saved_searches.unsubscribe(_own(request, search_id).id)
    return RedirectResponse("/searches?done=unsubscribed", 303)


# ---------------------------------------------------------------- what programs read


@router.get("/feeds/{token}.atom")
@needs(None)
def feed(request: Request, token: str) -> Response:
    """The events that were learnt of last."""
    site = site_of(request)
    search = _by_token(site, token)
    wording = site.app.wording(search.data.language)
    entries = feed_entries(_latest(site, search, EVENTS_IN_A_FEED), wording, site.app.gazetteer.place)
    name = urn(f"saved search {search.id}")
    body = site.app.feeds.write(entries, name, search.data.name, wording.language, _address(request, site))
    return Response(body, media_type="application/atom+xml; charset=utf-8")


@router.get("/feeds/{token}.ics")
@needs(None)
def calendar(request: Request, token: str) -> Response:
    """The same for calendar programs."""
    site = site_of(request)
    search = _by_token(site, token)
    wording, place = site.app.wording(search.data.language), site.app.gazetteer.place
    rows = _latest(site, search, EVENTS_IN_A_CALENDAR)
    entries = [one for row in rows if (one := calendar_entry(row, wording, place)) is not None]
    body = site.app.calendars.write(entries, search.data.name, wording.language, site.options.base_url)
    return Response(body, media_type="text/calendar; charset=utf-8")


def _by_token(site: Site, token: str) -> SavedSearch:
    """Raises `NotFound` for a secret that was revoked or never given, and says no more."""
    found = site.app.database.saved_searches.by_token(secret_sha(token[:MAX_SECRET_CHARS]))
    if found is None:
        raise NotFound("no saved search has that secret")
    return found


def _latest(site: Site, search: SavedSearch, limit: int) -> tuple[EventRow, ...]:
    archive = site.app.database.archive
    return archive.latest_events(query_for(search.data.filter, site.app.gazetteer), limit)


# ---------------------------------------------------------------- pages


def _own(request: Request, search_id: int) -> SavedSearch:
    """The search, if it is the visitor's: of others' it is not even said that they exist."""
    search = site_of(request).app.database.saved_searches.get(search_id)
    if search.data.owner not in _names(request):
        raise NotFound(f"no saved search has the id {search_id}")
    return search


def _names(request: Request) -> tuple[str, ...]:
    visitor = visitor_of(request)
    is_admin = visitor.role is not None and visitor.role >= Role.ADMIN
    return tuple(dict.fromkeys([visitor.name, *([ANYBODYS] if is_admin else [])]))


def _list(request: Request, status: int = 200, done: str = "", problem: str = "") -> HTMLResponse:
    site = site_of(request)
    kept = site.app.database.saved_searches
    wording = wording_of(request)
    return page(
        request,
        "events/searches.html",
        status,
        searches=[(one, _told(one, wording)) for name in _names(request) for one in kept.of(name)],
        path_of=lambda one: events_path(fields_of(one.data.filter)),
        schedules=tuple(SCHEDULES),
        can_send=bool(site.app.settings.smtp.host),
        done=done,
        problem=problem,
    )


def _told(search: SavedSearch, wording: Wording) -> str:
    """What it asks for, in a line."""
    asked = search.data.filter
    said = [
        f"“{asked.words}”" if asked.words else "",
        wording.place(asked.place) if asked.place else "",
        wording.join([wording.place(one) for one in asked.partnership.split("+")]) if asked.partnership else "",
        country_name(asked.country, wording) if asked.country else "",
        wording.say(FAMILY_WORDS[asked.family]) if asked.family else "",
        wording.language_name(asked.language) if asked.language else "",
        wording.say(STATUS_WORDS[asked.status]) if asked.status else "",
        wording.say(NOVELTY_WORDS[asked.novelty]) if asked.novelty else "",
        asked.source,
        f"{asked.since.isoformat() if asked.since else ''}–{asked.until.isoformat() if asked.until else ''}".strip("–"),
    ]
    return " · ".join(one for one in said if one)


def _shown_once(request: Request, search: SavedSearch, secret: str) -> HTMLResponse:
    address = f"{_address(request, site_of(request))}/feeds/{secret}"
    return page(request, "events/search_secret.html", search=search, address=address)


def _address(request: Request, site: Site) -> str:
    """How the site is reached: as the operator says, never as a stranger's Host header does (faults H21); the
    request's own where nothing is said and only this machine's names are answered to.
    """
    if site.options.base_url:
        return site.options.base_url.rstrip("/")
    return str(request.base_url).rstrip("/") if site.gate.is_open else ""
