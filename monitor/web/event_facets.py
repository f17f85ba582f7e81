"""The facets of a list of events as groups of links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from monitor.domain.event_filters import fields_of
from monitor.domain.kind_families import FAMILY_WORDS, KindFamily
from monitor.domain.model.event_search import EventFilter, Facets, Novelty
from monitor.domain.model.events import EventStatus
from monitor.domain.wording import STATUS_WORDS, Wording, message

VALUES_SHOWN = 8  # of a facet; the others stand behind "more"
NOVELTY_WORDS = {
    Novelty.NEW: message("learnt from the news"),
    Novelty.KNOWN: message("known before"),
}


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value to narrow the list by."""

    text: str
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """All values of one field; `chosen`: what the list is narrowed by already."""

    name: str
    title: str
    links: tuple[FacetLink, ...]
    chosen: str = ""
    path_without: str = ""


def events_path(fields: Mapping[str, str], **changes: str) -> str:
    """The list with these fields, some of them changed; "" takes one away, and with any change it begins anew."""
    said = {name: value for name, value in {**fields, **changes}.items() if value}
    return f"/events?{urlencode(said)}" if said else "/events"


def facet_groups(
    asked: EventFilter, found: Facets, partnerships: Mapping[str, str], wording: Wording
) -> tuple[FacetGroup, ...]:
    """In the order in which they are shown; those with nothing to choose are left out. `partnerships`: names by key."""
    fields = fields_of(asked)
    sources = dict(found.source_names)
    say: Mapping[str, tuple[str, Iterable[tuple[str, int]], Callable[[str], str]]] = {
        "partnership": (message("Partnership"), (), lambda key: partnerships.get(key, key)),
        "kind": (message("Kind"), found.families, lambda one: wording.say(FAMILY_WORDS[KindFamily(one)])),
        "place": (message("Place"), found.places, wording.place),
        "country": (message("Country"), found.countries, lambda code: country_name(code, wording)),
        "language": (message("Language of the reports"), found.languages, wording.language_name),
        "status": (message("Status"), found.statuses, lambda one: wording.say(STATUS_WORDS[EventStatus(one)])),
        "source": (message("Source"), found.sources, lambda key: sources.get(key, key)),
        "novelty": (message("New or known"), found.novelties, lambda one: wording.say(NOVELTY_WORDS[Novelty(one)])),
    }
    groups = []
    for name, (title, values, text) in say.items():
        chosen = fields.get(name, "")
        links = tuple(
            FacetLink(text(value), count, events_path(fields, **{name: str(value)}))
            for value, count in values
            if str(value) != chosen
        )
        without = events_path(fields, **{name: ""}) if chosen else ""
        if chosen or len(links) > 1:
            groups.append(FacetGroup(name, title, links, text(chosen) if chosen else "", without))
    return tuple(groups)


def country_name(code: str, wording: Wording) -> str:
    """The country as its readers call it; the code where nobody knows it."""
    name = wording.place(f"country-{code.lower()}")
    return code if name.startswith("country-") else name
