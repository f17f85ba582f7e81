"""All partnerships in one table: what each is, when it was last heard of, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from monitor.domain.activity import Beside, belonging
from monitor.domain.headline import main_kind
from monitor.domain.model.activity import Activity, EventPresence
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.partnerships import Expectation, PartnershipData
from monitor.domain.model.places import PlaceLookup
from monitor.domain.model.views import SourceView
from monitor.domain.partnerships import dormant_since
from monitor.domain.picture import STANDING_WORDS, Standing, is_ahead, standing_of
from monitor.domain.source_coverage import coverages

MAX_JUDGED = 200  # long silent partnerships of which it is looked up whether silence can be trusted
NOTHING = Activity()


@dataclass(frozen=True, slots=True)
class Prospects:
    """What comes next in one partnership; one of both is given."""

    event: KnownEvent | None = None
    expectation: Expectation | None = None

    @property
    def on(self) -> date:
        """Its first day."""
        if self.expectation is not None:
            return self.expectation.expected.when.starts_on
        return self.event.when.starts_on if self.event is not None and self.event.when is not None else date.max


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of all partnerships together; by key."""

    activities: Mapping[str, Activity]
    next: Mapping[str, Prospects]
    trusted: frozenset[str]  # of the long silent ones, those whose silence can be trusted


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One line of the table."""

    partnership: PartnershipData
    name: str  # in the reader's language
    standing: Standing
    activity: Activity
    next: Prospects | None


def overview(
    partnerships: Sequence[PartnershipData],
    found: Mapping[str, Activity],
    announced: Iterable[KnownEvent],
    expectations: Iterable[Expectation],
    sources: Sequence[SourceView],
    homes: Sequence[str],
    today: date,
    place: PlaceLookup,
    beside: Beside,
) -> Overview:
    """Reckon all of it; `found` is what happened in each."""
    silent = [
        one
        for one in partnerships
        if one.key in found and dormant_since(found[one.key].last_on, True, today) is not None
    ]
    judged = coverages(silent[:MAX_JUDGED], sources, homes, place)
    doubtful = {one.partnership.key for one in judged if not one.is_trusted}
    coming = _next(partnerships, announced, expectations, today, place, beside)
    return Overview(found, coming, frozenset(one.partnership.key for one in judged) - doubtful)


def _next(
    partnerships: Sequence[PartnershipData],
    announced: Iterable[KnownEvent],
    expectations: Iterable[Expectation],
    today: date,
    place: PlaceLookup,
    beside: Beside,
) -> Mapping[str, Prospects]:
    found: dict[str, Prospects] = {}
    for one in expectations:
        key = one.expected.partnership_key
        if key is not None and one.expected.when.ends_on >= today:
            _earlier(found, key, Prospects(expectation=one))
    ahead = {one.id: one for one in announced if one.when is not None and is_ahead(one, today)}
    rows = [
        EventPresence(one.id, place_id, one.when.starts_on, one.when.ends_on, one.status, main_kind(one))
        for one in ahead.values()
        if one.when is not None
        for place_id in sorted(one.participants)
    ]
    for key, told in belonging(partnerships, rows, place, beside).items():
        for row in told:
            _earlier(found, key, Prospects(event=ahead[row.event_id]))
    return found


def _earlier(found: dict[str, Prospects], key: str, one: Prospects) -> None:
    if key not in found or one.on < found[key].on:
        found[key] = one


# ---------------------------------------------------------------- sorting


class SortBy(StrEnum):
    """Columns that the table can be sorted by."""

    NAME = "name"
    GRADE = "grade"
    SINCE = "since"
    STATE = "state"
    LAST = "last"
    EVENTS = "events"
    NEXT = "next"


# Columns that tell more when they begin with the largest.
FALLING = frozenset({SortBy.LAST, SortBy.EVENTS})
_PRESSING = {standing: number for number, standing in enumerate(STANDING_WORDS)}


def rows_of(
    partnerships: Iterable[PartnershipData], known: Overview, today: date, name: Callable[[PartnershipData], str]
) -> tuple[OverviewRow, ...]:
    """A row for each, in the order given."""
    found = []
    for one in partnerships:
        activity = known.activities.get(one.key, NOTHING)
        standing = standing_of(one, activity.last_on, one.key in known.trusted, today)
        found.append(OverviewRow(one, name(one), standing, activity, known.next.get(one.key)))
    return tuple(found)


def in_order(rows: Iterable[OverviewRow], by: SortBy, falling: bool) -> tuple[OverviewRow, ...]:
    """Sorted, equals by name; what has no value in the column stands last, whichever way it is sorted."""
    named = sorted(rows, key=lambda one: (one.name.casefold(), one.partnership.key))
    valued = [(value, one) for one in named if (value := _value(one, by)) is not None]
    missing = [one for one in named if _value(one, by) is None]
    return (*(one for _, one in sorted(valued, key=lambda pair: pair[0], reverse=falling)), *missing)


def _value(row: OverviewRow, by: SortBy) -> Any:
    """Values of one column compare with each other, of two columns they need not."""
    match by:
        case SortBy.NAME:
            return row.name.casefold()
        case SortBy.GRADE:
            return row.partnership.grade
        case SortBy.SINCE:
            return row.partnership.since
        case SortBy.STATE:
            return _PRESSING[row.standing]
        case SortBy.LAST:
            return row.activity.last_on
        case SortBy.EVENTS:
            return row.activity.events
        case SortBy.NEXT:
            return row.next.on if row.next is not None else None
