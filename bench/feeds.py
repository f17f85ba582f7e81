"""`make evaluate`, part feeds: other readers' suites and real feeds through our parser.

The suites are checked by the script that belongs to the data, given `parse` below: our answer in feedparser's words.
Of feedparser's own suite only the cases about what we keep are counted; the others (images, people, licences, ...) are
about what no stage of ours asks for. Every file of every suite must be read, or refused for a reason with a label,
within five seconds.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import feedparser

from monitor.adapters.children.feed import parse_feed
from monitor.adapters.children.loop import Refused
from monitor.adapters.feeds import MAX_ENTRIES
from monitor.domain.feed_dates import feed_date
from monitor.domain.text import clean_line

KEPT_OF_FEED = frozenset(("title", "link", "language"))
BASE = "http://127.0.0.1:8097/feed"  # the address that the suites were written for
NOW = datetime(2026, 11, 20, tzinfo=UTC)
MOST_S = 5.0
EVERY = 5  # real feeds of which one is read by feedparser too, for the comparison of speed
# What we keep, in feedparser's names: a case that asks for anything else is not about us.
KEPT = frozenset(
    ("feed", "entries", "title", "link", "id", "guid", "author", "language", "published", "published_parsed")
)


def parse(body: bytes) -> dict[str, Any]:
    """A feed in feedparser's words; a refused one has no entries."""
    try:
        answer = parse_feed({"url": BASE, "content_type": "", "max_entries": MAX_ENTRIES}, body)
    except Refused as refused:
        return {"bozo": True, "refused": refused.label, "feed": {}, "entries": []}
    feed = {"title": answer["title"], "link": answer["home_page"], "language": answer["language"]}
    return {
        "bozo": "malformed" in answer["notes"],
        "feed": _given(feed),
        "entries": list(map(_entry, answer["entries"])),
    }


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    date = feed_date(entry["published_raw"], NOW)
    return _given(
        {
            "title": clean_line(entry["title"]),
            "link": entry["url"],
            "id": entry["guid"],
            "guid": entry["guid"],
            "author": entry["author"],
            "published": entry["published_raw"],
            "published_parsed": tuple(date.utctimetuple()) if date else None,
            "language": entry["language"],
        }
    )


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def evaluate(shared: Path) -> dict[str, float]:
    """Print the tables; the figures that have floors."""
    folder = shared / "data" / "feeds"
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    found = _read_all(folder, rows) | _suites(folder, rows)
    for name, value in found.items():
        print(f"{name:28} {value:10.3f}")
    return found


def _read_all(folder: Path, rows: list[dict[str, Any]]) -> dict[str, float]:
    """Every file is read or refused in time; how fast the real ones are, beside feedparser on every fifth of them."""
    outcomes: Counter[str] = Counter()
    real = entries = dated = 0
    ours = theirs = 0.0
    for row in rows:
        body = (folder / row["path"]).read_bytes()
        started = time.process_time()
        answer = parse(body)
        needed = time.process_time() - started
        if needed > MOST_S:
            raise SystemExit(f"{row['path']}: {needed:.1f} s")
        outcomes[answer.get("refused", "read")] += 1
        if row["suite"] == "real":
            real += 1
            if real % EVERY == 1:
                ours, theirs = ours + needed, theirs + _with_feedparser(body)
            raw = [one for one in answer["entries"] if "published" in one]
            entries, dated = entries + len(raw), dated + sum("published_parsed" in one for one in raw)
    print(f"{len(rows)} files: " + ", ".join(f"{count} {name}" for name, count in outcomes.most_common()))
    return {
        "read": outcomes["read"] / len(rows),
        "times_feedparser": theirs / ours,
        "real_dates_read": dated / entries,
    }


def _with_feedparser(body: bytes) -> float:
    """Seconds that feedparser needs, used as its manual says."""
    started = time.process_time()
    feedparser.parse(io.BytesIO(body), response_headers={"content-location": BASE})
    return time.process_time() - started


def _suites(folder: Path, rows: list[dict[str, Any]]) -> dict[str, float]:
    """The share of cases passed, by suite."""
    check = _script(folder)
    passed: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    with _working_in(folder):
        for row in rows:
            verdict = _verdict(check, folder, row)
            if verdict is not None:
                counted[row["suite"]] += 1
                passed[row["suite"]] += verdict
    for suite, count in counted.items():
        print(f"{suite:28} {passed[suite]:5} of {count} cases")
    return {f"suite_{suite}": passed[suite] / counted[suite] for suite in counted}


def _verdict(check: ModuleType, folder: Path, row: dict[str, Any]) -> bool | None:
    """Whether the case is passed; None: it is not about what we keep, or cannot be checked."""
    if not row.get("check"):
        return None
    answer = parse((folder / row["path"]).read_bytes())
    if row["check"] != "assert":
        golden = json.loads((folder / row["expect_path"]).read_text(encoding="utf-8"))
        kind = row["group"].rpartition("-")[2]
        expected = check.exp_gofeed(golden, kind) if row["check"] == "gofeed" else check.exp_ffp(golden)
        return not check.compare(expected, answer)
    try:
        tree = ast.parse(row["expect"].strip(), mode="eval")
        if not _about_us(tree):
            return None
        return bool(check.ev(tree, answer))
    except (SyntaxError, check.Unsupported):
        return None
    except (KeyError, IndexError, TypeError, AttributeError):
        return False


def _about_us(tree: ast.AST) -> bool:
    """Whether a case asks only for what we keep: of titles their text, not their markup."""
    asked: set[str] = set()
    of_feed: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                asked.add(name)
            case ast.Constant(value=str(text)) if "<" in text or "&lt;" in text:
                return False
        match node:
            case ast.Subscript(value=ast.Name(id="feed"), slice=ast.Constant(value=str(name))):
                of_feed.add(name)
            case ast.Attribute(value=ast.Name(id="feed"), attr=name):
                of_feed.add(name)
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                asked.add(name)
    return asked - {"bozo", "len", "startswith", "endswith"} <= KEPT and of_feed <= KEPT_OF_FEED and asked != {"bozo"}


def _script(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("feeds_check", folder / "check.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder}: no check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """The script finds its files from there."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
