"""Reading the lexicon: whole files into words, broken ones into one line that names file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.adapters.lexicon import load_lexicon
from monitor.domain.model.events import EventKind
from monitor.errors import ConfigurationError

SHIPPED = Path(__file__).parents[2] / "monitor" / "lexicon"

MONTHS = ", ".join(f'["m{number}"]' for number in range(1, 13))
WEEKDAYS = ", ".join(f'["d{number}"]' for number in range(1, 8))
SMALL = f"""
language = "eo"
matching = "word"
[relation]
strong = ["ĝemela urbo"]
weak = ["ĝemeliĝo"]
negative = []
[relation.grades]
sister = ["ĝemela urbo"]
[authorities]
city = ["urbestro"]
province = []
university = []
hospital = []
state = []
association = []
[cooperation]
words = ["kunlaboro"]
openings = []
[kinds]
talks = ["renkonto"]
[status]
threatened = []
proposed = []
announced = ["okazos"]
postponed = []
cancelled = []
denied = []
[background]
words = ["gvidilo"]
[domestic]
words = []
[dates]
months = [{MONTHS}]
weekdays = [{WEEKDAYS}]
today = ["hodiaŭ"]
yesterday = []
tomorrow = []
recent = ["lastatempe"]
[ordinals]
prefixes = []
suffixes = ["-a"]
edition_nouns = ["kongreso"]
anniversary = ["jubileo"]
[ordinals.words]
"unua" = 1
"""


def folder_with(path: Path, text: str) -> Path:
    (path / "eo.toml").write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_cues_dates_and_ordinals(tmp_path: Path) -> None:
    lexicon = load_lexicon(folder_with(tmp_path, SMALL))
    text = "Gvidilo: la urbestro de ĝemela urbo, jubileo de la kunlaboro, kongreso kaj renkonto okazos; lastatempe"
    assert [(cue.group, cue.surface) for cue in lexicon.find(text, "eo")] == [
        ("background.words", "Gvidilo"),
        ("authorities.city", "urbestro"),
        ("relation.grades.sister", "ĝemela urbo"),
        ("relation.strong", "ĝemela urbo"),
        ("ordinals.anniversary", "jubileo"),
        ("cooperation.words", "kunlaboro"),
        ("ordinals.edition_nouns", "kongreso"),
        ("kinds.talks", "renkonto"),
        ("status.announced", "okazos"),
        ("dates.recent", "lastatempe"),
    ]
    assert lexicon.dates("eo").months[11] == ("m12",)
    assert lexicon.dates("eo").today == ("hodiaŭ",)
    assert lexicon.ordinals("eo").words == {"unua": 1}
    assert lexicon.ordinals("eo").suffixes == ("-a",)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('matching = "word"', 'matching = "regex"', "matching = 'regex': must be one of word, prefix, substring"),
        ('language = "eo"\n', "", "language: missing or no text"),
        ("[domestic]\nwords = []\n", "", "[domestic]: missing or no table"),
        ("[relation.grades]\nsister", "[grades]\nsister", "[relation.grades]: missing or no table"),
        ('strong = ["ĝemela urbo"]', 'strong = "ĝemela urbo"', "relation.strong: missing, or not a list of texts"),
        ('city = ["urbestro"]', 'city = [""]', "authorities.city: missing, or not a list of texts"),
        ('talks = ["renkonto"]', "talks = [1]", "kinds.talks: missing, or not a list of texts"),
        ('["m1"], ', "", "dates.months: must be 12 lists of names"),
        ('["d7"]', '"d7"', "dates.weekdays: missing, or not a list of texts"),
        ('"unua" = 1', '"unua" = "1"', "ordinals.words: must be a table of whole numbers"),
        ("[background]", "[background", "Expected ']'"),
    ],
)
def test_a_broken_file_is_told_with_its_name_and_key(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in SMALL
    with pytest.raises(ConfigurationError) as error:
        load_lexicon(folder_with(tmp_path, SMALL.replace(before, after)))
    assert str(error.value).startswith(f"{tmp_path / 'eo.toml'}: ")
    assert told in str(error.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "eo.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"eo\.toml: "):
        load_lexicon(tmp_path)


def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no lexicon file"):
        load_lexicon(tmp_path)


def test_the_shipped_lexicon_knows_every_kind_of_event_in_its_core_languages() -> None:
    lexicon = load_lexicon(SHIPPED)
    samples = {
        "fr": "jumelage avec",
        "zh": "友好城市",
        "en": "sister city",
        "hu": "testvérvárosi",
        "fa": "خواهرخواندگی",
    }
    for language, cue in samples.items():
        assert "relation.strong" in {match.group for match in lexicon.find(cue, language)}, language
    text = (
        "mayors signed, renewed, suspended, visited, talks, conference, anniversary, donated ambulance, awarded medal"
    )
    found = {match.group for match in lexicon.find(text, "en")}
    assert {f"kinds.{kind}" for kind in (EventKind.AGREEMENT_SIGNED, EventKind.AID, EventKind.ANNIVERSARY)} <= found
