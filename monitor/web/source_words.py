"""What the pages of sources call things."""

from __future__ import annotations

from monitor.domain.model.health import FeedHealth
from monitor.domain.model.source_pages import FeedState, SourceState
from monitor.domain.model.sources import FeedKind, Rights
from monitor.domain.polling_words import HEALTH_WORDS
from monitor.domain.source_coverage import OFFICIAL, PRESS, SEARCH
from monitor.domain.source_list import Standing
from monitor.domain.wording import Wording, message
from monitor.pipeline.discover import How
from monitor.pipeline.quarantine import EXTRACT, PARSE
from monitor.ports import Wall

STANDING_WORDS = {
    **{Standing(one.value): words for one, words in HEALTH_WORDS.items()},
    Standing.PAUSED: message("paused"),
    Standing.QUARANTINED: message("with documents in quarantine"),
}
# In the order in which somebody wants to know.
GRAVEST_FIRST = (
    FeedHealth.BROKEN,
    FeedHealth.BLOCKED,
    FeedHealth.GONE,
    FeedHealth.DEGRADED,
    FeedHealth.MOVED,
    FeedHealth.QUIET,
    FeedHealth.EMPTY,
    FeedHealth.NEW,
    FeedHealth.OK,
)
TRUST_WORDS = {
    OFFICIAL: message("official: speaks for its place"),
    PRESS: message("press"),
    SEARCH: message("news search or reprints"),
}
RIGHTS_WORDS = {
    Rights.LINK: message("title and link only"),
    Rights.QUOTE: message("a quotation of at most {n} characters"),
    Rights.FULL: message("the full text"),
}
FEED_KIND_WORDS = {
    FeedKind.AUTO: message("Found out at the first poll"),
    FeedKind.FEED: message("Feed"),
    FeedKind.PAGE: message("Links on a page"),
    FeedKind.SITEMAP: message("Sitemap"),
    FeedKind.TELEGRAM: message("Telegram channel"),
    FeedKind.MAILBOX: message("Newsletters in a mailbox"),
}
DECLARED_WORDS = {
    "config": message("declared in the configuration"),
    "cli": message("added by command"),
    "opml": message("from an OPML file"),
    "web": message("added on these pages"),
}
HOW_WORDS = {
    How.GIVEN: message("the address itself"),
    How.LINKED: message("the page links to it"),
    How.USUAL: message("at the usual place"),
    How.SITEMAP: message("the site's own map"),
    How.LINKS: message("the links of the page"),
}
TASK_WORDS = {PARSE: message("as a feed"), EXTRACT: message("as an article")}
WALL_WORDS = {
    Wall.LOGIN: message("The site asks for a login: what is behind it is out of reach."),
    Wall.CAPTCHA: message("The site asks for a proof of being human: what is behind it is out of reach."),
    Wall.CONSENT: message("The site asks for consent before it shows its pages: they are out of reach."),
}

_PAUSED_BY_DECLARATION = message("The configuration says so. Change it there, or resume it here.")
_PAUSED_UNDECLARED = message("The configuration names it no more.")
_PAUSED_BY_PERSON = message("Somebody paused it. The configuration does not resume it by itself.")


def gravest(source: SourceState) -> FeedHealth | None:
    """The health that a person wants to know of first; None: it has no feed."""
    return min((one.health for one in source.feeds), key=GRAVEST_FIRST.index, default=None)


def paused_why(source: SourceState) -> str:
    """The message for why a source is paused."""
    if source.declared_by == "config" and not source.is_declared:
        return _PAUSED_UNDECLARED
    return _PAUSED_BY_DECLARATION if source.is_declared_paused else _PAUSED_BY_PERSON


def feed_kind(feed: FeedState) -> FeedKind:
    """What a feed is, as far as it is known."""
    return feed.found_kind or feed.kind


def every(minutes: float, wording: Wording) -> str:
    """An interval as people say it."""
    if minutes < 120:
        return wording.count("every {n} minute", "every {n} minutes", round(minutes))
    return wording.count("every {n} hour", "every {n} hours", round(minutes / 60))
