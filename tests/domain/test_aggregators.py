# ruff: noqa: E501 - links and titles as searches write them
"""News searches: which links lead nowhere, which carry the address, who published what."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.aggregators import attributed, direct_url, document_key, is_opaque, item_key

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ARTICLE = "https://paper.example/2026/charter?id=3"


def old_id(address: bytes) -> str:
    length = bytes([len(address)]) if len(address) < 128 else bytes([len(address) & 0x7F | 0x80, len(address) >> 7])
    return base64.urlsafe_b64encode(b"\x08\x13\x22" + length + address + b"\xd2\x01\x00").decode().rstrip("=")


@pytest.mark.parametrize(
    ("url", "direct"),
    [
        ("http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fpaper.example%2f2026%2fcharter%3fid%3d3&c=1", ARTICLE),
        ("https://www.google.com/url?rct=j&sa=t&url=https://paper.example/2026/charter%3Fid%3D3&ct=ga", ARTICLE),
        ("https://www.google.co.uk/url?q=https://paper.example/2026/charter%3Fid%3D3", ARTICLE),
        (f"https://news.google.com/rss/articles/{old_id(ARTICLE.encode())}?oc=5", ARTICLE),
        (f"https://news.google.com/rss/articles/{old_id(ARTICLE.encode() + b'x' * 150)}", ARTICLE + "x" * 150),
        (f"https://news.google.com/rss/articles/{old_id(b'AU_yqLNewerIdsAreOpaque' * 3)}", None),
        (f"https://news.google.com/rss/articles/{old_id(b'javascript:alert(1)//////')}", None),
        ("https://news.google.com/rss/articles/CBMi!!!!", None),
        ("https://www.bing.com/news/apiclick.aspx?url=javascript:alert(1)", None),
        ("https://www.bing.com/news/apiclick.aspx?x=1", None),
        ("https://bing.com.evil.example/news/apiclick.aspx?url=https://paper.example/", None),
        ("https://paper.example/url?url=https://google.com/", None),
        ("relative/google.com/url", None),
    ],
)  # fmt: skip
def test_links_that_count_the_click_are_followed_in_thought(url: str, direct: str | None) -> None:
    assert direct_url(url) == (direct or url)


@pytest.mark.parametrize(
    ("url", "opaque"),
    [
        ("https://news.google.com/rss/articles/CBMiabc_-9?oc=5&hl=fr", True),
        ("https://news.google.com/articles/CBMiabc", True),
        ("https://news.google.com/read/CBMiabc?hl=en-US", True),
        ("https://news.google.com/rss/search?q=x", False),
        ("https://paper.example/rss/articles/CBMiabc", False),
        ("https://news.google.com.evil.example/articles/CBMiabc", False),
        (None, False),
        ("", False),
    ],
)
def test_only_links_of_searches_are_opaque(url: str | None, opaque: bool) -> None:
    assert is_opaque(url) is opaque


@pytest.mark.parametrize(
    ("title", "teaser", "expected"),
    [
        ("Accord signé - Le Courrier", "Accord signé Le Courrier", ("Accord signé", "Le Courrier", "")),
        ("Accord signé - Le Courrier", "", ("Accord signé", "Le Courrier", "")),
        ("A - B - The Paper", "", ("A - B", "The Paper", "")),
        ("Accord signé - RVF - Radio du Val", "Accord signé RVF - Radio du Val", ("Accord signé", "RVF - Radio du Val", "")),
        ("两市签署协议 - 某某日报", "两市签署协议 某某日报", ("两市签署协议", "某某日报", "")),
        ("Accord signé - Le Courrier", "Accord signé Le Courrier\nUn autre titre La Gazette", ("Accord signé", "Le Courrier", "Un autre titre La Gazette")),
        ("Accord signé - Le Courrier", "Les deux maires ont signé.", ("Accord signé", "Le Courrier", "Les deux maires ont signé.")),
        ("No publisher here", "x", ("No publisher here", "", "x")),
        ("Half-hyphenated title", "", ("Half-hyphenated title", "", "")),
        ("Short - " + "a very long clause that is no name of a paper " * 3, "", None),
        (" - The Paper", "", None),
    ],
)  # fmt: skip
def test_headline_publisher_and_teaser_are_told_apart(
    title: str, teaser: str, expected: tuple[str, str, str] | None
) -> None:
    told = attributed(title, teaser)
    assert (told.title, told.publisher, told.teaser) == (expected or (title, "", teaser))


def test_an_article_is_known_by_publisher_and_title_however_they_are_written() -> None:
    one = item_key("The Paper", "Mayors of two cities sign", NOW)
    assert one == item_key("THE PAPER", "Mayors  of two cities sign", None)
    assert one != item_key("Other Paper", "Mayors of two cities sign", NOW)
    assert one != item_key("The Paper", "Mayors of two cities meet", NOW)


def test_titles_that_recur_are_told_apart_by_their_day() -> None:
    assert item_key("The Paper", "Town council", NOW) != item_key("The Paper", "Town council", NOW.replace(day=9))
    assert item_key("日报", "市政府会议", NOW) != item_key("日报", "市政府会议", NOW.replace(day=9))
    assert item_key("The Paper", "Town council", NOW) == item_key("The Paper", "Town council", NOW.replace(hour=9))


def test_only_documents_behind_opaque_links_need_a_key_of_their_own() -> None:
    link = "https://news.google.com/rss/articles/CBMiabc"
    assert document_key(link, "The Paper", "Title", NOW) == item_key("The Paper", "Title", NOW)
    assert document_key(link, None, "Title", NOW) is None
    assert document_key("https://paper.example/1", "The Paper", "Title", NOW) is None
    assert document_key(None, "The Paper", "Title", NOW) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_taken_apart(title: str, teaser: str) -> None:
    told = attributed(title, teaser)
    assert told.title in title
    assert told.publisher in title
    assert item_key(told.publisher, told.title, NOW).startswith("news:")


@given(st.text(max_size=60))
def test_no_link_is_too_odd(rest: str) -> None:
    for url in (
        rest,
        f"https://news.google.com/rss/articles/{rest}",
        f"https://www.bing.com/news/apiclick.aspx?url={rest}",
    ):
        assert isinstance(direct_url(url), str)
        is_opaque(url)
