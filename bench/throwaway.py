"""The program on an archive of its own, in this process: what the benches run on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from monitor.bootstrap import App, quiet_logging, utc_now
from monitor.pipeline.files import Assessing
from monitor.settings import Configuration, FetchSettings, Settings, SourcesFile


@contextmanager
def app(
    settings: dict[str, object] | None = None,
    sources: SourcesFile | None = None,
    clock: Callable[[], datetime] = utc_now,
    folder: Path | None = None,
    write: Callable[[str], None] = lambda _text: None,  # the console channel's way out
) -> Iterator[App]:
    """With the shipped lexicon and gazetteer; no seeds are loaded yet; `folder` outlives it, else nothing does."""
    quiet_logging()
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as temporary:
        home = folder or Path(temporary)
        chosen = Settings(
            **{  # type: ignore[arg-type]
                "data_directory": home,
                "seeds_directory": home / "seeds",
                "fetch": FetchSettings(workers=1),
                **(settings or {}),
            }
        )
        with App(Configuration(chosen, sources or SourcesFile(), None), clock=clock, write=write) as built:
            yield built


@contextmanager
def assessing() -> Iterator[Assessing]:
    """What `monitor assess` judges with, on an archive that holds the seeds only."""
    with app() as built:
        built.load_seeds()
        yield Assessing(built.database.units, built.gazetteer, built.languages, built.knowledge)
