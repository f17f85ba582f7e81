"""Reads the cues of what happens at places beside any relation: one TOML file with a table a language."""

from __future__ import annotations

import tomllib
from pathlib import Path

from monitor.domain.lexicon import DateWords, Lexicon, LexiconData, Matching, OrdinalWords
from monitor.domain.model.partnerships import ContextKind
from monitor.errors import ConfigurationError

_GROUPS = frozenset({*(kind.value for kind in ContextKind), "not"})
_NO_MONTHS = ((),) * 12
_NO_WEEKDAYS = ((),) * 7


def load_context_cues(folder: Path) -> Lexicon:
    """The cues of `cues.toml` in `folder`, in groups "context.mayor", "context.disaster", "context.attack" and
    "context.not". Raises `ConfigurationError` where the file cannot be read or has other keys.
    """
    path = folder / "cues.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    return Lexicon([_language(path, tag, table) for tag, table in tables.items()])


def _language(path: Path, tag: str, table: dict[str, object]) -> LexiconData:
    matching = table.get("matching")
    if matching not in list(Matching):
        raise ConfigurationError(f"{path}: {tag}.matching: must be one of {', '.join(Matching)}")
    cues: dict[str, tuple[str, ...]] = {}
    for group, words in table.items():
        if group == "matching":
            continue
        if group not in _GROUPS or not isinstance(words, list) or not all(isinstance(one, str) for one in words):
            allowed = ", ".join(sorted(_GROUPS))
            raise ConfigurationError(f"{path}: {tag}.{group}: must be a list of words under {allowed}")
        cues[f"context.{group}"] = tuple(words)
    return LexiconData(tag, Matching(str(matching)), cues, DateWords(_NO_MONTHS, _NO_WEEKDAYS), OrdinalWords())
