"""The fixed labels of what can happen to a feed, a page or a delivery, graded for the retry policy.

The labels are metric labels, table values and documentation at once: they never change their spelling. Grading after
Media Cloud's fetcher: what kind of failure it is decides how fast we come back.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How a failure is taken by the retry policy."""

    NONE = "none"  # no failure
    TEMPORARY = "temporary"  # says nothing about the address itself: network, 5xx, throttling
    SOFT = "soft"  # may heal by itself: unreadable body, refused, not found
    HARD = "hard"  # will hardly heal without a person
    FINAL = "final"  # never asked again: 410


class Outcome(StrEnum):
    """What came of one attempt."""

    OK = "ok"
    NOT_MODIFIED = "not-modified"  # 304
    UNCHANGED = "unchanged"  # 200 with the bytes of last time
    EMPTY = "empty"  # valid, no entries
    # the way there
    BAD_URL = "bad-url"
    BAD_SCHEME = "bad-scheme"
    BLOCKED_ADDRESS = "blocked-address"
    DNS = "dns"
    NETWORK = "network"
    TLS = "tls"
    DEADLINE = "deadline"
    PROTOCOL = "protocol"
    REDIRECT_LIMIT = "redirect-limit"
    ROBOTS = "robots"
    TDM_RESERVED = "tdm-reserved"  # the publisher keeps text and data mining to itself (W3C TDMRep)
    LOCAL_OUTAGE = "local-outage"  # nothing at all can be reached: our own network, not the source
    OPAQUE_LINK = "opaque-link"  # the link of a news search that only a script leads on from: the feed's text serves
    LOGIN_WALL = "login-wall"  # behind a login: out of reach for a monitor
    # the answer
    NOT_FOUND = "not-found"
    GONE = "gone"
    FORBIDDEN = "forbidden"  # 401, 403, 451
    THROTTLED = "throttled"  # 429, 503 with Retry-After
    CLIENT_ERROR = "client-error"  # any other 4xx
    SERVER_ERROR = "server-error"
    TOO_LARGE = "too-large"
    TRUNCATED = "truncated"
    UNSUPPORTED_ENCODING = "unsupported-encoding"
    UNSUPPORTED_MEDIA = "unsupported-media"
    # the reading
    NOT_A_FEED = "not-a-feed"
    XML_ENTITY = "xml-entity"
    BAD_SELECTOR = "bad-selector"  # the declared selector or pattern cannot be read
    NO_TEXT = "no-text"
    CHILD_CRASH = "child-crash"
    CHILD_DEADLINE = "child-deadline"
    CHILD_MEMORY = "child-memory"
    QUARANTINED = "quarantined"  # killed two children: never given to one again
    HOST_RESTING = "host-resting"  # its pages killed one child after another: none is read for a while
    INTERNAL = "internal"  # a fault of ours on this one item; logged with its traceback
    # the delivery
    REFUSED = "refused"  # permanent answer of the receiving side: 5xx of SMTP, invalid webhook
    DEFERRED = "deferred"  # temporary answer of the receiving side: 4xx of SMTP
    LOGIN = "login"  # our credentials were refused
    UNKNOWN = "unknown"  # handed over, receipt lost


_SEVERITY: dict[Outcome, Severity] = {
    **dict.fromkeys((Outcome.OK, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.EMPTY), Severity.NONE),
    **dict.fromkeys(
        (
            Outcome.DNS,
            Outcome.NETWORK,
            Outcome.DEADLINE,
            Outcome.SERVER_ERROR,
            Outcome.THROTTLED,
            Outcome.TRUNCATED,
            Outcome.DEFERRED,
            Outcome.UNKNOWN,
            Outcome.CHILD_CRASH,
            Outcome.LOCAL_OUTAGE,
            Outcome.INTERNAL,
        ),
        Severity.TEMPORARY,
    ),
    **dict.fromkeys(
        (Outcome.BAD_URL, Outcome.BAD_SCHEME, Outcome.BLOCKED_ADDRESS, Outcome.BAD_SELECTOR, Outcome.REFUSED),
        Severity.HARD,
    ),
    Outcome.GONE: Severity.FINAL,
}


def severity(outcome: Outcome) -> Severity:
    """How the retry policy takes an outcome; what is not graded otherwise is soft."""
    return _SEVERITY.get(outcome, Severity.SOFT)


def is_failure(outcome: Outcome) -> bool:
    """Whether an outcome counts as a failure of the source."""
    return severity(outcome) is not Severity.NONE
