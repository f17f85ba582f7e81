"""Where a channel's preview is, what a message is called, and which messages only point to an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.telegram import (
    MAX_TITLE_CHARS,
    is_telegram,
    linked_article,
    message_title,
    preview_url,
    signatures,
    without_addresses,
)

NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("given_url", "preview"),
    [
        ("https://t.me/brevenne_city", "https://t.me/s/brevenne_city"),
        ("https://t.me/s/brevenne_city", "https://t.me/s/brevenne_city"),
        ("https://t.me/s/brevenne_city?before=120", "https://t.me/s/brevenne_city"),
        ("https://t.me/brevenne_city/118", "https://t.me/s/brevenne_city"),
        ("https://telegram.me/Brevenne1", "https://telegram.me/s/Brevenne1"),
        ("http://127.0.3.1:8080/brevenne_city", "http://127.0.3.1:8080/s/brevenne_city"),
        ("https://t.me/+AbCdEfGhIjK", None),
        ("https://t.me/joinchat/AbCdEfGhIjK", None),
        ("https://t.me/c/1234567/89", None),
        ("https://t.me/", None),
        ("https://t.me/share/url?url=x", None),
    ],
)
def test_the_address_of_a_preview(given_url: str, preview: str | None) -> None:
    assert preview_url(given_url) == preview


def test_its_own_hosts_are_known() -> None:
    assert is_telegram("https://t.me/s/brevenne_city")
    assert is_telegram("https://www.telegram.me/brevenne_city")
    assert not is_telegram("https://t.me.example/s/brevenne_city")
    assert not is_telegram("https://about.me/brevenne_city")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "🤝 Brevenne und Sanhe erneuern ihre Partnerschaft\nDie Urkunde ...",
            "Brevenne und Sanhe erneuern ihre Partnerschaft",
        ),
        ("#news #sister_cities\n\nDelegation from Sanhe in town", "Delegation from Sanhe in town"),
        ("https://brevenne.example/a\nThe mayor is back 👉", "The mayor is back"),
        ("«Золотая осень» в Сосновске", "«Золотая осень» в Сосновске"),
        ("三河市代表团访问布雷文市", "三河市代表团访问布雷文市"),
        ("👍🏻\n—", ""),
    ],
)
def test_a_title_is_the_first_line_that_says_something(text: str, title: str) -> None:
    assert message_title(text) == title


def test_a_long_first_line_is_cut_at_its_sentence_or_at_a_word() -> None:
    opening = "The mayor of Brevenne signed the renewed charter."
    assert message_title(f"{opening} {'And then they went on to dine. ' * 9}") == opening
    endless = message_title("wort " * 100)
    assert len(endless) <= MAX_TITLE_CHARS
    assert endless.endswith("wort…")


ARTICLE = "https://gazette.example/2026/charter"


@pytest.mark.parametrize(
    ("text", "links", "article"),
    [
        ("Charter signed", [ARTICLE], ARTICLE),
        ("Charter signed", [ARTICLE, f"{ARTICLE}?utm_source=tg", "https://t.me/brevenne_city/5"], ARTICLE),
        ("Charter signed", [ARTICLE, "https://gazette.example/2026/other"], None),
        ("Charter signed", ["https://gazette.example/"], None),
        ("Charter signed", ["https://www.youtube.com/watch?v=abc"], None),
        ("Charter signed", ["https://m.vk.com/wall-1_2"], None),
        ("Charter signed", [], None),
        ("All of it told here. " * 40, [ARTICLE], None),
    ],
)
def test_a_short_message_with_one_link_is_the_teaser_of_an_article(
    text: str, links: list[str], article: str | None
) -> None:
    assert linked_article(text, links, NONE) == article


def test_a_link_under_every_message_is_a_signature() -> None:
    about = "https://brevenne.example/about-us"
    messages = [[about, ARTICLE], [about], [about], ["https://gazette.example/2"]]
    signed = signatures(messages)
    assert linked_article("Charter signed", messages[0], signed) == ARTICLE
    assert linked_article("Summer hours of the pool", messages[1], signed) is None
    assert signatures([[ARTICLE], [ARTICLE]]) == NONE, "twice is no habit"


def test_addresses_go_and_lines_stay() -> None:
    assert without_addresses("Read: https://x.example/a?b=c now\nt.me/other\nbye") == "Read: now\n\nbye"


@given(st.text(max_size=400))
def test_a_title_is_one_bounded_line_whatever_was_written(text: str) -> None:
    title = message_title(text)
    assert len(title) <= MAX_TITLE_CHARS
    assert "\n" not in title
