"""Where a visitor may be led back to: never to another site (faults H12)."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(wanted: str, fallback: str = "/") -> str:
    """`wanted` where every browser takes it for a path of this site, else `fallback`.

    Browsers read a backslash as a slash and drop tabs and line breaks: with either, a path can lead away.
    """
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return fallback
    if any(ord(char) < 33 or ord(char) == 127 for char in wanted):
        return fallback
    parts = urlsplit(wanted)
    return fallback if parts.scheme or parts.netloc else wanted
