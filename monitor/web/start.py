"""Starting the pages of an assembled program."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from monitor.bootstrap import App
from monitor.errors import ConfigurationError
from monitor.web.app import create
from monitor.web.server import WebServer
from monitor.web.site import OpenGate, Site, WebOptions

KEY_FILE = "web.key"
KEY_BYTES = 32
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def serve(app: App) -> WebServer | None:
    """Answer in the background; None: no pages are wanted.

    Raises `ConfigurationError` for an address that cannot be used, and where strangers could reach pages that nobody
    signs in to.
    """
    chosen = app.settings.web
    if not chosen.listen:
        return None
    host, _, port = chosen.listen.rpartition(":")
    host = host.strip("[]")
    if host not in _LOOPBACK:
        raise ConfigurationError(f"web.listen: {host} can be reached from other machines, and there are no accounts")
    options = WebOptions(host, chosen.base_url, chosen.language, chosen.time_zone)
    site = Site(app, options, OpenGate(), signing_key(app.configuration.data_directory), app.clock)
    server = WebServer(create(site), host, int(port))
    server.start()
    return server


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
