"""What a program is told instead of an answer (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse

API = "/api/"
PROBLEM_TYPE = "application/problem+json"
MAX_TOLD = 20  # of what is wrong with a request


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    token_was_given: bool = False,
) -> JSONResponse:
    """An answer of that status; without leave (401) it says how to ask."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        told["errors"] = list(errors[:MAX_TOLD])
    given = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        wrong = ', error="invalid_token"' if token_was_given else ""
        given["WWW-Authenticate"] = f'Bearer realm="monitor"{wrong}'
    return JSONResponse(told, status, given, PROBLEM_TYPE)


def wrong_fields(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Which fields of a request are wrong, without repeating what was sent."""
    return [
        {"field": ".".join(str(one) for one in error["loc"][1:]) or "request", "detail": str(error["msg"])}
        for error in errors
    ]
