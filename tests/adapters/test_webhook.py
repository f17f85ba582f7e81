"""Digests as JSON to real receivers, through the guarded client."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytest_httpserver import HTTPServer

from monitor.adapters.channels.render import WebhookRenderer
from monitor.adapters.channels.webhook import Receiver, WebhookChannel, document
from monitor.domain import digest
from monitor.domain.deliveries import decide_delivery
from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryData,
    DeliveryFailed,
    DeliveryForSend,
    DeliveryState,
    RenderedPart,
    Sent,
)
from monitor.domain.outcomes import Outcome
from monitor.errors import ConfigurationError
from tests.adapters.hostile import Hostile, answer, by_path, saying, serving
from tests.adapters.http_bench import Bench
from tests.domain.digest_samples import NOW, place, rich_material, words

PART = RenderedPart("1 new event", "1 new event\n", blocks='{"version": 1, "subject": "1 new event", "events": []}')
ADDRESS_SECRET = "/hook/canary-5512"


@pytest.fixture
def bench() -> Bench:
    return Bench()


def delivery(part: RenderedPart = PART, recipient: str = "archive") -> DeliveryForSend:
    data = DeliveryData("k" * 64, ChannelKind.WEBHOOK, recipient, 1, "<abc@localhost>", part)
    return DeliveryForSend(7, data, 0, None, datetime(2026, 10, 5, 5, tzinfo=UTC))


def channel(bench: Bench, server: Hostile, secret: str = "", **limits: object) -> WebhookChannel:
    receivers = {"archive": Receiver(server.url + ADDRESS_SECRET, secret)}
    return WebhookChannel(receivers, bench.fetcher(server, **limits))


def rendered(language: str = "en") -> RenderedPart:
    composed = digest.compose(rich_material(), NOW, words(language), place)
    assert composed is not None
    (part,) = WebhookRenderer(words).render(composed)
    return part


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_whole_digest_arrives_as_data_and_as_text(bench: Bench, httpserver: HTTPServer, language: str) -> None:
    httpserver.expect_request(ADDRESS_SECRET, method="POST").respond_with_data("thanks")
    part = rendered(language)
    result = channel(bench, Hostile("127.0.0.1", httpserver.port)).send(delivery(part))
    assert result == Sent("HTTP 200")
    (request, _), = httpserver.log  # fmt: skip
    told = json.loads(request.get_data())
    assert (told["version"], told["key"], told["language"]) == (1, "k" * 64, language)
    assert (told["subject"], told["text"]) == (part.subject, part.text)
    assert request.headers["Idempotency-Key"] == "k" * 64
    assert "X-Hub-Signature-256" not in request.headers
    assert all(one["headline"] in part.text for one in told["events"] if one["section"] == "new")


def test_events_carry_their_dates_and_links() -> None:
    told = json.loads(rendered().blocks or "")
    events = [one for one in told["events"] if one["id"] and one["when"] and one["links"]]
    assert events
    first = events[0]
    assert set(first) == {"section", "id", "headline", "details", "when", "links"}
    assert first["when"]["precision"] in {"day", "month", "year"}
    assert set(first["links"][0]) == {"title", "url", "source", "language", "date"}
    assert datetime.fromisoformat(told["composed_at"]).tzinfo is not None


def test_an_expected_event_carries_its_date() -> None:
    told = json.loads(rendered().blocks or "")
    expected = [one for one in told["events"] if one["section"] == "expectations"]
    assert expected
    assert all(one["when"] for one in expected if one["id"])


def test_with_a_secret_the_body_is_signed(bench: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request(ADDRESS_SECRET).respond_with_data("ok")
    assert isinstance(channel(bench, Hostile("127.0.0.1", httpserver.port), "pepper").send(delivery()), Sent)
    (request, _), = httpserver.log  # fmt: skip
    expected = hmac.new(b"pepper", request.get_data(), hashlib.sha256).hexdigest()
    assert request.headers["X-Hub-Signature-256"] == f"sha256={expected}"


def test_every_attempt_sends_the_same_bytes() -> None:
    first = delivery()
    assert document(first) == document(replace(first, id=8, attempts=3, first_attempt_at=NOW))


@pytest.mark.parametrize(
    ("status", "outcome", "state"),
    [
        ("400 Bad Request", Outcome.REFUSED, DeliveryState.DEAD),
        ("401 Unauthorized", Outcome.REFUSED, DeliveryState.DEAD),
        ("404 Not Found", Outcome.REFUSED, DeliveryState.DEAD),
        ("410 Gone", Outcome.REFUSED, DeliveryState.DEAD),
        ("302 Found", Outcome.REFUSED, DeliveryState.DEAD),
        ("408 Request Timeout", Outcome.DEFERRED, DeliveryState.PENDING),
        ("429 Too Many Requests", Outcome.DEFERRED, DeliveryState.PENDING),
        ("500 Oops", Outcome.DEFERRED, DeliveryState.PENDING),
        ("503 Busy", Outcome.DEFERRED, DeliveryState.PENDING),
    ],
)
def test_what_an_answer_means(bench: Bench, status: str, outcome: Outcome, state: DeliveryState) -> None:
    with serving(saying(answer(b"canary", status, "Location: /canary"))) as server:
        result = channel(bench, server).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is outcome
    assert result.detail.startswith(f"HTTP {status[:3]}")
    assert "canary" not in result.detail
    assert decide_delivery(delivery(), result, NOW).state is state


def test_a_wish_to_wait_is_kept(bench: Bench) -> None:
    with serving(saying(answer(b"", "503 Busy", "Retry-After: 7200"))) as server:
        result = channel(bench, server).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert result.retry_after_s == 7200.0


def test_a_receiver_that_is_away_is_tried_again(bench: Bench) -> None:
    with serving(saying(answer(b"x"))) as server:
        pass
    result = channel(bench, server).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.NETWORK
    assert decide_delivery(delivery(), result, NOW).state is DeliveryState.PENDING


def test_a_private_address_is_refused_unless_allowed(bench: Bench) -> None:
    with serving(saying(answer(b"x"))) as server:
        result = channel(bench, server, allowed_addresses=frozenset()).send(delivery())
        assert server.connections == 0
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.BLOCKED_ADDRESS


def test_a_redirecting_receiver_gets_the_message_no_further(bench: Bench) -> None:
    with serving(saying(answer(b"x")), address="127.0.1.2") as other:
        moved = answer(b"", "307 Moved", f"Location: {other.url}/")
        with serving(by_path({ADDRESS_SECRET: moved})) as server:
            result = channel(bench, server, allowed_addresses=server.allowed | other.allowed).send(delivery())
        assert other.connections == 0
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.REFUSED


def test_an_unknown_name_is_refused(bench: Bench) -> None:
    result = WebhookChannel({}, bench.fetcher()).send(delivery(recipient="nobody"))
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.REFUSED


@pytest.mark.parametrize("url", ["", "canary", "ftp://canary.example/", "https://u:canary@x.example/"])
def test_a_receiver_without_a_web_address_is_told_by_its_name(bench: Bench, url: str) -> None:
    with pytest.raises(ConfigurationError, match="webhook archive") as told:
        WebhookChannel({"archive": Receiver(url)}, bench.fetcher())
    assert "canary" not in str(told.value)


def test_secrets_are_not_shown() -> None:
    assert "canary" not in repr(Receiver("https://x.example/canary", "canary"))
