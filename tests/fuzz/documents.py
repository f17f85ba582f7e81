"""Healthy documents, and what can be done to them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from hypothesis import strategies as st

# So many documents of each kind; `make fuzz` asks for ten thousand.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
MOST_S = 5.0  # for one document, far under the child's own limit

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Brevenne — actualités</title>
<link>https://brevenne.example/</link><language>fr-FR</language><ttl>60</ttl>
<item><title>Une délégation de Sanhe à l’hôtel de ville</title><link>https://brevenne.example/a?id=1&amp;utm_source=x</link>
<guid isPermaLink="false">b-1</guid><pubDate>Sat, 22 Aug 2026 10:00:00 +0200</pubDate><dc:creator>Odile M.</dc:creator>
<description><![CDATA[<p>Les deux maires ont <b>signé</b> la charte.</p><img src="x.png">]]></description>
<media:content url="https://brevenne.example/a.jpg"><media:title>Photo</media:title></media:content></item>
<item><title>&lt;em&gt;Concert&lt;/em&gt; 三河市</title><link>/b</link><guid>https://brevenne.example/b</guid>
<pubDate>22 août 2026</pubDate><content:encoded>&lt;p&gt;Ce soir&amp;nbsp;: musique.&lt;/p&gt;</content:encoded></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://stadt.example/">
<title type="html">Stadt &amp;amp; Partner</title><id>urn:stadt</id><updated>2026-08-22T10:00:00Z</updated>
<link rel="self" href="/feed"/><entry><title>Reise nach Sanhe</title><id>urn:stadt:1</id>
<link href="2026/reise" type="text/html"/><updated>2026-08-21T08:00:00+02:00</updated>
<author><name>Jörg</name><email>joerg@stadt.example</email></author>
<summary type="html">&lt;p&gt;Text&lt;/p&gt;</summary>
<content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>Ein <i>Text</i>.</p></div></content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://town.example/"><title>Town</title></channel>
<item rdf:about="https://town.example/1"><title>Bridge opened</title><link>https://town.example/1</link>
<dc:date>2026-08-22</dc:date></item></rdf:RDF>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Town",
        "items": [{"id": "1", "url": "/1", "content_html": "<p>Hi</p>", "date_published": "2026-08-22T10:00:00Z"}],
    }
)
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
<loc>https://town.example/a</loc><lastmod>2026-08-22</lastmod></url></urlset>"""
FEEDS = (RSS, ATOM, RDF, JSON_FEED, SITEMAP)

ARTICLE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>La visite - Brevenne</title>
<link rel="canonical" href="https://brevenne.example/visite">
<meta property="article:published_time" content="2026-08-22">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "La visite",
"author": [{"name": "Odile"}]}</script>
</head><body><nav><a href="/">Accueil</a></nav><article><h1>La visite</h1><p>Le maire de Brevenne a reçu samedi une
délégation de la ville de Sanhe, venue préparer le dixième anniversaire du jumelage entre les deux villes.</p>
<p>Les élus ont visité le lycée, le marché et l'hôpital, puis ont signé un accord sur l'échange d'étudiants.</p>
<table><tr><td colspan="2">x</td></tr></table></article><footer>© 2026</footer></body></html>"""
LISTING = """<html><head><title>News</title><link rel="alternate" type="application/rss+xml" href="/feed"></head>
<body><ul>
<li><span>22.08.2026</span> <a href="/news/1">The mayor welcomes a delegation of Sanhe</a></li>
<li><span>21.08.2026</span> <a href="/news/2">A new bridge for the valley was opened</a></li></ul>
<a rel="next" href="?page=2">Next</a></body></html>"""
TEMPLATE = """<html><body><div class="post"><h2>市长会见三河市代表团</h2><span>2026年8月22日</span>
<p>昨天，市长在市政厅会见了三河市代表团。双方就教育、医疗和文化方面的合作交换了意见，并签署了合作备忘录。</p></div></body></html>"""
PAGES = (ARTICLE, LISTING, TEMPLATE)

TOKENS = (
    *(
        "<!ENTITY a 'b'>",
        "<!DOCTYPE rss [",
        "]>",
        "&a;",
        "&#xD800;",
        "&#0;",
        "&#x110000;",
        "&#99999999999;",
        "&nbsp;",
        "&",
    ),
    *(
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?xml version='1.1' encoding='utf-7'?>",
        "<?",
        "\0",
        "\ufffe",
        "\u202e",
        "\x85",
    ),
    *("<item>", "</item>", "<entry>", "</entry>", "<channel>", "</rss>", "<x:y>", "</", "<", ">", "/>", "=", '"', "'"),
    *(' xmlns="', ' xml:base="http://[::1"', ' xml:base="javascript:x"', ' type="xhtml"', ' mode="base64"', " href="),
    *(
        "<base href='http://['>",
        "<link>http://[</link>",
        "<script>",
        "</script>",
        "<textarea>",
        "<svg><title>",
        "<math>",
    ),
    *("<meta charset='utf-16'>", "{", "}", "[", ",", "\\u", "1e999", "null", "<div>" * 300, "<b " + "a=1 " * 300 + ">"),
    *("9999-99-99", "Sat, 99 Aug 99999 99:99:99 +99:99", "昭和", "١٢٣", "½", "²", "é" * 50, "\U0001f469\u200d", "￾"),
)
CHARSETS = (
    "utf-8",
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "latin-1",
    "gb18030",
    "shift_jis",
    "koi8-r",
    "utf-7",
    "cp037",
)
CONTENT_TYPES = (
    *("", "application/rss+xml", "text/html; charset=utf-8", "text/xml; charset=shift_jis", "application/json"),
    *("text/html; charset=utf-7", "image/png", "text/html; charset=zlib_codec", "text/html;charset=\"'"),
)


@dataclass(frozen=True)
class Mutation:
    """One injury of a document, at a share of its length."""

    kind: str
    where: float
    length: int
    token: str


MUTATIONS = st.builds(
    Mutation,
    st.sampled_from(("flip", "cut", "drop", "repeat", "insert", "insert", "insert", "splice")),
    st.floats(0, 1),
    st.integers(1, 400),
    st.sampled_from(TOKENS),
)


def injured(text: str, other: str, mutations: list[Mutation], charset: str) -> bytes:
    """The document after all of it."""
    data = text.encode(charset, "replace")
    donor = other.encode(charset, "replace")
    for one in mutations:
        at = int(one.where * len(data))
        piece = data[at : at + one.length]
        match one.kind:
            case "flip":
                data = data[:at] + bytes((byte ^ (1 << one.length % 8)) for byte in data[at : at + 1]) + data[at + 1 :]
            case "cut":
                data = data[:at]
            case "drop":
                data = data[:at] + data[at + one.length :]
            case "repeat":
                data = data[:at] + piece * 8 + data[at:]
            case "insert":
                data = data[:at] + one.token.encode(charset, "replace") + data[at:]
            case _:
                start = int(one.where * len(donor))
                data = data[:at] + donor[start : start + one.length] + data[at:]
    return data


def documents(sources: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """Injured documents of these kinds."""
    return st.builds(
        injured,
        st.sampled_from(sources),
        st.sampled_from((*FEEDS, *PAGES)),
        st.lists(MUTATIONS, max_size=6),
        st.sampled_from(CHARSETS),
    )
