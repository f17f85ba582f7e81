"""A program that may read servers of the test, and what such servers say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from monitor.bootstrap import App, quiet_logging
from monitor.settings import Configuration, FetchSettings, SandboxSettings, Settings, SourcesFile
from tests.adapters.hostile import Hostile, answer
from tests.web.conftest import NOW


@contextmanager
def reading(folder: Path, migrated: Path, servers: Sequence[Hostile]) -> Iterator[App]:
    """The program on an archive of its own, allowed to read these servers."""
    quiet_logging()
    archive = folder / "reading"
    archive.mkdir(mode=0o700)
    shutil.copy(migrated, archive / "monitor.db")
    (archive / "monitor.db").chmod(0o600)
    allowed = tuple(f"{one.address}:{one.port}" for one in servers)
    settings = Settings(
        data_directory=archive,
        seeds_directory=folder / "seeds",
        fetch=FetchSettings(host_gap_s=0.0, allowed_addresses=allowed, workers=2),
        sandbox=SandboxSettings(children=1),
    )
    with App(Configuration(settings, SourcesFile(), None), clock=lambda: NOW, write=lambda _text: None) as built:
        yield built


def rss(*titles: str, title: str = "City news", language: str = "fr") -> bytes:
    """A feed with these entries; texts are given as they stand in XML."""
    items = "".join(
        f"<item><title>{one}</title><link>/news/{number}</link>"
        f"<pubDate>Fri, 20 Nov 2026 0{number}:00:00 GMT</pubDate></item>"
        for number, one in enumerate(titles)
    )
    body = f"<rss version='2.0'><channel><title>{title}</title><language>{language}</language>{items}</channel></rss>"
    return answer(body.encode(), "200 OK", "Content-Type: application/rss+xml; charset=utf-8")


def html(body: str, head: str = "") -> bytes:
    page = f"<!doctype html><html><head><title>City</title>{head}</head><body>{body}</body></html>"
    return answer(page.encode(), "200 OK", "Content-Type: text/html; charset=utf-8")
