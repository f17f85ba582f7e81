"""The short way of reading feeds against feedparser: the same answers, or none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.children import feed as reading
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.quickfeed import read_quickly

URL = "https://gazette.example/dir/feed.xml"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # feedparser's own

NAMESPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:own="https://own.example/ns"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def rss(entries: str, channel: str = "<title>Gazette</title>", root: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"{NAMESPACES}{root}><channel>{channel}{entries}</channel></rss>'


def atom(entries: str, root: str = "") -> str:
    plain = NAMESPACES.replace("xmlns:atom", "xmlns:other")
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{plain}{root}><title>Gazette</title>{entries}</feed>'


def both(text: str) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """By the short way, by feedparser."""
    quick = read_quickly(text, URL)
    slow = reading.read_slowly(text, URL)
    malformed = {"malformed": slow.malformed}
    short = None if quick is None else reading.answer_of(quick) | {"malformed": quick.malformed}
    return short, reading.answer_of(slow) | malformed


WORDS = st.sampled_from(
    ["", " ", "Mayor", "two words", "  padded  ", "1 &lt; 2", "&lt;b&gt;bold&lt;/b&gt; &amp;amp; more", "Ã©tÃ©", "été",
     "友好城市", "\x93quoted\x94", "<![CDATA[<p>One</p> & <br>two]]>", "a<!-- no -->b", "<b>child</b>", "&#8217;",
     "x\ny"]
)  # fmt: skip
ADDRESSES = st.sampled_from(
    ["https://gazette.example/a", "/relative", "story?x=1&amp;y=2", "HTTP://UPPER.example/ä", "", "javascript:1",
     "https://gazette.example/q?a=1&amp;amp;b=2", "urn:uuid:7", "http:///x", "https://gazette.example/a b"]
)  # fmt: skip
DATES = st.sampled_from(
    [
        "Sat, 22 Aug 2026 10:00:00 GMT",
        "2026-08-22T10:00:00Z",
        "22 août 2026",
        "",
        "8/22/2026",
        "Sat, 31 Feb 2026 10:00 GMT",
    ]
)
ATTRIBUTES = st.sampled_from(
    ["", "", "", ' type="html"', ' type="text"', ' type="text/plain"', ' type="xhtml"', ' xml:lang="fr"', ' lang="de"',
     ' xml:base="https://base.example/x/"', ' isPermaLink="false"', ' mode="escaped"', ' type="application/json"']
)  # fmt: skip
TEXT_ELEMENTS = st.sampled_from(
    ["title", "description", "summary", "content", "content:encoded", "media:title", "media:description", "dc:title",
     "itunes:summary", "itunes:author", "author", "dc:creator", "category", "language", "dc:language", "own:title",
     "subtitle", "comments", "source", "image", "own:anything", "feedburner:origLink", "dc:subject", "rights",
     "itunes:explicit", "date", "abstract", "body", "managingEditor", "atom:summary", "dc:description"]
)  # fmt: skip
ADDRESS_ELEMENTS = st.sampled_from(["link", "guid", "id", "atom:link", "atom:id", "link", "guid"])
DATE_ELEMENTS = st.sampled_from(["pubDate", "published", "updated", "dc:date", "dcterms:created", "issued", "modified"])


def element(name: str, attributes: str, text: str) -> str:
    return f"<{name}{attributes}>{text}</{name}>"


LEAVES = st.one_of(
    st.builds(element, TEXT_ELEMENTS, ATTRIBUTES, WORDS),
    st.builds(element, ADDRESS_ELEMENTS, ATTRIBUTES, ADDRESSES),
    st.builds(element, DATE_ELEMENTS, st.just(""), DATES),
    st.builds(
        lambda rel, kind, href: f'<atom:link{rel}{kind} href="{href}"/>',
        st.sampled_from(["", ' rel="alternate"', ' rel="self"', ' rel="ENCLOSURE"', ' rel=""']),
        st.sampled_from(["", ' type="text/html"', ' type="application/json"', ' type="XHTML"']),
        ADDRESSES,
    ),
    st.just('<enclosure url="https://cdn.example/a.mp3" type="audio/mpeg"/>'),
    st.just("<author><name>Ana</name><email>ana@gazette.example</email></author>"),
    st.just("<author><name>Ana</name><uri>https://ana.example/</uri></author>"),
    st.just("<contributor><name>Bo</name></contributor>"),
    st.just("<site xmlns='com-example:additions:1'>7</site>"),
    st.just("<source><title>Other</title><id>urn:other</id></source>"),
)
NESTED = st.builds(
    lambda name, inner: f"<{name}>{''.join(inner)}</{name}>",
    st.sampled_from(["media:group", "media:content", "own:box", "image"]),
    st.lists(LEAVES, max_size=3),
)
ITEMS = st.lists(st.one_of(LEAVES, LEAVES, LEAVES, NESTED), max_size=8).map("".join)
CHANNELS = st.lists(
    st.one_of(
        LEAVES,
        st.just("<image><url>x.png</url><title>Logo</title><link>https://logo.example/</link></image>"),
        st.sampled_from(["<ttl>30</ttl>", "<ttl>x</ttl>", "<sy:updatePeriod>daily</sy:updatePeriod>"]),
    ),
    max_size=4,
).map("".join)
ROOTS = st.sampled_from(["", "", ' xml:lang="pt_BR"', ' xml:base="https://base.example/y/"', ' xml:lang=""'])


@given(st.lists(ITEMS, max_size=3), CHANNELS, ROOTS)
def test_any_rss_is_read_the_same_way_or_left_to_feedparser(items: list[str], channel: str, root: str) -> None:
    try:
        short, long = both(rss("".join(f"<item>{one}</item>" for one in items), channel, root))
    except Refused:
        return
    assert short is None or short == long


@given(st.lists(ITEMS, max_size=3), ROOTS)
def test_any_atom_is_read_the_same_way_or_left_to_feedparser(items: list[str], root: str) -> None:
    text = atom("".join(f"<entry>{one}</entry>" for one in items), root).replace("atom:", "")
    short, long = both(text)
    assert short is None or short == long


@pytest.mark.parametrize(
    "entry",
    [
        "<title>T</title><link>https://gazette.example/a</link><guid isPermaLink='false'>7</guid>",
        "<title>T</title><pubDate>Sat, 22 Aug 2026 10:00:00 GMT</pubDate><dc:creator>Ana</dc:creator>",
        "<title>T</title><media:content url='x'><media:title>M</media:title></media:content>",
        "<guid>https://gazette.example/a</guid><description>1</description><content:encoded>Two</content:encoded>",
        "<title>T</title><description>One</description><media:description>Two</media:description>",
        "<title>T</title><atom:link href='/b'/><feedburner:origLink>/o</feedburner:origLink>",
    ],
)
def test_common_entries_go_the_short_way(entry: str) -> None:
    short, long = both(rss(f"<item>{entry}</item>"))
    assert short == long


@pytest.mark.parametrize(
    "text",
    [rss("<item><title>T</title></item>")[:-3], rss("<item><x:title>T</x:title></item>"), rss("<item>&nbsp;</item>"),
     rss("<item><title>T</title></item>").replace("<rss", "<!DOCTYPE rss><rss", 1),
     rss("<item><title><b>T</b></title></item>"), "<opml/>", "<rss><channel><title>A</title></channel><channel/></rss>",
     rss("<item/>").replace('version="1.0"', 'version="1.1"', 1),
     atom('<entry><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">T</div></content></entry>'),
     atom('<entry><content type="image/png">iVBOR</content></entry>')],
)  # fmt: skip
def test_what_is_unusual_is_left_to_feedparser(text: str) -> None:
    assert read_quickly(text, URL) is None
