"""Where sitemaps and feeds are, which members of an index bring news, what a sitemap adds to a feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.feed_places import is_of_comments, usual_feeds
from monitor.domain.model.sources import EntryData
from monitor.domain.sitemaps import missed, named_in_robots, ranked_members, section

SINCE = datetime(2026, 3, 1, 15, tzinfo=UTC)
BASE = "https://city.example/robots.txt"


def entry(url: str | None, at: datetime | None) -> EntryData:
    return EntryData(url or "none", None, url, "", "", "", None, None, at, None, "")


def test_robots_txt_names_sitemaps_in_any_case_news_first() -> None:
    robots = """# Sitemap: https://city.example/no.xml
User-agent: *
Disallow: /sitemap-private
sitemap: https://city.example/all.xml # all
SITEMAP:/relative.xml\r
  Sitemap : https://cdn.example/news-sitemap.xml
Sitemap: ftp://city.example/x.xml
Sitemap:
Sitemap: https://city.example/all.xml"""
    assert named_in_robots(robots, BASE) == (
        "https://cdn.example/news-sitemap.xml",
        "https://city.example/all.xml",
        "https://city.example/relative.xml",
    )


def test_members_that_changed_last_come_first_among_their_kind() -> None:
    old, new = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    members = [("https://x.example/tags.xml", new), ("https://x.example/2026-1.xml", old),
               ("https://x.example/2025-12.xml", new), ("https://x.example/articles-2.xml", None),
               ("https://x.example/articles-11.xml", None), ("https://x.example/actualites.xml", old)]  # fmt: skip
    assert [url.rpartition("/")[2] for url in ranked_members(members)] == [
        "actualites.xml", "articles-11.xml", "articles-2.xml", "2025-12.xml", "2026-1.xml", "tags.xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ([], None),
        (["not an address"], None),
        (["https://a.example/news/1"], ("a.example", ())),
        ([f"https://a.example/fr/news/2026/0{n}/x" for n in (1, 2, 3)], ("a.example", ("fr", "news"))),
        ([f"https://a.example/{part}/x" for part in ("a", "b", "c")], ("a.example", ())),
        ([*(f"https://a.example/n/{n}" for n in range(3)), "https://ads.example/x"], ("a.example", ("n",))),
        ([f"https://a.example/{n}.html" for n in range(3)], ("a.example", ())),
    ],
)
def test_the_section_of_a_feed(urls: list[str], expected: tuple[str, tuple[str, ...]] | None) -> None:
    assert section(urls) == expected


def test_only_later_articles_of_the_same_section_were_missed() -> None:
    seen = [f"https://www.city.example/news/{n}" for n in range(3)]
    hour = timedelta(hours=1)
    told = [
        entry("https://city.example/news/old", SINCE - hour),
        entry("https://city.example/news/first", SINCE + hour),
        entry("https://city.example/news/second", SINCE + 2 * hour),
        entry("https://city.example/news/day", SINCE.replace(hour=0)),
        entry("https://city.example/jobs/x", SINCE + hour),
        entry("https://elsewhere.example/news/x", SINCE + hour),
        entry("https://city.example/news/undated", None),
        entry(None, SINCE + hour),
    ]
    assert [one.key.rpartition("/")[2] for one in missed(told, seen, SINCE, 10)] == ["second", "first", "day"]
    assert [one.key.rpartition("/")[2] for one in missed(told, seen, SINCE, 1)] == ["second"]
    assert missed(told, [], SINCE, 10) == ()


@given(st.text(max_size=300))
def test_any_robots_txt_can_be_read(text: str) -> None:
    for url in named_in_robots(f"Sitemap: {text}\n{text}", BASE):
        assert url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("page", "generator", "first"),
    [
        ("https://a.example/", "wordpress 6.5", "https://a.example/feed/"),
        ("https://a.example/ville/actus", "wordpress 6.5", "https://a.example/ville/actus/feed/"),
        ("https://a.example/ville/actus.html", "wordpress", "https://a.example/ville/feed/"),
        ("https://a.example/spip.php?rubrique3", "spip 4", "https://a.example/spip.php?page=backend"),
        ("https://a.example/index.php?id=3", "joomla!", "https://a.example/index.php?format=feed&type=rss"),
        ("https://a.example/news/", None, "https://a.example/news/feed/"),
        ("https://a.example/", None, "https://a.example/feed"),
    ],
)
def test_the_likeliest_place_of_a_feed(page: str, generator: str | None, first: str) -> None:
    places = usual_feeds(page, generator)
    assert places[0] == first
    assert len(set(places)) == len(places)


def test_feeds_of_comments_are_told() -> None:
    assert is_of_comments("https://a.example/comments/feed/", "News")
    assert is_of_comments("https://a.example/feed/", "Commentaires sur : La ville")
    assert not is_of_comments("https://a.example/feed/", "Communes du Val")
    assert not is_of_comments("https://a.example/feed/", None)
