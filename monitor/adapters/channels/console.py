"""The way out to the terminal."""

from __future__ import annotations

from collections.abc import Callable

from monitor.domain.model.digests import DeliveryForSend, Sent


class ConsoleChannel:
    """Writes the text; what `write` raises is a fault of the program that runs us."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, delivery: DeliveryForSend) -> Sent:
        """Never fails as a delivery."""
        self._write(delivery.data.content.text)
        return Sent()
