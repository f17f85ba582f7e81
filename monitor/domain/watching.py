"""Whether an event concerns a watch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.domain.model.digests import ReviewItem, ToldEvent, Watch
from monitor.domain.model.places import INSTITUTIONS, PlaceLookup
from monitor.domain.partnerships import belongs
from monitor.domain.text import CJK_RUN, fold, tokens

MAX_ANCESTORS = 6  # institution, district, city, province, region, country: a longer chain is a loop in the data


def concerns(watches: Sequence[Watch], told: ToldEvent, place: PlaceLookup) -> bool:
    """Whether any of the watches wants the event; no watch at all wants everything but relations inside one country."""
    return any(matches(watch, told, place) for watch in watches or (Watch(""),))


def matches(watch: Watch, told: ToldEvent, place: PlaceLookup) -> bool:
    """Whether the event satisfies every field of the watch that is not empty; within a field one value is enough.

    A watched city covers its institutions (by their seat), a province its cities, a country all of it, and a place that
    was merged away its successor.
    """
    if not watch.domestic and is_domestic(told, place):
        return False
    return (
        (not watch.places or _names_place(watch.places, told, place))
        and (not watch.together or belongs(_centre(told), watch.together, place))
        and (not watch.countries or not watch.countries.isdisjoint(_countries(told, place)))
        and (not watch.kinds or not watch.kinds.isdisjoint(kind.value for kind in told.event.kinds))
        and (not watch.languages or not watch.languages.isdisjoint(_languages(told)))
        and (not watch.words or any(_has_words(watch.words, title) for title in _titles(told)))
    )


def may_concern(watches: Sequence[Watch], item: ReviewItem) -> bool:
    """Whether a reviewer who has these watches should see an uncertain article.

    Its places and kinds are what is uncertain, so only language and words keep it away.
    """
    return not watches or any(
        (not watch.languages or item.language in watch.languages)
        and (not watch.words or _has_words(watch.words, item.title))
        for watch in watches
    )


def via(watches: Sequence[Watch], told: ToldEvent, place: PlaceLookup) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The watched cities that an event concerns only through institutions of theirs, each with these; in order."""
    watched = frozenset[str]().union(*(watch.places for watch in watches))
    found: dict[str, list[str]] = {}
    for one in sorted(_centre(told)):
        entry = place(one)
        if entry is None or entry.kind not in INSTITUTIONS or entry.seat_id not in watched - _centre(told):
            continue
        if one not in watched:
            found.setdefault(entry.seat_id or "", []).append(one)
    return tuple((seat, tuple(institutions)) for seat, institutions in sorted(found.items()))


def is_domestic(told: ToldEvent, place: PlaceLookup) -> bool:
    """Whether the relation lies inside one country: by its label, else by the countries of two or more participants."""
    if told.scope in ("domestic", "international", "multilateral"):
        return told.scope == "domestic"
    found = [place(one) for one in told.event.participants]
    return len(found) >= 2 and None not in found and len({one.country for one in found if one}) == 1


def _names_place(watched: frozenset[str], told: ToldEvent, place: PlaceLookup) -> bool:
    wanted = watched | {found.successor_id for one in watched if (found := place(one)) and found.successor_id}
    return any(not wanted.isdisjoint(_with_ancestors(one, place)) for one in _centre(told))


def _with_ancestors(place_id: str, place: PlaceLookup) -> set[str]:
    """A place and all that it lies in or belongs to."""
    seen: set[str] = set()
    waiting = [place_id]
    for _ in range(MAX_ANCESTORS):
        waiting = [one for one in waiting if one not in seen]
        seen.update(waiting)
        found = [entry for one in waiting if (entry := place(one)) is not None]
        seen.update(f"country-{entry.country.lower()}" for entry in found)
        waiting = [up for entry in found for up in (entry.seat_id, entry.parent_id, entry.successor_id) if up]
    return seen


def _centre(told: ToldEvent) -> frozenset[str]:
    host = told.event.host_id
    return told.event.participants | ({host} if host is not None else set())


def _countries(told: ToldEvent, place: PlaceLookup) -> set[str]:
    return {found.country for one in _centre(told) if (found := place(one)) is not None}


def _languages(told: ToldEvent) -> set[str]:
    return set(told.event.languages) | {report.language for report in told.reports if report.language is not None}


def _titles(told: ToldEvent) -> set[str]:
    return {told.event.title, *(report.title for report in told.reports)}


def _has_words(words: Iterable[str], title: str) -> bool:
    """Whole words, in order, whatever accents and case; in scripts without blanks any stretch of the title."""
    folded, spoken = fold(title), tokens(title)
    return any(_holds(word, folded, spoken) for word in words)


def _holds(word: str, folded: str, spoken: list[str]) -> bool:
    if CJK_RUN.search(word):
        return fold(word) in folded
    wanted = tokens(word)
    return bool(wanted) and any(
        spoken[start : start + len(wanted)] == wanted for start in range(len(spoken) - len(wanted) + 1)
    )
