"""The scores of a decision, with the reasons that speak for an article and against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.domain import relevance
from monitor.domain.explanation_phrases import in_turn, score_told, weight_told
from monitor.domain.explanation_reasons import clause, evidence
from monitor.domain.explanation_telling import Telling
from monitor.domain.explanation_words import EVENT, NOT_TOLD, TOPIC, ReasonWords
from monitor.domain.model.articles import Reason


def topic(telling: Telling) -> tuple[str, ...]:
    """The topic score with what speaks for it and against it."""
    stage = telling.stage("relevance")
    if stage is None or stage.score is None:
        return ()
    threshold = stage.threshold if stage.threshold is not None else relevance.ON_TOPIC
    argument = tuple(_argument(telling, TOPIC))
    legend = [telling.wording.say("In brackets what each reason weighs.")] if argument else []
    measured = _measured(telling, stage.score, threshold, relevance.PERHAPS_ON_TOPIC)
    return in_turn([measured, *legend], telling.wording), *argument


def happening(telling: Telling) -> tuple[str, ...]:
    """The event score with what speaks for it and against it."""
    stage = telling.stage("happening")
    if stage is None or stage.score is None or stage.threshold is None:
        return ()
    return _measured(telling, stage.score, stage.threshold, stage.threshold), *_argument(telling, EVENT)


def _measured(telling: Telling, value: float, threshold: float, asked_from: float) -> str:
    """A score beside what it is measured by."""
    score, needed = score_told(value, telling.wording), score_told(threshold, telling.wording)
    if value >= threshold:
        return telling.wording.say("Score {score}: at least {needed}, as is needed.", score=score, needed=needed)
    if value >= asked_from:
        return telling.wording.say(
            "Score {score}: under {needed}; from {asked} on a person is asked.",
            score=score,
            needed=needed,
            asked=score_told(asked_from, telling.wording),
        )
    return telling.wording.say("Score {score}: under {needed}.", score=score, needed=needed)


def _argument(telling: Telling, words: Mapping[str, ReasonWords]) -> Iterable[str]:
    own = [one for one in telling.view.assessment.reasons if one.code in words or _is_unknown(one, words)]
    own.sort(key=lambda one: -abs(one.weight))
    yield from (_for(telling, one) for one in own if one.weight > 0)
    yield from (_against(telling, one) for one in own if one.weight < 0)


def _for(telling: Telling, reason: Reason) -> str:
    values = _argued(telling, reason)
    if values["quotes"]:
        return telling.wording.say("For it ({weight}): {reason}: {quotes}.", **values)
    return telling.wording.say("For it ({weight}): {reason}.", **values)


def _against(telling: Telling, reason: Reason) -> str:
    values = _argued(telling, reason)
    if values["quotes"]:
        return telling.wording.say("Against it ({weight}): {reason}: {quotes}.", **values)
    return telling.wording.say("Against it ({weight}): {reason}.", **values)


def _argued(telling: Telling, reason: Reason) -> Mapping[str, str]:
    return {
        "weight": weight_told(reason.weight, telling.wording),
        "reason": clause(reason.code, reason.detail, telling.wording),
        "quotes": evidence(reason.spans, telling.wording),
    }


def _is_unknown(reason: Reason, words: Mapping[str, ReasonWords]) -> bool:
    """Whether rules that are gone gave the reason; such are told with the topic."""
    return words is TOPIC and reason.code not in {*TOPIC, *EVENT, *NOT_TOLD}
