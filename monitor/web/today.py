"""The first page of the morning: what is new, what is coming, what waits for a decision, how the sources do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from monitor.domain import digest_lines
from monitor.domain.briefings import chosen_reports
from monitor.domain.digest_coverage import coverage_sentences
from monitor.domain.dossier import names
from monitor.domain.model.accounts import Role
from monitor.domain.model.digests import DeliveryState
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.partnerships import PartnershipState
from monitor.domain.model.today import Reach, TroubledFeed
from monitor.domain.polling_words import HEALTH_WORDS, outcome_words
from monitor.domain.wording import Wording, message
from monitor.pipeline import today as stage
from monitor.web.calendar import STATE_WORDS
from monitor.web.guard import GuardedRoute, needs
from monitor.web.page import page, wording_of
from monitor.web.partnerships import quoted
from monitor.web.site import site_of

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

DIGEST = "digest"
WINDOWS = {
    "1": message("the last 24 hours"),
    "7": message("the last 7 days"),
    "30": message("the last 30 days"),
    DIGEST: message("since the last digest"),
}
USUAL = "7"  # a digest that went out an hour ago must not leave the page empty
DIGESTS_LOOKED_AT = 10  # for deliveries that were given up
# A poll that is due so long while nobody polls: the service does not run.
OVERDUE_AFTER = timedelta(minutes=30)
REPORTS_SHOWN = 3  # of one event
TROUBLED_SHOWN = 12
REVIEW_COUNTED_UP_TO = 1_000
_WITH_CAUSE = frozenset({FeedHealth.BLOCKED, FeedHealth.BROKEN})


@router.get("/")
@needs(Role.READER)
def today(request: Request, since: Annotated[str, Query(max_length=20)] = USUAL) -> HTMLResponse:
    """See the module."""
    site, wording = site_of(request), wording_of(request)
    archive, place, now = site.app.database.archive, site.app.gazetteer.place, site.clock()
    history = archive.digest_history(DIGESTS_LOOKED_AT)
    last = next((row for row in history if row.briefing_id is None), None)
    chosen = since if since in WINDOWS and (since != DIGEST or last is not None) else USUAL
    if last is not None and chosen == DIGEST:
        begins, window = last.composed_at, archive.told_after(last.to_seq)
    else:
        begins = now - timedelta(days=int(chosen))
        window = archive.told_since(begins)
    zone = ZoneInfo(site.options.time_zone)
    day = now.astimezone(zone).date()
    learnt = stage.learnt(window, day, archive, place)
    reach = archive.reach(begins, now)
    return page(
        request,
        "today.html",
        windows=WINDOWS if last is not None else {key: word for key, word in WINDOWS.items() if key != DIGEST},
        chosen=chosen,
        begins=begins,
        learnt=learnt,
        is_cut=window.is_cut,
        last_digest=last,
        upcoming=archive.upcoming_digests(),
        given_up=[row for row in history if row.states.get(DeliveryState.DEAD)],
        coming=stage.coming(now, wording, archive, place),
        waiting=archive.review_queue(1).total,
        waiting_bound=REVIEW_COUNTED_UP_TO,
        reach=reach,
        is_asleep=is_asleep(reach, now),
        checked=coverage_sentences(reach.coverage, learnt.repeated, zone, wording),
        is_fresh=lambda told: last is not None and told.changes[-1].seq > last.to_seq,
        developments=lambda told: tuple(digest_lines.developments(told, wording)),
        reports_of=lambda told: chosen_reports(told.reports, wording.language)[:REPORTS_SHOWN],
        names=lambda partnership: names(partnership, wording),
        is_proposed=lambda one: one.state is PartnershipState.PROPOSED,
        health_words=lambda feed: health_words(feed, wording),
        troubled_shown=TROUBLED_SHOWN,
        state_words=STATE_WORDS,
        quoted=quoted,
        today=day,
    )


def is_asleep(reach: Reach, now: datetime) -> bool:
    """Whether polls are due and nobody does them."""
    due, last = reach.next_poll_at, reach.last_polled_at
    return due is not None and now - due > OVERDUE_AFTER and (last is None or now - last > OVERDUE_AFTER)


def health_words(feed: TroubledFeed, wording: Wording) -> str:
    """Its fixed label in words, with the cause where the last poll tells it: "refuses us (access refused)"."""
    label = wording.say(HEALTH_WORDS[feed.health])
    if feed.health not in _WITH_CAUSE or feed.outcome is None:
        return label
    return wording.say("{what} ({why})", what=label, why=wording.say(outcome_words(feed.outcome)))
