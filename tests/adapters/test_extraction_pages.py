"""Kinds of pages through a real child: lists, walls, copies, old tables, pages made to be slow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from monitor.adapters.extraction import SandboxExtractor
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.articles import ArticleData, ExtractFailed
from monitor.domain.outcomes import Outcome

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://post.example/2026/twinning"
SENTENCES = (
    "The council of Harrowby approved the renewal of its twinning with Sato-machi for another five years on Tuesday.",
    "Pupils of both towns will spend a summer month with host families, the mayor said after the vote in the hall.",
    "A delegation of nine travels to the partner town in spring, among them two doctors of the municipal hospital.",
)
TEXT = "".join(f"<p>{one}</p>" for one in SENTENCES)


@pytest.fixture(scope="module")
def extractor() -> Iterator[SandboxExtractor]:
    box = ProcessSandbox(SandboxLimits(children=1, wall_s=100), warm=("extract-article",))  # processor time limits
    yield SandboxExtractor(box, clock=lambda: NOW)
    box.close()


def read(extractor: SandboxExtractor, html: str | bytes) -> ArticleData | ExtractFailed:
    return extractor.extract(html.encode() if isinstance(html, str) else html, URL, "text/html")


def article(extractor: SandboxExtractor, html: str | bytes) -> ArticleData:
    found = read(extractor, html)
    assert isinstance(found, ArticleData), found
    return found


def page(body: str, head: str = "") -> str:
    nav = '<nav><a href="/">Home</a> <a href="/sport">Sport</a> <a href="/culture">Culture</a></nav>'
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Harrowby Post</title>{head}</head>"
        f"<body><header>{nav}</header>{body}<footer><p>© Harrowby Post</p></footer></body></html>"
    )


CARD = '<h2><a href="/n/{n}">Council and harbour agree on plan {n}</a></h2><p>{text}</p>'
LISTS = {
    "articles": "<article>" + CARD + '<a href="/n/{n}">Read more</a></article>',
    "blocks": '<div class="item"><div class="t"><a href="/n/{n}">Council and harbour agree on plan {n}</a></div>'
    '<div class="d">{text}</div></div>',
    "links": '<li><a href="/n/{n}">Council and harbour agree on plan {n}</a> <span>2026-08-{n}</span></li>',
    "rows": '<table><tr><td><a href="/n/{n}">市长会见友好城市代表团签署合作协议{n}</a></td><td>2026-08-{n}</td></tr>'
    "</table>",
    "cards that are links": '<a class="teaser" href="/n/{n}"><h3>Council and harbour agree on plan {n}</h3>'
    "<p>{text}</p></a>",
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_articles_is_no_article(extractor: SandboxExtractor, kind: str) -> None:
    items = "".join(LISTS[kind].format(n=n, text=SENTENCES[n % 3]) for n in range(10, 22))
    found = read(extractor, page(f"<main><h1>News</h1>{items}</main>"))
    assert isinstance(found, ExtractFailed), found
    assert (found.outcome, found.detail) == (Outcome.NO_TEXT, "a list of articles")


def test_an_article_before_teasers_of_others_stays_one(extractor: SandboxExtractor) -> None:
    teasers = "".join(CARD.format(n=n, text=SENTENCES[n % 3]) for n in range(8))
    found = article(extractor, page(f"<main><article><h1>Twinning renewed</h1>{TEXT * 3}</article></main>{teasers}"))
    assert "plan 3" not in found.text
    assert found.notes == ()


def test_a_start_before_a_wall_is_partial_and_the_wall_is_not_text(extractor: SandboxExtractor) -> None:
    wall = "<div class='offer'><p>Subscribe now to continue reading this article.</p><p>From 1 € a month.</p></div>"
    found = article(extractor, page(f"<main><article><h1>Twinning renewed</h1>{TEXT}{wall}</article></main>"))
    assert found.notes == ("partial",)
    assert found.text.endswith(SENTENCES[-1])


def test_a_page_that_calls_itself_paid_and_gives_little_is_partial(extractor: SandboxExtractor) -> None:
    claim = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Twinning renewed",\
      "isAccessibleForFree": "False"}</script>'
    body = "<main><article><h1>Twinning renewed</h1>{}</article></main>"
    assert article(extractor, page(body.format(TEXT), claim)).notes == ("partial",)
    assert article(extractor, page(body.format(TEXT * 6), claim)).notes == ()


def test_a_short_article_without_a_wall_is_whole(extractor: SandboxExtractor) -> None:
    assert article(extractor, page(f"<main><article><h1>Twinning renewed</h1>{TEXT}</article></main>")).notes == ()


def test_a_copy_for_phones_names_its_original(extractor: SandboxExtractor) -> None:
    copy = page(f"<main><h1>Twinning renewed</h1>{TEXT}</main>", '<link rel="canonical" href="/2026/original">')
    assert article(extractor, copy).canonical_url == "https://post.example/2026/original"


CHANNELS = ("首页", "新闻", "政务", "财经", "体育", "房产", "汽车", "旅游", "教育", "健康", "论坛", "图片")
OTHERS = ("市政府召开会议部署工作", "全市旅游工作会议召开", "高速公路二期工程开工", "春季招聘会周末举行")
OLD_TEXT = (
    "本报讯，友好城市代表团日前到访我市，双方就教育、医疗和文化领域的合作进行了深入交流，并签署了合作备忘录。",
    "代表团还参观了市图书馆和第一人民医院，双方商定明年春天互派学生，并在两地轮流举办青年足球友谊赛。",
    "市长表示，两市友好交往已有二十年历史，希望今后在环保方面加强合作，让两市市民得到更多实惠。",
)
OLD = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    "<title>友城代表团来访-本市新闻网</title></head><body><table width=980><tr>"
    + "".join(f'<td><a href="/{name}">{name}</a></td>' for name in CHANNELS)
    + "</tr></table><table width=980><tr><td width=200><table>"
    + "".join(f'<tr><td><a href="/{name}">{name}</a></td></tr>' for name in OTHERS)
    + "</table></td><td><table><tr><td align=center><font size=5><b>友城代表团来访</b></font></td></tr>"
    "<tr><td align=center>2011-12-15 20:06 来源：本市日报</td></tr><tr><td><font size=3>"
    + "<br><br>".join(f"　　{one}" for one in OLD_TEXT)
    + "</font></td></tr></table></td></tr></table><table><tr><td>版权所有 本市新闻网 未经授权禁止转载</td></tr></table>"
    "</body></html>"
)


def test_an_old_page_of_tables_in_a_chinese_charset_is_read(extractor: SandboxExtractor) -> None:
    found = article(extractor, OLD.encode("gb18030"))
    assert [line for line in found.text.split("\n") if len(line) > 40] == list(OLD_TEXT)
    assert not any(noise in found.text for noise in (*CHANNELS[3:6], "版权所有"))
    assert (found.title, found.language, found.published_on) == ("友城代表团来访", "zh", date(2011, 12, 15))


@pytest.mark.parametrize(
    ("window", "title"),
    [
        ("Twinning renewed for five years :: News :: Harrowby Post", "Twinning renewed for five years"),
        ("HARROWBY POST : Twinning renewed for five years", "Twinning renewed for five years"),
        ("Twinning_renewed", "Twinning_renewed"),
        ("Harrowby Post - Every morning", "Harrowby Post - Every morning"),
    ],
)
def test_a_title_without_a_heading_is_the_part_of_the_windows_that_stands_on_the_page(
    extractor: SandboxExtractor, window: str, title: str
) -> None:
    body = f"<div><b>Twinning renewed for five years</b><br>Harrowby Post{TEXT}</div>"
    html = f"<html><head><title>{window}</title></head><body>{body}</body></html>"
    assert article(extractor, html).title == title


def test_a_year_in_the_list_of_sources_is_no_date(extractor: SandboxExtractor) -> None:
    cited = '<meta itemprop="datePublished" content="1988"><time datetime="2026-08-22">22 August</time>'
    found = article(extractor, page(f"<main><h1>Twinning renewed</h1>{cited}{TEXT}</main>"))
    assert found.published_on == date(2026, 8, 22)


def test_a_person_in_the_byline_comes_before_a_publisher_in_the_claims(extractor: SandboxExtractor) -> None:
    claim = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Twinning renewed",\
      "author": {"@type": "Organization", "name": "Harrowby Post"}}</script>'
    body = "<main><h1>Twinning renewed</h1>{}" + TEXT + "</main>"
    assert article(extractor, page(body.format('<p class="byline">By Ann Low</p>'), claim)).author == "Ann Low"
    assert article(extractor, page(body.format(""), claim)).author == "Harrowby Post"


ONE = " ".join(SENTENCES) + " "
SLOW = {
    "one paragraph": "<p>" + ONE * 15_000 + "</p>",
    "one word": "<p>" + "x" * 5_000_000 + "</p>",
    "deep": "<div>" * 100_000 + ONE,
    "many blocks": f"<p>{ONE}</p>" * 15_000,
    "the same words": "<p>" + "a " * 300 + "</p>",
    "links": "".join(f'<a href="/{n}">{ONE[:80]}</a> ' for n in range(20_000)),
    "bylines": "<h1>x</h1>" + "<span class='byline'>Ann Low</span>" * 40_000,
}


@pytest.mark.parametrize("kind", SLOW)
def test_a_page_made_to_be_slow_is_answered_within_the_processor_time_of_a_child(
    extractor: SandboxExtractor, kind: str
) -> None:
    found = read(extractor, page(f"<main>{SLOW[kind]}</main>"))
    assert isinstance(found, ArticleData) or found.outcome is Outcome.NO_TEXT
    assert article(extractor, page(f"<main><article><h1>Twinning renewed</h1>{TEXT}</article></main>")).notes == ()
