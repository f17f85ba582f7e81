"""What a digest says of what lasts: what is reckoned with, silence, proposals, and context beside any relation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.domain import watching
from monitor.domain.headline import headline
from monitor.domain.model.digests import ContextReport, DigestLine, Lasting, ReportLink, ToldEvent, Watch
from monitor.domain.model.events import EventOrigin, EventStatus, KnownEvent
from monitor.domain.model.partnerships import (
    Basis,
    ClaimField,
    ContextKind,
    Expectation,
    ExpectationState,
    PartnershipData,
)
from monitor.domain.model.places import PlaceLookup
from monitor.domain.months import months_after
from monitor.domain.partnerships import DORMANT_AFTER_MONTHS, dormant_since
from monitor.domain.text import clean_line
from monitor.domain.wording import Wording, message

RECKONED_AHEAD = timedelta(days=90)  # nobody has announced it: there is still time to ask, or to invite
MAX_NAMED = 5  # partnerships in the sentence on silence
MAX_PLACES = 6  # of one partnership
MAX_PROPOSALS = 5  # named: what a person decides at a sitting; the rest is counted
LIST_PROPOSED = "monitor partnership list --state proposed"
MAX_CONTEXT_REPORTS = 3  # linked for each kind at each place; the rest is counted
MAX_CONTEXT_LINES = 10
MAX_TITLE_CHARS = 200

CONTEXT_WORDS = {
    ContextKind.MAYOR: message("change of mayor"),
    ContextKind.DISASTER: message("disaster"),
    ContextKind.ATTACK: message("attack"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """Between which moments a digest tells; `since` is None for a first one."""

    since: datetime | None
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The reader's day."""
        return self.now.astimezone(self.zone).date()

    def holds(self, day: date) -> bool:
        """Whether a day begins in the window; of a first digest, whether it has begun."""
        begins = datetime.combine(day, time.min, self.zone)
        return begins <= self.now and (self.since is None or begins > self.since)


@dataclass(frozen=True, slots=True)
class LastingNews:
    """What of it a digest tells, each thing once."""

    reckoned: tuple[Expectation, ...] = ()
    missed: tuple[Expectation, ...] = ()
    silent: tuple[tuple[PartnershipData, date], ...] = ()  # with the last day that anything was reported of
    proposed: tuple[PartnershipData, ...] = ()
    context: tuple[ContextReport, ...] = ()

    @property
    def is_anything(self) -> bool:
        """Whether a digest is to be written for it."""
        return bool(self.reckoned or self.missed or self.silent or self.proposed or self.context)


def lasting_news(lasting: Lasting, watches: Sequence[Watch], window: Window, place: PlaceLookup) -> LastingNews:
    """What falls into the window and concerns the watches."""
    wanted = [one for one in lasting.expectations if watching.concerns(watches, _untold(as_event(one)), place)]
    return LastingNews(
        reckoned=tuple(one for one in wanted if _comes_near(one, window)),
        missed=tuple(one for one in wanted if _went_by(one, window)),
        silent=tuple(_silent(lasting, window)),
        proposed=tuple(_likeliest_first(lasting, watches, place)),
        context=tuple(one for one in lasting.context if _is_asked_for(one, watches)),
    )


def _comes_near(expectation: Expectation, window: Window) -> bool:
    """Within `RECKONED_AHEAD` of its first day and not over; one reckoned later comes near then."""
    when = expectation.expected.when
    if expectation.state is not ExpectationState.OPEN or when.ends_on < window.today:
        return False
    near_at = datetime.combine(when.starts_on - RECKONED_AHEAD, time.min, window.zone)
    near_at = max(near_at, expectation.computed_at)
    return near_at <= window.now and (window.since is None or near_at > window.since)


def _went_by(expectation: Expectation, window: Window) -> bool:
    settled_at = expectation.settled_at
    if expectation.state is not ExpectationState.MISSED or settled_at is None or window.since is None:
        return False
    return window.since < settled_at <= window.now


def _silent(lasting: Lasting, window: Window) -> Iterator[tuple[PartnershipData, date]]:
    """Told when the silence has lasted long enough, and again every year that it goes on."""
    for one in lasting.partnerships:
        last = dormant_since(lasting.last_told.get(one.key), one.key in lasting.trusted, window.today)
        if last is not None and (window.since is None or any(map(window.holds, _reminders(last, window.today)))):
            yield one, last


def _reminders(last: date, today: date) -> Iterator[date]:
    day = months_after(last, DORMANT_AFTER_MONTHS)
    while day <= today:
        yield day
        day = months_after(day, 12)


def _likeliest_first(lasting: Lasting, watches: Sequence[Watch], place: PlaceLookup) -> list[PartnershipData]:
    """What the news calls by a grade, and what a place of the partnerships that we follow takes part in, goes first."""
    ours = frozenset[str]().union(*(one.participants for one in lasting.partnerships))
    wanted = [one for one in lasting.proposed if _concerns(watches, one, place)]

    def doubts(one: PartnershipData) -> int:
        named = any(claim.field is ClaimField.GRADE for claim in one.claims)
        return 2 * ours.isdisjoint(one.participants) + (not named)

    return sorted(wanted, key=lambda one: (doubts(one), one.key))


def _concerns(watches: Sequence[Watch], partnership: PartnershipData, place: PlaceLookup) -> bool:
    event = KnownEvent(
        id="",
        kinds=(),
        participants=partnership.participants,
        host_id=None,
        when=None,
        status=EventStatus.PROPOSED,
        ordinal=None,
        series_key=None,
        origin=EventOrigin.NEWS,
        title="",
    )
    broad = [replace(one, kinds=frozenset(), languages=frozenset(), words=()) for one in watches]
    return watching.concerns(broad, _untold(event), place)


def _is_asked_for(report: ContextReport, watches: Sequence[Watch]) -> bool:
    return any(one.context and report.place_id in one.places for one in watches)


def _untold(event: KnownEvent) -> ToldEvent:
    return ToldEvent(event, (), (), scope="", told_before=True)


def as_event(expectation: Expectation) -> KnownEvent:
    """What is expected as the event that it would be."""
    expected = expectation.expected
    return KnownEvent(
        id=expectation.id,
        kinds=expected.kinds,
        participants=expected.participants,
        host_id=None,
        when=expected.when,
        status=EventStatus.HAPPENED,
        ordinal=expected.ordinal,
        series_key=expected.series_key,
        origin=EventOrigin.NEWS,
        title="",
        first_seen_at=expectation.computed_at,
    )


# ---------------------------------------------------------------- lines


def expectation_lines(news: LastingNews, wording: Wording, place: PlaceLookup) -> tuple[DigestLine, ...]:
    """What is reckoned with, then what was not heard of."""
    near = (_expectation_line(one, reckoned_because(one, wording), wording, place) for one in news.reckoned)
    missed = wording.say(
        "No report of it was found in the time in which it was to be expected. It may have taken place all the same."
    )
    return (*near, *(_expectation_line(one, (missed,), wording, place) for one in news.missed))


def expectation_headline(expectation: Expectation, wording: Wording, place: PlaceLookup) -> str:
    """What is expected, labelled as reckoned: nobody has announced it."""
    expected = expectation.expected
    if expected.basis is Basis.TERM:
        period = wording.period(expected.when)
        text = wording.say(
            "End of term: {places}, {period}", places=_places(expected.participants, wording), period=period
        )
    else:
        text = headline(as_event(expectation), wording, place)
    return wording.say("{headline} (computed)", headline=text)


def _expectation_line(
    expectation: Expectation, details: tuple[str, ...], wording: Wording, place: PlaceLookup
) -> DigestLine:
    line = expectation_headline(expectation, wording, place)
    return DigestLine(line, details, (), expectation.event_id, expectation.expected.when)


def reckoned_because(expectation: Expectation, wording: Wording) -> tuple[str, ...]:
    """What it was reckoned from, and that nobody has announced it."""
    expected = expectation.expected
    match expected.basis:
        case Basis.ANNIVERSARY:
            years = expected.years or 0
            told = wording.count(
                "{n} year since the partnership began.", "{n} years since the partnership began.", years
            )
        case Basis.CADENCE:
            told = wording.say("By the dates of earlier editions.")
        case Basis.TERM:
            told = wording.say("By the term of the agreement; no renewal has been reported.")
    return (told, wording.say("Nobody has announced it yet, as far as we know."))


def silence_lines(news: LastingNews, wording: Wording) -> tuple[DigestLine, ...]:
    """Partnerships of which nothing was reported for long, though both sides are followed."""
    detail = wording.say("Sources of both sides are followed and can be read. They may have written nothing about it.")
    return tuple(
        DigestLine(
            wording.say(
                "No report found since {day}: {places}",
                day=wording.day(last),
                places=_places(one.participants, wording),
            ),
            (detail,),
            (),
        )
        for one, last in news.silent
    )


def proposal_lines(news: LastingNews, wording: Wording) -> tuple[DigestLine, ...]:
    """Partnerships that the news proposes and a person has to confirm: no more than somebody decides at a sitting."""
    lines = [
        DigestLine(
            wording.say("Partnership found in the news: {places}", places=_places(one.participants, wording)),
            (wording.say("Confirm or reject it: {command}", command=f"monitor partnership confirm|reject {one.key}"),),
            (),
        )
        for one in news.proposed[:MAX_PROPOSALS]
    ]
    more = len(news.proposed) - MAX_PROPOSALS
    if more > 0:
        where = wording.say("All of them: the page “Partnerships”, or {command}", command=LIST_PROPOSED)
        lines.append(DigestLine(wording.count("and {n} more", "and {n} more", more), (where,), ()))
    return tuple(lines)


def context_lines(news: LastingNews, wording: Wording) -> tuple[DigestLine, ...]:
    """One line for each kind at each place, as headlines tell it."""
    by_what: dict[tuple[ContextKind, str], list[ReportLink]] = {}
    for one in news.context:
        by_what.setdefault((one.kind, one.place_id), []).append(one.report)
    lines = [_context_line(kind, place_id, reports, wording) for (kind, place_id), reports in by_what.items()]
    return tuple(lines[:MAX_CONTEXT_LINES])


def _context_line(kind: ContextKind, place_id: str, reports: Sequence[ReportLink], wording: Wording) -> DigestLine:
    line = wording.say("{place}: {what}", place=wording.place(place_id), what=wording.say(CONTEXT_WORDS[kind]))
    more = len(reports) - MAX_CONTEXT_REPORTS
    details = (wording.count("{n} more report", "{n} more reports", more),) if more > 0 else ()
    shown = tuple(
        replace(one, title=clean_line(one.title, MAX_TITLE_CHARS), source_name=clean_line(one.source_name, 80))
        for one in reports[:MAX_CONTEXT_REPORTS]
    )
    return DigestLine(line, details, shown)


def silence_sentence(lasting: Lasting, wording: Wording) -> tuple[str, ...]:
    """Of which watched partnerships silence says nothing; none: of all of them it does."""
    pairs = list(dict.fromkeys(lasting.untrusted))
    if not pairs:
        return ()
    named = [
        wording.say("{first}–{second}", first=wording.place(home), second=wording.place(partner))
        for home, partner in pairs[:MAX_NAMED]
    ]
    more = len(pairs) - MAX_NAMED
    if more > 0:
        named.append(wording.count("{n} more partnership", "{n} more partnerships", more))
    return (wording.say("Silence cannot be trusted for {pairs}: too little is followed.", pairs=wording.join(named)),)


def _places(participants: Iterable[str], wording: Wording) -> str:
    names = sorted(map(wording.place, participants), key=str.casefold)
    if len(names) == 2:
        return wording.say("{first}–{second}", first=names[0], second=names[1])
    more = len(names) - MAX_PLACES
    return wording.join(names if more <= 0 else [*names[:MAX_PLACES], wording.count("{n} more", "{n} more", more)])


# ---------------------------------------------------------------- details of an event


def via_details(told: ToldEvent, watches: Sequence[Watch], wording: Wording, place: PlaceLookup) -> tuple[str, ...]:
    """Through which institutions an event concerns a watched city that takes no part itself."""
    return tuple(
        wording.say(
            "Concerns {place} via {institutions}.",
            place=wording.place(seat),
            institutions=wording.join([wording.place(one) for one in institutions]),
        )
        for seat, institutions in watching.via(watches, told, place)
    )
