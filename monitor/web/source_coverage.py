"""Of which partnerships silence can be trusted: each against both places' own sites and press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from monitor.domain.model.accounts import Role
from monitor.domain.model.partnerships import PartnershipData
from monitor.domain.source_coverage import PartnershipCoverage, coverages, watched_partnerships
from monitor.web.guard import GuardedRoute, needs
from monitor.web.partnerships import quoted
from monitor.web.relation_words import COVERAGE_WORDS
from monitor.web.site import Site, site_of
from monitor.web.source_page import source_page

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

PARTNERSHIPS = 50  # on one page
AT_ONCE = 25  # looked at together


@router.get("/sources/coverage")
@needs(Role.READER)
def coverage(
    request: Request, after: Annotated[str, Query(max_length=300)] = "", doubtful: Annotated[bool, Query()] = False
) -> HTMLResponse:
    """The watched partnerships by key; `doubtful`: only those whose silence says nothing."""
    site = site_of(request)
    app = site.app
    known, place = app.database.archive.partnerships(), app.gazetteer.place
    watched = watched_partnerships(known, app.declared.watches, app.declared.homes, site.clock().date(), place)
    ordered = sorted((one for one in watched if one.key > after), key=lambda one: one.key)
    found = list(islice(_rows(ordered, site, doubtful=doubtful), PARTNERSHIPS + 1))
    shown = found[:PARTNERSHIPS]
    return source_page(
        request,
        "sources/coverage.html",
        rows=[pair for pairs in shown for pair in pairs],
        next_after=shown[-1][0].partnership.key if len(found) > PARTNERSHIPS else "",
        after=after,
        doubtful=doubtful,
        is_any=bool(watched),
        coverage_words=COVERAGE_WORDS,
        quoted=quoted,
    )


def _rows(
    partnerships: Sequence[PartnershipData], site: Site, *, doubtful: bool
) -> Iterator[tuple[PartnershipCoverage, ...]]:
    """The pairs of each partnership, some partnerships at a time: who looks at one page waits for no more."""
    sources, homes, place = site.app.database.archive.source_index(), site.app.declared.homes, site.app.gazetteer.place
    for start in range(0, len(partnerships), AT_ONCE):
        some = partnerships[start : start + AT_ONCE]
        found = coverages(some, sources, homes, place)
        for one in some:
            pairs = tuple(pair for pair in found if pair.partnership is one)
            wanted = tuple(pair for pair in pairs if not (doubtful and pair.is_trusted))
            if wanted:
                yield wanted
