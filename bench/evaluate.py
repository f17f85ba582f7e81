"""`make evaluate`: how good the product is on the evaluation data beside the checkout, against the floors pinned in
floors.toml.

Relevance runs through `monitor assess`, the way a stranger would measure it; feeds and pages through the tasks of the
children; look-alikes and general news through the stages on an archive of their own. What is below its goal stands in
floors.toml with the goal beside it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from bench import clustering, copies, extraction, feeds, lookalikes, recognition

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FLOORS = ROOT / "bench" / "floors.toml"


def relevance_lines(folder: Path) -> list[dict[str, object]]:
    """The labelled items in the form that `monitor assess` reads."""
    lines = []
    for row in (json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()):
        text = row["text"]
        if row.get("seed_file"):
            text = (SHARED / row["seed_file"]).read_text(encoding="utf-8")
        lines.append(
            {"id": row["id"], "title": row["title"] or "", "text": text, "lang": row["lang"], "url": row["url"]}
        )
    return lines


def assess(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """What the installed program says of them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.jsonl"
        path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "assess", str(path)], check=True, capture_output=True, encoding="utf-8"
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def score_relevance(predictions: list[dict[str, object]]) -> str:
    """The table of the set's own scorer."""
    folder = SHARED / "data" / "relevance"
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "predictions.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in predictions), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(folder / "score.py"), str(path)], check=True, capture_output=True, encoding="utf-8"
        )
    return done.stdout


def figures(table: str) -> dict[str, float]:
    """The figures that have floors."""
    patterns = {
        "event_f1": r"^event +all .* F1 ([\d.]+)",
        "on_topic_f1": r"^on-topic +all .* F1 ([\d.]+)",
        "kinds": r"^kinds: ([\d.]+)",
        "same_event_precision": r"^same event, pairs: P ([\d.]+)",
        "same_event_recall": r"^same event, pairs: P [\d.]+ R ([\d.]+)",
    }
    found = {}
    for name, pattern in patterns.items():
        match = re.search(pattern, table, re.MULTILINE)
        if match is None:
            raise SystemExit(f"the scorer's table has no {name}")
        found[name] = float(match[1])
    return found | _by_language(table) | {"uncertain": _uncertain(table)}


def _by_language(table: str) -> dict[str, float]:
    """The worst F1 of those languages that have ten items."""
    return {
        f"{name}_f1_of_a_language": min(
            float(value) for value in re.findall(rf"^{label} +[a-z]+ +P .* F1 ([\d.]+)  n=", table, re.MULTILINE)
        )
        for name, label in (("event", "event"), ("on_topic", "on-topic"))
    }


def _uncertain(table: str) -> float:
    """The share of items that are left to a reviewer."""
    found = re.search(r"^uncertain: (\d+) of (\d+)", table, re.MULTILINE)
    if found is None:
        raise SystemExit("the scorer's table has no uncertain items")
    return int(found[1]) / int(found[2])


def below(found: dict[str, float], floors: dict[str, float]) -> list[str]:
    """The figures that fell under their floor."""
    return [
        f"{name}: {found[name]:.3f} is under its floor {floor:.3f}"
        for name, floor in floors.items()
        if found[name] < floor
    ]


def beyond(found: dict[str, float], section: dict[str, Any]) -> list[str]:
    """The figures of a section under their floor, or over their ceiling (its table `at_most`)."""
    ceilings = section.get("at_most", {})
    return below(found, {name: floor for name, floor in section.items() if name != "at_most"}) + [
        f"{name}: {found[name]:.3f} is over its ceiling {ceiling:.3f}"
        for name, ceiling in ceilings.items()
        if found[name] > ceiling
    ]


def main() -> None:
    if not SHARED.is_dir():
        raise SystemExit("the evaluation data is not there: it is expected beside the checkout, in ../shared")
    table = score_relevance(assess(relevance_lines(SHARED / "data" / "relevance")))
    print(table)
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    failures = beyond(figures(table), floors["relevance"])
    failures += beyond(recognition.evaluate(SHARED), floors["recognition"])
    failures += beyond(lookalikes.evaluate(), floors["lookalikes"])
    failures += beyond(clustering.evaluate(SHARED), floors["events"])
    failures += below(copies.evaluate(SHARED), floors["copies"])
    failures += below(feeds.evaluate(SHARED), floors["feeds"])
    extracted, found, _ = extraction.evaluate()
    print(extracted)
    failures += below(found, floors["extraction"])
    for failure in failures:
        print(failure)
    if failures:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
