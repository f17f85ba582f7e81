"""The day that an address carries: what is left to go by where a page does not say when it was published."""

from __future__ import annotations

import re
from datetime import date

from monitor.domain.dates import EARLIEST_YEAR

# The year must begin a path segment or a number of its own: 2018/10/05, 2018-10-05, 20181005, t20181005_123.
_DAY = re.compile(
    r"(?<![0-9])(?P<y>(?:19|20)\d\d)(?P<sep>[-/_.]?)(?P<m>0[1-9]|1[0-2]|(?<=[-/_.])[1-9])(?P=sep)"
    r"(?P<d>0[1-9]|[12]\d|3[01]|(?<=[-/_.])[1-9])(?![0-9])"
)


def day_in_url(url: str) -> date | None:
    """The only day named in the path of `url`; None where there is none, or several."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0]
    days = {day for match in _DAY.finditer(path) if (day := _day(match)) is not None}
    return days.pop() if len(days) == 1 else None


def _day(match: re.Match[str]) -> date | None:
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return day if day.year > EARLIEST_YEAR else None
