"""What lists and counts are read from: rows beside each live event, in the order in which events are listed.

They hold nothing of their own: `adapters.storage.listing` and `adapters.storage.seating` make them from the other
tables in the transaction that changes those, and can make all of them anew.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns

from monitor.adapters.storage.tables.metadata import METADATA
from monitor.adapters.storage.types import ROW_ID


class _PartnershipSeatColumns(TypedColumns):
    partnership_id: Named[int] = Column(ROW_ID, ForeignKey("partnership.id", ondelete="CASCADE"), primary_key=True)
    place_id: Named[str] = Column(primary_key=True, index=True)  # a member, or what stands for one
    side: Named[str]  # events are of the partnership where two sides take part


partnership_seat = Table("partnership_seat", METADATA, _PartnershipSeatColumns, sqlite_with_rowid=False)


class _PartnershipEventColumns(TypedColumns):
    partnership_id: Named[int] = Column(ROW_ID, ForeignKey("partnership.id", ondelete="CASCADE"), primary_key=True)
    sort_on: Named[date] = Column(primary_key=True)
    event_id: Named[str] = Column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, index=True)
    starts_on: Named[date | None]  # from here on the event's, repeated for counting
    ends_on: Named[date | None]
    status: Named[str]
    kind: Named[str | None]  # the main one


partnership_event = Table("partnership_event", METADATA, _PartnershipEventColumns, sqlite_with_rowid=False)


class _EventFacetColumns(TypedColumns):
    facet: Named[str] = Column(primary_key=True)  # see `adapters.storage.listing.Facet`
    value: Named[str] = Column(primary_key=True)
    sort_on: Named[date] = Column(primary_key=True)
    event_id: Named[str] = Column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)


event_facet = Table(
    "event_facet",
    METADATA,
    _EventFacetColumns,
    Index("ix_event_facet_event_id_facet_value", "event_id", "facet", "value"),
    sqlite_with_rowid=False,
)
