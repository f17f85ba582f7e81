from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import agreements, claims, partnerships, series
from monitor.domain.model.events import EventKind, EventStatus, Happening
from monitor.domain.model.partnerships import (
    AgreementData,
    Claim,
    ClaimField,
    Edition,
    PartnershipData,
    PartnershipState,
    SeriesData,
    SeriesMember,
    Stated,
)
from monitor.domain.months import month_of, months_after, months_between
from tests.domain.digest_samples import event, on, place

PAIR = frozenset({"nancy", "kunming"})
SEED = PartnershipData("kunming+nancy", PAIR, "sister", date(2017, 8, 22), origin=Stated.SEED)


def happening(*participants: str, **fields: object) -> Happening:
    given_: dict[str, object] = {
        "kinds": (EventKind.AGREEMENT_SIGNED,),
        "participants": frozenset(participants or PAIR),
        "host_id": None,
        "when": on("2026-03-02"),
        "status": EventStatus.HAPPENED,
    }
    return Happening(**(given_ | fields))  # type: ignore[arg-type]


# ---------------------------------------------------------------- claims


def test_the_weightier_voice_is_believed_and_the_other_is_kept() -> None:
    known = partnerships.merged(None, SEED, "000")
    said = PartnershipData(SEED.key, PAIR, "friendship", date(2016, 1, 1), origin=Stated.HAND)
    both = partnerships.merged(known, said)
    assert (both.grade, both.since) == ("friendship", date(2016, 1, 1))
    assert [field for field, _ in claims.conflicting(both.claims)] == [ClaimField.GRADE, ClaimField.SINCE]


def test_a_lighter_voice_only_fills_in_what_nobody_told() -> None:
    known = partnerships.merged(None, replace(SEED, since=None, grade=""), "000")
    told = partnerships.merged(known, PartnershipData(SEED.key, PAIR, "partner", date(2018, 1, 1), origin=Stated.NEWS))
    assert (told.grade, told.since, told.origin) == ("partner", date(2018, 1, 1), Stated.SEED)


def test_what_a_voice_no_longer_says_is_no_longer_claimed() -> None:
    known = partnerships.merged(None, SEED, "000")
    assert partnerships.merged(known, replace(SEED, since=None), "000").since is None


@pytest.mark.parametrize("state", [PartnershipState.WATCHED, PartnershipState.DECLINED])
@pytest.mark.parametrize("voice", [Stated.SEED, Stated.CSV, Stated.NEWS])
def test_a_persons_decision_stands_whatever_seeds_files_and_news_say(state: PartnershipState, voice: Stated) -> None:
    decided = replace(partnerships.merged(None, SEED), state=state)
    assert partnerships.merged(decided, replace(SEED, origin=voice)).state is state


@given(st.permutations([Stated.HAND, Stated.CONFIG, Stated.CSV, Stated.SEED, Stated.NEWS]))
def test_what_is_believed_does_not_depend_on_who_spoke_first(order: list[Stated]) -> None:
    known = None
    for voice in order:
        said = PartnershipData("k", PAIR, since=date(2000 + len(voice.value), 1, 1), origin=voice)
        known = partnerships.merged(known, said)
    assert known is not None
    assert known.since == date(2004, 1, 1)
    assert known.origin is Stated.HAND


def test_an_unconfirmed_end_is_kept_but_not_believed() -> None:
    known = partnerships.merged(None, SEED)
    end = Claim(ClaimField.UNTIL, "2026-05-01", Stated.NEWS, "ev_1", 7, is_confirmed=False)
    rumour = partnerships.ended(known, end)
    assert rumour.until is None
    assert end in rumour.claims
    assert partnerships.ended(rumour, replace(end, is_confirmed=True)).until == date(2026, 5, 1)


def test_what_is_signed_after_an_end_takes_the_end_back() -> None:
    known = partnerships.ended(
        partnerships.merged(None, SEED), Claim(ClaimField.UNTIL, "2026-05-01", Stated.NEWS, "ev_1", 7)
    )
    assert partnerships.revived(known, date(2026, 6, 1)).until is None
    assert partnerships.revived(known, date(2026, 4, 1)).until == date(2026, 5, 1)


# ---------------------------------------------------------------- who stands for whom


def test_a_hospital_stands_for_its_city_and_a_merged_province_for_its_successor() -> None:
    assert partnerships.belongs({"chru-nancy", "kunming"}, PAIR, place)
    assert partnerships.belongs({"ha-giang", "yunnan"}, frozenset({"tuyen-quang", "yunnan"}), place)


def test_two_members_of_one_country_are_not_the_relation() -> None:
    hub = frozenset({"yunnan", "lai-chau", "lao-cai"})
    assert not partnerships.belongs({"lai-chau", "lao-cai"}, hub, place)
    assert partnerships.belongs({"lai-chau", "yunnan"}, hub, place)


def test_an_event_belongs_to_the_closest_partnership() -> None:
    hub = PartnershipData("hub", frozenset({"yunnan", "lai-chau", "lao-cai", "dien-bien"}))
    pair = PartnershipData("pair", frozenset({"yunnan", "lai-chau"}))
    assert partnerships.meant({"yunnan", "lai-chau"}, [hub, pair], place) == pair


def test_an_event_with_a_third_country_is_of_no_pair_and_a_declined_pair_of_no_event() -> None:
    assert partnerships.meant({"nancy", "kunming", "lai-chau"}, [SEED], place) is None
    assert partnerships.meant(PAIR, [replace(SEED, state=PartnershipState.DECLINED)], place) is None


# ---------------------------------------------------------------- its story


def test_the_story_ties_each_step_to_the_one_before_and_says_via_whom() -> None:
    signed = event("e1", when=on("2017-08-22"))
    visit = event("e2", "chru-nancy", "kunming", kinds=(EventKind.DELEGATION_VISIT,), when=on("2018-05-01"))
    renewed = event("e3", kinds=(EventKind.AGREEMENT_RENEWED,), when=on("2022-08-22"))
    other = event("e4", "metz", "kunming", when=on("2019-01-01"))
    links = partnerships.story(SEED, [renewed, visit, other, signed], place)
    assert [(one.event.id, one.follows, one.via) for one in links] == [
        ("e1", None, ()),
        ("e2", None, ("chru-nancy",)),
        ("e3", "e1", ()),
    ]


def test_a_partnership_is_dormant_only_long_after_a_report_and_where_silence_can_be_trusted() -> None:
    links = partnerships.story(SEED, [event("e1", when=on("2024-05-01")), event("e2", when=on("2027-01-01"))], place)
    last = partnerships.last_told(links, date(2026, 1, 1))
    assert last == date(2024, 5, 1)
    assert partnerships.dormant_since(last, True, date(2025, 11, 1)) == last
    assert partnerships.dormant_since(last, True, date(2025, 10, 31)) is None
    assert partnerships.dormant_since(last, False, date(2026, 1, 1)) is None
    assert partnerships.dormant_since(None, True, date(2026, 1, 1)) is None


# ---------------------------------------------------------------- what the news proposes


def test_an_agreement_of_two_places_of_two_countries_proposes_a_partnership() -> None:
    told = happening("metz", "kunming", "country-fr")
    found = partnerships.proposed(told, [SEED], place, "friendship")
    assert found is not None
    assert (found.key, found.state, found.since, found.grade) == (
        "kunming+metz",
        PartnershipState.PROPOSED,
        date(2026, 3, 2),
        "friendship",
    )


@pytest.mark.parametrize(
    "told",
    [
        happening(),
        happening("chru-nancy", "kunming"),
        happening("metz", "paris"),
        happening("metz", "kunming", "lai-chau"),
        happening("metz", "kunming", kinds=(EventKind.DELEGATION_VISIT,)),
        happening("metz", "kunming", status=EventStatus.DENIED),
    ],
    ids=["known", "known by an institution", "one country", "three sides", "a visit", "denied"],
)
def test_nothing_else_proposes_one(told: Happening) -> None:
    assert partnerships.proposed(told, [SEED], place) is None


def test_a_declined_one_is_never_proposed_again() -> None:
    assert partnerships.proposed(happening(), [replace(SEED, state=PartnershipState.DECLINED)], place) is None


# ---------------------------------------------------------------- agreements


def test_a_renewal_supersedes_the_agreement_before_it_and_another_report_is_the_same_paper() -> None:
    first = agreements.learnt(happening(when=on("2017-08-22")), "ev_1", 1, SEED.key, "sister", [])
    assert first is not None
    told = happening(kinds=(EventKind.AGREEMENT_RENEWED,), when=on("2022-08-22"))
    second = agreements.learnt(told, "ev_2", 2, SEED.key, None, [first])
    assert second is not None
    assert second.supersedes == first.key
    assert agreements.in_force([first, second]) == (second,)
    again = agreements.learnt(told, "ev_2", 3, SEED.key, None, [first, second])
    assert again is not None
    assert again.key == second.key


def test_a_signing_on_the_day_of_a_declared_paper_is_that_paper() -> None:
    declared = AgreementData(SEED.key, "2017-08-22", "Charter", signed_on=date(2017, 8, 22))
    found = agreements.learnt(happening(when=on("2017-08-22")), "ev_1", 1, SEED.key, None, [declared])
    assert found is not None
    assert found.key == declared.key
    both = agreements.merged(agreements.merged(None, declared), found)
    assert (both.title, both.event_id, both.origin) == ("Charter", "ev_1", Stated.CONFIG)


def test_an_agreement_ends_with_its_term_or_as_told() -> None:
    paper = AgreementData("k", "a", signed_on=date(2024, 2, 29), term_months=36)
    assert agreements.end_of(paper) == date(2027, 2, 28)
    assert agreements.end_of(replace(paper, ends_on=date(2026, 1, 1))) == date(2026, 1, 1)
    assert agreements.end_of(AgreementData("k", "a", term_months=36)) is None


# ---------------------------------------------------------------- series


def edition(ordinal: int, day: str | None, status: EventStatus = EventStatus.HAPPENED) -> Edition:
    return Edition(ordinal, f"e{ordinal}", on(day) if day else None, status, frozenset({"yunnan", "lai-chau"}))


@pytest.mark.parametrize(
    ("editions", "months"),
    [
        ((edition(4, "2024-06-12"), edition(5, "2025-10-30")), None),
        ((edition(4, "2024-06-12"), edition(5, "2025-05-30")), 12),
        ((edition(2, "2020-06-12"), edition(5, "2026-05-30")), 24),
        ((edition(4, "2024-06-12"), edition(5, "2025-06-30", EventStatus.CANCELLED)), None),
        ((edition(4, None), edition(5, "2025-10-30")), None),
    ],
)
def test_the_cadence_is_told_by_the_editions(editions: tuple[Edition, ...], months: int | None) -> None:
    assert series.cadence_months(SeriesData("s", editions=editions)) == months
    assert series.cadence_months(SeriesData("s", cadence_months=6, editions=editions)) == 6


def test_members_join_with_their_edition_and_one_that_was_merged_away_leaves() -> None:
    def lookup(place_id: str) -> object:
        found = place(place_id)
        return replace(found, valid_until=date(2025, 6, 30)) if found and place_id == "ha-giang" else found

    first = series.joined((), {"yunnan", "ha-giang"}, on("2024-06-12"), lookup)  # type: ignore[arg-type]
    both = series.joined(first, {"yunnan", "tuyen-quang"}, on("2025-10-30"), place)
    assert both == (
        SeriesMember("ha-giang", date(2024, 6, 12), date(2025, 6, 30)),
        SeriesMember("tuyen-quang", date(2025, 10, 30)),
        SeriesMember("yunnan", date(2024, 6, 12)),
    )
    assert series.members_on(SeriesData("s", members=both), date(2025, 10, 30)) == {"tuyen-quang", "yunnan"}


# ---------------------------------------------------------------- months


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-600, 600))
def test_months_forward_and_back_come_home_within_three_days(day: date, months: int) -> None:
    there = months_after(day, months)
    assert abs((months_after(there, -months) - day).days) <= 3
    assert abs(months_between(day, there) - months) <= 1


def test_a_month_has_a_first_and_a_last_day() -> None:
    assert month_of(date(2024, 2, 10)) == (date(2024, 2, 1), date(2024, 2, 29))
