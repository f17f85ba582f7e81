"""Rows C of the fault matrix: reading feeds. C25, other readers' fixtures, stands with the data it needs."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest

from monitor.adapters.feeds import SandboxParser
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.adapters.storage.articles import MAX_REVISIONS
from monitor.domain.feed_dates import EARLIEST, LATEST_AHEAD, feed_date
from monitor.domain.model.sources import FeedKind, ParsedFeed, ParseFailed, Validators
from monitor.domain.outcomes import Outcome
from monitor.ports import Fetched
from tests.adapters.hostile import Handler, Hostile, answer, saying, serving
from tests.faults.harness import MIB, NOW, Run, Scene, item, ok, page, rss, site

HOUR_S = 3600.0
SITE = "https://city.example"
CANARY_ADDRESS = "127.0.2.40"
LARGE = {"max_wire_bytes": 20 * MIB, "max_body_bytes": 20 * MIB}
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def declaring(entities: str, title: str = "&a;", encoding: str = "utf-8") -> bytes:
    """A feed with a document type of its own, whose one title uses it."""
    text = rss(item(1, SITE, title="TITLE")).decode().partition("?>")[2].replace("TITLE", title)
    return f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [{entities}]>{text}'.encode(encoding)


def one_after_the_other(documents: Sequence[bytes]) -> Handler:
    """A feed that is another document at every poll."""
    return saying(*(ok(document) for document in documents))


def titles(scene: Scene) -> list[str]:
    return [row["title"] for row in scene.entries()]


def parsed(parser: SandboxParser, body: bytes) -> ParsedFeed | ParseFailed:
    url = f"{SITE}/feed.xml"
    fetched = Fetched(url, url, None, 200, "application/xml", body, "0" * 64, Validators(), None, NOW)
    return parser.parse(fetched, FeedKind.FEED, NOW)


@pytest.fixture
def parser(shared_sandbox: ProcessSandbox) -> SandboxParser:
    return SandboxParser(shared_sandbox)


@pytest.fixture
def canary() -> Iterator[Hostile]:
    with serving(saying(answer(b"<!ENTITY a 'stolen'>")), CANARY_ADDRESS) as server:
        yield server


# ---------------------------------------------------------------- entities


def test_c01_laughing_entities_are_refused_at_once(run: Run, parser: SandboxParser) -> None:
    parsed(parser, rss())  # the child's start is not what is measured
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    scene = run(ok(declaring(f'<!ENTITY l0 "ha">{laughs}', "&l9;")))
    assert scene.report.outcome is Outcome.XML_ENTITY
    assert scene.report.duration_s < 2
    assert scene.entries() == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("size", [40_000, 200_000])
def test_c02_a_long_entity_used_often_is_refused_in_any_encoding(run: Run, encoding: str, size: int) -> None:
    entity = "A" * (size // 2)
    scene = run(ok(declaring(f'<!ENTITY a "{entity}">', "&a;" * (size // 6), encoding)))
    assert scene.report.outcome is Outcome.XML_ENTITY


@pytest.mark.parametrize(
    "entities",
    ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a SYSTEM "{canary}/a">',
     '<!ENTITY % p SYSTEM "{canary}/p.dtd">%p;', '<!ENTITY a PUBLIC "-//W3C//ENTITIES x//EN" "{canary}/x.ent">'],
    ids=["file", "address", "parameter", "public"],
)  # fmt: skip
def test_c03_external_entities_are_never_read(run: Run, canary: Hostile, entities: str) -> None:
    scene = run(ok(declaring(entities.format(canary=canary.url))), allow=canary.allowed)
    assert scene.report.outcome is Outcome.XML_ENTITY
    assert canary.requests == []


def test_c03_an_external_document_type_is_passed_over(run: Run, canary: Hostile) -> None:
    text = rss(item(1, SITE)).decode().replace("?>", f'?><!DOCTYPE rss SYSTEM "{canary.url}/rss.dtd">', 1)
    scene = run(ok(text.encode()), allow=canary.allowed)
    assert titles(scene) == ["Mayor welcomes guests, part 1"]
    assert canary.requests == []


# ---------------------------------------------------------------- sizes


def test_c04_of_a_hundred_thousand_entries_the_newest_two_thousand_are_kept(run: Run) -> None:
    start = datetime(2000, 1, 1, tzinfo=UTC)
    items = [
        f"<item><title>Meeting number {n} of the council</title><link>{SITE}/council/meetings/{n}</link>"
        f"<pubDate>{(start + timedelta(hours=n)):%a, %d %b %Y %H:%M:%S GMT}</pubDate></item>"
        for n in range(100_000)
    ]
    body = rss(*items[50_000:], *items[:50_000])
    scene = run(ok(body), limits=LARGE | {"total_s": 10}, memory_mib=150)
    assert len(body) > 12 * MIB
    assert scene.report.outcome is Outcome.OK, scene.report
    assert "entries-cut" in scene.report.detail
    kept = sorted(int(row["url"].rpartition("/")[2]) for row in scene.entries())
    assert kept == list(range(98_000, 100_000))


HUGE = {
    "deep xml": rss(item(1, SITE, category="DEEP")).replace(b"DEEP", b"<a>" * 100_000 + b"</a>" * 100_000),
    "deep html": rss(item(1, SITE, description="<div>" * 100_000 + "bottom")),
    "attributes": rss(item(1, SITE, description="<b " + " ".join(f"a{n}='x'" for n in range(100_000)) + ">bold</b>")),
    "brackets": rss(item(1, SITE, description="<" * 1_000_000)),
    "raw brackets": rss(item(1, SITE)).replace(b"</channel>", b"<" * 1_000_000),
}


@pytest.mark.parametrize("body", HUGE.values(), ids=HUGE)
def test_c05_monstrous_markup_is_read_or_given_up_in_time(run: Run, body: bytes) -> None:
    scene = run(ok(body), limits=LARGE)
    given_up = {Outcome.CHILD_DEADLINE, Outcome.CHILD_MEMORY, Outcome.CHILD_CRASH}
    assert scene.report.outcome in {Outcome.OK, Outcome.NOT_A_FEED, Outcome.TRUNCATED, *given_up}
    assert scene.report.duration_s < 25
    if scene.report.outcome is Outcome.OK:
        assert titles(scene) == ["Mayor welcomes guests, part 1"]


# ---------------------------------------------------------------- broken documents

WHOLE = rss(*(item(n, SITE, title=f"Nº {n}: délégation « amie »") for n in range(1, 9)))


def test_c06_a_document_cut_anywhere_keeps_its_whole_entries(parser: SandboxParser) -> None:
    whole = {f"Nº {n}: délégation « amie »" for n in range(1, 9)}
    for cut in range(0, len(WHOLE), max(1, len(WHOLE) // 200)):
        result = parsed(parser, WHOLE[:cut])
        complete = WHOLE[:cut].count(b"</item>")
        if isinstance(result, ParseFailed):
            assert result.outcome in {Outcome.TRUNCATED, Outcome.NOT_A_FEED}, cut
            assert complete == 0, cut
        else:
            assert len(result.entries) == complete, cut
            assert {entry.title for entry in result.entries} <= whole, cut


def test_c06_the_next_whole_poll_repairs_and_nothing_is_deleted(run: Run) -> None:
    third = WHOLE.index(b"part" if b"part" in WHOLE else b"<item>", 1)
    in_tag, in_letter = WHOLE.rindex(b"<link>") + 3, WHOLE.rindex("é".encode()) + 1
    documents = [WHOLE[: WHOLE.index(b"</item>") + 20], WHOLE[:in_tag], WHOLE[:in_letter], WHOLE[:third], WHOLE]
    scene = run(one_after_the_other(documents))
    seen = [len(scene.entries())]
    for _ in documents[1:]:
        scene.poll(after_s=HOUR_S)
        seen.append(len(scene.entries()))
    assert seen == [1, 7, 7, 7, 8]
    assert scene.report.outcome is Outcome.OK


SCRIPTS = {
    "gb18030": "昆明友好城市代表团访问南锡",
    "big5": "昆明友好城市代表團訪問南錫",
    "shift_jis": "姉妹都市の市長が訪問した",
    "euc-jp": "姉妹都市の市長が訪問した",
    "euc-kr": "자매도시 대표단이 시청을 방문했다",
    "koi8-r": "Делегация побратима",
    "windows-1251": "Делегация города-побратима",
    "windows-1258": "Đoàn đai biêu thành phô",
    "utf-16": "友好城市 Überraschung",
    "utf-16-le": "友好城市 Überraschung",
    "iso-8859-2": "Miasto partnerskie świętuje jubileusz",
}


def test_c07_charsets_are_read_or_doubted(run: Run) -> None:
    variants = [
        (encoding, declared, title) for encoding, title in SCRIPTS.items() for declared in (encoding, None, "utf-8")
    ]
    documents = [
        rss(item(n, SITE, title=title, description=title * 8))
        .decode()
        .replace('encoding="utf-8"', f'encoding="{declared}"' if declared else "")
        .encode(encoding)
        for n, (encoding, declared, title) in enumerate(variants)
    ]
    scene = run(saying(*(ok(document, "application/xml") for document in documents)))
    for n, (encoding, declared, title) in enumerate(variants):
        if n:
            scene.poll(after_s=HOUR_S)
        assert scene.report.outcome is Outcome.OK, (encoding, declared)
        (row,) = [row for row in scene.entries() if row["url"] == f"{SITE}/news/{n}"]
        assert row["title"] == title or "charset-uncertain" in scene.report.detail, (encoding, declared, row["title"])
        assert row["title"] == title or declared != encoding, (encoding, row["title"])


def test_c07_utf_7_is_never_honoured(run: Run) -> None:
    body = rss(item(1, SITE, title="+ADw-script+AD4-")).replace(b'encoding="utf-8"', b'encoding="utf-7"')
    scene = run(ok(body, "application/xml; charset=utf-7"))
    assert titles(scene) == ["+ADw-script+AD4-"]


def test_c08_characters_that_are_none_are_removed(run: Run) -> None:
    dirty = "A\x00B\x01C\x0bD\x1fE\x7fF\x85G\x9fH\ufffeI\uffffJ"
    body = rss(item(1, SITE, title="DIRTY", description="DIRTY", guid="guid DIRTY"))
    surrogate = dirty.encode() + b"\xed\xa0\x80K&#0;&#xD800;L&#xFFFF;"
    scene = run(ok(body.replace(b"DIRTY", surrogate)))
    (row,) = scene.entries()
    for name in ("title", "summary", "guid"):
        assert row[name], name
        assert not UNWANTED.search(row[name]), (name, row[name])
        assert "A" in row[name], name
        assert "L" in row[name], name


@pytest.mark.parametrize(
    "body", [b"", b" \n\t ", b"{}", b"[]", b'{"version": "https://jsonfeed.org/version/1.1", "items": [{', b"null"]
)
def test_c09_nothing_at_all_is_no_feed(run: Run, body: bytes) -> None:
    scene = run(ok(body, "application/json"), kind=FeedKind.FEED)
    assert scene.report.outcome is Outcome.NOT_A_FEED
    assert scene.feed()["failures"] == 1


# ---------------------------------------------------------------- identities


def test_c10_a_guid_shared_by_all_entries_loses_none(run: Run) -> None:
    scene = run(ok(rss(*(item(n, SITE, guid="the same") for n in range(50)))))
    assert len(scene.entries()) == 50
    assert "guid-not-unique" in scene.report.detail


def changing(count: int, make: object) -> list[bytes]:
    """Documents that differ in what `make(poll, entry)` gives for the guid and the link of three entries."""
    assert callable(make)
    return [rss(*(item(n, SITE, **make(poll, n)) for n in range(3))) for poll in range(count)]


def test_c11_guids_that_change_at_every_poll_bring_nothing_new(run: Run) -> None:
    scene = run(one_after_the_other(changing(20, lambda poll, n: {"guid": f"guid-{poll}-{n}"})))
    assert [scene.poll(after_s=HOUR_S).new for _ in range(19)] == [0] * 19  # type: ignore[union-attr]
    assert len(scene.entries()) == 3


def test_c12_marks_of_visit_in_links_bring_nothing_new(run: Run) -> None:
    marks = [
        "?utm_source=feed&utm_medium={}",
        ";jsessionid=ABCDEF0123456789{}",
        "?_=17000000{:02d}",
        "?PHPSESSID=abc{}",
    ]
    documents = changing(8, lambda poll, n: {"guid": "", "link": f"{SITE}/news/{n}{marks[poll % 4].format(poll)}"})
    scene = run(one_after_the_other(documents))
    assert [scene.poll(after_s=HOUR_S).new for _ in range(7)] == [0] * 7  # type: ignore[union-attr]
    assert len(scene.entries()) == 3


def test_c13_a_live_report_stays_one_article_with_a_bounded_number_of_revisions(run: Run) -> None:
    edits = MAX_REVISIONS + 3
    step = [0]

    def handle(connection: socket.socket, request: str) -> None:
        told = f"Live from the town hall, update {step[0]}"
        here = "http://{}:{}".format(*connection.getsockname()[:2])
        pages = {"/feed.xml": rss(item(1, here, title=told, description=told * 3)), "/news/1": page(told, 12 + step[0])}
        site(pages)(connection, request)

    scene = run(handle)
    scene.ingest()
    for step[0] in range(1, edits):
        report = scene.poll(after_s=600)
        assert report is not None
        assert (report.new, report.changed) == (0, 1)
        scene.ingest()
    (article,) = scene.articles()
    assert len(scene.entries()) == 1
    revisions = scene.rows("SELECT number FROM revision WHERE article_id = ?", article["id"])
    assert 2 <= len(revisions) <= MAX_REVISIONS
    assert len(scene.rows("SELECT seq FROM event_change")) <= 1


def test_c14_an_entry_that_vanishes_and_returns_is_not_new(run: Run) -> None:
    both, one = rss(item(1, SITE), item(2, SITE)), rss(item(2, SITE))
    scene = run(one_after_the_other([both, one, both]))
    assert scene.poll(after_s=HOUR_S).new == 0  # type: ignore[union-attr]
    assert len(scene.entries()) == 2
    assert scene.poll(after_s=HOUR_S).new == 0  # type: ignore[union-attr]


def test_c15_an_entry_that_returns_after_the_history_was_trimmed_is_not_new(run: Run) -> None:
    both, one = rss(item(1, SITE), item(2, SITE)), rss(item(2, SITE))
    scene = run(one_after_the_other([both, one, both]))
    scene.poll(after_s=HOUR_S)
    with scene.app.database.units() as unit:
        assert unit.trim(scene.clock.now + timedelta(days=800), keep_polls_days=90) > 0
        unit.commit()
    assert scene.poll(after_s=800 * 24 * HOUR_S).new == 0  # type: ignore[union-attr]
    assert len(scene.entries()) == 2


# ---------------------------------------------------------------- floods


def test_c16_a_shuffled_feed_brings_nothing_new(run: Run) -> None:
    items = [item(n, SITE) for n in range(10)]
    scene = run(one_after_the_other([rss(*items), rss(*items[::-1]), rss(*items[5:], *items[:5])]))
    assert [scene.poll(after_s=HOUR_S).new for _ in range(2)] == [0, 0]  # type: ignore[union-attr]


def test_c16_a_back_catalogue_is_stored_and_not_announced(run: Run) -> None:
    def dated(n: int, day: datetime) -> str:
        return item(n, SITE, pubDate=f"{day:%a, %d %b %Y %H:%M:%S GMT}")

    fresh = [dated(n, NOW - timedelta(hours=n)) for n in range(1, 4)]
    old = [dated(n, NOW - timedelta(days=70 + 30 * (n - 10))) for n in range(10, 130)]
    newest = dated(200, NOW + timedelta(minutes=30))
    scene = run(one_after_the_other([rss(*fresh), rss(newest, *fresh, *old)]))
    scene.poll(after_s=HOUR_S)
    announced = [row["url"] for row in scene.entries() if not row["baseline"]]
    assert len(scene.entries()) == 124
    assert announced == [f"{SITE}/news/200"]


def test_c17_the_first_poll_is_the_baseline(run: Run) -> None:
    scene = run(
        one_after_the_other([rss(item(1, SITE), item(2, SITE)), rss(item(3, SITE), item(1, SITE), item(2, SITE))])
    )
    assert [row["baseline"] for row in scene.entries()] == [1, 1]
    scene.poll(after_s=HOUR_S)
    assert [row["baseline"] for row in scene.entries()] == [1, 1, 0]


# ---------------------------------------------------------------- fields

ODD_DATES = [
    "Sat, 22 Aug 2036 10:00:00 GMT", "2036-08-22", "2026-08-24T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT",
    "1970-01-01", "0", "1", "-1", "0000-00-00", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z",
    "Mon, 01 Jan 0001 00:00:00 +0000", "1900-01-01", "1989-12-31", "9999-12-31", "9999-12-31T23:59:59Z",
    "99999-01-01", "-0001-01-01", "10000-01-01T00:00:00Z", "30 Feb 2026", "31 Apr 2026", "2026-02-30",
    "2026-13-01", "2026-00-10", "32 Aug 2026", "Sat, 22 Aug 2026 25:00:00 GMT",
    "Sat, 22 Aug 2026 10:61:00 GMT", "Sat, 22 Aug 2026 10:00:00 +99:99", "Sat, 22 Aug 2026 10:00:00 -9999",
    "Sat, 22 Aug 2026 09:59:60 GMT", "2026-06-30T23:59:60Z", "22/08/2569", "2569-08-22", "22 ส.ค. 2569",
    "1405-05-31", "31 مرداد 1405", "۱۴۰۵/۰۵/۳۱", "٢٢ أغسطس ٢٠٢٦", "٢٠٢٦-٠٨-٢٢", "२२ अगस्त २०२६", "4" * 400,
    "9" * 18, "1e309", "NaN", "Infinity", "now", "yesterday", "today at noon", "Mon, 00 Jan 2026", "//", "--",
    "::", "T", "Z", "+00:00", "2026-08-22T10:00:00+24:00", "<b>22 Aug 2026</b>", "22 Aug 2026 10:00:00 XYZ",
    "Sat,22Aug2026", "\u202e2026-08-22", "2026-08-22\u200b", "August", "2026",
]  # fmt: skip


def test_c18_odd_dates_are_read_within_the_window_or_not_and_kept_as_written(run: Run) -> None:
    assert len(ODD_DATES) >= 60
    scene = run(ok(rss(*(item(n, SITE, pubDate=raw) for n, raw in enumerate(ODD_DATES)))))
    rows = scene.entries()
    assert [row["url"] for row in rows] == [f"{SITE}/news/{n}" for n in range(len(ODD_DATES))]
    for raw, row in zip(ODD_DATES, rows, strict=True):
        read = row["published_at"]
        moment = datetime.fromisoformat(read).replace(tzinfo=UTC) if read else None
        assert moment is None or EARLIEST <= moment <= NOW + LATEST_AHEAD, raw
        assert row["published_raw"][:20] == UNWANTED.sub("", raw)[:20], raw


@pytest.mark.parametrize(
    "raw", ["Sat, 22 Aug 2036 10:00:00 GMT", "1970-01-01", "9999-12-31", "30 Feb 2026", "2569-08-22"]
)
def test_c18_a_date_out_of_the_world_is_no_date(raw: str) -> None:
    assert feed_date(raw, NOW) is None


BARE = [
    "<item><description>Nothing but a text</description></item>",
    "<item><title>Nothing but a title</title></item>", f"<item><link>{SITE}/nothing-but-a-link</link></item>",
    "<item><guid isPermaLink='false'>nothing but a guid</guid></item>", "<item/>",
    "<item><title></title><link></link><guid></guid></item>",
]  # fmt: skip


def test_c19_entries_that_lack_everything_stay_the_same_at_every_poll(run: Run) -> None:
    scene = run(one_after_the_other([rss(*BARE), rss(*BARE, "<!-- again -->"), rss(*BARE[::-1])]))
    stored = scene.entries()
    assert len(stored) == 5  # the empty ones are one
    assert all(row["entry_key"] for row in stored)
    for _ in range(2):
        report = scene.poll(after_s=HOUR_S)
        assert report is not None
        assert (report.outcome, report.new) == (Outcome.OK, 0)


def test_c20_monstrous_fields_are_cut(run: Run) -> None:
    people = "".join(f"<author>Person {n}</author>" for n in range(10_000))
    categories = "".join(f"<category>Category {n}</category>" for n in range(10_000))
    long = item(1, SITE, title="é" * 4 * MIB).replace("</item>", f"{people}{categories}</item>")
    documents = rss(long, item(2, SITE, link=f"{SITE}/{'a' * 1_000_000}", guid="2"), item(3, SITE))
    scene = run(ok(documents), limits=LARGE, memory_mib=120)
    first, second, third = scene.entries()
    assert first["title"] == "é" * 1_000
    assert len(first["author"]) <= 300
    assert second["url"] is None
    assert third["url"] == f"{SITE}/news/3"


@pytest.mark.parametrize("cluster", ["e\u0323\u0300", "👩\u200d⚕\ufe0f", "👍🏽", "ค\u0e38\u0e49"])
def test_c20_a_title_is_not_cut_within_a_letter(run: Run, cluster: str) -> None:
    text = "x" * 999 + cluster + "tail"
    scene = run(ok(rss(item(1, SITE, title=text))))
    (title,) = titles(scene)
    assert title in {"x" * 999, "x" * 999 + cluster[:1]}
    assert len(title) <= 1_000
    assert not (title.endswith(cluster[:1]) and len(cluster) > 1 and cluster[1] in "\u200d\u0323")


def test_c21_directions_and_invisible_characters_are_removed_and_language_marks_kept(run: Run) -> None:
    shown = {
        "\u202eevil\u202c title": "evil title",
        "ci\u200bty\u2060 \u2066news\u2069": "city news",
        "fa\u00admille": "famille",
        "می\u200cخواهم": "می\u200cخواهم",  # the joiner is spelling in Persian
        "👩\u200d👩\u200d👧 family": "👩\u200d👩\u200d👧 family",
        "Z\u0351\u036ba\u0352l\u034bgo": "Z\u0351\u036ba\u0352l\u034bgo",
    }
    scene = run(ok(rss(*(item(n, SITE, title=title) for n, title in enumerate(shown)))))
    assert titles(scene) == list(shown.values())


@pytest.mark.parametrize(
    ("host", "stored"),
    [("аpple.example", "xn--pple-43d.example"), ("раураl.example", "xn--l-7sba6dbr.example"),
     ("xn--pple-43d.example", "xn--pple-43d.example"), ("tоwn.example", "xn--twn-sed.example")],
)  # fmt: skip
def test_c22_a_host_in_look_alike_letters_is_shown_in_ascii(run: Run, host: str, stored: str) -> None:
    scene = run(ok(rss(item(1, SITE, link=f"https://{host}/news", title=f"News of {host}"))))
    (row,) = scene.entries()
    assert row["url"] == f"https://{stored}/news"


def test_c23_only_web_addresses_become_links(run: Run) -> None:
    links = {
        "/news/7": "http://127.0.2.9:PORT/news/7",
        "?page=2": "http://127.0.2.9:PORT/feed.xml?page=2",
        "//other.example/x": "http://other.example/x",
        "javascript:alert(1)": None,
        "data:text/html,hello": None,
        "vbscript:msgbox": None,
        "JaVaScRiPt:alert(1)": None,
        "file:///etc/passwd": None,
        "https://user:secret@city.example/": None,
        "mailto:mayor@city.example": None,
    }
    scene = run(ok(rss(*(item(n, SITE, link=link, guid=f"tag:{n}") for n, link in enumerate(links)))))
    expected = [link and link.replace("PORT", str(scene.server.port)) for link in links.values()]
    assert [row["url"] for row in scene.entries()] == expected


def test_c23_a_base_of_another_origin_is_followed_and_that_of_a_script_is_not(run: Run) -> None:
    def atom(base: str, n: int) -> bytes:
        return (
            f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="{escape(base)}">'
            "<title>City</title>"
            f'<id>urn:city</id><entry><title>Title {n}</title><id>urn:{n}</id><link href="story/{n}"/></entry></feed>'
        ).encode()

    scene = run(one_after_the_other([atom("https://cdn.example/dir/", 1), atom("javascript:alert(1)//", 2)]))
    scene.poll(after_s=HOUR_S)
    assert [row["url"] for row in scene.entries()] == ["https://cdn.example/dir/story/1", f"{scene.server.url}/story/2"]


# ---------------------------------------------------------------- the parser itself

EXCEPTIONS = [
    MemoryError, RecursionError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OSError,
    UnicodeDecodeError, OverflowError, ZeroDivisionError, StopIteration, RuntimeError, NotImplementedError, LookupError,
    ArithmeticError, SyntaxError, EOFError, BufferError, TimeoutError, SystemExit, KeyboardInterrupt, GeneratorExit,
]  # fmt: skip


@pytest.fixture(scope="module")
def raising() -> Iterator[ProcessSandbox]:
    command = (sys.executable, "-m", "tests.faults.raising_tasks")
    box = ProcessSandbox(SandboxLimits(children=1, wall_s=5.0), command=command, warm=())
    yield box
    box.close()


def test_c24_whatever_the_parser_raises_or_answers_is_that_feeds_fault(run: Run, raising: ProcessSandbox) -> None:
    wishes = [f"<!--raise:{kind.__name__}-->" for kind in EXCEPTIONS]
    wishes += [f"<!--answer:{name}-->" for name in ("none", "list", "text", "number", "object")]
    documents = [rss(item(1, SITE), wish) for wish in wishes]
    scene = run(one_after_the_other([*documents, rss(item(1, SITE))]), sandbox=raising)
    expected = {Outcome.INTERNAL, Outcome.CHILD_MEMORY, Outcome.CHILD_CRASH}
    for n, wish in enumerate(wishes):
        if n:
            scene.poll(after_s=HOUR_S)
        assert scene.report.outcome in expected, (wish, scene.report)
    assert len(EXCEPTIONS) >= 20
    assert scene.entries() == []
    scene.poll(after_s=HOUR_S)
    assert (scene.report.outcome, len(scene.entries())) == (Outcome.OK, 1)


def test_c09_a_feed_in_json_that_is_none_is_told_from_one_that_is(run: Run) -> None:
    good = {"version": "https://jsonfeed.org/version/1.1", "title": "City", "items": [{"id": "1", "title": "News"}]}
    bodies = [json.dumps({"items": 3}).encode(), json.dumps(good).encode()]
    scene = run(saying(*(ok(body, "application/feed+json") for body in bodies)), kind=FeedKind.FEED)
    assert scene.report.outcome is Outcome.NOT_A_FEED
    scene.poll(after_s=HOUR_S)
    assert titles(scene) == ["News"]
