"""Why an article belongs to an event, in words: the archive keeps it in the words of the program (`linking`, `decide`,
`verdicts`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

from monitor.domain.wording import Wording, message

NEARLY, PARTLY = 0.95, 0.6  # a part of the likeness from which it is called the same, and nearly the same

_LIKENESS: Mapping[str, tuple[str, str, str]] = {
    "participants": (message("the same places"), message("nearly the same places"), message("partly the same places")),
    "date": (message("the same date"), message("dates that go together"), message("dates that leave it open")),
    "kind": (
        message("the same kind of event"),
        message("related kinds of event"),
        message("different kinds of event"),
    ),
}
_PART = re.compile(r"(participants|date|kind) (\d\.\d\d)")
_MEANING = re.compile(r"meaning \d\.\d\d \+\d\.\d+ \(.*\)")
_COMPARED = re.compile(r" \(\d+ compared\)$")
_PERHAPS = re.compile(r"perhaps \S+: (.+)", re.DOTALL)

_BY_A_PERSON = (
    (re.compile(r"its event was merged by (.+)", re.DOTALL), message("its event was merged by {name}")),
    (re.compile(r"split off by (.+)", re.DOTALL), message("split off by {name}")),
    (re.compile(r"moved by (.+)", re.DOTALL), message("moved by {name}")),
    (re.compile(r"attached by (.+)", re.DOTALL), message("attached by {name}")),
)
_WHOLE = {
    one: one
    for one in (
        message("no known event shares participants, date and kind"),
        message("a copy of a report on it"),
        message("a person linked them"),
        message("a person says that it tells an event"),
        message("an earlier revision of this article told it"),
        message("came to a part that was split off"),
        message("told by the seed"),
    )
}


def link_told(why: str, wording: Wording) -> str:
    """The reason of a link, as kept with it, as a clause; one of another form as it is."""
    if why in _WHOLE:
        return wording.say(_WHOLE[why])
    for form, told in _BY_A_PERSON:
        found = form.fullmatch(why)
        if found is not None:
            return wording.say(told, name=found[1])
    perhaps = _PERHAPS.fullmatch(why)
    if perhaps is not None:
        return wording.say("perhaps the same: {why}", why=likeness_told(perhaps[1], wording))
    return likeness_told(why, wording)


def match_told(why: str, wording: Wording) -> str:
    """The likeness alone, where "perhaps" was said already."""
    perhaps = _PERHAPS.fullmatch(why)
    return likeness_told(perhaps[1], wording) if perhaps is not None else link_told(why, wording)


def likeness_told(detail: str, wording: Wording) -> str:
    """The parts of a likeness in words; what is not of that form as it is."""
    bare = _COMPARED.sub("", detail)
    if bare in _WHOLE:
        return wording.say(_WHOLE[bare])
    told = [_part(one, wording) for one in bare.split(", ")]
    return reduce(lambda first, second: wording.say("{first}, {second}", first=first, second=second), told)


def _part(part: str, wording: Wording) -> str:
    found = _PART.fullmatch(part)
    if found is not None:
        value = float(found[2])
        return wording.say(_LIKENESS[found[1]][0 if value >= NEARLY else 1 if value >= PARTLY else 2])
    if part == "same edition of the series":
        return wording.say("the same edition of the series")
    if part.startswith("people and numbers +"):
        return wording.say("people or figures in common")
    return wording.say("headlines that mean the same") if _MEANING.fullmatch(part) else part
