"""What is done with a source on its page: poll now, pause and resume, follow a move, let a document be read again."""

from __future__ import annotations

import re
from time import monotonic, sleep
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from monitor.domain.model.accounts import Role
from monitor.errors import ConfigurationError, NotFound, Refused
from monitor.pipeline.sources import accept_move, poll_now, set_paused, state_of
from monitor.web.errands import WAITED_FOR_S
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.site import Site, site_of
from monitor.web.source_page import path_of

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

LOOK_EVERY_S = 0.1
_SHA = re.compile(r"[0-9a-f]{64}")

log = structlog.get_logger("monitor.web")


@router.post("/sources/{source_key}/poll")
@needs(Role.REVIEWER)
def poll(request: Request, source_key: str) -> RedirectResponse:
    """Put it at the head of the queue; the page tells what comes of it."""
    site = site_of(request)
    now = site.clock()
    archive = site.app.database.archive
    if state_of(source_key, archive).paused:
        return _back(source_key, problem="paused")
    try:
        poll_now(source_key, now, archive, site.app.database.queue, patiently=True)
    except Refused:
        return _back(source_key, problem="peace")
    if site.hasten is not None:
        site.hasten()
        _wait(source_key, site)
    return _back(source_key, asked=str(int(now.timestamp())))


def _wait(source_key: str, site: Site) -> None:
    """A moment: most polls are done by then."""
    until = monotonic() + WAITED_FOR_S
    while monotonic() < until:
        sleep(LOOK_EVERY_S)
        now = site.clock()
        if not any(one.is_awaited(now) for one in state_of(source_key, site.app.database.archive).feeds):
            return


@router.post("/sources/{source_key}/pause")
@needs(Role.ADMIN)
def pause(request: Request, source_key: str) -> RedirectResponse:
    """Ask it no more, whatever the configuration says."""
    return _set_paused(request, source_key, paused=True)


@router.post("/sources/{source_key}/resume")
@needs(Role.ADMIN)
def resume(request: Request, source_key: str) -> RedirectResponse:
    """Ask it again."""
    return _set_paused(request, source_key, paused=False)


def _set_paused(request: Request, source_key: str, *, paused: bool) -> RedirectResponse:
    site = site_of(request)
    set_paused(source_key, paused, site.clock(), site.app.database.units)
    done = "paused" if paused else "resumed"
    log.info("source-changed", source=source_key, done=done, by=visitor_of(request).name)
    return _back(source_key, done=done)


@router.post("/sources/{source_key}/move")
@needs(Role.ADMIN)
def move(request: Request, source_key: str, feed: Annotated[int, Form(ge=0)] = 0) -> RedirectResponse:
    """Accept where a feed has moved to."""
    site = site_of(request)
    moving = [one for one in state_of(source_key, site.app.database.archive).feeds if one.id == feed]
    if not moving:
        return _back(source_key, problem="moved")
    try:
        moved = accept_move(source_key, site.clock(), site.app.database.units, moving[0].url)
    except (NotFound, ConfigurationError):
        return _back(source_key, problem="moved")
    log.info("source-moved", source=source_key, moved=len(moved), by=visitor_of(request).name)
    return _back(source_key, done="moved")


@router.post("/sources/{source_key}/release")
@needs(Role.ADMIN)
def release(request: Request, source_key: str, document: Annotated[str, Form()] = "") -> RedirectResponse:
    """Let a document in quarantine be read again."""
    site = site_of(request)
    state_of(source_key, site.app.database.archive)
    if _SHA.fullmatch(document):
        with site.app.database.units() as unit:
            unit.release_quarantined(document, site.clock())
            unit.commit()
        log.info("document-released", sha256=document, by=visitor_of(request).name)
    return _back(source_key, done="released")


def _back(source_key: str, **said: str) -> RedirectResponse:
    return RedirectResponse(f"{path_of(source_key)}?{urlencode(said)}", 303)
