"""What an HTTP answer means to us: outcomes, redirects, validators, and when to come back. No network here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from monitor.domain.model.sources import Validators
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean_line
from monitor.ports import FetchFailed, FetchRequest, NotModified, Posted, Purpose

PERMANENT = frozenset((301, 308))
REDIRECTS = frozenset((301, 302, 303, 307, 308))
MAX_RETRY_AFTER_S = 86_400.0  # faults A18: a wish for more is shortened to a day
MAX_MAX_AGE_S = 31_536_000  # a year, RFC 9111's own horizon
MAX_VALIDATOR_CHARS = 512
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, read; the body only of a success."""

    status: int
    headers: Mapping[str, str]  # names in any case
    body: bytes

    @property
    def content_type(self) -> str:
        """As declared, "" if not."""
        return clean_line(self.headers.get("content-type", ""), 200)

    @property
    def validators(self) -> Validators:
        """What to ask with next time; what could not be sent back unchanged is left out."""
        return Validators(_sendable(self.headers.get("etag")), _sendable(self.headers.get("last-modified")))


def request_headers(request: FetchRequest) -> dict[str, str]:
    """The headers particular to a request."""
    headers = {"Accept": request.accept}
    if request.validators.etag:
        headers["If-None-Match"] = request.validators.etag
    if request.validators.last_modified:
        headers["If-Modified-Since"] = request.validators.last_modified
    return headers


def unusable(start: str, url: str, where: str = "") -> FetchFailed:
    """An address that must not be fetched, told without quoting it."""
    scheme, colon, _ = url.strip().partition(":")
    if colon and scheme.isalnum() and scheme.lower() not in {"http", "https"} and "." not in scheme:
        return FetchFailed(start, Outcome.BAD_SCHEME, f"neither http nor https{where}")
    return FetchFailed(start, Outcome.BAD_URL, f"the address cannot be used{where}")


def redirect_target(reply: Reply, url: str) -> str | None:
    """Where a redirect points, as sent; None: the answer is no redirect."""
    location = reply.headers.get("location", "")
    if reply.status not in REDIRECTS or not location:
        return None
    target = location.strip()
    return f"{urlsplit(url).scheme}:{target}" if target.startswith("//") else target


def judge(reply: Reply, request: FetchRequest, now: datetime) -> NotModified | FetchFailed | None:
    """What a final answer other than a success means; None: it is a success."""
    status = reply.status
    if status == 304:
        if request.validators == Validators():
            return FetchFailed(request.url, Outcome.PROTOCOL, "304 to a request without validators", status)
        return NotModified(request.url, max_age_s(reply, now))
    if 200 <= status < 300 and status != 206:
        return None
    retry_after = retry_after_s(reply, now)
    outcome = _STATUS.get(status) or (Outcome.SERVER_ERROR if status >= 500 else Outcome.CLIENT_ERROR)
    if status < 400:
        outcome = Outcome.PROTOCOL
    if status == 503 and retry_after is not None:
        outcome = Outcome.THROTTLED
    return FetchFailed(request.url, outcome, f"HTTP {status}", status, retry_after)


def judge_post(reply: Reply, url: str, now: datetime) -> Posted | FetchFailed:
    """What the answer to a message means: taken by any 2xx; a redirect would send it to somebody else."""
    if 200 <= reply.status < 300:
        return Posted(url, reply.status)
    if reply.status < 400:
        return FetchFailed(url, Outcome.REFUSED, f"HTTP {reply.status}: messages are not redirected", reply.status)
    failed = judge(reply, FetchRequest(url, Purpose.FEED), now)
    assert isinstance(failed, FetchFailed)  # noqa: S101 - only a 304 is not modified
    return failed


_STATUS = {
    **dict.fromkeys((401, 403, 451), Outcome.FORBIDDEN),
    404: Outcome.NOT_FOUND,
    410: Outcome.GONE,
    429: Outcome.THROTTLED,
}


def retry_after_s(reply: Reply, now: datetime) -> float | None:
    """The wait a server asks for, in (0, 1 day]; None: it asks for none that makes sense.

    A date is taken relative to the server's own `Date`, since clocks differ (RFC 9110 section 10.2.3).
    """
    value = reply.headers.get("retry-after", "").strip()
    seconds = whole_number(value)
    if seconds is None:
        until = _moment(value)
        if until is None:
            return None
        seconds_left = (until - (_moment(reply.headers.get("date", "")) or now)).total_seconds()
    else:
        seconds_left = float(seconds)
    return min(seconds_left, MAX_RETRY_AFTER_S) if seconds_left > 0 else None


def max_age_s(reply: Reply, now: datetime) -> int | None:
    """How long the server holds its answer to be fresh; None: it does not say, or forbids to rely on it."""
    control = reply.headers.get("cache-control", "")
    if _NO_CACHE.search(control):
        return None
    if (asked := _MAX_AGE.search(control)) is not None:
        return min(int(asked[1]), MAX_MAX_AGE_S)
    expires = _moment(reply.headers.get("expires", ""))
    if expires is None:
        return None
    seconds = (expires - (_moment(reply.headers.get("date", "")) or now)).total_seconds()
    return min(int(seconds), MAX_MAX_AGE_S) if seconds > 0 else None


def whole_number(value: str | None) -> int | None:
    """A header's non-negative number; None: absent or garbage."""
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _sendable(value: str | None) -> str | None:
    if not value or len(value) > MAX_VALIDATOR_CHARS or not value.isascii() or not value.isprintable():
        return None
    return value
