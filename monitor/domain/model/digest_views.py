"""Digests as they were sent, for looking at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.model.digests import ChannelKind, DeliveryState, Digest, RenderedPart
from monitor.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A digest in the history; a moment at which there was nothing to say has no subject, language and items."""

    id: int
    subscription_key: str
    channel: ChannelKind
    composed_at: datetime
    since: datetime | None  # when the digest before it was composed; None: it was the first
    to_seq: int  # the last line of the event-change log that it looked at
    subject: str = ""
    language: str = ""
    items: int = 0
    briefing_id: int | None = None  # the briefing that it carried
    states: Mapping[DeliveryState, int] = field(default_factory=dict)  # its deliveries by where they stand
    is_empty: bool = False  # nothing to say: nothing was sent


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a delivery."""

    number: int  # from 1
    at: datetime
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A message on its way to one recipient."""

    id: int
    channel: ChannelKind
    recipient: str
    part: int
    state: DeliveryState
    attempts: int
    created_at: datetime
    first_attempt_at: datetime | None
    next_at: datetime | None
    outcome: Outcome | None  # of the last attempt; None: not tried yet
    detail: str
    message_id: str
    content: RenderedPart
    tried: tuple[Attempt, ...] = ()  # in their order; attempts before they were recorded one by one are only counted


@dataclass(frozen=True, slots=True)
class SentDigest:
    """A digest, frozen when it was composed, with its deliveries."""

    id: int
    digest: Digest
    since: datetime | None  # when the digest before it was composed
    briefing_id: int | None
    deliveries: tuple[DeliveryView, ...]
