"""Visitors who dribble, flood or hang, against the real server (fault H18)."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.bootstrap import App
from monitor.web import app as web_app
from monitor.web import headers as web_headers
from monitor.web.headers import MAX_BODY_BYTES
from monitor.web.patience import PatientProtocol
from monitor.web.server import MAX_AT_ONCE, WebServer
from tests.web.conftest import site_with

PATIENCE_S = 0.6
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def port(assembled: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(PatientProtocol, "headers_within_s", PATIENCE_S)
    monkeypatch.setattr(web_headers, "BODY_WITHIN_S", PATIENCE_S)
    server = WebServer(web_app.create(site_with(assembled)), "127.0.0.1", 0)
    server.start()
    yield server.port
    server.stop()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def all_of(connection: socket.socket) -> bytes:
    """What is answered until the other side ends."""
    read = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65_536):
            read += piece
    return read


def asked(port: int, request: bytes = REQUEST) -> bytes:
    with connected(port) as connection:
        connection.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        return all_of(connection)


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: "])
def test_h18_headers_that_never_end_are_not_waited_for(port: int, said: bytes) -> None:
    began = time.monotonic()
    with connected(port) as connection:
        connection.sendall(said)
        assert all_of(connection) == b""
    assert time.monotonic() - began < 15


def test_h18_headers_that_dribble_are_not_waited_for(port: int) -> None:
    with connected(port) as connection, contextlib.suppress(ConnectionError):
        for _ in range(200):
            connection.sendall(b"X" if _ else b"GET /healthz HTTP/1.1\r\nX: ")
            time.sleep(0.05)
        pytest.fail("still listening after ten seconds")


def test_h18_a_second_request_of_a_connection_has_its_time_too(port: int) -> None:
    with connected(port) as connection:
        for _ in range(3):
            connection.sendall(REQUEST)
            read = b""
            while not read.endswith(b"ok\n"):
                read += connection.recv(65_536)
            time.sleep(PATIENCE_S / 3)
        connection.sendall(b"GET /hea")
        assert all_of(connection) == b""


def test_h18_a_body_that_never_comes_is_not_waited_for(port: int) -> None:
    head = b"POST /language HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nConnection: close\r\n\r\n"
    with connected(port) as connection:
        connection.sendall(head + b"csrf=")
        assert all_of(connection).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("length", [b"Content-Length: 1000000000", b"Transfer-Encoding: chunked"])
def test_h18_a_gigabyte_is_refused_after_a_megabyte(port: int, length: bytes) -> None:
    head = b"POST /language HTTP/1.1\r\nHost: localhost\r\n" + length + b"\r\n\r\n"
    chunk = b"x" * 65_536
    framed = chunk if length.startswith(b"Content") else b"10000\r\n" + chunk + b"\r\n"
    sent = 0
    with connected(port) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(head)
        for _ in range(16_000):
            connection.sendall(framed)
            sent += len(chunk)
            connection.settimeout(0.001)
            with contextlib.suppress(TimeoutError):
                if connection.recv(65_536, socket.MSG_PEEK).startswith(b"HTTP/1.1 413"):
                    break
            connection.settimeout(20)
    assert sent < 40 * MAX_BODY_BYTES


def test_h18_others_are_answered_while_hundreds_dribble_and_after_them(port: int) -> None:
    assert b"200 OK" in asked(port)
    with contextlib.ExitStack() as stack:
        for _ in range(MAX_AT_ONCE - 20):
            stack.enter_context(connected(port)).sendall(b"GET / HT")
        assert b"200 OK" in asked(port)
    with contextlib.ExitStack() as stack:
        for _ in range(1_000 - MAX_AT_ONCE):
            with contextlib.suppress(ConnectionError):
                stack.enter_context(connected(port)).sendall(b"GET / HT")
        until = time.monotonic() + 30
        while b"200 OK" not in asked(port):
            assert time.monotonic() < until
            time.sleep(PATIENCE_S)


def test_many_readers_at_once_are_all_answered(port: int) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: asked(port), range(100)))
    assert all(b"200 OK" in one or b"503" in one for one in answers)
    assert sum(b"200 OK" in one for one in answers) > 90


@pytest.mark.parametrize("junk", [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\x00" * 5_000, b"A" * 200_000])
def test_what_is_no_http_is_refused(port: int, junk: bytes) -> None:
    with connected(port) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(junk)
        assert b"200" not in all_of(connection)[:20]
    assert b"200 OK" in asked(port)
