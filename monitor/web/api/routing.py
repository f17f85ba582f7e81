"""How a route of the API answers: guarded as every other, with a tag that spares sending the same again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any

from fastapi import Request, Response

from monitor.web.api.models import Problem
from monitor.web.api.problems import PROBLEM_TYPE
from monitor.web.guard import GuardedRoute

CACHING = "private, no-cache"  # may be kept by who asked, and is asked for again each time
_TAG_CHARS = 32

_REFERENCE = {"$ref": f"#/components/schemas/{Problem.__name__}"}


def _told(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_TYPE: {"schema": _REFERENCE}}}


EVERY: dict[int | str, dict[str, Any]] = {
    304: {"description": "What was asked for has not changed since the tag in If-None-Match"},
    401: _told("No token, or one that was revoked"),
    422: _told("A parameter is wrong or unknown"),
    503: _told("The archive is busy: ask again in a moment"),
}
ONE: dict[int | str, dict[str, Any]] = {**EVERY, 404: _told("There is nothing under this id")}
MANY: dict[int | str, dict[str, Any]] = {**EVERY, 400: _told("The cursor is none of ours")}


class ApiRoute(GuardedRoute):
    """A guarded route whose answers carry an entity tag (RFC 9110, 8.8.3)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See the library."""
        inner = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            response = await inner(request)
            if response.status_code != 200:
                return response
            tag = f'"{sha256(response.body).hexdigest()[:_TAG_CHARS]}"'
            headers = {"ETag": tag, "Cache-Control": CACHING, "Vary": "Accept-Language"}
            if tag in _tags(request.headers.get("if-none-match", "")):
                return Response(None, 304, headers)
            response.headers.update(headers)
            return response

        return tagged


def _tags(said: str) -> frozenset[str]:
    return frozenset(one.strip().removeprefix("W/") for one in said.split(","))
