"""Starting the pages of an assembled program."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.errors import ConfigurationError
from monitor.settings.values import is_loopback
from monitor.web.app import create
from monitor.web.gates import AccountGate, FirstGate
from monitor.web.proxy import Trust, trust_in
from monitor.web.server import WebServer
from monitor.web.site import Gate, Site, WebOptions

KEY_FILE = "web.key"
KEY_BYTES = 32


def serve(app: App, hasten: Callable[[], None] | None = None) -> WebServer | None:
    """Answer in the background; None: no pages are wanted. `hasten` lets the clockwork look at once what is due.

    Raises `ConfigurationError` for an address that cannot be used, and where strangers could reach pages that nobody
    signs in to.
    """
    chosen = app.settings.web
    if not chosen.listen:
        return None
    host, _, port = chosen.listen.rpartition(":")
    host = host.strip("[]")
    trust = trust_in(chosen.trusted_proxies, chosen.proxy_user_header, Role[chosen.proxy_role.upper()])
    options = WebOptions(host, chosen.base_url, chosen.language, chosen.time_zone, trust, chosen.oidc.button)
    key = signing_key(app.configuration.data_directory)
    site = Site(app, options, gate(app, host, trust), key, app.clock, hasten=hasten)
    server = WebServer(create(site), host, int(port))
    server.start()
    settle(app)
    return server


def settle(app: App) -> None:
    """Take what lasts as long as the process out of the collector's sight: looking through names and cue words takes it
    some 0.2 s, in the middle of an answer.
    """
    known = (app.gazetteer, app.knowledge)
    gc.unfreeze()  # of a configuration that was served before
    gc.collect()
    gc.freeze()
    del known


def gate(app: App, host: str, trust: Trust) -> Gate:
    """Who is let in; raises `ConfigurationError` where it would be everybody (faults H7)."""
    accounts, chosen = app.database.accounts, app.settings.web
    closed = AccountGate(accounts, trust, app.clock)
    if chosen.oidc.issuer or chosen.proxy_user_header or not accounts.is_empty():
        return closed
    public = urlsplit(chosen.base_url).hostname or ""
    if not is_loopback(host) or (public and not is_loopback(public)):
        where = f"web.listen: {host}" if not is_loopback(host) else f"web.base_url: {public}"
        raise ConfigurationError(
            f"{where}: other people can reach the pages, and nobody signs in. Make an account "
            "(`monitor user add NAME`), set up [web.oidc] or proxy_user_header, or listen on 127.0.0.1 without base_url"
        )
    return FirstGate(accounts, closed)


def signing_key(folder: Path) -> bytes:
    """The secret that forms are signed with: made once, readable by its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()
