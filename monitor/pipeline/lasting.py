"""What lasts, gathered for a digest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from monitor.domain.model.digests import DigestMaterial, Lasting
from monitor.domain.model.partnerships import ExpectationState, PartnershipData
from monitor.domain.model.places import PlaceLookup
from monitor.domain.partnerships import last_told, story
from monitor.domain.source_coverage import PartnershipCoverage, coverages, watched_partnerships
from monitor.ports import Relations

Beside = Callable[[str], Sequence[str]]  # what stands for a place: `Gazetteer.beside`

# Of a subscription without watches in an archive with a whole country's register: the silence of more than that is
# nobody's concern.
MAX_JUDGED = 200
FIRST_LOOK_BACK = timedelta(days=7)  # a first digest has no predecessor
_TOLD = (ExpectationState.OPEN, ExpectationState.MISSED)


def lasting(
    material: DigestMaterial,
    relations: Relations,
    homes: Sequence[str],
    now: datetime,
    place: PlaceLookup,
    beside: Beside,
) -> Lasting:
    """What a digest is told of what lasts; `homes` are the ids of our own places."""
    subscription = material.subscription
    since = subscription.last_composed_at or now - FIRST_LOOK_BACK
    today = now.date()
    watched = watched_partnerships(relations.partnerships(), subscription.data.watches, homes, today, place)[
        :MAX_JUDGED
    ]
    covered = coverages(watched, relations.sources(), homes, place)
    trusted = _trusted(covered)
    return Lasting(
        partnerships=watched,
        trusted=trusted,
        untrusted=tuple((one.home_id, one.partner_id) for one in covered if not one.is_trusted),
        last_told=_last_told([one for one in watched if one.key in trusted], relations, today, place, beside),
        proposed=relations.proposed_since(since),
        expectations=relations.expectations(_TOLD),
        context=relations.context_since(since) if any(one.context for one in subscription.data.watches) else (),
    )


def _trusted(covered: Sequence[PartnershipCoverage]) -> frozenset[str]:
    """Those of which every pair is covered."""
    doubtful = {one.partnership.key for one in covered if not one.is_trusted}
    return frozenset(one.partnership.key for one in covered) - doubtful


def _last_told(
    partnerships: Sequence[PartnershipData], relations: Relations, today: date, place: PlaceLookup, beside: Beside
) -> dict[str, date]:
    found: dict[str, date] = {}
    for one in partnerships:
        places = set(one.participants).union(*(beside(member) for member in one.participants))
        last = last_told(story(one, relations.events_of(places), place), today)
        if last is not None:
            found[one.key] = last
    return found
