"""What the pages of one event and of one article offer to pick from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from monitor.domain.model.event_search import EventFilter, EventQuery
from monitor.domain.model.events import KnownEvent
from monitor.domain.model.places import PlaceKind
from monitor.domain.model.views import ArticleView
from monitor.web.site import Site

OFFERED = 10
_EVENT_ID = "ev_"


def found(site: Site, words: str) -> tuple[KnownEvent, ...]:
    """Events that a search finds: by words of their articles, or the one of that id."""
    archive, asked = site.app.database.archive, words.strip()
    if asked.startswith(_EVENT_ID):
        return tuple(archive.events_named([asked]).values())
    rows = archive.find_events(EventQuery(EventFilter(words=asked)), OFFERED).rows if asked else ()
    return tuple(row.event for row in rows)


def near(site: Site, place_ids: Collection[str], day: date, but: Collection[str]) -> tuple[KnownEvent, ...]:
    """Events of these places about that day, but those that the question is about."""
    if not place_ids:
        return ()
    offered = site.app.database.archive.events_near(place_ids, day, limit=OFFERED + len(but))
    return tuple(one for one in offered if one.id not in but)[:OFFERED]


def near_event(site: Site, event: KnownEvent) -> tuple[KnownEvent, ...]:
    """What an event may be the same as."""
    seen_on = event.first_seen_at.date() if event.first_seen_at else site.clock().date()
    day = event.when.starts_on if event.when else seen_on
    return near(site, event.participants | ({event.host_id} if event.host_id else set()), day, {event.id})


def near_article(site: Site, view: ArticleView) -> tuple[KnownEvent, ...]:
    """What an article may be a report of."""
    named = {one.place_id for one in view.mentions if one.place_id and one.kind is not PlaceKind.COUNTRY}
    return near(site, named, view.published_on or view.first_seen_at.date(), set(view.event_ids))


def people(site: Site) -> tuple[str, ...]:
    """Who can be asked to look at something."""
    return tuple(one.name for one in site.app.database.accounts.all())
