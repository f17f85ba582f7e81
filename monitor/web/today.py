"""The first page of the morning: what is new, what is coming, what waits for a decision, how the sources do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from monitor.domain.model.accounts import Role
from monitor.web.guard import GuardedRoute, needs
from monitor.web.page import page
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

NEW_EVENTS = 20


@router.get("/")
@needs(Role.READER)
def today(request: Request) -> HTMLResponse:
    """See the module."""
    archive = site_of(request).app.database.archive
    return page(
        request, "today.html", events=archive.events(NEW_EVENTS), health=archive.health(site_of(request).clock())
    )
