from __future__ import annotations

import contextlib
import email
import logging
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.policy import default
from typing import Literal

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from monitor.adapters.channels.email import SmtpChannel, SmtpSettings
from monitor.adapters.channels.render import EmailRenderer
from monitor.domain import digest
from monitor.domain.model.digests import (
    ChannelKind,
    DeliveryData,
    DeliveryFailed,
    DeliveryForSend,
    RenderedPart,
    Sent,
)
from monitor.domain.outcomes import Outcome
from tests.domain.digest_samples import NOW, place, rich_material, words

Security = Literal["starttls", "tls", "none"]
USER, PASSWORD = "canary-user", "canary-pässword-7781".replace("ä", "a")
PART = RenderedPart("1 new event – Nancy, 5 October 2026", "Signing\n.\n..hidden\nEnd\n", "<p>Signing</p>")


def delivery(part: RenderedPart = PART, recipient: str = "officer@ville.example") -> DeliveryForSend:
    data = DeliveryData("k" * 64, ChannelKind.EMAIL, recipient, 1, "<abc@ville.example>", part)
    return DeliveryForSend(7, data, 0, None, datetime(2026, 10, 5, 5, tzinfo=UTC))


def settings(port: int, security: Security = "none", **more: object) -> SmtpSettings:
    made = SmtpSettings("127.0.0.1", port, security, "", "", "monitor@ville.example", 5.0, final_answer_s=5.0)
    return replace(made, **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- a real server


@dataclass
class Mailbox:
    envelopes: list[Envelope] = field(default_factory=list)
    was_secure: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.envelopes.append(envelope)
        self.was_secure.append(session.ssl is not None)
        return "250 queued as 1"

    def message(self) -> EmailMessage:
        (envelope,) = self.envelopes
        assert isinstance(envelope.content, bytes)
        read = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(read, EmailMessage)
        return read


def unix(part: Message) -> str:
    """The text of a part with the line ends it was written with."""
    content = part.get_content()  # type: ignore[attr-defined]
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


class FreePort(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def mail_server(**options: object) -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    controller = FreePort(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=data == LoginPassword(USER.encode(), PASSWORD.encode()), handled=False)


def test_a_message_arrives_with_text_first_and_html_second() -> None:
    with mail_server() as (mailbox, port):
        result = SmtpChannel(settings(port)).send(delivery())
    assert result == Sent("250 queued as 1")
    message = mailbox.message()
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [unix(part) for part in message.iter_parts()] == [PART.text, "<p>Signing</p>\n"]


def test_the_headers_are_those_of_an_automatic_message() -> None:
    with mail_server() as (mailbox, port):
        SmtpChannel(settings(port)).send(delivery())
    message = mailbox.message()
    assert message["Subject"] == PART.subject
    assert message["From"] == "Sister City Monitor <monitor@ville.example>"
    assert message["To"] == "officer@ville.example"
    assert message["Message-ID"] == "<abc@ville.example>"
    assert message["Date"].datetime == datetime(2026, 10, 5, 5, tzinfo=UTC)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<mailto:monitor@ville.example?subject=unsubscribe>"
    envelope = mailbox.envelopes[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("monitor@ville.example", ["officer@ville.example"])


@pytest.mark.parametrize("language", ["en", "fr", "zh", "vi"])
def test_a_whole_digest_survives_the_way(language: str) -> None:
    composed = digest.compose(rich_material(), NOW, words(language), place)
    assert composed is not None
    (part,) = EmailRenderer(words).render(composed)
    with mail_server(decode_data=False) as (mailbox, port):
        assert isinstance(SmtpChannel(settings(port)).send(delivery(part)), Sent)
    message = mailbox.message()
    text, html = (unix(one) for one in message.iter_parts())
    assert message["Subject"] == part.subject
    assert text == part.text
    assert html.rstrip("\n") == (part.html or "").rstrip("\n")
    raw = mailbox.envelopes[0].content
    assert isinstance(raw, bytes)
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998


@pytest.mark.parametrize(
    "subject",
    [
        "Charte\r\nBcc: everybody@x.example",
        "Charte\nBcc: everybody@x.example",
        "Charte\u2028Bcc: everybody@x.example",
        "Charte\x85Bcc: everybody@x.example",
        "Charte\x00\ud800 Bcc: everybody@x.example",
        "友城" * 5_000,
        "=?utf-8?q?Bcc=3A?= x",
    ],
)
def test_no_title_reaches_into_the_headers(subject: str) -> None:
    with mail_server() as (mailbox, port):
        assert isinstance(SmtpChannel(settings(port)).send(delivery(replace(PART, subject=subject))), Sent)
    message = mailbox.message()
    assert message["Bcc"] is None
    assert len(message.get_all("Subject") or []) == 1
    assert 0 < len(message["Subject"]) <= 200
    assert mailbox.envelopes[0].rcpt_tos == ["officer@ville.example"]


@pytest.mark.parametrize(
    "recipient",
    ["", "nobody", "a@b@c.example", "a b@c.example", "a@c.example\r\nRCPT TO:<x@y.example>", "a@c.example,b@c.example",
     "<a@c.example>", "münster@c.example", "a@" + "x" * 70 + ".example", "a@..example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_sent(recipient: str) -> None:
    with mail_server() as (mailbox, port):
        result = SmtpChannel(settings(port)).send(delivery(recipient=recipient))
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.REFUSED
    assert mailbox.envelopes == []


def test_a_host_of_another_script_is_written_as_dns_has_it() -> None:
    with mail_server() as (mailbox, port):
        SmtpChannel(settings(port)).send(delivery(recipient="amt@münchen.example"))
    assert mailbox.envelopes[0].rcpt_tos == ["amt@xn--mnchen-3ya.example"]


# ---------------------------------------------------------------- secrecy


def test_the_login_and_the_message_go_over_a_trusted_connection(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    known: dict[str, object] = {"authenticator": login, "auth_required": True, "require_starttls": True}
    with mail_server(tls_context=server_tls, **known) as (mailbox, port):
        channel = SmtpChannel(settings(port, "starttls", username=USER, password=PASSWORD), trusting)
        assert isinstance(channel.send(delivery()), Sent)
    assert mailbox.was_secure == [True]
    mine = [record for record in caplog.records if not record.name.startswith("mail.")]  # those are the server's
    assert PASSWORD not in "".join(record.getMessage() for record in mine)


def test_a_server_may_speak_tls_from_the_start(server_tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with mail_server(ssl_context=server_tls) as (mailbox, port):
        assert isinstance(SmtpChannel(settings(port, "tls"), trusting).send(delivery()), Sent)
    assert len(mailbox.envelopes) == 1


def test_a_refused_login_names_no_secret(server_tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with mail_server(tls_context=server_tls, authenticator=login, auth_required=True) as (mailbox, port):
        wrong = settings(port, "starttls", username=USER, password=PASSWORD + "x")
        result = SmtpChannel(wrong, trusting).send(delivery())
    assert result == DeliveryFailed(Outcome.LOGIN, "535 to our login")
    assert mailbox.envelopes == []


def test_a_password_outside_ascii_is_a_login_fault_that_names_no_secret(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with mail_server(tls_context=server_tls, authenticator=login, auth_required=True) as (_, port):
        odd = settings(port, "starttls", username=USER, password="pässword")
        result = SmtpChannel(odd, trusting).send(delivery())
    assert result == DeliveryFailed(Outcome.LOGIN, "user name and password must be ASCII")


def test_a_server_that_wants_a_login_we_do_not_have_is_a_login_fault(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with mail_server(tls_context=server_tls, authenticator=login, auth_required=True) as (_, port):
        result = SmtpChannel(settings(port, "starttls"), trusting).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.LOGIN


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_untrusted_certificate_stops_everything(security: Security, server_tls: ssl.SSLContext) -> None:
    how = {"ssl_context": server_tls} if security == "tls" else {"tls_context": server_tls}
    with mail_server(**how) as (mailbox, port):
        result = SmtpChannel(settings(port, security)).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.TLS
    assert "certificate is not trusted" in result.detail
    assert mailbox.envelopes == []


def test_a_stripped_starttls_sends_nothing_in_clear() -> None:
    with mail_server() as (mailbox, port):
        result = SmtpChannel(settings(port, "starttls", username=USER, password=PASSWORD)).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.TLS
    assert "nothing is sent in clear" in result.detail
    assert mailbox.envelopes == []


def test_tls_to_a_server_that_speaks_plainly_is_a_tls_fault() -> None:
    with mail_server() as (mailbox, port):
        result = SmtpChannel(settings(port, "tls")).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert (result.outcome, result.detail) == (Outcome.TLS, "no secure connection could be agreed on")
    assert mailbox.envelopes == []


def test_the_password_is_in_no_representation() -> None:
    known = settings(25, username=USER, password=PASSWORD)
    assert PASSWORD not in repr(known)
    assert PASSWORD not in repr(SmtpChannel(known))


# ---------------------------------------------------------------- servers that fail

SILENT, CLOSE = b"silent", b"close"
GOOD = {
    "banner": b"220 ready\r\n",
    "EHLO": b"250-here\r\n250 SIZE 100000\r\n",
    "HELO": b"250 here\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go\r\n",
    "dot": b"250 taken\r\n",
    "QUIT": b"221 bye\r\n",
}


@dataclass
class Script:
    """A server on a raw socket that answers each step as told."""

    answers: Mapping[str, bytes]
    received: bytes = b""
    sessions: int = 0
    open: list[socket.socket] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        self.sessions += 1
        lines = connection.makefile("rb")
        if not self.say(connection, "banner"):
            return
        for line in lines:
            step = line[:4].decode("latin-1").strip().upper()
            if not self.say(connection, step):
                return
            if step == "DATA" and self.answer(step).startswith(b"354"):
                for body in lines:
                    self.received += body
                    if body == b".\r\n":
                        break
                if not self.say(connection, "dot"):
                    return

    def answer(self, step: str) -> bytes:
        return self.answers.get(step, GOOD.get(step, b"502 what\r\n"))

    def say(self, connection: socket.socket, step: str) -> bool:
        answer = self.answer(step)
        if answer == CLOSE:
            connection.close()
            return False
        if answer == SILENT:
            self.open.append(connection)
            return False
        connection.sendall(answer)
        return step != "QUIT"


@contextlib.contextmanager
def scripted(**answers: bytes) -> Iterator[tuple[Script, int]]:
    script = Script(answers)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def accept() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with contextlib.suppress(OSError):
                script.serve(connection)
            if connection not in script.open:
                connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield script, listener.getsockname()[1]
    finally:
        thread.join(10)
        for connection in script.open:
            connection.close()
        listener.close()


def attempt(port: int, **more: object) -> Sent | DeliveryFailed:
    return SmtpChannel(settings(port, timeout_s=0.3, final_answer_s=0.3, **more)).send(delivery())


POINTS = ["banner", "EHLO", "MAIL", "RCPT", "DATA", "dot"]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("code", ["421", "451", "452"])
def test_a_temporary_no_is_deferred_at_every_point(point: str, code: str) -> None:
    answers = {point: f"{code} come back later\r\n".encode()}
    if point == "EHLO":
        answers["HELO"] = answers["EHLO"]
    with scripted(**answers) as (_, port):
        result = attempt(port)
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.DEFERRED
    assert result.detail.startswith(code)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("code", ["550", "552", "554"])
def test_a_permanent_no_is_refused_at_every_point(point: str, code: str) -> None:
    answers = {point: f"{code} never\r\n".encode()}
    if point == "EHLO":
        answers["HELO"] = answers["EHLO"]
    with scripted(**answers) as (_, port):
        result = attempt(port)
    assert result == DeliveryFailed(Outcome.REFUSED, f"{code} never")


@pytest.mark.parametrize("point", POINTS[:-1])
@pytest.mark.parametrize(("how", "outcome"), [(SILENT, Outcome.DEADLINE), (CLOSE, Outcome.NETWORK)])
def test_a_break_before_the_message_is_handed_over_is_a_network_fault(point: str, how: bytes, outcome: Outcome) -> None:
    answers = {point: how}
    with scripted(**answers) as (script, port):
        result = attempt(port)
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is outcome
    assert script.received == b""


@pytest.mark.parametrize("how", [SILENT, CLOSE])
def test_a_break_after_the_final_dot_is_unknown(how: bytes) -> None:
    with scripted(dot=how) as (script, port):
        result = attempt(port)
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.UNKNOWN
    assert b"Message-ID: <abc@ville.example>" in script.received


def test_an_answer_that_is_no_smtp_is_named_as_such() -> None:
    with scripted(MAIL=b"299 what\r\n") as (_, port):
        result = attempt(port)
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.PROTOCOL


def test_a_server_that_only_knows_helo_will_do() -> None:
    with scripted(EHLO=b"502 unknown\r\n") as (script, port):
        assert isinstance(attempt(port), Sent)
    assert script.received.endswith(b"\r\n.\r\n")


def test_a_server_that_dies_at_goodbye_has_the_message_all_the_same() -> None:
    with scripted(QUIT=CLOSE) as (_, port):
        assert attempt(port) == Sent("250 taken")


def test_a_broken_starttls_is_a_tls_fault_or_deferred() -> None:
    offers = b"250-here\r\n250 STARTTLS\r\n"
    with scripted(EHLO=offers, STAR=b"454 not now\r\n") as (script, port):
        result = attempt(port, security="starttls")
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.DEFERRED
    with scripted(EHLO=offers, STAR=b"220 go\r\n") as (script, port):
        result = attempt(port, security="starttls")
    assert isinstance(result, DeliveryFailed)
    assert result.outcome in (Outcome.TLS, Outcome.NETWORK, Outcome.DEADLINE)
    assert script.received == b""


def test_a_server_without_login_is_a_login_fault() -> None:
    with scripted() as (script, port):
        result = attempt(port, username=USER, password=PASSWORD)
    assert result == DeliveryFailed(Outcome.LOGIN, "the server offers no login that we know")
    assert script.received == b""


def test_a_login_that_the_server_puts_off_is_deferred() -> None:
    with scripted(EHLO=b"250-here\r\n250 AUTH PLAIN\r\n", AUTH=b"454 try later\r\n") as (_, port):
        result = attempt(port, username=USER, password=PASSWORD)
    assert result == DeliveryFailed(Outcome.DEFERRED, "454 to our login")


def test_a_login_that_echoes_the_password_is_not_repeated() -> None:
    with scripted(EHLO=b"250-here\r\n250 AUTH PLAIN\r\n", AUTH=f"535 bad {PASSWORD}\r\n".encode()) as (_, port):
        result = attempt(port, username=USER, password=PASSWORD)
    assert result == DeliveryFailed(Outcome.LOGIN, "535 to our login")


def test_nobody_there_is_a_network_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = attempt(port)
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.NETWORK


def test_a_mail_server_without_address_is_a_dns_fault() -> None:
    lost = replace(settings(25), host="mail.invalid..")
    result = SmtpChannel(lost).send(delivery())
    assert isinstance(result, DeliveryFailed)
    assert result.outcome is Outcome.DNS
