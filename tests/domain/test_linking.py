from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import linking
from monitor.domain.linking import Candidate
from monitor.domain.model.events import (
    DateRange,
    EventKind,
    EventOrigin,
    EventStatus,
    Happening,
    KnownEvent,
    Precision,
)
from monitor.domain.model.places import Place, PlaceKind

DAY = date(2026, 5, 12)


def city(name: str, country: str, **more: str) -> Place:
    kind = PlaceKind.UNIVERSITY if "seat_id" in more else PlaceKind.CITY
    return Place(name, kind, country, {"en": (name.title(),)}, **more)  # type: ignore[arg-type]


PLACES = {
    one.id: one
    for one in (
        city("nancy", "FR"),
        city("lyon", "FR"),
        city("kunming", "CN", parent_id="yunnan"),
        city("dalian", "CN"),
        city("chelyabinsk", "RU"),
        city("yekaterinburg", "RU"),
        city("university-of-lorraine", "FR", seat_id="nancy"),
        Place("yunnan", PlaceKind.PROVINCE, "CN", {"en": ("Yunnan",)}),
        *(
            Place(name, PlaceKind.PROVINCE, "VN", {"en": (name,)})
            for name in ("lao-cai", "lai-chau", "dien-bien", "tuyen-quang")
        ),
    )
}


def on(day: date = DAY, last: date | None = None, precision: Precision = Precision.DAY) -> DateRange:
    return DateRange(day, last or day, precision)


VISIT = Happening(
    kinds=(EventKind.DELEGATION_VISIT, EventKind.TALKS),
    participants=frozenset({"nancy", "kunming"}),
    host_id="nancy",
    when=on(),
    status=EventStatus.HAPPENED,
)
KNOWN = KnownEvent(
    id="ev_known",
    kinds=VISIT.kinds,
    participants=VISIT.participants,
    host_id="nancy",
    when=on(),
    status=EventStatus.HAPPENED,
    ordinal=None,
    series_key=None,
    origin=EventOrigin.NEWS,
    title="Visit",
)


def candidate(happening: Happening, people: tuple[str, ...] = (), published_on: date | None = DAY) -> Candidate:
    return Candidate(happening, frozenset(people), frozenset(), published_on)


def score(happening: Happening, event: KnownEvent, people: tuple[str, ...] = ()) -> float:
    found = linking.match(candidate(happening, people), event, PLACES.get)
    return found.score if found is not None else 0.0


def test_same_places_day_and_kind_are_the_same_event() -> None:
    assert score(VISIT, KNOWN) == 1.0


def test_neither_side_alone_makes_an_event() -> None:
    other = replace(VISIT, participants=frozenset({"lyon", "kunming"}))
    assert score(other, KNOWN) == 0.0


def test_another_partner_on_the_same_day_with_the_same_signatory_stays_apart() -> None:
    signed = replace(
        VISIT, kinds=(EventKind.AGREEMENT_SIGNED,), participants=frozenset({"dalian", "chelyabinsk"}), host_id="dalian"
    )
    other = replace(
        KNOWN,
        kinds=(EventKind.AGREEMENT_SIGNED,),
        participants=frozenset({"dalian", "yekaterinburg"}),
        host_id="dalian",
    )
    assert score(signed, other, people=("the mayor",)) < linking.SAME_EVENT


def test_an_institution_stands_for_its_seat_and_a_city_for_its_province_but_weaker() -> None:
    by_university = replace(VISIT, participants=frozenset({"university-of-lorraine", "kunming"}))
    by_province = replace(VISIT, participants=frozenset({"nancy", "yunnan"}))
    assert linking.SAME_EVENT <= score(by_university, KNOWN) < 1.0
    assert score(by_province, KNOWN) < score(by_university, KNOWN)


@pytest.mark.parametrize("days", [2, 7, 30, 365])
def test_talks_on_another_day_are_other_talks(days: int) -> None:
    talks = replace(VISIT, kinds=(EventKind.TALKS,), when=on(DAY + timedelta(days=days)))
    assert score(talks, replace(KNOWN, kinds=(EventKind.TALKS,))) == 0.0


def test_a_visit_of_several_days_is_reported_on_any_of_them() -> None:
    assert score(replace(VISIT, when=on(DAY + timedelta(days=3))), KNOWN) >= linking.SAME_EVENT
    assert score(replace(VISIT, when=on(DAY + timedelta(days=6))), KNOWN) == 0.0


def test_a_report_without_a_day_of_its_own_follows_the_event_within_days() -> None:
    late = replace(VISIT, when=on(DAY + timedelta(days=8)), date_inferred=True)
    too_late = replace(VISIT, when=on(DAY + timedelta(days=20)), date_inferred=True)
    before = replace(VISIT, when=on(DAY - timedelta(days=5)), date_inferred=True)
    assert score(late, KNOWN) >= linking.SAME_EVENT
    assert score(too_late, KNOWN) == score(before, KNOWN) == 0.0


def test_steps_of_a_life_cycle_on_different_days_stay_apart() -> None:
    intent = replace(KNOWN, kinds=(EventKind.AGREEMENT_INTENT,))
    signing = replace(VISIT, kinds=(EventKind.AGREEMENT_SIGNED,), when=on(DAY + timedelta(days=1)), date_inferred=False)
    assert score(replace(signing, when=on(DAY + timedelta(days=200))), intent) == 0.0
    assert score(replace(signing, kinds=(EventKind.AGREEMENT_ENDED,), when=on()), intent) == 0.0


CONFERENCE = Happening(
    kinds=(EventKind.CONFERENCE,),
    participants=frozenset({"yunnan", "lao-cai", "lai-chau", "dien-bien", "tuyen-quang"}),
    host_id="lai-chau",
    when=on(),
    status=EventStatus.HAPPENED,
    ordinal=5,
    series_key="conference:x",
)


def known(happening: Happening, **more: object) -> KnownEvent:
    return replace(
        KNOWN,
        kinds=happening.kinds,
        participants=happening.participants,
        host_id=happening.host_id,
        when=happening.when,
        status=happening.status,
        ordinal=happening.ordinal,
        series_key=happening.series_key,
        **more,  # type: ignore[arg-type]
    )


def test_another_edition_is_another_event_even_on_the_same_day() -> None:
    assert score(replace(CONFERENCE, ordinal=4), known(CONFERENCE)) == 0.0
    assert score(CONFERENCE, known(CONFERENCE)) == 1.0


def test_a_hub_is_recognised_by_host_and_day_with_part_of_its_members() -> None:
    few = replace(CONFERENCE, participants=frozenset({"lai-chau"}), ordinal=None)
    assert score(few, known(CONFERENCE)) >= linking.SAME_EVENT


def test_an_expected_edition_is_fulfilled_by_its_report() -> None:
    expected = known(
        replace(
            CONFERENCE,
            ordinal=6,
            host_id="yunnan",
            when=on(date(2026, 1, 1), date(2026, 12, 31), Precision.YEAR),
            status=EventStatus.ANNOUNCED,
        )
    )
    sixth = replace(CONFERENCE, ordinal=6, host_id="kunming", when=on(date(2026, 11, 17)))
    assert score(sixth, expected) >= linking.SAME_EVENT
    assert score(replace(sixth, ordinal=7), expected) == 0.0


def test_people_support_and_never_veto() -> None:
    vague = replace(VISIT, kinds=(EventKind.EXCHANGE,))
    event = replace(KNOWN, people=frozenset({"wang xiliang", "laurent henart"}))
    assert score(vague, event, ("wang xiliang",)) > score(vague, event)
    assert score(VISIT, event, ("somebody else",)) == score(VISIT, KNOWN)


def test_the_best_fitting_of_several_events_wins() -> None:
    vague = replace(KNOWN, id="ev_vague", kinds=(EventKind.ECONOMIC,))
    found = linking.best_match(candidate(VISIT), [vague, KNOWN], PLACES.get)
    assert found is not None
    assert found.event_id == "ev_known"
    assert "participants 1.00" in found.why


def test_the_search_window_holds_every_event_that_could_match() -> None:
    start, end = linking.search_window(VISIT, DAY)
    assert start is not None
    assert end is not None
    assert start <= DAY - timedelta(days=linking.REPORT_LAG_DAYS)
    assert end >= DAY + timedelta(days=linking.REPORT_LAG_DAYS)
    assert linking.search_window(replace(VISIT, when=None), None) == linking.ANY_DAY


@given(
    participants=st.frozensets(st.sampled_from(sorted(PLACES)), max_size=6),
    kinds=st.lists(st.sampled_from(list(EventKind)), min_size=1, max_size=3, unique=True),
    gap=st.integers(-800, 800),
    inferred=st.booleans(),
    ordinal=st.none() | st.integers(1, 9),
)
def test_scores_stay_in_range_and_far_dates_never_join(
    participants: frozenset[str], kinds: list[EventKind], gap: int, inferred: bool, ordinal: int | None
) -> None:
    happening = Happening(
        tuple(kinds),
        participants,
        None,
        on(DAY + timedelta(days=gap)),
        EventStatus.HAPPENED,
        ordinal,
        date_inferred=inferred,
    )
    found = linking.match(candidate(happening), KNOWN, PLACES.get)
    if found is not None:
        assert linking.PERHAPS_SAME_EVENT <= found.score <= 1.0
        assert abs(gap) <= linking.REPORT_LAG_DAYS


# ---------------------------------------------------------------- without a year, without a day

SIGNED = replace(VISIT, kinds=(EventKind.AGREEMENT_SIGNED,), when=None)
KNOWN_SIGNED = replace(KNOWN, kinds=(EventKind.AGREEMENT_SIGNED,), languages=frozenset({"fr"}))


def link(happening: Happening, event: KnownEvent, **more: str) -> float:
    given = Candidate(happening, frozenset(), frozenset(), None, more.get("language"), more.get("title", ""))
    found = linking.match(given, event, PLACES.get)
    return found.score if found is not None else 0.0


def adrift(month: int, day: int) -> DateRange:
    return on(date(linking.NOMINAL_YEAR, month, day))


def test_the_same_day_of_an_unknown_year_is_the_same_event() -> None:
    told = replace(VISIT, when=None, yearless=adrift(DAY.month, DAY.day))
    assert link(told, KNOWN) >= linking.SAME_EVENT
    assert link(told, replace(KNOWN, when=None, yearless=adrift(DAY.month, DAY.day))) >= linking.SAME_EVENT


def test_another_day_of_an_unknown_year_is_another_event() -> None:
    far = replace(VISIT, when=None, yearless=adrift((DAY.month + 5) % 12 + 1, 3))
    assert link(far, KNOWN) == 0.0


def test_a_neighbouring_day_of_an_unknown_year_is_open() -> None:
    near = replace(VISIT, when=None, yearless=adrift(DAY.month, DAY.day + 1))
    assert 0.0 < link(near, KNOWN) < linking.SAME_EVENT


def test_the_turn_of_the_year_does_not_part_neighbouring_days() -> None:
    eve, new_year = adrift(12, 31), on(date(2021, 1, 1))
    told = replace(SIGNED, yearless=eve)
    assert link(told, replace(KNOWN_SIGNED, when=new_year), language="fr") >= linking.SAME_EVENT


def test_what_happens_once_in_a_relation_needs_no_day() -> None:
    assert link(SIGNED, KNOWN_SIGNED, language="fr") >= linking.SAME_EVENT


def test_what_comes_every_year_needs_a_day() -> None:
    undated = replace(VISIT, when=None)
    assert link(undated, replace(KNOWN, languages=frozenset({"fr"})), language="fr") < linking.SAME_EVENT


def test_without_any_day_a_retelling_in_another_language_stays_open() -> None:
    assert 0.0 < link(SIGNED, KNOWN_SIGNED, language="fa") < linking.SAME_EVENT


def test_a_bare_year_is_no_day() -> None:
    year = DateRange(date(DAY.year, 1, 1), date(DAY.year, 12, 31), Precision.YEAR)
    assert link(replace(VISIT, when=year), KNOWN, language="fr") < linking.SAME_EVENT
    other_year = DateRange(date(DAY.year - 1, 1, 1), date(DAY.year - 1, 12, 31), Precision.YEAR)
    assert link(replace(VISIT, when=other_year), KNOWN, language="fr") == 0.0


def test_an_approval_and_the_signing_without_days_are_two_events() -> None:
    approved = replace(KNOWN_SIGNED, kinds=(EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED), when=None)
    assert link(SIGNED, approved, language="fr") == 0.0


def test_one_headline_on_both_reports_settles_the_kind() -> None:
    title = "Nancy et Kunming désormais villes partenaires"
    both = replace(KNOWN_SIGNED, kinds=(EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED), title=title)
    assert link(SIGNED, both, language="fr", title=title) >= linking.SAME_EVENT


def test_an_end_told_in_passing_does_not_keep_two_signings_apart() -> None:
    with_an_end = replace(SIGNED, kinds=(EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_ENDED))
    assert link(with_an_end, KNOWN_SIGNED, language="fr") >= linking.SAME_EVENT


# ---------------------------------------------------------------- put off, vague, part of


PUT_OFF = replace(
    KNOWN,
    kinds=(EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED),
    status=EventStatus.POSTPONED,
)
SIGNED_LATER = replace(VISIT, kinds=(EventKind.AGREEMENT_SIGNED, EventKind.TALKS), when=on(DAY + timedelta(days=42)))


def score_of(happening: Happening, event: KnownEvent) -> float:
    candidate = Candidate(happening, frozenset(), frozenset(), DAY)
    found = linking.match(candidate, event, PLACES.get)
    return found.score if found is not None else 0.0


def test_what_was_put_off_without_a_new_day_is_signed_later() -> None:
    assert score_of(SIGNED_LATER, PUT_OFF) >= linking.SAME_EVENT
    start, _ = linking.search_window(SIGNED_LATER, DAY)
    assert start is not None
    assert start <= DAY


@pytest.mark.parametrize(
    ("happening", "event"),
    [
        (SIGNED_LATER, replace(PUT_OFF, status=EventStatus.HAPPENED)),
        (replace(SIGNED_LATER, kinds=(EventKind.AGREEMENT_INTENT,)), PUT_OFF),
        (replace(SIGNED_LATER, participants=frozenset({"lyon", "kunming"})), PUT_OFF),
        (replace(SIGNED_LATER, when=on(DAY + timedelta(days=linking.MADE_UP_DAYS + 1))), PUT_OFF),
    ],
)
def test_another_step_place_or_year_makes_nothing_up(happening: Happening, event: KnownEvent) -> None:
    assert score_of(happening, event) < linking.SAME_EVENT


def test_a_vague_expectation_is_not_fulfilled_by_the_province_of_its_town() -> None:
    year = on(date(2026, 1, 1), date(2026, 12, 31), Precision.YEAR)
    expected = replace(KNOWN, status=EventStatus.ANNOUNCED, when=year)
    neighbours = replace(VISIT, participants=frozenset({"nancy", "yunnan"}))
    assert score_of(VISIT, expected) >= linking.SAME_EVENT
    assert score_of(neighbours, expected) < linking.SAME_EVENT


def test_two_of_many_sign_an_agreement_of_their_own() -> None:
    forum = replace(
        KNOWN,
        kinds=(EventKind.CONFERENCE, EventKind.AGREEMENT_SIGNED),
        participants=frozenset({"yunnan", "lao-cai", "lai-chau", "dien-bien", "tuyen-quang"}),
        host_id="lai-chau",
        people=frozenset({"wang ning", "hou a lenh"}),
    )
    signing = replace(
        VISIT,
        kinds=(EventKind.AGREEMENT_SIGNED, EventKind.CONFERENCE),
        participants=frozenset({"yunnan", "lao-cai"}),
        host_id="lai-chau",
    )
    candidate = Candidate(signing, forum.people, frozenset(), DAY)
    assert linking.match(candidate, forum, PLACES.get) is None
    report = replace(signing, participants=frozenset({"yunnan", "lao-cai", "lai-chau"}))
    assert score_of(report, forum) >= linking.SAME_EVENT


def test_the_same_edition_needs_one_member_only() -> None:
    fifth = replace(
        KNOWN,
        kinds=(EventKind.CONFERENCE,),
        participants=frozenset({"yunnan", "lao-cai", "lai-chau"}),
        ordinal=5,
        series_key="conference:conference:cn+vn:yunnan",
    )
    told = replace(
        VISIT,
        kinds=(EventKind.CONFERENCE,),
        participants=frozenset({"yunnan"}),
        host_id=None,
        ordinal=5,
        series_key=fifth.series_key,
    )
    assert score_of(told, fifth) >= linking.SAME_EVENT
    assert score_of(replace(told, series_key="conference:forum:cn"), fifth) < linking.SAME_EVENT


def test_a_reception_is_not_the_next_days_anniversary() -> None:
    anniversary = replace(KNOWN, kinds=(EventKind.ANNIVERSARY, EventKind.EXCHANGE), when=on(DAY + timedelta(days=1)))
    reception = replace(VISIT, kinds=(EventKind.DELEGATION_VISIT, EventKind.EXCHANGE))
    assert score_of(reception, anniversary) < linking.SAME_EVENT
    assert score_of(replace(reception, date_inferred=True), anniversary) >= linking.SAME_EVENT
