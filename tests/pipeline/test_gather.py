"""Entries that take more than one document: archives of several pages, indexes of sitemaps, gaps that are filled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.pipeline.gather import MAX_MEMBERS, PAGES_MISSING, Gathered, Gathering, backfill, gather
from monitor.ports import Fetched, FetchFailed, Purpose
from tests.pipeline.fakes import NOW, FakeFetcher, entry, fetched

HOST = "https://city.example"
URL = f"{HOST}/news"
FEED = FeedForPoll(
    id=7,
    url=URL,
    kind=FeedKind.PAGE,
    found_kind=FeedKind.PAGE,
    link_selector=".news a",
    link_pattern=None,
    interval_min=60,
    validators=Validators(),
    body_sha=None,
    baseline_done=True,
    failures=0,
    failing_since=None,
    last_full_at=NOW,
    source_key="city",
    source_name="City",
    source_language="en",
    source_country="GB",
    max_pages=4,
    next_selector=".older",
)


@dataclass
class Site:
    """Documents by address; what each is read as; what the archive knows."""

    documents: dict[str, ParsedFeed | ParseFailed | FetchFailed | str]
    known: set[str] = field(default_factory=set)
    asked_as: list[tuple[FeedKind, str | None, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        answers = {
            url: one if isinstance(one, FetchFailed) else self.document(url) for url, one in self.documents.items()
        }
        self.fetcher = FakeFetcher(answers)

    def document(self, url: str) -> Fetched:
        told = self.documents[url]
        return fetched(url, told if isinstance(told, str) else url)

    def parse(
        self,
        document: Fetched,
        kind: FeedKind,
        now: datetime,
        link_selector: str | None = None,
        link_pattern: str | None = None,
        next_selector: str | None = None,
    ) -> ParsedFeed | ParseFailed:
        self.asked_as.append((kind, link_selector, next_selector))
        told = self.documents[document.url]
        return told if isinstance(told, ParsedFeed | ParseFailed) else ParseFailed(Outcome.NOT_A_FEED, "")

    def linked_feeds(self, document: Fetched) -> tuple[str, ...]:
        return ()

    def known_keys(self, feed_id: int, keys: Sequence[str]) -> Collection[str]:
        assert feed_id == FEED.id
        return self.known & set(keys)

    @property
    def gathering(self) -> Gathering:
        return Gathering(self.fetcher, self, self.known_keys)  # type: ignore[arg-type]

    @property
    def asked(self) -> list[str]:
        return [request.url for request in self.fetcher.requests]


def listing(*keys: str, following: str | None = None, kind: FeedKind = FeedKind.PAGE) -> ParsedFeed:
    return ParsedFeed(kind, "City", "en", None, tuple(entry(key) for key in keys), next_page=following)


def keys(result: Gathered | ParseFailed) -> list[str]:
    assert isinstance(result, Gathered), result
    return [one.key for one in result.parsed.entries]


# ---------------------------------------------------------------- pages


def test_an_archive_is_walked_up_to_its_bound() -> None:
    site = Site({f"{URL}{n}": listing(f"a{n}", f"b{n}", following=f"{URL}{n + 1}") for n in range(1, 9)})
    feed = replace(FEED, url=f"{URL}1")
    assert keys(gather(feed, site.document(f"{URL}1"), NOW, site.gathering)) == [
        "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4",
    ]  # fmt: skip
    assert site.asked == [f"{URL}2", f"{URL}3", f"{URL}4"]
    assert {request.purpose for request in site.fetcher.requests} == {Purpose.PAGE}
    assert set(site.asked_as) == {(FeedKind.PAGE, ".news a", ".older")}


def test_one_page_is_the_default() -> None:
    site = Site({URL: listing("a", following=f"{URL}2"), f"{URL}2": listing("b")})
    assert keys(gather(replace(FEED, max_pages=1), site.document(URL), NOW, site.gathering)) == ["a"]
    assert site.asked == []


def test_the_walk_ends_where_everything_is_known() -> None:
    pages = {f"{URL}{n}": listing(f"a{n}", f"b{n}", following=f"{URL}{n + 1}") for n in range(1, 9)}
    site = Site(pages, known={"b1", "a2", "b2", "a3"})
    assert keys(gather(replace(FEED, url=f"{URL}1"), site.document(f"{URL}1"), NOW, site.gathering)) == [
        "a1", "b1", "a2", "b2",
    ]  # fmt: skip


def test_a_circle_of_pages_is_left() -> None:
    site = Site({URL: listing("a", following=f"{URL}?p=2"), f"{URL}?p=2": listing("b", following=f"{URL}/")})
    assert keys(gather(replace(FEED, max_pages=9), site.document(URL), NOW, site.gathering)) == ["a", "b"]
    assert site.asked == [f"{URL}?p=2"]


def test_pages_that_repeat_the_last_one_end_the_walk() -> None:
    site = Site({f"{URL}{n}": listing("a", following=f"{URL}{n + 1}") for n in range(1, 30)})
    assert keys(gather(replace(FEED, url=f"{URL}1", max_pages=20), site.document(f"{URL}1"), NOW, site.gathering)) == [
        "a"
    ]
    assert len(site.asked) == 1


def test_other_sites_are_not_walked_into() -> None:
    site = Site({URL: listing("a", following="https://elsewhere.example/2")})
    assert keys(gather(FEED, site.document(URL), NOW, site.gathering)) == ["a"]
    assert site.asked == []


def test_a_later_page_that_fails_costs_itself() -> None:
    second = f"{URL}2"
    for failure in (FetchFailed(second, Outcome.DEADLINE, ""), ParseFailed(Outcome.NOT_A_FEED, "")):
        site = Site({URL: listing("a", following=second), second: failure})
        result = gather(FEED, site.document(URL), NOW, site.gathering)
        assert keys(result) == ["a"]
        assert isinstance(result, Gathered)
        assert PAGES_MISSING in result.parsed.notes
        assert result.answer.url == URL


def test_a_feed_of_several_documents_is_asked_as_a_feed() -> None:
    following = f"{HOST}/feed?page=2"
    site = Site(
        {
            URL: listing("a", following=following, kind=FeedKind.FEED),
            following: listing("b", kind=FeedKind.FEED),
        }
    )
    feed = replace(FEED, kind=FeedKind.FEED, found_kind=FeedKind.FEED)
    assert keys(gather(feed, site.document(URL), NOW, site.gathering)) == ["a", "b"]
    assert [request.purpose for request in site.fetcher.requests] == [Purpose.FEED]


# ---------------------------------------------------------------- indexes of sitemaps


def index(*members: str) -> ParsedFeed:
    return ParsedFeed(FeedKind.SITEMAP, None, None, None, (), sitemaps=members)


def sitemap(*entries: EntryData) -> ParsedFeed:
    return ParsedFeed(FeedKind.SITEMAP, None, None, None, entries)


SITEMAP_FEED = replace(FEED, kind=FeedKind.SITEMAP, found_kind=None, url=f"{HOST}/sitemap.xml", link_selector=None)


def test_the_first_members_of_an_index_are_read() -> None:
    members = [f"{HOST}/s{n}.xml" for n in range(9)]
    site = Site({SITEMAP_FEED.url: index(*members), **{url: sitemap(entry(url)) for url in members}})
    result = gather(SITEMAP_FEED, site.document(SITEMAP_FEED.url), NOW, site.gathering)
    assert keys(result) == members[:MAX_MEMBERS]
    assert isinstance(result, Gathered)
    assert result.answer.url == SITEMAP_FEED.url


def test_members_on_other_sites_are_not_asked() -> None:
    site = Site({SITEMAP_FEED.url: index("https://elsewhere.example/s.xml", "https://news.city.example/s.xml")})
    result = gather(SITEMAP_FEED, site.document(SITEMAP_FEED.url), NOW, site.gathering)
    assert site.asked == ["https://news.city.example/s.xml"]
    assert isinstance(result, ParseFailed)
    assert result.outcome is Outcome.NOT_FOUND


def test_members_are_read_again_though_their_index_stays_the_same() -> None:
    member = f"{HOST}/s.xml"
    site = Site({SITEMAP_FEED.url: index(member), member: sitemap(entry("a"))})
    answer = replace(site.document(SITEMAP_FEED.url), validators=Validators("etag", "yesterday"))
    result = gather(SITEMAP_FEED, answer, NOW, site.gathering)
    assert isinstance(result, Gathered)
    assert result.answer.body_sha != answer.body_sha
    assert result.answer.validators == Validators()


def test_an_index_within_an_index_and_a_circle_of_them_end() -> None:
    inner, leaf = f"{HOST}/inner.xml", f"{HOST}/leaf.xml"
    site = Site(
        {
            SITEMAP_FEED.url: index(inner),
            inner: index(SITEMAP_FEED.url, inner, leaf),
            leaf: sitemap(entry("a")),
        }
    )
    assert keys(gather(SITEMAP_FEED, site.document(SITEMAP_FEED.url), NOW, site.gathering)) == ["a"]
    assert site.asked == [inner, leaf]


def test_members_behind_one_that_is_known_are_not_asked() -> None:
    members = [f"{HOST}/s{n}.xml" for n in range(4)]
    site = Site({SITEMAP_FEED.url: index(*members), **{url: sitemap(entry(url)) for url in members}}, {members[1]})
    assert keys(gather(SITEMAP_FEED, site.document(SITEMAP_FEED.url), NOW, site.gathering)) == members[:2]


def test_an_auto_address_may_be_a_sitemap() -> None:
    member = f"{HOST}/s.xml"
    auto = replace(SITEMAP_FEED, kind=FeedKind.AUTO)
    site = Site({auto.url: index(member), member: sitemap(entry("a"))})
    assert keys(gather(auto, site.document(auto.url), NOW, site.gathering)) == ["a"]


# ---------------------------------------------------------------- gaps

SINCE = NOW - timedelta(days=3)


def dated(path: str, days: float, **more: object) -> EntryData:
    return entry(path, url=f"{HOST}/{path}", published_at=NOW - timedelta(days=days), **more)


def test_a_gap_is_filled_from_the_sitemap_that_is_known() -> None:
    url = f"{HOST}/map.xml"
    site = Site(
        {url: sitemap(dated("news/1", 1), dated("news/2", 2), dated("news/9", 9), dated("jobs/1", 1), entry("news/x"))},
        known={"news/2"},
    )
    seen = [dated(f"news/{n}", 0) for n in "abc"]
    found = backfill(replace(FEED, sitemap_url=url), SINCE, NOW, site.gathering, seen)
    assert [one.key for one in found.entries] == ["news/1"]
    assert found.sitemap_url == url
    assert site.asked == [url]


def test_the_sitemap_is_found_by_robots_txt_of_the_site_of_the_articles() -> None:
    news = f"{HOST}/news-map.xml"
    site = Site(
        {
            f"{HOST}/robots.txt": f"User-agent: *\nDisallow: /x\nSITEMAP: {HOST}/map.xml\nSitemap:{news}\n",
            news: sitemap(dated("a", 1)),
        }
    )
    feed = replace(FEED, url="https://feeds.example/city", kind=FeedKind.FEED)
    found = backfill(feed, SINCE, NOW, site.gathering, [dated("z", 0)])
    assert ([one.key for one in found.entries], found.sitemap_url) == (["a"], news)
    assert site.asked == [f"{HOST}/robots.txt", news]


def test_an_index_elsewhere_leads_back_to_the_site_of_the_articles() -> None:
    index_url, member = "https://cdn.example/index.xml", f"{HOST}/m.xml"
    site = Site({index_url: index("https://third.example/m.xml", member), member: sitemap(dated("a", 1))})
    feed = replace(FEED, url="https://feeds.example/city", sitemap_url=index_url)
    assert [one.key for one in backfill(feed, SINCE, NOW, site.gathering, [dated("z", 0)]).entries] == ["a"]
    assert site.asked == [index_url, member]


def test_without_robots_txt_the_usual_places_are_tried() -> None:
    usual = f"{HOST}/sitemap_index.xml"
    site = Site({usual: index(f"{HOST}/m.xml"), f"{HOST}/m.xml": sitemap(dated("a", 1))})
    found = backfill(FEED, SINCE, NOW, site.gathering, [dated("z", 0)])
    assert ([one.key for one in found.entries], found.sitemap_url) == (["a"], usual)


def test_a_site_without_a_sitemap_costs_few_requests() -> None:
    site = Site({})
    found = backfill(FEED, SINCE, NOW, site.gathering, [dated("z", 0)])
    assert (found.entries, found.sitemap_url) == ((), None)
    assert len(site.asked) == 5


def test_articles_of_a_bare_day_count_from_that_day_on() -> None:
    url = f"{HOST}/map.xml"
    day = datetime(SINCE.year, SINCE.month, SINCE.day, tzinfo=UTC)
    site = Site({url: sitemap(entry("a", url=f"{HOST}/a", published_at=day))})
    found = backfill(replace(FEED, sitemap_url=url), SINCE, NOW, site.gathering, [dated("z", 0)])
    assert [one.key for one in found.entries] == ["a"]
