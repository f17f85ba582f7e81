"""Addresses: what is refused, how documents are spelled, by what they and entries are known again."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.urls import (
    MAX_URL_CHARS,
    absolute_url,
    canonical_url,
    distinct_key,
    entry_key,
    host_of,
    same_site,
    url_key,
)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://News.Example.ORG:80/a/../b/./c?utm_source=x&id=3#top", "http://news.example.org/b/c?id=3"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:443/x", "https://example.org/x"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
        ("  https://example.org/x\n", "https://example.org/x"),
        ("https://bücher.example/ü?q=é b", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A9%20b"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("http://example.org/%7euser/%e4%b8%ad", "http://example.org/~user/%E4%B8%AD"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://example.org/../../x/..", "http://example.org/"),
        ("http://example.org/x;jsessionid=AB12?y=1&amp;z=2", "http://example.org/x?y=1&z=2"),
        ("http://example.org/?sid=0f3b9ac27d5e48aa90b1&a=1", "http://example.org/?a=1"),
        ("http://example.org/?sid=12&_=1787392800123", "http://example.org/?sid=12"),
        ("http://example.org/a?ref=rss&from=rss_feed&src=archive", "http://example.org/a?src=archive"),
        ("http://example.org/a?fbclid=Iw&gclid=1&xtor=RSS-3&WT.mc_id=5", "http://example.org/a"),
        ("http://example.org/?b=2&a=1", "http://example.org/?b=2&a=1"),
        ("http://example.org/#!/news/7", "http://example.org/#!/news/7"),
        ("http://[2001:DB8::0:1]:80/x", "http://[2001:db8::1]/x"),
        ("http://127.0.0.1./x", "http://127.0.0.1/x"),
        ("http://my_host.example.org/", "http://my_host.example.org/"),
    ],
)
def test_canonical_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    ["", " ", "/relative", "//example.org/x", "example.org/x", "javascript:alert(1)", "data:text/html,x", "vbscript:x",
     "file:///etc/passwd", "mailto:a@example.org", "ftp://example.org/", "http://", "http:///x", "http://a..b/",
     "http://.example.org/", "http://user@example.org/", "http://user:pw@example.org/", "http://ok@127.0.0.1/",
     "http://127.0.0.1:1\\@ok.example/", "http://example.org\\x", "http://exa\tmple.org/", "http://example.org/a\nb",
     "http://example.org/\x00", "http://example.org/%00", "http://example.org/?x=%00", "http://[::1%25lo]/",
     "http://[::g]/", "http://[::1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
     "http://127.1/", "http://1.2.3.4.5/", "http://xn--a/", "http://xn--zz-/", "http://example.org:0/",
     "http://example.org:99999/", "http://example.org:port/", "http://exa mple.org/", "http://-x.example/",
     "http://" + "a" * 64 + ".example/", "http://example.org/" + "a" * MAX_URL_CHARS, "http://example.org/\ud800"],
)  # fmt: skip
def test_unusable_addresses_are_refused(url: str) -> None:
    assert canonical_url(url) is None
    assert absolute_url(url) is None
    assert host_of(url) is None


@pytest.mark.parametrize(
    ("url", "base", "absolute"),
    [
        ("b?utm_source=x", "https://example.org/a/c", "https://example.org/a/b?utm_source=x"),
        ("/b#part", "https://example.org/a/c", "https://example.org/b"),
        ("//other.example/b", "https://example.org/", "https://other.example/b"),
        ("https://other.example/b", "https://example.org/", "https://other.example/b"),
        ("javascript:alert(1)", "https://example.org/", None),
        ("?page=2", "https://example.org/list?page=1", "https://example.org/list?page=2"),
    ],
)
def test_links_are_made_absolute_and_kept_otherwise(url: str, base: str, absolute: str | None) -> None:
    assert absolute_url(url, base) == absolute


def test_host_of_gives_the_bare_name() -> None:
    assert host_of("https://News.Example.org:8443/x") == "news.example.org"
    assert host_of("http://[2001:db8::1]:81/") == "2001:db8::1"


SAME_DOCUMENT = [
    "https://example.org/news/7?b=2&a=1",
    "http://www.example.org/news/7/?a=1&b=2&utm_medium=mail#comments",
    "https://example.org//news/7/amp?a=1&b=2",
    "https://example.org/news/7?a=1&amp=1&b=2",
    "https://example.org/news/7/print?a=1&b=2",
    "HTTPS://EXAMPLE.ORG:443/news/x/../7?a=1&b=2&print=1",
]


@pytest.mark.parametrize("url", SAME_DOCUMENT)
def test_copies_of_a_document_share_their_key(url: str) -> None:
    assert url_key(url) == "example.org/news/7?a=1&b=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/news/7", "https://example.org/news/8"),
        ("https://example.org/news?id=7", "https://example.org/news?id=8"),
        ("https://m.example.org/7", "https://example.org/7"),
        ("https://example.org/News/7", "https://example.org/news/7"),
        ("https://example.org/?cid=7", "https://example.org/?cid=8"),
        ("https://example.org/champ", "https://example.org/ch"),
        ("https://example.org/blueprint", "https://example.org/blue"),
    ],
)
def test_different_documents_have_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_the_key_of_a_front_page_does_not_depend_on_its_file_name() -> None:
    assert {url_key(f"http://example.org{path}") for path in ("", "/", "/index.html", "/index.php")} == {"example.org"}


def test_what_is_no_address_is_its_own_key() -> None:
    assert url_key(" entry:3/14 ") == "entry:3/14"


# ---------------------------------------------------------------- entries

LINK = "https://example.org/news/7"


def test_a_changing_guid_does_not_change_an_entry_with_a_link() -> None:
    assert entry_key("tag:1", LINK, "Old") == entry_key("tag:2", LINK + "?utm_source=rss", "New")


def test_without_a_link_the_guid_decides_and_then_the_title() -> None:
    assert entry_key("g", None, "Old") == entry_key(" g ", None, "New")
    assert entry_key("g", None, "T") != entry_key("h", None, "T")
    assert entry_key(None, None, "A  title") == entry_key("", None, "a TITLE")
    assert entry_key(None, None, "A") != entry_key(None, None, "B")
    assert len(entry_key(None, None, "")) == 64


def test_a_link_to_the_front_page_names_no_entry() -> None:
    assert entry_key("g", "https://example.org/", "T") == entry_key("g", None, "T")


def test_a_fragment_names_an_entry_unless_it_tracks() -> None:
    assert entry_key("g", LINK + "#item-2", "T") != entry_key("g", LINK + "#item-3", "T")
    assert entry_key("g", LINK + "#xtor=RSS-1", "T") == entry_key("g", LINK, "T")
    assert entry_key("g", "https://example.org/#item-2", "T") != entry_key("h", "https://example.org/#item-3", "T")


def test_an_unusable_link_is_no_link() -> None:
    assert entry_key("g", "javascript:alert(1)", "T") == entry_key("g", None, "T")


def test_distinct_keys_tell_apart_what_shares_a_key() -> None:
    key = entry_key("same", None, "")
    assert len({distinct_key(key, "same", "One"), distinct_key(key, "same", "Two"), key}) == 3
    assert distinct_key(key, "same", "One") == distinct_key(key, " same", "one")


hosts = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{2,5}){1,2}", fullmatch=True)
rests = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(st.sampled_from(("http", "https")), hosts, rests)
def test_canonical_is_idempotent_and_stable_under_key(scheme: str, host: str, rest: str) -> None:
    canonical = canonical_url(f"{scheme}://{host}/{rest}")
    if canonical is not None:
        assert canonical_url(canonical) == canonical
        assert url_key(canonical) == url_key(f"{scheme}://{host}/{rest}")
        assert urlsplit(canonical).hostname == host


@given(st.text(max_size=200), st.none() | st.just("https://example.org/a/b"))
def test_any_text_gives_a_web_address_or_nothing(text: str, base: str | None) -> None:
    for made in (canonical_url(text, base), absolute_url(text, base)):
        if made is not None:
            assert made.isascii()
            assert urlsplit(made).scheme in {"http", "https"}
            assert host_of(made)
    assert len(entry_key(text, text, text)) == 64
    assert len(url_key(text)) <= MAX_URL_CHARS


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("city.example", "www.city.example", True),
        ("news.city.example", "city.example", True),
        ("www.city.example", "news.city.example", True),
        ("news.city.example", "jobs.city.example", False),
        ("ourcity.example", "city.example", False),
        ("", "city.example", False),
        ("", "", False),
    ],
)
def test_hosts_that_belong_together(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
    assert same_site(other, one) is same
