"""Lists a page at a time: opaque cursors, and where the next page is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.web.refusals import Refusal
from monitor.web.site import site_of

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_CURSOR_CHARS = 600
_BAD = "The cursor is none of ours. Begin without one."

Row = TypeVar("Row")


class Paging(BaseModel):
    """Which part of a list; a parameter that nobody knows is refused, lest a filter be thought to hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="At most this many.")] = DEFAULT_LIMIT
    cursor: Annotated[
        str, Field(max_length=MAX_CURSOR_CHARS, description="From the `next` of the page before; made to be sent back.")
    ] = ""


def cursor_of(*parts: str | int | None) -> str:
    """What leads on from there."""
    body = json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def parts_of(cursor: str, *kinds: type) -> list[Any] | None:
    """What `cursor_of` was given, None for no cursor; raises `Refusal` for what is none of ours."""
    if not cursor:
        return None
    try:
        body = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        parts = json.loads(body)
    except (binascii.Error, ValueError, RecursionError):
        raise Refusal(400, _BAD) from None
    fits = isinstance(parts, list) and len(parts) == len(kinds)
    if not fits or any(type(one) not in (kind, type(None)) for one, kind in zip(parts, kinds, strict=True)):
        raise Refusal(400, _BAD)
    return list(parts)


def bad_cursor() -> Refusal:
    """For a cursor of the right shape that leads nowhere."""
    return Refusal(400, _BAD)


def next_address(request: Request, response: Response, cursor: str | None) -> str | None:
    """The address of the next page, which is put into the Link header too; None: there is none."""
    if cursor is None:
        return None
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    base = site_of(request).options.base_url.rstrip("/")
    address = f"{base}{request.url.path}?{urlencode([*asked, ('cursor', cursor)])}"
    response.headers["Link"] = f'<{address}>; rel="next"'
    return address


def part(rows: Sequence[Row], after: str | None, key: Callable[[Row], str], limit: int) -> tuple[list[Row], str | None]:
    """Of rows in the order of their keys those after a key, and the key to go on from; for lists that are short."""
    rest = [one for one in rows if after is None or key(one) > after]
    chosen = rest[:limit]
    return chosen, key(chosen[-1]) if len(rest) > limit else None
