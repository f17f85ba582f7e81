"""Where the reports of an event come from, and which of them stand on their own feet."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.model.events import Role


@dataclass(frozen=True, slots=True)
class ReportOrigin:
    """One article of an event, as far as its independence goes."""

    article_id: int
    role: Role
    publisher: str  # the house behind it; "" where nothing is known of it
    source_name: str = ""
    trust: int = 1  # of its source: 2 official, 1 press, 0 searches and copies
    place_id: str | None = None  # that its source speaks for or reports on
    agency: str | None = None  # whose text it prints, by its own credit or because the site is the agency's
    is_release: bool = False  # tells what a press release says
    copy_of_id: int | None = None  # the article whose text it repeats, wholly or nearly


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """Reports that are one voice: the first one, and what repeats it."""

    voice: str  # "agency:xinhua", "release", "publisher:city.example"
    article_ids: tuple[int, ...]  # ascending, never empty
    source_names: tuple[str, ...]  # in order of the articles, each once


@dataclass(frozen=True, slots=True)
class Standing:
    """How well an event is attested."""

    groups: tuple[ReportGroup, ...] = ()
    official: str | None = None  # the name of an official source of a participant that reports it
    needs_confirmation: bool = False  # it ends a relation, or threatens to
    is_confirmed: bool = True  # False only where confirmation is needed and missing

    @property
    def independent(self) -> int:
        """How many reports stand on their own feet."""
        return len(self.groups)

    @property
    def copies(self) -> int:
        """How many repeat another one."""
        return sum(len(group.article_ids) - 1 for group in self.groups)
