"""Past events that a text looks back on: a date gone by, what happened, and between whom.

Anniversary articles, yearly reports and profiles list what happened over the years. Each is a small test of the
archive: it should know these events. Precision comes before completeness here: what is not surely a dated event of a
relation is left out, for a wrong entry in a list of what was missed costs the reader's trust.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.domain import happenings
from monitor.domain.dates import DateKind, FoundDate
from monitor.domain.happening_dates import is_limit
from monitor.domain.lexicon import CueMatch, Lexicon
from monitor.domain.model.articles import ArticleForDecision
from monitor.domain.model.events import DateRange, EventKind, Precision
from monitor.domain.model.places import Mention, Place, PlaceKind, PlaceLookup
from monitor.domain.participants import cast, cast_of, ids
from monitor.domain.statements import Account, Named, Statement, read

# News is told within days; what lies further back is looked back on. A year is over when it is over.
PAST_AFTER = timedelta(days=21)
CUE_REACH = 90  # characters between a date and the word for what happened then
CUE_SLACK = 15  # further words so near to the nearest one say what happened as well
LIST_OF_PLACES = 5  # places in one sentence: each date then belongs to the place next to it
BESIDE = 30  # characters between a date in a list and its place
MOST_EVENTS = 200  # of one text
LONGEST_SENTENCE = 400  # characters kept

# What happens on a day; fields of cooperation and offices are no events of a relation by themselves.
_HAPPENS = frozenset(
    {
        EventKind.AGREEMENT_INTENT,
        EventKind.AGREEMENT_SIGNED,
        EventKind.AGREEMENT_RENEWED,
        EventKind.AGREEMENT_ENDED,
        EventKind.DELEGATION_VISIT,
        EventKind.TALKS,
        EventKind.CONFERENCE,
        EventKind.ANNIVERSARY,
        EventKind.EXCHANGE,
        EventKind.INFRASTRUCTURE_LINK,
        EventKind.AID,
        EventKind.AWARD,
    }
)
# "Twinned since 1988", "jumelées depuis 1988", "自1988年结为": the agreement was signed then.
_SINCE = re.compile(
    r"(?:(?<!\w)(?:since|depuis|dès|seit|desde|dal|od|sinds|sedan|from|từ|từ năm|kể từ|kể từ năm|"
    r"منذ|منذ عام|с|з|із|від)"
    r"\s+(?:le |l['’]année |ngày |the year )?|[自从於從]|早在)$",
    re.IGNORECASE,
)
_SINCE_BEHIND = re.compile(r"\s?(?:年)?(?:起|以来|以來|から|부터|yılından (?:beri|bu yana)|'den beri)")
_SIGNED_IN = re.compile(r"(?:signed in|dated|signée? en|datée? de|datant de)\s+$", re.IGNORECASE)
_ENDS_CLAUSE = re.compile(r"[;；:：。]")
# An end or renewal told in the next clause is the turn of another day: "agreed in 1957, but is now to be ended".
_TURNS = frozenset({"kinds.agreement_ended", "kinds.agreement_renewed"})
_PARTS_CLAUSES = re.compile(r"[,，、;；:：。]")
_OPENING, _CLOSING = frozenset("(（[【"), frozenset(")）]】")


@dataclass(frozen=True, slots=True)
class PastEvent:
    """A past event that a text names; the span is that of the date, in characters of the article's `full_text`."""

    participants: frozenset[str]
    kinds: tuple[EventKind, ...]  # main kind first, never empty
    when: DateRange
    start: int
    end: int
    sentence: str
    countries: frozenset[str] = frozenset()


def past_events(
    article: ArticleForDecision,
    mentions: Sequence[Mention],
    lexicon: Lexicon,
    lookup: PlaceLookup,
    today: date,
) -> tuple[PastEvent, ...]:
    """The dated past events of an article in the order of its text; `today` stands in for a missing publication day."""
    cues = lexicon.find(article.full_text, article.language)
    account = read(article, mentions, cues, lexicon, lookup)
    reader = _Reader(account, cast(account, lookup).participants, lookup, article.published_on or today)
    found = [event for one in account.statements for event in reader.events(one)]
    return tuple(found[:MOST_EVENTS])


@dataclass(frozen=True, slots=True)
class _Reader:
    account: Account
    subjects: tuple[Place, ...]  # whom the whole text is about
    lookup: PlaceLookup
    told_on: date

    def events(self, statement: Statement) -> list[PastEvent]:
        found = [self._event(at, statement) for at in range(len(statement.dates))]
        return [event for event in found if event is not None]

    def _event(self, at: int, statement: Statement) -> PastEvent | None:
        one = statement.dates[at]
        if not self._is_past(one):
            return None
        is_since = is_limit(one, statement) and not _is_signed_in(one, statement)
        kinds = _begun(one, statement) if is_since else _listed(one, statement) or _kinds(at, statement)
        players = self._players(one, statement)
        if not kinds or len({place.country for place in players}) < 2:
            return None
        return PastEvent(
            participants=ids(players),
            kinds=kinds,
            when=one.when,
            start=one.start,
            end=one.end,
            sentence=statement.text[:LONGEST_SENTENCE],
            countries=frozenset(place.country for place in players),
        )

    def _is_past(self, one: FoundDate) -> bool:
        """A year must be told: "in May" may be any May."""
        is_told = one.explicit_year or (one.kind is DateKind.RELATIVE and one.when.precision is Precision.YEAR)
        slack = timedelta(0) if one.when.precision is Precision.YEAR else PAST_AFTER
        return is_told and one.when.ends_on < self.told_on - slack

    def _players(self, one: FoundDate, statement: Statement) -> tuple[Place, ...]:
        """Who takes part: the places of the sentence; in a list the one beside the date; who is missing is whom the
        text is about.
        """
        local = [named for named in statement.named if named.place.kind is not PlaceKind.COUNTRY]
        if len({named.place.id for named in local}) >= LIST_OF_PLACES:
            beside = _beside(one, local)
            return self._completed((beside,)) if beside is not None else ()
        told = tuple(place for place in cast_of(statement, self.lookup).participants if _is_local(place))
        return self._completed(told)

    def _completed(self, told: tuple[Place, ...]) -> tuple[Place, ...]:
        countries = {place.country for place in told}
        if len(countries) >= 2:
            return told
        subjects = tuple(place for place in self.subjects if _is_local(place))
        if not told:
            return subjects if len(subjects) == 2 else ()
        return (*told, *[place for place in subjects if place.country not in countries][:1])


def _is_local(place: Place) -> bool:
    return place.kind is not PlaceKind.COUNTRY


def _beside(one: FoundDate, named: Sequence[Named]) -> Place | None:
    """The place that a date in a list belongs to: "Kanazawa (1973)", "1973: Kanazawa"; the one in front wins."""
    before = [place for place in named if 0 <= one.start - place.end <= BESIDE]
    if before:
        return before[-1].place
    behind = [place for place in named if 0 <= place.start - one.end <= BESIDE]
    return behind[0].place if behind else None


# ---------------------------------------------------------------- what happened


def _kinds(at: int, statement: Statement) -> tuple[EventKind, ...]:
    """What the words nearest to a date say, none that another date or the end of a clause parts from it."""
    one = statement.dates[at]
    others = [other for number, other in enumerate(statement.dates) if number != at]
    reach = [
        (distance, cue)
        for cue in statement.of("kinds.")
        if (distance := _distance(cue, one)) <= CUE_REACH
        and not any(_lies_between(other, cue, one) for other in others)
        and not _ENDS_CLAUSE.search(_between(cue, one, statement))
    ]
    if not reach:
        return ()
    nearest, first = min(reach, key=lambda pair: pair[0])
    cues = tuple(
        cue
        for distance, cue in reach
        if distance <= nearest + CUE_SLACK
        and not (cue.group in _TURNS and _PARTS_CLAUSES.search(_between(cue, first, statement)))
    )
    kinds = happenings.kinds_of(replace(statement, cues=cues))
    return tuple(kind for kind in kinds if kind in _HAPPENS)


def _between(cue: CueMatch, one: FoundDate | CueMatch, statement: Statement) -> str:
    """The text between the two."""
    first, last = (cue.end, one.start) if cue.start < one.start else (one.end, cue.start)
    return statement.text[first - statement.start : max(first, last) - statement.start]


def _distance(cue: CueMatch, one: FoundDate) -> int:
    return max(0, cue.start - one.end, one.start - cue.end)


def _lies_between(other: FoundDate, cue: CueMatch, one: FoundDate) -> bool:
    first, last = (cue.end, one.start) if cue.start < one.start else (one.end, cue.start)
    return first <= other.start and other.end <= last


def _begun(one: FoundDate, statement: Statement) -> tuple[EventKind, ...]:
    """A relation that lasts since a date was agreed on then; "until" and "before" say nothing of a day."""
    behind = _SINCE_BEHIND.match(statement.text, one.end - statement.start)
    is_since = behind is not None or _SINCE.search(_before(one, statement)) is not None
    return (EventKind.AGREEMENT_SIGNED,) if is_since and _tells_relation(statement) else ()


def _is_signed_in(one: FoundDate, statement: Statement) -> bool:
    return _SIGNED_IN.search(_before(one, statement)) is not None


def _before(one: FoundDate, statement: Statement) -> str:
    start = one.start - statement.start
    return statement.text[max(0, start - 24) : start]


def _tells_relation(statement: Statement) -> bool:
    return statement.has("relation.strong") or statement.has("relation.weak")


def _listed(one: FoundDate, statement: Statement) -> tuple[EventKind, ...]:
    """In a list of partners the year in brackets is that of the agreement: "twinned with ... Kanazawa (1973), ..."."""
    start, end = one.start - statement.start, one.end - statement.start
    before, behind = statement.text[:start].rstrip()[-1:], statement.text[end:].lstrip()[:1]
    is_bracketed = before in _OPENING and behind in _CLOSING
    return (EventKind.AGREEMENT_SIGNED,) if is_bracketed and _tells_relation(statement) else ()
