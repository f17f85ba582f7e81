"""Pages on which verdicts and reasons are shown: the words for them beside what every page has."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from monitor.domain.explanation_phrases import score_told, weight_told
from monitor.domain.explanation_reasons import clause
from monitor.domain.link_words import link_told, match_told
from monitor.domain.wording import KIND_WORDS, STATUS_WORDS, Wording, message
from monitor.web.page import page, wording_of
from monitor.web.review_words import FACT_WORDS, LABEL_WORDS, ORIGIN_WORDS, ROLE_WORDS, SAID, TRAIT_WORDS

NOT_KNOWN = message("not known")
_NUMBER = "{n}"


def desk_page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """As `page`, with the words of review."""
    wording = wording_of(request)
    words = {
        "said_words": SAID,
        "label_words": LABEL_WORDS,
        "fact_names": FACT_WORDS,
        "origin_words": ORIGIN_WORDS,
        "role_words": ROLE_WORDS,
        "trait_words": TRAIT_WORDS,
        "reason_words": lambda reason: clause(reason.code, reason.detail, wording),
        "weight_words": lambda weight, digits=1: weight_told(weight, wording, digits),
        "score_words": lambda score: score_told(score, wording),
        "link_words": lambda why: link_told(why, wording),
        "likeness_words": lambda why: match_told(why, wording),
        "fact": lambda name, value: fact_words(name, value, wording),
        "number_words": lambda number: wording.count(_NUMBER, _NUMBER, number),
    }
    return page(request, template, status, **{**words, **values})


def fact_words(name: str, value: Any, wording: Wording) -> str:
    """The value of a fact that a person can set (`FACT_WORDS`), in the visitor's language."""
    if not value:
        return wording.say(NOT_KNOWN)
    match name:
        case "kinds":
            return wording.join([wording.say(KIND_WORDS[one]) for one in value])
        case "participants":
            return wording.join(sorted(wording.place(one) for one in value))
        case "host_id":
            return wording.place(value)
        case "when":
            return wording.period(value)
        case "status":
            return wording.say(STATUS_WORDS[value])
        case _:
            return str(value)
