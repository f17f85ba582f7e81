"""Keys of sources that nobody named: made of what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.domain.text import fold

MAX_KEY_CHARS = 48


def slug(name: str) -> str:
    """A source key made of a name: folded, [a-z0-9-], at most 48 characters."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:MAX_KEY_CHARS].strip("-") or "source"


def free_key(name: str, taken: Iterable[str]) -> str:
    """A source key made of a name that is not among those taken."""
    base = slug(name)
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key
