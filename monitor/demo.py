"""`monitor demo`: the whole job offline, against an invented web on loopback, with a fixed clock.

Two polls, as in life: the first is the baseline, the second brings the news. What is shown is what the service would
tell.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from monitor import resources
from monitor.bootstrap import App, quiet_logging
from monitor.demo_web import DemoSite, DemoWeb, read_sites
from monitor.domain.model.articles import Label, Reason
from monitor.domain.model.digests import ChannelKind, Digest
from monitor.domain.model.sources import FeedKind
from monitor.domain.model.views import ArticleView
from monitor.pipeline import publish
from monitor.ports import Stage
from monitor.settings import (
    Configuration,
    FeedSettings,
    FetchSettings,
    Settings,
    SourceSettings,
    SourcesFile,
    SubscriptionSettings,
)

FIRST_POLL = datetime(2026, 10, 4, 6, 0, tzinfo=UTC)
SECOND_POLL = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
SUBSCRIPTION = "demo"
MAX_REASONS = 3
MAX_EVIDENCE = 2


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo showed."""

    digest: Digest
    text: str
    html: str
    dropped: tuple[ArticleView, ...]  # what the digest does not tell: irrelevant, background, uncertain


class _Clock:
    """A clock that stands still between the two polls."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def run_demo(output: Path | None, console: Console) -> None:
    """Run the demo and show it; the HTML digest goes to `output` or a new temporary folder."""
    quiet_logging()
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder, demo_app(Path(folder)) as (app, clock, web):
        result = play(app, clock, web, console)
    console.print(result.text, markup=False)
    _print_dropped(result.dropped, console)
    path = output or Path(tempfile.mkdtemp(prefix="monitor-demo-")) / "digest.html"
    path.write_text(result.html, encoding="utf-8")
    console.print(f"\nThe same digest as the email would show it: {path}", markup=False)


@contextmanager
def demo_app(folder: Path) -> Iterator[tuple[App, _Clock, DemoWeb]]:
    """The assembled program on an archive in `folder`, and the web it watches."""
    clock = _Clock(FIRST_POLL)
    with DemoWeb(read_sites(resources.demo_site())) as web, App(configuration(folder, web), clock=clock) as app:
        yield app, clock, web


def play(app: App, clock: _Clock, web: DemoWeb, console: Console) -> DemoResult:
    """Baseline poll, a day passes, news poll, digest."""
    app.apply_declared()
    seeds = len(app.database.archive.seeds())
    console.print(f"{len(web.sites)} invented sites on loopback, {seeds} seed records loaded", markup=False)
    _poll(app, console, f"first poll, {clock.now:%Y-%m-%d %H:%M} UTC (baseline: stored, never told)")
    web.phase = 2
    clock.now = SECOND_POLL
    _poll(app, console, f"second poll, {clock.now:%Y-%m-%d %H:%M} UTC")
    digest = _compose(app, clock.now)
    renderers = app.publishing.renderers
    text = "\n".join(part.text for part in renderers[ChannelKind.CONSOLE].render(digest))
    html = "\n".join(part.html or "" for part in renderers[ChannelKind.EMAIL].render(digest))
    return DemoResult(digest, text, html, tuple(_dropped(app)))


def _poll(app: App, console: Console, what: str) -> None:
    with console.status(what):
        polled = app.dispatcher.drain(Stage.POLL)
        ingested = app.dispatcher.drain(Stage.INGEST)
    console.print(f"{what}: {polled.done} feeds, {ingested.done} articles", markup=False)


def _compose(app: App, now: datetime) -> Digest:
    subscription_id = next(id_ for id_, data in app.database.archive.subscriptions() if data.key == SUBSCRIPTION)
    digest = publish.compose_digest(subscription_id, now, app.publishing)
    if digest is None:
        raise RuntimeError("the demo always has news")
    return digest


def _dropped(app: App) -> Iterator[ArticleView]:
    archive = app.database.archive
    for label in (Label.UNCERTAIN, Label.BACKGROUND, Label.IRRELEVANT):
        for row in reversed(archive.articles(limit=200, label=label)):
            view = archive.article(row.id)
            if view.origin != "seed":
                yield view


def _print_dropped(dropped: Sequence[ArticleView], console: Console) -> None:
    table = Table(title="Not told, and why", title_justify="left", header_style="bold")
    for column in ("label", "article", "why"):
        table.add_column(column, overflow="fold")
    for view in dropped:
        table.add_row(view.label.value, f"[{view.language}] {view.title}".replace("[", "\\["), why_not(view))
    console.print(table)


def why_not(view: ArticleView) -> str:
    """The weightiest reasons in one cell."""
    reasons = sorted(view.assessment.reasons, key=lambda reason: -abs(reason.weight))[:MAX_REASONS]
    return "; ".join(map(_told, reasons)) or "nothing in it speaks of a relation between places"


def _told(reason: Reason) -> str:
    """A reason with its evidence in quotation marks."""
    evidence = ", ".join(f"“{span.text}”" for span in reason.spans[:MAX_EVIDENCE])
    detail = f" ({reason.detail})" if reason.detail else ""
    return f"{reason.code}{detail}{f': {evidence}' if evidence else ''}"


def configuration(folder: Path, web: DemoWeb) -> Configuration:
    """Settings that follow the invented web, with an archive in `folder`."""
    settings = Settings(
        data_directory=folder,
        seeds_directory=folder / "seeds",
        fetch=FetchSettings(host_gap_s=0.02, allowed_addresses=tuple(web.addresses), workers=1),
        subscription=(
            SubscriptionSettings(key=SUBSCRIPTION, channel=ChannelKind.CONSOLE, schedule="0 6 * * *", language="en"),
        ),
    )
    sources = SourcesFile(source=tuple(_source(site, web) for site in web.sites))
    return Configuration(settings, sources, None)


def _source(site: DemoSite, web: DemoWeb) -> SourceSettings:
    is_page = site.kind == "page"
    feed = FeedSettings(
        url=web.feed_url(site),
        kind=FeedKind.PAGE if is_page else FeedKind.AUTO,
        link_pattern=r"/news/" if is_page else None,
    )
    return SourceSettings(
        key=site.key,
        name=site.name,
        home_page=web.base_url(site),
        language=site.language,
        country=site.country,
        feeds=(feed,),
    )
