"""What verdicts on relevance teach: small, bounded shifts of the topic score, for a source and for a kind of reason.

One step of logistic regression with the rules' own score as the offset: what people said, less what the rules had
expected. A verdict that the rules were sure of teaches next to nothing, so confirming the obvious lifts no source, and
each shift is shrunk towards none by a normal prior. Undone verdicts are simply not among those given, so that taking
one back restores the scores.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.domain.model.articles import Assessment, Reason
from monitor.domain.model.review import Judged

YOUR_VERDICTS = "your-verdicts"  # code of the reasons that learning adds

# First version, set by hand. The prior says that a source or a reason is rarely misjudged by more than half a unit of
# log-odds (variance 0.25); five verdicts are the fewest that a pattern can be seen in.
FEWEST_VERDICTS = 5
FEWEST_SOURCES = 2  # that a reason is judged in: else it is the source that is wrong, not the reason
PRIOR_PRECISION = 4.0
MOST_OF_A_SOURCE = 0.8
MOST_OF_A_CODE = 0.3
MOST_OF_ALL_CODES = 0.6
LEAST_SHIFT = 0.05  # less is not worth a sentence
LATEST_VERDICTS = 5_000  # that are learnt from: older ones are of older rules
SCORE_EDGE = 1e-4  # scores are rounded to four digits


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added to the log-odds, and what it was learnt from."""

    weight: float
    confirmed: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What is learnt so far."""

    sources: Mapping[str, Shift] = field(default_factory=dict)
    codes: Mapping[str, Shift] = field(default_factory=dict)

    def reasons(self, source_key: str, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
        """What verdicts add to an article of that source with these reasons."""
        source = self.sources.get(source_key)
        found = [_told(source, "for this source")] if source is not None else []
        left = MOST_OF_ALL_CODES
        codes = dict.fromkeys(reason.code for reason in reasons if reason.weight)
        shifts = [(code, self.codes[code]) for code in codes if code in self.codes]
        for code, shift in sorted(shifts, key=lambda one: -abs(one[1].weight)):
            weight = math.copysign(min(abs(shift.weight), left), shift.weight)
            left -= abs(weight)
            if abs(weight) >= LEAST_SHIFT:
                found.append(_told(Shift(weight, shift.confirmed, shift.rejected), f"for {code}"))
        return tuple(found)


NOTHING_LEARNT = Adjustments()


def learn(judged: Sequence[Judged]) -> Adjustments:
    """The shifts that the verdicts given, and no others, speak for."""
    lessons = [_Lesson(one, _log_odds(one.score)) for one in judged]
    by_source: dict[str, list[_Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_source[lesson.judged.source_key].append(lesson)
    sources = {key: shift for key, of_it in by_source.items() if (shift := _shift(of_it, MOST_OF_A_SOURCE))}
    by_code: dict[str, list[_Lesson]] = defaultdict(list)
    for lesson in lessons:
        source = sources.get(lesson.judged.source_key)
        rest = _Lesson(lesson.judged, lesson.offset + (source.weight if source else 0.0))
        for code in dict.fromkeys(lesson.judged.codes):
            by_code[code].append(rest)
    codes = {
        code: shift
        for code, of_it in by_code.items()
        if len({one.judged.source_key for one in of_it}) >= FEWEST_SOURCES and (shift := _shift(of_it, MOST_OF_A_CODE))
    }
    return Adjustments(sources, codes)


def judged(is_relevant: bool, assessment: Assessment, source_key: str) -> Judged:
    """What learning keeps of a verdict on an article that was assessed so."""
    added = sum(reason.weight for reason in assessment.reasons if reason.code == YOUR_VERDICTS)
    rules_alone = 1 / (1 + math.exp(added - _log_odds(assessment.score)))
    return Judged(
        is_relevant=is_relevant,
        rule_version=assessment.rule_version,
        label=assessment.label,
        score=round(rules_alone, 4),
        source_key=source_key,
        codes=tuple(dict.fromkeys(one.code for one in assessment.reasons if one.weight and one.code != YOUR_VERDICTS)),
    )


@dataclass(frozen=True, slots=True)
class _Lesson:
    judged: Judged
    offset: float  # log-odds expected before


def _shift(lessons: Sequence[_Lesson], most: float) -> Shift | None:
    """None: too few verdicts, or nothing to speak of."""
    if len(lessons) < FEWEST_VERDICTS:
        return None
    expected = [1 / (1 + math.exp(-one.offset)) for one in lessons]
    surprise = sum(one.judged.is_relevant - before for one, before in zip(lessons, expected, strict=True))
    certainty = sum(before * (1 - before) for before in expected)
    weight = max(-most, min(most, surprise / (certainty + PRIOR_PRECISION)))
    if abs(weight) < LEAST_SHIFT:
        return None
    confirmed = sum(one.judged.is_relevant for one in lessons)
    return Shift(round(weight, 2), confirmed, len(lessons) - confirmed)


def _told(shift: Shift, of_what: str) -> Reason:
    number, word = (shift.rejected, "rejected") if shift.weight < 0 else (shift.confirmed, "confirmed")
    total = shift.confirmed + shift.rejected
    return Reason(YOUR_VERDICTS, shift.weight, f"{shift.weight:+.2f} {of_what}, {number} of {total} {word}")


def _log_odds(score: float) -> float:
    bounded = max(SCORE_EDGE, min(1 - SCORE_EDGE, score))
    return math.log(bounded / (1 - bounded))
