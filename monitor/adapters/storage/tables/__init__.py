"""The tables. Columns explain themselves only where their name does not; words as in docs/glossary.md.

A table that is a queue carries `next_at` (when due, NULL: never) and `lease_until` (claimed by somebody until then).
The migrations are the truth of what stands in a database; a test holds both together.
"""

from __future__ import annotations

from monitor.adapters.storage.tables.accounts import account, api_token, web_session
from monitor.adapters.storage.tables.articles import article, assessment, band, capture, fingerprint, mention, revision
from monitor.adapters.storage.tables.briefings import briefing, briefing_digest, briefing_event
from monitor.adapters.storage.tables.digests import delivery, delivery_attempt, digest, setting, subscription
from monitor.adapters.storage.tables.events import (
    event,
    event_article,
    event_change,
    event_kind,
    event_participant,
    seed,
    verdict,
)
from monitor.adapters.storage.tables.listings import event_facet, partnership_event, partnership_seat
from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.tables.partnerships import (
    agreement,
    article_context,
    expectation,
    expectation_place,
    partnership,
    partnership_member,
    series,
    series_member,
)
from monitor.adapters.storage.tables.saved_searches import saved_search
from monitor.adapters.storage.tables.sources import entry, feed, health_change, poll, quarantine, source

__all__ = [
    "METADATA",
    "account",
    "agreement",
    "api_token",
    "article",
    "article_context",
    "assessment",
    "band",
    "briefing",
    "briefing_digest",
    "briefing_event",
    "capture",
    "delivery",
    "delivery_attempt",
    "digest",
    "entry",
    "event",
    "event_article",
    "event_change",
    "event_facet",
    "event_kind",
    "event_participant",
    "expectation",
    "expectation_place",
    "feed",
    "fingerprint",
    "health_change",
    "mention",
    "partnership",
    "partnership_event",
    "partnership_member",
    "partnership_seat",
    "poll",
    "quarantine",
    "revision",
    "saved_search",
    "seed",
    "series",
    "series_member",
    "setting",
    "source",
    "subscription",
    "verdict",
    "web_session",
]
