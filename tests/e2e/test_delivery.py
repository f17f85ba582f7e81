"""From the invented web to a mailbox and a Slack stand-in, through a real SMTP server and a real HTTP server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from pytest_httpserver import HTTPServer

from monitor.bootstrap import App
from monitor.demo import SECOND_POLL, configuration
from monitor.demo_web import DemoWeb, read_sites
from monitor.domain.model.digests import ChannelKind, DeliveryReport, DeliveryState
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from monitor.resources import demo_site
from monitor.settings import Configuration, SlackWebhook, SmtpSettings, SubscriptionSettings, Webhook


class Mailbox:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802 - the name that the library calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        message = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 taken"


class Clock:
    def __init__(self) -> None:
        self.now = SECOND_POLL - timedelta(days=1)

    def __call__(self):
        return self.now


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(mailbox: Mailbox, port: int) -> Iterator[None]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def drain(app: App, stage: Stage) -> list[object]:
    reports: list[object] = []
    app.dispatcher.drain(stage, watch=reports.append)
    return reports


def told(base: Configuration, smtp_port: int, slack_url: str, hook_url: str) -> Configuration:
    subscriptions = (
        SubscriptionSettings(
            key="office",
            channel=ChannelKind.EMAIL,
            recipients=("officer@ville.example", "mayor@ville.example"),
            schedule="0 6 * * *",
            language="fr",
        ),
        SubscriptionSettings(
            key="team", channel=ChannelKind.SLACK, recipients=("hook",), schedule="0 6 * * *", language="zh"
        ),
        SubscriptionSettings(
            key="machine", channel=ChannelKind.WEBHOOK, recipients=("own",), schedule="0 6 * * *", language="en"
        ),
    )
    settings = base.settings.model_copy(
        update={
            "smtp": SmtpSettings(host="127.0.0.1", port=smtp_port, security="none", sender="monitor@ville.example"),
            "slack": (SlackWebhook(name="hook", url=SecretStr(slack_url)),),
            "webhook": (Webhook(name="own", url=SecretStr(hook_url)),),
            "fetch": base.settings.fetch.model_copy(
                update={"allowed_addresses": (*base.settings.fetch.allowed_addresses, urlsplit(hook_url).netloc)}
            ),
            "subscription": subscriptions,
        }
    )
    return Configuration(settings, base.sources, None)


def test_a_digest_reaches_every_recipient_once_even_when_the_mail_server_was_away(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    httpserver.expect_request("/own", method="POST").respond_with_data("ok")
    mailbox, clock = Mailbox(), Clock()
    port = free_port()  # nobody listens on it yet
    with DemoWeb(read_sites(demo_site())) as web:
        chosen = told(
            configuration(tmp_path, web),
            port,
            httpserver.url_for("/hook"),
            httpserver.url_for("/own").replace("localhost", "127.0.0.1"),
        )
        with App(chosen, clock=clock) as app:
            app.apply_declared()
            _two_days(app, clock, web)
            composed = drain(app, Stage.COMPOSE)
            assert len(composed) == 3
            first = [one for one in drain(app, Stage.DELIVER) if isinstance(one, DeliveryReport)]
            by_channel = {(one.channel, one.state, one.outcome) for one in first}
            assert (ChannelKind.EMAIL, DeliveryState.PENDING, Outcome.NETWORK) in by_channel
            assert (ChannelKind.SLACK, DeliveryState.SENT, Outcome.OK) in by_channel
            assert (ChannelKind.WEBHOOK, DeliveryState.SENT, Outcome.OK) in by_channel

            clock.now += timedelta(hours=2)
            with mail_server(mailbox, port):
                again = [one for one in drain(app, Stage.DELIVER) if isinstance(one, DeliveryReport)]
                assert {one.state for one in again} == {DeliveryState.SENT}
                assert drain(app, Stage.DELIVER) == []
            assert drain(app, Stage.COMPOSE) == []
    _check_mail(mailbox)
    slack = [request.get_json() for request, _ in httpserver.log if request.path == "/hook"]
    (own,) = [request.get_json() for request, _ in httpserver.log if request.path == "/own"]
    assert own["text"]
    assert any(event["id"] and event["headline"] and event["links"] for event in own["events"])
    assert slack
    assert "南锡" in str(slack[0])


def _two_days(app: App, clock: Clock, web: DemoWeb) -> None:
    for phase in (1, 2):
        web.phase = phase
        drain(app, Stage.POLL)
        drain(app, Stage.INGEST)
        clock.now += timedelta(days=1, minutes=1)


def _check_mail(mailbox: Mailbox) -> None:
    assert sorted(str(one["To"]) for one in mailbox.messages) == ["mayor@ville.example", "officer@ville.example"]
    assert len({one["Message-ID"] for one in mailbox.messages}) == 2
    for message in mailbox.messages:
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        assert "Nancy" in text.get_content()
        assert 'lang="fr"' in html.get_content()
