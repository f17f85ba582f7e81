"""What is known beforehand: the seed corpus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.domain.model.articles import Fingerprint, Label
from monitor.domain.model.events import Happening, Person
from monitor.domain.model.partnerships import PartnershipData

__all__ = ["PartnershipData", "SeedRecord"]


@dataclass(frozen=True, slots=True)
class SeedRecord:
    """A known document: its facts in our own words and the fingerprint of its text, never the text."""

    key: str
    title: str
    label: Label  # event or background
    language: str
    fingerprint: Fingerprint
    url: str | None = None
    published_on: date | None = None
    summary: str = ""  # our own words
    happening: Happening | None = None  # None: background
    expected: tuple[Happening, ...] = ()
    people: tuple[Person, ...] = ()
    numbers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    partnerships: tuple[PartnershipData, ...] = ()
