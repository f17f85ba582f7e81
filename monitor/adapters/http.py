"""Fetching over HTTP, safely and politely: the only module that imports httpx.

What an answer means is decided in `http_answers`; where connections may go in `http_guard`; how much is read in
`http_body`; when a host may be asked, and what its robots.txt says, in `http_manners`.
"""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpcore
import httpx

from monitor.adapters import http_answers as answers
from monitor.adapters.http_body import BodyLimits, BodyRefused, read_body
from monitor.adapters.http_errors import EXCHANGE_ERRORS, outcome_of, was_stale
from monitor.adapters.http_guard import AddressPolicy, Exchanges, GuardedBackend, Resolver, system_resolver
from monitor.adapters.http_manners import (
    MAX_ROBOTS_BYTES,
    HostBusy,
    HostTurns,
    RobotsCache,
    RobotsRules,
    Visit,
    read_robots,
)
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import absolute_url, host_of
from monitor.ports import Fetched, FetchFailed, FetchRequest, NotModified, Purpose

MAX_HEADER_BYTES = 65_536  # faults.md section 2; h11 itself gives up at 100 KiB
MAX_HEADERS = 256
FRAMING_BYTES = 1_048_576  # allowance for headers, chunk sizes and 1xx answers on top of the body
MAX_KEPT_CONNECTIONS = 20
MAX_CONNECTIONS = 200  # far above the number of fetching threads: a thread never waits for a connection


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Limits and manners of the fetcher; defaults of design section 8."""

    connect_s: float = 5.0
    idle_s: float = 10.0  # longest silence within an answer
    total_s: float = 30.0  # for all hops of one fetch, waiting for the host's turn not counted
    max_wire_bytes: int = 10 * 1024 * 1024
    max_body_bytes: int = 10 * 1024 * 1024
    max_redirects: int = 5
    host_gap_s: float = 1.0  # between the end of a visit and the begin of the next at the same host
    host_patience_s: float = 300.0  # a host that keeps others waiting longer is left for later
    user_agent: str = "sister-city-monitor"
    allowed_addresses: frozenset[tuple[str, int]] = frozenset()  # exact address and port, beyond public ones
    obey_robots: bool = True  # for pages; feeds are published to be polled
    follow_downgrade: bool = False  # redirects from https to http


def _utc_now() -> datetime:
    return datetime.now(UTC)


class GuardedTransport(httpx.BaseTransport):
    """Sends requests over a pool whose connections are dialled by the guarded backend.

    Used without `httpx.Client`, which would parse redirects, keep cookies and read the environment.
    """

    def __init__(self, backend: httpcore.NetworkBackend, context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_KEPT_CONNECTIONS,
            keepalive_expiry=5.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send; raises httpcore's errors and those of the guard."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=b"",
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    """The raw body of an answer."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@dataclass(slots=True)
class _Trip:
    """One fetch under way: what is asked for, the visit it is on, the time it has left."""

    visit: Visit
    headers: dict[str, str]
    limits: BodyLimits
    seconds: float
    robots: bool  # robots.txt is to be obeyed


class HttpFetcher:
    """The `Fetcher`: one shared client for all threads."""

    def __init__(
        self,
        limits: HttpLimits | None = None,
        *,
        clock: Callable[[], datetime] = _utc_now,
        resolver: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits = limits or HttpLimits()
        self._clock = clock
        self._exchanges = Exchanges()
        self._turns = HostTurns(limits.host_gap_s, limits.host_patience_s, monotonic, sleep)
        self._robots = RobotsCache(monotonic)
        self._agent = limits.user_agent.partition("/")[0].partition(" ")[0]  # the product token robots.txt speaks to
        backend = GuardedBackend(AddressPolicy(limits.allowed_addresses), resolver, self._exchanges)
        context = ssl_context or httpx.create_ssl_context(trust_env=False)
        self._transport = GuardedTransport(backend, context)
        self._headers = {"User-Agent": limits.user_agent, "Accept-Encoding": "gzip"}
        self._timeouts = {"timeout": httpx.Timeout(limits.idle_s, connect=limits.connect_s).as_dict()}

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """Fetch within the limits; waits for the host's turn; never raises for what a server does."""
        body_limits = BodyLimits(self._limits.max_wire_bytes, self._limits.max_body_bytes)
        robots = self._limits.obey_robots and request.purpose is Purpose.PAGE
        with self._turns.visit() as visit:
            trip = _Trip(visit, answers.request_headers(request), body_limits, self._limits.total_s, robots)
            landed = self._travel(request.url, trip)
        if isinstance(landed, FetchFailed):
            return landed
        reply, final_url, permanent_url = landed
        outcome = answers.judge(reply, request, self._clock())
        if outcome is not None:
            return outcome
        return Fetched(
            url=request.url,
            final_url=final_url,
            permanent_url=permanent_url,
            status=reply.status,
            content_type=reply.content_type,
            body=reply.body,
            body_sha=hashlib.sha256(reply.body).hexdigest(),
            validators=reply.validators,
            max_age_s=answers.max_age_s(reply, self._clock()),
            fetched_at=self._clock(),
        )

    # ------------------------------------------------------------ hops

    def _travel(self, start: str, trip: _Trip) -> tuple[answers.Reply, str, str | None] | FetchFailed:
        """Follow redirects to an answer: reply, where it was found, where permanent redirects led."""
        url = absolute_url(start)
        if url is None:
            return answers.unusable(start, start)
        seen = {url}
        permanent: str | None = None
        unbroken = True
        for _ in range(self._limits.max_redirects + 1):
            reply = self._hop(start, url, trip)
            if isinstance(reply, FetchFailed):
                return reply
            target = answers.redirect_target(reply, url)
            if target is None:
                return reply, url, permanent
            refused = self._refused_target(start, url, target, seen)
            if refused is not None:
                return refused
            url = absolute_url(target, url) or target
            unbroken = unbroken and reply.status in answers.PERMANENT
            permanent = url if unbroken else permanent
            seen.add(url)
        return FetchFailed(start, Outcome.REDIRECT_LIMIT, f"more than {self._limits.max_redirects} redirects")

    def _refused_target(self, start: str, url: str, target: str, seen: set[str]) -> FetchFailed | None:
        checked = absolute_url(target, url)
        if checked is None:
            return answers.unusable(start, target, " in a redirect")
        if checked in seen:
            return FetchFailed(start, Outcome.REDIRECT_LIMIT, "redirects in a circle")
        if url.startswith("https:") and checked.startswith("http:") and not self._limits.follow_downgrade:
            return FetchFailed(start, Outcome.BAD_SCHEME, "redirects from https to http")
        return None

    def _hop(self, start: str, url: str, trip: _Trip) -> answers.Reply | FetchFailed:
        """One request at one host, in its turn, if its robots.txt agrees."""
        try:
            trip.visit.enter(host_of(url) or "")
        except HostBusy:
            return FetchFailed(start, Outcome.THROTTLED, "the host is busy with our other requests")
        if trip.robots and (refused := self._robots_refusal(start, url, trip.visit)) is not None:
            return refused
        began = time.monotonic()
        try:
            return self._exchange(start, url, trip)
        finally:
            trip.seconds -= time.monotonic() - began

    def _exchange(self, start: str, url: str, trip: _Trip) -> answers.Reply | FetchFailed:
        """Send and read; once more at once if a kept connection turned out to be closed."""
        wire = trip.limits.wire_bytes + FRAMING_BYTES
        with self._exchanges.begin(trip.seconds, wire) as exchange:
            for attempt in (1, 2):
                try:
                    return self._send(url, trip)
                except httpx.InvalidURL:
                    return FetchFailed(start, Outcome.BAD_URL, "the address cannot be used")
                except EXCHANGE_ERRORS as error:
                    if attempt == 1 and not exchange.dialled and was_stale(error):
                        continue
                    outcome, detail = outcome_of(error, exchange)
                    return FetchFailed(start, outcome, detail)
        raise AssertionError("a second attempt always answers")

    def _send(self, url: str, trip: _Trip) -> answers.Reply:
        request = httpx.Request("GET", url, headers=self._headers | trip.headers, extensions=self._timeouts)
        response = self._transport.handle_request(request)
        try:
            _check_headers(response.headers)
            body = b""
            if response.is_success:
                length = answers.whole_number(response.headers.get("content-length"))
                encoding = response.headers.get("content-encoding", "")
                body = read_body(response.iter_raw(), encoding, length, trip.limits)
            return answers.Reply(response.status_code, response.headers, body)
        finally:
            response.close()

    # ------------------------------------------------------------ robots.txt

    def _robots_refusal(self, start: str, url: str, visit: Visit) -> FetchFailed | None:
        """Why this page may not be fetched now; None: it may. RFC 9309: unreachable is postponed, absent is free."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.get(origin)
        if known is None:
            known = self._ask_robots(origin, visit)
            self._robots.put(origin, known)
        if isinstance(known, FetchFailed):
            detail = f"robots.txt: {known.detail}"
            return FetchFailed(start, known.outcome, detail, known.status, known.retry_after_s)
        self._turns.slow_down(host_of(url) or "", known.delay_s)
        return None if known.allows(url) else FetchFailed(start, Outcome.ROBOTS, "robots.txt disallows this page")

    def _ask_robots(self, origin: str, visit: Visit) -> RobotsRules | FetchFailed:
        url = f"{origin}/robots.txt"
        limits = BodyLimits(MAX_ROBOTS_BYTES, MAX_ROBOTS_BYTES, cut=True)
        landed = self._travel(
            url, _Trip(visit, {"Accept": "text/plain, */*;q=0.5"}, limits, self._limits.total_s, False)
        )
        visit.enter(host_of(url) or "")  # its redirects may have led elsewhere
        if isinstance(landed, FetchFailed):
            return landed
        reply = landed[0]
        failed = answers.judge(reply, FetchRequest(url, Purpose.FEED), self._clock())
        if isinstance(failed, FetchFailed) and (reply.status >= 500 or failed.outcome is Outcome.THROTTLED):
            return failed
        return read_robots(reply.body, self._agent) if reply.body else RobotsRules(None, self._agent)


def _check_headers(headers: httpx.Headers) -> None:
    raw = headers.raw
    if len(raw) > MAX_HEADERS or sum(len(name) + len(value) for name, value in raw) > MAX_HEADER_BYTES:
        raise BodyRefused(Outcome.PROTOCOL, "too many or too large headers")
