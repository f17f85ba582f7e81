"""What makes entries and articles of bytes, and what the words in them are known by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from monitor.domain.model.articles import (
    ArticleData,
    ExtractFailed,
)
from monitor.domain.model.places import Place, PlaceHit
from monitor.domain.model.sources import (
    FeedKind,
    ParsedFeed,
    ParseFailed,
)
from monitor.domain.outcomes import Outcome
from monitor.ports.web import Fetched


@dataclass(frozen=True, slots=True)
class SandboxFailed:
    """A child died, ran out of time or memory, or answered with an error of its own."""

    outcome: Outcome  # child-crash, child-deadline, child-memory, internal
    detail: str


Json = Any  # what `json.loads` gives; narrowed by the adapter that asked, never passed on


class Sandbox(Protocol):
    """Runs a named task on bytes in a persistent child process with limits."""

    def run(self, task: str, payload: Mapping[str, Json], body: bytes = b"") -> dict[str, Json] | SandboxFailed:
        """Run `task` of `monitor.adapters.children`; blocks until answer, deadline or death of the child."""
        ...

    def close(self) -> None:
        """End the children."""
        ...


class Wall(StrEnum):
    """What stands before a page instead of it."""

    LOGIN = "login"
    CAPTCHA = "captcha"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class PageSurvey:
    """What a page tells about how its site can be followed; addresses are absolute."""

    feeds: tuple[str, ...]  # declared ones first
    sitemaps: tuple[str, ...]
    generator: str | None  # the content management system, lower case, as far as the page shows it
    wall: Wall | None
    selectors: tuple[str, ...]  # CSS, of links that look like a list of articles; the likeliest first


class Parser(Protocol):
    """Reads a fetched feed or page into entries."""

    def parse(
        self,
        fetched: Fetched,
        kind: FeedKind,
        now: datetime,
        link_selector: str | None = None,
        link_pattern: str | None = None,
        next_selector: str | None = None,
    ) -> ParsedFeed | ParseFailed:
        """Read `fetched` as `kind`; `auto` tries a feed first, then a sitemap, then a page; never fetches anything
        itself. `next_selector` finds the link to the next page where the page does not declare it.
        """
        ...

    def linked_feeds(self, fetched: Fetched) -> tuple[str, ...]:
        """The absolute addresses of feeds that an HTML page links to, in document order."""
        ...

    def survey(self, fetched: Fetched) -> PageSurvey | ParseFailed:
        """How the site of a page can be followed, and whether a wall stands before it."""
        ...


class Extractor(Protocol):
    """Takes the article out of a captured page."""

    def extract(
        self, body: bytes, url: str, content_type: str, language: str | None = None
    ) -> ArticleData | ExtractFailed:
        """Extract title, text, author, dates, language and site name; `language` is the source's, if known."""
        ...


class LanguageIdentifier(Protocol):
    """Tells the language of a text."""

    def identify(self, text: str, declared: str | None = None) -> str | None:
        """BCP 47 primary subtag by the first 400 characters; under 20 of them `declared` is believed; None: unknown."""
        ...


class Gazetteer(Protocol):
    """Knows places and finds their names in any script."""

    def find(self, text: str, language: str | None) -> tuple[PlaceHit, ...]:
        """Every name in `text`, leftmost-longest, in order, not overlapping; nothing is settled here."""
        ...

    def place(self, place_id: str) -> Place | None:
        """The entry of that id."""
        ...

    def by_name(self, name: str) -> tuple[Place, ...]:
        """Entries carrying exactly that name (folded), best known first: for configuration and the command line."""
        ...

    def beside(self, place_id: str) -> tuple[str, ...]:
        """Ids of what stands for a place: institutions that have their seat there, and places merged into it."""
        ...


class Embeddings(Protocol):
    """Word vectors, where the operator brought a model; may be used from any thread."""

    name: str  # of the model, for the decision record

    def similarity(self, one: str, other: str) -> float:
        """How much two short texts mean the same, in [0, 1]; 0 where the model knows no word of one."""
        ...


class CaptureStore(Protocol):
    """Keeps raw responses as content-addressed files beside the database."""

    def put(self, body: bytes) -> str:
        """Store and return the sha256 hex; durable when it returns; storing the same bytes again changes nothing."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes; raises `NotFound`."""
        ...
