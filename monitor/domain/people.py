"""People with their offices, figures and institutions of an article: what supports a match and never decides one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.domain.lexicon import CueMatch, primary
from monitor.domain.model.events import Person
from monitor.domain.model.places import INSTITUTIONS, PlaceKind
from monitor.domain.place_words import HONORIFICS, NEUTRAL
from monitor.domain.statements import Account, Statement
from monitor.domain.text import fold

MOST_PEOPLE = 12
MOST_NUMBERS = 20
MOST_ORGANISATIONS = 12
OFFICE_BEFORE = 30  # characters from an office to the name it belongs to: "le maire de Nancy Mathieu Klein"
OFFICE_BEHIND = 4  # "Laurent Hénart, maire de Nancy"
NUMBERED_STATEMENTS = 40  # figures of the event stand before the comments
SMALLEST_NUMBER = 10  # single figures are everywhere

# Latin, Greek and Cyrillic capitals.
_CAPITALS = "".join(
    chr(code) for start, stop in ((0x41, 0x250), (0x386, 0x400), (0x400, 0x530), (0x1E00, 0x1F00))
    for code in range(start, stop) if chr(code).isupper()
)  # fmt: skip
_NAME = re.compile(
    rf"(?<!\w)[{_CAPITALS}][\w'’-]*(?:\s(?:de|van|von|der|al|el|bin|da|dos|du|di|Al|ter)){{0,2}}"
    rf"(?:\s[{_CAPITALS}][\w'’-]*){{1,3}}"
)
# The commonest Chinese family names: a name of two or three characters that begins with one follows an office.
_HAN_FAMILIES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧"
    "曹彭曾肖田董袁潘于蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鐘谭譚陆陸汪范金石廖贾賈夏韦"
    "韋付方白邹鄒孟熊秦邱江尹薛闫段雷侯龙龍史陶黎贺賀顾顧毛郝龚邵万萬钱錢严嚴覃武戴莫孔向汤湯阮"
    "窦竇冷阎閻孟"
)
_HAN_NAME = re.compile(rf"[{_HAN_FAMILIES}][\u4e00-\u9fff]{{1,2}}")
_NOT_IN_A_NAME = "率在与與和会會出访訪表说說等对對将將于於向为為主致同及介讲講一代会作参參赴签簽、，,的是日"
_NOBODY_WORDS = (
    "president presidente school ecole faculty faculte medicine medecine cooperation government gouvernement populaire "
    "party parti partido committee comite council conseil anniversary ceremony agreement twinning club institute "
    "institut people's republic minister ministry affairs foreign culture youth sports parliament assembly "
    "chamber commerce"
)
_NOBODY = NEUTRAL | frozenset(_NOBODY_WORDS.split())
_CASELESS = frozenset({"ar", "fa", "he", "ur"})
# What makes another office of the one behind it; a prefix with a hyphen always does.
_RANK = re.compile(
    r"(?:[^\W\d_]+-|\b(?:vice|vize|wice|deputy|acting|former|ancien|ancienne|stellvertretende[rn]?|teniente de|bývalý|"
    r"zástępca|заместитель|бывший|phó|nguyên|cựu) )$",
    re.IGNORECASE,
)
GAP_TO_PLACE = 2  # characters from an office to its place
# Two words; three where the first is no name by itself: servant of, father of, son of.
_CASELESS_NAME = re.compile(
    r"\s((?:(?:عبد|أبو|ابو|بن|ابن|בן|אבו)\s)?[\u05d0-\u064a]{2,}\s[\u05d0-\u064a]{2,})(?![\u05d0-\u064a])"
)
_NUMBER = re.compile(
    r"(?<![\w.,/:-])\d{1,3}(?:[  ,.]\d{3})+(?:[.,]\d{1,2})?(?![\w/:])|(?<![\w.,/:-])\d+(?:[.,]\d+)?(?![\d/:])"
)


def people(account: Account) -> tuple[Person, ...]:
    """Somebody named beside an office, in order, each once."""
    found: dict[str, Person] = {}
    for statement in account.statements:
        for person in _in_statement(statement, primary(account.language)):
            found.setdefault(fold(person.name), person)
            if len(found) >= MOST_PEOPLE:
                return tuple(found.values())
    return tuple(found.values())


def _in_statement(statement: Statement, language: str) -> Iterator[Person]:
    offices = statement.of("authorities.")
    if not offices:
        return
    if language == "zh":
        yield from _after_offices(statement, offices)
        return
    if language in _CASELESS:
        yield from _after_offices_of_places(statement, offices)
        return
    taken = [(one.start - statement.start, one.end - statement.start) for one in statement.named]
    titles = [(office.start - statement.start, office.end - statement.start) for office in offices]
    for match in _NAME.finditer(statement.text):
        start = max((end for begin, end in taken + titles if begin <= match.start() < end), default=match.start())
        name = _bare(statement.text[start : match.end()])
        if not _is_somebody(name) or any(begin < match.end() and start < end for begin, end in taken):
            continue
        office = _office_of(start + statement.start, match.end() + statement.start, offices, statement)
        if office is not None:
            yield Person(name, _with_rank(office, statement))


def _with_rank(office: CueMatch, statement: Statement) -> str:
    """The office with what stands before it: a "vice-maire" is no "maire"."""
    before = _RANK.search(statement.text[: office.start - statement.start])
    return f"{before[0]}{office.surface}" if before is not None else office.surface


def _bare(name: str) -> str:
    """A name without the form of address before it."""
    words = name.strip(" -'’").split(" ")
    while len(words) > 1 and fold(words[0]).rstrip(".") in HONORIFICS:
        words = words[1:]
    return " ".join(words)


def _is_somebody(name: str) -> bool:
    """Two words or more, the first a name and none of them a common noun: "Gouvernement Populaire" is nobody."""
    words = name.split(" ")
    return len(words) > 1 and name[0].isupper() and _NOBODY.isdisjoint(map(fold, words))


def _office_of(start: int, end: int, offices: tuple[CueMatch, ...], statement: Statement) -> CueMatch | None:
    """The office that stands behind the name, or else before it in the same breath."""
    for office in offices:
        gap = statement.text[end - statement.start : office.start - statement.start]
        if 0 <= office.start - end <= OFFICE_BEHIND and gap.strip(" ,(") in ("", "le", "la", "the", "il"):
            return office
    for office in reversed(offices):
        gap = statement.text[office.end - statement.start : start - statement.start]
        if 0 <= start - office.end <= OFFICE_BEFORE and not re.search(r"[;.:()\n]|,(?!\s*$)", gap):
            return office
    return None


def _after_offices(statement: Statement, offices: tuple[CueMatch, ...]) -> Iterator[Person]:
    for office in offices:
        match = _HAN_NAME.match(statement.text, office.end - statement.start)
        if match is None:
            continue
        name = match[0]
        while len(name) > 2 and name[-1] in _NOT_IN_A_NAME:
            name = name[:-1]
        if name[-1] not in _NOT_IN_A_NAME:
            yield Person(name, office.surface)


def _after_offices_of_places(statement: Statement, offices: tuple[CueMatch, ...]) -> Iterator[Person]:
    """Where no capital tells a name: two words behind an office and the place it is held in."""
    for office in offices:
        start = office.end
        for place in statement.named:
            if start <= place.start <= start + GAP_TO_PLACE:
                start = place.end
        match = _CASELESS_NAME.match(statement.text, start - statement.start)
        if match is not None and not any(
            cue.start < statement.start + match.end(1) and match.start(1) + statement.start < cue.end
            for cue in statement.cues
        ):
            yield Person(match[1], office.surface)


def numbers(account: Account) -> tuple[str, ...]:
    """Figures other than dates and ordinals, spelled one way: "7,2 milliards" and "7.2 billion" give "7.2"."""
    found: dict[str, None] = {}
    for statement in account.statements[:NUMBERED_STATEMENTS]:
        for match in _NUMBER.finditer(statement.text):
            start, end = statement.start + match.start(), statement.start + match.end()
            if any(one.start < end and start < one.end for one in statement.dates):
                continue
            value = normalised(match[0])
            if _is_telling(value):
                found.setdefault(value, None)
            if len(found) >= MOST_NUMBERS:
                return tuple(found)
    return tuple(found)


def normalised(written: str) -> str:
    """A figure without separators of thousands and with a point: a group of three after a separator is thousands."""
    bare = re.sub(r"[ \u00a0\u202f](?=\d{3})", "", written)
    bare = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", bare)
    return bare.replace(",", ".")


def _is_telling(value: str) -> bool:
    number = float(value)
    is_year = "." not in value and 1900 <= number <= 2100
    return not is_year and ("." in value or number >= SMALLEST_NUMBER)


def organisations(account: Account) -> tuple[str, ...]:
    """The institutions and bodies that the article names, as written, each once."""
    named = (
        one.mention.surface
        for statement in account.statements
        for one in statement.named
        if one.place.kind in INSTITUTIONS or one.place.kind is PlaceKind.OTHER
    )
    return tuple(dict.fromkeys(named))[:MOST_ORGANISATIONS]
