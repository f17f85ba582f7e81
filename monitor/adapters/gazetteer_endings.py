"""Endings that names take in running text: how an inflected word leads back to the form in the gazetteer.

Each rule takes an ending off and puts the ending of the nominative in its place; what comes out counts only if it is a
name. Rules are on folded words (`text.fold`), so й is и there and ё is е.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

MIN_STEM = 3  # letters that must stay: "Ломом" may not become "Л"
MIN_WORD = 5
MIN_LATER_WORD = 4  # of a name of several words: "Novog Sada"

Rules = tuple[tuple[str, tuple[str, ...]], ...]

# Folding makes й и and ї і, so "Китай" is китаи, "Україна" украіна.
_EAST_SLAVIC: Rules = (
    ("ыми", ("ые", "ый")), ("ими", ("ие", "ий")), ("ами", ("ы", "и", "а", "")), ("ями", ("и", "я", "ь")),
    ("ого", ("ои", "ыи", "ии", "е", "ое")), ("его", ("ии", "ее")), ("ому", ("ыи", "ои", "ии", "е", "ое")),
    ("ему", ("ии", "ее")), ("ым", ("ыи", "", "о", "ои")), ("им", ("ии", "")), ("ою", ("а",)), ("ею", ("я", "а")),
    ("ои", ("а", "ая")), ("еи", ("я", "а", "ь")), ("ьи", ("ья",)), ("ью", ("ь",)), ("ии", ("ия", "ии")),
    ("ию", ("ия",)), ("іі", ("ія",)), ("ію", ("ія", "ь")), ("ием", ("ии",)), ("іем", ("іи",)),
    ("ом", ("", "о", "ыи", "ии")), ("ем", ("ь", "", "и", "е", "ец")), ("єм", ("и",)), ("цем", ("ец",)),
    ("ця", ("ець",)), ("ях", ("и", "я")), ("ах", ("ы", "и", "а")), ("ові", ("",)), ("еві", ("ь", "")),
    ("а", ("", "о")), ("я", ("ь", "и", "е")), ("у", ("", "а", "о")), ("ю", ("ь", "я", "и", "е")), ("ы", ("а",)),
    ("и", ("а", "я", "ь")), ("е", ("", "а", "о", "я", "ь", "и")), ("і", ("", "а", "я", "ь", "о")), ("ої", ("а",)),
    ("оі", ("а",)), ("єю", ("я",)), ("ій", ("а",)), ("ів", ("и",)), ("єві", ("їв",)),
)  # fmt: skip
# Vowels that come and go between nominative and oblique stem: Київ – Києва, Харків – Харкова, Псков stays.
_STEM_CHANGES = (("ов", "ів"), ("єв", "ів"), ("ев", "ів"), ("єв", "іів"), ("ьк", "ек"), ("рл", "рел"))

_POLISH: Rules = (
    ("owi", ("", "o")), ("iem", ("", "o", "i")), ("em", ("", "o", "e")), ("ami", ("a", "y", "i")),
    ("ach", ("a", "y", "i")), ("zie", ("",)), ("dze", ("ga",)), ("ce", ("ka",)), ("rze", ("r", "ra")),
    ("ie", ("", "a", "i", "o")), ("ii", ("ia",)), ("ji", ("ja",)), ("iej", ("a",)), ("ej", ("a",)), ("ego", ("e",)),
    ("emu", ("e",)), ("y", ("a", "")), ("i", ("a", "", "ia")), ("e", ("a", "")), ("o", ("a",)), ("a", ("", "o")),
    ("u", ("", "o")), ("ia", ("", "i")), ("iu", ("",)), ("iowi", ("",)), ("ca", ("iec",)), ("cem", ("iec",)),
    ("cu", ("iec",)), ("ka", ("ek",)), ("ku", ("ek",)), ("kowi", ("ek",)), ("kiem", ("ek",)),
)  # fmt: skip

# Croatian, Serbian and Bosnian in Latin script, and Slovene; Cyrillic Serbian takes the East Slavic rules and _SERBIAN.
_SOUTH_SLAVIC: Rules = (
    ("og", ("i", "o")), ("om", ("i", "o", "a", "")), ("em", ("", "e")), ("im", ("i",)), ("ima", ("i", "e", "")),
    ("ama", ("e", "a")), ("oj", ("a",)), ("ja", ("j", "je", "")), ("ju", ("", "je", "ja")), ("ci", ("ka",)),
    ("ca", ("ac",)), ("cu", ("ac",)), ("ra", ("ar",)), ("ru", ("ar",)), ("ka", ("ak",)), ("ku", ("ak",)),
    ("a", ("", "o", "e")), ("e", ("a",)), ("i", ("a", "")), ("u", ("", "o", "a", "e")), ("o", ("a",)),
)  # fmt: skip
_SERBIAN: Rules = (("ог", ("и", "о")), ("ом", ("и", "о", "а", "")), ("ци", ("ка",)), ("и", ("а",)), ("ој", ("а",)))

_CZECH_SLOVAK: Rules = (
    ("eho", ("y",)), ("emu", ("y",)), ("iho", ("i",)), ("em", ("", "o", "y")), ("om", ("", "o", "y")), ("im", ("i",)),
    ("ou", ("a",)), ("ej", ("a",)), ("icich", ("ice",)), ("iciach", ("ice",)), ("icemi", ("ice",)), ("icim", ("ice",)),
    ("ic", ("ice",)), ("ach", ("y",)), ("och", ("y",)), ("ami", ("y",)), ("ze", ("ha",)), ("ce", ("ka", "ec")),
    ("ci", ("ec",)), ("u", ("", "o", "a")), ("a", ("", "o")), ("e", ("a", "", "o")), ("i", ("", "a", "e")),
    ("y", ("a", "")), ("ka", ("ek", "ok")), ("ku", ("ek", "ok")),
)  # fmt: skip

_ROMANIAN: Rules = (("ului", ("", "u")), ("ul", ("", "u")), ("ei", ("a",)), ("ii", ("ia",)))

_HUNGARIAN: Rules = tuple(
    (ending, ("",))
    for ending in [
        "ban",
        "ben",
        "ba",
        "be",
        "bol",
        "rol",
        "tol",
        "ra",
        "re",
        "nak",
        "nek",
        "hoz",
        "hez",
        "ert",
        "val",
        "vel",
        "ig",
        "on",
        "en",
        "n",
        "ot",
        "et",
        "at",
        "t",
        "i",
    ]
) + tuple((f"{letter}{vowel}l", ("",)) for letter in "bcdfgjklmnprstz" for vowel in "ae")

# With the weakened consonants of the stem: Lappeenrannan, Helsingissä, Lahden.
_FINNISH: Rules = tuple(
    (ending, ("",))
    for ending in [
        "n",
        "in",
        "en",
        "an",
        "ssa",
        "issa",
        "sta",
        "ista",
        "lla",
        "illa",
        "lta",
        "ilta",
        "lle",
        "ille",
        "seen",
        "iin",
    ]
) + tuple(
    (weak + ending, (strong,))
    for ending in ("n", "ssa", "sta", "lla", "lta", "lle")
    for weak, strong in (("nna", "nta"), ("lla", "lta"), ("gi", "ki"), ("ru", "rku"), ("de", "ti"), ("mme", "mpi"))
)

# Folded, a final sigma is like any other.
_GREEK: Rules = (
    ("ησ", ("η",)), ("ασ", ("α",)), ("ου", ("οσ", "ο", "ι")), ("ων", ("α", "εσ", "οι")), ("ο", ("οσ",)),
    ("α", ("ασ",)), ("η", ("ησ",)), ("εωσ", ("η",)), ("ουσ", ("οι",)), ("εσ", ("α",)),
)  # fmt: skip

_GENITIVE_S: Rules = (("s", ("",)),)

_BY_LANGUAGE: Mapping[str, Rules] = {
    "pl": _POLISH,
    "hr": _SOUTH_SLAVIC,
    "sr": _SOUTH_SLAVIC,
    "bs": _SOUTH_SLAVIC,
    "sl": _SOUTH_SLAVIC,
    "cs": _CZECH_SLOVAK,
    "sk": _CZECH_SLOVAK,
    "ro": _ROMANIAN,
    "hu": _HUNGARIAN,
    "fi": _FINNISH,
    "el": _GREEK,
    "de": _GENITIVE_S,
    "nl": _GENITIVE_S,
    "sv": _GENITIVE_S,
    "no": _GENITIVE_S,
    "da": _GENITIVE_S,
}
_CYRILLIC_BY_LANGUAGE: Mapping[str, Rules] = {"sr": _SERBIAN + _EAST_SLAVIC}

# Letters that Arabic writes together with the word they precede: and, so, in, to, as; then the article.
_PROCLITICS = ("وال", "فال", "بال", "كال", "ولل", "لل", "ال", "وب", "ول", "و", "ف", "ب", "ل", "ك")
# The same of Hebrew: and, in, to, from, the, that.
_HEBREW_PROCLITICS = ("וב", "ול", "ומ", "שב", "ב", "ל", "מ", "ו", "ה", "ש")


def is_cyrillic(word: str) -> bool:
    """Whether a word is in Cyrillic script, by its first letter."""
    return "\u0400" <= word[:1] < "\u0530"


def is_arabic(word: str) -> bool:
    """Whether a word is in Arabic script, by its first letter."""
    return "\u0600" <= word[:1] < "\u0700"


def is_hebrew(word: str) -> bool:
    """Whether a word is in Hebrew script, by its first letter."""
    return "\u05d0" <= word[:1] < "\u0600"


@lru_cache(maxsize=16_384)
def base_forms(word: str, language: str, shortest: int = MIN_WORD) -> tuple[str, ...]:
    """What the folded `word` could be an inflected form of; most words give none, never the word itself."""
    if is_arabic(word):
        return tuple(word[len(letters) :] for letters in _PROCLITICS if _may_lose(word, letters))
    if is_hebrew(word):
        return tuple(word[len(letters) :] for letters in _HEBREW_PROCLITICS if _may_lose(word, letters))
    known = _CYRILLIC_BY_LANGUAGE.get(language, _EAST_SLAVIC) if is_cyrillic(word) else _BY_LANGUAGE.get(language)
    rules = known or ()
    if not rules or len(word) < shortest:
        return ()
    return tuple(dict.fromkeys(form for form in _undo(word, rules) if form != word))


def _may_lose(word: str, letters: str) -> bool:
    return word.startswith(letters) and len(word) - len(letters) >= MIN_STEM


def _undo(word: str, rules: Rules) -> Iterator[str]:
    for ending, nominatives in rules:
        stem = word[: -len(ending)]
        if len(stem) < MIN_STEM or not word.endswith(ending):
            continue
        for nominative in nominatives:
            yield stem + nominative
        for oblique, straight in _STEM_CHANGES:
            if stem.endswith(oblique):
                yield stem[: -len(oblique)] + straight
