"""The lines of a digest: an event with what is known of it, how surely, and who reported it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from monitor.domain.headline import MAX_NAMED_TOGETHER, headline, in_order, main_kind
from monitor.domain.independence import OFFICIALLY, standing
from monitor.domain.model.digests import DigestLine, ReportLink, ReviewItem, ToldEvent
from monitor.domain.model.events import (
    ChangeKind,
    DateRange,
    EventChange,
    EventKind,
    EventStatus,
    KnownEvent,
    Precision,
)
from monitor.domain.model.places import PlaceLookup
from monitor.domain.model.reports import Standing
from monitor.domain.text import clean_line
from monitor.domain.wording import KIND_WORDS, STATUS_WORDS, Wording, message

MAX_REPORTS = 5  # linked for each event; the rest is counted
MAX_PARTICIPANTS = 12  # named for each event
MAX_TITLE_CHARS = 200
MAX_SOURCE_CHARS = 80

_OFFICIALLY_CONFIRMED = message("Now confirmed by an official source.")
_INDEPENDENTLY_CONFIRMED = message("Now confirmed by independent reports.")
_FURTHER = frozenset({ChangeKind.REPORT, ChangeKind.LANGUAGE})
_PERIOD_CHANGES = frozenset({ChangeKind.STATUS, ChangeKind.DATE, ChangeKind.PARTICIPANTS, ChangeKind.KINDS})


def event_line(told: ToldEvent, known: Mapping[str, KnownEvent], wording: Wording, place: PlaceLookup) -> DigestLine:
    """An event as the digest tells it; `known` gives the headlines of events it refers to."""
    event = told.event
    attested = standing(event, told.origins, place)
    details = [
        *(text for _, text in (developments(told, wording) if told.told_before or not _was_opened(told) else ())),
        *_facts(event, wording, place),
        *_certainty(told, attested, known, wording, place),
        *_reporting(told, attested, wording),
    ]
    return DigestLine(
        headline=headline(event, wording, place),
        details=tuple(details),
        reports=_chosen(told.reports, wording.language),
        event_id=event.id,
        when=event.when,
    )


def review_line(item: ReviewItem, wording: Wording) -> DigestLine:
    """An uncertain article: the reader decides by its title."""
    percent = round(100 * item.score)
    report = ReportLink(item.article_id, item.title, item.url, item.source_name, item.language, None)
    return DigestLine(wording.say("Perhaps news ({percent} %)", percent=percent), (), (_shown(report),))


def waiting_details(event: KnownEvent, today: date, wording: Wording) -> tuple[str, ...]:
    """How long it still is to an expected event."""
    if event.when is None or event.when.precision is not Precision.DAY or event.when.starts_on < today:
        return ()
    days = (event.when.starts_on - today).days
    return (wording.say("today") if days == 0 else wording.count("in {n} day", "in {n} days", days),)


# ---------------------------------------------------------------- what changed


def has_developed(told: ToldEvent) -> bool:
    """Whether the event itself moved on, not only its press."""
    return bool(_net_changes(told))


def has_further_reports(told: ToldEvent) -> bool:
    """Whether new reports or a new language came in."""
    return any(change.announce and change.kind in _FURTHER for change in told.changes)


def further_reports(told: ToldEvent) -> int:
    """How many reports came in; a first report in a language is logged beside its report and not counted twice."""
    kinds = [change.kind for change in told.changes if change.announce]
    return max(kinds.count(ChangeKind.REPORT), kinds.count(ChangeKind.LANGUAGE))


def _was_opened(told: ToldEvent) -> bool:
    return any(change.kind is ChangeKind.OPENED and change.announce for change in told.changes)


def _net_changes(told: ToldEvent) -> list[EventChange]:
    """One change a kind, from before the window to its end; what came back to where it was is none."""
    by_kind: dict[ChangeKind, EventChange] = {}
    for change in sorted(told.changes, key=lambda one: one.seq):
        if change.announce and change.kind not in _FURTHER and change.kind is not ChangeKind.OPENED:
            first = by_kind.get(change.kind, change)
            by_kind[change.kind] = replace(change, before=first.before)
    return [one for one in by_kind.values() if one.kind not in _PERIOD_CHANGES or one.before != one.after]


def developments(told: ToldEvent, wording: Wording) -> Iterator[tuple[EventChange, str]]:
    """What changed from before the window to its end, each with the last line of the log that says so."""
    for change in _net_changes(told):
        for text in _development(change, wording):
            yield change, text
    for change in told.changes:
        if change.announce and change.kind is ChangeKind.LANGUAGE:
            yield change, wording.say("First report in {language}.", language=wording.language_name(change.after))


def _development(change: EventChange, wording: Wording) -> Iterator[str]:
    match change.kind:
        case ChangeKind.STATUS:
            before, after = (_status_word(one, wording) for one in (change.before, change.after))
            yield wording.say("Status: {before} → {after}", before=before, after=after)
        case ChangeKind.DATE:
            yield _date_change(change, wording)
        case ChangeKind.PARTICIPANTS:
            yield from _joined_and_left(change, wording)
        case ChangeKind.KINDS:
            added = _listed(change.after) - _listed(change.before)
            words = [wording.say(KIND_WORDS[EventKind(one)]) for one in sorted(added & set(EventKind))]
            if words:
                yield wording.say("Now also: {kinds}", kinds=wording.join(words))
        case ChangeKind.MERGED:
            yield wording.say("Two events turned out to be one.")
        case ChangeKind.SPLIT:
            yield wording.say("Taken for a part of another event before.")
        case ChangeKind.EDITED:
            yield wording.say("Corrected by a person.")
        case ChangeKind.CONFIRMED:
            is_official = change.after == OFFICIALLY
            yield wording.say(_OFFICIALLY_CONFIRMED if is_official else _INDEPENDENTLY_CONFIRMED)
        case _:
            yield wording.say("The date has passed and no report has been found: put off, missed or not written about.")


def _status_word(value: str, wording: Wording) -> str:
    return wording.say(STATUS_WORDS[EventStatus(value)]) if value in set(EventStatus) else value


def _date_change(change: EventChange, wording: Wording) -> str:
    before, after = read_period(change.before), read_period(change.after)
    if after is None:
        return wording.say("The date is open again.")
    if before is None:
        return wording.say("Date now known: {after}", after=wording.period(after))
    return wording.say("Date: {before} → {after}", before=wording.period(before), after=wording.period(after))


def _joined_and_left(change: EventChange, wording: Wording) -> Iterator[str]:
    """`before` and `after` are place ids in a row, parted by commas or blanks."""
    before, after = _listed(change.before), _listed(change.after)
    if after - before:
        yield wording.say("New participants: {names}", names=_names(sorted(after - before), wording))
    if before - after:
        yield wording.say("No longer named: {names}", names=_names(sorted(before - after), wording))


def _listed(text: str) -> set[str]:
    return {one for one in re.split(r"[,\s]+", text) if one}


def read_period(text: str) -> DateRange | None:
    """The days of a change's text (ISO 8601: a day, or "start/end"); whole months and years are taken as such."""
    first, _, last = text.partition("/")
    try:
        starts_on, ends_on = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None
    whole = starts_on.day == 1 and ends_on.day == calendar.monthrange(ends_on.year, ends_on.month)[1]
    if whole and (starts_on.month, ends_on.month) == (1, 12):
        return DateRange(starts_on, ends_on, Precision.YEAR)
    return DateRange(starts_on, ends_on, Precision.MONTH if whole else Precision.DAY)


# ---------------------------------------------------------------- what is known, how surely, by whom


def _facts(event: KnownEvent, wording: Wording, place: PlaceLookup) -> Iterator[str]:
    """What the headline leaves out."""
    main = main_kind(event)
    implied = {main, EventKind.AGREEMENT_INTENT} if main is EventKind.AGREEMENT_SIGNED else {main}
    others = [kind for kind in event.kinds if kind not in implied]
    if others:
        yield wording.say("Also: {kinds}", kinds=wording.join([wording.say(KIND_WORDS[kind]) for kind in others]))
    if len(event.participants) > MAX_NAMED_TOGETHER:
        names = _names(in_order(event, wording, place), wording)
        yield wording.say("Participants: {names}", names=names)
    elif event.host_id in event.participants and len(event.participants) > 1:
        yield wording.say("Place: {place}", place=wording.place(event.host_id or ""))


def _names(place_ids: Sequence[str], wording: Wording) -> str:
    names = [wording.place(one) for one in place_ids[:MAX_PARTICIPANTS]]
    more = len(place_ids) - MAX_PARTICIPANTS
    return wording.join([*names, wording.count("{n} more", "{n} more", more)] if more > 0 else names)


def _certainty(
    told: ToldEvent, attested: Standing, known: Mapping[str, KnownEvent], wording: Wording, place: PlaceLookup
) -> Iterator[str]:
    if not attested.is_confirmed and told.origins:
        yield wording.say("Unconfirmed: one report so far, and no official word.")
    if told.event.date_inferred:
        yield wording.say("The date is taken from the day the report was published.")
    if told.perhaps_same_as is not None:
        yield wording.say("Perhaps the same as: {event}", event=_reference(told.perhaps_same_as, known, wording, place))
    if told.event.part_of is not None and told.event.part_of in known:
        yield wording.say("Part of: {event}", event=_reference(told.event.part_of, known, wording, place))


def _reference(event_id: str, known: Mapping[str, KnownEvent], wording: Wording, place: PlaceLookup) -> str:
    """An event by its headline where the digest's material holds it, else by its id."""
    event = known.get(event_id)
    return headline(event, wording, place) if event is not None else wording.say("event {id}", id=event_id)


def _reporting(told: ToldEvent, attested: Standing, wording: Wording) -> Iterator[str]:
    """Who reports it; copies of one text are no reports of their own."""
    if len(told.reports) + attested.copies < 2:
        return
    codes = dict.fromkeys(report.language for report in told.reports if report.language)
    languages = wording.join([wording.language_name(code) for code in codes])
    if languages:
        number = attested.independent or len(told.reports)
        reports = wording.count(
            "{n} report, in {languages}", "{n} reports, in {languages}", number, languages=languages
        )
        copies = wording.count("{n} copy", "{n} copies", attested.copies)
        yield wording.say("{first}, {second}", first=reports, second=copies) if attested.copies else reports


def _chosen(reports: Sequence[ReportLink], language: str) -> tuple[ReportLink, ...]:
    """The links shown: those the reader can read first, then the newest."""
    ordered = sorted(reports, key=lambda report: report.language != language)
    return tuple(_shown(report) for report in ordered[:MAX_REPORTS])


def _shown(report: ReportLink) -> ReportLink:
    """Titles and names come from outside: one clean line each."""
    return replace(
        report,
        title=clean_line(report.title, MAX_TITLE_CHARS),
        source_name=clean_line(report.source_name, MAX_SOURCE_CHARS),
    )
