# ruff: noqa: E501 - pages as servers write them
"""How addresses can be followed: sites of many kinds, surveyed by a real child."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.adapters.feeds import SandboxParser
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.sources import FeedKind
from monitor.domain.outcomes import Outcome
from monitor.pipeline.discover import MAX_REQUESTS, Discovery, How, discover
from monitor.ports import FetchFailed, PageSurvey, Purpose, Wall
from tests.pipeline.fakes import NOW, Answer, FakeFetcher, fetched

HOME = "https://city.example/"
PAGE = f"{HOME}news"


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxParser]:
    box = ProcessSandbox(SandboxLimits(children=1), warm=("survey-page", "parse-feed", "parse-page"))
    yield SandboxParser(box)
    box.close()


def rss(*days: int, title: str = "News", year: int = 2026) -> str:
    items = "".join(
        f"<item><title>Story {n}</title><link>{HOME}story/{n}</link><pubDate>{day} Feb {year} 10:00 GMT</pubDate></item>"
        for n, day in enumerate(days)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def html(content: str = "", head: str = "") -> str:
    return f"<!doctype html><html><head><title>City</title>{head}</head><body>{content}</body></html>"


LIST = "<ul class='news'>" + "".join(
    f"<li><a href='/news/{n}'>Headline number {n} of the city news</a> <i>{n + 1:02}.02.2026</i></li>" for n in range(6)
) + "</ul>"  # fmt: skip
ASIDE = "<div class='aside'>" + "".join(
    f"<div><a href='/service/{n}'>Department number {n} of the city hall</a></div>" for n in range(6)
) + "</div>"  # fmt: skip
MAP = f"<urlset><url><loc>{HOME}news/1</loc><lastmod>2026-02-20</lastmod></url></urlset>"


def ask(parser: SandboxParser, url: str, site: dict[str, str | Answer], **more: str) -> tuple[Discovery, FakeFetcher]:
    answers = {at: fetched(at, one) if isinstance(one, str) else one for at, one in site.items()}
    fetcher = FakeFetcher(answers)
    found = discover(url, NOW, fetcher, parser, **more)
    assert len(fetcher.requests) <= MAX_REQUESTS
    return found, fetcher


def told(found: Discovery) -> list[tuple[FeedKind, How, str]]:
    return [(one.kind, one.how, one.url) for one in found.choices]


def test_a_feed_is_taken_as_it_is(parser: SandboxParser) -> None:
    found, fetcher = ask(parser, PAGE, {PAGE: rss(1, 20, 3)})
    assert told(found) == [(FeedKind.FEED, How.GIVEN, PAGE)]
    assert found.choices[0].newest is not None
    assert found.choices[0].newest.day == 20
    assert len(fetcher.requests) == 1


def test_declared_feeds_come_first_and_those_of_comments_last(parser: SandboxParser) -> None:
    head = """<link rel=alternate type=application/rss+xml href=/comments/feed/><link rel=alternate type=application/rss+xml href=/feed/>"""
    found, fetcher = ask(
        parser,
        HOME,
        {HOME: html(LIST, head), f"{HOME}comments/feed/": rss(1, title="Comments on News"), f"{HOME}feed/": rss(2)},
    )
    assert told(found)[0] == (FeedKind.FEED, How.LINKED, f"{HOME}feed/")
    assert told(found)[-1] == (FeedKind.FEED, How.LINKED, f"{HOME}comments/feed/")
    assert (FeedKind.PAGE, How.LINKS, HOME) in told(found)
    assert len(fetcher.requests) == 3


@pytest.mark.parametrize(
    ("mark", "place"),
    [
        ("<meta name=generator content='SPIP 4.2.1'>", f"{HOME}spip.php?page=backend"),
        ("<link rel=stylesheet href='/wp-content/themes/x.css'>", f"{PAGE}/feed/"),
        ("<script src='/sites/default/files/js/x.js'></script>", f"{HOME}rss.xml"),
        ("<meta name=Generator content='Joomla! - Open Source Content Management'>", f"{PAGE}?format=feed&type=rss"),
        ("<meta name=generator content='TYPO3 CMS'>", f"{HOME}?type=9818"),
        ("<meta name=generator content='Movable Type Pro 7'>", f"{HOME}index.rdf"),
        ("<script src='/plus/list.php'></script>", f"{HOME}data/rssmap.xml"),
        ("", f"{HOME}feed"),
        ("", f"{HOME}rss.xml"),
    ],
)
def test_feeds_are_found_where_such_sites_have_them(parser: SandboxParser, mark: str, place: str) -> None:
    found, _ = ask(parser, PAGE, {PAGE: html(LIST, mark), place: rss(1, 2)})
    assert told(found)[0] == (FeedKind.FEED, How.USUAL, place)


def test_words_and_pictures_lead_to_feeds_too(parser: SandboxParser) -> None:
    for link in (
        "<a href='/flux/42'>Flux RSS</a>",
        "<a href='/flux/42'><img alt='RSS'></a>",
        "<a href='/flux/42'>RSS配信</a>",
    ):
        found, _ = ask(parser, HOME, {HOME: html(LIST + link), f"{HOME}flux/42": rss(1)})
        assert told(found)[0] == (FeedKind.FEED, How.LINKED, f"{HOME}flux/42")


def test_an_old_feed_does_not_hide_the_list_of_news(parser: SandboxParser) -> None:
    head = "<link rel=alternate type=application/rss+xml href=/old.xml>"
    found, _ = ask(parser, HOME, {HOME: html(LIST, head), f"{HOME}old.xml": rss(1, 2, year=2019)})
    assert found.choices[0].kind is FeedKind.PAGE
    assert found.choices[-1].url == f"{HOME}old.xml"


def test_the_links_of_one_place_are_offered_with_their_selector(parser: SandboxParser) -> None:
    found, _ = ask(parser, HOME, {HOME: html(LIST + ASIDE)})
    assert [(one.kind, one.selector, len(one.parsed.entries)) for one in found.choices] == [
        (FeedKind.PAGE, "ul.news > li > a", 6),
        (FeedKind.PAGE, None, 12),
    ]


def test_a_sitemap_of_news_is_better_than_links_and_a_plain_one_is_worse(parser: SandboxParser) -> None:
    robots = {f"{HOME}robots.txt": f"Sitemap: {HOME}map.xml"}
    found, _ = ask(parser, HOME, {HOME: html(LIST), **robots, f"{HOME}map.xml": MAP})
    assert [one.kind for one in found.choices] == [FeedKind.PAGE, FeedKind.SITEMAP]
    news = MAP.replace("</url>", "<n:news xmlns:n='urn:news'><n:title>A title</n:title></n:news></url>")
    found, _ = ask(parser, HOME, {HOME: html(LIST), **robots, f"{HOME}map.xml": news})
    assert [one.kind for one in found.choices] == [FeedKind.SITEMAP, FeedKind.PAGE]


def test_an_index_shows_what_its_members_have(parser: SandboxParser) -> None:
    index = f"<sitemapindex><sitemap><loc>{HOME}map.xml</loc></sitemap></sitemapindex>"
    found, _ = ask(parser, HOME, {HOME: html(), f"{HOME}sitemap.xml": index, f"{HOME}map.xml": MAP})
    assert [(one.kind, one.url, len(one.parsed.entries)) for one in found.choices] == [
        (FeedKind.SITEMAP, f"{HOME}sitemap.xml", 1)
    ]
    found, _ = ask(parser, f"{HOME}sitemap.xml", {f"{HOME}sitemap.xml": index, f"{HOME}map.xml": MAP})
    assert told(found) == [(FeedKind.SITEMAP, How.GIVEN, f"{HOME}sitemap.xml")]
    assert len(found.choices[0].parsed.entries) == 1


def test_a_site_that_offers_nothing_costs_few_requests(parser: SandboxParser) -> None:
    links = "".join(f"<link rel=alternate type=application/rss+xml href=/{n}.xml>" for n in range(30))
    found, fetcher = ask(parser, HOME, {HOME: html("<p>Welcome</p>", links)})
    assert (found.choices, found.outcome) == ((), Outcome.NOT_A_FEED)
    assert len(fetcher.requests) <= MAX_REQUESTS


def test_a_site_that_answers_everything_with_its_home_page_has_no_feed(parser: SandboxParser) -> None:
    class Same(FakeFetcher):
        def fetch(self, request):  # type: ignore[no-untyped-def]
            super().fetch(request)
            return fetched(request.url, html(LIST))

    fetcher = Same()
    found = discover(HOME, NOW, fetcher, parser)
    assert {one.kind for one in found.choices} == {FeedKind.PAGE}
    assert len(fetcher.requests) <= MAX_REQUESTS


def test_a_selector_decides_alone(parser: SandboxParser) -> None:
    head = "<link rel=alternate type=application/rss+xml href=/feed/>"
    site: dict[str, str | Answer] = {HOME: html(LIST, head), f"{HOME}feed/": rss(2)}
    found, fetcher = ask(parser, HOME, site, selector=".news a")
    assert told(found) == [(FeedKind.PAGE, How.LINKS, HOME)]
    assert len(fetcher.requests) == 1
    assert ask(parser, HOME, site, selector=".news [")[0].outcome is Outcome.BAD_SELECTOR


def test_robots_bind_pages_and_not_feeds(parser: SandboxParser) -> None:
    class Forbidding(FakeFetcher):
        def fetch(self, request):  # type: ignore[no-untyped-def]
            answer = super().fetch(request)
            return FetchFailed(request.url, Outcome.ROBOTS, "") if request.purpose is Purpose.PAGE else answer

    for body, kinds in ((rss(1), [FeedKind.FEED]), (MAP, [FeedKind.SITEMAP]), (html(LIST), [])):
        found = discover(PAGE, NOW, Forbidding({PAGE: fetched(PAGE, body)}), parser)
        assert [one.kind for one in found.choices] == kinds
        assert found.choices or found.outcome is Outcome.ROBOTS


# ---------------------------------------------------------------- walls

LOGIN = "<h1>Espace abonnés</h1><form action='/login'><input name=user><input type=password name=pw><button>Se connecter</button></form>"
CHALLENGE = "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/h/b/orchestrate'></script><p>Checking your browser</p>"


@pytest.mark.parametrize(
    ("final_url", "body", "wall"),
    [
        (PAGE, html(LOGIN), Wall.LOGIN),
        (f"{HOME}sso/authorize?next=news", html("<p>One moment</p>"), Wall.LOGIN),
        (PAGE, html("<p>Please prove</p>", CHALLENGE), Wall.CAPTCHA),
        (PAGE, html("<div class='g-recaptcha'></div><p>访问验证</p>"), Wall.CAPTCHA),
        ("https://consent.city.example/v2", html("<p>We value your privacy</p>" * 200), Wall.CONSENT),
        (PAGE, html(LIST + LOGIN + "<p>The council has met once more in the old hall.</p>" * 60), None),
        (PAGE, html(LIST + "<div class='g-recaptcha'></div>" + "<p>The council has met once more.</p>" * 80), None),
        (f"{HOME}login-to-the-museum", html("<p>Visit us</p>"), None),
    ],
)  # fmt: skip
def test_a_wall_is_told_from_a_page_with_a_form(
    parser: SandboxParser, final_url: str, body: str, wall: Wall | None
) -> None:
    survey = parser.survey(fetched(PAGE, body, final_url=final_url))
    assert isinstance(survey, PageSurvey)
    assert survey.wall is wall
    found, _ = ask(parser, PAGE, {PAGE: fetched(PAGE, body, final_url=final_url)})
    assert (found.wall, bool(found.choices)) == (wall, LIST in body)
    if wall is not None:
        assert found.outcome is Outcome.LOGIN_WALL
        assert {Wall.LOGIN: "login", Wall.CAPTCHA: "captcha", Wall.CONSENT: "consent"}[wall] in found.detail


def test_a_server_that_asks_for_a_login_is_named_so(parser: SandboxParser) -> None:
    found, _ = ask(parser, PAGE, {PAGE: FetchFailed(PAGE, Outcome.FORBIDDEN, "HTTP 401", 401)})
    assert (found.outcome, found.wall) == (Outcome.LOGIN_WALL, Wall.LOGIN)
    assert ask(parser, PAGE, {PAGE: FetchFailed(PAGE, Outcome.FORBIDDEN, "", 403)})[0].outcome is Outcome.FORBIDDEN


def test_a_feed_beside_a_wall_is_found(parser: SandboxParser) -> None:
    head = "<link rel=alternate type=application/rss+xml href=/feed/>"
    found, _ = ask(parser, PAGE, {PAGE: html(LOGIN, head), f"{HOME}feed/": rss(2)})
    assert told(found) == [(FeedKind.FEED, How.LINKED, f"{HOME}feed/")]
    assert found.wall is Wall.LOGIN
