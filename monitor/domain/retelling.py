"""Whether an edited article still tells the event that its earlier revision told, and what it corrects of it."""

from __future__ import annotations

from dataclasses import replace

from monitor.domain.linking import EXPECTATION_SLIP_DAYS, days_apart, swaps_partner
from monitor.domain.model.events import EventKind, Happening, KnownEvent
from monitor.domain.model.places import PlaceLookup

# A corrected or postponed day lies near the one first told; one further away is another event's: pages of a yearly
# meeting are written anew at one address.
CORRECTION_DAYS = EXPECTATION_SLIP_DAYS


def still_tells(happening: Happening, event: KnownEvent, place: PlaceLookup) -> bool:
    """Whether nothing the article now says is at odds with the event; an edit may say less, or correct the day."""
    return not (
        _is_another_edition(happening, event)
        or swaps_partner(happening.participants, happening.participants, event, place)
        or _is_of_another_time(happening, event)
        or _is_an_end(happening) is not _is_an_end(event)
    )


def _is_another_edition(happening: Happening, event: KnownEvent) -> bool:
    return None not in (happening.ordinal, event.ordinal) and happening.ordinal != event.ordinal


def _is_of_another_time(happening: Happening, event: KnownEvent) -> bool:
    if happening.when is None or event.when is None or happening.date_inferred or event.date_inferred:
        return False
    return days_apart(happening.when, event.when) > CORRECTION_DAYS


def _is_an_end(told: Happening | KnownEvent) -> bool:
    return EventKind.AGREEMENT_ENDED in told.kinds


def corrected(merged: Happening, told: Happening, event: KnownEvent) -> Happening:
    """The event with the day that its only report, once edited, now tells; what a person set stays."""
    if told.when is None or told.date_inferred or "when" in event.pins:
        return merged
    return replace(merged, when=told.when, date_inferred=False, yearless=None)
