"""What is wrong with a setting, in one line that says what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ValidationError,
)


def explain(error: ValidationError, path: Path, model: type[BaseModel]) -> str:
    """The first problem in one line: file, key, what is wrong, what is allowed."""
    problem = error.errors(include_url=False, include_context=True, include_input=False)[0]
    location = [part for part in problem["loc"] if part != "__root__"]
    key = dotted(location) or "the file"
    if problem["type"] == "extra_forbidden":
        allowed = ", ".join(sorted(fields_at(model, location[:-1])))
        return f"{path}: {key}: unknown key; allowed here: {allowed}"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{path}: {key}: {message}"


def dotted(location: list[int | str]) -> str:
    """`subscription[2].schedule`, counting from 1 as people do."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def fields_at(model: type[BaseModel], location: list[int | str]) -> list[str]:
    """The names allowed in the table at `location`."""
    current = model
    for part in location:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part)
        inner = model_in(field.annotation) if field is not None else None
        if inner is None:
            return []
        current = inner
    return list(current.model_fields)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The table that a field is, or holds several of; None: it is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = model_in(argument)
        if found is not None:
            return found
    return None
