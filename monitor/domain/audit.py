"""What the archive missed: past events that retrospectives name, matched with what it knows, with the probable cause.

Pure: the retrospectives are read, and the archive is asked, by `pipeline.audit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from monitor.domain import linking
from monitor.domain.completeness import completeness
from monitor.domain.linking import Candidate
from monitor.domain.model.articles import Label
from monitor.domain.model.audit import (
    Archived,
    AuditReport,
    Cause,
    Ground,
    Naming,
    Passed,
    Recalled,
    Retrospective,
    SourceThen,
)
from monitor.domain.model.events import (
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Happening,
    KnownEvent,
    Precision,
)
from monitor.domain.model.places import PlaceKind, PlaceLookup
from monitor.domain.places import covers
from monitor.domain.retrospect import PastEvent

# An event is written about for so long: an article of these days may be on it, a source in trouble then missed it.
WRITTEN_ABOUT = timedelta(days=linking.REPORT_LAG_DAYS)
# Of a month or year only a trouble of this length makes it likely that it was the reason.
LONG_TROUBLE = timedelta(days=14)

_AGREEMENTS = frozenset({EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_RENEWED})


def naming(event: PastEvent, text: Retrospective) -> Recalled:
    """A past event as one text names it."""
    named = Naming(text.article_id, text.url, text.title, event.sentence, event.start, event.end)
    return Recalled(event.participants, event.kinds, event.when, (named,))


def gathered(namings: Iterable[Recalled], place: PlaceLookup) -> tuple[Recalled, ...]:
    """Each past event once with all the places where it is named, by date; the sharpest date stands."""
    found: list[Recalled] = []
    for one in sorted(namings, key=_sharpest_first):
        same = next((at for at, known in enumerate(found) if _same(one, as_event(known), place)), None)
        if same is None:
            found.append(one)
        else:
            found[same] = replace(found[same], namings=found[same].namings + one.namings)
    return tuple(sorted(found, key=lambda one: (one.when.starts_on, sorted(one.participants))))


_SHARPNESS = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 2}


def _sharpest_first(one: Recalled) -> tuple[int, date, list[str]]:
    return _SHARPNESS[one.when.precision], one.when.starts_on, sorted(one.participants)


def as_event(one: Recalled, event_id: str = "") -> KnownEvent:
    """The past event as if the archive knew it."""
    return KnownEvent(
        id=event_id,
        kinds=one.kinds,
        participants=one.participants,
        host_id=None,
        when=one.when,
        status=EventStatus.HAPPENED,
        ordinal=None,
        series_key=None,
        origin=EventOrigin.NEWS,
        title="",
    )


def _same(one: Recalled, event: KnownEvent, place: PlaceLookup) -> bool:
    """Whether an event is the past one: by the rules of linking down to their grey zone, for a retrospective says
    little. Where only the year is told, the event must be of its kind: a pair does more than one thing a year.
    """
    happening = Happening(one.kinds, one.participants, None, one.when, EventStatus.HAPPENED)
    candidate = Candidate(happening, frozenset(), frozenset(), None)
    if linking.match(candidate, event, place) is None:
        return False
    is_vague = Precision.YEAR in (
        one.when.precision,
        event.when.precision if event.when is not None else Precision.YEAR,
    )
    ours, theirs = set(one.kinds), set(event.kinds)
    return not is_vague or bool(ours & theirs) or bool(ours & _AGREEMENTS and theirs & _AGREEMENTS)


# ---------------------------------------------------------------- known or missed


def judged(
    one: Recalled, archived: Sequence[Archived], passed: Sequence[Passed], ground: Ground, place: PlaceLookup
) -> Recalled:
    """The past event with the event of the archive that it is, or with why there is none."""
    alike = [known for known in archived if _same(one, known.event, place)]
    live = next((known for known in alike if known.merged_into is None and not known.event.is_closed), None)
    if live is not None:
        return replace(one, event_id=live.event.id)
    cause, detail = _cause(one, alike, passed, ground, place)
    return replace(one, cause=cause, detail=detail)


def _cause(
    one: Recalled, alike: Sequence[Archived], passed: Sequence[Passed], ground: Ground, place: PlaceLookup
) -> tuple[Cause, str]:
    for known in alike:
        if known.merged_into is not None:
            return Cause.MERGED, f"{known.event.id} went into {known.merged_into}"
    if alike:
        return Cause.DISMISSED, alike[0].event.id
    dropped = next((article for article in passed if _may_tell(article, one, place)), None)
    if dropped is not None:
        return Cause.JUDGED_IRRELEVANT, f"article {dropped.article_id} ({dropped.label.value}): {dropped.title}"
    if ground.began_on is None or one.when.ends_on < ground.began_on:
        return Cause.BEFORE_ARCHIVE, ""
    near = [source for source in ground.sources if _covers(source, one, place)]
    followed = [source for source in near if source.added_on <= one.when.ends_on + WRITTEN_ABOUT]
    if not followed:
        return Cause.NO_SOURCE, ", ".join(f"{source.name} since {source.added_on}" for source in near[:1])
    troubled = next((said for source in followed if (said := _trouble(source, one.when))), None)
    if troubled is not None:
        return Cause.FETCH_FAILED, troubled
    return Cause.NOT_REPORTED, ", ".join(source.name for source in followed[:3])


def _may_tell(article: Passed, one: Recalled, place: PlaceLookup) -> bool:
    """Whether an article of those days names both sides; background that looks back itself is none."""
    if article.published_on is None or article.label is Label.EVENT:
        return False
    first, last = one.when.starts_on - timedelta(days=1), one.when.ends_on + WRITTEN_ABOUT
    if not first <= article.published_on <= last:
        return False
    if article.article_id in {named.article_id for named in one.namings}:
        return False
    sides = {_country(named, place) for named in one.participants if _is_named(named, article.place_ids, place)}
    return len(sides) >= 2


def _country(place_id: str, place: PlaceLookup) -> str:
    entry = place(place_id)
    return entry.country if entry is not None else place_id


def _is_named(place_id: str, named: frozenset[str], place: PlaceLookup) -> bool:
    entry = place(place_id)
    return place_id in named or (entry is not None and entry.seat_id in named)


def _covers(source: SourceThen, one: Recalled, place: PlaceLookup) -> bool:
    """Whether a source speaks for or reports on a place of the event, or on what it lies in below the country."""
    speaker = place(source.place_id) if source.place_id is not None else None
    if speaker is None or speaker.kind is PlaceKind.COUNTRY:
        return False
    entries = [entry for place_id in one.participants if (entry := place(place_id)) is not None]
    return any(covers(speaker, entry, place) for entry in entries)


def _trouble(source: SourceThen, when: DateRange) -> str:
    """What kept a source from being read in the days when the event was written about; "": nothing."""
    first, last = when.starts_on, when.ends_on + WRITTEN_ABOUT
    least = timedelta(0) if when.precision is Precision.DAY else LONG_TROUBLE
    for trouble in source.troubles:
        overlap = min(trouble.until or last, last) - max(trouble.since, first)
        if overlap >= least:
            return f"{source.name}: {trouble.health} since {trouble.since}"
    return ""


# ---------------------------------------------------------------- the report


def report(recalled: Sequence[Recalled], read: int, ground: Ground, archived: int) -> AuditReport:
    """The findings; `archived` counts the events of the archive since it began that could have been named."""
    since = [one for one in recalled if ground.began_on is not None and one.when.starts_on >= ground.began_on]
    found = sum(one.event_id is not None for one in since)
    return AuditReport(
        read=read,
        began_on=ground.began_on,
        found=tuple(one for one in recalled if one.event_id is not None),
        missed=tuple(one for one in recalled if one.event_id is None),
        completeness=completeness(len(since), found, max(archived, found)),
        recalled_since=len(since),
    )
