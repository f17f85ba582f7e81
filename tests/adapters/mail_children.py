"""A child whose mail reader dies of some mails: `python -m tests.adapters.mail_children SETTINGS`."""

from __future__ import annotations

import os
import sys
from typing import Any

from monitor.adapters.children.loop import serve
from monitor.adapters.children.mail import parse_mail


def parse_or_die(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    text = body.partition(b"\r\n\r\n")[2]
    if text.startswith(b"die always") or (text.startswith(b"die") and not payload.get("head_only")):
        os._exit(9)
    return parse_mail(payload, body)


if __name__ == "__main__":
    serve({"parse-mail": "tests.adapters.mail_children:parse_or_die"}, sys.argv[1])
