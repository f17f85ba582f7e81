"""One article: its text within rights, its evidence, its decision, its capture, copies and revisions."""

from __future__ import annotations

import re
from datetime import date

import pytest

from monitor.bootstrap import App
from monitor.domain.decide import understand
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import ArticleData, CaptureData, Origin, SourceContext, TextPath
from monitor.domain.model.sources import Rights, SourceData
from monitor.pipeline.ingest import article_for_decision, decide_and_apply
from monitor.web.headers import SECURITY_HEADERS
from tests.english import ENGLISH, QUOTED
from tests.review_world import FAIR, NOW, UNRELATED, VISIT, World, borderline
from tests.web.conftest import Browser
from tests.web.judging import OTHER_URL, THIRD_URL, world_of
from tests.web.signing_in import Town

PAGE = b"<html><script>alert(1)</script><p>Kunming in Nancy</p></html>"
COPIED = (VISIT[0], VISIT[1].replace("a garden that is to be laid out", "a park that will be laid out"))


@pytest.fixture
def world(assembled: App) -> World:
    return world_of(assembled)


def read(world: World, told: tuple[str, str], url: str, capture: CaptureData | None = None) -> int:
    """Read an article, or read it again; its id."""
    article = ArticleData(*told, TextPath.PAGE, published_on=date(2026, 5, 13), language="en")
    source = SourceContext("nancy", "en")
    given = article_for_decision(article, url, source, world.gazetteer, seen_at=world.now, origin=Origin.FEED)
    with world.database.units() as unit:
        understanding = understand(given, world.knowledge)
        capture_id = unit.add_capture(capture) if capture is not None else None
        _, applied = decide_and_apply(unit, understanding, article, capture_id, world.later(), world.knowledge)
        unit.commit()
    return applied.article_id


def follow(world: World, rights: Rights, quote_chars: int = 60) -> None:
    """The source of the articles, with what may be shown of it."""
    with world.database.units() as unit:
        unit.add_source(SourceData("nancy", "City of Nancy", (), rights=rights, quote_chars=quote_chars), NOW, "cli")
        unit.commit()


def captured(app: App, content_type: str = "text/html; charset=iso-8859-1") -> CaptureData:
    sha256 = app.captures.put(PAGE)
    return CaptureData(sha256, OTHER_URL, OTHER_URL, content_type, len(PAGE), NOW)


@pytest.fixture
def town(assembled: App, world: World) -> Town:
    built = Town(assembled)
    built.add("ann")
    built.add("ray", Role.READER)
    return built


# ---------------------------------------------------------------- the page


def test_an_article_shows_text_evidence_decision_and_events(local: Browser, world: World) -> None:
    article_id = read(world, VISIT, OTHER_URL)
    page = local.get(f"/articles/{article_id}")
    assert "tramways" in page.xpath("//div[@class='text']")[0].text_content()
    assert page.xpath("//mark[@class='for']")
    numbers = set(page.xpath("//sup/a/@href"))
    assert numbers <= {f"#{one}" for one in page.xpath("//ol[@class='grounds']/li/@id")}
    assert numbers
    assert "Kept because" in page.xpath("//section[@aria-labelledby='decision']")[0].text_content()
    [event_id] = world.database.archive.article(article_id).event_ids
    assert page.xpath(f"//section[@aria-labelledby='events']//a[@href='/events/{event_id}']")
    [out] = page.xpath(f"//a[@href='{OTHER_URL}']")
    assert "noopener" in out.get("rel")


@pytest.mark.parametrize("language", ["fr", "zh", "vi"])
@pytest.mark.parametrize("told", [VISIT, FAIR, UNRELATED, borderline("tramway")])
def test_the_decision_is_told_in_the_language_of_the_page(
    local: Browser, world: World, told: tuple[str, str], language: str
) -> None:
    article_id = read(world, told, OTHER_URL)
    read(world, (told[0], f"{told[1]} It was read on 13 May 2026 in Nancy."), OTHER_URL)
    for path in (f"/articles/{article_id}", f"/review/articles/{article_id}", f"/articles/{article_id}/diff"):
        page = local.get(path, **{"accept-language": language})
        assert page.xpath("//html/@lang") == [language]
        assert not page.xpath("//section[@aria-labelledby='decision']//*[@lang='en']")
        for quoted in page.xpath("//main//*[@lang and not(@lang=$own)] | //q | //ins | //del", own=language):
            quoted.clear(keep_tail=True)
        for sentence in page.xpath("//main//text()"):
            assert not ENGLISH.search(re.sub(r"https?://\S+", "", QUOTED.sub("", sentence))), (path, sentence)


def test_moments_are_written_as_readers_write_them(local: Browser, world: World) -> None:
    article_id = read(world, VISIT, OTHER_URL)
    moments = {}
    for language in ("en", "fr", "zh", "vi"):
        page = local.get(f"/articles/{article_id}", **{"accept-language": language})
        moments[language] = page.xpath("//*[@id='revisions']/following-sibling::*//tbody/tr/td[2]")[0].text_content()
    day = {"en": "14 May 2026", "fr": "14 mai 2026", "zh": "2026年5月14日", "vi": "14 thg 5, 2026"}
    assert {language: one.rpartition(" ")[0] for language, one in moments.items()} == day


def test_marks_leave_the_text_as_it_was(local: Browser, world: World) -> None:
    article_id = read(world, VISIT, OTHER_URL)
    page = local.get(f"/articles/{article_id}")
    for sup in page.xpath("//sup"):
        sup.drop_tree()
    assert page.xpath("//div[@class='text']")[0].text_content().strip() == VISIT[1]
    assert page.xpath("//h1")[0].text_content() == VISIT[0]


@pytest.mark.parametrize("told", [VISIT, FAIR, UNRELATED])
def test_any_article_is_explained(local: Browser, world: World, told: tuple[str, str]) -> None:
    article_id = read(world, told, OTHER_URL)
    assert local.get(f"/articles/{article_id}").xpath("//section[@aria-labelledby='decision']//strong/text()")


def test_readers_see_as_much_as_the_source_allows_and_reviewers_all(town: Town, world: World) -> None:
    article_id = read(world, VISIT, OTHER_URL)
    path = f"/articles/{article_id}"
    ray, ann = town.signed_in("ray"), town.signed_in("ann")
    for rights, is_shown in ((Rights.LINK, False), (Rights.QUOTE, False), (Rights.FULL, True)):
        follow(world, rights)
        assert ("tramways" in ray.client.get(path).text) == is_shown, rights
        assert "tramways" in ann.client.get(path).text
    follow(world, Rights.LINK)
    page = ray.get(path)
    assert page.xpath("//mark") == []
    assert page.xpath("//a[starts-with(@href, '/review')]") == []
    assert page.xpath("//section[@aria-labelledby='text']//p[@class='empty']")


@pytest.mark.parametrize("path", ["/articles/99", "/articles/99/diff", "/articles/99/capture"])
def test_articles_that_do_not_exist_are_not_found(local: Browser, world: World, path: str) -> None:
    assert local.client.get(path).status_code == 404


# ---------------------------------------------------------------- the raw page (faults H4)


def test_h4_a_capture_is_a_text_to_download_that_no_browser_runs(local: Browser, assembled: App, world: World) -> None:
    article_id = read(world, VISIT, OTHER_URL, captured(assembled))
    answer = local.client.get(f"/articles/{article_id}/capture")
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "text/plain; charset=iso8859-1"
    assert answer.headers["content-disposition"] == f'attachment; filename="article-{article_id}.txt"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy == f"{SECURITY_HEADERS['Content-Security-Policy']}; sandbox"


@pytest.mark.parametrize("declared", ['text/html; charset="no such"', "text/html; charset=hex", "", "x\r\ny: z"])
def test_h4_whatever_type_a_page_claims_it_stays_a_text(
    local: Browser, assembled: App, world: World, declared: str
) -> None:
    article_id = read(world, VISIT, OTHER_URL, captured(assembled, declared))
    answer = local.client.get(f"/articles/{article_id}/capture")
    assert answer.headers["content-type"].startswith("text/plain; charset=")
    assert "y" not in answer.headers


def test_readers_may_download_only_what_may_be_shown_in_full(town: Town, assembled: App, world: World) -> None:
    article_id = read(world, VISIT, OTHER_URL, captured(assembled))
    path = f"/articles/{article_id}/capture"
    ray = town.signed_in("ray")
    follow(world, Rights.QUOTE)
    assert ray.client.get(path).status_code == 403
    follow(world, Rights.FULL)
    assert ray.client.get(path).status_code == 200
    follow(world, Rights.LINK)
    assert town.signed_in("ann").client.get(path).status_code == 200


# ---------------------------------------------------------------- copies and revisions


def test_copies_are_listed_from_both_sides_and_compared_word_by_word(local: Browser, world: World) -> None:
    first, second = read(world, VISIT, OTHER_URL), read(world, COPIED, THIRD_URL)
    assert world.database.archive.article(second).copy_of_id == first
    for here, there in ((first, second), (second, first)):
        page = local.get(f"/articles/{here}")
        assert page.xpath(f"//section[@aria-labelledby='copies']//a[@href='/articles/{there}']")
    diff = local.get(f"/articles/{first}/diff?copy={second}")
    assert "garden" in "".join(diff.xpath("//del/text()"))
    assert "park" in "".join(diff.xpath("//ins/text()"))


def test_an_edit_is_shown_with_what_it_changed(local: Browser, world: World) -> None:
    article_id = read(world, VISIT, OTHER_URL)
    assert local.client.get(f"/articles/{article_id}/diff").status_code == 404, "it was read once"
    read(world, (VISIT[0], VISIT[1].replace("12 May", "11 May")), OTHER_URL)
    page = local.get(f"/articles/{article_id}")
    [link] = page.xpath("//*[@aria-labelledby='revisions']//a/@href")
    diff = local.get(link)
    assert (diff.xpath("//del/text()"), diff.xpath("//ins/text()")) == (["12"], ["11"])
    turns = diff.xpath("//*[@aria-labelledby='turns']")[0].text_content()
    assert "Date12 May 202611 May 2026" in turns
    assert local.client.get(f"/articles/{article_id}/diff?old=1&new=9").status_code == 404


def test_a_comparison_shows_readers_no_more_than_either_source_allows(town: Town, world: World) -> None:
    first, second = read(world, VISIT, OTHER_URL), read(world, COPIED, THIRD_URL)
    follow(world, Rights.LINK)
    answer = town.signed_in("ray").client.get(f"/articles/{first}/diff?copy={second}")
    assert "garden" not in answer.text
    assert "characters" in answer.text
