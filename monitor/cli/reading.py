"""A file or an address, read as if it had been fetched."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from monitor.bootstrap import App
from monitor.domain.model.sources import Validators
from monitor.ports import Fetched, FetchFailed, FetchRequest, NotModified, Purpose


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """What was asked for cannot be read."""

    outcome: str
    detail: str


def read_address(address: str, base_url: str | None, app: App) -> Fetched | ReadFailed:
    """Fetch an http(s) address through the guarded client, or read a file as if it came from `base_url`."""
    if address.startswith(("http://", "https://")):
        answer = app.fetcher.fetch(FetchRequest(address, Purpose.PAGE))
        if isinstance(answer, FetchFailed):
            return ReadFailed(answer.outcome.value, answer.detail)
        if isinstance(answer, NotModified):
            return ReadFailed("protocol", "304 to a request without validators")
        return answer
    path = Path(address)
    try:
        body = path.read_bytes()
    except OSError as error:
        return ReadFailed(
            "no-such-file" if isinstance(error, FileNotFoundError) else "unreadable", error.strerror or ""
        )
    url = base_url or f"https://file.invalid/{path.name}"
    content_type = mimetypes.guess_type(path.name)[0] or ""
    return Fetched(
        url, url, None, 200, content_type, body, hashlib.sha256(body).hexdigest(), Validators(), None, app.clock()
    )
