"""How a feed does: the state that is told once when it changes and once when it recovers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.model.health import FeedHabit, FeedHealth, HealthTurn, ReadingHabit
from monitor.domain.model.sources import FeedForPoll
from monitor.domain.outcomes import Outcome, Severity, is_failure, severity

FAILURES_TOLD = 3  # faults A23: a single refusal or a page that is missing for an hour is nobody's business
# Network faults and errors of a server mend themselves, mostly within hours: a person hears of those that do not.
TEMPORARY_TOLD_AFTER = timedelta(hours=24)
QUIET_TIMES = 5  # faults G8: this many times its usual gap ...
QUIET_AT_LEAST = timedelta(days=3)  # ... and never sooner
QUIET_UNKNOWN = timedelta(days=30)  # of a feed whose habit is not known: it shows one entry, or no dates

# Articles that came out much worse than the feed's usual: a redesign the extraction fails on, a new paywall, a page
# that asks for consent. Shares are smoothed over about `RECENT` articles.
DEGRADED_LENGTH, MENDED_LENGTH = 0.3, 0.6  # of the usual length
# So much more of the articles without text, or in another language, than usual. A feed that is degraded must come
# nearer to its usual than one that is not, lest every good article be told as its recovery.
DEGRADED_SHARE, MENDED_SHARE = 0.5, 0.25
ARTICLES_FOR_A_HABIT = 10
RECENT, USUAL = 5, 50  # articles over which the two averages run
LONG_TEXT = 1.5  # times the usual: a longer one counts as that, so that one report does not hide five stubs

_BLOCKED = frozenset({Outcome.FORBIDDEN, Outcome.ROBOTS, Outcome.TDM_RESERVED, Outcome.LOGIN_WALL})
_FINE = frozenset({FeedHealth.NEW, FeedHealth.OK})


@dataclass(frozen=True, slots=True)
class Judged:
    """A feed's health from now on."""

    health: FeedHealth
    since: datetime | None
    turn: HealthTurn | None  # None: nothing to tell


def after_poll(
    feed: FeedForPoll,
    outcome: Outcome,
    now: datetime,
    *,
    failures: int,
    failing_since: datetime | None,
    habit: FeedHabit,
    moved_to: str | None,
) -> Judged:
    """Judge a feed by its latest poll; `moved_to`: a permanent redirect that two polls have seen."""
    if outcome is Outcome.LOCAL_OUTAGE:
        return Judged(feed.health, feed.health_since, None)
    if is_failure(outcome):
        return _turned(feed, _failing(feed, outcome, now, failures, failing_since), outcome.value, now)
    if moved_to is not None:
        return _turned(feed, FeedHealth.MOVED, moved_to, now)
    if outcome is Outcome.EMPTY or (feed.health is FeedHealth.EMPTY and not habit.window):
        return _turned(feed, FeedHealth.EMPTY, "", now)
    problem = degradation(habit.reading, before=feed.health is FeedHealth.DEGRADED)
    if problem is not None:
        return _turned(feed, FeedHealth.DEGRADED, problem, now)
    if habit.last_news_at is not None and is_quiet(habit, habit.last_news_at, now):
        return _turned(feed, FeedHealth.QUIET, habit.last_news_at.date().isoformat(), now)
    return _turned(feed, FeedHealth.OK, "", now)


def is_quiet(habit: FeedHabit, last_news_at: datetime, now: datetime) -> bool:
    """Whether nothing new has come for much longer than usual."""
    usual = None if habit.news_gap_h is None else timedelta(hours=habit.news_gap_h)
    allowed = QUIET_UNKNOWN if usual is None else max(QUIET_AT_LEAST, QUIET_TIMES * usual)
    return now - last_news_at > allowed


def _failing(
    feed: FeedForPoll, outcome: Outcome, now: datetime, failures: int, failing_since: datetime | None
) -> FeedHealth:
    """Until a failure is worth telling, the health stays what it was."""
    if severity(outcome) is Severity.FINAL:
        return FeedHealth.GONE
    state = FeedHealth.BLOCKED if outcome in _BLOCKED else FeedHealth.BROKEN
    lasts = failing_since is not None and now - failing_since >= TEMPORARY_TOLD_AFTER
    if lasts or (severity(outcome) is not Severity.TEMPORARY and failures >= FAILURES_TOLD):
        return state
    return feed.health


def _turned(feed: FeedForPoll, health: FeedHealth, detail: str, now: datetime) -> Judged:
    if health is feed.health:
        return Judged(health, feed.health_since or now, None)
    if feed.health in _FINE and health in _FINE:
        return Judged(health, now, None)
    return Judged(health, now, HealthTurn(feed.health, health, detail))


# ---------------------------------------------------------------- the articles behind a feed


def read_one(habit: ReadingHabit, chars: int, *, thin: bool, foreign: bool) -> ReadingHabit:
    """The habit after one more article. What is usual stands still while the recent ones are bad."""
    articles = habit.articles + 1
    recent = max(1 / articles, 1 / RECENT)
    usual = max(1 / articles, 1 / USUAL) if degradation(habit) is None else 0.0
    length = min(float(chars), LONG_TEXT * habit.usual_chars) if habit.articles >= RECENT else float(chars)
    return ReadingHabit(
        articles=articles,
        usual_chars=_towards(habit.usual_chars, length, usual),
        recent_chars=_towards(habit.recent_chars, length, recent),
        usual_thin=_towards(habit.usual_thin, float(thin), usual),
        recent_thin=_towards(habit.recent_thin, float(thin), recent),
        usual_foreign=_towards(habit.usual_foreign, float(foreign), usual),
        recent_foreign=_towards(habit.recent_foreign, float(foreign), recent),
    )


def degradation(habit: ReadingHabit, *, before: bool = False) -> str | None:
    """What is wrong with the recent articles: short, thin, language; None: nothing, or too few were read.

    `before`: they were known to be bad.
    """
    if habit.articles < ARTICLES_FOR_A_HABIT:
        return None
    share = MENDED_SHARE if before else DEGRADED_SHARE
    if habit.recent_thin - habit.usual_thin > share:
        return "thin"
    if habit.recent_foreign - habit.usual_foreign > share:
        return "language"
    if habit.recent_chars < (MENDED_LENGTH if before else DEGRADED_LENGTH) * habit.usual_chars:
        return "short"
    return None


def after_reading(
    health: FeedHealth, since: datetime | None, habit: ReadingHabit, now: datetime
) -> tuple[FeedHealth, datetime | None, HealthTurn | None]:
    """The health after one more article: it turns to degraded and back; graver troubles are the polls' to tell."""
    problem = degradation(habit, before=health is FeedHealth.DEGRADED)
    if problem is not None and health in _FINE:
        return FeedHealth.DEGRADED, now, HealthTurn(health, FeedHealth.DEGRADED, problem)
    if problem is None and health is FeedHealth.DEGRADED:
        return FeedHealth.OK, now, HealthTurn(health, FeedHealth.OK, "")
    return health, since, None


def _towards(before: float, sample: float, weight: float) -> float:
    return before + weight * (sample - before)
