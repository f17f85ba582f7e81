"""Children for many tests: starting two takes seconds, and how they start and end is tested by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.adapters.sandbox import ProcessSandbox
from monitor.ports import SandboxFailed


class Lent:
    """A sandbox in the hands of one test: closed, it works no more, and the children go on for others."""

    def __init__(self, children: ProcessSandbox) -> None:
        self._children = children
        self._closed = False

    def run(self, task: str, payload: Mapping[str, Any], body: bytes = b"") -> dict[str, Any] | SandboxFailed:
        assert not self._closed, "a sandbox is asked after its end"
        return self._children.run(task, payload, body)

    def close(self) -> None:
        self._closed = True
