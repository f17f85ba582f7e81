"""Sending a frozen briefing to the readers of subscriptions, through the outbox of the digests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from monitor.domain.briefings import as_digest
from monitor.domain.model.briefings import Briefing
from monitor.domain.model.digests import Digest, SubscriptionData
from monitor.pipeline.publish import Publishing, deliveries_of
from monitor.ports import Briefings


def preview(briefing: Briefing, language: str, now: datetime, publishing: Publishing) -> Digest:
    """The message as it would go out; writes nothing."""
    return as_digest(briefing, (0, ""), language, now, publishing.wording(language), publishing.place)


def send(
    briefing_id: int,
    subscription_ids: Collection[int],
    subscriptions: Iterable[tuple[int, SubscriptionData]],
    now: datetime,
    briefings: Briefings,
    publishing: Publishing,
) -> int:
    """Queue it for the readers of these subscriptions, each in their language; how many had not been sent it before.

    Raises `NotFound`, and `Refused` where it is not frozen.
    """
    briefing = briefings.get(briefing_id)
    sent = 0
    for number, data in subscriptions:
        if number not in subscription_ids or data.paused:
            continue
        words = publishing.wording(data.language)
        told = as_digest(briefing, (number, data.key), data.language, now, words, publishing.place)
        sent += briefings.send(briefing_id, told, deliveries_of(told, data, publishing))
    return sent
