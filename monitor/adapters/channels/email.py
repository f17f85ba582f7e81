"""The way out by SMTP: one message to one recipient, its answer as an outcome, nothing in clear unless told so."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from socket import gaierror
from typing import Literal

from monitor.domain.model.digests import DeliveryFailed, DeliveryForSend, Sent
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean_line

SENDER_NAME = "Sister City Monitor"
MAX_SUBJECT_CHARS = 200  # faults E9
MAX_DETAIL_CHARS = 200
# RFC 1047: who gives up early between the final dot and the answer makes duplicates. Longer than other answers may
# take, shorter than a delivery is leased.
FINAL_ANSWER_S = 120.0
GOODBYE_S = 1.0

_LOGIN_CODES = frozenset({530, 534, 535, 538})
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,253}")


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server and who we are there."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    username: str
    password: str = field(repr=False)
    sender: str
    timeout_s: float  # for each step of the conversation
    final_answer_s: float = FINAL_ANSWER_S


class SmtpChannel:
    """Sends digests as mail; a connection for each message. `tls` replaces the system's trusted certificates."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls = tls or ssl.create_default_context()

    def send(self, delivery: DeliveryForSend) -> Sent | DeliveryFailed:
        """One attempt."""
        recipient = _ascii_address(delivery.data.recipient)
        sender = _ascii_address(self._settings.sender)
        if recipient is None or sender is None:
            return DeliveryFailed(Outcome.REFUSED, "not an address that mail can be sent to or from")
        message = compose_message(delivery, sender, recipient).as_bytes(policy=SMTP)
        try:
            with _goodbye(self._connected()) as server:
                self._log_in(server)
                return self._hand_over(server, sender, recipient, message)
        except _Refused as refused:
            return refused.failure
        except UnicodeError:
            return DeliveryFailed(Outcome.DNS, "the mail server's name is no host name")
        except (OSError, smtplib.SMTPException) as error:
            return _failure(error)

    # ------------------------------------------------------------ the conversation

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout_s, context=self._tls)
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
        if settings.security == "none":
            return server
        try:
            self._secure(server)
        except BaseException:
            server.close()
            raise
        return server

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not server.has_extn("starttls"):
            raise _Refused(Outcome.TLS, "the server offers no STARTTLS, and nothing is sent in clear")
        server.starttls(context=self._tls)

    def _log_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self._settings.username:
            return
        try:
            server.login(self._settings.username, self._settings.password)
        except smtplib.SMTPAuthenticationError as error:
            temporary = 400 <= error.smtp_code < 500
            outcome = Outcome.DEFERRED if temporary else Outcome.LOGIN
            raise _Refused(outcome, f"{error.smtp_code} to our login") from None
        except UnicodeEncodeError:  # holds the password
            raise _Refused(Outcome.LOGIN, "user name and password must be ASCII") from None
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException:
            raise _Refused(Outcome.LOGIN, "the server offers no login that we know") from None

    def _hand_over(self, server: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> Sent | DeliveryFailed:
        _expect(250, *server.mail(sender, [f"size={len(message)}"] if server.has_extn("size") else []))
        _expect(250, *server.rcpt(recipient))
        _expect(354, *server.docmd("DATA"))
        server.send(_dot_stuffed(message))
        try:
            if server.sock is not None:
                server.sock.settimeout(self._settings.final_answer_s)
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            return DeliveryFailed(Outcome.UNKNOWN, f"handed over, no receipt: {_reason(error)}")
        _expect(250, code, answer)
        return Sent(_said(code, answer))


class _Refused(Exception):
    """Ends the conversation with this failure."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.failure = DeliveryFailed(outcome, detail)


@contextmanager
def _goodbye(server: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """Ends the conversation; what goes wrong with that has no bearing on the message."""
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            if server.sock is not None:
                server.sock.settimeout(GOODBYE_S)
                server.quit()
        server.close()


def _expect(wanted: int, code: int, answer: bytes) -> None:
    """Answers by their class: 4xx come back later, 5xx never, and what is neither is no SMTP."""
    if code == wanted or (wanted == 250 and code == 251):
        return
    raise _Refused(_outcome_of(code), _said(code, answer))


def _outcome_of(code: int) -> Outcome:
    if code in _LOGIN_CODES:
        return Outcome.LOGIN
    if 400 <= code < 500:
        return Outcome.DEFERRED
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.PROTOCOL


def _said(code: int, answer: bytes) -> str:
    return clean_line(f"{code} {answer.decode('utf-8', 'replace')}", MAX_DETAIL_CHARS)


def _failure(error: OSError | smtplib.SMTPException) -> DeliveryFailed:
    """A conversation that broke off before the message was handed over."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        return DeliveryFailed(_outcome_of(error.smtp_code), _said(error.smtp_code, answer))
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryFailed(Outcome.TLS, f"the server's certificate is not trusted: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        return DeliveryFailed(Outcome.TLS, "no secure connection could be agreed on")
    if isinstance(error, gaierror):
        return DeliveryFailed(Outcome.DNS, "the mail server's name was not found")
    outcome = Outcome.DEADLINE if _is_timeout(error) else Outcome.NETWORK
    return DeliveryFailed(outcome, f"connection to the mail server: {_reason(error)}")


def _is_timeout(error: BaseException) -> bool:
    """smtplib hides a timeout in the context of its own exception."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _reason(error: BaseException) -> str:
    return "no answer in time" if _is_timeout(error) else "broken off"


def _dot_stuffed(message: bytes) -> bytes:
    """RFC 5321 4.5.2, with the final dot."""
    stuffed = re.sub(rb"(?m)^\.", b"..", message)
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


# ---------------------------------------------------------------- the message


def compose_message(delivery: DeliveryForSend, sender: str, recipient: str) -> EmailMessage:
    """Text first, HTML second; headers that no title can reach into, the same at every attempt."""
    data = delivery.data
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SENDER_NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = clean_line(data.content.subject, MAX_SUBJECT_CHARS)
    message["Date"] = delivery.created_at
    message["Message-ID"] = data.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Unsubscribe"] = f"<mailto:{sender}?subject=unsubscribe>"
    message.set_content(data.content.text, cte=_encoding(data.content.text))
    if data.content.html is not None:
        message.add_alternative(data.content.html, subtype="html", cte=_encoding(data.content.html))
    return message


def _encoding(text: str) -> str:
    """The shorter of the two that every server carries: quoted-printable spends nine bytes on a Chinese character."""
    encoded = text.encode("utf-8", "replace")
    return "base64" if sum(byte > 127 for byte in encoded) * 6 > len(encoded) else "quoted-printable"


def _ascii_address(address: str) -> str | None:
    """The address with its host as DNS spells it; None: not one address, or a name before the @ that is not ASCII."""
    if _ADDRESS.fullmatch(address) is None:
        return None
    name, _, host = address.rpartition("@")
    try:
        return f"{name}@{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None
