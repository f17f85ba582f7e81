"""Finding out how an address can be followed: what it is itself, feeds and sitemaps of its site, its list of links."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain import telegram
from monitor.domain.feed_places import is_of_comments, usual_feeds
from monitor.domain.model.sources import FeedKind, ParsedFeed, ParseFailed
from monitor.domain.outcomes import Outcome
from monitor.domain.urls import host_of, same_site, url_key
from monitor.pipeline.gather import ACCEPT_FEED, find_sitemaps
from monitor.ports import Fetched, Fetcher, FetchFailed, FetchRequest, NotModified, PageSurvey, Parser, Purpose, Wall

MAX_REQUESTS = 12  # for one address a person asks about: politely few, at a second each
MAX_DECLARED = 4  # feeds that a page links to; more are those of its sections
MAX_GUESSED = 6
MAX_SITEMAPS = 2
FEWEST_ENTRIES = 3  # of a list of links worth following
SURE_ENTRIES = 5  # links of one place, nearly all dated: that place is the list, the other links are asides
SURE_SHARE = 0.8
STALE = timedelta(days=365)  # a feed that has brought nothing for a year was left behind at a relaunch


class How(StrEnum):
    """By what an address was found."""

    GIVEN = "given"
    LINKED = "linked"  # the page declares it or links to it
    USUAL = "usual"  # it is where such sites have it
    SITEMAP = "sitemap"  # robots.txt names it, or it is where such sites have it
    LINKS = "links"  # the page's own links


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to follow the address."""

    url: str
    how: How
    parsed: ParsedFeed
    selector: str | None = None  # of the links that are entries; pages only
    is_of_comments: bool = False

    @property
    def kind(self) -> FeedKind:
        """As what it is followed."""
        return self.parsed.kind

    @property
    def newest(self) -> datetime | None:
        """The date of the newest entry, as far as they have dates."""
        return max((one.published_at for one in self.parsed.entries if one.published_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, the best first; without choices, why there are none."""

    url: str  # where redirects led
    choices: tuple[Choice, ...]
    moved_to: str | None = None  # a permanent redirect of the given address
    outcome: Outcome = Outcome.OK
    detail: str = ""
    wall: Wall | None = None  # what stood there instead of the page


@dataclass(slots=True)
class _Search:
    """Requests are counted; documents that were seen under another address are not read again."""

    fetcher: Fetcher
    parser: Parser
    now: datetime
    left: int = MAX_REQUESTS
    seen: set[str] = field(default_factory=set)

    def ask(self, url: str, purpose: Purpose = Purpose.FEED) -> Fetched | FetchFailed:
        """One request; refused when there have been too many, or this one was made."""
        if self.left <= 0 or url_key(url) in self.seen:
            return FetchFailed(url, Outcome.NOT_FOUND, "not asked")
        self.left -= 1
        self.seen.add(url_key(url))
        answer = self.fetcher.fetch(FetchRequest(url, purpose, accept=ACCEPT_FEED))
        if isinstance(answer, NotModified):
            return FetchFailed(url, Outcome.PROTOCOL, "304 to a request without validators")
        return answer

    def try_as(self, kind: FeedKind, url: str, how: How) -> Choice | None:
        """What can be read there."""
        answer = self.ask(url)
        if isinstance(answer, FetchFailed) or answer.body_sha in self.seen:
            return None
        self.seen |= {answer.body_sha, url_key(answer.final_url)}
        parsed = self.parser.parse(answer, kind, self.now)
        if isinstance(parsed, ParseFailed):
            return None
        return Choice(answer.final_url, how, self.with_member(parsed), None, is_of_comments(url, parsed.title))

    def with_member(self, parsed: ParsedFeed) -> ParsedFeed:
        """An index of sitemaps shows what its likeliest member has."""
        for member in parsed.sitemaps[:MAX_SITEMAPS]:
            answer = self.ask(member)
            read = self.parser.parse(answer, FeedKind.SITEMAP, self.now) if isinstance(answer, Fetched) else None
            if isinstance(read, ParsedFeed) and read.entries:
                return replace(parsed, entries=read.entries)
        return parsed


def discover(
    url: str,
    now: datetime,
    fetcher: Fetcher,
    parser: Parser,
    selector: str | None = None,
    pattern: str | None = None,
) -> Discovery:
    """How to follow an address, in at most `MAX_REQUESTS` requests; with a selector or pattern only its links count."""
    search = _Search(fetcher, parser, now)
    if telegram.is_telegram(url):
        return _of_channel(url, search)
    answer = search.ask(url, Purpose.PAGE)
    if isinstance(answer, FetchFailed) and answer.outcome is Outcome.ROBOTS:
        return _of_feed_behind_robots(url, search, answer)
    if isinstance(answer, FetchFailed):
        return _unreachable(url, answer)
    search.seen |= {answer.body_sha, url_key(answer.final_url)}
    parsed = parser.parse(answer, FeedKind.AUTO, now, selector, pattern)
    if selector or pattern:
        return _by_links(answer, parsed)
    if isinstance(parsed, ParsedFeed) and parsed.kind is not FeedKind.PAGE:
        found = Choice(answer.final_url, How.GIVEN, search.with_member(parsed))
        return Discovery(answer.final_url, (found,), answer.permanent_url)
    return _around(answer, parsed, search)


def _of_channel(url: str, search: _Search) -> Discovery:
    answer = search.ask(telegram.preview_url(url) or url)
    if isinstance(answer, FetchFailed):
        return _unreachable(url, answer)
    parsed = search.parser.parse(answer, FeedKind.TELEGRAM, search.now)
    if isinstance(parsed, ParseFailed):
        return Discovery(answer.final_url, (), None, parsed.outcome, parsed.detail)
    return Discovery(answer.final_url, (Choice(answer.final_url, How.GIVEN, parsed),))


def _of_feed_behind_robots(url: str, search: _Search, refused: FetchFailed) -> Discovery:
    """Robots.txt binds pages: a feed, which is made for programs, may be read all the same."""
    search.seen.clear()
    for kind in (FeedKind.FEED, FeedKind.SITEMAP):
        found = search.try_as(kind, url, How.GIVEN)
        if found is not None:
            return Discovery(found.url, (found,))
        search.seen.clear()
    return _unreachable(url, refused)


def _unreachable(url: str, failed: FetchFailed) -> Discovery:
    if failed.status == 401:
        return Discovery(url, (), None, Outcome.LOGIN_WALL, "the server asks for a login (HTTP 401)", Wall.LOGIN)
    return Discovery(url, (), None, failed.outcome, failed.detail)


def _by_links(answer: Fetched, parsed: ParsedFeed | ParseFailed) -> Discovery:
    if isinstance(parsed, ParseFailed):
        return Discovery(answer.final_url, (), answer.permanent_url, parsed.outcome, parsed.detail)
    return Discovery(answer.final_url, (Choice(answer.final_url, How.LINKS, parsed),), answer.permanent_url)


# ---------------------------------------------------------------- around a page


def _around(answer: Fetched, as_page: ParsedFeed | ParseFailed, search: _Search) -> Discovery:
    survey = search.parser.survey(answer)
    if isinstance(survey, ParseFailed):
        return Discovery(answer.final_url, (), answer.permanent_url, survey.outcome, survey.detail)
    choices = _feeds(answer, survey, search)
    if not any(_is_lively(one, search.now) for one in choices):
        choices += _sitemaps(answer, survey, search)
    if survey.wall is None:
        choices += _links(answer, as_page, survey, search)
    ranked = tuple(sorted(choices, key=lambda one: _rank(one, search.now)))
    if ranked:
        return Discovery(answer.final_url, ranked, answer.permanent_url, wall=survey.wall)
    if survey.wall is not None:
        return Discovery(
            answer.final_url, (), answer.permanent_url, Outcome.LOGIN_WALL, _WALLS[survey.wall], survey.wall
        )
    failed = as_page if isinstance(as_page, ParseFailed) else ParseFailed(Outcome.NOT_A_FEED, "")
    return Discovery(answer.final_url, (), answer.permanent_url, failed.outcome, failed.detail)


_WALLS = {
    Wall.LOGIN: "the site asks for a login: what is behind it is out of reach",
    Wall.CAPTCHA: "the site asks for a proof of being human (captcha): what is behind it is out of reach",
    Wall.CONSENT: "the site asks for consent before it shows its pages: they are out of reach",
}


def _feeds(answer: Fetched, survey: PageSurvey, search: _Search) -> list[Choice]:
    """Those that the page names; if none of them brings news, those that such sites usually have."""
    found: list[Choice] = []
    for url in survey.feeds[:MAX_DECLARED]:
        choice = search.try_as(FeedKind.FEED, url, How.LINKED)
        found += [choice] if choice is not None else []
    if any(_is_lively(one, search.now) for one in found):
        return found
    for url in usual_feeds(answer.final_url, survey.generator)[:MAX_GUESSED]:
        choice = search.try_as(FeedKind.FEED, url, How.USUAL)
        if choice is not None:
            found.append(choice)
            if _is_lively(choice, search.now):
                break
    return found


def _sitemaps(answer: Fetched, survey: PageSurvey, search: _Search) -> list[Choice]:
    """The first that can be read, of those that the page or robots.txt name, else at the usual places."""
    search.left -= 1  # for robots.txt
    candidates = survey.sitemaps or find_sitemaps(answer.final_url, search.fetcher)
    home = host_of(answer.final_url) or ""
    for url in [one for one in candidates if same_site(host_of(one) or "", home)][:MAX_SITEMAPS]:
        choice = search.try_as(FeedKind.SITEMAP, url, How.SITEMAP)
        if choice is not None and choice.parsed.entries:
            return [choice]
    return []


def _links(answer: Fetched, as_page: ParsedFeed | ParseFailed, survey: PageSurvey, search: _Search) -> list[Choice]:
    """The page's own list: all its likely links, or those of one place that has as many as a list needs."""
    if isinstance(as_page, ParseFailed) or len(as_page.entries) < FEWEST_ENTRIES:
        return []
    choices = [Choice(answer.final_url, How.LINKS, as_page)]
    for selector in survey.selectors[:1]:
        picked = search.parser.parse(answer, FeedKind.PAGE, search.now, selector)
        if isinstance(picked, ParsedFeed) and FEWEST_ENTRIES <= len(picked.entries) < len(as_page.entries):
            choices.append(Choice(answer.final_url, How.LINKS, picked, selector))
    return choices


def _is_lively(choice: Choice, now: datetime) -> bool:
    if choice.is_of_comments or not choice.parsed.entries:
        return False
    return choice.newest is None or now - choice.newest < STALE


def _rank(choice: Choice, now: datetime) -> int:
    """Feeds before lists of news before links before mere addresses; what is left behind, empty or of comments last."""
    if not _is_lively(choice, now):
        return 9
    if choice.kind is FeedKind.FEED:
        return 0
    if choice.kind is FeedKind.SITEMAP:
        return 1 if any(one.title for one in choice.parsed.entries) else 5
    if choice.selector is None:
        return 3
    dated = sum(one.published_at is not None for one in choice.parsed.entries)
    is_sure = len(choice.parsed.entries) >= SURE_ENTRIES and dated >= SURE_SHARE * len(choice.parsed.entries)
    return 2 if is_sure else 4
