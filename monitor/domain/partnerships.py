"""Partnerships: what the voices on one come to, which events are its story, what the news proposes, and dormancy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.domain import claims
from monitor.domain.model.events import EventKind, EventStatus, Happening, KnownEvent
from monitor.domain.model.partnerships import Claim, ClaimField, PartnershipData, PartnershipState, Stated
from monitor.domain.model.places import INSTITUTIONS, Place, PlaceKind, PlaceLookup
from monitor.domain.months import months_after
from monitor.domain.places import covers

# Friendly relations have at least one report a year (a greeting, a visit); half a year more bears a late anniversary.
DORMANT_AFTER_MONTHS = 18
# What a person decides about a partnership stands whatever seeds, files and news say afterwards.
_DECIDED = frozenset({PartnershipState.WATCHED, PartnershipState.DECLINED})


def partnership_key(participants: Iterable[str]) -> str:
    """The key of the partnership of these places."""
    return "+".join(sorted(participants))


# ---------------------------------------------------------------- what it comes to


def merged(known: PartnershipData | None, said: PartnershipData, stated_by: str = "") -> PartnershipData:
    """The partnership after one voice has told (anew) what it knows of it.

    Members are those of the weightiest voice; a person's yes or no stands until a person says otherwise.
    """
    voice = (said.origin, stated_by)
    fields = ((ClaimField.GRADE, said.grade), (ClaimField.SINCE, said.since), (ClaimField.UNTIL, said.until))
    told = [one for field, value in fields if (one := claims.claim(field, value, voice)) is not None]
    if known is None:
        return believed(replace(said, claims=tuple(told)))
    tells_members = bool(said.participants) and claims.outweighs(said.origin, known.origin)
    return believed(
        replace(
            known,
            participants=said.participants if tells_members else known.participants,
            origin=said.origin if tells_members else known.origin,
            state=_state(known, said),
            claims=claims.restated(known.claims, told, voice),
        )
    )


def _state(known: PartnershipData, said: PartnershipData) -> PartnershipState:
    if said.origin in (Stated.HAND, Stated.CONFIG) and said.state is PartnershipState.WATCHED:
        return said.state
    if known.state in _DECIDED or said.state is PartnershipState.PROPOSED:
        return known.state
    return said.state


def believed(partnership: PartnershipData) -> PartnershipData:
    """With grade, since and until as the best claims say."""
    said = partnership.claims
    return replace(
        partnership,
        grade=claims.believed(said, ClaimField.GRADE) or "partner",
        since=claims.day(claims.believed(said, ClaimField.SINCE)),
        until=claims.day(claims.believed(said, ClaimField.UNTIL)),
    )


def in_force(partnership: PartnershipData, on: date) -> bool:
    """Whether it has not come to an end by that day, as far as is confirmed."""
    return partnership.until is None or partnership.until >= on


def ended(partnership: PartnershipData, end: Claim) -> PartnershipData:
    """After the news told its end, confirmed or not; another report of the same event replaces the claim."""
    voice = (end.stated, end.stated_by)
    kept = [one for one in partnership.claims if (one.stated, one.stated_by) != voice or one.field is not end.field]
    return believed(replace(partnership, claims=claims.added(kept, [end])))


def revived(partnership: PartnershipData, on: date) -> PartnershipData:
    """After something was signed on a day: what the news told of an end before it no longer holds."""
    kept = tuple(one for one in partnership.claims if not _is_older_end(one, on))
    return partnership if len(kept) == len(partnership.claims) else believed(replace(partnership, claims=kept))


def _is_older_end(one: Claim, on: date) -> bool:
    return one.field is ClaimField.UNTIL and one.stated is Stated.NEWS and date.fromisoformat(one.value) < on


# ---------------------------------------------------------------- who stands for whom


def member_of(place_id: str, members: frozenset[str], place: PlaceLookup) -> str | None:
    """The member that a place stands for: itself, the city where an institution has its seat, or what it was merged
    into; None: it is no part of the partnership.
    """
    if place_id in members:
        return place_id
    entry = place(place_id)
    if entry is None:
        return None
    seat = entry.seat_id if entry.kind in INSTITUTIONS else None
    return next((one for one in (seat, entry.successor_id) if one in members), None)


def with_seats(participants: Iterable[str], place: PlaceLookup) -> frozenset[str]:
    """The places, and those that they may stand for: seats of institutions, successors."""
    places = frozenset(participants)
    entries = [entry for one in places if (entry := place(one)) is not None]
    return places | {other for one in entries for other in (one.seat_id, one.successor_id) if other is not None}


def reached(participants: Iterable[str], members: frozenset[str], place: PlaceLookup) -> frozenset[str]:
    """The members that the participants are or stand for."""
    return frozenset(found for one in participants if (found := member_of(one, members, place)) is not None)


def belongs(participants: Iterable[str], members: frozenset[str], place: PlaceLookup) -> bool:
    """Whether both sides of a partnership take part; of one with several members two of them, of two countries where
    it is international.
    """
    found = reached(participants, members, place)
    if len(found) < 2:
        return False
    countries = {_country(one, place) for one in members}
    return len(countries) < 2 or len({_country(one, place) for one in found}) >= 2


def seats(members: frozenset[str], place: PlaceLookup, beside: Callable[[str], Iterable[str]]) -> Mapping[str, str]:
    """The places that take part for a partnership, each with its side: what `belongs` says, for many events at once.
    The sides of an international one are countries, of others members.
    """
    countries = {one: _country(one, place) for one in members}
    is_international = len(set(countries.values())) > 1
    found: dict[str, str] = {}
    for one in sorted({*members, *(other for member in members for other in beside(member))}):
        member = member_of(one, members, place)
        if member is not None:
            found[one] = countries[member] if is_international else member
    return found


def _country(place_id: str, place: PlaceLookup) -> str:
    entry = place(place_id)
    return entry.country if entry is not None else place_id


# ---------------------------------------------------------------- its story


@dataclass(frozen=True, slots=True)
class StoryLink:
    """One event of a partnership, in its place; `follows` is the step of the agreement that it comes after."""

    event: KnownEvent
    step: EventKind | None  # of the life of the agreement: intent, signed, renewed, anniversary, ended; None: no step
    follows: str | None  # event id
    via: tuple[str, ...]  # institutions that stand for a member


_STEPS = (
    EventKind.AGREEMENT_ENDED,
    EventKind.AGREEMENT_RENEWED,
    EventKind.AGREEMENT_SIGNED,
    EventKind.AGREEMENT_INTENT,
    EventKind.ANNIVERSARY,
)


def story(partnership: PartnershipData, events: Iterable[KnownEvent], place: PlaceLookup) -> tuple[StoryLink, ...]:
    """The events of a partnership in the order they happened, each step tied to the one before; nothing is merged.

    Events without a date stand where they were first heard of.
    """
    members = partnership.participants
    mine = [one for one in events if belongs(one.participants, members, place)]
    links: list[StoryLink] = []
    last_step: str | None = None
    for event in sorted(mine, key=_when):
        step = next((kind for kind in _STEPS if kind in event.kinds), None)
        via = tuple(sorted(one for one in event.participants - members if member_of(one, members, place)))
        links.append(StoryLink(event, step, last_step if step is not None else None, via))
        if step is not None and event.status is EventStatus.HAPPENED:
            last_step = event.id
    return tuple(links)


def _when(event: KnownEvent) -> tuple[date, str]:
    seen = event.first_seen_at.date() if event.first_seen_at is not None else date.min
    return (event.when.starts_on if event.when is not None else seen, event.id)


def last_told(links: Sequence[StoryLink], today: date) -> date | None:
    """The last day on which anything of the story happened; None: nothing that is dated."""
    days = [
        min(link.event.when.ends_on, today)
        for link in links
        if link.event.when is not None
        and link.event.when.starts_on <= today
        and link.event.status is EventStatus.HAPPENED
    ]
    return max(days, default=None)


def dormant_since(last: date | None, is_trusted: bool, today: date) -> date | None:
    """The day since which no report was found, where that is long ago and silence can be trusted; else None.

    Without any report we know of no silence either: there is nothing that it could have begun with.
    """
    if last is None or not is_trusted or months_after(last, DORMANT_AFTER_MONTHS) > today:
        return None
    return last


# ---------------------------------------------------------------- what the news proposes

PROPOSING = frozenset({EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_RENEWED, EventKind.AGREEMENT_INTENT})
# What says something of a partnership itself.
TELLING = PROPOSING | {EventKind.AGREEMENT_ENDED}
_NOT_PROPOSING = frozenset({EventStatus.DENIED, EventStatus.CANCELLED, EventStatus.THREATENED})


def proposed(
    happening: Happening, known: Iterable[PartnershipData], place: PlaceLookup, grade: str | None = None
) -> PartnershipData | None:
    """The partnership that an agreement between two places of different countries makes likely (`grade`: as it is
    called); None where there is none, or one is known: also one that a person declined.
    """
    if PROPOSING.isdisjoint(happening.kinds) or happening.status in _NOT_PROPOSING:
        return None
    sides = pair_of(happening.participants, place)
    if sides is None or any(belongs(sides, one.participants, place) for one in known):
        return None
    signed = happening.kinds[0] is EventKind.AGREEMENT_SIGNED and happening.status is EventStatus.HAPPENED
    since = happening.when.starts_on if signed and happening.when is not None else None
    state = PartnershipState.PROPOSED
    return PartnershipData(partnership_key(sides), sides, grade or "", since, origin=Stated.NEWS, state=state)


def meant(participants: Iterable[str], known: Iterable[PartnershipData], place: PlaceLookup) -> PartnershipData | None:
    """The partnership that an event between these places belongs to: the closest, which has the fewest other members;
    not one that a person declined.
    """
    participants = frozenset(participants)
    fitting = [
        one
        for one in known
        if one.state is not PartnershipState.DECLINED
        and belongs(participants, one.participants, place)
        and not _strangers(participants, one.participants, place)
    ]
    return min(fitting, key=lambda one: (len(one.participants - participants), one.key), default=None)


def _strangers(participants: Iterable[str], members: frozenset[str], place: PlaceLookup) -> list[str]:
    """Participants of countries where no member lies: what ends between two cities says nothing of a third."""
    countries = {_country(one, place) for one in members}
    return [one for one in participants if _country(one, place) not in countries]


def pair_of(participants: Iterable[str], place: PlaceLookup) -> frozenset[str] | None:
    """The two places of two countries that an event ties; None where it ties fewer, or more.

    A country beside its city, a province beside its city and an institution beside its seat say nothing of their own.
    """
    entries = [entry for one in participants if (entry := place(one)) is not None]
    places = [entry for entry in entries if entry.kind is not PlaceKind.COUNTRY]
    places = [one for one in places if not _is_beside(one, places, place)]
    if len(places) != 2 or places[0].country == places[1].country:
        return None
    return frozenset(one.id for one in places)


def _is_beside(one: Place, others: Sequence[Place], place: PlaceLookup) -> bool:
    for other in others:
        if other is one:
            continue
        if one.kind in INSTITUTIONS and other.kind not in INSTITUTIONS and covers(other, one, place):
            return True
        if other.kind not in INSTITUTIONS and covers(one, other, place):
            return True
    return False
