from __future__ import annotations

from datetime import date

import pytest

from monitor.domain import places
from monitor.domain.model.events import EventKind, Precision
from monitor.domain.retrospect import PastEvent, past_events
from tests.domain import invented

TODAY = date(2026, 11, 1)
SIGNED, VISIT = EventKind.AGREEMENT_SIGNED, EventKind.DELEGATION_VISIT


def named(
    text: str,
    title: str = "Nancy and Kunming, sister cities",
    language: str = "en",
    on: date | None = date(2026, 5, 20),
) -> tuple[PastEvent, ...]:
    article = invented.article(title, text, language, on)
    cues = invented.lexicon().find(article.full_text, language)
    mentions = places.settle(article.hits, article.full_text, language, article.source, on, cues)
    return past_events(article, mentions, invented.lexicon(), invented.lookup, TODAY)


def told(*text: str, **more: object) -> list[tuple[set[str], EventKind, str]]:
    return [(set(one.participants), one.kinds[0], one.when.starts_on.isoformat()) for one in named(*text, **more)]  # type: ignore[arg-type]


def test_a_dated_event_between_two_cities_is_named_with_its_date_as_evidence() -> None:
    text = "On 12 May 2016 the mayors of Nancy and Kunming signed a friendship agreement in the town hall."
    [one] = named(text)
    assert (one.participants, one.kinds[0]) == ({"nancy", "kunming"}, SIGNED)
    assert (one.when.starts_on, one.when.precision) == (date(2016, 5, 12), Precision.DAY)
    full = f"Nancy and Kunming, sister cities\n\n{text}"
    assert "12 May 2016" in full[one.start : one.end]


def test_each_date_of_a_chronicle_takes_the_words_next_to_it() -> None:
    text = (
        "Nancy and Kunming signed an agreement in 2003, and a delegation from Kunming visited Nancy in May 2007. "
        "In 2012 the cities renewed the agreement."
    )
    assert told(text) == [
        ({"nancy", "kunming"}, SIGNED, "2003-01-01"),
        ({"nancy", "kunming"}, VISIT, "2007-05-01"),
        ({"nancy", "kunming"}, EventKind.AGREEMENT_RENEWED, "2012-01-01"),
    ]


@pytest.mark.parametrize(
    ("text", "title", "language"),
    [
        ("The two are sister cities since 1988.", "Nancy and Kunming", "en"),
        ("Nancy est jumelée avec Kunming depuis 1988.", "Nancy et Kunming", "fr"),
        ("南锡与昆明自1988年起结为友好城市。", "南锡与昆明", "zh"),
    ],
)
def test_a_relation_that_lasts_since_a_year_was_agreed_on_then(text: str, title: str, language: str) -> None:
    assert told(text, title=title, language=language) == [({"nancy", "kunming"}, SIGNED, "1988-01-01")]


def test_in_a_list_of_partners_the_year_belongs_to_the_place_in_front_of_it() -> None:
    text = "Nancy is twinned with Karlsruhe (1955), Kanazawa (1973), Kunming (2003), Wuhan (2010) and Valencia (2012)."
    found = told(text, title="Nancy and its partners")
    assert [(sorted(who - {"nancy"}), day[:4]) for who, _, day in found] == [
        (["karlsruhe"], "1955"),
        (["kanazawa"], "1973"),
        (["kunming"], "2003"),
        (["wuhan"], "2010"),
        (["valencia"], "2012"),
    ]
    assert {kind for _, kind, _ in found} == {SIGNED}


def test_who_is_not_named_again_is_whom_the_text_is_about() -> None:
    assert told("A delegation visited the town hall in June 2011.") == [({"nancy", "kunming"}, VISIT, "2011-06-01")]


@pytest.mark.parametrize(
    "text",
    [
        "On 12 May 2026 the mayors of Nancy and Kunming signed a friendship agreement.",  # news
        "The mayors of Nancy and Kunming will sign an agreement in May 2028.",  # to come
        "In May the mayors of Nancy and Kunming signed an agreement.",  # which May?
        "Nancy and Kunming were founded before the year 1200, and in 1950 the tramway came.",  # nothing between them
        "The agreement of Nancy and Kunming runs until 2019.",  # no day on which anything happened
        "In 1999 Nancy was a town of 103,000 people; a delegation from Kunming visited Nancy.",  # another clause
    ],
)
def test_what_is_no_dated_past_event_of_a_relation_is_left_out(text: str) -> None:
    assert named(text) == ()


def test_a_relation_inside_one_country_is_left_out() -> None:
    assert named("Nancy and Lyon signed an agreement on 4 March 2011.", title="Nancy and Lyon") == ()


def test_an_end_told_in_the_next_clause_is_not_dated_by_the_beginning() -> None:
    [one] = named("The cities of Nancy and Kunming signed in 1999, but Nancy now wants to terminate the agreement.")
    assert one.kinds == (SIGNED,)


def test_without_a_day_of_publication_today_is_the_measure() -> None:
    assert told("In 2016 Nancy and Kunming signed an agreement.", on=None)
