"""Polling the mailbox: its position is kept like an ETag, and nothing is fetched from the web."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.domain.model.health import FeedHabit
from monitor.domain.model.sources import FeedKind, ParsedFeed, Validators
from monitor.domain.outcomes import Outcome
from monitor.pipeline.poll import Polling
from monitor.ports import FetchFailed, MailboxRead
from tests.pipeline.fakes import NOW, FakeFeeds, FakeFetcher, FakeParser, entry, poll_feed
from tests.pipeline.test_poll import FEED

URL = "imap://imap.cityhall.example/INBOX"
BOX = replace(FEED, url=URL, kind=FeedKind.MAILBOX, validators=Validators("7:41"), baseline_done=True)


@dataclass
class FakeMailbox:
    """Gives what it was told to, and remembers since when it was asked."""

    answer: MailboxRead | FetchFailed
    asked: list[str | None] = field(default_factory=list)

    def read(self, since: str | None, now: datetime) -> MailboxRead | FetchFailed:
        self.asked.append(since)
        return self.answer


def mails(*keys: str, position: str = "7:42") -> MailboxRead:
    return MailboxRead(
        ParsedFeed(FeedKind.MAILBOX, None, None, None, tuple(entry(key, url=None) for key in keys)), position
    )


def polled(feeds: FakeFeeds, mailbox: FakeMailbox | None) -> Outcome:
    fetcher = FakeFetcher()
    report = poll_feed(7, NOW, Polling(fetcher, FakeParser(), feeds, mailbox=mailbox))  # type: ignore[arg-type]
    assert report is not None
    assert fetcher.requests == []
    return report.outcome


def test_new_mails_and_the_new_position_commit_together() -> None:
    feeds, mailbox = FakeFeeds(BOX), FakeMailbox(mails("a", "b"))
    assert polled(feeds, mailbox) is Outcome.OK
    (intent,) = feeds.intents
    assert mailbox.asked == ["7:41"]
    assert [one.key for one in intent.new_entries] == ["a", "b"]
    assert (intent.validators.etag, intent.found_kind, intent.baseline) == ("7:42", FeedKind.MAILBOX, False)


def test_the_position_is_kept_when_a_day_has_passed() -> None:
    """Other feeds are then asked for everything; a mailbox would be read from its beginning."""
    old = replace(BOX, last_full_at=NOW - timedelta(days=9))
    mailbox = FakeMailbox(mails("a"))
    polled(FakeFeeds(old), mailbox)
    assert mailbox.asked == ["7:41"]


def test_mails_never_overlap_and_that_is_no_gap() -> None:
    feeds = FakeFeeds(replace(BOX, habit=FeedHabit(window=5, last_news_at=NOW)), stored={"before": "1"})
    assert polled(feeds, FakeMailbox(mails("a"))) is Outcome.OK
    assert not feeds.intents[0].gap


def test_a_mail_that_is_known_is_not_new_again() -> None:
    feeds = FakeFeeds(BOX, stored={"a": "1"})
    polled(feeds, FakeMailbox(mails("a", "b", position="8:2")))
    assert [one.key for one in feeds.intents[0].new_entries] == ["b"]


def test_no_mail_is_no_news_and_no_empty_feed() -> None:
    feeds = FakeFeeds(BOX)
    assert polled(feeds, FakeMailbox(mails(position="7:50"))) is Outcome.NOT_MODIFIED
    assert feeds.intents[0].validators.etag == "7:50", "mails of others were passed over"


def test_a_failure_keeps_the_position() -> None:
    feeds = FakeFeeds(BOX)
    assert polled(feeds, FakeMailbox(FetchFailed(URL, Outcome.LOGIN, "refused"))) is Outcome.LOGIN
    assert (feeds.intents[0].validators.etag, feeds.intents[0].failures) == ("7:41", 1)


def test_without_a_configured_mailbox_it_says_so() -> None:
    feeds = FakeFeeds(BOX)
    assert polled(feeds, None) is Outcome.BAD_URL
