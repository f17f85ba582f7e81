"""The files of sources and of outlets."""

from __future__ import annotations

from typing import Self

from pydantic import (
    Field,
    model_validator,
)

from monitor.domain.model.sources import DEFAULT_QUOTE_CHARS, FeedKind, Rights
from monitor.settings.values import Country, Key, Language, Table, WebAddress, unique


class FeedSettings(Table):
    """One pollable address."""

    url: WebAddress
    kind: FeedKind = FeedKind.AUTO
    link_selector: str | None = None
    link_pattern: str | None = None
    interval_min: int | None = Field(None, ge=5, le=7 * 24 * 60)
    max_pages: int = Field(1, ge=1, le=50)  # of a paginated archive; kind page
    next_selector: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kind is FeedKind.MAILBOX:
            raise ValueError("kind: a mailbox is no address of a source; it is set up in [mailbox] of the settings")
        return self


class SourceSettings(Table):
    """A publisher."""

    key: Key
    name: str
    home_page: WebAddress | None = None
    language: Language | None = None
    country: Country | None = None
    trust: int = Field(1, ge=0, le=2)
    rights: Rights = Rights.QUOTE
    about_relations: bool = False
    paused: bool = False
    quote_chars: int = Field(DEFAULT_QUOTE_CHARS, ge=0, le=5000)  # shown of a text under `rights = "quote"`
    tdm_licensed: bool = False  # the publisher allowed what its TDM reservation keeps from others
    place: str | None = None  # name or gazetteer id of the place it speaks for or reports on
    feeds: tuple[FeedSettings, ...] = Field(min_length=1)


class SourcesFile(Table):
    """The declared stock of sources."""

    source: tuple[SourceSettings, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        unique("source key", [one.key for one in self.source])
        unique("feed url", [feed.url for one in self.source for feed in one.feeds])
        return self


class OutletSettings(Table):
    """A site that could be followed."""

    name: str
    url: WebAddress
    language: Language
    kind: FeedKind = FeedKind.AUTO


class PlaceOutlets(Table):
    """Who speaks for a place and who reports on it."""

    place: str  # gazetteer id
    official: tuple[OutletSettings, ...] = ()
    press: tuple[OutletSettings, ...] = ()


class OutletsFile(Table):
    """What sources for a partnership are proposed from."""

    outlets: tuple[PlaceOutlets, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        unique("place", [one.place for one in self.outlets])
        unique("url", [site.url for one in self.outlets for site in (*one.official, *one.press)])
        return self
