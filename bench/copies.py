"""Near copies on real articles: ours against datasketch's MinHash LSH at its best threshold, in one run.

The stream is `telegram2019`. Its own copies are computed (word 5-grams with a Jaccard similarity of 0.5 or more), which
says how well a method approximates resemblance and favours MinHash by definition; so copies are added as republishers
make them: cut short, with a tail of something else, with every tenth word changed, inside a longer page. The threshold
of datasketch is the best of `THRESHOLDS` on this very stream: a handicap for us.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from monitor.domain import dedupe
from monitor.domain.model.articles import Fingerprint
from monitor.domain.text import is_cjk

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
COPY_JACCARD = 0.5  # from here on a pair counts as a copy; the listed pairs below count neither way
CONTAINED = 0.5  # nor do pairs of which one holds more than this of the other: truncations, by exact comparison
PERMUTATIONS = 128  # datasketch's default
WORDS = 5  # as in the computed truth
MADE_FROM = 300  # articles that copies are made of ...
MADE_CHARS = (1_000, 6_000)  # ... of such a length
CUT = 0.4  # of the text that is left
TAIL = 1.0  # of the copied text's length
FOUND = "found"  # copies that the stream has by itself

Pair = tuple[str, str]
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """What a method found, and how fast."""

    name: str
    precision: float
    recall: float
    articles_a_second: float
    found: frozenset[Pair]

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A stream of texts and what of it are copies."""

    documents: Texts
    copies: Mapping[Pair, str]  # to how each was made
    neither: frozenset[Pair]


# ---------------------------------------------------------------- the stream


def texts(folder: Path) -> dict[str, str]:
    """id -> text of every article."""
    rows = map(json.loads, (folder / "telegram2019.dev.docs.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["text"] for row in rows}


def case(folder: Path) -> Case:
    """All articles, and the copies made of some that have no copy among them; tails come from others."""
    documents = texts(folder)
    kinds: dict[Pair, str] = {}
    neither: set[Pair] = set()
    for line in (folder / "telegram2019.dev.jaccard.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        pair = _pair(row["id1"], row["id2"])
        if row["jaccard5"] >= COPY_JACCARD:
            kinds[pair] = FOUND
        else:
            neither.add(pair)
    listed = {name for pair in kinds.keys() | neither for name in pair}
    alone = [
        name for name, text in documents.items() if name not in listed and MADE_CHARS[0] <= len(text) <= MADE_CHARS[1]
    ]
    originals, strangers = alone[:MADE_FROM], alone[MADE_FROM:]
    for number, name in enumerate(originals):
        stranger = documents[strangers[number % len(strangers)]]
        for kind, text in _remade(documents[name], stranger).items():
            documents[f"{name}-{kind}"] = text
            kinds[_pair(name, f"{name}-{kind}")] = kind
        neither |= {_pair(f"{name}-{one}", f"{name}-{other}") for one in _KINDS for other in _KINDS if one < other}
    return Case(documents, kinds, frozenset(neither))


_KINDS = ("cut", "tail", "edited", "inside")


def _remade(text: str, stranger: str) -> dict[str, str]:
    tail = stranger[: int(len(text) * TAIL)]
    return {
        "cut": text[: int(len(text) * CUT)],
        "tail": f"{text}\n{tail}",
        "edited": _edited(text),
        "inside": f"{tail[: len(tail) // 2]}\n{text}\n{tail[len(tail) // 2 :]}",
    }


def _edited(text: str) -> str:
    units = list(text) if is_cjk(text) else text.split(" ")
    return ("" if is_cjk(text) else " ").join(
        f"x{one}"[: len(one)] if n % 10 == 9 else one for n, one in enumerate(units)
    )


# ---------------------------------------------------------------- the two methods


def compared(case: Case) -> list[Result]:
    """Ours first, then datasketch at its best threshold."""
    ours = _timed("ours", lambda: set(_ours(case.documents)), case)
    others = [
        _timed(
            f"datasketch LSH {threshold}, verified",
            lambda threshold=threshold: set(_datasketch(case.documents, threshold)),
            case,
        )
        for threshold in THRESHOLDS
    ]
    return [ours, max(others, key=lambda one: one.f1)]


def _timed(name: str, find: Callable[[], set[Pair]], case: Case) -> Result:
    began = time.perf_counter()
    found = find()
    seconds = time.perf_counter() - began
    right = found & case.copies.keys()
    wrong = {
        pair for pair in found - case.copies.keys() - case.neither if _containment(case.documents, *pair) < CONTAINED
    }
    precision = len(right) / (len(right) + len(wrong)) if right else 0.0
    return Result(name, precision, len(right) / len(case.copies), len(case.documents) / seconds, frozenset(right))


def _ours(documents: Texts) -> Iterator[Pair]:
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


def _datasketch(documents: Texts, threshold: float) -> Iterator[Pair]:
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    known: dict[str, MinHash] = {}
    for name, text in documents.items():
        distinct = _shingles(text)
        if not distinct:
            continue  # an empty set resembles every other one
        mine = MinHash(num_perm=PERMUTATIONS)
        mine.update_batch([shingle.encode() for shingle in distinct])
        for other in index.query(mine):
            if mine.jaccard(known[other]) >= threshold:
                yield _pair(name, other)
        known[name] = mine
        index.insert(name, mine)


def _containment(documents: Texts, one: str, other: str) -> float:
    mine, theirs = _shingles(documents[one]), _shingles(documents[other])
    smaller = min(len(mine), len(theirs))
    return len(mine & theirs) / smaller if smaller else 0.0


def _shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)}


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


# ---------------------------------------------------------------- told


def table(case: Case, results: Iterable[Result]) -> str:
    """One line a method, and its recall of each kind of copy."""
    lines = [f"near copies: {len(case.documents):,} texts, {len(case.copies):,} copies"]
    there = Counter(case.copies.values())
    for one in results:
        speed = f"{one.articles_a_second:.0f} articles/s"
        lines.append(f"  {one.name:28} P {one.precision:.3f} R {one.recall:.3f} F1 {one.f1:.3f}  {speed}")
        right = Counter(case.copies[pair] for pair in one.found)
        lines.append("    recall: " + ", ".join(f"{kind} {right[kind] / there[kind]:.3f}" for kind in there))
    return "\n".join(lines)


def evaluate(shared: Path) -> dict[str, float]:
    """Print the table; the figures that have floors: our precision, recall and F1, and our lead over datasketch's."""
    stream = case(shared / "data" / "neardup")
    ours, best = results = compared(stream)
    print(table(stream, results))
    return {"precision": ours.precision, "recall": ours.recall, "f1": ours.f1, "lead": ours.f1 - best.f1}


if __name__ == "__main__":
    evaluate(Path(__file__).resolve().parents[2] / "shared")
