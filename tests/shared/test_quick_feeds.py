"""The short way of reading feeds says what feedparser says, on every feed there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.children import feed as reading
from monitor.adapters.children.charset import decode
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.quickfeed import ReadFeed, read_quickly

pytestmark = pytest.mark.shared

URL = "http://127.0.0.1:8097/feed"
# Of the real feeds, most must go the short way: measured .81; the rest are malformed, or have peculiar elements.
QUICK_SHARE = 0.75


def said(read: ReadFeed) -> dict[str, Any]:
    return reading.answer_of(read)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own
def test_the_short_way_says_what_feedparser_says(shared_data: Path) -> None:
    folder = shared_data / "data" / "feeds"
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    quick = 0
    different = []
    for row in rows:
        text = decode((folder / row["path"]).read_bytes()).text.lstrip("\ufeff \t\r\n\x00")
        short = read_quickly(text, URL)
        if short is None:
            continue
        quick += row["suite"] == "real"
        try:
            long = said(reading.read_slowly(text, URL))
        except Refused as refused:
            long = {"refused": refused.label}
        if said(short) != long:
            different.append(row["path"])
    assert different == []
    assert quick >= QUICK_SHARE * sum(row["suite"] == "real" for row in rows)
