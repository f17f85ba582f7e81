"""The way out to Slack, by incoming webhooks. A webhook's address is a secret: it is in no detail and in no log."""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from socket import gaierror
from ssl import SSLError
from threading import Lock
from time import monotonic, sleep

from slack_sdk.webhook import WebhookClient, WebhookResponse

from monitor.domain.model.digests import DeliveryFailed, DeliveryForSend, Sent
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean_line
from monitor.errors import ConfigurationError

MESSAGE_GAP_S = 1.0  # Slack: about one message a second for each channel
DEFAULT_PAUSE_S = 30.0  # after a 429 that does not say how long
TIMEOUT_S = 20.0
MAX_ANSWER_BYTES = 4_096  # Slack answers with one word
MAX_DETAIL_CHARS = 80


class SlackChannel:
    """Posts to the webhook that the delivery's recipient names, one message at a time for each.

    Raises `ConfigurationError` for a webhook without a web address; its text holds the name only.
    """

    def __init__(
        self, webhooks: Mapping[str, str], *, timeout_s: float = TIMEOUT_S, gap_s: float = MESSAGE_GAP_S
    ) -> None:
        for name, url in webhooks.items():
            if not url.lower().startswith(("https://", "http://")):
                raise ConfigurationError(f"slack {name}: the address of the webhook must start with https://")
        self._turns = {name: _Turn(_DirectClient(url, timeout_s), gap_s) for name, url in webhooks.items()}

    def send(self, delivery: DeliveryForSend) -> Sent | DeliveryFailed:
        """One attempt; within a pause that Slack asked for none is made, and the rest of the pause is told."""
        turn = self._turns.get(delivery.data.recipient)
        if turn is None:
            return DeliveryFailed(Outcome.REFUSED, f"no webhook is called {clean_line(delivery.data.recipient)!r}")
        content = delivery.data.content
        blocks = json.loads(content.blocks) if content.blocks else None
        with turn.lock:
            if turn.pause_s > 0:
                return DeliveryFailed(Outcome.THROTTLED, "Slack asked for a pause", turn.pause_s)
            turn.wait()
            result = _post(turn.client, content.text, blocks)
            turn.note(result)
        return result


class _Turn:
    """When a webhook may be called again."""

    def __init__(self, client: WebhookClient, gap_s: float) -> None:
        self.client = client
        self.lock = Lock()
        self._gap_s = gap_s
        self._free_at = 0.0
        self._paused_until = 0.0

    @property
    def pause_s(self) -> float:
        return max(0.0, self._paused_until - monotonic())

    def wait(self) -> None:
        sleep(max(0.0, self._free_at - monotonic()))

    def note(self, result: Sent | DeliveryFailed) -> None:
        self._free_at = monotonic() + self._gap_s
        if isinstance(result, DeliveryFailed) and result.outcome is Outcome.THROTTLED:
            wish_s = result.retry_after_s
            self._paused_until = monotonic() + (DEFAULT_PAUSE_S if wish_s is None else wish_s)


def _post(client: WebhookClient, text: str, blocks: list[dict[str, object]] | None) -> Sent | DeliveryFailed:
    try:
        answer = client.send(text=text, blocks=blocks, unfurl_links=False, unfurl_media=False)
    except urllib.error.URLError as error:
        return _unreached(error)
    except (OSError, HTTPException) as error:  # after the request was sent: it may have been taken
        return DeliveryFailed(Outcome.UNKNOWN, f"no answer after sending: {type(error).__name__}")
    return _judged(answer)


def _unreached(error: urllib.error.URLError) -> DeliveryFailed:
    """A failure before the request was out."""
    reason = error.reason
    if isinstance(reason, gaierror):
        return DeliveryFailed(Outcome.DNS, "the host name of the webhook was not found")
    if isinstance(reason, SSLError):
        return DeliveryFailed(Outcome.TLS, "no trusted connection to the webhook's host")
    if isinstance(reason, TimeoutError):
        return DeliveryFailed(Outcome.DEADLINE, "no connection in time")
    return DeliveryFailed(Outcome.NETWORK, f"no connection: {type(reason).__name__}")


def _judged(answer: WebhookResponse) -> Sent | DeliveryFailed:
    status = answer.status_code
    said = f"{status} {clean_line(answer.body or '', MAX_DETAIL_CHARS)}".strip()
    if status == 200:
        return Sent()
    if status == 429:
        return DeliveryFailed(Outcome.THROTTLED, said, _seconds(answer.headers.get("Retry-After")))
    if status >= 500:
        return DeliveryFailed(Outcome.SERVER_ERROR, said)
    return DeliveryFailed(Outcome.REFUSED, said)  # invalid_token, no_service, channel_is_archived, invalid_blocks ...


def _seconds(header: str | None) -> float:
    text = (header or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 8 else DEFAULT_PAUSE_S


# ---------------------------------------------------------------- the library, tamed


class _AnyAnswer(urllib.request.HTTPErrorProcessor):
    """Every status is an answer: none raises, none redirects the message to somewhere else."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:
        del request
        return response

    https_response = http_response


class _DirectClient(WebhookClient):
    """Without retries of its own (the outbox has them), without a voice (its debug lines hold the address), and not by
    the proxies of the environment, which both the library and urllib would take.
    """

    def __init__(self, url: str, timeout_s: float) -> None:
        silent = logging.Logger("slack", logging.CRITICAL + 1)  # noqa: LOG001 - outside the tree: no handler hears it
        super().__init__(url, retry_handlers=[], logger=silent)
        self._timeout_s = timeout_s

    def _perform_http_request_internal(self, url: str, req: urllib.request.Request) -> WebhookResponse:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _AnyAnswer())
        with opener.open(req, timeout=self._timeout_s) as answer:
            body = answer.read(MAX_ANSWER_BYTES).decode("utf-8", "replace")
            return WebhookResponse(url=url, status_code=answer.status, body=body, headers=dict(answer.headers))
