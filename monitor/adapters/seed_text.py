"""A seed record as TOML text, laid out for people to read and mend."""

from __future__ import annotations

import base64
import json
import struct
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from monitor.domain.model.events import Happening
from monitor.domain.model.seeds import PartnershipData, SeedRecord

WIDTH = 116

Value = str | int | bool | date | Iterable[str] | None


def seed_text(record: SeedRecord) -> str:
    """The file of a record; equal records give equal text."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: SeedRecord) -> Iterator[str]:
    yield from _pairs(
        {
            "key": record.key,
            "title": record.title,
            "label": record.label.value,
            "language": record.language,
            "url": record.url,
            "published": record.published_on,
        }
    )
    yield from _block(
        "summary", textwrap.wrap(record.summary, WIDTH - 8, break_long_words=False, break_on_hyphens=False), " "
    )
    yield from _pairs({"numbers": record.numbers, "organisations": record.organisations})
    if record.happening is not None:
        yield from _table("[event]", _happening(record.happening))
    for expected in record.expected:
        yield from _table("[[expected]]", _happening(expected))
    for person in record.people:
        yield from _table("[[people]]", {"name": person.name, "role": person.role or None})
    for partnership in record.partnerships:
        yield from _table("[[partnership]]", _partnership(partnership))
    print_ = record.fingerprint
    facts: Mapping[str, Value] = {"scheme": print_.scheme, "text_sha": print_.text_sha, "shingles": print_.shingles}
    yield from _table("[fingerprint]", facts)
    packed = struct.pack(f"<{len(print_.digest)}I", *print_.digest)
    yield from _block("digest", textwrap.wrap(base64.b64encode(packed).decode(), WIDTH - 8), "") or ['digest = ""']


def _happening(happening: Happening) -> Mapping[str, Value]:
    when = happening.when
    return {
        "kinds": [kind.value for kind in happening.kinds],
        "participants": sorted(happening.participants),
        "host": happening.host_id,
        "starts_on": when.starts_on if when else None,
        "ends_on": when.ends_on if when else None,
        "precision": when.precision.value if when else None,
        "date_inferred": happening.date_inferred or None,
        "status": happening.status.value,
        "ordinal": happening.ordinal,
        "series": happening.series_key,
    }


def _partnership(partnership: PartnershipData) -> Mapping[str, Value]:
    return {
        "key": partnership.key,
        "participants": sorted(partnership.participants),
        "grade": partnership.grade,
        "since": partnership.since,
        "until": partnership.until,
    }


# ---------------------------------------------------------------- TOML


def _table(head: str, pairs: Mapping[str, Value]) -> Iterator[str]:
    yield ""
    yield head
    yield from _pairs(pairs)


def _pairs(pairs: Mapping[str, Value]) -> Iterator[str]:
    for name, value in pairs.items():
        if value is not None and value != ():
            yield from _pair(name, value)


def _pair(name: str, value: str | int | bool | date | Iterable[str]) -> Iterator[str]:
    match value:
        case bool():
            yield f"{name} = {str(value).lower()}"
        case int():
            yield f"{name} = {value}"
        case date():
            yield f"{name} = {value.isoformat()}"
        case str():
            yield f"{name} = {_quoted(value)}"
        case _:
            yield from _list(name, [_quoted(one) for one in value])


def _list(name: str, items: list[str]) -> Iterator[str]:
    on_one_line = f"{name} = [{', '.join(items)}]"
    if len(on_one_line) <= WIDTH:
        yield on_one_line
        return
    yield f"{name} = ["
    yield from (f"  {item}," for item in items)
    yield "]"


def _quoted(text: str) -> str:
    """A basic string: TOML's escapes are JSON's, but that DEL must be escaped, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _block(name: str, chunks: list[str], glue: str) -> list[str]:
    """A long string on several lines; a backslash at a line's end joins it to the next."""
    if len(chunks) < 2:
        return [f"{name} = {_quoted(chunk)}" for chunk in chunks]
    inner = [_quoted(chunk)[1:-1] for chunk in chunks]
    return [f'{name} = """\\', *(f"  {chunk}{glue}\\" for chunk in inner[:-1]), f'  {inner[-1]}"""']
