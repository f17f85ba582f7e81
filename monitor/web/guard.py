"""Who may use which route: each says so, or the program does not start. Deny by default.

Everything but GET and HEAD must come from a page of ours as well: the browser says where it comes from (Origin,
Sec-Fetch-Site), and the form carries the visit's token (faults H10).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from monitor.domain.model.accounts import Role
from monitor.domain.wording import message
from monitor.web.csrf import belongs_to_visit, comes_from_here, new_visit
from monitor.web.refusals import Refusal
from monitor.web.site import Site, Visitor, site_of

VISIT_COOKIE = "monitor_visit"
SESSION_COOKIE = "monitor_session"
_SAFE = frozenset({"GET", "HEAD"})
_NEEDS = "_monitor_needs"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def needs(role: Role | None) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint with the least role that may use it; None: everybody, signed in or not."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _NEEDS, role)
        return endpoint

    return mark


def role_needed(endpoint: Callable[..., Any]) -> Role | None:
    """What `needs` said; raises `LookupError` where nobody said anything."""
    try:
        found: Role | None = getattr(endpoint, _NEEDS)
    except AttributeError:
        raise LookupError(f"{endpoint.__module__}.{endpoint.__name__}: nobody said who may use it") from None
    return found


class GuardedRoute(APIRoute):
    """A route that lets nobody through whom its endpoint does not name."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See the library; raises `LookupError` for an endpoint without `needs`."""
        inner = super().get_route_handler()
        role = role_needed(self.endpoint)

        async def guarded(request: Request) -> Response:
            site = site_of(request)
            visit = request.cookies.get(VISIT_COOKIE) or new_visit()
            visitor = await run_in_threadpool(site.gate.visitor, request, visit)
            request.state.visitor = visitor
            response = _turned_away(request, visitor, role)
            if response is None:
                await _refuse_forged(request, visitor, site)
                response = await inner(request)
            if VISIT_COOKIE not in request.cookies and not visitor.by_token:
                set_cookie(response, VISIT_COOKIE, visit, site)
            return response

        return guarded


def visitor_of(request: Request) -> Visitor:
    """Who asks; only behind a guarded route."""
    visitor: Visitor = request.state.visitor
    return visitor


def set_cookie(response: Response, name: str, value: str, site: Site, max_age_s: int | None = None) -> None:
    """A cookie that scripts cannot read and other sites do not send."""
    response.set_cookie(
        name, value, max_age=max_age_s, path="/", httponly=True, samesite="lax", secure=site.options.is_https
    )


def _turned_away(request: Request, visitor: Visitor, role: Role | None) -> Response | None:
    if role is None or (visitor.role is not None and visitor.role >= role):
        return None
    if visitor.role is not None:
        raise Refusal(403, message("Your account may not do this. Ask an administrator."))
    if request.method in _SAFE and not request.url.path.startswith("/api/"):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='')}", 303)
    raise Refusal(401, message("Sign in first."))


async def _refuse_forged(request: Request, visitor: Visitor, site: Site) -> None:
    """Raises `Refusal` for a change that did not come from a page of ours."""
    if request.method in _SAFE or visitor.by_token:
        return
    if not comes_from_here(request, site.options):
        raise Refusal(403, message("This request came from another site."))
    token = request.headers.get("x-csrf-token")
    if token is None:
        given = (await request.form()).get("csrf")
        token = given if isinstance(given, str) else ""
    if not belongs_to_visit(token, visitor.visit, site.key):
        raise Refusal(403, message("This form is too old. Go back, reload the page and try again."))
