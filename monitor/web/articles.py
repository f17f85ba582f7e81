"""One article: its text with the evidence, where it came from, why it was kept or dropped, its copies and revisions."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from monitor.domain import revision_diff, rights
from monitor.domain.explanation import explain
from monitor.domain.headline import headline
from monitor.domain.marked_text import marked
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import CaptureData
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.sources import Rights
from monitor.domain.model.views import RevisionView
from monitor.domain.revision_diff import Edit
from monitor.domain.wording import Wording, message, trouble
from monitor.errors import NotFound
from monitor.web.correcting import ArticleId
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.identifiers import MAX_ID
from monitor.web.page import wording_of
from monitor.web.refusals import Refusal
from monitor.web.review_page import desk_page
from monitor.web.review_words import PATH_WORDS
from monitor.web.site import Site, site_of
from monitor.web.turn_words import turn_told

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

MOST_COPIES = 50  # that are listed
MOST_EVENTS = 20
NOT_ALLOWED = message("The source does not allow its pages to be shown. A reviewer can see them.")
SANDBOX = "sandbox"  # what a capture may do in a browser: nothing (faults H4)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})")


@router.get("/articles/{article_id}")
@needs(Role.READER)
def article(request: Request, article_id: ArticleId) -> HTMLResponse:
    """Everything that is known of it, its text as far as the source's rights allow."""
    site = site_of(request)
    archive = site.app.database.archive
    is_reviewer = _is_reviewer(request)
    view = rights.shown_article(archive.article(article_id), is_reviewer)
    neighbours = {one.neighbour for one in view.record if one.stage == "event" and one.neighbour}
    events = archive.events_named({*view.event_ids[:MOST_EVENTS], *neighbours})
    revisions = archive.revisions(article_id)
    return desk_page(
        request,
        "articles/article.html",
        article=view,
        is_reviewer=is_reviewer,
        is_cut=not is_reviewer and view.text_rights.rights is not Rights.FULL,
        marked=marked(view),
        explanation=explain(view, wording_of(request), _headline(site, events, wording_of(request))),
        events=list({events[one].id: events[one] for one in view.event_ids if one in events}.values()),
        copies=archive.copies(article_id, MOST_COPIES),
        revisions=revisions[::-1],
        path_words=PATH_WORDS,
        trouble=trouble,
        has_page=view.url.startswith(("http://", "https://")),
        may_see_capture=is_reviewer or view.text_rights.rights is Rights.FULL,
    )


def _is_reviewer(request: Request) -> bool:
    role = visitor_of(request).role
    return role is not None and role >= Role.REVIEWER


def _headline(site: Site, events: Mapping[str, KnownEvent], wording: Wording) -> Callable[[str], str]:
    """Names an event by its id."""

    def named(event_id: str) -> str:
        event = events.get(event_id)
        return headline(event, wording, site.app.gazetteer.place) if event is not None else event_id

    return named


# ---------------------------------------------------------------- differences


@router.get("/articles/{article_id}/diff")
@needs(Role.READER)
def difference(
    request: Request,
    article_id: ArticleId,
    old: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    new: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    copy: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> HTMLResponse:
    """What an edit changed (`old`, `new`: revisions), or how the article `copy` differs from this one."""
    archive = site_of(request).app.database.archive
    view = archive.article(article_id)
    other = archive.article(copy) if copy is not None else None
    revisions = archive.revisions(article_id)
    if copy is not None:
        before, after = revisions[-1], archive.revisions(copy)[-1]
    else:
        before, after = _chosen(revisions, old, new)
    compared = revision_diff.compare(before, after)
    for one in (view, other):
        if one is not None:
            compared = revision_diff.within_rights(compared, one.text_rights, _is_reviewer(request))
    turns = [turn_told(one, wording_of(request)) for one in compared.turns]
    values = {"article": view, "other": other, "before": before, "after": after, "diff": compared, "Edit": Edit}
    return desk_page(request, "articles/diff.html", turns=turns, **values)


def _chosen(revisions: Sequence[RevisionView], old: int | None, new: int | None) -> tuple[RevisionView, RevisionView]:
    """The revisions of these numbers; without them the last two. Raises `NotFound`."""
    by_number = {one.number: one for one in revisions}
    last = new if new is not None else revisions[-1].number
    first = old if old is not None else max((one for one in by_number if one < last), default=0)
    if first not in by_number or last not in by_number:
        raise NotFound("no such revision")
    return by_number[first], by_number[last]


# ---------------------------------------------------------------- the raw page


@router.get("/articles/{article_id}/capture")
@needs(Role.READER)
def capture(request: Request, article_id: ArticleId) -> Response:
    """The page as it was fetched, as a text to download: never something that a browser runs (faults H4)."""
    site = site_of(request)
    view = site.app.database.archive.article(article_id)
    if not _is_reviewer(request) and view.text_rights.rights is not Rights.FULL:
        raise Refusal(403, NOT_ALLOWED)
    if view.capture is None:
        raise NotFound(f"article {article_id} has no capture")
    body = site.app.captures.get(view.capture.sha256)
    headers = {
        "Content-Type": f"text/plain; charset={_charset(view.capture)}",
        "Content-Disposition": f'attachment; filename="article-{article_id}{_ending(view.capture)}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(body, headers=headers)


def _charset(found: CaptureData) -> str:
    """What the server said it was written in, where it is a known name."""
    declared = _CHARSET.search(found.content_type)
    try:
        return codecs.lookup(declared[1]).name if declared else "utf-8"
    except LookupError:
        return "utf-8"


def _ending(found: CaptureData) -> str:
    return ".pdf" if found.content_type.partition(";")[0].strip().lower() == "application/pdf" else ".txt"
