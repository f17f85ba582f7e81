"""The yearly report: what each partnership brought, by kind, to read, to print and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.domain.activity import YearlyRow, yearly
from monitor.domain.csv_cells import cell
from monitor.domain.dossier import names
from monitor.domain.kind_families import FAMILY_WORDS, KindFamily
from monitor.domain.model.accounts import Role
from monitor.domain.model.partnerships import PartnershipState
from monitor.web.guard import GuardedRoute, needs
from monitor.web.page import page, wording_of
from monitor.web.partnerships import quoted
from monitor.web.remembered import Remembered
from monitor.web.site import Site, site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

YEARS_BACK = 10
FIRST_YEAR = 1900
ROWS = 200  # on the page; the table has all
YEARS_KEPT = 4

YearQuery = Annotated[int, Query(ge=0, le=9999)]


@router.get("/yearly")
@needs(Role.READER)
def report(request: Request, year: YearQuery = 0) -> HTMLResponse:
    """One year."""
    chosen = _year(request, year)
    rows = _rows(request, chosen)
    active = [one for one in rows if one.total]
    wording = wording_of(request)
    this_year = site_of(request).clock().year
    totals = {family: sum(one.by_family.get(family, 0) for one in active) for family in KindFamily}
    return page(
        request,
        "yearly/report.html",
        year=chosen,
        years=range(this_year, this_year - YEARS_BACK, -1),
        rows=[(names(one.partnership, wording), one) for one in active[:ROWS]],
        left_out=max(0, len(active) - ROWS),
        silent=len(rows) - len(active),
        totals=totals,
        families=[family for family in KindFamily if totals[family]],
        family_words=FAMILY_WORDS,
        quoted=quoted,
    )


@router.get("/yearly.csv")
@needs(Role.READER)
def table(request: Request, year: YearQuery = 0) -> Response:
    """All partnerships of a year, also those without events."""
    chosen = _year(request, year)
    wording = wording_of(request)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["year", "key", "partnership", *(family.value for family in KindFamily), "total"])
    for one in _rows(request, chosen):
        counts = [one.by_family.get(family, 0) for family in KindFamily]
        told = (chosen, one.partnership.key, names(one.partnership, wording), *counts, one.total)
        writer.writerow([cell(value) for value in told])
    headers = {"Content-Disposition": f'attachment; filename="partnerships-{chosen}.csv"'}
    # The mark at the start tells table programs that it is UTF-8.
    return Response("\ufeff" + buffer.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _year(request: Request, given: int) -> int:
    """This year unless one is given."""
    this_year = site_of(request).clock().year
    return given if FIRST_YEAR <= given <= this_year + 1 else this_year


def _rows(request: Request, year: int) -> Sequence[YearlyRow]:
    state = request.app.state
    if not hasattr(state, "relations_yearly"):
        state.relations_yearly = {}
    kept: dict[int, Remembered[Sequence[YearlyRow]]] = state.relations_yearly
    if year not in kept and len(kept) >= YEARS_KEPT:
        kept.clear()
    site = site_of(request)
    stand = site.app.database.archive.relations_state()
    return kept.setdefault(year, Remembered()).get(stand, lambda: _counted(site, year))


def _counted(site: Site, year: int) -> Sequence[YearlyRow]:
    archive = site.app.database.archive
    every = [one for one in archive.partnerships() if one.state is not PartnershipState.DECLINED]
    return yearly(every, archive.kinds_in_year(year))
