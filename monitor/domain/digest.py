"""Compose a subscription's digest: what is new, what developed, what to expect, what to review, what was checked.

Pure: material, moment and words in, a frozen message out. Everything told once: new events by the event-change log,
expectations by the moment they come near or go by since the last digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.domain import digest_lines, digest_relations, watching
from monitor.domain.digest_coverage import coverage_sentences
from monitor.domain.digest_relations import LastingNews, Window
from monitor.domain.expectations import Prospects, prospects
from monitor.domain.headline import headline
from monitor.domain.model.digests import (
    Digest,
    DigestLine,
    DigestMaterial,
    DigestSection,
    ReviewItem,
    ToldEvent,
    Watch,
)
from monitor.domain.model.events import ChangeKind, KnownEvent
from monitor.domain.model.places import PlaceLookup
from monitor.domain.text import clean_line
from monitor.domain.wording import Wording

MAX_LINES = 200  # faults E17: what a person still reads, and what mail programs still show
MAX_REVIEW_LINES = 10  # design section 9: at most 10 a week go to review
MAX_SUBJECT_CHARS = 200  # faults E9
HISTORY_AFTER = timedelta(days=60)  # design section 7: older events are history, never an alert
# A week, less half a day: schedules are served some seconds late, and a week with a clock change has 167 hours.
SIGN_OF_LIFE_AFTER = timedelta(days=6, hours=12)
PLACES_IN_SUBJECT = 2


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The material of one digest, each event in exactly one place."""

    new: tuple[ToldEvent, ...]
    developed: tuple[ToldEvent, ...]
    history: tuple[ToldEvent, ...]
    expected: Prospects
    review: tuple[ReviewItem, ...]
    repeated: tuple[ToldEvent, ...]  # further reports only
    lasting: LastingNews

    @property
    def has_news(self) -> bool:
        return bool(self.new or self.developed or self.history or self.expected.near or self.expected.gone_by)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every part of composing looks at."""

    material: DigestMaterial
    now: datetime
    wording: Wording
    place: PlaceLookup

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.material.subscription.data.time_zone)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def since(self) -> datetime:
        subscription = self.material.subscription
        return subscription.last_composed_at or subscription.created_at

    @property
    def window(self) -> Window:
        return Window(self.material.subscription.last_composed_at, self.now, self.zone)

    def headline(self, event: KnownEvent) -> str:
        return headline(event, self.wording, self.place)


def compose(material: DigestMaterial, now: datetime, wording: Wording, place: PlaceLookup) -> Digest | None:
    """The digest of this window; None: nothing to say and no sign of life due yet.

    Further reports on known events are counted; they alone are no reason to write. `has_news` says that an event is
    told (new, developed, learnt late, expected); a digest that only asks for review or is a sign of life has none.
    """
    desk = _Desk(material, now, wording, place)
    found = _sort(desk)
    if not (found.has_news or found.review or found.lasting.is_anything or _sign_of_life_due(desk)):
        return None
    subscription = material.subscription
    return Digest(
        subscription_id=subscription.id,
        subscription_key=subscription.data.key,
        language=wording.language,
        after_seq=subscription.last_seq,
        to_seq=material.to_seq,
        due_at=subscription.due_at,
        composed_at=now,
        subject=_subject(found, desk),
        intro=_intro(found, desk),
        sections=tuple(_within_limit(_sections(found, desk), wording)),
        coverage=(
            *coverage_sentences(material.coverage, found.repeated, desk.zone, wording),
            *digest_relations.silence_sentence(material.lasting, wording),
        ),
        has_news=found.has_news,
    )


def _sign_of_life_due(desk: _Desk) -> bool:
    return desk.material.subscription.data.sign_of_life and desk.now - desk.since >= SIGN_OF_LIFE_AFTER


# ---------------------------------------------------------------- sorting


def _sort(desk: _Desk) -> _Sorted:
    material, watches = desk.material, desk.material.subscription.data.watches
    wanted = [told for told in material.events if watching.concerns(watches, told, desk.place)]
    new = [told for told in wanted if is_new(told)]
    developed = [told for told in wanted if not is_new(told) and digest_lines.has_developed(told)]
    repeated = [told for told in wanted if not is_new(told) and digest_lines.has_further_reports(told)]
    told_ids = {told.event.id for told in (*new, *developed)}
    expected = [
        event
        for event in material.expected
        if event.id not in told_ids and watching.concerns(watches, _untold(event), desk.place)
    ]
    return _Sorted(
        new=tuple(told for told in new if not is_history(told, desk.today)),
        developed=tuple(told for told in developed if not is_history(told, desk.today)),
        history=tuple(told for told in (*new, *developed) if is_history(told, desk.today)),
        expected=prospects(expected, material.subscription.last_composed_at, desk.now, desk.zone),
        review=tuple(item for item in material.review if watching.may_concern(watches, item)),
        repeated=tuple(told for told in repeated if told.event.id not in told_ids),
        lasting=digest_relations.lasting_news(material.lasting, watches, desk.window, desk.place),
    )


def is_new(told: ToldEvent) -> bool:
    """An event that this window opened aloud; those of seeds and baselines were known, they can only develop."""
    opened = [change for change in told.changes if change.kind in (ChangeKind.OPENED, ChangeKind.SPLIT)]
    return not told.told_before and any(change.announce for change in opened)


def is_history(told: ToldEvent, today: date) -> bool:
    """Whether it lies so far back that it is no alert: by its own date, else by the newest report's."""
    published = [report.published_on for report in told.reports if report.published_on is not None]
    last_day = told.event.when.ends_on if told.event.when is not None else max(published, default=today)
    return today - last_day > HISTORY_AFTER


def _untold(event: KnownEvent) -> ToldEvent:
    return ToldEvent(event, (), (), scope="", told_before=True)


# ---------------------------------------------------------------- writing


def _sections(found: _Sorted, desk: _Desk) -> Iterator[DigestSection]:
    say, wording, place = desk.wording.say, desk.wording, desk.place
    known = {told.event.id: told.event for told in desk.material.events}
    known |= {event.id: event for event in desk.material.expected}

    def lines(events: Iterable[ToldEvent]) -> tuple[DigestLine, ...]:
        return tuple(_event_line(told, known, desk) for told in events)

    yield DigestSection("new", say("New events"), lines(_by_date(found.new)))
    yield DigestSection("developments", say("Developments"), lines(_by_date(found.developed)))
    yield DigestSection("history", say("Past events, learnt only now"), lines(_by_date(found.history)))
    reckoned = digest_relations.expectation_lines(found.lasting, wording, place)
    yield DigestSection("expectations", say("Expected"), (*_prospect_lines(found.expected, desk), *reckoned))
    yield DigestSection("silence", say("Quiet for long"), digest_relations.silence_lines(found.lasting, wording))
    yield DigestSection("proposals", say("To confirm"), digest_relations.proposal_lines(found.lasting, wording))
    review = [digest_lines.review_line(item, wording) for item in found.review[:MAX_REVIEW_LINES]]
    if len(found.review) > MAX_REVIEW_LINES:
        review.append(_and_more(len(found.review) - MAX_REVIEW_LINES, wording))
    yield DigestSection("review", say("To review: not certain to be about a relation"), tuple(review))
    context = digest_relations.context_lines(found.lasting, wording)
    yield DigestSection("context", say("Context: what headlines tell of watched places beside any relation"), context)


def _event_line(told: ToldEvent, known: Mapping[str, KnownEvent], desk: _Desk) -> DigestLine:
    line = digest_lines.event_line(told, known, desk.wording, desk.place)
    more = digest_relations.via_details(told, desk.material.subscription.data.watches, desk.wording, desk.place)
    return replace(line, details=(*line.details, *more)) if more else line


def _by_date(events: Iterable[ToldEvent]) -> list[ToldEvent]:
    """Newest first, undated ones last; the order of the log decides between events of one day."""
    return sorted(
        events,
        key=lambda told: (told.event.when.starts_on if told.event.when else date.min, -told.changes[0].seq),
        reverse=True,
    )


def _prospect_lines(expected: Prospects, desk: _Desk) -> tuple[DigestLine, ...]:
    wording = desk.wording
    near = [
        DigestLine(
            desk.headline(event), digest_lines.waiting_details(event, desk.today, wording), (), event.id, event.when
        )
        for event in expected.near
    ]
    gone_by = [
        DigestLine(
            desk.headline(event),
            (wording.say("The date has passed and no report has been found: put off, missed or not written about."),),
            (),
            event.id,
            event.when,
        )
        for event in expected.gone_by
    ]
    return tuple(near + gone_by)


def _within_limit(sections: Iterable[DigestSection], wording: Wording) -> Iterator[DigestSection]:
    """Sections that have lines, in all at most `MAX_LINES` of them; each cut one ends with how many were left out."""
    filled = [section for section in sections if section.lines]
    room = MAX_LINES
    for index, section in enumerate(filled):
        allowed = room - (len(filled) - index - 1)  # every later section may say at least how much it holds
        lines = section.lines
        if len(lines) > allowed:
            lines = (*lines[: allowed - 1], _and_more(len(lines) - allowed + 1, wording))
        room -= len(lines)
        yield DigestSection(section.key, section.title, lines)


def _and_more(number: int, wording: Wording) -> DigestLine:
    return DigestLine(wording.count("and {n} more", "and {n} more", number), (), ())


def _subject(found: _Sorted, desk: _Desk) -> str:
    what = _what(found, desk.wording) or desk.wording.say("No news")
    where = _watched_places(desk.material.subscription.data.watches, desk.wording)
    when = desk.wording.day(desk.today)
    if where:
        subject = desk.wording.say("{what} – {where}, {when}", what=what, where=where, when=when)
    else:
        subject = desk.wording.say("{what} – {when}", what=what, when=when)
    return clean_line(subject, MAX_SUBJECT_CHARS)


def _what(found: _Sorted, wording: Wording) -> str:
    count = wording.count
    near = len(found.expected.near) + len(found.lasting.reckoned)
    overdue = len(found.expected.gone_by) + len(found.lasting.missed)
    parts = (
        (len(found.new), count("{n} new event", "{n} new events", len(found.new))),
        (len(found.developed), count("{n} development", "{n} developments", len(found.developed))),
        (len(found.history), count("{n} past event", "{n} past events", len(found.history))),
        (near, count("{n} expected event", "{n} expected events", near)),
        (overdue, count("{n} overdue", "{n} overdue", overdue)),
        (len(found.review), count("{n} to review", "{n} to review", len(found.review))),
    )
    shown = [text for number, text in parts if number]
    text = shown[0] if shown else ""
    for part in shown[1:]:
        text = wording.say("{first}, {second}", first=text, second=part)
    return text


def _watched_places(watches: Sequence[Watch], wording: Wording) -> str:
    names = sorted({wording.place(one) for watch in watches for one in watch.places}, key=str.casefold)
    if len(names) > PLACES_IN_SUBJECT:
        more = len(names) - PLACES_IN_SUBJECT
        names = [*names[:PLACES_IN_SUBJECT], wording.count("{n} more", "{n} more", more)]
    return wording.join(names)


def _intro(found: _Sorted, desk: _Desk) -> str:
    since = desk.wording.day(desk.since.astimezone(desk.zone).date())
    coverage = desk.material.coverage
    if found.has_news:
        return desk.wording.say("What has become known since {day}.", day=since)
    if coverage.checked == 0:
        return desk.wording.say(
            "No news since {day}, but no source could be checked: this silence says nothing.", day=since
        )
    return desk.wording.say("No news since {day}. See below what was checked.", day=since)
