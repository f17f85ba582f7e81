"""Where the shipped files are: in a checkout at its top, in an installed wheel inside the package."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
_SHIPPED = _PACKAGE / "_shipped"  # pyproject.toml puts the top-level folders here when it builds a wheel


def _top_level(name: str) -> Path:
    shipped = _SHIPPED / name
    return shipped if shipped.is_dir() else _CHECKOUT / name


def migrations() -> Path:
    """The folder of alembic's scripts."""
    return _top_level("migrations")


def seeds() -> Path:
    """The folder of shipped seed records."""
    return _top_level("seeds")


def config() -> Path:
    """The folder with the example configuration and the default sources."""
    return _top_level("config")


def lexicon() -> Path:
    """The folder of cue words, one TOML file a language."""
    return _PACKAGE / "lexicon"


def gazetteer() -> Path:
    """The folder of curated places."""
    return _PACKAGE / "gazetteer"


def cache() -> Path | None:
    """The folder for what can be made again: the service manager's, else the user's; None where there is no home."""
    given = os.environ.get("CACHE_DIRECTORY", "").split(":")[0]
    if given:
        return Path(given)
    try:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        return None
    return Path(home) / "sister-city-monitor"


def locale() -> Path:
    """The folder of translations, one PO file a language."""
    return _PACKAGE / "locale"


def demo_site() -> Path:
    """The folder of the invented web site."""
    return _PACKAGE / "demo_site"
