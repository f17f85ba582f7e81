"""Judge the labelled relevance set and unrelated news: the table by language, then each wrong item with its reasons.

    python bench/relevance.py [--alarms] [ID...]

Reads the evaluation data beside the checkout (`../shared/data`); `--alarms` also judges 2,552 unrelated articles and
shows those taken for a relation; ids show those items with all their reasons, right or wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from monitor import resources  # noqa: E402 - run as a script from anywhere
from monitor.adapters.gazetteer import load_gazetteer  # noqa: E402
from monitor.adapters.lexicon import load_lexicon  # noqa: E402
from monitor.domain import decide  # noqa: E402
from monitor.domain.model.articles import ArticleForDecision, Assessment, SourceContext  # noqa: E402
from monitor.domain.text import clean, clean_line  # noqa: E402

SHARED = ROOT.parent / "shared"
EVENT, ON_TOPIC = {"event"}, {"event", "background"}


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled text."""

    id: str
    language: str
    label: str
    title: str
    text: str
    url: str
    published_on: date | None = None


def gold(shared: Path = SHARED) -> list[Item]:
    """The labelled set; the text of seed items is that of the seed document."""
    return [
        Item(
            row["id"],
            row["lang"],
            row["label"],
            row["title"] or "",
            row["text"] or (shared / row["seed_file"]).read_text(encoding="utf-8"),
            row["url"] or "",
        )
        for row in _rows(shared / "data/relevance/gold.jsonl")
    ]


def unrelated(shared: Path = SHARED) -> list[Item]:
    """News of all kinds in forty languages, of which a handful may be on topic by chance."""
    return [
        Item(
            f"t{row['id']}",
            row["lang"],
            "irrelevant",
            row["title"] or "",
            row["text"],
            row["url"],
            date.fromisoformat(row["date"][:10]),
        )
        for row in _rows(shared / "data/neardup/telegram2019.dev.docs.jsonl")
    ]


@cache
def knowledge() -> tuple[decide.Knowledge, object]:
    """Lexicon and gazetteer of this checkout, loaded once."""
    gazetteer = load_gazetteer(ROOT / "monitor/gazetteer", resources.cache())
    return decide.Knowledge(load_lexicon(ROOT / "monitor/lexicon"), gazetteer.place), gazetteer


def judge(items: Sequence[Item]) -> Iterator[tuple[Item, Assessment]]:
    """The assessment of each, by the code of the service."""
    known, gazetteer = knowledge()
    for item in items:
        title, text = clean_line(item.title), clean(item.text)
        hits = gazetteer.find(f"{title}\n\n{text}", item.language)  # type: ignore[attr-defined]
        article = ArticleForDecision(
            item.url, item.url, title, text, item.language, item.published_on, SourceContext("bench"), hits
        )
        yield item, decide.understand(article, known).assessment


def scores(judged: Sequence[tuple[Item, Assessment]], positive: set[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of telling `positive` labels from the rest; uncertain is not positive."""
    told = [(item.label in positive, assessment.label.value in positive) for item, assessment in judged]
    right = sum(gold and said for gold, said in told)
    precision = right / max(1, sum(said for _, said in told))
    recall = right / max(1, sum(gold for gold, _ in told))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _show(item: Item, assessment: Assessment) -> None:
    print(f"\n{item.id} {item.language} {item.label} -> {assessment.label} {assessment.score:.2f} | {item.title[:90]}")
    for reason in assessment.reasons:
        print(f"    {reason.weight:+.1f} {reason.code} {reason.detail} {[span.text for span in reason.spans]}")


def _table(judged: Sequence[tuple[Item, Assessment]]) -> None:
    languages = Counter(item.language for item, _ in judged)
    print(f"{'':8} {'n':>4}  ", "".join(f"{name:>8}" for name in ("event P", "R", "F1", "topic P", "R", "F1")))
    for name in ["all", *(language for language, _ in languages.most_common())]:
        part = [one for one in judged if name in ("all", one[0].language)]
        event, topic = scores(part, EVENT), scores(part, ON_TOPIC)
        print(f"{name:8} {len(part):4}  ", "".join(f"{value:8.3f}" for value in (*event, *topic)))
    print("labels:", dict(Counter(assessment.label.value for _, assessment in judged)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alarms", action="store_true")
    parser.add_argument("ids", nargs="*")
    arguments = parser.parse_args()
    judged = list(judge(gold()))
    _table(judged)
    for item, assessment in judged:
        if item.id in arguments.ids or (not arguments.ids and item.label != assessment.label.value):
            _show(item, assessment)
    if arguments.alarms:
        began = time.perf_counter()
        alarms = list(judge(unrelated()))
        print(f"\nunrelated: {len(alarms) / (time.perf_counter() - began):.0f} articles/s, loading included")
        print("labels:", dict(Counter(assessment.label.value for _, assessment in alarms)))
        for item, assessment in alarms:
            if assessment.label.value in ON_TOPIC:
                _show(item, assessment)


if __name__ == "__main__":
    main()
