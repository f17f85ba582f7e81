"""Decisions are told in every language of the interface: no English sentence and no field left unfilled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.explanation import Explanation, explain
from monitor.domain.explanation_reasons import REASONS, clause
from monitor.domain.explanation_words import WHERE
from monitor.domain.learning import learn
from monitor.domain.link_words import link_told
from monitor.domain.model.articles import Known, Label, Reason, StageRecord, TextPath
from monitor.domain.model.review import Judged
from monitor.domain.model.views import ArticleView
from monitor.domain.outcomes import Outcome
from monitor.domain.replaying import HELD
from monitor.domain.same_words import ANOTHER_DAY, ANOTHER_EDITION, ANOTHER_PARTNER
from tests.domain.digest_samples import words
from tests.domain.test_explanation import BAKERS, HALF, VISIT, event, view
from tests.english import ENGLISH, QUOTED

TRANSLATED = ("fr", "zh", "vi")
SEED_TOLD = StageRecord(
    "facts", "conference", detail="kinds conference talks; status announced; when 2026-05-01/2026-05-31"
)


def headline(event_id: str) -> str:
    return f"<{event_id}>"


def sentences(explanation: Explanation) -> Iterator[str]:
    yield explanation.verdict
    yield from [explanation.near_miss] if explanation.near_miss else []
    for paragraph in explanation.paragraphs:
        yield paragraph.about
        yield from paragraph.sentences


def assert_told(told: str, language: str) -> None:
    assert told.strip(), "nothing is said"
    assert "{" not in told, told
    assert "}" not in told, told
    if language != "en":
        assert not ENGLISH.search(QUOTED.sub("", told)), told


def assert_explained(shown: ArticleView) -> None:
    shapes = []
    for language in ("en", *TRANSLATED):
        for is_stored in (True, False):
            explanation = explain(shown, words(language), headline, is_stored=is_stored)
            for told in sentences(explanation):
                assert_told(told, language)
        shapes.append([len(one.sentences) for one in explanation.paragraphs])
    assert shapes == [shapes[0]] * len(shapes), "every language says as much"


def recorded(shown: ArticleView, *stages: StageRecord) -> ArticleView:
    """With these stages in place of those of the same name."""
    names = {one.stage for one in stages}
    return replace(shown, record=(*(one for one in shown.record if one.stage not in names), *stages))


KEPT, DROPPED = view(VISIT), view(BAKERS)
RECORDS = {
    "kept": KEPT,
    "dropped": DROPPED,
    "near miss": view(HALF),
    "event known": view(VISIT, Known(events=(event("ev_1"),))),
    "one event near": view(VISIT, Known(events=(event("ev_1", date(2024, 5, 12)),))),
    "events near": view(VISIT, Known(events=(event("ev_1", date(2024, 5, 12)), event("ev_2", date(2023, 5, 12))))),
    "announced": recorded(
        KEPT, StageRecord("facts", "conference", detail=SEED_TOLD.detail + "; host nancy; edition 5")
    ),
    "without a day": recorded(
        KEPT, StageRecord("facts", "visit", detail="kinds talks; status denied; participants nancy")
    ),
    "no happening": recorded(KEPT, StageRecord("facts", "no happening")),
    "said by a person": recorded(DROPPED, StageRecord("label", "event", detail="verdict 7 by Ann")),
    "taken back": recorded(DROPPED, StageRecord("label", "event", detail="verdict 7 taken back by Ann")),
    "nobody's verdict": recorded(DROPPED, StageRecord("label", "event", detail="verdict 7")),
    "held": recorded(KEPT, StageRecord("label", "event", detail=HELD)),
    "strong link": recorded(KEPT, StageRecord("label", "event", detail="tells a known event")),
    "edited away": recorded(KEPT, StageRecord("event", "no longer tells ev_1", neighbour="ev_1")),
    "no event": recorded(KEPT, StageRecord("places", "0 settled")),
    "unread page": replace(DROPPED, path=TextPath.FEED_SUMMARY, fallback=Outcome.NOT_FOUND, published_on=None),
    "unknown language": recorded(replace(DROPPED, language=None), StageRecord("language", "unknown")),
    "gone rule": replace(
        DROPPED, assessment=replace(DROPPED.assessment, reasons=(Reason("moon-phase", -0.3, "waxing"),))
    ),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_each_kind_of_record_is_told_in_every_language(kind: str) -> None:
    assert_explained(RECORDS[kind])


scores = st.none() | st.floats(0.01, 0.99)
neighbours = st.sampled_from([None, "article 3", "article 12: Ein Titel"])
duplicates = st.builds(
    StageRecord,
    st.just("duplicate"),
    st.sampled_from(
        ["same-text", "near-copy", "contained", "own text"]
        + [f"the words of another text, {one}" for one in (ANOTHER_DAY, ANOTHER_EDITION, ANOTHER_PARTNER)]
    ),
    score=scores,
    threshold=scores,
    neighbour=neighbours,
)
likenesses = st.sampled_from(
    [
        "participants 1.00, date 0.70, kind 0.20",
        "participants 0.50, date 1.00, kind 1.00, same edition of the series, people and numbers +0.10",
        "participants 1.00, date 1.00, kind 0.60, meaning 0.83 +0.020 (paraphrases)",
        "a person linked them",
        "an earlier revision of this article told it",
        "a copy of a report on it",
    ]
)
NOT_KNOWN = "no known event shares participants, date and kind"
opening = st.sampled_from(
    [
        NOT_KNOWN,
        f"{NOT_KNOWN}; nearest ev_2: another date",
        f"{NOT_KNOWN}; nearest ev_2: another edition of the series",
        f"{NOT_KNOWN}; nearest ev_2: another step of the relation",
        f"{NOT_KNOWN}; nearest ev_2: too little in common",
        f"{NOT_KNOWN}; nearest ev_2: something else",
        "perhaps ev_2: participants 1.00, date 0.40, kind 1.00",
    ]
)
opened = st.builds(
    lambda why, compared, score: StageRecord(
        "event", "opens an event", score, 0.6, f"{why} ({compared} compared)", neighbour="ev_2"
    ),
    opening,
    st.integers(0, 1_200),
    scores,
)
linked = st.builds(
    lambda result, why, compared, score: StageRecord(
        "event", result, score, 0.6, f"{why} ({compared} compared)", neighbour="ev_2"
    ),
    st.sampled_from(["report of ev_2", "announces of ev_2", "fits ev_2, not linked as background", "copy of ev_2"]),
    likenesses,
    st.integers(0, 1_200),
    scores,
)
relevant = st.builds(lambda score: StageRecord("relevance", "event", score, 0.5), scores)
eventful = st.builds(lambda score: StageRecord("happening", "event", score, 0.45), scores)
labelled = st.builds(
    lambda why: StageRecord("label", "event", detail=why),
    st.sampled_from(["assessment", "copy of article 3", "tells a known event", HELD, "verdict 9 by Bo"]),
)


@given(
    st.sampled_from([KEPT, DROPPED, RECORDS["near miss"]]),
    st.sampled_from(Label),
    st.tuples(duplicates, linked | opened, relevant, eventful, labelled),
)
def test_whatever_was_recorded_is_told_in_every_language(
    shown: ArticleView, label: Label, stages: tuple[StageRecord, ...]
) -> None:
    assert_explained(recorded(replace(shown, label=label), *stages))


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("code", REASONS)
def test_each_reason_is_a_clause_with_and_without_its_place(code: str, language: str) -> None:
    for detail in ["1998 to 2004"] if "{detail}" in REASONS[code].clause else ["", *WHERE, "waxing"]:
        told = clause(code, detail, words(language))
        assert_told(told, language)
        assert told == told.strip(" ")
        assert "  " not in told


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_verdicts_taught_is_told_with_the_numbers_of_the_language(language: str) -> None:
    rejected = [Judged(number == 0, "1", Label.UNCERTAIN, 0.5, f"town{number}", (), ("twin",)) for number in range(6)]
    confirmed = [Judged(True, "1", Label.UNCERTAIN, 0.5, "city", ("weak-cue",), ())] * 5
    mixed = [Judged(False, "1", Label.UNCERTAIN, 0.5, f"town{one % 4}", ("weak-cue",), ()) for one in range(9)]
    taught = [learn(said).shifts for said in (rejected, confirmed, mixed)]
    assert all(taught)
    cue = [Reason("weak-cue", 0.6, "lead", KEPT.assessment.reasons[0].spans)]
    for said in (rejected, confirmed, mixed):
        for reason in learn(said).reasons("city", cue):
            told = clause(reason.code, reason.detail, words(language))
            assert_told(told, language)
            assert words(language).number(abs(reason.weight), 2) in told


WHYS = [
    "perhaps ev_7: participants 1.00, date 0.40, kind 1.00",
    "its event was merged by Ann",
    "split off by Ann",
    "moved by Ann",
    "attached by Ann",
    "came to a part that was split off",
    "a person says that it tells an event",
    "told by the seed",
    "no known event shares participants, date and kind",
]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("why", WHYS)
def test_each_reason_of_a_link_is_told_in_every_language(why: str, language: str) -> None:
    told = link_told(why, words(language))
    assert_told(told, language)
    assert told != why
    assert ("Ann" in told) == ("Ann" in why)


def test_a_link_of_unknown_form_is_shown_as_it_is() -> None:
    assert link_told("by a rule of old", words("fr")) == "by a rule of old"


@pytest.mark.parametrize("events", [("ev_1",), ()])
def test_a_seed_is_told_in_every_language(events: tuple[str, ...]) -> None:
    assert_explained(replace(view(VISIT), origin="seed", event_ids=events, record=()))
