"""A year of news for `make evaluate-year`: what is published when, and which event it tells, if any.

Real texts are moved into the year: their days and months stand, every year number in them is shifted alike, so that
anniversaries and editions still fit, and every name of a weekday by as many days as the calendar moves with it. Of the
labelled items all of an event move together; one that tells of "today" or "yesterday" appears when that is true.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from bench import invented, relevance
from bench.invented import Occurrence
from bench.recognition import meant
from monitor.domain.date_finders import find_written
from monitor.domain.lexicon import Lexicon, primary
from monitor.domain.model.events import DateRange, Precision
from monitor.domain.text import is_cjk
from monitor.ports import Gazetteer

SEED = 20_260_105
FIRST_DAY = date(2026, 1, 5)  # a Monday
WEEKS = 52
LAST_DAY = FIRST_DAY + timedelta(weeks=WEEKS) - timedelta(days=8)  # news of the last day still reaches a digest
UNRELATED = 5_000
HARD = 300
COPIES_EACH = 5  # one first report in so many goes out as a wire text, and is printed by another paper too
LATE_EACH = 12  # one event in so many is told once more, weeks later

NANCY_PAIRS = tuple(
    ("nancy", one)
    for one in ("kanazawa", "karlsruhe", "newcastle-upon-tyne", "padova", "cincinnati", "lublin", "kunming", "liege")
)
LAO_CAI_PAIRS = tuple(("lao-cai", one) for one in ("yunnan", "honghe", "cotes-d-armor", "guangxi", "wenshan"))
PROVINCE_KINDS = ("province_signed", "province_visit", "province_conference", "province_exchange")
EVENTS_OF_OTHER_PAIRS = 3
EVENTS_OF_WATCHED_PAIRS = 3
LIFE_CYCLES = 12
CLEAR_DAYS = 20  # between what is invented and what is real at a watched place

_KINDS = {
    "signed": {"agreement_signed"},
    "visit": {"delegation_visit", "talks"},
    "conference": {"conference"},
    "anniversary": {"anniversary"},
    "exchange": {"exchange", "delegation_visit"},
    "aid": {"aid"},
    "ended": {"agreement_ended"},
    "approved": {"agreement_intent", "agreement_signed"},
    "announced": {"agreement_signed", "agreement_intent"},
}
_LANGUAGES = {
    "FR": "fr",
    "CN": "zh",
    "DE": "de",
    "JP": "ja",
    "ES": "es",
    "GB": "en",
    "US": "en",
    "CA": "en",
    "VN": "vi",
}
SHORTEST_WEEKDAY = 4  # letters: shorter ones are other words too often
_YEAR_NUMBER = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Truth:
    """An event of the reference list."""

    id: str
    pair: tuple[frozenset[str], ...]  # for each place that takes part the ids it may have
    kinds: frozenset[str]
    when: DateRange | None
    statuses: frozenset[str] = frozenset()  # that it may be told with; none: not known
    is_domestic: bool = False
    is_invented: bool = True
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of the stream."""

    id: str
    language: str
    title: str
    text: str
    published_at: datetime
    sort: str  # labelled, invented, copy, hard, unrelated
    event: str | None = None  # of `Truth`; None: tells none


@dataclass(slots=True)
class Stream:
    """Everything that is published, and what happened."""

    pieces: list[Piece] = field(default_factory=list)
    truths: dict[str, Truth] = field(default_factory=dict)


def build(shared: Path, gazetteer: Gazetteer, unrelated: int = UNRELATED, hard: int = HARD) -> Stream:
    """The year; the same in every run."""
    random = Random(SEED)
    stream = Stream()
    _add_labelled(stream, shared, gazetteer, random)
    _add_invented(stream, gazetteer, random)
    span = (LAST_DAY - FIRST_DAY).days
    for index, text in enumerate(invented.hard_local_news(hard, random, gazetteer, FIRST_DAY, span)):
        moment = _moment(text.published_on, random)
        stream.pieces.append(Piece(f"hard-{index}", text.language, text.title, text.body, moment, "hard"))
    stream.pieces += random.sample(candidates := list(_unrelated(shared, random)), min(unrelated, len(candidates)))
    stream.pieces.sort(key=lambda piece: (piece.published_at, piece.id))
    return stream


# ---------------------------------------------------------------- labelled items


def _add_labelled(stream: Stream, shared: Path, gazetteer: Gazetteer, random: Random) -> None:
    rows = list(_rows(shared / "data/relevance/gold.jsonl"))
    lexicon = relevance.knowledge()[0].lexicon
    days = {_event_of(row): _written(row) for row in reversed(rows) if row["label"] == "event" and row["event_date"]}
    starts: dict[str, date] = {}
    for row in rows:
        event = _event_of(row) if row["label"] == "event" else None
        told = days.get(event) if event is not None else None
        shift = FIRST_DAY.year - told.starts_on.year if told is not None else 0
        moved = _moved(told, shift)
        if event is not None and event not in stream.truths:
            stream.truths[event] = _truth(event, row, moved, gazetteer)
        turn = 0
        if told is not None and moved is not None and told.precision is not Precision.YEAR:
            happened = moved.ends_on
            turn = (happened - told.ends_on).days % 7
        else:
            happened = starts.setdefault(event or row["id"], _any_day(random))
        text = (shared / row["seed_file"]).read_text(encoding="utf-8") if row.get("seed_file") else row["text"]
        lag = _told_lag(f"{row['title'] or ''}\n\n{text}", row["lang"], lexicon)
        after = random.randrange(1, 4)
        published = min(max(happened + timedelta(days=after if lag is None else lag), FIRST_DAY), LAST_DAY)
        stream.pieces.append(
            Piece(
                row["id"],
                row["lang"],
                turned(shifted(row["title"] or "", shift), turn, row["lang"], lexicon),
                turned(shifted(text, shift), turn, row["lang"], lexicon),
                _moment(published, random),
                "labelled",
                event,
            )
        )


def _event_of(row: Mapping[str, str]) -> str:
    return row["event_group"] or row["id"]


def _truth(event: str, row: Mapping[str, str], when: DateRange | None, gazetteer: Gazetteer) -> Truth:
    return Truth(
        id=event,
        pair=tuple(meant(name, gazetteer) for name in row["pair"] or ()),
        kinds=frozenset(row["kinds"] or ()),
        when=when,
        is_domestic=row["scope"] == "domestic",
        is_invented=False,
        title=row["title"] or "",
    )


def _written(row: Mapping[str, str]) -> DateRange:
    """A label's date: a day, a month, a year, or two days with a stroke between."""
    first, _, last = row["event_date"].partition("/")
    parts = list(map(int, first.split("-")))
    start = date(parts[0], *[*parts[1:], 1, 1][:2])
    if len(parts) == 3:
        return DateRange(start, date.fromisoformat(last) if last else start)
    following = (
        date(start.year + 1, 1, 1) if len(parts) == 1 or start.month == 12 else start.replace(month=start.month + 1)
    )
    return DateRange(start, following - timedelta(days=1), Precision.YEAR if len(parts) == 1 else Precision.MONTH)


def _moved(when: DateRange | None, years: int) -> DateRange | None:
    if when is None:
        return None
    first, last = (
        one.replace(year=one.year + years, day=min(one.day, 28) if one.month == 2 else one.day)
        for one in (when.starts_on, when.ends_on)
    )
    return replace(when, starts_on=first, ends_on=last)


def shifted(text: str, years: int) -> str:
    """The text with every year number moved."""
    return _YEAR_NUMBER.sub(lambda match: str(int(match[1]) + years), text) if years else text


def turned(text: str, days: int, language: str, lexicon: Lexicon) -> str:
    """The text with every weekday, where its name is written out, moved by `days`, form for form as the lexicon has
    them.
    """
    if not days:
        return text
    weekdays = lexicon.dates(language).weekdays
    moved = {
        form.casefold(): (other := weekdays[(number + days) % 7])[at if at < len(other) else 0]
        for number, forms in enumerate(weekdays)
        for at, form in enumerate(forms)
        if len(form) >= SHORTEST_WEEKDAY and form.isalpha() and not is_cjk(form)
    }
    if not moved:
        return text
    names = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, moved), key=len, reverse=True))})\b", re.IGNORECASE)

    def name(match: re.Match[str]) -> str:
        found = moved.get(match[0].casefold(), match[0])
        return found.capitalize() if match[0][0].isupper() else found

    return names.sub(name, text)


def _told_lag(text: str, language: str, lexicon: Lexicon) -> int | None:
    """How many days after the event a text appears that tells it of "today" or "yesterday"; None: it does not."""
    written = find_written(text, primary(language), lexicon.dates(language))
    return next((-one.days_offset for one in written if one.days_offset is not None and one.days_offset <= 0), None)


# ---------------------------------------------------------------- invented events


def _add_invented(stream: Stream, gazetteer: Gazetteer, random: Random) -> None:
    made: list[Occurrence] = []
    for pairs, kinds, count in (
        (invented.PAIRS, invented.KINDS, EVENTS_OF_OTHER_PAIRS),
        (NANCY_PAIRS, invented.KINDS, EVENTS_OF_WATCHED_PAIRS),
        (LAO_CAI_PAIRS, PROVINCE_KINDS, EVENTS_OF_WATCHED_PAIRS),
    ):
        for pair in pairs:
            made += [_occurrence(kind, pair, random) for kind in random.sample(kinds, count)]
    labelled = list(stream.truths.values())
    for index, occurrence in enumerate(_clear_of(one, labelled) for one in made):
        event = f"i{index:03}"
        stream.truths[event] = _invented_truth(event, occurrence, {"happened"})
        _tell(stream, event, occurrence, gazetteer, random, late=index % LATE_EACH == 0)
    for index, pair in enumerate(invented.PAIRS[:LIFE_CYCLES]):
        _add_life_cycle(stream, f"c{index:02}", pair, gazetteer, random, postponed=index % 3 == 2)


def _clear_of(occurrence: Occurrence, labelled: Sequence[Truth]) -> Occurrence:
    """Moved on, where something real befell its first place in those days: nobody could tell the two apart."""
    busy = [one.when for one in labelled if one.when is not None and any(occurrence.a in ids for ids in one.pair)]
    days = [one for one in busy if one.precision is Precision.DAY]
    on = occurrence.on
    while any(abs((on - one.starts_on).days) < CLEAR_DAYS for one in days):
        on += timedelta(days=CLEAR_DAYS)
        if on > LAST_DAY:
            on = FIRST_DAY + (on - LAST_DAY)
    return replace(occurrence, on=on)


def _add_life_cycle(
    stream: Stream, event: str, pair: tuple[str, str], gazetteer: Gazetteer, random: Random, postponed: bool
) -> None:
    """Announced, perhaps put off, then signed: one event with its steps."""
    b, a = pair  # the other way round: the pair has events of its own
    planned = _any_day(random, margin=70)
    signed = replace(_occurrence("signed", (a, b), random), on=planned + timedelta(days=42 if postponed else 0))
    announced = replace(signed, kind="announced", on=planned)
    stream.truths[event] = replace(
        _invented_truth(event, signed, {"announced", "postponed", "happened", "proposed"}),
        kinds=frozenset(_KINDS["announced"]),
        when=DateRange(planned, signed.on),
    )
    _tell(stream, event, announced, gazetteer, random, lag=-random.randrange(12, 30))
    if postponed:
        _tell(stream, event, replace(announced, kind="postponed"), gazetteer, random, lag=-random.randrange(1, 4))
    _tell(stream, event, signed, gazetteer, random)


def _invented_truth(event: str, one: Occurrence, statuses: set[str]) -> Truth:
    kind = one.kind.removeprefix(invented.PROVINCE)
    if kind == "approved":
        statuses = {"approved", "announced", "proposed", "happened"}
    pair = (frozenset({one.a}), frozenset({one.b}))
    title = f"{one.kind}: {one.a}, {one.b}"
    return Truth(event, pair, frozenset(_KINDS[kind]), DateRange(one.on, one.on), frozenset(statuses), title=title)


def _tell(
    stream: Stream,
    event: str,
    occurrence: Occurrence,
    gazetteer: Gazetteer,
    random: Random,
    lag: int | None = None,
    late: bool = False,
) -> None:
    """One to four reports in the languages of both sides and others; the first may be printed twice."""
    home = [
        _LANGUAGES.get(place.country, "en")
        for one in (occurrence.a, occurrence.b)
        if (place := gazetteer.place(one)) is not None
    ]
    possible = ("en", "fr", "vi", "zh") if occurrence.kind.startswith(invented.PROVINCE) else invented.LANGUAGES
    others = random.sample(possible, len(possible))
    languages = [one for one in dict.fromkeys((*home, *others)) if one in possible][: random.randrange(1, 5)]
    lags = [lag or random.randrange(3), *((lag or 0) + random.randrange(11) for _ in languages[1:])]
    if late:
        languages, lags = [*languages, languages[-1]], [*lags, random.randrange(20, 50)]
    for index, (language, days) in enumerate(zip(languages, lags, strict=True)):
        wording = random.randrange(2)
        text = invented.write(
            occurrence, language, gazetteer, wording, days, with_year=random.random() < 0.7, filling=random
        )
        day = min(max(text.published_on, FIRST_DAY), LAST_DAY)
        name = f"{event}-{occurrence.kind}-{index}"
        piece = Piece(name, language, text.title, text.body, _moment(day, random), "invented", event)
        stream.pieces.append(piece)
        if index == 0 and random.randrange(COPIES_EACH) == 0:
            later = min(piece.published_at + timedelta(hours=random.randrange(2, 60)), _end())
            stream.pieces.append(replace(piece, id=f"{name}-copy", published_at=later, sort="copy"))


def _occurrence(kind: str, pair: tuple[str, str], random: Random) -> Occurrence:
    a, b = pair
    return Occurrence(
        kind, a, b, _any_day(random), random.randrange(3, 12), random.randrange(17, 190), random.randrange(2, 12) * 5
    )


# ---------------------------------------------------------------- unrelated


def _unrelated(shared: Path, random: Random) -> Iterator[Piece]:
    """Real news, without machine translations."""
    for row in _rows(shared / "data/neardup/telegram2019.dev.docs.jsonl"):
        yield _moved_news(f"t{row['id']}", row, FIRST_DAY.year - int(row["date"][:4]), random)
    for row in _rows(shared / "data/events/ecbplus.dev.jsonl"):
        yield _moved_news(f"e{row['id']}", row, 0, random)
    for row in _rows(shared / "data/events/semeval22.dev.docs.jsonl"):
        if row["id"].isdigit():
            yield _moved_news(f"s{row['id']}", row, FIRST_DAY.year - 2020, random)


def _moved_news(name: str, row: Mapping[str, str], years: int, random: Random) -> Piece:
    text = shifted(row["text"], years)
    title = shifted(row["title"] or "", years) or text[:80]
    return Piece(name, row["lang"], title, text, _moment(_any_day(random), random), "unrelated")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _any_day(random: Random, margin: int = 0) -> date:
    return FIRST_DAY + timedelta(days=random.randrange(margin, (LAST_DAY - FIRST_DAY).days - margin))


def _moment(day: date, random: Random) -> datetime:
    return datetime.combine(day, time(random.randrange(5, 22), random.randrange(60)), UTC)


def _end() -> datetime:
    return datetime.combine(LAST_DAY, time(22), UTC)
