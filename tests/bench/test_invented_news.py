from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import invented, lookalikes
from bench.invented import COMING, HARD, KINDS, LANGUAGES, PAIRS, Occurrence
from monitor.domain.places import display_name
from monitor.ports import Gazetteer

SIGNED = Occurrence("signed", "leipzig", "bordeaux", date(2026, 4, 3))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*KINDS, *COMING])
def test_every_kind_is_told_in_every_language(language: str, kind: str, gazetteer: Gazetteer) -> None:
    occurrence = Occurrence(kind, "leipzig", "bordeaux", date(2026, 4, 3))
    for wording in range(2):
        text = invented.write(occurrence, language, gazetteer, wording, filling=Random(wording))
        assert "{" not in text.title + text.body
        for place_id in ("leipzig", "bordeaux"):
            place = gazetteer.place(place_id)
            assert place is not None
            assert display_name(place, language) in text.title + text.body


def test_the_same_occurrence_reads_alike_in_no_two_languages(gazetteer: Gazetteer) -> None:
    bodies = {invented.write(SIGNED, language, gazetteer).body for language in LANGUAGES}
    assert len(bodies) == len(LANGUAGES)


def test_every_pair_has_names_in_every_language(gazetteer: Gazetteer) -> None:
    nameless = [
        (one, language)
        for pair in PAIRS
        for one in pair
        for language in ("zh", "ja")
        if (place := gazetteer.place(one)) is None or display_name(place, language).isascii()
    ]
    assert nameless == []


def test_hard_local_news_leaves_no_blank_open(gazetteer: Gazetteer) -> None:
    texts = invented.hard_local_news(200, Random(1), gazetteer, date(2026, 1, 5), 300)
    assert {text.language for text in texts} == set(LANGUAGES)
    assert not [text for text in texts if "{" in text.title + text.body]
    assert {len(invented._wordings(language, HARD)) for language in LANGUAGES} == {12}


@given(
    st.sampled_from(KINDS),
    st.sampled_from(PAIRS),
    st.dates(date(2010, 1, 1), date(2030, 12, 31)),
    st.integers(3, 11),
    st.sampled_from(lookalikes.SWAPS),
    st.integers(0, 2**32),
)
def test_a_look_alike_differs_in_what_was_swapped_and_its_day_only(
    kind: str, pair: tuple[str, str], on: date, ordinal: int, swap: str, seed: int
) -> None:
    original = Occurrence(kind, *pair, on, ordinal)
    other = invented.swapped(original, swap, Random(seed))
    differing = {one.name for one in fields(Occurrence) if getattr(original, one.name) != getattr(other, one.name)}
    expected = {"pair": {"b"}, "ordinal": {"ordinal", "on"}, "date": {"on"}, "status": {"kind", "on"}}
    assert differing == expected[swap]


def test_there_are_150_look_alikes_of_all_sorts(gazetteer: Gazetteer) -> None:
    cases = list(lookalikes.look_alikes(gazetteer))
    assert len(cases) == 150
    assert not [case for case in cases if case.texts[0].body == case.texts[1].body]
    sorts = Counter(case.sort.partition(",")[0] for case in cases)
    assert set(sorts) == set(lookalikes.SWAPS)
    assert min(sorts.values()) >= 37


def test_retellings_tell_one_occurrence_in_other_words(gazetteer: Gazetteer) -> None:
    cases = list(lookalikes.retellings(gazetteer))
    assert len(cases) == 150
    assert all(case.same and case.texts[0].body != case.texts[1].body for case in cases)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.sampled_from(LANGUAGES))
def test_a_told_day_names_its_year_only_when_asked(day: date, language: str) -> None:
    assert str(day.year) in invented.told_day(day, language)
    assert str(day.year) not in invented.told_day(day, language, with_year=False)
