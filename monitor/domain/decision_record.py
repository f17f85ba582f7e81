"""The decision record of an article: every stage with its result, score, threshold, rules, evidence and neighbour.

It is kept with each revision, so that a decision can be explained and compared with what later rules say. The words
here are for programs and reviewers; `explanation` makes sentences of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.domain import dedupe, facts, linking, places, relevance
from monitor.domain.event_facts import period
from monitor.domain.linking import Match
from monitor.domain.model.articles import (
    ArticleForDecision,
    Assessment,
    CopyOf,
    KnownArticle,
    Label,
    Span,
    StageRecord,
    Understanding,
)
from monitor.domain.model.events import EventIntent, Happening, KnownEvent

MOST_PLACES_SHOWN = 30  # mentions kept as evidence
MOST_DETAIL_CHARS = 500

OWN_TEXT = "own text"
SAME_WORDS = "the words of another text"
OPENS = "opens an event"
NO_HAPPENING = "no happening"
UNKNOWN_LANGUAGE = "unknown"


def understood(understanding: Understanding) -> tuple[StageRecord, ...]:
    """The stages that need no archive: from the fetch to the facts."""
    article = understanding.article
    return (
        StageRecord("fetch", article.fallback.value if article.fallback else "ok", detail=article.url),
        StageRecord("extract", article.path.value, detail=", ".join(article.notes)),
        StageRecord("language", article.language or UNKNOWN_LANGUAGE),
        _places(understanding),
        _relevance(understanding.assessment),
        *_happening(understanding.assessment),
        _facts(understanding),
    )


def _places(understanding: Understanding) -> StageRecord:
    settled = sorted({mention.place_id for mention in understanding.mentions if mention.place_id})
    left_open = len({mention.surface for mention in understanding.mentions if not mention.place_id})
    shown = understanding.mentions[:MOST_PLACES_SHOWN]
    return StageRecord(
        "places",
        f"{len(settled)} settled" + (f", {left_open} open" if left_open else ""),
        detail=", ".join(settled)[:MOST_DETAIL_CHARS],
        spans=tuple(Span(one.start, one.end, one.surface) for one in shown),
        rule_version=places.RULES_VERSION,
    )


def _relevance(assessment: Assessment) -> StageRecord:
    return StageRecord(
        "relevance",
        assessment.label.value,
        score=assessment.score,
        threshold=relevance.ON_TOPIC,
        detail="; ".join(f"{one.code} {one.weight:+.2f} {one.detail}".strip() for one in assessment.reasons),
        spans=tuple(span for reason in assessment.reasons for span in reason.spans),
        rule_version=assessment.rule_version,
    )


def _happening(assessment: Assessment) -> tuple[StageRecord, ...]:
    """Whether it tells an event or background; not asked of what is off topic."""
    score = assessment.event_score
    if score is None:
        return ()
    result = Label.EVENT if score >= relevance.EVENT else Label.BACKGROUND
    return (StageRecord("happening", result.value, score, relevance.EVENT, rule_version=assessment.rule_version),)


def _facts(understanding: Understanding) -> StageRecord:
    main = understanding.facts.main
    if main is None:
        return StageRecord("facts", NO_HAPPENING, rule_version=facts.RULES_VERSION)
    return StageRecord(
        "facts",
        main.kinds[0].value,
        detail=_told(main),
        spans=_evidence(main, understanding.article),
        rule_version=facts.RULES_VERSION,
    )


def _told(main: Happening) -> str:
    inferred = " (from the publication)" if main.date_inferred else ""
    told = (
        ("kinds", " ".join(main.kinds)),
        ("status", main.status.value),
        ("when", period(main.when) + inferred if main.when else ""),
        ("participants", " ".join(sorted(main.participants))),
        ("host", main.host_id or ""),
        ("edition", str(main.ordinal) if main.ordinal is not None else ""),
        ("series", main.series_key or ""),
    )
    return "; ".join(f"{name} {value}" for name, value in told if value)[:MOST_DETAIL_CHARS]


def _evidence(main: Happening, article: ArticleForDecision) -> tuple[Span, ...]:
    text = article.full_text
    return tuple(Span(start, end, text[start:end]) for start, end in main.evidence)


def duplicate(
    copy: CopyOf | None, others: Sequence[KnownArticle], understanding: Understanding, differs: str | None = None
) -> StageRecord:
    """Whose text it repeats; of an own text the most alike that was compared; `differs`: why the same words are no
    copy.
    """
    if copy is not None:
        original = next(one for one in others if one.id == copy.article_id)
        return _compared(copy.kind.value, original, copy.resemblance, copy.containment)
    closest = dedupe.closest(understanding.fingerprint, others) if others else None
    if closest is None:
        return _compared(OWN_TEXT, None, None, 0.0)
    return _compared(f"{SAME_WORDS}, {differs}" if differs else OWN_TEXT, *closest)


def _compared(result: str, other: KnownArticle | None, score: float | None, containment: float) -> StageRecord:
    return StageRecord(
        "duplicate",
        result,
        score=round(score, 4) if score is not None else None,
        threshold=dedupe.NEAR_COPY_RESEMBLANCE,
        detail=f"containment {containment:.2f}" if other else "",
        neighbour=f"article {other.id}: {other.title}" if other else None,
        rule_version=dedupe.SCHEME,
    )


def event(intent: EventIntent, label: Label, near: Match | None, known: Sequence[KnownEvent]) -> StageRecord:
    """One event that the article tells, or would, were it one that tells events; `near`: of a new event the one that
    comes nearest among the `known` it was compared with.
    """
    result = OPENS if intent.event_id is None else f"{intent.role.value} of {intent.event_id}"
    nearest = intent.event_id or intent.perhaps_same_as
    other = nearest or (near.event_id if near else None)
    why = intent.why if near is None else f"{intent.why}; nearest {near.event_id}: {near.why}"
    return StageRecord(
        "event",
        result if label is Label.EVENT else f"fits {nearest}, not linked as {label.value}",
        score=intent.score,
        threshold=linking.SAME_EVENT,
        detail=f"{why} ({len(known)} compared)",
        neighbour=other,
        rule_version=linking.RULES_VERSION,
    )


def released(event_id: str) -> StageRecord:
    """An event that an earlier revision told and this one does not."""
    return StageRecord("event", f"no longer tells {event_id}", neighbour=event_id, rule_version=linking.RULES_VERSION)


def labelled(label: Label, why: str) -> StageRecord:
    """What it comes to."""
    return StageRecord("label", label.value, detail=why)
