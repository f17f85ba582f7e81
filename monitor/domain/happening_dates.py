"""Which of the dates in an article is that of its main happening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain import date_limits
from monitor.domain.dates import FoundDate
from monitor.domain.happenings import weights
from monitor.domain.lexicon import CueMatch
from monitor.domain.model.events import EXPECTED, EventKind, EventStatus, Precision
from monitor.domain.model.places import PlaceKind
from monitor.domain.statements import Account, Statement

OTHER_WEIGHT = 0.15  # of sentences behind the head
VERB_BONUS = 0.6  # the sentence says the main kind ...
NEAR_BONUS = 0.4  # ... and all the more the nearer
NEAR_CHARS = 120
CLAUSE_CHARS = 60  # that a semicolon between the two counts as
OTHERS_PENALTY = 1.6  # a sentence behind the first that names places, none of them of the happening
PRECISION = {Precision.DAY: 0.6, Precision.MONTH: 0.2, Precision.YEAR: -0.4}
RANGE_BONUS = 0.15  # "from 11 to 15 June" rather than "returned on 15 June"
SINCE_PENALTY = 1.6  # "twinned since 1988"
LONG_AGO = ((400, 1.5), (120, 0.8))  # days before the publication, penalty
FAR_AHEAD_DAYS, FAR_AHEAD_PENALTY = 400, 0.8
TO_COME_PENALTY = 0.5  # a day to come for what has happened ...
GONE_BY_PENALTY = 1.5  # ... and a day gone by for what is announced: that is the day of the decision
ENOUGH = 0.5
_CLOSING = frozenset(")）]】")  # "the partnership (1955)": not ""


@dataclass(frozen=True, slots=True)
class DatedBy:
    """The chosen date and the sentence it stands in."""

    found: FoundDate
    statement: Statement
    score: float


def date_of(
    account: Account, main: EventKind, status: EventStatus, parties: frozenset[str] = frozenset()
) -> DatedBy | None:
    """The date nearest to what the head says happens between `parties`, its host among them (none: not known); None
    where no date of the text fits.
    """
    best: DatedBy | None = None
    for one in _candidates(account, main, status, parties):
        if one.score >= ENOUGH and (best is None or one.score > best.score + 1e-9):
            best = one
    return best or _retold(account)


def _retold(account: Account) -> DatedBy | None:
    """The day of a retelling: its title names a year gone by, and the text a day of that year."""
    if account.published_on is None:
        return None
    told_on, long_ago = account.published_on, LONG_AGO[0][0]
    titles = [found for found in account.statements[0].dates if found.explicit_year] if account.statements else []
    years = {found.when.starts_on.year for found in titles if (told_on - found.when.ends_on).days > long_ago}
    for statement in account.statements:
        for found in statement.dates:
            is_day = found.when.precision is Precision.DAY and found.when.starts_on.year in years
            if is_day and statement.has("kinds.") and not is_limit(found, statement):
                return DatedBy(found, statement, ENOUGH)
    return None


def _candidates(account: Account, main: EventKind, status: EventStatus, parties: frozenset[str]) -> Iterator[DatedBy]:
    weighed = weights(account)
    latest_year = max((found.when.ends_on.year for one in account.statements for found in one.dates), default=0)
    for statement in account.statements:
        weight = min(weighed.get(statement.number, OTHER_WEIGHT), 1.0)
        cues = statement.of("kinds." + main.value)
        for found in statement.dates:
            if found.when.precision is Precision.YEAR and not _dates_the_news(found, statement, cues, latest_year):
                continue
            score = weight + PRECISION[found.when.precision]
            if cues:
                distance = min(_distance(found, cue, statement) for cue in cues)
                score += VERB_BONUS + NEAR_BONUS * max(0.0, 1 - distance / NEAR_CHARS)
            if found.when.precision is Precision.DAY and found.when.ends_on > found.when.starts_on:
                score += RANGE_BONUS
            score -= SINCE_PENALTY * is_limit(found, statement)
            score -= OTHERS_PENALTY * (weight < 1.0 and _is_of_others(statement, parties))
            yield DatedBy(found, statement, score - _strangeness(found, account.published_on, status))


def _distance(found: FoundDate, cue: CueMatch, statement: Statement) -> int:
    """Characters between a date and a cue."""
    first, last = min(found.end, cue.end), max(found.start, cue.start)
    between = statement.text[first - statement.start : last - statement.start] if first < last else ""
    return len(between) + CLAUSE_CHARS * any(mark in between for mark in ";；")


def _is_of_others(statement: Statement, parties: frozenset[str]) -> bool:
    """Whether a sentence names places, and none of the parties."""
    named = {one.place.id for one in statement.named if one.place.kind is not PlaceKind.COUNTRY}
    return bool(parties and named) and named.isdisjoint(parties)


def _dates_the_news(found: FoundDate, statement: Statement, cues: Sequence[CueMatch], latest_year: int) -> bool:
    """Whether a bare year may date the main happening: most of them tell since when a relation lasts. It must be the
    latest year of the text and stand in the title or beside a word for what happened.
    """
    behind = statement.text[found.end - statement.start :].lstrip()[:1]
    return found.when.starts_on.year == latest_year and behind not in _CLOSING and (statement.is_title or bool(cues))


def is_limit(found: FoundDate, statement: Statement) -> bool:
    """Whether a date only says since when or until when something lasts."""
    return date_limits.is_limit(found, statement.text, statement.start)


def _strangeness(found: FoundDate, published_on: date | None, status: EventStatus) -> float:
    """What speaks against a date by its distance from the publication."""
    if published_on is None:
        return 0.0
    ago = (published_on - found.when.ends_on).days
    ahead = (found.when.starts_on - published_on).days
    penalty = next((cost for days, cost in LONG_AGO if ago > days), 0.0)
    if ahead > FAR_AHEAD_DAYS:
        penalty += FAR_AHEAD_PENALTY
    if status in EXPECTED:
        return penalty + GONE_BY_PENALTY * (ago > 0)
    return penalty + TO_COME_PENALTY * (ahead > 0)
