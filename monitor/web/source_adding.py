"""Adding a source by its address: look what is there, show it with its newest titles, add what is chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain.model.accounts import Role
from monitor.domain.wording import message
from monitor.errors import ConfigurationError, Refused
from monitor.pipeline.discover import Choice, Discovery
from monitor.pipeline.sources import EntryTried, Wish, add, address, look, source_for, try_entries
from monitor.web.errands import Errand
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.review_words import LABEL_WORDS
from monitor.web.site import Site, site_of
from monitor.web.source_page import path_of, source_page
from monitor.web.source_words import HOW_WORDS, WALL_WORDS
from monitor.web.sources import REFRESH_S

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

CHOICES = 8  # ways to follow one address
TITLES = 6  # of each
MAX_TYPED = 4_096
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")

NO_ADDRESS = message("This is no address of the web: it begins with http:// or https://.")
FOLLOWED = message("This address is followed already.")
NOTHING_CHOSEN = message("Choose one of the ways.")
ODD_CODES = message("A language is two or three small letters (fr), a country two capital ones (FR).")

log = structlog.get_logger("monitor.web")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found at an address, with what would become of the newest entries of each way to follow it."""

    url: str
    found: Discovery
    tried: tuple[tuple[EntryTried, ...], ...]  # by choice


@router.get("/sources/add")
@needs(Role.ADMIN)
def ask(request: Request) -> HTMLResponse:
    """For an address."""
    return _form(request)


@router.post("/sources/add")
@needs(Role.ADMIN)
def begin(request: Request, url: Annotated[str, Form(max_length=MAX_TYPED)] = "") -> Response:
    """Look in the background: politeness leaves a second between two requests to one host."""
    site, visit = site_of(request), visitor_of(request).visit
    try:
        wanted = address(url)
    except ConfigurationError:
        return _form(request, 422, typed=url, problem=NO_ADDRESS)
    errand = site.errands.begin(visit, wanted, lambda: _look(wanted, site), site.clock())
    return RedirectResponse(f"/sources/add/{errand}", 303)


def _look(url: str, site: Site) -> Looked:
    app, now = site.app, site.clock()
    found = look(url, now, app.fetcher, app.parser)
    trying = app.trying
    tried = tuple(try_entries(one, TITLES, now, trying, app.languages) for one in found.choices[:CHOICES])
    return Looked(url, found, tried)


@router.get("/sources/add/{look_id}")
@needs(Role.ADMIN)
def preview(request: Request, look_id: str, follow: Annotated[bool, Query()] = False) -> HTMLResponse:
    """What was found; until then, that it is being looked for."""
    errand = site_of(request).errands.get(look_id, visitor_of(request).visit, site_of(request).clock())
    if not errand.done.is_set():
        answer = source_page(request, "sources/looking.html", errand=errand, path=_path(look_id), follow=follow)
        if follow:
            answer.headers["Refresh"] = str(REFRESH_S)
        return answer
    return _preview(request, look_id, errand)


@router.post("/sources/add/{look_id}")
@needs(Role.ADMIN)
def confirm(
    request: Request,
    look_id: str,
    choice: Annotated[int, Form(ge=0, le=CHOICES)] = 0,
    name: Annotated[str, Form(max_length=200)] = "",
    language: Annotated[str, Form(max_length=10)] = "",
    country: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Follow it in the way that was chosen."""
    site, visitor = site_of(request), visitor_of(request)
    errand = site.errands.get(look_id, visitor.visit, site.clock())
    looked = errand.result
    if not isinstance(looked, Looked):
        return RedirectResponse(_path(look_id), 303)
    if not 1 <= choice <= min(CHOICES, len(looked.found.choices)):
        return _preview(request, look_id, errand, 422, NOTHING_CHOSEN)
    if not (_is_code(language, _LANGUAGE) and _is_code(country, _COUNTRY)):
        return _preview(request, look_id, errand, 422, ODD_CODES)
    wish = Wish(name=name.strip() or None, language=language or None, country=country or None)
    source = source_for(looked.url, looked.found.choices[choice - 1], wish)
    try:
        key = add(source, "web", site.clock(), site.app.database.archive, site.app.database.units)
    except Refused:
        return _preview(request, look_id, errand, 409, FOLLOWED)
    site.errands.forget(look_id)
    log.info("source-added", source=key, by=visitor.name)
    if site.hasten is not None:
        site.hasten()
    return RedirectResponse(f"{path_of(key)}?done=added", 303)


def _is_code(text: str, shape: re.Pattern[str]) -> bool:
    return not text or shape.fullmatch(text) is not None


def _path(look_id: str) -> str:
    return f"/sources/add/{look_id}"


def _form(request: Request, status: int = 200, typed: str = "", problem: str = "") -> HTMLResponse:
    return source_page(request, "sources/add.html", status, typed=typed, problem=problem)


def _preview(request: Request, look_id: str, errand: Errand, status: int = 200, problem: str = "") -> HTMLResponse:
    looked = errand.result
    if not isinstance(looked, Looked):
        return _form(request, typed=errand.asked, problem=errand.problem)
    choices = looked.found.choices[:CHOICES]
    known = site_of(request).app.database.archive.source_index()
    followers = {url: one for one in known for url in one.urls}
    return source_page(
        request,
        "sources/found.html",
        status,
        looked=looked,
        choices=[(one, tried, followers.get(one.url)) for one, tried in zip(choices, looked.tried, strict=True)],
        source_language=_language(choices[0], looked.tried[0]) if choices else "",
        path=_path(look_id),
        problem=problem,
        how_words=HOW_WORDS,
        wall_words=WALL_WORDS,
        label_words=LABEL_WORDS,
    )


def _language(choice: Choice, tried: tuple[EntryTried, ...]) -> str:
    """What the feed says of its language, else what its titles are in."""
    said = (choice.parsed.language or "").partition("-")[0].lower()
    found = said or next((one.language for one in tried if one.language), "")
    return found if _LANGUAGE.fullmatch(found) else ""
