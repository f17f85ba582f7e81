"""What somebody may do with their own account: another password, and looking over where it is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain.accounts import secret_sha
from monitor.domain.model.accounts import Account, Role
from monitor.domain.wording import message
from monitor.errors import Refused
from monitor.pipeline.accounts import change_password
from monitor.web.gates import session_secret
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.page import page
from monitor.web.refusals import Refusal
from monitor.web.role_words import ROLE_WORDS
from monitor.web.sign_in import lanes, remember
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

DONE = {
    "password": message("The password was changed. All other browsers were signed out."),
    "sessions": message("All other browsers were signed out."),
}
NO_ACCOUNTS = message("There are no accounts on this machine, so there is nothing to sign in to.")
NOT_THE_SAME = message("The new password was not typed the same way twice.")
TOO_MANY = message("Too many tries. Wait a few minutes, then try again.")


@router.get("/account")
@needs(Role.READER)
def own(request: Request, done: Annotated[str, Query()] = "") -> HTMLResponse:
    """The visitor's account."""
    return _page(request, done=DONE.get(done, ""))


@router.post("/account/password")
@needs(Role.READER)
def password(
    request: Request,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Change the password; whoever else used the old one is out."""
    site, account = site_of(request), _account(request)
    address = site.options.trust.client(request)
    if new != again:
        return _page(request, 422, problem=NOT_THE_SAME)
    own_lane, *others = lanes(request, account.name, address)
    if site.door.throttle.enter((own_lane, *others), site.clock()):
        return _page(request, 429, problem=TOO_MANY)
    try:
        with site.door.in_line():
            change_password(account, old, new, site.app.accounting)
    except Refused as error:
        return _page(request, 422, problem=str(error))
    site.door.throttle.succeeded(own_lane, others)
    answer = RedirectResponse("/account?done=password", 303)
    remember(request, answer, account, address)
    return answer


@router.post("/account/sessions")
@needs(Role.READER)
def sign_out_elsewhere(request: Request) -> RedirectResponse:
    """Sign all other browsers out."""
    account = _account(request)
    site_of(request).app.database.accounts.end_sessions(account.id, secret_sha(session_secret(request)))
    return RedirectResponse("/account?done=sessions", 303)


def _account(request: Request) -> Account:
    account = visitor_of(request).account
    if account is None:
        raise Refusal(409, NO_ACCOUNTS)
    return account


def _page(request: Request, status: int = 200, done: str = "", problem: str = "") -> HTMLResponse:
    site, account = site_of(request), visitor_of(request).account
    this = secret_sha(session_secret(request))
    accounts = site.app.database.accounts
    return page(
        request,
        "accounts/own.html",
        status,
        account=account,
        sessions=accounts.sessions(account.id, site.clock(), this) if account is not None else (),
        role_words=ROLE_WORDS,
        done=done,
        problem=problem,
    )
