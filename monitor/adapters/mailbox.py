"""The operator's mailbox for newsletters: the `Mailbox` over IMAP (RFC 3501), each mail an entry."""

from __future__ import annotations

import contextlib
import hashlib
import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.adapters.mailbox_imap import (
    ANSWER_BYTES,
    ArrivedMail,
    Imap,
    ImapTls,
    VisitFailed,
    explained,
    fetch_mail,
    goodbye,
    is_plain,
    last_number,
    new_uids,
    newest_uids,
    quoted,
    utf7,
)
from monitor.domain.feed_dates import feed_date
from monitor.domain.model.sources import EntryData, FeedKind, ParsedFeed
from monitor.domain.newsletters import MailPosition, is_allowed, mail_position, mailbox_address
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean, clean_line
from monitor.domain.urls import canonical_url, entry_key
from monitor.ports import FetchFailed, Json, MailboxRead, Sandbox, SandboxFailed

MAX_CONTENT_CHARS = 200_000  # of one mail's text, as of a feed's entry
MAX_VISIT_BYTES = 64 * 1024 * 1024  # of mail in one visit; the rest waits for the next
SILENCE_S = 30.0  # how long a server may say nothing: RFC 3501 knows no limit; ours is that of mail sending

ENTRIES_CUT = "entries-cut"  # the first visit takes the newest mails only
MAIL_CUT = "mail-cut"  # a mail larger than allowed was read in part
MAIL_UNREADABLE = "mail-unreadable"  # only its header fields, or nothing, could be read
SENDER_IGNORED = "sender-ignored"
VISIT_CUT = "visit-cut"  # the visit ended before all mails were read

# RFC 5530: these answers to a login speak of the server's state, all others of our credentials.
_FOR_NOW = frozenset(("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN", "OVERQUOTA"))


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """The mail server, who we are there, and how much is taken."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    allowed_senders: tuple[str, ...] = ()  # addresses or "@domain"; empty: all
    max_mails: int = 200  # of one visit
    max_mail_bytes: int = 5 * 1024 * 1024
    timeout_s: float = 120.0  # of one visit, all together
    mark_seen: bool = False  # else the mailbox is left as it was found

    @property
    def address(self) -> str:
        """What stands for the mailbox where a feed has its URL; it names nobody."""
        return mailbox_address(self.host, self.folder)


class ImapMailbox:
    """The `Mailbox`; a connection for each visit. `tls` replaces the system's trusted certificates."""

    def __init__(self, settings: MailboxSettings, sandbox: Sandbox, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._sandbox = sandbox
        self._tls = tls or ssl.create_default_context()

    def read(self, since: str | None, now: datetime) -> MailboxRead | FetchFailed:
        """See the port. Without a position, and where the server has numbered its mails anew, the newest mails."""
        settings = self._settings
        ends_at = time.monotonic() + settings.timeout_s
        try:
            with goodbye(self._connected(ends_at)) as server:
                self._log_in(server)
                return self._visit(server, mail_position(since), now, ends_at)
        except VisitFailed as failed:
            return FetchFailed(settings.address, failed.outcome, failed.detail)
        except (OSError, UnicodeError, imaplib.IMAP4.error) as error:
            outcome, detail = explained(error, late=time.monotonic() >= ends_at)
            return FetchFailed(settings.address, outcome, detail)

    # ------------------------------------------------------------ the conversation

    def _connected(self, ends_at: float) -> Imap:
        settings = self._settings
        silence_s = min(SILENCE_S, settings.timeout_s)
        if settings.security == "tls":
            return ImapTls(settings.host, settings.port, ssl_context=self._tls, timeout=silence_s, ends_at=ends_at)
        server = Imap(settings.host, settings.port, timeout=silence_s, ends_at=ends_at)
        if settings.security == "starttls":
            self._encrypt(server)
        return server

    def _encrypt(self, server: Imap) -> None:
        try:
            server.starttls(self._tls)
        except BaseException as error:
            with contextlib.suppress(OSError):
                server.shutdown()
            if isinstance(error, imaplib.IMAP4.error):  # not offered, refused, or logged in before we could ask
                raise VisitFailed(Outcome.TLS, "the server offers no encryption (STARTTLS)") from error
            raise

    def _log_in(self, server: Imap) -> None:
        settings = self._settings
        if not is_plain(settings.username + settings.password):
            raise VisitFailed(Outcome.LOGIN, "user name or password contain control characters")
        try:
            if "AUTH=PLAIN" in server.capabilities:
                secret = f"\0{settings.username}\0{settings.password}".encode()
                server.authenticate("PLAIN", lambda _: secret)
            elif "LOGINDISABLED" in server.capabilities or not (settings.username + settings.password).isascii():
                raise VisitFailed(Outcome.LOGIN, "the server offers no way to log in with user name and password")
            else:
                server.login(quoted(settings.username), settings.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            code = re.search(r"\[([A-Z-]+)", str(error))
            if code is not None and code[1] in _FOR_NOW:
                raise VisitFailed(Outcome.DEFERRED, f"the server lets nobody in for now ({code[1]})") from error
            raise VisitFailed(Outcome.LOGIN, "the server refused user name or password") from error

    def _visit(self, server: Imap, since: MailPosition | None, now: datetime, ends_at: float) -> MailboxRead:
        validity, exists = self._open_folder(server)
        is_known = since is not None and since.validity == validity
        last = since.uid if since is not None and is_known else 0
        uids = new_uids(server, last) if is_known else newest_uids(server, exists, self._settings.max_mails)
        notes = [] if is_known or exists <= len(uids) else [ENTRIES_CUT]
        entries: list[EntryData] = []
        for mail in self._mails(server, uids[: self._settings.max_mails], ends_at, notes):
            last = mail.uid
            entries += self._entry(mail, now, notes)
        if self._settings.mark_seen and entries:
            self._mark_seen(server, [uid for uid in uids if uid <= last])
        feed = ParsedFeed(FeedKind.MAILBOX, None, None, None, tuple(entries), notes=tuple(dict.fromkeys(notes)))
        return MailboxRead(feed, str(MailPosition(validity, last)))

    def _mails(self, server: Imap, uids: Sequence[int], ends_at: float, notes: list[str]) -> Iterator[ArrivedMail]:
        """The mails in order, as long as time, bytes and the connection last; raises when not even one can be had."""
        taken = 0
        for uid in uids:
            if taken > MAX_VISIT_BYTES or (taken and time.monotonic() >= ends_at):
                notes.append(VISIT_CUT)
                return
            try:
                mail = fetch_mail(server, uid, self._settings.max_mail_bytes)
            except (OSError, imaplib.IMAP4.error, VisitFailed):
                if not taken:
                    raise
                notes.append(VISIT_CUT)  # what was read so far counts; the next visit begins here
                return
            if mail is not None:
                taken += len(mail.body)
                yield mail

    def _open_folder(self, server: Imap) -> tuple[int, int]:
        """The folder's numbering and how many mails it has; read-only unless mails are to be marked."""
        server.allow(ANSWER_BYTES)
        folder = quoted(utf7(self._settings.folder))
        answer, data = server.select(folder, readonly=not self._settings.mark_seen)
        if answer != "OK":
            raise VisitFailed(Outcome.NOT_FOUND, "the mailbox has no such folder")
        exists, validity = last_number(data), last_number(server.response("UIDVALIDITY")[1])
        if exists is None or validity is None:
            raise VisitFailed(Outcome.PROTOCOL, "the server tells no UIDVALIDITY")
        return validity, exists

    def _mark_seen(self, server: Imap, uids: Sequence[int]) -> None:
        server.allow(ANSWER_BYTES)
        with contextlib.suppress(OSError, imaplib.IMAP4.error, VisitFailed):  # a mark is a courtesy
            server.uid("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", r"(\Seen)")

    # ------------------------------------------------------------ the mails

    def _entry(self, mail: ArrivedMail, now: datetime, notes: list[str]) -> list[EntryData]:
        """The entry of a mail, or none; what was odd goes to `notes`."""
        if mail.is_cut:
            notes.append(MAIL_CUT)
        answer = self._sandbox.run("parse-mail", {}, mail.body)
        if isinstance(answer, SandboxFailed):
            notes.append(MAIL_UNREADABLE)
            answer = self._sandbox.run("parse-mail", {"head_only": True}, mail.body)
        if isinstance(answer, SandboxFailed) or "error" in answer:
            notes.append(MAIL_UNREADABLE)
            return []
        if not is_allowed(str(answer["sender"]), self._settings.allowed_senders):
            notes.append(SENDER_IGNORED)
            return []
        notes += answer["notes"]
        return [mail_entry(answer, mail.arrived, now)]


def mail_entry(answer: Mapping[str, Json], arrived: str, now: datetime) -> EntryData:
    """A child's words, cleaned; `arrived` stands in for a missing or unreadable date."""
    guid = clean_line(answer["guid"], 1_000)
    title = clean_line(answer["title"])
    content = clean(answer["content"], MAX_CONTENT_CHARS)
    raw = clean_line(answer["published_raw"] or "", 200) or None
    url = canonical_url(answer["web_copy"] or "")
    return EntryData(
        key=entry_key(guid, None, title),
        guid=guid,
        url=url,
        title=title,
        summary="",
        content=content,
        author=_author(answer),
        published_raw=raw or arrived or None,
        published_at=feed_date(raw, now) or feed_date(arrived.replace("-", " ", 2), now),
        language=_language(answer["language"]),
        content_sha=hashlib.sha256("\0".join((title, content, raw or "")).encode()).hexdigest(),
    )


def _author(answer: Mapping[str, Json]) -> str | None:
    """The sender's name, and the list or domain it came from, which hints at the publisher; never an address."""
    name = clean_line(answer["sender_name"], 200)
    origin = clean_line(answer["list"] or str(answer["sender"]).rpartition("@")[2], 200)
    if "@" in name or not name:
        return origin or None
    return f"{name} ({origin})" if origin else name


def _language(value: Json) -> str | None:
    primary = str(value or "").strip().partition("-")[0].lower()
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else None
