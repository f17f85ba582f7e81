"""The walk: every kind of page there is, in the states that people meet, and the few days of use that lead to them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

import httpx
from lxml.html import HtmlElement, document_fromstring
from playwright.sync_api import StorageState

from tests.browser.world import COPIED, PARTNERSHIP, PASSWORD, World

LOOK_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Walked:
    """One page; `{...}` in its path are names of `World.names`."""

    name: str
    path: str
    who: str = "ann"  # the administrator sees the most of a page
    status: int = 200

    def path_in(self, world: World) -> str:
        """The address in this archive."""
        return self.path.format(**world.names)


WALK = (
    Walked("sign-in", "/login", ""),
    Walked("today", "/"),
    Walked("today-of-a-reader", "/", "cam"),
    Walked("events", "/events"),
    Walked("events-found", "/events?q=Kunming"),
    Walked("events-found-zh", "/events?q=昆明"),
    Walked("events-none", "/events?q=zanzibar"),
    Walked("event", "/events/{event}"),
    Walked("event-of-a-reader", "/events/{event}", "cam"),
    Walked("event-of-five", "/events/{meeting}"),
    Walked("searches", "/searches"),
    Walked("article", "/articles/{article}"),
    Walked("article-of-a-reader", "/articles/{copied}", "cam"),
    Walked("article-zh", "/articles/{chinese}"),
    Walked("article-compared", "/articles/{reprint}/diff?copy={copied}"),
    Walked("dropped", "/dropped"),
    Walked("review", "/review"),
    Walked("review-history", "/review/history"),
    Walked("review-precision", "/review/precision"),
    Walked("review-learned", "/review/learned"),
    Walked("review-add", "/review/add"),
    Walked("review-article", "/review/articles/{waiting}"),
    Walked("review-event", "/review/events/{event}"),
    Walked("review-event-found", "/review/events/{event}?q=Nancy"),
    Walked("partnerships", "/partnerships"),
    Walked("partnership", "/partnerships/{partnership}"),
    Walked("calendar", "/calendar"),
    Walked("dossier", "/partnerships/{partnership}/dossier"),
    Walked("briefings", "/briefings"),
    Walked("briefing-draft", "/briefings/{draft}"),
    Walked("briefing-frozen", "/briefings/{frozen}"),
    Walked("briefing-preview", "/briefings/{draft}/preview"),
    Walked("yearly", "/yearly"),
    Walked("sources", "/sources"),
    Walked("source", "/sources/ville-nancy"),
    Walked("source-in-trouble", "/sources/gone"),
    Walked("source-paused", "/sources/resting"),
    Walked("sources-coverage", "/sources/coverage"),
    Walked("sources-add", "/sources/add"),
    Walked("sources-found", "{look}"),
    Walked("sources-opml", "/sources/opml"),
    Walked("sources-opml-found", "{list}"),
    Walked("digests", "/digests"),
    Walked("digest-next", "/digests/next"),
    Walked("digest", "/digests/{digest}"),
    Walked("exports", "/exports"),
    Walked("account", "/account"),
    Walked("accounts", "/accounts"),
    Walked("nothing-here", "/events/ev_nowhere", status=404),
    Walked("not-allowed", "/accounts", "cam", 403),
)
BY_NAME = {one.name: one for one in WALK}


class Person:
    """Uses the pages without a browser, to leave what a few days of use leave."""

    def __init__(self, world: World, name: str) -> None:
        self._client = httpx.Client(base_url=world.url, trust_env=False, timeout=60)
        self._token = ""
        self.get("/login")
        self.post("/login", name=name, password=PASSWORD)
        self.get("/account")  # signed in, another token counts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def state(self) -> StorageState:
        """What their browser remembers."""
        kept = [(one.name, one.value or "") for one in self._client.cookies.jar]
        host = str(self._client.base_url.host)
        return {"cookies": [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in kept]}

    def get(self, path: str) -> HtmlElement:
        """A page; its forms' token is kept."""
        answer = self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        tree = document_fromstring(answer.text)
        self._token = next(iter(tree.xpath("//input[@name='csrf']/@value")), self._token)
        return tree

    def post(self, action: str, **fields: str) -> str:
        """Send a form; where it led, "" where it answered with a page."""
        answer = self._client.post(action, data={"csrf": self._token, **fields})
        assert answer.status_code in {200, 303}, (action, answer.status_code, answer.text[:300])
        return answer.headers.get("location", "")

    def upload(self, action: str, name: str, content: bytes) -> str:
        """Send a file; where it led."""
        answer = self._client.post(action, data={"csrf": self._token}, files={name: ("list.opml", content)})
        assert answer.status_code == 303, (action, answer.status_code, answer.text[:300])
        return str(answer.headers["location"])

    def press(self, page: str, action: str, **more: str) -> str:
        """Press the button of the form with that action on a page."""
        form = self.get(page).xpath(f"//main//form[@action='{action}']")[0]
        hidden = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@type='hidden']")}
        return self.post(action, **{**hidden, **more, "csrf": self._token})


def prepare(world: World) -> dict[str, StorageState]:
    """Verdicts, notes, briefings, a saved search, a token, a look at a source: what people leave. What the browser of
    each of them remembers.
    """
    event, waiting = world.event("昆明市代表团"), world.article("Engineers look")
    world.names |= {
        "event": event,
        "meeting": world.event("Renforcer la coopération"),
        "article": str(world.article("Une délégation de Kunming")),
        "chinese": str(world.article("昆明市代表团")),
        "copied": str(world.article(COPIED)),
        "reprint": str(world.article(f"Reprint: {COPIED}")),
        "waiting": str(waiting),
        "partnership": PARTNERSHIP,
        "digest": str(world.app.database.archive.digests(1)[0].id),
    }
    with Person(world, "ann") as ann, Person(world, "bo") as bo, Person(world, "cam") as cam:
        _judge(bo, world, event, waiting)
        _brief(bo, world, event)
        ann.post("/searches", name="Nancy in China", q="Nancy", partnership=PARTNERSHIP)
        ann.post("/tokens", name="harvester")
        world.names["look"] = look(ann, world)
        world.names["list"] = ann.upload("/sources/opml", "file", _opml(f"{world.harbour.url}/feed.xml"))
        return {"ann": ann.state, "bo": bo.state, "cam": cam.state}


def _opml(url: str) -> bytes:
    return f'<opml version="2.0"><body><outline text="Harbour" xmlUrl="{url}"/></body></opml>'.encode()


def _judge(bo: Person, world: World, event: str, waiting: int) -> None:
    rejected, rescued = world.article("Firefighters sort"), world.article("Las aficiones de Vigo")
    bo.press(f"/review/articles/{rejected}", f"/review/articles/{rejected}/reject")
    bo.press(f"/review/articles/{rescued}", f"/review/articles/{rescued}/rescue")
    desk = f"/review/events/{event}"
    bo.press(desk, f"{desk}/confirm")
    bo.press(desk, f"{desk}/note", text="The visit was confirmed by telephone.\nThe programme follows.")
    bo.press(f"/review/articles/{waiting}", f"/review/articles/{waiting}/assign", to="ann")


def _brief(bo: Person, world: World, event: str) -> None:
    bo.get("/briefings")
    for name, title in (("draft", "Before the autumn council"), ("frozen", "What the mayor should know")):
        path = bo.post("/briefings", title=title)
        world.names[name] = path.rpartition("/")[2]
        for one in (event, world.names["meeting"]):
            bo.post(f"{path}/events", event=one)
        bo.post(f"{path}/events/{event}", note="Ask about the places in training.", act="note")
    bo.post(f"/briefings/{world.names['frozen']}/freeze")


def look(person: Person, world: World) -> str:
    """Let the program look at the site that nobody follows; the page of what was found."""
    person.get("/sources/add")
    path = person.post("/sources/add", url=f"{world.harbour.url}/")
    until = time.monotonic() + LOOK_WITHIN_S
    while "Looking" in person.get(path).xpath("string(//h1)"):
        assert time.monotonic() < until, "it never ends"
        time.sleep(0.2)
    return path
