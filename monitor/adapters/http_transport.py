"""One exchange over the guarded network: a request out, an answer in, bounded in time and size. The only module that
imports httpx, and without its client, which would follow redirects, keep cookies and read proxies from the environment.

Every exchange has a connection of its own. Two visits to a host are a pause apart anyway, so a kept connection would
save little; and it would have to be proved clean each time: bytes beyond an announced length would be taken for the
next answer (faults A10), and a name could have changed its address meanwhile (faults B12).
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpcore
import httpx

from monitor.adapters.http_answers import Reply, whole_number
from monitor.adapters.http_body import BodyLimits, BodyRefused, read_body
from monitor.adapters.http_errors import EXCHANGE_ERRORS, outcome_of
from monitor.adapters.http_guard import AddressPolicy, Exchanges, GuardedBackend, Resolver
from monitor.domain.outcomes import Outcome
from monitor.ports import FetchFailed

MAX_HEADER_BYTES = 65_536  # faults.md section 2; h11 itself gives up at 100 KiB
MAX_HEADERS = 256
FRAMING_BYTES = 1_048_576  # allowance for headers, chunk sizes and 1xx answers on top of the body
MAX_RECEIPT_BYTES = 4_096  # read, and dropped, of the answer to a message


@dataclass(frozen=True, slots=True)
class Sending:
    """A request as it goes out."""

    url: str  # checked: what `urls.absolute_url` returned
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""
    reads_answer: bool = True  # else what a success says is dropped


class GuardedTransport:
    """Sends requests over connections that are dialled by the guarded backend; may be used from any thread."""

    def __init__(
        self, policy: AddressPolicy, resolver: Resolver, context: ssl.SSLContext | None, connect_s: float, idle_s: float
    ) -> None:
        """`context` None: the certificate authorities of certifi, whatever the environment says."""
        self._exchanges = Exchanges()
        self._ssl_context = context or httpx.create_ssl_context(trust_env=False)
        self._backend = GuardedBackend(policy, resolver, self._exchanges)
        self._extensions = {"timeout": httpx.Timeout(idle_s, connect=connect_s).as_dict()}

    def exchange(self, sending: Sending, seconds: float, limits: BodyLimits) -> Reply | FetchFailed:
        """Send and read within `seconds`; the body only of a success. Never raises for what a server does."""
        with self._exchanges.begin(seconds, limits.wire_bytes + FRAMING_BYTES) as exchange:
            try:
                with self._answer(sending) as response:
                    return Reply(response.status_code, response.headers, _body(response, sending, limits))
            except httpx.InvalidURL:
                return FetchFailed(sending.url, Outcome.BAD_URL, "the address cannot be used")
            except EXCHANGE_ERRORS as error:
                outcome, detail = outcome_of(error, exchange)
                return FetchFailed(sending.url, outcome, detail)

    @contextlib.contextmanager
    def _answer(self, sending: Sending) -> Iterator[httpx.Response]:
        """The answer with its headers checked and its body unread."""
        headers = {**sending.headers, "Connection": "close"}
        request = httpx.Request(sending.method, sending.url, headers=headers, content=sending.body or None)
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=sending.body,
            extensions=self._extensions,
        )
        with httpcore.HTTPConnection(asked.url.origin, self._ssl_context, network_backend=self._backend) as connection:
            answer = connection.handle_request(asked)
            response = httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer))
            _check_headers(response.headers)
            yield response


class _Stream(httpx.SyncByteStream):
    """The raw body of an answer."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()


def _body(response: httpx.Response, sending: Sending, limits: BodyLimits) -> bytes:
    if not response.is_success:
        return b""  # bodies of redirects and errors may be bombs too: faults A9
    if not sending.reads_answer:
        _drop_receipt(response)
        return b""
    length = whole_number(response.headers.get("content-length"))
    return read_body(response.iter_raw(), response.headers.get("content-encoding", ""), length, limits)


def _drop_receipt(response: httpx.Response) -> None:
    """The status said that the message was taken: what goes wrong after it changes nothing."""
    read = 0
    with contextlib.suppress(*EXCHANGE_ERRORS):
        for piece in response.iter_raw():
            read += len(piece)
            if read >= MAX_RECEIPT_BYTES:
                return


def _check_headers(headers: httpx.Headers) -> None:
    raw = headers.raw
    if len(raw) > MAX_HEADERS or sum(len(name) + len(value) for name, value in raw) > MAX_HEADER_BYTES:
        raise BodyRefused(Outcome.PROTOCOL, "too many or too large headers")
