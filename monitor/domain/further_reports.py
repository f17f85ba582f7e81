"""What a further report changes of a known event: its facts afterwards, and what of it is told as a development."""

from __future__ import annotations

from dataclasses import replace

from monitor.domain.event_facts import as_happening, period, respecting_pins
from monitor.domain.model.articles import (
    Origin,
    Understanding,
)
from monitor.domain.model.events import (
    EXPECTED,
    ChangeIntent,
    ChangeKind,
    EventKind,
    EventOrigin,
    EventStatus,
    Happening,
    KnownEvent,
    Precision,
)


def merged_facts(event: KnownEvent, told: Happening) -> Happening:
    """The event as it stands after one more report, or once another event turned out to be the same: what was known
    stays, and what a person set; what was open or vaguer is filled in.
    """
    before = as_happening(event)
    sharper = _is_sharper(before, told)
    merged = replace(
        before,
        kinds=_kinds_after(before.kinds, told.kinds),
        participants=_participants_after(before.participants, told),
        host_id=before.host_id or told.host_id,
        when=told.when if sharper else before.when,
        date_inferred=told.date_inferred if sharper else before.date_inferred,
        yearless=before.yearless or told.yearless,
        status=_status_after(before.status, told.status),
        ordinal=before.ordinal if before.ordinal is not None else told.ordinal,
        series_key=before.series_key or told.series_key,
        countries=told.countries,
        sentence=told.sentence,
        evidence=told.evidence,
    )
    return respecting_pins(event.pins, before, merged)


_COUNTRY = "country-"  # begins the ids of countries, see `model.places.Place`


def _participants_after(before: frozenset[str], told: Happening) -> frozenset[str]:
    """The known participants; a country that stood for places of it nobody had named gives way to those now told."""
    vague = {one for one in before if one.startswith(_COUNTRY) and one not in told.participants}
    named = {one for one in vague if one.removeprefix(_COUNTRY).upper() in told.countries}
    if not named or len(told.participants) < 2:
        return before
    return (before - named) | told.participants


def _kinds_after(before: tuple[EventKind, ...], told: tuple[EventKind, ...]) -> tuple[EventKind, ...]:
    """The known kinds with new ones behind; a reaction that was heard first gives way to what it answers."""
    more = tuple(kind for kind in told if kind not in before)[:2]
    if before[0] is EventKind.STATEMENT and told[0] is not EventKind.STATEMENT:
        return tuple(dict.fromkeys((told[0], *before, *more)))
    return before + more


_PRECISION = {Precision.DAY: 2, Precision.MONTH: 1, Precision.YEAR: 0}


def _is_sharper(before: Happening, told: Happening) -> bool:
    """Whether the report's date replaces the known one: none known, known only by inference, vaguer, or moved."""
    if told.when is None or told.date_inferred:
        return before.when is None
    if before.when is None or before.date_inferred:
        return True
    if _PRECISION[told.when.precision] != _PRECISION[before.when.precision]:
        return _PRECISION[told.when.precision] > _PRECISION[before.when.precision]
    if before.status not in EXPECTED or told.when == before.when:
        return False
    return told.status not in EXPECTED or _is_put_off(before, told)


def _is_put_off(before: Happening, told: Happening) -> bool:
    """Whether an announcement moves another one: it says so, or gives the same edition a later day. An earlier day is
    most likely told by an older article.
    """
    if before.when is None or told.when is None:
        return False
    is_edition = told.ordinal is not None and (told.ordinal, told.series_key) == (before.ordinal, before.series_key)
    return told.status is EventStatus.POSTPONED or (is_edition and told.when.starts_on > before.when.starts_on)


_RANK = {
    EventStatus.THREATENED: 0,
    EventStatus.PROPOSED: 1,
    EventStatus.APPROVED: 2,
    EventStatus.ANNOUNCED: 3,
    EventStatus.POSTPONED: 4,
    EventStatus.DENIED: 4,
    EventStatus.HAPPENED: 5,
    EventStatus.CANCELLED: 5,
}


def _status_after(before: EventStatus, told: EventStatus) -> EventStatus:
    """A later step of the life cycle replaces an earlier one; a late report of an earlier step changes nothing."""
    return told if _RANK[told] > _RANK[before] else before


def developments(
    event: KnownEvent, merged: Happening, understanding: Understanding, is_main: bool
) -> tuple[ChangeIntent, ...]:
    """What this report adds to what was known; told only where the event itself moved on, or for news in a new
    language.
    """
    article = understanding.article
    announce = is_main and not article.baseline and article.origin is not Origin.SEED and not event.is_closed
    changes: list[ChangeIntent] = []
    if merged.status is not event.status:
        changes.append(ChangeIntent(ChangeKind.STATUS, announce, event.status.value, merged.status.value))
    if merged.when is not None and merged.when != event.when:
        changes.append(ChangeIntent(ChangeKind.DATE, announce, period(event.when), period(merged.when)))
    fresh = announce and event.origin in (EventOrigin.NEWS, EventOrigin.HAND)
    if merged.participants != event.participants:
        known, now = (" ".join(sorted(one.participants)) for one in (event, merged))
        changes.append(ChangeIntent(ChangeKind.PARTICIPANTS, announce, known, now))
    changes.append(ChangeIntent(ChangeKind.REPORT, fresh, after=article.source.key))
    if article.language and article.language not in event.languages:
        changes.append(ChangeIntent(ChangeKind.LANGUAGE, fresh, after=article.language))
    return tuple(changes)
