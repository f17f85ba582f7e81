"""The tables. Columns explain themselves only where their name does not; words as in docs/glossary.md.

A table that is a queue carries `next_at` (when due, NULL: never) and `lease_until` (claimed by somebody until then).
The migrations are the truth of what stands in a database; a test holds both together.
"""

from __future__ import annotations

from monitor.adapters.storage.tables.articles import article, assessment, band, capture, fingerprint, mention, revision
from monitor.adapters.storage.tables.digests import delivery, digest, setting, subscription
from monitor.adapters.storage.tables.events import (
    event,
    event_article,
    event_change,
    event_kind,
    event_participant,
    partnership,
    partnership_member,
    seed,
    series,
    verdict,
)
from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.tables.sources import entry, feed, health_change, poll, quarantine, source

__all__ = [
    "METADATA",
    "article",
    "assessment",
    "band",
    "capture",
    "delivery",
    "digest",
    "entry",
    "event",
    "event_article",
    "event_change",
    "event_kind",
    "event_participant",
    "feed",
    "fingerprint",
    "health_change",
    "mention",
    "partnership",
    "partnership_member",
    "poll",
    "quarantine",
    "revision",
    "seed",
    "series",
    "setting",
    "source",
    "subscription",
    "verdict",
]
