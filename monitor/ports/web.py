"""The ways to the network: asking, handing over, and one mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from monitor.domain.model.sources import (
    ParsedFeed,
    Validators,
)
from monitor.domain.outcomes import Outcome


class Purpose(StrEnum):
    """Why something is fetched: robots.txt binds pages, not feeds."""

    FEED = "feed"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One GET."""

    url: str
    purpose: Purpose
    validators: Validators = Validators()  # noqa: RUF009 - frozen value
    accept: str = "*/*"
    tdm_licensed: bool = False  # a reservation of text and data mining does not bind us here


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 200 with its whole body, decoded from its content encoding, not from its charset."""

    url: str
    final_url: str
    permanent_url: str | None  # where an unbroken chain of 301/308 led
    status: int
    content_type: str  # as declared, "" if not
    body: bytes
    body_sha: str  # sha256 hex of `body`
    validators: Validators
    max_age_s: int | None
    fetched_at: datetime
    tdm_policy: str | None = None  # mining is reserved: address of the policy, "" where none is given; None: it is not


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304."""

    url: str
    max_age_s: int | None = None


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Anything else; `detail` is safe to show and to log (no credentials, no raw header values)."""

    url: str
    outcome: Outcome
    detail: str
    status: int | None = None
    retry_after_s: float | None = None


class Fetcher(Protocol):
    """Gets one address politely and safely; waits for the host's turn; never raises for what a server does."""

    def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """Fetch within the limits of the settings."""
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A 2xx to something handed over; the body of the answer is not kept."""

    url: str
    status: int


class Poster(Protocol):
    """Hands a message to an address the operator gave; the same guard as fetching, no redirects."""

    def post(self, url: str, body: bytes, content_type: str, headers: Mapping[str, str]) -> Posted | FetchFailed:
        """One attempt; never raises for what a server does."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A 2xx to a form, with its body, bounded as every other."""

    url: str
    body: bytes


class FormSender(Protocol):
    """Sends a form to an address the operator gave and reads the answer; the same guard as fetching, no redirects."""

    def send_form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answered | FetchFailed:
        """One attempt; never raises for what a server does."""
        ...


class Mailbox(Protocol):
    """The operator's mailbox for newsletters."""

    def read(self, since: str | None, now: datetime) -> MailboxRead | FetchFailed:
        """The mails that arrived after the position `since` (None: from the beginning), oldest first, bounded."""
        ...


@dataclass(frozen=True, slots=True)
class MailboxRead:
    """New mails as entries, and the position to go on from."""

    parsed: ParsedFeed
    position: str  # opaque; kept as the feed's ETag
