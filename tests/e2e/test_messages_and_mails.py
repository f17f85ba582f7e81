"""A channel and a mailbox through the whole program: declared, polled, read, decided, stored, told apart from pages."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.bootstrap import App, quiet_logging
from monitor.declared import mailbox_source
from monitor.domain.model.articles import EntryReport, TextPath
from monitor.domain.model.sources import FeedKind, FeedReport
from monitor.domain.outcomes import Outcome
from monitor.errors import ConfigurationError
from monitor.ports import Stage
from monitor.settings import load
from tests.adapters.hostile import answer, serving
from tests.imap_server import ADDRESS, PASSWORD, ImapServer, imap_server

__all__ = ["imap_server"]

pytestmark = pytest.mark.usefixtures("quick_start")
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
STORY = (
    "The mayors of Nancy and Kunming signed a new charter of their partnership on Saturday 29 August 2026 at the town "
    "hall of Nancy. The delegation from Kunming then visited the university hospital."
)


class Clock:
    """Stands still until told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def configured(tmp_path: Path, sources: str, settings: str) -> Path:
    (tmp_path / "sources.toml").write_text(sources, encoding="utf-8")
    path = tmp_path / "monitor.toml"
    path.write_text(
        f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n{settings}', encoding="utf-8"
    )
    return path


def mailbox_settings(server: ImapServer, user: str, password: str = PASSWORD) -> str:
    return (
        f'[mailbox]\nhost = "{ADDRESS}"\nport = {server.port}\nsecurity = "none"\nusername = "{user}"\n'
        f'password = "{password}"\ntimeout_s = 20.0\ninterval_min = 30\n'
    )


@pytest.fixture(autouse=True)
def quiet() -> None:
    quiet_logging()


def drained(app: App, stage: Stage) -> list[object]:
    reports: list[object] = []
    app.dispatcher.drain(stage, watch=reports.append)
    return reports


def letter(number: int, subject: str, text: str, date: str = "Sun, 30 Aug 2026 08:00:00 +0200") -> bytes:
    return (
        f"From: Ville de Nancy <lettre@nancy.example>\r\nTo: officer@cityhall.example\r\nSubject: {subject}\r\n"
        f"Date: {date}\r\nMessage-ID: <{number}@nancy.example>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\n"
        "Unsubscribe: https://nancy.example/u?t=SECRETTOKEN99\r\n"
    ).encode()


def test_mails_become_articles_once(imap_server: ImapServer, tmp_path: Path, clock: Clock) -> None:
    imap_server.deliver("whole", letter(1, "The swimming pool is closed", "Until October."))
    path = configured(tmp_path, "", mailbox_settings(imap_server, "whole"))
    with App(load(path), clock) as app:
        app.apply_declared()
        (first,) = drained(app, Stage.POLL)
        assert isinstance(first, FeedReport)
        assert (first.outcome, first.new, first.url) == (Outcome.OK, 1, f"imap://{ADDRESS}/INBOX")
        imap_server.deliver("whole", letter(2, "Charter signed", STORY))
        clock.now += timedelta(hours=1)
        (second,) = drained(app, Stage.POLL)
        assert isinstance(second, FeedReport)
        assert (second.outcome, second.seen, second.new, second.gap) == (Outcome.OK, 1, 1, False)
        clock.now += timedelta(hours=1)
        (third,) = drained(app, Stage.POLL)
        assert isinstance(third, FeedReport)
        assert (third.outcome, third.new) == (Outcome.NOT_MODIFIED, 0)
        read = [one for one in drained(app, Stage.INGEST) if isinstance(one, EntryReport)]
        assert [(one.outcome, one.path) for one in read] == [(Outcome.OK, TextPath.FEED_CONTENT)] * 2
        (told,) = [row for row in app.database.archive.articles() if row.title == "Charter signed"]
        article = app.database.archive.article(told.id)
        assert article.text.startswith("The mayors of Nancy and Kunming")
        assert "SECRETTOKEN" not in article.text
        view = app.database.archive.source("mailbox")
        assert (view.name, view.feeds[0].kind) == ("Newsletters", "mailbox")


def test_a_refused_login_is_a_failure_of_the_source(imap_server: ImapServer, tmp_path: Path, clock: Clock) -> None:
    path = configured(tmp_path, "", mailbox_settings(imap_server, "whole", "wrong"))
    with App(load(path), clock) as app:
        app.apply_declared()
        (report,) = drained(app, Stage.POLL)
    assert isinstance(report, FeedReport)
    assert report.outcome is Outcome.LOGIN
    assert "wrong" not in report.detail


def test_a_mailbox_taken_out_of_the_settings_is_asked_no_more(
    imap_server: ImapServer, tmp_path: Path, clock: Clock
) -> None:
    with App(load(configured(tmp_path, "", mailbox_settings(imap_server, "whole"))), clock) as app:
        app.apply_declared()
    with App(load(configured(tmp_path, "", "")), clock) as app:
        app.apply_declared()
        assert app.database.archive.source("mailbox").paused
        assert drained(app, Stage.POLL) == []


def test_a_key_cannot_be_taken_twice(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="mailbox"):
        mailbox_source(load(configured(tmp_path, "", "")).settings.mailbox, {"mailbox"})


def test_a_message_is_its_own_article_and_a_teaser_leads_to_one(tmp_path: Path, clock: Clock) -> None:
    def message(number: int, text: str) -> str:
        return (
            f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" '
            f'data-post="nancy_city/{number}"><div class="tgme_widget_message_text js-message_text">{text}</div>'
            f'<a class="tgme_widget_message_date" href="https://t.me/nancy_city/{number}">'
            '<time datetime="2026-08-30T09:00:00+00:00"></time></a></div></div>'
        )

    asked: list[str] = []

    def web(connection: socket.socket, request: str) -> None:
        path = request.split(" ")[1]
        asked.append(path)
        here = f"http://{server.address}:{server.port}/charter"
        pages = {
            "/s/nancy_city": '<div class="tgme_channel_info_header_title">Nancy</div>'
            + message(1, STORY)
            + message(2, f'The charter in full: <a href="{here}">here</a>'),
            "/charter": f"<html><head><title>The charter</title></head><body><article><h1>The charter</h1>"
            f"{''.join(f'<p>Article {n}. {STORY}</p>' for n in range(1, 6))}</article></body></html>",
        }
        found = answer(pages[path].encode(), "200 OK", "Content-Type: text/html") if path in pages else None
        connection.sendall(found or answer(b"", "404 Not Found"))

    with serving(web, address="127.0.44.1") as server:
        sources = (
            '[[source]]\nkey = "nancy"\nname = "Nancy"\nlanguage = "en"\n'
            f'feeds = [{{ url = "{server.url}/nancy_city", kind = "telegram" }}]\n'
        )
        allowed = json.dumps([f"{server.address}:{server.port}"])
        path = configured(tmp_path, sources, f"[fetch]\nhost_gap_s = 0.0\nallowed_addresses = {allowed}\n")
        with App(load(path), clock) as app:
            app.apply_declared()
            (report,) = drained(app, Stage.POLL)
            assert isinstance(report, FeedReport)
            assert (report.outcome, report.new) == (Outcome.OK, 2), report.detail
            read = {one.url: one for one in drained(app, Stage.INGEST) if isinstance(one, EntryReport)}
            kinds = [feed.kind for feed in app.database.archive.source("nancy").feeds]
    assert kinds == [FeedKind.TELEGRAM]
    assert read["https://t.me/nancy_city/1"].path is TextPath.FEED_CONTENT
    assert read[f"{server.url}/charter"].path is TextPath.PAGE
    assert sorted(set(asked) - {"/robots.txt", "/.well-known/tdmrep.json"}) == ["/charter", "/s/nancy_city"]
