"""Feeds and listing pages of all kinds, read by real children."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.adapters.feeds import SandboxParser
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.sources import EntryData, FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import entry_key
from monitor.ports import Fetched

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://gazette.example/rss/feed.xml"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    box = ProcessSandbox(SandboxLimits(children=1), warm=("parse-feed", "parse-page"))
    yield box
    box.close()


@pytest.fixture(scope="module")
def parser(sandbox: ProcessSandbox) -> SandboxParser:
    return SandboxParser(sandbox)


def fetched(body: bytes | str, content_type: str = "application/rss+xml", url: str = URL) -> Fetched:
    data = body.encode() if isinstance(body, str) else body
    sha = hashlib.sha256(data).hexdigest()
    return Fetched(url, url, None, 200, content_type, data, sha, Validators(), None, NOW)


def read(parser: SandboxParser, body: bytes | str, kind: FeedKind = FeedKind.FEED, **more: str) -> ParsedFeed:
    content_type = more.pop("content_type", "application/rss+xml")
    result = parser.parse(fetched(body, content_type), kind, NOW, **more)
    assert isinstance(result, ParsedFeed), result
    return result


def refused(parser: SandboxParser, body: bytes | str, kind: FeedKind = FeedKind.FEED, **more: str) -> ParseFailed:
    content_type = more.pop("content_type", "application/rss+xml")
    result = parser.parse(fetched(body, content_type), kind, NOW, **more)
    assert isinstance(result, ParseFailed), result
    return result


def only(feed: ParsedFeed) -> EntryData:
    assert len(feed.entries) == 1
    return feed.entries[0]


def rss(*items: str, channel: str = "") -> str:
    start = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>{channel}'
    return f"{start}{''.join(items)}</channel></rss>"


def item(title: str = "A title", link: str | None = "https://gazette.example/7", more: str = "") -> str:
    return f"<item><title>{title}</title>{f'<link>{link}</link>' if link else ''}{more}</item>"


# ---------------------------------------------------------------- formats


def test_rss_2_with_content_and_metadata(parser: SandboxParser) -> None:
    feed = read(
        parser,
        """<?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
             xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel><title>La Gazette &amp; Cie</title><link>https://gazette.example/</link><language>fr-FR</language>
        <ttl>45</ttl>
        <item><title>Un jumelage entre Brevenne et Sanhe</title>
          <link>https://gazette.example/jumelage?utm_source=rss</link><guid isPermaLink="false">tag:7</guid>
          <description>&lt;p&gt;Les deux maires&lt;br&gt;ont signé.&lt;/p&gt;</description>
          <content:encoded><![CDATA[<p>Premier paragraphe.</p><script>alert(1)</script><p>Second &amp; dernier.</p>]]>
          </content:encoded>
          <dc:creator>Odile Marchetti</dc:creator><pubDate>Sat, 22 Aug 2026 10:00:00 +0200</pubDate></item>
        </channel></rss>""",
    )
    assert (feed.kind, feed.title, feed.language, feed.ttl_min) == (FeedKind.FEED, "La Gazette & Cie", "fr", 45)
    assert (feed.home_page, feed.notes) == ("https://gazette.example/", ())
    entry = only(feed)
    assert entry.url == "https://gazette.example/jumelage"
    assert (entry.title, entry.guid, entry.author) == (
        "Un jumelage entre Brevenne et Sanhe",
        "tag:7",
        "Odile Marchetti",
    )
    assert (entry.summary, entry.content) == ("Les deux maires\nont signé.", "Premier paragraphe.\nSecond & dernier.")
    assert entry.published_raw == "Sat, 22 Aug 2026 10:00:00 +0200"
    assert entry.published_at == datetime(2026, 8, 22, 8, tzinfo=UTC)
    assert entry.language == "fr"
    assert entry.key == entry_key("tag:7", "https://gazette.example/jumelage", entry.title)


def test_atom_with_relative_links_and_bases(parser: SandboxParser) -> None:
    feed = read(
        parser,
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://stadt.example/aktuell/">
        <title>Stadt</title><link rel="self" href="/feed"/><link href="/"/>
        <entry><title type="html">Partnerschaft &amp;amp; Reise</title><id>urn:x:1</id>
          <link rel="enclosure" href="https://cdn.example/a.mp3"/><link href="2026/reise"/>
          <updated>2026-08-22T10:00:00Z</updated><published>2026-08-20T10:00:00Z</published>
          <summary type="text">1 &lt; 2</summary></entry></feed>""",
        content_type="application/atom+xml",
    )
    entry = only(feed)
    assert (feed.language, feed.home_page) == ("de", "https://stadt.example/")
    assert entry.url == "https://stadt.example/aktuell/2026/reise"
    assert entry.title == "Partnerschaft & Reise"
    assert entry.published_at == datetime(2026, 8, 20, 10, tzinfo=UTC)


def test_rdf(parser: SandboxParser) -> None:
    feed = read(
        parser,
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
          xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
        <channel rdf:about="https://gazette.example/"><title>RDF</title><link>https://gazette.example/</link>
        <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
        <item rdf:about="https://gazette.example/a"><title>First</title><link>https://gazette.example/a</link>
        <dc:date>2026-08-22</dc:date></item></rdf:RDF>""",
    )
    assert only(feed).published_at == datetime(2026, 8, 22, tzinfo=UTC)
    assert feed.ttl_min == 360


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93"])
def test_old_rss(parser: SandboxParser, version: str) -> None:
    entry = only(read(parser, rss(item("Old news")).replace('"2.0"', f'"{version}"')))
    assert (entry.title, entry.url) == ("Old news", "https://gazette.example/7")


def test_rss_091_with_the_netscape_doctype(parser: SandboxParser) -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://canary.example/rss.dtd">'
    assert only(read(parser, rss(item()).replace("<rss", f"{doctype}<rss", 1))).title == "A title"


def test_json_feed(parser: SandboxParser) -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Gazette",
        "home_page_url": "https://gazette.example/",
        "language": "pt-BR",
        "authors": [{"name": "Redação"}],
        "items": [
            {"id": 7, "url": "/a", "title": "T", "content_html": "<p>One</p><p>Two</p>", "summary": "S"},
            {"id": "8", "external_url": "https://other.example/b", "content_text": "1 < 2", "tags": 3,
             "date_published": "2026-08-22T10:00:00-03:00", "author": {"name": "Ana"}},
            "nonsense",
        ],
    }  # fmt: skip
    feed = read(parser, json.dumps(document), content_type="application/feed+json")
    first, second = feed.entries
    assert (feed.title, feed.language, feed.home_page) == ("Gazette", "pt", "https://gazette.example/")
    assert (first.guid, first.url, first.content, first.author) == (
        "7",
        "https://gazette.example/a",
        "One\nTwo",
        "Redação",
    )
    assert (second.url, second.content, second.author) == ("https://other.example/b", "1 < 2", "Ana")
    assert second.published_at == datetime(2026, 8, 22, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    ["", " \n ", "{}", "[]", '{"version": "https://jsonfeed.org/version/1", "items": 3}', '{"items": [', "plain words",
     "<!doctype html><html><head><title>Sign in</title></head><body><form>password</form></body></html>",
     "<html><body>captcha</body></html>", "<opml version='2.0'><body/></opml>", "<svg/>", b"\x89PNG\r\n\x1a\n\x00\x00",
     b"\xff\xfe", "{" * 5000],
)  # fmt: skip
def test_what_is_no_feed_is_refused(parser: SandboxParser, body: bytes | str) -> None:
    assert refused(parser, body).outcome is Outcome.NOT_A_FEED


def test_a_valid_feed_without_entries_is_a_feed(parser: SandboxParser) -> None:
    assert read(parser, rss()).entries == ()


@pytest.mark.parametrize("content_type", ["text/html", "application/octet-stream", "image/png", "",
                                          "text/xml; charset=zlib_codec", "text/xml; charset=punycode",
                                          "text/xml; charset=no-such"])  # fmt: skip
def test_the_bytes_count_not_the_content_type(parser: SandboxParser, content_type: str) -> None:
    assert only(read(parser, rss(item("Überraschung")), content_type=content_type)).title == "Überraschung"


# ---------------------------------------------------------------- broken and hostile


def test_a_cut_feed_keeps_its_complete_entries(parser: SandboxParser) -> None:
    body = rss(item("One", "https://gazette.example/1"), item("Two", "https://gazette.example/2"))
    feed = read(parser, body[: body.index("Two") + 2])
    assert feed.entries[0].title == "One"
    assert "malformed" in feed.notes


@pytest.mark.parametrize("cut", range(60, 380, 20))
def test_a_feed_cut_anywhere_is_read_or_refused(parser: SandboxParser, cut: int) -> None:
    body = rss(item("Éins", "https://gazette.example/1"), item("Zwö", "https://gazette.example/2")).encode()[:cut]
    result = parser.parse(fetched(body), FeedKind.FEED, NOW)
    assert isinstance(result, ParsedFeed) or result.outcome in {Outcome.NOT_A_FEED, Outcome.TRUNCATED}


BOMB = '<!DOCTYPE rss [<!ENTITY a "{}">{}]>' + rss(item("&a;"))
HOSTILE = {
    "quadratic": BOMB.format("A" * 20_000, ""),
    "laughs": BOMB.format("ha", '<!ENTITY b "&a;&a;&a;&a;">'),
    "external": BOMB.format("x", '<!ENTITY c SYSTEM "file:///etc/passwd">'),
    "parameter": BOMB.format("x", '<!ENTITY % d SYSTEM "http://canary.example/">%d;'),
    "spaced": BOMB.format("x", '<!  entity e "&a;">'),
    "many": BOMB.format("x", "".join(f'<!ENTITY n{n} "v">' for n in range(400))),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_entities_are_refused_in_any_encoding(parser: SandboxParser, body: str, encoding: str) -> None:
    assert refused(parser, body.encode(encoding)).outcome is Outcome.XML_ENTITY


def test_entities_in_utf_7_and_ebcdic_are_not_unpacked(parser: SandboxParser) -> None:
    declared = HOSTILE["quadratic"].replace("<!", '<?xml version="1.0" encoding="utf-7"?><!', 1)
    hidden = declared.replace("<!ENTITY", "+ADwAIQ-ENTITY")
    for body in (hidden.encode(), HOSTILE["quadratic"].encode("cp037")):
        result = parser.parse(fetched(body), FeedKind.FEED, NOW)
        assert isinstance(result, ParseFailed) or all(len(entry.title) < 100 for entry in result.entries)


def test_harmless_character_entities_are_kept(parser: SandboxParser) -> None:
    doctype = '<!DOCTYPE rss [\n<!ENTITY eacute "&#233;">\n<!ENTITY city "Brevenne">\n]>\n'
    body = doctype + rss(item("Cit&eacute;, &city;")).partition("?>")[2]
    assert only(read(parser, body)).title == "Cité, Brevenne"


def test_the_w3c_entity_sets_of_old_feeds_are_passed_over(parser: SandboxParser) -> None:
    subset = '<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN"\n "http://www.w3.org/TR/x/lat1.ent">'
    body = rss(item()).replace("?>", f"?><!DOCTYPE rss [\n{subset}\n%HTMLlat1;\n]>\n", 1)
    assert only(read(parser, body)).title == "A title"


def test_prefixes_used_without_being_declared_are_read(parser: SandboxParser) -> None:
    body = "<rss version=2.0><rss:channel><rss:item><rss:title>T</rss:title></rss:item></rss:channel></rss>"
    assert only(read(parser, body)).title == "T"


def test_a_blank_in_the_address_of_a_namespace_costs_nothing(parser: SandboxParser) -> None:
    feed = (
        '<rss version="2.0" xmlns:dc="h ttp://purl.org/dc/elements/1.1/"><channel><title>T</title><item>'
        "<title>A</title><link>https://city.example/a</link><dc:creator>Desk</dc:creator><x:y/></item></channel></rss>"
    )
    (entry,) = read(parser, feed).entries
    assert (entry.title, entry.author) == ("A", "Desk")


def test_entries_that_cannot_be_read_are_a_failure_and_not_an_empty_feed(parser: SandboxParser) -> None:
    assert refused(parser, "<feed><x:entry/></feed>").outcome is Outcome.NOT_A_FEED


def test_entries_with_nothing_but_a_summary_are_told_apart(parser: SandboxParser) -> None:
    items = [f"<item><description>{text}</description></item>" for text in ("One", "Two")]
    assert len(read(parser, rss(*items)).entries) == 2


def test_the_newest_of_too_many_entries_are_kept(parser: SandboxParser) -> None:
    old = [item(f"Old {n}", f"https://gazette.example/o{n}", "<pubDate>2020-01-01</pubDate>") for n in range(1_500)]
    new = [item(f"New {n}", f"https://gazette.example/n{n}", "<pubDate>2026-08-01</pubDate>") for n in range(1_000)]
    feed = read(parser, rss(*old, *new))
    assert len(feed.entries) == 2_000
    assert sum(entry.title.startswith("New") for entry in feed.entries) == 1_000
    assert feed.entries[0].title == "Old 0"
    assert "entries-cut" in feed.notes


def test_a_huge_title_is_cut_and_controls_are_removed(parser: SandboxParser) -> None:
    title = "A\u202e\u200b B&#0;&#1;\u2028C " + "x" * 100_000
    entry = only(read(parser, rss(item(title))))
    assert entry.title.startswith("A B")
    assert "\u202e" not in entry.title
    assert len(entry.title) <= 1_000


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "http://user@gazette.example/",
     "https://gazette.example/" + "a" * 5_000],
)  # fmt: skip
def test_only_web_links_become_links(parser: SandboxParser, link: str) -> None:
    assert only(read(parser, rss(item(link=link)))).url is None


def test_a_title_that_looks_like_markup_is_text(parser: SandboxParser) -> None:
    entry = only(read(parser, rss(item("&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} ${x} %s"))))
    assert entry.title == "<script>alert(1)</script> {{7*7}} ${x} %s"
    assert only(read(parser, rss(item("Un &lt;em&gt;grand&lt;/em&gt; jour")))).title == "Un grand jour"


def test_deep_markup_is_read_within_the_limits(parser: SandboxParser) -> None:
    deep = "<div>" * 50_000 + "bottom"
    result = parser.parse(fetched(rss(item(more=f"<description><![CDATA[{deep}]]></description>"))), FeedKind.FEED, NOW)
    assert isinstance(result, (ParsedFeed, ParseFailed))


@pytest.mark.parametrize(
    ("encoding", "title"),
    [("gb18030", "昆明友好城市代表团"), ("big5", "昆明友好城市代表團來訪"), ("shift_jis", "姉妹都市の市長が訪問"),
     ("euc-kr", "자매도시 대표단이 방문"), ("koi8-r", "Делегация города-побратима"),
     ("windows-1258", "Thanh phô kêt nghia"),
     ("iso-8859-2", "Miasto partnerskie świętuje"), ("utf-16", "昆明友好城市")],
)  # fmt: skip
def test_declared_charsets_are_read(parser: SandboxParser, encoding: str, title: str) -> None:
    body = rss(item(title)).replace('version="1.0"', f'version="1.0" encoding="{encoding}"', 1).encode(encoding)
    assert only(read(parser, body, content_type="application/xml")).title == title


@pytest.mark.parametrize(
    ("encoding", "declared", "title"),
    [("utf-8", "iso-8859-1", "Öffentliche Städtepartnerschaft"), ("utf-8", "gb2312", "昆明友好城市代表团来访"),
     ("gb18030", "utf-8", "昆明市友好城市代表团来访，双方签署合作协议，推动教育和医疗领域的交流。" * 5)],
)  # fmt: skip
def test_wrongly_declared_charsets_are_read_or_flagged(
    parser: SandboxParser, encoding: str, declared: str, title: str
) -> None:
    body = rss(item(title)).replace('version="1.0"', f'version="1.0" encoding="{declared}"', 1).encode(encoding)
    feed = read(parser, body, content_type=f"application/xml; charset={declared}")
    assert only(feed).title == title or "charset-uncertain" in feed.notes


def test_a_damaged_character_does_not_change_the_charset(parser: SandboxParser) -> None:
    body = rss(item("昆明友好城市代表团来访，双方签署合作协议" * 3)).encode().replace("双".encode(), b"\xe5\x8f", 1)
    feed = read(parser, body)
    assert only(feed).title.startswith("昆明友好城市代表团来访，")
    assert "charset-uncertain" in feed.notes


# ---------------------------------------------------------------- identity and dates


def test_one_guid_for_all_entries_is_flagged_and_loses_none(parser: SandboxParser) -> None:
    items = [
        item(f"Title {n}", link, "<guid isPermaLink='false'>same</guid>")
        for n in range(5)
        for link in (None, f"https://gazette.example/{n}")
    ]
    feed = read(parser, rss(*items))
    assert len({entry.key for entry in feed.entries}) == 10
    assert "guid-not-unique" in feed.notes


def test_entries_that_share_a_link_keep_keys_of_their_own_in_any_order(parser: SandboxParser) -> None:
    one = item("One", "https://gazette.example/live", "<guid isPermaLink='false'>1</guid>")
    two = item("Two", "https://gazette.example/live", "<guid isPermaLink='false'>2</guid>")
    forward, backward = read(parser, rss(one, two)), read(parser, rss(two, one))
    assert {entry.key for entry in forward.entries} == {entry.key for entry in backward.entries}
    assert len(forward.entries) == 2


def test_an_entry_repeated_in_full_is_kept_once_under_its_ordinary_key(parser: SandboxParser) -> None:
    feed = read(parser, rss(item(), item()))
    assert only(feed).key == only(read(parser, rss(item()))).key
    assert feed.notes == ("entries-repeated",)


def test_guids_and_tracking_that_change_at_every_poll_change_no_key(parser: SandboxParser) -> None:
    keys = set()
    for n in range(3):
        link = f"https://gazette.example/7?utm_id={n}&amp;sid=0f3b9ac27d5e48aa90b{n}"
        keys.add(only(read(parser, rss(item(link=link, more=f"<guid isPermaLink='false'>v{n}</guid>")))).key)
    assert len(keys) == 1


def test_an_edit_changes_the_content_sha_and_not_the_key(parser: SandboxParser) -> None:
    before, after = only(read(parser, rss(item("Tpyo")))), only(read(parser, rss(item("Typo"))))
    assert before.key == after.key
    assert before.content_sha != after.content_sha


def test_an_empty_entry_has_a_stable_key(parser: SandboxParser) -> None:
    body = rss("<item><description>only words</description></item>")
    assert only(read(parser, body)).key == only(read(parser, body)).key
    assert only(read(parser, body)).title == ""


def test_a_guid_that_is_a_link_is_the_link(parser: SandboxParser) -> None:
    entry = only(read(parser, rss(item(link=None, more="<guid>https://gazette.example/9</guid>"))))
    assert entry.url == "https://gazette.example/9"


@pytest.mark.parametrize(
    ("raw", "at"),
    [("2026年8月22日", datetime(2026, 8, 22, tzinfo=UTC)), ("16 mai 2026", datetime(2026, 5, 16, tzinfo=UTC)),
     ("22/08/2026 10:00", datetime(2026, 8, 22, 10, tzinfo=UTC)), ("9999-01-01", None), ("nonsense", None),
     ("Sat, 22 Aug 2036 10:00:00 GMT", None)],
)  # fmt: skip
def test_dates_are_ours_to_read_and_the_raw_string_is_kept(
    parser: SandboxParser, raw: str, at: datetime | None
) -> None:
    entry = only(read(parser, rss(item(more=f"<pubDate>{raw}</pubDate>"))))
    assert (entry.published_raw, entry.published_at) == (raw, at)


# ---------------------------------------------------------------- pages

LISTING = """<!doctype html><html lang="fr"><head><title>Actualités – Ville de Brevenne</title>
<link rel="alternate" type="application/rss+xml" href="/flux.xml"></head><body>
<nav><a href="/mairie">La mairie et ses services aux habitants de la commune</a></nav>
<main><ul class="news">
<li><time datetime="2026-08-22">22 août</time>
  <h3><a href="/actu/jumelage-sanhe?utm_source=home">Le jumelage avec Sanhe fête ses dix ans</a></h3>
  <a href="/actu/jumelage-sanhe">Lire la suite</a></li>
<li><span class="date">Publié le 21/08/2026</span>
  <a href="/actu/delegation">Une délégation lituanienne reçue à la mairie</a></li>
<li><a href="/actu/hopital-2026-08-20/">L'hôpital et celui de Tartu échangent leurs internes</a></li>
<li><a href="/actu/ecole">Deux écoles correspondent avec le Québec</a></li>
</ul><p class="pagination"><a href="?page=2">Page suivante des actualités de la ville</a></p>
<a href="https://elsewhere.example/x">Un autre site dont le titre est assez long</a>
<a href="/docs/rapport.docx">Le rapport annuel des relations internationales</a>
<a href="javascript:void(0)">Un lien qui ne mène nulle part du tout</a></main>
<footer><a href="/legal">Les mentions légales de ce site internet municipal</a></footer></body></html>"""


def test_a_listing_is_recognised_by_its_looks(parser: SandboxParser) -> None:
    feed = read(parser, LISTING, FeedKind.PAGE, content_type="text/html")
    assert feed.kind is FeedKind.PAGE
    assert (feed.title, feed.language) == ("Actualités – Ville de Brevenne", "fr")
    assert [entry.url for entry in feed.entries] == [
        f"https://gazette.example/actu/{name}"
        for name in ("jumelage-sanhe", "delegation", "hopital-2026-08-20/", "ecole")
    ]
    assert feed.entries[0].title == "Le jumelage avec Sanhe fête ses dix ans"
    days = [entry.published_at.day if entry.published_at else None for entry in feed.entries]
    assert days == [22, 21, 20, None]


def test_auto_takes_a_page_for_a_page_and_a_feed_for_a_feed(parser: SandboxParser) -> None:
    assert read(parser, LISTING, FeedKind.AUTO, content_type="text/html").kind is FeedKind.PAGE
    assert read(parser, rss(item()), FeedKind.AUTO, content_type="text/html").kind is FeedKind.FEED


def test_a_login_page_is_neither(parser: SandboxParser) -> None:
    login = "<html><body><h1>Sign in</h1><form><input name=user></form><a href='/help'>Help</a></body></html>"
    for kind in (FeedKind.AUTO, FeedKind.PAGE, FeedKind.FEED):
        assert refused(parser, login, kind, content_type="text/html").outcome is Outcome.NOT_A_FEED


@pytest.mark.parametrize(
    ("selector", "count"),
    [("ul.news > li h3 a", 1), (".news li", 4), ("main a[href^='/actu/']", 4), ("li:nth-child(2) > a", 1),
     ("time + h3 a", 1), ("ul.news a:not([href*='ecole'])", 3), ("#none, footer a", 1), ("LI A[href$=ecole]", 1),
     ("span ~ a", 1), ("a[href|='/legal']", 1), ("ul[class~=news] li:first-child h3 > a, li:last-child a", 2),
     ("*[title] a, nav *", 1)],
)  # fmt: skip
def test_selectors_find_what_they_say(parser: SandboxParser, selector: str, count: int) -> None:
    feed = read(parser, LISTING, FeedKind.PAGE, content_type="text/html", link_selector=selector)
    assert len(feed.entries) == count


@pytest.mark.parametrize("selector", ["a[", "a >", "a::before", "a,,b", "x" * 600, "> a"])
def test_selectors_that_are_none_fail_visibly(parser: SandboxParser, selector: str) -> None:
    result = refused(parser, LISTING, FeedKind.PAGE, content_type="text/html", link_selector=selector)
    assert result.outcome is Outcome.BAD_SELECTOR
    assert "selector" in result.detail


def test_a_pattern_is_searched_in_the_absolute_link(parser: SandboxParser) -> None:
    feed = read(parser, LISTING, FeedKind.PAGE, content_type="text/html", link_pattern=r"gazette\.example/actu/\w+$")
    assert [entry.url for entry in feed.entries] == [
        f"https://gazette.example/actu/{n}" for n in ("delegation", "ecole")
    ]


def test_a_pattern_or_selector_without_a_match_is_a_failure(parser: SandboxParser) -> None:
    for more in ({"link_pattern": "nowhere"}, {"link_selector": "ol a"}):
        result = refused(parser, LISTING, FeedKind.AUTO, content_type="text/html", **more)
        assert result.outcome is Outcome.NOT_A_FEED


def test_a_runaway_pattern_is_stopped(parser: SandboxParser) -> None:
    page = f"<html><body><a href='/{'a' * 60}!'>x</a></body></html>"
    result = refused(parser, page, FeedKind.PAGE, content_type="text/html", link_pattern="(a+)+$")
    assert result.outcome is Outcome.CHILD_DEADLINE
    assert only(read(parser, rss(item()))).title == "A title"


def test_a_broken_pattern_fails_visibly(parser: SandboxParser) -> None:
    result = refused(parser, LISTING, FeedKind.PAGE, content_type="text/html", link_pattern="(")
    assert "pattern" in result.detail


def test_linked_feeds_are_declared_ones_first(parser: SandboxParser) -> None:
    page = """<html><head><base href="https://base.example/dir/">
      <link rel="ALTERNATE feed" type="application/atom+xml;x=1" href="atom">
      <link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel="alternate" hreflang="en" href="/en">
      <link rel="alternate" type="application/feed+json" href="javascript:x"></head>
      <body><a href="/feed/">Abonnieren</a><a href="/rss.xml">RSS</a><a href="/feedback">Nein</a></body></html>"""
    assert parser.linked_feeds(fetched(page, "text/html")) == (
        "https://base.example/dir/atom",
        "https://base.example/rss.xml",
        "https://base.example/feed/",
    )
    assert parser.linked_feeds(fetched("no page", "text/plain")) == ()


def test_a_sitemap_with_news(parser: SandboxParser) -> None:
    body = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
      <url><loc>https://gazette.example/a</loc><lastmod>2026-08-21</lastmod></url>
      <url><loc> https://gazette.example/b </loc><news:news><news:publication><news:language>fr</news:language>
      </news:publication><news:title>Titre</news:title>
      <news:publication_date>2026-08-22T10:00:00Z</news:publication_date></news:news></url><url/></urlset>"""
    feed = read(parser, body, FeedKind.SITEMAP)
    assert [(entry.url, entry.title) for entry in feed.entries] == [
        ("https://gazette.example/a", ""),
        ("https://gazette.example/b", "Titre"),
    ]
    assert feed.entries[1].published_at == datetime(2026, 8, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize("body", ["<opml><body/></opml>", "<html><body><p>x</p></body></html>", "words", ""])
def test_other_documents_are_no_sitemap(parser: SandboxParser, body: str) -> None:
    assert refused(parser, body, FeedKind.SITEMAP).outcome is Outcome.NOT_A_FEED


def test_entities_in_a_sitemap_are_refused(parser: SandboxParser) -> None:
    body = '<!DOCTYPE urlset [<!ENTITY a "x">]><urlset><url><loc>&a;</loc></url></urlset>'
    assert refused(parser, body, FeedKind.SITEMAP).outcome is Outcome.XML_ENTITY


def test_a_huge_list_in_one_element_is_read_in_time(parser: SandboxParser) -> None:
    links = "".join(f'<a href="/n{n}">A headline of several words, number {n}</a> x<br>' for n in range(20_000))
    feed = read(parser, f"<html><body><div>{links}</div></body></html>", FeedKind.PAGE, content_type="text/html")
    assert len(feed.entries) == 2_000
    assert "entries-cut" in feed.notes


# ---------------------------------------------------------------- feeds of several documents


def test_a_json_feed_names_its_next_page_and_what_its_items_are_about(parser: SandboxParser) -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Gazette",
        "next_url": "/feed.json?page=2",
        "items": [
            {"id": "1", "external_url": "https://elsewhere.example/a", "content_text": "x"},
            {"id": "https://gazette.example/b", "content_text": "x"},
            {
                "id": "3",
                "title": "Minutes",
                "attachments": [
                    {"url": "https://gazette.example/a.mp3", "mime_type": "audio/mpeg"},
                    {"url": "https://gazette.example/minutes.pdf", "mime_type": "application/pdf"},
                ],
            },
            {
                "id": "4",
                "title": "Film",
                "attachments": [{"url": "https://gazette.example/f", "mime_type": "video/mp4"}],
            },
            {
                "id": "5",
                "title": "Odd",
                "attachments": "none",
                "authors": [{"name": "A"}, 7, {"url": "x"}, {"name": "B"}],
            },
        ],
    }
    feed = read(parser, json.dumps(document), content_type="application/feed+json")
    assert feed.next_page == "https://gazette.example/feed.json?page=2"
    assert [entry.url for entry in feed.entries] == [
        "https://elsewhere.example/a",
        "https://gazette.example/b",
        "https://gazette.example/minutes.pdf",
        None,
        None,
    ]
    assert feed.entries[-1].author == "A, B"


def test_an_atom_feed_names_its_next_page(parser: SandboxParser) -> None:
    link = "<link href='/atom?before=7&amp;n=9' rel='next'/>"
    entry = "<entry><id>a</id><title>A</title><link rel='next' href='/wrong'/></entry>"
    head = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>f</id>"
    assert read(parser, f"{head}{link}{entry}</feed>").next_page == "https://gazette.example/atom?before=7&n=9"
    assert read(parser, f"{head}{entry}</feed>").next_page is None


def test_entries_of_a_news_search_are_known_by_publisher_and_title(parser: SandboxParser) -> None:
    def found(token: str, title: str) -> str:
        link = f"https://news.google.com/rss/articles/{token}?oc=5"
        return item(title, link, f"<guid isPermaLink='false'>{token}</guid>")

    first = read(parser, rss(found("CBMiAA", "Two mayors sign a charter - The Paper")))
    later = read(
        parser, rss(found("CBMiZZ", "Two mayors sign a charter - The Paper"), found("CBMiYY", "Else - The Paper"))
    )
    assert first.entries[0].key == later.entries[0].key
    assert (only(first).title, only(first).author) == ("Two mayors sign a charter", "The Paper")
    assert only(first).url == "https://news.google.com/rss/articles/CBMiAA?oc=5"
    again = read(parser, rss(*(found(f"CBMi{n}", "Two mayors sign a charter - The Paper") for n in range(3))))
    assert only(again).key == only(first).key


def test_the_links_of_a_search_that_counts_clicks_are_those_of_the_articles(parser: SandboxParser) -> None:
    link = "http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;url=https%3a%2f%2fpaper.example%2fcharter&amp;c=1"
    entry = only(read(parser, rss(item("Charter", link))))
    assert entry.url == "https://paper.example/charter"
    assert entry.key == only(read(parser, rss(item("Charter", "https://paper.example/charter")))).key
