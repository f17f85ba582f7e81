"""Whether the words that searches ask for stand in the news that they are meant to find."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from monitor.domain.lexicon import primary
from monitor.domain.search_feeds import MOST_WORDS
from monitor.domain.text import fold
from tests import shipped

# Reached with whole words as written; search engines know word forms, too. The floor keeps later edits honest.
FLOOR = 0.87
UNSPACED = ("zh", "ja", "ko")

pytestmark = pytest.mark.shared


def test_most_reports_of_events_hold_one_of_the_first_words(shared_data: Path) -> None:
    lexicon = shipped.lexicon()
    lines = (shared_data / "data" / "relevance" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    reports = [one for one in map(json.loads, lines) if one["label"] == "event" and one["text"]]
    found = 0
    for one in reports:
        language = primary(one["lang"])
        text = fold(f"{one['title']}\n{one['text']}")
        words = lexicon.search_words(language)[:MOST_WORDS]
        found += any(stands(fold(word), text, language) for word in words)
    assert len(reports) > 100
    assert found / len(reports) >= FLOOR, f"{found} of {len(reports)}"


def stands(word: str, text: str, language: str) -> bool:
    if language in UNSPACED:
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
