"""The dossier of a partnership: what a mayor takes to a meeting, every sentence with the numbers of its sources."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DossierSource:
    """One numbered source, in the reader's words."""

    number: int  # from 1, in the order of first use
    title: str  # of the article, or what stands for it: a table, the settings, a seed
    outlet: str = ""
    day: str = ""  # of publication, written out
    url: str = ""  # "": it has no address
    language: str | None = None  # of the title; None: the reader's


@dataclass(frozen=True, slots=True)
class DossierSentence:
    """One statement with what it rests on."""

    text: str
    sources: tuple[int, ...] = ()  # numbers, ascending
    lead: str = ""  # what stands before it: a name
    quoted: str = ""  # between both: as a report writes it
    quoted_language: str | None = None


@dataclass(frozen=True, slots=True)
class DossierSection:
    """A titled group of statements."""

    key: str  # partnership, agreements, events, people, expectations, certainty
    title: str
    sentences: tuple[DossierSentence, ...]
    empty: str = ""  # what to say where there are none


@dataclass(frozen=True, slots=True)
class Dossier:
    """The whole document, in the reader's language."""

    language: str
    title: str
    subtitle: str
    sections: tuple[DossierSection, ...]
    sources_title: str
    sources: tuple[DossierSource, ...]
    note: str  # how it was made, and when
