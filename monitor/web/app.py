"""The web application: routes, what surrounds them, and what is shown when something goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRouter
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from monitor.domain.wording import message
from monitor.errors import NotFound, StorageError
from monitor.web import (
    account,
    accounts,
    articles,
    briefings,
    calendar,
    digests,
    dossier,
    dropped,
    event_page,
    events,
    exports,
    own_account,
    partnership,
    partnerships,
    review,
    review_adding,
    review_articles,
    review_events,
    saved_searches,
    sign_in,
    sign_in_elsewhere,
    source_actions,
    source_adding,
    source_coverage,
    source_opml,
    sources,
    today,
    yearly,
)
from monitor.web.api import events as api_events
from monitor.web.api import openapi as api_openapi
from monitor.web.api import relations as api_relations
from monitor.web.api import running as api_running
from monitor.web.api.problems import API, problem, wrong_fields
from monitor.web.gates import bearer
from monitor.web.guard import GuardedRoute
from monitor.web.headers import SECURITY_HEADERS, BodyLimit, KnownHosts, SecurityHeaders
from monitor.web.page import page
from monitor.web.refusals import Refusal
from monitor.web.site import Site, Visitor

STATIC = Path(__file__).parent / "static"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
AREAS: Sequence[APIRouter] = (
    today.router,
    account.router,
    sign_in.router,
    sign_in_elsewhere.router,
    own_account.router,
    accounts.router,
    events.router,
    event_page.router,
    saved_searches.router,
    articles.router,
    dropped.router,
    review.router,
    review_adding.router,
    review_articles.router,
    review_events.router,
    partnerships.router,
    partnership.router,
    calendar.router,
    dossier.router,
    briefings.router,
    yearly.router,
    source_adding.router,
    source_opml.router,
    source_coverage.router,
    source_actions.router,
    sources.router,  # last of these: a source may have any key
    digests.router,
    exports.router,
    api_events.router,
    api_relations.router,
    api_running.router,
    api_openapi.router,
)

_NOT_HERE = message("There is nothing at this address.")
_NOT_UNDERSTOOD = message("The request could not be understood.")
_BUSY = message("The archive is busy or cannot be read. Try again in a moment.")
_OUR_FAULT = message("Something went wrong on our side. It was written to the log.")

log = structlog.get_logger("monitor.web")


def create(site: Site) -> FastAPI:
    """All routes with their guards; raises `LookupError` where a route does not say who may use it."""
    web = FastAPI(title="sister-city-monitor", openapi_url=None, docs_url=None, redoc_url=None)
    web.state.site = site
    guarded = routes()
    log.debug("pages", routes=len(guarded))
    for router in AREAS:
        web.include_router(router)
    web.mount("/static", StaticFiles(directory=STATIC), name="static")
    _add_error_pages(web)
    web.add_middleware(BodyLimit)
    web.add_middleware(KnownHosts, hosts=_hosts(site))
    web.add_middleware(SecurityHeaders)
    return web


def routes() -> tuple[GuardedRoute, ...]:
    """Every route there is beside static files; raises `LookupError` for one that nobody guards."""
    found = []
    for router in AREAS:
        for route in router.routes:
            if not isinstance(route, GuardedRoute):
                raise LookupError(f"{route}: not guarded")  # noqa: TRY004 - no matter of types
            found.append(route)
    return tuple(found)


def _hosts(site: Site) -> frozenset[str]:
    """Without accounts only this machine's own names; else what the operator says, or any."""
    public = urlsplit(site.options.base_url).hostname
    named = frozenset({public}) if public else frozenset[str]()
    if site.gate.is_open:
        return LOOPBACK_NAMES | named
    return LOOPBACK_NAMES | named | {site.options.listen_host} if named else frozenset()


def _add_error_pages(web: FastAPI) -> None:
    @web.exception_handler(Refusal)
    async def refused(request: Request, error: Refusal) -> Response:
        return _failure(request, error.status, error.message)

    @web.exception_handler(NotFound)
    async def missing(request: Request, _error: NotFound) -> Response:
        return _failure(request, 404, _NOT_HERE)

    @web.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        text = _NOT_HERE if error.status_code == 404 else _NOT_UNDERSTOOD
        return _failure(request, error.status_code, text, error.headers)

    @web.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if request.url.path.startswith(API):
            return problem(422, _NOT_UNDERSTOOD, errors=wrong_fields(error.errors()))
        return _failure(request, 422, _NOT_UNDERSTOOD)

    @web.exception_handler(StorageError)
    async def busy(request: Request, error: StorageError) -> Response:
        log.warning("archive-unreadable", path=request.url.path, error=str(error))
        return _failure(request, 503, _BUSY)

    @web.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        log.error("page-failed", path=request.url.path, exc_info=error)
        answer = _failure(request, 500, _OUR_FAULT)
        answer.headers.update(SECURITY_HEADERS)  # made outside of all that surrounds a page
        return answer


def _failure(request: Request, status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    if request.url.path.startswith(API):
        return problem(status, text, headers, token_was_given=bool(bearer(request)))
    if not hasattr(request.state, "visitor"):
        request.state.visitor = Visitor("", None)
    return page(request, "failure.html", status, text=text, code=status)
