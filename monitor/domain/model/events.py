"""Real-world events of a relation, what an article says of them, and what people said about both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class EventKind(StrEnum):
    """The 18 kinds; an event has one main kind and may have more."""

    AGREEMENT_INTENT = "agreement_intent"
    AGREEMENT_SIGNED = "agreement_signed"
    AGREEMENT_RENEWED = "agreement_renewed"
    AGREEMENT_ENDED = "agreement_ended"
    DELEGATION_VISIT = "delegation_visit"
    TALKS = "talks"
    CONFERENCE = "conference"
    ANNIVERSARY = "anniversary"
    EXCHANGE = "exchange"
    ACADEMIC_COOPERATION = "academic_cooperation"
    HEALTH_COOPERATION = "health_cooperation"
    ECONOMIC = "economic"
    INFRASTRUCTURE_LINK = "infrastructure_link"
    AID = "aid"
    AWARD = "award"
    APPOINTMENT = "appointment"
    STATEMENT = "statement"
    PROGRAMME_REPORT = "programme_report"


class EventStatus(StrEnum):
    """Where an event stands in its life; every change is a dated development."""

    THREATENED = "threatened"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    POSTPONED = "postponed"
    HAPPENED = "happened"
    CANCELLED = "cancelled"
    DENIED = "denied"


EXPECTED = frozenset({EventStatus.PROPOSED, EventStatus.APPROVED, EventStatus.ANNOUNCED, EventStatus.POSTPONED})


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `starts_on` to `ends_on`, both included; a month or year covers all its days."""

    starts_on: date
    ends_on: date
    precision: Precision = Precision.DAY


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a role."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One dated (or announced) happening as one article tells it."""

    kinds: tuple[EventKind, ...]  # main kind first, never empty
    participants: frozenset[str]  # place ids that play a part
    host_id: str | None
    when: DateRange | None
    status: EventStatus
    ordinal: int | None = None  # edition within its series, from the event's own head sentence only
    series_key: str | None = None  # e.g. "conference:lai-chau+...": see `facts.series_key`
    evidence: tuple[tuple[int, int], ...] = ()  # character ranges of the article's `full_text`
    date_inferred: bool = False  # no day in the text: taken from the publication
    countries: frozenset[str] = frozenset()  # of the participants
    sentence: str = ""  # the head sentence, for the reader
    yearless: DateRange | None = None  # only where `when` is None: day or month told, its year unknown and meaningless


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article says happened: the main happening and others that it announces."""

    main: Happening | None
    announced: tuple[Happening, ...] = ()
    people: tuple[Person, ...] = ()
    numbers: tuple[str, ...] = ()  # figures other than dates, normalised ("7.2", "548")
    organisations: tuple[str, ...] = ()
    days: tuple[DateRange, ...] = ()  # all that the text names, whatever happened then


class EventOrigin(StrEnum):
    """How an event became known."""

    NEWS = "news"
    BASELINE = "baseline"  # already there when its source was first polled
    SEED = "seed"
    HAND = "hand"  # a person added it


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event of the archive, as far as linking and telling need it."""

    id: str  # opaque, permanent
    kinds: tuple[EventKind, ...]
    participants: frozenset[str]
    host_id: str | None
    when: DateRange | None
    status: EventStatus
    ordinal: int | None
    series_key: str | None
    origin: EventOrigin
    title: str  # of the article it was first learnt from
    part_of: str | None = None
    people: frozenset[str] = frozenset()  # folded names
    numbers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    article_ids: tuple[int, ...] = ()
    seed_key: str | None = None
    date_inferred: bool = False
    first_seen_at: datetime | None = None
    yearless: DateRange | None = None  # as in `Happening`
    pins: frozenset[str] = frozenset()  # facts that a person set: `domain.event_facts.PINNED`
    is_closed: bool = False  # not told; linked to only where reports are left: then a person closed it


class Role(StrEnum):
    """How an article belongs to an event."""

    REPORT = "report"  # an own text on it
    COPY = "copy"  # the text of another report
    ANNOUNCES = "announces"  # names it as coming
    SEED = "seed"


class ChangeKind(StrEnum):
    """What the event-change log records."""

    OPENED = "opened"
    STATUS = "status"
    DATE = "date"
    PARTICIPANTS = "participants"
    KINDS = "kinds"
    REPORT = "report"  # another independent report
    LANGUAGE = "language"  # first report in this language
    MERGED = "merged"
    SPLIT = "split"
    EDITED = "edited"
    MISSED = "missed"  # an expectation's window went by
    WITHDRAWN = "withdrawn"  # an edited report no longer tells it
    CONFIRMED = "confirmed"  # an end or a threat that is believed from now on; `after`: official, or independent


@dataclass(frozen=True, slots=True)
class ChangeIntent:
    """A line for the event-change log; storage gives it its sequence number."""

    kind: ChangeKind
    announce: bool  # False: recorded, never told (baseline, seeds, copies)
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class EventIntent:
    """Open an event or add to one."""

    event_id: str | None  # None: open a new one
    role: Role
    happening: Happening  # the event as it stands after this article
    origin: EventOrigin
    changes: tuple[ChangeIntent, ...]
    why: str  # one sentence: why this event
    score: float | None = None
    perhaps_same_as: str | None = None  # grey zone: told as new, shown to a reviewer
    part_of: str | None = None
    is_new_report: bool = True
    fulfils: str | None = None  # the computed expectation whose id a new event takes over


@dataclass(frozen=True, slots=True)
class EventChange:
    """One recorded line of the event-change log."""

    seq: int  # gapless, ascending
    event_id: str
    kind: ChangeKind
    at: datetime
    announce: bool
    article_id: int | None
    before: str
    after: str


class VerdictKind(StrEnum):
    """What a person can say."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not_relevant"
    MUST_LINK = "must_link"  # article belongs to event
    CANNOT_LINK = "cannot_link"  # article, or other event, is not of this event
    MERGE = "merge"  # event into other event
    SPLIT = "split"  # reports of event are of other event
    MOVE = "move"  # article from event to other event
    EDIT = "edit"  # facts of event
    ADD = "add"  # event by hand
    NOTE = "note"
    ASSIGN = "assign"  # to whom: the text; "": to nobody
    HANDLED = "handled"  # needs no further look
    CLOSE = "close"  # event is neither listed nor told any more


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said; later runs obey. Undone verdicts are never loaded for deciding."""

    id: int
    kind: VerdictKind
    at: datetime
    by: str
    article_id: int | None = None
    event_id: str | None = None
    other_event_id: str | None = None
    text: str = ""
    cause_id: int | None = None  # the verdict that this one follows from
