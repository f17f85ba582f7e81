from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor import bootstrap, resources
from monitor.__main__ import main
from monitor.adapters.sandbox import ProcessSandbox
from monitor.demo_web import DemoWeb, read_sites
from tests.children import Lent
from tests.shipped import new_archive


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(
    tmp_path: Path,
    migrated: Path,
    common_children: ProcessSandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs `monitor ...` in this process, with nothing of the machine's own configuration.

    An empty archive stands ready in the folder `archive`, and all commands have the same children.
    """
    new_archive(migrated, tmp_path / "archive" / "monitor.db")
    monkeypatch.setattr(bootstrap, "ProcessSandbox", lambda *_limits, **_warm: Lent(common_children))
    for name in list(os.environ):
        if name.startswith("MONITOR_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    def ran(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["monitor", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, said.out, said.err)

    return ran


@pytest.fixture
def web() -> Iterator[DemoWeb]:
    """The invented web of the demo."""
    with DemoWeb(read_sites(resources.demo_site())) as serving:
        yield serving


@pytest.fixture
def config(tmp_path: Path, web: DemoWeb) -> Path:
    """Settings that follow two of its sites."""
    chosen = [site for site in web.sites if site.key in ("ville-nancy", "city-partners-wire")]
    sources = "\n".join(
        f'[[source]]\nkey = "{site.key}"\nname = "{site.name}"\n'
        f'language = "{site.language}"\ncountry = "{site.country}"\n'
        f'feeds = [{{ url = "{web.feed_url(site)}" }}]\n'
        for site in chosen
    )
    (tmp_path / "sources.toml").write_text(sources, encoding="utf-8")
    path = tmp_path / "monitor.toml"
    path.write_text(
        f"""data_directory = "{tmp_path / "archive"}"
sources_file = "sources.toml"
[fetch]
host_gap_s = 0.0
allowed_addresses = {json.dumps(web.addresses)}
[[watch]]
key = "nancy"
places = ["Nancy"]
[[subscription]]
key = "screen"
channel = "console"
watches = ["nancy"]
""",
        encoding="utf-8",
    )
    return path
