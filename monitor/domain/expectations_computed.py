"""What known objects let expect: the next edition of a series, a round anniversary, the end of a term.

Nobody has announced it, and it is told as reckoned. An expectation keeps its id while it waits; the event that fulfils
it takes that id over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.domain import agreements, series
from monitor.domain.expectations import GRACE
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Happening, KnownEvent, Precision
from monitor.domain.model.partnerships import (
    AgreementData,
    Basis,
    Expectation,
    ExpectationState,
    Expected,
    PartnershipData,
    SeriesData,
)
from monitor.domain.model.places import PlaceLookup
from monitor.domain.months import month_of, months_after
from monitor.domain.partnerships import belongs, in_force

ROUND_YEARS = 5  # cities celebrate the 5th, 10th, 15th ... year
# A celebration is held when both sides find a day: within half a year of the day itself.
ANNIVERSARY_SLACK_MONTHS = 6
# A term is renewed up to a year ahead and often some months late.
RENEWED_AHEAD_MONTHS, RENEWED_LATE_MONTHS = 12, 6
# Of a cadence: an edition comes somewhat early or (more often) late (see `series.CADENCE_TOLERANCE`).
EARLY, LATE = 0.25, 0.5
# A report that comes after an expectation was given up still settles it for so long: an edition that slipped by a year.
REMEMBERED_MONTHS = 18
_CAME = frozenset({EventStatus.HAPPENED, EventStatus.ANNOUNCED, EventStatus.POSTPONED, EventStatus.APPROVED})
_AGREEMENT_KINDS = (EventKind.AGREEMENT_RENEWED, EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_ENDED)


def computed(
    partnerships: Iterable[PartnershipData],
    papers: Iterable[AgreementData],
    recurring: Iterable[SeriesData],
    today: date,
) -> tuple[Expected, ...]:
    """All that can be expected from `today` on, by date; what would be over already was never expected of us."""
    watched = [one for one in partnerships if one.is_asked_for and in_force(one, today)]
    by_key = {one.key: one for one in watched}
    found = [
        *(one for partnership in watched for one in _anniversaries(partnership, today)),
        *(one for paper in agreements.in_force(papers) for one in _terms(paper, by_key)),
        *(one for each in recurring for one in _editions(each)),
    ]
    ahead = (one for one in found if one.closes_on >= today)
    return tuple(sorted(ahead, key=lambda one: (one.when.starts_on, one.key)))


def _anniversaries(partnership: PartnershipData, today: date) -> Iterator[Expected]:
    """The next round one; of a relation whose day is not known the whole year is meant."""
    since = partnership.since
    if since is None:
        return
    oldest_year = months_after(today, -ANNIVERSARY_SLACK_MONTHS).year
    years = max(ROUND_YEARS, -(-(oldest_year - since.year) // ROUND_YEARS) * ROUND_YEARS)
    for number in (years, years + ROUND_YEARS):
        expected = _anniversary(partnership, since, number)
        if expected is not None and expected.closes_on >= today:
            yield expected
            return


def _anniversary(partnership: PartnershipData, since: date, years: int) -> Expected | None:
    if since.year + years > date.max.year - 1:
        return None
    day = months_after(since, 12 * years)
    if (since.month, since.day) == (1, 1):
        when = DateRange(day, date(day.year, 12, 31), Precision.YEAR)
        opens_on, closes_on = when.starts_on, months_after(when.ends_on, ANNIVERSARY_SLACK_MONTHS // 2)
    else:
        when = DateRange(day, day)
        opens_on = months_after(day, -ANNIVERSARY_SLACK_MONTHS)
        closes_on = months_after(day, ANNIVERSARY_SLACK_MONTHS)
    return Expected(
        key=f"anniversary:{partnership.key}:{years}",
        basis=Basis.ANNIVERSARY,
        kinds=(EventKind.ANNIVERSARY,),
        participants=partnership.participants,
        when=when,
        opens_on=opens_on,
        closes_on=closes_on,
        partnership_key=partnership.key,
        years=years,
    )


def _terms(paper: AgreementData, partnerships: dict[str, PartnershipData]) -> Iterator[Expected]:
    ends_on, partnership = agreements.end_of(paper), partnerships.get(paper.partnership_key)
    if ends_on is None or partnership is None:
        return
    yield Expected(
        key=f"term:{partnership.key}:{paper.key}",
        basis=Basis.TERM,
        kinds=_AGREEMENT_KINDS,
        participants=partnership.participants,
        when=DateRange(ends_on, ends_on),
        opens_on=months_after(ends_on, -RENEWED_AHEAD_MONTHS),
        closes_on=months_after(ends_on, RENEWED_LATE_MONTHS),
        partnership_key=partnership.key,
    )


def _editions(recurring: SeriesData) -> Iterator[Expected]:
    """The edition after the last one that took place; none where its successor is announced or known already."""
    cadence = series.cadence_months(recurring)
    editions = series.dated_editions(recurring)
    if cadence is None or not editions:
        return
    last = editions[-1]
    highest = max(one.ordinal for one in recurring.editions)
    participants = series.members_on(recurring, last.when.ends_on) if last.when else frozenset[str]()
    if last.when is None or last.status is not EventStatus.HAPPENED or highest > last.ordinal or not participants:
        return
    day = months_after(last.when.starts_on, cadence)
    if last.when.precision is Precision.YEAR:
        when = DateRange(date(day.year, 1, 1), date(day.year, 12, 31), Precision.YEAR)
    else:
        when = DateRange(*month_of(day), Precision.MONTH)
    yield Expected(
        key=f"cadence:{recurring.key}:{last.ordinal + 1}",
        basis=Basis.CADENCE,
        kinds=(EventKind.CONFERENCE,),
        participants=participants,
        when=when,
        opens_on=months_after(when.starts_on, -round(EARLY * cadence)),
        closes_on=months_after(when.ends_on, round(LATE * cadence)),
        series_key=recurring.key,
        ordinal=last.ordinal + 1,
    )


# ---------------------------------------------------------------- what became of it


def refreshed(
    known: Sequence[Expectation], wanted: Sequence[Expected], now: datetime, new_id: Callable[[], str]
) -> tuple[Expectation, ...]:
    """Those to write: new ones, open ones that were reckoned anew, withdrawn and missed ones.

    `known` are all of the archive that are open or bear a wanted key; what was settled stays settled.
    """
    by_key = {one.expected.key: one for one in known}
    changed: list[Expectation] = []
    for expected in wanted:
        before = by_key.get(expected.key)
        if before is None:
            changed.append(Expectation(new_id(), expected, ExpectationState.OPEN, now))
        elif before.state in (ExpectationState.OPEN, ExpectationState.WITHDRAWN) and (
            before.expected != expected or before.state is ExpectationState.WITHDRAWN
        ):
            changed.append(replace(before, expected=expected, state=ExpectationState.OPEN, settled_at=None))
    wanted_keys = {one.key for one in wanted}
    gone = (one for one in known if one.state is ExpectationState.OPEN and one.expected.key not in wanted_keys)
    return (*changed, *(replace(one, state=_given_up(one, now.date()), settled_at=now) for one in gone))


def _given_up(expectation: Expectation, today: date) -> ExpectationState:
    """Its time went by, or what it was reckoned from no longer holds."""
    is_over = expectation.expected.closes_on < today
    return ExpectationState.MISSED if is_over else ExpectationState.WITHDRAWN


def is_unreported(expectation: Expectation, today: date) -> bool:
    """Whether it is still open though its told dates and the lag of reports have gone by."""
    return expectation.state is ExpectationState.OPEN and expectation.expected.when.ends_on + GRACE < today


def fulfilled_by(
    happening: Happening | KnownEvent, expectations: Iterable[Expectation], place: PlaceLookup
) -> Expectation | None:
    """The expectation that a happening fulfils, the nearest in time; None: it was not expected."""
    found = [one for one in expectations if _is_meant(happening, one, place)]
    return min(found, key=lambda one: (_distance(happening, one.expected), one.expected.key), default=None)


def _is_meant(happening: Happening | KnownEvent, expectation: Expectation, place: PlaceLookup) -> bool:
    expected = expectation.expected
    if expectation.state not in (ExpectationState.OPEN, ExpectationState.MISSED) or happening.status not in _CAME:
        return False
    if expected.kinds and set(expected.kinds).isdisjoint(happening.kinds):
        return False
    if expected.series_key is not None:
        return happening.series_key == expected.series_key and happening.ordinal == expected.ordinal
    if happening.when is None or not belongs(happening.participants, expected.participants, place):
        return False
    last_on = months_after(expected.closes_on, REMEMBERED_MONTHS)
    return expected.opens_on <= happening.when.ends_on and happening.when.starts_on <= last_on


def _distance(happening: Happening | KnownEvent, expected: Expected) -> timedelta:
    return abs(happening.when.starts_on - expected.when.starts_on) if happening.when else timedelta.max


def settled(expectation: Expectation, happening: Happening | KnownEvent, event_id: str, now: datetime) -> Expectation:
    """The expectation once an event took its place, in its window or outside it."""
    expected = expectation.expected
    slipped = happening.when is not None and not (
        expected.opens_on <= happening.when.ends_on and happening.when.starts_on <= expected.closes_on
    )
    state = ExpectationState.SLIPPED if slipped else ExpectationState.FULFILLED
    return replace(expectation, state=state, event_id=event_id, settled_at=now)
