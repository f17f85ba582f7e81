"""A real Chromium, one archive that is filled once a session and served on loopback, and people to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser.pages import prepare
from tests.browser.visitor import WIDE, Visitor, window
from tests.browser.world import World, served

NAMES = ("chromium", "chromium-browser", "google-chrome")
Opens = Callable[..., Visitor]
Remembered = dict[str, StorageState]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Skips where there is no Chromium; on CI that is a failure."""
    path = next((found for found in map(shutil.which, NAMES) if found), None)
    if path is None:
        reason = f"no {' or '.join(NAMES)} on the path: install one (Debian: apt install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def town(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Remembered]]:
    """The filled archive after some days of use, and what the browsers of its people remember; nothing is filled where
    there is no browser to look at it.
    """
    assert chromium.is_connected()
    with served(tmp_path_factory.mktemp("archive")) as made:
        yield made, prepare(made)


@pytest.fixture(scope="session")
def world(town: tuple[World, Remembered]) -> World:
    """What the browser visits."""
    return town[0]


@pytest.fixture
def opens(chromium: Browser, town: tuple[World, Remembered]) -> Iterator[Opens]:
    """`opens("bo")` is a window in which bo is signed in; `opens("")` one in which nobody is."""
    world, remembered = town
    with ExitStack() as stack:

        def one(name: str = "ann", size: tuple[int, int] = WIDE, **options: Any) -> Visitor:
            state = remembered[name] if name else None
            return stack.enter_context(window(chromium, world.url, state, size, **options))

        yield one


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: $BROWSER_SHOTS, or the run's temporary folder."""
    given = os.environ.get("BROWSER_SHOTS")
    folder = Path(given) if given else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
