from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.shown_addresses import HIDDEN, is_shown_whole, shown_address

HARMLESS = (
    "https://harbour.example/feed/",
    "https://harbour.example/2026/03/02/the-mayors-of-two-river-towns-met-on-monday.html",
    "http://127.0.1.9:8080/rss.xml",
    "https://xn--bcher-kva.example/internationalization/news",
)
KEYS = (
    ("https://harbour.example/rss?key=abc", "https://harbour.example/rss?…"),
    ("https://ann:secret@harbour.example/rss", "https://harbour.example/rss"),
    ("https://harbour.example/feeds/3fa85f6471745629ab.atom", "https://harbour.example/feeds/…"),
    ("https://harbour.example/private-3fa85f6471745629ab/basic.ics", "https://harbour.example/…/basic.ics"),
    ("https://harbour.example/c/3fa85f64-5717-4562-b3fc-2c963f66afa6/x", "https://harbour.example/c/…/x"),
    ("https://harbour.example/u/AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEf", "https://harbour.example/u/…"),
    ("imaps://ann@mail.example/News", HIDDEN),
    ("https://[::1", HIDDEN),
)


@pytest.mark.parametrize("url", HARMLESS)
def test_an_address_of_news_is_shown_as_it_is(url: str) -> None:
    assert shown_address(url, whole=False) == url
    assert is_shown_whole(url)


@pytest.mark.parametrize(("url", "shown"), KEYS)
def test_what_may_be_a_key_is_shown_to_nobody_but_administrators(url: str, shown: str) -> None:
    assert shown_address(url, whole=False) == shown
    assert shown_address(url, whole=True) == url
    assert not is_shown_whole(url)


@given(st.text(alphabet="abcdef0123456789", min_size=20, max_size=40), st.sampled_from(["?t={}", "/{}", "/x/{}.xml"]))
def test_no_random_key_comes_through(key: str, place: str) -> None:
    if any(char.isdigit() for char in key) and any(char.isalpha() for char in key):
        assert key not in shown_address(f"https://harbour.example{place.format(key)}", whole=False)


@given(st.text(max_size=200))
def test_whatever_an_address_is_something_is_shown(url: str) -> None:
    assert isinstance(shown_address(url, whole=False), str)
