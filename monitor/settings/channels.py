"""The ways in and out by message: mail server, Slack, webhooks, the mailbox of newsletters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    Field,
    SecretStr,
    model_validator,
)

from monitor.settings.values import Key, Table, is_loopback, mail_address


class SmtpSettings(Table):
    """The mail server."""

    host: str = ""  # empty: no email
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    sender: str = ""
    timeout_s: float = Field(30.0, gt=0, le=600)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("sender is needed when host is set")
        if self.sender:
            mail_address(self.sender)
        return self


class SlackWebhook(Table):
    """An incoming webhook; its address is a secret."""

    name: Key
    url: SecretStr = SecretStr("")
    url_file: Path | None = None


class Webhook(Table):
    """An address that takes a digest as JSON; it may hold a secret, and is guarded like every other address."""

    name: Key
    url: SecretStr = SecretStr("")
    url_file: Path | None = None
    secret: SecretStr = SecretStr("")  # signs what is sent (HMAC-SHA256); "": unsigned
    secret_file: Path | None = None


class MailboxSettings(Table):
    """The IMAP mailbox that newsletters arrive in: a source of its own."""

    host: str = ""  # empty: none
    port: int = Field(993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    folder: str = Field("INBOX", min_length=1, max_length=200)
    allowed_senders: tuple[str, ...] = ()  # addresses, or "@domain" with all below it; none: everybody
    max_mails: int = Field(200, ge=1, le=2000)  # of one poll; the rest waits for the next
    max_mail_bytes: int = Field(5 * 1024 * 1024, ge=16 * 1024, le=50 * 1024 * 1024)  # of a longer one the beginning
    timeout_s: float = Field(120.0, gt=0, le=300)  # of one poll, all together; under the lease of a poll
    mark_seen: bool = False  # else the mailbox is left as it was found
    interval_min: int | None = Field(None, ge=5, le=7 * 24 * 60)
    key: Key = "mailbox"  # of the source
    name: str = "Newsletters"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.host and not self.username:
            raise ValueError("username is needed when host is set")
        if self.host and self.security == "none" and not is_loopback(self.host):
            raise ValueError('security = "none" would send the password in clear; it is for a server on this machine')
        if re.search(r"[\x00-\x1f\x7f]", self.folder + self.username):
            raise ValueError("folder and username must not contain control characters")
        for sender in self.allowed_senders:
            mail_address(sender if not sender.startswith("@") else f"any{sender}")
        return self
