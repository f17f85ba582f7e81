"""The way out to addresses of the operator's own: a digest as JSON, through the guarded HTTP client.

A request is a POST of one document (version 1); its events come from `render.WebhookRenderer`:

    {"version": 1, "key": "...", "subscription": "...", "language": "fr", "subject": "...", "composed_at": "2026-...Z",
     "intro": "...", "events": [{"section": "new", "id": "...", "headline": "...", "details": ["..."],
     "when": {"from": "2026-10-02", "to": "2026-10-02", "precision": "day"} or null,
     "links": [{"title": "...", "url": "..." or null, "source": "...", "language": "zh" or null,
                "date": "2026-10-03" or null}]}],
     "coverage": ["..."], "text": "the whole digest as plain text"}

`key` is the same at every attempt, and stands in the header Idempotency-Key too: a receiver that saw it before has the
digest already. With a secret, X-Hub-Signature-256 holds "sha256=" and the hex HMAC of the body, as WebSub and GitHub
write it. An address may hold a secret: it is in no detail and in no log.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.domain.model.digests import DeliveryFailed, DeliveryForSend, Sent
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean_line
from monitor.domain.urls import absolute_url
from monitor.errors import ConfigurationError
from monitor.ports import FetchFailed, Poster

CONTENT_TYPE = "application/json"
_TRY_AGAIN_STATUS = frozenset((408, 425, 429))  # of the 4xx: those that say nothing against the message


@dataclass(frozen=True, slots=True)
class Receiver:
    """An address that takes digests."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)  # "": what is sent is not signed


class WebhookChannel:
    """Posts to the receiver that the delivery's recipient names.

    Raises `ConfigurationError` for a receiver without a web address; its text holds the name only.
    """

    def __init__(self, receivers: Mapping[str, Receiver], poster: Poster) -> None:
        for name, receiver in receivers.items():
            if absolute_url(receiver.url) is None:
                raise ConfigurationError(f"webhook {name}: its address must be an http:// or https:// address")
        self._receivers = dict(receivers)
        self._poster = poster

    def send(self, delivery: DeliveryForSend) -> Sent | DeliveryFailed:
        """One attempt; every attempt at a delivery sends the same bytes."""
        receiver = self._receivers.get(delivery.data.recipient)
        if receiver is None:
            return DeliveryFailed(Outcome.REFUSED, f"no webhook is called {clean_line(delivery.data.recipient)!r}")
        body = document(delivery)
        answer = self._poster.post(receiver.url, body, CONTENT_TYPE, _headers(delivery, body, receiver.secret))
        return _failed(answer) if isinstance(answer, FetchFailed) else Sent(f"HTTP {answer.status}")


def document(delivery: DeliveryForSend) -> bytes:
    """The body of every attempt at this delivery."""
    content = delivery.data.content
    told = json.loads(content.blocks) if content.blocks else {"version": 1, "subject": content.subject}
    return json.dumps({**told, "key": delivery.data.key, "text": content.text}, ensure_ascii=False).encode()


def _headers(delivery: DeliveryForSend, body: bytes, secret: str) -> dict[str, str]:
    headers = {"Idempotency-Key": delivery.data.key}
    if secret:
        headers["X-Hub-Signature-256"] = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    return headers


def _failed(answer: FetchFailed) -> DeliveryFailed:
    """Refused for good, or put off; where the network was at fault, its own label says how."""
    status = answer.status
    if status is None:
        return DeliveryFailed(answer.outcome, answer.detail, answer.retry_after_s)
    if status in _TRY_AGAIN_STATUS or status >= 500:
        return DeliveryFailed(Outcome.DEFERRED, answer.detail, answer.retry_after_s)
    return DeliveryFailed(Outcome.REFUSED, answer.detail)
