"""Series: how often they come round and who takes part in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from monitor.domain.model.events import DateRange, EventStatus, Precision
from monitor.domain.model.partnerships import Edition, SeriesData, SeriesMember
from monitor.domain.model.places import PlaceLookup
from monitor.domain.months import months_between

MONTHS_OF_A_YEAR = 12
# Meetings move by a season: 10 to 14 months are a year. Cadences that fit none of these are no cadence.
CADENCES = (6, 12, 24, 36, 48, 60)
CADENCE_TOLERANCE = 0.25
_DID_NOT_COME = frozenset({EventStatus.CANCELLED, EventStatus.DENIED, EventStatus.THREATENED})


def dated_editions(series: SeriesData) -> tuple[Edition, ...]:
    """The editions with a date, by ordinal; cancelled ones are none."""
    dated = [one for one in series.editions if one.when is not None and one.status not in _DID_NOT_COME]
    return tuple(sorted(dated, key=lambda one: one.ordinal))


def cadence_months(series: SeriesData) -> int | None:
    """How many months lie between two editions: as declared, else by the editions known; None: it cannot be told.

    Two editions suffice where their distance is a usual cadence; the numbers tell how many lie between them.
    """
    if series.cadence_months is not None:
        return series.cadence_months
    editions = dated_editions(series)
    gaps = [
        months_between(_middle(one.when), _middle(other.when)) / (other.ordinal - one.ordinal)
        for one, other in pairwise(editions)
        if other.ordinal > one.ordinal and one.when is not None and other.when is not None
    ]
    if not gaps:
        return None
    usual = median(gaps)
    nearest = min(CADENCES, key=lambda months: abs(months - usual))
    return nearest if abs(nearest - usual) <= nearest * CADENCE_TOLERANCE else None


def _middle(when: DateRange) -> date:
    return when.starts_on + timedelta(days=(when.ends_on - when.starts_on).days // 2)


def members_on(series: SeriesData, on: date) -> frozenset[str]:
    """Who takes part on a day: members in force, else the participants of the last edition."""
    members = {one.place_id for one in series.members if one.until is None or one.until >= on}
    if len(members) >= 2:
        return frozenset(members)
    last = max(series.editions, key=lambda one: one.ordinal, default=None)
    return last.participants if last is not None else frozenset()


def joined(
    members: Iterable[SeriesMember], participants: Iterable[str], when: DateRange | None, place: PlaceLookup
) -> tuple[SeriesMember, ...]:
    """The members after an edition that these took part in: new ones since its day, older ones also before it; a place
    that was merged away is a member until then.
    """
    known = {one.place_id: one for one in members}
    first = when.starts_on if when is not None and when.precision is Precision.DAY else None
    for place_id in participants:
        member = known.get(place_id)
        if member is None:
            entry = place(place_id)
            known[place_id] = SeriesMember(place_id, first, entry.valid_until if entry is not None else None)
        elif first is not None and (member.since is None or first < member.since):
            known[place_id] = replace(member, since=first)
    return tuple(sorted(known.values(), key=lambda one: one.place_id))
