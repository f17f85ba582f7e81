"""What is followed and what was sent."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from monitor.domain.export_records import moment
from monitor.domain.model.accounts import Role
from monitor.domain.model.digest_views import DigestRow as SentDigest
from monitor.domain.model.source_pages import FeedState, SourceState
from monitor.web.api.models import DigestRow, Page, Source
from monitor.web.api.paging import Paging, bad_cursor, cursor_of, next_address, part, parts_of
from monitor.web.api.routing import MANY, ApiRoute
from monitor.web.guard import needs
from monitor.web.identifiers import MAX_ID
from monitor.web.site import site_of

router = APIRouter(prefix="/api/v1", route_class=ApiRoute, tags=["running"])


@router.get("/sources", response_model=Page[Source], responses=MANY)
@needs(Role.READER)
def sources(request: Request, response: Response, asked: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Who is followed and how their feeds do, by key."""
    archive = site_of(request).app.database.archive
    keys = sorted(one.key for one in archive.source_index())
    after = parts_of(asked.cursor, str)
    chosen, last = part(keys, after[0] if after else None, lambda one: one, asked.limit)
    return {
        "items": [_source(one) for one in archive.source_states(chosen)],
        "next": next_address(request, response, cursor_of(last) if last is not None else None),
    }


def _source(one: SourceState) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "home_page": one.home_page,
        "language": one.language,
        "country": one.country,
        "rights": one.text_rights.rights.value,
        "is_paused": one.paused,
        "feeds": [_feed(feed) for feed in one.feeds],
    }


def _feed(one: FeedState) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": (one.found_kind or one.kind).value,
        "health": one.health.value,
        "health_since": moment(one.health_since),
        "last_outcome": one.last_outcome.value if one.last_outcome is not None else None,
        "last_polled_at": moment(one.last_polled_at),
        "last_ok_at": moment(one.last_ok_at),
        "last_new_at": moment(one.last_new_at),
        "next_at": moment(one.next_at),
    }


@router.get("/digests", response_model=Page[DigestRow], responses=MANY)
@needs(Role.READER)
def digests(request: Request, response: Response, asked: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Digests as they were sent, newest first; moments at which there was nothing to say are left out."""
    after = parts_of(asked.cursor, int)
    if after and not (after[0] is not None and 0 < after[0] <= MAX_ID):
        raise bad_cursor()
    found = site_of(request).app.database.archive.digest_history(asked.limit + 1, after[0] if after else None)
    chosen = found[: asked.limit]
    cursor = cursor_of(chosen[-1].id) if len(found) > asked.limit else None
    return {"items": [_digest(one) for one in chosen], "next": next_address(request, response, cursor)}


def _digest(one: SentDigest) -> dict[str, Any]:
    return {
        "id": one.id,
        "subscription": one.subscription_key,
        "channel": one.channel.value,
        "language": one.language,
        "subject": one.subject,
        "items": one.items,
        "composed_at": moment(one.composed_at),
        "to_seq": one.to_seq,
        "deliveries": [{"state": state.value, "count": count} for state, count in sorted(one.states.items())],
    }
