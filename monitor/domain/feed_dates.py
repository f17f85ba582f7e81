"""Dates as feeds and pages write them.

Feed libraries know the forms of the standards, and guess at the rest: the first of November for a Chinese date in
August, nothing for French months. So the raw string is read here, in the languages of our sources, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from monitor.domain.feed_date_words import MONTH_NUMBERS, YEAR_FIRST_LANGUAGES, ZONES, ZONES_OF_LANGUAGE
from monitor.domain.text import fold

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a mistake (faults C18)
LATEST_AHEAD = timedelta(hours=24)  # a wrong zone, not a promise
MAX_RAW_CHARS = 200
MAX_OFFSET_MIN = 14 * 60

# A colon, a letter for the hour, or a sign; hangul as `fold` leaves it. Minutes of one figure only before their sign.
_HOUR_SIGN = "[:h時时点點시]"
_TIME = re.compile(
    rf"(?<![\d:])(?P<h>\d{{1,2}})\s?{_HOUR_SIGN}\s?(?P<m>\d{{2}}|\d(?=\s?[分분]))?\s?(?:[分분]|(?<=\d)min)?"
    r"(?:[:.](?P<s>\d{2})(?:[.,]\d+)?|\s?(?P<s2>\d{1,2})\s?[秒초])?(?![\d:])"
)
# 15.05 is a time where a word says so, or after a date that needs no figures with dots.
_DOTTED_TIME = re.compile(
    r"(?:(?<![^\W\d])(?:ore|um|kl|klo|alle|as|a las)\.?\s|(?<=\s))(?P<h>\d{1,2})\.(?P<m>\d{2})(?:\.(?P<s>\d{2}))?"
    r"(?=\s?(?:uhr|[ap]\.?m\b|h\b|$|[,(]))"
)
_PM = re.compile(r"(?<![a-z])p\.?\s?m\b\.?|下午|晚上|午後|오후|مساء|(?<![^\W\d])ch(?:ieu)?\b")
_AM = re.compile(r"(?<![a-z])a\.?\s?m\b\.?|上午|凌晨|早上|午前|오전|صباحا")
_OFFSET = re.compile(r"(?:(?<=[\d\sz])|(?:gmt|utc)\s?)(?P<sign>[+\-−])(?P<h>\d{1,2}):?(?P<m>\d{2})?(?!\d)")
_ZONE_NAME = re.compile(r"(?<![^\W\d_])([a-z]{1,4}|мск)(?![^\W_])")

# The forms of RFC 5322 and RFC 3339 in full: nine dates in ten, read at a third of the cost.
_RFC_5322 = re.compile(
    r"(?:[a-z]{3}, ?)?(?P<d>\d{1,2}) (?P<n>[a-z]{3}) (?P<y>\d{4}) (?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)"
    r" (?:gmt|utc|z|(?P<o>[+-]\d{4}))"
)
_RFC_3339 = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)t(?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)(?:\.\d+)?(?:z|(?P<o>[+-]\d\d:?\d\d))"
)

_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)")
_ISO_ORDINAL = re.compile(r"^(?P<y>\d{4})-(?P<n>\d{3})(?!\d)")
_COMPACT = re.compile(r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:t?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?)?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<y>\d{4}|\d{2})(?!\d)")
_TWO_FIGURES_FIRST = re.compile(
    r"(?<![\d.:])(?P<y>\d{2})\s?(?P<by>[-/.])\s?(?P<m>\d{1,2})\s?(?P=by)\s?(?P<d>\d{1,2})(?![\d:])"
)
_KOREAN_MONTH_FIRST = re.compile(r"(?<!\d)(?P<m>\d{1,2})월\s?(?P<d>\d{1,2})일?,\s?(?P<y>\d{4})(?!\d)")
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s*(?:thang|thg\.?|th\.?|-)\s*(?P<m>\d{1,2})\s*(?:,|,?\s*nam|-|\s)\s*(?P<y>\d{4})(?!\d)"
)
_ERA = re.compile(r"(?P<era>令和|平成|昭和|民国|民國)\s?(?P<n>\d{1,3}|元)年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")
_ERA_LETTER = re.compile(
    r"(?<![^\W_])(?P<era>[rh])\.?\s?(?P<n>\d{1,2})\s?[./-]\s?(?P<m>\d{1,2})\s?[./-]\s?(?P<d>\d{1,2})(?!\d)"
)
_ERA_START = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "民国": 1911, "民國": 1911}
_HAN_FIGURES = re.compile(r"[〇零一二三四五六七八九十]+(?=\s?[年月日])")
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_NAMED = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?[\s\-/]*(?:de\s+|of\s+)?(?P<n>[^\W\d]{3,12})\.?,?[\s\-/]*(?:de[l]?\s+)?(?P<y>\d{4}|'?\d{2})(?!\d)"
)
_NAMED_FIRST = re.compile(r"(?P<n>[^\W\d]{3,12})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?![\d:])")
_YEAR = re.compile(r"(?<![\d:+\-])(?:19|20)\d{2}(?![\d:])")
_EPOCH = re.compile(r"(?P<s>\d{10})(?:\d{3})?(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Published:
    """When something was published, as far as its date says."""

    on: date  # the day as written, in the writer's own time zone
    at: datetime | None  # aware UTC; None: the date gives a day only


def feed_date(raw: str | None, now: datetime, language: str | None = None) -> datetime | None:
    """The moment of a raw date, aware UTC; midnight UTC where it gives a day only; None when unreadable or outside of
    [1990, now + 24 h]. `language` is the primary subtag of the writer's, where known.
    """
    found = published(raw, now, language)
    if found is None:
        return None
    return found.at or datetime(found.on.year, found.on.month, found.on.day, tzinfo=UTC)


def published(raw: str | None, now: datetime, language: str | None = None) -> Published | None:
    """Day and moment of a raw date; None as for `feed_date`. A time without zone is taken as UTC; figures such as
    03/04/2026 as day first, unless that is no date or the time says a.m. or p.m. in English; years of other calendars
    (Buddhist, Persian) lie outside of the window and are refused.
    """
    if not raw or len(raw) > MAX_RAW_CHARS:
        return None
    text = (raw.lower() if raw.isascii() else _digits(fold(raw))).strip()
    found = _standard(text) or _epoch(text) or _read(text, language or "")
    if found is None:
        return None
    moment = found.at or datetime(found.on.year, found.on.month, found.on.day, tzinfo=UTC)
    return found if EARLIEST <= moment <= now + LATEST_AHEAD else None


def _standard(text: str) -> Published | None:
    """The forms of the standards; None for all others, and for what is odd about them."""
    match = _RFC_5322.fullmatch(text) or _RFC_3339.fullmatch(text)
    if match is None:
        return None
    said = match.groupdict()
    month = int(said["m"]) if "m" in said else MONTH_NUMBERS.get(said["n"], 0)
    offset = (said["o"] or "+0000").replace(":", "")
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    if minutes > MAX_OFFSET_MIN or int(offset[3:]) > 59:
        return None
    zone = UTC if not minutes else timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    try:
        there = datetime(
            int(said["y"]), month, int(said["d"]), int(said["H"]), int(said["M"]), int(said["S"]), tzinfo=zone
        )
        return Published(there.date(), there.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def _digits(text: str) -> str:
    """Figures of any script as ASCII, the Arabic comma as a blank."""
    text = _HAN_FIGURES.sub(_from_han, text)
    return "".join(_ascii_digit(char) for char in text.replace("،", " "))


def _from_han(match: re.Match[str]) -> str:
    """二〇二六 as 2026, 二十二 as 22."""
    tens, ten, ones = match[0].partition("十")
    if not ten:
        return match[0].translate(_HAN_DIGITS)
    if len(tens) > 1 or len(ones) > 1:
        return match[0]
    return str(int(tens.translate(_HAN_DIGITS) or "1") * 10 + int(ones.translate(_HAN_DIGITS) or "0"))


def _ascii_digit(char: str) -> str:
    if char.isascii() or not char.isdecimal():
        return char
    return str(unicodedata.digit(char))


def _epoch(text: str) -> Published | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    moment = datetime.fromtimestamp(int(match["s"]), UTC)
    return Published(moment.date(), moment)


def _read(text: str, language: str) -> Published | None:
    compact = _COMPACT.match(text)
    if compact is not None:
        return _compact(compact, text, language)
    found = _day(text, language)
    if found is None:
        return None
    day, span = found
    rest = f"{text[: span[0]]} {text[span[1] :]}"
    rest = re.sub(r"(?<=\d|\s)t(?=\d)", " ", rest)
    return _with_time(day, rest, language)


def _compact(match: re.Match[str], text: str, language: str) -> Published | None:
    day = _date(int(match["y"]), int(match["m"]), int(match["d"]))
    if day is None:
        return None
    if match["H"] is None:
        return _with_time(day, text[match.end() :], language)
    clock = f"{match['H']}:{match['M']}:{match['S'] or '00'}"
    return _with_time(day, f"{clock}{text[match.end() :]}", language)


# ---------------------------------------------------------------- the day


def _day(text: str, language: str) -> tuple[date, tuple[int, int]] | None:
    """The first day that one of the forms finds, with the span it takes up."""
    if language in YEAR_FIRST_LANGUAGES and (found := _short_year_first(text)) is not None:
        return found
    for read in (_iso_day, _era_day, _vietnamese_day, _named_day, _numeric_day, _month_first_day):
        found = read(text)
        if found is not None:
            return found
    return None


def _short_year_first(text: str) -> tuple[date, tuple[int, int]] | None:
    match = _TWO_FIGURES_FIRST.search(text)
    if match is None or _ERA_LETTER.search(text):
        return None
    return _spanned(_date(_full_year(match["y"]), int(match["m"]), int(match["d"])), match)


def _iso_day(text: str) -> tuple[date, tuple[int, int]] | None:
    ordinal = _ISO_ORDINAL.match(text)
    if ordinal is not None and 1 <= int(ordinal["n"]) <= 366 and int(ordinal["y"]) >= EARLIEST.year:
        return date(int(ordinal["y"]), 1, 1) + timedelta(days=int(ordinal["n"]) - 1), ordinal.span()
    return _figures(_ISO.search(text))


def _era_day(text: str) -> tuple[date, tuple[int, int]] | None:
    match = _ERA.search(text) or _ERA_LETTER.search(text)
    if match is None:
        return None
    year = _ERA_START[match["era"]] + (1 if match["n"] == "元" else int(match["n"]))
    return _spanned(_date(year, int(match["m"]), int(match["d"])), match)


def _vietnamese_day(text: str) -> tuple[date, tuple[int, int]] | None:
    return _figures(_VIETNAMESE.search(text) or _KOREAN_MONTH_FIRST.search(text))


def _numeric_day(text: str) -> tuple[date, tuple[int, int]] | None:
    match = _DAY_FIRST.search(text)
    if match is None:
        return None
    first, second, year = int(match["d"]), int(match["m"]), _full_year(match["y"])
    american = re.search(r"\d\s?[ap]\.?m\b", text) is not None and "/" in match[0]
    orders = ((second, first), (first, second))
    for day, month in orders if american else orders[::-1]:
        found = _date(year, month, day)
        if found is not None:
            return found, match.span()
    return None


def _named_day(text: str) -> tuple[date, tuple[int, int]] | None:
    for match in _NAMED.finditer(text):
        month = MONTH_NUMBERS.get(match["n"])
        if month is not None:
            return _spanned(_date(_full_year(match["y"].lstrip("'")), month, int(match["d"])), match)
    return None


def _month_first_day(text: str) -> tuple[date, tuple[int, int]] | None:
    """August 22, 2026; Sat Aug 22 10:00:00 2026."""
    for match in _NAMED_FIRST.finditer(text):
        month, year = MONTH_NUMBERS.get(match["n"]), _YEAR.search(text, match.end())
        if month is not None and year is not None:
            day = _date(int(year[0]), month, int(match["d"]))
            between = text[match.end() : year.start()]
            span = (match.start(), year.end() if not re.search(r"\d", between) else match.end())
            return None if day is None else (day, span)
    return None


def _figures(match: re.Match[str] | None) -> tuple[date, tuple[int, int]] | None:
    if match is None:
        return None
    return _spanned(_date(int(match["y"]), int(match["m"]), int(match["d"])), match)


def _spanned(day: date | None, match: re.Match[str]) -> tuple[date, tuple[int, int]] | None:
    return None if day is None else (day, match.span())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 70 else 1900)  # RFC 2822 has 50; POSIX and Python have 69


# ---------------------------------------------------------------- the time


def _with_time(day: date, rest: str, language: str) -> Published:
    match = _TIME.search(rest) or _DOTTED_TIME.search(rest)
    if match is None:
        return Published(day, None)
    said = match.groupdict()
    hour, minute = int(said["h"]), int(said["m"] or 0)
    second = min(int(said["s"] or said.get("s2") or 0), 59)  # a leap second
    if hour < 12 and _PM.search(rest):
        hour += 12
    elif hour == 12 and _AM.search(rest):
        hour = 0
    if hour > 24 or minute > 59 or (hour == 24 and minute + second):
        return Published(day, None)
    local = datetime(day.year, day.month, day.day, tzinfo=_zone(rest[match.end() :], language))
    return Published(day, _as_utc(local, timedelta(hours=hour, minutes=minute, seconds=second)))


def _as_utc(midnight: datetime, time: timedelta) -> datetime | None:
    try:
        return (midnight + time).astimezone(UTC)
    except OverflowError:
        return None


def _zone(text: str, language: str) -> timezone:
    """The zone written after a time; UTC when there is none, or none that exists."""
    offset = _OFFSET.search(text) or _OFFSET.search(f" {text}")
    if offset is not None:
        minutes = int(offset["h"]) * 60 + int(offset["m"] or 0)
        if minutes <= MAX_OFFSET_MIN and int(offset["m"] or 0) < 60:
            return timezone(timedelta(minutes=-minutes if offset["sign"] in "-−" else minutes))
        return UTC
    zones = ZONES | ZONES_OF_LANGUAGE.get(language, {})
    for name in _ZONE_NAME.findall(text):
        if name in zones:
            return timezone(timedelta(minutes=zones[name]))
    return UTC
