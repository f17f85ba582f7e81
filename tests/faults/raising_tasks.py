"""A child whose feed parser raises what the document asks for, or answers with something that is no answer."""

from __future__ import annotations

import builtins
import re
import sys
from typing import Any

from monitor.adapters.children.loop import serve

_WISH = re.compile(rb"<!--(raise|answer):(\w+)-->")
ANSWERS: dict[bytes, Any] = {b"none": None, b"list": [1], b"text": "entries", b"number": 7, b"object": object()}


def parse_feed(payload: dict[str, Any], body: bytes) -> Any:
    wish = _WISH.search(body)
    if wish is None:
        from monitor.adapters.children.feed import parse_feed as read

        return read(payload, body)
    if wish[1] == b"answer":
        return ANSWERS[wish[2]]
    kind = getattr(builtins, wish[2].decode())
    raise kind("utf-8", b"\xff", 0, 1, "as asked") if kind is UnicodeDecodeError else kind("as asked")


if __name__ == "__main__":
    serve({"parse-feed": "tests.faults.raising_tasks:parse_feed"}, sys.argv[1])
