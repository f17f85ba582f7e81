"""Partnerships and what is to be expected of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from monitor.domain.event_filters import MAX_KEY_CHARS
from monitor.domain.export_records import (
    Describing,
    agreements_of,
    date_record,
    partnership_record,
    place_record,
)
from monitor.domain.model.accounts import Role
from monitor.domain.model.partnerships import Expectation as KnownExpectation
from monitor.domain.model.partnerships import ExpectationState, PartnershipState
from monitor.web.api.describing import describing
from monitor.web.api.models import Expectation, Page, Partnership
from monitor.web.api.paging import Paging, cursor_of, next_address, part, parts_of
from monitor.web.api.routing import MANY, ONE, ApiRoute
from monitor.web.guard import needs
from monitor.web.site import site_of

router = APIRouter(prefix="/api/v1", route_class=ApiRoute, tags=["partnerships"])


class PartnershipParameters(Paging):
    """Which partnerships."""

    place: Annotated[str, Field(max_length=MAX_KEY_CHARS, description="Id of a member, or of what stands for it.")] = ""
    state: PartnershipState | None = None


class ExpectationParameters(Paging):
    """Which expectations."""

    partnership: Annotated[str, Field(max_length=MAX_KEY_CHARS, description="Key.")] = ""
    state: ExpectationState = ExpectationState.OPEN


@router.get("/partnerships", response_model=Page[Partnership], responses=MANY)
@needs(Role.READER)
def partnerships(
    request: Request, response: Response, asked: Annotated[PartnershipParameters, Query()]
) -> dict[str, Any]:
    """By key; declined ones only where that state is asked for."""
    site = site_of(request)
    archive = site.app.database.archive
    members = frozenset({asked.place, *site.app.gazetteer.beside(asked.place)}) if asked.place else None
    fitting = [
        one
        for one in archive.partnerships()
        if (one.state is asked.state if asked.state is not None else one.state is not PartnershipState.DECLINED)
        and (members is None or not members.isdisjoint(one.participants))
    ]
    after = parts_of(asked.cursor, str)
    fitting.sort(key=lambda one: one.key)
    chosen, last = part(fitting, after[0] if after else None, lambda one: one.key, asked.limit)
    papers, by = archive.agreements(), describing(request)
    return {
        "items": [partnership_record(one, agreements_of(one.key, papers), by) for one in chosen],
        "next": next_address(request, response, cursor_of(last) if last is not None else None),
    }


@router.get("/partnerships/{key}", response_model=Partnership, responses=ONE)
@needs(Role.READER)
def partnership(request: Request, key: Annotated[str, Path(max_length=MAX_KEY_CHARS)]) -> Any:
    """One partnership, in whatever state it is."""
    archive = site_of(request).app.database.archive
    found = archive.partnership(key)
    return partnership_record(found, archive.agreements(key), describing(request))


@router.get("/expectations", response_model=Page[Expectation], responses=MANY)
@needs(Role.READER)
def expectations(
    request: Request, response: Response, asked: Annotated[ExpectationParameters, Query()]
) -> dict[str, Any]:
    """Computed ones, by the day they close. What articles announce are events: ask for `status=announced`."""
    found = site_of(request).app.database.archive.expectations([asked.state])
    fitting = [one for one in found if asked.partnership in ("", one.expected.partnership_key)]
    fitting.sort(key=_order)
    after = parts_of(asked.cursor, str)
    chosen, last = part(fitting, after[0] if after else None, _order, asked.limit)
    by = describing(request)
    return {
        "items": [_record(one, by) for one in chosen],
        "next": next_address(request, response, cursor_of(last) if last is not None else None),
    }


def _order(one: KnownExpectation) -> str:
    return f"{one.expected.closes_on.isoformat()} {one.id}"


def _record(one: KnownExpectation, by: Describing) -> dict[str, Any]:
    expected = one.expected
    return {
        "id": one.id,
        "basis": expected.basis.value,
        "kinds": [kind.value for kind in expected.kinds],
        "participants": [place_record(place_id, by) for place_id in sorted(expected.participants)],
        "date": date_record(expected.when, is_inferred=False),
        "opens_on": expected.opens_on.isoformat(),
        "closes_on": expected.closes_on.isoformat(),
        "partnership": expected.partnership_key,
        "series": expected.series_key,
        "edition": expected.ordinal,
        "years": expected.years,
        "state": one.state.value,
        "event_id": one.event_id,
    }
