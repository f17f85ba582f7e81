"""Makes files of what the archive holds, piece by piece and within the rights of each source.

Which events go out is decided once, at the start; they are then read in batches, newest first, so that memory does not
grow with the archive beyond the ids of the events. Nothing is read before the first piece is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from monitor.domain.event_feeds import calendar_entry, feed_entries, urn
from monitor.domain.event_filters import fields_of
from monitor.domain.export_package import closing_files
from monitor.domain.export_records import (
    Describing,
    agreements_of,
    article_record,
    event_record,
    partnership_record,
)
from monitor.domain.export_tables import BYTE_ORDER_MARK, COLUMNS, csv_header, csv_line, json_line
from monitor.domain.model.event_search import EventFilter, EventQuery, EventRow
from monitor.domain.model.exports import (
    ExportedArticle,
    ExportForm,
    ExportWhat,
    PackageFacts,
    PackageTable,
    PackedFile,
    Record,
    Versions,
)
from monitor.domain.model.partnerships import PartnershipData, PartnershipState
from monitor.errors import Refused
from monitor.pipeline.event_search import query_for
from monitor.ports import Archive, CalendarWriter, FeedWriter, Gazetteer, Packer

EVENTS_AT_ONCE = 200
ARTICLES_AT_ONCE = 100  # with their texts
PIECE_BYTES = 32 * 1024
# Programs that read feeds and calendars load them whole: so many events, the newest, and no more.
EVENTS_IN_A_FEED = 500
EVENTS_IN_A_CALENDAR = 2_000

MEDIA_TYPES = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.JSONL: "application/jsonl; charset=utf-8",
    ExportForm.ATOM: "application/atom+xml; charset=utf-8",
    ExportForm.ICS: "text/calendar; charset=utf-8",
    ExportForm.PACKAGE: "application/zip",
}

Item = TypeVar("Item")
Watch = Callable[[int, int | None], None]  # told how many events are done, and of how many; None: nobody knows yet


def unwatched(done: int, total: int | None) -> None:
    """For those who do not look on."""
    del done, total


@dataclass(frozen=True, slots=True)
class Exporting:
    """What exporting needs."""

    archive: Archive
    gazetteer: Gazetteer
    feeds: FeedWriter
    calendars: CalendarWriter
    packer: Packer
    versions: Callable[[], Versions]  # asked for packages only: files are read for it


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for."""

    what: ExportWhat
    form: ExportForm
    filter: EventFilter
    describing: Describing
    now: datetime
    with_mark: bool = True  # a byte-order mark at the start of CSV: table programs then know that it is UTF-8


def export(order: Order, exporting: Exporting, watch: Watch = unwatched) -> Iterator[bytes]:
    """The file, piece by piece; raises `Refused` at once where there is no such file."""
    if order.form in (ExportForm.ATOM, ExportForm.ICS) and order.what is not ExportWhat.EVENTS:
        raise Refused(f"{order.what.value} have no dates for a feed or a calendar: choose csv, jsonl or package")
    return _gathered(_Export(order, exporting, watch).pieces())


def file_name(order: Order) -> str:
    """What the file is called: it says of what and when."""
    day = f"{order.now:%Y-%m-%d}"
    if order.form is ExportForm.PACKAGE:
        return f"sister-city-monitor-{day}.zip"
    return f"{order.what.value}-{day}.{order.form.value}"


@dataclass(frozen=True)
class _Export:
    order: Order
    exporting: Exporting
    watch: Watch

    def pieces(self) -> Iterator[bytes]:
        match self.order.form:
            case ExportForm.CSV:
                yield from self._csv()
            case ExportForm.JSONL:
                yield from map(json_line, self._records(self.order.what))
            case ExportForm.ATOM:
                yield self._feed()
            case ExportForm.ICS:
                yield self._calendar()
            case ExportForm.PACKAGE:
                yield from self._package()

    def _csv(self) -> Iterator[bytes]:
        columns = COLUMNS[self.order.what]
        yield (BYTE_ORDER_MARK if self.order.with_mark else b"") + csv_header(columns)
        for record in self._records(self.order.what):
            yield csv_line(record, columns)

    def _feed(self) -> bytes:
        by = self.order.describing
        entries = feed_entries(self._rows(EVENTS_IN_A_FEED), by.wording, by.place)
        name = urn(f"export {sorted(fields_of(self.order.filter).items())}")
        title = by.wording.say("Relations between cities")
        return self.exporting.feeds.write(entries, name, title, by.wording.language, by.base_url)

    def _calendar(self) -> bytes:
        by = self.order.describing
        told = (calendar_entry(row, by.wording, by.place) for row in self._rows(EVENTS_IN_A_CALENDAR))
        entries = [one for one in told if one is not None]
        name = by.wording.say("Relations between cities")
        return self.exporting.calendars.write(entries, name, by.wording.language, by.base_url)

    def _package(self) -> Iterator[bytes]:
        first_seq = self.exporting.archive.log_end()
        tables = (self._table(what) for what in ExportWhat)
        return self.exporting.packer.pack(tables, lambda files: self._closing(files, first_seq), self.order.now)

    def _table(self, what: ExportWhat) -> PackageTable:
        columns = COLUMNS[what]
        lines = ((csv_line(one, columns), json_line(one)) for one in self._records(what))
        return PackageTable(what.value, csv_header(columns), lines)

    def _closing(self, files: Sequence[PackedFile], first_seq: int) -> dict[str, bytes]:
        order = self.order
        facts = PackageFacts(
            created_at=order.now,
            versions=self.exporting.versions(),
            fields=fields_of(order.filter),
            first_seq=first_seq,
            last_seq=self.exporting.archive.log_end(),
            files=tuple(files),
            base_url=order.describing.base_url,
        )
        return dict(closing_files(facts))

    # ------------------------------------------------------------ reading

    def _records(self, what: ExportWhat) -> Iterator[Record]:
        by = self.order.describing
        match what:
            case ExportWhat.EVENTS:
                for batch in self._batches():
                    for one in self.exporting.archive.exported_events(batch):
                        yield event_record(one.event, one.updated_at, one.reports, by)
            case ExportWhat.ARTICLES:
                yield from map(article_record, self._articles())
            case ExportWhat.PARTNERSHIPS:
                papers = self.exporting.archive.agreements()
                for kept in self._partnerships():
                    yield partnership_record(kept, agreements_of(kept.key, papers), by)

    def _articles(self) -> Iterator[ExportedArticle]:
        """The articles of the events, each once: with the newest of its events."""
        archive = self.exporting.archive
        places = {event_id: place for place, event_id in enumerate(self._ids)}
        for batch in self._batches():
            ids = sorted({one for event in archive.events_named(batch).values() for one in event.article_ids})
            chosen = frozenset(batch)
            for some in _cut(ids, ARTICLES_AT_ONCE):
                for article in archive.exported_articles(some):
                    told = [one for one in article.event_ids if one in places]
                    if told and min(told, key=places.__getitem__) in chosen:
                        yield article

    def _partnerships(self) -> Iterator[PartnershipData]:
        """Those that the filter's partnership, place and country mean; its other fields say nothing of them. What a
        person declined is none.
        """
        asked, query = self.order.filter, self._query
        for one in self.exporting.archive.partnerships():
            if one.state is PartnershipState.DECLINED or asked.partnership not in ("", one.key):
                continue
            if asked.place and one.participants.isdisjoint(query.place_ids):
                continue
            if not asked.country or asked.country in self._countries(one):
                yield one

    def _countries(self, partnership: PartnershipData) -> set[str]:
        found = map(self.exporting.gazetteer.place, partnership.participants)
        return {one.country for one in found if one is not None}

    def _rows(self, limit: int) -> list[EventRow]:
        batches = self._batches(self._ids[:limit])
        found = (one for batch in batches for one in self.exporting.archive.exported_events(batch))
        return [EventRow(one.event, one.updated_at) for one in found]

    def _batches(self, ids: Sequence[str] | None = None) -> Iterator[Sequence[str]]:
        """The ids a batch at a time; whoever looks on is told after each."""
        chosen = self._ids if ids is None else ids
        done = 0
        self.watch(done, len(chosen))
        for batch in _cut(chosen, EVENTS_AT_ONCE):
            yield batch
            done += len(batch)
            self.watch(done, len(chosen))

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        """The same for all tables of a package."""
        return self.exporting.archive.exported_ids(self._query)

    @cached_property
    def _query(self) -> EventQuery:
        return query_for(self.order.filter, self.exporting.gazetteer)


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces worth sending."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) >= PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _cut(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
