"""What lasts, read and written within a unit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime

from sqlalchemy import Connection

from monitor.adapters.storage import context, expectations, origins, partnerships, series, views
from monitor.adapters.storage.events import new_event_id
from monitor.adapters.storage.seating import Seating
from monitor.domain.model.digests import ContextReport
from monitor.domain.model.events import KnownEvent
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
from monitor.domain.model.views import SourceView

Writing = Callable[[], AbstractContextManager[Connection]]


class SqlRelations:
    """Implements the port `Relations` on the connection of a unit that holds the archive's lock."""

    def __init__(self, writing: Writing, seating: Seating) -> None:
        self._writing = writing
        self._seating = seating

    def partnerships_of(self, place_ids: Collection[str]) -> tuple[PartnershipData, ...]:
        """See the port."""
        with self._writing() as connection:
            return partnerships.partnerships_of(connection, place_ids)

    def partnerships(self) -> tuple[PartnershipData, ...]:
        """See the port."""
        with self._writing() as connection:
            return partnerships.partnerships(connection)

    def put_partnership(self, data: PartnershipData, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            partnerships.write_partnership(connection, data, now, self._seating)

    def set_state(self, key: str, state: PartnershipState, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            partnerships.set_state(connection, key, state, now)

    def agreements(self, partnership_key: str | None = None) -> tuple[AgreementData, ...]:
        """See the port."""
        with self._writing() as connection:
            return partnerships.agreements(connection, partnership_key)

    def put_agreement(self, data: AgreementData, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            partnerships.write_agreement(connection, data, now)

    def series(self, key: str | None = None) -> tuple[SeriesData, ...]:
        """See the port."""
        with self._writing() as connection:
            return series.series(connection, key)

    def put_series(self, data: SeriesData) -> None:
        """See the port."""
        with self._writing() as connection:
            series.write_series(connection, data)

    def expectations(
        self, states: Collection[ExpectationState] | None = None, place_ids: Collection[str] | None = None
    ) -> tuple[Expectation, ...]:
        """See the port."""
        with self._writing() as connection:
            return expectations.expectations(connection, states, place_ids)

    def put_expectation(self, data: Expectation) -> None:
        """See the port."""
        with self._writing() as connection:
            expectations.write_expectation(connection, data)

    def events_of(
        self, place_ids: Collection[str], first: date | None = None, last: date | None = None
    ) -> tuple[KnownEvent, ...]:
        """See the port."""
        with self._writing() as connection:
            return expectations.events_of(connection, place_ids, first, last)

    def origins(self, event_id: str) -> tuple[ReportOrigin, ...]:
        """See the port."""
        with self._writing() as connection:
            return origins.origins(connection, [event_id])[event_id]

    def new_id(self) -> str:
        """See the port."""
        return new_event_id()

    def proposed_since(self, since: datetime) -> tuple[PartnershipData, ...]:
        """See the port."""
        with self._writing() as connection:
            return partnerships.proposed_since(connection, since)

    def context_since(self, since: datetime) -> tuple[ContextReport, ...]:
        """See the port."""
        with self._writing() as connection:
            return context.context_since(connection, since)

    def sources(self) -> tuple[SourceView, ...]:
        """See the port."""
        with self._writing() as connection:
            return views.sources(connection, counted=False)

    def put_context(self, article_id: int, found: Sequence[ContextFound], now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            context.write_context(connection, article_id, found, now)
