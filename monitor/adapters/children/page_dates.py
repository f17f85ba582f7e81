"""Dates beside links, as written on listing pages in the languages of our sources."""

from __future__ import annotations

import re
from datetime import date, timedelta

from lxml.html import HtmlElement

from monitor.adapters.children.markup import text_of
from monitor.domain.text import clean_line

MAX_HOLDER_CHARS = 1_500  # a holder with more text holds more than one entry
MAX_DATE_CHARS = 100
MAX_DATE_ALONE_CHARS = 60  # "Published on Saturday 22 August 2026 at 14:30"

_ERA = r"(?:令和|平成|民國|民国)\s?(?:\d{1,3}|元)年\s?\d{1,2}月\s?\d{1,2}日"
_DAY_OR_MONTH = r"(?:0?[1-9]|[12]\d|3[01])"
_FIGURES = r"\d{4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}[日일]?|" + "|".join(
    rf"{_DAY_OR_MONTH}\s?{mark}\s?{_DAY_OR_MONTH}\s?{mark}\s?(?:\d{{4}}|\d{{2}}(?=\s|$|[)\]|,]))"
    for mark in ("-", "/", r"\.")
)
_WORDS = (
    r"\d{1,2}(?:st|nd|rd|th|er|\.)?\s(?:de\s|of\s)?[^\W\d]{3,12}\.?,?\s(?:de\s|del\s)?\d{4}"
    r"|[^\W\d]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s\d{4}"
)
_VIETNAMESE = r"\d{1,2}\s?tháng\s\d{1,2},?\s?(?:năm\s)?\d{4}"
_TIME = r"(?:[\sT,|–-]*(?:à\s|lúc\s|um\s|at\s)?\d{1,2}[:hH時时点]\d{2}(?::\d{2})?)?"
DATE = re.compile(rf"(?<![\d./-])(?:{_ERA}|{_FIGURES}|{_WORDS}|{_VIETNAMESE})(?![\d/-])(?:{_TIME})", re.IGNORECASE)
DATE_NAME = re.compile(
    r"date|time|publi|posted|created|fecha|datum|ngay|thoi-?gian|shijian|riqi|hizuke|(?<![a-z])(?:day|rq|sj)(?![a-z])",
    re.IGNORECASE,
)
_DURATION = re.compile(r"P(?:T|\d)")  # how long a film is, ISO 8601
_MONTH_DAY = re.compile(r"[\[(（【]?\s*(?P<m>\d{1,2})\s?[-/月.월]\s?(?P<d>\d{1,2})[日일]?\s*[\])）】]?")
_DAY_THEN_MONTH = re.compile(r"(?P<d>\d{1,2})\s*(?P<y>20\d{2})\s?[-/.年]\s?(?P<m>\d{1,2})月?")
_MONTH_THEN_DAY = re.compile(r"(?P<y>20\d{2})\s?[-/.年]\s?(?P<m>\d{1,2})月?\s+(?P<d>\d{1,2})日?")
_AT_EDGE = re.compile(
    rf"^\s*[\[(（【]?\s*(?:{_ERA}|{_FIGURES})\s*[\])）】]?[\s:：|·–-]*|[\s|·–-]*[\[(（【]\s*(?:{_ERA}|{_FIGURES})\s*[\])）】]\s*$"
    rf"|\s+\d{{4}}[-/]\d{{2}}[-/]\d{{2}}\s*$"
)


def date_within(holder: HtmlElement, title: str, today: date) -> str | None:
    """The date that an element tells, as written but for what is missing: years are added where there are none, so that
    the day is the last of that name that is not after tomorrow.
    """
    for time in holder.iter("time"):
        written = clean_line(time.get("datetime") or text_of(time), MAX_DATE_CHARS)
        if written and not _DURATION.match(written):
            return _completed(written, today) or written
    for element in holder.iter():
        if is_named_after_dates(element) and (found := _in_date_element(element, today)):
            return found
    text = clean_line(text_of(holder), MAX_HOLDER_CHARS + 1)
    if len(text) > MAX_HOLDER_CHARS:
        return None
    rest = text.replace(title, " ", 1)
    match = DATE.search(rest)
    return match[0] if match else _bracketed(rest, today)


def is_named_after_dates(element: HtmlElement) -> bool:
    """Whether class or microdata call it a date."""
    if not isinstance(element.tag, str):
        return False
    named = f"{element.get('class') or ''} {element.get('itemprop') or ''}".strip()
    return bool(named) and DATE_NAME.search(named) is not None


def is_date_alone(element: HtmlElement) -> bool:
    """Whether an element holds a date and little else: no part of a title."""
    if element.tag != "time" and not is_named_after_dates(element):
        return False
    text = clean_line(text_of(element), MAX_DATE_CHARS)
    return len(text) < MAX_DATE_ALONE_CHARS and any(char.isdigit() for char in text)


def without_date(title: str) -> str:
    """A title without the date in figures that stands before or, in brackets, behind it."""
    rest = _AT_EDGE.sub("", title).strip()
    return rest or title


def _in_date_element(element: HtmlElement, today: date) -> str | None:
    content = clean_line(element.get("content") or "", MAX_DATE_CHARS)
    text = content or clean_line(text_of(element).replace("\n", " "), 300)
    match = DATE.search(text)
    return match[0] if match else _completed(text, today)


def _completed(text: str, today: date) -> str | None:
    """A day of which the parts stand apart ("22" over "2026-08"), or without a year ("08-22")."""
    for pattern in (_DAY_THEN_MONTH, _MONTH_THEN_DAY):
        if (match := pattern.fullmatch(text)) is not None:
            return _iso(int(match["y"]), int(match["m"]), int(match["d"]))
    match = _MONTH_DAY.fullmatch(text)
    return None if match is None else _last(int(match["m"]), int(match["d"]), today)


def _bracketed(text: str, today: date) -> str | None:
    """Month and day in brackets, or alone beside the title."""
    match = re.search(r"[\[(（【]\s*\d{1,2}[-/月]\d{1,2}日?\s*[\])）】]", text) or re.fullmatch(
        r"\d{2}-\d{2}|\d{1,2}月\d{1,2}日", text.strip(" ·•・|-")
    )
    return _completed(match[0], today) if match else None


def _last(month: int, day: int, today: date) -> str | None:
    for year in (today.year + 1, today.year, today.year - 1):
        found = _iso(year, month, day)
        if found is not None and date.fromisoformat(found) <= today + timedelta(days=1):
            return found
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
