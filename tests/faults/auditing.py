"""What this process opens and dials, by Python's own audit events."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_WATCHED = frozenset(("open", "socket.connect"))
_listening: list[list[tuple[str, Any]]] = []
_lock = threading.Lock()


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _WATCHED and _listening:
        about = arguments[1] if event == "socket.connect" else arguments[0]
        for record in list(_listening):
            record.append((event, about))


@contextmanager
def audit() -> Iterator[list[tuple[str, Any]]]:
    """Events with what they are about, path or address, from all threads."""
    with _lock:
        if not getattr(_hook, "installed", False):
            sys.addaudithook(_hook)  # can never be taken away again
            _hook.installed = True  # type: ignore[attr-defined]
    record: list[tuple[str, Any]] = []
    _listening.append(record)
    try:
        yield record
    finally:
        _listening.remove(record)
