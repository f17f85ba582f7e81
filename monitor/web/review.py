"""Review: what waits for a person, who did what, how often people agreed with the rules, what that taught."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import Reason
from monitor.domain.model.review import Pair, ReviewPage, Uncertain
from monitor.pipeline import review as cases
from monitor.web.correcting import BackField, anchor, corrected, named, own_last, told
from monitor.web.guard import GuardedRoute, needs
from monitor.web.identifiers import MAX_ID
from monitor.web.review_page import desk_page
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

ITEMS = 20  # of the queue on one page
RECORDS = 50  # of the history on one page
MOST_REASONS = 4  # named for each article, the weightiest

Before = Annotated[int | None, Query(ge=1, le=MAX_ID)]
Said = Annotated[int, Query(ge=0, le=MAX_ID)]


@router.get("/review")
@needs(Role.REVIEWER)
def queue(request: Request, after: Annotated[str, Query(max_length=200)] = "", said: Said = 0) -> HTMLResponse:
    """Uncertain articles and events that may be one, newest first."""
    archive = site_of(request).app.database.archive
    seen = archive.latest_verdict()
    found = archive.review_queue(ITEMS, after or None)
    pairs = [one for one in found.items if isinstance(one, Pair)]
    articles = {one for pair in pairs for event in (pair.event, pair.perhaps_same_as) for one in event.article_ids[:5]}
    return desk_page(
        request,
        "review/queue.html",
        queue=found,
        seen=seen,
        after=after,
        items=_with_ways_on(found, after),
        links_by_id=archive.report_links(articles),
        own_last=own_last(request, archive),
        weighty=weighty,
        **told(request, said),
    )


def _with_ways_on(found: ReviewPage, after: str) -> Sequence[tuple[str, Uncertain | Pair, str]]:
    """Each item with its place on the page and where the page goes on once it is judged."""
    places = [anchor(one.article if isinstance(one, Uncertain) else one.event) for one in found.items]
    here = f"/review?{urlencode({'after': after})}" if after else "/review"
    last = f"#{places[-2]}" if len(places) > 1 else ""
    following = [*(f"#{one}" for one in places[1:]), last]
    return [(place, item, here + mark) for place, item, mark in zip(places, found.items, following, strict=False)]


def weighty(reasons: Sequence[Reason]) -> list[Reason]:
    """Those that weigh most, on either side."""
    return sorted((one for one in reasons if one.weight), key=lambda one: -abs(one.weight))[:MOST_REASONS]


@router.get("/review/history")
@needs(Role.REVIEWER)
def history(request: Request, before: Before = None, said: Said = 0) -> HTMLResponse:
    """Who did what, newest first, with what each changed and who took it back."""
    archive = site_of(request).app.database.archive
    records = archive.verdicts(RECORDS + 1, before_id=before)
    shown = records[:RECORDS]
    more = shown[-1].verdict.id if len(records) > RECORDS else None
    values = {**named(archive, shown), **told(request, said)}
    return desk_page(request, "review/history.html", records=shown, more=more, before=before, **values)


@router.get("/review/precision")
@needs(Role.REVIEWER)
def precision(request: Request) -> HTMLResponse:
    """How often people agreed with the rules."""
    return desk_page(request, "review/precision.html", rows=site_of(request).app.database.archive.rule_precision())


@router.get("/review/learned")
@needs(Role.REVIEWER)
def learned(request: Request) -> HTMLResponse:
    """How much verdicts shift the score of new articles."""
    shifts = site_of(request).app.learning.adjustments().shifts
    rows = sorted(
        ((trait, name, shift) for (trait, name), shift in shifts.items()), key=lambda one: -abs(one[2].weight)
    )
    return desk_page(request, "review/learned.html", rows=rows)


@router.post("/review/undo")
@needs(Role.REVIEWER)
def undo(
    request: Request, verdict: Annotated[int, Form(ge=1, le=MAX_ID)], back: BackField = "/review/history"
) -> Response:
    """Take a verdict back."""
    return corrected(request, None, lambda by, now, reviewing: cases.undo(verdict, by, now, reviewing), back)
