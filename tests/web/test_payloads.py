"""What comes from outside stays text: invented attacks in every field, and every page of every area looked through.

The walk finds the routes by itself: pages that come later are tested as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import anyio
import pytest
from lxml.html import HtmlElement, document_fromstring
from starlette.datastructures import Headers
from starlette.testclient import TestClient
from starlette.types import Message

from monitor.bootstrap import App
from monitor.domain.model.accounts import AccountData, Role
from monitor.domain.model.digests import DeliveryState
from monitor.domain.model.events import VerdictKind
from monitor.domain.model.health import FeedHealth, HealthTurn
from monitor.domain.outcomes import Outcome
from tests.storage.samples import (
    add_source,
    apply_poll,
    article,
    entry,
    feed_ids,
    happening,
    opening,
    poll,
    source,
    store,
)
from tests.web import digests_world
from tests.web.conftest import NOW, Browser
from tests.web.payloads import NUMBER, payloads
from tests.web.walk import candidates, paths, routes_by

# No page of ours has these; a script has an address of ours and no text.
FOREIGN = {"iframe", "object", "embed", "base", "template", "noscript", "math", "style", "frame", "animate", "applet"}
LINKS = ("href", "src", "action", "formaction", "srcdoc", "data", "xlink:href", "poster", "background", "content")
QUERY = (
    "q",
    "next",
    "back",
    "done",
    "kind",
    "place",
    "country",
    "language",
    "source",
    "status",
    "after",
    "because",
    "sort",
)
AT_ONCE = 25  # payloads in one address
ALL = payloads()
KILLED = Outcome.CHILD_CRASH


def faults(tree: HtmlElement) -> Iterator[str]:
    """What of a page is not ours."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            if "4711" in (element.text or ""):
                yield f"comment: {element.text}"
            continue
        if element.tag in FOREIGN:
            yield f"<{element.tag}>"
        if element.tag == "script" and (element.text or not str(element.get("src", "")).startswith("/static/")):
            yield f"script: {element.text!r} {element.get('src')!r}"
        if element.tag == "link" and not str(element.get("href", "")).startswith("/"):
            yield f"link: {element.get('href')}"
        if element.tag == "meta" and element.get("http-equiv"):
            yield "meta http-equiv"
        yield from (f"{element.tag}: {name}={value!r}" for name, value in element.items() if not is_ours(name, value))


def is_ours(name: str, value: str) -> bool:
    """Whether a page of ours may have this attribute."""
    if name.startswith("on") or name in ("style", "srcdoc") or "4711" in name:
        return False
    if name not in LINKS or name == "content":
        return True
    first = re.sub(r"[\x00-\x20]", "", value)
    return first[:1] in ("/", "#", "?", "") or urlsplit(first).scheme in ("http", "https", "webcal", "mailto")


def look_through(browser: Browser, path: str) -> bool:
    """Whether it was a page; whatever it was, nothing in it may act."""
    answer = browser.client.get(path)
    return is_harmless_page(path, answer.status_code, answer.headers, answer.text)


def look_through_asked(browser: Browser, path: str, **query: str) -> bool:
    """The same of a page that is asked for with so much that a client of ours would be busy with the address alone."""
    asked = Asked(browser.client, path, urlencode(query).encode())
    return is_harmless_page(f"{path}?{query}", asked.status, asked.headers, asked.body.decode("utf-8", "replace"))


def is_harmless_page(asked: str, status: int, headers: Mapping[str, str], text: str) -> bool:
    assert status < 500, (asked, status)
    kind = headers.get("content-type", "").partition(";")[0]
    if kind == "text/html":
        assert list(faults(document_fromstring(text))) == [], asked
    else:
        assert kind != "application/xhtml+xml"
        assert headers["x-content-type-options"] == "nosniff"
    return kind == "text/html"


class Asked:
    """One GET given to the application itself, and its answer."""

    def __init__(self, client: TestClient, path: str, query: bytes) -> None:
        self.status, self.body, self.headers = 0, b"", Headers()
        self._was_asked = False
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
            "headers": [(b"host", b"localhost")], "client": ("testclient", 50_000), "server": ("localhost", 80),
        }  # fmt: skip
        assert client.portal is not None
        client.portal.call(client.app, scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._was_asked:
            await anyio.sleep_forever()
        self._was_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], Headers(raw=list(message["headers"]))
        else:
            self.body += message.get("body", b"")


def fill(app: App, told: Iterable[str]) -> None:
    """Each text as title, body, author, address, feed title, source name, place, sentence, person, note, account."""
    database = app.database
    for number, text in enumerate(told):
        key = f"source-{number}"
        address = f"https://{key}.example/{text[:200]}"
        home = f"https://{key}.example/?{number}"
        add_source(database, source(key, f"{address}#{number}", name=text, home_page=home))
        url = f"https://{key}.example/{number}"
        body = f"{text} {number} " + " ".join(f"{number}word{place}" for place in range(60))
        given = article(text, body, author=text, site_name=text)
        seen = happening(sentence=text, participants=frozenset({f"lakeside-{number}", text[:200]}))
        store(database, given, url, events=[opening(seen)] if number % 3 else ())
        database.accounts.add(AccountData(text[:200] + str(number), Role.READER, NOW, subject=f"{number} {text}"))
    fill_histories(app, told)
    feed = feed_ids(database)[0]
    entries = tuple(entry(f"e{n}", text, author=text, summary=text, content=text) for n, text in enumerate(told))
    apply_poll(database, poll(feed, new_entries=entries, detail=ALL[1]))
    fill_digests(app, told)
    with database.units() as unit:
        for one in database.archive.events(20):
            unit.add_verdict(VerdictKind.NOTE, ALL[2], NOW, event_id=one.id, text=ALL[3])
        unit.commit()


def fill_digests(app: App, told: Iterable[str]) -> None:
    """Each text in everything that a digest says, in its recipient and in what its channel answered."""
    number, given = digests_world.subscribe(app, ALL[4]), list(told)
    for start in range(0, len(given), AT_ONCE):
        text = " ".join(given[start : start + AT_ONCE])
        digest_id = digests_world.send(app, number, text, NOW + timedelta(days=start))
        digests_world.attempt(app, digest_id, DeliveryState.DEAD, Outcome.REFUSED, text)


def fill_histories(app: App, told: Iterable[str]) -> None:
    """Each text as what a feed has moved to, what was said of its last poll, and an address in quarantine."""
    database = app.database
    feeds = feed_ids(database)
    for number, text in enumerate(told):
        turn = HealthTurn(FeedHealth.OK, FeedHealth.MOVED, text)
        moved = poll(feeds[number], detail=text, moved_to=text, health=FeedHealth.MOVED, turn=turn, gap=True)
        apply_poll(database, moved)
    with database.units() as unit:
        for number, text in enumerate(told):
            unit.count_kill(f"{number:064}", "parse", f"https://source-{number}.example/{text}", KILLED, text, NOW)
        unit.commit()


def test_the_payloads_are_three_hundred_different_ones() -> None:
    assert len(set(ALL)) == NUMBER
    assert all("4711" in one for one in ALL)


def test_the_look_through_finds_what_an_unescaped_page_would_do() -> None:
    found = [one for one in ALL if list(faults(document_fromstring(f"<p title='{one}'>{one}</p>")))]
    assert len(found) > NUMBER * 0.7


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_h1_h2_nothing_that_was_stored_acts_on_any_page(local: Browser, assembled: App) -> None:
    fill(assembled, ALL)
    known = candidates(assembled)
    looked = sum(look_through(local, path) for route in routes_by("GET") for path in paths(route, known))
    assert looked >= 5


@pytest.mark.timeout(600)
def test_h1_h5_nothing_that_is_asked_for_acts_on_any_page(local: Browser) -> None:
    for route in routes_by("GET"):
        path = next(paths(route))
        assert look_through_asked(local, path) == look_through(local, path), path  # both ways lead to the same page
        for start in range(0, NUMBER, AT_ONCE):
            look_through_asked(local, path, **dict.fromkeys(QUERY, " ".join(ALL[start : start + AT_ONCE])))
            look_through_asked(local, path, **{ALL[start]: ALL[start + 1]})


def test_h5_an_address_that_leads_nowhere_is_not_shown_raw(local: Browser) -> None:
    for one in ALL[::10]:
        look_through(local, "/" + one.replace("\x00", ""))


def test_h5_a_form_that_is_refused_shows_what_was_typed_as_text(local: Browser) -> None:
    local.get("/accounts")
    for one in ALL[::15]:
        for path, fields in (
            ("/accounts", {"name": one}),
            ("/tokens", {"name": one}),
            ("/language", {"language": one}),
        ):
            answer = local.client.post(path, data={"csrf": local.token, **fields})
            assert answer.status_code == 422
            assert list(faults(document_fromstring(answer.text))) == []
