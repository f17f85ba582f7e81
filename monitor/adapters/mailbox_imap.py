"""The conversation with an IMAP server (RFC 3501), within bounds.

The standard library's imaplib is used, with limits around its documented points of extension (`open`, `read`,
`readline`, `shutdown`): of itself it believes any length that a server announces and waits as long as single bytes keep
coming. IMAPClient, which is pleasanter, stands on imaplib and has the same gaps with fewer ways to close them.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import re
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain.outcomes import Outcome

GOODBYE_S = 1.0
ANSWER_BYTES = 2 * 1024 * 1024  # of any answer but a mail: a list of a hundred thousand numbers fits
OVERHEAD_BYTES = 64 * 1024  # of what is said around a mail


class VisitFailed(Exception):
    """The visit came to nothing."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ArrivedMail:
    """A mail as the server gave it."""

    uid: int
    body: bytes
    arrived: str  # INTERNALDATE, as the server writes it
    is_cut: bool


class _Bounds:
    """What a server may send: so many bytes for each answer, and an end to everything at `ends_at` (monotonic)."""

    sock: socket.socket

    def __init__(self, *arguments: Any, ends_at: float, **named: Any) -> None:
        self._left = ANSWER_BYTES
        self._ends_at = ends_at
        self._line: socket.socket | None = None
        self._alarm: threading.Timer | None = None
        super().__init__(*arguments, **named)

    def allow(self, count: int) -> None:
        """Let the next answer have so many bytes."""
        self._left = count

    def open(self, *arguments: Any, **named: Any) -> None:
        """Connect; from now on the alarm is set."""
        super().open(*arguments, **named)  # type: ignore[misc]
        self._line = socket.socket(fileno=os.dup(self.sock.fileno()))
        self._alarm = threading.Timer(max(0.0, self._ends_at - time.monotonic()), self._cut)
        self._alarm.daemon = True
        self._alarm.start()

    def _cut(self) -> None:
        """End the connection under whoever waits on it."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def read(self, size: int) -> bytes:
        """A literal."""
        self._spend(size)
        return bytes(super().read(size))  # type: ignore[misc]

    def readline(self) -> bytes:
        """A line; imaplib refuses lines of more than a million bytes."""
        line = bytes(super().readline())  # type: ignore[misc]
        self._spend(len(line))
        return line

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise VisitFailed(Outcome.TOO_LARGE, "the server sends more than was asked for")

    def shutdown(self) -> None:
        """Close."""
        if self._alarm is not None:
            self._alarm.cancel()
        try:
            super().shutdown()  # type: ignore[misc]
        finally:
            if self._line is not None:
                self._line.close()
                self._line = None


class Imap(_Bounds, imaplib.IMAP4):
    """A connection in clear, or before it is encrypted."""


class ImapTls(Imap, imaplib.IMAP4_SSL):
    """An encrypted connection."""


@contextlib.contextmanager
def goodbye(server: Imap) -> Iterator[Imap]:
    """Log out, without waiting long, and close."""
    try:
        yield server
        server.allow(OVERHEAD_BYTES)
        server.sock.settimeout(GOODBYE_S)
        with contextlib.suppress(OSError, imaplib.IMAP4.error, VisitFailed):
            server.logout()
    finally:
        with contextlib.suppress(OSError):
            server.shutdown()


def newest_uids(server: Imap, exists: int, limit: int) -> list[int]:
    """The numbers of the newest mails, oldest first."""
    if exists == 0:
        return []
    server.allow(ANSWER_BYTES)
    answer, data = server.fetch(f"{max(1, exists - limit + 1)}:*", "(UID)")
    if answer != "OK":
        raise VisitFailed(Outcome.PROTOCOL, "the server does not tell the numbers of its mails")
    found = (re.search(rb"\bUID (\d{1,10})", line) for line in data if isinstance(line, bytes))
    return sorted({int(match[1]) for match in found if match is not None})[-limit:]


def new_uids(server: Imap, last: int) -> list[int]:
    """The numbers above `last`, in order. The range is never empty for a server: it always gives its last mail."""
    server.allow(ANSWER_BYTES)
    answer, data = server.uid("SEARCH", "UID", f"{last + 1}:*")
    if answer != "OK":
        raise VisitFailed(Outcome.PROTOCOL, "the server does not search its mails")
    numbers = b" ".join(line for line in data if isinstance(line, bytes)).split()
    return sorted({int(one) for one in numbers if one.isdigit() and int(one) > last})


def fetch_mail(server: Imap, uid: int, limit: int) -> ArrivedMail | None:
    """A mail, its first `limit` bytes; None: it is gone meanwhile."""
    server.allow(limit + OVERHEAD_BYTES)
    answer, data = server.uid("FETCH", str(uid), f"(UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.{limit}>)")
    if answer != "OK":
        raise VisitFailed(Outcome.PROTOCOL, "the server does not hand out a mail")
    for number, item in enumerate(data):
        if isinstance(item, tuple) and len(item) == 2:
            after = data[number + 1] if number + 1 < len(data) and isinstance(data[number + 1], bytes) else b""
            said = (bytes(item[0]) + bytes(after)).decode("ascii", "replace")
            size = re.search(r"\bRFC822\.SIZE (\d{1,19})", said)
            arrived = re.search(r'\bINTERNALDATE "([^"]{1,60})"', said)
            body = bytes(item[1])
            is_cut = size is not None and int(size[1]) > len(body) >= limit
            return ArrivedMail(uid, body, arrived[1] if arrived else "", is_cut)
    return None


def last_number(data: Sequence[object]) -> int | None:
    """The last of the numbers that a server said."""
    last = data[-1] if data else None
    return int(last) if isinstance(last, bytes) and last.isdigit() and len(last) <= 19 else None


def explained(error: Exception, *, late: bool) -> tuple[Outcome, str]:
    """What went wrong, without what the server said: that may hold anything, names included."""
    if late or isinstance(error, TimeoutError):
        return Outcome.DEADLINE, "the mail server was too slow"
    match error:
        case ssl.SSLCertVerificationError():
            return Outcome.TLS, f"the server's certificate was refused: {error.verify_message}"
        case ssl.SSLError():
            return Outcome.TLS, f"no encrypted connection: {error.reason or type(error).__name__}"
        case socket.gaierror() | UnicodeError():
            return Outcome.DNS, "the mail server's name is not known"
        case OSError():
            return Outcome.NETWORK, error.strerror or type(error).__name__
        case imaplib.IMAP4.abort():
            return Outcome.NETWORK, "the mail server broke off"
        case _:
            return Outcome.PROTOCOL, "the mail server does not speak IMAP as it should"


def is_plain(text: str) -> bool:
    """Whether a text can stand in a command: a line break in it would begin another one."""
    return not re.search(r"[\x00-\x1f\x7f]", text)


def quoted(text: str) -> str:
    """As a string of a command; `text` is plain."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def utf7(name: str) -> str:
    """A folder's name in the spelling of RFC 3501 section 5.1.3."""
    pieces = re.split(r"([^\x20-\x7e]+)", name)
    return "".join(_shifted(piece) if number % 2 else piece.replace("&", "&-") for number, piece in enumerate(pieces))


def _shifted(piece: str) -> str:
    return f"&{b64encode(piece.encode('utf-16-be')).decode('ascii').rstrip('=').replace('/', ',')}-"
