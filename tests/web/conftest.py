"""A site on an empty archive, and a client that speaks to it as a browser does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from lxml.html import HtmlElement, document_fromstring
from starlette.testclient import TestClient

from monitor.bootstrap import App, quiet_logging
from monitor.settings import Configuration, Settings, SourcesFile
from monitor.web import app as web_app
from monitor.web.site import Gate, OpenGate, Site, WebOptions
from tests.shipped import new_archive

if TYPE_CHECKING:
    from tests.web.signing_in import Town

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
KEY = b"k" * 32


@pytest.fixture(scope="session", autouse=True)
def one_event_loop() -> Iterator[None]:
    """All clients in one loop: a client that is no context would start a loop and a thread for each request."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture
def assembled(tmp_path: Path, migrated: Path) -> Iterator[App]:
    """The program on an archive of its own."""
    quiet_logging()
    new_archive(migrated, tmp_path / "archive" / "monitor.db")
    settings = Settings(data_directory=tmp_path / "archive", seeds_directory=tmp_path / "seeds")
    with App(Configuration(settings, SourcesFile(), None), clock=lambda: NOW, write=lambda _text: None) as built:
        yield built


def site_with(app: App, gate: Gate | None = None, options: WebOptions | None = None) -> Site:
    return Site(app, options or WebOptions(), gate or OpenGate(), KEY, lambda: NOW)


@dataclass
class Browser:
    """Follows no redirect, keeps cookies, and sends the token of the last page with its forms."""

    client: TestClient
    token: str = ""

    def get(self, path: str, **headers: str) -> HtmlElement:
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        tree = document_fromstring(answer.text)
        self.token = next(iter(tree.xpath("//input[@name='csrf']/@value")), self.token)
        return tree

    def post(self, path: str, **fields: str) -> str:
        """Send a form; where it led."""
        answer = self.client.post(path, data={"csrf": self.token, **fields})
        assert answer.status_code == 303, (path, answer.status_code, answer.text[:300])
        return str(answer.headers["location"])


def browser(web: FastAPI) -> Browser:
    return Browser(TestClient(web, "http://localhost", follow_redirects=False, raise_server_exceptions=False))


@pytest.fixture
def local(assembled: App) -> Browser:
    """The person at a machine without accounts."""
    return browser(web_app.create(site_with(assembled)))


@pytest.fixture
def town(assembled: App) -> Town:
    """A site with accounts, none made yet."""
    from tests.web.signing_in import Town

    return Town(assembled)
