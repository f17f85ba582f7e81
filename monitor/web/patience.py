"""How long a visitor may take to say what they want (faults H18): a connection that only dribbles is closed.

uvicorn waits for ever for the end of a request's headers; the body's time is kept by `headers.BodyLimit`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEADERS_WITHIN_S = 10.0
CLOSED_ABOVE = 400  # connections: beyond this not even "busy" is said


class PatientProtocol(H11Protocol):
    """HTTP with a time limit from the connection, or a request's first byte, to the end of its headers."""

    headers_within_s = HEADERS_WITHIN_S

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio."""
        super().connection_made(transport)
        if len(self.connections) > CLOSED_ABOVE:
            transport.abort()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        before: RequestResponseCycle | None = self.cycle  # None before the first request
        if self._waiting is None and (before is None or before.response_complete):
            self._wait()
        super().data_received(data)
        if self.cycle is not before:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.headers_within_s, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
