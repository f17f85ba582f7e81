"""The dossier of a partnership: a page laid out for paper, a file of its own, and a Word document."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.bootstrap import App
from monitor.domain import dossier as rules
from monitor.domain.model.accounts import Role
from monitor.domain.model.dossiers import Dossier
from monitor.pipeline.picture import picture_of
from monitor.web.guard import GuardedRoute, needs
from monitor.web.interface_language import INTERFACE_LANGUAGES
from monitor.web.page import TEMPLATES, environment, page, wording_of
from monitor.web.partnerships import quoted
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

SinceQuery = Annotated[str, Query()]
LanguageQuery = Annotated[str, Query(alias="lang")]


@router.get("/partnerships/{key}/dossier")
@needs(Role.READER)
def dossier(request: Request, key: str, since: SinceQuery = "", language: LanguageQuery = "") -> HTMLResponse:
    """The page to print."""
    made = _dossier(request, key, since, language)
    return page(
        request,
        "dossier/page.html",
        dossier=made,
        path=f"/partnerships/{quoted(key)}",
        since=_since(request, since).isoformat(),
    )


@router.get("/partnerships/{key}/dossier.html")
@needs(Role.READER)
def dossier_file(request: Request, key: str, since: SinceQuery = "", language: LanguageQuery = "") -> Response:
    """The same as a file, with its style in it."""
    made = _dossier(request, key, since, language)
    return _file(dossier_html(made).encode(), "text/html; charset=utf-8", file_name(key, "html"))


@router.get("/partnerships/{key}/dossier.docx")
@needs(Role.READER)
def dossier_document(request: Request, key: str, since: SinceQuery = "", language: LanguageQuery = "") -> Response:
    """The same for an office program."""
    made = _dossier(request, key, since, language)
    return _file(site_of(request).app.dossiers.write(made), DOCX_TYPE, file_name(key, "docx"))


def dossier_html(made: Dossier) -> str:
    """A dossier as a file that needs nothing beside it."""
    style = (TEMPLATES.parent / "static" / "dossier.css").read_text(encoding="utf-8")
    return environment().get_template("dossier/file.html").render(dossier=made, style=style)


def dossier_of(app: App, key: str, since: date | None, language: str) -> Dossier:
    """The dossier as of now; raises `NotFound`."""
    today = app.clock().date()
    picture = picture_of(key, today, app.picturing)
    return rules.dossier(picture, rules.since_day(today, since), app.wording(language), app.gazetteer.place)


def file_name(key: str, ending: str) -> str:
    """A name that every file system takes."""
    return f"dossier-{re.sub(r'[^A-Za-z0-9-]+', '-', key).strip('-')[:80]}.{ending}"


def _dossier(request: Request, key: str, since: str, language: str) -> Dossier:
    chosen = language if language in INTERFACE_LANGUAGES else wording_of(request).language
    return dossier_of(site_of(request).app, key, _since(request, since), chosen)


def _since(request: Request, given: str) -> date:
    """What cannot be read is left to the default."""
    today = site_of(request).clock().date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        return rules.since_day(today, None)


def _file(body: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=kind, headers=headers)
