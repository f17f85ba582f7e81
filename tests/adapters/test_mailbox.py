"""The mailbox for newsletters: against a real Dovecot, and against servers that misbehave."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import Header
from itertools import count

import pytest

from monitor.adapters.mailbox import (
    ENTRIES_CUT,
    MAIL_CUT,
    MAIL_UNREADABLE,
    SENDER_IGNORED,
    VISIT_CUT,
    ImapMailbox,
    MailboxSettings,
)
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.sources import EntryData, FeedKind
from monitor.domain.newsletters import mailbox_address
from monitor.domain.outcomes import Outcome
from monitor.ports import FetchFailed, MailboxRead
from tests.imap_server import ADDRESS, PASSWORD, ImapServer, imap_server

__all__ = ["imap_server"]

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LONG_TITLE = "三河市与布雷文市在市政厅签署友好城市协议并交换礼物和纪念品"
_users = count(1)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    box = ProcessSandbox(SandboxLimits(children=1, wall_s=8.0), warm=("parse-mail",))
    yield box
    box.close()


@pytest.fixture
def user() -> str:
    """A mailbox that nobody used before."""
    return f"reader{next(_users)}"


def settings(server: ImapServer, user: str, **more: object) -> MailboxSettings:
    values: dict[str, object] = {
        "host": ADDRESS, "port": server.port, "security": "none", "username": user, "password": PASSWORD,
        "timeout_s": 20.0,
    }  # fmt: skip
    return MailboxSettings(**(values | more))  # type: ignore[arg-type]


def reading(box: ImapMailbox, since: str | None = None) -> MailboxRead:
    result = box.read(since, NOW)
    assert isinstance(result, MailboxRead), result
    return result


def failing(box: ImapMailbox) -> FetchFailed:
    result = box.read(None, NOW)
    assert isinstance(result, FetchFailed), result
    return result


def mail(
    subject: str = "Letter from Brevenne",
    body: bytes = b"The mayors met.",
    *fields: str,
    number: int = 1,
    kind: str = "text/plain; charset=utf-8",
    sender: str = "Stadt Brevenne <letter@brevenne.example>",
) -> bytes:
    head = [
        f"From: {sender}", "To: Officer <officer@cityhall.example>", f"Subject: {subject}",
        "Date: Sat, 22 Aug 2026 10:00:00 +0200", f"Message-ID: <{number}@brevenne.example>", "MIME-Version: 1.0",
        f"Content-Type: {kind}", *fields,
    ]  # fmt: skip
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body.replace(b"\n", b"\r\n") + b"\r\n"


def only(result: MailboxRead) -> EntryData:
    assert len(result.parsed.entries) == 1, result.parsed
    return result.parsed.entries[0]


def delivered(server: ImapServer, sandbox: ProcessSandbox, user: str, *mails: bytes, **more: object) -> MailboxRead:
    server.deliver(user, *mails)
    return reading(ImapMailbox(settings(server, user, **more), sandbox))


# ---------------------------------------------------------------- the ordinary way


def test_a_mail_becomes_an_entry(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    result = delivered(imap_server, sandbox, user, mail("Re: Letter from Brevenne", b"The mayors met.\n\nThey signed."))
    entry = only(result)
    assert (result.parsed.kind, result.parsed.notes) == (FeedKind.MAILBOX, ())
    assert (entry.guid, entry.title) == ("1@brevenne.example", "Letter from Brevenne")
    assert (entry.content, entry.url) == ("The mayors met.\nThey signed.", None)
    assert entry.author == "Stadt Brevenne (brevenne.example)"
    assert entry.published_at == datetime(2026, 8, 22, 8, tzinfo=UTC)


def test_each_mail_is_read_once_and_the_mailbox_is_left_as_it_was(
    imap_server: ImapServer, sandbox: ProcessSandbox, user: str
) -> None:
    box = ImapMailbox(settings(imap_server, user), sandbox)
    imap_server.deliver(user, mail("One", number=1), mail("Two", number=2))
    first = reading(box)
    assert [entry.title for entry in first.parsed.entries] == ["One", "Two"]
    assert reading(box, first.position).parsed.entries == ()
    imap_server.deliver(user, mail("Three", number=3))
    second = reading(box, first.position)
    assert [entry.title for entry in second.parsed.entries] == ["Three"]
    assert reading(box, second.position).position == second.position
    assert all(b"Seen" not in flags for flags in imap_server.flags(user))


def test_mails_are_marked_only_when_asked(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    delivered(imap_server, sandbox, user, mail("One"), mark_seen=True)
    assert b"Seen" in imap_server.flags(user)[0]


def test_an_empty_mailbox_is_no_failure(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    box = ImapMailbox(settings(imap_server, user), sandbox)
    empty = reading(box)
    assert empty.parsed.entries == ()
    imap_server.deliver(user, mail("The first"))
    assert only(reading(box, empty.position)).title == "The first"


def test_a_backlog_is_taken_in_turns_oldest_first(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    box = ImapMailbox(settings(imap_server, user, max_mails=2), sandbox)
    imap_server.deliver(user, *(mail(f"Letter {n}", number=n) for n in range(1, 5)))
    first = reading(box)
    assert [entry.title for entry in first.parsed.entries] == ["Letter 3", "Letter 4"], "the newest, at first"
    assert first.parsed.notes == (ENTRIES_CUT,)
    imap_server.deliver(user, *(mail(f"Letter {n}", number=n) for n in range(5, 8)))
    second = reading(box, first.position)
    third = reading(box, second.position)
    assert [entry.title for entry in second.parsed.entries] == ["Letter 5", "Letter 6"]
    assert [entry.title for entry in third.parsed.entries] == ["Letter 7"]


def test_a_renumbered_mailbox_is_read_again_under_the_same_keys(
    imap_server: ImapServer, sandbox: ProcessSandbox, user: str
) -> None:
    box = ImapMailbox(settings(imap_server, user, folder="News & Zürich"), sandbox)
    name = '"News &- Z&APw-rich"'
    with imap_server.session(user) as client:
        client.create(name)
    imap_server.deliver(user, mail("One"), folder=name)
    first = reading(box)
    with imap_server.session(user) as client:
        client.delete(name)
        client.create(name)
    imap_server.deliver(user, mail("One"), mail("Two", number=2), folder=name)
    second = reading(box, first.position)
    assert second.position.partition(":")[0] != first.position.partition(":")[0]
    assert [entry.title for entry in second.parsed.entries] == ["One", "Two"]
    assert second.parsed.entries[0].key == only(first).key


def test_only_allowed_senders_count(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    result = delivered(
        imap_server,
        sandbox,
        user,
        mail("Ours", number=1),
        mail("Spam", number=2, sender="Win <prize@lottery.example>"),
        mail("Theirs", number=3, sender="=?utf-8?q?Sanhe?= <NEWS@list.sanhe.example>"),
        allowed_senders=("letter@brevenne.example", "@sanhe.example"),
    )
    assert [entry.title for entry in result.parsed.entries] == ["Ours", "Theirs"]
    assert result.parsed.notes == (SENDER_IGNORED,)


# ---------------------------------------------------------------- letters of all kinds


@pytest.mark.parametrize(
    ("charset", "subject", "text"),
    [
        ("gb18030", "三河市与布雷文市签署友好城市协议", "两市市长星期六在市政厅签署了协议。代表团随后参观了大学。"),
        ("gb2312", "友城", "三河市代表团访问布雷文。"),
        ("iso-2022-jp", "姉妹都市の提携について", "両市の市長は土曜日に協定に署名しました。"),
        ("windows-1258", "Kết nghĩa", "Hai thành phố ký thỏa thuận."),
        ("koi8-r", "Города-побратимы подписали соглашение", "Мэры встретились в субботу."),
        ("euc-kr", "자매도시 협약 체결", "두 도시의 시장이 토요일에 만났다."),
        ("utf-8", "Jumelage : la charte renouvelée", "Les deux maires ont signé à l’hôtel de ville."),
    ],
)
def test_subjects_and_bodies_in_many_charsets(
    imap_server: ImapServer, sandbox: ProcessSandbox, user: str, charset: str, subject: str, text: str
) -> None:
    spelled = _windows_1258(subject) if charset == "windows-1258" else subject
    body = (_windows_1258(text) if charset == "windows-1258" else text).encode(charset)
    raw = base64.encodebytes(body)
    word = f"=?{charset}?B?{base64.b64encode(spelled.encode(charset)).decode()}?="
    kind = f'text/plain; charset="{charset}"'
    entry = only(delivered(imap_server, sandbox, user, mail(word, raw, "Content-Transfer-Encoding: base64", kind=kind)))
    assert entry.title == unicodedata.normalize("NFC", subject)
    assert entry.content == unicodedata.normalize("NFC", text)


def _windows_1258(text: str) -> str:
    """Vietnamese with tone marks apart, as that charset has them."""
    spelled = ""
    for char in text:
        apart = unicodedata.normalize("NFD", char)
        tones = [mark for mark in apart[1:] if mark in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
        spelled += base + "".join(tones)
    return spelled


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (Header(LONG_TITLE, "gb2312", 60).encode(linesep="\r\n"), LONG_TITLE),
        ("=?utf-8?B?" + base64.b64encode("Jumelage é".encode()).decode().rstrip("=") + "?=", "Jumelage é"),
        ("=?utf-8?B?w6k=?= =?utf-8?Q?_et_=C3=A8?= fin", "é et è fin"),
        ("=?utf-8?B?ww==?= =?utf-8?B?qQ==?=", "é"),
        ("=?iso-8859-1?Q?Z=C3=BCrich?= calling", "Zürich calling"),
        ("=?no-such-charset?Q?Plain_words?=", "Plain words"),
        ("Zürich calling", "Zürich calling"),
        ("=?utf-8?Q?broken", "=?utf-8?Q?broken"),
        ("A\r\n\tB", "A B"),
        ("=?utf-8?Q?Two=0D=0ABcc:_spy@example.org?=", "Two Bcc: spy@example.org"),
    ],
)  # fmt: skip
def test_subjects_are_decoded_tolerantly(
    imap_server: ImapServer, sandbox: ProcessSandbox, user: str, raw: str, title: str
) -> None:
    assert only(delivered(imap_server, sandbox, user, mail(raw))).title == title


def test_html_only_mails_give_their_visible_text(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    html = """<html><head><style>p{}</style></head><body>
    <div style="display:none;max-height:0">Preview teaser &#847;&zwnj;&nbsp;</div>
    <p><a href="https://news.brevenne.example/letters/2026-08">View this email in your browser</a></p>
    <h1>Charta erneuert</h1><p>Die Bürgermeister <a href="https://click.sender.example/ls/click?upn=SECRETTOKEN12345">haben
    unterschrieben</a>.</p><img src="https://click.sender.example/open?u=99" width="1">
    <p>This was sent to officer@cityhall.example. <a href="https://sender.example/u?t=SECRETTOKEN12345">Unsubscribe</a></p>
    </body></html>"""
    entry = only(delivered(imap_server, sandbox, user, mail(body=html.encode(), kind="text/html; charset=utf-8")))
    assert entry.content == "Charta erneuert\nDie Bürgermeister haben unterschrieben."
    assert entry.url == "https://news.brevenne.example/letters/2026-08"
    assert "SECRETTOKEN" not in repr(entry)
    assert "officer@" not in repr(entry)


def test_the_better_of_two_renderings_is_taken(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    def alternative(plain: str, html: str) -> bytes:
        return (
            f"--b1\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n"
            f"--b1\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b1--\n"
        ).encode()

    kind = 'multipart/alternative; boundary="b1"'
    story = (
        "The mayors of both towns met on Saturday in the old harbour hall and put their names\n"
        "under a plan for summer camps."
    )
    full = mail("Full", alternative(story, f"<table><tr><td>{story}</td></tr></table>"), number=1, kind=kind)
    stub = mail(
        "Stub",
        alternative("Your program shows no HTML.", f"<p>{story} Schools will send classes.</p>"),
        number=2,
        kind=kind,
    )
    first, second = delivered(imap_server, sandbox, user, full, stub).parsed.entries
    assert first.content == story.replace("\n", " ")
    assert second.content.endswith("Schools will send classes.")


def test_a_personal_copy_on_the_web_is_no_link(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    body = b"View in browser:\nhttps://sender.example/v/9f8a7c6b5d4e3f2a1b0c\n\nThe mayors met and signed."
    entry = only(delivered(imap_server, sandbox, user, mail(body=body)))
    assert (entry.url, entry.content) == (None, "The mayors met and signed.")


def test_attachments_are_not_read(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    body = (
        b"--b1\nContent-Type: text/plain\n\nThe letter.\n"
        b"--b1\nContent-Type: text/plain; name=secret.txt\nContent-Disposition: attachment\n\nThe attachment.\n--b1--\n"
    )
    entry = only(delivered(imap_server, sandbox, user, mail(body=body, kind="multipart/mixed; boundary=b1")))
    assert entry.content == "The letter."


def test_what_a_mail_lacks_is_made_up_for(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    bare = b"From: letter@brevenne.example\r\nDate: soon\r\n\r\nA charter was signed.\r\nMore to come.\r\n"
    entry = only(delivered(imap_server, sandbox, user, bare))
    assert entry.title == "A charter was signed."
    assert entry.guid is not None
    assert entry.guid.startswith("sha256:")
    assert entry.author == "brevenne.example"
    assert entry.published_at == datetime.fromtimestamp(1_787_000_000, UTC), "when it arrived"


# ---------------------------------------------------------------- mails that nobody would send


def test_a_huge_mail_is_read_in_part(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    body = b"The charter was signed.\n" + b"And then they dined at length.\n" * 20_000
    result = delivered(imap_server, sandbox, user, mail(body=body), max_mail_bytes=20_000)
    assert result.parsed.notes == (MAIL_CUT,)
    assert only(result).content.startswith("The charter was signed.")
    assert len(only(result).content) < 20_000


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/mixed", b"--x\nContent-Type: text/plain\n\nThe letter.\n"),
        ("multipart/mixed; boundary=b1", b"The letter."),
        ("text/plain; charset=no-such-charset", b"The letter."),
        ("text/plain; charset*=utf-8''%FF%FE", b"The letter."),
        ("text/plain\x01; charset=\"", b"The letter."),
        (";;;", b"The letter."),
    ],
)  # fmt: skip
def test_broken_mime_costs_nothing_but_the_text(
    imap_server: ImapServer, sandbox: ProcessSandbox, user: str, kind: str, body: bytes
) -> None:
    result = delivered(imap_server, sandbox, user, mail("Broken", body, kind=kind), mail("Sound", number=2))
    assert [entry.title for entry in result.parsed.entries] == ["Broken", "Sound"]
    assert result.parsed.notes == ()


def test_garbage_in_base64_is_skipped(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    good = base64.b64encode(b"The charter was signed.").decode()
    body = f"!!{good[:10]}*\n{good[10:]}==garbage".encode()
    entry = only(delivered(imap_server, sandbox, user, mail("Odd", body, "Content-Transfer-Encoding: base64")))
    assert entry.title == "Odd"


def test_bombs_of_parts_leave_the_header_fields(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    nested = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (level, level + 1) for level in range(3_000)
    )
    wide = b"--b0\nContent-Type: text/plain\n\nx\n" * 30_000
    fields = ("X-Filler: " + "a" * 900,) * 600
    result = delivered(
        imap_server,
        sandbox,
        user,
        mail("Nested", nested, number=1, kind="multipart/mixed; boundary=b0"),
        mail("Wide", wide, number=2, kind="multipart/mixed; boundary=b0"),
        mail("Tall", b"The letter.", *fields, number=3),
        mail("Sound", number=4),
    )
    assert [entry.title for entry in result.parsed.entries] == ["Nested", "Wide", "Tall", "Sound"]
    assert result.parsed.notes == (MAIL_UNREADABLE,)


def test_a_mail_that_kills_its_reader_costs_itself(imap_server: ImapServer, user: str) -> None:
    tests_own = (sys.executable, "-m", "tests.adapters.mail_children")
    box = ProcessSandbox(SandboxLimits(children=1, wall_s=5.0), command=tests_own)
    try:
        imap_server.deliver(
            user, mail("Killer", b"die"), mail("Sound", number=2), mail("Deadly", b"die always", number=3)
        )
        result = reading(ImapMailbox(settings(imap_server, user), box))
    finally:
        box.close()
    assert [entry.title for entry in result.parsed.entries] == ["Killer", "Sound"]
    assert result.parsed.notes == (MAIL_UNREADABLE,)
    assert result.position.endswith(":3"), "it is not tried for ever"


# ---------------------------------------------------------------- who is let in


def test_a_wrong_password_is_told_without_naming_anybody(
    imap_server: ImapServer, sandbox: ProcessSandbox, user: str
) -> None:
    failure = failing(ImapMailbox(settings(imap_server, user, password="wrong"), sandbox))
    assert failure.outcome is Outcome.LOGIN
    assert failure.url == f"imap://{ADDRESS}/INBOX"
    assert user not in repr(failure)
    assert "wrong" not in repr(failure)
    assert "wrong" not in repr(settings(imap_server, user, password="wrong"))


def test_a_missing_folder_is_told(imap_server: ImapServer, sandbox: ProcessSandbox, user: str) -> None:
    assert failing(ImapMailbox(settings(imap_server, user, folder="Nowhere"), sandbox)).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_with_a_certificate_that_is_checked(
    imap_server: ImapServer, sandbox: ProcessSandbox, user: str, security: str
) -> None:
    imap_server.deliver(user, mail("Sealed"))
    context = ssl.create_default_context()
    imap_server.authority.configure_trust(context)
    port = imap_server.tls_port if security == "tls" else imap_server.port
    named = settings(imap_server, user, security=security, port=port)
    assert only(reading(ImapMailbox(named, sandbox, tls=context))).title == "Sealed"
    failure = failing(ImapMailbox(named, sandbox))
    assert failure.outcome is Outcome.TLS, "a certificate that nobody vouches for"


def test_the_address_names_host_and_folder_only() -> None:
    assert (
        mailbox_address("IMAP.cityhall.example", "News/Zürich 1")
        == "imap://imap.cityhall.example/News%2FZ%C3%BCrich%201"
    )


# ---------------------------------------------------------------- servers that misbehave

Script = Callable[[socket.socket, Callable[[], bytes]], None]


@contextlib.contextmanager
def playing(script: Script) -> Iterator[int]:
    """A raw server for one connection; `script` gets it with a reader of lines. Gives its port."""
    listener = socket.create_server((ADDRESS, 0))

    def serve() -> None:
        with contextlib.suppress(OSError, ValueError), contextlib.closing(listener.accept()[0]) as connection:
            connection.settimeout(15)
            with connection.makefile("rb") as lines:
                script(connection, lines.readline)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(15)
        assert not thread.is_alive()


def talking(connection: socket.socket, line: Callable[[], bytes], answers: dict[bytes, bytes]) -> None:
    """Answer commands by their name; what is not in the table gets a plain OK."""
    connection.sendall(b"* OK ready\r\n")
    while request := line():
        tag, _, rest = request.strip().partition(b" ")
        command = rest.removeprefix(b"UID ").partition(b" ")[0].upper()
        connection.sendall(answers.get(command, b"") + tag + b" OK done\r\n")


USUAL = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] here\r\n* OK [READ-ONLY] so\r\n",
    b"FETCH": b"* 1 FETCH (UID 11)\r\n* 2 FETCH (UID 12)\r\n",
}


def visited(sandbox: ProcessSandbox, script: Script, **more: object) -> MailboxRead | FetchFailed:
    with playing(script) as port:
        values: dict[str, object] = {"security": "none", "timeout_s": 1.0} | more
        box = ImapMailbox(MailboxSettings(ADDRESS, port, username="u", password="p", **values), sandbox)  # type: ignore[arg-type]
        started = time.monotonic()
        result = box.read(None, NOW)
        assert time.monotonic() - started < 5
    return result


def _silent(connection: socket.socket, line: Callable[[], bytes]) -> None:
    line()


def _mute_after_login(connection: socket.socket, line: Callable[[], bytes]) -> None:
    connection.sendall(b"* OK ready\r\n")
    for _ in range(2):
        tag = line().split(b" ")[0]
        connection.sendall(USUAL[b"CAPABILITY"] + tag + b" OK done\r\n")
    while line():
        pass


def _dripping(connection: socket.socket, line: Callable[[], bytes]) -> None:
    connection.sendall(b"* OK ")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.1)


@pytest.mark.parametrize("script", [_silent, _mute_after_login, _dripping])
def test_a_server_that_keeps_us_waiting_is_left_at_the_deadline(sandbox: ProcessSandbox, script: Script) -> None:
    result = visited(sandbox, script)
    assert isinstance(result, FetchFailed)
    assert result.outcome is Outcome.DEADLINE


def test_a_server_that_sends_without_end_is_left(sandbox: ProcessSandbox) -> None:
    def flood(connection: socket.socket, line: Callable[[], bytes]) -> None:
        connection.sendall(b"* OK ready\r\n")
        line()
        while True:
            connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" * 1_000)

    result = visited(sandbox, flood, timeout_s=10.0)
    assert isinstance(result, FetchFailed)
    assert result.outcome is Outcome.TOO_LARGE


def test_a_length_that_nobody_asked_for_is_not_believed(sandbox: ProcessSandbox) -> None:
    answers = USUAL | {b"FETCH": b"* 1 FETCH (UID 11 BODY[]<0> {4000000000}\r\n"}
    result = visited(sandbox, lambda connection, line: talking(connection, line, answers), timeout_s=5.0)
    assert isinstance(result, FetchFailed)
    assert result.outcome is Outcome.TOO_LARGE


def test_a_server_without_encryption_gets_no_password(sandbox: ProcessSandbox) -> None:
    heard: list[bytes] = []

    def plain(connection: socket.socket, line: Callable[[], bytes]) -> None:
        def listening() -> bytes:
            heard.append(line())
            return heard[-1]

        talking(connection, listening, USUAL)

    result = visited(sandbox, plain, security="starttls")
    assert isinstance(result, FetchFailed)
    assert result.outcome is Outcome.TLS
    assert not any(b"LOGIN" in said or b"AUTHENTICATE" in said for said in heard)


def test_a_greeting_that_skips_the_login_does_not_skip_encryption(sandbox: ProcessSandbox) -> None:
    def welcoming(connection: socket.socket, line: Callable[[], bytes]) -> None:
        connection.sendall(b"* PREAUTH welcome\r\n")
        tag = line().split(b" ")[0]
        connection.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" + tag + b" OK done\r\n")
        line()

    result = visited(sandbox, welcoming, security="starttls")
    assert isinstance(result, FetchFailed)
    assert result.outcome is Outcome.TLS


def test_a_server_that_lets_nobody_in_for_now_is_no_wrong_password(sandbox: ProcessSandbox) -> None:
    def busy(connection: socket.socket, line: Callable[[], bytes]) -> None:
        connection.sendall(b"* OK ready\r\n")
        tag = line().split(b" ")[0]
        connection.sendall(USUAL[b"CAPABILITY"] + tag + b" OK done\r\n")
        connection.sendall(line().split(b" ")[0] + b" NO [UNAVAILABLE] later\r\n")
        line()

    result = visited(sandbox, busy)
    assert isinstance(result, FetchFailed)
    assert result.outcome is Outcome.DEFERRED


def test_what_was_read_before_the_server_died_counts(sandbox: ProcessSandbox) -> None:
    letter = mail("The first of two")

    def dying(connection: socket.socket, line: Callable[[], bytes]) -> None:
        connection.sendall(b"* OK ready\r\n")
        while request := line():
            tag, _, rest = request.strip().partition(b" ")
            if rest.startswith(b"UID FETCH 12"):
                return
            command = rest.removeprefix(b"UID ").partition(b" ")[0]
            said = USUAL.get(command, b"")
            if rest.startswith(b"UID FETCH 11"):
                said = b"* 1 FETCH (UID 11 BODY[]<0> {%d}\r\n%s RFC822.SIZE 99)\r\n" % (len(letter), letter)
            connection.sendall(said + tag + b" OK done\r\n")

    result = visited(sandbox, dying, timeout_s=5.0)
    assert isinstance(result, MailboxRead)
    assert [entry.title for entry in result.parsed.entries] == ["The first of two"]
    assert (result.parsed.notes, result.position) == ((VISIT_CUT,), "7:11")


def test_nobody_there_and_no_such_name(sandbox: ProcessSandbox) -> None:
    with socket.create_server((ADDRESS, 0)) as listener:
        port = listener.getsockname()[1]
    gone = ImapMailbox(MailboxSettings(ADDRESS, port, "none", "u", "p", timeout_s=1.0), sandbox)
    assert failing(gone).outcome is Outcome.NETWORK
    nameless = ImapMailbox(MailboxSettings("a" * 70 + ".example", port, "none", "u", "p", timeout_s=1.0), sandbox)
    assert failing(nameless).outcome is Outcome.DNS
