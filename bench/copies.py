"""Near copies on real articles: ours against datasketch's MinHash LSH at its best threshold, in one run.

The truth is computed (`telegram2019`: all pairs whose word 5-grams have a Jaccard similarity of 0.3 or more), so it says
how well a method approximates resemblance, not what people call a copy. The threshold of datasketch is the best of
`THRESHOLDS` on this very data: a handicap for us.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from monitor.domain import dedupe
from monitor.domain.model.articles import Fingerprint

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
COPY_JACCARD = 0.5  # from here on a pair counts as a copy; pairs between this and `OPEN_FROM` count neither way
OPEN_FROM = 0.3
PERMUTATIONS = 128  # datasketch's default
WORDS = 5  # as in the computed truth

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """What a method found, and how fast."""

    name: str
    precision: float
    recall: float
    articles_a_second: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def texts(folder: Path) -> dict[str, str]:
    """id -> text of every article."""
    rows = map(json.loads, (folder / "telegram2019.dev.docs.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["text"] for row in rows}


def truth(folder: Path) -> tuple[set[Pair], set[Pair]]:
    """The pairs that are copies, and those that count neither way."""
    copies: set[Pair] = set()
    neither: set[Pair] = set()
    for line in (folder / "telegram2019.dev.jaccard.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        (copies if row["jaccard5"] >= COPY_JACCARD else neither).add(_pair(row["id1"], row["id2"]))
    return copies, neither


def compared(folder: Path) -> list[Result]:
    """Ours first, then datasketch at its best threshold."""
    documents = texts(folder)
    copies, neither = truth(folder)
    ours = _timed("ours", lambda: set(_ours(documents)), documents, copies, neither)
    others = [
        _timed(
            f"datasketch LSH {threshold}, verified",
            lambda threshold=threshold: set(_datasketch(documents, threshold)),
            documents,
            copies,
            neither,
        )
        for threshold in THRESHOLDS
    ]
    return [ours, max(others, key=lambda one: one.f1)]


def _timed(
    name: str, find: Callable[[], set[Pair]], documents: dict[str, str], copies: set[Pair], neither: set[Pair]
) -> Result:
    began = time.perf_counter()
    found = find() - neither
    seconds = time.perf_counter() - began
    right = len(found & copies)
    return Result(name, right / len(found) if found else 1.0, right / len(copies), len(documents) / seconds)


def _ours(documents: dict[str, str]) -> Iterator[Pair]:
    """Each text against those before it that share a band, as storage finds them."""
    by_band: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    known: dict[str, Fingerprint] = {}
    for name, text in documents.items():
        mine = dedupe.fingerprint(text)
        keys = list(enumerate(mine.bands))
        for other in {one for key in keys for one in by_band[key]}:
            if dedupe.compare(mine, known[other])[0] is not None:
                yield _pair(name, other)
        known[name] = mine
        for key in keys:
            by_band[key].append(name)


def _datasketch(documents: dict[str, str], threshold: float) -> Iterator[Pair]:
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    known: dict[str, MinHash] = {}
    for name, text in documents.items():
        mine = MinHash(num_perm=PERMUTATIONS)
        mine.update_batch([shingle.encode() for shingle in _shingles(text)])
        for other in index.query(mine):
            if mine.jaccard(known[other]) >= threshold:
                yield _pair(name, other)
        known[name] = mine
        index.insert(name, mine)


def _shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[start : start + WORDS]) for start in range(max(1, len(words) - WORDS + 1))}


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def table(results: Iterable[Result]) -> str:
    """One line a method."""
    return "\n".join(
        f"{one.name:34} P {one.precision:.3f} R {one.recall:.3f} F1 {one.f1:.3f}  {one.articles_a_second:7.0f} articles/s"
        for one in results
    )


if __name__ == "__main__":
    print(table(compared(Path(__file__).resolve().parents[2] / "shared" / "data" / "neardup")))
