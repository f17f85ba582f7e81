"""Look-alikes and retellings, both invented: what must stay apart, and what must come together.

A look-alike differs from its original in one respect: the partner, the edition, the day or the step of the affair. Half
are written in the very words of their original, as town halls do every year, half in other words or another language.
All are synthetic: see `bench.invented`.

    python -m bench.lookalikes [--show]
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from bench import invented, throwaway
from bench.invented import LANGUAGES, Occurrence, Text
from monitor.domain.model.articles import Label
from monitor.pipeline.files import Assessing, Item, Judgement, assess_stream
from monitor.ports import Gazetteer

COUNT = 150  # of each sort
SEED = 20_260_401
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SWAPS = ("pair", "ordinal", "date", "status")
FIRST_YEAR = 2008  # the cases of one pair of cities lie two years apart, so that they cannot meet


@dataclass(frozen=True, slots=True)
class Case:
    """Two articles, and whether they are on the same event."""

    name: str
    sort: str  # how they differ
    texts: tuple[Text, Text]
    same: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what the product makes of it."""

    case: Case
    first: Judgement
    second: Judgement

    @property
    def joined(self) -> bool:
        """Both are told as one event."""
        return self.first.event is not None and self.first.event == self.second.event

    @property
    def is_told(self) -> bool:
        """Both are taken for reports of an event at all."""
        return self.first.label is Label.EVENT and self.second.label is Label.EVENT


def look_alikes(gazetteer: Gazetteer, count: int = COUNT) -> Iterator[Case]:
    """Each swap in turn; the pair of the text, its language and its wording vary."""
    random = Random(SEED)
    for index in range(count):
        swap = SWAPS[index % len(SWAPS)]
        kind = {"ordinal": "conference", "status": ("signed", "approved", "ended")[index // 4 % 3]}.get(
            swap, invented.KINDS[index // len(SWAPS) % len(invented.KINDS)]
        )
        original = _occurrence(index, kind, random)
        other = invented.swapped(original, swap, random)
        language = LANGUAGES[index // len(SWAPS) % len(LANGUAGES)]
        alike = index // len(SWAPS) % 2 == 0
        texts = (
            invented.write(original, language, gazetteer, 0, index % 3),
            invented.write(other, language if alike else _another(language), gazetteer, 0 if alike else 1, index % 3),
        )
        yield Case(f"l{index:03}", f"{swap}, {'same wording' if alike else 'other wording'}", texts, same=False)


def retellings(gazetteer: Gazetteer, count: int = COUNT) -> Iterator[Case]:
    """Each kind in turn, in another wording or another language, some days later, every third without a year."""
    random = Random(SEED + 1)
    for index in range(count):
        original = _occurrence(index, invented.KINDS[index % len(invented.KINDS)], random)
        # Only these languages have two wordings of each kind.
        language = ("en", "fr", "zh", "vi")[index % 4] if index % 2 == 0 else LANGUAGES[index % len(LANGUAGES)]
        across = index % 2 == 1
        second = _another(language, step=1 + index // 2 % (len(LANGUAGES) - 1)) if across else language
        told = replace(original, number=original.number + (3 if index % 5 == 0 else 0))  # counts differ between papers
        texts = (
            invented.write(original, language, gazetteer, 0, index % 2),
            invented.write(told, second, gazetteer, 1, index % 4, with_year=index % 3 > 0),
        )
        yield Case(f"r{index:03}", "another language" if across else "other wording", texts, same=True)


def _occurrence(index: int, kind: str, random: Random) -> Occurrence:
    a, b = invented.PAIRS[index % len(invented.PAIRS)]
    year = FIRST_YEAR + 2 * (index // len(invented.PAIRS))
    on = date(year, 1, 10) + timedelta(days=random.randrange(160))
    return Occurrence(kind, a, b, on, random.randrange(3, 12), random.randrange(17, 190), random.randrange(2, 12) * 5)


def _another(language: str, step: int = 1) -> str:
    return LANGUAGES[(LANGUAGES.index(language) + step) % len(LANGUAGES)]


def judge(cases: Sequence[Case], assessing: Assessing) -> Iterator[Judged]:
    """One stream, the two articles of a case in order."""
    items = [
        Item(f"{case.name}-{side}", text.title, text.body, None, text.language, text.published_on)
        for case in cases
        for side, text in enumerate(case.texts)
    ]
    told = {judgement.id: judgement for judgement in assess_stream(items, NOW, assessing)}
    return (Judged(case, told[f"{case.name}-0"], told[f"{case.name}-1"]) for case in cases)


def run() -> tuple[list[Judged], list[Judged]]:
    """The look-alikes and the retellings, each on an archive of their own."""
    with throwaway.assessing() as one:
        apart = list(judge(list(look_alikes(one.gazetteer)), one))
    with throwaway.assessing() as one:
        together = list(judge(list(retellings(one.gazetteer)), one))
    return apart, together


def figures(apart: Sequence[Judged], together: Sequence[Judged]) -> dict[str, float]:
    """Those with floors: look-alikes joined, and the shares of retellings joined and of pairs taken for events."""
    return {
        "joined": float(sum(one.joined for one in apart)),
        "retellings_joined": sum(one.joined for one in together) / len(together),
        "told": sum(one.is_told for one in (*apart, *together)) / (len(apart) + len(together)),
    }


def table(apart: Sequence[Judged], together: Sequence[Judged]) -> str:
    """How many of each sort were joined."""
    lines = ["look-alikes and retellings (synthetic, by the authors of the rules):"]
    for name, judged in (("look-alikes", apart), ("retellings", together)):
        sorts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for one in judged:
            for sort in ("all", one.case.sort):
                sorts[sort].update({"n": 1, "joined": one.joined, "told": one.is_told})
        for sort, count in sorted(sorts.items()):
            lines.append(
                f"  {name:12} {sort:24} joined {count['joined']:3} of {count['n']:3}   both told {count['told']:3}"
            )
    return "\n".join(lines)


def evaluate() -> dict[str, float]:
    """Print the table; the figures with floors."""
    apart, together = run()
    print(table(apart, together))
    return figures(apart, together)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="every case that went wrong")
    arguments = parser.parse_args()
    apart, together = run()
    print(table(apart, together))
    for one in (*apart, *together) if arguments.show else ():
        if one.joined != one.case.same or not one.is_told:
            print(f"\n{one.case.name} {one.case.sort} joined={one.joined}")
            for text, told in zip(one.case.texts, (one.first, one.second), strict=True):
                print(f"  {text.language} {text.title} | {text.body[:160]}")
                print(
                    f"    {told.label} {told.score:.2f} {[str(kind) for kind in told.kinds]} {told.participants}"
                    f" {told.event_date} copy of {told.duplicate_of}"
                )


if __name__ == "__main__":
    main()
