"""Accounts and API tokens, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain.model.accounts import Account, Role
from monitor.domain.wording import message
from monitor.errors import NotFound, Refused
from monitor.pipeline.accounts import add_account, add_token, set_password
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.page import page
from monitor.web.refusals import Refusal
from monitor.web.role_words import ROLE_HINTS, ROLE_WORDS
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

AccountId = Annotated[int, Path(ge=1, le=2**31)]
DONE = {
    "role": message("The role was changed."),
    "removed": message("The account was removed and is signed out everywhere."),
    "revoked": message("The token was revoked."),
}
NOT_YOURSELF = message("This is your own account. Another administrator has to do that.")
NO_SUCH_ROLE = message("The request could not be understood.")


@router.get("/accounts")
@needs(Role.ADMIN)
def listed(request: Request, done: Annotated[str, Query()] = "") -> HTMLResponse:
    """All accounts and tokens."""
    return _page(request, done=DONE.get(done, ""))


@router.post("/accounts")
@needs(Role.ADMIN)
def add(
    request: Request, name: Annotated[str, Form()] = "", role: Annotated[str, Form()] = Role.READER.name
) -> Response:
    """A new account; its password is shown once."""
    try:
        account, password = add_account(
            name, None, _role(role), site_of(request).clock(), site_of(request).app.accounting
        )
    except Refused as error:
        return _page(request, 422, problem=str(error))
    return page(request, "accounts/secret.html", secret=password, account=account, token=None)


@router.post("/accounts/{account_id}/role")
@needs(Role.ADMIN)
def change_role(request: Request, account_id: AccountId, role: Annotated[str, Form()] = "") -> Response:
    """Let somebody do more or less."""
    account = _other(request, account_id)
    try:
        site_of(request).app.database.accounts.set_role(account.id, _role(role))
    except Refused as error:
        return _page(request, 422, problem=str(error))
    return RedirectResponse("/accounts?done=role", 303)


@router.post("/accounts/{account_id}/password")
@needs(Role.ADMIN)
def reset(request: Request, account_id: AccountId) -> Response:
    """A new password for somebody who lost theirs; shown once."""
    account = _other(request, account_id)
    try:
        password = set_password(account, None, site_of(request).app.accounting)
    except Refused as error:
        return _page(request, 422, problem=str(error))
    return page(request, "accounts/secret.html", secret=password, account=account, token=None)


@router.post("/accounts/{account_id}/remove")
@needs(Role.ADMIN)
def remove(request: Request, account_id: AccountId) -> Response:
    """Take an account away; what was done in its name stays."""
    account = _other(request, account_id)
    try:
        site_of(request).app.database.accounts.remove(account.id)
    except Refused as error:
        return _page(request, 422, problem=str(error))
    return RedirectResponse("/accounts?done=removed", 303)


@router.post("/tokens")
@needs(Role.ADMIN)
def new_token(request: Request, name: Annotated[str, Form()] = "") -> Response:
    """A token for a program that reads the API; shown once."""
    try:
        token, secret = add_token(name, site_of(request).clock(), site_of(request).app.accounting)
    except Refused as error:
        return _page(request, 422, problem=str(error))
    return page(request, "accounts/secret.html", secret=secret, account=None, token=token)


@router.post("/tokens/revoke")
@needs(Role.ADMIN)
def revoke(request: Request, name: Annotated[str, Form()] = "") -> RedirectResponse:
    """Lock a program out."""
    site_of(request).app.database.accounts.revoke_token(name)
    return RedirectResponse("/accounts?done=revoked", 303)


def _role(name: str) -> Role:
    if name not in Role.__members__:
        raise Refusal(422, NO_SUCH_ROLE)
    return Role[name]


def _other(request: Request, account_id: int) -> Account:
    """The account, which must not be the visitor's: nobody locks themselves out by a slip."""
    own = visitor_of(request).account
    if own is not None and own.id == account_id:
        raise Refusal(409, NOT_YOURSELF)
    for account in site_of(request).app.database.accounts.all():
        if account.id == account_id:
            return account
    raise NotFound(f"no account has the id {account_id}")


def _page(request: Request, status: int = 200, done: str = "", problem: str = "") -> HTMLResponse:
    accounts = site_of(request).app.database.accounts
    own = visitor_of(request).account
    return page(
        request,
        "accounts/list.html",
        status,
        accounts=accounts.all(),
        tokens=accounts.tokens(),
        own_id=own.id if own is not None else 0,
        roles=tuple(Role),
        role_words=ROLE_WORDS,
        role_hints=ROLE_HINTS,
        done=done,
        problem=problem,
    )
