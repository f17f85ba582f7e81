from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import expectations_computed as rules
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Precision
from monitor.domain.model.partnerships import (
    AgreementData,
    Basis,
    Edition,
    Expectation,
    ExpectationState,
    Expected,
    PartnershipData,
    PartnershipState,
    SeriesData,
)
from tests.domain.digest_samples import event, on, place

NOW = datetime(2026, 10, 5, 6, tzinfo=UTC)
PAIR = PartnershipData("kunming+nancy", frozenset({"nancy", "kunming"}), "sister", date(2017, 8, 22))
SERIES = "conference:conference:cn+vn:yunnan"


def computed(
    *partnerships: PartnershipData, papers: tuple[AgreementData, ...] = (), series: tuple[SeriesData, ...] = ()
) -> tuple[Expected, ...]:
    return rules.computed(partnerships, papers, series, NOW.date())


def kept(expected: Expected, state: ExpectationState = ExpectationState.OPEN) -> Expectation:
    return Expectation("ev_x", expected, state, NOW)


def recurring(*editions: Edition, cadence: int | None = 12) -> SeriesData:
    return SeriesData(SERIES, cadence_months=cadence, editions=editions)


def edition(ordinal: int, when: DateRange | None, status: EventStatus = EventStatus.HAPPENED) -> Edition:
    return Edition(ordinal, f"e{ordinal}", when, status, frozenset({"yunnan", "lai-chau"}))


# ---------------------------------------------------------------- what is expected


def test_the_next_round_anniversary_is_expected() -> None:
    [found] = computed(PAIR)
    assert (found.basis, found.years, found.when) == (Basis.ANNIVERSARY, 10, on("2027-08-22"))


def test_an_anniversary_of_a_year_is_the_whole_year() -> None:
    [found] = computed(replace(PAIR, since=date(1997, 1, 1)))
    assert found.when == DateRange(date(2027, 1, 1), date(2027, 12, 31), Precision.YEAR)


def test_an_anniversary_of_some_months_ago_is_still_expected() -> None:
    [found] = computed(replace(PAIR, since=date(2021, 6, 1)))
    assert found.when == on("2026-06-01")


def test_of_what_ended_was_declined_or_only_proposed_nothing_is_expected() -> None:
    ended = replace(PAIR, until=date(2025, 1, 1))
    declined, proposed = (replace(PAIR, state=one) for one in (PartnershipState.DECLINED, PartnershipState.PROPOSED))
    assert computed(ended) == computed(declined) == computed(proposed) == ()


@given(st.dates(date(1850, 1, 1), date(2026, 10, 5)))
def test_every_partnership_has_exactly_one_anniversary_ahead(since: date) -> None:
    [found] = computed(replace(PAIR, since=since))
    assert found.closes_on >= NOW.date()
    assert (found.years or 0) % rules.ROUND_YEARS == 0
    assert found.when.starts_on.year - since.year == found.years


def test_the_end_of_a_term_is_expected_unless_the_paper_is_superseded() -> None:
    paper = AgreementData(PAIR.key, "a", signed_on=date(2023, 12, 1), term_months=36)
    newer = AgreementData(PAIR.key, "b", signed_on=date(2026, 1, 1), supersedes="a")
    alone = replace(PAIR, since=None)
    [found] = computed(alone, papers=(paper,))
    assert (found.basis, found.when) == (Basis.TERM, on("2026-12-01"))
    assert computed(alone, papers=(paper, newer)) == ()


def test_the_next_edition_is_expected_in_its_month() -> None:
    [found] = computed(series=(recurring(edition(5, on("2025-10-30"))),))
    assert (found.ordinal, found.when) == (6, DateRange(date(2026, 10, 1), date(2026, 10, 31), Precision.MONTH))
    assert found.participants == {"yunnan", "lai-chau"}


def test_an_edition_that_is_announced_is_not_computed_beside_it() -> None:
    last, announced = edition(5, on("2025-10-30")), edition(6, None, EventStatus.ANNOUNCED)
    assert computed(series=(recurring(last, announced),)) == ()


def test_a_series_that_broke_off_long_ago_lets_expect_nothing() -> None:
    assert computed(series=(recurring(edition(5, on("2015-10-30"))),)) == ()
    assert computed(series=(recurring(edition(5, on("2025-10-30")), cadence=None),)) == ()


# ---------------------------------------------------------------- what becomes of it


def ids() -> object:
    numbers = count(1)
    return lambda: f"ev_{next(numbers)}"


def test_an_expectation_keeps_its_id_from_day_to_day() -> None:
    wanted = computed(PAIR)
    [first] = rules.refreshed((), wanted, NOW, ids())  # type: ignore[arg-type]
    assert rules.refreshed([first], wanted, NOW, ids()) == ()  # type: ignore[arg-type]
    moved = replace(wanted[0], when=on("2027-08-23"))
    assert rules.refreshed([first], [moved], NOW, ids()) == (replace(first, expected=moved),)  # type: ignore[arg-type]


def test_what_is_no_longer_reckoned_is_withdrawn_and_what_went_by_is_missed() -> None:
    [wanted] = computed(PAIR)
    over = replace(wanted, key="old", closes_on=date(2026, 1, 1))
    changed = rules.refreshed([kept(wanted), kept(over)], (), NOW, ids())  # type: ignore[arg-type]
    assert [(one.state, one.settled_at) for one in changed] == [
        (ExpectationState.WITHDRAWN, NOW),
        (ExpectationState.MISSED, NOW),
    ]


def test_what_was_withdrawn_by_mistake_comes_back_under_its_id() -> None:
    [wanted] = computed(PAIR)
    [again] = rules.refreshed([kept(wanted, ExpectationState.WITHDRAWN)], [wanted], NOW, ids())  # type: ignore[arg-type]
    assert (again.id, again.state) == ("ev_x", ExpectationState.OPEN)


def test_a_celebration_fulfils_its_anniversary_and_a_visit_does_not() -> None:
    waiting = [kept(one) for one in computed(PAIR)]
    party = event("e1", kinds=(EventKind.ANNIVERSARY,), when=on("2027-09-10"))
    assert rules.fulfilled_by(party, waiting, place) == waiting[0]
    for other in (
        event("e1", kinds=(EventKind.DELEGATION_VISIT,), when=on("2027-09-10")),
        event("e1", kinds=(EventKind.ANNIVERSARY,), when=on("2026-09-10")),
        event("e1", kinds=(EventKind.ANNIVERSARY,), when=None),
        event("e1", "metz", "kunming", kinds=(EventKind.ANNIVERSARY,), when=on("2027-09-10")),
        event("e1", kinds=(EventKind.ANNIVERSARY,), when=on("2027-09-10"), status=EventStatus.CANCELLED),
    ):
        assert rules.fulfilled_by(other, waiting, place) is None


def test_an_institution_may_celebrate_for_its_city() -> None:
    waiting = [kept(one) for one in computed(PAIR)]
    party = event("e1", "chru-nancy", "kunming", kinds=(EventKind.ANNIVERSARY,), when=on("2027-08-22"))
    assert rules.fulfilled_by(party, waiting, place) is not None


def test_only_its_own_number_fulfils_an_edition() -> None:
    waiting = [kept(one) for one in computed(series=(recurring(edition(5, on("2025-10-30"))),))]
    held = event("e1", "yunnan", "lai-chau", kinds=(EventKind.CONFERENCE,), when=on("2026-11-17"), ordinal=6)
    assert rules.fulfilled_by(replace(held, series_key=SERIES), waiting, place) == waiting[0]
    assert rules.fulfilled_by(replace(held, series_key=SERIES, ordinal=7), waiting, place) is None
    assert rules.fulfilled_by(held, waiting, place) is None


def test_what_comes_outside_its_window_has_slipped() -> None:
    [waiting] = [kept(one) for one in computed(PAIR)]
    party = event("e1", kinds=(EventKind.ANNIVERSARY,), when=on("2027-08-22"))
    assert rules.settled(waiting, party, "e1", NOW).state is ExpectationState.FULFILLED
    late = event("e1", kinds=(EventKind.ANNIVERSARY,), when=on("2028-04-01"))
    missed = replace(waiting, state=ExpectationState.MISSED)
    assert rules.fulfilled_by(late, [missed], place) == missed
    assert rules.settled(missed, late, "e1", NOW).state is ExpectationState.SLIPPED
