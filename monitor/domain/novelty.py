"""Which entries of a poll are news, which are old stock, and whether something may have been missed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.domain.model.sources import EntryData, FeedForPoll, FeedKind

FLOOD_ENTRIES = 50  # faults C16: more new entries in one poll are a back catalogue, unless the feed is that busy
USUAL_TIMES = 4  # how many times its usual pace a feed may bring before it counts as a flood
AGE_CUT = timedelta(days=60)  # as in digests: what is older is history, never an alert
SLACK = timedelta(days=1)  # news may be dated a little before the poll that last missed them: time zones, drafts


def has_no_overlap(feed: FeedForPoll, shown: Sequence[EntryData], stored: Mapping[str, str]) -> bool:
    """Whether nothing that the poll shows is known, though the feed had entries when it was last read.

    A mailbox hands out each mail once: nothing of it is ever known.
    """
    if not shown or not feed.baseline_done or not feed.habit.window or feed.kind is FeedKind.MAILBOX:
        return False
    return not any(one.key in stored for one in shown)


def are_relinked(shown: Sequence[EntryData], known_titles: frozenset[str]) -> bool:
    """Whether the site has only changed its addresses: most titles are known."""
    return sum(one.title in known_titles for one in shown) * 2 > len(shown)


def old_stock(feed: FeedForPoll, shown: Sequence[EntryData], new: Sequence[EntryData], now: datetime) -> frozenset[str]:
    """Keys of those of the new entries that are stored and linked, but never announced: old ones, and a flood.

    Of a flood, what is dated after the last poll is news all the same, the newest up to the limit. Ages are believed
    only where some entry shows a recent date: a feed that dates everything wrongly still has news. Baselines are none
    of our business here: they are old stock as a whole.
    """
    if not feed.baseline_done:
        return frozenset()
    before = _old_before(feed, shown, now)
    old = {one.key for one in new if before is not None and one.published_at is not None and one.published_at < before}
    rest = [one for one in new if one.key not in old]
    limit = _limit(feed, now)
    if len(rest) > limit:
        news = _dated_after((feed.last_ok_at or now) - SLACK, rest)[:limit]
        old |= {one.key for one in rest} - {one.key for one in news}
    return frozenset(old)


def _old_before(feed: FeedForPoll, shown: Sequence[EntryData], now: datetime) -> datetime | None:
    """A feed that never had an entry has its baseline now: what it published before its first poll is old."""
    if feed.habit.last_news_at is None and feed.last_new_at is None and feed.last_ok_at is not None:
        return feed.last_ok_at - SLACK
    cut = now - AGE_CUT
    return cut if any(one.published_at is not None and one.published_at >= cut for one in shown) else None


def _limit(feed: FeedForPoll, now: datetime) -> int:
    if not feed.habit.news_per_h or feed.last_ok_at is None:
        return FLOOD_ENTRIES
    usual = feed.habit.news_per_h * max(0.0, (now - feed.last_ok_at) / timedelta(hours=1))
    return max(FLOOD_ENTRIES, round(USUAL_TIMES * usual))


def _dated_after(moment: datetime, entries: Sequence[EntryData]) -> list[EntryData]:
    dated = [(one.published_at, one) for one in entries if one.published_at is not None and one.published_at >= moment]
    return [one for _, one in sorted(dated, key=lambda pair: pair[0], reverse=True)]
