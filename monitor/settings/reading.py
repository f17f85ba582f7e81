"""Reading the settings from files and environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import (
    SecretStr,
    ValidationError,
)

from monitor import resources
from monitor.errors import ConfigurationError
from monitor.settings.complaints import explain, fields_at
from monitor.settings.root import ENVIRONMENT_PREFIX, Configuration, Settings
from monitor.settings.sources import OutletsFile, SourcesFile
from monitor.settings.values import APPLICATION

_OTHER_VARIABLES = frozenset({"MONITOR_BY", "MONITOR_CONFIG", "MONITOR_TEST_POSTGRESQL"})


def default_path() -> Path | None:
    """The file named by MONITOR_CONFIG, else the one in the user's configuration directory, else none."""
    named = os.environ.get("MONITOR_CONFIG")
    if named:
        return Path(named)
    own = user_config_path(APPLICATION) / "monitor.toml"
    return own if own.is_file() else None


def load(path: Path | None) -> Configuration:
    """Read and check everything; raises `ConfigurationError` with one line that names file, key and what is allowed."""
    _check_environment(os.environ)
    values = read_toml(path) if path is not None else {}
    where = path or Path("environment")
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise ConfigurationError(explain(error, where, Settings)) from error
    base = path.parent if path is not None else Path.cwd()
    sources_path = base / settings.sources_file if settings.sources_file else resources.config() / "sources.toml"
    return Configuration(settings, load_sources(sources_path), path)


def load_sources(path: Path) -> SourcesFile:
    """Read a file of [[source]] tables."""
    try:
        return SourcesFile.model_validate(read_toml(path))
    except ValidationError as error:
        raise ConfigurationError(explain(error, path, SourcesFile)) from error


def load_outlets(path: Path) -> OutletsFile:
    """Read a file of [[outlets]] tables."""
    try:
        return OutletsFile.model_validate(read_toml(path))
    except ValidationError as error:
        raise ConfigurationError(explain(error, path, OutletsFile)) from error


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: no such file") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}") from error


def secret(value: SecretStr, file: Path | None, base: Path | None, key: str) -> str:
    """A secret from its value or its file; "" where neither is given."""
    if value.get_secret_value() or file is None:
        return value.get_secret_value()
    path = (base / file) if base is not None else file
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{key}: the secret file {path} cannot be read") from error


def _check_environment(environment: Mapping[str, str]) -> None:
    """A misspelt variable is an error, not a silence."""
    for name in environment:
        if not name.startswith(ENVIRONMENT_PREFIX) or name in _OTHER_VARIABLES:
            continue
        path: list[int | str] = list(name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__"))
        allowed = fields_at(Settings, path[:-1])
        if path[-1] not in allowed:
            known = ", ".join(
                f"{ENVIRONMENT_PREFIX}{'__'.join([*map(str, path[:-1]), one]).upper()}" for one in sorted(allowed)
            )
            raise ConfigurationError(f"environment: {name}: unknown setting; allowed here: {known or 'nothing'}")
