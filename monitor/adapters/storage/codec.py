"""Frozen dataclasses of the domain to JSON and back, by their annotations alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Json = Any  # what the json module takes and gives
T = TypeVar("T")


def encode(value: object) -> Json:
    """As plain JSON values; sets are sorted, so that equal values have equal documents."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case tuple() | list():
            return [encode(one) for one in value]
        case frozenset() | set():
            return sorted(encode(one) for one in value)
        case Mapping():
            return {str(key): encode(one) for key, one in value.items()}
        case _ if is_dataclass(value):
            return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")


def decode(kind: Callable[..., T], data: Json) -> T:
    """The value that `encode` wrote. Fields that a newer version added take their default; unknown ones are ignored."""
    decoder: Callable[[Json], T] = _decoder(kind)
    return decoder(data)


@cache
def _decoder(kind: Any) -> Callable[[Json], Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin is frozenset:
        item = _decoder(arguments[0])
        return lambda data: frozenset(item(one) for one in data)
    if is_dataclass(kind):
        return _dataclass(kind)
    if kind in (date, datetime):
        return kind.fromisoformat  # type: ignore[no-any-return]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind in (str, int, float, bool):
        return lambda data: data
    raise TypeError(f"cannot be read from JSON: {kind!r}")


def _optional(arguments: tuple[Any, ...]) -> Callable[[Json], Any]:
    (inner,) = (_decoder(one) for one in arguments if one is not NoneType)
    return lambda data: None if data is None else inner(data)


def _tuple(arguments: tuple[Any, ...]) -> Callable[[Json], Any]:
    if arguments[-1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda data: tuple(item(one) for one in data)
    items = [_decoder(one) for one in arguments]
    return lambda data: tuple(item(one) for item, one in zip(items, data, strict=True))


def _dataclass(kind: Any) -> Callable[[Json], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _decoder(hints[field.name]) for field in fields(kind)}
    needed = {field.name for field in fields(kind) if _is_needed(field)}

    def read(data: Json) -> Any:
        missing = needed - data.keys()
        if missing:
            raise ValueError(f"{kind.__name__} without {', '.join(sorted(missing))}")
        return kind(**{name: reader(data[name]) for name, reader in readers.items() if name in data})

    return read


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
