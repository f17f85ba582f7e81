# ruff: noqa: E501 - documents as servers write them
"""Sitemaps in all their forms, read by a real child."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.children.loop import Refused
from monitor.adapters.children.sitemap import parse_sitemap
from monitor.adapters.feeds import SandboxParser
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.sources import FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import entry_key
from monitor.ports import Fetched

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://gazette.example/sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxParser]:
    box = ProcessSandbox(SandboxLimits(children=1), warm=("parse-sitemap",))
    yield SandboxParser(box)
    box.close()


def ask(parser: SandboxParser, body: bytes | str, kind: FeedKind = FeedKind.SITEMAP) -> ParsedFeed | ParseFailed:
    data = body.encode() if isinstance(body, str) else body
    sha = hashlib.sha256(data).hexdigest()
    return parser.parse(Fetched(URL, URL, None, 200, "application/xml", data, sha, Validators(), None, NOW), kind, NOW)


def read(parser: SandboxParser, body: bytes | str, kind: FeedKind = FeedKind.SITEMAP) -> ParsedFeed:
    result = ask(parser, body, kind)
    assert isinstance(result, ParsedFeed), result
    return result


def urlset(*items: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACE}>{"".join(items)}</urlset>'


def address(name: str, more: str = "") -> str:
    return f"<url><loc>https://gazette.example/{name}</loc>{more}</url>"


def index(*members: tuple[str, str]) -> str:
    told = "".join(
        f"<sitemap><loc>https://gazette.example/{name}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for name, changed in members
    )
    return f"<sitemapindex {NAMESPACE}>{told}</sitemapindex>"


def test_news_have_title_date_and_language_and_pictures_have_no_say(parser: SandboxParser) -> None:
    feed = read(
        parser,
        """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
          xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">
        <url><loc>https://gazette.example/a</loc><lastmod>2026-08-30T10:00:00Z</lastmod>
          <news:news><news:publication><news:name>Gazette</news:name><news:language>fr</news:language></news:publication>
          <news:publication_date>2026-08-22T10:00:00+02:00</news:publication_date><news:title>Un accord &amp; une f\u00eate</news:title></news:news>
          <image:image><image:loc>https://cdn.example/p.jpg</image:loc><image:title>The picture</image:title></image:image>
          <video:video><video:title>The film</video:title><video:publication_date>2020-01-01</video:publication_date></video:video></url></urlset>""",
    )
    (entry,) = feed.entries
    assert (entry.url, entry.title, entry.language) == ("https://gazette.example/a", "Un accord & une f\u00eate", "fr")
    assert entry.published_at == datetime(2026, 8, 22, 8, tzinfo=UTC)
    assert entry.key == entry_key(None, "https://gazette.example/a", ""), "as the same article in a feed"


def test_plain_addresses_have_no_title_and_the_day_they_carry_or_changed(parser: SandboxParser) -> None:
    feed = read(
        parser,
        urlset(address("a", "<lastmod>2026-08-20</lastmod>"), address("2026/08/19/b", "<lastmod>2026-08-25</lastmod>")),
    )
    assert [entry.title for entry in feed.entries] == ["", ""]
    assert [entry.published_at.day for entry in feed.entries if entry.published_at] == [20, 19]


def test_a_later_change_is_a_change_of_content(parser: SandboxParser) -> None:
    before, after = (
        read(parser, urlset(address("2026/08/19/b", f"<lastmod>2026-08-{day}</lastmod>"))).entries[0]
        for day in (20, 25)
    )
    assert before.key == after.key
    assert before.published_at == after.published_at
    assert before.content_sha != after.content_sha


def test_one_day_for_all_is_the_day_the_file_was_made(parser: SandboxParser) -> None:
    stamped = [address(f"p{n}", "<lastmod>2026-09-01</lastmod>") for n in range(30)]
    assert {entry.published_at for entry in read(parser, urlset(*stamped)).entries} == {None}
    told = [address(f"p{n}", f"<lastmod>2026-08-{n % 28 + 1:02}</lastmod>") for n in range(30)]
    assert None not in {entry.published_at for entry in read(parser, urlset(*told)).entries}


def test_the_newest_of_too_many_are_kept_and_both_ends_of_undated_ones(parser: SandboxParser) -> None:
    dated = [address(f"p{n}", f"<lastmod>20{n % 26:02}-01-{n % 28 + 1:02}</lastmod>") for n in range(3_000)]
    feed = read(parser, urlset(*dated))
    assert len(feed.entries) == 2_000
    assert "entries-cut" in feed.notes
    assert min(entry.published_at.year for entry in feed.entries if entry.published_at) > 2005
    urls = [entry.url for entry in read(parser, urlset(*(address(f"p{n}") for n in range(3_000)))).entries]
    assert (len(urls), urls[0], urls[-1]) == (2_000, "https://gazette.example/p0", "https://gazette.example/p2999")


def test_members_of_an_index_are_told_in_the_order_of_their_promise(parser: SandboxParser) -> None:
    feed = read(
        parser,
        index(
            ("category-sitemap.xml", "2026-09-01"), ("post-sitemap9.xml", ""), ("post-sitemap10.xml", ""),
            ("page-sitemap.xml", "2026-08-31"), ("other.xml", "2026-08-30"), ("post-sitemap2.xml", "2026-08-30"),
            ("news-sitemap.xml", "2026-01-01"), ("other.xml", ""),
        ),
    )  # fmt: skip
    assert feed.entries == ()
    assert [url.rpartition("/")[2] for url in feed.sitemaps] == [
        "news-sitemap.xml", "post-sitemap2.xml", "post-sitemap10.xml", "post-sitemap9.xml", "other.xml",
        "category-sitemap.xml", "page-sitemap.xml",
    ]  # fmt: skip


def test_packed_files_are_unpacked(parser: SandboxParser) -> None:
    packed = gzip.compress(urlset(address("a")).encode())
    assert [entry.url for entry in read(parser, packed).entries] == ["https://gazette.example/a"]
    assert read(parser, packed, FeedKind.AUTO).kind is FeedKind.SITEMAP
    halves = (
        gzip.compress(urlset(address("a"), address("b")).encode()[:90]),
        gzip.compress(urlset(address("a"), address("b")).encode()[90:]),
    )
    assert len(read(parser, b"".join(halves)).entries) == 2


def test_a_cut_packed_file_gives_what_there_is(parser: SandboxParser) -> None:
    noise = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(200))
    whole = urlset(address("a"), *(address(noise[n : n + 50]) for n in range(0, 10_000, 50)))
    packed = gzip.compress(whole.encode())
    feed = read(parser, packed[: len(packed) // 2])
    assert 10 < len(feed.entries) < 201
    assert "malformed" in feed.notes


def test_what_unpacks_to_too_much_is_refused(parser: SandboxParser) -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (51 * 1024 * 1024))
    result = ask(parser, bomb)
    assert isinstance(result, ParseFailed)
    assert result.outcome is Outcome.TOO_LARGE


def test_what_only_begins_like_a_packed_file_is_refused(parser: SandboxParser) -> None:
    result = ask(parser, b"\x1f\x8b\x08\x00" + b"garbage" * 20)
    assert isinstance(result, ParseFailed)
    assert result.outcome is Outcome.NOT_A_FEED


def test_a_list_of_addresses_in_plain_text(parser: SandboxParser) -> None:
    feed = read(parser, "\ufeffhttps://gazette.example/a\r\n\r\nhttps://gazette.example/2026-08-22-b\r\n")
    assert [entry.url for entry in feed.entries] == [
        "https://gazette.example/a",
        "https://gazette.example/2026-08-22-b",
    ]
    assert feed.entries[1].published_at == datetime(2026, 8, 22, tzinfo=UTC)


def test_a_feed_that_serves_as_sitemap(parser: SandboxParser) -> None:
    feed = read(
        parser,
        "<rss version='2.0'><channel><item><title>T</title><link>https://gazette.example/a</link></item></channel></rss>",
    )
    assert feed.kind is FeedKind.SITEMAP
    assert [(entry.title, entry.url) for entry in feed.entries] == [("T", "https://gazette.example/a")]


def test_auto_recognises_a_sitemap_and_its_index(parser: SandboxParser) -> None:
    style = '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/main.xsl"?><!-- made by a plugin -->'
    assert read(parser, style + urlset(address("a")).partition("\n")[2], FeedKind.AUTO).kind is FeedKind.SITEMAP
    assert read(parser, index(("a.xml", "")), FeedKind.AUTO).sitemaps == ("https://gazette.example/a.xml",)


def test_the_most_addresses_that_are_allowed_are_read_in_time(parser: SandboxParser) -> None:
    many = urlset(
        *(
            address(f"news/{n}", "<lastmod>2026-08-22T10:00:00+00:00</lastmod><priority>0.5</priority>")
            for n in range(50_000)
        )
    )
    assert len(read(parser, many).entries) == 2_000


PIECES = st.sampled_from(
    ["<url>", "</url>", "<loc>", "https://gazette.example/a", "</loc>", "<lastmod>", "2026-08-22", "&amp;", "&x;", "<!--", "-->",
     "]]>", "<l:>", "<sitemap>", "\x00", "</urlset>", "<news:title>", "<![CDATA[", "<?x?>", "\ud83d", "\u00e9", "<url xmlns='x'>"]
)  # fmt: skip


@given(
    st.sampled_from(["<urlset>", "<!-- x --><urlset>", "<sitemapindex>", "", "https://gazette.example/\n"]),
    st.lists(PIECES),
)
def test_any_document_is_read_or_refused(start: str, pieces: list[str]) -> None:
    body = (start + "".join(pieces)).encode("utf-8", "surrogatepass")
    for data in (body, gzip.compress(body)[: len(body) + 9]):
        with contextlib.suppress(Refused):
            answer = parse_sitemap({"url": URL, "content_type": "", "max_entries": 10}, data)
            assert answer["kind"] == "sitemap"
