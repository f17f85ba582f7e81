"""Rows A of the fault matrix: network and HTTP."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from monitor.adapters.http_body import BodyLimits, BodyRefused, read_body
from monitor.adapters.http_guard import MAX_DIALS
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.sources import FeedData, FeedKind, FeedReport, SourceData
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from tests.adapters.hostile import Handler, answer, by_path, saying, serving
from tests.faults.harness import (
    ATTACKED_ADDRESS,
    MIB,
    NOW,
    Run,
    Scene,
    item,
    ok,
    page,
    rss,
    server_context,
    site,
    trusting,
)

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
GOOD = rss(item(1, "https://city.example"), item(2, "https://city.example"))


def drip(start: bytes, piece: bytes, pause_s: float = 0.2) -> Handler:
    """Begins to answer and never comes to an end."""

    def handle(connection: socket.socket, request: str) -> None:
        connection.sendall(start)
        for _ in range(100):
            connection.sendall(piece)
            time.sleep(pause_s)

    return handle


def endless(start: bytes, sent: list[int], most: int = 64 * MIB) -> Handler:
    """Sends as fast as it is read; counts what it got rid of."""

    def handle(connection: socket.socket, request: str) -> None:
        connection.sendall(start)
        with contextlib.suppress(OSError):
            while sum(sent) < most:
                connection.sendall(b"x" * 65_536)
                sent.append(65_536)

    return handle


def in_turn(*handlers: bytes | Handler) -> Handler:
    """One after the other, the last one for ever."""
    left = list(handlers)

    def handle(connection: socket.socket, request: str) -> None:
        current = left.pop(0) if len(left) > 1 else left[0]
        (current if callable(current) else saying(current))(connection, request)

    return handle


def failed_with(scene: Scene, outcome: Outcome) -> None:
    assert (scene.report.outcome, scene.entries()) == (outcome, [])


# ---------------------------------------------------------------- slow


def open_sockets() -> int:
    count = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            count += str(descriptor.readlink()).startswith("socket:")
    return count


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["a01-body", "a02-headers"]
)
def test_a01_a02_a_dripping_answer_ends_at_the_deadline_and_leaves_nothing_open(run: Run, start: bytes) -> None:
    scene = run(drip(start, b"x"), limits={"total_s": 1.0, "idle_s": 0.9}, poll=False)
    sockets, threads = open_sockets(), threading.active_count()
    scene.poll()
    failed_with(scene, Outcome.DEADLINE)
    assert 0.9 < scene.report.duration_s < 1.8
    until = time.monotonic() + 5
    while (open_sockets(), threading.active_count()) > (sockets, threads) and time.monotonic() < until:
        time.sleep(0.05)
    assert open_sockets() <= sockets
    assert threading.active_count() <= threads


def test_a03_a_silent_server_ends_at_the_idle_limit(run: Run) -> None:
    scene = run(lambda connection, request: time.sleep(1.5), limits={"idle_s": 0.3, "total_s": 5.0})
    failed_with(scene, Outcome.DEADLINE)
    assert scene.report.duration_s < 1.0


@pytest.fixture
def black_hole() -> Iterator[tuple[str, int]]:
    """An address whose queue of connections is full: further ones get no answer at all."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.2.77", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()


def test_a03_an_address_that_swallows_connections_ends_at_the_connect_limit(
    run: Run, black_hole: tuple[str, int]
) -> None:
    url = f"http://{black_hole[0]}:{black_hole[1]}/"
    scene = run(url=url, allow=frozenset((black_hole,)), limits={"connect_s": 0.3, "total_s": 5.0})
    failed_with(scene, Outcome.NETWORK)
    assert scene.report.duration_s < 1.5


def test_a28_interim_answers_without_end_and_what_is_not_http_end_in_time(run: Run) -> None:
    scene = run(drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50, 0.01), limits={"total_s": 0.6})
    assert scene.report.outcome in {Outcome.DEADLINE, Outcome.PROTOCOL}
    assert scene.report.duration_s < 1.5


@pytest.mark.parametrize("said", [b"<rss version='2.0'/>\n", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"\x16\x03\x01\x02"])
def test_a28_http_of_1991_and_other_protocols_are_protocol_errors(run: Run, said: bytes) -> None:
    failed_with(run(said), Outcome.PROTOCOL)


# ---------------------------------------------------------------- large


def test_a04_an_endless_body_is_read_to_the_limit_and_no_further(run: Run) -> None:
    sent: list[int] = []
    scene = run(endless(b"HTTP/1.1 200 OK\r\n\r\n", sent), memory_mib=30)
    failed_with(scene, Outcome.TOO_LARGE)
    assert sum(sent) < 2 * MIB + 16 * MIB, "what exceeds the limit are the socket buffers of the kernel"
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 65_536
            yield b"x" * 65_536

    with pytest.raises(BodyRefused):
        read_body(chunks(), "", None, BodyLimits(10 * MIB, 10 * MIB))
    assert taken <= 10 * MIB + 65_536


def test_a05_an_announced_length_beyond_the_limit_is_refused_unread(run: Run) -> None:
    sent: list[int] = []
    scene = run(endless(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000000\r\n\r\n", sent))
    failed_with(scene, Outcome.TOO_LARGE)
    assert "announced" in scene.report.detail


def bomb_of_a_gibibyte() -> bytes:
    """One megabyte of gzip that unpacks to a gibibyte; one full block, repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"\0" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"\0" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * 1023


def test_a06_a_gzip_bomb_is_too_large_with_little_memory_in_little_time(run: Run) -> None:
    bomb = answer(bomb_of_a_gibibyte(), "200 OK", "Content-Encoding: gzip")
    scene = run(bomb, limits={"max_wire_bytes": 10 * MIB, "max_body_bytes": 10 * MIB}, memory_mib=30)
    failed_with(scene, Outcome.TOO_LARGE)
    assert scene.report.duration_s < 2


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate, br"])
def test_a07_encodings_that_nobody_asked_for_are_refused_by_their_name(run: Run, encoding: str) -> None:
    sent: list[int] = []
    scene = run(endless(f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode(), sent), memory_mib=30)
    failed_with(scene, Outcome.UNSUPPORTED_ENCODING)
    assert "accept-encoding: gzip\r\n" in scene.server.requests[0].lower()


@pytest.mark.parametrize("headers", [["Content-Encoding: gzip, gzip"], ["Content-Encoding: gzip"] * 2])
def test_a08_stacked_gzip_is_refused_by_its_header(run: Run, headers: list[str]) -> None:
    failed_with(run(answer(gzip.compress(gzip.compress(GOOD)), "200 OK", *headers)), Outcome.UNSUPPORTED_ENCODING)


def test_a09_the_body_of_a_redirect_is_never_read(run: Run) -> None:
    sent: list[int] = []
    bomb = b"HTTP/1.1 302 Found\r\nLocation: /news.xml\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"\0" * MIB)
    scene = run(site({"/feed.xml": endless(bomb, sent), "/news.xml": GOOD}), memory_mib=30)
    assert scene.report.outcome is Outcome.OK
    assert len(scene.entries()) == 2
    assert sum(sent) < 16 * MIB


def test_a09_the_body_of_an_error_page_is_never_read(run: Run) -> None:
    sent: list[int] = []
    scene = run(endless(b"HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\n\r\n", sent), memory_mib=30)
    failed_with(scene, Outcome.NOT_FOUND)
    assert sum(sent) < 16 * MIB


# ---------------------------------------------------------------- broken


def test_a10_a_short_body_is_truncated_and_nothing_of_it_is_stored(run: Run) -> None:
    scene = run(in_turn(answer(GOOD[:-40], length=len(GOOD)), ok(GOOD)))
    failed_with(scene, Outcome.TRUNCATED)
    scene.poll(HOUR_S)
    assert (scene.report.outcome, scene.report.new) == (Outcome.OK, 2)


def test_a10_what_exceeds_the_announced_length_is_ignored_and_never_taken_for_an_answer(run: Run) -> None:
    smuggled = ok(rss(item(9, "https://smuggled.example")))
    scene = run(lambda connection, request: connection.sendall(answer(GOOD) + smuggled) or connection.recv(1))
    assert scene.report.outcome is Outcome.OK
    scene.poll(HOUR_S)
    assert scene.report.outcome is Outcome.UNCHANGED
    assert not any("smuggled" in row["url"] for row in scene.entries())
    assert scene.server.connections == 2


def test_a11_a_reset_in_mid_body_is_a_network_error_and_tried_again_later(run: Run) -> None:
    def reset(connection: socket.socket, request: str) -> None:
        connection.sendall(answer(GOOD[:200], length=len(GOOD)))
        time.sleep(0.1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    scene = run(reset)
    failed_with(scene, Outcome.NETWORK)
    assert scene.feed()["failures"] == 1
    assert scene.report.next_at is not None
    assert scene.report.next_at > NOW


def test_a12_a_truncated_gzip_stream_is_truncated(run: Run) -> None:
    packed = gzip.compress(GOOD)
    failed_with(run(answer(packed[:-12], "200 OK", "Content-Encoding: gzip")), Outcome.TRUNCATED)


@pytest.mark.parametrize(
    ("chunks", "outcomes"),
    [
        (b"zz\r\nhello\r\n", {Outcome.PROTOCOL}),
        (b"-5\r\nhello\r\n0\r\n\r\n", {Outcome.PROTOCOL}),
        (b"FFFFFFFFFFFFFFFFFFFF\r\nhello\r\n", {Outcome.PROTOCOL, Outcome.TRUNCATED}),
        ((b"1;" + b"x" * 2_000 + b"\r\na\r\n") * 3_000, {Outcome.PROTOCOL, Outcome.TOO_LARGE}),
    ],
    ids=["letters", "negative", "huge", "extensions"],
)
def test_a13_bad_chunks_are_protocol_errors(run: Run, chunks: bytes, outcomes: set[Outcome]) -> None:
    scene = run(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert scene.report.outcome in outcomes
    assert scene.entries() == []


# ---------------------------------------------------------------- redirects


def moved(to: str, status: int = 302) -> bytes:
    return answer(b"", f"{status} Moved", f"Location: {to}")


@pytest.mark.parametrize(
    "pages",
    [
        {"/feed.xml": moved("/feed.xml", 301)},
        {"/feed.xml": moved("/b"), "/b": moved("/feed.xml")},
        {"/feed.xml": moved("/1")} | {f"/{n}": moved(f"/{n + 1}") for n in range(1, 9)},
    ],
    ids=["self", "circle", "chain"],
)
def test_a14_redirects_end_at_the_limit(run: Run, pages: dict[str, bytes]) -> None:
    scene = run(by_path(pages))
    failed_with(scene, Outcome.REDIRECT_LIMIT)
    assert len(scene.server.requests) <= 6


def test_a15_a_permanent_redirect_is_believed_when_two_polls_agree(run: Run) -> None:
    with serving(site({"/new.xml": GOOD}), "127.0.2.10") as other:
        scene = run(in_turn(moved(other.url + "/new.xml", 301)), allow=other.allowed)
        assert scene.report.outcome is Outcome.OK
        assert scene.report.health is not FeedHealth.MOVED
        scene.poll(HOUR_S)
    assert scene.report.health is FeedHealth.MOVED
    assert scene.feed()["moved_to"] == other.url + "/new.xml"
    assert scene.feed()["url"] == scene.server.url + "/feed.xml", "offered, not followed behind the operator's back"
    assert len(scene.entries()) == 2
    assert not any("cookie" in head.lower() or "authorization" in head.lower() for head in other.requests)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.mark.parametrize("follow", [False, True])
def test_a16_a_downgrade_to_http_is_refused_or_followed_as_configured(
    run: Run, authority: trustme.CA, follow: bool
) -> None:
    with serving(site({"/feed.xml": GOOD}), "127.0.2.10") as plain:
        scene = run(
            moved(plain.url + "/feed.xml"),
            url="https://news.example:{port}/feed.xml",
            resolver=lambda host, port: [ATTACKED_ADDRESS],
            context=server_context(authority.issue_cert("news.example")),
            trust=trusting(authority),
            allow=plain.allowed,
            limits={"follow_downgrade": follow},
        )
    assert scene.report.outcome is (Outcome.OK if follow else Outcome.BAD_SCHEME)
    assert plain.connections == int(follow)
    assert not any("authorization" in head.lower() for head in plain.requests)


@pytest.mark.parametrize("fault", ["expired", "self-signed", "wrong-name"])
def test_a17_a_certificate_that_is_not_valid_is_a_tls_error_with_its_reason(
    run: Run, authority: trustme.CA, fault: str
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    certificate = {
        "expired": lambda: authority.issue_cert("news.example", not_before=yesterday - timedelta(days=9),
                                                not_after=yesterday),
        "self-signed": lambda: trustme.CA().issue_cert("news.example"),
        "wrong-name": lambda: authority.issue_cert("other.example"),
    }[fault]()  # fmt: skip
    scene = run(
        ok(GOOD),
        url="https://news.example:{port}/feed.xml",
        resolver=lambda host, port: [ATTACKED_ADDRESS],
        context=server_context(certificate),
        trust=trusting(authority),
    )
    failed_with(scene, Outcome.TLS)
    reason = {"expired": "expired", "self-signed": "issuer", "wrong-name": "not valid for 'news.example'"}[fault]
    assert reason in scene.report.detail
    assert scene.server.connections == 1
    assert scene.server.requests == [], "nothing was said in clear"


# ---------------------------------------------------------------- when to come back


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Busy"])
def test_a18_no_request_is_made_before_the_time_that_the_server_asked_for(run: Run, status: str) -> None:
    scene = run(in_turn(answer(b"", status, "Retry-After: 14400"), ok(GOOD)))
    failed_with(scene, Outcome.THROTTLED)
    assert scene.feed()["failures"] == 0
    for _ in range(3):
        scene.poll(4_700, due_only=True)
        assert len(scene.server.requests) == (1 if scene.clock.now < NOW + timedelta(hours=4) else scene.polled + 1)
    scene.poll(DAY_S, due_only=True)
    assert len(scene.entries()) == 2


def test_a18_a_wish_for_years_is_shortened_to_a_day(run: Run) -> None:
    scene = run(answer(b"", "429 Too Many Requests", "Retry-After: 315360000"))
    assert scene.report.next_at is not None
    assert timedelta(hours=12) < scene.report.next_at - NOW <= timedelta(hours=30)


@pytest.mark.parametrize(
    ("headers", "least_h", "most_h"),
    [
        (["Retry-After: Sat, 22 Aug 2026 14:00:00 GMT"], 4.0, 5.0),
        (["Retry-After: Sat, 22 Aug 2026 04:00:00 GMT", "Date: Sat, 22 Aug 2026 00:00:00 GMT"], 4.0, 5.0),
        (["Retry-After: Mon, 22 Aug 2016 04:00:00 GMT"], 0.0, 4.0),
        (["Retry-After: in a while"], 0.0, 4.0),
        (["Retry-After: Mon, 22 Aug 2036 04:00:00 GMT"], 12.0, 30.0),
    ],
    ids=["date", "relative", "past", "garbage", "ten-years"],
)
def test_a19_retry_after_is_understood_as_a_date_too(
    run: Run, headers: list[str], least_h: float, most_h: float
) -> None:
    scene = run(answer(b"", "429 Too Many Requests", *headers))
    assert scene.report.outcome is Outcome.THROTTLED
    assert scene.report.next_at is not None
    assert least_h <= (scene.report.next_at - NOW).total_seconds() / HOUR_S <= most_h


# ---------------------------------------------------------------- unchanged, or not


def test_a20_a_304_that_nobody_asked_for_is_an_error(run: Run) -> None:
    """The first request is unconditional already: there is no other to try."""
    scene = run(answer(b"", "304 Not Modified"))
    failed_with(scene, Outcome.PROTOCOL)
    assert "if-none-match" not in scene.server.requests[0].lower()


def test_a20_a_304_with_a_body_is_a_304(run: Run) -> None:
    scene = run(in_turn(ok(GOOD, "text/xml", 'ETag: "1"'), answer(rss(item(9, "https://x.example")), "304 Same")))
    scene.poll(HOUR_S)
    assert scene.report.outcome is Outcome.NOT_MODIFIED
    assert len(scene.entries()) == 2


def test_a21_an_etag_that_changes_over_the_same_bytes_brings_nothing(run: Run) -> None:
    scene = run(in_turn(*(ok(GOOD, "text/xml", f'ETag: "{n}"') for n in range(5))))
    for _ in range(4):
        scene.poll(HOUR_S)
        assert (scene.report.outcome, scene.report.new, scene.report.changed) == (Outcome.UNCHANGED, 0, 0)
    assert 'if-none-match: "3"' in scene.server.requests[-1].lower()


def test_a22_an_etag_that_lies_is_found_out_within_25_hours(run: Run) -> None:
    def lying(connection: socket.socket, request: str) -> None:
        first = GOOD if len(scene_of[0].server.requests if scene_of else "") < 2 else None
        if "if-none-match" in request.lower():
            connection.sendall(answer(b"", "304 Not Modified", 'ETag: W/"always"'))
        else:
            body = first or rss(*(item(n, "https://city.example") for n in (3, 2, 1)))
            connection.sendall(ok(body, "text/xml", 'ETag: W/"always"', "Last-Modified: Mon, 01 Jan 2035 00:00:00 GMT"))

    scene_of: list[Scene] = []
    scene = run(lying, poll=False)
    scene_of.append(scene)
    scene.poll()
    assert scene.report.new == 2
    for _ in range(5):
        scene.poll(5 * HOUR_S)
    assert len(scene.entries()) == 3
    assert any('if-none-match: w/"always"' in head.lower() for head in scene.server.requests)


# ---------------------------------------------------------------- answers that are none


def test_a23_gone_ends_the_polling_and_is_told(run: Run) -> None:
    scene = run(answer(b"", "410 Gone"))
    failed_with(scene, Outcome.GONE)
    assert (scene.report.next_at, scene.report.health) == (None, FeedHealth.GONE)
    scene.poll(30 * DAY_S, due_only=True)
    assert not scene.polled


def test_a23_not_found_is_asked_ever_more_seldom_but_never_for_the_last_time(run: Run) -> None:
    scene = run(answer(b"", "404 Not Found"))
    waits = []
    for _ in range(8):
        assert scene.report.next_at is not None
        waits.append(scene.report.next_at - scene.clock.now)
        scene.poll(6 * DAY_S)
    assert waits[0] < waits[2]
    assert timedelta(hours=12) < max(waits) <= timedelta(days=7) * 1.25


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a23_a_refusal_has_its_own_class_and_is_told_after_three(run: Run, status: str) -> None:
    scene = run(answer(b"", status))
    told = [scene.report.health]
    for _ in range(2):
        scene.poll(8 * HOUR_S)
        assert scene.report.outcome is Outcome.FORBIDDEN
        told.append(scene.report.health)
    assert told[:2] == [told[0]] * 2
    assert told[0] is not FeedHealth.BLOCKED
    assert told[2] is FeedHealth.BLOCKED


LOGIN = b"""<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action='/login' method='post'>
<input name='user'><input type='password' name='password'><button>Sign in</button></form></body></html>"""
CAPTCHA = b"""<!DOCTYPE html><html><head><title>Just a moment</title></head><body><p>Checking that you are human.</p>
<script>challenge()</script></body></html>"""
PARKED = b"""<!DOCTYPE html><html><head><title>city.example</title></head><body><h1>This domain is for sale</h1>
<a href='https://broker.example/'>Make an offer</a></body></html>"""


@pytest.mark.parametrize("kind", [FeedKind.AUTO, FeedKind.FEED])
@pytest.mark.parametrize("body", [LOGIN, CAPTCHA, PARKED], ids=["login", "captcha", "parked"])
def test_a24_a_page_in_the_feeds_place_is_no_feed(run: Run, body: bytes, kind: FeedKind) -> None:
    scene = run(ok(body, "text/html"), kind=kind)
    assert scene.report.outcome in {Outcome.NOT_A_FEED, Outcome.LOGIN_WALL}
    assert scene.entries() == []


def test_a24_a_feed_that_turns_into_a_login_page_keeps_what_it_had(run: Run) -> None:
    scene = run(in_turn(ok(GOOD), ok(LOGIN, "text/html")))
    scene.poll(HOUR_S)
    assert scene.report.outcome in {Outcome.NOT_A_FEED, Outcome.LOGIN_WALL}
    assert len(scene.entries()) == 2


@pytest.mark.parametrize("declared", ["text/html", "application/octet-stream", "image/png", "", "nonsense", ";;;"])
def test_a25_a_feed_is_read_whatever_it_is_called(run: Run, declared: str) -> None:
    assert run(ok(GOOD, declared)).report.new == 2


@pytest.mark.parametrize("charset", ["zlib_codec", "punycode", "no-such-charset", "rot13", "\xff", "utf-8\0", "idna"])
def test_a26_a_charset_that_is_none_is_ignored(run: Run, charset: str) -> None:
    scene = run(ok(GOOD, f"application/rss+xml; charset={charset.replace(chr(0), '')}"))
    assert scene.report.new == 2


@pytest.mark.parametrize(
    "header",
    [
        b"X-Big: " + b"a" * 200_000,
        b"X-Large: " + b"a" * 70_000,
        b"\r\n".join(b"X-%d: 1" % n for n in range(10_000)),
        b"X-Return: canary\rX-Injected: 1",
        b"X-Nul: canary\0",
    ],
    ids=["200-kb", "70-kb", "10000", "cr", "nul"],
)
def test_a27_headers_beyond_reason_are_protocol_errors_and_not_repeated(run: Run, header: bytes) -> None:
    scene = run(b"HTTP/1.1 200 OK\r\n" + header + b"\r\nContent-Length: 0\r\n\r\n")
    failed_with(scene, Outcome.PROTOCOL)
    assert "canary" not in scene.report.detail
    assert scene.report.detail.isprintable()


def test_a27_a_header_in_another_script_harms_nothing(run: Run) -> None:
    scene = run(ok(GOOD, "application/rss+xml", "X-City: 昆明", "Server: caf\xe9"))
    assert scene.report.new == 2


def test_a31_cookies_are_not_kept_for_anybody(run: Run) -> None:
    flood = [f"Set-Cookie: id{n}=canary{n}; Path=/; Domain=.example" for n in range(150)]
    scene = run(in_turn(ok(GOOD, "text/xml", *flood)))
    scene.poll(HOUR_S)
    assert scene.report.outcome is Outcome.UNCHANGED
    assert not any("cookie:" in head.lower() for head in scene.server.requests)


# ---------------------------------------------------------------- names, and no network at all


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), socket.gaierror(-3, "try again")])
def test_a30_a_name_without_an_answer_is_a_dns_error(run: Run, error: OSError) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise error

    failed_with(run(url="http://gone.example/feed.xml", resolver=fail), Outcome.DNS)


def test_a30_a_resolver_that_hangs_ends_with_the_connect_limit(run: Run) -> None:
    release = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        release.wait(10)
        return []

    try:
        scene = run(url="http://slow.example/feed.xml", resolver=hang, limits={"connect_s": 0.3})
    finally:
        release.set()
    failed_with(scene, Outcome.DNS)
    assert scene.report.duration_s < 1


def test_a30_of_500_addresses_four_are_tried(run: Run, audited: list[tuple[str, object]]) -> None:
    addresses = [f"127.0.{3 + n // 250}.{1 + n % 250}" for n in range(500)]
    with socket.create_server(("127.0.2.88", 0)) as probe:
        port = probe.getsockname()[1]  # closed at the others
        url = f"http://many.example:{port}/feed.xml"
        allow = frozenset((address, port) for address in addresses)
        scene = run(url=url, resolver=lambda host, at: addresses, allow=allow)
    failed_with(scene, Outcome.NETWORK)
    dialled = [to for event, to in audited if event == "socket.connect" and isinstance(to, tuple) and to[1] == port]
    assert 1 <= len(dialled) <= MAX_DIALS


def test_a29_a_network_outage_disables_nobody_and_ends_without_a_storm(run: Run) -> None:
    """Forty hosts on one server; their names cannot be resolved for six hours."""
    up = [True]
    busy, most = [0], [0]
    lock = threading.Lock()

    def resolver(host: str, port: int) -> list[str]:
        if not up[0]:
            raise socket.gaierror(-3, "no network")
        return [ATTACKED_ADDRESS]

    def counting(connection: socket.socket, request: str) -> None:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.01)
        connection.sendall(ok(GOOD))
        with lock:
            busy[0] -= 1

    scene = run(counting, url="http://site0.example:{port}/feed.xml", resolver=resolver)
    sources = [
        SourceData(f"site-{n}", f"Site {n}", (FeedData(f"http://site{n}.example:{scene.server.port}/feed.xml"),))
        for n in range(1, 40)
    ]
    with scene.app.database.units() as unit:
        for source in sources:
            unit.add_source(source, scene.clock.now, "test")
        for neighbour in ("neighbour-1", "neighbour-2"):
            unit.set_source_paused(neighbour, True, scene.clock.now)
        unit.commit()

    def tick(minutes: int) -> list[FeedReport]:
        scene.clock.now += timedelta(minutes=minutes)
        reports: list[FeedReport] = []
        scene.app.dispatcher.drain(Stage.POLL, watch=reports.append)  # type: ignore[arg-type]
        return reports

    for _ in range(40):
        tick(5)
    up[0] = False
    outage = [report for _ in range(72) for report in tick(5)]
    assert {one.outcome for one in outage} <= {Outcome.DNS, Outcome.LOCAL_OUTAGE}
    assert sum(one.outcome is Outcome.LOCAL_OUTAGE for one in outage) > len(outage) * 0.8
    assert all(row["next_at"] is not None for row in scene.rows("SELECT next_at FROM feed"))
    marked = scene.rows("SELECT count(*) AS n FROM feed WHERE failures > 1")
    assert marked[0]["n"] == 0

    up[0], most[0] = True, 0
    back = [tick(5) for _ in range(24)]
    first_ok: dict[int, int] = {}
    for number, reports in enumerate(back):
        for one in reports:
            if one.outcome in {Outcome.OK, Outcome.UNCHANGED}:
                first_ok.setdefault(one.feed_id, number)
    assert len(first_ok) == 40
    assert max(list(first_ok.values()).count(number) for number in range(24)) < 30, "not all at once"
    assert most[0] <= scene.app.settings.fetch.workers == 16


def test_this_bench_sees_a_healthy_feed_as_healthy(run: Run) -> None:
    pages = {"/feed.xml": rss(item(1, "{server}"), item(2, "{server}")), "/news/1": page("One"), "/news/2": page("Two")}
    scene = run(site(pages))
    assert (scene.report.outcome, scene.report.new) == (Outcome.OK, 2)
    assert [one.outcome for one in scene.ingest()] == [Outcome.OK, Outcome.OK]
    assert len(scene.articles()) == 2
