"""An event in one line, composed from its facts in the reader's language: "Signing: Nancy–Kunming, 22 August 2017".

The officer cannot read the Chinese title, so no title is used where the facts name at least one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from monitor.domain.model.events import EXPECTED, EventKind, EventStatus, KnownEvent
from monitor.domain.model.places import Place, PlaceLookup
from monitor.domain.text import clean_line
from monitor.domain.wording import KIND_WORDS, PLANNED_AGREEMENT, STATUS_HEADS, Wording

MAX_NAMED_TOGETHER = 3  # more participants are told as a hub with its partners
PARTNERS_NAMED = 2  # of a hub; the others are counted
MAX_TITLE_CHARS = 120  # of a title that has to stand in for unknown places

# Kinds that come in numbered editions: an ordinal is shown with them only (design section 6).
_NUMBERED = frozenset({EventKind.CONFERENCE, EventKind.EXCHANGE, EventKind.ECONOMIC, EventKind.TALKS})
_STEPS_TO_AGREEMENT = frozenset({EventKind.AGREEMENT_INTENT, EventKind.AGREEMENT_SIGNED})


def headline(event: KnownEvent, wording: Wording, place: PlaceLookup | None = None) -> str:
    """One line that says what, who, where and when; `place` lets a hub be told from its partners by their countries."""
    facts = [*_who_and_where(event, wording, place), _when(event, wording)]
    what = kind_and_edition(event, wording)
    if event.status is EventStatus.HAPPENED:
        return wording.say("{head}: {facts}", head=capitalised(what), facts=_listed(facts, wording))
    head = wording.say(STATUS_HEADS[event.status])
    return wording.say("{head}: {facts}", head=head, facts=_listed([what, *facts], wording))


def kind_and_edition(event: KnownEvent, wording: Wording) -> str:
    """The main kind as a word in running text, with the number of its edition: "conference (5th)"."""
    kind = main_kind(event)
    if kind is EventKind.AGREEMENT_INTENT and event.status is not EventStatus.HAPPENED:
        return wording.say(PLANNED_AGREEMENT)
    word = wording.say(KIND_WORDS[kind])
    if event.ordinal is None or kind not in _NUMBERED:
        return word
    return wording.say("{kind} ({edition})", kind=word, edition=wording.ordinal(event.ordinal))


def main_kind(event: KnownEvent) -> EventKind:
    """The kind that names the event; a declaration of intent that was signed is a signing, once it has happened."""
    if event.status in EXPECTED:
        return event.kinds[0]
    if event.kinds[0] is EventKind.AGREEMENT_INTENT and set(event.kinds) >= _STEPS_TO_AGREEMENT:
        return EventKind.AGREEMENT_SIGNED
    return event.kinds[0]


def capitalised(text: str) -> str:
    """With a capital at the start; the rest as it is."""
    return text[:1].upper() + text[1:]


def in_order(event: KnownEvent, wording: Wording, place: PlaceLookup | None) -> list[str]:
    """The participants' ids: the host's side first, one side after the other, by name within a side."""
    countries = {one: found.country if (found := _find(one, place)) else one for one in event.participants}
    home = countries.get(event.host_id or "", "")
    return sorted(
        event.participants,
        key=lambda one: (countries[one] != home, countries[one], one != event.host_id, wording.place(one), one),
    )


def _who_and_where(event: KnownEvent, wording: Wording, place: PlaceLookup | None) -> list[str]:
    names = {one: wording.place(one) for one in event.participants}
    host = [wording.place(event.host_id)] if event.host_id is not None else []
    if not names:
        return host or [wording.say("“{title}”", title=clean_line(event.title, MAX_TITLE_CHARS))]
    ordered = in_order(event, wording, place)
    if len(ordered) <= MAX_NAMED_TOGETHER:
        who = _paired([names[one] for one in ordered], wording)
        return [who] if event.host_id in names else [who, *host]
    hub = _hub(event, place)
    who = _hub_and_partners(ordered, hub, wording)
    return [who] if hub is not None and hub == event.host_id else [who, *host]


def _hub_and_partners(ordered: Sequence[str], hub: str | None, wording: Wording) -> str:
    others = sorted((wording.place(one) for one in ordered if one != hub), key=str.casefold)
    named = others[: MAX_NAMED_TOGETHER if hub is None else PARTNERS_NAMED]
    more = len(others) - len(named)
    partners = wording.join([*named, wording.count("{n} more", "{n} more", more)])
    return partners if hub is None else wording.say("{hub} with {partners}", hub=wording.place(hub), partners=partners)


def _hub(event: KnownEvent, place: PlaceLookup | None) -> str | None:
    """The one participant that stands alone on its side, else the host; None: nobody stands out."""
    sides: defaultdict[str, list[str]] = defaultdict(list)
    for one in event.participants:
        found = _find(one, place)
        sides[found.country if found else ""].append(one)
    alone = [side[0] for country, side in sides.items() if country and len(side) == 1]
    if len(sides) == 2 and len(alone) == 1:
        return alone[0]
    return event.host_id if event.host_id in event.participants else None


def _find(place_id: str, place: PlaceLookup | None) -> Place | None:
    return place(place_id) if place is not None else None


def _when(event: KnownEvent, wording: Wording) -> str:
    if event.when is None:
        has_passed = event.status is EventStatus.HAPPENED
        return wording.say("date not stated") if has_passed else wording.say("date open")
    period = wording.period(event.when)
    is_a_day = event.when.starts_on == event.when.ends_on
    return wording.say("reported {period}", period=period) if event.date_inferred and is_a_day else period


def _paired(names: Sequence[str], wording: Wording) -> str:
    text = names[0]
    for name in names[1:]:
        text = wording.say("{first}–{second}", first=text, second=name)
    return text


def _listed(facts: Sequence[str], wording: Wording) -> str:
    """Facts in a row. Not `join`: the last one is no "and"."""
    text = facts[0]
    for fact in facts[1:]:
        text = wording.say("{first}, {second}", first=text, second=fact)
    return text
