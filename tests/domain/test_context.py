from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from monitor import resources
from monitor.adapters.context_cues import load_context_cues
from monitor.domain.context import context
from monitor.domain.model.articles import ArticleForDecision, SourceContext
from monitor.domain.model.partnerships import ContextKind
from monitor.domain.model.places import Mention
from monitor.errors import ConfigurationError
from tests.domain import invented

CUES = load_context_cues(resources.context_cues())
WATCHED = frozenset({"kanazawa", "nancy", "kunming"})


def told(title: str, language: str, text: str = "") -> list[tuple[ContextKind, str]]:
    article = ArticleForDecision(
        "https://x.example/1", "x.example/1", title, text, language, date(2026, 3, 2), SourceContext("x"), ()
    )
    full = article.full_text
    mentions = [
        Mention(one.start, one.end, one.surface, one.candidates[0].id, one.candidates[0].country,
                one.candidates[0].kind, 1.0)
        for one in invented.hits(full)
    ]  # fmt: skip
    found = context(article, mentions, CUES, WATCHED, invented.lookup)
    assert all(full[one.start : one.end].strip() for one in found)
    return [(one.kind, one.place_id) for one in found]


@pytest.mark.parametrize(
    ("title", "language", "kind", "place_id"),
    [
        ("Strong earthquake shakes Kanazawa", "en", ContextKind.DISASTER, "kanazawa"),
        ("金沢で震度5強の揺れ", "ja", ContextKind.DISASTER, "kanazawa"),
        ("Inondations à Nancy : les écoles fermées", "fr", ContextKind.DISASTER, "nancy"),
        ("Nancy a une nouvelle maire", "fr", ContextKind.MAYOR, "nancy"),
        ("昆明市新任市长宣誓就职", "zh", ContextKind.MAYOR, "kunming"),
        ("Drone strike hits power plant near Kanazawa", "en", ContextKind.ATTACK, "kanazawa"),
    ],
)
def test_a_headline_tells_what_happens_at_a_watched_place(
    title: str, language: str, kind: ContextKind, place_id: str
) -> None:
    assert told(title, language) == [(kind, place_id)]


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Kanazawa holds its yearly earthquake drill", "en"),
        ("Ten years after the flood, Kanazawa remembers", "en"),
        ("Exercice d’évacuation en cas de séisme à Nancy", "fr"),
        ("Strong earthquake shakes Hanoi", "en"),
        ("Mayor of Nancy opens the book fair", "en"),
        ("金沢市で地震の防災訓練", "ja"),
    ],
)
def test_drills_memories_other_places_and_plain_news_tell_nothing(title: str, language: str) -> None:
    assert told(title, language) == []


def test_the_lead_names_the_place_where_the_headline_does_not() -> None:
    assert told("Earthquake leaves hundreds without homes", "en", "The quake hit Kanazawa on Monday.") != []
    assert told("Earthquake in Hanoi", "en", "A team from Kanazawa will help.") == []
    assert told("A quiet Monday", "en", "In Kanazawa an earthquake was felt.") == []


def test_every_language_of_the_lexicon_s_notes_has_cues_of_every_kind() -> None:
    assert len(CUES.languages) >= 16


def test_a_file_with_an_unknown_group_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cues.toml").write_text('[en]\nmatching = "word"\nweather = ["rain"]\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="weather"):
        load_context_cues(tmp_path)
