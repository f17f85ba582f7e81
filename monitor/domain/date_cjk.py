"""Dates of Chinese, Japanese and Korean texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.domain import date_patterns
from monitor.domain.date_written import Region, Written, checked, date_range, number

_YEARS = {**date_patterns.years_of("zh"), **date_patterns.years_of("ja"), **date_patterns.years_of("ko")}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


def in_cjk(region: Region) -> Iterator[Written]:
    """Days, ranges and months with their characters, years before them or alone."""
    for match in region.matches(date_patterns.CJK):
        year, offset = _cjk_year(match), _YEARS.get(match["ry"] or "")
        month = _cjk_number(match["m"])
        if match["sd"] is not None:
            yield from checked(match, year, month, _cjk_number(match["sd"]), offset=offset)
        elif match["d2"] is not None:
            last = _cjk_number(match["m2"]) if match["m2"] else month
            first_day, last_day = _cjk_number(match["d"]), _cjk_number(match["d2"])
            yield from date_range(
                match, (year, month, first_day), (number(match["y2"]) or year, last, last_day), offset
            )
        elif 1 <= month <= 12:
            yield Written(match.start(), match.end(), year, month, None, year_offset=offset)
    for match in region.matches(date_patterns.CJK_YEAR):
        year = _cjk_year(match)
        if year is not None:
            yield Written(match.start(), match.end(), year, None, None)


def in_cjk_day(region: Region) -> Iterator[Written]:
    """Days without a month: the habit of Japanese and Korean news agencies, and of Chinese ones."""
    if region.language not in _DAY_ONLY_LANGUAGES:
        return
    for match in region.matches(date_patterns.CJK_DAY):
        day = int(match["sd"] or match["gd"] or match["d"])
        last = number(match["d2"])
        if 1 <= day <= 31 and (last is None or day < last <= 31):
            yield Written(match.start(), match.end(), None, None, day, end_day=last, day_only=True)


_DAY_ONLY_LANGUAGES = frozenset({"zh", "ja", "ko"})


def _cjk_year(match: re.Match[str]) -> int | None:
    if match["era"]:
        return _ERAS[match["era"]] + (1 if match["ey"] == "元" else int(match["ey"]))
    year = match["y"]
    if year is None:
        return None
    return int(year) if year.isdigit() and year.isascii() else int("".join(str(_HAN_DIGITS[char]) for char in year))


def _cjk_number(written: str) -> int:
    if written[0].isdigit() and written.isdecimal():
        return int(written)
    tens, ten, units = written.rpartition("十")
    if not ten:
        return _HAN_DIGITS[units[-1]] if len(units) == 1 else 0
    return _HAN_DIGITS.get(tens, 1) * 10 + _HAN_DIGITS.get(units, 0)
