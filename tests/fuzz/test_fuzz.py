"""Addresses, dates, feeds and pages made by injuring healthy ones: no exception but refusals, no hang, sane answers.

`make fuzz` runs ten thousand of each, `make test` two hundred; feeds and pages go through the tasks of the children,
in this process for speed, some of them in real children.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.adapters.children.__main__ import TASKS
from monitor.adapters.children.loop import Refused
from monitor.adapters.feeds import SandboxParser, parsed_feed
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.feed_dates import EARLIEST, LATEST_AHEAD, feed_date
from monitor.domain.model.sources import FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.domain.text import clean
from monitor.domain.urls import absolute_url, canonical_url, host_of, url_key
from monitor.ports import Fetched
from tests.fuzz.documents import CONTENT_TYPES, EXAMPLES, FEEDS, MOST_S, PAGES, TOKENS, documents

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://gazette.example/dir/document"
PAYLOAD = {
    "url": URL,
    "max_entries": 50,
    "selector": None,
    "pattern": None,
    "next_selector": None,
    "today": "2026-11-20",
}
PAGE_TASKS = ("parse-page", "linked-feeds", "survey-page", "extract-article", "parse-telegram")

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
few = settings(many, max_examples=max(10, EXAMPLES // 20))
pytestmark = [
    pytest.mark.timeout(60 + EXAMPLES),
    pytest.mark.filterwarnings("ignore"),  # children have no one to warn
]

MARKS = "htps:/.@?#[]%&=;,\\-_~+!$'()*aäа例。xn--0123456789 \t\n\0\u200b\u202e\ud800"
ADDRESS_PIECES = (
    *("http://", "https:", "//", "[::1]", "[", "127.1", "0x7f.1", "xn--a", "аpple.example", "a.example", ":80", ":0"),
    *("@", "/", "/../", "%2e%2e", "%", "%zz", "%00", "?", "#", "&amp;", "utm_source=x", "javascript:", "\\", "。"),
    *TOKENS[:6],
)
ADDRESSES = st.one_of(st.text(MARKS, max_size=60), st.lists(st.sampled_from(ADDRESS_PIECES), max_size=10).map("".join))
DATE_PIECES = (
    *("Sat,", "22", "Aug", "août", "2026", "26", "10:00", "10:00:60", "+0200", "+99:99", "GMT", "CST", "T", "Z", "-"),
    *(
        "/",
        ".",
        "年",
        "月",
        "日",
        "令和",
        "元",
        "民國",
        "二十二",
        "〇",
        "오후",
        "3시",
        "下午",
        "tháng",
        "Th8",
        "CH",
        "p.m.",
    ),
    *("ore", "15.05", "Uhr", "٢٢", "۱۴۰۵", "²", "½", "Ⅷ", "2569", "0000", "9" * 30, "1787392800", "2026-234"),
    *("20260822T10", "é", "\u202e"),
)
DATES = st.builds(
    str.join,
    st.sampled_from((" ", "")),
    st.lists(st.one_of(st.sampled_from(DATE_PIECES), st.text(max_size=3)), max_size=9),
)


@many
@given(ADDRESSES, st.sampled_from((None, URL, "http://[::1", "")))
def test_addresses(text: str, base: str | None) -> None:
    absolute, canonical = absolute_url(text, base), canonical_url(text, base)
    host_of(text)
    assert url_key(text) is not None
    for url in (absolute, canonical):
        assert url is None or url.startswith(("http://", "https://"))
        assert url is None or (host_of(url) or "").isascii()
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert url_key(canonical) == url_key(canonical_url(canonical) or "")


@many
@given(DATES, st.sampled_from((None, "zh", "fr", "en")))
def test_dates(raw: str, language: str | None) -> None:
    found = feed_date(raw, NOW, language)
    assert found is None or EARLIEST <= found <= NOW + LATEST_AHEAD


def run_task(name: str, body: bytes, content_type: str) -> dict[str, Any] | None:
    """A child's task on one document; None: it refused, for a reason with a label."""
    module, _, function = TASKS[name].partition(":")
    started = process_time()
    try:
        answer = getattr(import_module(module), function)(PAYLOAD | {"content_type": content_type}, body)
    except Refused as refused:
        Outcome(refused.label)
        return None
    finally:
        assert process_time() - started < MOST_S
    assert isinstance(answer, dict)
    return json.loads(json.dumps(answer))  # type: ignore[no-any-return]


def check_entries(answer: dict[str, Any]) -> None:
    parsed = parsed_feed(answer, URL, NOW)
    keys = [entry.key for entry in parsed.entries]
    assert len(set(keys)) == len(keys) <= 50
    for entry in parsed.entries:
        texts = (
            entry.title,
            entry.summary,
            entry.content,
            entry.author or "",
            entry.guid or "",
            entry.published_raw or "",
        )
        assert all(text == clean(text) for text in texts)
        assert entry.published_at is None or entry.published_at <= NOW + timedelta(days=1)
        assert entry.url is None or entry.url.startswith(("http://", "https://"))


@many
@given(documents(FEEDS), st.sampled_from(CONTENT_TYPES), st.sampled_from(("parse-feed", "parse-feed", "parse-sitemap")))
def test_feeds(body: bytes, content_type: str, task: str) -> None:
    answer = run_task(task, body, content_type)
    if answer is not None:
        check_entries(answer)


@many
@given(documents(PAGES), st.sampled_from(CONTENT_TYPES), st.sampled_from(PAGE_TASKS))
def test_pages(body: bytes, content_type: str, task: str) -> None:
    answer = run_task(task, body, content_type)
    if answer is not None and task == "parse-page":
        check_entries(answer)


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxParser]:
    box = ProcessSandbox(SandboxLimits(children=1, cpu_s=10, wall_s=15.0, recycle_after=1_000), warm=("parse-feed",))
    yield SandboxParser(box)
    box.close()


@few
@given(documents((*FEEDS, *PAGES)), st.sampled_from(CONTENT_TYPES))
def test_documents_in_a_child(parser: SandboxParser, body: bytes, content_type: str) -> None:
    fetched = Fetched(URL, URL, None, 200, content_type, body, "0" * 64, Validators(), None, NOW)
    result = parser.parse(fetched, FeedKind.AUTO, NOW)
    assert isinstance(result, ParsedFeed) or (
        isinstance(result, ParseFailed)
        and result.outcome in {Outcome.NOT_A_FEED, Outcome.XML_ENTITY, Outcome.TRUNCATED}
    ), result
