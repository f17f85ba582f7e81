"""What comes from outside stays text: invented attacks in every field, and every page of every area looked through.

The walk finds the routes by itself: pages that come later are tested as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pytest
from lxml.html import HtmlElement, document_fromstring

from monitor.bootstrap import App
from monitor.domain.model.accounts import AccountData, Role
from monitor.domain.model.events import VerdictKind
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


def look_through(browser: Browser, path: str, **query: str) -> bool:
    """Whether it was a page; whatever it was, nothing in it may act."""
    answer = browser.client.get(path, params=query)
    assert answer.status_code < 500, (path, query, answer.status_code)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "text/html":
        assert list(faults(document_fromstring(answer.text))) == [], (path, query)
    else:
        assert kind != "application/xhtml+xml"
        assert answer.headers["x-content-type-options"] == "nosniff"
    return kind == "text/html"


def fill(app: App, told: Iterable[str]) -> None:
    """Each text as title, body, author, address, feed title, source name, place, sentence, person, note, account."""
    database = app.database
    for number, text in enumerate(told):
        key = f"source-{number}"
        add_source(database, source(key, name=text, home_page=f"https://{key}.example/?{number}"))
        url = f"https://{key}.example/{number}"
        body = f"{text} {number} " + " ".join(f"{number}word{place}" for place in range(60))
        given = article(text, body, author=text, site_name=text)
        seen = happening(sentence=text, participants=frozenset({f"lakeside-{number}", text[:200]}))
        store(database, given, url, events=[opening(seen)] if number % 3 else ())
        database.accounts.add(AccountData(text[:200] + str(number), Role.READER, NOW, subject=f"{number} {text}"))
    feed = feed_ids(database)[0]
    entries = tuple(entry(f"e{n}", text, author=text, summary=text, content=text) for n, text in enumerate(told))
    apply_poll(database, poll(feed, new_entries=entries, detail=ALL[1]))
    with database.units() as unit:
        for one in database.archive.events(20):
            unit.add_verdict(VerdictKind.NOTE, ALL[2], NOW, event_id=one.id, text=ALL[3])
        unit.commit()


def test_the_payloads_are_three_hundred_different_ones() -> None:
    assert len(set(ALL)) == NUMBER
    assert all("4711" in one for one in ALL)


def test_the_look_through_finds_what_an_unescaped_page_would_do() -> None:
    found = [one for one in ALL if list(faults(document_fromstring(f"<p title='{one}'>{one}</p>")))]
    assert len(found) > NUMBER * 0.7


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
        for start in range(0, NUMBER, AT_ONCE):
            look_through(local, path, **dict.fromkeys(QUERY, " ".join(ALL[start : start + AT_ONCE])))
            look_through(local, path, **{ALL[start]: ALL[start + 1]})


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
