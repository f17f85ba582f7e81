"""What people keep beside the archive: briefings and saved searches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.domain.model.briefings import Briefing, BriefingRow
from monitor.domain.model.digests import (
    DeliveryData,
    Digest,
    SubscriptionData,
)
from monitor.domain.model.event_search import (
    SavedSearch,
    SavedSearchData,
)


class Briefings(Protocol):
    """Events that people pick for others to read. Each call is a transaction of its own; may be used from any thread.
    Every change raises `NotFound`, and `Refused` where the briefing is frozen.
    """

    def all(self) -> tuple[BriefingRow, ...]:
        """Newest first, bounded."""
        ...

    def get(self, briefing_id: int) -> Briefing:
        """A draft with its events as they stand now (of merged ones the one that is left), a frozen one as it was
        frozen. Raises `NotFound`.
        """
        ...

    def add(self, title: str, by: str, now: datetime) -> int:
        """The id of a new, empty draft."""
        ...

    def describe(self, briefing_id: int, title: str, intro: str) -> None:
        """Another title and introduction."""
        ...

    def remove(self, briefing_id: int) -> None:
        """Throw a draft away."""
        ...

    def put_event(self, briefing_id: int, event_id: str) -> None:
        """Add an event at the end; nothing happens where it is there."""
        ...

    def drop_event(self, briefing_id: int, event_id: str) -> None:
        """Nothing happens where it is not there."""
        ...

    def move_event(self, briefing_id: int, event_id: str, by: int) -> None:
        """So many places down, or up where `by` is negative; stops at the ends."""
        ...

    def annotate(self, briefing_id: int, event_id: str, note: str) -> None:
        """Replace the note on an event; "": none."""
        ...

    def freeze(self, briefing_id: int, by: str, now: datetime) -> None:
        """From now on it stays as it is; nothing happens where it is frozen. Raises `Refused` where it is empty."""
        ...

    def send(self, briefing_id: int, digest: Digest, deliveries: Sequence[DeliveryData]) -> bool:
        """Write the message with its pending deliveries, beside the subscription's schedule; False: these readers were
        sent it before. Raises `Refused` where it is not frozen.
        """
        ...


class SavedSearches(Protocol):
    """Searches that people keep watching. Each call is a transaction of its own; may be used from any thread. The
    secret of a search's feeds is known by its sha256 only.
    """

    def of(self, owner: str) -> tuple[SavedSearch, ...]:
        """Those of a person, by name."""
        ...

    def get(self, search_id: int) -> SavedSearch:
        """Raises `NotFound`."""
        ...

    def by_token(self, token_sha: str) -> SavedSearch | None:
        """The search whose feeds have that secret; None: there is none, or it was revoked."""
        ...

    def add(self, data: SavedSearchData) -> SavedSearch:
        """A new one; raises `Refused` where its owner has one of this name, or too many."""
        ...

    def set_token(self, search_id: int, token_sha: str | None) -> None:
        """Give its feeds another secret, or none: the one before stops working. Raises `NotFound`."""
        ...

    def subscribe(self, search_id: int, subscription: SubscriptionData, now: datetime) -> None:
        """Send its digest from now on, in place of the one before; its key must begin with `search-`, which the
        declared stock leaves alone. Raises `NotFound`.
        """
        ...

    def unsubscribe(self, search_id: int) -> None:
        """Send its digest no more; nothing happens where none is sent. Raises `NotFound`."""
        ...

    def remove(self, search_id: int) -> None:
        """With its feeds and its digest. Raises `NotFound`."""
        ...
