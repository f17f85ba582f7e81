"""Whether an article on topic tells something that happened or will, or describes what stands: weighed, with reasons.

Cues alone barely part the two (precision 0.71 on the labelled set), because pages about twinning use every word of a
signing ceremony. What parts them: a date near the publication, partners named together, an authority that acts in the
sentence of the happening, against definitions, chronicles, lists of partners and titles that name twinning as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from monitor.domain.evidence import LOCAL_AUTHORITIES, Evidence, Passage, Zone, names
from monitor.domain.lexicon import STRONG, WEAK, CueMatch
from monitor.domain.model.articles import ArticleForDecision, Reason, Span
from monitor.domain.model.events import EventKind, Facts, Precision
from monitor.domain.model.places import Mention

# What an article is about rather than what happened.
_SUBJECTS = {
    EventKind.PROGRAMME_REPORT,
    EventKind.ACADEMIC_COOPERATION,
    EventKind.HEALTH_COOPERATION,
    EventKind.ECONOMIC,
}
HAPPENING_KINDS = frozenset(f"kinds.{kind.value}" for kind in EventKind if kind not in _SUBJECTS)
OPENINGS = "cooperation.openings"  # a laboratory unveiled, a square inaugurated: of what stays what began on a day
HAPPENINGS = HAPPENING_KINDS | {OPENINGS}
NEARBY_DAYS = ("dates.weekdays", "dates.nearby")
RECENT = "dates.recent"
STILL_TO_COME = tuple(f"status.{status}" for status in ("announced", "postponed", "cancelled", "threatened"))

PRIOR = -0.9
HAPPENING = {Zone.TITLE: 1.4, Zone.LEAD: 0.5, Zone.BODY: 0.2}
ALSO_IN_LEAD = 0.4
NOTHING_HAPPENS = -0.3
DATED = {Precision.DAY: 1.3, Precision.MONTH: 0.6}
DAY_TOLD = 1.2  # somewhere in title or lead, not known to be that of the happening
RECENTLY = 0.7  # "last week", "these days": no day, but news
LONG_AGO = -1.2
LONG_AGO_DAYS = 400  # a yearly report may look back at the whole year before
NEWS_SINCE = 2000  # a year before which no page that is still fetched reported as news
ANNOUNCED = 0.5
PARTNERS = {Zone.TITLE: 0.7, Zone.LEAD: 0.4, Zone.BODY: 0.0}
DOMESTIC_PARTNERS = 0.4  # or a place and its province: less sure
NO_PARTNER = -0.3
NO_PLACE = -0.5  # and the script or language does not show names
NO_NAME = -1.2  # no place, and nothing else is called by a name either
AUTHORITY = 0.9
STANDING = {Zone.TITLE: -2.2, Zone.LEAD: -0.9, Zone.BODY: -0.2}
MOST_STANDING = 4
GENERAL_TITLE = -1.4  # the title names twinning, but neither places nor a happening
NEWS_BELOW = 0.5  # share of that weight that stays where the lead dates a happening between two named places
GENERAL_SHARE = 0.35  # of such a title is the cue itself, where capitals do not show names
CHRONICLE = -1.3
CHRONICLE_YEARS, CHRONICLE_CHARS = 3, 2_000
LIST_OF_PARTNERS = -0.5
LIST_COUNTRIES = 3

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
# A day of a month beside the lexicon's names: 16/5, 16.05.2024, 2024-05-16, 5月16日, 16일.
_DAY = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}-\d{1,2}-\d{4})(?![\d/])"
    r"|\d{1,2}\s?(?:日|일|号|號)"
)
_DAY_NUMBER = re.compile(r"(?<!\d)(?:[1-9]|[12]\d|3[01]|0[1-9])(?!\d)")
_NUMBER_BESIDE = 6  # characters between a month's name and its day: "16 de ", " the 16"


def reasons(article: ArticleForDecision, evidence: Evidence, facts: Facts) -> tuple[Reason, ...]:
    """What speaks for and against an event, each with its weight in log-odds."""
    found = (
        _happening(evidence),
        _nothing_happens(article, evidence, facts),
        _dated(article, evidence, facts),
        _announced(evidence),
        _partners(article, evidence),
        _authority(evidence),
        _standing(evidence),
        _general_title(article, evidence, facts),
        _chronicle(article),
        _list(evidence),
    )
    return tuple(reason for reason in found if reason is not None)


def _happening(evidence: Evidence) -> Reason | None:
    by_zone = {zone: _in_zone(evidence, zone, HAPPENINGS) for zone in Zone}
    for zone, cues in by_zone.items():
        if cues:
            more = ALSO_IN_LEAD if zone is Zone.TITLE and by_zone[Zone.LEAD] else 0.0
            return Reason("happening", HAPPENING[zone] + more, zone.value, cue_spans(cues))
    return None


def _nothing_happens(article: ArticleForDecision, evidence: Evidence, facts: Facts) -> Reason | None:
    if any(passage.has(HAPPENINGS) for passage in evidence.head) or _dated(article, evidence, facts):
        return None
    return Reason("nothing-happens", NOTHING_HAPPENS)


def _dated(article: ArticleForDecision, evidence: Evidence, facts: Facts) -> Reason | None:
    """A day is told: that of the main happening; where none could be told to be its own, any day in title or lead."""
    main = facts.main
    if main is None or main.when is None or main.when.precision is Precision.YEAR:
        return _day_told(article, evidence)
    if main.date_inferred:
        return _recent(evidence)
    if _is_long_ago(article, main.when.ends_on):
        if any(cue.group in NEARBY_DAYS and cue.start < evidence.lead_end for cue in evidence.cues):
            return _day_told(article, evidence)
        return Reason("long-ago", LONG_AGO, str(main.when.ends_on))
    return Reason("dated", DATED[main.when.precision], f"{main.when.starts_on}, by the {main.when.precision.value}")


def _is_long_ago(article: ArticleForDecision, day: date) -> bool:
    told_on = article.published_on
    return day.year < NEWS_SINCE if told_on is None else (told_on - day).days > LONG_AGO_DAYS


def _day_told(article: ArticleForDecision, evidence: Evidence) -> Reason | None:
    head = article.full_text[: evidence.lead_end]
    spans = [Span(match.start(), match.end(), match[0]) for match in _DAY.finditer(head)]
    spans += [
        Span(cue.start, cue.end, cue.surface)
        for cue in evidence.cues
        if cue.start < evidence.lead_end and (cue.group in NEARBY_DAYS or _is_day_of_month(cue, head))
    ]
    fresh = tuple(span for span in spans if not _has_old_year(article, head, span))
    if fresh:
        return Reason("dated", DAY_TOLD, "a day in title or lead", fresh[:MOST_SPANS])
    if spans:
        return Reason("long-ago", LONG_AGO, "", tuple(spans[:MOST_SPANS]))
    return _recent(evidence)


def _recent(evidence: Evidence) -> Reason | None:
    recent = [cue for cue in evidence.of(RECENT) if cue.start < evidence.lead_end]
    return Reason("dated", RECENTLY, "of late", cue_spans(recent)) if recent else None


def _has_old_year(article: ArticleForDecision, head: str, span: Span) -> bool:
    """Whether a year that makes it history stands in the date or right behind it."""
    year = _YEAR.search(head, span.start, span.end + _NUMBER_BESIDE + 4)
    since = article.published_on.year - 1 if article.published_on else NEWS_SINCE
    return year is not None and int(year[0]) < since


def _is_day_of_month(cue: CueMatch, head: str) -> bool:
    if cue.group != "dates.months":
        return False
    around = head[max(0, cue.start - _NUMBER_BESIDE) : cue.start], head[cue.end : cue.end + _NUMBER_BESIDE]
    return any(_DAY_NUMBER.search(side) for side in around)


def _announced(evidence: Evidence) -> Reason | None:
    cues = [cue for passage in evidence.head for cue in passage.cues if cue.group in STILL_TO_COME]
    return Reason("announced", ANNOUNCED, "", cue_spans(cues)) if cues else None


def _partners(article: ArticleForDecision, evidence: Evidence) -> Reason | None:
    for passage in evidence.head:
        if passage.pair is not None:
            return Reason("named-partners", PARTNERS[passage.zone], passage.zone.value, place_spans(passage.pair))
    for passage in evidence.head:
        if evidence.strong and len(passage.names) > 1:
            return Reason("named-partners", DOMESTIC_PARTNERS, "of one country", place_spans(passage.localities))
    places = {place.place_id or place.surface for place in evidence.localities}
    if not places:
        shown = names(article.full_text[evidence.title_end : evidence.lead_end], article.language)
        if shown is None:
            return Reason("no-place", NO_PLACE)
        return Reason("no-place", NO_NAME, "no name at all") if shown == 0 else None
    if len(places) < 2 and len(evidence.all_countries) < 2:
        return Reason("no-partner", NO_PARTNER)
    return None


def _authority(evidence: Evidence) -> Reason | None:
    for passage in evidence.head:
        if passage.has(LOCAL_AUTHORITIES) and passage.has(HAPPENINGS):
            cues = [cue for cue in passage.cues if cue.group in LOCAL_AUTHORITIES]
            return Reason("authority-in-happening", AUTHORITY, "", cue_spans(cues))
    return None


def _standing(evidence: Evidence) -> Reason | None:
    first: dict[str, CueMatch] = {}
    doings = [cue for cue in evidence.cues if cue.group in HAPPENING_KINDS]
    for cue in evidence.of("background.words"):
        if any(one.start <= cue.start and cue.end < one.end for one in doings):  # "annually" of an annual conference
            continue
        first.setdefault(cue.surface.casefold(), cue)
    if not first:
        return None
    weights = sorted(STANDING[evidence.zone(cue.start)] for cue in first.values())[:MOST_STANDING]
    return Reason("standing-description", sum(weights), "", cue_spans(first.values()))


def _general_title(article: ArticleForDecision, evidence: Evidence, facts: Facts) -> Reason | None:
    title = [passage for passage in evidence.passages if passage.zone is Zone.TITLE]
    cues = [cue for passage in title for cue in passage.cues if cue.group in (STRONG, WEAK)]
    if not cues or any(passage.localities or passage.countries or passage.has(HAPPENING_KINDS) for passage in title):
        return None
    shown = names(article.title, article.language)
    share = sum(cue.end - cue.start for cue in cues) / len(article.title)
    if shown or (shown is None and share < GENERAL_SHARE):
        return None
    acts = any(passage.zone is Zone.LEAD and passage.pair and passage.has(HAPPENING_KINDS) for passage in evidence.head)
    told = _dated(article, evidence, facts)
    if acts and told is not None and told.weight > 0:
        return Reason("general-title", NEWS_BELOW * GENERAL_TITLE, "news below it", cue_spans(cues))
    return Reason("general-title", GENERAL_TITLE, "", cue_spans(cues))


def _chronicle(article: ArticleForDecision) -> Reason | None:
    found = list(_YEAR.finditer(article.full_text[:CHRONICLE_CHARS]))
    years = sorted({int(match[0]) for match in found})
    if len(years) < CHRONICLE_YEARS:
        return None
    spans = tuple(Span(match.start(), match.end(), match[0]) for match in found[:MOST_SPANS])
    return Reason("chronicle", CHRONICLE, f"{years[0]} to {years[-1]}", spans)


def _list(evidence: Evidence) -> Reason | None:
    for passage in evidence.head:
        countries = {place.country for place in passage.localities if place.country}
        if len(countries) >= LIST_COUNTRIES and not passage.has(HAPPENING_KINDS):
            return Reason("list-of-partners", LIST_OF_PARTNERS, "", place_spans(passage.localities))
    return None


# ---------------------------------------------------------------- spans

MOST_SPANS = 5


def cue_spans(cues: Iterable[CueMatch]) -> tuple[Span, ...]:
    """The first few cues as evidence."""
    return tuple(Span(cue.start, cue.end, cue.surface) for cue in list(cues)[:MOST_SPANS])


def place_spans(places: Iterable[Mention]) -> tuple[Span, ...]:
    """The first few places as evidence."""
    return tuple(Span(place.start, place.end, place.surface) for place in list(places)[:MOST_SPANS])


def _in_zone(evidence: Evidence, zone: Zone, groups: frozenset[str]) -> list[CueMatch]:
    passages: list[Passage] = [passage for passage in evidence.passages if passage.zone is zone]
    return [cue for passage in passages for cue in passage.cues if cue.group in groups]
