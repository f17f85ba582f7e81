"""What is said of how a feed does: its health, the outcome of a poll, when it is asked next and why then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from monitor.domain.habits import MIN_INTERVAL_MIN
from monitor.domain.model.health import FeedHealth, HealthTurn
from monitor.domain.model.source_pages import FeedState
from monitor.domain.outcomes import Outcome, is_failure
from monitor.domain.schedule import JITTER
from monitor.domain.wording import Wording, message, trouble

HEALTH_WORDS = {
    FeedHealth.NEW: message("not read yet"),
    FeedHealth.OK: message("well"),
    FeedHealth.EMPTY: message("valid but empty"),
    FeedHealth.QUIET: message("quieter than usual"),
    FeedHealth.MOVED: message("moved"),
    FeedHealth.BLOCKED: message("refuses us"),
    FeedHealth.BROKEN: message("cannot be read"),
    FeedHealth.DEGRADED: message("articles come out badly"),
    FeedHealth.GONE: message("gone for good"),
}
_OUTCOMES = {
    Outcome.OK: message("read"),
    Outcome.NOT_MODIFIED: message("nothing new, says the server"),
    Outcome.UNCHANGED: message("the same as last time"),
    Outcome.EMPTY: message("valid, without entries"),
    Outcome.BAD_URL: message("the address cannot be used"),
    Outcome.BAD_SCHEME: message("the address is not of the web"),
    Outcome.BLOCKED_ADDRESS: message("the address lies in a private network and is not allowed"),
    Outcome.DNS: message("the name of the server is not found"),
    Outcome.NETWORK: message("the connection failed"),
    Outcome.TLS: message("the certificate is not valid"),
    Outcome.DEADLINE: message("no answer in time"),
    Outcome.PROTOCOL: message("the answer breaks the rules of HTTP"),
    Outcome.REDIRECT_LIMIT: message("redirected without end"),
    Outcome.ROBOTS: message("robots.txt forbids it"),
    Outcome.NOT_FOUND: message("not found (404)"),
    Outcome.GONE: message("gone for good (410)"),
    Outcome.TOO_LARGE: message("too large"),
    Outcome.TRUNCATED: message("broke off in the middle"),
    Outcome.UNSUPPORTED_ENCODING: message("in an encoding that cannot be read"),
    Outcome.UNSUPPORTED_MEDIA: message("of a kind that cannot be read"),
    Outcome.NOT_A_FEED: message("neither a feed nor a list of articles"),
    Outcome.XML_ENTITY: message("forbidden XML entities"),
    Outcome.BAD_SELECTOR: message("the declared selector or pattern cannot be read"),
    Outcome.CHILD_CRASH: message("the process that read it crashed"),
    Outcome.CHILD_DEADLINE: message("reading it took too long"),
    Outcome.CHILD_MEMORY: message("reading it took too much memory"),
    Outcome.QUARANTINED: message("in quarantine: it made two processes crash"),
}
_DEGRADED = {
    "short": message("Its articles come out much shorter than usual."),
    "thin": message("Its articles come out without text."),
    "language": message("Its articles come out in another language."),
}


def outcome_words(outcome: Outcome) -> str:
    """The message for an outcome of a poll; nearly each has its own."""
    return _OUTCOMES.get(outcome) or trouble(outcome)


def turn_words(turn: HealthTurn, address: Callable[[str], str], wording: Wording) -> str:
    """What happened when a feed's health turned, "" where its name says all; `address` spells addresses."""
    match turn.after:
        case FeedHealth.MOVED:
            return wording.say("To {address}.", address=address(turn.detail))
        case FeedHealth.DEGRADED:
            return wording.say(_DEGRADED.get(turn.detail, _DEGRADED["short"]))
        case FeedHealth.QUIET:
            return _quiet_since(turn.detail, wording)
        case FeedHealth.BLOCKED | FeedHealth.BROKEN:
            known = turn.detail in set(Outcome)
            return wording.say(outcome_words(Outcome(turn.detail))) if known else ""
        case _:
            return ""


def _quiet_since(day: str, wording: Wording) -> str:
    try:
        return wording.say("Nothing new since {day}.", day=wording.day(date.fromisoformat(day)))
    except ValueError:
        return ""


# ---------------------------------------------------------------- when next


def interval_min(feed: FeedState, default_min: int) -> float:
    """The interval in force, in minutes: the learned one, never longer than what was declared for the feed."""
    declared = feed.declared_interval_min
    learned = feed.learned_interval_min or float(declared or default_min)
    return max(MIN_INTERVAL_MIN, min(learned, float(declared)) if declared is not None else learned)


def interval_why(feed: FeedState) -> str:
    """The message for where the interval comes from."""
    if feed.declared_interval_min is not None:
        return message("Declared; it is asked more often while much of what it shows is new.")
    if feed.learned_interval_min is not None:
        return message("Learnt from how much of what it shows is new at each poll.")
    return message("The interval of the settings: nothing is learnt of this feed yet.")


def next_why(feed: FeedState, default_min: int) -> str:
    """The message for why the next poll comes when it comes, "" where the interval says all."""
    if feed.next_at is None:
        return message("The server says that it is gone for good: it is asked no more, unless you poll it now.")
    if feed.last_outcome is None or feed.last_polled_at is None:
        return ""
    if feed.last_outcome is Outcome.LOCAL_OUTAGE:
        return message("Nothing could be reached when it was asked last: our own network was down.")
    if feed.last_outcome is Outcome.THROTTLED:
        return message("The server asked us to come back later.")
    if is_failure(feed.last_outcome):
        return message("It failed: after each further failure it is left alone for longer, a week at most.")
    usual = timedelta(minutes=interval_min(feed, default_min)) * (1 + 2 * JITTER)
    if feed.next_at - feed.last_polled_at > usual:
        return message("The feed or its server asked for a longer pause.")
    return ""


def entries_a_week(feed: FeedState) -> int | None:
    """At the usual pace of the last weeks; None: not known yet."""
    pace = feed.news_per_h
    return None if pace is None else round(pace * 7 * 24)


def leaves_us_out_until(feed: FeedState, now: datetime) -> datetime | None:
    """Until when the server asked to be left alone; None: it did not."""
    if feed.last_outcome is Outcome.THROTTLED and feed.next_at is not None and feed.next_at > now:
        return feed.next_at
    return None
