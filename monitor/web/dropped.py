"""What was judged irrelevant, by reason; one press of a button brings an article back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from monitor.domain import rights
from monitor.domain.model.accounts import Role
from monitor.web.correcting import told
from monitor.web.guard import GuardedRoute, needs
from monitor.web.identifiers import MAX_ID
from monitor.web.page import wording_of
from monitor.web.review import weighty
from monitor.web.review_page import desk_page
from monitor.web.review_words import drop_words
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

ARTICLES = 50  # on one page
COUNTED_UP_TO = 1_000  # more are shown as "1,000+"


@router.get("/dropped")
@needs(Role.REVIEWER)
def dropped(
    request: Request,
    because: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    said: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
) -> HTMLResponse:
    """Newest first."""
    archive, wording = site_of(request).app.database.archive, wording_of(request)
    seen = archive.latest_verdict()
    counted = archive.dropped_by_reason(COUNTED_UP_TO + 1)
    because = because if because in dict(counted) else ""
    found = archive.dropped(ARTICLES + 1, because or None, before)
    shown = found[:ARTICLES]
    asked = {name: value for name, value in (("because", because), ("before", before)) if value}
    return desk_page(
        request,
        "dropped/list.html",
        seen=seen,
        counted=counted,
        counted_up_to=COUNTED_UP_TO,
        because=because,
        before=before,
        items=[(one, rights.shown_row(one.article, reviewer=True)) for one in shown],
        more=shown[-1].article.id if len(found) > ARTICLES else None,
        way_back=f"/dropped?{urlencode(asked)}" if asked else "/dropped",
        drop_words=lambda reason: drop_words(reason, wording),
        weighty=weighty,
        **told(request, said),
    )
