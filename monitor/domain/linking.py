"""Whether a happening that an article tells is an event the archive knows.

Hard keys first (edition of a series, dates that exclude each other), then evidence: both sides of the relation, the
date window, kinds that can belong together; people and numbers support a match and never veto it. A false merge is a
silent miss, so between two thresholds the happening is told as new, "perhaps the same as ...", and goes to review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.domain.model.events import EXPECTED, DateRange, EventKind, EventStatus, Happening, KnownEvent, Precision
from monitor.domain.model.places import Place, PlaceLookup
from monitor.domain.text import tokens

RULES_VERSION = "2"  # raised when the same happenings may link otherwise

# First version, set by hand on the seed events and their retellings; the floors of the same-event evaluation guard
# them.
SAME_EVENT = 0.60
PERHAPS_SAME_EVENT = 0.45

# Reports of one event name its day within this much of each other: time zones, arrival against meeting, multi-day
# visits.
DAY_TOLERANCE_DAYS = 1
VISIT_TOLERANCE_DAYS = 4
# An article without a day of its own speaks of something at most this long before its publication.
REPORT_LAG_DAYS = 10
# An expected event may happen this long after its announced window and still be the one announced.
EXPECTATION_SLIP_DAYS = 45
# What is told as put off may have been announced for a day so far from the new one.
PUT_OFF_DAYS = 400
# An agreement put off without a new day is still the same one when it is signed within this time.
MADE_UP_DAYS = 180
# Thin evidence (see `_is_thin`) needs people or figures in common besides; alone it stays in the grey zone.
THIN_AT_MOST = 0.57
# Where neither the text nor its publication has a day, every event of the relation may be meant.
NOMINAL_YEAR = 2000
_NEIGHBOURING_YEARS = (NOMINAL_YEAR - 1, NOMINAL_YEAR, NOMINAL_YEAR + 1)
ANY_DAY = (date(1900, 1, 1), date(2200, 1, 1))

TELLING_TITLE_TOKENS = 5  # "Sister cities" is over many articles
DAY_APART = 0.6  # of `_when`, where both have a day and the days differ
UNDATED = 0.3  # of `_when`, where one side has no date or just a year
KIND_IN_COMMON = 0.6  # of `_kinds`
SAME_MAIN_KIND = 0.8
VERY_MEMBERS = 0.85  # of `_sides`: the same places, or institutions of theirs; no town for its province
HUB_MEMBERS = 4  # participants from which a meeting is one of many
# Of word vectors, which the operator may add: likeness above which headlines support a match of the grey zone, and the
# most that they add. Set so that thin evidence (see `THIN_AT_MOST`) needs nearly the same words to be enough; to be
# measured anew for each model.
MEANS_THE_SAME = 0.75
MEANING_AT_MOST = 0.10

_AGREEMENTS = frozenset({EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_RENEWED})
_ONCE = _AGREEMENTS | {EventKind.AGREEMENT_ENDED}
_MEETINGS = frozenset({EventKind.DELEGATION_VISIT, EventKind.TALKS, EventKind.CONFERENCE})


@dataclass(frozen=True, slots=True)
class Match:
    """How well one known event fits a happening."""

    event_id: str
    score: float  # in [0, 1]
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A happening with what else its article holds."""

    happening: Happening
    people: frozenset[str]  # folded names
    numbers: frozenset[str]
    published_on: date | None
    language: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Semantics:
    """How much two short texts mean the same, in [0, 1], by a model that the operator brought."""

    name: str
    similarity: Callable[[str, str], float]


def best_match(
    candidate: Candidate, known: Iterable[KnownEvent], place: PlaceLookup, semantics: Semantics | None = None
) -> Match | None:
    """The best fitting event at or above `PERHAPS_SAME_EVENT`; ties go to the one known longer."""
    matches = [(found, event) for event in known if (found := match(candidate, event, place)) is not None]
    if semantics is not None:
        matches = [(_with_meaning(found, candidate, event, semantics), event) for found, event in matches]
    best = min(matches, key=lambda one: (-one[0].score, *_age(one[1])), default=None)
    return best[0] if best is not None else None


def _age(event: KnownEvent) -> tuple[bool, float, tuple[int, ...], str]:
    """Orders events, the oldest first, alike in every run: ids are random and come last."""
    seen = event.first_seen_at
    return seen is None, seen.timestamp() if seen is not None else 0.0, event.article_ids[:1], event.id


def nearest(candidate: Candidate, known: Iterable[KnownEvent], place: PlaceLookup) -> Match | None:
    """Of events that are none of them the same, the one that comes nearest, with what keeps it apart; None: no event
    has participants in common. For the record only: nothing is decided by it.
    """
    found = [(_sides(candidate.happening, event, place), event) for event in known]
    shared = [one for one in found if one[0]]
    best = min(shared, key=lambda one: (-one[0], _days_between(candidate, one[1]), *_age(one[1])), default=None)
    if best is None:
        return None
    return Match(best[1].id, 0.0, _apart(candidate, best[1]))


def _days_between(candidate: Candidate, event: KnownEvent) -> int:
    ours, theirs = candidate.happening.when, event.when
    return days_apart(ours, theirs) if ours is not None and theirs is not None else ANY_DAY[1].year * 366


def _apart(candidate: Candidate, event: KnownEvent) -> str:
    if _edition(candidate.happening, event) is False:
        return "another edition of the series"
    when = _when(candidate, event)
    if when is None:
        return "another date"
    if _kinds(candidate.happening.kinds, event.kinds, when) is None:
        return "another step of the relation"
    return "too little in common"


def match(candidate: Candidate, event: KnownEvent, place: PlaceLookup) -> Match | None:
    """Score one pair; None where a hard key keeps them apart or too little speaks for them."""
    happening = candidate.happening
    edition = _edition(happening, event)
    if edition is False:
        return None
    sides = _sides(happening, event, place, edition is True)
    when = _when(candidate, event)
    made_up = when is None and _is_made_up_for(happening, event, sides)
    slipped = made_up or (when is None and _has_slipped(happening, event, edition))
    if slipped:
        when = UNDATED
    kinds = _kinds(happening.kinds, event.kinds, when)
    if made_up or _same_title(candidate.title, event.title):
        kinds = max(kinds or 0.0, SAME_MAIN_KIND)
    if sides == 0 or when is None or kinds is None or _is_signed_among_many(happening, event):
        return None
    support = _support(candidate, event)
    likeness = 0.40 * sides + 0.35 * when + 0.25 * kinds + (0.25 if edition else 0.0)
    if not edition and not slipped and _is_thin(candidate, event, when, kinds, sides):
        likeness = min(likeness, THIN_AT_MOST)
    score = min(1.0, likeness + support)
    if score < PERHAPS_SAME_EVENT:
        return None
    return Match(event.id, round(score, 3), _explain(sides, when, kinds, support, edition))


def _with_meaning(found: Match, candidate: Candidate, event: KnownEvent, semantics: Semantics) -> Match:
    """A match of the grey zone, raised where headlines mean the same; never where no day tells two visits apart, for
    what comes every year reads alike.
    """
    when = _when(candidate, event)
    if found.score >= SAME_EVENT or when is None or when <= UNDATED or not event.title:
        return found
    ours = [text for text in (candidate.title, candidate.happening.sentence) if text]
    alike = max((semantics.similarity(text, event.title) for text in ours), default=0.0)
    if alike <= MEANS_THE_SAME:
        return found
    more = round(MEANING_AT_MOST * (alike - MEANS_THE_SAME) / (1 - MEANS_THE_SAME), 3)
    why = f"{found.why}, meaning {alike:.2f} +{more:.3f} ({semantics.name})"
    return Match(found.event_id, round(found.score + more, 3), why)


def _same_title(ours: str, theirs: str) -> bool:
    """Whether both reports bear one headline that is long enough to be of one event."""
    words = tokens(ours)
    return len(words) >= TELLING_TITLE_TOKENS and words == tokens(theirs)


def _is_thin(candidate: Candidate, event: KnownEvent, when: float, kinds: float, sides: float) -> bool:
    """Without a day on both sides only what happens once in a relation, told in a language that told it before, is
    evidence enough; two happenings without a kind in common are the same only on the very same day (those with no more
    than a side in common neither, where both are dated: the reception and next day's anniversary), and not where two
    do something at a meeting of many; a vague expectation ("in 2026") is fulfilled by its own kind and members only.
    """
    happening = candidate.happening
    if when <= UNDATED and not _happens_once(candidate, event, kinds):
        return True
    if kinds < KIND_IN_COMMON and (when < 1.0 or happening.date_inferred or event.date_inferred):
        return True
    if kinds <= KIND_IN_COMMON and DAY_APART <= when < 1.0 and not _is_undated(candidate.happening, event):
        return True
    if kinds < KIND_IN_COMMON and _is_among_many(happening.participants, event.participants):
        return True
    is_vague = event.status in EXPECTED and event.when is not None and event.when.precision is not Precision.DAY
    return is_vague and (kinds < SAME_MAIN_KIND or sides < VERY_MEMBERS or _misses_edition(happening, event))


def _is_among_many(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """A signing of two cities at a forum of provinces is no report on the forum."""
    fewer, more = sorted((len(ours), len(theirs)))
    return more >= HUB_MEMBERS and 2 * fewer <= more


def _is_undated(happening: Happening, event: KnownEvent) -> bool:
    """Whether one of them has no day of its own."""
    days = [one for one in (happening.when, event.when) if one is not None and one.precision is Precision.DAY]
    return len(days) < 2 or happening.date_inferred or event.date_inferred


def _is_signed_among_many(happening: Happening, event: KnownEvent) -> bool:
    """Whether the one is an agreement of two and the other the meeting of many at which they sign it: a part of it,
    whoever else both texts name.
    """
    if not _is_among_many(happening.participants, event.participants):
        return False
    is_few = len(happening.participants) < len(event.participants)
    fewer, more = (happening.kinds, event.kinds) if is_few else (event.kinds, happening.kinds)
    return fewer[0] in _AGREEMENTS and more[0] is EventKind.CONFERENCE


def _happens_once(candidate: Candidate, event: KnownEvent, kinds: float) -> bool:
    """A relation is agreed on and ended once, while visits come every year; that holds for texts of one language only,
    since retellings in others come later and of other turns of the affair.
    """
    shared = set(candidate.happening.kinds) & set(event.kinds)
    return kinds >= KIND_IN_COMMON and bool(shared & _ONCE) and candidate.language in event.languages


def _misses_edition(happening: Happening, event: KnownEvent) -> bool:
    return event.ordinal is not None and happening.ordinal != event.ordinal


def _explain(sides: float, when: float, kinds: float, support: float, edition: bool | None) -> str:
    parts = [f"participants {sides:.2f}", f"date {when:.2f}", f"kind {kinds:.2f}"]
    if edition:
        parts.append("same edition of the series")
    if support:
        parts.append(f"people and numbers +{support:.2f}")
    return ", ".join(parts)


def _edition(happening: Happening, event: KnownEvent) -> bool | None:
    """True: the same edition of one series; False: another edition; None: says nothing."""
    if happening.ordinal is None or event.ordinal is None or EventKind.CONFERENCE not in happening.kinds:
        return None
    if happening.series_key is not None and happening.series_key == event.series_key:
        return happening.ordinal == event.ordinal
    if EventKind.CONFERENCE in event.kinds and happening.ordinal != event.ordinal:
        return False
    return None


def _has_slipped(happening: Happening, event: KnownEvent, edition: bool | None) -> bool:
    """Whether it is what was announced for another day: the same edition of a series, or told as put off."""
    if event.status not in EXPECTED or happening.when is None:
        return False
    is_put_off = happening.status is EventStatus.POSTPONED and happening.kinds[0] is event.kinds[0]
    return edition is True or is_put_off


def _is_made_up_for(happening: Happening, event: KnownEvent, sides: float) -> bool:
    """Whether the same places now sign what they had put off without a new day."""
    if event.status is not EventStatus.POSTPONED or event.when is None or happening.when is None:
        return False
    is_later = 0 < (happening.when.starts_on - event.when.ends_on).days <= MADE_UP_DAYS
    is_signing = happening.status is EventStatus.HAPPENED and happening.kinds[0] is EventKind.AGREEMENT_SIGNED
    return is_later and is_signing and bool(set(event.kinds) & _AGREEMENTS) and sides >= VERY_MEMBERS


# ---------------------------------------------------------------- who


def _sides(happening: Happening, event: KnownEvent, place: PlaceLookup, is_edition: bool = False) -> float:
    """How well the participants agree, in [0, 1]; 0 where not both sides of the relation (or the event centre) are
    shared. Of one edition of a series (`is_edition`) one member in common is enough: its key holds the sides.
    """
    ours, theirs = happening.participants, event.participants
    shared = [closeness(one, theirs, place) for one in ours]
    matched = [value for value in shared if value]
    if len(matched) >= 2:
        back = [closeness(one, ours, place) for one in theirs]
        coverage = (sum(shared) / len(ours) + sum(back) / len(theirs)) / 2
        return 0.5 * coverage + 0.5 * (sum(sorted(matched)[-2:]) / 2)
    same_host = happening.host_id is not None and happening.host_id == event.host_id
    is_hub = max(len(ours), len(theirs)) >= HUB_MEMBERS
    return 0.6 if matched and (is_edition or (same_host and is_hub)) else 0.0


def closeness(one: str, others: frozenset[str], place: PlaceLookup) -> float:
    """1 the same place, 0.8 an institution and its seat, 0.5 a city and its province, 0 else."""
    if one in others:
        return 1.0
    mine = place(one)
    best = 0.0
    for other_id in others:
        other = place(other_id)
        if mine is not None and other is not None and mine.country == other.country:
            best = max(best, _kinship(mine, other))
    return best


def swaps_partner(told: frozenset[str], named: frozenset[str], event: KnownEvent, place: PlaceLookup) -> bool:
    """Whether a text tells of somebody who is no party of the event, and names one of its parties nowhere."""
    is_lost = any(not closeness(one, named, place) for one in event.participants)
    is_foreign = any(not closeness(one, event.participants, place) for one in told)
    return is_lost and is_foreign


def _kinship(one: Place, other: Place) -> float:
    if one.id == other.id:
        return 1.0
    if other.id in (one.seat_id, one.successor_id) or one.id in (other.seat_id, other.successor_id):
        return 0.8
    if one.seat_id is not None and one.seat_id == other.seat_id:
        return 0.6  # two institutions of one city
    return 0.5 if other.id == one.parent_id or one.id == other.parent_id else 0.0


# ---------------------------------------------------------------- when


def _when(candidate: Candidate, event: KnownEvent) -> float | None:
    """How well the dates agree, in [0, 1]; None where they exclude each other."""
    ours, theirs = candidate.happening.when, event.when
    if ours is None or theirs is None:
        return _when_yearless(candidate.happening, event)
    gap = days_apart(ours, theirs)
    if event.status in EXPECTED and theirs.precision is not Precision.DAY:
        return 0.9 if gap <= EXPECTATION_SLIP_DAYS else None
    if candidate.happening.date_inferred or event.date_inferred:
        return _inferred(candidate.happening, ours, event, theirs)
    if Precision.YEAR in (ours.precision, theirs.precision):
        return UNDATED if gap == 0 else None
    if Precision.MONTH in (ours.precision, theirs.precision):
        return 0.6 if gap == 0 else None
    tolerance = tolerance_days(candidate.happening.kinds, event.kinds)
    if gap > tolerance:
        return None
    return 1.0 if gap == 0 else 0.8 if gap <= DAY_TOLERANCE_DAYS else DAY_APART


def _when_yearless(happening: Happening, event: KnownEvent) -> float | None:
    """Where a year is missing, day and month may still agree, or exclude each other."""
    ours, theirs = happening.when or happening.yearless, event.when or event.yearless
    if ours is None or theirs is None or Precision.YEAR in (ours.precision, theirs.precision):
        return UNDATED
    gap = min(days_apart(_in_year(ours, year), _in_year(theirs, NOMINAL_YEAR)) for year in _NEIGHBOURING_YEARS)
    if happening.date_inferred or event.date_inferred:
        return 0.6 if gap <= REPORT_LAG_DAYS else None
    if Precision.MONTH in (ours.precision, theirs.precision):
        return 0.6 if gap == 0 else None
    tolerance = tolerance_days(happening.kinds, event.kinds)
    # Exchanges and festivals come round every year in the same week: only the very day is telling.
    return None if gap > tolerance else 0.8 if gap == 0 else UNDATED


def _in_year(when: DateRange, year: int) -> DateRange:
    """The same days and months, beginning in `year`."""
    lasts = when.ends_on - when.starts_on
    first = when.starts_on
    day = 28 if (first.month, first.day) == (2, 29) else first.day
    start = date(year, first.month, day)
    return DateRange(start, start + lasts, when.precision)


def _inferred(happening: Happening, ours: DateRange, event: KnownEvent, theirs: DateRange) -> float | None:
    """A day taken from the publication lies on or somewhat after the event."""
    if happening.date_inferred and event.date_inferred:
        return 0.7 if days_apart(ours, theirs) <= REPORT_LAG_DAYS // 2 else None
    reported, happened = (ours, theirs) if happening.date_inferred else (theirs, ours)
    lag = (reported.ends_on - happened.starts_on).days
    return 0.8 if -DAY_TOLERANCE_DAYS <= lag <= REPORT_LAG_DAYS else None


def days_apart(one: DateRange, other: DateRange) -> int:
    """Days between two ranges; 0 where they overlap."""
    return max(0, (one.starts_on - other.ends_on).days, (other.starts_on - one.ends_on).days)


def tolerance_days(ours: Sequence[EventKind], theirs: Sequence[EventKind]) -> int:
    """How many days apart two reports of one event may date it."""
    is_visit = EventKind.DELEGATION_VISIT in ours and EventKind.DELEGATION_VISIT in theirs
    return VISIT_TOLERANCE_DAYS if is_visit else DAY_TOLERANCE_DAYS


# ---------------------------------------------------------------- what


def _kinds(ours: Sequence[EventKind], theirs: Sequence[EventKind], when: float | None) -> float | None:
    """How well the kinds agree; None where they are different steps of a life cycle."""
    mine, other = ours[0], theirs[0]
    if mine is other:
        return 1.0
    if EventKind.AGREEMENT_ENDED in (mine, other) and not (
        EventKind.AGREEMENT_ENDED in ours and EventKind.AGREEMENT_ENDED in theirs
    ):
        return None
    if not _same_day(when) and _is_step_apart(ours, theirs):
        return 0.3 if when != UNDATED and (mine in theirs or other in ours) else None
    if mine in theirs or other in ours:
        return 0.8
    if set(ours) & set(theirs):
        return 0.6
    if {mine, other} <= _MEETINGS or {mine, other} <= _AGREEMENTS:
        return 0.5
    return 0.3


def _is_step_apart(ours: Sequence[EventKind], theirs: Sequence[EventKind]) -> bool:
    """Intent, signing and renewal on different or unknown days: one tells a step that the other does not."""
    return set(ours) & _AGREEMENTS != set(theirs) & _AGREEMENTS and bool(
        set(ours) & _AGREEMENTS and set(theirs) & _AGREEMENTS
    )


def _same_day(when: float | None) -> bool:
    return when is not None and when >= 0.8


def _support(candidate: Candidate, event: KnownEvent) -> float:
    """People and figures in common: at most 0.15, never negative."""
    people = min(2, len(candidate.people & event.people)) * 0.05
    numbers = min(2, len(candidate.numbers & event.numbers)) * 0.025
    return people + numbers


def search_window(happening: Happening, published_on: date | None) -> tuple[date | None, date | None]:
    """Between which days a matching event can lie."""
    if happening.when is None:
        if published_on is None:
            return ANY_DAY
        return published_on - timedelta(days=REPORT_LAG_DAYS * 3), published_on + timedelta(days=REPORT_LAG_DAYS)
    is_put_off = happening.status is EventStatus.POSTPONED
    slack = timedelta(days=PUT_OFF_DAYS if is_put_off else max(REPORT_LAG_DAYS, EXPECTATION_SLIP_DAYS))
    back = timedelta(days=MADE_UP_DAYS) if happening.kinds[0] in _AGREEMENTS else slack
    return happening.when.starts_on - max(slack, back), happening.when.ends_on + slack
