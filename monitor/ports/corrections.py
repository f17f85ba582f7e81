"""What a unit of work writes for persons and of lasting relations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from monitor.domain.model.articles import (
    ArticleData,
    IngestIntent,
)
from monitor.domain.model.digests import (
    ContextReport,
)
from monitor.domain.model.events import (
    ChangeIntent,
    EventOrigin,
    KnownEvent,
    Verdict,
)
from monitor.domain.model.partnerships import (
    AgreementData,
    ContextFound,
    Expectation,
    ExpectationState,
    PartnershipData,
    PartnershipState,
    SeriesData,
)
from monitor.domain.model.reports import ReportOrigin
from monitor.domain.model.review import (
    ArticleForReview,
    Effects,
    EventFacts,
    EventForReview,
    Payload,
    VerdictRecord,
)
from monitor.domain.model.views import (
    SourceView,
)


class Corrections(Protocol):
    """What people's corrections read and write; belongs to the unit that gave it, which commits."""

    def article(self, article_id: int) -> ArticleForReview:
        """With links to live events only; raises `NotFound`."""
        ...

    def event(self, event_id: str) -> EventForReview:
        """The event, or the one that it was merged into; raises `NotFound`."""
        ...

    def verdict(self, verdict_id: int) -> VerdictRecord:
        """Also one that was taken back; raises `NotFound`."""
        ...

    def holding(self, article_ids: Collection[int]) -> tuple[Verdict, ...]:
        """What people said of these articles and still holds, without remarks; oldest first."""
        ...

    def later_verdict(
        self, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]
    ) -> VerdictRecord | None:
        """The latest verdict after that one which still holds and changed one of these."""
        ...

    def said_since(self, verdict_id: int, article_ids: Collection[int], event_ids: Collection[str]) -> bool:
        """Whether anything but a note or an assignment was said of one of these after that verdict, and still holds."""
        ...

    def open_event(self, facts: EventFacts, origin: EventOrigin, now: datetime) -> str:
        """The id of a new event; nothing is logged."""
        ...

    def add_article(self, intent: IngestIntent, article: ArticleData) -> int:
        """Store an article that a person brought; its id."""
        ...

    def adopt(self, article_id: int, intent: IngestIntent) -> tuple[str, ...]:
        """Give a stored article the label and the events that were decided anew, with their lines in the log; the
        ids of those events, in order.
        """
        ...

    def carry_out(self, effects: Effects, why: str, now: datetime) -> None:
        """Write what a correction changes; what is no longer as the effects suppose is left alone."""
        ...

    def log(self, event_id: str, changes: Sequence[ChangeIntent], article_id: int | None, now: datetime) -> None:
        """Lines for the event-change log."""
        ...

    def last_seq(self) -> int:
        """The end of the event-change log."""
        ...

    def is_passed(self, seq: int) -> bool:
        """Whether a digest has looked at that line of the log, to tell it or not."""
        ...

    def silence(self, first_seq: int, last_seq: int) -> None:
        """Lines of the log that are not to be announced after all."""
        ...

    def keep(self, verdict_id: int, payload: Payload, event_id: str | None = None) -> None:
        """Put to a verdict what it changed and, where it is given, the event that it turned out to be about."""
        ...

    def take_back(self, verdict_id: int, by: str, now: datetime) -> None:
        """The verdict, and what followed from it, no longer holds."""
        ...


class Relations(Protocol):
    """Partnerships, agreements, series, computed expectations and context, as they stand; belongs to the unit that gave
    it, which commits. What is written replaces what stood there under its key or id.
    """

    def partnerships_of(self, place_ids: Collection[str]) -> tuple[PartnershipData, ...]:
        """Those with a member among these places, in any state, by key."""
        ...

    def partnerships(self) -> tuple[PartnershipData, ...]:
        """All, by key."""
        ...

    def put_partnership(self, data: PartnershipData, now: datetime) -> None:
        """With its claims as given: nothing is merged."""
        ...

    def set_state(self, key: str, state: PartnershipState, now: datetime) -> None:
        """What a person says of a partnership; raises `NotFound`."""
        ...

    def agreements(self, partnership_key: str | None = None) -> tuple[AgreementData, ...]:
        """Those of a partnership, or all, by the day they were signed."""
        ...

    def put_agreement(self, data: AgreementData, now: datetime) -> None:
        """Raises `NotFound` without its partnership."""
        ...

    def series(self, key: str | None = None) -> tuple[SeriesData, ...]:
        """The one of that key (none: it is not known), or all, with members and editions."""
        ...

    def put_series(self, data: SeriesData) -> None:
        """Names, cadence and members; the editions are its numbered events."""
        ...

    def expectations(
        self, states: Collection[ExpectationState] | None = None, place_ids: Collection[str] | None = None
    ) -> tuple[Expectation, ...]:
        """Those in these states (None: any) of these places (None: any), by the day they close."""
        ...

    def put_expectation(self, data: Expectation) -> None:
        """By its id."""
        ...

    def events_of(
        self, place_ids: Collection[str], first: date | None = None, last: date | None = None
    ) -> tuple[KnownEvent, ...]:
        """Live events in which any of these places takes part, newest first; only those between two days, where they
        are given.
        """
        ...

    def origins(self, event_id: str) -> tuple[ReportOrigin, ...]:
        """Where the articles of an event come from."""
        ...

    def new_id(self) -> str:
        """For an expectation, and for the event that will fulfil it."""
        ...

    def proposed_since(self, since: datetime) -> tuple[PartnershipData, ...]:
        """Those that the news proposed after `since` and nobody has answered, by key."""
        ...

    def context_since(self, since: datetime) -> tuple[ContextReport, ...]:
        """What was found after `since`, newest first; copies and baselines left out."""
        ...

    def sources(self) -> tuple[SourceView, ...]:
        """All, by key; their entries are not counted."""
        ...

    def put_context(self, article_id: int, found: Sequence[ContextFound], now: datetime) -> None:
        """What an article says of places beside any relation; replaces what it said before."""
        ...
