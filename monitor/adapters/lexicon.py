"""Reads the cue lexicon: one TOML file a language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitor.domain.lexicon import DateWords, Lexicon, LexiconData, Matching, OrdinalWords
from monitor.errors import ConfigurationError

SHORTEST_WEEKDAY = 4  # letters; Han and hangul need fewer

Table = Mapping[str, Any]  # what tomllib gives; narrowed below, never passed on

_CUE_TABLES: Mapping[str, tuple[str, ...]] = {
    "relation": ("strong", "weak", "negative"),
    "authorities": ("city", "province", "university", "hospital", "state", "association"),
    "cooperation": ("words", "openings"),
    "kinds": (),  # whatever the file holds; checked against the kinds of events by the tests of the data
    "status": ("threatened", "proposed", "announced", "postponed", "cancelled", "denied"),
    "background": ("words",),
    "domestic": ("words",),
}


def load_lexicon(folder: Path) -> Lexicon:
    """The lexicon of all `*.toml` files in `folder`, in the order of their names.

    Raises `ConfigurationError` naming file and key where a file cannot be read or lacks something.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ConfigurationError(f"{folder}: no lexicon file (*.toml) in this folder")
    return Lexicon([_read(path) for path in paths])


def _read(path: Path) -> LexiconData:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    try:
        return _data(table)
    except _BadKey as error:
        raise ConfigurationError(f"{path}: {error}") from error


class _BadKey(Exception):
    """A key that is missing or of the wrong shape; the text names it."""


def _data(table: Table) -> LexiconData:
    matching = _string(table, "matching")
    if matching not in list(Matching):
        raise _BadKey(f"matching = {matching!r}: must be one of {', '.join(Matching)}")
    dates, ordinals = _table(table, "dates"), _table(table, "ordinals")
    return LexiconData(
        language=_string(table, "language"),
        matching=Matching(matching),
        cues=_cues(table),
        dates=DateWords(
            months=_names(dates, "months", 12),
            weekdays=_names(dates, "weekdays", 7),
            today=_strings(dates, "dates", "today"),
            yesterday=_strings(dates, "dates", "yesterday"),
            tomorrow=_strings(dates, "dates", "tomorrow"),
        ),
        ordinals=OrdinalWords(
            words=_values(ordinals),
            prefixes=_strings(ordinals, "ordinals", "prefixes"),
            suffixes=_strings(ordinals, "ordinals", "suffixes"),
            edition_nouns=_strings(ordinals, "ordinals", "edition_nouns"),
            anniversary=_strings(ordinals, "ordinals", "anniversary"),
        ),
        search=_strings(_table(table, "search"), "search", "words") if "search" in table else (),
    )


def _cues(table: Table) -> dict[str, tuple[str, ...]]:
    cues: dict[str, tuple[str, ...]] = {}
    for name, keys in _CUE_TABLES.items():
        section = _table(table, name)
        for key in keys or section:
            cues[f"{name}.{key}"] = _strings(section, name, key)
    grades = _table(_table(table, "relation"), "grades", "relation.grades")
    for key in grades:
        cues[f"relation.grades.{key}"] = _strings(grades, "relation.grades", key)
    for key in ("edition_nouns", "anniversary"):
        cues[f"ordinals.{key}"] = _strings(_table(table, "ordinals"), "ordinals", key)
    return cues | _date_cues(_table(table, "dates"))


def _date_cues(dates: Table) -> dict[str, tuple[str, ...]]:
    """The names of dates as cues: whether a day is told at all can be seen before dates are worked out. Abbreviated
    weekdays are other words too often ("so", "do", "mar").
    """
    nearby = [word for key in ("today", "yesterday", "tomorrow") for word in _strings(dates, "dates", key)]
    weekdays = [name for names in _names(dates, "weekdays", 7) for name in names]
    return {
        "dates.months": tuple(name for names in _names(dates, "months", 12) for name in names),
        "dates.weekdays": tuple(name for name in weekdays if len(name) >= SHORTEST_WEEKDAY or not name[0].isascii()),
        "dates.nearby": tuple(nearby),
        "dates.recent": _strings(dates, "dates", "recent"),
    }


def _table(table: Table, key: str, path: str | None = None) -> Table:
    found = table.get(key)
    if not isinstance(found, dict):
        raise _BadKey(f"[{path or key}]: missing or no table")
    return found


def _string(table: Table, key: str) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not found:
        raise _BadKey(f"{key}: missing or no text")
    return found


def _strings(table: Table, section: str, key: str) -> tuple[str, ...]:
    return _as_strings(table.get(key), f"{section}.{key}")


def _as_strings(found: object, path: str) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
        raise _BadKey(f"{path}: missing, or not a list of texts")
    return tuple(found)


def _names(table: Table, key: str, count: int) -> tuple[tuple[str, ...], ...]:
    found = table.get(key)
    if not isinstance(found, list) or len(found) != count:
        raise _BadKey(f"dates.{key}: must be {count} lists of names")
    return tuple(_as_strings(names, f"dates.{key}") for names in found)


def _values(table: Table) -> dict[str, int]:
    found = table.get("words", {})
    if not isinstance(found, dict) or not all(isinstance(value, int) for value in found.values()):
        raise _BadKey("ordinals.words: must be a table of whole numbers")
    return dict(found)
