"""Lists of feeds as other readers write and read them: OPML in, with a look before anything is added, and out."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.bootstrap import read_opml, write_opml
from monitor.domain.model.accounts import Role
from monitor.domain.model.sources import SourceData
from monitor.domain.wording import message
from monitor.errors import ConfigurationError, NotFound
from monitor.pipeline.sources import add_all, exported, not_followed
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.headers import MAX_UPLOAD_BYTES
from monitor.web.site import site_of
from monitor.web.source_page import source_page

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

AT_ONCE = 500  # added by one form: browsers and servers take so many fields

NO_FILE = message("Choose a file first.")
NO_OPML = message("This file cannot be read as OPML.")
EMPTY_OPML = message("No feed is named in this file.")

log = structlog.get_logger("monitor.web")


@router.get("/sources/opml")
@needs(Role.ADMIN)
def ask(request: Request) -> HTMLResponse:
    """For a file."""
    return source_page(request, "sources/opml.html", problem="", detail="")


@router.post("/sources/opml")
@needs(Role.ADMIN)
def upload(request: Request, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Read a file; nothing is added yet."""
    body = file.file.read(MAX_UPLOAD_BYTES + 1) if file is not None else b""
    if not body:
        return _refused(request, NO_FILE)
    try:
        declared = read_opml(body, "OPML")
    except ConfigurationError as error:
        return _refused(request, NO_OPML, str(error))
    if not declared:
        return _refused(request, EMPTY_OPML)
    site, visitor = site_of(request), visitor_of(request)
    kept = site.errands.keep(visitor.visit, "OPML", declared, site.clock())
    return RedirectResponse(f"/sources/opml/{kept}", 303)


@router.get("/sources/opml/{list_id}")
@needs(Role.ADMIN)
def preview(request: Request, list_id: str) -> HTMLResponse:
    """What of the file is new."""
    declared = _declared(request, list_id)
    fresh = not_followed(declared, site_of(request).app.database.archive.source_index())
    return source_page(
        request,
        "sources/opml_found.html",
        fresh=fresh[:AT_ONCE],
        more=max(0, len(fresh) - AT_ONCE),
        followed=len(declared) - len(fresh),
        path=f"/sources/opml/{list_id}",
    )


@router.post("/sources/opml/{list_id}")
@needs(Role.ADMIN)
def confirm(request: Request, list_id: str, url: Annotated[list[str] | None, Form()] = None) -> RedirectResponse:
    """Add those that were chosen, by the address of their feed."""
    site, chosen = site_of(request), set(url or ())
    fresh = not_followed(_declared(request, list_id), site.app.database.archive.source_index())
    wanted = [one for one in fresh[:AT_ONCE] if one.feeds[0].url in chosen]
    add_all(wanted, "opml", site.clock(), site.app.database.units)
    log.info("sources-imported", number=len(wanted), by=visitor_of(request).name)
    if len(fresh) <= AT_ONCE:
        site.errands.forget(list_id)
    return RedirectResponse(f"/sources?done={len(wanted)}", 303)


@router.get("/sources.opml")
@needs(Role.ADMIN)
def export(request: Request) -> Response:
    """All sources; addresses are whole, so it is for administrators."""
    body = write_opml(exported(site_of(request).app.database.archive))
    headers = {"Content-Disposition": 'attachment; filename="sources.opml"'}
    return Response(body, media_type="text/x-opml; charset=utf-8", headers=headers)


def _declared(request: Request, list_id: str) -> tuple[SourceData, ...]:
    site = site_of(request)
    kept = site.errands.get(list_id, visitor_of(request).visit, site.clock()).result
    if not isinstance(kept, tuple):
        raise NotFound("no list is kept under this id")
    return kept


def _refused(request: Request, problem: str, detail: str = "") -> HTMLResponse:
    return source_page(request, "sources/opml.html", 422, problem=problem, detail=detail)
