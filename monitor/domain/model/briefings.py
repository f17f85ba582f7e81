"""Briefings: events that a person picked, put in order and annotated, to be sent like a digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.model.digests import DeliveryState, ReportLink
from monitor.domain.model.events import KnownEvent


@dataclass(frozen=True, slots=True)
class BriefingRow:
    """A briefing in a list."""

    id: int
    title: str
    created_at: datetime
    created_by: str
    events: int
    frozen_at: datetime | None = None  # None: a draft

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.frozen_at is None


@dataclass(frozen=True, slots=True)
class BriefingItem:
    """One event of a briefing: of a draft as it stands now, of a frozen one as it stood then."""

    event: KnownEvent
    reports: tuple[ReportLink, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class BriefingSending:
    """That it went to the recipients of a subscription."""

    subscription_key: str
    sent_at: datetime
    deliveries: tuple[tuple[str, DeliveryState, str], ...]  # recipient, state, last detail


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing with its events in order."""

    id: int
    title: str
    intro: str
    created_at: datetime
    created_by: str
    items: tuple[BriefingItem, ...]
    frozen_at: datetime | None = None
    frozen_by: str = ""
    sendings: tuple[BriefingSending, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.frozen_at is None
