"""What a seed record looks like in its TOML file, and how that becomes a `SeedRecord`."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from monitor.domain import dedupe
from monitor.domain.model.articles import Fingerprint, Label
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Happening, Person, Precision
from monitor.domain.model.seeds import PartnershipData, SeedRecord
from monitor.domain.text import clean, clean_line

KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")  # also the name of the file that `write_seed` writes
_SHA = re.compile(r"[0-9a-f]{64}")


def _key(value: str) -> str:
    if not KEY.fullmatch(value):
        raise ValueError(
            "must be 1 to 80 small letters a-z, figures, '.', '_' or '-', beginning with a letter or figure"
        )
    return value


def _line(value: str) -> str:
    cleaned = clean_line(value)
    if not cleaned:
        raise ValueError("must not be empty")
    return cleaned


def _first_day(value: object) -> object:
    """Of a relation often only the year is known: it counts from the first of January."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
        return date(value, 1, 1)
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ValueError("must be an http:// or https:// address")
    return value


class Table(BaseModel):
    """A table of the file: no key but the known ones, no value but of its own type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Line = Annotated[str, AfterValidator(_line)]
PlaceIds = Annotated[list[Line], Field(min_length=1)]
Kinds = Annotated[list[Annotated[EventKind, Field(strict=False)]], Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_first_day)]


class EventTable(Table):
    """[event] and [[expected]]: a happening."""

    kinds: Kinds  # main kind first
    participants: PlaceIds
    host: Line | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    precision: Annotated[Precision, Field(strict=False)] = Precision.DAY
    date_inferred: bool = False
    status: Annotated[EventStatus, Field(strict=False)] = EventStatus.HAPPENED
    ordinal: Annotated[int, Field(ge=1)] | None = None
    series: Line | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.starts_on is None and self.ends_on is not None:
            raise ValueError("ends_on needs starts_on")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on must not lie before starts_on")
        return self

    def happening(self) -> Happening:
        """As the domain knows it."""
        when = None
        if self.starts_on is not None:
            when = DateRange(self.starts_on, self.ends_on or self.starts_on, self.precision)
        return Happening(
            kinds=tuple(self.kinds),
            participants=frozenset(self.participants),
            host_id=self.host,
            when=when,
            status=self.status,
            ordinal=self.ordinal,
            series_key=self.series,
            date_inferred=self.date_inferred,
        )


class PersonTable(Table):
    """[[people]]: somebody named."""

    name: Line
    role: str = ""


class PartnershipTable(Table):
    """[[partnership]]: a lasting relation that the document speaks of."""

    key: Annotated[str, AfterValidator(_line)]
    participants: Annotated[list[Line], Field(min_length=2)]
    grade: Literal["sister", "friendship", "partner"] = "partner"
    since: Day | None = None
    until: Day | None = None

    def partnership(self) -> PartnershipData:
        """As the domain knows it."""
        return PartnershipData(self.key, frozenset(self.participants), self.grade, self.since, self.until)


class FingerprintTable(Table):
    """[fingerprint]: what is kept of the text."""

    scheme: Line
    text_sha: str
    shingles: Annotated[int, Field(ge=0)]
    digest: str  # base64 of little-endian unsigned 32-bit values; "" for a text too short to compare

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not _SHA.fullmatch(self.text_sha):
            raise ValueError("text_sha must be 64 hexadecimal figures")
        values = len(self.values())
        if self.scheme == dedupe.SCHEME and values not in (0, dedupe.PERMUTATIONS):
            raise ValueError(f"digest holds {values} values, the scheme has {dedupe.PERMUTATIONS}")
        return self

    def values(self) -> tuple[int, ...]:
        """The digest as numbers."""
        try:
            packed = base64.b64decode("".join(self.digest.split()), validate=True)
            return tuple(value for (value,) in struct.iter_unpack("<I", packed))
        except (binascii.Error, ValueError, struct.error):
            raise ValueError("digest must be base64 of 32-bit values") from None

    def fingerprint(self) -> Fingerprint:
        """As the domain knows it; the bands are made anew, none for the digest of another scheme."""
        digest = self.values()
        bands = dedupe.bands(digest) if digest and self.scheme == dedupe.SCHEME else ()
        return Fingerprint(self.scheme, self.text_sha, self.shingles, digest, bands)


class SeedFile(Table):
    """The whole file."""

    key: Annotated[str, AfterValidator(_key)]
    title: Line
    label: Literal["event", "background"]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
    url: Annotated[str, AfterValidator(_web_address)] | None = None
    published: date | None = None
    summary: str = ""
    numbers: list[Line] = []
    organisations: list[Line] = []
    event: EventTable | None = None
    expected: list[EventTable] = []
    people: list[PersonTable] = []
    partnership: list[PartnershipTable] = []
    fingerprint: FingerprintTable

    @model_validator(mode="after")
    def _event_where_due(self) -> Self:
        if self.label == "event" and self.event is None:
            raise ValueError('label = "event" needs a table [event]')
        if self.label == "background" and self.event is not None:
            raise ValueError('label = "background" goes without [event]')
        return self

    def record(self) -> SeedRecord:
        """As the domain knows it."""
        return SeedRecord(
            key=self.key,
            title=self.title,
            label=Label(self.label),
            language=self.language,
            fingerprint=self.fingerprint.fingerprint(),
            url=self.url,
            published_on=self.published,
            summary=" ".join(clean(self.summary).split()),
            happening=self.event.happening() if self.event else None,
            expected=tuple(one.happening() for one in self.expected),
            people=tuple(Person(one.name, clean_line(one.role)) for one in self.people),
            numbers=tuple(self.numbers),
            organisations=tuple(self.organisations),
            partnerships=tuple(one.partnership() for one in self.partnership),
        )
