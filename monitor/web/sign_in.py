"""Signing in by name and password, and out."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from monitor.domain.accounts import folded_name, secret_sha
from monitor.domain.model.accounts import Account
from monitor.domain.wording import message
from monitor.pipeline.accounts import begin_session
from monitor.pipeline.accounts import sign_in as whose
from monitor.web.gates import session_secret
from monitor.web.guard import SESSION_COOKIE, GuardedRoute, needs, set_cookie, visitor_of
from monitor.web.local_path import local_path
from monitor.web.page import page, wording_of
from monitor.web.proxy import neighbourhood
from monitor.web.site import Site, site_of
from monitor.web.throttle import device_for, device_of

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

DEVICE_COOKIE = "monitor_device"
DEVICE_S = 365 * 24 * 3600
WRONG = message("The name or the password is wrong.")

log = structlog.get_logger("monitor.web")


@router.get("/healthz")
@needs(None)
def healthz(request: Request) -> PlainTextResponse:
    """Whether the archive can be read: for load balancers; says nothing else."""
    site_of(request).app.database.accounts.is_empty()
    return PlainTextResponse("ok\n")


@router.get("/login", response_class=HTMLResponse)
@needs(None)
def form(request: Request, back: Annotated[str, Query(alias="next")] = "/") -> Response:
    """Where strangers are led."""
    if visitor_of(request).role is not None:
        return RedirectResponse(local_path(back), 303)
    return _form(request, back)


@router.post("/login", response_class=HTMLResponse)
@needs(None)
def sign_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    back: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Let somebody in, or say that it was not right, not why."""
    site, wanted = site_of(request), folded_name(name)
    address = site.options.trust.client(request)
    own, *others = lanes(request, wanted, address)
    wait_s = site.door.throttle.enter((own, *others), site.clock())
    if wait_s:
        return _too_many(request, wait_s, back, name)
    with site.door.in_line():
        account = whose(wanted, password, site.app.accounting)
    if account is None:
        log.warning("sign-in-failed", address=address)  # not the name: some type their password there
        return _form(request, back, 403, wording_of(request).say(WRONG), name)
    site.door.throttle.succeeded(own, others)
    answer = RedirectResponse(local_path(back), 303)
    remember(request, answer, account, address)
    return answer


@router.post("/logout")
@needs(None)
def sign_out(request: Request) -> RedirectResponse:
    """End the session, not only the cookie."""
    secret = session_secret(request)
    if secret:
        site_of(request).app.database.accounts.end_session(secret_sha(secret))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


def lanes(request: Request, name: str, address: str) -> tuple[str, ...]:
    """In which a try is counted, the account's own first (see `throttle`)."""
    device = device_of(request.cookies.get(DEVICE_COOKIE, ""), name, site_of(request).key)
    if device:
        return (f"device:{device}",)
    return f"account:{name}", f"address:{neighbourhood(address)}"


def remember(request: Request, answer: Response, account: Account, address: str) -> None:
    """Begin a session in this browser; one that was there is over, whoever planted it (faults H11)."""
    site = site_of(request)
    former = session_secret(request)
    if former:
        site.app.database.accounts.end_session(secret_sha(former))
    browser = request.headers.get("user-agent", "")
    secret = begin_session(account, browser, address, site.clock(), site.app.accounting)
    set_cookie(answer, SESSION_COOKIE, secret, site, int(site.app.accounting.session_for.total_seconds()))
    set_cookie(answer, DEVICE_COOKIE, device_for(account.name, site.key), site, DEVICE_S)
    log.info("signed-in", account=account.name, address=address)


def _form(request: Request, back: str, status: int = 200, problem: str = "", name: str = "") -> HTMLResponse:
    site: Site = site_of(request)
    return page(
        request,
        "accounts/login.html",
        status,
        back=local_path(back),
        problem=problem,
        name=name[:100],
        provider=site.options.provider_button if site.app.identity_provider is not None else "",
        has_accounts=not site.app.database.accounts.is_empty(),
    )


def _too_many(request: Request, wait_s: int, back: str, name: str) -> HTMLResponse:
    minutes = -(-wait_s // 60)
    wording = wording_of(request)
    text = wording.count(
        "Too many tries. Wait {n} minute, then try again.", "Too many tries. Wait {n} minutes, then try again.", minutes
    )
    answer = _form(request, back, 429, text, name)
    answer.headers["Retry-After"] = str(wait_s)
    return answer
