"""Partnerships from a table: one a row, with its agreement where one is told. A bad row costs itself."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from monitor.domain.agreements import GRADES
from monitor.domain.model.partnerships import AgreementData, Declared, PartnershipData, Stated
from monitor.domain.model.places import Place
from monitor.domain.partnerships import partnership_key
from monitor.domain.text import clean_line

# place, partner: names or gazetteer ids, "Victoria (CA)" where several places have the name; several partners of one
# partnership are parted by "|". grade: sister, friendship or partner. since, until, signed_on, ends_on: a day
# (2017-08-22) or a year. term_years: a number.
COLUMNS = ("place", "partner", "grade", "since", "until", "title", "signed_on", "term_years", "ends_on")
NEEDED = ("place", "partner")
MAX_ROWS = 20_000  # the largest register of the world has some 12,000 pairs
MAX_TITLE_CHARS = 300
MAX_TERM_YEARS = 100
_SEPARATORS = ",;\t"

Resolve = Callable[[str], "Place | str"]  # the place of a name or id, or why it cannot be told


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that was left out."""

    line: int  # of the file, the first is 1
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a table tells."""

    declared: Declared
    refused: tuple[RowRefused, ...]


class _BadRow(Exception):
    """Why a row cannot be taken."""


def read_rows(text: str, resolve: Resolve) -> Imported:
    """The partnerships of a table with a header line; commas, semicolons or tabs part the columns.

    Unknown columns are refused with the header, since a misspelt one would be lost in silence.
    """
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=max(_SEPARATORS, key=header.count), strict=True)
    problem = _header_problem(reader)
    if problem is not None:
        return Imported(Declared(), (RowRefused(1, problem),))
    partnerships: dict[str, PartnershipData] = {}
    agreements: list[AgreementData] = []
    refused: list[RowRefused] = []
    for line, row in _rows(reader, refused):
        try:
            partnership, agreement = _read(row, resolve)
        except _BadRow as bad:
            refused.append(RowRefused(line, str(bad)))
            continue
        if partnership.key in partnerships and agreement is None:
            refused.append(RowRefused(line, f"{partnership.key} is there already"))
            continue
        partnerships.setdefault(partnership.key, partnership)
        agreements += [agreement] if agreement is not None else []
    return Imported(Declared(tuple(partnerships.values()), tuple(agreements)), tuple(refused))


def _header_problem(reader: csv.DictReader[str]) -> str | None:
    try:
        names = [clean_line(name or "").casefold() for name in reader.fieldnames or ()]
    except csv.Error as error:
        return f"the header cannot be read: {error}"
    reader.fieldnames = names
    missing = [name for name in NEEDED if name not in names]
    unknown = sorted(set(names) - set(COLUMNS))
    if missing:
        return f"the header lacks {', '.join(missing)}; known columns: {', '.join(COLUMNS)}"
    return f"unknown column {unknown[0]!r}; known columns: {', '.join(COLUMNS)}" if unknown else None


def _rows(reader: csv.DictReader[str], refused: list[RowRefused]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows with the line on which they end; what the reader chokes on is refused."""
    for _ in range(MAX_ROWS):
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            refused.append(RowRefused(reader.line_num, str(error)))
            continue
        if None in row:
            refused.append(RowRefused(reader.line_num, "more columns than the header has"))
        else:
            yield reader.line_num, {name: clean_line(value or "") for name, value in row.items()}
    refused.append(RowRefused(reader.line_num, f"more than {MAX_ROWS:,} rows: the rest was left out"))


def _read(row: Mapping[str, str], resolve: Resolve) -> tuple[PartnershipData, AgreementData | None]:
    participants = frozenset(_place(name, resolve) for name in (row["place"], *row["partner"].split("|")))
    if len(participants) < 2:
        raise _BadRow("place and partner are the same")
    grade = row.get("grade", "").casefold() or None
    if grade is not None and grade not in GRADES:
        raise _BadRow(f"grade {grade!r}: must be one of {', '.join(GRADES)}")
    since, until = _day(row, "since"), _day(row, "until", last=True)
    if since is not None and until is not None and until < since:
        raise _BadRow("until lies before since")
    key = partnership_key(participants)
    partnership = PartnershipData(key, participants, grade or "", since, until, origin=Stated.CSV)
    return partnership, _agreement(row, key, grade)


def _agreement(row: Mapping[str, str], key: str, grade: str | None) -> AgreementData | None:
    signed_on, ends_on = _day(row, "signed_on"), _day(row, "ends_on", last=True)
    title, term = clean_line(row.get("title", ""), MAX_TITLE_CHARS), row.get("term_years", "")
    if not (title or signed_on or ends_on or term):
        return None
    if term and not (re.fullmatch(r"\d{1,3}", term, re.ASCII) and 1 <= int(term) <= MAX_TERM_YEARS):
        raise _BadRow(f"term_years {term!r}: must be a number from 1 to {MAX_TERM_YEARS}")
    return AgreementData(
        partnership_key=key,
        key=signed_on.isoformat() if signed_on is not None else "agreement",
        title=title,
        grade=grade,
        signed_on=signed_on,
        term_months=12 * int(term) if term else None,
        ends_on=ends_on,
        origin=Stated.CSV,
    )


def _place(name: str, resolve: Resolve) -> str:
    if not name.strip():
        raise _BadRow("place or partner is empty")
    found = resolve(name.strip())
    if isinstance(found, str):
        raise _BadRow(found)
    return found.id


def _day(row: Mapping[str, str], column: str, *, last: bool = False) -> date | None:
    """A day, or the first (`last`: the last) of a year."""
    text = row.get(column, "")
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}", text, re.ASCII):
            return date(int(text), 12, 31) if last else date(int(text), 1, 1)
        return date.fromisoformat(text)
    except ValueError:
        raise _BadRow(f"{column} {text!r}: must be a day such as 2017-08-22, or a year") from None
