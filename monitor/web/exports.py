"""Taking data out: one form that says what, and files that are written while they are fetched."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from monitor.domain.event_filters import fields_of, filter_in
from monitor.domain.export_records import Describing
from monitor.domain.kind_families import FAMILY_WORDS
from monitor.domain.model.accounts import Role
from monitor.domain.model.event_search import EventFilter
from monitor.domain.model.exports import ExportForm, ExportWhat
from monitor.domain.wording import STATUS_WORDS, Wording, message
from monitor.errors import Refused
from monitor.pipeline.event_search import query_for
from monitor.pipeline.exports import (
    EVENTS_IN_A_CALENDAR,
    EVENTS_IN_A_FEED,
    MEDIA_TYPES,
    Order,
    export,
    file_name,
)
from monitor.web.event_facets import NOVELTY_WORDS, country_name
from monitor.web.events import partnerships_offered
from monitor.web.guard import GuardedRoute, needs
from monitor.web.page import page, wording_of
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

WHAT_WORDS = {
    ExportWhat.EVENTS: message("Events"),
    ExportWhat.ARTICLES: message("Articles of these events"),
    ExportWhat.PARTNERSHIPS: message("Partnerships"),
}
FORM_WORDS = {
    ExportForm.CSV: message("CSV, for table programs"),
    ExportForm.JSONL: message("JSON Lines, with everything there is"),
    ExportForm.ATOM: message("Atom feed, of events"),
    ExportForm.ICS: message("Calendar (iCalendar), of events"),
    ExportForm.PACKAGE: message("Citable package (ZIP), of all three"),
}
_NO_SUCH_FILE = message(
    "Articles and partnerships have no feed and no calendar. Choose CSV, JSON Lines or the package."
)


@router.get("/exports")
@needs(Role.READER)
def choose(request: Request) -> HTMLResponse:
    """The form, with what stands in the address filled in."""
    return _form(request, filter_in(request.query_params))


@router.get("/exports/download")
@needs(Role.READER)
def download(request: Request) -> Response:
    """The file, as a reader may see it, whoever asks: it is made to be passed on."""
    given, site, wording = request.query_params, site_of(request), wording_of(request)
    what, form = _what(given), _form_of(given)
    asked = filter_in(given)
    by = Describing(wording, site.app.gazetteer.place, site.options.base_url.rstrip("/"))
    order = Order(what, form, asked, by, site.clock())
    try:
        pieces = export(order, site.app.exporting)
    except Refused:
        return _form(request, asked, 422, _NO_SUCH_FILE)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(order)}"'}
    return StreamingResponse(pieces, media_type=MEDIA_TYPES[form], headers=headers)


def _form(request: Request, asked: EventFilter, status: int = 200, problem: str = "") -> HTMLResponse:
    site, wording = site_of(request), wording_of(request)
    archive = site.app.database.archive
    fields = fields_of(asked)
    return page(
        request,
        "exports/choose.html",
        status,
        asked=asked,
        fields=fields,
        found=archive.find_events(query_for(asked, site.app.gazetteer), 1),
        partnerships=partnerships_offered(request),
        kept=_kept(asked, wording),
        what_words=WHAT_WORDS,
        form_words=FORM_WORDS,
        what=_what(request.query_params),
        form=_form_of(request.query_params),
        family_words=FAMILY_WORDS,
        status_words=STATUS_WORDS,
        novelty_words=NOVELTY_WORDS,
        feed_events=EVENTS_IN_A_FEED,
        calendar_events=EVENTS_IN_A_CALENDAR,
        problem=problem,
    )


def _kept(asked: EventFilter, wording: Wording) -> list[tuple[str, str, str]]:
    """What the form has no field for: name of the field, value, and words for it."""
    told = [
        ("place", asked.place, wording.place(asked.place)),
        ("country", asked.country, country_name(asked.country, wording) if asked.country else ""),
        ("language", asked.language, wording.language_name(asked.language)),
        ("source", asked.source, asked.source),
    ]
    return [one for one in told if one[1]]


def _what(given: Mapping[str, str]) -> ExportWhat:
    said = given.get("what", "")
    return ExportWhat(said) if said in {one.value for one in ExportWhat} else ExportWhat.EVENTS


def _form_of(given: Mapping[str, str]) -> ExportForm:
    said = given.get("form", "")
    return ExportForm(said) if said in {one.value for one in ExportForm} else ExportForm.CSV
