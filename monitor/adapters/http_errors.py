"""Foreign errors of an exchange as outcomes; details are our own words, since errors may quote servers."""

from __future__ import annotations

import ssl

import httpcore

from monitor.adapters.http_body import BodyRefused
from monitor.adapters.http_guard import BlockedAddress, DeadlinePassed, Exchange, NameNotFound, WireLimit
from monitor.domain.outcomes import Outcome

EXCHANGE_ERRORS = (
    *(BodyRefused, BlockedAddress, NameNotFound, DeadlinePassed, WireLimit),
    *(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol),
    *(ssl.SSLError, UnicodeError, OSError),
)


def outcome_of(error: Exception, exchange: Exchange) -> tuple[Outcome, str]:
    """The label of one of `EXCHANGE_ERRORS`, with a detail that is safe to show."""
    reason = _tls_reason(error)
    match error:
        case BodyRefused():
            return error.outcome, error.detail
        case BlockedAddress():
            return Outcome.BLOCKED_ADDRESS, "the address is not public"
        case NameNotFound():
            return Outcome.DNS, "the host name has no address"
        case WireLimit():
            return Outcome.TOO_LARGE, "the answer does not end"
        case _ if isinstance(error, DeadlinePassed) or exchange.is_over:
            return Outcome.DEADLINE, "the answer took too long"
        case _ if reason is not None:
            return Outcome.TLS, reason
        case httpcore.ConnectTimeout():
            return Outcome.NETWORK, "no connection in time"
        case httpcore.TimeoutException():
            return Outcome.DEADLINE, "the server fell silent"
        case httpcore.RemoteProtocolError():
            return _protocol_outcome(str(error), exchange.heard)
        case httpcore.NetworkError() | OSError():
            return Outcome.NETWORK, "the connection failed"
        case UnicodeError() | httpcore.UnsupportedProtocol():
            return Outcome.BAD_URL, "the address cannot be used"
        case _:
            return Outcome.PROTOCOL, "the exchange does not follow HTTP"


def _protocol_outcome(text: str, heard: bool) -> tuple[Outcome, str]:
    if "complete message body" in text or "incomplete chunked read" in text:
        return Outcome.TRUNCATED, "the answer ends early"
    if "without sending a response" in text and not heard:
        return Outcome.NETWORK, "the server closed the connection without an answer"
    return Outcome.PROTOCOL, "the answer does not follow HTTP"


def _tls_reason(error: BaseException | None) -> str | None:
    """The reason of a failed TLS handshake anywhere in the chain of causes; None: it is no such failure."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"the certificate is not valid: {error.verify_message}"
        if isinstance(error, ssl.SSLError):
            return f"TLS failed: {(error.reason or 'unknown').replace('_', ' ').lower()}"
        error = error.__cause__ or error.__context__
    return None
