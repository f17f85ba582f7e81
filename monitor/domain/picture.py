"""Everything that is known of one partnership, as its page and its dossier show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.activity import ToldOn, told_on
from monitor.domain.model.activity import PersonInOffice, Telling
from monitor.domain.model.digests import ReportLink
from monitor.domain.model.events import EXPECTED, EventStatus, KnownEvent
from monitor.domain.model.partnerships import (
    AgreementData,
    Expectation,
    ExpectationState,
    PartnershipData,
    PartnershipState,
    SeriesData,
)
from monitor.domain.model.places import PlaceLookup
from monitor.domain.partnerships import StoryLink, dormant_since, in_force, last_told
from monitor.domain.source_coverage import PartnershipCoverage
from monitor.domain.text import fold
from monitor.domain.wording import message

MAX_PEOPLE = 24
REPORTS_READ_FOR_PEOPLE = 20  # the newest ones
EVENTS_READ_FOR_PEOPLE = 15


@dataclass(frozen=True, slots=True)
class PartnershipPicture:
    """One partnership with what belongs to it."""

    partnership: PartnershipData
    agreements: tuple[AgreementData, ...]
    story: tuple[StoryLink, ...]  # its events in the order they happened
    tellings: Mapping[str, tuple[Telling, ...]]  # by event, newest first
    series: tuple[SeriesData, ...]
    expectations: tuple[Expectation, ...]
    coverages: tuple[PartnershipCoverage, ...]  # one a pair
    people: tuple[PersonInOffice, ...]
    links: Mapping[int, ReportLink]  # articles that agreements and claims rest on
    seeds: Mapping[str, ReportLink]  # by key, what claims rest on that were known beforehand
    today: date
    is_cut: bool = False  # there are more events than were read

    @property
    def events(self) -> tuple[KnownEvent, ...]:
        """Its events in the order they happened."""
        return tuple(link.event for link in self.story)

    @property
    def announced(self) -> tuple[KnownEvent, ...]:
        """What articles announced and what is not over."""
        return tuple(one for one in self.events if is_ahead(one, self.today))

    @property
    def open_expectations(self) -> tuple[Expectation, ...]:
        """What is reckoned with and nobody has announced."""
        return tuple(
            one
            for one in self.expectations
            if one.state is ExpectationState.OPEN and one.expected.when.ends_on >= self.today
        )

    @property
    def last_on(self) -> date | None:
        """The last day on which anything of it happened."""
        return last_told(self.story, self.today)

    @property
    def is_trusted(self) -> bool:
        """Whether its silence can be trusted: every pair is covered."""
        return bool(self.coverages) and all(one.is_trusted for one in self.coverages)

    @property
    def standing(self) -> Standing:
        """What it is to the reader."""
        return standing_of(self.partnership, self.last_on, self.is_trusted, self.today)


def is_ahead(event: KnownEvent, today: date) -> bool:
    """Whether it is announced and not over."""
    return event.status in EXPECTED and (event.when is None or event.when.ends_on >= today)


# ---------------------------------------------------------------- what it is to the reader

# Said of a partnership in one word, the most pressing first.
Standing = str
PROPOSED, DECLINED, ENDED, DORMANT, CONFIRMED, KNOWN = (
    "proposed",
    "declined",
    "ended",
    "dormant",
    "confirmed",
    "known",
)
STANDING_WORDS = {
    PROPOSED: message("proposed by the news"),
    DECLINED: message("declined"),
    ENDED: message("ended"),
    DORMANT: message("dormant"),
    CONFIRMED: message("confirmed"),
    KNOWN: message("known"),
}


def standing_of(partnership: PartnershipData, last: date | None, is_trusted: bool, today: date) -> Standing:
    """One word; dormant is said only where silence can be trusted."""
    if partnership.state is PartnershipState.PROPOSED:
        return PROPOSED
    if partnership.state is PartnershipState.DECLINED:
        return DECLINED
    if not in_force(partnership, today):
        return ENDED
    if dormant_since(last, is_trusted, today) is not None:
        return DORMANT
    return CONFIRMED if partnership.state is PartnershipState.WATCHED else KNOWN


# ---------------------------------------------------------------- who told what


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Events by the side on which they were told; only those that happened."""

    home_id: str
    partner_id: str
    both: int
    home_only: tuple[KnownEvent, ...]
    partner_only: tuple[KnownEvent, ...]
    elsewhere: tuple[KnownEvent, ...]


def asymmetry(picture: PartnershipPicture, pair: PartnershipCoverage, place: PlaceLookup) -> Asymmetry:
    """What was told in one city only, newest first."""
    by_side: dict[ToldOn, list[KnownEvent]] = defaultdict(list)
    for event in reversed(picture.events):
        if event.status is EventStatus.HAPPENED:
            told = picture.tellings.get(event.id, ())
            by_side[told_on(told, pair.home_id, pair.partner_id, place)].append(event)
    return Asymmetry(
        pair.home_id,
        pair.partner_id,
        len(by_side[ToldOn.BOTH]),
        tuple(by_side[ToldOn.HOME]),
        tuple(by_side[ToldOn.PARTNER]),
        tuple(by_side[ToldOn.ELSEWHERE]),
    )


def newest(told: Iterable[PersonInOffice]) -> tuple[PersonInOffice, ...]:
    """Each person once, as the first of `told` names them."""
    found: dict[str, PersonInOffice] = {}
    for one in told:
        found.setdefault(fold(one.name), one)
    return tuple(found.values())[:MAX_PEOPLE]


def by_event(tellings: Sequence[Telling]) -> Mapping[str, tuple[Telling, ...]]:
    """In the order given."""
    found: dict[str, list[Telling]] = defaultdict(list)
    for one in tellings:
        found[one.event_id].append(one)
    return {event_id: tuple(told) for event_id, told in found.items()}
