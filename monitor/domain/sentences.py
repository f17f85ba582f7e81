"""Cuts a text into sentences, in any script, well enough to say that two things stand in the same one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# A stop, the quotes and brackets that close with it, then a blank, a line's end or the text's; CJK needs no blank.
_STOP = re.compile(
    r"[。！？｡]+(?![。！？｡」』）)”’])"
    r"|(?:[。！？｡]+|\.{2,}|…+|[!?؟।۔։]+|(?P<point>\.))[\"'»«”’“」』）)\]\u203a]*(?=\s|$|(?P<glued>[A-ZÀ-ÞА-ЯЁЇІЄҐ]))"
    r"|\n"
)

# Folded abbreviations that do not end a sentence; single letters and letters with inner points are handled apart.
_ABBREVIATED = (
    "mr mrs ms mme mmes mlle mm dr prof st ste sr sra sres srta jr gen gov sen rep rev hon lt col capt sgt mt ft no nr "
    "nº num núm av avda bd blvd apt tel fax vs etc cf ca approx env ed éd vol pp dept inc ltd co corp cie bros "
    "jan feb mar apr jun jul aug sep sept oct nov dec janv févr avr juil déc dez abr dic ene gen mag giu lug "
    "ott z.b bzw ggf inkl str nr bspw usw evtl dipl ing mag hr fr dott ssa sig sigg avv arch ing d.ssa dra drª exmo "
    "г гг ул д стр им тов руб млн млрд тыс обл р-н м св см напр вул обл грн р рр ст ін ul pl al prof dr hab mgr inż św "
    "woj pow gm tzw m.in np godz r bl tp ts ths ths.bs pgs gs bs dr mevr dhr drs mr ir jl jr jhr dhr sn sk cad mah "
    "yrd doç av alb müh"
)
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:[.\-][^\W\d_]+)*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters [start, end) of the text given."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=4)  # facts and relevance cut the same text
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences in order, blanks around them left out; a line's end always ends one."""
    found: list[Sentence] = []
    begin = 0
    for stop in _STOP.finditer(text):
        if stop["point"] is not None and not _ends_sentence(text, begin, stop):
            continue
        found.extend(_piece(text, begin, stop.end()))
        begin = stop.end()
    found.extend(_piece(text, begin, len(text)))
    return tuple(found)


def _piece(text: str, start: int, end: int) -> tuple[Sentence, ...]:
    """The trimmed sentence, or none where only blanks are left."""
    bare = text[start:end]
    content = bare.strip()
    if not content:
        return ()
    first = start + len(bare) - len(bare.lstrip())
    return (Sentence(first, first + len(content), content),)


def _ends_sentence(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether a single point ends a sentence rather than an abbreviation, an initial, an ordinal or a decimal."""
    before, after = text[max(begin, stop.start() - 24) : stop.start()], text[stop.end() : stop.end() + 12].lstrip(" ")
    if stop["glued"] is not None:
        return bool(_LONG_WORD.search(before))
    if not after or after[0] == "\n":
        return True
    if after[0].islower():
        return False
    if before[-1:].isdigit():
        return not _is_ordinal_point(before, after)
    word = _WORD_BEFORE.search(before)
    if word is None:
        return True
    spelling = word[0].casefold()
    is_initial = len(spelling) == 1 and spelling.isalpha() and not _is_unspaced(spelling)
    return not (is_initial or spelling in _ABBREVIATIONS or "." in spelling)


_LONG_WORD = re.compile(r"[^\W\d_A-Z]{3,}$")


def _is_ordinal_point(before: str, after: str) -> bool:
    """German, Nordic and Turkish ordinals and dates: "am 3. Mai", "5. Konferenz", "12. 5. 2024"; never after a year."""
    digits = re.search(r"\d+$", before)
    return digits is not None and len(digits[0]) <= 2 and (after[0].isalpha() or after[0].isdigit())


def _is_unspaced(char: str) -> bool:
    return "\u3040" <= char <= "\u9fff"
