"""The lexicon files: complete, well-formed, free of cues that could never count."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from monitor.domain.model.events import EventKind

Toml: TypeAlias = "str | int | list[Toml] | dict[str, Toml]"

FOLDER = Path(__file__).parents[2] / "monitor" / "lexicon"
REQUIRED = {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "uk", "vi", "zh"}
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml"))
CUE_LISTS = {
    "relation": {"strong", "weak", "negative"},
    "authorities": {"city", "province", "university", "hospital", "state", "association"},
    "cooperation": {"words", "openings"},
    "kinds": {kind.value for kind in EventKind},
    "status": {"threatened", "proposed", "announced", "postponed", "cancelled", "denied"},
    "background": {"words"},
    "domestic": {"words"},
}
GRADES = {"sister", "friendship", "partner"}
DATE_LISTS = {"today", "yesterday", "tomorrow", "recent"}
ORDINAL_LISTS = {"prefixes", "suffixes", "edition_nouns", "anniversary"}
HIGHEST_REQUIRED_ORDINAL = 20
LONGEST_LINE = 120
# The matcher folds these to the plain hyphen and apostrophe, so a cue that holds one would never match.
TYPOGRAPHIC = re.compile("[\u2010-\u2015\u2212\u2018\u2019\u02bc\u201c\u201d]")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def load(language: str) -> dict[str, Toml]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def table(parent: dict[str, Toml], name: str) -> dict[str, Toml]:
    value = parent[name]
    assert isinstance(value, dict), name
    return value


def strings(value: Toml, where: str) -> list[str]:
    assert isinstance(value, list), where
    found = [item for item in value if isinstance(item, str)]
    assert len(found) == len(value), f"{where} holds something else than strings"
    return found


def groups(value: Toml, where: str) -> list[list[str]]:
    assert isinstance(value, list), where
    return [strings(group, f"{where}[{index}]") for index, group in enumerate(value)]


def every_list(lexicon: dict[str, Toml]) -> Iterator[tuple[str, list[str]]]:
    """Each list of the file with its dotted name; months and weekdays once for each group."""
    for name in CUE_LISTS:
        for key, value in table(lexicon, name).items():
            if key != "grades":
                yield f"{name}.{key}", strings(value, key)
    for key, value in table(table(lexicon, "relation"), "grades").items():
        yield f"relation.grades.{key}", strings(value, key)
    for key, value in table(lexicon, "ordinals").items():
        if key != "words":
            yield f"ordinals.{key}", strings(value, key)
    dates = table(lexicon, "dates")
    for key in DATE_LISTS:
        yield f"dates.{key}", strings(dates[key], key)
    for key in ("months", "weekdays"):
        for index, group in enumerate(groups(dates[key], key)):
            yield f"dates.{key}[{index}]", group


def pattern(cues: list[str], matching: str) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(cue.casefold()) for cue in cues)
    before = "" if matching == "substring" else r"(?<!\w)"
    after = r"(?!\w)" if matching == "word" else ""
    return re.compile(f"{before}(?:{alternatives}){after}")


def test_every_required_language_has_a_file_and_the_folder_holds_data_only() -> None:
    assert set(LANGUAGES) >= REQUIRED
    assert {path.suffix for path in FOLDER.rglob("*") if path.is_file()} == {".toml"}


@each_language
def test_file_names_its_language_and_a_known_way_of_matching(language: str) -> None:
    lexicon = load(language)
    assert lexicon["language"] == language
    assert lexicon["matching"] in {"word", "prefix", "substring"}


@each_language
def test_file_has_exactly_the_agreed_keys(language: str) -> None:
    lexicon = load(language)
    assert set(lexicon) - {"search"} == {"language", "matching", "dates", "ordinals", *CUE_LISTS}
    relation = table(lexicon, "relation")
    assert set(table(relation, "grades")) == GRADES
    for name, keys in CUE_LISTS.items():
        assert set(table(lexicon, name)) - {"grades"} == keys, name
    assert "grades" not in {key for name in CUE_LISTS if name != "relation" for key in table(lexicon, name)}
    assert set(table(lexicon, "dates")) == {"months", "weekdays", *DATE_LISTS}
    assert set(table(lexicon, "ordinals")) == {"words", *ORDINAL_LISTS}


@each_language
def test_every_kind_of_event_and_every_cue_list_has_cues(language: str) -> None:
    lexicon = load(language)
    empty = [name for name, items in every_list(lexicon) if not items and not name.startswith("ordinals.")]
    assert empty == []


@each_language
def test_months_and_weekdays_are_complete_and_never_share_a_form(language: str) -> None:
    dates = table(load(language), "dates")
    for key, length in (("months", 12), ("weekdays", 7)):
        names = groups(dates[key], key)
        assert len(names) == length
        forms = [form.casefold() for group in names for form in group]
        assert len(set(forms)) == len(forms), key


@each_language
def test_ordinal_words_are_numbers_and_reach_twenty(language: str) -> None:
    words = table(table(load(language), "ordinals"), "words")
    assert {type(value) for value in words.values()} == {int}
    assert set(range(1, HIGHEST_REQUIRED_ORDINAL + 1)) <= set(words.values())


@each_language
def test_no_list_holds_the_same_cue_twice(language: str) -> None:
    for name, items in every_list(load(language)):
        folded = [item.casefold() for item in items]
        assert sorted(folded) == sorted(set(folded)), name


@each_language
def test_every_cue_is_written_as_the_matcher_sees_it(language: str) -> None:
    lexicon = load(language)
    written = [item for _, items in every_list(lexicon) for item in items]
    written += table(table(lexicon, "ordinals"), "words")
    assert [item for item in written if not item or item != unicodedata.normalize("NFKC", item).strip()] == []
    assert [item for item in written if "  " in item or TYPOGRAPHIC.search(item)] == []


@each_language
def test_no_strong_or_weak_cue_is_cancelled_by_a_negative_inside_it(language: str) -> None:
    lexicon = load(language)
    relation = table(lexicon, "relation")
    negative = pattern(strings(relation["negative"], "negative"), str(lexicon["matching"]))
    cues = strings(relation["strong"], "strong") + strings(relation["weak"], "weak")
    assert [cue for cue in cues if negative.search(cue.casefold())] == []


@each_language
def test_no_cue_is_both_strong_and_weak(language: str) -> None:
    relation = table(load(language), "relation")
    strong = {cue.casefold() for cue in strings(relation["strong"], "strong")}
    assert strong & {cue.casefold() for cue in strings(relation["weak"], "weak")} == set()


@each_language
def test_lines_are_wrapped_and_each_table_says_what_it_is(language: str) -> None:
    lines = (FOLDER / f"{language}.toml").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE] == []
    headings = [index for index, line in enumerate(lines) if line.startswith("[")]
    assert [lines[index] for index in headings if not lines[index - 1].startswith("# ")] == []
