from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.domain import digest
from monitor.domain.model.digests import ContextReport, DigestSection, Lasting, Watch
from monitor.domain.model.events import DateRange, EventKind, Precision
from monitor.domain.model.partnerships import (
    Basis,
    Claim,
    ClaimField,
    ContextKind,
    Expectation,
    ExpectationState,
    Expected,
    PartnershipData,
    PartnershipState,
    Stated,
)
from tests.domain.digest_samples import LAST, NANCY, NOW, event, material, on, place, report, subscription, told, words

PAIR = PartnershipData("kunming+nancy", frozenset({"nancy", "kunming"}), "sister", date(2016, 12, 1))


def anniversary(**fields: object) -> Expectation:
    expected = Expected(
        key="anniversary:kunming+nancy:10",
        basis=Basis.ANNIVERSARY,
        kinds=(EventKind.ANNIVERSARY,),
        participants=PAIR.participants,
        when=on("2026-12-31"),
        opens_on=date(2026, 6, 1),
        closes_on=date(2027, 6, 1),
        partnership_key=PAIR.key,
        years=10,
    )
    computed_at = datetime(2026, 1, 1, tzinfo=UTC)
    given: dict[str, object] = {"expected": expected, "state": ExpectationState.OPEN, "computed_at": computed_at}
    return Expectation("ev_x", **(given | fields))  # type: ignore[arg-type]


def sections(
    lasting: Lasting, *watches: Watch, language: str = "en", last: datetime | None = LAST
) -> dict[str, DigestSection]:
    given = replace(material(subscribed=subscription(*watches, last=last)), lasting=lasting)
    made = digest.compose(given, NOW, words(language), place)
    return {one.key: one for one in made.sections} if made is not None else {}


def test_what_is_reckoned_is_told_when_it_comes_near_labelled_as_computed() -> None:
    near = replace(anniversary(), expected=replace(anniversary().expected, when=on("2027-01-01")))
    [line] = sections(Lasting(expectations=(near,)), NANCY)["expectations"].lines
    assert line.headline == "Anniversary: Kunming–Nancy, 1 January 2027 (computed)"
    assert line.details[0] == "10 years since the partnership began."


@pytest.mark.parametrize("day", ["2026-12-20", "2027-03-01"], ids=["told before", "too far"])
def test_it_is_told_once(day: str) -> None:
    other = replace(anniversary(), expected=replace(anniversary().expected, when=on(day)))
    assert sections(Lasting(expectations=(other,)), NANCY) == {}


def test_it_concerns_only_who_watches_its_places() -> None:
    near = replace(anniversary(), expected=replace(anniversary().expected, when=on("2027-01-01")))
    assert sections(Lasting(expectations=(near,)), Watch("p", places=frozenset({"paris"}))) == {}


def test_what_was_missed_is_worded_with_care() -> None:
    missed = anniversary(state=ExpectationState.MISSED, settled_at=datetime(2026, 10, 1, tzinfo=UTC))
    [line] = sections(Lasting(expectations=(missed,)), NANCY)["expectations"].lines
    assert line.details == (
        "No report of it was found in the time in which it was to be expected. It may have taken place all the same.",
    )
    assert sections(Lasting(expectations=(replace(missed, settled_at=datetime(2026, 9, 1, tzinfo=UTC)),)), NANCY) == {}


def test_long_silence_is_told_when_it_has_lasted_long_enough_and_can_be_trusted() -> None:
    lasting = Lasting((PAIR,), frozenset({PAIR.key}), (), {PAIR.key: date(2025, 4, 1)})
    [line] = sections(lasting, NANCY)["silence"].lines
    assert line.headline == "No report found since 1 April 2025: Kunming–Nancy"
    assert sections(replace(lasting, trusted=frozenset()), NANCY) == {}
    assert sections(replace(lasting, last_told={PAIR.key: date(2025, 3, 1)}), NANCY) == {}
    assert "silence" in sections(replace(lasting, last_told={PAIR.key: date(2024, 4, 1)}), NANCY)
    assert sections(replace(lasting, last_told={PAIR.key: date(2025, 6, 1)}), NANCY) == {}


def test_of_whom_silence_says_nothing_is_told_with_the_coverage() -> None:
    lasting = Lasting((PAIR,), untrusted=(("nancy", "kunming"), ("nancy", "lao-cai")))
    given = replace(material(told(event())), lasting=lasting)
    made = digest.compose(given, NOW, words(), place)
    assert made is not None
    assert made.coverage[-1] == "Silence cannot be trusted for Nancy–Kunming and Nancy–Lao Cai: too little is followed."
    quiet = material(subscribed=subscription(sign_of_life=False))
    assert digest.compose(replace(quiet, lasting=lasting), NOW, words(), place) is None


def test_a_partnership_that_the_news_found_is_put_to_a_person() -> None:
    found = replace(PAIR, state=PartnershipState.PROPOSED)
    [line] = sections(Lasting(proposed=(found,)), NANCY)["proposals"].lines
    assert line.headline == "Partnership found in the news: Kunming–Nancy"
    assert "kunming+nancy" in line.details[0]
    assert sections(Lasting(proposed=(found,)), Watch("p", places=frozenset({"paris"}))) == {}


def test_no_more_proposals_are_told_than_a_person_decides_the_likeliest_first() -> None:
    named = Claim(ClaimField.GRADE, "sister", Stated.NEWS, "ev_1")
    found = [
        PartnershipData(f"{number}+nancy", frozenset({"nancy", str(number)}), state=PartnershipState.PROPOSED)
        for number in range(8)
    ]
    found[6] = replace(found[6], claims=(named,))
    ours = PartnershipData("kunming+lao-cai", frozenset({"kunming", "lao-cai"}))
    found[7] = replace(found[7], participants=frozenset({"nancy", "kunming"}))
    lines = sections(Lasting((ours,), proposed=tuple(found)), NANCY)["proposals"].lines
    assert [line.headline for line in lines[:3]] == [
        "Partnership found in the news: Kunming–Nancy",
        "Partnership found in the news: 6–Nancy",
        "Partnership found in the news: 0–Nancy",
    ]
    assert len(lines) == 6
    assert lines[-1].headline == "and 3 more"
    assert lines[-1].details == ("All of them: the page “Partnerships”, or monitor partnership list --state proposed",)


def test_context_is_told_only_to_who_asked_for_it() -> None:
    context = (
        ContextReport(ContextKind.DISASTER, "kunming", report("昆明暴雨", "zh")),
        ContextReport(ContextKind.DISASTER, "kunming", report("Flood in Kunming", "en")),
        ContextReport(ContextKind.MAYOR, "metz", report("Metz a un nouveau maire")),
    )
    asks = Watch("c", places=frozenset({"nancy", "kunming"}), context=True)
    [line] = sections(Lasting(context=context), asks)["context"].lines
    assert (line.headline, len(line.reports)) == ("Kunming: disaster", 2)
    assert sections(Lasting(context=context), replace(asks, context=False)) == {}
    assert sections(Lasting(context=context)) == {}


def test_an_event_of_an_institution_says_through_whom_it_concerns_the_city() -> None:
    given = material(told(event("e1", "chru-nancy", "kunming")), subscribed=subscription(NANCY))
    made = digest.compose(given, NOW, words(), place)
    assert made is not None
    assert "Concerns Nancy via CHRU de Nancy." in made.sections[0].lines[0].details
    beside = material(told(event("e1", "chru-nancy", "nancy", "kunming")), subscribed=subscription(NANCY))
    plain = digest.compose(beside, NOW, words(), place)
    assert plain is not None
    assert not any("via" in one for one in plain.sections[0].lines[0].details)


@pytest.mark.parametrize("language", ["fr", "zh", "vi"])
def test_every_language_says_all_of_it(language: str) -> None:
    near = replace(anniversary(), expected=replace(anniversary().expected, when=on("2027-01-01")))
    month = DateRange(date(2027, 1, 1), date(2027, 1, 31), Precision.MONTH)
    term = replace(near, id="ev_y", expected=replace(near.expected, key="t", basis=Basis.TERM, when=month))
    lasting = Lasting(
        (PAIR,),
        frozenset({PAIR.key}),
        (("nancy", "kunming"),),
        {PAIR.key: date(2025, 4, 1)},
        (replace(PAIR, state=PartnershipState.PROPOSED),),
        (near, term),
        (ContextReport(ContextKind.ATTACK, "nancy", report()),),
    )
    found = sections(lasting, replace(NANCY, context=True), language=language)
    english = sections(lasting, replace(NANCY, context=True))
    assert set(found) == {"expectations", "silence", "proposals", "context"}
    for key, section in found.items():
        assert section.title != english[key].title
        for line, other in zip(section.lines, english[key].lines, strict=True):
            assert line.headline != other.headline
            assert not set(line.details) & set(other.details)
