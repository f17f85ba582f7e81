"""Serving the pages beside the clockwork: uvicorn in a thread of its own."""

from __future__ import annotations

import socket
from threading import Thread
from time import monotonic, sleep

import uvicorn
from fastapi import FastAPI

from monitor.errors import ConfigurationError
from monitor.web.patience import PatientProtocol

START_WITHIN_S = 10.0
STOP_WITHIN_S = 5.0
MAX_AT_ONCE = 200  # connections; more are answered 503 (faults H18)
KEEP_ALIVE_S = 15


class WebServer:
    """Answers until it is stopped."""

    def __init__(self, web: FastAPI, host: str, port: int) -> None:
        self._socket = _bound(host, port)
        self.port = int(self._socket.getsockname()[1])
        self._server = uvicorn.Server(
            uvicorn.Config(
                web,
                http=PatientProtocol,
                log_config=None,
                access_log=False,
                server_header=False,
                limit_concurrency=MAX_AT_ONCE,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=int(STOP_WITHIN_S) - 1,
                lifespan="off",
                proxy_headers=False,  # who is behind a proxy is a matter of trust: `proxy`
            )
        )
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="web", daemon=True)

    def start(self) -> None:
        """Return once it answers."""
        self._thread.start()
        until = monotonic() + START_WITHIN_S
        while not self._server.started and self._thread.is_alive() and monotonic() < until:
            sleep(0.01)

    def stop(self) -> None:
        """Finish what is being answered, then end."""
        self._server.should_exit = True
        self._thread.join(STOP_WITHIN_S)
        self._socket.close()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f'web.listen: {host}:{port}: {error.strerror or error}; choose another address, or "" for no pages'
        ) from error
    return listening
