"""The page of one partnership."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from monitor.domain import agreements, claims, series
from monitor.domain.activity import by_year_and_family
from monitor.domain.agreements import end_of
from monitor.domain.claim_words import FIELD_WORDS, GRADE_WORDS, claim_value, day_or_year, term_word, voice_word
from monitor.domain.digest_relations import expectation_headline, reckoned_because
from monitor.domain.dossier import names
from monitor.domain.kind_families import FAMILY_WORDS, KindFamily
from monitor.domain.model.accounts import Role
from monitor.domain.model.partnerships import Expectation, ExpectationState, PartnershipState
from monitor.domain.model.places import PlaceLookup
from monitor.domain.picture import STANDING_WORDS, PartnershipPicture, asymmetry
from monitor.domain.wording import Wording
from monitor.pipeline.picture import picture_of
from monitor.web.charts import stacked, time_line
from monitor.web.guard import GuardedRoute, needs
from monitor.web.page import page, wording_of
from monitor.web.partnerships import quoted
from monitor.web.relation_words import COVERAGE_WORDS, EXPECTATION_WORDS
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)


EVENTS_SHOWN = 50  # the newest; all on demand
YEARS_SHOWN = 25
TOLD_SHOWN = 10  # of what one side tells alone


@router.get("/partnerships/{key}")
@needs(Role.READER)
def partnership(request: Request, key: str, events: Annotated[str, Query()] = "") -> HTMLResponse:
    """Everything that is known of it."""
    site, wording = site_of(request), wording_of(request)
    today = site.clock().date()
    picture = picture_of(key, today, site.app.picturing)
    newest_first = picture.story[::-1]
    shown = newest_first if events == "all" else newest_first[:EVENTS_SHOWN]
    place = site.app.gazetteer.place
    return page(
        request,
        "partnerships/show.html",
        picture=picture,
        one=picture.partnership,
        path=f"/partnerships/{quoted(key)}",
        title=names(picture.partnership, wording),
        disagreements=claims.conflicting(picture.partnership.claims),
        unconfirmed=[one for one in picture.partnership.claims if not one.is_confirmed],
        claim_value=lambda claim: claim_value(claim, wording),
        voice=lambda claim: voice_word(claim.stated, claim.stated_by, wording),
        since=_day_or_year(picture.partnership.since, wording),
        until=_day_or_year(picture.partnership.until, wording),
        is_proposed=picture.partnership.state is PartnershipState.PROPOSED,
        is_declined=picture.partnership.state is PartnershipState.DECLINED,
        papers=_papers(picture, wording),
        series=[(one, series.cadence_months(one)) for one in picture.series],
        story=shown,
        via_names=lambda ids: wording.join([wording.place(one) for one in ids]),
        more=len(newest_first) - len(shown),
        line=time_line(picture.events, today),
        chart=_chart(picture, today),
        expectations=[
            _expectation(one, wording, place)
            for one in picture.expectations
            if one.state is not ExpectationState.WITHDRAWN
        ],
        asymmetries=[(pair, asymmetry(picture, pair, place)) for pair in picture.coverages],
        told_shown=TOLD_SHOWN,
        family_words=FAMILY_WORDS,
        standing_words=STANDING_WORDS,
        grade_words=GRADE_WORDS,
        field_words=FIELD_WORDS,
        coverage_words=COVERAGE_WORDS,
        expectation_words=EXPECTATION_WORDS,
    )


def _day_or_year(day: date | None, wording: Wording) -> str:
    return day_or_year(day.isoformat(), wording) if day is not None else ""


def _papers(picture: PartnershipPicture, wording: Wording) -> list[dict[str, object]]:
    in_force = {one.key for one in agreements.in_force(picture.agreements)}
    titles = {one.key: one.title for one in picture.agreements}
    return [
        {
            "paper": one,
            "term": term_word(one.term_months, wording) if one.term_months is not None else "",
            "ends_on": end_of(one),
            "is_in_force": one.key in in_force,
            "supersedes": titles.get(one.supersedes or "", "") or (one.supersedes or ""),
            "link": picture.links.get(one.article_id or 0),
            "voices": list(dict.fromkeys(voice_word(said.stated, said.stated_by, wording) for said in one.claims)),
            "conflicts": claims.conflicting(one.claims),
        }
        for one in picture.agreements
    ]


def _chart(picture: PartnershipPicture, today: date) -> object:
    counts = by_year_and_family(picture.events)
    if not counts:
        return None
    years = sorted({*counts, *range(max(counts), today.year + 1)})[-YEARS_SHOWN:]
    shown = {year: counts.get(year, {}) for year in years}
    families = [family for family in KindFamily if any(family in told for told in shown.values())]
    return {"counts": shown, "bars": stacked(shown), "families": families}


def _expectation(one: Expectation, wording: Wording, place: PlaceLookup) -> dict[str, object]:
    return {
        "one": one,
        "headline": expectation_headline(one, wording, place),
        "why": reckoned_because(one, wording),
        "is_open": one.state is ExpectationState.OPEN,
    }
