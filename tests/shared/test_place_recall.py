"""How many of the labelled places and dates are found: floors that a change of names, weights or patterns must keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

import monitor
from monitor.adapters.gazetteer import NamesGazetteer
from monitor.domain import facts, places
from monitor.domain.lexicon import Lexicon
from monitor.domain.model.articles import ArticleForDecision, SourceContext
from monitor.domain.model.events import Happening, Precision
from monitor.domain.model.places import Mention
from tests import shipped

pytestmark = pytest.mark.shared

PACKAGE = Path(monitor.__file__).parent

# The goal is 0.95 of the labelled places; the labels hold some that the text itself does not name.
PLACES_FLOOR = 0.955
# Of the places that make the main happening of an event.
PARTICIPANTS_RECALL_FLOOR = 0.88
PARTICIPANTS_PRECISION_FLOOR = 0.85
# The labelled set gives no day of publication, so each item is read as if published two days after its event.
REPORTED_AFTER = timedelta(days=2)
DATES_FLOOR = 0.55  # of all items with a date: right, and read from the text rather than from the publication
DATES_PRECISION_FLOOR = 0.76  # of the dates read from the text
KINDS_FLOOR = 0.94  # of event items that share a kind with the label


@dataclass(frozen=True)
class Item:
    id: str
    language: str
    title: str
    text: str
    label: str
    kinds: frozenset[str]
    pair: tuple[str, ...]
    earliest: date | None
    latest: date | None

    @property
    def full_text(self) -> str:
        return f"{self.title}\n\n{self.text}"

    @property
    def published_on(self) -> date | None:
        return self.latest + REPORTED_AFTER if self.latest is not None else None


def last_day(written: str) -> date:
    year, *rest = map(int, written.split("-"))
    if len(rest) == 2:
        return date(year, rest[0], rest[1])
    following = date(year + 1, 1, 1) if not rest or rest[0] == 12 else date(year, rest[0] + 1, 1)
    return following - timedelta(days=1)


def first_day(written: str) -> date:
    year, month, day = (*map(int, written.split("-")), 1, 1)[:3]
    return date(year, month, day)


def read_items(shared: Path) -> Iterator[Item]:
    for line in (shared / "data" / "relevance" / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        seed = row.get("seed_file")
        begins, _, ends = (row["event_date"] or "").partition("/")
        yield Item(
            id=row["id"],
            language=row["lang"],
            title=row["title"],
            text=(shared / seed).read_text(encoding="utf-8") if seed else row["text"],
            label=row["label"],
            kinds=frozenset(row["kinds"] or ()),
            pair=tuple(row["pair"] or ()),
            earliest=first_day(begins) if begins else None,
            latest=last_day(ends or begins) if begins else None,
        )


@pytest.fixture(scope="module")
def gazetteer() -> NamesGazetteer:
    return shipped.gazetteer()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped.lexicon()


@pytest.fixture(scope="module")
def items(shared_data: Path) -> list[Item]:
    return list(read_items(shared_data))


def settle(item: Item, gazetteer: NamesGazetteer, lexicon: Lexicon) -> tuple[Mention, ...]:
    text = item.full_text
    cues = lexicon.find(text, item.language)
    hits = gazetteer.find(text, item.language)
    return places.settle(hits, text, item.language, SourceContext("labelled"), item.published_on, cues)


def happening(item: Item, gazetteer: NamesGazetteer, lexicon: Lexicon) -> Happening | None:
    article = ArticleForDecision(
        url=f"https://example.org/{item.id}",
        url_key=f"example.org/{item.id}",
        title=item.title,
        text=item.text,
        language=item.language,
        published_on=item.published_on,
        source=SourceContext("labelled"),
        hits=gazetteer.find(item.full_text, item.language),
    )
    return facts.gather(article, settle(item, gazetteer, lexicon), lexicon, gazetteer.place).main


def meant(name: str, gazetteer: NamesGazetteer) -> set[str]:
    """The entries a label can mean: by its whole name, without the explanation in brackets, or the city (Jeju City)."""
    spellings = (name, name.split(" (", maxsplit=1)[0], f"{name} City")
    return {place.id for spelling in spellings for place in gazetteer.by_name(spelling)}


def is_among(wanted: set[str], found: frozenset[str], gazetteer: NamesGazetteer) -> bool:
    """Whether one of the wanted entries was found, or a part of it (the medical school of the university)."""
    if wanted & found:
        return True
    uppers = [place for one in wanted if (place := gazetteer.place(one)) is not None]
    lowers = [place for one in found if (place := gazetteer.place(one)) is not None and place.seat_id is not None]
    return any(
        upper.seat_id is not None and places.covers(upper, lower, gazetteer.place)
        for upper in uppers
        for lower in lowers
    )


def test_labelled_places_are_found(items: list[Item], gazetteer: NamesGazetteer, lexicon: Lexicon) -> None:
    found = missed = 0
    for item in items:
        named = frozenset(one.place_id for one in settle(item, gazetteer, lexicon) if one.place_id is not None)
        for name in item.pair:
            if is_among(meant(name, gazetteer), named, gazetteer):
                found += 1
            else:
                missed += 1
    assert found + missed > 300
    assert found / (found + missed) >= PLACES_FLOOR


def test_participants_are_the_labelled_pair(items: list[Item], gazetteer: NamesGazetteer, lexicon: Lexicon) -> None:
    wanted = told = hit = right = 0
    for item in items:
        main = happening(item, gazetteer, lexicon) if item.label == "event" else None
        if main is None:
            continue
        entries = [meant(name, gazetteer) for name in item.pair]
        wanted += len(entries)
        told += len(main.participants)
        hit += sum(is_among(one, main.participants, gazetteer) for one in entries)
        right += sum(any(place_id in one for one in entries) for place_id in main.participants)
    assert wanted > 200
    assert hit / wanted >= PARTICIPANTS_RECALL_FLOOR
    assert right / told >= PARTICIPANTS_PRECISION_FLOOR


def is_right(main: Happening, item: Item) -> bool:
    if main.when is None or item.earliest is None or item.latest is None:
        return False
    overlaps = main.when.starts_on <= item.latest and main.when.ends_on >= item.earliest
    is_vague = main.when.precision is Precision.YEAR and (item.latest - item.earliest).days < 300
    return overlaps and not is_vague


def test_labelled_dates_are_read(items: list[Item], gazetteer: NamesGazetteer, lexicon: Lexicon) -> None:
    dated = read = right = 0
    for item in items:
        if item.label != "event" or item.latest is None:
            continue
        dated += 1
        main = happening(item, gazetteer, lexicon)
        if main is None or main.when is None or main.date_inferred:
            continue
        read += 1
        right += is_right(main, item)
    assert dated > 90
    assert right / dated >= DATES_FLOOR
    assert right / read >= DATES_PRECISION_FLOOR


def test_nearly_every_event_gets_one_of_its_kinds(
    items: list[Item], gazetteer: NamesGazetteer, lexicon: Lexicon
) -> None:
    events = [item for item in items if item.label == "event" and item.kinds]
    shared = 0
    for item in events:
        main = happening(item, gazetteer, lexicon)
        shared += main is not None and bool(item.kinds & {kind.value for kind in main.kinds})
    assert shared / len(events) >= KINDS_FLOOR
