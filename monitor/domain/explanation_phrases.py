"""The phrases that an explanation is made of."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce

from monitor.domain.headline import capitalised
from monitor.domain.model.articles import StageRecord
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Precision
from monitor.domain.wording import KIND_WORDS, STATUS_WORDS, Wording, message

LONGEST_QUOTE = 160  # characters of one piece of evidence

_SPAN_OF_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?(.*)")
_ARTICLE = re.compile(r"article (\d+)(?:: (.*))?", re.DOTALL)

# By the number of participants (none, one, more) and whether the host is known.
_HAPPENING = {
    (0, False): message("{kinds}"),
    (0, True): message("{kinds} in {host}"),
    (1, False): message("{kinds} of {places}"),
    (1, True): message("{kinds} of {places} in {host}"),
    (2, False): message("{kinds} between {places}"),
    (2, True): message("{kinds} between {places} in {host}"),
}


# ---------------------------------------------------------------- sentences


def sentence(text: str, wording: Wording) -> str:
    """With what ends a sentence."""
    return wording.say("{sentence}.", sentence=text)


def in_turn(sentences: Iterable[str], wording: Wording) -> str:
    """Sentences one after the other."""
    return reduce(lambda first, second: wording.say("{first} {second}", first=first, second=second), sentences)


def quoted(text: str, wording: Wording) -> str:
    """On one line, between quotation marks, cut where it is long."""
    plain = " ".join(text.split())
    cut = plain if len(plain) <= LONGEST_QUOTE else plain[:LONGEST_QUOTE].rstrip() + "…"
    return wording.say("“{title}”", title=cut)


# ---------------------------------------------------------------- numbers


def score_told(value: float, wording: Wording) -> str:
    """With two digits, cut and not rounded: 0.4996 is not shown as the 0.50 that it misses."""
    return wording.number(math.floor(value * 100 + 1e-9) / 100, 2)


def percent_told(share: float, wording: Wording) -> str:
    """Cut and not rounded, for the same reason."""
    return wording.number(math.floor(share * 100 + 1e-9))


def weight_told(weight: float, wording: Wording, digits: int = 1) -> str:
    """With its sign: "+1.2"."""
    return ("−" if weight < 0 else "+") + wording.number(abs(weight), digits)


# ---------------------------------------------------------------- happenings


def happening_told(told: Mapping[str, str], wording: Wording) -> str:
    """The main happening in a sentence, from the record's facts by name."""
    kinds = [wording.say(KIND_WORDS[EventKind(one)]) for one in told.get("kinds", "").split()]
    participants = [wording.place(one) for one in told.get("participants", "").split()]
    host = told.get("host", "")
    what = wording.say(
        _HAPPENING[min(len(participants), 2), bool(host)],
        kinds=wording.join(kinds),
        places=wording.join(participants),
        host=wording.place(host) if host else "",
    )
    facts = _facts_told(told, wording)
    return sentence(wording.say("{head}: {facts}", head=capitalised(what), facts=facts), wording)


def _facts_told(told: Mapping[str, str], wording: Wording) -> str:
    facts = when_told(told.get("when", ""), wording)
    if told.get("status"):
        status = wording.say(STATUS_WORDS[EventStatus(told["status"])])
        facts = wording.say("{first}, {second}", first=status, second=facts)
    if told.get("edition"):
        edition = wording.say("edition {edition}", edition=told["edition"])
        facts = wording.say("{first}; {second}", first=facts, second=edition)
    return facts


def when_told(when: str, wording: Wording) -> str:
    """The date of a happening as the record spells it: an ISO 8601 interval, perhaps with where it was taken from."""
    found = _SPAN_OF_DAYS.fullmatch(when)
    if found is None:
        return wording.say("day not stated")
    first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    day = wording.period(DateRange(first, last, _precision(first, last)))
    return wording.say("{day} (taken from the day of publication)", day=day) if "publication" in found[3] else day


def _precision(first: date, last: date) -> Precision:
    """What a range of days was told as: a whole month or year, else days."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return Precision.YEAR
    next_day = date.fromordinal(last.toordinal() + 1)
    is_month = first.day == 1 and next_day.day == 1 and (first.year, first.month) == (last.year, last.month)
    return Precision.MONTH if is_month else Precision.DAY


# ---------------------------------------------------------------- neighbours


def pair(text: str) -> tuple[str, str]:
    """Name and value of a fact in the record."""
    name, _, value = text.partition(" ")
    return name, value


def article_named(neighbour: str | None, wording: Wording) -> str | None:
    """An article named in the record: "article 12: Title"."""
    found = _ARTICLE.fullmatch(neighbour or "")
    if found is None:
        return neighbour
    number, title = found[1], found[2]
    if not title:
        return wording.say("article {number}", number=number)
    return wording.say("{title} (article {number})", title=quoted(title, wording), number=number)


def with_likeness(event: str, stage: StageRecord, wording: Wording) -> str:
    """A known event with how like it is, where that was measured."""
    if stage.score is None or stage.threshold is None:
        return event
    score, needed = score_told(stage.score, wording), score_told(stage.threshold, wording)
    return wording.say("{event} (likeness {score}, {needed} is needed)", event=event, score=score, needed=needed)


def clauses(parts: Sequence[str], wording: Wording) -> str:
    """Clauses after one "because"; "" for none."""
    if not parts:
        return ""
    return reduce(lambda first, second: wording.say("{first} and {second}", first=first, second=second), parts)


def objections(parts: Sequence[str], wording: Wording) -> str:
    """Clauses after one "that"."""
    return reduce(lambda first, second: wording.say("{first} and that {second}", first=first, second=second), parts)
