"""The words that news searches are asked for: whole words that our own reading counts as cues."""

from __future__ import annotations

import pytest

from monitor.domain.lexicon import SISTERLY, STRONG, WEAK
from tests import shipped

LEXICON = shipped.lexicon()
ASKED = [(language, word) for language in LEXICON.languages for word in LEXICON.search_words(language)]
# Languages of the required lexicons: a partner there must be searchable.
REQUIRED = {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "uk", "vi", "zh"}


def test_the_great_languages_have_words_to_search_for() -> None:
    assert {language for language, _ in ASKED} >= REQUIRED


@pytest.mark.parametrize("language", sorted({language for language, _ in ASKED}))
def test_what_is_searched_for_is_a_cue(language: str) -> None:
    words = LEXICON.search_words(language)
    assert len(set(words)) == len(words)
    for word in words:
        groups = {match.group for match in LEXICON.find(word, language) if match.surface}
        assert groups, word
        assert not any(group.endswith("negative") for group in groups), word


@pytest.mark.parametrize("language", sorted(REQUIRED))
def test_a_word_for_the_relation_itself_is_among_the_first(language: str) -> None:
    first = LEXICON.search_words(language)[:4]
    groups = {match.group for word in first for match in LEXICON.find(word, language)}
    assert groups & {STRONG, WEAK, SISTERLY}, first
