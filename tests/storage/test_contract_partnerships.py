from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Precision
from monitor.domain.model.partnerships import (
    AgreementData,
    Basis,
    Claim,
    ClaimField,
    ContextFound,
    ContextKind,
    Expectation,
    ExpectationState,
    Expected,
    PartnershipData,
    PartnershipState,
    SeriesData,
    SeriesMember,
    Stated,
)
from monitor.domain.model.sources import Rights, TextRights
from monitor.errors import NotFound
from tests.storage import samples

PAIR = PartnershipData("lakeside+millport", frozenset({"lakeside", "millport"}), "sister", date(1998, 5, 1))


def put(database: Database, *given: PartnershipData) -> None:
    with database.units() as unit:
        for one in given:
            unit.put_partnership(one, samples.NOW)
        unit.commit()


def test_partnerships_come_back_as_they_were_put_by_key(database: Database) -> None:
    other = PartnershipData("a+b", frozenset({"a", "b"}), until=date(2020, 1, 1))
    put(database, PAIR, other)
    assert database.archive.partnerships() == (other, PAIR)


def test_putting_a_partnership_again_replaces_it(database: Database) -> None:
    put(database, PAIR)
    grown = PartnershipData(PAIR.key, PAIR.participants | {"oldtown"}, "friendship")
    put(database, grown)
    assert database.archive.partnerships() == (grown,)


def test_what_a_seed_tells_is_among_them(database: Database) -> None:
    samples.put_seed(database, samples.seed(partnerships=(PAIR,)))
    assert database.archive.partnerships() == (PAIR,)


def test_nothing_is_kept_of_a_unit_that_was_not_committed(database: Database) -> None:
    with database.units() as unit:
        unit.put_partnership(PAIR, samples.NOW)
    assert database.archive.partnerships() == ()


def test_voices_are_kept_side_by_side_and_the_weightier_is_believed(database: Database) -> None:
    by_hand = replace(PAIR, grade="friendship", since=date(1997, 1, 1), origin=Stated.HAND)
    put(database, by_hand, replace(PAIR, origin=Stated.CSV))
    [found] = database.archive.partnerships()
    assert (found.grade, found.since, found.origin) == ("friendship", date(1997, 1, 1), Stated.HAND)
    assert {one.stated for one in found.claims} == {Stated.HAND, Stated.CSV}


def test_a_persons_no_survives_the_seed_that_is_loaded_again(database: Database) -> None:
    put(database, PAIR)
    with database.units() as unit:
        unit.relations().set_state(PAIR.key, PartnershipState.DECLINED, samples.NOW)
        unit.commit()
    put(database, PAIR)
    assert [one.state for one in database.archive.partnerships()] == [PartnershipState.DECLINED]


def test_only_a_partnership_that_is_there_can_be_decided_about(database: Database) -> None:
    with database.units() as unit, pytest.raises(NotFound):
        unit.relations().set_state("no+where", PartnershipState.WATCHED, samples.NOW)


def test_partnerships_are_found_by_their_places(database: Database) -> None:
    other = PartnershipData("a+b", frozenset({"a", "b"}))
    put(database, PAIR, other)
    with database.units() as unit:
        relations = unit.relations()
        assert relations.partnerships_of({"lakeside", "elsewhere"}) == (PAIR,)
        assert relations.partnerships_of(()) == ()
        assert relations.partnerships() == (other, PAIR)


def test_proposed_ones_are_told_since_when(database: Database) -> None:
    found = replace(PAIR, origin=Stated.NEWS, state=PartnershipState.PROPOSED)
    put(database, found)
    with database.units() as unit:
        relations = unit.relations()
        assert relations.proposed_since(samples.NOW - samples.HOUR) == (found,)
        assert relations.proposed_since(samples.NOW) == ()


# ---------------------------------------------------------------- agreements


PAPER = AgreementData(
    PAIR.key,
    "1998",
    "Charter",
    "sister",
    date(1998, 5, 1),
    60,
    supersedes="1990",
    claims=(Claim(ClaimField.SIGNED_ON, "1998-05-01", Stated.CSV, "pairs.csv", 3, is_confirmed=False),),
)


def test_agreements_come_back_as_they_were_put_by_day(database: Database) -> None:
    put(database, PAIR)
    newer, undated = AgreementData(PAIR.key, "2003", signed_on=date(2003, 5, 1)), AgreementData(PAIR.key, "0")
    with database.units() as unit:
        for one in (undated, newer, replace(PAPER, title="A charter"), PAPER):
            unit.relations().put_agreement(one, samples.NOW)
        unit.commit()
    found = database.archive.agreements(PAIR.key)
    assert found == (PAPER, newer, undated)
    assert found[0].claims == PAPER.claims
    assert database.archive.agreements() == found
    assert database.archive.agreements("no+where") == ()


def test_an_agreement_needs_its_partnership(database: Database) -> None:
    with database.units() as unit, pytest.raises(NotFound):
        unit.relations().put_agreement(PAPER, samples.NOW)


# ---------------------------------------------------------------- series


def test_a_series_has_its_members_and_the_numbered_events_as_editions(database: Database) -> None:
    key = "conference:conference:fr+vn"
    told = samples.happening(kinds=(EventKind.CONFERENCE,), ordinal=3, series_key=key)
    [event_id] = samples.store(database, events=(samples.opening(told),)).event_ids
    given = SeriesData(
        key, ("River talks",), 12, (SeriesMember("lakeside", date(2020, 1, 1)), SeriesMember("millport"))
    )
    with database.units() as unit:
        unit.relations().put_series(given)
        unit.commit()
    [found] = database.archive.series(key)
    [edition] = found.editions
    assert replace(found, editions=()) == given
    assert (edition.ordinal, edition.event_id, edition.when) == (3, event_id, told.when)
    assert database.archive.series() == (found,)
    assert database.archive.series("unknown") == ()


# ---------------------------------------------------------------- expectations

EXPECTED = Expected(
    key="anniversary:lakeside+millport:30",
    basis=Basis.ANNIVERSARY,
    kinds=(EventKind.ANNIVERSARY,),
    participants=PAIR.participants,
    when=DateRange(date(2028, 1, 1), date(2028, 12, 31), Precision.YEAR),
    opens_on=date(2028, 1, 1),
    closes_on=date(2029, 3, 31),
    partnership_key=PAIR.key,
    years=30,
)


def test_expectations_are_found_by_state_and_place(database: Database) -> None:
    one = Expectation("ev_1", EXPECTED, ExpectationState.OPEN, samples.NOW)
    other = Expectation(
        "ev_2",
        replace(EXPECTED, key="x", participants=frozenset({"oldtown"}), closes_on=date(2027, 1, 1)),
        ExpectationState.MISSED,
        samples.NOW,
        settled_at=samples.NOW,
    )
    with database.units() as unit:
        relations = unit.relations()
        relations.put_expectation(one)
        relations.put_expectation(other)
        unit.commit()
    archive = database.archive
    assert archive.expectations() == (other, one)
    assert archive.expectations((ExpectationState.OPEN,)) == (one,)
    assert archive.expectations(None, {"oldtown"}) == (other,)
    assert archive.expectations((ExpectationState.OPEN,), {"oldtown"}) == ()


def test_an_expectation_written_again_keeps_the_moment_it_was_computed_first(database: Database) -> None:
    one = Expectation("ev_1", EXPECTED, ExpectationState.OPEN, samples.NOW)
    later = replace(one, state=ExpectationState.MISSED, computed_at=samples.NOW + samples.DAY, settled_at=samples.NOW)
    with database.units() as unit:
        unit.relations().put_expectation(one)
        unit.relations().put_expectation(later)
        unit.commit()
    assert database.archive.expectations() == (replace(later, computed_at=samples.NOW),)


def test_an_event_that_fulfils_an_expectation_takes_its_id(database: Database) -> None:
    with database.units() as unit:
        unit.relations().put_expectation(Expectation("ev_1", EXPECTED, ExpectationState.OPEN, samples.NOW))
        unit.commit()
    applied = samples.store(database, events=(samples.opening(samples.happening(), fulfils="ev_1"),))
    assert applied.event_ids == ("ev_1",)
    assert database.archive.event("ev_1").event.id == "ev_1"


def test_new_ids_are_never_the_same(database: Database) -> None:
    with database.units() as unit:
        assert len({unit.relations().new_id() for _ in range(100)}) == 100


# ---------------------------------------------------------------- events of places


def test_events_are_found_by_place_and_between_days(database: Database) -> None:
    [event_id] = samples.store(database, events=(samples.opening(),)).event_ids
    with database.units() as unit:
        relations = unit.relations()
        assert [one.id for one in relations.events_of({"lakeside"})] == [event_id]
        assert [one.id for one in relations.events_of({"lakeside"}, date(2026, 2, 28), date(2026, 3, 9))] == [event_id]
        assert relations.events_of({"lakeside"}, date(2026, 3, 1), date(2026, 3, 9)) == ()
        assert relations.events_of({"oldtown"}) == relations.events_of(()) == ()
        assert [one.article_id for one in relations.origins(event_id)] == [1]
    assert [one.id for one in database.archive.events_of({"millport"})] == [event_id]


def test_announced_events_are_listed_until_they_are_long_over(database: Database) -> None:
    to_come = samples.happening(status=EventStatus.ANNOUNCED, when=DateRange(date(2026, 5, 1), date(2026, 5, 1)))
    [event_id] = samples.store(database, events=(samples.opening(to_come),)).event_ids
    archive = database.archive
    assert [one.id for one in archive.announced(samples.NOW)] == [event_id]
    assert archive.announced(samples.NOW + timedelta(days=200)) == ()


# ---------------------------------------------------------------- context


def test_context_is_told_since_when_and_keeps_its_moment(database: Database) -> None:
    article_id = samples.store(database).article_id
    flood = ContextFound(ContextKind.DISASTER, "lakeside", 0, 5)
    mayor = ContextFound(ContextKind.MAYOR, "lakeside", 6, 9)
    later = samples.NOW + samples.DAY
    with database.units() as unit:
        relations = unit.relations()
        relations.put_context(article_id, (flood,), samples.NOW)
        relations.put_context(article_id, (flood, mayor), later)
        unit.commit()
    with database.units() as unit:
        relations = unit.relations()
        new = relations.context_since(samples.NOW)
        assert [(one.kind, one.place_id, one.report.article_id) for one in new] == [
            (ContextKind.MAYOR, "lakeside", article_id)
        ]
        assert len(relations.context_since(samples.NOW - samples.HOUR)) == 2
        relations.put_context(article_id, (), later)
        assert relations.context_since(samples.NOW - samples.HOUR) == ()


# ---------------------------------------------------------------- rights of a text


@pytest.mark.parametrize("rights", Rights)
def test_an_article_and_its_hit_carry_the_rights_of_their_source(database: Database, rights: Rights) -> None:
    samples.add_source(database, samples.source(rights=rights, quote_chars=42))
    article_id = samples.store(database).article_id
    assert database.archive.article(article_id).text_rights == TextRights(rights, 42)
    assert [one.text_rights for one in database.archive.search("regatta").rows] == [TextRights(rights, 42)]
    assert [one.text_rights for one in database.archive.articles()] == [TextRights(rights, 42)]


def test_of_a_source_that_is_not_there_the_usual_quote_is_allowed(database: Database) -> None:
    article_id = samples.store(database).article_id
    assert database.archive.article(article_id).text_rights == TextRights()
