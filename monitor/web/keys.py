"""Whether single keys press the buttons of pages: yes, unless the visitor switched them off in this browser."""

from __future__ import annotations

from fastapi import Request

KEYS_COOKIE = "monitor_keys"


def keys_work(request: Request) -> bool:
    """Whether pages bring the script that listens to keys."""
    return request.cookies.get(KEYS_COOKIE) != "off"
