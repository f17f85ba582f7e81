"""Regular expressions for dates, one set for each language, built from the lexicon's names of months and days.

Groups with one meaning everywhere: y, m, d the (first) year, month, day; y2, m2, d2 those of the end of a range; join
what stands between; name the word of a relative day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from monitor.domain.date_words import (
    BACKWARD,
    BEFORE_YEAR,
    DAY_LEADS,
    ENUMERATING,
    FORWARD,
    MONTH_LEADS,
    OF,
    RANGING,
    RELATIVE_YEARS,
    WILL,
    YEAR_FOLLOWS,
)
from monitor.domain.lexicon import DateWords

SHORTEST_WEEKDAY = 4  # letters: "mar", "so" and "di" are other words far more often
SHORTEST_MONTH = 3  # letters of a month without a day beside it


class Sign(StrEnum):
    """What shows that a date may stand somewhere."""

    DIGITS = "digits"
    MONTH = "month"
    WEEKDAY = "weekday"
    RELATIVE = "relative"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DatePatterns:
    """The expressions of one language and what their words mean. None: the language has no such form."""

    day_month: re.Pattern[str] | None
    month_day: re.Pattern[str] | None
    month_year: re.Pattern[str] | None
    month: re.Pattern[str] | None
    weekday: re.Pattern[str] | None
    relative: re.Pattern[str] | None
    relative_year: re.Pattern[str] | None
    months: Mapping[str, int]  # case-folded name -> 1..12
    weekdays: Mapping[str, int]  # case-folded name -> 0 Monday .. 6
    relatives: Mapping[str, int]  # case-folded word -> days from publication
    years: Mapping[str, int]  # case-folded words -> years from publication
    anchors: Mapping[str, frozenset[Sign]]  # case-folded words, one of which every date without digits holds


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


_YEAR = r"(?:19|20)\d{2}(?![\d%])"
_NUMBER_BEFORE = r"(?<![\w])(?<!\d[.,/:-])"
_AFTER_DAY = r"(?:\s?(?:er|ère|st|nd|rd|th|º|°|ª|ste|de|e|-го|-е|-є|-ше|-ге|ης|η|α|\.))?"
_OF = rf"[\s\u00a0]*(?:(?:{_alternatives(OF)})[\s\u00a0]*)?"
_JOIN = rf"\s?(?P<join>{_alternatives((*RANGING, *ENUMERATING))})\s?(?:le |ngày |el |il |l['’]|den |dem |the |o dia )?"
_OF_YEAR = rf"(?:(?:{_alternatives(BEFORE_YEAR)})\s*)?"

ISO = re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d{2})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)")
ISO_MONTH = re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d{2})-(?P<m>0[1-9]|1[0-2])(?![\d/-])")
NUMERIC = re.compile(
    r"(?<![\d/.,-])(?P<d>\d{1,2})(?:(?P<sep1>[./-])(?P<m>\d{1,2})(?:(?P=sep1)(?P<y>(?:19|20)\d{2}))?)?\.?"
    rf"{_JOIN}(?P<d2>\d{{1,2}})(?P<sep>[./-])(?P<m2>\d{{1,2}})(?P=sep)(?P<y2>(?:19|20)\d{{2}})(?!\d)"
    r"|(?<![\d/.,-])(?P<sd>\d{1,2})(?P<ssep>[./-])(?P<sm>\d{1,2})(?P=ssep)(?P<sy>(?:19|20)\d{2})(?![\d])"
)
DAY_SLASH_MONTH = re.compile(
    r"(?<![\d/.,:-])(?P<d>\d{1,2})(?:/(?P<m>\d{1,2}))?"
    rf"{_JOIN}(?P<d2>\d{{1,2}})/(?P<m2>\d{{1,2}})(?![\d/%])"
    r"|(?<![\d/.,:-])(?P<sd>\d{1,2})[/-](?P<sm>\d{1,2})(?![\d/%:-]|[.,]\d)"
)
LED_DAY_MONTH = re.compile(
    rf"(?:(?<!\w)(?:{_alternatives(DAY_LEADS)})\s*|\()(?P<sd>\d{{1,2}})(?:/(?P<sm>\d{{1,2}})(?![\d/%])|\.(?P<sm2>\d{{1,2}})\.(?!\d))",
    re.IGNORECASE,
)
DAY_POINT_MONTH = re.compile(r"(?<![\d/.,:-])(?P<sd>\d{1,2})\.(?P<sm>1[0-2]|[1-9])(?![\d%]|[.,:]\d|\s?[%₪])")
YEAR = re.compile(r"(?P<y>(?:19|20)\d{2})(?![\d%])(?!\s?[-–/.]\d|[.,]\d)")
YEAR_BEHIND = re.compile(rf"\s?(?:{_alternatives(YEAR_FOLLOWS)})(?!\w)", re.IGNORECASE)
BACK_WORD = re.compile(rf"(?<!\w)(?:{_alternatives(BACKWARD)})(?!\w)|지난|上周|上週|先週", re.IGNORECASE)
FORWARD_WORD = re.compile(rf"(?<!\w)(?:{_alternatives(FORWARD)})(?!\w)|다음|오는|下周|下週|来週", re.IGNORECASE)
WILL_WORD = re.compile(rf"(?<!\w)(?:{_alternatives(WILL)})(?!\w)|[将將]|予定|예정|\bس(?:ي|ت)\w{{3,}}", re.IGNORECASE)

_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
_CJK_YEAR = (
    r"(?:(?P<y>(?:19|20)\d{2}|[〇零○一二三四五六七八九]{4})\s?[年년]|(?P<era>令和|平成|昭和)(?P<ey>\d{1,2}|元)年"
    r"|(?P<ry>今年|本年|去年|昨年|前年|明年|来年|來年|翌年|올해|금년|작년|지난해|내년))(?:の|\s)?"
)
_CJK_DAY = rf"(?P<d>\d{{1,2}}|{_HAN_NUMBER})"
_CJK_NOT_SPAN = r"(?!\s?(?:間|间|内|以内|連続|连续|目|후(?![가-힣])|간|이내|동안|만에|째|程|遊|游))"
_CJK_JOIN = r"\s?(?P<join>至|到|—|－|-|–|~|〜|～|から|부터|∼|、|・|和|与|與|및|과|,|‐)\s?"
CJK = re.compile(
    rf"(?:{_CJK_YEAR})?(?<!\d)(?P<m>\d{{1,2}}|{_HAN_NUMBER})\s?[月월](?:の|\s)?"
    rf"(?:{_CJK_DAY}(?:\s?[日号號일])?(?:\s?[(（][^)）]{{1,4}}[)）])?{_CJK_JOIN}(?:(?P<y2>(?:19|20)\d{{2}})\s?[年년]\s?)?"
    rf"(?:(?P<m2>\d{{1,2}}|{_HAN_NUMBER})\s?[月월]\s?)?(?P<d2>\d{{1,2}}|{_HAN_NUMBER})\s?[日号號일]{_CJK_NOT_SPAN}"
    rf"|(?P<sd>\d{{1,2}}|{_HAN_NUMBER})\s?[日号號일]{_CJK_NOT_SPAN})?"
)
CJK_YEAR = re.compile(rf"(?<![\d–~～—-]){_CJK_YEAR}(?!\d{{1,2}}\s?[月월])")
CJK_DAY = re.compile(
    rf"(?<![\d月월\w.,/-])(?:(?P<d>\d{{1,2}})(?:[日일])?{_CJK_JOIN}(?P<d2>\d{{1,2}})[日일]|(?P<sd>\d{{1,2}})[日일]){_CJK_NOT_SPAN}"
    rf"|(?<=[一-鿿ぁ-んァ-ヶー가-힣])(?P<gd>\d{{1,2}})日{_CJK_NOT_SPAN}"
)


@lru_cache(maxsize=64)
def patterns(language: str, words: DateWords) -> DatePatterns:
    """The expressions for a language ("" for unknown)."""
    months = {
        form.casefold(): number
        for number, forms in enumerate(words.months, start=1)
        for form in forms
        if _is_word(form)
    }
    weekdays = {
        form.casefold(): number for number, forms in enumerate(words.weekdays) for form in forms if _is_weekday(form)
    }
    relatives = {
        word.casefold(): days
        for days, group in ((0, words.today), (-1, words.yesterday), (1, words.tomorrow))
        for word in group
        if word.isalpha() or " " in word or "'" in word
    }
    years = years_of(language)
    return DatePatterns(
        day_month=_day_month(months) if months else None,
        month_day=_month_day(months) if months and language in _MONTH_BEFORE_DAY else None,
        month_year=_month_year(months) if months else None,
        month=_month_alone(months, language) if months else None,
        weekday=_words(weekdays) if weekdays else None,
        relative=_words(relatives) if relatives else None,
        relative_year=_words(years) if years else None,
        months=months,
        weekdays=weekdays,
        relatives=relatives,
        years=years,
        anchors=_anchors({Sign.MONTH: months, Sign.WEEKDAY: weekdays, Sign.RELATIVE: relatives, Sign.YEAR: years}),
    )


def years_of(language: str) -> dict[str, int]:
    """Years told by their distance: case-folded words -> years; of an unknown language all that we know."""
    chosen = [RELATIVE_YEARS[language]] if language in RELATIVE_YEARS else RELATIVE_YEARS.values()
    return {word.casefold(): distance for words in chosen for word, distance in words.items()}


_WORD = re.compile(r"[^\W\d_]+")


def _anchors(names: Mapping[Sign, Iterable[str]]) -> dict[str, frozenset[Sign]]:
    found: defaultdict[str, set[Sign]] = defaultdict(set)
    for sign, group in names.items():
        for name in group:
            found[_longest_word(name)].add(sign)
    return {word: frozenset(signs) for word, signs in found.items()}


def _longest_word(name: str) -> str:
    return max(_WORD.findall(name.casefold()), key=len, default="")


_MONTH_BEFORE_DAY = frozenset({"en", "", "hu", "id", "fa"})


def _is_word(form: str) -> bool:
    """A month that has a name; "1月" is read as a number."""
    return not (form[0].isdigit() or form.endswith(("月", "월")))


def _is_weekday(form: str) -> bool:
    is_other_script = form[0] > "\u0600" and len(form) >= 2
    return len(form) >= SHORTEST_WEEKDAY or is_other_script


def _day_month(months: Mapping[str, int]) -> re.Pattern[str]:
    names = _alternatives(months)
    end = rf"(?P<d2>\d{{1,2}}){_AFTER_DAY}{_OF}(?P<m2>{names})(?!\w)"
    year = rf"(?:\s*,?\s*{_OF_YEAR}(?P<y>{_YEAR})|/(?P<vy>{_YEAR}))?"
    return re.compile(
        rf"{_NUMBER_BEFORE}(?P<d>\d{{1,2}}){_AFTER_DAY}"
        rf"(?:(?:{_OF}(?P<m>{names})(?!\w)(?:\s*{_OF_YEAR}(?P<y1>{_YEAR}))?)?{_JOIN}(?:\w{{3,12}},? )?{end}"
        rf"|{_OF}(?P<sm>{names})(?!\w)){year}",
        re.IGNORECASE,
    )


def _month_day(months: Mapping[str, int]) -> re.Pattern[str]:
    names = _alternatives(months)
    return re.compile(
        rf"(?<!\w)(?:(?P<by>{_YEAR})\.?\s+)?(?P<m>{names})\s*(?P<d>\d{{1,2}})(?!\d|[.,:]\d)(?:st|nd|rd|th)?"
        rf"(?:(?!\s?,){_JOIN}(?:(?P<m2>{names})\s*)?(?P<d2>\d{{1,2}})(?!\d|[.,:]\d)(?:st|nd|rd|th)?(?!\s*(?:{names})))?"
        rf"(?:,?\s+(?:of )?(?P<y>{_YEAR}))?",
        re.IGNORECASE,
    )


def _month_year(months: Mapping[str, int]) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?P<m>{_alternatives(months)})(?:\s*[,/-]\s*|\s+){_OF_YEAR}(?P<y>{_YEAR})(?!\w)", re.IGNORECASE
    )


def _month_alone(months: Mapping[str, int], language: str) -> re.Pattern[str]:
    full = [name for name in months if len(name) >= SHORTEST_MONTH and not name.endswith(".")]
    if language in _MONTH_SELF_EVIDENT:
        return re.compile(rf"(?<!\w)(?P<m>{_alternatives(full)})(?!\w|\s*\d)", re.IGNORECASE)
    return re.compile(
        rf"(?<!\w)(?:{_alternatives(MONTH_LEADS)})[\s-]*(?P<m>{_alternatives(full)})(?!\w|\s*\d)", re.IGNORECASE
    )


_MONTH_SELF_EVIDENT = frozenset({"vi", "tr", "ar"})


def _words(names: Mapping[str, int]) -> re.Pattern[str]:
    """Whole words where the script has them."""
    spaced = [name for name in names if not _is_unspaced(name)]
    unspaced = [name for name in names if _is_unspaced(name)]
    # "lần thứ 5" is the fifth time, "thứ 5" alone a Thursday.
    parts = [rf"(?<![^\W_])(?<!lần )(?P<name>{_alternatives(spaced)})(?![^\W_])"] if spaced else []
    if unspaced:
        parts.append(f"(?P<cjk>{_alternatives(unspaced)})")
    return re.compile("|".join(parts), re.IGNORECASE)


def _is_unspaced(name: str) -> bool:
    return "\u3040" <= name[0] <= "\u9fff" or "\uac00" <= name[0] <= "\ud7af"
