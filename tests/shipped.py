"""What is shipped with the program and takes seconds to load: loaded once a process, and never changed by a test."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from monitor import resources
from monitor.adapters.gazetteer import NamesGazetteer, load_gazetteer
from monitor.adapters.lexicon import load_lexicon
from monitor.domain.lexicon import Lexicon


@cache
def lexicon() -> Lexicon:
    return load_lexicon(resources.lexicon())


@cache
def gazetteer() -> NamesGazetteer:
    """Through the cache of the run (see the fixture `shared_cache`): call it inside tests and fixtures only."""
    return load_gazetteer(resources.gazetteer(), resources.cache())


def new_archive(migrated: Path, path: Path) -> Path:
    """A copy of the fixture `migrated` as the program would have made it: for its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(migrated, path)
    path.chmod(0o600)
    return path
