"""Which of a page's dates is that of its publication, and on what day its readers saw it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from monitor.adapters.children.article import extract_article
from monitor.adapters.children.loop import Refused
from monitor.adapters.children.markup import parse_html
from monitor.adapters.children.metadata import read_metadata
from monitor.adapters.extraction import SandboxExtractor
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.feed_dates import Published, published
from monitor.domain.model.articles import ExtractFailed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://post.example/news/twinning-renewed"
TITLE = "Harrowby renews its twinning with Sato-machi"
LONG = "<p>" + "The council of Harrowby approved the renewal of the twinning for another five years. " * 10 + "</p>"


def ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


def dated(below: str = "", head: str = "", url: str = URL, language: str = "en") -> Published | None:
    """The date of an article with something below its title."""
    head = f"<head><title>{TITLE}</title>{head}</head>"
    tree = parse_html(f"<html lang='{language}'>{head}<body><h1>{TITLE}</h1>{below}{LONG}</body></html>")
    assert tree is not None
    return published(read_metadata(tree, url).published_raw, NOW)


def _claimed(tree: HtmlElement) -> str | None:
    found = read_metadata(tree, URL)
    return found.published_raw if found.is_date_claimed else None


def day(below: str = "", head: str = "", url: str = URL, language: str = "en") -> date | None:
    found = dated(below, head, url, language)
    return found.on if found else None


AUGUST_22 = date(2026, 8, 22)


# ---------------------------------------------------------------- which date


@pytest.mark.parametrize(
    "below",
    [
        "<p>Harrowby<br>22 Aug 2026, 10:11 GMT</p>",
        "<h2>Five more years</h2><div><span>22.08.2026, 10:11 Uhr</span></div>",
        "<p>来源：本市日报</p><p>2026年8月22日 10:11</p>",
        "<p>By Anna Reed</p><p>22 septembrie 2020</p>",
        "<div>22. elokuuta 2026</div>",
        "<div>22 Αυγούστου 2026</div>",
    ],
)
def test_the_date_below_the_title_comes_before_others_on_the_page(below: str) -> None:
    others = "<ul><li>21 August 2026 Another thing</li><li>20 August 2026</li></ul><p>© 2019 Harrowby Post</p>"
    expected = date(2020, 9, 22) if "septembrie" in below else AUGUST_22
    assert day(below + LONG + others) == expected


@pytest.mark.parametrize(
    "below",
    [
        "<p>The mayors shaking hands before the town hall on 3 May 2011</p>",
        "<p>Updated on 3 May 2026</p>",
        "<p>Deadline:</p><p>3 May 2026</p>",
        "<p>Stand: 03.05.2026</p>",
        '<h3><a href="/other">Another article</a></h3><p>3 May 2026</p>',
        "<p>© Harrowby Post, 3 May 2011</p>",
    ],
)
def test_captions_changes_deadlines_and_other_articles_do_not_date_it(below: str) -> None:
    label = "<footer><dl><dt>Published:</dt><dd>22 August 2026</dd></dl></footer>"
    assert day(below + LONG + label) == AUGUST_22


@pytest.mark.parametrize(
    "label",
    [
        *(
            "Published on",
            "Posted:",
            "Veröffentlicht am",
            "Publié le",
            "Publicado el",
            "Pubblicato il",
            "Опубликовано:",
        ),
        *("发布时间：", "發布日期：", "掲載日：", "등록일:", "Ngày đăng:", "Opublikowano:", "Datum:", "Дата:"),
    ],
)
def test_labels_are_known_in_many_languages(label: str) -> None:
    others = "<p>On 3 May 2011 the first delegation came.</p>"
    assert day(f"{LONG}{others}<table><tr><td>{label}</td><td>2026-08-22</td></tr></table>") == AUGUST_22


def test_a_label_that_says_more_comes_before_one_that_says_date() -> None:
    assert day(f"{LONG}<p>Date: 2026-05-03</p><p>Published: 2026-08-22</p>") == AUGUST_22


@pytest.mark.parametrize("end", [" | Harrowby Post | 22.08.2026", " - 22 August 2026", " : 22.08.2026, 10.11 Uhr"])
def test_a_date_may_end_the_windows_title(end: str) -> None:
    window = f"<html><head><title>{TITLE}{end}</title></head><body><h1>{TITLE}</h1>{LONG}"
    tree = parse_html(f"{window}<p>On 3 May 2011 the first delegation came.</p></body></html>")
    assert tree is not None
    assert published(read_metadata(tree, URL).published_raw, NOW) == Published(AUGUST_22, None)


def test_a_date_within_the_windows_title_is_what_it_tells_of() -> None:
    tree = parse_html(
        f"<html><head><title>What the vote of 3 May 2011 changed</title></head><body>{LONG}</body></html>"
    )
    assert tree is not None
    assert _claimed(tree) is None


def test_the_reviews_of_readers_do_not_date_what_they_are_about() -> None:
    reviews = [{"@type": "Review", "datePublished": f"2026-11-0{n}", "name": "Good"} for n in range(1, 4)]
    claims = ld(**{"@type": "Recipe", "datePublished": "2026-08-22", "review": reviews})
    assert day(head=claims) == AUGUST_22


def test_a_meta_element_called_date_yields_to_what_the_page_shows() -> None:
    head = '<meta name="date" content="2026-08-25">'
    assert day('<time itemprop="datePublished" datetime="2026-08-22">yesterday</time>', head) == AUGUST_22
    assert day("<p>22 August 2026</p>", head) == AUGUST_22
    assert day(head=head) == date(2026, 8, 25)


def test_marked_times_of_several_articles_date_none() -> None:
    times = "".join(f'<time itemprop="datePublished" datetime="2026-0{n}-01">x</time>' for n in range(1, 5))
    assert day(f"<p>22 August 2026</p>{LONG}<aside>{times}</aside>") == AUGUST_22


def test_a_page_put_there_anew_is_dated_as_it_shows() -> None:
    anew = ld(**{"@type": "Article", "headline": TITLE, "datePublished": "2026-11-02", "dateModified": "2026-11-02"})
    assert day("<p>22 August 2026</p>", anew) == AUGUST_22
    changed = ld(**{"@type": "Article", "headline": TITLE, "datePublished": "2026-11-02", "dateModified": "2026-11-03"})
    assert day("<p>22 August 2026</p>", changed) == date(2026, 11, 2)


def test_a_shown_date_after_the_claimed_one_is_of_a_change() -> None:
    head = '<meta property="article:published_time" content="2026-08-22T08:00:00+02:00">'
    assert day("<p>2 November 2026</p>", head) == AUGUST_22


def test_the_day_of_an_event_is_not_that_of_its_announcement() -> None:
    shown = "<p>13 November 2026 18:00</p>"
    label = "<p>Published: 22 August 2026</p>"
    assert day(shown + LONG + label, url="https://town.example/veranstaltung/887/") == AUGUST_22
    assert day(shown + LONG + label) == date(2026, 11, 13)


# ---------------------------------------------------------------- the day of the readers


def published_at(moment: str) -> str:
    return f'<meta property="article:published_time" content="{moment}">'


@pytest.mark.parametrize(
    ("below", "url", "language"),
    [
        ("", "https://post.example/2026/08/22/twinning", "en"),  # the address carries the day
        ("<p>22 August 2026</p>", URL, "en"),
        ('<time datetime="2026-08-22T07:10:11+09:00">now</time>', URL, "en"),  # the same moment elsewhere
        ('<meta itemprop="sailthru.day" content="2026-08-22 07:10:11">', URL, "en"),
    ],
)
def test_a_moment_in_utc_is_told_in_the_day_of_its_readers(below: str, url: str, language: str) -> None:
    found = dated(below, published_at("2026-08-21T22:10:11Z"), url, language)
    assert found == Published(AUGUST_22, datetime(2026, 8, 21, 22, 10, 11, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "language", "expected"),
    [
        ("2026-08-21T22:00:00Z", "de-AT", AUGUST_22),
        ("2026-01-21T23:00:00Z", "pl", date(2026, 1, 22)),
        ("2026-08-21T23:00:00Z", "de", date(2026, 8, 21)),  # an hour too late in summer
        ("2026-08-21T15:00:00.000Z", "ja", AUGUST_22),
        ("2026-08-21T16:00:00+00:00", "zh-Hans", AUGUST_22),
        ("2026-08-21T17:00:00Z", "vi", AUGUST_22),
        ("2026-08-21T16:00:00Z", "en", date(2026, 8, 21)),
        ("2026-08-21T16:00:01Z", "zh", date(2026, 8, 21)),
        ("2026-08-21T16:00:00-00:30", "zh", date(2026, 8, 21)),  # no moment in UTC
    ],
)
def test_a_midnight_of_the_language_is_a_day_without_a_time(moment: str, language: str, expected: date) -> None:
    assert day(head=published_at(moment), language=language) == expected


@pytest.mark.parametrize(
    ("below", "head", "url"),
    [
        ("", published_at("2026-08-22T23:10:11+02:00"), "https://post.example/2026/08/23/twinning"),  # own offset
        ("", published_at("2026-08-22T00:00:00Z"), "https://post.example/2026/08/21/twinning"),  # a day, no moment
        ("", published_at("2026-08-22T10:10:11Z"), "https://post.example/2026/08/25/twinning"),  # nowhere that day
        ("<time datetime='2026-08-23T07:10:12+09:00'>x</time>", published_at("2026-08-22T22:10:11Z"), URL),
    ],
)
def test_what_is_no_moment_in_utc_or_not_the_same_stays_as_it_is(below: str, head: str, url: str) -> None:
    assert day(below, head, url) == AUGUST_22


@given(st.integers(946_684_800, 1_790_000_000), st.integers(-2, 2))
def test_the_moment_stays_whatever_day_it_is_told_in(seconds: int, apart: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    near = (moment + timedelta(days=apart)).date()
    found = dated(head=published_at(f"{moment:%Y-%m-%dT%H:%M:%SZ}"), url=f"https://post.example/{near:%Y/%m/%d}/x")
    assert found is not None
    assert found.at == moment
    assert abs(found.on - moment.date()) <= timedelta(days=1)


# ---------------------------------------------------------------- pages without text


@pytest.fixture(scope="module")
def extractor() -> Iterator[SandboxExtractor]:
    box = ProcessSandbox(SandboxLimits(children=1, wall_s=100), warm=("extract-article",))
    yield SandboxExtractor(box, clock=lambda: NOW)
    box.close()


def test_a_page_without_text_still_tells_when_it_was_published(extractor: SandboxExtractor) -> None:
    html = f"<html><head>{published_at('2026-08-22T08:00:00+02:00')}</head><body><h1>Film</h1></body></html>"
    found = extractor.extract(html.encode(), URL, "text/html")
    assert isinstance(found, ExtractFailed)
    assert (found.published_on, found.published_at) == (AUGUST_22, datetime(2026, 8, 22, 6, tzinfo=UTC))


def test_a_page_without_text_has_no_date_that_is_only_likely() -> None:
    html = "<html><body><h1>Film</h1><h2>Others</h2><h2>More</h2><p>Once, on 3 May 2011</p></body></html>"
    with pytest.raises(Refused) as refused:
        extract_article({"url": URL, "content_type": "text/html", "language": None}, html.encode())
    assert refused.value.told == {}
