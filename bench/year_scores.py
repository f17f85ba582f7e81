"""What a user would feel of the year: misses and their causes, false items, repeats, wrong lines, reviews.

Each event of the reference list weighs the same, however much was written of it. Intervals are percentile bootstraps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bench.year_run import Kept, Played, ToldLine, Week
from bench.year_stream import Stream, Truth
from monitor.domain.headline import main_kind
from monitor.domain.model.articles import Label
from monitor.domain.model.events import EXPECTED, EventKind, EventStatus, KnownEvent, Precision
from monitor.domain.model.places import Place

PlaceLookup = Callable[[str], Place | None]

RESAMPLES = 1_000
SEED = 7
OPENING = ("new", "history")  # sections that tell an event for the first time
TELLING = (*OPENING, "developments", "expectations")
DATE_TOLERANCE_DAYS = 1  # as in linking: time zones, arrival against meeting
REPORT_LAG_DAYS = 31  # a month's label says no more
ASIDE_DAYS = 60
TARGET_SHARE, MISS_COST, ALARM_COST = 0.02, 1.0, 0.1  # of topic detection and tracking (TDT)
CAUSES = ("not read", "relevance", "false merge", "place", "not told")
ASPECTS = ("pair", "date", "kind", "status")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:6.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True)
class Missed:
    """An event that a persona should have been told."""

    persona: str
    truth: Truth
    cause: str


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A told line, held against the reference list."""

    persona: str
    week: int
    line: ToldLine
    truth: Truth | None  # None: tells no event of the list that concerns this persona
    is_repeat: bool
    wrong: tuple[str, ...]  # of `ASPECTS`


@dataclass(frozen=True, slots=True)
class Felt:
    """The year of one persona."""

    persona: str
    wanted: tuple[Truth, ...]
    missed: tuple[Missed, ...]
    lines: tuple[JudgedLine, ...]
    reviews: tuple[int, ...]  # a week
    weeks: int


def felt(persona: str, watched: frozenset[str], stream: Stream, played: Played, place: PlaceLookup) -> Felt:
    """Judge the year of one persona; nothing `watched`: everything that is not domestic concerns him."""
    judge = _Judge(stream, played, place)
    weeks = [week for week in played.weeks if week.persona == persona]
    published = {piece.event for piece in played.pieces.values() if piece.published_at <= played.until}
    wanted = tuple(one for one in stream.truths.values() if one.id in published and judge.concerns(one, watched))
    lines = tuple(_judged_lines(weeks, {one.id for one in wanted}, judge))
    told = {one.truth.id for one in lines if one.truth is not None and one.line.section in TELLING}
    missed = tuple(Missed(persona, one, judge.cause(one, watched)) for one in wanted if one.id not in told)
    return Felt(persona, wanted, missed, lines, tuple(len(week.review) for week in weeks), len(weeks))


def _judged_lines(weeks: Sequence[Week], wanted: set[str], judge: _Judge) -> Iterable[JudgedLine]:
    told: set[str] = set()
    for number, week in enumerate(weeks):
        for line in week.lines:
            truth = judge.truth_of(line.urls)
            is_aside = truth is not None and _is_aside(line.event, truth)
            if truth is not None and is_aside and truth.is_invented:  # these announce nothing besides
                truth = None
            elif is_aside and line.section == "expectations":  # what a real text announces may well be true
                continue
            if truth is None or truth.id not in wanted:
                yield JudgedLine(week.persona, number, line, None, False, ())
                continue
            is_repeat = line.section in OPENING and truth.id in told
            if line.section in OPENING:
                told.add(truth.id)
            wrong = tuple(one for one in judge.wrong(line.event, truth) if one != "date" or not is_aside)
            yield JudgedLine(week.persona, number, line, truth, is_repeat, wrong)


class _Judge:
    """Holds what was told against what happened."""

    def __init__(self, stream: Stream, played: Played, place: PlaceLookup) -> None:
        self._truths = stream.truths
        self._played = played
        self._place = place

    def truth_of(self, urls: Sequence[str]) -> Truth | None:
        """What most of its articles tell; of equals the first."""
        named = [event for url in urls if url in self._played.pieces and (event := self._played.pieces[url].event)]
        return self._truths[Counter(named).most_common(1)[0][0]] if named else None

    def concerns(self, truth: Truth, watched: frozenset[str]) -> bool:
        if truth.is_domestic:
            return False
        return not watched or any(self._is_kin(one, other) for ids in truth.pair for one in ids for other in watched)

    def cause(self, truth: Truth, watched: frozenset[str]) -> str:
        """Why nobody was told: the first thing that went wrong with the article that came furthest."""
        articles: list[Kept] = [
            self._played.articles[url]
            for url, piece in self._played.pieces.items()
            if piece.event == truth.id and url in self._played.articles
        ]
        if not articles:
            return "not read"
        events = [event for kept in articles if kept.label is Label.EVENT for event in kept.event_ids]
        if not events:
            return "relevance"
        own = [event for event in events if self.truth_of(self._played.events[event][1]) is truth]
        if not own:
            return "false merge"
        known = [self._played.events[one][0] for one in own]
        if any("pair" in self.wrong(one, truth) or not self._is_watched(one, watched) for one in known):
            return "place"
        return "not told"

    def _is_watched(self, event: KnownEvent, watched: frozenset[str]) -> bool:
        return not watched or any(self._is_kin(one, other) for one in event.participants for other in watched)

    def wrong(self, event: KnownEvent, truth: Truth) -> tuple[str, ...]:
        """What of the line is not as it was; what the list does not know, or the line leaves open, is not wrong."""
        found = {
            "pair": not self._is_right_pair(event.participants, truth),
            "date": _is_wrong_date(event, truth),
            "kind": bool(truth.kinds) and main_kind(event).value not in truth.kinds,
            "status": bool(truth.statuses) and not _is_right_status(event, truth),
        }
        return tuple(aspect for aspect in ASPECTS if found[aspect])

    def _is_right_pair(self, told: frozenset[str], truth: Truth) -> bool:
        """Both sides are named, and nobody else; of a list that names one side only, that one is."""
        named = [any(self._is_kin(one, other) for one in ids for other in told) for ids in truth.pair if ids]
        if not all(named[:2]):
            return False
        others = [one for one in told if not any(self._is_kin(one, other) for ids in truth.pair for other in ids)]
        return not others or len(truth.pair) < 2

    def _is_kin(self, one: str, other: str) -> bool:
        return one == other or other in self._above(one) or one in self._above(other)

    def _above(self, place_id: str) -> set[str]:
        """Seat, province and what follows; not the country, which is kin to everybody."""
        found: set[str] = set()
        waiting = [place_id]
        while waiting:
            entry = self._place(waiting.pop())
            ups = (entry.seat_id, entry.parent_id, entry.successor_id) if entry is not None else ()
            new = [up for up in ups if up and up not in found and not up.startswith("country-")]
            found.update(new)
            waiting += new
        return found


def _is_wrong_date(event: KnownEvent, truth: Truth) -> bool:
    """A day that is told as that of the report is wrong only where it could not be that."""
    if event.when is None or truth.when is None or _is_what_is_meant(event, truth):
        return False
    late = REPORT_LAG_DAYS if event.date_inferred else DATE_TOLERANCE_DAYS
    before, after = truth.when.starts_on - event.when.ends_on, event.when.starts_on - truth.when.ends_on
    return before.days > DATE_TOLERANCE_DAYS or after.days > late


def _is_what_is_meant(event: KnownEvent, truth: Truth) -> bool:
    """Whether a label dates a declaration of intent, and the line the day to come that it is about."""
    is_intent = truth.kinds == {EventKind.AGREEMENT_INTENT.value} and not truth.is_invented
    if not is_intent or event.status not in EXPECTED or event.when is None or truth.when is None:
        return False
    return truth.when.ends_on < event.when.starts_on <= truth.when.ends_on + timedelta(days=ASIDE_DAYS)


def _is_aside(event: KnownEvent, truth: Truth) -> bool:
    """Something to come that an article on another event announces in passing."""
    if event.status not in EXPECTED or event.when is None or truth.when is None:
        return False
    return (event.when.starts_on - truth.when.ends_on).days > ASIDE_DAYS or event.when.precision is Precision.YEAR


def _is_right_status(event: KnownEvent, truth: Truth) -> bool:
    if "approved" in truth.statuses and event.status is EventStatus.HAPPENED:
        return event.kinds[0] is EventKind.AGREEMENT_INTENT  # a consent has happened, a signature has not
    return event.status.value in truth.statuses


# ---------------------------------------------------------------- figures


def figures(year: Felt) -> dict[str, Estimate]:
    """The figures of a persona, with intervals: over events, weeks or lines, whichever they are about."""
    missed = {one.truth.id for one in year.missed}
    false = Counter(one.week for one in year.lines if one.truth is None)
    right = [one for one in year.lines if one.truth is not None]
    return {
        "missed_percent": _mean([100.0 * (one.id in missed) for one in year.wanted]),
        "false_a_digest": _mean([float(false[week]) for week in range(year.weeks)]),
        "repeats_per_100": _mean([100.0 * one.is_repeat for one in year.lines]),
        "wrong_percent": _mean([100.0 * bool(one.wrong) for one in right]),
        **{f"wrong_{aspect}_percent": _mean([100.0 * (aspect in one.wrong) for one in right]) for aspect in ASPECTS},
        "review_a_week": _mean([float(one) for one in year.reviews]),
    }


def _mean(values: Sequence[float]) -> Estimate:
    if not values:
        return Estimate(0.0, 0.0, 0.0)
    random = Random(SEED)
    means = sorted(sum(random.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES))
    cut = RESAMPLES // 40
    return Estimate(sum(values) / len(values), means[cut], means[-cut - 1])


def detection_cost(year: Felt, played: Played) -> float:
    """The normalised cost of TDT: 0 is perfect, 1 what saying nothing costs; trials are events and articles of none."""
    without = [url for url, piece in played.pieces.items() if piece.event is None]
    alarmed = {url for one in year.lines if one.truth is None for url in one.line.urls}
    miss = len(year.missed) / max(1, len(year.wanted))
    alarm = sum(url in alarmed for url in without) / max(1, len(without))
    cost = MISS_COST * TARGET_SHARE * miss + ALARM_COST * (1 - TARGET_SHARE) * alarm
    return cost / min(MISS_COST * TARGET_SHARE, ALARM_COST * (1 - TARGET_SHARE))


def table(years: Sequence[Felt], played: Played) -> str:
    """What is printed: one column a persona."""
    columns = {year.persona: figures(year) for year in years}
    names = list(next(iter(columns.values())))
    lines = [f"{'':22}" + "".join(f"{year.persona:>24}" for year in years)]
    lines.append(f"{'events to be told':22}" + "".join(f"{len(year.wanted):24}" for year in years))
    lines.append(f"{'lines told':22}" + "".join(f"{len(year.lines):24}" for year in years))
    for name in names:
        lines.append(f"{name:22}" + "".join(f"{columns[year.persona][name]!s:>24}" for year in years))
        if name == "missed_percent":
            for cause in CAUSES:
                counts = [sum(one.cause == cause for one in year.missed) for year in years]
                lines.append(f"{'  ' + cause:22}" + "".join(f"{count:24}" for count in counts))
    costs = [detection_cost(year, played) for year in years]
    lines.append(f"{'detection cost':22}" + "".join(f"{cost:24.3f}" for cost in costs))
    return "\n".join(lines)


def worst(years: Sequence[Felt]) -> Mapping[str, float]:
    """Of each figure with a goal the worst persona's; those of single aspects are shown only."""
    found: dict[str, float] = {}
    for year in years:
        for name, estimate in figures(year).items():
            found[name] = max(found.get(name, 0.0), estimate.value)
    return found
