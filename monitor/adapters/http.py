"""Fetching and posting over HTTP, safely and politely.

One exchange is made in `http_transport`, the only module that imports httpx; where connections may go is decided in
`http_guard`, how much is read in `http_body`, what an answer means in `http_answers`, when a host may be asked and what
its robots.txt says in `http_manners`, what a publisher reserves in `http_tdm`.
"""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from monitor.adapters import http_answers as answers
from monitor.adapters import http_tdm as tdm
from monitor.adapters.http_body import BodyLimits
from monitor.adapters.http_guard import AddressPolicy, Resolver, system_resolver
from monitor.adapters.http_manners import (
    FAILURE_TTL_S,
    MAX_ROBOTS_BYTES,
    RULES_TTL_S,
    HostBusy,
    HostTurns,
    OriginCache,
    RobotsRules,
    Visit,
    read_robots,
)
from monitor.adapters.http_transport import MAX_RECEIPT_BYTES, GuardedTransport, Sending
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import absolute_url, host_of
from monitor.ports import Answered, Fetched, FetchFailed, FetchRequest, NotModified, Posted, Purpose


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Limits and manners of the client; defaults of design section 8."""

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
    obey_tdm: bool = True  # for pages: reservations of text and data mining
    follow_downgrade: bool = False  # redirects from https to http


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Trip:
    """One fetch under way: the visit it is on, what it asks with, the time it has left."""

    visit: Visit
    headers: Mapping[str, str]
    limits: BodyLimits
    seconds: float
    robots: bool = False  # robots.txt is to be obeyed


@dataclass(frozen=True, slots=True)
class _Landing:
    """The answer at the end of the redirects."""

    reply: answers.Reply
    url: str  # where it was found
    permanent_url: str | None  # where permanent redirects led


class HttpFetcher:
    """The `Fetcher`, the `Poster` and the `FormSender`: one shared client for all threads."""

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
        self._turns = HostTurns(limits.host_gap_s, limits.host_patience_s, monotonic, sleep)
        self._robots: OriginCache[RobotsRules | FetchFailed] = OriginCache(monotonic)
        self._tdm_files: OriginCache[tdm.TdmFile] = OriginCache(monotonic)
        self._agent = limits.user_agent.partition("/")[0].partition(" ")[0]  # the product token robots.txt speaks to
        policy = AddressPolicy(limits.allowed_addresses)
        self._transport = GuardedTransport(policy, resolver, ssl_context, limits.connect_s, limits.idle_s)
        self._headers = {"User-Agent": limits.user_agent, "Accept-Encoding": "gzip"}
        self._body_limits = BodyLimits(limits.max_wire_bytes, limits.max_body_bytes)

    def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """Fetch within the limits; waits for the host's turn; never raises for what a server does."""
        robots = self._limits.obey_robots and request.purpose is Purpose.PAGE
        with self._turns.visit() as visit:
            headers = answers.request_headers(request)
            trip = _Trip(visit, headers, self._body_limits, self._limits.total_s, robots)
            landed = self._travel(request.url, trip)
            if isinstance(landed, FetchFailed):
                return landed
            judged = answers.judge(landed.reply, request, self._clock())
            if judged is not None:
                return judged
            reserved = self._reservation(landed, request, visit)
        if reserved is not None and self._is_bound(request):
            return FetchFailed(request.url, Outcome.TDM_RESERVED, f"text and data mining is reserved {reserved.where}")
        return self._fetched(request, landed, None if reserved is None else reserved.policy)

    def _fetched(self, request: FetchRequest, landed: _Landing, tdm_policy: str | None) -> Fetched:
        reply, now = landed.reply, self._clock()
        return Fetched(
            url=request.url,
            final_url=landed.url,
            permanent_url=landed.permanent_url,
            status=reply.status,
            content_type=reply.content_type,
            body=reply.body,
            body_sha=hashlib.sha256(reply.body).hexdigest(),
            validators=reply.validators,
            max_age_s=answers.max_age_s(reply, now),
            fetched_at=now,
            tdm_policy=tdm_policy,
        )

    def post(self, url: str, body: bytes, content_type: str, headers: Mapping[str, str]) -> Posted | FetchFailed:
        """Hand a message over in one attempt, no redirect followed; waits for the host's turn."""
        target = absolute_url(url)
        if target is None:
            return answers.unusable(url, url)
        sent = {**self._headers, **headers, "Content-Type": content_type}
        with self._turns.visit() as visit:
            try:
                visit.enter(host_of(target) or "")
            except HostBusy:
                return _busy(url)
            sending = Sending(target, sent, "POST", body, reads_answer=False)
            limits = BodyLimits(MAX_RECEIPT_BYTES, MAX_RECEIPT_BYTES)
            reply = self._transport.exchange(sending, self._limits.total_s, limits)
        if isinstance(reply, FetchFailed):
            return replace(reply, url=url)
        return answers.judge_post(reply, url, self._clock())

    def send_form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answered | FetchFailed:
        """Send a form in one attempt, no redirect followed, and read what is answered; for single sign-ins, which do
        not wait for a host's turn.
        """
        target = absolute_url(url)
        if target is None:
            return answers.unusable(url, url)
        sent = {**self._headers, **headers, "Content-Type": "application/x-www-form-urlencoded"}
        sending = Sending(target, sent, "POST", urlencode(fields).encode())
        reply = self._transport.exchange(sending, self._limits.total_s, self._body_limits)
        if isinstance(reply, FetchFailed):
            return replace(reply, url=url)
        judged = answers.judge_post(reply, url, self._clock())
        return judged if isinstance(judged, FetchFailed) else Answered(url, reply.body)

    # ------------------------------------------------------------ hops

    def _travel(self, start: str, trip: _Trip) -> _Landing | FetchFailed:
        """Follow redirects to an answer."""
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
                return _Landing(reply, url, permanent)
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
            refused = self._robots_refusal(start, url, trip.visit) if trip.robots else None
        except HostBusy:
            return _busy(start)
        if refused is not None:
            return refused
        began = time.monotonic()
        reply = self._transport.exchange(Sending(url, {**self._headers, **trip.headers}), trip.seconds, trip.limits)
        trip.seconds -= time.monotonic() - began
        return replace(reply, url=start) if isinstance(reply, FetchFailed) else reply

    # ------------------------------------------------------------ robots.txt

    def _robots_refusal(self, start: str, url: str, visit: Visit) -> FetchFailed | None:
        """Why this page may not be fetched now; None: it may. RFC 9309: unreachable is postponed, absent is free."""
        origin = _origin(url)
        known = self._robots.get(origin)
        if known is None:
            known = self._ask_robots(origin, visit)
            self._robots.put(origin, known, RULES_TTL_S if isinstance(known, RobotsRules) else FAILURE_TTL_S)
        if isinstance(known, FetchFailed):
            detail = f"robots.txt: {known.detail}"
            return FetchFailed(start, known.outcome, detail, known.status, known.retry_after_s)
        self._turns.slow_down(host_of(url) or "", known.delay_s)
        return None if known.allows(url) else FetchFailed(start, Outcome.ROBOTS, "robots.txt disallows this page")

    def _ask_robots(self, origin: str, visit: Visit) -> RobotsRules | FetchFailed:
        landed = self._ask_file(f"{origin}/robots.txt", "text/plain, */*;q=0.5", MAX_ROBOTS_BYTES, visit)
        if isinstance(landed, FetchFailed):
            return landed
        reply = landed.reply
        failed = answers.judge(reply, FetchRequest(landed.url, Purpose.FEED), self._clock())
        if isinstance(failed, FetchFailed) and (reply.status >= 500 or failed.outcome is Outcome.THROTTLED):
            return failed
        return read_robots(reply.body, self._agent) if reply.body else RobotsRules(None, self._agent)

    def _ask_file(self, url: str, accept: str, most_bytes: int, visit: Visit) -> _Landing | FetchFailed:
        """A file that says how the site wants to be treated: its beginning, within the time of a fetch of its own."""
        limits = BodyLimits(most_bytes, most_bytes, cut=True)
        landed = self._travel(url, _Trip(visit, {"Accept": accept}, limits, self._limits.total_s))
        visit.enter(host_of(url) or "")  # its redirects may have led elsewhere
        return landed

    # ------------------------------------------------------------ reservations of mining

    def _is_bound(self, request: FetchRequest) -> bool:
        return self._limits.obey_tdm and request.purpose is Purpose.PAGE and not request.tdm_licensed

    def _reservation(self, landed: _Landing, request: FetchRequest, visit: Visit) -> tdm.Statement | None:
        """What reserves the mining of this answer; None: nothing does. Of a feed only its headers are looked at."""
        said = tdm.said_by_headers(landed.reply.headers, landed.url)
        if request.purpose is Purpose.PAGE:
            said = tdm.said_by_page(landed.reply.body, landed.url) or said or self._tdm_file(landed.url, visit)
        return said if said is not None and said.reserved else None

    def _tdm_file(self, url: str, visit: Visit) -> tdm.Statement | None:
        """What the file of the page's origin says. One that cannot be reached says nothing, and is soon asked again."""
        origin = _origin(url)
        known = self._tdm_files.get(origin)
        if known is None:
            try:
                found = self._ask_file(origin + tdm.WELL_KNOWN, "application/json", tdm.MAX_FILE_BYTES, visit)
            except HostBusy:
                return None
            reached = not isinstance(found, FetchFailed) and found.reply.status < 500
            body = b"" if isinstance(found, FetchFailed) else found.reply.body
            known = tdm.read_file(body, origin + tdm.WELL_KNOWN)
            self._tdm_files.put(origin, known, RULES_TTL_S if reached else FAILURE_TTL_S)
        return known.says(url)


def _busy(url: str) -> FetchFailed:
    return FetchFailed(url, Outcome.THROTTLED, "the host is busy with our other requests")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
