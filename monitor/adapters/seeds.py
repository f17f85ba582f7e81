"""Seed records as TOML files: one a known document, facts in our own words and a fingerprint, never the text."""

from __future__ import annotations

import hashlib
import os
import tempfile
import tomllib
from pathlib import Path

from pydantic import BaseModel, ValidationError

from monitor.adapters.seed_schema import KEY, SeedFile
from monitor.adapters.seed_text import seed_text
from monitor.domain.model.seeds import SeedRecord
from monitor.errors import ConfigurationError


def read_seed(path: Path) -> SeedRecord:
    """The record of one file; raises `ConfigurationError` naming file, key and what is allowed."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}") from error
    try:
        return SeedFile.model_validate(tables).record()
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {_explain(error)}") from error


def read_seeds(folder: Path) -> tuple[SeedRecord, ...]:
    """The records of all `*.toml` files in `folder`, by file name; none where there are none.

    Raises `ConfigurationError` as `read_seed` does, and where two files carry the same key.
    """
    files: dict[str, Path] = {}
    records = []
    for path in sorted(folder.glob("*.toml")):
        record = read_seed(path)
        if record.key in files:
            raise ConfigurationError(
                f"{path}: key: {record.key!r} is taken by {files[record.key].name}; keys are unique"
            )
        files[record.key] = path
        records.append(record)
    return tuple(records)


def write_seed(record: SeedRecord, folder: Path) -> Path:
    """Write `record` into `folder` (made where missing), over the file that holds its key, else as KEY.toml.

    Whole or not at all. Raises `ConfigurationError` for a key that is no file name or a folder that cannot be written.
    """
    if not KEY.fullmatch(record.key):
        raise ConfigurationError(f"seed key {record.key!r}: must be small letters a-z, figures, '.', '_' or '-'")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _path_of(record.key, folder)
        _write_whole(path, seed_text(record))
    except OSError as error:
        raise ConfigurationError(f"{folder}: the seed record cannot be written: {error.strerror}") from error
    return path


def record_sha(record: SeedRecord) -> str:
    """Changes when, and only when, a fact of the record changes; layout and comments of its file do not count."""
    return hashlib.sha256(seed_text(record).encode()).hexdigest()


def _path_of(key: str, folder: Path) -> Path:
    taken = [path for path in sorted(folder.glob("*.toml")) if path.stem == key or read_seed(path).key == key]
    return taken[0] if taken else folder / f"{key}.toml"


def _write_whole(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


# ---------------------------------------------------------------- what is wrong


def _explain(error: ValidationError) -> str:
    """The first problem in one line: key, what is wrong, what is allowed."""
    problem = error.errors(include_url=False, include_input=False)[0]
    location = list(problem["loc"])
    key = _dotted(location) or "the file"
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key; allowed here: {', '.join(sorted(_fields_at(location[:-1])))}"
    return f"{key}: {problem['msg'].removeprefix('Value error, ')}"


def _dotted(location: list[int | str]) -> str:
    """`people[2].role`, counting from 1 as people do."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _fields_at(location: list[int | str]) -> list[str]:
    """The keys allowed in the table at `location`; tables stand one level deep."""
    if not location:
        return list(SeedFile.model_fields)
    annotation = SeedFile.model_fields[str(location[0])].annotation
    tables = [one for one in _types_in(annotation) if issubclass(one, BaseModel)]
    return [name for table in tables for name in table.model_fields]


def _types_in(annotation: object) -> list[type]:
    arguments = getattr(annotation, "__args__", ())
    found = [annotation] if isinstance(annotation, type) and not arguments else []
    return found + [one for argument in arguments for one in _types_in(argument)]
