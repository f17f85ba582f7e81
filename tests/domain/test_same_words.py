"""The same words about another happening are no copy; a garbled copy stays one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.domain import same_words
from monitor.domain.model.articles import Known, Understanding
from monitor.domain.model.events import DateRange, EventKind, Facts, Happening, KnownEvent, Precision
from monitor.domain.model.places import Mention, PlaceKind
from tests.domain.test_decide import DAY, EVENT, PLACES, VISIT, decided, known_article, understood

ANOTHER = DAY + timedelta(days=100)
LATER = replace(VISIT, when=DateRange(ANOTHER, ANOTHER))
WITH_LYON = replace(VISIT, participants=frozenset({"nancy", "lyon"}))
FIFTH = replace(VISIT, kinds=(EventKind.CONFERENCE,), ordinal=5)
SIXTH_KNOWN = replace(EVENT, kinds=(EventKind.CONFERENCE,), ordinal=6)


def told(main: Happening | None, days: Sequence[date] = (), named: Sequence[str] = ()) -> Understanding:
    mentions = tuple(Mention(0, 5, one, one, None, PlaceKind.CITY, 1.0) for one in named)
    facts = Facts(main, days=tuple(DateRange(day, day) for day in days))
    return replace(understood(main), mentions=mentions, facts=facts)


@pytest.mark.parametrize(
    ("text", "event", "why"),
    [
        (told(LATER, (ANOTHER,)), EVENT, same_words.ANOTHER_DAY),
        (told(LATER, (ANOTHER, DAY)), EVENT, None),  # names the day of the original as well
        (told(VISIT, (DAY,)), EVENT, None),
        (told(replace(VISIT, when=DateRange(DAY + timedelta(days=3), DAY + timedelta(days=4)))), EVENT, None),
        (told(replace(LATER, date_inferred=True)), EVENT, None),
        (told(LATER), replace(EVENT, date_inferred=True), None),
        (told(replace(VISIT, when=DateRange(date(2025, 1, 1), date(2025, 12, 31), Precision.YEAR))), EVENT, None),
        (told(replace(VISIT, when=None)), EVENT, None),
        (told(FIFTH), SIXTH_KNOWN, same_words.ANOTHER_EDITION),
        (told(replace(FIFTH, ordinal=None)), SIXTH_KNOWN, None),
        (told(WITH_LYON, named=("nancy", "lyon")), EVENT, same_words.ANOTHER_PARTNER),
        (told(WITH_LYON, named=("nancy", "lyon", "kunming")), EVENT, None),  # a tail about others was added
        (told(replace(VISIT, participants=frozenset({"nancy"})), named=("nancy",)), EVENT, None),  # cut short
        (told(None), EVENT, None),
    ],
)
def test_only_facts_that_exclude_the_originals_tell_them_apart(
    text: Understanding, event: KnownEvent, why: str | None
) -> None:
    assert same_words.difference(text, [event], PLACES.get) == why


def test_a_text_that_fits_one_of_the_originals_events_is_a_copy() -> None:
    other = replace(EVENT, id="ev_other", when=DateRange(ANOTHER, ANOTHER))
    assert same_words.difference(told(LATER, (ANOTHER,)), [EVENT, other], PLACES.get) is None


def test_last_years_report_with_this_years_day_opens_an_event_and_the_record_says_so() -> None:
    text = told(LATER, (ANOTHER,))
    original = known_article(text, event_ids=("ev_known",))
    intent = decided(text, Known(neighbours=(original,), events=(EVENT,)))
    assert intent.copy_of is None
    assert [one.event_id for one in intent.events] == [None]
    assert next(one for one in intent.record if one.stage == "duplicate").result == (
        "the words of another text, another day"
    )
