"""Adjectives of countries, found where the partner's own name is unknown."""

from __future__ import annotations

import pytest

from monitor.domain.demonyms import home, origins
from monitor.domain.text import fold_with_offsets


def found(text: str, language: str | None) -> list[tuple[str, str]]:
    return [(text[start:end], country) for start, end, country in origins(fold_with_offsets(text), language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "a Polish town", [("Polish", "PL")]),
        ("fr", "la ville néerlandaise", [("néerlandaise", "NL")]),
        ("de", "die ungarische Partnerstadt", [("ungarische", "HU")]),
        ("es", "la ciudad japonesa", [("japonesa", "JP")]),
        ("it", "delegazione tedesca", [("tedesca", "DE")]),
        ("pt", "cidade suíça", [("suíça", "CH")]),
        ("nl", "Franse gasten", [("Franse", "FR")]),
        ("pl", "ze szwedzkim miastem", [("szwedzkim", "SE")]),
        ("ru", "польской гмины", [("польской", "PL")]),
        ("uk", "чеського міста", [("чеського", "CZ")]),
        ("cs", "s německým městem", [("německým", "DE")]),
        ("sk", "české mesto", [("české", "CZ")]),
        ("hu", "a finn testvérváros és a lengyel", [("finn", "FI"), ("lengyel", "PL")]),
        ("ro", "orașul maghiar", [("maghiar", "HU")]),
        ("sv", "den tyska vänorten", [("tyska", "DE")]),
        ("pt-BR", "cidade chinesa", [("chinesa", "CN")]),
    ],
)
def test_adjectives_tell_the_country_in_their_inflected_forms(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text, language) == expected


def test_longer_words_and_parts_of_words_are_no_adjectives() -> None:
    assert found("Indianapolis and Germanium, unpolished", "en") == []


@pytest.mark.parametrize("language", ["zh", "ja", None, "xx"])
def test_languages_without_such_adjectives_find_none(language: str | None) -> None:
    assert found("Polish польский", language) == []


def test_home_is_where_the_language_is_spoken() -> None:
    assert "FR" in home("fr-CA")
    assert home("cs") == {"CZ"}
    assert home("xx") == frozenset()
