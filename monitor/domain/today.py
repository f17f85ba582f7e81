"""What the first page of the morning tells of a stretch of the event-change log, sorted as digests sort it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain import digest_lines, partnerships, watching
from monitor.domain.digest import is_history, is_new
from monitor.domain.model.digests import ToldEvent
from monitor.domain.model.partnerships import PartnershipData
from monitor.domain.model.places import PlaceLookup


@dataclass(frozen=True, slots=True)
class PartnershipNews:
    """New events of one partnership, the latest learnt first; None: of places that have none."""

    partnership: PartnershipData | None
    events: tuple[ToldEvent, ...]


@dataclass(frozen=True, slots=True)
class Morning:
    """Each event in one place."""

    new: tuple[PartnershipNews, ...] = ()
    developed: tuple[ToldEvent, ...] = ()
    history: tuple[ToldEvent, ...] = ()  # learnt late: it lies far back
    repeated: tuple[ToldEvent, ...] = ()  # further reports only

    @property
    def has_news(self) -> bool:
        """Whether anything is to be told."""
        return bool(self.new or self.developed or self.history)


def morning(events: Iterable[ToldEvent], known: Sequence[PartnershipData], today: date, place: PlaceLookup) -> Morning:
    """Sort what was learnt; `known` are the partnerships of the places that take part. Relations inside one country are
    left out, as digests do.
    """
    wanted = sorted((one for one in events if watching.concerns((), one, place)), key=_learnt, reverse=True)
    new = [one for one in wanted if is_new(one)]
    developed = [one for one in wanted if not is_new(one) and digest_lines.has_developed(one)]
    moved = {one.event.id for one in (*new, *developed)}
    return Morning(
        new=_by_partnership([one for one in new if not is_history(one, today)], known, place),
        developed=tuple(one for one in developed if not is_history(one, today)),
        history=tuple(one for one in (*new, *developed) if is_history(one, today)),
        repeated=tuple(one for one in wanted if one.event.id not in moved and digest_lines.has_further_reports(one)),
    )


def _learnt(told: ToldEvent) -> int:
    return told.changes[-1].seq


def _by_partnership(
    events: Iterable[ToldEvent], known: Sequence[PartnershipData], place: PlaceLookup
) -> tuple[PartnershipNews, ...]:
    """Partnerships in the order of their latest news, then what belongs to none."""
    found: dict[PartnershipData | None, list[ToldEvent]] = {}
    for one in events:
        found.setdefault(partnerships.meant(one.event.participants, known, place), []).append(one)
    loose = found.pop(None, [])
    groups = [PartnershipNews(partnership, tuple(told)) for partnership, told in found.items()]
    return (*groups, *([PartnershipNews(None, tuple(loose))] if loose else ()))
