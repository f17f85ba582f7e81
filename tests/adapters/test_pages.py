# ruff: noqa: E501 - pages as servers write them
"""Listing pages in the manner of the systems that cities, offices and papers use, read by a real child."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from monitor.adapters.feeds import SandboxParser
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.sources import FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.ports import Fetched

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
URL = "https://stad.example/news/"


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxParser]:
    box = ProcessSandbox(SandboxLimits(children=1), warm=("parse-page",))
    yield SandboxParser(box)
    box.close()


def fetched(body: bytes | str, url: str = URL, content_type: str = "text/html") -> Fetched:
    data = body.encode() if isinstance(body, str) else body
    sha = hashlib.sha256(data).hexdigest()
    return Fetched(url, url, None, 200, content_type, data, sha, Validators(), None, NOW)


def read(
    parser: SandboxParser, body: bytes | str, url: str = URL, content_type: str = "text/html", **more: str
) -> ParsedFeed:
    result = parser.parse(fetched(body, url, content_type), FeedKind.PAGE, NOW, **more)
    assert isinstance(result, ParsedFeed), result
    return result


def told(feed: ParsedFeed) -> list[tuple[str, str | None]]:
    return [(one.title, one.published_at.date().isoformat() if one.published_at else None) for one in feed.entries]


def page(content: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>News</title>{head}</head><body>{content}</body></html>"


SPIP = page(
    """<div id="page" class="lang-fr has-banner"><h1>Ville de Brevenne</h1>
<div class="menu menu_lang"><a href="?lang=en">This site in the English language</a></div>
<ul class="liste-items">
 <li class="item hentry"><h3 class="entry-title"><a href="spip.php?article412">Vingt ans d'amitié avec la ville de Sanhe</a></h3>
  <p class="info-publi">Publié le <abbr class="published" title="2026-08-22T10:00:00Z">22 août 2026</abbr></p>
  <p>Le texte du chapô. <a href="spip.php?article412">Lire la suite</a></p></li>
 <li class="item hentry"><h3 class="entry-title"><a href="spip.php?article409">Le lycée Prévert reçoit ses correspondants lituaniens</a></h3>
  <p class="info-publi">mardi 1<sup>er</sup> septembre 2026</p></li>
 <li class="item hentry"><a href="spip.php?article400" title="Lire la suite"><img src="a.jpg" alt=""></a>
  <h3>Une halle de Sanhe porte désormais notre nom</h3><small>11/08/2026 à 14h30</small></li>
</ul><div class="pagination"><strong class="on">1</strong> | <a href="spip.php?page=rubrique&amp;debut=10">2</a></div></div>"""
)

DRUPAL = page(
    """<main><div class="view-content">
<div class="views-row"><div class="views-field views-field-created"><span class="field-content">22.08.2026 - 09:15</span></div>
 <div class="views-field-title"><span><a href="/aktuell/delegation">Delegation aus Lomza besucht das Rathaus</a></span></div>
 <div class="views-field-view-node"><a href="/aktuell/delegation">Weiterlesen <span>über Delegation aus Lomza besucht das Rathaus</span></a></div></div>
<div class="views-row"><div class="views-field views-field-created"><span>1. September 2026</span></div>
 <div class="views-field-title"><span><a href="/aktuell/vertrag">Partnerschaftsvertrag mit Lomza wird erneuert</a></span></div></div>
<div class="views-row"><div class="views-field-title"><span><a href="/aktuell/chor">Der Kammerchor singt zum Jubiläum in Lomza</a></span></div></div>
</div><nav class="pager"><ul><li class="pager__item is-active"><a href="?page=0" aria-current="page">1</a></li>
<li><a href="?page=1">2</a></li><li class="pager__item--next"><a href="?page=1" title="Zur nächsten Seite"><span>››</span></a></li></ul></nav></main>"""
)

WORDPRESS = page(
    """<div class="wrap"><article class="post"><a class="post-thumbnail" href="/2026/08/twin-town-day/"><img alt="A photograph of the mayors under an oak tree" src="x"></a>
<h2 class="entry-title"><a href="/2026/08/twin-town-day/" rel="bookmark">Twin town day returns to Market Square</a></h2>
<time class="entry-date" datetime="2026-08-22T10:00:00+01:00">August 22, 2026</time><a class="more-link" href="/2026/08/twin-town-day/#more">Continue reading “Twin town day returns to Market Square”</a></article>
<article class="post"><a href="/2026/08/pen-friends/" aria-label="Read more about Pen friends meet after forty years"></a><h2>Pen friends meet after forty years</h2>
<span class="posted-on">Posted on August 19, 2026</span></article>
<article class="post"><h2><a href="/2026/07/mayor/">Mayor of Sanhe to open the flower show</a></h2><span class="date">30 July 2026</span></article>
</div><div class="nav-links"><a class="next page-numbers" href="/news/page/2/">Older posts</a></div>"""
)

CHINESE = page(
    """<form id="aspnetForm" action="list.aspx"><div class="box"><ul class="newsList">
<li><span>[2026-08-22]</span><a href="./202608/t20260822_51233.html" title="我市代表团出访法国布雷韦讷市并签署友好合作备忘录">我市代表团出访法国布雷韦讷市并签署友好...</a></li>
<li><a href="./202608/t20260820_51230.html" target="_blank">友好城市青年交流营在我市隆重开营</a><span class="rq">08-20</span></li>
<li><a href="./content_77.html"><i class="date">15<br>2026-08</i> 布雷韦讷市市长率团访问我市并座谈交流</a></li>
<li><a href="/art/2026/8/9/art_31_9.html"><b class="shijian">2026年8月9日</b>两市签署教育合作协议推动校际往来</a></li>
</ul></div><p class="x">x</p><p class="x">x</p><p class="x">x</p><p class="x">x</p><p class="x">x</p><p class="x">x</p><p class="x">x</p><p class="x">x</p>"""
    + "<p>x</p>" * 50
    + """</form><script>createPageHTML(20, 0, "index", "html");</script>"""
)

JAPANESE = page(
    """<div id="tmp_contents"><h2>新着情報</h2><dl class="list">
<dt>令和８年８月２２日</dt><dd><a href="/kokusai/shimai.html">姉妹都市ブルヴェンヌ市の訪問団が来庁しました</a></dd>
<dt>2026年8月20日</dt><dd><a href="/kokusai/kouryu.html">国際交流員による講座の受講者を募集します</a></dd>
<dt>8月19日</dt><dd><a href="/kokusai/matsuri.html">姉妹都市フェスティバルを開催します（市民会館）</a></dd></dl>
<p class="pagelink"><a href="index-2.html">次のページ</a></p></div>"""
)

VIETNAMESE = page(
    """<div class="list-news"><div class="item"><a class="thumb" href="/tin/doan-phap-123.html"><img alt="Đoàn Pháp"></a>
<h3><a href="/tin/doan-phap-123.html" title="Đoàn đại biểu thành phố Brevenne thăm và làm việc tại tỉnh">Đoàn đại biểu thành phố Brevenne thăm và làm việc…</a></h3>
<span class="time">Thứ bảy, 22/08/2026 | 09:15 GMT+7</span></div>
<div class="item"><h3><a href="/tin/ky-ket-122.html">Ký kết thỏa thuận hợp tác giữa hai bệnh viện</a></h3><p>Ngày 20 tháng 8 năm 2026</p><a href="/tin/ky-ket-122.html">Xem chi tiết</a></div>
<div class="item"><h3><a href="/tin/giao-luu-121.html">Giao lưu văn hóa với tỉnh Vân Nam năm thứ ba</a></h3><span class="ngay">19-08-2026 14:30</span></div>
</div><ul class="phan-trang"><li class="active"><span>1</span></li><li><a href="/tin?p=2">2</a></li><li><a href="/tin?p=3">3</a></li></ul>"""
)

KOREAN = page(
    """<table class="bbs"><tbody><tr><td>3</td><td><a href="view.do?no=3">자매도시 브레벤 대표단 시청 방문 행사</a></td><td>국제교류과</td><td>2026.08.22</td></tr>
<tr><td>2</td><td><a href="view.do?no=2">청소년 국제교류 캠프 참가자를 모집합니다</a></td><td>국제교류과</td><td>2026.08.20</td></tr>
<tr><td>1</td><td><a href="view.do?no=1">우호협력도시 협약 체결 기념 사진전 개최</a></td><td>국제교류과</td><td>26.08.2026</td></tr></tbody></table>
<div class="paging"><strong>1</strong><a href="list.do?pageIndex=2">2</a><a href="list.do?pageIndex=3">3</a></div>"""
)


@pytest.mark.parametrize(
    ("body", "expected", "following"),
    [
        (SPIP, [("Vingt ans d'amitié avec la ville de Sanhe", "2026-08-22"),
                ("Le lycée Prévert reçoit ses correspondants lituaniens", "2026-09-01"),
                ("Une halle de Sanhe porte désormais notre nom", "2026-08-11")],
         "https://stad.example/news/spip.php?page=rubrique&debut=10"),
        (DRUPAL, [("Delegation aus Lomza besucht das Rathaus", "2026-08-22"),
                  ("Partnerschaftsvertrag mit Lomza wird erneuert", "2026-09-01"),
                  ("Der Kammerchor singt zum Jubiläum in Lomza", None)],
         "https://stad.example/news/?page=1"),
        (WORDPRESS, [("Twin town day returns to Market Square", "2026-08-22"),
                     ("Pen friends meet after forty years", "2026-08-19"),
                     ("Mayor of Sanhe to open the flower show", "2026-07-30")],
         "https://stad.example/news/page/2/"),
        (CHINESE, [("我市代表团出访法国布雷韦讷市并签署友好合作备忘录", "2026-08-22"),
                   ("友好城市青年交流营在我市隆重开营", "2026-08-20"),
                   ("布雷韦讷市市长率团访问我市并座谈交流", "2026-08-15"),
                   ("两市签署教育合作协议推动校际往来", "2026-08-09")],
         "https://stad.example/news/index_1.html"),
        (JAPANESE, [("姉妹都市ブルヴェンヌ市の訪問団が来庁しました", "2026-08-22"),
                    ("国際交流員による講座の受講者を募集します", "2026-08-20"),
                    ("姉妹都市フェスティバルを開催します（市民会館）", "2026-08-19")],
         "https://stad.example/news/index-2.html"),
        (VIETNAMESE, [("Đoàn đại biểu thành phố Brevenne thăm và làm việc tại tỉnh", "2026-08-22"),
                      ("Ký kết thỏa thuận hợp tác giữa hai bệnh viện", "2026-08-20"),
                      ("Giao lưu văn hóa với tỉnh Vân Nam năm thứ ba", "2026-08-19")],
         "https://stad.example/tin?p=2"),
        (KOREAN, [("자매도시 브레벤 대표단 시청 방문 행사", "2026-08-22"),
                  ("청소년 국제교류 캠프 참가자를 모집합니다", "2026-08-20"),
                  ("우호협력도시 협약 체결 기념 사진전 개최", "2026-08-26")],
         "https://stad.example/news/list.do?pageIndex=2"),
    ],
    ids=["spip", "drupal", "wordpress", "chinese", "japanese", "vietnamese", "korean"],
)  # fmt: skip
def test_titles_dates_and_the_next_page_of_a_listing(
    parser: SandboxParser, body: str, expected: list[tuple[str, str | None]], following: str
) -> None:
    feed = read(parser, body)
    assert told(feed) == expected
    assert feed.next_page == following


LISTS = {
    "gb18030": "布雷韦讷市与我市结为友好城市十周年",
    "shift_jis": "姉妹都市の訪問団が市役所を訪れました",
    "euc-kr": "자매도시 대표단이 시청을 방문했습니다",
    "windows-1258": "Đoàn Pháp thăm thành phố và ký kết",
    "utf-16": "Đoàn đại biểu thành phố Brevenne thăm tỉnh",
}


@pytest.mark.parametrize("encoding", LISTS)
@pytest.mark.parametrize("declared", ["header", "page", "lie"])
def test_titles_are_read_in_the_charset_of_the_page(parser: SandboxParser, encoding: str, declared: str) -> None:
    title = LISTS[encoding]
    spelled = _as_typed(title) if encoding == "windows-1258" else title
    meta = {"page": encoding, "lie": "utf-8"}.get(declared)
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    items = "".join(f'<li><a href="/n/{n}.html">{spelled} {n}</a></li>' for n in range(1, 40))
    body = page(f"<ul class='list'>{items}</ul>", head).encode(encoding)
    content_type = f"text/html; charset={encoding}" if declared == "header" else "text/html"
    feed = read(parser, body, content_type=content_type, link_selector="li a")
    is_right = [one.title for one in feed.entries][:2] == [f"{title} 1", f"{title} 2"]
    assert is_right or (declared == "lie" and "charset-uncertain" in feed.notes)


def _as_typed(text: str) -> str:
    """In windows-1258 vowels have their shape in one character, and the tones as marks of their own."""
    clusters = _clusters(unicodedata.normalize("NFD", text))
    return "".join(unicodedata.normalize("NFC", letter + shape) + tones for letter, shape, tones in clusters)


def _clusters(decomposed: str) -> Iterator[tuple[str, str, str]]:
    """Each letter with the mark that belongs to its shape, and with the tones."""
    tones, shapes = "\u0300\u0301\u0303\u0309\u0323", "\u0302\u0306\u031b"
    at = 0
    while at < len(decomposed):
        end = at + 1
        while end < len(decomposed) and decomposed[end] in tones + shapes:
            end += 1
        marks = decomposed[at + 1 : end]
        yield decomposed[at], "".join(m for m in marks if m in shapes), "".join(m for m in marks if m in tones)
        at = end


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("<a href='/a' title='The whole headline of the article'>The whole headline of…</a>", "The whole headline of the article"),
        ("<a href='/a' title='The whole headline (new window)'>The whole headline of this article</a>", "The whole headline of this article"),
        ("<a href='/a'><img alt='Headline under a picture'></a>", "Headline under a picture"),
        ("<a href='/a' title='Headline &lt;em&gt;with&lt;/em&gt; marks'><img alt=''></a>", "Headline with marks"),
        ("<a href='/a'><span class='card-title'>Short</span><p>A teaser of many words that goes on</p></a>", "Short"),
        ("<a href='/a'>2026-08-22 The headline behind a date</a>", "The headline behind a date"),
        ("<a href='/a'>The headline before a date [2026-08-22]</a>", "The headline before a date"),
        ("<a href='/a'>The council meets on 22 August 2026</a>", "The council meets on 22 August 2026"),
        ("<a href='/a'><time>22 August</time> The headline behind a date</a>", "The headline behind a date"),
        ("<h4>The heading of the card</h4><p>text</p><a href='/a'>Read more »</a>", "The heading of the card"),
        ("<h4>The heading of the card</h4><a href='/a'>[阅读全文]</a>", "The heading of the card"),
        ("<a href='/a'>Weiter</a><a href='/a'><h4>The heading link</h4></a>", "The heading link"),
        ("<a href='/a'>More than a hundred guests came</a>", "More than a hundred guests came"),
        ("<a href='/a'>Read more</a>", ""),
    ],
)  # fmt: skip
def test_the_best_title_of_a_link(parser: SandboxParser, link: str, title: str) -> None:
    feed = read(parser, page(f"<div class='card'>{link}</div>"), link_selector=".card a")
    assert [one.title for one in feed.entries] == [title]


def test_days_without_a_year_are_the_last_of_that_name(parser: SandboxParser) -> None:
    items = "".join(
        f"<li><a href='/{n}'>Headline number {n} of this list here</a><span class='date'>{day}</span></li>"
        for n, day in enumerate(("08-31", "09-02", "09-03", "12-24", "02-29", "13-01"))
    )
    days = [day for _, day in told(read(parser, page(f"<ul>{items}</ul>")))]
    assert days == ["2026-08-31", "2026-09-02", "2025-09-03", "2025-12-24", None, None]


def test_a_date_of_another_entry_is_not_borrowed(parser: SandboxParser) -> None:
    feed = read(
        parser,
        page("""<div><div><a href='/1'>The first headline of three</a></div><div><a href='/2'>The second headline of three</a>
        <i>22.08.2026</i></div><div><a href='/3'>The third headline of three</a><i>Mark 5.00/ 14</i></div></div>"""),
    )
    assert [day for _, day in told(feed)] == [None, "2026-08-22", None]


def test_how_long_a_film_is_is_no_date(parser: SandboxParser) -> None:
    card = "<div><a href='/{n}'>Headline number {n} of this list</a><time datetime='PT2M'>2 min</time><i>22.08.2026</i></div>"
    feed = read(parser, page("".join(card.format(n=n) for n in range(3))))
    assert [day for _, day in told(feed)] == ["2026-08-22"] * 3


def test_the_frame_of_a_page_is_no_menu_whatever_it_is_called(parser: SandboxParser) -> None:
    items = "".join(f"<li><a href='/{n}'>Headline number {n} of this list</a></li>" for n in range(4))
    frame = f"<div class='lang-en nav-open'><h1>City</h1><ul>{items}</ul></div>"
    menu = "".join(f"<li><a href='/m{n}'>Department number {n} of the town hall</a></li>" for n in range(9))
    feed = read(parser, page(f"<div class='main-menu'><ul>{menu}</ul></div>{frame}"))
    assert [one.url for one in feed.entries] == [f"https://stad.example/{n}" for n in range(4)]


# ---------------------------------------------------------------- the next page

ITEMS = "".join(f"<li><a href='/n{n}'>Headline number {n} of this list</a></li>" for n in range(4))


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ("<link rel='next' href='?p=2'>", "?p=2"),
        ("<a rel='nofollow next' href='?p=2'>x</a>", "?p=2"),
        ("<p><a href='?p=2'>Page suivante</a></p>", "?p=2"),
        ("<p><a href='?p=2'>下一页</a></p>", "?p=2"),
        ("<p><a href='?p=2'>Trang sau &raquo;</a></p>", "?p=2"),
        ("<p><a href='?p=2' aria-label='Nächste Seite'>&gt;</a></p>", "?p=2"),
        ("<div class='pager'><a href='?p=0'>«</a><a href='?p=2'>»</a></div>", "?p=2"),
        ("<div class='gallery'><a href='?p=2'>»</a></div>", None),
        (
            "<div class='pager'><a href='?p=1'>1</a><a class='current' href='?p=2'>2</a><a href='?p=3'>3</a></div>",
            "?p=3",
        ),
        ("<div class='pages'>1 <a href='?p=2'>2</a> <a href='?p=3'>3</a></div>", "?p=2"),
        ("<div class='pages'><a href='?p=1'>1</a><a href='?p=2'>2</a><span>3</span></div>", None),
        ("<p><a href='/news/'>Next</a></p>", None),
        ("<p><a href='https://elsewhere.example/?p=2'>Next</a></p>", None),
        ("<p><a href='javascript:next()'>Next</a></p>", None),
        ("<p><a href='/nextcloud'>Next generation of gardeners</a></p>", None),
        ("<script>createPageHTML(3, 2, 'index', 'shtml')</script>", None),
        ("<script>createPageHTML(3, 1, 'index', 'shtml')</script>", "index_2.shtml"),
    ],
)
def test_the_next_page_is_recognised(parser: SandboxParser, pager: str, following: str | None) -> None:
    feed = read(parser, page(f"<ul>{ITEMS}</ul>{pager}"))
    assert feed.next_page == (f"{URL}{following}" if following else None)


def test_a_next_selector_decides_alone(parser: SandboxParser) -> None:
    body = page(f"<ul>{ITEMS}</ul><a rel='next' href='?p=2'>Next</a><p id='older'><a href='?p=9'>x</a></p>")
    assert read(parser, body, next_selector="#older").next_page == f"{URL}?p=9"
    assert read(parser, body, next_selector="#nowhere").next_page is None
    result = parser.parse(fetched(body), FeedKind.PAGE, NOW, next_selector="#[")
    assert isinstance(result, ParseFailed)
    assert result.outcome is Outcome.BAD_SELECTOR
