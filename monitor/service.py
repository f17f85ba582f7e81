"""The background service: one instance per database, ticks for every stage, a clean end, a careful reload."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from time import monotonic

import structlog

from monitor.bootstrap import ALIVE, READY, STOPPING, App, ServiceManager
from monitor.domain.model.articles import EntryReport
from monitor.domain.model.digests import DeliveryReport, Digest
from monitor.domain.model.sources import FeedReport
from monitor.errors import ConfigurationError
from monitor.ports import Stage
from monitor.scheduler import Scheduler
from monitor.settings import Configuration
from monitor.web.start import serve

# Seconds between two looks at each queue: short against every interval that a queue knows.
POLL_TICK_S = 15.0
INGEST_TICK_S = 5.0
COMPOSE_TICK_S = 30.0
DELIVER_TICK_S = 15.0
MAINTENANCE_TICK_S = 3600.0
# A drain ends when nothing is due; reading a large new stock of sources may take this long (some 50,000 pages).
STILL_AFTER_S = 6 * 3600.0
# A stop waits this long for the items in work. What is not done by then is left to the next start, which takes over its
# leases: every stage commits whole or not at all.
STOP_WITHIN_S = 8.0

log = structlog.get_logger("monitor.service")


class Service:
    """Runs an `App` until told to stop."""

    def __init__(
        self,
        build: Callable[[Configuration], App],
        load: Callable[[], Configuration],
        manager: ServiceManager | None = None,
    ) -> None:
        self._build = build
        self._load = load
        self._manager = manager or ServiceManager({}, 0)
        self._stop = Event()
        self._reload = Event()
        self._wake = Event()

    def ask_stop(self) -> None:
        """End soon; safe in a signal handler."""
        self._stop.set()
        self._wake.set()

    def ask_reload(self) -> None:
        """Read the configuration again; safe in a signal handler."""
        self._reload.set()
        self._wake.set()

    def run(self, configuration: Configuration) -> bool:
        """Block until stopped; True: everything in work was finished. Raises `AlreadyRunning`."""
        while True:
            finished, following = self._run_once(configuration)
            if following is None or not finished:
                return finished
            configuration = following

    def _run_once(self, configuration: Configuration) -> tuple[bool, Configuration | None]:
        """Serve one configuration; the next one where a reload brought a good one."""
        app = self._build(configuration)
        with contextlib.ExitStack() as stack:
            stack.callback(app.close)
            stack.enter_context(app.database.instance_lock())
            app.database.check()
            app.database.queue.release_leases()
            app.apply_declared()
            if app.metrics is not None:
                log.info("metrics", listen=app.settings.metrics.listen)
            scheduler = Scheduler()
            pages = serve(app, lambda: scheduler.hasten(Stage.POLL.value))
            if pages is not None:
                stack.callback(pages.stop)
                log.info("pages", listen=app.settings.web.listen, port=pages.port)
            add_ticks(scheduler, app, self._manager)
            scheduler.start()
            if not self._manager.tell(READY, f"STATUS=following {len(configuration.sources.source)} declared sources"):
                log.warning("service-manager-unreachable")
            log.info("started", sources=len(configuration.sources.source), config=str(configuration.path or "defaults"))
            following = self._wait()
            if following is None:
                self._manager.tell(STOPPING)
            finished = _stop_ticking(scheduler, app)
            if not finished:
                stack.pop_all()  # threads are still at work: the process ends without them
            log.info("stopped" if following is None else "reloading", finished=finished)
            return finished, following

    def _wait(self) -> Configuration | None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._stop.is_set():
                return None
            if self._reload.is_set():
                self._reload.clear()
                try:
                    return self._load()
                except ConfigurationError as error:
                    log.warning("reload-refused", error=str(error), kept="the configuration in force")


def add_ticks(scheduler: Scheduler, app: App, manager: ServiceManager) -> None:
    """One tick a stage, maintenance, the heartbeat where one is wanted, and the service manager's watchdog."""
    pulse = Pulse(monotonic)
    for stage, seconds in (
        (Stage.POLL, POLL_TICK_S),
        (Stage.INGEST, INGEST_TICK_S),
        (Stage.COMPOSE, COMPOSE_TICK_S),
        (Stage.DELIVER, DELIVER_TICK_S),
    ):
        scheduler.every(seconds, stage.value, partial(_drain, app, stage, pulse))
    scheduler.every(MAINTENANCE_TICK_S, "maintenance", partial(_maintain, app))
    if app.settings.heartbeat.url:
        scheduler.every(app.settings.heartbeat.every_min * 60, "heartbeat", partial(_beat, app, pulse))

    if manager.watchdog_s is not None:
        scheduler.every(manager.watchdog_s / 2, "watchdog", partial(reassure, manager, pulse))


def reassure(manager: ServiceManager, pulse: Pulse) -> None:
    """A tick like the others, so that a clockwork which stands still reassures nobody; nor does a stage that hangs."""
    if not pulse.standing_still():
        manager.tell(ALIVE)


class Pulse:
    """When each stage last ran to its end: what a heartbeat vouches for. `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ended = dict.fromkeys(Stage, clock())

    def note(self, stage: Stage) -> None:
        """A drain of this stage came to its end."""
        self._ended[stage] = self._clock()

    def standing_still(self) -> tuple[Stage, ...]:
        """The stages that have not come to an end for longer than `STILL_AFTER_S`."""
        now = self._clock()
        return tuple(stage for stage, at in self._ended.items() if now - at > STILL_AFTER_S)


def _drain(app: App, stage: Stage, pulse: Pulse) -> None:
    metrics = app.metrics

    def watch(report: object) -> None:
        note(report)
        if metrics is not None:
            metrics.note(report)

    app.dispatcher.drain(stage, watch=watch)
    pulse.note(stage)
    if metrics is not None:
        metrics.note_tick(stage.value)


def _beat(app: App, pulse: Pulse) -> None:
    """Silence is the alarm: no word while a stage hangs."""
    still = pulse.standing_still()
    if still:
        log.error("standing-still", stages=[stage.value for stage in still])
        return
    problem = app.send_heartbeat()
    if problem is not None:
        log.warning("heartbeat-failed", detail=problem)


def _maintain(app: App) -> None:
    with app.database.units() as unit:
        dropped = unit.trim(app.clock(), app.settings.poll.keep_history_days)
        unit.commit()
    log.info("maintenance", poll_rows_dropped=dropped)


def _stop_ticking(scheduler: Scheduler, app: App) -> bool:
    """Whether all that was in work finished in time."""
    app.dispatcher.stop()
    waiter = Thread(target=scheduler.stop, daemon=True)
    waiter.start()
    waiter.join(STOP_WITHIN_S)
    return not waiter.is_alive()


def note(report: object) -> None:
    """One log line for each thing done."""
    match report:
        case FeedReport():
            log.info(
                "polled",
                source=report.source_key,
                outcome=report.outcome.value,
                health=report.health.value,
                seen=report.seen,
                new=report.new,
                changed=report.changed,
                gap=report.gap or None,
                filled=report.filled or None,
                history=report.history or None,
                seconds=round(report.duration_s, 3),
                detail=report.detail or None,
                url=report.url,
            )
        case EntryReport():
            log.info(
                "ingested",
                entry=report.entry_id,
                outcome=report.outcome.value,
                label=report.label.value if report.label else None,
                path=report.path.value if report.path else None,
                article=report.article_id,
                events=list(report.event_ids),
                detail=report.detail or None,
            )
        case Digest():
            log.info("composed", subscription=report.subscription_key, subject=report.subject, to_seq=report.to_seq)
        case DeliveryReport():
            log.info(
                "delivered",
                channel=report.channel.value,
                state=report.state.value,
                outcome=report.outcome.value,
                detail=report.detail or None,
            )
        case _:
            log.info("done", report=type(report).__name__)
