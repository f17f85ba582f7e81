from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.domain.model.sources import FeedForPoll, FeedKind, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.pipeline.poll import Polling, poll_feed, record_fault
from monitor.ports import FetchFailed, NotModified, Purpose
from tests.pipeline.fakes import NOW, FakeFeeds, FakeFetcher, FakeParser, entry, fetched, parsed

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
