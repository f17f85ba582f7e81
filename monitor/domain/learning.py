"""What verdicts on relevance teach: small, bounded shifts of the topic score, each told among the reasons.

A logistic regression with the rules' own score as the offset: what people said, less what the rules had expected. Its
features are the source, the reasons that the rules counted and the words that made them count. A verdict that the rules
were sure of teaches next to nothing, so confirming the obvious lifts no source, and each shift is shrunk towards none
by a normal prior; what one feature explains is not counted again for another. Undone verdicts are simply not among
those given, so that taking one back restores the scores.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.domain.model.articles import Assessment, Reason
from monitor.domain.model.review import Judged
from monitor.domain.text import fold

YOUR_VERDICTS = "your-verdicts"  # code of the reasons that learning adds


class Trait(StrEnum):
    """What an article can have in common with others that were judged."""

    SOURCE = "source"
    REASON = "reason"
    WORD = "word"


# First version, set by hand and checked on the labelled set (half of it given as verdicts, the other half judged). The
# prior says that a source, reason or word is rarely misjudged by more than half a unit of log-odds (variance 0.25);
# five verdicts are the fewest that a pattern can be seen in.
FEWEST_VERDICTS = 5
FEWEST_SOURCES = 2  # that a reason or word is judged in: else it is the source that is wrong
PRIOR_PRECISION = 4.0
MOST = {Trait.SOURCE: 0.8, Trait.REASON: 0.3, Trait.WORD: 0.5}
# Of one article together. A strong cue in a title, worth 2.8, outweighs whatever was learnt. People mostly judge what
# is nearly on topic, so that reasons common to it look better than they are in a stream: what they raise is kept
# smallest (measured with half of the labelled set given as verdicts: 8 of 2,552 unrelated articles are then taken for a
# relation instead of 3, with twice as much 10; once those are rejected too, 5).
MOST_LOWERED = {Trait.SOURCE: 0.8, Trait.REASON: 0.6, Trait.WORD: 0.6}
MOST_RAISED = {Trait.SOURCE: 0.8, Trait.REASON: 0.15, Trait.WORD: 0.15}
LEAST_SHIFT = 0.05  # less is not worth a sentence
PASSES = 8  # of the fit; shifts move by less than their last digit from then on
LATEST_VERDICTS = 5_000  # that are learnt from: older ones are of older rules
SCORE_EDGE = 1e-4  # scores are rounded to four digits

# The reasons of the topic score, which alone is shifted; whether something happens is another question.
TAUGHT_REASONS = frozenset(
    {
        "authority-acts",
        "authority-named",
        "cooperation",
        "cooperation-named",
        "domestic",
        "domestic-cue",
        "happening-between-them",
        "joined-places",
        "locality-deals-abroad",
        "named-in-passing",
        "negative-cue",
        "no-authority-with-them",
        "no-relation-cue",
        "office-abroad",
        "partners-in-happening",
        "place-and-other-country",
        "places-of-two-countries",
        "source-about-relations",
        "state-only",
        "strong-cue",
        "twinning-word",
        "weak-cue",
    }
)
# Of these the words are taught as well; of others the evidence is names, and no name makes an article irrelevant.
WORDED_REASONS = frozenset(
    {"cooperation", "domestic-cue", "happening-between-them", "negative-cue", "strong-cue", "twinning-word", "weak-cue"}
)
MOST_WORDS = 12  # of one article

Feature = tuple[Trait, str]


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added to the log-odds, and what it was learnt from."""

    weight: float
    confirmed: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What is learnt so far."""

    shifts: Mapping[Feature, Shift] = field(default_factory=dict)

    def reasons(self, source_key: str, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
        """What verdicts add to an article of that source with these reasons."""
        if not self.shifts:
            return ()
        known = [(one, self.shifts[one]) for one in _features(source_key, *_counted(reasons)) if one in self.shifts]
        scale = _scale([(trait, shift.weight) for (trait, _), shift in known])
        return tuple(_told(one, shift, round(shift.weight * scale[one[0]], 2)) for one, shift in known)


NOTHING_LEARNT = Adjustments()


def learn(judged: Sequence[Judged]) -> Adjustments:
    """The shifts that the verdicts given, and no others, speak for."""
    lessons = [_Lesson(one) for one in judged]
    by_feature: dict[Feature, list[_Lesson]] = defaultdict(list)
    for lesson in lessons:
        for feature in _features(lesson.judged.source_key, lesson.judged.codes, lesson.judged.words):
            by_feature[feature].append(lesson)
    taught = {feature: of_it for feature, of_it in sorted(by_feature.items()) if _is_pattern(feature, of_it)}
    weights = dict.fromkeys(taught, 0.0)
    for _ in range(PASSES):
        for feature, of_it in taught.items():
            weights[feature] = _refined(weights[feature], of_it, MOST[feature[0]])
    return Adjustments(
        {feature: _shift(weight, taught[feature]) for feature, weight in weights.items() if abs(weight) >= LEAST_SHIFT}
    )


def judged(is_relevant: bool, assessment: Assessment, source_key: str) -> Judged:
    """What learning keeps of a verdict on an article that was assessed so."""
    codes, words = _counted(assessment.reasons)
    return Judged(
        is_relevant=is_relevant,
        rule_version=assessment.rule_version,
        label=assessment.label,
        score=round(score_of_rules(assessment), 4),
        source_key=source_key,
        codes=codes,
        words=words,
    )


def score_of_rules(assessment: Assessment) -> float:
    """The topic score without what verdicts added to it."""
    added = sum(reason.weight for reason in assessment.reasons if reason.code == YOUR_VERDICTS)
    return _probability(_log_odds(assessment.score) - added)


# ---------------------------------------------------------------- features


def _counted(reasons: Sequence[Reason]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reasons of the topic score that were counted, and the words behind them, folded."""
    counted = [one for one in reasons if one.weight and one.code in TAUGHT_REASONS]
    words = (fold(span.text).strip() for one in counted if one.code in WORDED_REASONS for span in one.spans)
    return tuple(dict.fromkeys(one.code for one in counted)), tuple(dict.fromkeys(filter(None, words)))[:MOST_WORDS]


def _features(source_key: str, codes: Iterable[str], words: Iterable[str]) -> list[Feature]:
    return [
        (Trait.SOURCE, source_key),
        *((Trait.REASON, code) for code in codes),
        *((Trait.WORD, word) for word in words),
    ]


def _scale(weights: Iterable[tuple[Trait, float]]) -> dict[Trait, float]:
    """What the shifts of a trait are multiplied with, so that together they keep within bounds."""
    total: dict[Trait, float] = dict.fromkeys(Trait, 0.0)
    for trait, weight in weights:
        total[trait] += weight
    scale = {}
    for trait, weight in total.items():
        most = MOST_RAISED[trait] if weight > 0 else MOST_LOWERED[trait]
        scale[trait] = min(1.0, most / abs(weight)) if weight else 1.0
    return scale


def _told(feature: Feature, shift: Shift, weight: float) -> Reason:
    trait, name = feature
    what = {Trait.SOURCE: "this source", Trait.REASON: f"the reason {name}", Trait.WORD: f'the word "{name}"'}[trait]
    direction, number, word = (
        ("lower", shift.rejected, "rejected") if weight < 0 else ("raise", shift.confirmed, "confirmed")
    )
    total = shift.confirmed + shift.rejected
    return Reason(
        YOUR_VERDICTS,
        weight,
        f"your verdicts on {what} {direction} this by {abs(weight):.2f}: {number} of {total} {word}",
    )


# ---------------------------------------------------------------- fit


class _Lesson:
    """One verdict while fitting."""

    __slots__ = ("expected", "judged", "log_odds")

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.log_odds = _log_odds(judged.score)
        self.expected = _probability(self.log_odds)

    def add(self, weight: float) -> None:
        """Expect more, or less."""
        self.log_odds += weight
        self.expected = _probability(self.log_odds)


def _is_pattern(feature: Feature, lessons: Sequence[_Lesson]) -> bool:
    if len(lessons) < FEWEST_VERDICTS:
        return False
    return feature[0] is Trait.SOURCE or len({one.judged.source_key for one in lessons}) >= FEWEST_SOURCES


def _refined(weight: float, lessons: Sequence[_Lesson], most: float) -> float:
    """One Newton step of this feature's weight, all others held."""
    surprise = sum(one.judged.is_relevant - one.expected for one in lessons)
    certainty = sum(one.expected * (1 - one.expected) for one in lessons)
    step = (surprise - PRIOR_PRECISION * weight) / (certainty + PRIOR_PRECISION)
    refined = max(-most, min(most, weight + step))
    for one in lessons:
        one.add(refined - weight)
    return refined


def _shift(weight: float, lessons: Sequence[_Lesson]) -> Shift:
    confirmed = sum(one.judged.is_relevant for one in lessons)
    return Shift(round(weight, 2), confirmed, len(lessons) - confirmed)


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _log_odds(score: float) -> float:
    bounded = max(SCORE_EDGE, min(1 - SCORE_EDGE, score))
    return math.log(bounded / (1 - bounded))
