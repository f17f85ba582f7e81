"""One side of the polling bench: this project, as the service runs it. Articles are not fetched.

Arguments: folder, file of urls, workers. Each line of input is one round; answers with the seconds it took.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from monitor.bootstrap import App, quiet_logging, utc_now
from monitor.domain.model.sources import FeedReport
from monitor.domain.outcomes import is_failure
from monitor.ports import Stage
from monitor.settings import load


def configure(folder: Path, urls: list[str], workers: int) -> Path:
    """Write a configuration in which every feed is a source of its own and its host may be asked."""
    sources = (
        f'[[source]]\nkey = "s{n}"\nname = "Gazette {n}"\nfeeds = [{{ url = "{url}" }}]\n' for n, url in enumerate(urls)
    )
    (folder / "sources.toml").write_text("".join(sources), encoding="utf-8")
    hosts = json.dumps([urlsplit(url).netloc for url in urls])
    path = folder / "monitor.toml"
    path.write_text(
        f'data_directory = "{folder / "data"}"\nsources_file = "sources.toml"\n'
        f"[fetch]\nworkers = {workers}\nallowed_addresses = {hosts}\n",
        encoding="utf-8",
    )
    return path


def poll_all(app: App, ids: list[int]) -> tuple[float, list[FeedReport]]:
    """One round over all feeds: seconds and reports."""
    reports: list[FeedReport] = []
    app.database.queue.hurry(Stage.POLL, ids, utc_now())
    started = perf_counter()
    app.dispatcher.drain(Stage.POLL, watch=lambda one: reports.append(one) if isinstance(one, FeedReport) else None)
    return perf_counter() - started, reports


def main() -> None:
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        del os.environ[name]
    folder, urls, workers = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8").split(), int(sys.argv[3])
    quiet_logging()
    with App(load(configure(folder, urls, workers))) as app:
        app.apply_declared()
        app.sandbox  # noqa: B018 - its children start now, as they do in a running service
        with sqlite3.connect(f"file:{folder / 'data' / 'monitor.db'}?mode=ro", uri=True) as look:
            ids = [row[0] for row in look.execute("SELECT id FROM feed")]
        print("{}", flush=True)
        for _ in sys.stdin:
            seconds, reports = poll_all(app, ids)
            with sqlite3.connect(f"file:{folder / 'data' / 'monitor.db'}?mode=ro", uri=True) as look:
                (entries,) = look.execute("SELECT count(*) FROM entry").fetchone()
            failed = len(ids) - len(reports) + sum(is_failure(one.outcome) for one in reports)
            print(json.dumps({"seconds": seconds, "failed": failed, "entries": entries}), flush=True)


if __name__ == "__main__":
    main()
