"""The phrases that an explanation is made of."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date

from monitor.domain.model.articles import StageRecord
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Precision
from monitor.domain.wording import KIND_WORDS, STATUS_WORDS, Wording

LONGEST_QUOTE = 160  # characters of one piece of evidence

_SPAN_OF_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?(.*)")


def happening_told(told: Mapping[str, str], wording: Wording) -> str:
    """The main happening in a sentence, from the record's facts by name."""
    kinds = [wording.say(KIND_WORDS[EventKind(one)]) for one in told.get("kinds", "").split()]
    participants = told.get("participants", "").split()
    who = wording.join([wording.place(one) for one in participants])
    parts = [wording.join(kinds)]
    parts += [f"between {who}" if len(participants) > 1 else f"of {who}"] if who else []
    parts += [f"in {wording.place(told['host'])}"] if told.get("host") else []
    status = wording.say(STATUS_WORDS[EventStatus(told["status"])]) if told.get("status") else ""
    edition = f"; edition {told['edition']}" if told.get("edition") else ""
    return f"{_capital(' '.join(parts))}: {status}{_when(told.get('when', ''), wording)}{edition}."


def _when(when: str, wording: Wording) -> str:
    found = _SPAN_OF_DAYS.fullmatch(when)
    if found is None:
        return ", day not stated"
    first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    day = wording.period(DateRange(first, last, _precision(first, last)))
    return f", {day}" + (" (taken from the day of publication)" if "publication" in found[3] else "")


def against(score: float, threshold: float) -> str:
    """A score beside what it is measured by."""
    needed = number_told(threshold)
    return f"at least {needed}, as is needed" if score >= threshold else f"under {needed}"


def number_told(value: float) -> str:
    """With two digits, cut and not rounded: 0.4996 is not shown as the 0.50 that it misses."""
    return f"{math.floor(value * 100 + 1e-9) / 100:.2f}"


def quoted(text: str) -> str:
    """On one line, between quotation marks, cut where it is long."""
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= LONGEST_QUOTE else plain[:LONGEST_QUOTE].rstrip() + '…'}”"


def either(parts: Sequence[str]) -> str:
    """A choice as prose: "a, b or c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def pair(text: str) -> tuple[str, str]:
    """Name and value of a fact in the record."""
    name, _, value = text.partition(" ")
    return name, value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _precision(first: date, last: date) -> Precision:
    """What a range of days was told as: a whole month or year, else days."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return Precision.YEAR
    next_day = date.fromordinal(last.toordinal() + 1)
    is_month = first.day == 1 and next_day.day == 1 and (first.year, first.month) == (last.year, last.month)
    return Precision.MONTH if is_month else Precision.DAY


def article_named(neighbour: str | None) -> str | None:
    """An article named in the record: "article 12: Title"."""
    if neighbour is None:
        return None
    head, _, title = neighbour.partition(": ")
    return f"“{title}” ({head})" if title else head


def likeness(stage: StageRecord) -> str:
    """How like a known event it is; "" where that was not measured."""
    if stage.score is None or stage.threshold is None:
        return ""
    return f" (likeness {number_told(stage.score)}, {number_told(stage.threshold)} is needed)"


_LIKENESS = {
    "participants": ("the same places", "nearly the same places", "partly the same places"),
    "date": ("the same date", "dates that go together", "dates that leave it open"),
    "kind": ("the same kind of event", "related kinds of event", "different kinds of event"),
}


def likeness_told(detail: str) -> str:
    """The parts of a likeness in words; what is not of that form as it is."""
    bare = re.sub(r" \(\d+ compared\)$", "", detail)
    told = []
    for part in bare.split(", "):
        name, _, value = part.partition(" ")
        if name in _LIKENESS and re.fullmatch(r"\d\.\d\d", value):
            told.append(_LIKENESS[name][0 if float(value) >= 0.95 else 1 if float(value) >= 0.6 else 2])
        else:
            told.append(re.sub(r"^people and numbers \+.*", "people or figures in common", part))
    return ", ".join(told)
