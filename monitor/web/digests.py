"""Digests as they were sent, what became of their deliveries, and what the next one would say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from monitor.domain.model.accounts import Role
from monitor.domain.model.digest_views import DeliveryView
from monitor.domain.model.digests import DeliveryState
from monitor.domain.model.today import UpcomingDigest
from monitor.errors import NotFound
from monitor.pipeline import publish
from monitor.web.briefings import DELIVERY_WORDS
from monitor.web.digest_words import CHANNEL_WORDS, attempt_words
from monitor.web.guard import GuardedRoute, needs, visitor_of
from monitor.web.identifiers import MAX_ID
from monitor.web.page import page
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

DIGESTS = 25  # on one page


@router.get("/digests")
@needs(Role.READER)
def digests(
    request: Request,
    before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    also: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """As sent, newest first; `also=empty`: the moments too at which there was nothing to say."""
    archive = site_of(request).app.database.archive
    found = archive.digest_history(DIGESTS + 1, before, with_empty=also == "empty")
    shown = found[:DIGESTS]
    return page(
        request,
        "digests/list.html",
        digests=shown,
        more=shown[-1].id if len(found) > DIGESTS else None,
        before=before,
        with_empty=also == "empty",
        upcoming=archive.upcoming_digests(),
        channel_words=CHANNEL_WORDS,
        delivery_words=DELIVERY_WORDS,
        states=DeliveryState,
    )


@router.get("/digests/next")
@needs(Role.READER)
def following(request: Request, subscription: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """What a subscription would be sent now, composed as for sending; nothing of it is kept."""
    site = site_of(request)
    upcoming = site.app.database.archive.upcoming_digests()
    chosen = _chosen(upcoming, subscription)
    now = site.clock()
    return page(
        request,
        "digests/next.html",
        upcoming=upcoming,
        chosen=chosen,
        digest=publish.preview(chosen.subscription_id, now, site.app.publishing) if chosen is not None else None,
        channel_words=CHANNEL_WORDS,
    )


def _chosen(upcoming: Sequence[UpcomingDigest], key: str) -> UpcomingDigest | None:
    """The subscription of that key, without one that which is due first; raises `NotFound`."""
    found = [one for one in upcoming if not key or one.key == key]
    if key and not found:
        raise NotFound(f"no subscription that is not paused has the key {key!r}")
    return found[0] if found else None


@router.get("/digests/{digest_id}")
@needs(Role.READER)
def digest(request: Request, digest_id: Annotated[int, Path(ge=1, le=MAX_ID)]) -> HTMLResponse:
    """What it said, and each attempt to deliver it."""
    found = site_of(request).app.database.archive.sent_digest(digest_id)
    return page(
        request,
        "digests/show.html",
        sent=found,
        digest=found.digest,
        parts=_parts(found.deliveries),
        shows_recipients=(visitor_of(request).role or 0) >= Role.REVIEWER,
        channel_words=CHANNEL_WORDS,
        delivery_words=DELIVERY_WORDS,
        attempt_words=attempt_words,
        states=DeliveryState,
    )


def _parts(deliveries: Sequence[DeliveryView]) -> list[DeliveryView]:
    """One delivery of each message: every recipient is sent the same."""
    by_message = {(one.channel, one.part): one for one in reversed(deliveries)}
    return [by_message[key] for key in sorted(by_message)]
