"""How much of what the labelled items name is recognised as a place, and how many unrelated articles raise an alarm.

Both through the code of the service: `python -m bench.recognition`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench import relevance
from monitor.domain import places
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import SourceContext
from monitor.ports import Gazetteer

SHARED = Path(__file__).resolve().parents[2] / "shared"


@dataclass(frozen=True, slots=True)
class Missed:
    """A labelled place that was not recognised in its item."""

    item: str
    name: str
    is_in_gazetteer: bool


def meant(name: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Ids of the places that a label can mean: by its whole name, else without the explanation in brackets."""
    spellings = (name, name.split(" (", maxsplit=1)[0])
    return frozenset(place.id for spelling in spellings for place in gazetteer.by_name(spelling))


def is_among(wanted: frozenset[str], found: frozenset[str], gazetteer: Gazetteer) -> bool:
    """Whether one of the wanted places was found, or a part of it: the medical school stands for the university."""
    if wanted & found:
        return True
    uppers = [place for one in wanted if (place := gazetteer.place(one)) is not None and place.seat_id is not None]
    lowers = [place for one in found if (place := gazetteer.place(one)) is not None and place.seat_id is not None]
    return any(places.covers(upper, lower, gazetteer.place) for upper in uppers for lower in lowers)


def place_recall(shared: Path, gazetteer: Gazetteer, knowledge: Knowledge) -> tuple[float, list[Missed]]:
    """The share of the labelled places that their item's text settles, and those it does not."""
    named = 0
    missed: list[Missed] = []
    for line in (shared / "data/relevance/gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        body = (shared / row["seed_file"]).read_text(encoding="utf-8") if row.get("seed_file") else row["text"]
        text = f"{row['title']}\n\n{body}"
        cues = knowledge.lexicon.find(text, row["lang"])
        hits = gazetteer.find(text, row["lang"])
        mentions = places.settle(hits, text, row["lang"], SourceContext("labelled"), None, cues)
        found = frozenset(one.place_id for one in mentions if one.place_id is not None)
        for name in row["pair"] or ():
            named += 1
            wanted = meant(name, gazetteer)
            if not is_among(wanted, found, gazetteer):
                missed.append(Missed(row["id"], name, bool(wanted)))
    return 1 - len(missed) / named, missed


def evaluate(shared: Path = SHARED) -> dict[str, float]:
    """Print what was found; the figures with floors (`alarms` is one with a ceiling)."""
    knowledge, gazetteer = relevance.knowledge()
    recall, missed = place_recall(shared, gazetteer, knowledge)  # type: ignore[arg-type]
    print(f"places: {recall:.3f} of the labelled ones recognised; missed:")
    for one in missed:
        print(f"  {one.item} {one.name}{'' if one.is_in_gazetteer else ' (not in the gazetteer)'}")
    judged = list(relevance.judge(relevance.unrelated(shared)))
    labels = Counter(assessment.label.value for _, assessment in judged)
    print(f"unrelated news: {dict(labels)} of {len(judged)}")
    for item, assessment in judged:
        if assessment.label.value in relevance.ON_TOPIC:
            print(f"  {item.id} {item.language} {assessment.label.value} {assessment.score:.2f} {item.title[:90]}")
    return {
        "places": recall,
        "alarms": float(sum(labels[one] for one in relevance.ON_TOPIC)),
        "unrelated_uncertain": labels["uncertain"] / len(judged),
    }


if __name__ == "__main__":
    print(evaluate())
