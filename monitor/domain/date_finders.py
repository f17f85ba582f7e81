"""Finds dates as written, in the languages whose months have names and in numbers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from monitor.domain import date_patterns
from monitor.domain.date_cjk import in_cjk, in_cjk_day
from monitor.domain.date_patterns import DatePatterns, Sign
from monitor.domain.date_words import MONTH_FIRST, YEAR_LEADS
from monitor.domain.date_written import (
    LOOK_AROUND,
    Region,
    Written,
    checked,
    date_range,
    number,
)
from monitor.domain.lexicon import DateWords

LONGEST_LINK = 6  # characters: " de la "
LONGEST_LEAD = 4  # characters of a preposition that opens a clause before a date
NEAR = 4  # characters between a weekday and the date it belongs to


class _Collector:
    """Keeps what was found, earlier finders winning over later ones where they overlap."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, int]] = []
        self.written: list[Written] = []

    def add_all(self, found: Iterable[Written]) -> None:
        """Add each that overlaps nothing found before."""
        for one in found:
            self._add(one)

    def _add(self, one: Written) -> None:
        at = bisect_left(self._taken, (one.start, one.end))
        if at < len(self._taken) and self._taken[at][0] < one.end:
            return
        if at and self._taken[at - 1][1] > one.start:
            return
        self._taken.insert(at, (one.start, one.end))
        self.written.append(one)


def find_written(text: str, language: str, words: DateWords) -> list[Written]:
    """The dates of a text as they stand there, in order, not overlapping."""
    forms = date_patterns.patterns(language, words)
    collector = _Collector()
    regions = _regions(text, language, forms)
    for needed, finder in _FIRST_FINDERS:
        for region in regions:
            if needed <= region.holds:
                collector.add_all(finder(region, forms))
    whole = Region(text, 0, len(text), language)
    if _CJK_DATE.search(text):
        collector.add_all(in_cjk(whole))
    for needed, finder in _LATER_FINDERS:
        for region in regions:
            if needed <= region.holds:
                collector.add_all(finder(region, forms))
    collector.add_all(in_cjk_day(whole))
    written = _without_told_weekdays(_with_years(sorted(collector.written, key=lambda one: one.start)))
    written = [replace(one, will=_is_to_come(text, one)) if one.year is None else one for one in written]
    return _with_one_weekday(written)


def _with_one_weekday(written: list[Written]) -> list[Written]:
    """A weekday told once as to come is so throughout: "host a delegation Friday ... Friday's visit"."""
    coming = {one.weekday for one in written if one.weekday is not None and (one.will or one.leaning > 0)}
    coming -= {one.weekday for one in written if one.leaning < 0}
    return [replace(one, will=True) if one.weekday in coming else one for one in written]


_CJK_DATE = re.compile("[月日年월일년]")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_REACH = 40  # characters around a digit or a name of a month: the longest range is no longer


def _regions(text: str, language: str, forms: DatePatterns) -> list[Region]:
    """Where digits or words of dates stand, with what may belong to them; the rest of the text is never looked at."""
    found: list[tuple[int, int, set[Sign]]] = []
    known, last = forms.anchors.get, len(text)
    for token in _TOKEN.finditer(text):
        word = token[0]
        sign = known(word.casefold()) or _by_script(word[0])
        if not sign:
            continue
        start, end = max(0, token.start() - _REACH), min(last, token.end() + _REACH)
        if found and start <= found[-1][1]:
            found[-1][2].update(sign)
            found[-1] = (found[-1][0], end, found[-1][2])
        else:
            found.append((start, end, set(sign)))
    return [Region(text, start, _word_end(text, end), language, frozenset(signs)) for start, end, signs in found]


@lru_cache(maxsize=4096)
def _by_script(first: str) -> frozenset[Sign]:
    """What a word may belong to by its first letter; a run of Han, kana or hangul to anything."""
    if first.isdigit():
        return _DIGITS
    return _ANY_SIGN if first >= "\u3040" else frozenset()


_DIGITS = frozenset({Sign.DIGITS})
_ANY_SIGN = frozenset(Sign)


def _word_end(text: str, end: int) -> int:
    """No region ends inside a word or number, which would look like a whole one."""
    while end < len(text) and text[end].isalnum():
        end += 1
    return end


def _with_years(written: list[Written]) -> list[Written]:
    """A year told by its distance right behind a day or month belongs to it: "octobre de l'année dernière"."""
    kept: list[Written] = []
    for one in written:
        last = kept[-1] if kept else None
        is_bare_year = one.year_offset is not None and one.month is None
        if last is not None and is_bare_year and last.is_yearless and one.start - last.end <= LONGEST_LINK:
            kept[-1] = replace(last, end=one.end, year_offset=one.year_offset, leaning=0)
        else:
            kept.append(one)
    return kept


def _without_told_weekdays(written: list[Written]) -> list[Written]:
    """A weekday beside a date says nothing of its own ("Friday, 9 May", "yesterday, Thursday") but the year."""
    kept: list[Written] = []
    for at, one in enumerate(written):
        if one.weekday is None:
            kept.append(one)
            continue
        follows = at > 0 and one.start - written[at - 1].end <= NEAR
        leads = at + 1 < len(written) and written[at + 1].start - one.end <= NEAR
        if leads and written[at + 1].day is not None:
            written[at + 1] = replace(written[at + 1], weekday_told=one.weekday)
        elif follows and kept and kept[-1].day is not None:
            if kept[-1].end_day is None:  # behind a range it is that of the last day
                kept[-1] = replace(kept[-1], weekday_told=one.weekday)
        elif not follows:
            kept.append(one)
    return kept


def _in_iso(region: Region, _forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(date_patterns.ISO):
        yield from checked(match, int(match["y"]), int(match["m"]), int(match["d"]))


def _in_iso_month(region: Region, _forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(date_patterns.ISO_MONTH):
        yield Written(match.start(), match.end(), int(match["y"]), int(match["m"]), None)


def _in_day_month(region: Region, forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(forms.day_month):
        year = number(match["y"] or match["vy"])
        if match["sm"] is not None:
            yield from checked(match, year, forms.months[match["sm"].casefold()], int(match["d"]))
            continue
        last = forms.months[match["m2"].casefold()]
        first = forms.months[match["m"].casefold()] if match["m"] else last
        yield from date_range(
            match, (number(match["y1"]) or year, first, int(match["d"])), (year, last, int(match["d2"]))
        )


def _in_month_day(region: Region, forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(forms.month_day):
        if match["m"] in _VERBS_TOO:
            continue
        year, first = number(match["y"]) or number(match["by"]), forms.months[match["m"].casefold()]
        if match["d2"] is None:
            yield from checked(match, year, first, int(match["d"]))
            continue
        last = forms.months[match["m2"].casefold()] if match["m2"] else first
        yield from date_range(match, (year, first, int(match["d"])), (year, last, int(match["d2"])))


_NUMERIC_HINT = re.compile(r"\d[./-]\d|\d/")
_VERBS_TOO = frozenset({"may", "march", "mar"})  # small letters: "may 5 people ..."


def _in_numbers(region: Region, _forms: DatePatterns) -> Iterator[Written]:
    if not any(region.matches(_NUMERIC_HINT)):
        return
    for match in region.matches(date_patterns.NUMERIC):
        if match["sy"] is not None:
            day, month = _day_and_month(int(match["sd"]), int(match["sm"]), region.language)
            yield from checked(match, int(match["sy"]), month, day)
            continue
        last_day, last = _day_and_month(int(match["d2"]), int(match["m2"]), region.language)
        year, first = int(match["y2"]), number(match["m"]) or last
        yield from date_range(match, (number(match["y"]) or year, first, int(match["d"])), (year, last, last_day))
    pattern = date_patterns.DAY_SLASH_MONTH if region.language == "vi" else date_patterns.LED_DAY_MONTH
    if region.language == "he":
        yield from _in_hebrew(region)
    for match in region.matches(pattern):
        groups = match.groupdict()
        if groups["sd"] is not None:
            month = int(groups["sm"] or groups["sm2"])
            yield from checked(match, None, month, int(groups["sd"]), start=match.start("sd"))
            continue
        last = int(groups["m2"])
        yield from date_range(
            match, (None, number(groups["m"]) or last, int(groups["d"])), (None, last, int(groups["d2"]))
        )


def _in_hebrew(region: Region) -> Iterator[Written]:
    """27.10 and 5.11 are days wherever the calendar has them; figures with a point are rare."""
    for match in region.matches(date_patterns.DAY_POINT_MONTH):
        yield from checked(match, None, int(match["sm"]), int(match["sd"]))


def _day_and_month(first: int, second: int, language: str) -> tuple[int, int]:
    """Day first everywhere but in America, whose habit is believed only where it alone makes sense."""
    if language in MONTH_FIRST and second > 12 >= first:
        return second, first
    return first, second


def _in_month_year(region: Region, forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(forms.month_year):
        yield Written(match.start(), match.end(), int(match["y"]), forms.months[match["m"].casefold()], None)


def _in_month_alone(region: Region, forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(forms.month):
        if match["m"][0].islower() and region.language in _CAPITAL_MONTHS:
            continue
        month = forms.months[match["m"].casefold()]
        leaning = _leaning(region.text, match.start("m"), match.end(), LOOK_AROUND // 2)
        yield Written(match.start("m"), match.end(), None, month, None, leaning=leaning)


_CAPITAL_MONTHS = frozenset({"en", "de"})  # "may" is a verb, "mai" none of both


def _in_year(region: Region, _forms: DatePatterns) -> Iterator[Written]:
    """Four digits are a year behind a preposition, in brackets or before a word for year."""
    for match in region.matches(date_patterns.YEAR):
        before = region.text[max(0, match.start() - _LONGEST_LEAD) : match.start()]
        if before[-1:].isalnum() or before[-1:] in "/.,-–":
            continue
        behind = date_patterns.YEAR_BEHIND.match(region.text, match.end())
        words = before.casefold().split()
        if behind or before[-1:] in ("(", "（") or (words and words[-1] in YEAR_LEADS):
            yield Written(match.start(), behind.end() if behind else match.end(), int(match["y"]), None, None)


_LONGEST_LEAD = 12


def _in_relative_year(region: Region, forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(forms.relative_year):
        yield Written(match.start(), match.end(), None, None, None, year_offset=forms.years[match[0].casefold()])


def _in_relative(region: Region, forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(forms.relative):
        days = forms.relatives[match[0].casefold()]
        yield Written(match.start(), match.end(), None, None, None, days_offset=days)


def _in_weekday(region: Region, forms: DatePatterns) -> Iterator[Written]:
    for match in region.matches(forms.weekday):
        if region.language == "vi" and not _VIETNAMESE_DAY.search(
            region.text, max(0, match.start() - 12), match.start()
        ):
            continue  # "thứ ba" is Tuesday and the third
        leaning = _leaning(region.text, match.start(), match.end(), LOOK_AROUND)
        yield Written(
            match.start(), match.end(), None, None, None, weekday=forms.weekdays[match[0].casefold()], leaning=leaning
        )


_VIETNAMESE_DAY = re.compile(r"(?:sáng|chiều|tối|trưa|đêm|ngày|vào|hôm|từ|đến|\(|,|^|\n)\s?$", re.IGNORECASE)


def _leaning(text: str, start: int, end: int, reach: int) -> int:
    """Whether "last" or "next" stands directly before or after."""
    before, after = text[max(0, start - 12) : start], text[end : end + min(14, reach)]
    for sign, pattern in ((-1, date_patterns.BACK_WORD), (1, date_patterns.FORWARD_WORD)):
        found = pattern.search(before + "\n" + after)
        if found is not None:
            return sign
    return 0


def _is_to_come(text: str, one: Written) -> bool:
    """Whether a verb of the same clause is in the future."""
    before = _CLAUSE_END.split(text[max(0, one.start - 2 * LOOK_AROUND) : one.start])[-1]
    behind = text[one.end : one.end + LOOK_AROUND]
    if len(before.strip()) <= LONGEST_LEAD and behind[:2] == ", ":
        behind = behind[2:]  # "On Friday, the delegates will ..."
    after = _CLAUSE_END.split(behind)[0]
    return date_patterns.WILL_WORD.search(f"{before}\n{after}") is not None


_CLAUSE_END = re.compile("[.,;:!?。，；！？،؛]")


_Finder = Callable[[Region, DatePatterns], Iterator[Written]]
# In this order: what says more comes first. Beside each what a region must hold for it to be worth looking.
_FIRST_FINDERS: tuple[tuple[frozenset[Sign], _Finder], ...] = (
    (frozenset({Sign.DIGITS}), _in_iso),
    (frozenset({Sign.DIGITS, Sign.MONTH}), _in_day_month),
    (frozenset({Sign.DIGITS, Sign.MONTH}), _in_month_day),
    (frozenset({Sign.DIGITS}), _in_numbers),
    (frozenset({Sign.DIGITS, Sign.MONTH}), _in_month_year),
    (frozenset({Sign.DIGITS}), _in_iso_month),
)
_LATER_FINDERS: tuple[tuple[frozenset[Sign], _Finder], ...] = (
    (frozenset({Sign.RELATIVE}), _in_relative),
    (frozenset({Sign.MONTH}), _in_month_alone),
    (frozenset({Sign.DIGITS}), _in_year),
    (frozenset({Sign.YEAR}), _in_relative_year),
    (frozenset({Sign.WEEKDAY}), _in_weekday),
)
