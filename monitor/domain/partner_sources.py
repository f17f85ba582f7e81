"""What to follow for a partnership: both places' own sites and press, and news searches. Proposals only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.domain.model.places import Place, PlaceLookup
from monitor.domain.model.sources import FeedData, FeedKind, Rights, SourceData
from monitor.domain.model.views import SourceView
from monitor.domain.outlets import national_outlets, outlets_of
from monitor.domain.search_feeds import SearchFeed, WordsOf, search_feeds
from monitor.domain.source_coverage import OFFICIAL, SEARCH
from monitor.domain.urls import url_key

# Searches are asked rarely: they answer the same for hours, and both services turn eager askers away.
SEARCH_INTERVAL_MIN = {"google-news": 180, "gdelt": 360}
MOST_OF_A_GROUP = 6  # a person reads the list; the nearest come first
SEARCH_NAMES = {"google-news": "Google News", "gdelt": "GDELT"}


class ProposalGroup(StrEnum):
    """What a person says yes or no to."""

    HOME_SITE = "home-site"
    HOME_PRESS = "home-press"
    PARTNER_SITE = "partner-site"
    PARTNER_PRESS = "partner-press"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class SourceProposal:
    """A source that could be followed; `note` is what a person should know of it, such as the question of a search."""

    group: ProposalGroup
    source: SourceData
    note: str = ""


def propose(
    home: Place,
    partner: Place,
    stock: Sequence[SourceData],
    followed: Iterable[SourceView],
    words: WordsOf,
    place: PlaceLookup,
) -> tuple[SourceProposal, ...]:
    """All of the stock and of the searches that is not followed yet, in groups; keys may be taken already."""
    known = _Followed(followed)
    wished = (*_own(home, partner, stock, place), *_searches(home, partner, words))
    fresh = [one for one in wished if known.add(one.source)]
    return tuple(
        one for group in ProposalGroup for one in [one for one in fresh if one.group is group][:MOST_OF_A_GROUP]
    )


# ---------------------------------------------------------------- sites and press


def _own(home: Place, partner: Place, stock: Sequence[SourceData], place: PlaceLookup) -> Iterator[SourceProposal]:
    for one in outlets_of(home.id, stock, place):
        group = ProposalGroup.HOME_SITE if one.trust == OFFICIAL else ProposalGroup.HOME_PRESS
        yield SourceProposal(group, one, _of_another(one, home))
    for one in (*outlets_of(partner.id, stock, place), *national_outlets(partner.country, stock)):
        group = ProposalGroup.PARTNER_SITE if one.trust == OFFICIAL else ProposalGroup.PARTNER_PRESS
        yield SourceProposal(group, one, _of_another(one, partner))


def _of_another(source: SourceData, asked: Place) -> str:
    return "" if source.place_id == asked.id else f"of {source.place_id}"


# ---------------------------------------------------------------- searches


def _searches(home: Place, partner: Place, words: WordsOf) -> Iterator[SourceProposal]:
    for feed in search_feeds(home, partner, words):
        yield SourceProposal(ProposalGroup.SEARCH, _search_source(feed, home, partner), feed.query)


def _search_source(feed: SearchFeed, home: Place, partner: Place) -> SourceData:
    names = " – ".join(_name(one) for one in (home, partner))
    return SourceData(
        key=f"{feed.service}-{home.id}-{partner.id}-{feed.language}",
        name=f"{SEARCH_NAMES[feed.service]}: {names} ({feed.language})",
        feeds=(FeedData(feed.url, FeedKind.FEED, interval_min=SEARCH_INTERVAL_MIN[feed.service]),),
        language=feed.language if feed.country is not None else None,
        country=None,  # a search finds the press of everywhere
        trust=SEARCH,
        rights=Rights.LINK,
        place_id=partner.id,
    )


def _name(place: Place) -> str:
    names = place.names.get("en") or next(iter(place.names.values()), ())
    return names[0] if names else place.id


# ---------------------------------------------------------------- what is there already


class _Followed:
    """The addresses that are followed: an outlet is known by its home page or by what is polled."""

    def __init__(self, sources: Iterable[SourceView]) -> None:
        self._known: set[str] = set()
        for one in sources:
            self._known.update(url_key(url) for url in (one.home_page, *(feed.url for feed in one.feeds)) if url)

    def add(self, source: SourceData) -> bool:
        """Whether it is new; from now on it is not."""
        keys = {url_key(feed.url) for feed in source.feeds}
        if source.home_page:
            keys.add(url_key(source.home_page))
        is_new = self._known.isdisjoint(keys)
        self._known |= keys
        return is_new


def with_free_keys(
    proposals: Sequence[SourceProposal], taken: Iterable[str], free: Callable[[str, set[str]], str]
) -> tuple[SourceProposal, ...]:
    """The proposals with keys that no source has; `free` makes one from a wish and the keys that are taken."""
    used = set(taken)
    named: list[SourceProposal] = []
    for one in proposals:
        key = free(one.source.key, used)
        used.add(key)
        named.append(replace(one, source=replace(one.source, key=key)))
    return tuple(named)
