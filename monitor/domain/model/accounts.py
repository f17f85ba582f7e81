"""Who may use the archive's pages, and what for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Role(IntEnum):
    """What somebody may do; each role may do what those before it may."""

    READER = 1  # reads, searches, exports within the sources' rights
    REVIEWER = 2  # sees full texts, judges, corrects, annotates
    ADMIN = 3  # changes sources, watches and accounts


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who signs in."""

    id: int
    name: str  # unique, folded case
    role: Role
    created_at: datetime
    external: bool = False  # signed in by an identity provider or a proxy: has no password here
