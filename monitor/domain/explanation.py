"""The decision about an article in plain sentences, for the person who must trust it; see `decision_record`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain import explanation_events, explanation_reading, explanation_scores, relevance
from monitor.domain.explanation_phrases import article_named, clauses, in_turn, objections, quoted, score_told
from monitor.domain.explanation_reasons import clause
from monitor.domain.explanation_telling import Headline, Telling
from monitor.domain.explanation_words import EVENT, KEPT, TOPIC, WHAT, ReasonWords
from monitor.domain.headline import capitalised
from monitor.domain.model.articles import Label, Origin, Reason
from monitor.domain.model.views import ArticleView
from monitor.domain.wording import Wording

TOLD_REASONS = 2  # in the first sentence
MOST_LACKING = 3
NEAR_MISS_FROM = 0.25  # a topic score from which it is worth saying what is lacking


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One stage, told."""

    about: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article was kept or dropped, or would be."""

    verdict: str  # the whole in one sentence
    near_miss: str | None  # what it lacks, where it came close to being kept
    paragraphs: tuple[Paragraph, ...]


def explain(view: ArticleView, wording: Wording, headline: Headline, *, is_stored: bool = True) -> Explanation:
    """Tell the record of `view`, whose spans quote no more than its rights allow; `headline` names an event by its id;
    not `is_stored`: the article was only tried.
    """
    telling, say = Telling(view, wording, headline, is_stored), wording.say
    if view.origin == Origin.SEED:
        return _seed(telling)
    told = (
        Paragraph(say("What was read"), explanation_reading.reading(telling)),
        Paragraph(say("Places"), explanation_reading.places(telling)),
        Paragraph(say("About a relation between places?"), explanation_scores.topic(telling)),
        Paragraph(say("Event or background?"), explanation_scores.happening(telling)),
        Paragraph(say("What it tells"), explanation_reading.facts(telling)),
        Paragraph(say("Is the text known?"), explanation_reading.duplicate(telling)),
        Paragraph(say("Is the event known?"), explanation_events.events(telling)),
        Paragraph(say("Decision"), explanation_events.decision(telling)),
    )
    return Explanation(_verdict(telling), _near_miss(telling), tuple(one for one in told if one.sentences))


def _seed(telling: Telling) -> Explanation:
    """Nothing was decided about a seed: somebody said what it is."""
    view, say = telling.view, telling.wording.say
    stands = [
        say("It stands for the event {event}.", event=quoted(telling.headline(one), telling.wording))
        for one in view.event_ids
    ]
    told = (
        Paragraph(say("What was read"), (say("A record of facts and a fingerprint; the text itself is not kept."),)),
        Paragraph(say("What it tells"), (*stands,) or (say("It stands for no event: it describes what stands."),)),
        Paragraph(say("Decision"), explanation_events.decision(telling)),
    )
    verdict = say("Known beforehand: it is a seed, and neither it nor a copy of it is ever told as new.")
    return Explanation(verdict, None, tuple(one for one in told if one.sentences))


# ---------------------------------------------------------------- the whole


def _verdict(telling: Telling) -> str:
    """Kept or dropped, and the heaviest reasons."""
    label, say = telling.view.label, telling.wording.say
    decision = capitalised(say(KEPT[label][0 if telling.is_stored else 1]))
    if telling.last("label").startswith("verdict "):
        return say("{decision} because a person said so.", decision=decision)
    if telling.is_copy():
        return _copied(telling, decision)
    what, reasons = say(WHAT[label]), _because(telling)
    if reasons:
        return say("{decision} because {what}: {reasons}.", decision=decision, what=what, reasons=reasons)
    return say("{decision} because {what}.", decision=decision, what=what)


def _copied(telling: Telling, decision: str) -> str:
    stage, say = telling.stage("duplicate"), telling.wording.say
    original = article_named(stage.neighbour, telling.wording) if stage is not None else None
    values = {"decision": decision, "article": original or say("in the archive")}
    if telling.view.known_seed:
        return say(
            "{decision}: its text is a copy of one known beforehand, {article}, and it is taken as that one was.",
            **values,
        )
    return say("{decision}: its text is a copy of one {article}, and it is taken as that one was.", **values)


def _because(telling: Telling) -> str:
    label = telling.view.label
    topic = _heaviest(telling, TOPIC, 1 if label is not Label.IRRELEVANT else -1)
    event: list[Reason] = []
    if label in (Label.EVENT, Label.BACKGROUND):
        event = _heaviest(telling, EVENT, 1 if label is Label.EVENT else -1)
    chosen = topic[: TOLD_REASONS - bool(event)] + event[:1]
    if not chosen and label is Label.IRRELEVANT:
        return _neither(telling)
    return clauses([clause(one.code, one.detail, telling.wording) for one in chosen], telling.wording)


def _neither(telling: Telling) -> str:
    lacking = _lacking(telling, TOPIC)[:TOLD_REASONS]
    if len(lacking) < TOLD_REASONS:
        return ""
    return telling.wording.say("it has neither {first} nor {second}", first=lacking[0], second=lacking[1])


def _heaviest(telling: Telling, words: Mapping[str, ReasonWords], sign: int) -> list[Reason]:
    found = [one for one in telling.view.assessment.reasons if one.code in words and one.weight * sign > 0]
    return sorted(found, key=lambda one: -abs(one.weight))


# ---------------------------------------------------------------- what is lacking


def _near_miss(telling: Telling) -> str | None:
    """By how much the article missed being told, and what would have let it through."""
    is_said = telling.last("label").startswith("verdict ")
    topic, event = telling.stage("relevance"), telling.stage("happening")
    if telling.view.label is Label.EVENT or telling.is_copy() or is_said or topic is None or topic.score is None:
        return None
    if NEAR_MISS_FROM <= topic.score < relevance.ON_TOPIC:
        return _missed(telling, topic.score, relevance.ON_TOPIC, TOPIC)
    if event is not None and event.score is not None and NEAR_MISS_FROM <= event.score < relevance.EVENT:
        return _missed(telling, event.score, relevance.EVENT, EVENT)
    return None


def _missed(telling: Telling, score: float, threshold: float, words: Mapping[str, ReasonWords]) -> str:
    wording = telling.wording
    needed = math.log(threshold / (1 - threshold)) - math.log(score / (1 - score))
    told = [
        wording.say(
            "Near miss: score {score} is under {needed}.",
            score=score_told(score, wording),
            needed=score_told(threshold, wording),
        )
    ]
    told += _missing(telling, words, needed)
    heavy = [one for one in _heaviest(telling, words, -1) if -one.weight >= needed]
    if heavy:
        against = objections([clause(one.code, one.detail, wording) for one in heavy], wording)
        told.append(wording.say("Against it counts that {reasons}.", reasons=against))
    return in_turn(told, wording)


def _missing(telling: Telling, words: Mapping[str, ReasonWords], needed: float) -> list[str]:
    """What would have been enough; else what there is not."""
    enough, say = _lacking(telling, words, needed)[:MOST_LACKING], telling.wording.say
    lacks = enough or _lacking(telling, words)[:MOST_LACKING]
    things = telling.wording.either(lacks)
    if not lacks:
        return []
    if not enough:
        return [say("It lacks {things}.", things=things)]
    if len(lacks) == 1:
        return [say("It lacks {things}; that would have been enough.", things=things)]
    return [say("It lacks {things}; any one of them would have been enough.", things=things)]


def _lacking(telling: Telling, words: Mapping[str, ReasonWords], needed: float = 0.0) -> list[str]:
    """What is not there and would have weighed that much, the heaviest first."""
    there = {one.code for one in telling.view.assessment.reasons}
    absent = [one for code, one in words.items() if one.lacking and code not in there and one.weight >= needed]
    return [telling.wording.say(one.lacking) for one in sorted(absent, key=lambda one: -one.weight)]
