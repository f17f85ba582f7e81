"""A person in front of a browser: goes from page to page, and notes whatever a browser would complain about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, StorageState

from tests.browser.world import PASSWORD

WIDE, PHONE = (1200, 900), (360, 740)
ZOOMED = (320, 256)  # a window of 1280 by 1024 at 400 %
# What WCAG 1.4.12 lets a reader ask for, for a context that bypasses the policy.
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
PATIENCE_MS = 15_000


@dataclass
class Visitor:
    """One window."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)  # statuses that a test asks for on purpose

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if any(f"status of {status} " in message.text for status in self.expected):
            return
        self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "about:", "file:")):
            self.complaints.append(f"another host was asked: {request.url}")

    def goto(self, path: str, status: int = 200) -> Page:
        """Open an address of the site."""
        self.expected |= {status} - {200}
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        return self.page

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Through the page, as everybody does."""
        if not self.page.url.startswith(f"{self.url}/login"):
            self.goto("/login")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("main").get_by_role("button").click()

    @property
    def status(self) -> str:
        """What the page says was done."""
        return " ".join(self.page.locator("main [role=status]").first.inner_text().split())

    @property
    def here(self) -> str:
        """The address without the host."""
        return self.page.url.removeprefix(self.url)


@contextmanager
def window(
    browser: Browser, url: str, state: StorageState | None = None, size: tuple[int, int] = WIDE, **options: Any
) -> Iterator[Visitor]:
    """A window of its own, with nothing remembered but `state`; a page that made the browser complain fails."""
    context: BrowserContext = browser.new_context(
        storage_state=state, viewport={"width": size[0], "height": size[1]}, **{"locale": "en", **options}
    )
    context.set_default_timeout(PATIENCE_MS)
    visitor = Visitor(context.new_page(), url)
    try:
        yield visitor
        assert visitor.complaints == []
    finally:
        context.close()


def sideways(page: Page) -> list[str]:
    """What sticks out to the right of the window, as the page stands; [] where nothing scrolls sideways."""
    return list(
        page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              return [...document.querySelectorAll('body *')]
                .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.closest('.wide'))
                .map((one) => one.tagName + '.' + one.className + ' ' + (one.textContent || '').trim().slice(0, 40))
                .slice(0, 5).concat(['the page scrolls']);
            }"""
        )
    )
