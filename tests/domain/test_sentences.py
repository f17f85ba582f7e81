"""Where a sentence ends, in many scripts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.sentences import sentences


def cut(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She came. He left.", ["She came.", "He left."]),
        ("Really? Yes! Good…  Fine.", ["Really?", "Yes!", "Good…", "Fine."]),
        ('He said: "We sign." Then they did.', ['He said: "We sign."', "Then they did."]),
        ("Title without a stop\nFirst line.", ["Title without a stop", "First line."]),
        ("市长来访。签署协议！下次见", ["市长来访。", "签署协议！", "下次见"]),
        ("市長は「行く。」と言った。次へ", ["市長は「行く。」と言った。", "次へ"]),
        ("시장이 방문했다. 협약을 맺었다.", ["시장이 방문했다.", "협약을 맺었다."]),
        ("وصل الوفد. هل وقعوا؟ نعم.", ["وصل الوفد.", "هل وقعوا؟", "نعم."]),
        ("महापौर आए। वे गए।", ["महापौर आए।", "वे गए।"]),
    ],
)
def test_sentences_end_at_the_stops_of_their_script(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "M. Durand a reçu Mme. Petit à la mairie.",
        "Mr. Grey met Dr. White in St. Albans.",
        "Das gilt z. B. Städten wie Bonn.",
        "Am 3. Mai tagte die 5. Konferenz.",
        "В 2024 г. Самара приняла гостей.",
        "Мэр А. С. Иванов выступил.",
        "It cost 3.5 million, see www.example.org for more.",
        "The U.S. delegation came.",
        "Toplantı 23. Haziran günü yapıldı.",
    ],
)
def test_abbreviations_initials_ordinals_and_decimals_do_not_end_a_sentence(text: str) -> None:
    assert cut(text) == [text]


def test_a_year_before_the_point_ends_a_sentence() -> None:
    assert cut("They met in 2019. Later they signed.") == ["They met in 2019.", "Later they signed."]


def test_a_stop_glued_to_the_next_sentence_still_ends_one() -> None:
    assert cut("They signed.Then they left.") == ["They signed.", "Then they left."]


def test_a_point_before_a_small_letter_ends_nothing() -> None:
    assert cut("the so-called prov. council met") == ["the so-called prov. council met"]


def test_an_empty_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n \n") == ()


@given(st.text(alphabet="aB1.!?。 \n\"'é市г", max_size=80))
def test_sentences_are_the_text_at_their_offsets_in_order_and_lose_only_blanks(text: str) -> None:
    found = sentences(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())
