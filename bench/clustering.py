"""Event clustering on general news: how far the linker of relations carries on ground it was not made for.

Ours is the product's own linking of what each text is understood to tell, whatever its relevance: two places, a day,
kinds, people, figures. The baselines are those the set describes: online TF-IDF, each text to its nearest cluster, and
the likeness of character n-grams for pairs, each at the best of its thresholds on this very data: a handicap for us.

    python -m bench.clustering
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import relevance
from monitor.domain import decide, linking
from monitor.domain.model.articles import ArticleForDecision, SourceContext, Understanding
from monitor.domain.model.events import EventOrigin, KnownEvent
from monitor.domain.model.places import Place
from monitor.domain.text import clean, clean_line, fold

SHARED = Path(__file__).resolve().parents[2] / "shared"
CLUSTER_THRESHOLDS = (0.12, 0.15, 0.18, 0.20, 0.22, 0.25)
PAIR_THRESHOLDS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30)
COMMON_WORD = 0.2  # words of more than this share of the texts say nothing
CHARACTERS = range(3, 6)

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a set."""

    id: str
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision and recall of a clustering or of pairs."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f}"


# ---------------------------------------------------------------- ours


class Linker:
    """What the product makes of texts, one after the other."""

    def __init__(self) -> None:
        self._knowledge, self._gazetteer = relevance.knowledge()
        self._place: Callable[[str], Place | None] = self._gazetteer.place  # type: ignore[attr-defined]
        self._events: dict[str, KnownEvent] = {}
        self._by_place: defaultdict[str, list[str]] = defaultdict(list)

    def cluster(self, document: Document) -> str:
        """The event that the text is linked to, or one of its own."""
        understanding = self._understand(document)
        main = understanding.facts.main
        if main is None:
            return document.id
        candidate = linking.Candidate(
            main,
            frozenset(fold(person.name) for person in understanding.facts.people),
            frozenset(understanding.facts.numbers),
            None,
            document.language,
            document.title,
        )
        near = dict.fromkeys(one for place in main.participants for one in self._by_place[place])
        best = linking.best_match(candidate, [self._events[one] for one in near], self._place)
        if best is not None and best.score >= linking.SAME_EVENT:
            return best.event_id
        self._open(document, candidate)
        return document.id

    def _understand(self, document: Document) -> Understanding:
        title, text = clean_line(document.title), clean(document.text)
        hits = self._gazetteer.find(f"{title}\n\n{text}", document.language)  # type: ignore[attr-defined]
        return decide.understand(
            ArticleForDecision(
                document.id, document.id, title, text, document.language, None, SourceContext("bench"), hits
            ),
            self._knowledge,
        )

    def _open(self, document: Document, candidate: linking.Candidate) -> None:
        happening = candidate.happening
        self._events[document.id] = KnownEvent(
            id=document.id,
            kinds=happening.kinds,
            participants=happening.participants,
            host_id=happening.host_id,
            when=happening.when,
            status=happening.status,
            ordinal=happening.ordinal,
            series_key=happening.series_key,
            origin=EventOrigin.NEWS,
            title=document.title,
            people=candidate.people,
            numbers=candidate.numbers,
            languages=frozenset({document.language}),
            date_inferred=happening.date_inferred,
            yearless=happening.yearless,
        )
        for place in happening.participants:
            self._by_place[place].append(document.id)


# ---------------------------------------------------------------- the baselines


def nearest_cluster(documents: Sequence[Document], vectors: Sequence[Vector], threshold: float) -> dict[str, str]:
    """Online: each text joins the cluster whose centroid is nearest by TF-IDF, from the threshold on."""
    clusters: dict[str, Counter[str]] = {}
    told: dict[str, str] = {}
    for document, vector in zip(documents, vectors, strict=True):
        near = [(_cosine(vector, centroid), name) for name, centroid in clusters.items()]
        likeness, name = max(near, default=(0.0, document.id))
        told[document.id] = name if likeness >= threshold else document.id
        clusters.setdefault(told[document.id], Counter()).update(vector)
    return told


def tf_idf(texts: Sequence[Mapping[str, int]], common: float = 1.0) -> list[Vector]:
    """Unit vectors, with logarithmic counts and smoothed document frequencies; terms of more than the share `common`
    of the texts are left out.
    """
    frequency = Counter(term for counts in texts for term in counts)
    weight = {
        term: math.log((1 + len(texts)) / (1 + number)) + 1
        for term, number in frequency.items()
        if number <= common * len(texts)
    }
    return [
        _unit({term: (1 + math.log(count)) * weight[term] for term, count in one.items() if term in weight})
        for one in texts
    ]


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {term: value / length for term, value in vector.items()}


def _cosine(unit: Vector, other: Mapping[str, float]) -> float:
    length = math.sqrt(sum(value * value for value in other.values()))
    return sum(value * other[term] for term, value in unit.items() if term in other) / length if length else 0.0


def _words(document: Document) -> Counter[str]:
    return Counter(word for word in re.findall(r"\w+", f"{document.title} {document.text}".lower()) if len(word) > 1)


def _character_grams(document: Document) -> Counter[str]:
    text = re.sub(r"\W+", " ", f"{document.title} {document.text}".lower())
    return Counter(text[start : start + size] for size in CHARACTERS for start in range(len(text) - size + 1))


# ---------------------------------------------------------------- agreement


def b_cubed(told: Mapping[str, str], gold: Mapping[str, str]) -> Agreement:
    """Averaged over documents."""
    told_sizes, gold_sizes = Counter(told[one] for one in gold), Counter(gold.values())
    both = Counter((told[one], gold[one]) for one in gold)
    precision = sum(both[told[one], gold[one]] / told_sizes[told[one]] for one in gold) / len(gold)
    recall = sum(both[told[one], gold[one]] / gold_sizes[gold[one]] for one in gold) / len(gold)
    return Agreement(precision, recall)


def pairwise(told: Mapping[str, str], gold: Mapping[str, str]) -> Agreement:
    """Over pairs of documents."""
    right = _pairs(Counter((told[one], gold[one]) for one in gold))
    said, true = _pairs(Counter(told[one] for one in gold)), _pairs(Counter(gold.values()))
    return Agreement(right / said if said else 1.0, right / true if true else 1.0)


def _pairs(sizes: Mapping[object, int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


# ---------------------------------------------------------------- the sets


def _rows(path: Path) -> Iterator[dict[str, object]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _document(row: Mapping[str, object]) -> Document:
    return Document(str(row["id"]), str(row["lang"]), str(row["title"] or ""), str(row["text"]))


def seminal_events(folder: Path) -> dict[str, float]:
    """ECB+: English, two confusable events a topic, undated."""
    rows = list(_rows(folder / "ecbplus.dev.jsonl"))
    documents = [_document(row) for row in rows]
    gold = {str(row["id"]): str(row["cluster"]) for row in rows}
    linker = Linker()
    ours = {one.id: linker.cluster(one) for one in documents}
    vectors = tf_idf([_words(one) for one in documents], COMMON_WORD)
    clustered = [nearest_cluster(documents, vectors, threshold) for threshold in CLUSTER_THRESHOLDS]
    theirs = max(clustered, key=lambda told: b_cubed(told, gold).f1)
    for name, told in (("ours", ours), ("TF-IDF, nearest cluster", theirs)):
        print(f"  ECB+, {name:26} B-cubed {b_cubed(told, gold)}; pairs {pairwise(told, gold)}")
    return {
        "ecb_b_cubed_f1": b_cubed(ours, gold).f1,
        "ecb_pair_precision": pairwise(ours, gold).precision,
        "ecb_over_baseline": b_cubed(ours, gold).f1 - b_cubed(theirs, gold).f1,
    }


def relations(folder: Path) -> dict[str, float]:
    """What the linker was made for: the labelled reports of one event, and look-alikes, in many languages."""
    gold = {item: str(row["group"]) for row in _rows(folder / "same_event.jsonl") for item in row["items"]}  # type: ignore[attr-defined]
    for row in _rows(folder / "not_same_event.jsonl"):
        for name in (str(row["a"]), str(row["b"])):
            gold.setdefault(name, name)
    documents = [
        Document(item.id, item.language, item.title, item.text) for item in relevance.gold() if item.id in gold
    ]
    linker = Linker()
    ours = {one.id: linker.cluster(one) for one in documents}
    vectors = tf_idf([_words(one) for one in documents], COMMON_WORD)
    clustered = [nearest_cluster(documents, vectors, threshold) for threshold in CLUSTER_THRESHOLDS]
    theirs = max(clustered, key=lambda told: b_cubed(told, gold).f1)
    for name, told in (("ours", ours), ("TF-IDF, nearest cluster", theirs)):
        print(f"  relations, {name:26} B-cubed {b_cubed(told, gold)}; pairs {pairwise(told, gold)}")
    return {"relations_over_baseline": b_cubed(ours, gold).f1 - b_cubed(theirs, gold).f1}


def natural_pairs(folder: Path) -> dict[str, float]:
    """SemEval-2022, without machine translations: pairs of one language, and German–English."""
    rows = [
        row for row in _rows(folder / "semeval22.dev.pairs.jsonl") if not row["mt"] and row["same_event"] is not None
    ]
    wanted = {str(row[side]) for row in rows for side in ("id1", "id2")}
    documents = [one for row in _rows(folder / "semeval22.dev.docs.jsonl") if (one := _document(row)).id in wanted]
    linker = Linker()
    ours = {one.id: linker.cluster(one) for one in documents}
    vectors = dict(
        zip((one.id for one in documents), tf_idf([_character_grams(one) for one in documents]), strict=True)
    )
    found: dict[str, float] = {}
    for name, cross in (("one_language", False), ("across", True)):
        part = [(str(row["id1"]), str(row["id2"]), row["same_event"] == 1) for row in rows if row["cross"] is cross]
        linked = _agreement([(ours[a] == ours[b], same) for a, b, same in part])
        alike = [(_cosine(vectors[a], vectors[b]), same) for a, b, same in part]
        baseline = max(
            (_agreement([(likeness >= one, same) for likeness, same in alike]) for one in PAIR_THRESHOLDS),
            key=lambda agreement: agreement.f1,
        )
        print(f"  SemEval {name}, ours: {linked}; character TF-IDF: {baseline}; {len(part)} pairs")
        found[f"semeval_{name}_precision"] = linked.precision
    return found


def _agreement(told: Sequence[tuple[bool, bool]]) -> Agreement:
    right = sum(said and true for said, true in told)
    said, true = sum(said for said, _ in told), sum(true for _, true in told)
    return Agreement(right / said if said else 1.0, right / true if true else 1.0)


def evaluate(shared: Path = SHARED) -> dict[str, float]:
    """Print the tables; the figures with floors."""
    print("events in general news (data/events), and in news of relations (data/relevance):")
    folder = shared / "data" / "events"
    return seminal_events(folder) | natural_pairs(folder) | relations(shared / "data" / "relevance")


if __name__ == "__main__":
    evaluate()
