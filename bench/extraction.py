"""How well articles are taken out of pages, on the five sets of real pages beside the checkout (and dates on a sixth).

    python -m bench.extraction [--singles] [--errors N]

Runs the child's own task on every page in two processes and trafilatura with its metadata on the same pages in the same
run, scores with the data's own scorer and prints a table. `--singles` runs the single extractors too, instead of citing
their figures.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import trafilatura

from monitor.adapters.children.article import extract_article
from monitor.adapters.children.charset import decode
from monitor.adapters.children.consensus import readability_text
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import parse_html
from monitor.adapters.extraction import article_data
from monitor.domain.feed_dates import published

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "extraction"
SETS = ("zyte", "fundus", "wcxb", "trafi", "daniel")
DATED = ("fundus", "wcxb", "trafi", "htmldate")
TITLED = ("fundus", "wcxb")
# The best single extractor on each set, of six measured when the sets were made (trafilatura 2.3.1 in three moods,
# newspaper4k 0.9.6, readability-lxml 0.9, resiliparse 2.0.1); token F1 of the body, of the snippets on trafi.
BEST_SINGLE = {"zyte": 0.970, "fundus": 0.956, "wcxb": 0.950, "trafi": 0.920, "daniel": 0.904}
NOW = datetime(2026, 11, 20, tzinfo=UTC)  # a clock for dates that would lie ahead

Page = dict[str, Any]
Prediction = dict[str, Any]


def pages_of(name: str) -> list[Page]:
    """The pages of one set with what is right for them."""
    lines = (DATA / name / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def body_of(page: Page) -> bytes:
    """The stored bytes of a page."""
    return gzip.decompress((DATA / page["set"] / page["html"]).read_bytes())


def load_scorer() -> ModuleType:
    """The metric that belongs to the data."""
    spec = importlib.util.spec_from_file_location("score", DATA / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ours(page: Page, body: bytes) -> Prediction:
    """What the product makes of a page; a refused page has no text, but may have a date."""
    payload = {"url": page["url"], "content_type": "text/html", "language": None}
    try:
        answer = extract_article(payload, body)
    except Refused as refused:
        date = published(refused.told.get("published_raw"), NOW)
        refusal = f"{refused.label}: {refused.detail}"
        return {"text": "", "date": date.on.isoformat() if date else None, "refused": refusal}
    article = article_data(answer, page["url"], NOW)
    day = article.published_on.isoformat() if article.published_on else None
    return {"title": article.title, "text": article.text, "date": day, "notes": list(article.notes)}


def with_metadata(page: Page, body: bytes) -> Prediction:
    """The yardstick of speed."""
    found = trafilatura.bare_extraction(body, url=page["url"], include_comments=False, with_metadata=True)
    return {} if found is None else {"title": found.title, "text": found.text, "date": found.date}


def _in_mood(**mood: bool) -> Callable[[Page, bytes], Prediction]:
    def extract(page: Page, body: bytes) -> Prediction:
        found = trafilatura.bare_extraction(body, url=page["url"], include_comments=False, with_metadata=False, **mood)
        return {"text": "" if found is None else found.text}

    return extract


def _readability(_page: Page, body: bytes) -> Prediction:
    tree = parse_html(decode(body, "text/html").text)
    return {"text": "" if tree is None else readability_text(tree)}


SYSTEMS: dict[str, Callable[[Page, bytes], Prediction]] = {"ours": ours, "trafilatura+metadata": with_metadata}
SINGLES: dict[str, Callable[[Page, bytes], Prediction]] = {
    "trafilatura": _in_mood(),
    "trafilatura precision": _in_mood(favor_precision=True),
    "trafilatura recall": _in_mood(favor_recall=True),
    "trafilatura fast": _in_mood(fast=True),
    "readability (bundled)": _readability,
}


def _measure(job: tuple[str, Page]) -> tuple[str, Prediction]:
    name, page = job
    body = body_of(page)
    began = time.perf_counter()
    prediction = (SYSTEMS | SINGLES)[name](page, body)
    return name, {"id": page["id"], "seconds": time.perf_counter() - began, **prediction}


def run(names: list[str], sets: Sequence[str] = (*SETS, "htmldate")) -> dict[str, dict[str, Prediction]]:
    """Predictions by system and page; systems take turns on every page, so that they meet the same load."""
    pages = [page for name in sets for page in pages_of(name)]
    jobs = [(name, page) for page in pages for name in names]
    found: dict[str, dict[str, Prediction]] = {name: {} for name in names}
    with multiprocessing.get_context("spawn").Pool(2, initializer=_warm) as pool:
        for name, prediction in pool.imap_unordered(_measure, jobs, chunksize=4 * len(names)):
            found[name][prediction["id"]] = prediction
    return found


def _warm() -> None:
    page = pages_of("fundus")[0]
    for system in SYSTEMS.values():
        system(page, body_of(page))


def figures(
    predictions: dict[str, Prediction], scorer: ModuleType, sets: Sequence[str] = (*SETS, "htmldate")
) -> dict[str, float]:
    """Body, title and date figures by set."""
    found: dict[str, float] = {}
    for name in sets:
        score = scorer.aggregate([scorer.score_page(page, predictions[page["id"]]) for page in pages_of(name)])
        if name in SETS:
            found[name] = score["snip_f1"] if name == "trafi" else score["tok_f1"]
        if name in TITLED:
            found[f"title_{name}"] = score["title_eq"]
        if name in DATED:
            found[f"date_{name}"] = score["date_ok"]
    return found


def speed_ratio(found: dict[str, dict[str, Prediction]]) -> float:
    """Our pages a second, in those of trafilatura with metadata, on the median page."""
    ids = [page["id"] for name in SETS for page in pages_of(name)]
    ours_s, theirs_s = (
        statistics.median(found[name][one]["seconds"] for one in ids) for name in ("ours", "trafilatura+metadata")
    )
    return theirs_s / ours_s


def evaluate(*, singles: bool = False) -> tuple[str, dict[str, float], dict[str, Prediction]]:
    """The table, the figures that have floors, and our predictions."""
    found = run([*SYSTEMS, *(SINGLES if singles else ())])
    scorer = load_scorer()
    by_system = {name: figures(predictions, scorer) for name, predictions in found.items()}
    lines = ["extraction: body F1 (snippets on trafi)" + "".join(f"{name:>9}" for name in SETS)]
    lines += [_line(name, [values[one] for one in SETS]) for name, values in by_system.items()]
    lines += [_line("best single extractor, as published", [BEST_SINGLE[one] for one in SETS])]
    mine, theirs = by_system["ours"], by_system["trafilatura+metadata"]
    for kind, names in (("title", TITLED), ("date", DATED)):
        for one in names:
            key = f"{kind}_{one}"
            lines.append(f"{key:16} {mine[key]:.4f}  trafilatura {theirs[key]:.4f}")
    ratio = speed_ratio(found)
    lines.append(f"pages/s on the median page, of trafilatura with metadata: {ratio:.2f}")
    return "\n".join(lines), {**mine, "speed": ratio}, found["ours"]


def _line(name: str, values: list[float]) -> str:
    return f"{name:39}" + "".join(f"{value:9.4f}" for value in values)


def show_worst(predictions: dict[str, Prediction], count: int) -> None:
    """The pages with the least right text of each set, and all refused ones."""
    scorer = load_scorer()
    for name in SETS:
        judged = [(scorer.score_page(page, predictions[page["id"]]), page) for page in pages_of(name)]
        bodies = sorted((score["tok"][2], page["id"], page["url"]) for score, page in judged if "tok" in score)
        for value, identity, url in bodies[:count]:
            print(f"{name} {value:.3f} {identity} {url[:90]}")
    for identity, prediction in predictions.items():
        if "refused" in prediction:
            print(identity, prediction["refused"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--singles", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    arguments = parser.parse_args()
    table, _, predictions = evaluate(singles=arguments.singles)
    print(table)
    show_worst(predictions, arguments.errors)


if __name__ == "__main__":
    main()
