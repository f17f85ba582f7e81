from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.domain.model.health import FeedHabit, FeedHealth
from monitor.domain.model.sources import FeedForPoll, FeedKind, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.pipeline.outage import Outage
from monitor.pipeline.poll import Polling, record_fault
from monitor.ports import FetchFailed, NotModified, Purpose
from tests.pipeline.fakes import NOW, FakeFeeds, FakeFetcher, FakeParser, entry, fetched, parsed, poll_feed

URL = "https://city.example/rss"
FEED = FeedForPoll(
    id=7,
    url=URL,
    kind=FeedKind.AUTO,
    found_kind=None,
    link_selector=None,
    link_pattern=None,
    interval_min=60,
    validators=Validators('"one"', None),
    body_sha=None,
    baseline_done=False,
    failures=0,
    failing_since=None,
    last_full_at=NOW - timedelta(hours=1),
    source_key="city",
    source_name="City",
    source_language="en",
    source_country="GB",
)


def polling(fetcher: FakeFetcher, feeds: FakeFeeds, parser: FakeParser | None = None) -> Polling:
    return Polling(fetcher, parser or FakeParser(), feeds)  # type: ignore[arg-type]


def test_new_entries_commit_together_with_validators_and_hash() -> None:
    answer = fetched(URL, b"<rss/>", validators=Validators('"two"', None))
    feeds = FakeFeeds(FEED)
    report = poll_feed(
        7, NOW, polling(FakeFetcher({URL: answer}), feeds, FakeParser({b"<rss/>": parsed(entry("a"), entry("b"))}))
    )
    assert report is not None
    assert (report.outcome, report.seen, report.new) == (Outcome.OK, 2, 2)
    assert feeds.commits == 1
    (intent,) = feeds.intents
    assert intent.baseline
    assert (intent.validators.etag, intent.body_sha) == ('"two"', answer.body_sha)


def test_an_unchanged_body_is_not_parsed() -> None:
    answer = fetched(URL, b"<rss/>")
    parser = FakeParser()
    feeds = FakeFeeds(replace(FEED, body_sha=answer.body_sha, found_kind=FeedKind.FEED))
    report = poll_feed(7, NOW, polling(FakeFetcher({URL: answer}), feeds, parser))
    assert report is not None
    assert report.outcome is Outcome.UNCHANGED
    assert parser.kinds == []


def test_validators_are_sent_until_a_full_body_is_due() -> None:
    fetcher = FakeFetcher({URL: NotModified(URL)})
    assert poll_feed(7, NOW, polling(fetcher, FakeFeeds(FEED))).outcome is Outcome.NOT_MODIFIED  # type: ignore[union-attr]
    assert fetcher.requests[0].validators.etag == '"one"'
    later = poll_feed(7, NOW + timedelta(days=2), polling(fetcher, FakeFeeds(FEED)))
    assert fetcher.requests[1].validators == Validators()
    assert later is not None
    assert later.outcome is Outcome.PROTOCOL, "a 304 that nobody asked for is no success"


def test_robots_bind_pages_and_not_feeds() -> None:
    fetcher = FakeFetcher()
    poll_feed(7, NOW, polling(fetcher, FakeFeeds(FEED)))
    poll_feed(7, NOW, polling(fetcher, FakeFeeds(replace(FEED, kind=FeedKind.PAGE))))
    assert [request.purpose for request in fetcher.requests] == [Purpose.FEED, Purpose.PAGE]


def test_what_auto_turned_out_to_be_is_remembered() -> None:
    parser = FakeParser({b"x": parsed(entry("a"), kind=FeedKind.PAGE)})
    feeds = FakeFeeds(FEED)
    poll_feed(7, NOW, polling(FakeFetcher({URL: fetched(URL, b"x")}), feeds, parser))
    assert feeds.intents[0].found_kind is FeedKind.PAGE
    feeds.feed = replace(FEED, found_kind=FeedKind.PAGE)
    poll_feed(7, NOW, polling(FakeFetcher({URL: fetched(URL, b"x")}), feeds, parser))
    assert parser.kinds == [FeedKind.AUTO, FeedKind.PAGE]


def test_a_failure_is_an_outcome_with_its_label() -> None:
    feeds = FakeFeeds(FEED)
    fetcher = FakeFetcher({URL: FetchFailed(URL, Outcome.DNS, "no such host")})
    report = poll_feed(7, NOW, polling(fetcher, feeds))
    assert report is not None
    assert (report.outcome, report.detail, feeds.intents[0].failures) == (Outcome.DNS, "no such host", 1)


def test_an_unreadable_body_keeps_what_was_known() -> None:
    feeds = FakeFeeds(FEED)
    parser = FakeParser({b"login": ParseFailed(Outcome.NOT_A_FEED, "a login page")})
    report = poll_feed(7, NOW, polling(FakeFetcher({URL: fetched(URL, b"login")}), feeds, parser))
    assert report is not None
    assert report.outcome is Outcome.NOT_A_FEED
    assert feeds.intents[0].validators == FEED.validators


def test_a_feed_that_is_gone_meanwhile_is_left_alone() -> None:
    fetcher = FakeFetcher()
    assert poll_feed(7, NOW, polling(fetcher, FakeFeeds(None))) is None
    assert fetcher.requests == []


def test_a_fault_of_ours_backs_the_feed_off() -> None:
    feeds = FakeFeeds(FEED)
    record_fault(7, NOW, "ZeroDivisionError", polling(FakeFetcher(), feeds))
    assert feeds.intents[0].outcome is Outcome.INTERNAL
    assert feeds.intents[0].next_at is not None


def test_auto_follows_the_feed_that_a_page_links_to() -> None:
    page, feed_url = fetched(URL, b"<html/>"), "https://city.example/news.xml"
    parser = FakeParser(
        {b"<html/>": parsed(entry("menu"), kind=FeedKind.PAGE), b"<rss/>": parsed(entry("news"))},
        linked=("https://city.example/gone.xml", feed_url),
    )
    feeds = FakeFeeds(FEED)
    report = poll_feed(7, NOW, polling(FakeFetcher({URL: page, feed_url: fetched(feed_url, b"<rss/>")}), feeds, parser))
    assert report is not None
    (intent,) = feeds.intents
    assert (intent.found_url, intent.found_kind) == (feed_url, FeedKind.FEED)
    assert [one.key for one in intent.new_entries] == ["news"]


def test_auto_keeps_the_page_when_its_feeds_cannot_be_read() -> None:
    parser = FakeParser(
        {b"<html/>": parsed(entry("menu"), kind=FeedKind.PAGE)}, linked=("https://city.example/gone.xml",)
    )
    feeds = FakeFeeds(FEED)
    poll_feed(7, NOW, polling(FakeFetcher({URL: fetched(URL, b"<html/>")}), feeds, parser))
    assert (feeds.intents[0].found_url, feeds.intents[0].found_kind) == (None, FeedKind.PAGE)


# ---------------------------------------------------------------- overlap

USED = replace(
    FEED,
    kind=FeedKind.FEED,
    baseline_done=True,
    habit=FeedHabit(window=2, last_news_at=NOW - timedelta(hours=3)),
    last_ok_at=NOW - timedelta(hours=3),
    last_polled_at=NOW - timedelta(hours=3),
    last_new_at=NOW - timedelta(hours=3),
    health=FeedHealth.OK,
)
SITEMAP = "https://city.example/sitemap.xml"


def test_a_poll_that_shares_nothing_with_the_last_is_a_gap_that_a_sitemap_fills() -> None:
    missed = entry("missed", published_at=NOW - timedelta(hours=2))
    before = entry("long-known", published_at=NOW - timedelta(days=2))
    parser = FakeParser(
        {
            b"<rss/>": parsed(entry("a"), entry("b")),
            b"<urlset/>": parsed(entry("a"), missed, before, kind=FeedKind.SITEMAP),
        }
    )
    fetcher = FakeFetcher({URL: fetched(URL, b"<rss/>"), SITEMAP: fetched(SITEMAP, b"<urlset/>")})
    feeds = FakeFeeds(replace(USED, sitemap_url=SITEMAP), stored={"older": "1"})
    report = poll_feed(7, NOW, polling(fetcher, feeds, parser))
    assert report is not None
    assert (report.gap, report.filled, report.new, report.history) == (True, 1, 3, 0)
    (intent,) = feeds.intents
    assert [one.key for one in intent.new_entries] == ["a", "b", "missed"]
    assert (intent.seen_entries, intent.known_entries, intent.sitemap_url) == (2, 0, SITEMAP)
    assert intent.habit.interval_min is not None
    assert intent.habit.interval_min < 60, "and comes sooner from now on"


def test_a_gap_without_a_sitemap_is_said_all_the_same() -> None:
    feeds = FakeFeeds(USED, stored={"older": "1"})
    fetcher = FakeFetcher({URL: fetched(URL, b"<rss/>")})
    report = poll_feed(7, NOW, polling(fetcher, feeds, FakeParser({b"<rss/>": parsed(entry("a"))})))
    assert report is not None
    assert (report.gap, report.filled, report.detail) == (True, 0, "gap")


def test_one_known_entry_is_enough_and_no_sitemap_is_asked() -> None:
    feeds = FakeFeeds(replace(USED, sitemap_url=SITEMAP), stored={"b": "1"})
    fetcher = FakeFetcher({URL: fetched(URL, b"<rss/>")})
    report = poll_feed(7, NOW, polling(fetcher, feeds, FakeParser({b"<rss/>": parsed(entry("a"), entry("b"))})))
    assert report is not None
    assert (report.gap, feeds.intents[0].known_entries) == (False, 1)
    assert [one.url for one in fetcher.requests] == [URL]


def test_a_site_that_changed_its_addresses_has_no_gap() -> None:
    feeds = FakeFeeds(USED, stored={"older": "1"}, titles=frozenset({"Title of a", "Title of b"}))
    fetcher = FakeFetcher({URL: fetched(URL, b"<rss/>")})
    report = poll_feed(7, NOW, polling(fetcher, feeds, FakeParser({b"<rss/>": parsed(entry("a"), entry("b"))})))
    assert report is not None
    assert (report.gap, report.detail) == (False, "relinked")


def test_old_stock_is_said_in_the_report() -> None:
    feeds = FakeFeeds(USED, stored={"known": "1"})
    stock = [entry(f"stock-{number}") for number in range(60)]
    fetcher = FakeFetcher({URL: fetched(URL, b"<rss/>")})
    report = poll_feed(7, NOW, polling(fetcher, feeds, FakeParser({b"<rss/>": parsed(entry("known"), *stock)})))
    assert report is not None
    assert (report.new, report.history, report.detail) == (60, 60, "history 60")


# ---------------------------------------------------------------- our own network


def unreached(outage: Outage, host: str, minutes: float = 0, outcome: Outcome = Outcome.NETWORK) -> Outcome:
    return outage.judged(host, outcome, NOW + timedelta(minutes=minutes))


def test_when_nothing_can_be_reached_it_is_our_own_network() -> None:
    outage = Outage()
    said = [unreached(outage, f"h{number}.example", number) for number in range(7)]
    assert said == [Outcome.NETWORK] * 4 + [Outcome.LOCAL_OUTAGE] * 3
    assert outage.judged("h9.example", Outcome.OK, NOW + timedelta(minutes=9)) is Outcome.OK
    assert unreached(outage, "h1.example", 10) is Outcome.NETWORK, "somebody answered"


def test_an_error_of_a_server_proves_that_the_network_works() -> None:
    outage = Outage()
    for number in range(20):
        answered = Outcome.NOT_FOUND if number % 4 == 3 else Outcome.DNS
        assert unreached(outage, f"h{number}.example", outcome=answered) is answered


def test_one_dead_host_with_many_feeds_is_no_outage() -> None:
    outage = Outage()
    assert {unreached(outage, "dead.example", number) for number in range(50)} == {Outcome.NETWORK}


def test_dead_hosts_that_are_asked_once_a_day_are_no_outage() -> None:
    outage = Outage()
    said = {unreached(outage, f"h{number}.example", number * 90) for number in range(50)}
    assert said == {Outcome.NETWORK}


def test_what_was_never_sent_says_nothing_about_the_network() -> None:
    outage = Outage()
    for number in range(4):
        unreached(outage, f"h{number}.example")
    assert outage.judged("x.example", Outcome.BLOCKED_ADDRESS, NOW) is Outcome.BLOCKED_ADDRESS
    assert unreached(outage, "h4.example") is Outcome.LOCAL_OUTAGE


def test_an_outage_leaves_the_feed_as_it_was() -> None:
    outage = Outage()
    for number in range(5):
        unreached(outage, f"h{number}.example")
    feeds = FakeFeeds(USED)
    fetcher = FakeFetcher({URL: FetchFailed(URL, Outcome.DNS, "no such host")})
    report = poll_feed(7, NOW, replace(polling(fetcher, feeds), outage=outage))
    assert report is not None
    assert (report.outcome, report.health) == (Outcome.LOCAL_OUTAGE, FeedHealth.OK)
    assert feeds.intents[0].failures == 0
