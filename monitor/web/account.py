"""What concerns the visitor: the language of the pages, and whether keys press their buttons."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from monitor.domain.model.accounts import Role
from monitor.domain.wording import message
from monitor.web.guard import GuardedRoute, needs, set_cookie
from monitor.web.interface_language import INTERFACE_LANGUAGES, LANGUAGE_COOKIE
from monitor.web.keys import KEYS_COOKIE
from monitor.web.local_path import local_path
from monitor.web.refusals import Refusal
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

A_YEAR_S = 365 * 24 * 3600


@router.post("/language")
@needs(None)
def choose_language(
    request: Request, language: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> RedirectResponse:
    """Read the pages in another language."""
    if language not in INTERFACE_LANGUAGES:
        raise Refusal(422, message("The request could not be understood."))
    answer = RedirectResponse(local_path(back), 303)
    set_cookie(answer, LANGUAGE_COOKIE, language, site_of(request), A_YEAR_S)
    return answer


@router.post("/keys")
@needs(Role.READER)
def switch_keys(
    request: Request, keys: Annotated[Literal["on", "off"], Form()], back: Annotated[str, Form()] = "/"
) -> RedirectResponse:
    """Let single keys press buttons, or not: who dictates would press them by speaking (WCAG 2.1.4)."""
    answer = RedirectResponse(local_path(back), 303)
    set_cookie(answer, KEYS_COOKIE, keys, site_of(request), A_YEAR_S)
    return answer
