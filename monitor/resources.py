"""Where the shipped files are: in a checkout at its top, in an installed wheel inside the package."""

from __future__ import annotations

import hashlib
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


def context_cues() -> Path:
    """The folder of cue words for what happens at places beside any relation."""
    return _PACKAGE / "lexicon" / "context"


def gazetteer() -> Path:
    """The folder of curated places."""
    return _PACKAGE / "gazetteer"


def gazetteer_state() -> str:
    """Changes whenever the curated places do."""
    state = hashlib.sha256()
    for path in sorted(gazetteer().glob("*.toml")):
        state.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()[:16]


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


def content_sha(folder: Path) -> str:
    """sha256 of the names and the content of the TOML files in a folder and below: the same wherever it lies."""
    state = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        state.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return state.hexdigest()


def rules_state() -> str:
    """Changes whenever a file does that reading and deciding rest on."""
    folders = (_PACKAGE / "domain", _PACKAGE / "adapters" / "children", lexicon(), gazetteer())
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".toml"})
    state = hashlib.sha256()
    for path in files:
        found = path.stat()
        state.update(f"{path.relative_to(_PACKAGE)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return state.hexdigest()
