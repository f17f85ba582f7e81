"""Rows D of the fault matrix: the pages of articles. Where a page fails, the item is kept with the text of its feed."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape, unescape

import pytest
from lxml import html as lxml_html

from monitor.adapters.extraction import SandboxExtractor
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.model.articles import ArticleData, EntryReport, ExtractFailed, TextPath
from monitor.domain.model.digests import ChannelKind, SubscriptionData, Watch
from monitor.domain.outcomes import Outcome
from monitor.pipeline.publish import preview_digest
from tests.adapters.hostile import Handler, answer, saying, serving
from tests.adapters.pdf_files import pdf, rows
from tests.faults.harness import MIB, Run, Scene, item, ok, page, rss, site

SUMMARY = "The city received a delegation from its partner city for the 1. time."
TASK_NAMES = ("parse-feed", "extract-article")
DYING = (sys.executable, "-m", "tests.faults.dying_children")

Box = Callable[..., ProcessSandbox]


@pytest.fixture(scope="module")
def dying() -> Iterator[Box]:
    """Sandboxes whose children do as the page says, one for each wall."""
    made: dict[float, ProcessSandbox] = {}

    def box(wall_s: float = 1.5) -> ProcessSandbox:
        if wall_s not in made:
            limits = SandboxLimits(children=2, memory_bytes=384 * MIB, cpu_s=4, wall_s=wall_s)
            made[wall_s] = ProcessSandbox(limits, command=DYING, warm=TASK_NAMES)
        return made[wall_s]

    yield box
    for one in made.values():
        one.close()


def served(body: bytes | Handler, content_type: str = "text/html; charset=utf-8") -> Handler:
    """A site with one item, whose page is that."""
    handler = body if callable(body) else saying(ok(body, content_type))
    return site({"/feed.xml": rss(item(1, "{server}")), "/news/1": handler})


def asking(way: str) -> bytes:
    return b"<html><body><p>misbehave:" + way.encode() + b"</p></body></html>"


def only(reports: list[EntryReport]) -> EntryReport:
    (report,) = reports
    return report


def fell_back(scene: Scene, report: EntryReport) -> None:
    """The item was kept with its feed's summary."""
    assert (report.path, report.article_id is not None) == (TextPath.FEED_SUMMARY, True)
    assert scene.app.database.archive.article(report.article_id or 0).text == SUMMARY


def read_to_the_end(scene: Scene) -> EntryReport:
    """What came of the item, its second try included."""
    report = only(scene.ingest())
    return report if report.article_id is not None else only(scene.ingest(after_s=3600))


# ---------------------------------------------------------------- size and shape


def test_d01_a_page_beyond_the_limit_is_refused_and_the_item_kept(run: Run) -> None:
    began = time.monotonic()
    scene = run(served(b"<p>" + b"word " * MIB), limits={"max_body_bytes": MIB})
    report = only(scene.ingest())
    assert report.outcome is Outcome.TOO_LARGE
    fell_back(scene, report)
    assert time.monotonic() - began < 30


def test_d01_an_announced_50_mib_is_not_even_read(run: Run) -> None:
    scene = run(served(saying(answer(b"<p>", "200 OK", "Content-Type: text/html", length=50 * MIB))))
    report = only(scene.ingest())
    assert report.outcome is Outcome.TOO_LARGE
    fell_back(scene, report)


def test_d02_9_mib_of_flat_html_cost_a_child_at_most(run: Run, dying: Box) -> None:
    flat = b"<html><body>" + b"<p>A sentence of the flat page without end.</p>" * (9 * MIB // 47) + b"</body></html>"
    sandbox = dying()
    limits = {"max_body_bytes": 10 * MIB, "max_wire_bytes": 10 * MIB, "total_s": 10.0}
    scene = run(served(flat), sandbox=sandbox, limits=limits, memory_mib=150)
    report = read_to_the_end(scene)
    assert report.outcome is Outcome.QUARANTINED
    fell_back(scene, report)


@pytest.mark.parametrize(
    "markup",
    [
        b"<table><tr><td colspan=9007199254740991>a</td><td rowspan=9007199254740991>b</td></tr></table>",
        b"<div>" * 100_000,
        b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">text</p>",
        b"<" * 500_000,
    ],
    ids=["colspan", "depth", "attributes", "angles"],
)
def test_d03_absurd_markup_hurts_nobody(run: Run, dying: Box, markup: bytes) -> None:
    body = page("Twinning renewed").replace(b"</h1>", b"</h1>" + markup, 1)
    scene = run(served(body), sandbox=dying())
    report = read_to_the_end(scene)
    assert report.article_id is not None
    if report.path is not TextPath.PAGE:
        fell_back(scene, report)


# ---------------------------------------------------------------- children


@pytest.mark.parametrize("way", ["sigsegv", "sigabrt", "exit", "garbage", "swell"])
def test_d04_a_page_that_kills_its_child_twice_is_quarantined_and_the_item_kept(run: Run, dying: Box, way: str) -> None:
    scene = run(served(asking(way)), sandbox=dying())
    first = only(scene.ingest())
    assert first.outcome in {Outcome.CHILD_CRASH, Outcome.CHILD_MEMORY}
    assert first.article_id is None
    second = only(scene.ingest(after_s=3600))
    assert second.outcome is Outcome.QUARANTINED
    fell_back(scene, second)
    (killer,) = scene.app.database.archive.killers()
    assert killer.is_quarantined


@pytest.mark.parametrize("way", ["spin", "spin-in-c"])
def test_d05_an_endless_loop_ends_at_the_deadline(run: Run, dying: Box, way: str) -> None:
    scene = run(served(asking(way)), sandbox=dying())
    began = time.monotonic()
    assert only(scene.ingest()).outcome is Outcome.CHILD_DEADLINE
    assert time.monotonic() - began < 10
    report = only(scene.ingest(after_s=3600))
    assert report.outcome is Outcome.QUARANTINED
    fell_back(scene, report)


def test_d06_a_child_starts_no_process_writes_no_file_and_opens_no_socket(run: Run, dying: Box) -> None:
    scene = run(served(asking("escape")), sandbox=dying())
    report = only(scene.ingest())
    assert report.article_id is not None
    tried = scene.app.database.archive.article(report.article_id).text
    assert "done" not in tried.split("write: ")[1]
    sandbox = scene.app.sandbox
    means = {name for child in sandbox._living for name in child.means}
    if "no-processes" not in means:
        pytest.skip("the kernel does not let a process filter its calls here")
    for name in ("fork", "exec", "socket", "local-socket"):
        assert f"{name}: Operation not permitted" in tried


class Timed:
    """An extractor that notes how long the pages of a host took."""

    def __init__(self, sandbox: ProcessSandbox) -> None:
        self._extractor = SandboxExtractor(sandbox)
        self._lock = threading.Lock()
        self.took: list[tuple[str, float]] = []

    def extract(
        self, body: bytes, url: str, content_type: str, language: str | None = None
    ) -> ArticleData | ExtractFailed:
        began = time.monotonic()
        result = self._extractor.extract(body, url, content_type, language)
        with self._lock:
            self.took.append((url, time.monotonic() - began))
        return result


def test_d07_ten_hostile_pages_in_a_row_do_not_hold_up_the_healthy_sites(run: Run, dying: Box) -> None:
    wall_s = 1.5
    sandbox = dying(wall_s)
    timed = Timed(sandbox)
    hostile = {f"/news/{n}": asking("hold") + b"<!-- %d -->" % n for n in range(10)}
    feed = rss(*(item(n, "{server}") for n in range(10)))
    scene = run(site({"/feed.xml": feed} | hostile), sandbox=sandbox, parts={"extractor": timed})
    reports = scene.ingest()
    outcomes = Counter(report.outcome for report in reports)
    assert outcomes == {Outcome.CHILD_DEADLINE: 3, Outcome.HOST_RESTING: 7}
    healthy = [seconds for url, seconds in timed.took if not url.startswith(scene.server.url)]
    assert len(healthy) == 2
    assert max(healthy) < wall_s, "a healthy page waited for a hostile one"
    assert all(report.article_id is not None for report in reports if report.outcome is Outcome.HOST_RESTING)


def test_d08_pages_that_are_read_side_by_side_read_as_they_do_one_by_one(shared_sandbox: ProcessSandbox) -> None:
    extractor = SandboxExtractor(shared_sandbox)
    pages = [page(f"Twinning, part {n}", sentences=5 + n % 20) for n in range(60)]

    def text(body: bytes) -> object:
        found = extractor.extract(body, "https://city.example/news", "text/html")
        return found.text if isinstance(found, ArticleData) else found

    alone = [text(body) for body in pages]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(text, pages)) == alone
    assert all(isinstance(one, str) for one in alone)


# ---------------------------------------------------------------- what is no article


@pytest.mark.parametrize(
    "start",
    [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x1f\x8b\x08"],
    ids=["png", "jpeg", "gif", "zip", "doc", "gzip"],
)
def test_d09_pictures_and_archives_served_as_html_are_unsupported(run: Run, start: bytes) -> None:
    scene = run(served(start + bytes(range(256)) * 40))
    report = only(scene.ingest())
    assert report.outcome is Outcome.UNSUPPORTED_MEDIA
    fell_back(scene, report)


def test_d09_a_pdf_served_as_html_is_read_since_pdfs_are(run: Run) -> None:
    lines = [
        "The council of Harrowby approved on Tuesday the renewal of its",
        "twinning with Sato-machi for five years.",
    ]
    scene = run(served(pdf(rows(lines), created="D:20200101")))
    report = only(scene.ingest())
    assert (report.outcome, report.path) == (Outcome.OK, TextPath.PAGE)
    stored = scene.app.database.archive.article(report.article_id or 0)
    assert stored.text == " ".join(lines)
    assert stored.published_on is not None
    assert stored.published_on.year == 2026, "the feed's date, not the file's"


WALLS = {
    "paywall": "<h1>Mayor welcomes guests</h1><p>This article is for subscribers.</p><a href='/login'>Log in</a>",
    "cookies": "<div id='consent'><h1>We value your privacy</h1><button>Accept all</button></div>",
    "script": "<div id='root'></div><noscript>Please enable JavaScript.</noscript>",
}


@pytest.mark.parametrize("wall", WALLS)
def test_d10_a_wall_instead_of_the_article_gives_the_feeds_summary_flagged(run: Run, wall: str) -> None:
    scene = run(served(f"<!DOCTYPE html><html><body>{WALLS[wall]}</body></html>".encode()))
    report = only(scene.ingest())
    assert report.outcome is Outcome.NO_TEXT
    fell_back(scene, report)
    (entry,) = scene.entries()
    assert entry["outcome"] == Outcome.NO_TEXT.value


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="refresh" content="0; url={elsewhere}/news/1">',
        '<base href="{elsewhere}/">',
        '<link rel="canonical" href="{elsewhere}/news/1"><meta property="og:url" content="{elsewhere}/news/1">',
        '<link rel="amphtml" href="{elsewhere}/amp/1"><link rel="prefetch" href="{elsewhere}/news/2">',
    ],
    ids=["refresh", "base", "canonical", "amp"],
)
def test_d11_what_a_page_says_of_other_addresses_is_not_followed(run: Run, head: str) -> None:
    with serving(saying(ok(page("Captured"), "text/html")), "127.0.2.77") as elsewhere:
        body = page("Twinning renewed").replace(b"<title>", head.format(elsewhere=elsewhere.url).encode() + b"<title>")
        scene = run(served(body), allow=elsewhere.allowed)
        report = only(scene.ingest())
        assert elsewhere.connections == 0
    assert (report.outcome, report.path) == (Outcome.OK, TextPath.PAGE)
    assert report.url == f"{scene.server.url}/news/1", "another site's canonical link is not believed"


# ---------------------------------------------------------------- text that looks like a template

TEMPLATES = "{{7*7}} ${7*7} %s %(now)s {0} {title} <%= 7*7 %> #{7*7} [[7*7]]"
EVENT = (
    "On 20 August 2026 the mayor of Nancy received the mayor of Kunming in the town hall, and both mayors signed a "
    "twinning agreement between the two sister cities for the next five years."
)
QUOTED = (
    f"On the wall behind them stood {TEMPLATES} in large letters, which the artist who had painted them for the day "
    "explained to the guests at some length before dinner."
)


def subscribe(scene: Scene) -> None:
    with scene.app.database.units() as unit:
        everything = SubscriptionData(
            "all", ChannelKind.CONSOLE, ("stdout",), "0 7 * * *", "UTC", "en", watches=(Watch("all"),)
        )
        unit.sync_subscriptions([everything], scene.clock.now)
        unit.commit()


def shown(scene: Scene) -> list[str]:
    """The next digest as each channel shows it, their own escapes taken back."""
    publishing = scene.app.publishing
    with scene.app.database.units() as unit:
        material = unit.digest_material(scene.app.database.archive.subscriptions()[0][0], scene.clock.now)
    assert material is not None
    composed = preview_digest(material, scene.clock.now, publishing)
    assert composed is not None
    messages: list[str] = []
    for kind, renderer in publishing.renderers.items():
        for part in renderer.render(composed):
            messages.append(slack_text(part.blocks or "[]") if kind is ChannelKind.SLACK else part.text)
            messages.extend([text_content(part.html)] if part.html is not None else [])
    return messages


def text_content(html: str) -> str:
    return str(lxml_html.document_fromstring(html).text_content())


def slack_text(blocks: str) -> str:
    texts = [block["text"]["text"] for block in json.loads(blocks) if "text" in block]
    return unescape("\n".join(texts))


def test_d12_text_that_looks_like_a_template_is_shown_as_it_stands(run: Run) -> None:
    title = f"Nancy and Kunming sign {TEMPLATES}"
    pages: dict[str, bytes | Handler] = {"/feed.xml": rss(item(1, "{server}")), "/news/1": page("Roads mended")}
    scene = run(site(pages))
    scene.ingest()
    subscribe(scene)
    paragraphs = f"</h1><p>{escape(EVENT)}</p><p>{escape(QUOTED)}</p>"
    pages["/news/2"] = page(title, sentences=0).replace(b"</h1>", paragraphs.encode())
    pages["/feed.xml"] = rss(item(2, "{server}", title=title), item(1, "{server}"))
    scene.poll(after_s=7200)
    report = only(scene.ingest())
    assert report.event_ids, "the page tells of an event"
    stored = scene.app.database.archive.article(report.article_id or 0)
    assert stored.title == title
    assert TEMPLATES in stored.text
    messages = shown(scene)
    assert len(messages) >= 4
    for message in messages:
        assert title in " ".join(message.split())
