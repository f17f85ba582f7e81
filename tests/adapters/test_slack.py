from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from time import monotonic, sleep

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor.adapters.channels.console import ConsoleChannel
from monitor.adapters.channels.render import SlackRenderer
from monitor.adapters.channels.slack import SlackChannel
from monitor.domain import digest
from monitor.domain.model.digests import ChannelKind, DeliveryData, DeliveryFailed, DeliveryForSend, RenderedPart, Sent
from monitor.domain.outcomes import Outcome
from monitor.errors import ConfigurationError
from tests.adapters.hostile import answer, saying, serving
from tests.domain.digest_samples import NOW, place, rich_material, words

SECRET = "/services/T000/B000/canary-4417"
PART = RenderedPart("1 new event", "1 new event &lt;!channel&gt;", blocks=json.dumps([{"type": "divider"}]))


def delivery(part: RenderedPart = PART, recipient: str = "relations") -> DeliveryForSend:
    data = DeliveryData("k" * 64, ChannelKind.SLACK, recipient, 1, "<abc@localhost>", part)
    return DeliveryForSend(7, data, 0, None, datetime(2026, 10, 5, 5, tzinfo=UTC))


def channel(server: HTTPServer, gap_s: float = 0.0, timeout_s: float = 5.0) -> SlackChannel:
    return SlackChannel({"relations": server.url_for(SECRET)}, gap_s=gap_s, timeout_s=timeout_s)


def bodies(server: HTTPServer) -> list[dict[str, object]]:
    return [json.loads(request.get_data()) for request, _ in server.log]


def test_a_message_is_posted_with_text_and_blocks_and_unfolds_nothing(httpserver: HTTPServer) -> None:
    httpserver.expect_request(SECRET, method="POST").respond_with_data("ok")
    assert channel(httpserver).send(delivery()) == Sent()
    assert bodies(httpserver) == [
        {"text": PART.text, "blocks": [{"type": "divider"}], "unfurl_links": False, "unfurl_media": False}
    ]


def test_a_message_without_blocks_has_its_text(httpserver: HTTPServer) -> None:
    httpserver.expect_request(SECRET).respond_with_data("ok")
    assert channel(httpserver).send(delivery(RenderedPart("s", "only text"))) == Sent()
    assert "blocks" not in bodies(httpserver)[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_whole_digest_goes_out_part_by_part(httpserver: HTTPServer, language: str) -> None:
    httpserver.expect_request(SECRET).respond_with_data("ok")
    composed = digest.compose(rich_material(), NOW, words(language), place)
    assert composed is not None
    parts = SlackRenderer(words).render(composed)
    slack = channel(httpserver)
    assert [slack.send(delivery(part)) for part in parts] == [Sent()] * len(parts)
    assert bodies(httpserver)[0]["blocks"] == json.loads(parts[0].blocks or "")


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (400, "invalid_payload", Outcome.REFUSED),
        (403, "invalid_token", Outcome.REFUSED),
        (403, "action_prohibited", Outcome.REFUSED),
        (404, "no_service", Outcome.REFUSED),
        (404, "channel_not_found", Outcome.REFUSED),
        (410, "channel_is_archived", Outcome.REFUSED),
        (500, "rollup_error", Outcome.SERVER_ERROR),
        (503, "", Outcome.SERVER_ERROR),
        (302, "", Outcome.REFUSED),
    ],
)
def test_what_slack_says_becomes_an_outcome(httpserver: HTTPServer, status: int, said: str, outcome: Outcome) -> None:
    httpserver.expect_request(SECRET).respond_with_data(said, status=status, headers={"Location": "http://127.0.0.9/"})
    result = channel(httpserver).send(delivery())
    assert result == DeliveryFailed(outcome, f"{status} {said}".strip())
    assert len(httpserver.log) == 1  # no retry of the library's own


def test_a_message_is_not_carried_to_another_address(httpserver: HTTPServer) -> None:
    httpserver.expect_request(SECRET).respond_with_data("", status=307, headers={"Location": httpserver.url_for("/x")})
    assert isinstance(channel(httpserver).send(delivery()), DeliveryFailed)
    assert [request.path for request, _ in httpserver.log] == [SECRET]


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30.0), ("0", 0.0), ("soon", 30.0), ("9" * 40, 30.0), (None, 30.0)]
)
def test_throttling_tells_how_long(httpserver: HTTPServer, header: str | None, seconds: float) -> None:
    headers = {"Retry-After": header} if header is not None else {}
    httpserver.expect_request(SECRET).respond_with_data("rate_limited", status=429, headers=headers)
    assert channel(httpserver).send(delivery()) == DeliveryFailed(Outcome.THROTTLED, "429 rate_limited", seconds)


def test_within_the_pause_nobody_calls(httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request(SECRET).respond_with_data("", status=429, headers={"Retry-After": "1"})
    httpserver.expect_request(SECRET).respond_with_data("ok")
    slack = channel(httpserver)
    slack.send(delivery())
    waiting = slack.send(delivery())
    assert isinstance(waiting, DeliveryFailed)
    assert waiting.outcome is Outcome.THROTTLED
    assert 0 < (waiting.retry_after_s or 0) <= 1
    assert len(httpserver.log) == 1
    sleep(waiting.retry_after_s or 0)
    assert slack.send(delivery()) == Sent()
    assert len(httpserver.log) == 2


def test_at_most_one_message_in_each_gap_from_however_many_threads(httpserver: HTTPServer) -> None:
    arrived: list[float] = []

    def take(_request: Request) -> Response:
        arrived.append(monotonic())
        return Response("ok")

    httpserver.expect_request(SECRET).respond_with_handler(take)
    slack = channel(httpserver, gap_s=0.2)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: slack.send(delivery()), range(4)))
    assert results == [Sent()] * 4
    assert all(later - earlier >= 0.19 for earlier, later in pairwise(arrived))


def test_the_gap_is_a_second_unless_told_otherwise(httpserver: HTTPServer) -> None:
    httpserver.expect_request(SECRET).respond_with_data("ok")
    slack = SlackChannel({"relations": httpserver.url_for(SECRET)})
    started = monotonic()
    slack.send(delivery())
    slack.send(delivery())
    assert monotonic() - started >= 1.0


def test_an_unknown_webhook_is_refused() -> None:
    result = SlackChannel({}).send(delivery(recipient="nobody\r\n"))
    assert result == DeliveryFailed(Outcome.REFUSED, "no webhook is called 'nobody'")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "hooks.slack.example/canary"])
def test_a_webhook_without_web_address_is_a_mistake_in_the_settings(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        SlackChannel({"relations": url})
    assert str(caught.value) == "slack relations: the address of the webhook must start with https://"


# ---------------------------------------------------------------- servers that fail


@pytest.fixture
def silent() -> Iterator[str]:
    """Takes connections and requests and never answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def hold() -> None:
        connection, _ = listener.accept()
        held.append(connection)

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}{SECRET}"
    thread.join(5)
    for connection in held:
        connection.close()
    listener.close()


def outcome_at(url: str, timeout_s: float = 0.3) -> DeliveryFailed:
    result = SlackChannel({"relations": url}, gap_s=0.0, timeout_s=timeout_s).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert "canary" not in result.detail
    return result


def test_no_answer_after_sending_is_unknown(silent: str) -> None:
    assert outcome_at(silent).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 2", b"nonsense\r\n"])
def test_a_connection_broken_after_sending_is_unknown(said: bytes) -> None:
    with serving(saying(said), "127.0.1.31") as server:
        assert outcome_at(server.url + SECRET, 5.0).outcome is Outcome.UNKNOWN


def test_nobody_there_is_a_network_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert outcome_at(f"http://127.0.0.1:{port}{SECRET}").outcome is Outcome.NETWORK


def test_a_server_that_speaks_no_tls_is_a_tls_fault() -> None:
    with serving(saying(answer(b"ok")), "127.0.1.32") as server:
        assert outcome_at(f"https://127.0.1.32:{server.port}{SECRET}", 5.0).outcome is Outcome.TLS


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with serving(saying(answer(b"x" * 5_000_000, "500 Oh")), "127.0.1.33") as server:
        result = outcome_at(server.url + SECRET, 5.0)
    assert result.outcome is Outcome.SERVER_ERROR
    assert len(result.detail) <= 100


def test_the_proxies_of_the_environment_are_left_alone(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    httpserver.expect_request(SECRET).respond_with_data("ok")
    assert channel(httpserver).send(delivery()) == Sent()


def test_the_address_is_in_no_log_and_no_representation(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    slack = channel(httpserver)
    httpserver.expect_request(SECRET).respond_with_data("no_service", status=404)
    slack.send(delivery())
    outcome_at(f"http://127.0.0.1:9{SECRET}")
    own = [record for record in caplog.records if record.name != "werkzeug"]
    out, err = capfd.readouterr()
    assert "canary" not in repr(slack) + out + "".join(record.getMessage() for record in own)
    assert not any("canary" in line and "POST" not in line for line in err.splitlines())  # the stand-in logs requests


# ---------------------------------------------------------------- console


def test_the_console_gets_the_text() -> None:
    written: list[str] = []
    assert ConsoleChannel(written.append).send(delivery()) == Sent()
    assert written == [PART.text]
