"""Which expected events a digest speaks of: each once when it comes near, once when it has gone by without a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.domain.model.events import EXPECTED, KnownEvent

NEAR = timedelta(days=30)  # long enough to plan a journey, short enough to be still remembered
# Reports of an event come in for about this long after it (linking.REPORT_LAG_DAYS is the far end of it).
GRACE = timedelta(days=7)
# A first digest has no predecessor: what went by earlier than this is left to the archive.
FIRST_LOOK_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Prospects:
    """Expected events to tell, by date."""

    near: tuple[KnownEvent, ...]
    gone_by: tuple[KnownEvent, ...]


def prospects(events: Iterable[KnownEvent], told_until: datetime | None, now: datetime, zone: ZoneInfo) -> Prospects:
    """Those that came near, or went by unreported, after `told_until` (the last digest; None: there was none)."""
    dated = sorted((event for event in events if event.when and event.status in EXPECTED), key=_starts_on)
    return Prospects(
        near=tuple(event for event in dated if _came_near(event, told_until, now, zone)),
        gone_by=tuple(event for event in dated if _went_by(event, told_until, now, zone)),
    )


def _starts_on(event: KnownEvent) -> tuple[date, str]:
    return (event.when.starts_on if event.when else date.max, event.id)


def _came_near(event: KnownEvent, told_until: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Within `NEAR` of its first day and not over; one learnt later than that comes near when it is learnt."""
    if event.when is None or now >= _midnight(event.when.ends_on + timedelta(days=1), zone):
        return False
    near_at = _midnight(event.when.starts_on - NEAR, zone)
    if event.first_seen_at is not None:
        near_at = max(near_at, event.first_seen_at)
    return near_at <= now and (told_until is None or near_at > told_until)


def _went_by(event: KnownEvent, told_until: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Over for `GRACE` without a report; one that was over before it was known is no expectation of ours."""
    if event.when is None:
        return False
    over_at = _midnight(event.when.ends_on + timedelta(days=1), zone)
    if event.first_seen_at is not None and event.first_seen_at >= over_at:
        return False
    since = told_until if told_until is not None else now - FIRST_LOOK_BACK
    return since < over_at + GRACE <= now


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
