"""The list of events: facets, full-text search, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from monitor.domain.event_filters import cursor_in, fields_of, filter_in, number_in
from monitor.domain.model.accounts import Role
from monitor.domain.model.event_search import EventFilter
from monitor.domain.model.partnerships import PartnershipData
from monitor.domain.model.places import Place
from monitor.domain.rights import HITS, shown_row
from monitor.domain.wording import Wording
from monitor.pipeline.event_search import query_for
from monitor.web.event_facets import VALUES_SHOWN, events_path, facet_groups
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.page import page, wording_of
from monitor.web.remembered import Remembered
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

EVENTS_A_PAGE = 25
PARTNERSHIPS_OFFERED = 200
PLACES_SUGGESTED = 3


@router.get("/events")
@needs(Role.READER)
def events(request: Request) -> HTMLResponse:
    """Whatever stands in the address: what cannot be understood asks for nothing."""
    given, site, wording = request.query_params, site_of(request), wording_of(request)
    archive, gazetteer = site.app.database.archive, site.app.gazetteer
    asked = filter_in(given)
    fields = fields_of(asked)
    after, below = cursor_in(given.get("after", "")), number_in(given.get("below", ""))
    found = archive.find_events(query_for(asked, gazetteer), EVENTS_A_PAGE, after, below)
    partnerships = partnerships_offered(request)
    further = {**fields, **({"below": str(below)} if below else {})}
    return page(
        request,
        "events/list.html",
        asked=asked,
        fields=fields,
        found=found,
        groups=facet_groups(asked, found.facets, partnerships, wording),
        values_shown=VALUES_SHOWN,
        partnerships=partnerships,
        places=_suggested(asked, gazetteer.by_name(asked.words) if asked.words else ()),
        path_of_place=lambda place_id: events_path({}, place=place_id),
        is_further=after is not None or below is not None,
        newest_path=events_path(fields),
        exports_path=f"/exports{events_path(fields).removeprefix('/events')}",
        next_path=events_path(further, after=str(found.next)) if found.next is not None else "",
        older_path=events_path(fields, below=str(found.older_hits)) if found.older_hits is not None else "",
        hit=lambda row: shown_row(row, reviewer=is_reviewer(request)),
        pieces=pieces,
    )


def partnerships_offered(request: Request) -> Mapping[str, str]:
    """The names of those that may be chosen, by key; remembered until one changes: a register has thousands."""
    archive, wording, state = site_of(request).app.database.archive, wording_of(request), request.app.state
    if not hasattr(state, "partnerships_offered"):
        state.partnerships_offered = {}
    kept: dict[str, Remembered[Mapping[str, str]]] = state.partnerships_offered
    names = kept.setdefault(wording.language, Remembered(share=inf))
    return names.get(archive.partnerships_state(), lambda: partnership_names(archive.partnerships(), wording))


def partnership_names(known: tuple[PartnershipData, ...], wording: Wording) -> dict[str, str]:
    """The partnerships that may be chosen, with names, by name."""
    names = {one.key: "–".join(map(wording.place, sorted(one.participants))) for one in known if one.is_asked_for}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold())[:PARTNERSHIPS_OFFERED])


def pieces(marked: str) -> Iterator[tuple[str, bool]]:
    """A line with marks as pieces of text, each with whether it is a hit."""
    start, end = HITS[0], HITS[1]
    for number, part in enumerate(marked.split(start)):
        hit, closed, rest = part.partition(end)
        if number and closed:
            yield hit, True
            yield rest, False
        else:
            yield part.replace(end, ""), False


def _suggested(asked: EventFilter, places: tuple[Place, ...]) -> tuple[str, ...]:
    return tuple(one.id for one in places if one.id != asked.place)[:PLACES_SUGGESTED]


def is_reviewer(request: Request) -> bool:
    """Whether the visitor sees full texts and may correct."""
    role = visitor_of(request).role
    return role is not None and role >= Role.REVIEWER
