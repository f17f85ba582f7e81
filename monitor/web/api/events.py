"""Events and articles."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BeforeValidator, Field

from monitor.domain.event_filters import MAX_KEY_CHARS, MAX_WORDS_CHARS, cursor_in
from monitor.domain.export_records import article_record, event_record, moment
from monitor.domain.kind_families import KindFamily
from monitor.domain.model.accounts import Role
from monitor.domain.model.event_search import EventCursor, EventFilter, Novelty
from monitor.domain.model.events import EventChange, EventStatus
from monitor.domain.text import clean_line
from monitor.errors import NotFound
from monitor.pipeline.event_search import query_for
from monitor.web.api.describing import describing
from monitor.web.api.models import Article, EventPage, WholeEvent
from monitor.web.api.paging import Paging, bad_cursor, cursor_of, next_address, parts_of
from monitor.web.api.routing import MANY, ONE, ApiRoute
from monitor.web.guard import needs
from monitor.web.identifiers import MAX_ID
from monitor.web.site import site_of

router = APIRouter(prefix="/api/v1", route_class=ApiRoute, tags=["events"])

CHANGES_TOLD = 1_000
MAX_ID_CHARS = 100


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_day(value: object) -> object:
    """Days only as the document writes them: the library would take a number for seconds since 1970."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("not a day like 2026-10-05")
    return value


class EventParameters(Paging):
    """The fields of the events page. Every one narrows the list."""

    q: Annotated[str, Field(max_length=MAX_WORDS_CHARS, description='All words, in any script: jumel*, "phrase".')] = ""
    partnership: Annotated[str, Field(max_length=MAX_KEY_CHARS, description="Key.")] = ""
    place: Annotated[str, Field(max_length=MAX_KEY_CHARS, description="Id of a place that takes part.")] = ""
    country: Annotated[str, Field(pattern="^([A-Za-z]{2})?$", description="ISO 3166-1 alpha-2.")] = ""
    kind: Annotated[KindFamily | None, Field(description="Family of kinds.")] = None
    language: Annotated[
        str, Field(pattern="^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$", description="Of a report (BCP 47).")
    ] = ""
    source: Annotated[str, Field(max_length=MAX_KEY_CHARS, description="Key of a source that reported it.")] = ""
    since: Annotated[date | None, BeforeValidator(_written_day), Field(description="Not before this day.")] = None
    until: Annotated[date | None, BeforeValidator(_written_day), Field(description="Not after this day.")] = None
    status: EventStatus | None = None
    novelty: Annotated[Novelty | None, Field(description="new: from the news; known: before.")] = None

    def as_filter(self) -> EventFilter:
        """What is asked for."""
        return EventFilter(
            words=clean_line(self.q, MAX_WORDS_CHARS),
            partnership=clean_line(self.partnership, MAX_KEY_CHARS),
            place=clean_line(self.place, MAX_KEY_CHARS),
            country=self.country.upper(),
            family=self.kind,
            language=self.language,
            source=clean_line(self.source, MAX_KEY_CHARS),
            since=self.since,
            until=self.until,
            status=self.status,
            novelty=self.novelty,
        )


@router.get("/events", response_model=EventPage, responses=MANY)
@needs(Role.READER)
def events(request: Request, response: Response, asked: Annotated[EventParameters, Query()]) -> dict[str, Any]:
    """Listed events that fit, newest first."""
    site = site_of(request)
    archive = site.app.database.archive
    after, below = _place(asked.cursor)
    query = query_for(asked.as_filter(), site.app.gazetteer)
    found = archive.find_events(query, asked.limit, after, below)
    by = describing(request)
    cursor = None
    if found.next is not None:
        cursor = cursor_of(str(found.next), below)
    elif found.older_hits is not None:
        cursor = cursor_of(None, found.older_hits)
    records = [event_record(row.event, row.updated_at, (), by) for row in found.rows]
    return {
        "items": [{name: value for name, value in one.items() if name != "reports"} for one in records],
        "next": next_address(request, response, cursor),
        "total": found.total,
        "total_is_bound": found.total_is_bound,
    }


@router.get("/events/{event_id}", response_model=WholeEvent, responses=ONE)
@needs(Role.READER)
def event(request: Request, event_id: Annotated[str, Path(max_length=MAX_ID_CHARS)]) -> dict[str, Any]:
    """One event with its reports and its history. The id of one that was merged still leads to it."""
    archive = site_of(request).app.database.archive
    view = archive.event(event_id)
    updated = view.changes[-1].at if view.changes else view.event.first_seen_at or site_of(request).clock()
    record = event_record(view.event, updated, archive.event_reports(view.event.id), describing(request))
    return {
        **record,
        "merged_into": view.merged_into,
        "changes": [_change(one) for one in view.changes[-CHANGES_TOLD:]],
    }


@router.get("/articles/{article_id}", response_model=Article, responses=ONE)
@needs(Role.READER)
def article(request: Request, article_id: Annotated[int, Path(ge=1, le=MAX_ID)]) -> Any:
    """One article with as much of its text as its source allows."""
    found = site_of(request).app.database.archive.exported_articles([article_id])
    if not found:
        raise NotFound(f"no article has the id {article_id}")
    return article_record(found[0])


def _place(cursor: str) -> tuple[EventCursor | None, int | None]:
    """The last event of the page before, and the articles that are looked through."""
    parts = parts_of(cursor, str, int)
    if parts is None:
        return None, None
    after = cursor_in(parts[0]) if parts[0] is not None else None
    below = parts[1]
    if (parts[0] is not None and after is None) or not (below is None or 0 < below <= MAX_ID):
        raise bad_cursor()
    return after, below


def _change(one: EventChange) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "kind": one.kind.value,
        "at": moment(one.at),
        "article_id": one.article_id,
        "before": one.before,
        "after": one.after,
    }
