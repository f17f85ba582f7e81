"""One archive, filled through the real pipeline from the demo's invented web, with people, and a server before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from time import monotonic

from pydantic import SecretStr
from rich.console import Console

from monitor import demo, resources
from monitor.adapters.passwords import Argon2Secrets
from monitor.bootstrap import App, quiet_logging
from monitor.demo_web import DemoArticle, DemoSite, DemoWeb, read_sites
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import Label
from monitor.domain.model.digests import ChannelKind
from monitor.pipeline.accounts import Accounting, add_account
from monitor.ports import Stage
from monitor.settings import Configuration, FeedSettings, SourceSettings, SubscriptionSettings, Webhook
from monitor.web import app as web_app
from monitor.web.gates import AccountGate
from monitor.web.server import WebServer
from monitor.web.site import Site, WebOptions
from tests.adapters.hostile import Hostile, by_path, serving
from tests.browser import borderline
from tests.web.source_sites import html, rss

PASSWORD = "four small green lamps"
PEOPLE = {"ann": Role.ADMIN, "bo": Role.REVIEWER, "cam": Role.READER}
LANGUAGES = ("en", "fr", "zh", "vi")
PARTNERSHIP = "kunming+nancy"
COPIED = "French ambulances"  # how the title begins of which the gazette prints a copy
HARBOUR, QUAY = "127.0.10.90", "127.0.10.91"  # sites that nobody follows yet


class Running:
    """A clock that can be set, and goes on from there."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @property
    def now(self) -> datetime:
        return self._set_to + timedelta(seconds=monotonic() - self._since)

    @now.setter
    def now(self, value: datetime) -> None:
        self._set_to, self._since = value, monotonic()

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """What the browser visits."""

    app: App
    url: str
    harbour: Hostile  # a site that the walk looks at
    quay: Hostile  # a site to add
    names: dict[str, str] = field(default_factory=dict)  # ids of what the walk visits, by what they are

    def article(self, title: str) -> int:
        """The article whose title begins so."""
        return next(one.id for one in self.app.database.archive.articles(500) if one.title.startswith(title))

    def event(self, title: str) -> str:
        """Of the events whose title begins so, the one with the most articles; of two, the one that came first."""
        found = [one for one in self.app.database.archive.events(500) if one.title.startswith(title)]
        return max(reversed(found), key=lambda one: len(one.article_ids)).id

    def waiting(self) -> Sequence[str]:
        """Titles of the articles that the rules were uncertain of."""
        return [one.title for one in self.app.database.archive.articles(500, label=Label.UNCERTAIN)]


@contextmanager
def served(folder: Path) -> Iterator[World]:
    """Fill an archive in `folder` and serve it on loopback."""
    quiet_logging()
    with ExitStack() as stack:
        harbour = stack.enter_context(serving(by_path(_site_pages("Harbour post")), HARBOUR))
        quay = stack.enter_context(serving(by_path(_site_pages("Quay courier")), QUAY))
        web = stack.enter_context(_web())
        clock = Running(demo.FIRST_POLL)
        said: list[str] = []
        app = stack.enter_context(App(_configuration(folder, web, (harbour, quay)), clock=clock, write=said.append))
        demo.play(app, clock, web, Console(file=StringIO()))
        app.dispatcher.drain(Stage.COMPOSE)
        app.dispatcher.drain(Stage.DELIVER)  # of which one is refused
        app.reckon()
        _invite(app)
        site = Site(app, WebOptions(), AccountGate(app.database.accounts, WebOptions().trust, clock), b"k" * 32, clock)
        server = WebServer(web_app.create(site), "127.0.0.1", 0)
        server.start()
        stack.callback(server.stop)
        yield World(app, f"http://127.0.0.1:{server.port}", harbour, quay)


def _site_pages(title: str) -> dict[str, bytes]:
    link = "<link rel=alternate type=application/rss+xml href=/feed.xml>"
    news = ("Le maire de Nancy reçoit une délégation de la ville jumelée de Kunming", "Travaux rue des Lilas")
    return {"/": html("<p>Nothing but links</p>", link), "/feed.xml": rss(*news, title=title)}


def _web() -> DemoWeb:
    sites, pages = read_sites(resources.demo_site())
    copied = next(one for site in sites for one in site.articles if one.title.startswith(COPIED))
    gazette = borderline.site()
    return DemoWeb(((*sites, replace(gazette, articles=(*gazette.articles, _copy(copied)))), pages))


def _copy(article: DemoArticle) -> DemoArticle:
    """Nearly the same text, printed a day later."""
    first, *others = article.paragraphs
    last = "The Gazette of the Quays printed this report with thanks."
    return replace(article, slug="copied", title=f"Reprint: {article.title}", paragraphs=(first, *others, last))


def _configuration(folder: Path, web: DemoWeb, others: Sequence[Hostile]) -> Configuration:
    given = demo.configuration(folder, web)
    fetch = given.settings.fetch
    allowed = (*fetch.allowed_addresses, *(f"{one.address}:{one.port}" for one in others))
    refused = SubscriptionSettings(
        key="partners", channel=ChannelKind.WEBHOOK, recipients=("wall",), schedule="0 6 * * *", language="fr"
    )
    settings = given.settings.model_copy(
        update={
            "fetch": fetch.model_copy(update={"allowed_addresses": allowed}),
            "webhook": (Webhook(name="wall", url=SecretStr(f"{others[0].url}/no-such-place")),),
            "subscription": (*given.settings.subscription, refused),
        }
    )
    sources = given.sources.model_copy(update={"source": (*given.sources.source, *_troubled(web.sites[0], web))})
    return Configuration(settings, sources, None)


def _troubled(site: DemoSite, web: DemoWeb) -> tuple[SourceSettings, ...]:
    """A source whose feed is gone, and one that somebody paused."""
    base = web.base_url(site)
    return tuple(
        SourceSettings(
            key=key,
            name=name,
            home_page=base,
            language=language,
            country=country,
            paused=paused,
            feeds=(FeedSettings(url=f"{base}{key}.xml"),),
        )
        for key, name, language, country, paused in (
            ("gone", "Bản tin Bến Cảng", "vi", "VN", False),
            ("resting", "河岸周报", "zh", "CN", True),
        )
    )


def _invite(app: App) -> None:
    """Everybody has the same password, hashed cheaply: throttling and hashing are tested elsewhere."""
    cheap = Accounting(app.database.accounts, Argon2Secrets(time_cost=1, memory_kib=64), timedelta(hours=8))
    app.__dict__["accounting"] = cheap
    for name, role in PEOPLE.items():
        add_account(name, PASSWORD, role, app.clock(), cheap)
