"""How complete an archive is, estimated from a second, independent list of what happened.

Two lists of the same events bear on the number of all events as two catches of fish bear on the number in the lake:
N = n1 n2 / m. Used here: Chapman's estimator, which has little bias for small samples (D. G. Chapman 1951, University
of California Publications in Statistics 1:131), with the variance of Seber (The Estimation of Animal Abundance, 2nd ed.
1982, section 3.1.1); for the share itself Wilson's score interval (E. B. Wilson 1927, JASA 22:209), which Brown, Cai
and DasGupta (2001, Statistical Science 16:101) recommend for small n.

Both suppose that the lists are made independently. Retrospectives and news both prefer what was festive, so the true
share is rather lower than the estimate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_95 = 1.96  # standard normal quantile of a two-sided interval of 95 %
# With fewer events the interval spans half of what is possible, whatever was found.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval of 95 %."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Completeness:
    """What two lists say: the archive's share of all events, and how many there were."""

    recalled: int  # events that retrospectives name
    found: int  # of these in the archive
    archived: int  # events of the archive that could have been named
    share: Interval
    total: Interval  # how many events there were; at least as many as are known


def completeness(recalled: int, found: int, archived: int) -> Completeness | None:
    """None where fewer than `FEWEST` events are recalled: no estimate is better than one that says nothing."""
    if recalled < FEWEST:
        return None
    return Completeness(recalled, found, archived, wilson(found, recalled), chapman(archived, recalled, found))


def wilson(successes: int, trials: int) -> Interval:
    """The share of successes with Wilson's score interval; `trials` is at least 1."""
    share = successes / trials
    spread = Z_95**2 / trials
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def chapman(first: int, second: int, both: int) -> Interval:
    """The size of what two lists were drawn from; never below what they hold together."""
    known = first + second - both
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    half = Z_95 * math.sqrt(variance)
    return Interval(max(total, known), max(total - half, known), max(total + half, known))
