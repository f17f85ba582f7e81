"""The page of one event, and its calendar file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain import independence
from monitor.domain.event_feeds import calendar_entry
from monitor.domain.explanation_phrases import score_told
from monitor.domain.headline import capitalised, in_order, kind_and_edition
from monitor.domain.link_words import link_told
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import Span
from monitor.domain.model.event_search import EventReport, EventRow
from monitor.domain.model.reports import ReportGroup
from monitor.domain.model.views import EventView
from monitor.domain.rights import shown_spans
from monitor.domain.wording import KIND_WORDS
from monitor.errors import NotFound
from monitor.pipeline.event_search import story
from monitor.web.event_words import ROLE_WORDS, TIE_WORDS, VERDICT_WORDS, attested, change_words, voice_words
from monitor.web.events import is_reviewer
from monitor.web.guard import GuardedRoute, needs
from monitor.web.page import page, wording_of
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

REPORTS_SHOWN = 100
QUOTED_REPORTS = 4  # evidence of so many independent voices
QUOTED_SPANS = 2  # of each
PEOPLE_SHOWN = 20
CHANGES_SHOWN = 100
VERDICTS_SHOWN = 50
MAX_ID_CHARS = 100


@router.get("/events/{event_id}.ics")
@needs(Role.READER)
def calendar(request: Request, event_id: str) -> Response:
    """The event for a calendar program; one without a date has none."""
    site, wording = site_of(request), wording_of(request)
    view = _view(request, event_id)
    if view.merged_into is not None:
        return RedirectResponse(f"/events/{view.merged_into}.ics", 301)
    at = view.changes[-1].at if view.changes else view.event.first_seen_at or site.clock()
    entry = calendar_entry(EventRow(view.event, at), wording, site.app.gazetteer.place, len(view.changes))
    if entry is None:
        raise NotFound(f"event {event_id} has no date")
    body = site.app.calendars.write([entry], entry.summary, wording.language, site.options.base_url)
    headers = {"Content-Disposition": f'attachment; filename="{view.event.id}.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/events/{event_id}")
@needs(Role.READER)
def event(request: Request, event_id: str) -> Response:
    """Everything that is known of it; one that was merged leads to where it went."""
    site, wording = site_of(request), wording_of(request)
    archive, gazetteer = site.app.database.archive, site.app.gazetteer
    view = _view(request, event_id)
    if view.merged_into is not None:
        return RedirectResponse(f"/events/{view.merged_into}", 301)
    one, reports = view.event, archive.event_reports(event_id, REPORTS_SHOWN)
    standing = independence.standing(one, view.origins, gazetteer.place)
    by_id = {report.article_id: report for report in reports}
    return page(
        request,
        "events/show.html",
        link_words=lambda why: link_told(why, wording),
        score_words=lambda score: score_told(score, wording),
        event=one,
        what=capitalised(kind_and_edition(one, wording)),
        kinds=[wording.say(KIND_WORDS[kind]) for kind in one.kinds],
        who=in_order(one, wording, gazetteer.place),
        people=sorted(one.people)[:PEOPLE_SHOWN],
        attested=attested(standing, wording),
        quotes=_quotes(standing.groups, by_id, is_reviewer(request)),
        groups=[(voice_words(group, wording), _of(group, by_id)) for group in standing.groups],
        others=_in_no_group(standing.groups, reports),
        left_out=max(0, len(one.article_ids) - len(reports)),
        languages=Counter(report.language for report in reports if report.language).most_common(),
        changes=view.changes[-CHANGES_SHOWN:],
        change_words=lambda change: change_words(change, wording),
        story=story(one, archive, gazetteer),
        tie_words=TIE_WORDS,
        role_words=ROLE_WORDS,
        verdicts=archive.verdicts(VERDICTS_SHOWN, event_id=event_id),
        verdict_words=VERDICT_WORDS,
        whole=_whole(one.part_of, request),
        is_reviewer=is_reviewer(request),
    )


def _view(request: Request, event_id: str) -> EventView:
    if len(event_id) > MAX_ID_CHARS:
        raise NotFound("no event has so long an id")
    return site_of(request).app.database.archive.event(event_id)


def _whole(event_id: str | None, request: Request) -> EventView | None:
    return site_of(request).app.database.archive.event(event_id) if event_id is not None else None


def _of(group: ReportGroup, by_id: dict[int, EventReport]) -> list[EventReport]:
    return [by_id[one] for one in group.article_ids if one in by_id]


def _in_no_group(groups: Sequence[ReportGroup], reports: Sequence[EventReport]) -> list[EventReport]:
    """Articles that attest nothing: they name it as coming."""
    told = {one for group in groups for one in group.article_ids}
    return [one for one in reports if one.article_id not in told]


def _quotes(
    groups: Sequence[ReportGroup], by_id: dict[int, EventReport], reviewer: bool
) -> list[tuple[EventReport, tuple[Span, ...]]]:
    """What tells the event, in the words of the first report of each independent voice, as its rights allow."""
    found = []
    for group in groups:
        for report in _of(group, by_id)[:1]:
            spans = shown_spans(report.evidence, report.text_rights, reviewer)
            found.append((report, tuple(dict.fromkeys(one for one in spans if one.text))[:QUOTED_SPANS]))
    return [(report, spans) for report, spans in found if spans][:QUOTED_REPORTS]
