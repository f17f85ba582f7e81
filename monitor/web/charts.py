"""Charts as geometry: what the templates draw as SVG, without any script. Every chart stands beside its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.activity import family_of
from monitor.domain.kind_families import KindFamily
from monitor.domain.model.events import EventStatus, KnownEvent

SPARK_YEARS = 10
SPARK_WIDTH, SPARK_HEIGHT = 100, 24
CHART_HEIGHT, BAR_STEP, BAR_WIDTH = 160, 36, 26
LANE_HEIGHT, LINE_WIDTH = 26, 900
LONGEST_TIMELINE = 60  # years: what is older stands in the table only


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle with what it stands for."""

    x: float
    y: float
    width: float
    height: float
    year: int
    value: int
    family: KindFamily | None = None

    @property
    def text(self) -> str:
        """What it stands for, readable without seeing it."""
        return f"{self.year}: {self.value}"


def spark(by_year: Mapping[int, int], this_year: int) -> tuple[Bar, ...]:
    """The last ten years as small bars; a year without events is a line at the foot."""
    years = range(this_year - SPARK_YEARS + 1, this_year + 1)
    most = max((by_year.get(year, 0) for year in years), default=0) or 1
    step = SPARK_WIDTH / SPARK_YEARS
    found = []
    for number, year in enumerate(years):
        value = by_year.get(year, 0)
        height = max(1.0, SPARK_HEIGHT * value / most) if value else 1.0
        top = round(SPARK_HEIGHT - height, 1)
        found.append(Bar(round(number * step, 1), top, step - 2, round(height, 1), year, value))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class BarChart:
    """Stacked bars, a column a year."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    years: tuple[tuple[float, int, int], ...]  # middle of the column, year, total


def stacked(counts: Mapping[int, Mapping[KindFamily, int]]) -> BarChart:
    """Years from left to right, families from the foot up."""
    totals = {year: sum(families.values()) for year, families in counts.items()}
    unit = CHART_HEIGHT / max([*totals.values(), 1])
    bars: list[Bar] = []
    years: list[tuple[float, int, int]] = []
    for column, year in enumerate(sorted(counts)):
        top = float(CHART_HEIGHT)
        for family in KindFamily:
            value = counts[year].get(family, 0)
            if value:
                top -= value * unit
                bars.append(
                    Bar(column * BAR_STEP + 5, round(top, 1), BAR_WIDTH, round(value * unit, 1), year, value, family)
                )
        years.append((column * BAR_STEP + 5 + BAR_WIDTH / 2, year, totals[year]))
    return BarChart(max(len(years) * BAR_STEP, BAR_STEP), CHART_HEIGHT, tuple(bars), tuple(years))


@dataclass(frozen=True, slots=True)
class Dot:
    """An event on the time line."""

    x: float
    y: float
    event: KnownEvent
    family: KindFamily
    is_ahead: bool  # expected, drawn hollow


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Events by date, a lane a family."""

    width: int
    height: int
    lanes: tuple[tuple[float, KindFamily], ...]  # middle of the lane
    ticks: tuple[tuple[float, int], ...]  # where years begin
    today_x: float | None
    dots: tuple[Dot, ...]


def time_line(events: Sequence[KnownEvent], today: date) -> TimeLine | None:
    """None: nothing is dated."""
    first_possible = today.year - LONGEST_TIMELINE
    dated = [one for one in events if one.when is not None and one.when.starts_on.year >= first_possible]
    dated = [one for one in dated if one.status not in (EventStatus.DENIED, EventStatus.CANCELLED)]
    days = [one.when.starts_on for one in dated if one.when is not None]
    if not days:
        return None
    first, last = min(days).year, max(*days, today).year + 1
    families = [family for family in KindFamily if any(family_of(one) is family for one in dated)]
    lanes = {family: LANE_HEIGHT * (number + 0.5) for number, family in enumerate(families)}
    dots = tuple(
        Dot(_x(when.starts_on, first, last), lanes[family], one, family, one.status is not EventStatus.HAPPENED)
        for one in dated
        for when, family in ((one.when, family_of(one)),)
        if when is not None
    )
    return TimeLine(
        width=LINE_WIDTH,
        height=LANE_HEIGHT * len(families),
        lanes=tuple((y, family) for family, y in lanes.items()),
        ticks=tuple((_x(date(year, 1, 1), first, last), year) for year in _ticks(first, last)),
        today_x=_x(today, first, last),
        dots=dots,
    )


def _x(day: date, first: int, last: int) -> float:
    whole = (date(last, 1, 1) - date(first, 1, 1)).days
    return round(8 + (LINE_WIDTH - 16) * (day - date(first, 1, 1)).days / whole, 1)


def _ticks(first: int, last: int) -> range:
    step = next(one for one in (1, 2, 5, 10, 20) if (last - first) / one <= 12)
    start = -(-first // step) * step
    return range(start, last + 1, step)
