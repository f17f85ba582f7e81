"""Which of the dates in an article is that of its main happening."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.dates import FoundDate
from monitor.domain.happenings import weights
from monitor.domain.lexicon import CueMatch
from monitor.domain.model.events import EXPECTED, EventKind, EventStatus, Precision
from monitor.domain.statements import Account, Statement

OTHER_WEIGHT = 0.15  # of sentences behind the head
VERB_BONUS = 0.6  # the sentence says the main kind ...
NEAR_BONUS = 0.4  # ... and all the more the nearer
NEAR_CHARS = 120
PRECISION = {Precision.DAY: 0.6, Precision.MONTH: 0.2, Precision.YEAR: -0.4}
RANGE_BONUS = 0.15  # "from 11 to 15 June" rather than "returned on 15 June"
SINCE_PENALTY = 1.6  # "twinned since 1988"
LONG_AGO = ((400, 1.5), (120, 0.8))  # days before the publication, penalty
FAR_AHEAD_DAYS, FAR_AHEAD_PENALTY = 400, 0.8
TO_COME_PENALTY = 0.5  # a day to come for what has happened ...
GONE_BY_PENALTY = 1.5  # ... and a day gone by for what is announced: that is the day of the decision
ENOUGH = 0.5
_CLOSING = frozenset(")）]】")  # "the partnership (1955)": not ""

_SINCE_WORDS = (
    "since|began in|started in|depuis|seit|desde|dal|od|sinds|sedan|founded in|established in|created in|signed in|"
    "dated|fondé en|"
    "fondée en|créé en|créée en|signé en|signée en|datant de|lancée en|"
    "inauguré en|inaugurée en|từ năm|từ tháng|kể từ|من عام|"
    "منذ|с|з|до|until|jusqu'en|jusqu’en|jusqu'à|bis|hasta|fino al|até|от|від|après|after|before|avant"
)
_SINCE = re.compile(rf"(?:(?<!\w)(?:{_SINCE_WORDS})\s+(?:le |ngày |the )?|[自从於從]|始于|早在)$", re.IGNORECASE)
_SINCE_BEHIND = re.compile(
    r"\s?(?:起|开始|開始|末?まで|以来|以來|年以来|より|から(?!\d)|부터(?!\s?\d)|yılından beri|'den beri)"
)


@dataclass(frozen=True, slots=True)
class DatedBy:
    """The chosen date and the sentence it stands in."""

    found: FoundDate
    statement: Statement
    score: float


def date_of(account: Account, main: EventKind, status: EventStatus) -> DatedBy | None:
    """The date nearest to what the head says happens; None where no date of the text fits."""
    best: DatedBy | None = None
    for one in _candidates(account, main, status):
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


def _candidates(account: Account, main: EventKind, status: EventStatus) -> Iterator[DatedBy]:
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
                distance = min(max(0, cue.start - found.end, found.start - cue.end) for cue in cues)
                score += VERB_BONUS + NEAR_BONUS * max(0.0, 1 - distance / NEAR_CHARS)
            if found.when.precision is Precision.DAY and found.when.ends_on > found.when.starts_on:
                score += RANGE_BONUS
            score -= SINCE_PENALTY * is_limit(found, statement)
            yield DatedBy(found, statement, score - _strangeness(found, account.published_on, status))


def _dates_the_news(found: FoundDate, statement: Statement, cues: Sequence[CueMatch], latest_year: int) -> bool:
    """Whether a bare year may date the main happening: most of them tell since when a relation lasts. It must be the
    latest year of the text and stand in the title or beside a word for what happened.
    """
    behind = statement.text[found.end - statement.start :].lstrip()[:1]
    return found.when.starts_on.year == latest_year and behind not in _CLOSING and (statement.is_title or bool(cues))


def is_limit(found: FoundDate, statement: Statement) -> bool:
    """Whether a date only says since when or until when something lasts."""
    start, end = found.start - statement.start, found.end - statement.start
    if found.when.ends_on > found.when.starts_on and found.when.precision is Precision.DAY:
        return False
    before = statement.text[max(0, start - 24) : start]
    return _SINCE.search(before) is not None or _SINCE_BEHIND.match(statement.text, end) is not None


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
