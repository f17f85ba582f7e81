"""Partnerships: the table, one with all that is known of it, and its dossier."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from itertools import pairwise

import pytest
from docx import Document
from lxml.html import HtmlElement, document_fromstring

from monitor.bootstrap import App
from monitor.domain.model.partnerships import PartnershipState
from monitor.web.remembered import Remembered
from tests.storage import samples
from tests.web import relations_world
from tests.web.conftest import Browser
from tests.web.relations_world import KEY

PAGE = f"/partnerships/{KEY}"


def text(tree: HtmlElement) -> str:
    return " ".join(tree.text_content().split())


def names(tree: HtmlElement) -> list[str]:
    return [" ".join(one.text_content().split()) for one in tree.xpath("//tbody//th[@scope='row']")]


def test_an_empty_table_says_what_to_do(local: Browser) -> None:
    assert "monitor partnership import" in text(local.get("/partnerships"))


def test_a_row_tells_state_activity_last_event_and_what_comes_next(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    tree = local.get("/partnerships")
    assert names(tree) == ["Kunming–Nancy"]
    [row] = tree.xpath("//tbody/tr")
    told = text(row)
    assert "12 May 2026" in told
    assert "sister cities" in told
    assert "2027" in told
    [graph] = row.xpath(".//svg")
    assert graph.get("role") == "img"
    assert "2025: 1" in graph.get("aria-label")


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("sort=name&order=rising", ["Kanazawa–Nancy", "Kunming–Nancy"]),
        ("sort=name&order=falling", ["Kunming–Nancy", "Kanazawa–Nancy"]),
        ("sort=last", ["Kunming–Nancy", "Kanazawa–Nancy"]),
        ("sort=last&order=rising", ["Kunming–Nancy", "Kanazawa–Nancy"]),  # without a date: last, either way
        ("sort=state", ["Kanazawa–Nancy", "Kunming–Nancy"]),
        ("sort=nonsense&order=nonsense", ["Kunming–Nancy", "Kanazawa–Nancy"]),
        ("state=proposed", ["Kanazawa–Nancy"]),
        ("name=KUN", ["Kunming–Nancy"]),
        ("page=2", []),
    ],
)
def test_the_table_is_sorted_and_filtered_by_links(
    assembled: App, local: Browser, query: str, order: list[str]
) -> None:
    relations_world.fill(assembled)
    relations_world.propose(assembled)
    assert names(local.get(f"/partnerships?{query}")) == order


def test_the_sorted_column_says_so_and_leads_to_the_other_order(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    tree = local.get("/partnerships?sort=name&order=rising")
    [here] = tree.xpath("//th[@aria-sort]")
    assert here.get("aria-sort") == "ascending"
    assert "order=falling" in here.xpath("./a/@href")[0]


@pytest.mark.parametrize(
    ("decision", "state"), [("confirm", PartnershipState.WATCHED), ("reject", PartnershipState.DECLINED)]
)
def test_what_the_news_proposes_is_confirmed_or_rejected(
    assembled: App, local: Browser, decision: str, state: PartnershipState
) -> None:
    relations_world.propose(assembled)
    tree = local.get("/partnerships")
    [action] = tree.xpath("//form[contains(@action, '/decide')]/@action")
    assert local.post(action, decision=decision, back="/partnerships?sort=name") == "/partnerships?sort=name"
    assert assembled.database.archive.partnership("kanazawa+nancy").state is state
    assert not local.get("/partnerships").xpath("//form[contains(@action, '/decide')]")


def test_an_unknown_partnership_and_a_wrong_decision_change_nothing(assembled: App, local: Browser) -> None:
    relations_world.propose(assembled)
    local.get("/partnerships")
    assert local.post("/partnerships/kanazawa+nancy/decide", decision="both") == "/partnerships"
    assert assembled.database.archive.partnership("kanazawa+nancy").state is PartnershipState.PROPOSED
    answer = local.client.post("/partnerships/no+where/decide", data={"csrf": local.token, "decision": "confirm"})
    assert answer.status_code == 404
    assert local.client.get("/partnerships/no+where").status_code == 404


def test_the_page_tells_events_agreement_expectations_people_and_coverage(assembled: App, local: Browser) -> None:
    found = relations_world.fill(assembled)
    tree = local.get(PAGE)
    told = text(tree)
    assert tree.xpath(f"//section[@aria-labelledby='timeline']//a[@href='/events/{found['visit']}']")
    assert len(tree.xpath("//svg[@class='timeline']//circle")) == 4  # what was cancelled is only in the table
    assert "Charter of friendship" in told
    assert "22 August 2027" in told  # the end of its term
    assert "10 years since the partnership began" in told
    assert "Claire Aubert" in told
    assert "2 only in Nancy" in told
    assert "Silence cannot be trusted" in told
    headings = [int(one.tag[1]) for one in tree.xpath("//main//*[self::h1 or self::h2 or self::h3]")]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_every_chart_stands_beside_its_numbers(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    tree = local.get(PAGE)
    [table] = tree.xpath("//section[@aria-labelledby='activity']//table")
    assert [one.text for one in table.xpath(".//th[@scope='row']")] == ["2026", "2025"]
    bars = tree.xpath("//section[@aria-labelledby='activity']//rect/title/text()")
    assert [one for one in bars if "2026" in one] == ["2026, visits and meetings: 1"]
    assert not tree.xpath("//*[@style]")


def test_foreign_titles_are_marked_and_escaped(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    report = samples.article(title="<script>alert(1)</script>", text=samples.OTHER_TEXT, language="vi")
    told = samples.happening(participants=relations_world.PAIR, host_id="nancy", when=relations_world.on("2026-06-01"))
    samples.store(assembled.database, report, "https://harbour-post.example/x", [samples.opening(told)])
    assembled.reckon()
    for path in (PAGE, f"{PAGE}/dossier"):
        tree = local.get(path)
        assert "alert" not in "".join(tree.xpath("//script/text()"))
    assert tree.xpath("//li/span[@lang='vi' and contains(text(), 'alert(1)')]")


# ---------------------------------------------------------------- dossier


def test_every_sentence_of_the_dossier_names_a_source_that_is_listed(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    tree = local.get(f"{PAGE}/dossier?since=2025-01-01")
    sentences = tree.xpath("//article//section[not(@aria-labelledby='sources')]//li")
    assert len(sentences) >= 8
    ids = set(tree.xpath("//ol[@class='sources']/li/@id"))
    for one in sentences:
        cited = [link.lstrip("#") for link in one.xpath(".//sup/a/@href")]
        assert cited, text(one)
        assert set(cited) <= ids
    sources = text(tree.xpath("//ol[@class='sources']")[0])
    assert "Report 1, Harbour-Post, 1 March 2026. https://harbour-post.example/1" in sources
    assert "settings of this archive" in sources


def test_the_dossier_looks_back_as_far_as_it_is_asked(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    assert "Exchange" in text(local.get(f"{PAGE}/dossier?since=2025-01-01"))
    assert "Exchange" not in text(local.get(f"{PAGE}/dossier?since=2026-01-01"))
    assert "Exchange" in text(local.get(f"{PAGE}/dossier?since=nonsense"))


def test_the_dossier_is_a_file_that_needs_nothing_beside_it(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    answer = local.client.get(f"{PAGE}/dossier.html?lang=fr")
    assert answer.headers["content-disposition"] == 'attachment; filename="dossier-kunming-nancy.html"'
    tree = document_fromstring(answer.text)
    assert tree.get("lang") == "fr"
    assert not tree.xpath("//link | //script | //img")
    [style] = tree.xpath("//style/text()")
    assert "@page" in style
    assert "&" not in style
    assert "Accords" in text(tree)


def test_the_dossier_is_a_word_document_with_headings_and_links(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    answer = local.client.get(f"{PAGE}/dossier.docx?lang=zh")
    assert answer.status_code == 200
    document = Document(io.BytesIO(answer.content))
    headings = [
        one.text for one in document.paragraphs if one.style is not None and "Heading" in (one.style.name or "")
    ]
    assert len(headings) == 6
    assert "协议" in headings
    assert any(one.text.endswith("]") for one in document.paragraphs)
    assert document.core_properties.language == "zh-CN"
    page = document.sections[0]
    assert [round(one.mm) for one in (page.page_width, page.page_height) if one is not None] == [210, 297]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert b"https://harbour-post.example/1" in file.read("word/_rels/document.xml.rels")


# ---------------------------------------------------------------- what may be a moment old


def test_figures_are_made_anew_when_the_archive_changed_but_not_all_the_time() -> None:
    moments = iter([0.0, 1.0, 5.0, 30.0, 30.001, 30.002, 40.0, 40.001])
    kept: Remembered[int] = Remembered(lambda: next(moments))
    made = iter(range(10))
    assert kept.get("a", lambda: next(made)) == 0  # took a second
    assert kept.get("b", lambda: next(made)) == 0  # five seconds later: too dear to be made anew
    assert kept.get("b", lambda: next(made)) == 1
    assert kept.get("b", lambda: next(made)) == 1
    assert kept.get("c", lambda: next(made)) == 2


def test_a_changed_partnership_is_seen_at_once(assembled: App, local: Browser) -> None:
    relations_world.fill(assembled)
    local.get("/partnerships")
    later = samples.NOW + timedelta(days=1)
    with assembled.database.units() as unit:
        unit.relations().set_state(KEY, PartnershipState.WATCHED, later)
        unit.commit()
    assert re.search(r"\bconfirmed\b", text(local.get("/partnerships").xpath("//tbody")[0]))
