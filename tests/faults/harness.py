"""One feed under attack between two healthy neighbours: the program as assembled, against real servers on loopback.

How a row of the fault matrix is tested (fixture `run`):

    def test_a05_an_announced_length_beyond_the_limit_is_too_large(run: Run) -> None:
        scene = run(answer(b"", length=50_000_000_000))     # raw bytes, or a handler of tests.adapters.hostile
        assert scene.report.outcome is Outcome.TOO_LARGE    # the attacked feed's FeedReport of the last round
        assert scene.entries() == []                        # its rows of the table `entry`, as dicts
        scene.server.requests                               # what reached the hostile server

    scene.articles(), scene.feed()           # rows of the attacked feed; `scene.rows(sql)` for anything else
    scene.poll(after_s=3600)                 # another round, the fake clock moved on; with `due_only=True` the attacked
                                             # feed is asked only if it is due by its own schedule (see scene.polled)
    scene.ingest()                           # every entry's page is read; EntryReports of the attacked feed's entries

`run` takes: `url` (`{server}` and `{port}` are filled in), `kind` and more `FeedData` fields in `feed`, `SourceData`
fields in `source`, fields of `HttpLimits` in `limits`, `resolver`, `context` (TLS of the server), `trust` (TLS of the
client), `allow` (more address:port pairs), `sandbox` (instead of the shared one), `memory_mib`, `parts` (other parts of
`App` to replace, by name: parser, extractor...), `poll=False` (the first round is left to the test).
`server_context(certificate)` and `trusting(authority)` make the TLS of both ends.
`rss(item(...), ...)` and `page(...)` make healthy documents, `ok(...)` answers, `site(...)` a handler that serves
several of them.

Always asserted, in every round: both neighbours were polled OK and their new entry was stored (and with `ingest`, read
into an article), no stage met a fault of ours (unless `faults` says how many), and the parent's peak memory stayed
within `memory_mib` of what it was before. Build big bodies before calling `run`: the server lives in this process.
"""

from __future__ import annotations

import resource
import shutil
import socket
import sqlite3
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import trustme

from monitor.adapters.http import HttpFetcher, HttpLimits
from monitor.adapters.sandbox import ProcessSandbox
from monitor.bootstrap import App
from monitor.domain.model.articles import EntryReport
from monitor.domain.model.sources import FeedData, FeedKind, FeedReport, SourceData
from monitor.domain.outcomes import Outcome
from monitor.ports import Stage
from monitor.settings import Configuration, Settings, SourcesFile
from tests.adapters.hostile import Handler, Hostile, answer, by_path, saying, serving

NOW = datetime(2026, 8, 22, 10, tzinfo=UTC)
MIB = 1024 * 1024
ATTACKED_ADDRESS = "127.0.2.9"
NEIGHBOUR_ADDRESSES = ("127.0.2.1", "127.0.2.2")
ATTACKED = "attacked"
MEMORY_MIB = 60.0

Run = Callable[..., "Scene"]

# ---------------------------------------------------------------- healthy documents


def item(number: int, site: str, **fields: str) -> str:
    """One RSS item; `fields` replace or add elements, an empty value leaves one out."""
    elements = {
        "title": f"Mayor welcomes guests, part {number}",
        "link": f"{site}/news/{number}",
        "guid": f"{site}/news/{number}",
        "description": f"The city received a delegation from its partner city for the {number}. time.",
        "pubDate": "Fri, 21 Aug 2026 08:00:00 GMT",
    } | fields
    return (
        "<item>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in elements.items() if value) + "</item>"
    )


def rss(*items: str) -> bytes:
    """An RSS document of ready items."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>City news</title>'
        f"<link>https://city.example/</link>{''.join(items)}</channel></rss>"
    ).encode()


def page(title: str, sentences: int = 12) -> bytes:
    """An article page with enough text to be one."""
    text = "".join(
        f"<p>The mayor received the delegation of the partner city in the town hall, and part {n} of the programme "
        "brought students, nurses and engineers of both cities together for an afternoon.</p>"
        for n in range(sentences)
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{escape(title)}</title></head><body><article>"
        f"<h1>{escape(title)}</h1>{text}</article></body></html>"
    ).encode()


def ok(body: bytes, content_type: str = "application/rss+xml; charset=utf-8", *headers: str) -> bytes:
    """A plain 200 that ends its connection."""
    return answer(body, "200 OK", f"Content-Type: {content_type}", "Connection: close", *headers)


def site(pages: Mapping[str, bytes | Handler]) -> Handler:
    """A handler for whole sites: bodies or handlers by path (without query); `{server}` in a body becomes the server's
    own address. A body that begins with `<?xml` is sent as RSS, with `{` as JSON, any other as HTML; else 404.
    """

    def handle(connection: socket.socket, request: str) -> None:
        found = pages.get(request.split(" ")[1].partition("?")[0])
        if callable(found):
            found(connection, request)
            return
        host, port = connection.getsockname()[:2]
        connection.sendall(
            answer(b"", "404 Not Found", "Connection: close")
            if found is None
            else ok(found.replace(b"{server}", f"http://{host}:{port}".encode()), _media_type(found))
        )

    return handle


def _media_type(body: bytes) -> str:
    if body.startswith(b"<?xml"):
        return "application/rss+xml; charset=utf-8"
    return "application/json" if body.startswith(b"{") else "text/html; charset=utf-8"


# ---------------------------------------------------------------- TLS


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """What a server with this certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """What a client that trusts this authority, too, speaks."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


# ---------------------------------------------------------------- memory


def memory_mib(what: str = "VmHWM") -> float:
    """Of this process: `VmRSS` now, `VmHWM` at its peak since the last reset."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reset_peak_memory() -> float:
    """Begin to measure; what is in use now, in MiB. Where the kernel refuses, the peak is that of the whole life."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return memory_mib()
    return memory_mib("VmRSS")


# ---------------------------------------------------------------- the scene


class Neighbour:
    """A healthy site that publishes one more article each round."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.round = 1
        self.server: Hostile | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        return self.server.url

    def handle(self, connection: Any, request: str) -> None:
        pages = {"/feed.xml": ok(rss(*(item(n, self.url) for n in range(self.round, 0, -1))))}
        for n in range(1, self.round + 1):
            pages[f"/news/{n}"] = ok(page(f"Mayor welcomes guests, part {n}"), "text/html; charset=utf-8")
        by_path(pages)(connection, request)


@dataclass
class FakeClock:
    """Stands still until moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


class Scene:
    """The archive, the attacked feed and what came of it."""

    def __init__(self, app: App, clock: FakeClock, server: Hostile, neighbours: Sequence[Neighbour],
                 database: Path, most_mib: float) -> None:  # fmt: skip
        self.app = app
        self.clock = clock
        self.server = server
        self.polled = False  # whether the attacked feed was asked in the last round
        self._neighbours = neighbours
        self._database = database
        self._most_mib = most_mib
        self._reports: dict[str, FeedReport] = {}

    @property
    def report(self) -> FeedReport:
        """Of the attacked feed's last poll."""
        return self._reports[ATTACKED]

    # ------------------------------------------------------------ stages

    def poll(self, after_s: float = 0.0, *, due_only: bool = False, faults: int = 0) -> FeedReport | None:
        """One round, `after_s` after the last; the attacked feed's report, None: it was not asked or met a fault."""
        self.clock.now += timedelta(seconds=after_s)
        hurried = [row["id"] for row in self.rows("SELECT feed.id, source.key FROM feed JOIN source ON "
                   "source.id = feed.source_id") if not due_only or row["key"] != ATTACKED]  # fmt: skip
        self.app.database.queue.hurry(Stage.POLL, hurried, self.clock.now)
        reports: dict[str, FeedReport] = {}

        def note(report: object) -> None:
            assert isinstance(report, FeedReport)
            reports[report.source_key] = report

        self._within_memory(lambda: self._drain(Stage.POLL, note, faults))
        self._check_neighbours(reports)
        self._reports |= reports
        self.polled = ATTACKED in reports
        for neighbour in self._neighbours:
            neighbour.round += 1
        return reports.get(ATTACKED)

    def ingest(self, after_s: float = 0.0, *, faults: int = 0) -> list[EntryReport]:
        """Read the pages of all entries that wait; what came of the attacked feed's, in its order."""
        self.clock.now += timedelta(seconds=after_s)
        waiting = [row["id"] for row in self.rows("SELECT id FROM entry WHERE article_id IS NULL")]
        self.app.database.queue.hurry(Stage.INGEST, waiting, self.clock.now)
        reports: list[EntryReport] = []

        def note(report: object) -> None:
            assert isinstance(report, EntryReport)
            reports.append(report)

        self._within_memory(lambda: self._drain(Stage.INGEST, note, faults))
        for neighbour in self._neighbours:
            told = {row["url"]: (row["outcome"], row["article_id"]) for row in self.entries(neighbour.key)}
            unread = {url: said for url, said in told.items() if said[0] != Outcome.OK or said[1] is None}
            assert not unread, f"a neighbour's articles were not read: {unread}"
        own = [row["id"] for row in self.entries()]
        return sorted((one for one in reports if one.entry_id in own), key=lambda one: own.index(one.entry_id))

    def _drain(self, stage: Stage, note: Callable[[object], None], faults: int) -> None:
        done = self.app.dispatcher.drain(stage, watch=note)
        assert done.failed == faults, f"{done.failed} items met a fault of ours"

    def _within_memory(self, work: Callable[[], None]) -> None:
        before = reset_peak_memory()
        work()
        grown = memory_mib() - before
        assert grown <= self._most_mib, f"the parent grew by {grown:.0f} MiB"

    def _check_neighbours(self, reports: Mapping[str, FeedReport]) -> None:
        for neighbour in self._neighbours:
            assert reports[neighbour.key].outcome is Outcome.OK, reports[neighbour.key]
            stored = {row["url"] for row in self.entries(neighbour.key)}
            assert stored == {f"{neighbour.url}/news/{n}" for n in range(1, neighbour.round + 1)}

    # ------------------------------------------------------------ what is stored

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self._database)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def entries(self, key: str = ATTACKED) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT entry.* FROM entry JOIN feed ON feed.id = entry.feed_id JOIN source ON source.id = feed.source_id "
            "WHERE source.key = ? ORDER BY entry.id",
            key,
        )

    def articles(self, key: str = ATTACKED) -> list[dict[str, Any]]:
        ids = [row["article_id"] for row in self.entries(key) if row["article_id"] is not None]
        return [row for row in self.rows("SELECT * FROM article ORDER BY id") if row["id"] in ids]

    def feed(self, key: str = ATTACKED) -> dict[str, Any]:
        (row,) = self.rows(
            "SELECT feed.* FROM feed JOIN source ON source.id = feed.source_id WHERE source.key = ?", key
        )
        return row


# ---------------------------------------------------------------- building one

SMALL_LIMITS: dict[str, Any] = {
    "connect_s": 1.0,
    "idle_s": 1.0,
    "total_s": 2.0,
    "max_wire_bytes": 2 * MIB,
    "max_body_bytes": 2 * MIB,
    "host_gap_s": 0.0,
    "host_patience_s": 30.0,
    "user_agent": "monitor-tests/1.0 (+https://example.org/bot)",
}


class Builder:
    """Makes scenes and takes them apart."""

    def __init__(self, folder: Path, template: Path, sandbox: ProcessSandbox) -> None:
        self._folder = folder
        self._template = template
        self._sandbox = sandbox
        self._made = 0
        self._stack = ExitStack()

    def __call__(
        self,
        attack: bytes | Handler | None = None,
        *,
        url: str = "{server}/feed.xml",
        kind: FeedKind = FeedKind.AUTO,
        feed: Mapping[str, Any] | None = None,
        source: Mapping[str, Any] | None = None,
        limits: Mapping[str, Any] | None = None,
        resolver: Callable[[str, int], Sequence[str]] | None = None,
        context: ssl.SSLContext | None = None,
        trust: ssl.SSLContext | None = None,
        allow: frozenset[tuple[str, int]] = frozenset(),
        sandbox: ProcessSandbox | None = None,
        memory_mib: float = MEMORY_MIB,
        parts: Mapping[str, Any] | None = None,
        poll: bool = True,
        faults: int = 0,
    ) -> Scene:
        """See the module; `poll=False` leaves the first round to the test."""
        handler = attack if callable(attack) else saying(attack if attack is not None else answer(b"", "404 Not Found"))
        server = self._stack.enter_context(serving(handler, ATTACKED_ADDRESS, context))
        neighbours = [Neighbour(f"neighbour-{n}") for n in (1, 2)]
        for neighbour, address in zip(neighbours, NEIGHBOUR_ADDRESSES, strict=True):
            neighbour.server = self._stack.enter_context(serving(neighbour.handle, address))
        allowed = allow.union(server.allowed, *(one.server.allowed for one in neighbours if one.server))
        clock = FakeClock()
        database = self._database()
        app = self._app(database, clock)
        fetcher = HttpFetcher(
            HttpLimits(**({"allowed_addresses": allowed} | SMALL_LIMITS | dict(limits or {}))),
            clock=clock,
            resolver=resolver or (lambda host, port: []),
            ssl_context=trust,
        )
        app.__dict__.update({"fetcher": fetcher, "sandbox": sandbox or self._sandbox} | dict(parts or {}))
        self._stack.callback(app.close)
        self._stack.callback(app.__dict__.pop, "sandbox")  # before `close`: it is not ours to end
        address = url.format(server=server.url, port=server.port)
        declared = [SourceData(ATTACKED, "Attacked", (FeedData(address, kind, **(feed or {})),), **(source or {}))]
        declared += [
            SourceData(one.key, one.key, (FeedData(one.url + "/feed.xml"),), language="en") for one in neighbours
        ]
        with app.database.units() as unit:
            unit.sync_sources(declared, clock.now)
            unit.commit()
        _warm(app)
        scene = Scene(app, clock, server, neighbours, database, memory_mib)
        if poll:
            scene.poll(faults=faults)
        return scene

    def _database(self) -> Path:
        self._made += 1
        target = self._folder / f"scene-{self._made}" / "monitor.db"
        target.parent.mkdir()
        shutil.copy(self._template, target)
        return target

    @staticmethod
    def _app(database: Path, clock: FakeClock) -> App:
        settings = Settings(data_directory=database.parent)
        return App(Configuration(settings, SourcesFile(), None), clock, write=lambda text: None)

    def close(self) -> None:
        self._stack.close()


def _warm(app: App) -> None:
    """Load what stays in memory for good, so that it is not taken for growth."""
    for part in (app.dispatcher, app.polling, app.ingesting):
        assert part is not None
