"""The cue lexicon: which words of which language hint at relations, authorities, kinds, dates and ordinals.

Matching is on `text.fold`, so case, width and accents make no difference: headlines leave accents out, and the few
words that only accents tell apart (fr élu/elu, es publicó/publico) decide nothing alone. Vietnamese is the exception:
its marks tell words apart (bản, bán, ban), so there a match must carry the cue's own marks; without any mark only cues
of several syllables count.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ahocorasick_rs import AhoCorasick

from monitor.domain.text import Folded, fold, fold_with_offsets

STRONG = "relation.strong"
WEAK = "relation.weak"
NEGATIVE = "relation.negative"
SISTERLY = "relation.grades.sister"
STATE = "authorities.state"

BORROWED_GROUPS = frozenset({STRONG, NEGATIVE})  # English cues that are looked for in texts of other languages
MIN_GUESS_CHARS = 7  # of a cue in a text of unknown language: shorter words ("met", "tour") are words of others too
MARKS_MATTER = frozenset({"vi"})
# Letters that are written together with the word behind them: and, so, in, to, as, the, will; the same in Hebrew.
_PROCLITICS = {"ar": frozenset("وفبلكاس"), "he": frozenset("והבלמשכ")}
_MOST_PROCLITICS = 4
_LONGEST_ENDING = 9


class Matching(StrEnum):
    """How the cues of a language meet a text."""

    WORD = "word"  # whole words
    PREFIX = "prefix"  # from the beginning of a word; an inflectional ending may follow
    SUBSTRING = "substring"  # anywhere: no blanks between words, or compounds


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A cue found in a text; `start` and `end` are offsets of the text as given, not of its folded form.

    `group` is the table and key of the lexicon file, e.g. "relation.strong", "relation.grades.sister",
    "authorities.city", "cooperation.words", "cooperation.openings", "kinds.talks", "status.announced",
    "background.words", "domestic.words", "ordinals.edition_nouns", "ordinals.anniversary", "dates.months",
    "dates.weekdays", "dates.nearby", "dates.recent".
    """

    group: str
    language: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class DateWords:
    """Names of dates, as written (not folded), in every form seen."""

    months: tuple[tuple[str, ...], ...]  # 12, January first
    weekdays: tuple[tuple[str, ...], ...]  # 7, Monday first
    today: tuple[str, ...] = ()
    yesterday: tuple[str, ...] = ()
    tomorrow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrdinalWords:
    """What numbers an edition, as written (not folded)."""

    words: Mapping[str, int] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    edition_nouns: tuple[str, ...] = ()
    anniversary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LexiconData:
    """One language's file as read."""

    language: str  # BCP 47 primary subtag
    matching: Matching
    cues: Mapping[str, tuple[str, ...]]  # group -> cues as written
    dates: DateWords
    ordinals: OrdinalWords
    search: tuple[str, ...] = ()  # whole words to ask a news search for, the most telling first


class Lexicon:
    """Finds cues. Immutable after construction; may be shared between threads."""

    def __init__(self, languages: Sequence[LexiconData]) -> None:
        self._data = {data.language: data for data in languages}
        borrowed = _borrowed(self._data.get("en"))
        self._finders = {
            data.language: _Finder([*_cues(data), *(() if data.language == "en" else borrowed)]) for data in languages
        }
        self._guess = _Finder([cue for data in languages for cue in _cues(data) if _is_telling(cue)])
        self._every_date = _every_date(languages)
        self._every_ordinal = _every_ordinal(languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the lexicon, in the order given."""
        return tuple(self._data)

    def find(self, text: str, language: str | None) -> tuple[CueMatch, ...]:
        """The cues of `text` in its language, in order.

        Added are English relation cues of several words ("Sister Cities International" stands in texts of any
        language). Of a language that is unknown or not in the lexicon, all languages' longer cues are tried. Inside one
        group the longest of overlapping cues stays; a negative cue removes the strong and weak ones it covers, a strong
        one the weak and negative ones it covers.
        """
        finder = self._finders.get(primary(language), self._guess)
        return _settle(finder.find(fold_with_offsets(text), text))

    def dates(self, language: str | None) -> DateWords:
        """The words of that language; of an unknown one, of all languages together."""
        data = self._data.get(primary(language))
        return data.dates if data is not None else self._every_date

    def search_words(self, language: str) -> tuple[str, ...]:
        """What to ask a news search for in that language, the most telling first; none for a language without."""
        data = self._data.get(primary(language))
        return data.search if data is not None else ()

    def ordinals(self, language: str | None) -> OrdinalWords:
        """The words of that language; of an unknown one, of all languages together."""
        data = self._data.get(primary(language))
        return data.ordinals if data is not None else self._every_ordinal


def primary(language: str | None) -> str:
    """The primary subtag in lower case, "" for none: "zh-Hant" is "zh"."""
    return language.replace("_", "-").split("-")[0].lower() if language else ""


# ---------------------------------------------------------------- matching


@dataclass(frozen=True, slots=True)
class _Cue:
    group: str
    language: str
    matching: Matching
    folded: str
    marks: str  # as written, case-folded: compared only where marks matter


class _Finder:
    """One automaton over the folded cues of some languages."""

    def __init__(self, cues: Sequence[_Cue]) -> None:
        by_spelling: defaultdict[str, list[_Cue]] = defaultdict(list)
        for cue in cues:
            if cue.folded and cue not in by_spelling[cue.folded]:
                by_spelling[cue.folded].append(cue)
        self._cues = list(by_spelling.values())
        self._automaton = AhoCorasick(list(by_spelling)) if by_spelling else None

    def find(self, folded: Folded, text: str) -> list[CueMatch]:
        found: list[CueMatch] = []
        if self._automaton is None:
            return found
        for index, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
            for cue in self._cues[index]:
                stop = _stop(cue, folded.text, start, end)
                if stop is not None:
                    first, last = folded.original(start, stop)
                    surface = text[first:last]
                    if cue.language not in MARKS_MATTER or _same_marks(cue, surface):
                        found.append(CueMatch(cue.group, cue.language, first, last, surface))
        return found


def _cues(data: LexiconData) -> list[_Cue]:
    return [
        _Cue(group, data.language, data.matching, fold(cue), unicodedata.normalize("NFC", cue).casefold())
        for group, cues in data.cues.items()
        for cue in cues
    ]


def _borrowed(english: LexiconData | None) -> list[_Cue]:
    if english is None:
        return []
    return [cue for cue in _cues(english) if cue.group in BORROWED_GROUPS and " " in cue.folded]


def _is_telling(cue: _Cue) -> bool:
    return len(cue.folded) >= MIN_GUESS_CHARS or _is_unspaced(cue.folded[0])


def _is_unspaced(char: str) -> bool:
    """Han, kana or hangul: words meet without blanks, so a change to or from another script is a boundary."""
    return "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af"


def _is_inside_word(char: str) -> bool:
    return char.isalnum() and not _is_unspaced(char)


def _stop(cue: _Cue, folded: str, start: int, end: int) -> int | None:
    """Where the cue found at [start, end) ends with its ending; None: the characters around make it another word.

    The longer the cue, the longer an ending it may take: "don" may not become "donner", "побратим" may become anything.
    """
    if cue.matching is Matching.SUBSTRING:
        return end if _may_begin_here(cue, folded, start) else None
    if start > 0 and _is_inside_word(folded[start]) and _is_inside_word(folded[start - 1]):
        return None
    if not _is_inside_word(folded[end - 1]):
        return end
    longest = 0 if cue.matching is Matching.WORD else min(max(end - start - 2, 1), _LONGEST_ENDING)
    stop = end
    while stop < len(folded) and stop - end <= longest and _is_inside_word(folded[stop]):
        stop += 1
    return stop if stop - end <= longest else None


def _may_begin_here(cue: _Cue, folded: str, start: int) -> bool:
    """Whether nothing but letters that join words stands before it: "ارج" inside "الخارجية" is no word."""
    letters = _PROCLITICS.get(cue.language)
    if letters is None:
        return True
    first = start
    while first > 0 and start - first <= _MOST_PROCLITICS and folded[first - 1].isalpha():
        first -= 1
    return start - first <= _MOST_PROCLITICS and letters.issuperset(folded[first:start])


def _same_marks(cue: _Cue, surface: str) -> bool:
    written = unicodedata.normalize("NFC", surface).casefold()
    return written == cue.marks or (written.isascii() and " " in written)


def _settle(found: Iterable[CueMatch]) -> tuple[CueMatch, ...]:
    by_group: defaultdict[str, list[CueMatch]] = defaultdict(list)
    for match in found:
        by_group[match.group].append(match)
    kept = {group: _longest(matches) for group, matches in by_group.items()}
    _part_authorities(kept)
    negative = _uncovered(kept.get(NEGATIVE, []), kept.get(STRONG, []), strictly=True)
    strong = _uncovered(kept.get(STRONG, []), negative)
    weak = _uncovered(_uncovered(kept.get(WEAK, []), negative), strong)
    kept.update({NEGATIVE: negative, STRONG: strong, WEAK: weak})
    every = [match for matches in kept.values() for match in matches]
    return tuple(sorted(every, key=lambda match: (match.start, match.end, match.group)))


def _part_authorities(kept: dict[str, list[CueMatch]]) -> None:
    """A minister of municipal affairs is no municipality: of a state's and a locality's authority the longer stays."""
    states = kept.get(STATE, [])
    if not states:
        return
    for group in [group for group in kept if group.startswith("authorities.") and group != STATE]:
        localities = kept[group]
        kept[group] = _uncovered(localities, states, strictly=True)
        kept[STATE] = _uncovered(kept[STATE], localities, strictly=True)


def _longest(matches: list[CueMatch]) -> list[CueMatch]:
    kept: list[CueMatch] = []
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
        elif match.end - match.start > kept[-1].end - kept[-1].start:
            kept[-1] = match
    return kept


def _uncovered(matches: list[CueMatch], covers: list[CueMatch], strictly: bool = False) -> list[CueMatch]:
    return [
        match
        for match in matches
        if not any(
            cover.start <= match.start
            and match.end <= cover.end
            and not (strictly and cover.end - cover.start == match.end - match.start)
            for cover in covers
        )
    ]


# ---------------------------------------------------------------- all languages together


def _every_date(languages: Sequence[LexiconData]) -> DateWords:
    dates = [data.dates for data in languages]
    return DateWords(
        months=tuple(_joined(one.months[index] for one in dates) for index in range(12)),
        weekdays=tuple(_joined(one.weekdays[index] for one in dates) for index in range(7)),
        today=_joined(one.today for one in dates),
        yesterday=_joined(one.yesterday for one in dates),
        tomorrow=_joined(one.tomorrow for one in dates),
    )


def _every_ordinal(languages: Sequence[LexiconData]) -> OrdinalWords:
    ordinals = [data.ordinals for data in languages]
    words: dict[str, int] = {}
    for one in ordinals:
        for word, value in one.words.items():
            words.setdefault(word, value)
    return OrdinalWords(
        words=words,
        prefixes=_joined(one.prefixes for one in ordinals),
        suffixes=_joined(one.suffixes for one in ordinals),
        edition_nouns=_joined(one.edition_nouns for one in ordinals),
        anniversary=_joined(one.anniversary for one in ordinals),
    )


def _joined(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for group in groups for word in group))
