"""Sources: the list with their health, and everything that is known of one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from monitor.domain import rights
from monitor.domain.model.accounts import Role
from monitor.domain.model.source_pages import FeedHistory, FeedState, SourceState
from monitor.domain.polling_words import entries_a_week, interval_min, interval_why, next_why, turn_words
from monitor.domain.shown_addresses import shown_address
from monitor.domain.source_list import SourceQuery, Standing, hosts_in_quarantine, killers_of, listed
from monitor.domain.wording import Wording, message
from monitor.pipeline.sources import state_of
from monitor.web.guard import GuardedRoute, needs
from monitor.web.identifiers import MAX_ID
from monitor.web.page import wording_of
from monitor.web.review_words import LABEL_WORDS
from monitor.web.site import Site, site_of
from monitor.web.source_page import has_role, path_of, source_page
from monitor.web.source_words import DECLARED_WORDS, RIGHTS_WORDS, TASK_WORDS, TRUST_WORDS, gravest, paused_why

router = APIRouter(route_class=GuardedRoute, default_response_class=HTMLResponse, include_in_schema=False)

SOURCES = 50  # on one page
FEEDS = 20  # of one source
POLLS = 10  # of one feed
ARTICLES = 20
KILLERS = 1_000  # looked through: there are a handful
REFRESH_S = 5  # for who chose to follow along
MAX_MOMENT = 253_402_300_000  # the end of the year 9999
DONE = {
    "paused": message("Paused. Nothing that is stored is lost."),
    "resumed": message("It is polled again from now on."),
    "moved": message("It is polled at its new address from now on."),
    "added": message("Added. Its first poll is the baseline: what it brings is stored and not told as news."),
    "released": message("It is read again when its feed or entry is read next."),
}
PROBLEMS = {
    "paused": message("It is paused: resume it first."),
    "peace": message("It was polled just now, or its server asked to be left alone for a while."),
    "moved": message("It cannot be moved: another source is followed at that address, or it has moved back."),
}


@router.get("/sources")
@needs(Role.READER)
def sources(
    request: Request,
    health: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
    done: str = "",
) -> HTMLResponse:
    """By name; those of one standing, or found by words of name and host."""
    site, wording = site_of(request), wording_of(request)
    archive = site.app.database.archive
    standing = Standing(health) if health in set(Standing) else None
    asked = SourceQuery(standing, q, after)
    found = listed(archive.source_index(), asked, hosts_in_quarantine(archive.killers(KILLERS)), SOURCES)
    fields = {"health": standing.value if standing else "", "q": q}
    return source_page(
        request,
        "sources/list.html",
        found=found,
        asked=asked,
        rows=[_row(one) for one in archive.source_states(found.keys)],
        path_with=lambda **changes: _path({**fields, **changes}),
        number=lambda n: number_words(n, wording),
        imported=done if done.isdigit() and len(done) < 7 else "",
    )


def number_words(number: int, wording: Wording) -> str:
    """A number as the language writes it."""
    field = "{n}"
    return wording.count(field, field, number)


def _path(fields: dict[str, str]) -> str:
    said = {name: value for name, value in fields.items() if value}
    return f"/sources?{urlencode(said)}" if said else "/sources"


def _row(source: SourceState) -> dict[str, object]:
    """A line of the list: of several feeds the gravest state, the next poll, the latest success."""
    health = gravest(source)
    weekly = [found for one in source.feeds if (found := entries_a_week(one)) is not None]
    return {
        "source": source,
        "health": health,
        "worst": next((one for one in source.feeds if one.health is health), None),
        "hosts": sorted({one.host for one in source.feeds if one.host}),
        "next_at": min((one.next_at for one in source.feeds if one.next_at is not None), default=None),
        "last_ok_at": max((one.last_ok_at for one in source.feeds if one.last_ok_at is not None), default=None),
        "weekly": sum(weekly) if weekly else None,
    }


# ---------------------------------------------------------------- one source


@router.get("/sources/{source_key}")
@needs(Role.READER)
def source(
    request: Request,
    source_key: str,
    before: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    asked: Annotated[int, Query(ge=0, le=MAX_MOMENT)] = 0,
    follow: bool = False,
    done: str = "",
    problem: str = "",
) -> HTMLResponse:
    """Its feeds with their health, next and last polls; what is in quarantine; its articles."""
    site, wording = site_of(request), wording_of(request)
    archive, now = site.app.database.archive, site.clock()
    found = state_of(source_key, archive)
    feeds = found.feeds[:FEEDS]
    histories = archive.feed_histories([one.id for one in feeds], POLLS)
    articles = archive.source_articles(source_key, ARTICLES + 1, before)
    is_reviewer = has_role(request, Role.REVIEWER)
    is_awaited = not found.paused and any(one.is_awaited(now) for one in feeds)
    answer = source_page(
        request,
        "sources/show.html",
        source=found,
        path=path_of(source_key),
        health=gravest(found),
        feeds=[_feed(one, histories[one.id], site, wording, has_role(request, Role.ADMIN)) for one in feeds],
        more_feeds=len(found.feeds) - len(feeds),
        asked=asked,
        told=[(one, histories[one.id].polls[0]) for one in feeds if _was_polled(one, asked, histories[one.id])],
        awaited=[one for one in feeds if one.is_awaited(now)] if is_awaited and (asked or done == "added") else [],
        follow=follow and is_awaited,
        killers=killers_of([one.host for one in feeds], archive.killers(KILLERS)),
        articles=[rights.shown_row(one, reviewer=is_reviewer) for one in articles[:ARTICLES]],
        older=articles[ARTICLES - 1].id if len(articles) > ARTICLES else None,
        before=before,
        paused_why=paused_why(found),
        label_words=LABEL_WORDS,
        trust_words=TRUST_WORDS,
        rights_words=RIGHTS_WORDS,
        declared_words=DECLARED_WORDS,
        task_words=TASK_WORDS,
        is_reviewer=is_reviewer,
        done=DONE.get(done, ""),
        problem=PROBLEMS.get(problem, ""),
        number=lambda n: number_words(n, wording),
    )
    if follow and is_awaited:
        answer.headers["Refresh"] = str(REFRESH_S)
    return answer


def _was_polled(feed: FeedState, asked: int, history: FeedHistory) -> bool:
    if not asked or feed.last_polled_at is None or not history.polls:
        return False
    return feed.last_polled_at >= datetime.fromtimestamp(asked, UTC)


def _feed(feed: FeedState, history: FeedHistory, site: Site, wording: Wording, whole: bool) -> dict[str, object]:
    default = site.app.settings.poll.interval_min
    return {
        "state": feed,
        "polls": history.polls,
        "turns": [(one, turn_words(one.turn, lambda url: shown_address(url, whole), wording)) for one in history.turns],
        "gaps": sum(one.gap for one in history.polls),
        "entries": history.entries,
        "weekly": entries_a_week(feed),
        "interval_min": interval_min(feed, default),
        "interval_why": interval_why(feed),
        "next_why": next_why(feed, default),
    }
