from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import eventness, learning, relevance
from monitor.domain.learning import NOTHING_LEARNT, YOUR_VERDICTS, Adjustments, Trait, learn
from monitor.domain.model.articles import Assessment, Label, Reason, Span
from monitor.domain.model.review import Judged


def verdict(
    is_relevant: bool, *words: str, source: str = "city", score: float = 0.5, codes: str = "weak-cue"
) -> Judged:
    return Judged(is_relevant, "1", Label.UNCERTAIN, score, source, tuple(codes.split()), words)


def cue(*words: str, code: str = "weak-cue") -> Reason:
    return Reason(code, 0.6, "lead", tuple(Span(0, len(word), word) for word in words))


def added(learnt: Adjustments, *reasons: Reason, source: str = "unknown") -> float:
    return sum(one.weight for one in learnt.reasons(source, reasons))


def test_each_further_rejection_of_one_kind_lowers_its_score() -> None:
    """The same word in the papers of two towns, again and again."""
    told = [verdict(False, "garden twin", source=f"town{number % 2}") for number in range(20)]
    shifts = [added(learn(told[:number]), cue("Garden Twin")) for number in (0, 4, 5, 10, 20)]
    assert shifts[:2] == [0.0, 0.0]
    assert shifts[2] < 0
    assert shifts == sorted(shifts, reverse=True)
    assert added(learn(told), cue("tramway twin"), source="other") > shifts[-1]


def test_what_one_says_of_a_source_is_not_held_against_its_words() -> None:
    learnt = learn([verdict(False, "twin") for _ in range(20)])
    assert set(learnt.shifts) == {(Trait.SOURCE, "city")}
    assert added(learnt, cue("twin"), source="city") < 0
    assert added(learnt, cue("twin"), source="other") == 0


def test_reasons_tell_what_was_said_and_how_much_it_counts() -> None:
    learnt = learn([verdict(number == 0, "twin", source=f"town{number}", codes="") for number in range(6)])
    [reason] = learnt.reasons("unknown", [cue("TWIN")])
    assert reason.code == YOUR_VERDICTS
    assert reason.detail == f'your verdicts on the word "twin" lower this by {-reason.weight:.2f}: 5 of 6 rejected'
    [reason] = learn([verdict(True)] * 5).reasons("city", [])
    assert reason.detail == f"your verdicts on this source raise this by {reason.weight:.2f}: 5 of 5 confirmed"


def test_confirming_the_obvious_teaches_next_to_nothing() -> None:
    assert learn([verdict(True, "twin", score=0.99)] * 20).shifts == {}


def test_a_pattern_needs_five_verdicts() -> None:
    assert learn([verdict(False)] * 4) == NOTHING_LEARNT
    assert learn([verdict(False)] * 5) != NOTHING_LEARNT


def test_verdicts_that_disagree_cancel_out() -> None:
    assert learn([verdict(number % 2 == 0, source=f"town{number}") for number in range(20)]).shifts == {}


verdicts = st.lists(
    st.builds(
        verdict,
        st.booleans(),
        st.sampled_from(["twin", "charter", "visit"]),
        source=st.sampled_from(["a", "b", "c"]),
        score=st.floats(0, 1),
        codes=st.sampled_from(["weak-cue", "weak-cue cooperation", "domestic"]),
    ),
    max_size=40,
)


@given(verdicts)
def test_what_is_learnt_stays_within_its_bounds(told: list[Judged]) -> None:
    reasons = [cue("twin", "charter", "visit"), cue("twin", code="cooperation"), Reason("domestic", -0.9)]
    total = added(learn(told), *reasons, source="a")
    assert -sum(learning.MOST_LOWERED.values()) - 0.05 <= total <= sum(learning.MOST_RAISED.values()) + 0.05
    assert all(abs(one.weight) <= learning.MOST[trait] for (trait, _), one in learn(told).shifts.items())


@given(verdicts, st.integers(0, 39))
def test_a_verdict_taken_back_leaves_no_trace(told: list[Judged], place: int) -> None:
    without = learn(told)
    given_for_a_while = [*told[:place], verdict(True, "twin"), *told[place:]]
    learn(given_for_a_while)
    del given_for_a_while[min(place, len(told))]
    assert learn(given_for_a_while) == without


@pytest.mark.parametrize("shift", [-0.55, 0.0, 0.4])
def test_what_is_kept_is_the_score_of_the_rules_alone(shift: float) -> None:
    """Else verdicts would be learnt from what verdicts had added."""
    rules = 0.45
    both = relevance.logistic(math.log(rules / (1 - rules)) + shift)
    reasons = (cue("Städte-Bund"), Reason("happening", 1.8, "", (Span(0, 5, "visit"),)), Reason(YOUR_VERDICTS, shift))
    kept = learning.judged(True, Assessment(Label.EVENT, round(both, 4), reasons, "none", "1"), "city")
    assert kept.score == pytest.approx(rules, abs=1e-3)
    assert (kept.codes, kept.words) == (("weak-cue",), ("stadte-bund",))


def codes_in(*modules: Path) -> set[str]:
    return {code for one in modules for code in re.findall(r'Reason\(\s*"([a-z-]+)"', one.read_text(encoding="utf-8"))}


def test_every_reason_of_the_topic_score_is_taught() -> None:
    """The event score is not shifted; a new reason of the topic score has to be listed."""
    of_events = Path(eventness.__file__)
    found = codes_in(*(one for one in of_events.parent.glob("*.py") if one != of_events))
    assert found - {"event-score"} == learning.TAUGHT_REASONS
    assert not codes_in(of_events) & learning.TAUGHT_REASONS
    assert learning.WORDED_REASONS <= learning.TAUGHT_REASONS
