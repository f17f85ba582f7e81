"""What lasts: partnerships, their agreements, series of events, and what is to be expected of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.model.events import DateRange, EventKind, EventStatus


class Stated(StrEnum):
    """Who says something of a lasting relation; whose word counts more comes first."""

    HAND = "hand"  # a person, by command
    CONFIG = "config"  # the settings
    CSV = "csv"
    SEED = "seed"
    NEWS = "news"


class PartnershipState(StrEnum):
    """What a partnership is to the people who run the program."""

    WATCHED = "watched"  # a person said yes to it
    KNOWN = "known"  # told by a seed, a table or the settings
    PROPOSED = "proposed"  # by the news; not watched until a person says yes
    DECLINED = "declined"  # a person said no; never proposed again


class ClaimField(StrEnum):
    """What can be claimed of a partnership or an agreement."""

    GRADE = "grade"
    SINCE = "since"
    UNTIL = "until"
    SIGNED_ON = "signed_on"
    TERM_MONTHS = "term_months"
    ENDS_ON = "ends_on"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one voice says; conflicting claims are kept side by side."""

    field: ClaimField
    value: str  # a grade, a day in ISO 8601, a number
    stated: Stated
    stated_by: str = ""  # which seed, file or event; with `stated` it identifies the voice
    article_id: int | None = None
    is_confirmed: bool = True  # False: of an end that one unofficial report tells; kept, but not believed yet


@dataclass(frozen=True, slots=True)
class PartnershipData:
    """A lasting relation between places. `grade`, `since` and `until` are what the best claim says."""

    key: str
    participants: frozenset[str]  # place ids
    grade: str = "partner"  # sister, friendship, partner
    since: date | None = None  # the first of January: often only the year is known
    until: date | None = None
    origin: Stated = field(default=Stated.SEED, compare=False)
    state: PartnershipState = PartnershipState.KNOWN
    claims: tuple[Claim, ...] = field(default=(), compare=False)

    @property
    def is_asked_for(self) -> bool:
        """Whether it may be watched at all: not what the news alone proposes, nor what a person declined."""
        return self.state in (PartnershipState.WATCHED, PartnershipState.KNOWN)


@dataclass(frozen=True, slots=True)
class AgreementData:
    """The document of a partnership; the dated fields are what the best claim says."""

    partnership_key: str
    key: str  # within its partnership: stable, so that what is declared again is not doubled
    title: str = ""
    grade: str | None = None
    signed_on: date | None = None
    term_months: int | None = None
    ends_on: date | None = None
    supersedes: str | None = None  # key of the agreement before
    origin: Stated = field(default=Stated.CONFIG, compare=False)
    event_id: str | None = None  # the signing, where it was learnt from the news
    article_id: int | None = None
    claims: tuple[Claim, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class SeriesMember:
    """A place of a series, with from when to when it took part as far as that is known."""

    place_id: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One numbered edition of a series."""

    ordinal: int
    event_id: str
    when: DateRange | None
    status: EventStatus
    participants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SeriesData:
    """A recurring event."""

    key: str
    names: tuple[str, ...] = ()
    cadence_months: int | None = None  # as declared; None: by its editions
    members: tuple[SeriesMember, ...] = ()
    editions: tuple[Edition, ...] = ()  # by ordinal; filled by reading, not by declaring
    origin: Stated = field(default=Stated.NEWS, compare=False)


# ---------------------------------------------------------------- what is to be expected


class Basis(StrEnum):
    """What an expectation was computed from."""

    CADENCE = "cadence"  # of a series
    ANNIVERSARY = "anniversary"  # a round one, of `since`
    TERM = "term"  # an agreement comes to its end


class ExpectationState(StrEnum):
    """What became of it."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    SLIPPED = "slipped"  # it came, but outside its window
    MISSED = "missed"  # nothing was reported
    WITHDRAWN = "withdrawn"  # what it was computed from no longer holds


@dataclass(frozen=True, slots=True)
class Expected:
    """What known objects let expect, computed and never announced; `key` is stable from one day to the next."""

    key: str
    basis: Basis
    kinds: tuple[EventKind, ...]  # of the event that would fulfil it, any of them
    participants: frozenset[str]
    when: DateRange  # what is told
    opens_on: date  # an event from here ...
    closes_on: date  # ... to here fulfils it
    partnership_key: str | None = None
    series_key: str | None = None
    ordinal: int | None = None
    years: int | None = None  # of an anniversary


@dataclass(frozen=True, slots=True)
class Expectation:
    """A stored one. An event that fulfils it and is new takes its id."""

    id: str
    expected: Expected
    state: ExpectationState
    computed_at: datetime
    event_id: str | None = None
    settled_at: datetime | None = None


# ---------------------------------------------------------------- what else happens there, and what is declared


class ContextKind(StrEnum):
    """What happens at a place beside any relation and matters to its partners."""

    MAYOR = "mayor"  # a new one, elected or in office
    DISASTER = "disaster"
    ATTACK = "attack"


@dataclass(frozen=True, slots=True)
class ContextFound:
    """That an article tells it of a place; the cue's characters [start, end) of the article's `full_text`."""

    kind: ContextKind
    place_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Declared:
    """The lasting relations that the settings name."""

    partnerships: tuple[PartnershipData, ...] = ()
    agreements: tuple[AgreementData, ...] = ()
    series: tuple[SeriesData, ...] = ()


def with_state(partnership: PartnershipData, state: PartnershipState) -> PartnershipData:
    """The same partnership after a person's yes or no."""
    return replace(partnership, state=state)
