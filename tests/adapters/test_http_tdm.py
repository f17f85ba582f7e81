"""Reservations of text and data mining: header, page, file of the origin; which wins, whom they bind."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters import http_tdm
from monitor.adapters.http_manners import FAILURE_TTL_S, RULES_TTL_S
from monitor.domain.outcomes import Outcome
from monitor.ports import Fetched, FetchFailed, FetchRequest, Purpose
from tests.adapters.hostile import Hostile, answer, by_path, serving
from tests.adapters.http_bench import Bench, failed, fetched

URL = "https://news.example/press/2026/visit.html"
RESERVED_PAGE = b"<html><head><meta name='tdm-reservation' content='1'><meta name=tdm-policy content=/terms></head>"


@pytest.fixture
def bench() -> Bench:
    return Bench()


def site(page: bytes, rules: object = None) -> dict[str, bytes]:
    pages = {"/press/visit.html": page}
    if rules is not None:
        pages[http_tdm.WELL_KNOWN] = answer(json.dumps(rules).encode(), "200 OK", "Content-Type: application/json")
    return pages


def get(bench: Bench, server: Hostile, purpose: Purpose = Purpose.PAGE, *, licensed: bool = False, **limits: object):
    request = FetchRequest(server.url + "/press/visit.html", purpose, tdm_licensed=licensed)
    return bench.fetcher(server, **limits).fetch(request)


# ---------------------------------------------------------------- whom it binds


@pytest.mark.parametrize(
    ("page", "rules", "where"),
    [
        (answer(b"x", "200 OK", "TDM-Reservation: 1"), None, "header"),
        (answer(RESERVED_PAGE), None, "page itself"),
        (answer(b"x"), [{"location": "/press/*", "tdm-reservation": 1}], "tdmrep.json"),
    ],
)
def test_a_reserved_page_is_not_read_and_the_place_is_named(
    bench: Bench, page: bytes, rules: object, where: str
) -> None:
    with serving(by_path(site(page, rules))) as server:
        result = failed(get(bench, server))
    assert result.outcome is Outcome.TDM_RESERVED
    assert where in result.detail


@pytest.mark.parametrize("chosen", [{"licensed": True}, {"obey_tdm": False}])
def test_with_a_licence_the_page_is_read_and_the_reservation_recorded(bench: Bench, chosen: dict[str, bool]) -> None:
    with serving(by_path(site(answer(RESERVED_PAGE)))) as server:
        result = fetched(get(bench, server, **chosen))
    assert result.tdm_policy == server.url + "/terms"


def test_a_reservation_without_policy_is_recorded_as_empty(bench: Bench) -> None:
    with serving(by_path(site(answer(b"x", "200 OK", "TDM-Reservation: 1")))) as server:
        assert fetched(get(bench, server, licensed=True)).tdm_policy == ""


def test_feeds_are_not_bound_but_their_header_is_recorded(bench: Bench) -> None:
    page = answer(RESERVED_PAGE, "200 OK", "tdm-reservation: 1", "tdm-policy: https://news.example/policy.json")
    with serving(by_path(site(page, [{"location": "/", "tdm-reservation": 1}]))) as server:
        assert fetched(get(bench, server, Purpose.FEED)).tdm_policy == "https://news.example/policy.json"
    assert [request.split()[1] for request in server.requests] == ["/press/visit.html"]


def test_nothing_said_is_nothing_reserved(bench: Bench) -> None:
    with serving(by_path(site(answer(b"<html><p>tdm-reservation is a word here</p>")))) as server:
        assert fetched(get(bench, server)).tdm_policy is None


# ---------------------------------------------------------------- which wins


@pytest.mark.parametrize(
    ("page", "rules", "kind"),
    [
        (answer(b"x", "200 OK", "TDM-Reservation: 0"), [{"location": "/", "tdm-reservation": 1}], Fetched),
        (answer(RESERVED_PAGE, "200 OK", "TDM-Reservation: 0"), None, FetchFailed),
        (answer(b"<meta name='tdm-reservation' content='0'>", "200 OK", "TDM-Reservation: 1"), None, Fetched),
    ],
    ids=["header-over-file", "page-over-header", "page-lifts"],
)
def test_the_more_particular_place_wins(bench: Bench, page: bytes, rules: object, kind: type[object]) -> None:
    with serving(by_path(site(page, rules))) as server:
        assert isinstance(get(bench, server), kind)


@pytest.mark.parametrize(
    ("location", "fits"),
    [
        ("/", True),
        ("/press/", True),
        ("press", True),
        ("/press/*.html", True),
        ("/press/*.html$", True),
        ("/press/2026/visit.html$", True),
        ("*", True),
        ("/*/2026/*", True),
        ("/press/*$", True),
        ("/press/%32026/", True),
        ("/archive/", False),
        ("/press/2026/visit$", False),
        ("/press/*.htm$", False),
        ("/press/*/*/*/*", False),
        ("/Press/", False),
    ],
)
def test_locations_are_patterns_of_the_path(location: str, fits: bool) -> None:
    rules = http_tdm.read_file(json.dumps([{"location": location, "tdm-reservation": 1}]).encode(), URL)
    assert (rules.says(URL) is not None) is fits


def test_the_longest_location_counts_and_of_equal_ones_the_one_that_reserves() -> None:
    told = [
        {"location": "/", "tdm-reservation": 1, "tdm-policy": "/terms.json"},
        {"location": "/press/", "tdm-reservation": 0},
        {"location": "/press/2026/", "tdm-reservation": "0"},
        {"location": "/press/2026/", "tdm-reservation": True},
    ]
    rules = http_tdm.read_file(json.dumps(told).encode(), URL)
    said = [rules.says(url) for url in (URL, "https://news.example/press/x", "https://news.example/")]
    assert [one.reserved for one in said if one] == [True, False, True]
    assert said[2] is not None
    assert said[2].policy == "https://news.example/terms.json"


# ---------------------------------------------------------------- the file, once


class Hand:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("answered", "kept_s"), [(answer(b"", "404 Not Found"), RULES_TTL_S), (answer(b"", "500 Oops"), FAILURE_TTL_S)]
)
def test_the_file_is_asked_for_once_a_day_and_soon_again_when_out_of_reach(answered: bytes, kept_s: float) -> None:
    from monitor.adapters.http import HttpFetcher, HttpLimits

    hand = Hand()
    pages = {"/a": answer(b"x"), http_tdm.WELL_KNOWN: answered}
    with serving(by_path(pages)) as server:
        limits = HttpLimits(allowed_addresses=server.allowed, host_gap_s=0.0, obey_robots=False)
        fetcher = HttpFetcher(limits, monotonic=hand, sleep=lambda seconds: None)
        for pause in (0, kept_s - 1, 2):
            hand.now += pause
            fetched(fetcher.fetch(FetchRequest(server.url + "/a", Purpose.PAGE)))
    assert sum(http_tdm.WELL_KNOWN in request for request in server.requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"<html>not found</html>",
        b"[" * 100_000,
        b'{"location": 1, "tdm-reservation": 1}',
        b'[{"location": "", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 2}, 3, null]',
        b'[{"location": "/", "tdm-reservation": NaN}, {"location": "/", "tdm-reservation": {}}]',
        b"\xff\xfe\x00",
    ],
)
def test_a_file_that_makes_no_sense_reserves_nothing(body: bytes) -> None:
    assert http_tdm.read_file(body, URL).says(URL) is None


def test_a_file_with_one_rule_instead_of_a_list_is_understood() -> None:
    said = http_tdm.read_file(b'\xef\xbb\xbf{"location": "/", "tdm-reservation": 1}', URL).says(URL)
    assert said is not None
    assert said.reserved


# ---------------------------------------------------------------- the page, cheaply


@pytest.mark.parametrize(
    ("head", "reserved"),
    [
        (b"<META CONTENT=1 NAME='TDM-Reservation'>", True),
        (b'<meta name="tdm-reservation" content=" 1 "/>', True),
        (b"<!-- <meta name='tdm-reservation' content='1'> -->", False),
        (b"<!-- never closed <meta name='tdm-reservation' content='1'>", False),
        (b"<metadata name='tdm-reservation' content='1'>", False),
        (b"<meta name='tdm-reservation' content='yes'>", False),
        (b"x" * 65_536 + b"<meta name='tdm-reservation' content='1'>", False),
        ("<meta name='tdm-reservation' content='1'>".encode("utf-16"), True),
    ],
)
def test_meta_elements_are_found_in_the_beginning_of_a_page(head: bytes, reserved: bool) -> None:
    said = http_tdm.said_by_page(head, URL)
    assert (said is not None and said.reserved) is reserved


@pytest.mark.parametrize("piece", [b"<meta ", b"<!--", b"<meta name=", b"<meta a='", b"<meta" + b" " * 900, b"<meta>"])
def test_a_hostile_page_is_looked_over_in_little_time(piece: bytes) -> None:
    page = b"tdm-reservation" + piece * (65_536 // len(piece))
    began = time.monotonic()
    assert http_tdm.said_by_page(page, URL) is None
    assert time.monotonic() - began < 0.5


def test_a_hostile_pattern_is_matched_in_little_time() -> None:
    told = [{"location": "/" + "*a" * 500 + "$", "tdm-reservation": 1}] * 1_000
    rules = http_tdm.read_file(json.dumps(told).encode(), URL)
    began = time.monotonic()
    assert rules.says("https://news.example/" + "a" * 4_000 + "b") is None
    assert time.monotonic() - began < 2


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_nothing_is_raised(body: bytes) -> None:
    http_tdm.read_file(body, URL).says(URL)
    http_tdm.said_by_page(b"<meta name=tdm-reservation content=1 " + body, URL)
