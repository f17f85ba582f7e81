"""What makes files and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.domain.event_feeds import FeedEntry
from monitor.domain.model.calendar import CalendarEntry
from monitor.domain.model.digests import (
    DeliveryFailed,
    DeliveryForSend,
    Digest,
    RenderedPart,
    Sent,
)
from monitor.domain.model.dossiers import Dossier
from monitor.domain.model.exports import PackageTable, PackedFile


class Renderer(Protocol):
    """Turns a digest into the messages of one channel."""

    def render(self, digest: Digest) -> tuple[RenderedPart, ...]:
        """At least one part; a channel's limits decide how many."""
        ...


class CalendarWriter(Protocol):
    """Writes iCalendar files (RFC 5545)."""

    def write(self, entries: Sequence[CalendarEntry], name: str, language: str, base_url: str = "") -> bytes:
        """A calendar called `name`; the same entries make the same bytes. `base_url` is how people reach the archive's
        pages, "" where they do not.
        """
        ...


class FeedWriter(Protocol):
    """Writes Atom feeds (RFC 4287)."""

    def write(self, entries: Sequence[FeedEntry], feed_id: str, title: str, language: str, base_url: str = "") -> bytes:
        """A feed called `title` with the stable id `feed_id`; the same entries make the same bytes. `base_url` as for
        calendars.
        """
        ...


class Packer(Protocol):
    """Packs tables into one file."""

    def pack(
        self,
        tables: Iterable[PackageTable],
        closing: Callable[[Sequence[PackedFile]], Mapping[str, bytes]],
        at: datetime,
    ) -> Iterator[bytes]:
        """The file, piece by piece: each table as `data/NAME.csv` and `data/NAME.jsonl`, then the files that `closing`
        makes of what was packed. The same tables and moment make the same bytes.
        """
        ...


class DossierWriter(Protocol):
    """Writes a dossier as a document of an office program."""

    def write(self, dossier: Dossier) -> bytes:
        """The whole file."""
        ...


class Channel(Protocol):
    """Hands a message over. Blocks; bounded by its own timeouts."""

    def send(self, delivery: DeliveryForSend) -> Sent | DeliveryFailed:
        """One attempt; the same delivery always carries the same Message-ID."""
        ...
