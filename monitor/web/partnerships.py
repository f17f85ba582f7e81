"""All partnerships in a sortable table; a person's yes or no to those that the news proposes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from monitor.domain import overview
from monitor.domain.claim_words import GRADE_WORDS
from monitor.domain.dossier import names
from monitor.domain.model.accounts import Role
from monitor.domain.model.partnerships import ExpectationState, PartnershipData, PartnershipState
from monitor.domain.overview import FALLING, Overview, OverviewRow, SortBy
from monitor.domain.picture import DECLINED, STANDING_WORDS
from monitor.domain.text import fold
from monitor.domain.wording import message
from monitor.pipeline import partnerships as stage
from monitor.web.charts import spark
from monitor.web.guard import GuardedRoute, needs
from monitor.web.local_path import local_path
from monitor.web.page import page, wording_of
from monitor.web.relation_words import prospects_line
from monitor.web.remembered import Remembered
from monitor.web.site import Site, site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

ROWS = 50
MAX_ANNOUNCED = 1_000
DECISIONS = {"confirm": PartnershipState.WATCHED, "reject": PartnershipState.DECLINED}
COLUMNS = {
    SortBy.NAME: message("Places"),
    SortBy.STATE: message("State"),
    SortBy.GRADE: message("Kind"),
    SortBy.SINCE: message("Since"),
    SortBy.EVENTS: message("Events"),
    SortBy.LAST: message("Last event"),
    SortBy.NEXT: message("Next"),
}


@router.get("/partnerships")
@needs(Role.READER)
def partnerships(
    request: Request,
    sort: Annotated[str, Query()] = "",
    order: Annotated[str, Query()] = "",
    state: Annotated[str, Query()] = "",
    name: Annotated[str, Query()] = "",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """The table; by default the most lately active first."""
    by = SortBy(sort) if sort in set(SortBy) else SortBy.LAST
    falling = order == "falling" if order in ("falling", "rising") else by in FALLING
    every = _rows(request)
    counts = Counter(row.standing for row in every)
    wanted = [row for row in every if _is_wanted(row, state, name)]
    shown = overview.in_order(wanted, by, falling)[(number - 1) * ROWS : number * ROWS]
    today = site_of(request).clock().date()
    wording = wording_of(request)
    place = site_of(request).app.gazetteer.place
    return page(
        request,
        "partnerships/list.html",
        rows=[
            (row, spark(row.activity.by_year, today.year), prospects_line(row.next, wording, place)) for row in shown
        ],
        proposed=[row for row in every if row.partnership.state is PartnershipState.PROPOSED][:ROWS],
        columns=COLUMNS,
        sort=by,
        falling=falling,
        falling_first=FALLING,
        state=state,
        name=name,
        counts=counts,
        standing_words=STANDING_WORDS,
        grade_words=GRADE_WORDS,
        total=len(wanted),
        known=len(every),
        number=number,
        pages=-(-len(wanted) // ROWS),
        quoted=quoted,
        this_year=today.year,
    )


@router.post("/partnerships/{key}/decide")
@needs(Role.REVIEWER)
def decide(
    request: Request, key: str, decision: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Say yes or no to a partnership; a later answer replaces an earlier one."""
    app = site_of(request).app
    if decision in DECISIONS:
        stage.decide(key, DECISIONS[decision], app.clock(), app.database.units)
        app.reckon()
    return RedirectResponse(local_path(back or "/partnerships"), 303)


def quoted(key: str) -> str:
    """The key of a partnership as a piece of a path."""
    return quote(key, safe="+")


def _is_wanted(row: OverviewRow, state: str, name: str) -> bool:
    """What was declined is shown only where it is asked for."""
    if state in STANDING_WORDS and row.standing != state:
        return False
    if state not in STANDING_WORDS and row.standing == DECLINED:
        return False
    return not name or fold(name) in fold(row.name)


@dataclass(frozen=True, slots=True)
class _Table:
    """All partnerships with what is reckoned of them, remembered beside the site: a register has thousands of them,
    and reading all events of a large archive takes a while. What a person decides is seen at once.
    """

    known: Remembered[Sequence[PartnershipData]]
    overview: Remembered[Overview]
    rows: dict[str, Remembered[Sequence[OverviewRow]]]  # by language


def _table(request: Request) -> _Table:
    state = request.app.state
    if not hasattr(state, "partnership_table"):
        strict: Remembered[Sequence[PartnershipData]] = Remembered(share=inf)
        state.partnership_table = _Table(strict, Remembered(), {})
    found: _Table = state.partnership_table
    return found


def _rows(request: Request) -> Sequence[OverviewRow]:
    site, wording, kept = site_of(request), wording_of(request), _table(request)
    archive, today = site.app.database.archive, site.clock().date()
    stand = archive.partnerships_state()
    every = kept.known.get(stand, archive.partnerships)
    known = kept.overview.get((today, archive.relations_state()), lambda: _reckon(site, every))
    rows = kept.rows.setdefault(wording.language, Remembered(share=inf))
    return rows.get(
        (today, stand, kept.overview.version),
        lambda: overview.rows_of(every, known, today, lambda one: names(one, wording)),
    )


def _reckon(site: Site, every: Sequence[PartnershipData]) -> Overview:
    archive, gazetteer = site.app.database.archive, site.app.gazetteer
    return overview.overview(
        every,
        archive.activities(site.clock().date()),
        archive.announced(site.clock(), MAX_ANNOUNCED),
        archive.expectations((ExpectationState.OPEN,)),
        archive.sources(counted=False),
        site.app.declared.homes,
        site.clock().date(),
        gazetteer.place,
        gazetteer.beside,
    )
