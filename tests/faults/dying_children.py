"""Children that read articles as ever, but for pages that name a way to misbehave: served by the real loop."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from monitor.adapters.children.article import extract_article
from monitor.adapters.children.loop import serve
from tests.adapters import child_tasks

HERE = "tests.faults.dying_children"
MARK = re.compile(rb"misbehave:([a-z-]+)")


def extract(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    asked = MARK.search(body)
    return extract_article(payload, body) if asked is None else _misbehave(asked[1].decode(), body)


def _misbehave(way: str, body: bytes) -> dict[str, Any]:
    if way.startswith("sig"):
        return child_tasks.crash({"signal": way.upper()}, body)
    match way:
        case "exit":
            os._exit(0)
        case "garbage":
            os.write(4, b"\x00\x00\x00\x05wrong")
            time.sleep(5)
        case "swell":
            child_tasks.swell({}, body)
        case "spin":
            while True:
                pass
        case "spin-in-c":
            re.match(r"(a+)+$", "a" * 64 + "b")  # the interpreter is not asked before it ends: in some 10,000 years
        case "hold":
            time.sleep(60)
        case "escape":
            return _told(child_tasks.escape_natively({}, body) | _written())
    raise AssertionError(way)


def _written() -> dict[str, str]:
    try:
        Path("/tmp/written-by-a-child").write_text("x", encoding="utf-8")  # noqa: S108
    except OSError as error:
        return {"write": type(error).__name__}
    return {"write": "done"}


def _told(tried: dict[str, Any]) -> dict[str, Any]:
    text = ", ".join(f"{name}: {result}" for name, result in tried.items())
    nothing = dict.fromkeys(("author", "published_raw", "language", "site_name", "canonical"))
    return nothing | {"title": "What was tried", "text": text, "notes": []}


TASKS = {
    "extract-article": f"{HERE}:extract",
    "parse-feed": "monitor.adapters.children.feed:parse_feed",
    "identify-language": "monitor.adapters.children.language:identify_language",
}

if __name__ == "__main__":
    serve(TASKS, sys.argv[1])
