"""Posting through the guarded client, against real servers."""

from __future__ import annotations

import socket
import time

import pytest
from pytest_httpserver import HTTPServer

from monitor.domain.outcomes import Outcome
from monitor.ports import FetchFailed, Posted
from tests.adapters.hostile import Hostile, answer, by_path, saying, serving
from tests.adapters.http_bench import Bench, failed


@pytest.fixture
def bench() -> Bench:
    return Bench()


def post(bench: Bench, server: Hostile, body: bytes = b"{}", **limits: object) -> Posted | FetchFailed:
    return bench.fetcher(server, **limits).post(server.url + "/hook", body, "application/json", {"X-Told": "once"})


def test_a_message_arrives_whole_with_its_headers(bench: Bench, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok", status=202)
    body = '{"subject": "南锡"}'.encode() * 5_000
    result = post(bench, Hostile("127.0.0.1", httpserver.port), body)
    assert result == Posted(f"http://127.0.0.1:{httpserver.port}/hook", 202)
    (request, _), = httpserver.log  # fmt: skip
    assert request.get_data() == body
    assert (request.content_type, request.headers["X-Told"]) == ("application/json", "once")
    assert request.headers["User-Agent"].startswith("monitor-tests/1.0")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("301 Moved", Outcome.REFUSED),
        ("307 Moved", Outcome.REFUSED),
        ("304 Not Modified", Outcome.REFUSED),
        ("400 Bad", Outcome.CLIENT_ERROR),
        ("404 Not Found", Outcome.NOT_FOUND),
        ("429 Slow", Outcome.THROTTLED),
        ("500 Oops", Outcome.SERVER_ERROR),
    ],
)
def test_what_is_not_taken_has_its_outcome(bench: Bench, status: str, outcome: Outcome) -> None:
    with serving(saying(answer(b"no", status, "Location: /elsewhere"))) as server:
        result = failed(post(bench, server))
    assert (result.outcome, result.status) == (outcome, int(status[:3]))
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["429 Slow", "503 Busy"])
def test_a_wish_to_wait_is_told(bench: Bench, status: str) -> None:
    with serving(saying(answer(b"", status, "Retry-After: 90"))) as server:
        result = failed(post(bench, server))
    assert (result.outcome, result.retry_after_s) == (Outcome.THROTTLED, 90.0)


def test_a_private_address_is_refused_unless_allowed(bench: Bench) -> None:
    with serving(saying(answer(b"ok"))) as server:
        assert failed(post(bench, server, allowed_addresses=frozenset())).outcome is Outcome.BLOCKED_ADDRESS
        assert server.connections == 0
        assert isinstance(post(bench, server), Posted)


def test_an_address_that_is_none_is_refused(bench: Bench) -> None:
    fetcher = bench.fetcher()
    assert failed(fetcher.post("file:///etc/passwd", b"", "a/b", {})).outcome is Outcome.BAD_SCHEME
    assert failed(fetcher.post("https://u:p@x.example/", b"", "a/b", {})).outcome is Outcome.BAD_URL


def test_whatever_follows_the_status_the_message_was_taken(bench: Bench) -> None:
    """A bomb, an endless body, a foreign encoding: of the receipt 4 KiB are read, and dropped."""

    def endless(connection: socket.socket, request: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n")
        for _ in range(2_000):
            connection.sendall(b"x" * 65_536)

    with serving(endless) as server:
        began = time.monotonic()
        assert isinstance(post(bench, server), Posted)
        assert time.monotonic() - began < 1
    with serving(saying(answer(b"short", length=100))) as server:
        assert isinstance(post(bench, server), Posted)


def test_a_silent_receiver_ends_at_the_limit(bench: Bench) -> None:
    with serving(lambda connection, request: time.sleep(1)) as server:
        assert failed(post(bench, server, idle_s=0.2)).outcome is Outcome.DEADLINE


def test_nothing_that_is_told_repeats_the_address(bench: Bench) -> None:
    with serving(by_path({})) as server:
        result = failed(bench.fetcher(server).post(server.url + "/secret-canary", b"", "a/b", {}))
    assert "canary" not in result.detail
