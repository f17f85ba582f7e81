"""The reasons of the rules as clauses, with what each adds and the words that it is seen in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from monitor.domain.explanation_phrases import quoted, score_told
from monitor.domain.explanation_words import EVENT, TOPIC, WHERE, ReasonWords
from monitor.domain.learning import YOUR_VERDICTS
from monitor.domain.model.articles import Span
from monitor.domain.wording import Wording

MOST_QUOTES = 4  # of one reason

REASONS: Mapping[str, ReasonWords] = {**TOPIC, **EVENT}

_YEARS = re.compile(r"(\d+) to (\d+)")
_LEARNT = re.compile(
    r'your verdicts on (?:this source|the reason (?P<reason>\S+)|the word "(?P<word>.*)") '
    r"(?P<way>lower|raise) this by (?P<weight>\d+\.\d+): (?P<number>\d+) of (?P<all>\d+) \w+",
    re.DOTALL,
)


def clause(code: str, detail: str, wording: Wording) -> str:
    """A reason as a clause that can begin a sentence or follow "because"."""
    known = REASONS.get(code)
    if known is None:
        return wording.say("a rule of that time counts that is gone now ({code})", code=code)
    where = wording.say(WHERE[detail]) if detail in WHERE else ""
    told = wording.say(known.clause, where=where, detail=_detail(detail, wording))
    return re.sub(" {2,}", " ", told).strip(" ")  # where nothing is said of the place, it leaves a gap


def evidence(spans: Sequence[Span], wording: Wording) -> str:
    """The words that a reason is seen in; "" where there are none, or the rights keep them back."""
    return wording.join(list(dict.fromkeys(quoted(one.text, wording) for one in spans if one.text))[:MOST_QUOTES])


def _detail(detail: str, wording: Wording) -> str:
    """What a reason adds; it is stored in the words of the program."""
    years = _YEARS.fullmatch(detail)
    if years is not None:
        return wording.say("{first} to {last}", first=years[1], last=years[2])
    learnt = _LEARNT.fullmatch(detail)
    return _learnt(learnt, wording) if learnt is not None else detail


def _learnt(found: re.Match[str], wording: Wording) -> str:
    values = {"what": _judged(found, wording), "weight": score_told(float(found["weight"]), wording)}
    number, everything = int(found["number"]), wording.number(int(found["all"]))
    if found["way"] == "lower":
        return wording.count(
            "your verdicts on {what} lower this by {weight}: {n} of {all} rejected",
            "your verdicts on {what} lower this by {weight}: {n} of {all} rejected",
            number,
            all=everything,
            **values,
        )
    return wording.count(
        "your verdicts on {what} raise this by {weight}: {n} of {all} confirmed",
        "your verdicts on {what} raise this by {weight}: {n} of {all} confirmed",
        number,
        all=everything,
        **values,
    )


def _judged(found: re.Match[str], wording: Wording) -> str:
    if found["word"] is not None:
        return wording.say("the word {word}", word=quoted(found["word"], wording))
    if found["reason"] is None:
        return wording.say("this source")
    reason = found["reason"]
    told = clause(reason, "", wording) if reason != YOUR_VERDICTS else reason
    return wording.say("the reason {reason}", reason=quoted(told, wording))
