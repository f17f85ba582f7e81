"""What a cue is, where it counts, and which of overlapping cues stays."""

from __future__ import annotations

import string
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.lexicon import (
    NEGATIVE,
    STRONG,
    WEAK,
    DateWords,
    Lexicon,
    LexiconData,
    Matching,
    OrdinalWords,
    primary,
)


def language(name: str, matching: Matching, cues: Mapping[str, tuple[str, ...]], **ordinals: int) -> LexiconData:
    months = tuple((f"{name}-month-{number}",) for number in range(1, 13))
    weekdays = tuple((f"{name}-day-{number}",) for number in range(1, 8))
    return LexiconData(name, matching, cues, DateWords(months, weekdays, (f"{name}-now",)), OrdinalWords(ordinals))


ENGLISH = language(
    "en",
    Matching.WORD,
    {
        STRONG: ("sister city", "twin town"),
        WEAK: ("sister", "twin cities"),
        NEGATIVE: ("digital twin town", "sister company"),
        "kinds.talks": ("met", "met with"),
        "cooperation.words": ("tour",),
    },
    first=1,
)
FRENCH = language(
    "fr", Matching.PREFIX, {STRONG: ("jumelée avec", "commune d'"), WEAK: ("jumel", "élu"), "kinds.aid": ("don",)}
)
CHINESE = language("zh", Matching.SUBSTRING, {STRONG: ("友城",), NEGATIVE: ("亲友城",)})
VIETNAMESE = language("vi", Matching.WORD, {WEAK: ("bản",), STRONG: ("kết nghĩa",)})
LEXICON = Lexicon([ENGLISH, FRENCH, CHINESE, VIETNAMESE])


def found(text: str, code: str | None) -> list[tuple[str, str]]:
    return [(match.group, match.surface) for match in LEXICON.find(text, code)]


def test_case_accents_and_width_make_no_difference() -> None:
    assert found("SISTER CITY", "en") == [(STRONG, "SISTER CITY")]
    assert found("ville JUMELEE AVEC une autre", "fr") == [(STRONG, "JUMELEE AVEC")]
    assert found("ｓｉｓｔｅｒ ｃｉｔｙ", "en") == [(STRONG, "ｓｉｓｔｅｒ ｃｉｔｙ")]


def test_offsets_are_those_of_the_text_as_given_even_where_folding_changes_lengths() -> None:
    text = "Große ﬁnale: a twin town"
    (match,) = LEXICON.find(text, "en")
    assert text[match.start : match.end] == match.surface == "twin town"


def test_a_whole_word_does_not_match_inside_a_longer_one() -> None:
    assert found("a metal detour, a tourist", "en") == []
    assert found("they met.", "en") == [("kinds.talks", "met")]


def test_a_prefix_takes_an_ending_and_the_surface_shows_it() -> None:
    assert found("des communes jumelles", "fr") == [(WEAK, "jumelles")]


def test_a_short_prefix_takes_only_a_short_ending() -> None:
    assert found("dons", "fr") == [("kinds.aid", "dons")]
    assert found("donner", "fr") == []


def test_a_prefix_does_not_match_inside_a_word() -> None:
    assert found("gémellaire rejumelé", "fr") == []


def test_a_cue_that_ends_in_a_mark_takes_whatever_follows() -> None:
    assert found("la commune d'Ancerville", "fr") == [(STRONG, "commune d'")]


def test_substrings_match_between_other_characters() -> None:
    assert found("成为友城关系", "zh") == [(STRONG, "友城")]


def test_a_latin_cue_beside_han_characters_stands_alone() -> None:
    assert found("签署sister city协议", "zh") == [(STRONG, "sister city")]


def test_the_longest_of_one_group_stays() -> None:
    assert found("they met with us", "en") == [("kinds.talks", "met with")]


def test_a_strong_cue_removes_the_weak_one_it_covers() -> None:
    assert found("our sister city and her sister", "en") == [(STRONG, "sister city"), (WEAK, "sister")]


def test_a_negative_cue_removes_what_it_covers() -> None:
    assert found("a digital twin town, a sister company", "en") == [
        (NEGATIVE, "digital twin town"),
        (NEGATIVE, "sister company"),
    ]
    assert found("亲友城", "zh") == [(NEGATIVE, "亲友城")]


def test_vietnamese_marks_tell_words_apart() -> None:
    assert found("bản và bán", "vi") == [(WEAK, "bản")]


def test_vietnamese_without_any_marks_counts_only_in_phrases() -> None:
    assert found("ban do ket nghia", "vi") == [(STRONG, "ket nghia")]


def test_english_relation_cues_of_several_words_count_in_every_language() -> None:
    assert found("le programme sister city met un tour", "fr") == [(STRONG, "sister city")]


@pytest.mark.parametrize("code", [None, "", "xx", "sv"])
def test_an_unknown_language_is_tried_in_all_but_with_long_cues_only(code: str | None) -> None:
    assert found("met tour don kết nghĩa twin town 友城", code) == [
        (STRONG, "kết nghĩa"),
        (STRONG, "twin town"),
        (STRONG, "友城"),
    ]


def test_the_subtag_decides_not_script_or_region() -> None:
    assert found("友城", "zh-Hant-TW") == found("友城", "ZH_cn") == [(STRONG, "友城")]
    assert primary("pt-BR") == "pt"
    assert not primary(None)


def test_dates_and_ordinals_are_those_of_the_language() -> None:
    assert LEXICON.dates("fr-CA").months[0] == ("fr-month-1",)
    assert LEXICON.ordinals("en").words == {"first": 1}


def test_dates_and_ordinals_of_an_unknown_language_are_all_together() -> None:
    assert LEXICON.dates(None).weekdays[6] == ("en-day-7", "fr-day-7", "zh-day-7", "vi-day-7")
    assert LEXICON.dates("xx").today == ("en-now", "fr-now", "zh-now", "vi-now")
    assert LEXICON.ordinals("xx").words == {"first": 1}


def test_a_lexicon_without_languages_finds_nothing() -> None:
    assert Lexicon([]).find("sister city", "en") == ()
    assert Lexicon([]).languages == ()


_NOISE = st.text(alphabet=string.ascii_letters + " .,é友城ß\u0301\n", max_size=60)


@given(before=_NOISE, after=_NOISE, code=st.sampled_from([None, "en", "fr", "zh", "vi"]))
def test_every_match_is_the_text_at_its_offsets_in_order(before: str, after: str, code: str | None) -> None:
    text = f"{before} sister city {after}"
    matches = LEXICON.find(text, code)
    assert all(text[match.start : match.end] == match.surface for match in matches)
    assert list(matches) == sorted(matches, key=lambda match: (match.start, match.end, match.group))
