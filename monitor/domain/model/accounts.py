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


@dataclass(frozen=True, slots=True)
class AccountData:
    """An account to be added."""

    name: str  # as `domain.accounts.account_name` gives it
    role: Role
    created_at: datetime
    password_hash: str | None = None  # None: signs in elsewhere
    subject: str | None = None  # whom the identity provider means: its address and its own id of the person


@dataclass(frozen=True, slots=True)
class SessionData:
    """A sign-in to be kept; the browser has the secret, we only its sha256."""

    account_id: int
    secret_sha: str
    began_at: datetime
    ends_at: datetime
    browser: str  # as it names itself, for people who look their sessions over
    address: str


@dataclass(frozen=True, slots=True)
class WebSession:
    """One browser in which somebody is signed in."""

    id: int
    began_at: datetime
    ends_at: datetime
    browser: str
    address: str
    is_this: bool  # the one that asks


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program reads the API with; its secret is shown once, when it is made."""

    id: int
    name: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None  # to the hour
