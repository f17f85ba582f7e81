"""Rows B of the fault matrix: nobody from outside decides where we connect to."""

from __future__ import annotations

import ast
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

import monitor
from monitor.adapters.channels.webhook import Receiver, WebhookChannel
from monitor.adapters.http_guard import AddressPolicy
from monitor.domain.model.digests import ChannelKind, DeliveryData, DeliveryFailed, DeliveryForSend, RenderedPart
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import absolute_url
from monitor.ports import Fetched, FetchFailed, FetchRequest, Purpose
from tests.adapters.hostile import Hostile, answer, by_path, saying, serving
from tests.faults.harness import ATTACKED_ADDRESS, NOW, Run, Scene, item, ok, page, rss, server_context, site, trusting

GOOD = rss(item(1, "https://city.example"))
HOUR_S = 3600.0


@pytest.fixture
def canary() -> Iterator[Hostile]:
    """Listens where nobody may come; every connection is a failure of the test."""
    with serving(saying(ok(GOOD)), "127.0.0.1") as server:
        yield server
        assert server.connections == 0


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def to_canary(host: str, port: int) -> list[str]:
    """A resolver that a rogue zone serves."""
    return ["127.0.0.1"]


# ---------------------------------------------------------------- addresses

NOT_PUBLIC = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "198.18.0.1",
    "198.19.255.254",
    "192.88.99.1",
    "192.0.0.170",
    "192.0.2.5",
    "198.51.100.5",
    "203.0.113.5",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fc00::1",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff00::1",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "2001:2::1",
    "3fff::1",
    "5f00::1",
    "100::1",
]
EMBEDDED = [
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "64:ff9b:1:ffff::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::127.0.0.1",
]
SPELLINGS = ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.1", "0x7f.1", "１２７.0.0.1", "①②⑦.0.0.1",
             "127.0.0.1.", "127。0。0。1", "%31%32%37.0.0.1", "[::ffff:7f00:1]", "localhost", "LOCALHOST."]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_b01_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not AddressPolicy().permits(address, 443)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "[::]", "[::1]", "169.254.169.254", "10.0.0.1"])
def test_b01_a_feed_there_is_blocked_before_any_connection(
    run: Run, canary: Hostile, audited: list[tuple[str, Any]], host: str
) -> None:
    scene = run(url=f"http://{host}:{canary.port}/feed.xml")
    assert scene.report.outcome is Outcome.BLOCKED_ADDRESS
    assert not any(event == "socket.connect" and to[1] == canary.port for event, to in audited)


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")
def test_b01_the_loopback_of_ipv6_hears_nothing(run: Run) -> None:
    with serving(saying(ok(GOOD)), "::1") as there:
        scene = run(url=there.url + "/feed.xml")
        assert scene.report.outcome is Outcome.BLOCKED_ADDRESS
    assert there.connections == 0


@pytest.mark.parametrize("address", EMBEDDED)
def test_b02_an_address_inside_another_is_seen(address: str) -> None:
    assert not AddressPolicy().permits(address, 443)


def test_b02_a_name_that_resolves_to_one_is_blocked(run: Run, canary: Hostile) -> None:
    scene = run(
        url=f"http://news.example:{canary.port}/",
        resolver=lambda host, port: ["::ffff:127.0.0.1"],
        allow=frozenset((("8.8.8.8", canary.port),)),
    )
    assert scene.report.outcome is Outcome.BLOCKED_ADDRESS


@pytest.mark.parametrize("host", SPELLINGS)
def test_b03_no_spelling_of_loopback_gets_through(run: Run, canary: Hostile, host: str) -> None:
    scene = run(url=f"http://{host}:{canary.port}/feed.xml", resolver=to_canary)
    assert scene.report.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.BAD_URL}


# ---------------------------------------------------------------- redirects


def redirect(to: str) -> bytes:
    return answer(b"", "302 Found", f"Location: {to}")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f000001", "127.1", "localhost"]
)
@pytest.mark.parametrize("prefix", ["http://", "//"])
def test_b04_a_redirect_there_is_blocked_at_that_hop(run: Run, canary: Hostile, prefix: str, host: str) -> None:
    scene = run(redirect(f"{prefix}{host}:{canary.port}/feed.xml"), resolver=to_canary)
    assert scene.report.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.BAD_URL}
    assert len(scene.server.requests) == 1


def test_b04_the_fifth_redirect_is_checked_like_the_first(run: Run, canary: Hostile) -> None:
    pages = {"/feed.xml": redirect("/1")} | {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 4)}
    scene = run(by_path(pages | {"/4": redirect(f"http://127.0.0.1:{canary.port}/")}))
    assert scene.report.outcome is Outcome.BLOCKED_ADDRESS
    assert len(scene.server.requests) == 5


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "FILE:/etc/passwd", "gopher://127.0.0.1:70/_x", "ftp://127.0.0.1/", "data:text/xml,<rss/>",
     "javascript:alert(1)", "dict://127.0.0.1:11211/stats", "ldap://127.0.0.1/", "jar:http://x!/", "unix:/run/x.sock"],
)  # fmt: skip
def test_b05_redirects_to_other_schemes_are_refused_and_no_file_is_opened(
    run: Run, audited: list[tuple[str, Any]], target: str
) -> None:
    scene = run(redirect(target))
    assert scene.report.outcome in {Outcome.BAD_SCHEME, Outcome.BAD_URL}
    assert not any(event == "open" and "passwd" in str(what) for event, what in audited)


# ---------------------------------------------------------------- names


def test_b06_a_name_that_rebinds_is_resolved_once_and_never_leads_inside(run: Run, canary: Hostile) -> None:
    calls: list[str] = []

    def flip(host: str, port: int) -> list[str]:
        calls.append(host)
        return [ATTACKED_ADDRESS] if len(calls) % 2 else ["127.0.0.1"]

    scene = run(ok(GOOD), url="http://flip.example:{port}/feed.xml", resolver=flip)
    assert scene.report.outcome is Outcome.OK
    calls.clear()
    url = f"http://flip.example:{scene.server.port}/feed.xml"
    outcomes = [type(scene.app.fetcher.fetch(FetchRequest(url, Purpose.FEED))) for _ in range(1_000)]
    assert len(calls) == 1_000
    assert outcomes == [Fetched, FetchFailed] * 500


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.8", "::1", "64:ff9b::7f00:1", "nonsense"])
def test_b07_one_bad_record_refuses_the_name(run: Run, canary: Hostile, bad: str) -> None:
    scene = run(
        ok(GOOD), url="http://mixed.example:{port}/feed.xml", resolver=lambda host, port: [ATTACKED_ADDRESS, bad]
    )
    assert scene.report.outcome is Outcome.BLOCKED_ADDRESS
    assert scene.server.connections == 0


def test_b12_no_connection_outlives_its_check(run: Run, canary: Hostile) -> None:
    """The name moves inside after the first poll; the server would gladly keep the first connection open."""
    addresses = [ATTACKED_ADDRESS]

    def patient(connection: socket.socket, request: str) -> None:
        connection.sendall(answer(GOOD, "200 OK", "Connection: keep-alive", "Keep-Alive: timeout=600"))
        connection.settimeout(1)
        connection.recv(4096)

    scene = run(patient, url="http://moving.example:{port}/feed.xml", resolver=lambda host, port: list(addresses))
    assert scene.report.outcome is Outcome.OK
    addresses[:] = ["127.0.0.1"]
    scene.poll(HOUR_S)
    assert scene.report.outcome is Outcome.BLOCKED_ADDRESS
    assert scene.server.connections == 1


def test_b13_certificate_sni_and_host_are_those_of_the_name_though_the_address_is_dialled(run: Run) -> None:
    authority = trustme.CA()
    names: list[str | None] = []
    context = server_context(authority.issue_cert("news.example"))
    context.sni_callback = lambda connection, name, ctx: names.append(name)

    def poll(name: str) -> Scene:
        return run(
            ok(GOOD),
            url=f"https://{name}:{{port}}/feed.xml",
            resolver=lambda host, port: [ATTACKED_ADDRESS],
            context=context,
            trust=trusting(authority),
        )

    right, wrong = poll("news.example"), poll("other.example")
    assert (right.report.outcome, wrong.report.outcome) == (Outcome.OK, Outcome.TLS)
    assert names == ["news.example", "other.example"]
    assert f"host: news.example:{right.server.port}" in right.server.requests[0].lower()
    assert wrong.server.requests == []


# ---------------------------------------------------------------- spellings on which readers disagree

DIFFERENTIALS: list[Callable[[int], str]] = [
    lambda port: f"http://127.0.0.1:{port}\\@ok.example/",
    lambda port: f"http://ok.example\\@127.0.0.1:{port}/",
    lambda port: f"http://ok.example@127.0.0.1:{port}/",
    lambda port: f"http://ok.example:80@127.0.0.1:{port}/",
    lambda port: f"http://127.0.0.1:{port}#@ok.example/",
    lambda port: f"http://127.0.0.1:{port}%00.ok.example/",
    lambda port: f"http://127.0.0.1%09:{port}/",
    lambda port: f"http://ok.example\t@127.0.0.1:{port}/",
    lambda port: f"ht\ntp://127.0.0.1:{port}/",
    lambda port: f"http:/\\127.0.0.1:{port}/",
    lambda port: f"http:127.0.0.1:{port}/",
    lambda port: f"http:///127.0.0.1:{port}/",
    lambda port: f"http://[::1%25lo]:{port}/",
    lambda port: f"http://[::1%lo]:{port}/",
    lambda port: f"http://[::ffff:127.0.0.1%25lo]:{port}/",
    lambda port: f"http://[127.0.0.1]:{port}/",
    lambda port: f"http://127.0.0.1 :{port}/",
    lambda port: f"http://127.0.0.1:{port}:80/",
    lambda port: f"http://127.0.0.1:0{port}x/",
]


@pytest.mark.parametrize("number", range(len(DIFFERENTIALS)))
def test_b08_addresses_on_which_readers_disagree_are_refused_as_feed_and_as_redirect(
    run: Run, canary: Hostile, number: int
) -> None:
    url = DIFFERENTIALS[number](canary.port)
    refused = {Outcome.BAD_URL, Outcome.BLOCKED_ADDRESS, Outcome.BAD_SCHEME}
    in_a_header = url.replace("\n", "")
    scene = run(redirect(in_a_header), resolver=to_canary, poll=False)
    direct = scene.app.fetcher.fetch(FetchRequest(url, Purpose.FEED))
    assert isinstance(direct, FetchFailed)
    assert direct.outcome in refused
    scene.poll()
    # A relative one may stay on the server that sent it: there it redirects in a circle, or is a header that is none.
    assert scene.report.outcome in refused | {Outcome.REDIRECT_LIMIT, Outcome.PROTOCOL}


@pytest.mark.parametrize("character", ["\\", "\t", "\n", "\r", "\0", " ", "\x7f", "@", "%00", "%2f", "\ud800"])
def test_b08_no_such_character_is_part_of_a_host(character: str) -> None:
    assert absolute_url(f"http://ok{character}.example/") is None


# ---------------------------------------------------------------- other ways to the network


def test_b09_what_a_feed_and_a_page_link_to_goes_through_the_same_guard(run: Run, canary: Hostile) -> None:
    inside = f"http://127.0.0.1:{canary.port}"
    hostile_page = page("Linked").replace(
        b"<head>",
        f"<head><base href='{inside}/'><link rel=canonical href='{inside}/c'><link rel=icon href='{inside}/i.ico'>"
        f"<link rel=alternate type='application/rss+xml' href='{inside}/feed'><link rel=amphtml href='{inside}/amp'>"
        f"<meta property='og:image' content='{inside}/og.png'>"
        f"<meta http-equiv=refresh content='0;url={inside}/r'>".encode(),
    )
    feed = rss(
        item(1, "{server}", link=f"{inside}/article"),
        item(2, "{server}").replace("</item>", f"<enclosure url='{inside}/e.mp3' type='audio/mpeg'/></item>"),
    ).replace(b"<channel>", f"<channel><image><url>{inside}/i.png</url></image>".encode())
    scene = run(site({"/feed.xml": feed, "/news/2": hostile_page}))
    assert scene.report.new == 2
    outcomes = {one.url: one.outcome for one in scene.ingest()}
    assert outcomes[f"{inside}/article"] is Outcome.BLOCKED_ADDRESS
    assert len(scene.articles()) == 2
    linked = run(site({"/feed.xml": hostile_page}))
    assert linked.server.requests


def test_b09_only_one_module_imports_the_http_client() -> None:
    importers = set()
    for path in Path(monitor.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            importers |= {path.name for name in names if name.split(".")[0] == "httpx"}
    assert importers == {"http_transport.py"}


def test_b10_the_environment_cannot_insert_a_proxy(run: Run, canary: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
        monkeypatch.setenv(name.lower(), f"http://127.0.0.1:{canary.port}")
    assert run(ok(GOOD)).report.outcome is Outcome.OK


def test_b11_a_webhook_to_a_private_address_is_refused_by_default_and_redirects_are_not_followed(
    run: Run, canary: Hostile
) -> None:
    scene = run(redirect(f"http://127.0.0.1:{canary.port}/"), poll=False)
    delivery = DeliveryForSend(
        1, DeliveryData("k" * 64, ChannelKind.WEBHOOK, "own", 1, "<k@x>", RenderedPart("s", "t")), 0, None, NOW
    )
    outcomes = []
    for url in (f"http://127.0.0.1:{canary.port}/", scene.server.url + "/hook"):
        result = WebhookChannel({"own": Receiver(url)}, scene.app.fetcher).send(delivery)
        assert isinstance(result, DeliveryFailed)
        outcomes.append(result.outcome)
    assert outcomes == [Outcome.BLOCKED_ADDRESS, Outcome.REFUSED]
    assert scene.server.requests[0].startswith("POST /hook ")


def test_b14_a_blocked_address_looks_the_same_whether_anything_listens_there(run: Run, canary: Hostile) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        closed = probe.getsockname()[1]
    scene = run(ok(GOOD))
    seen = []
    for url in (f"http://127.0.0.1:{canary.port}/", f"http://127.0.0.1:{closed}/", "http://10.255.255.1/"):
        began = time.monotonic()
        result = scene.app.fetcher.fetch(FetchRequest(url, Purpose.FEED))
        assert isinstance(result, FetchFailed)
        assert time.monotonic() - began < 0.1
        seen.append((result.outcome, result.detail, result.status, result.retry_after_s))
    assert len(set(seen)) == 1


@pytest.mark.parametrize("port", [22, 25, 6379, 110, 3306, 11211])
def test_b15_ports_of_other_services_are_refused_also_at_public_addresses(
    run: Run, audited: list[tuple[str, Any]], port: int
) -> None:
    scene = run(url=f"http://news.example:{port}/feed.xml", resolver=lambda host, at: ["93.184.216.34"])
    assert scene.report.outcome is Outcome.BLOCKED_ADDRESS
    assert not any(event == "socket.connect" and to[1] == port for event, to in audited)


@pytest.mark.parametrize("port", [80, 443, 1024, 8080, 8443, 65535])
def test_b15_ports_of_the_web_are_open(port: int) -> None:
    assert AddressPolicy().permits("93.184.216.34", port)
