"""Decisions in plain sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import monitor
from monitor import resources
from monitor.adapters.wording import load_wording
from monitor.domain import explanation_words, rights
from monitor.domain.decide import Knowledge, ingest, understand
from monitor.domain.explanation import Explanation, explain
from monitor.domain.model.articles import Known, Label, StageRecord, TextPath
from monitor.domain.model.events import DateRange, EventKind, EventOrigin, EventStatus, KnownEvent
from monitor.domain.model.sources import Rights, TextRights
from monitor.domain.model.views import ArticleView
from monitor.domain.outcomes import Outcome
from monitor.domain.places import display_name
from tests.domain import invented

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
DAY = date(2026, 5, 12)
FULL = TextRights(Rights.FULL)
VISIT = (
    "Kunming delegation visits Nancy",
    (
        "The mayor of Nancy received a delegation of the city of Kunming on 12 May 2026. Both sister cities spoke of "
        "student exchange and signed an agreement on tramways."
    ),
)
BAKERS = ("Bakers open later", "The bakers of the old quarter will open an hour later on Sundays from now on.")
HALF = ("Engineers in Lyon", "Engineers from Wuhan visit Lyon. They saw much in Lyon and spoke of Wuhan.")


def name(place_id: str, language: str) -> str:
    found = invented.lookup(place_id)
    return display_name(found, language) if found else place_id


def headline(event_id: str) -> str:
    return f"the event {event_id}"


WORDING = load_wording(resources.locale(), "en", name)


def view(told: tuple[str, str], known: Known | None = None, allowed: TextRights = FULL, **more: object) -> ArticleView:
    knowledge = Knowledge(invented.lexicon(), invented.lookup)
    article = replace(invented.article(*told, "en", date(2026, 5, 13)), path=TextPath.PAGE)
    intent = ingest(known or Known(), understand(article, knowledge), NOW, knowledge)
    values: dict[str, object] = {
        "id": 1,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "language": "en",
        "author": None,
        "site_name": None,
        "published_on": article.published_on,
        "path": TextPath.PAGE,
        "fallback": None,
        "revision": 1,
        "origin": "feed",
        "source_key": None,
        "source_name": None,
        "first_seen_at": NOW,
        "label": intent.label,
        "copy_of_id": None,
        "copy_kind": None,
        "known_seed": None,
        "assessment": intent.understanding.assessment,
        "mentions": intent.understanding.mentions,
        "record": intent.record,
        "event_ids": (),
        "capture": None,
        "text_rights": allowed,
        **more,
    }
    return rights.shown_article(ArticleView(**values))  # type: ignore[arg-type]


def told(shown: ArticleView, *, is_stored: bool = True) -> Explanation:
    return explain(shown, WORDING, headline, is_stored=is_stored)


def sentences(explanation: Explanation) -> str:
    return "\n".join(one for paragraph in explanation.paragraphs for one in paragraph.sentences)


def event(event_id: str, when: date = DAY) -> KnownEvent:
    return KnownEvent(
        id=event_id,
        kinds=(EventKind.DELEGATION_VISIT,),
        participants=frozenset({"nancy", "kunming"}),
        host_id="nancy",
        when=DateRange(when, when),
        status=EventStatus.HAPPENED,
        ordinal=None,
        series_key=None,
        origin=EventOrigin.NEWS,
        title="Visit",
        languages=frozenset({"en"}),
    )


def test_a_kept_article_says_why_in_its_own_words() -> None:
    explanation = told(view(VISIT))
    assert explanation.verdict.startswith("Kept because it tells an event of a relation between places: it speaks of a")
    assert explanation.near_miss is None
    said = sentences(explanation)
    assert "It is written in English, published on 13 May 2026." in said
    assert "It names Kunming and Nancy." in said
    assert "“sister cities”" in said
    assert re.search(r"Score 0\.\d\d: at least 0\.50, as is needed\.", said)
    assert "12 May 2026" in said
    assert "It opens a new event: none is known there at that time." in said


def test_what_was_only_tried_is_told_as_what_would_be() -> None:
    explanation = told(view(VISIT), is_stored=False)
    assert explanation.verdict.startswith("Would be kept because")
    assert "It would open a new event" in sentences(explanation)


def test_a_dropped_article_says_what_it_has_not() -> None:
    explanation = told(view(BAKERS))
    assert explanation.verdict == (
        "Dropped because it is not about a relation between places: it has neither words that only a partnership of "
        "places uses nor places of two countries in one sentence."
    )
    assert "It names no place that the program knows." in sentences(explanation)


def test_a_near_miss_names_score_threshold_and_what_is_lacking() -> None:
    shown = view(HALF)
    score = shown.assessment.score
    assert 0.25 <= score < 0.5
    explanation = told(shown)
    assert explanation.near_miss is not None
    assert explanation.near_miss.startswith(f"Near miss: score {int(score * 100) / 100:.2f} is under 0.50. It lacks ")
    assert "words that only a partnership of places uses" in explanation.near_miss
    assert "any one of them would have been enough" in explanation.near_miss


def test_a_score_is_never_rounded_up_to_the_threshold_it_misses() -> None:
    shown = view(HALF)
    record = tuple(replace(one, score=0.4999) if one.stage == "relevance" else one for one in shown.record)
    assert "Score 0.49: under 0.50" in sentences(told(replace(shown, record=record)))


def test_a_known_event_is_named_with_its_likeness() -> None:
    said = sentences(told(view(VISIT, Known(events=(event("ev_1"),)))))
    assert re.search(
        r"It tells the known event “the event ev_1” \(likeness [01]\.\d\d, 0\.60 is needed\): the same", said
    )


def test_a_new_event_is_told_with_its_nearest_neighbour() -> None:
    said = sentences(told(view(VISIT, Known(events=(event("ev_1", date(2024, 5, 12)),)))))
    assert "The only known one there, “the event ev_1”, took place at another time." in said


def test_an_edit_that_took_an_event_back_is_told() -> None:
    shown = view(BAKERS)
    record = (*shown.record, StageRecord("event", "no longer tells ev_1", neighbour="ev_1"))
    assert "no longer tells “the event ev_1”" in sentences(told(replace(shown, record=record)))


def test_a_persons_word_is_told_as_such() -> None:
    shown = view(BAKERS)
    record = (*shown.record, StageRecord("label", "event", detail="verdict 7 by ann"))
    explanation = told(replace(shown, label=Label.EVENT, record=record))
    assert explanation.verdict == "Kept because a person said so."
    assert "ann decided so (verdict 7); the program obeys." in sentences(explanation)


def test_a_copy_names_its_original() -> None:
    shown = view(VISIT)
    record = (
        StageRecord("duplicate", "near-copy", 0.92, 0.4, neighbour="article 3: Visit from Kunming"),
        StageRecord("label", "event", detail="copy of article 3"),
    )
    explanation = told(replace(shown, record=record))
    assert explanation.verdict == (
        "Kept: its text is a copy of one “Visit from Kunming” (article 3), and it is taken as that one was."
    )
    assert "nearly that of “Visit from Kunming” (article 3) (92% in common, a copy from 40% on)" in sentences(
        explanation
    )


def test_a_page_that_could_not_be_read_says_so() -> None:
    shown = view(BAKERS, path=TextPath.FEED_SUMMARY, fallback=Outcome.NOT_FOUND)
    assert "Only the summary in the feed could be used (the page: the address leads nowhere)." in sentences(told(shown))


def test_without_the_right_to_quote_the_sentences_stand_alone() -> None:
    explanation = told(view(VISIT, allowed=TextRights(Rights.LINK)))
    said = sentences(explanation)
    assert "“" not in said
    assert "it speaks of a partnership of places" in said


def test_every_reason_that_can_be_given_has_its_sentence() -> None:
    sources = (Path(monitor.__file__).parent / "domain").glob("*.py")
    codes = {code for one in sources for code in re.findall(r'\bReason\(\s*"([a-z-]+)"', one.read_text("utf-8"))}
    assert len(codes) > 20
    known = explanation_words.TOPIC.keys() | explanation_words.EVENT.keys() | explanation_words.NOT_TOLD
    assert codes <= known
    assert "your-verdicts" in known


def test_a_seed_is_told_as_what_was_known_beforehand() -> None:
    shown = replace(view(VISIT), origin="seed", event_ids=("ev_1",), record=())
    assert "Known beforehand" in told(shown).verdict
    assert headline("ev_1") in sentences(told(shown))
    assert "no event" in sentences(told(replace(shown, event_ids=())))
