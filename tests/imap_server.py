"""A real IMAP server for tests: a private Dovecot from the system's binaries, on loopback ports of its own.

It runs without privileges, takes any user name with one password, keeps its mail in a temporary folder and ends with
the session.
"""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

ADDRESS = "127.0.43.1"
PASSWORD = "vineyard"
SERVER_USER = "nobody"  # when started by root
START_WITHIN_S = 20.0
VERSION = "2.3."  # 2.4 has another language of configuration

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = {address}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:%h/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """Where it listens, and who vouches for it."""

    port: int
    tls_port: int
    authority: trustme.CA

    @contextlib.contextmanager
    def session(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A client of the tests' own."""
        client = imaplib.IMAP4(ADDRESS, self.port, timeout=10)
        try:
            client.login(user, PASSWORD)
            yield client
        finally:
            client.logout()

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails into a mailbox, in order."""
        with self.session(user) as client:
            for mail in mails:
                answer, data = client.append(folder, "", imaplib.Time2Internaldate(1_787_000_000), mail)
                assert answer == "OK", data

    def flags(self, user: str) -> list[bytes]:
        """The flags of all mails."""
        with self.session(user) as client:
            client.select(readonly=True)
            return [bytes(line) for line in client.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]


@pytest.fixture(scope="session")
def imap_server() -> Iterator[ImapServer]:
    """Skips where there is no Dovecot; on CI that is a failure."""
    binary = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if binary is None:
        reason = "no IMAP server: dovecot is not installed (Debian: dovecot-imapd)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith(VERSION):
        pytest.skip(f"the tests' configuration is that of Dovecot {VERSION}x, not of {version.strip()}")
    with running(binary) as server:
        yield server


@contextlib.contextmanager
def running(binary: str) -> Iterator[ImapServer]:
    """A server of our own, removed with all its files at the end."""
    is_root = os.geteuid() == 0
    user = pwd.getpwnam(SERVER_USER) if is_root else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="monitor-imap-", dir="/tmp"))
    try:
        server = ImapServer(_free_port(), _free_port(), trustme.CA())
        _write(folder, server, user.pw_name, grp.getgrgid(user.pw_gid).gr_name)
        if is_root:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if is_root else {}
        command = [binary, "-F", "-c", folder / "dovecot.conf"]
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, **as_user)
        try:
            _wait_for(server, process, folder)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(START_WITHIN_S)
    finally:
        shutil.rmtree(folder)


def _write(folder: Path, server: ImapServer, user: str, group: str) -> None:
    certificate = server.authority.issue_cert(ADDRESS)
    (folder / "server.pem").write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    (folder / "server.key").write_bytes(certificate.private_key_pem.bytes())
    for name in ("run", "state", "home"):
        (folder / name).mkdir()
    told = {"folder": folder, "address": ADDRESS, "user": user, "group": group, "password": PASSWORD}
    ports = {"port": server.port, "tls_port": server.tls_port}
    (folder / "dovecot.conf").write_text(CONFIGURATION.format(**told, **ports))


def _free_port() -> int:
    with socket.create_server((ADDRESS, 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(server: ImapServer, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + START_WITHIN_S
    while True:
        try:
            with server.session("probe"):
                return
        except (OSError, imaplib.IMAP4.error):
            if process.poll() is not None or time.monotonic() > end:
                logs = [path for path in (folder / "log", folder / "output") if path.exists()]
                said = " ".join(path.read_text(errors="replace")[-2000:] for path in logs)
                raise RuntimeError(f"Dovecot did not start: {said}") from None
            time.sleep(0.05)
