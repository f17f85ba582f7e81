"""Learn the weights of `monitor.adapters.children.block_weights` from the evaluation data beside the checkout.

    python -m bench.train_extraction [--write]

Prints body F1 by cross-validation over domains (no page is judged by weights that saw another page of its site), then
with `--write` replaces the weights by those learnt from all pages. Needs numpy, which is no dependency of the project.
The trafi pages have no full text, so they judge and never teach.
"""

from __future__ import annotations

import argparse
import multiprocessing
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from bench.extraction import SETS, Page, body_of, load_scorer, pages_of
from monitor.adapters.children.alignment import kept_shares
from monitor.adapters.children.block_features import features
from monitor.adapters.children.blocks import blocks_of, tokens
from monitor.adapters.children.charset import decode
from monitor.adapters.children.consensus import (
    AGREEMENT,
    KEPT,
    KEPT_AT_LEAST,
    LEAST_CHARS,
    agreement,
    quick_texts,
    slow_texts,
    votes_of,
)
from monitor.adapters.children.markup import parse_html

TARGET = Path(__file__).resolve().parents[1] / "monitor/adapters/children/block_weights.py"
FOLDS = 4
IS_GOLD = 0.4  # a block of which this share stands in the reference text belongs to it
PENALTY = 50.0  # on the squares of the weights; between 30 and 100 nothing changes by more than .002
PAGE_WEIGHT = 300.0  # every page counts the same, its blocks by their length
STEPS = 12
DECIMALS = 2  # of the weights: more say nothing


def example(page: Page) -> dict[str, Any]:
    """Everything that is learnt from one page."""
    tree = parse_html(decode(body_of(page), "text/html").text)
    blocks = [] if tree is None else blocks_of(tree)
    few = votes_of(blocks, quick_texts(tree, page["url"]))
    rows = features(blocks, few), features(blocks, few | votes_of(blocks, slow_texts(tree, page["url"])))
    gold = page.get("body")
    return {
        "page": page,
        "texts": [block.text for block in blocks],
        "sizes": np.array([len(block.tokens) + 0.3 for block in blocks]),
        "rows": [np.array([[*row.values(), 1.0] for row in one]) for one in rows],
        "names": [list(one[0]) if one else None for one in rows],
        "agree": agreement(blocks, few) >= AGREEMENT,
        "gold": np.array(kept_shares([one.tokens for one in blocks], tokens(gold))) > IS_GOLD if gold else None,
    }


def learn(examples: list[dict[str, Any]], which: int) -> np.ndarray:
    """Logistic regression by Newton's method."""
    taught = [one for one in examples if one["gold"] is not None and one["texts"]]
    rows = np.vstack([one["rows"][which] for one in taught])
    gold = np.concatenate([one["gold"] for one in taught]).astype(float)
    sizes = np.concatenate([one["sizes"] / one["sizes"].sum() for one in taught]) * PAGE_WEIGHT
    penalty = np.eye(rows.shape[1]) * PENALTY
    penalty[-1, -1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = chances(rows, weights)
        slope = rows.T @ (sizes * (chance - gold)) + penalty @ weights
        curve = (rows * (sizes * chance * (1 - chance))[:, None]).T @ rows + penalty
        weights -= np.linalg.solve(curve, slope)
    return weights


def chances(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(rows @ weights, -50, 50)))


def text_by(one: dict[str, Any], few: np.ndarray, many: np.ndarray) -> str:
    if not one["texts"]:
        return ""
    chance = chances(one["rows"][0], few)
    if not one["agree"]:
        chance = (chance + chances(one["rows"][1], many)) / 2
    found = ""
    for least in (KEPT, KEPT_AT_LEAST):
        found = "\n".join(text for text, likely in zip(one["texts"], chance > least, strict=True) if likely)
        if len(found) >= LEAST_CHARS:
            break
    return found


def cross_validated(examples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    fold_of = [zlib.crc32(one["page"]["domain"].encode()) % FOLDS for one in examples]
    predictions = []
    for fold in range(FOLDS):
        others = [one for one, its in zip(examples, fold_of, strict=True) if its != fold]
        few, many = (np.round(learn(others, which), DECIMALS) for which in (0, 1))
        predictions += [
            {"id": one["page"]["id"], "text": text_by(one, few, many)}
            for one, its in zip(examples, fold_of, strict=True)
            if its == fold
        ]
    return predictions


def written(few: dict[str, float], many: dict[str, float]) -> str:
    lines = [
        '"""Weights of a block\'s features, learnt by `python -m bench.train_extraction --write`: not for editing."""'
    ]
    lines += ["", "from __future__ import annotations"]
    for name, said, weights in (
        ("FEW", "with the two quick extractors", few),
        ("MANY", "with the slower ones as well", many),
    ):
        lines += ["", f"# {said}", f"{name}: dict[str, float] = {{"]
        lines += [f'    "{feature}": {weight:.{DECIMALS}f},' for feature, weight in weights.items()] + ["}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    pages = [page for name in SETS for page in pages_of(name)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        examples = pool.map(example, pages, chunksize=4)
    predictions = {one["id"]: one for one in cross_validated(examples)}
    scorer = load_scorer()
    for name in SETS:
        rows = [scorer.score_page(page, predictions[page["id"]]) for page in pages if page["set"] == name]
        figures = scorer.aggregate(rows)
        print(f"{name:8} {figures['snip_f1'] if name == 'trafi' else figures['tok_f1']:.4f}")
    if write:
        names = [next(one["names"][which] for one in examples if one["names"][which]) for which in (0, 1)]
        few, many = (
            dict(zip([*names[which], "bias"], learn(examples, which).tolist(), strict=True)) for which in (0, 1)
        )
        TARGET.write_text(written(few, many), encoding="utf-8")


if __name__ == "__main__":
    main()
