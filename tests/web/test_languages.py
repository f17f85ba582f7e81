"""No page speaks English to somebody who reads another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

import pytest
from lxml.html import HtmlElement, document_fromstring

from monitor.bootstrap import App
from monitor.pipeline import review
from tests.english import ENGLISH, QUOTED
from tests.review_world import ANN, FAIR, RETOLD, UNRELATED, VISIT, World, borderline
from tests.storage.samples import add_source
from tests.web.conftest import Browser
from tests.web.judging import OTHER_URL, THIRD_URL, events, world_of
from tests.web.walk import candidates, paths, routes_by

NAMED = re.compile(r"\S+@\S+|\S*[/.=]\S*")  # addresses, files
PLAIN = "pre | //code | //q | //ins | //del | //blockquote | //textarea"


@pytest.fixture
def lived_in(assembled: App) -> App:
    """Events, an uncertain article, a dropped one, a source, and people who have said something of them."""
    world = world_of(assembled)
    add_source(assembled.database)
    for number, told in enumerate((VISIT, FAIR, borderline("trams"), UNRELATED)):
        world.tell(told, f"https://paper{number}.example/news")
    _, retold = world.tell(RETOLD, OTHER_URL)
    world.tell(borderline("bridges"), THIRD_URL)
    _said(world, retold.article_id)
    return assembled


def _said(world: World, article_id: int) -> None:
    event_id = next(iter(events(world)))
    review.note("Nachsehen", ANN, world.later(), world.reviewing, event_id=event_id)
    review.reject(article_id, ANN, world.later(), world.reviewing, "Nichts Neues")


def own_words(said: str, titles: list[str]) -> str:
    """Without what is only repeated there."""
    for title in titles:
        said = said.replace(title, "")
    return NAMED.sub("", QUOTED.sub("", said))


def spoken(page: HtmlElement, language: str) -> Iterator[str]:
    """What the page says outside of foreign text."""
    for given in page.xpath(f"//*[@lang and not(@lang=$own)] | //{PLAIN} | //script | //style", own=language):
        given.clear(keep_tail=True)
    yield from cast("list[str]", page.xpath("//body//text()"))
    yield from cast("list[str]", page.xpath("//body//@aria-label | //body//@title | //body//@placeholder"))


@pytest.mark.parametrize("language", ["fr", "zh", "vi"])
def test_no_page_speaks_english_to_readers_of_another_language(local: Browser, lived_in: App, language: str) -> None:
    known, english, seen = candidates(lived_in), [], 0
    titles = [one.title for one in lived_in.database.archive.articles(100)]
    for route in routes_by("GET"):
        for path in paths(route, known):
            answer = local.client.get(path, headers={"accept-language": language})
            if "text/html" in answer.headers.get("content-type", "") and answer.text:
                page = document_fromstring(answer.text)
                seen += page.get("lang") == language
                english += [(path, one) for one in spoken(page, language) if ENGLISH.search(own_words(one, titles))]
    assert seen > 40
    assert english == []
