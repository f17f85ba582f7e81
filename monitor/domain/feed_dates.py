"""Dates as feeds and pages write them.

Feed libraries know the forms of the standards, and guess at the rest: the first of November for a Chinese date in
August, nothing for French months. So the raw string is read here, in the languages of our sources, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from monitor.domain.text import fold

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a mistake (faults C18)
LATEST_AHEAD = timedelta(hours=24)  # a wrong zone, not a promise
MAX_RAW_CHARS = 200
MAX_OFFSET_MIN = 14 * 60

# Month names by language, January first; the genitive where dates use it. Any prefix of three letters and more counts.
_MONTHS = (
    "january february march april may june july august september october november december",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "januar februar maerz april mai juni juli august september oktober november dezember",
    "jaenner feber marz april mai juni juli august september oktober november dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
    "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)
_SHORTEST_MONTH = 3
_OTHER_ABBREVIATIONS = {"mrt": 3, "mrz": 3}


def _month_table() -> dict[str, int]:
    """Month numbers by full name and by prefix; where languages disagree, full names and earlier lines win."""
    numbered = [(name, number) for line in _MONTHS for number, name in enumerate(fold(line).split(), start=1)]
    table: dict[str, int] = {}
    for name, number in numbered:
        table.setdefault(name, number)
    for name, number in numbered:
        for end in range(_SHORTEST_MONTH, len(name)):
            table.setdefault(name[:end], number)
    return table | _OTHER_ABBREVIATIONS


_MONTH_NUMBERS = _month_table()


_ZONES = {
    **dict.fromkeys(("z", "gmt", "ut", "utc", "wet"), 0),
    **dict.fromkeys(("cet", "mez", "bst", "west", "met"), 60),
    **dict.fromkeys(("cest", "mesz", "eet", "sast"), 120),
    **dict.fromkeys(("eest", "msk"), 180),
    **dict.fromkeys(("hkt", "sgt"), 480),
    **dict.fromkeys(("kst", "jst"), 540),
    **dict.fromkeys(("est", "cdt"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    "edt": -240,
    "pst": -480,
    "ict": 420,
    "aest": 600,
    "aedt": 660,
}

_TIME = re.compile(
    r"(?<![\d:])(?P<h>\d{1,2})\s?(?:[:h時时点]|시)\s?(?P<m>\d{2})?\s?(?:[分분]|(?<=\d)min)?(?:[:.](?P<s>\d{2})(?:[.,]\d+)?|(?P<s2>\d{1,2})\s?[秒초])?"
    r"(?![\d:])"
)
_PM = re.compile(r"(?<![a-z])p\.?\s?m\b\.?|下午|晚上|午後|오후|مساء|(?<![^\W\d])ch(?:ieu)?\b")
_AM = re.compile(r"(?<![a-z])a\.?\s?m\b\.?|上午|凌晨|早上|午前|오전|صباحا")
_OFFSET = re.compile(r"(?:(?<=[\d\sz])|(?:gmt|utc)\s?)(?P<sign>[+\-−])(?P<h>\d{1,2}):?(?P<m>\d{2})?(?!\d)")
_ZONE_NAME = re.compile(r"(?<![^\W\d_])([a-z]{1,4})(?![^\W_])")

_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)")
_ISO_ORDINAL = re.compile(r"^(?P<y>\d{4})-(?P<n>\d{3})(?!\d)")
_COMPACT = re.compile(r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:t?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?)?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<y>\d{4}|\d{2})(?!\d)")
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s*(?:thang|-)\s*(?P<m>\d{1,2})\s*(?:,|,?\s*nam|-)\s*(?P<y>\d{4})(?!\d)"
)
_ERA = re.compile(r"(?P<era>令和|平成|民国|民國)\s?(?P<n>\d{1,3}|元)年\s?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")
_ERA_START = {"令和": 2018, "平成": 1988, "民国": 1911, "民國": 1911}
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


def feed_date(raw: str | None, now: datetime) -> datetime | None:
    """The moment of a raw date, aware UTC; midnight UTC where it gives a day only; None when unreadable or outside of
    [1990, now + 24 h].
    """
    found = published(raw, now)
    if found is None:
        return None
    return found.at or datetime(found.on.year, found.on.month, found.on.day, tzinfo=UTC)


def published(raw: str | None, now: datetime) -> Published | None:
    """Day and moment of a raw date; None as for `feed_date`. A time without zone is taken as UTC; figures such as
    03/04/2026 as day first, unless that is no date or the time says a.m. or p.m. in English.
    """
    if not raw or len(raw) > MAX_RAW_CHARS:
        return None
    text = (raw.lower() if raw.isascii() else _digits(fold(raw))).strip()
    found = _epoch(text) or _read(text)
    if found is None:
        return None
    moment = found.at or datetime(found.on.year, found.on.month, found.on.day, tzinfo=UTC)
    return found if EARLIEST <= moment <= now + LATEST_AHEAD else None


def _digits(text: str) -> str:
    """Figures of any script as ASCII, the Arabic comma as a blank."""
    return "".join(_ascii_digit(char) for char in text.replace("،", " "))


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


def _read(text: str) -> Published | None:
    compact = _COMPACT.match(text)
    if compact is not None:
        return _compact(compact, text)
    found = _day(text)
    if found is None:
        return None
    day, span = found
    rest = f"{text[: span[0]]} {text[span[1] :]}"
    rest = re.sub(r"(?<=\d|\s)t(?=\d)", " ", rest)
    return _with_time(day, rest)


def _compact(match: re.Match[str], text: str) -> Published | None:
    day = _date(int(match["y"]), int(match["m"]), int(match["d"]))
    if day is None:
        return None
    if match["H"] is None:
        return _with_time(day, text[match.end() :])
    clock = f"{match['H']}:{match['M']}:{match['S'] or '00'}"
    return _with_time(day, f"{clock}{text[match.end() :]}")


# ---------------------------------------------------------------- the day


def _day(text: str) -> tuple[date, tuple[int, int]] | None:
    """The first day that one of the forms finds, with the span it takes up."""
    for read in (_iso_day, _era_day, _vietnamese_day, _numeric_day, _named_day, _month_first_day):
        found = read(text)
        if found is not None:
            return found
    return None


def _iso_day(text: str) -> tuple[date, tuple[int, int]] | None:
    ordinal = _ISO_ORDINAL.match(text)
    if ordinal is not None and 1 <= int(ordinal["n"]) <= 366 and int(ordinal["y"]) >= EARLIEST.year:
        return date(int(ordinal["y"]), 1, 1) + timedelta(days=int(ordinal["n"]) - 1), ordinal.span()
    return _figures(_ISO.search(text))


def _era_day(text: str) -> tuple[date, tuple[int, int]] | None:
    match = _ERA.search(text)
    if match is None:
        return None
    year = _ERA_START[match["era"]] + (1 if match["n"] == "元" else int(match["n"]))
    return _spanned(_date(year, int(match["m"]), int(match["d"])), match)


def _vietnamese_day(text: str) -> tuple[date, tuple[int, int]] | None:
    return _figures(_VIETNAMESE.search(text))


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
        month = _MONTH_NUMBERS.get(match["n"])
        if month is not None:
            return _spanned(_date(_full_year(match["y"].lstrip("'")), month, int(match["d"])), match)
    return None


def _month_first_day(text: str) -> tuple[date, tuple[int, int]] | None:
    """August 22, 2026; Sat Aug 22 10:00:00 2026."""
    for match in _NAMED_FIRST.finditer(text):
        month, year = _MONTH_NUMBERS.get(match["n"]), _YEAR.search(text, match.end())
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


def _with_time(day: date, rest: str) -> Published:
    match = _TIME.search(rest)
    if match is None:
        return Published(day, None)
    hour, minute = int(match["h"]), int(match["m"] or 0)
    second = min(int(match["s"] or match["s2"] or 0), 59)  # a leap second
    if hour < 12 and _PM.search(rest):
        hour += 12
    elif hour == 12 and _AM.search(rest):
        hour = 0
    if hour > 24 or minute > 59 or (hour == 24 and minute + second):
        return Published(day, None)
    local = datetime(day.year, day.month, day.day, tzinfo=_zone(rest[match.end() :]))
    return Published(day, _as_utc(local, timedelta(hours=hour, minutes=minute, seconds=second)))


def _as_utc(midnight: datetime, time: timedelta) -> datetime | None:
    try:
        return (midnight + time).astimezone(UTC)
    except OverflowError:
        return None


def _zone(text: str) -> timezone:
    """The zone written after a time; UTC when there is none, or none that exists."""
    offset = _OFFSET.search(text) or _OFFSET.search(f" {text}")
    if offset is not None:
        minutes = int(offset["h"]) * 60 + int(offset["m"] or 0)
        if minutes <= MAX_OFFSET_MIN and int(offset["m"] or 0) < 60:
            return timezone(timedelta(minutes=-minutes if offset["sign"] in "-−" else minutes))
        return UTC
    for name in _ZONE_NAME.findall(text):
        if name in _ZONES:
            return timezone(timedelta(minutes=_ZONES[name]))
    return UTC
