"""Adding sources: by an address, after a look at what is there, and by a list of feeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any
from xml.sax.saxutils import escape

import pytest
from lxml.html import document_fromstring

from monitor.bootstrap import App, read_opml
from monitor.domain.model.sources import FeedKind
from monitor.domain.text import clean_line
from monitor.errors import NotFound
from monitor.web import app as web_app
from monitor.web.errands import MAX_AT_WORK, MAX_KEPT, Errands
from monitor.web.refusals import Refusal
from tests.adapters.hostile import Hostile, answer, by_path, serving
from tests.storage.samples import add_source, source
from tests.web.conftest import NOW, Browser, browser, site_with
from tests.web.payloads import payloads
from tests.web.source_sites import html, reading, rss
from tests.web.test_payloads import faults

RELATED = "Le maire de Nancy reçoit une délégation de la ville jumelée de Kunming et signe un accord"
LINK = "<link rel=alternate type=application/rss+xml href=/feed.xml>"


@dataclass
class Bench:
    """A site on the web, and the person who adds it."""

    server: Hostile
    app: App
    local: Browser

    def look(self, path: str = "/") -> tuple[str, Any]:
        """The page of what was found at the server's address."""
        self.local.get("/sources/add")
        led = self.local.post("/sources/add", url=self.server.url + path)
        until = monotonic() + 60
        while monotonic() < until:
            tree = self.local.get(led)
            if "Looking" not in tree.xpath("string(//h1)"):
                return led, tree
            sleep(0.05)
        raise AssertionError("it never ends")


def bench(tmp_path: Path, migrated: Path, pages: dict[str, bytes], address: str) -> Iterator[Bench]:
    with serving(by_path(pages), address) as server, reading(tmp_path, migrated, [server]) as app:
        yield Bench(server, app, browser(web_app.create(site_with(app))))


@pytest.fixture
def city(tmp_path: Path, migrated: Path) -> Iterator[Bench]:
    pages = {"/": html("<p>Our city</p>", LINK), "/feed.xml": rss(RELATED, "Travaux rue des Lilas")}
    yield from bench(tmp_path, migrated, pages, "127.0.7.1")


def text(tree: Any, path: str = "//main") -> str:
    return " ".join(" ".join(" ".join(one.itertext()).split()) for one in tree.xpath(path))


# ---------------------------------------------------------------- by address


def test_a_source_is_looked_at_shown_and_added(city: Bench) -> None:
    led, tree = city.look()
    shown = text(tree)
    assert "City news" in shown
    assert "the page links to it" in shown
    labels = {" ".join(one.text_content().split()) for one in tree.xpath("//details//li")}
    assert any(RELATED in one and "irrelevant" not in one for one in labels)
    assert any("Travaux rue des Lilas" in one and "irrelevant" in one for one in labels)
    assert tree.xpath("//input[@name='language']/@value") == ["fr"]
    assert city.app.database.archive.sources() == (), "nothing is added before somebody confirms"
    added = city.local.post(led, choice="1", name="", language="fr", country="FR")
    [found] = city.app.database.archive.sources()
    assert added == f"/sources/{found.key}?done=added"
    assert (found.name, found.language, found.country, found.declared_by) == ("City news", "fr", "FR", "web")
    assert [(one.url, one.kind) for one in found.feeds] == [(f"{city.server.url}/feed.xml", FeedKind.FEED.value)]
    assert city.local.client.get(led).status_code == 404, "what was confirmed is done"


def test_what_is_followed_already_is_said_and_not_added_again(city: Bench) -> None:
    add_source(city.app.database, source("known", f"{city.server.url}/feed.xml"))
    led, tree = city.look()
    assert "Followed already" in text(tree)
    assert not tree.xpath("//input[@name='choice'][@value='1'][not(@disabled)]")
    answered = city.local.client.post(led, data={"csrf": city.local.token, "choice": "1"})
    assert answered.status_code == 409
    assert len(city.app.database.archive.sources()) == 1


@pytest.mark.parametrize(
    "fields",
    [{"choice": "0"}, {"choice": "8"}, {"choice": "1", "language": "French"}, {"choice": "1", "country": "<b>"}],
)
def test_an_odd_confirmation_adds_nothing(city: Bench, fields: dict[str, str]) -> None:
    led, _ = city.look()
    assert city.local.client.post(led, data={"csrf": city.local.token, **fields}).status_code == 422
    assert city.app.database.archive.sources() == ()


@pytest.mark.parametrize("typed", ["", "javascript:alert(1)", "ftp://a.example/", "http://[::1", "a" * 5_000])
def test_what_is_no_address_is_refused_at_once(local: Browser, typed: str) -> None:
    local.get("/sources/add")
    refused = local.client.post("/sources/add", data={"csrf": local.token, "url": typed})
    assert refused.status_code == 422
    assert list(faults(document_fromstring(refused.text))) == []


def test_addresses_of_this_machine_are_out_of_reach(local: Browser) -> None:
    with serving(by_path({"/": html("<p>secret</p>", LINK)}), "127.0.7.2") as server:
        local.get("/sources/add")
        led = local.post("/sources/add", url=server.url)
        assert "the address lies in a private network and is not allowed" in text(local.get(led))
        assert server.connections == 0


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "500 Oops"])
def test_what_cannot_be_followed_says_why(tmp_path: Path, migrated: Path, status: str) -> None:
    for one in bench(tmp_path, migrated, {"/": answer(b"", status)}, "127.0.7.3"):
        _, tree = one.look()
        assert tree.xpath("//p[@class='empty']")
        assert not tree.xpath("//input[@name='choice']")


def test_others_do_not_see_what_somebody_looks_at(city: Bench) -> None:
    led, _ = city.look()
    other = browser(web_app.create(site_with(city.app)))
    assert other.client.get(led).status_code == 404
    same_site = browser(city.local.client.app)  # type: ignore[arg-type]
    assert same_site.client.get(led).status_code == 404


def test_h1_attacks_in_feeds_stay_text(tmp_path: Path, migrated: Path) -> None:
    told = [escape(clean_line(one)) for one in payloads()]
    pages = {
        f"/{start}": rss(*told[start : start + 6], title=told[start], language=told[start + 1])
        for start in range(0, 18, 6)
    }
    for one in bench(tmp_path, migrated, pages, "127.0.7.4"):
        for path in pages:
            led, tree = one.look(path)
            assert list(faults(tree)) == []
            added = one.local.post(led, choice="1")
            assert list(faults(one.local.get(added))) == []
        assert list(faults(one.local.get("/sources"))) == []


# ---------------------------------------------------------------- errands


def test_a_page_that_waits_says_so_and_offers_to_look_again(local: Browser, assembled: App) -> None:
    site = replace(site_with(assembled), errands=Errands(patience_s=0.0))
    slow, going = browser(web_app.create(site)), Event()
    slow.get("/sources/add")
    visit = str(slow.client.cookies["monitor_visit"])
    errand = site.errands.begin(visit, "https://slow.example/", lambda: going.wait(20), NOW)
    waiting = slow.client.get(f"/sources/add/{errand}")
    assert "Refresh" not in waiting.headers
    assert text(document_fromstring(waiting.text), "//*[@role='status']").startswith("The program is looking")
    assert slow.client.get(f"/sources/add/{errand}?follow=true").headers["Refresh"] == "5"
    going.set()


def test_errands_are_bounded_and_forgotten() -> None:
    errands, going = Errands(patience_s=0.0), Event()
    for number in range(MAX_AT_WORK):
        errands.begin("ann", str(number), lambda: going.wait(20), NOW)
    with pytest.raises(Refusal):
        errands.begin("ann", "more", lambda: None, NOW)
    going.set()
    first = errands.keep("ann", "a list", (1,), NOW)
    assert errands.get(first, "ann", NOW).result == (1,)
    for number in range(MAX_KEPT):
        errands.keep("ann", str(number), (), NOW)
    with pytest.raises(NotFound):
        errands.get(first, "ann", NOW)


# ---------------------------------------------------------------- lists of feeds

OPML = """<?xml version="1.0"?><opml version="2.0"><body>
<outline text="Harbour" xmlUrl="https://harbour.example/feed"/>
<outline text="River" xmlUrl="https://river.example/feed" language="fr"/>
<outline text="Odd" xmlUrl="javascript:alert(4711)"/>
</body></opml>"""


def upload(local: Browser, body: str | bytes) -> Any:
    local.get("/sources/opml")
    given = body.encode() if isinstance(body, str) else body
    return local.client.post("/sources/opml", data={"csrf": local.token}, files={"file": ("list.opml", given)})


def test_a_list_is_shown_and_what_was_chosen_is_added(local: Browser, assembled: App) -> None:
    add_source(assembled.database, source("harbour", "https://harbour.example/feed"))
    led = upload(local, OPML).headers["location"]
    tree = local.get(led)
    assert "1 feed is new. 1 is followed already" in text(tree, "//p[@role='status']")
    assert len(assembled.database.archive.sources()) == 1
    assert local.post(led, url="https://river.example/feed") == "/sources?done=1"
    assert "1 source was added" in text(local.get("/sources?done=1"))
    assert [one.key for one in assembled.database.archive.sources()] == ["harbour", "river"]
    assert assembled.database.archive.source("river").declared_by == "opml"


def test_what_is_not_chosen_or_not_in_the_list_is_not_added(local: Browser, assembled: App) -> None:
    led = upload(local, OPML).headers["location"]
    local.get(led)
    assert local.post(led, url="https://elsewhere.example/feed") == "/sources?done=0"
    assert assembled.database.archive.sources() == ()


@pytest.mark.parametrize(
    "body", ["", "no xml", "<opml/>", "<rss/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><opml/>", b"\xff\xfe\x00"]
)
def test_a_file_that_is_no_list_is_refused(local: Browser, assembled: App, body: str | bytes) -> None:
    refused = upload(local, body)
    assert refused.status_code == 422
    assert document_fromstring(refused.text).xpath("//*[@role='alert']")
    assert assembled.database.archive.sources() == ()


def test_h1_attacks_in_lists_stay_text(local: Browser, assembled: App) -> None:
    outlines = "".join(
        f'<outline text="{escape(clean_line(one), {chr(34): "&quot;"})}" xmlUrl="https://x{number}.example/"/>'
        for number, one in enumerate(payloads())
    )
    led = upload(local, f"<opml version='2.0'><body>{outlines}</body></opml>").headers["location"]
    tree = local.get(led)
    assert len(tree.xpath("//input[@name='url']")) == len(payloads())
    assert list(faults(tree)) == []


def test_sources_go_out_as_a_list_that_reads_back(local: Browser, assembled: App) -> None:
    add_source(
        assembled.database, source("river", "https://river.example/feed?key=a", name="River & Bridge", language="fr")
    )
    answered = local.client.get("/sources.opml")
    assert answered.headers["content-disposition"] == 'attachment; filename="sources.opml"'
    [back] = read_opml(answered.content, "there and back")
    assert (back.key, back.name, back.language) == ("river", "River & Bridge", "fr")
    assert [one.url for one in back.feeds] == ["https://river.example/feed?key=a"]
