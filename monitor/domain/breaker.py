"""When the pages of a host are spared the children: a host whose pages kill one after another rests for a while.

Each killed child costs its whole deadline; without a rest, ten hostile pages in a row would hold up every healthy site
that waits for a child (faults D7).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

KILLS_ALLOWED = 1  # by one document: it may be bad luck, another document's leak or a busy machine (faults D4)
# One kill may be bad luck and two the same page tried again (see `pipeline.quarantine`); three are the host's habit.
KILLS_TO_REST = 3
WITHIN = timedelta(hours=24)
FIRST_REST = timedelta(minutes=15)
LONGEST_REST = timedelta(hours=24)
KILLS_REMEMBERED = 12  # by then the rest has grown to its longest


def resting_until(kills: Sequence[datetime], now: datetime) -> datetime | None:
    """The end of a host's rest, None: it does not rest. `kills` are moments, oldest first, some of them long past.

    The third kill within a day brings the first rest, each further one doubles it.
    """
    recent = [kill for kill in kills if abs(now - kill) < WITHIN]  # a clock set back must not make a rest endless
    if len(recent) < KILLS_TO_REST:
        return None
    ends_at = recent[-1] + min(FIRST_REST * 2 ** (len(recent) - KILLS_TO_REST), LONGEST_REST)
    return ends_at if ends_at > now else None


def remembered(kills: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """The kills of a host with one more of `now`, bounded."""
    return (*kills, now)[-KILLS_REMEMBERED:]
