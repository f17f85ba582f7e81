"""Finds names in a text: word by word where a script has blanks, by automaton where it has none.

Scripts with blanks: a name is a sequence of words, followed from every word that may begin one as far as it goes.
Against an automaton over all of them this costs no memory but the table itself, cannot match inside a word, and lets
each word be led back from its inflected form. Han, kana and hangul: an Aho-Corasick automaton over all names,
overlapping, then leftmost-longest among what passes the rules of the script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ahocorasick_rs import AhoCorasick

from monitor.adapters.gazetteer_endings import MIN_LATER_WORD, base_forms, is_arabic
from monitor.domain.text import CJK_RUN, fold

_CJK = CJK_RUN.pattern[1:-2]  # the ranges inside the brackets
_WORD = re.compile(f"[^\\W_{_CJK}]+")
_UNSPACED = re.compile(f"[{_CJK}]")
# A stretch of unspaced script, with what ties the parts of a name: 奥弗涅-罗讷-阿尔卑斯, オー＝ド＝フランス.
_RUN = re.compile(f"[{_CJK}]+(?:[-‐–－＝=·•][{_CJK}]+)*")
_TIES = str.maketrans(dict.fromkeys("‐–－＝=·•", "-"))
# What may stand between the words of one name; a comma only as in "Monroe, Michigan".
_GAPS = frozenset(
    {" ", "-", "'", "’", "ʼ", "`", ".", ". ", "‐", "–", "\u00a0", " - ", ", ", "., ", " & ", " (", "\u200c", "/", "’ "}
)
LONGEST_ACRONYM = 3  # letters: CHU is no town, METZ in a headline is
_ARABIC_LETTERS = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ٱ": "ا"})

# What is written together with a name in unspaced scripts and belongs to it.
_HAN_SUFFIX = re.compile("[市省州县縣県府郡町村镇鎮]")
_HANGUL_SUFFIX = re.compile(
    "(?P<suffix>특별자치시|특별자치도|특별시|광역시|자치주|시|도|군|구|성|현|주)?"
    "(?P<office>장|청|의회|민|의원|대표단|방문단|시장|군수|지사|측)?"
    "(?:님)?(?:들)?(?:에서의|에서|에게|에는|에도|에|와의|과의|와|과|은|는|이|가|을|를|의|로의|으로|로|도|및|간|산|내)?"
    "(?:서)?(?:는|도|의)?(?![\uac00-\ud7af])"
)
# What is called after a place and is none: hotels, streets, restaurants.
_HAN_NAMESAKE = re.compile(
    "大?饭店|大?飯店|酒店|宾馆|賓館|大厦|大廈|烤鸭|烤鴨|(?:东|西|南|北|中)?路(?![线線])|街(?![道区區])"
)
_KATAKANA = re.compile("[ァ-ヺー]")
_ARTICLES = frozenset(
    [
        "la",
        "le",
        "les",
        "el",
        "los",
        "las",
        "il",
        "lo",
        "i",
        "gli",
        "der",
        "die",
        "das",
        "den",
        "the",
        "o",
        "a",
        "os",
        "as",
        "de",
        "het",
    ]
)


Accepts = Callable[[str, tuple[int, ...]], bool]  # surface, entries


@dataclass(frozen=True, slots=True)
class Found:
    """A name at characters [start, end) of the text, and the entries that bear it."""

    start: int
    end: int
    entries: tuple[int, ...]


def _fold_word(word: str) -> str:
    if word.isascii():
        return word.lower()
    folded = fold(word)
    return folded.translate(_ARABIC_LETTERS) if is_arabic(folded) else folded


word_key = lru_cache(maxsize=32_768)(_fold_word)  # words of texts come again and again; names are read once


def unspaced_key(name: str) -> str:
    """How a name in Han, kana or hangul is compared: width ignored, voicing marks kept (パ is not バ)."""
    return unicodedata.normalize("NFKC", name.translate(_TIES)).casefold()


def is_unspaced(name: str) -> bool:
    """Whether a name holds Han, kana or hangul and so goes to the automaton."""
    return not name.isascii() and _UNSPACED.search(name) is not None


def name_key(name: str) -> str:
    """How two spellings of one name are recognised: equal keys are the same name."""
    if name.isascii() and name.isalpha():
        return name.lower()
    if is_unspaced(name):
        return unspaced_key(name)
    return " ".join(map(_fold_word, _WORD.findall(name)))


class NameIndex:
    """All names with the numbers of the entries that bear them.

    Filled by `add`, then `seal`ed; after that immutable and safe to share between threads.
    """

    def __init__(self) -> None:
        self._entries: dict[str, int | tuple[int, ...]] = {}  # most names have one entry only: that is a bare number
        self._beginnings: set[str] = set()  # of names of several words: "san", "san jose" of "San José del Cabo"
        self._lower_heads: set[str] = set()  # first words of names that begin with a small letter
        self._capitals_only: set[str] = set()  # acronyms: "US" is a country, "us" and "Us" are not
        self._unspaced: list[str] = []
        self._automaton: AhoCorasick | None = None

    def add(self, name: str, entry: int, key: str | None = None) -> None:
        """Let `name` lead to `entry`, after those it already leads to; `key` is its `name_key`, where already known."""
        key = name_key(name) if key is None else key
        if not key:
            return
        known = self._entries.get(key)
        if known is not None:
            before = _as_tuple(known)
            if entry not in before:
                self._entries[key] = (*before, entry)
            return
        self._entries[key] = entry
        if is_unspaced(key):
            self._unspaced.append(key)
        else:
            self._add_words(name, key)

    def holds(self, name: str) -> bool:
        """Whether any entry bears that name."""
        return name_key(name) in self._entries

    def keys(self) -> frozenset[str]:
        """The keys of all names so far."""
        return frozenset(self._entries)

    def entries(self, name: str) -> tuple[int, ...]:
        """The entries that bear exactly that name, in the order they were added."""
        known = self._entries.get(name_key(name))
        return () if known is None else _as_tuple(known)

    def dump(self) -> dict[str, object]:
        """Everything added, for `load`: strings and whole numbers only."""
        unspaced = set(self._unspaced)
        keys = [*(key for key in self._entries if key not in unspaced), *self._unspaced]
        return {
            "keys": "\n".join(keys),
            "entries": [self._entries[key] for key in keys],
            "unspaced": len(self._unspaced),
            "beginnings": "\n".join(sorted(self._beginnings)),
            "lower_heads": "\n".join(sorted(self._lower_heads)),
            "capitals_only": "\n".join(sorted(self._capitals_only)),
        }

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> NameIndex:
        """What `dump` gave, sealed. Raises `KeyError`, `TypeError` or `ValueError` where it is something else."""
        index = cls()
        keys = dumped["keys"].split("\n")
        entries = [one if type(one) is int else tuple(one) for one in dumped["entries"]]
        index._entries = dict(zip(keys, entries, strict=True))
        index._unspaced = keys[len(keys) - dumped["unspaced"] :]
        index._beginnings = set(dumped["beginnings"].split("\n"))
        index._lower_heads = set(dumped["lower_heads"].split("\n"))
        index._capitals_only = set(dumped["capitals_only"].split("\n"))
        index.seal()
        return index

    def seal(self) -> None:
        """Build the automaton; nothing may be added afterwards."""
        names = sorted(set(self._unspaced))
        self._unspaced = names
        self._automaton = AhoCorasick(names, store_patterns=False) if names else None

    def _add_words(self, name: str, key: str) -> None:
        at = key.find(" ")
        if name[0].islower():
            self._lower_heads.add(key if at < 0 else key[:at])
        while at > 0:
            self._beginnings.add(key[:at])
            at = key.find(" ", at + 1)
        if len(name) <= 4 and name.isascii() and name.isupper():
            self._capitals_only.add(key)

    # ---------------------------------------------------------------- finding

    def find(self, text: str, language: str, accepts: Accepts | None = None) -> list[Found]:
        """Every name, leftmost-longest, in order, not overlapping; `accepts` may refuse a name of a spaced script."""
        found = list(self._in_words(text, language, accepts))
        if self._automaton is None or (run := CJK_RUN.search(text)) is None:
            return found
        found.extend(self._in_runs(text, run.start()))
        return _leftmost_longest(found)

    def _in_words(self, text: str, language: str, accepts: Accepts | None) -> Iterator[Found]:
        words = [match.span() for match in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            start, end = words[at]
            word = text[start:end]
            if text[start].islower() and (word if word.isascii() else word_key(word)) not in self._lower_heads:
                at += 1
                continue
            key = word_key(word)
            if not self._may_begin(key) and not any(map(self._may_begin, base_forms(key, language))):
                at += 1
                continue
            count, entries = self._longest_name(text, words, at, key, language, accepts)
            if entries is not None:
                yield Found(start, words[at + count - 1][1], entries)
            at += max(count, 1)

    def _may_begin(self, word: str) -> bool:
        """Whether a name begins with that word."""
        return word in self._entries or word in self._beginnings

    def _longest_name(
        self, text: str, words: list[tuple[int, int]], at: int, key: str, language: str, accepts: Accepts | None
    ) -> tuple[int, tuple[int, ...] | None]:
        """The longest name that begins at a word: how many words it takes, and its entries."""
        best: tuple[int, tuple[int, ...] | None] = (0, None)
        open_names, forms, count = [""], (key, *base_forms(key, language)), 1
        while open_names:
            keys = [before + form for before in open_names for form in forms]
            for one in keys:
                entries = self._entries.get(one)
                if entries is None or not self._is_written_as_name(text, words[at : at + count], one):
                    continue
                found = _as_tuple(entries)
                if accepts is None or accepts(text[words[at][0] : words[at + count - 1][1]], found):
                    best = (count, found)
                    break
            open_names = [one + " " for one in keys if one in self._beginnings]
            if not open_names or not _goes_on(text, words, at + count):
                break
            start, end = words[at + count]
            following = word_key(text[start:end])
            forms = (following, *(() if is_arabic(following) else base_forms(following, language, MIN_LATER_WORD)))
            count += 1
        return best

    def _is_written_as_name(self, text: str, spans: list[tuple[int, int]], key: str) -> bool:
        """Names have a capital somewhere, in scripts with case; acronyms have nothing else, and they alone."""
        if key in self._capitals_only:
            return text[spans[0][0] : spans[-1][1]].isupper()
        if len(key) <= LONGEST_ACRONYM and text[spans[0][0] : spans[0][1]].isupper():
            return False
        firsts = [text[start] for start, _ in spans]
        if len(firsts) > 1 and key[: key.find(" ")] in _ARTICLES:
            firsts = firsts[1:]  # a sentence that begins with "La reunión" names no island
        return not all(first.islower() for first in firsts)

    def _in_runs(self, text: str, begin: int) -> Iterator[Found]:
        assert self._automaton is not None  # noqa: S101 - asked by `find`
        for run in _RUN.finditer(text, begin):
            key = unspaced_key(run[0])
            if len(key) != len(run[0]):
                continue  # half-width forms that join: no news is written so
            matches = self._automaton.find_matches_as_indexes(key, overlapping=True)
            for index, start, end in sorted(matches, key=_longest_first):
                stop = _end_of_name(key, start, end)
                if stop is not None:
                    entries = self._entries[self._unspaced[index]]
                    yield Found(run.start() + start, run.start() + stop, _as_tuple(entries))


def _longest_first(match: tuple[int, int, int]) -> tuple[int, int]:
    """西宁省 is a name of its own before it is 西宁 with a suffix."""
    return match[1], -match[2]


def _as_tuple(entries: int | tuple[int, ...]) -> tuple[int, ...]:
    return (entries,) if isinstance(entries, int) else entries


def _goes_on(text: str, words: list[tuple[int, int]], following: int) -> bool:
    """Whether a name can go on with the word of that number, by what stands before it."""
    return following < len(words) and text[words[following - 1][1] : words[following][0]] in _GAPS


def _end_of_name(run: str, start: int, end: int) -> int | None:
    """Where a name found in a run of unspaced script ends with its suffix; None where it is a part of another word."""
    last = run[end - 1]
    if "\uac00" <= last <= "\ud7af":
        if start > 0 and "\uac00" <= run[start - 1] <= "\ud7af":
            return None
        rest = _HANGUL_SUFFIX.match(run, end)
        return None if rest is None else max(end, rest.end("suffix"))
    if _KATAKANA.match(last):
        inside = (start > 0 and _KATAKANA.match(run[start - 1])) or (end < len(run) and _KATAKANA.match(run[end]))
        if inside and _KATAKANA.match(run[start]):
            return None
    if last in "市省州县縣県府郡町村":
        return end
    if _HAN_NAMESAKE.match(run, end):
        return None
    suffix = _HAN_SUFFIX.match(run, end)
    return suffix.end() if suffix else end


def _leftmost_longest(found: Iterator[Found] | list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
