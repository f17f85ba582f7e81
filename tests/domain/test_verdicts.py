from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import event_facts, verdicts
from monitor.domain.dropping import drop_reason
from monitor.domain.event_facts import originals, period, read_period, respecting_pins, written_period
from monitor.domain.model.articles import Assessment, Label, Reason
from monitor.domain.model.events import (
    DateRange,
    EventKind,
    EventStatus,
    Precision,
    Role,
    Verdict,
    VerdictKind,
)
from monitor.domain.model.review import (
    ArticleLink,
    Effects,
    EventFacts,
    FactsChange,
    FactsEdit,
    LabelChange,
    Merged,
    Payload,
    VerdictRecord,
)
from monitor.domain.verdict_words import effect_words

NOW = datetime(2026, 5, 14, tzinfo=UTC)
DAY = DateRange(date(2026, 5, 12), date(2026, 5, 12))
FACTS = EventFacts(
    "Visit", (EventKind.DELEGATION_VISIT,), frozenset({"nancy", "kunming"}), "nancy", DAY, EventStatus.HAPPENED
)


def link(event_id: str, article_id: int) -> ArticleLink:
    return ArticleLink(event_id, article_id, Role.REPORT, "why", None, NOW)


links = st.lists(st.builds(link, st.sampled_from("ABC"), st.integers(1, 5)), max_size=3).map(tuple)
ids = st.lists(st.sampled_from("ABC"), max_size=2).map(tuple)
effects = st.builds(
    Effects,
    labels=st.lists(
        st.builds(LabelChange, st.integers(1, 5), st.sampled_from(Label), st.sampled_from(Label)), max_size=3
    ).map(tuple),
    linked=links,
    unlinked=links,
    facts=st.lists(st.builds(FactsChange, st.sampled_from("ABC"), st.just(FACTS), st.just(FACTS)), max_size=2).map(
        tuple
    ),
    closed=ids,
    reopened=ids,
    merged=st.just((Merged("A", "B"),)),
    parted=st.just(()),
)


@given(effects)
def test_an_undo_touches_what_was_touched_and_undone_again_it_does_the_same(done: Effects) -> None:
    back = verdicts.inverse(done)
    assert verdicts.touched_events(back) == verdicts.touched_events(done)
    assert verdicts.touched_articles(back) == verdicts.touched_articles(done)
    assert verdicts.inverse(back) == done


def test_what_was_opened_or_shut_is_closed_or_opened_by_the_undo() -> None:
    back = verdicts.inverse(Effects(opened=("A",), shut=("B",)))
    assert (back.closed, back.reopened, back.shut) == (("A",), ("B",), ())


# ---------------------------------------------------------------- facts


def test_an_edit_pins_what_it_sets_and_nothing_else() -> None:
    after = event_facts.edited(FACTS, FactsEdit(title="A visit", cleared=frozenset({"when"})), frozenset())
    assert (after.title, after.when, after.host_id) == ("A visit", None, "nancy")
    assert after.pins == {"title", "when"}
    told = replace(event_facts.happening_of(FACTS), status=EventStatus.CANCELLED, host_id="kunming")
    kept = respecting_pins(after.pins, event_facts.happening_of(after), told)
    assert (kept.when, kept.status, kept.host_id) == (None, EventStatus.CANCELLED, "kunming")


def record(number: int, before: EventFacts, after: EventFacts, undone: bool = False) -> VerdictRecord:
    said = Verdict(number, VerdictKind.EDIT, NOW, "ann", event_id="A")
    payload = Payload(Effects(facts=(FactsChange("A", before, after),)))
    return VerdictRecord(said, payload, NOW if undone else None)


def test_the_original_is_what_the_news_had_told_before_the_first_edit() -> None:
    first, second = replace(FACTS, title="Second"), replace(FACTS, title="Third", host_id=None)
    edits = [record(2, first, second), record(1, FACTS, first), record(3, second, FACTS, undone=True)]
    assert originals(edits) == {"title": "Visit", "host_id": "nancy"}
    assert originals(edits[2:]) == {}


@pytest.mark.parametrize(
    ("text", "precision", "ends_on"),
    [
        ("2026-05-12", Precision.DAY, date(2026, 5, 12)),
        ("2026-02", Precision.MONTH, date(2026, 2, 28)),
        ("2024", Precision.YEAR, date(2024, 12, 31)),
        (" 2026-05-11/2026-05-13", Precision.DAY, date(2026, 5, 13)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, precision: Precision, ends_on: date) -> None:
    found = read_period(text)
    assert (found.precision, found.ends_on) == (precision, ends_on)


@pytest.mark.parametrize("text", ["", "12 May", "2026-13", "2026-05-13/2026-05-11", "2026-05-11/", "0000"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_period(text)


@given(st.dates(), st.dates())
def test_days_are_read_back_as_they_were_written(one: date, other: date) -> None:
    when = DateRange(min(one, other), max(one, other))
    assert read_period(period(when)) == when


# ---------------------------------------------------------------- words


def test_the_history_says_what_changed() -> None:
    after = replace(FACTS, when=None, participants=frozenset({"nancy", "kunming", "kanazawa"}))
    done = Effects(
        labels=(LabelChange(7, Label.UNCERTAIN, Label.EVENT),),
        linked=(link("B", 7),),
        unlinked=(link("A", 7),),
        facts=(FactsChange("A", FACTS, after),),
        opened=("B",),
        shut=("C",),
        merged=(Merged("A", "B"),),
    )
    assert effect_words(done) == (
        "article 7: uncertain → event",
        "event B opened",
        "event A merged into B",
        "article 7 taken from event A",
        "article 7 put to event B",
        "event A: participants kunming, nancy → kanazawa, kunming, nancy",
        "event A: when 2026-05-12 → not known",
        "event C closed",
    )


@pytest.mark.parametrize(
    ("weights", "said", "is_copy", "reason"),
    [
        ({"negative-cue": -2.4, "domestic": -0.9, "weak-cue": 0.6}, Label.IRRELEVANT, False, "negative-cue"),
        ({"weak-cue": 0.6}, Label.IRRELEVANT, False, "too-little"),
        ({}, Label.IRRELEVANT, False, "nothing-found"),
        ({"weak-cue": 0.6, "domestic": -0.9, "your-verdicts": -0.6}, Label.IRRELEVANT, False, "your-verdicts"),
        ({"weak-cue": 0.6, "domestic": -0.9, "your-verdicts": -0.1}, Label.IRRELEVANT, False, "domestic"),
        ({"strong-cue": 2.8}, Label.EVENT, False, "rejected"),
        ({"strong-cue": 2.8}, Label.UNCERTAIN, True, "copy"),
    ],
)
def test_what_was_dropped_has_one_reason(weights: dict[str, float], said: Label, is_copy: bool, reason: str) -> None:
    reasons = tuple(Reason(code, weight) for code, weight in weights.items())
    assessment = Assessment(said, 0.3, reasons, "none", "1")
    assert drop_reason(Label.IRRELEVANT, assessment, is_copy=is_copy) == reason
    assert drop_reason(Label.EVENT, assessment, is_copy=is_copy) is None


@pytest.mark.parametrize("text", ["2026-05-12", "2026-05", "2026", "2026-05-11/2026-05-13", "0900-01"])
def test_dates_are_written_as_they_are_read(text: str) -> None:
    assert written_period(read_period(text)) == text
    assert written_period(None) == ""


def test_several_months_are_written_as_days() -> None:
    months = DateRange(date(2026, 10, 1), date(2026, 11, 30), Precision.MONTH)
    assert written_period(months) == "2026-10-01/2026-11-30"
