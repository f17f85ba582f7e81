"""When a page was published: the claim that is most often right, and the day that its readers saw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import islice
from typing import Any

from htmldate import find_date
from lxml.html import HtmlElement

from monitor.adapters.children.markup import following, text_of
from monitor.adapters.children.page_dates import DATE, DATE_NAME
from monitor.adapters.children.written_dates import MAX_DATE_LINE_CHARS, date_beside_title, labelled_dates
from monitor.domain.feed_dates import Published, published
from monitor.domain.text import clean_line
from monitor.domain.url_dates import day_in_url

_PUBLISHED_NAMES = (
    *("article:published_time", "datepublished", "og:published_time", "og:article:published_time", "publishdate"),
    *("pubdate", "publication_date", "date.created", "dc.date.issued", "dcterms.created", "dcterms.issued"),
    *("sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "publish-date", "article.published"),
)
_DATE_NAMES = ("dc.date", "dcterms.date", "date")  # of whatever: the last change, the paper that printed it
_PUBLISHED_KEYS = ("datePublished", "dateCreated")
_MOMENT_KEYS = (*_PUBLISHED_KEYS, "uploadDate")
# What is dated without being an article: a page, a recipe, an announcement.
_PAGE_TYPES = re.compile(r"(?:WebPage|ItemPage|AboutPage|Recipe|HowTo|CreativeWork|SpecialAnnouncement)$")
MAX_TIMES = 50  # `time` elements that are looked at
MAX_DATE_STEPS = 40  # elements after the heading; farther away stand the dates of other articles
MAX_CHARS_BEHIND = 12  # a time
_BEFORE_PART = ("|", "-", "–", "—", "·", "/", ":", ",")
MAX_CHARS = 100  # of a date as written
# Here only whether a claim tells a day; whether it can be, the parent knows.
ANY_TIME = datetime(9000, 1, 1, tzinfo=UTC)
MAX_OFFSET_HOURS = 14
_MAX_OFFSET = timedelta(hours=MAX_OFFSET_HOURS)
_QUARTER_HOUR = timedelta(minutes=15)  # what zones differ by
_UTC = re.compile(r"\d\s?(?:z|[+-]00:?00|gmt|utc)$", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d")
_WITH_OFFSET = re.compile(r":\d\d(?:\.\d+)?\s?[+-]\d\d:?\d\d$")
# Hours of UTC at which a day begins where a language is at home: winter and summer, or all the year.
_MIDNIGHTS = {
    **dict.fromkeys(("de", "fr", "it", "nl", "pl", "cs", "sk", "hu", "sl", "hr", "da", "sv", "nb", "no"), (23, 22)),
    **dict.fromkeys(("ja", "ko"), (15, 15)),
    "zh": (16, 16),
    **dict.fromkeys(("vi", "th"), (17, 17)),
}
# In the address of a page about something that will take place: the day that it shows is not when it was published.
_OF_EVENT = re.compile(
    r"[/_.-](?:veranstaltung(?:en)?|termine?|events?|calendar|kalender|agenda|evenements?|eventos?|eventi|calendario"
    r"|wydarzeni[ae]|meropriyati\w+|su-kien)(?![a-z])",
    re.IGNORECASE,
)
_SUMMER = range(4, 11)  # months that are summer time throughout; the days at either end are not told apart


@dataclass(frozen=True, slots=True)
class Sayings:
    """What a page says of itself, with what it has for a title."""

    tree: HtmlElement
    url: str
    title: str
    language: str | None
    meta: dict[str, str]
    nodes: list[dict[str, Any]]  # of JSON-LD
    article: dict[str, Any]  # the one of them that is the page's article, or empty


def claimed_date(said: Sayings) -> str | None:
    """The date of publication as written; a moment in UTC in the time of its readers, where the page tells their day.

    Claims of the page's data come before what it shows, marked dates before what stands beside the title and that
    before labels further down: by how often each is right. None where there is no such date.
    """
    claim = _first_day(_claims(said))
    if claim is None:
        told = _first_day(_shown_dates(said))
        return None if told is None else _in_time_of_readers(told, None, said)
    is_unchanged = _strings(said.article, ("dateModified",)) == [claim]
    shown = date_beside_title(said.tree, said.title) if is_unchanged or _is_utc_moment(claim) else None
    if shown is not None and is_unchanged and _is_long_before(shown, claim):
        return shown
    return _in_time_of_readers(claim, shown, said)


def likely_date(said: Sayings) -> str | None:
    """What is left where nothing is claimed: any date that is called one, else whatever looks like one."""
    return _first_day(_near_dates(said)) or _searched_date(said.tree, said.url)


def _claims(said: Sayings) -> Iterator[str]:
    yield from _strings(said.article, _PUBLISHED_KEYS)
    yield from _named(said.meta, _PUBLISHED_NAMES)
    for node in said.nodes:
        kinds = node.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _PAGE_TYPES.search(kind) for kind in kinds):
            yield from _strings(node, _PUBLISHED_KEYS[:1])


def _shown_dates(said: Sayings) -> Iterator[str | None]:
    yield _marked_time(said.tree)
    if not _OF_EVENT.search(said.url):
        yield date_beside_title(said.tree, said.title)
    yield labelled_dates(said.tree)[0]
    yield from _named(said.meta, _DATE_NAMES)
    if not _OF_EVENT.search(said.url):
        yield _date_of_window(said.tree)


def _near_dates(said: Sayings) -> Iterator[str | None]:
    if not _OF_EVENT.search(said.url):
        yield labelled_dates(said.tree)[1]
    for element in islice(said.tree.iter("time"), MAX_TIMES):
        yield _time_of(element)
    yield _named_date(said.tree)


def _first_day(claims: Iterable[str | None]) -> str | None:
    return next((claim for claim in claims if _read(claim) is not None), None)


def _read(claim: str | None) -> Published | None:
    return published(claim, ANY_TIME) if claim else None


def _strings(node: dict[str, Any], keys: Iterable[str]) -> list[str]:
    values = (node.get(key) for key in keys)
    firsts = (value[0] if isinstance(value, list) and value else value for value in values)
    return [clean_line(value, MAX_CHARS) for value in firsts if isinstance(value, str)]


def _named(meta: dict[str, str], names: Iterable[str]) -> list[str]:
    return [meta[name] for name in names if name in meta]


# ---------------------------------------------------------------- what the page shows


def _marked_time(tree: HtmlElement) -> str | None:
    """The date that `time` elements call that of publication, unless they are of several articles."""
    found = tree.iterfind(".//time")
    marked = [
        one for one in islice(found, MAX_TIMES) if "pubdate" in one.attrib or one.get("itemprop") == "datePublished"
    ]
    told = [claim for claim in map(_time_of, marked) if _read(claim) is not None]
    days = {read.on for claim in told if (read := _read(claim)) is not None}
    return told[0] if len(days) == 1 else None


def _date_of_window(tree: HtmlElement) -> str | None:
    """The date that stands as a part of its own at the end of the window's title."""
    window = clean_line(next((element.text or "" for element in tree.iter("title")), ""))[-MAX_CHARS:]
    match = DATE.search(window)
    is_part = match is not None and window[: match.start()].rstrip().endswith(_BEFORE_PART)
    return match[0] if match is not None and is_part and len(window) - match.end() <= MAX_CHARS_BEHIND else None


def _time_of(element: HtmlElement) -> str:
    return clean_line(element.get("datetime") or text_of(element), MAX_CHARS)


def _named_date(tree: HtmlElement) -> str | None:
    """The first date soon after the heading, in an element that is named like one and holds little else."""
    heading = next(tree.iter("h1"), None)
    after = () if heading is None else (one for one in following(heading) if one.get("class") or one.get("itemprop"))
    for element in islice(after, MAX_DATE_STEPS):
        named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        text = clean_line(text_of(element)) if DATE_NAME.search(named) else ""
        if 0 < len(text) <= MAX_DATE_LINE_CHARS and (match := DATE.search(text)):
            return match[0]
    return None


def _searched_date(tree: HtmlElement, url: str) -> str | None:
    """By htmldate; its first of January is a year found somewhere, not a day."""
    found: str | None = find_date(tree, original_date=True, url=url)
    return None if found is None or found.endswith("-01-01") else found


# ---------------------------------------------------------------- the day that readers saw


def _is_long_before(shown: str, claim: str) -> bool:
    """Whether a page that claims to be unchanged since it was published shows an earlier day: then its data tells of
    the last time that it was put there.
    """
    earlier, claimed = _read(shown), _read(claim)
    return earlier is not None and claimed is not None and earlier.on < claimed.on - timedelta(days=1)


def _is_utc_moment(claim: str) -> bool:
    """Whether the day of a claim may be another where it is read; midnight is a day without a time."""
    read = _read(claim) if _UTC.search(claim) else None
    return read is not None and read.at is not None and read.at.time() != time()


def _in_time_of_readers(claim: str, shown: str | None, said: Sayings) -> str:
    """A moment in UTC with an offset that makes it the day of its readers; everything else as it is. The moment stays
    the same, the offset is the least that fits.
    """
    read = _read(claim)
    if read is None or read.at is None or not _is_utc_moment(claim):
        return claim
    day = next((one for one in _days_of_readers(read.at, shown, said) if one is not None), read.on)
    if day == read.on:
        return claim
    offsets = (timedelta(hours=sign * hours) for hours in range(1, MAX_OFFSET_HOURS + 1) for sign in (1, -1))
    offset = next((one for one in offsets if (read.at + one).date() == day), None)
    return claim if offset is None else read.at.astimezone(timezone(offset)).isoformat()


def _days_of_readers(moment: datetime, shown: str | None, said: Sayings) -> Iterator[date | None]:
    yield _day_of_same_moment(moment, said)
    yield _if_near(day_in_url(said.url), moment)
    changed = {read.on for raw in _strings(said.article, ("dateModified",)) if (read := _read(raw)) is not None}
    if (read := _read(shown)) is not None and read.on not in changed:
        yield _if_near(read.on, moment)
    yield _day_that_begins(moment, said.language)


def _if_near(day: date | None, moment: datetime) -> date | None:
    """A day that the moment may be on somewhere."""
    if day is None:
        return None
    return day if (moment - _MAX_OFFSET).date() <= day <= (moment + _MAX_OFFSET).date() else None


def _day_of_same_moment(moment: datetime, said: Sayings) -> date | None:
    """The day of the same moment in another zone: with its offset, or without but to the second."""
    for raw in _moments(said):
        read = _read(raw)
        if read is None or read.at is None or _UTC.search(raw):
            continue
        apart = read.at - moment
        if _WITH_OFFSET.search(raw):
            if not apart:
                return read.on
        elif abs(apart) <= _MAX_OFFSET and apart and not apart % _QUARTER_HOUR:
            return read.on
    return None


def _moments(said: Sayings) -> Iterator[str]:
    values = [*said.meta.values(), *(raw for node in said.nodes for raw in _strings(node, _MOMENT_KEYS))]
    values += [one.get("datetime") or "" for one in islice(said.tree.iter("time"), MAX_TIMES)]
    return (raw for raw in values if len(raw) <= MAX_CHARS and _MOMENT.match(raw))


def _day_that_begins(moment: datetime, language: str | None) -> date | None:
    """The day that begins with a moment where the language is at home: servers keep days so."""
    hours = _MIDNIGHTS.get((language or "").replace("_", "-").partition("-")[0].lower())
    if hours is None or moment.time() != time(hours[moment.month in _SUMMER]):
        return None
    return moment.date() + timedelta(days=1)
