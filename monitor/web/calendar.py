"""What is announced and what is reckoned with in the next 24 months, as a page and as calendar files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.domain import calendar as rules
from monitor.domain.dossier import names
from monitor.domain.model.accounts import Role
from monitor.domain.model.calendar import CalendarEntry, CalendarEvent, CalendarState
from monitor.domain.model.events import DateRange, Precision
from monitor.domain.months import month_of
from monitor.domain.partnerships import belongs
from monitor.domain.wording import Wording, message
from monitor.errors import NotFound
from monitor.pipeline.picture import entries_of
from monitor.web.guard import GuardedRoute, needs
from monitor.web.page import page, wording_of
from monitor.web.partnerships import quoted
from monitor.web.site import Site, site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

CALENDAR_TYPE = "text/calendar; charset=utf-8"
STATE_WORDS = {
    CalendarState.FIRM: message("announced"),
    CalendarState.TENTATIVE: message("not certain"),
    CalendarState.OFF: message("called off"),
}
SOURCES = {"announced": message("announced"), "computed": message("computed")}


@router.get("/calendar")
@needs(Role.READER)
def calendar(request: Request, only: Annotated[str, Query()] = "") -> HTMLResponse:
    """By month, what is not over."""
    site = site_of(request)
    today = site.clock().date()
    ahead = rules.ahead(calendar_entries(site, wording_of(request)), today)
    shown = [one for one in ahead if only not in SOURCES or one.is_computed == (only == "computed")]
    undated = [one for one in site.app.database.archive.announced(site.clock()) if one.when is None]
    return page(
        request,
        "calendar/list.html",
        groups=_groups(shown, today, wording_of(request)),
        undated=undated if only != "computed" else [],
        only=only,
        sources=SOURCES,
        state_words=STATE_WORDS,
        states=CalendarState,
        quoted=quoted,
    )


@router.get("/calendar.ics")
@needs(Role.READER)
def calendar_file(request: Request) -> Response:
    """Everything, for a calendar program."""
    return _file(calendar_bytes(site_of(request), wording_of(request)), "calendar")


@router.get("/partnerships/{key}/calendar.ics")
@needs(Role.READER)
def partnership_file(request: Request, key: str) -> Response:
    """What concerns one partnership."""
    site, wording = site_of(request), wording_of(request)
    partnership = site.app.database.archive.partnership(key)
    members, place = partnership.participants, site.app.gazetteer.place
    shared = [
        one
        for one in calendar_entries(site, wording)
        if one.partnership_key == key or belongs(one.participants, members, place)
    ]
    return _file(_written(site, wording, shared, names(partnership, wording)), "partnership")


# ---------------------------------------------------------------- for others to serve


def calendar_entries(site: Site, wording: Wording) -> tuple[CalendarEntry, ...]:
    """All of the window, also what was called off, in the words of `wording`."""
    return entries_of(site.clock().date(), wording, site.app.database.archive, site.app.gazetteer.place)


def calendar_bytes(
    site: Site, wording: Wording, place_ids: Collection[str] | None = None, name: str | None = None
) -> bytes:
    """The calendar as an iCalendar file; only what concerns these places, where they are given.

    For whoever serves it at an address of its own: the caller has looked whether the asker may have it.
    """
    entries = calendar_entries(site, wording)
    if place_ids is not None:
        entries = rules.concerning(entries, place_ids)
    return _written(site, wording, entries, name or wording.say("Relations between cities"))


def event_calendar_bytes(site: Site, wording: Wording, event_id: str) -> bytes:
    """One event as an iCalendar file; raises `NotFound` where it is not there or has no date."""
    view = site.app.database.archive.event(event_id)
    seen = view.changes[-1].at if view.changes else view.event.first_seen_at or site.clock()
    told = CalendarEvent(view.event, max(0, len(view.changes) - 1), seen)
    entries = rules.announced_entries([told], wording, site.app.gazetteer.place)
    if not entries:
        raise NotFound(f"the event {event_id!r} has no date")
    return _written(site, wording, entries, entries[0].summary)


def _written(site: Site, wording: Wording, entries: Sequence[CalendarEntry], name: str) -> bytes:
    return site.app.calendars.write(entries, name, wording.language, site.options.base_url)


def _file(body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return Response(body, media_type=CALENDAR_TYPE, headers=headers)


def _groups(entries: Sequence[CalendarEntry], today: date, wording: Wording) -> list[tuple[str, list[CalendarEntry]]]:
    """By month; what is known to the year only stands after the months of that year."""
    ordered = sorted(entries, key=lambda one: _group(one, today))
    return [(_heading(key, wording), list(told)) for key, told in groupby(ordered, lambda one: _group(one, today))]


def _group(entry: CalendarEntry, today: date) -> tuple[int, int]:
    """Year and month; of what has begun, this month; 13: some time in that year."""
    day = max(entry.when.starts_on, today)
    return (day.year, 13 if entry.when.precision is Precision.YEAR else day.month)


def _heading(key: tuple[int, int], wording: Wording) -> str:
    year, month = key
    if month > 12:
        return wording.say("Some time in {year}", year=year)
    return wording.period(DateRange(*month_of(date(year, month, 1)), Precision.MONTH))
