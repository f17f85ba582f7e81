"""The same words about another happening: town halls write their yearly reports over those of the year before.

A text that repeats another one tells the same event, unless it names another day, edition or partner *and* nowhere
those of the original. Copies that were cut or garbled lose facts, and then nothing speaks against them.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.domain.linking import days_apart, swaps_partner, tolerance_days
from monitor.domain.model.articles import Understanding
from monitor.domain.model.events import DateRange, EventKind, Happening, KnownEvent, Precision
from monitor.domain.model.places import PlaceLookup

ANOTHER_DAY = "another day"
ANOTHER_EDITION = "another edition"
ANOTHER_PARTNER = "another partner"


def difference(understanding: Understanding, events: Sequence[KnownEvent], place: PlaceLookup) -> str | None:
    """By what the text differs from each of the events that its original tells; None: it may be a copy."""
    main = understanding.facts.main
    if main is None or not events:
        return None
    named = frozenset(one.place_id for one in understanding.mentions if one.place_id)
    found = [_difference(main, event, understanding.facts.days, named, place) for event in events]
    return found[0] if all(found) else None


def _difference(
    main: Happening, event: KnownEvent, days: Sequence[DateRange], named: frozenset[str], place: PlaceLookup
) -> str | None:
    if _is_another_edition(main, event):
        return ANOTHER_EDITION
    if _is_another_day(main, event, days):
        return ANOTHER_DAY
    return ANOTHER_PARTNER if swaps_partner(main.participants, named, event, place) else None


def _is_another_edition(main: Happening, event: KnownEvent) -> bool:
    numbers = main.ordinal, event.ordinal
    is_meeting = EventKind.CONFERENCE in main.kinds and EventKind.CONFERENCE in event.kinds
    return is_meeting and None not in numbers and main.ordinal != event.ordinal


def _is_another_day(main: Happening, event: KnownEvent, days: Sequence[DateRange]) -> bool:
    if not (_is_told(main) and _is_told(event)) or main.when is None or event.when is None:
        return False
    known, tolerance = event.when, tolerance_days(main.kinds, event.kinds)
    return all(days_apart(one, known) > tolerance for one in (main.when, *days))


def _is_told(one: Happening | KnownEvent) -> bool:
    return one.when is not None and one.when.precision is Precision.DAY and not one.date_inferred
