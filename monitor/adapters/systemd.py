"""What a service manager is told of us: the datagrams of sd_notify(3), which other managers understand too."""

from __future__ import annotations

import socket
from collections.abc import Mapping

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"


class ServiceManager:
    """Who started us, if it wants to hear: NOTIFY_SOCKET and WATCHDOG_USEC of the environment say so."""

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._watchdog_us = environment.get("WATCHDOG_USEC", "")
        self._is_meant = environment.get("WATCHDOG_PID", "") in {"", str(pid)}  # else our parent is meant

    @property
    def watchdog_s(self) -> float | None:
        """After so many seconds without `ALIVE` we are taken for dead; None: nobody watches."""
        is_wanted = bool(self._address) and self._is_meant and self._watchdog_us.isdecimal()
        return int(self._watchdog_us) / 1_000_000 or None if is_wanted else None

    def tell(self, *words: str) -> bool:
        """Hand over; True as well where nobody listens. Never blocks, never raises: a deaf manager stops no service."""
        if not self._address.startswith(("/", "@")):
            return True
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address  # "@": abstract
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
                way.setblocking(False)
                way.sendto("\n".join(words).encode(), address)
        except OSError:
            return False
        return True
