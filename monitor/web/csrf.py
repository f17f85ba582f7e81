"""Whether a change was asked for by a page of ours (faults H10)."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request

from monitor.web.site import WebOptions

HIDDEN = "null"  # what a browser says of a page without referrer, which all of ours are; its visit's token still counts
_OURS = frozenset({"same-origin", "none"})  # Sec-Fetch-Site; "none": typed by the person


def new_visit() -> str:
    """The secret of one browser's visit, kept in a cookie."""
    return secrets.token_urlsafe(32)


def token_for(visit: str, key: bytes) -> str:
    """What a form carries; it can be made again from the visit, so it needs no store."""
    return hmac.new(key, f"csrf:{visit}".encode(), sha256).hexdigest()


def belongs_to_visit(token: str, visit: str, key: bytes) -> bool:
    """Whether the form was made for this visit."""
    return hmac.compare_digest(token.encode(), token_for(visit, key).encode())


def comes_from_here(request: Request, options: WebOptions) -> bool:
    """By the browser's own word; a program that says nothing (no browser) still needs the token."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in _OURS:
        return False
    origin = request.headers.get("origin")
    if origin is None or origin == HIDDEN:
        return True
    host = urlsplit(origin).netloc.lower()
    return bool(host) and host in {request.headers.get("host", "").lower(), options.public_host}
