"""The fetcher against real servers, most of them hostile, each on a loopback address of its own."""

from __future__ import annotations

import contextlib
import gzip
import resource
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from monitor.adapters.http import HttpFetcher, HttpLimits
from monitor.adapters.http_guard import AddressPolicy, is_web_port, system_resolver
from monitor.adapters.http_manners import MAX_HOSTS, HostTurns
from monitor.domain.model.sources import Validators
from monitor.domain.outcomes import Outcome
from monitor.ports import Fetched, FetchFailed, FetchRequest, NotModified, Purpose
from tests.adapters.hostile import Hostile, answer, by_path, saying, serving
from tests.adapters.http_bench import NOW, Bench, failed, fetched

MIB = 1024 * 1024


@pytest.fixture
def bench() -> Bench:
    return Bench()


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ---------------------------------------------------------------- the ordinary way


def test_a_success_carries_body_hash_and_validators(bench: Bench) -> None:
    page = answer(b"<rss/>", "200 OK", "Content-Type: application/rss+xml", 'ETag: W/"7"', "Cache-Control: max-age=900")
    with serving(saying(page)) as server:
        result = fetched(bench.get(server, "/feed?utm_source=kept"))
    assert (result.status, result.body, result.content_type) == (200, b"<rss/>", "application/rss+xml")
    assert result.validators == Validators(etag='W/"7"')
    assert (result.max_age_s, result.fetched_at, result.permanent_url) == (900, NOW, None)
    assert result.final_url == server.url + "/feed?utm_source=kept"
    assert len(result.body_sha) == 64


def test_the_request_is_honest_and_asks_for_gzip_only(bench: Bench) -> None:
    with serving(saying(answer(b"x"))) as server:
        fetched(bench.get(server))
    head = server.requests[0].lower()
    assert "user-agent: monitor-tests/1.0 (+https://example.org/bot)" in head
    assert "accept-encoding: gzip\r\n" in head
    assert f"host: {server.address}:{server.port}\r\n" in head
    assert "cookie" not in head


def test_a_304_is_not_modified_and_validators_are_sent(bench: Bench, httpserver: HTTPServer) -> None:
    def handle(request: Request) -> Response:
        matched = request.headers["If-None-Match"] == '"a"' and "If-Modified-Since" in request.headers
        return Response(status=304 if matched else 500)

    httpserver.expect_request("/feed").respond_with_handler(handle)
    server = Hostile("127.0.0.1", httpserver.port)
    validators = Validators('"a"', "Sat, 22 Aug 2026 09:00:00 GMT")
    request = FetchRequest(f"http://127.0.0.1:{httpserver.port}/feed", Purpose.FEED, validators)
    assert isinstance(bench.fetcher(server).fetch(request), NotModified)


def test_a_304_to_an_unconditional_request_is_a_protocol_error(bench: Bench) -> None:
    with serving(saying(answer(b"", "304 Not Modified"))) as server:
        assert failed(bench.get(server)).outcome is Outcome.PROTOCOL


def test_validators_that_could_not_be_sent_back_are_dropped(bench: Bench) -> None:
    page = answer(b"x", "200 OK", 'ETag: "é"', f"Last-Modified: {'9' * 600}")
    with serving(saying(page)) as server:
        assert fetched(bench.get(server)).validators == Validators()


def test_cookies_are_not_kept(bench: Bench) -> None:
    with serving(saying(answer(b"x", "200 OK", "Set-Cookie: id=1; Path=/"))) as server:
        fetcher = bench.fetcher(server)
        for _ in range(2):
            fetched(fetcher.fetch(FetchRequest(server.url, Purpose.FEED)))
    assert "cookie" not in server.requests[1].lower()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("404 Not Found", Outcome.NOT_FOUND),
        ("410 Gone", Outcome.GONE),
        ("401 Unauthorized", Outcome.FORBIDDEN),
        ("403 Forbidden", Outcome.FORBIDDEN),
        ("451 Unavailable", Outcome.FORBIDDEN),
        ("429 Too Many Requests", Outcome.THROTTLED),
        ("418 Teapot", Outcome.CLIENT_ERROR),
        ("500 Oops", Outcome.SERVER_ERROR),
        ("503 Busy", Outcome.SERVER_ERROR),
        ("206 Partial Content", Outcome.PROTOCOL),
        ("300 Multiple Choices", Outcome.PROTOCOL),
    ],
)
def test_status_codes_have_their_outcome(bench: Bench, status: str, outcome: Outcome) -> None:
    with serving(saying(answer(b"secret body", status))) as server:
        result = failed(bench.get(server))
    assert (result.outcome, result.status) == (outcome, int(status[:3]))
    assert "secret" not in result.detail


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Retry-After: 120", 120.0),
        ("Retry-After: Sat, 22 Aug 2026 08:10:00 GMT\r\nDate: Sat, 22 Aug 2026 08:00:00 GMT", 600.0),
        ("Retry-After: Sat, 22 Aug 2026 10:30:00 GMT", 1800.0),
        ("Retry-After: Sat, 22 Aug 2020 10:30:00 GMT", None),
        ("Retry-After: 999999999", 86_400.0),
        ("Retry-After: soon", None),
        ("Retry-After: -5", None),
    ],
)
def test_retry_after_is_understood_in_both_forms(bench: Bench, header: str, seconds: float | None) -> None:
    with serving(saying(answer(b"", "429 Too Many Requests", header))) as server:
        assert failed(bench.get(server)).retry_after_s == seconds


def test_503_with_retry_after_is_throttling(bench: Bench) -> None:
    with serving(saying(answer(b"", "503 Busy", "Retry-After: 60"))) as server:
        assert failed(bench.get(server)).outcome is Outcome.THROTTLED


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Cache-Control: public, max-age=60", 60),
        ("Cache-Control: no-cache, max-age=60", None),
        ("Expires: Sat, 22 Aug 2026 11:00:00 GMT", 3600),
        ("Expires: 0", None),
        ("Cache-Control: max-age=99999999999", 31_536_000),
    ],
)
def test_freshness_is_read_from_cache_control_or_expires(bench: Bench, header: str, seconds: int | None) -> None:
    with serving(saying(answer(b"x", "200 OK", header))) as server:
        assert fetched(bench.get(server)).max_age_s == seconds


# ---------------------------------------------------------------- slow, endless, broken


def drip(piece: bytes, pause_s: float, start: bytes) -> Callable[[socket.socket, str], None]:
    def handle(connection: socket.socket, request: str) -> None:
        connection.sendall(start)
        for _ in range(60):
            connection.sendall(piece)
            time.sleep(pause_s)

    return handle


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "],
    ids=["body", "headers"],
)
def test_a_dripping_server_ends_at_the_total_deadline(bench: Bench, start: bytes) -> None:
    with serving(drip(b"x", 0.2, start)) as server:
        began = time.monotonic()
        result = failed(bench.get(server, total_s=1.0, idle_s=0.9))
        assert result.outcome is Outcome.DEADLINE
        assert time.monotonic() - began < 1.6


def test_a_silent_server_ends_at_the_idle_limit(bench: Bench) -> None:
    with serving(lambda connection, request: time.sleep(2)) as server:
        began = time.monotonic()
        result = failed(bench.get(server, idle_s=0.3, total_s=5.0))
        assert (result.outcome, result.detail) == (Outcome.DEADLINE, "the server fell silent")
        assert time.monotonic() - began < 1.0


def test_an_endless_body_is_cut_off(bench: Bench) -> None:
    def endless(connection: socket.socket, request: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(4096):
                connection.sendall(b"x" * 65_536)

    with serving(endless) as server:
        assert failed(bench.get(server, max_wire_bytes=MIB, max_body_bytes=MIB)).outcome is Outcome.TOO_LARGE


def test_an_announced_length_over_the_limit_is_refused_unread(bench: Bench) -> None:
    with serving(saying(answer(b"", length=50_000_000_000))) as server:
        assert failed(bench.get(server)).outcome is Outcome.TOO_LARGE


def test_gzip_is_decoded_also_in_several_members(bench: Bench) -> None:
    body = gzip.compress(b"first ") + gzip.compress(b"second") + b"\0\0"
    with serving(saying(answer(body, "200 OK", "Content-Encoding: gzip"))) as server:
        assert fetched(bench.get(server)).body == b"first second"


def test_a_body_declared_gzip_but_sent_bare_is_taken_as_it_is(bench: Bench) -> None:
    with serving(saying(answer(b"<rss/>", "200 OK", "Content-Encoding: gzip"))) as server:
        assert fetched(bench.get(server)).body == b"<rss/>"


def test_a_gzip_bomb_is_stopped_early_with_little_memory(bench: Bench) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * MIB) for _ in range(256)) + packer.flush()
    with serving(saying(answer(bomb, "200 OK", "Content-Encoding: gzip"))) as server:
        before, began = peak_mib(), time.monotonic()
        assert failed(bench.get(server)).outcome is Outcome.TOO_LARGE
        assert peak_mib() - before < 30
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate", "compress"])
def test_other_encodings_are_refused_by_the_header(bench: Bench, encoding: str) -> None:
    with serving(saying(answer(b"\x1f\x8b\x08", "200 OK", f"Content-Encoding: {encoding}"))) as server:
        assert failed(bench.get(server)).outcome is Outcome.UNSUPPORTED_ENCODING


@pytest.mark.parametrize(
    "raw",
    [
        answer(b"half", length=100),
        answer(gzip.compress(b"a" * 5000)[:-12], "200 OK", "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ],
    ids=["content-length", "gzip", "chunked"],
)
def test_a_body_that_ends_early_is_truncated(bench: Bench, raw: bytes) -> None:
    with serving(saying(raw)) as server:
        assert failed(bench.get(server)).outcome is Outcome.TRUNCATED


def test_excess_after_the_announced_length_is_ignored(bench: Bench) -> None:
    with serving(saying(answer(b"good, and more", length=4))) as server:
        assert fetched(bench.get(server)).body == b"good"


def test_damaged_gzip_is_a_protocol_error(bench: Bench) -> None:
    body = bytearray(gzip.compress(bytes(range(256)) * 40))
    body[12:40] = b"\xff" * 28
    with serving(saying(answer(bytes(body), "200 OK", "Content-Encoding: gzip"))) as server:
        assert failed(bench.get(server)).outcome is Outcome.PROTOCOL


def test_a_reset_in_mid_body_is_a_network_error(bench: Bench) -> None:
    def reset(connection: socket.socket, request: str) -> None:
        connection.sendall(answer(b"half", length=100))
        time.sleep(0.1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    with serving(reset) as server:
        assert failed(bench.get(server)).outcome is Outcome.NETWORK


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"<html>0.9</html>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 1000 + b"Content-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Cr: a\rb\r\n\r\nx",
    ],
    ids=["ssh", "http09", "chunk-size", "huge-header", "large-header", "many-headers", "bare-cr"],
)
def test_what_is_not_http_is_a_protocol_error(bench: Bench, raw: bytes) -> None:
    with serving(saying(raw)) as server:
        assert failed(bench.get(server)).outcome is Outcome.PROTOCOL


def test_a_closed_port_is_a_network_error(bench: Bench) -> None:
    with serving(saying(answer(b"x"))) as server:
        pass
    assert failed(bench.get(server)).outcome is Outcome.NETWORK


def test_an_answer_after_hang_up_without_a_word_is_a_network_error(bench: Bench) -> None:
    with serving(lambda connection, request: None) as server:
        assert failed(bench.get(server)).outcome is Outcome.NETWORK


def test_a_flood_of_interim_answers_ends(bench: Bench) -> None:
    with serving(drip(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50, 0.01, b"")) as server:
        assert failed(bench.get(server, total_s=0.5)).outcome in {Outcome.DEADLINE, Outcome.NETWORK}


def test_every_request_has_a_connection_of_its_own(bench: Bench) -> None:
    """The server would go on; what it sends beyond the announced length must not become the next answer."""

    def twice(connection: socket.socket, request: str) -> None:
        connection.sendall(answer(b"one") + answer(b"smuggled"))
        connection.recv(4096)

    with serving(twice) as server:
        fetcher = bench.fetcher(server)
        for _ in range(3):
            assert fetched(fetcher.fetch(FetchRequest(server.url, Purpose.FEED))).body == b"one"
    assert server.connections == 3
    assert "connection: close\r\n" in server.requests[0].lower()


# ---------------------------------------------------------------- redirects


def moved(to: str, status: int = 302) -> bytes:
    return answer(b"never read", f"{status} Moved", f"Location: {to}")


def test_permanent_redirects_are_reported_as_far_as_the_chain_is_unbroken(bench: Bench) -> None:
    pages = {"/a": moved("/b", 301), "/b": moved("/c", 308), "/c": moved("/d", 302), "/d": answer(b"x")}
    with serving(by_path(pages)) as server:
        result = fetched(bench.get(server, "/a"))
    assert result.final_url == server.url + "/d"
    assert result.permanent_url == server.url + "/c"


def test_a_temporary_first_hop_moves_nothing(bench: Bench) -> None:
    pages = {"/a": moved("/b", 302), "/b": moved("/c", 301), "/c": answer(b"x")}
    with serving(by_path(pages)) as server:
        assert fetched(bench.get(server, "/a")).permanent_url is None


def test_five_redirects_are_followed_and_six_are_not(bench: Bench) -> None:
    pages = {f"/{n}": moved(f"/{n + 1}") for n in range(6)} | {"/6": answer(b"x")}
    with serving(by_path(pages)) as server:
        fetcher = bench.fetcher(server)
        assert fetched(fetcher.fetch(FetchRequest(server.url + "/1", Purpose.FEED))).body == b"x"
        server.requests.clear()
        result = failed(fetcher.fetch(FetchRequest(server.url + "/0", Purpose.FEED)))
    assert result.outcome is Outcome.REDIRECT_LIMIT
    assert len(server.requests) <= 6


@pytest.mark.parametrize("pages", [{"/": moved("/", 301)}, {"/": moved("/b"), "/b": moved("/")}], ids=["self", "pair"])
def test_a_circle_ends(bench: Bench, pages: dict[str, bytes]) -> None:
    with serving(by_path(pages)) as server:
        assert failed(bench.get(server)).outcome is Outcome.REDIRECT_LIMIT
        assert len(server.requests) <= 2


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "gopher://x/", "ftp://x/", "data:,x", "javascript:alert(1)", "dict://x:1/"]
)
def test_redirects_to_other_schemes_are_refused(bench: Bench, target: str) -> None:
    with serving(saying(moved(target))) as server:
        assert failed(bench.get(server)).outcome is Outcome.BAD_SCHEME


@pytest.mark.parametrize("target", ["http://a..b/", "http://xn--a/", "http://127.0.0.1:1\\@ok.example/", "http://u@h/"])
def test_redirects_that_readers_disagree_on_are_refused(bench: Bench, target: str) -> None:
    with serving(saying(moved(target))) as server:
        assert failed(bench.get(server)).outcome is Outcome.BAD_URL


def test_a_redirect_without_location_is_a_protocol_error(bench: Bench) -> None:
    with serving(saying(answer(b"", "302 Found"))) as server:
        assert failed(bench.get(server)).outcome is Outcome.PROTOCOL


def test_a_bomb_in_a_redirect_body_is_never_read(bench: Bench) -> None:
    bomb = gzip.compress(b"\0" * MIB)
    pages = {"/": answer(bomb, "302 Found", "Location: /x", "Content-Encoding: br"), "/x": answer(b"fine")}
    with serving(by_path(pages)) as server:
        assert fetched(bench.get(server)).body == b"fine"


# ---------------------------------------------------------------- addresses


NOT_PUBLIC = """
127.0.0.1 127.8.9.1 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.254 192.168.1.1 169.254.169.254 100.64.0.1 100.127.0.1
198.18.0.1 198.19.255.1 192.88.99.1 192.0.0.8 192.0.2.1 198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1
255.255.255.255 ::1 :: fc00::1 fd12::1 fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:db8::1 3fff::1 5f00::1 100::1 4000::1 nonsense
"""


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not AddressPolicy().permits(address, 443)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]
)
def test_public_addresses_are_permitted_also_when_embedded(address: str) -> None:
    assert AddressPolicy().permits(address, 80)


def test_an_allowed_pair_is_exact() -> None:
    policy = AddressPolicy(frozenset((("127.0.0.1", 8080), ("::1", 8080))))
    assert policy.permits("127.0.0.1", 8080)
    assert policy.permits("::1", 8080)
    assert not policy.permits("127.0.0.1", 8081)
    assert not policy.permits("127.0.0.2", 8080)
    assert not policy.permits("::ffff:127.0.0.1", 8080)


@pytest.mark.parametrize("port", [22, 25, 110, 1023, 3306, 6379, 11211])
def test_ports_of_other_services_are_refused(port: int) -> None:
    assert not is_web_port(port)
    assert not AddressPolicy().permits("93.184.216.34", port)


@pytest.fixture
def canary() -> Iterator[Hostile]:
    with serving(saying(answer(b"secret")), address="127.0.0.1") as server:
        yield server
        assert server.connections == 0


SPELLINGS = ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "１２７.0.0.1", "127.0.0.1.",
             "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "[::]", "ok@127.0.0.1"]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_loopback_reaches_the_canary(bench: Bench, canary: Hostile, host: str) -> None:
    fetcher = bench.fetcher(resolver=lambda name, port: ["127.0.0.1"])
    result = failed(fetcher.fetch(FetchRequest(f"http://{host}:{canary.port}/", Purpose.FEED)))
    assert result.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.BAD_URL}
    assert "127" not in result.detail


@pytest.mark.parametrize("host", [*SPELLINGS, "//127.0.0.1"])
def test_no_redirect_reaches_the_canary(bench: Bench, canary: Hostile, host: str) -> None:
    scheme = "" if host.startswith("//") else "http://"
    with serving(saying(moved(f"{scheme}{host}:{canary.port}/"))) as server:
        fetcher = bench.fetcher(server, resolver=lambda name, port: ["127.0.0.1"])
        result = failed(fetcher.fetch(FetchRequest(server.url, Purpose.FEED)))
    assert result.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.BAD_URL}


def test_a_name_that_rebinds_is_resolved_once_and_never_reaches_the_canary(bench: Bench, canary: Hostile) -> None:
    calls: list[str] = []

    def flip(host: str, port: int) -> list[str]:
        calls.append(host)
        return ["127.0.1.7"] if len(calls) % 2 else ["127.0.0.1"]

    with serving(saying(answer(b"public")), address="127.0.1.7") as server:
        fetcher = bench.fetcher(server, resolver=flip)
        results = [
            fetcher.fetch(FetchRequest(f"http://flip.example:{server.port}/{n}", Purpose.FEED)) for n in range(100)
        ]
    assert len(calls) == 100
    assert [isinstance(result, Fetched) for result in results] == [True, False] * 50


def test_a_mixed_answer_is_refused(bench: Bench, canary: Hostile) -> None:
    with serving(saying(answer(b"public")), address="127.0.1.7") as server:
        fetcher = bench.fetcher(server, resolver=lambda host, port: ["127.0.1.7", "127.0.0.1"])
        result = failed(fetcher.fetch(FetchRequest(f"http://mixed.example:{server.port}/", Purpose.FEED)))
    assert result.outcome is Outcome.BLOCKED_ADDRESS
    assert server.connections == 0


def test_the_next_address_is_tried_when_one_is_dead(bench: Bench) -> None:
    with serving(saying(answer(b"alive")), address="127.0.1.8") as server:
        allowed = frozenset((("127.0.1.9", server.port), ("127.0.1.8", server.port)))
        fetcher = bench.fetcher(allowed_addresses=allowed, resolver=lambda host, port: ["127.0.1.9", "127.0.1.8"])
        assert fetched(fetcher.fetch(FetchRequest(f"http://two.example:{server.port}/", Purpose.FEED))).body == b"alive"
    assert f"Host: two.example:{server.port}" in server.requests[0]


def test_a_hanging_resolver_ends_with_the_connect_limit(bench: Bench) -> None:
    release = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        release.wait(5)
        return []

    began = time.monotonic()
    result = failed(
        bench.fetcher(resolver=hang, connect_s=0.2).fetch(FetchRequest("http://slow.example/", Purpose.FEED))
    )
    release.set()
    assert result.outcome is Outcome.DNS
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label")])
def test_a_failing_resolver_is_a_dns_error(bench: Bench, error: Exception) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise error

    assert (
        failed(bench.fetcher(resolver=fail).fetch(FetchRequest("http://no.example/", Purpose.FEED))).outcome
        is Outcome.DNS
    )


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "data:text/html,x"])
def test_other_schemes_are_refused(bench: Bench, url: str) -> None:
    assert failed(bench.fetcher().fetch(FetchRequest(url, Purpose.FEED))).outcome is Outcome.BAD_SCHEME


def test_the_environment_cannot_insert_a_proxy(bench: Bench, canary: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    with serving(saying(answer(b"direct"))) as server:
        assert fetched(bench.get(server)).body == b"direct"


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_server(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_tls_is_checked_against_the_name_though_the_address_is_dialled(bench: Bench, authority: trustme.CA) -> None:
    names: list[str | None] = []
    context = tls_server(authority, "news.example")
    context.sni_callback = lambda connection, name, ctx: names.append(name)
    with serving(saying(answer(b"safe")), context=context) as server:
        fetcher = bench.fetcher(server, resolver=lambda host, port: [server.address], context=trusting(authority))
        right = fetcher.fetch(FetchRequest(f"https://news.example:{server.port}/", Purpose.FEED))
        wrong = fetcher.fetch(FetchRequest(f"https://other.example:{server.port}/", Purpose.FEED))
    assert fetched(right).body == b"safe"
    assert failed(wrong).outcome is Outcome.TLS
    assert names == ["news.example", "other.example"]


def test_an_unknown_authority_is_a_tls_error_that_names_the_reason(bench: Bench, authority: trustme.CA) -> None:
    with serving(saying(answer(b"x")), context=tls_server(authority, "news.example")) as server:
        fetcher = bench.fetcher(server, resolver=lambda host, port: [server.address])
        result = failed(fetcher.fetch(FetchRequest(f"https://news.example:{server.port}/", Purpose.FEED)))
    assert result.outcome is Outcome.TLS
    assert "certificate" in result.detail
    assert all(not request for request in server.requests)


def test_https_to_a_plain_server_is_a_tls_error(bench: Bench) -> None:
    with serving(saying(answer(b"x"))) as server:
        fetcher = bench.fetcher(server, resolver=lambda host, port: [server.address])
        result = failed(fetcher.fetch(FetchRequest(f"https://a.example:{server.port}/", Purpose.FEED)))
    assert result.outcome is Outcome.TLS


@pytest.mark.parametrize(("follow", "kind"), [(False, FetchFailed), (True, Fetched)])
def test_a_downgrade_is_followed_only_when_told(
    bench: Bench, authority: trustme.CA, follow: bool, kind: type[object]
) -> None:
    with serving(saying(answer(b"plain")), address="127.0.1.2") as plain:
        context = tls_server(authority, "news.example")
        with serving(saying(moved(plain.url + "/")), context=context) as secure:
            fetcher = bench.fetcher(
                plain, secure, resolver=lambda host, port: [secure.address], context=trusting(authority),
                follow_downgrade=follow,
            )  # fmt: skip
            result = fetcher.fetch(FetchRequest(f"https://news.example:{secure.port}/", Purpose.FEED))
    assert isinstance(result, kind)
    assert plain.connections == int(follow)


# ---------------------------------------------------------------- manners


class Hand:
    """A clock that is moved by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def slow_hand_fetcher(server: Hostile, hand: Hand, **limits: object) -> HttpFetcher:
    settings = HttpLimits(allowed_addresses=server.allowed, total_s=5.0, user_agent="monitor-tests/1.0", **limits)  # type: ignore[arg-type]
    return HttpFetcher(settings, clock=lambda: NOW, monotonic=hand.monotonic, sleep=hand.sleep)


def test_visits_to_one_host_are_a_gap_apart_but_a_redirect_within_it_is_one_visit() -> None:
    hand = Hand()
    pages = {"/a": moved("/b"), "/b": answer(b"x")}
    with serving(by_path(pages)) as server:
        fetcher = slow_hand_fetcher(server, hand, host_gap_s=1.5)
        for _ in range(3):
            fetched(fetcher.fetch(FetchRequest(server.url + "/a", Purpose.FEED)))
    assert hand.slept == [1.5, 1.5]


def test_only_one_request_at_a_time_reaches_a_host(bench: Bench) -> None:
    busy, most = [0], [0]
    lock = threading.Lock()

    def slow(connection: socket.socket, request: str) -> None:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.03)
        with lock:
            busy[0] -= 1
        connection.sendall(answer(b"x"))

    with serving(slow) as server:
        fetcher = bench.fetcher(server)
        threads = [
            threading.Thread(target=fetcher.fetch, args=(FetchRequest(f"{server.url}/{n}", Purpose.FEED),))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(server.requests) == 8
    assert most[0] == 1


def test_a_host_that_stays_busy_is_left_for_later(bench: Bench) -> None:
    with serving(lambda connection, request: time.sleep(0.8)) as server:
        fetcher = bench.fetcher(server, host_patience_s=0.1, idle_s=0.9)
        first = threading.Thread(target=fetcher.fetch, args=(FetchRequest(server.url + "/1", Purpose.FEED),))
        first.start()
        time.sleep(0.2)
        result = failed(fetcher.fetch(FetchRequest(server.url + "/2", Purpose.FEED)))
        first.join(5)
    assert result.outcome is Outcome.THROTTLED


def page(fetcher: HttpFetcher, url: str) -> Fetched | NotModified | FetchFailed:
    return fetcher.fetch(FetchRequest(url, Purpose.PAGE))


ROBOTS = b"""User-agent: *\nDisallow: /private*\nAllow: /private/open$\nCrawl-delay: 900\n
User-agent: otherbot\nDisallow: /\n"""


def test_robots_bind_pages_and_not_feeds_and_are_asked_once(bench: Bench) -> None:
    pages = {"/robots.txt": answer(ROBOTS), **{path: answer(b"x") for path in ("/news", "/private/x", "/private/open")}}
    with serving(by_path(pages)) as server:
        hand = Hand()
        fetcher = slow_hand_fetcher(server, hand, host_gap_s=0.0)
        assert isinstance(page(fetcher, server.url + "/news"), Fetched)
        assert failed(page(fetcher, server.url + "/private/x")).outcome is Outcome.ROBOTS
        assert isinstance(page(fetcher, server.url + "/private/open"), Fetched)
        assert isinstance(fetcher.fetch(FetchRequest(server.url + "/private/x", Purpose.FEED)), Fetched)
    assert sum("GET /robots.txt" in request for request in server.requests) == 1
    assert hand.slept == [30.0, 30.0, 30.0]  # the crawl delay, bounded, also before the refused page


def test_a_group_for_our_name_is_the_one_that_counts(bench: Bench) -> None:
    robots = b"User-agent: *\nDisallow: /\n\nUser-agent: monitor-tests\nDisallow:\n\nUser-agent: example\nDisallow: /\n"
    with serving(by_path({"/robots.txt": answer(robots), "/": answer(b"x")})) as server:
        assert isinstance(page(bench.fetcher(server), server.url + "/"), Fetched)


def test_robots_are_asked_again_after_a_day() -> None:
    hand = Hand()
    with serving(by_path({"/robots.txt": answer(b""), "/": answer(b"x")})) as server:
        fetcher = slow_hand_fetcher(server, hand, host_gap_s=0.0)
        for pause in (0, 86_000, 500):
            hand.now += pause
            assert isinstance(page(fetcher, server.url + "/"), Fetched)
    assert sum("GET /robots.txt" in request for request in server.requests) == 2


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone"])
def test_absent_robots_allow_everything(bench: Bench, status: str) -> None:
    with serving(by_path({"/robots.txt": answer(b"", status), "/": answer(b"x")})) as server:
        assert isinstance(page(bench.fetcher(server), server.url + "/"), Fetched)


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (answer(b"", "500 Oops"), Outcome.SERVER_ERROR),
        (answer(b"", "429 Slow", "Retry-After: 77"), Outcome.THROTTLED),
        (b"garbage", Outcome.PROTOCOL),
        (answer(b"half", length=99), Outcome.TRUNCATED),
    ],
)
def test_unreachable_robots_postpone_the_page(bench: Bench, robots: bytes, outcome: Outcome) -> None:
    with serving(by_path({"/robots.txt": robots, "/": answer(b"x")})) as server:
        result = failed(page(bench.fetcher(server), server.url + "/"))
    assert result.outcome is outcome
    assert result.detail.startswith("robots.txt")
    assert not any("GET / " in request for request in server.requests)


def test_a_huge_robots_file_is_read_as_far_as_the_standard_asks(bench: Bench) -> None:
    robots = b"User-agent: *\nDisallow: /private\n" + b"# padding\n" * 200_000
    with serving(by_path({"/robots.txt": answer(robots), "/private": answer(b"x")})) as server:
        assert failed(page(bench.fetcher(server), server.url + "/private")).outcome is Outcome.ROBOTS


def test_the_host_of_a_redirect_is_asked_too(bench: Bench) -> None:
    closed = {"/robots.txt": answer(b"User-agent: *\nDisallow: /"), "/x": answer(b"secret")}
    with serving(by_path(closed), address="127.0.1.3") as there:
        pages = {"/robots.txt": answer(b"", "404 Not Found"), "/": moved(there.url + "/x")}
        with serving(by_path(pages)) as here:
            result = failed(page(bench.fetcher(here, there), here.url + "/"))
    assert result.outcome is Outcome.ROBOTS
    assert not any("GET /x" in request for request in there.requests)


def test_robots_can_be_switched_off(bench: Bench) -> None:
    pages = {"/robots.txt": answer(b"User-agent: *\nDisallow: /"), "/": answer(b"x")}
    with serving(by_path(pages)) as server:
        assert isinstance(page(bench.fetcher(server, obey_robots=False), server.url + "/"), Fetched)


def test_a_flood_of_chunk_extensions_is_cut_off(bench: Bench) -> None:
    def flood(connection: socket.socket, request: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(2_000):
                connection.sendall((b"1;" + b"x" * 1_000 + b"\r\na\r\n") * 20)

    with serving(flood) as server:
        result = failed(bench.get(server, max_wire_bytes=MIB, total_s=10.0))
    assert result.outcome in {Outcome.TOO_LARGE, Outcome.PROTOCOL}


def test_a_packed_robots_file_is_read_as_far_as_the_standard_asks(bench: Bench) -> None:
    robots = gzip.compress(b"User-agent: *\nDisallow: /private\n" + b"#" * (4 * MIB))
    packed = answer(robots, "200 OK", "Content-Encoding: gzip")
    with serving(by_path({"/robots.txt": packed, "/private": answer(b"x")})) as server:
        assert failed(page(bench.fetcher(server), server.url + "/private")).outcome is Outcome.ROBOTS


def test_an_address_that_is_none_is_told_apart_from_another_scheme(bench: Bench) -> None:
    for url in ("http://", "nonsense", "//example.org/", "http://u:p@example.org/"):
        result = failed(bench.fetcher().fetch(FetchRequest(url, Purpose.FEED)))
        assert (result.outcome, "u:p" in result.detail) == (Outcome.BAD_URL, False)


def test_the_system_resolver_knows_this_machine() -> None:
    assert "127.0.0.1" in system_resolver("localhost", 80)


def test_hosts_long_past_are_forgotten() -> None:
    hand = Hand()
    turns = HostTurns(1.0, 1.0, hand.monotonic, hand.sleep)
    for number in range(2 * MAX_HOSTS + 5):
        with turns.visit() as visit:
            visit.enter(f"h{number}.example")
        hand.now += 2
    assert turns.remembered < MAX_HOSTS
    assert hand.slept == []


def test_a_fetcher_has_working_defaults() -> None:
    fetcher = HttpFetcher()
    result = failed(fetcher.fetch(FetchRequest("http://127.0.0.1:9/", Purpose.FEED)))
    assert result.outcome is Outcome.BLOCKED_ADDRESS


def test_blocked_addresses_look_alike_whether_anything_listens_there(bench: Bench, canary: Hostile) -> None:
    answers = []
    for port in (canary.port, 9):
        began = time.monotonic()
        result = failed(bench.fetcher().fetch(FetchRequest(f"http://127.0.0.1:{port}/", Purpose.FEED)))
        answers.append((result.outcome, result.detail))
        assert time.monotonic() - began < 0.1
    assert answers[0] == answers[1]
