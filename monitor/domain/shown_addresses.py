"""Addresses as people may see them who hold no key: the address of a feed can be one itself.

Feeds of mailing lists, private calendars and paid services carry a secret in their query or as a piece of their path.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HIDDEN = "…"
_BREAKS = re.compile(r"[-_.~!,;:+%]")
# A run of letters and digits mixed, or a very long one: no word, date or number in addresses of news is like it.
_KEY = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z=]{16,}|[0-9A-Za-z=]{32,}")


def shown_address(url: str, whole: bool) -> str:
    """The address; unless `whole` only its host and path, without what looks like a key."""
    if whole:
        return url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return HIDDEN
    if parts.scheme not in {"http", "https"} or not host:
        return HIDDEN
    name = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    path = "/".join(HIDDEN if _is_key(one) else one for one in parts.path.split("/"))
    return f"{parts.scheme}://{name}{path}" + (f"?{HIDDEN}" if parts.query or parts.fragment else "")


def is_shown_whole(url: str) -> bool:
    """Whether nothing of the address would be hidden."""
    return shown_address(url, whole=False) == url


def _is_key(segment: str) -> bool:
    """Whether the segment or a piece of it looks like one; a key in groups (UUID) is one as well."""
    pieces = _BREAKS.split(segment)
    joined = "".join(pieces)
    return any(_KEY.fullmatch(one) for one in pieces) or re.fullmatch(r"[0-9a-fA-F]{32,}", joined) is not None
