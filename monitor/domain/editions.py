"""Numbered editions: "la 5e conférence annuelle", "第七届大会", "IX форум", and the series they belong to.

An ordinal is an edition only beside an edition noun; counts of anniversaries belong to the relation and never are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from monitor.domain.lexicon import Lexicon, OrdinalWords
from monitor.domain.model.places import INSTITUTIONS, Place, PlaceKind, PlaceLookup
from monitor.domain.places import covers
from monitor.domain.statements import Statement
from monitor.domain.text import fold

MOST_EDITIONS = 150  # higher numbers are counts of something else
REACH_AFTER = 48  # characters from an ordinal to the noun it numbers: "5e conférence", "11th session of the joint ..."
REACH_BEFORE = 60  # ... and back, where the noun comes first: "hội nghị thường niên lần thứ 5"
ANNIVERSARY_REACH = 16
FAMILY_REACH = 80

# The nouns of different languages for one sort of meeting, by folded stems; the first family that fits.
_STEMS = {
    "working-group": "working group|groupe de travail|工作组|工作組|nhom cong tac|werkgroep|arbeitsgruppe|"
    "gruppo di lavoro|grupo de trabajo|grupo de trabalho|рабоч|робоч|grupa robocza|"
    "grupy roboczej|作業部会|실무|calisma grubu|فريق العمل|ワーキンク",
    "committee": "joint committee|comite mixte|commission mixte|联合委员会|聯合委員會|uy ban hon hop|اللجنة المشتركة",
    "forum": "forum|论坛|論壇|dien dan|foro|форум|フォーラム|포럼|منتدى|ملتقى",
    "summit": "summit|sommet|峰会|峯會|gipfel|cumbre|vertice|cupula|cimeira|саммит|саміт|サミット|정상회의|"
    "szczyt|zirve|قمة",
    "congress": "congres|kongress|kongre|大会|大會|dai hoi|конгресс|конгрес|съезд|assises|assembl|총회|대회",
    "festival": "festival|festiwal|le hoi|lien hoan|艺术节|文化节|藝術節|文化節|电影节|電影節|фестив|まつり|"
    "祭|축제|مهرجان|senlik",
    "fair": "fair|expo|foire|salon|messe|feria|fiera|feira|targi|博览会|博覽會|hoi cho|выстав|ярмар|박람회|معرض|fuar",
    "games": "games|tournoi|tournament|turnier|torneo|torneio|赛|賽|运动会|marathon|maraton|giai|турнир|"
    "турнір|マラソン|마라톤|bieg|بطولة",
    "week": "week|semaine|woche|semana|settimana|合作周|tuan le|недел|тижден|tydzien|hafta|أسبوع",
    "camp": "camp|夏令营|交流营|캠프",
}
_FAMILIES = tuple((family, tuple(fold(stem) for stem in stems.split("|"))) for family, stems in _STEMS.items())

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_HAN = {char: value for value, char in enumerate("〇一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Edition:
    """A numbered edition at characters [start, end) of the text: the number; its noun stands near."""

    number: int
    start: int
    end: int
    family: str


def editions(statement: Statement, language: str | None, lexicon: Lexicon) -> tuple[Edition, ...]:
    """The numbered editions that a sentence names, in order."""
    nouns = statement.of("ordinals.edition_nouns")
    if not nouns:
        return ()
    anniversaries = (*statement.of("ordinals.anniversary"), *statement.of("kinds.anniversary"))
    found: list[Edition] = []
    for match in _numbers(lexicon, language).finditer(statement.text):
        number = _value(match, lexicon.ordinals(language))
        start, end = statement.start + match.start(), statement.start + match.end()
        if number is None or not 1 <= number <= MOST_EDITIONS or _is_taken(start, end, statement):
            continue
        if any(-2 <= cue.start - end <= ANNIVERSARY_REACH or cue.start <= start < cue.end for cue in anniversaries):
            continue
        if any(
            end - 2 <= cue.start <= end + REACH_AFTER or start - REACH_BEFORE <= cue.end <= start + 1 for cue in nouns
        ):
            if found and start - found[-1].end < 1:
                continue
            found.append(Edition(number, start, end, family_of(statement, match.start(), match.end())))
    return tuple(found)


def _is_taken(start: int, end: int, statement: Statement) -> bool:
    """Whether the number belongs to a date or a name ("Université Lyon 1")."""
    is_date = any(one.start < end and start < one.end for one in statement.dates)
    return is_date or any(one.start < end and start < one.end for one in statement.named)


def family_of(statement: Statement, start: int, end: int) -> str:
    """What sort of meeting is numbered: the noun behind counts before the noun in front."""
    behind = fold(statement.text[end : end + FAMILY_REACH])
    stop = re.search(r"\d{1,2}(?:st|nd|rd|th|e|eme)\b|[;。]|, (?!\w+ )", behind)
    behind = behind[: stop.start()] if stop else behind
    front = fold(statement.text[max(0, start - REACH_BEFORE) : start])
    for family, stems in _FAMILIES:
        if any(stem in behind for stem in stems):
            return family
    for family, stems in _FAMILIES:
        if any(stem in front for stem in stems):
            return family
    return "conference"


# ---------------------------------------------------------------- numbers


@lru_cache(maxsize=128)
def _numbers(lexicon: Lexicon, language: str | None) -> re.Pattern[str]:
    """Everything that may be an ordinal in that language."""
    words = lexicon.ordinals(language)
    spelled = "|".join(re.escape(word) for word in sorted(words.words, key=len, reverse=True))
    suffixes = "|".join(re.escape(one) for one in sorted(words.suffixes, key=len, reverse=True))
    prefixes = "|".join(re.escape(one) for one in sorted(words.prefixes, key=len, reverse=True))
    parts = [r"(?<![^\W_])(?P<roman>[IVXLC]{1,6})(?:e|ème|º|ª|-?(?:й|я|го|му|м))?(?![^\W_])(?=\s)"]
    if suffixes:
        parts.append(rf"(?<![\w.,/])(?P<digits>\d{{1,3}})\s?(?:{suffixes})(?![^\W\d_a-zA-Zà-ÿ]*[a-zà-ÿ])")
    if prefixes:
        parts.append(rf"(?:{prefixes})\s?(?P<after>\d{{1,3}}|[一二三四五六七八九十]{{1,3}})(?![\d.,/%])")
    if spelled:
        parts.insert(0, rf"(?P<word>{spelled})(?![a-zà-ÿа-яёіїє])")
    return re.compile("|".join(parts), re.IGNORECASE)


def _value(match: re.Match[str], words: OrdinalWords) -> int | None:
    groups = match.groupdict()
    if groups.get("word"):
        return _spelled(groups["word"], words)
    if groups.get("roman"):
        return _roman(groups["roman"])
    written = groups.get("digits") or groups.get("after") or ""
    return int(written) if written.isdecimal() else _han(written)


def _spelled(word: str, words: OrdinalWords) -> int | None:
    return words.words.get(word) or words.words.get(word.lower())


def _roman(written: str) -> int | None:
    """Capitals only, and no single letter but V and X: "I" and "C" are words."""
    if not written.isupper() or written in {"I", "L", "C"}:
        return None
    total = 0
    for char, following in zip(written, (*written[1:], ""), strict=True):
        value = _ROMAN[char]
        total += -value if _ROMAN.get(following, 0) > value else value
    return total


def _han(written: str) -> int | None:
    if not written:
        return None
    tens, ten, units = written.rpartition("十")
    if not ten:
        return _HAN.get(written)
    return _HAN.get(tens, 1) * 10 + _HAN.get(units, 0)


# ---------------------------------------------------------------- series


def series_key(family: str, participants: Iterable[Place], lookup: PlaceLookup) -> str | None:
    """What the editions of one series have in common: "conference:forum:cn+fr:kunming+nancy".

    Family of the noun, the countries, and the hub: the single place of the side that has only one, because members on
    the other side come and go (four Vietnamese provinces and Yunnan: "conference:conference:cn+vn:yunnan"); both places
    of a pair; nothing where every side has several. The host takes no part, nor what lies in another participant. None
    without any participant.
    """
    everyone = list(participants)
    places = [place for place in everyone if place.kind is not PlaceKind.COUNTRY]
    outer = [one for one in places if not any(one is not other and covers(other, one, lookup) for other in places)]
    outer = [one for one in outer if one.kind not in INSTITUTIONS] or outer
    sides: dict[str, list[str]] = {place.country.lower(): [] for place in everyone}
    for place in outer:
        sides[place.country.lower()].append(place.id)
    if not sides:
        return None
    single = sorted(ids[0] for ids in sides.values() if len(ids) == 1)
    hub = "+".join(single) if len(single) <= 2 else ""
    return ":".join(part for part in ("conference", family, "+".join(sorted(sides)), hub) if part)
