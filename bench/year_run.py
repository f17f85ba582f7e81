"""Playing the year: polling every morning, digests on Mondays, through the program as it is; only the web and the clock
are ours.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bench import throwaway
from bench.year_stream import FIRST_DAY, WEEKS, Piece
from bench.year_web import YearWeb
from monitor.bootstrap import App
from monitor.domain import watching
from monitor.domain.model.articles import Label
from monitor.domain.model.digests import ChannelKind, Digest
from monitor.domain.model.events import KnownEvent
from monitor.domain.urls import url_key
from monitor.errors import NotFound
from monitor.ports import Stage
from monitor.settings import FetchSettings, SandboxSettings, SourcesFile, SubscriptionSettings, WatchSettings

MORNING = time(7, 30)  # when every persona's Monday digest is due
MEMORY = Path("/dev/shm")  # where there is one, an archive that is thrown away needs no disk

PERSONAS = (
    SubscriptionSettings(
        key="nancy", channel=ChannelKind.CONSOLE, schedule="0 7 * * 1", time_zone="Europe/Paris", language="fr",
        watches=("nancy",),
    ),
    SubscriptionSettings(
        key="lao-cai", channel=ChannelKind.CONSOLE, schedule="0 7 * * 1", time_zone="Asia/Ho_Chi_Minh", language="vi",
        watches=("lao-cai",),
    ),
    SubscriptionSettings(key="researcher", channel=ChannelKind.CONSOLE, schedule="0 7 * * 1", language="en"),
)  # fmt: skip
WATCHES = (WatchSettings(key="nancy", places=("nancy",)), WatchSettings(key="lao-cai", places=("lao-cai",)))


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line of a digest with the event as it stood then; `urls` are its articles, the first one first."""

    section: str
    headline: str
    event: KnownEvent
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """What one persona got on one Monday; no lines: no digest, or one without events."""

    persona: str
    on: datetime
    lines: tuple[ToldLine, ...]
    review: tuple[str, ...]  # addresses of the articles to review
    digest: Digest | None


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as it ended up."""

    label: Label
    event_ids: tuple[str, ...]


@dataclass(slots=True)
class Played:
    """The year as the program lived it."""

    until: datetime
    weeks: list[Week] = field(default_factory=list)
    articles: dict[str, Kept] = field(default_factory=dict)  # by address
    events: dict[str, tuple[KnownEvent, tuple[str, ...]]] = field(default_factory=dict)  # at the end, with addresses
    pieces: dict[str, Piece] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)


class Clock:
    """Stands where it is put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def play(pieces: Sequence[Piece], weeks: int = WEEKS) -> Played:
    """The whole year from the baseline poll on the eve of its first day."""
    clock = Clock(datetime.combine(FIRST_DAY - timedelta(days=1), MORNING, UTC))
    web = YearWeb(pieces, clock)
    played = Played(clock.now + timedelta(weeks=weeks), pieces=web.pieces)
    with _program(web.sources, clock, played) as app:
        app.__dict__["fetcher"] = web
        # Real items are moved into this year: an edition or a day that a seed knows would be of another year.
        app.__dict__["load_seeds"] = lambda: 0
        app.apply_declared()
        for day in range(weeks * 7 + 1):
            clock.now += timedelta(days=1)
            app.dispatcher.drain(Stage.POLL)
            app.dispatcher.drain(Stage.INGEST)
            if clock.now.weekday() == 0 and day:
                played.weeks += list(_monday(app, clock.now))
        _take_stock(app, played)
    return played


@contextmanager
def _program(sources: SourcesFile, clock: Clock, played: Played) -> Iterator[App]:
    settings: dict[str, object] = {
        "fetch": FetchSettings(workers=3),
        "sandbox": SandboxSettings(children=2, recycle_after=2_000),
        "watch": WATCHES,
        "subscription": PERSONAS,
    }
    with tempfile.TemporaryDirectory(prefix="monitor-year-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        (Path(folder) / "seeds").mkdir()
        with throwaway.app(settings, sources, clock, Path(folder), played.messages.append) as app:
            yield app


def _monday(app: App, now: datetime) -> Iterator[Week]:
    ids = {data.key: (id_, data) for id_, data in app.database.archive.subscriptions()}
    review: dict[int, tuple[str, ...]] = {}
    for id_, data in ids.values():
        with app.database.units() as unit:
            material = unit.digest_material(id_, now)
        items = material.review if material is not None else ()
        review[id_] = tuple(item.url for item in items if watching.may_concern(data.watches, item))
    digests: dict[int, Digest] = {}

    def collect(report: object) -> None:
        if isinstance(report, Digest):
            digests[report.subscription_id] = report

    app.dispatcher.drain(Stage.COMPOSE, watch=collect)
    for key, (id_, _) in sorted(ids.items()):
        digest = digests.get(id_)
        lines = tuple(_lines(app, digest)) if digest is not None else ()
        yield Week(key, now, lines, review[id_], digest)
    app.dispatcher.drain(Stage.DELIVER)


def _lines(app: App, digest: Digest) -> Iterator[ToldLine]:
    for section in digest.sections:
        for line in section.lines:
            if line.event_id is not None:
                view = app.database.archive.event(line.event_id)
                reports = sorted((*view.reports, *view.copies), key=lambda one: one.article_id)
                yield ToldLine(section.key, line.headline, view.event, tuple(one.url for one in reports))


def _take_stock(app: App, played: Played) -> None:
    archive = app.database.archive
    for url in played.pieces:
        try:
            view = archive.article_by_url(url_key(url))
        except NotFound:
            continue
        played.articles[url] = Kept(view.label, view.event_ids)
    for event_id in {one for kept in played.articles.values() for one in kept.event_ids}:
        view = archive.event(event_id)
        reports = sorted((*view.reports, *view.copies), key=lambda one: one.article_id)
        played.events[event_id] = (view.event, tuple(one.url for one in reports))
