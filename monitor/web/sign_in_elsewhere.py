"""Signing in at an identity provider."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from monitor.domain.wording import message
from monitor.errors import NotFound, Refused
from monitor.pipeline.accounts import sign_in_identity
from monitor.ports import IdentityProvider, IdentityRefused
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.local_path import local_path
from monitor.web.refusals import Refusal
from monitor.web.sign_in import remember
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

MAX_CODE_CHARS = 4_096
FAILED = message("Signing in did not work. Try again; if it stays so, tell your administrator.")
NO_ROLE = message("You are known to the identity provider, but may not use this archive. Ask an administrator.")

log = structlog.get_logger("monitor.web")


@router.get("/login/oidc")
@needs(None)
def leave(request: Request, back: Annotated[str, Query(alias="next")] = "/") -> RedirectResponse:
    """Send the browser to the identity provider."""
    visitor, site = visitor_of(request), site_of(request)
    if visitor.role is not None:
        return RedirectResponse(local_path(back), 303)
    asked = _provider(request).ask()
    if isinstance(asked, IdentityRefused):
        log.warning("identity-provider-failed", why=asked.why)
        raise Refusal(503, FAILED)
    site.door.leaves(visitor.visit, asked, local_path(back), site.clock())
    return RedirectResponse(asked.address, 303)


@router.get("/login/oidc/callback")
@needs(None)
def come_back(
    request: Request, code: Annotated[str, Query()] = "", state: Annotated[str, Query()] = ""
) -> RedirectResponse:
    """Let somebody in whom the identity provider vouches for."""
    site, provider = site_of(request), _provider(request)
    away = site.door.returns(state, visitor_of(request).visit, site.clock())
    if away is None or not 0 < len(code) <= MAX_CODE_CHARS:
        raise Refusal(403, FAILED)
    identity = provider.redeem(code, away.asked)
    if isinstance(identity, IdentityRefused):
        log.warning("identity-refused", why=identity.why)
        raise Refusal(403, FAILED)
    role = site.app.role_of(identity.groups)
    if role is None:
        log.warning("identity-without-role", name=identity.name)
        raise Refusal(403, NO_ROLE)
    try:
        account = sign_in_identity(identity, role, site.clock(), site.app.accounting)
    except Refused as error:
        raise Refusal(403, str(error)) from error
    answer = RedirectResponse(away.back, 303)
    remember(request, answer, account, site.options.trust.client(request))
    return answer


def _provider(request: Request) -> IdentityProvider:
    found = site_of(request).app.identity_provider
    if found is None:
        raise NotFound("no identity provider is set up")
    return found
