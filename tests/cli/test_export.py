from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Settings that follow nothing; the archive knows what the shipped seeds tell."""
    (tmp_path / "sources.toml").write_text("")
    path = tmp_path / "monitor.toml"
    path.write_text(f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n')
    return path


@pytest.fixture
def known(run: Run, settings: Path) -> Path:
    assert run("-c", str(settings), "partnership", "list").code == 0
    return settings


def test_events_are_written_to_a_file_that_is_whole_or_not_there(run: Run, known: Path, tmp_path: Path) -> None:
    out = tmp_path / "events.csv"
    ran = run("-c", str(known), "export", "events", "--place", "Nancy", "--no-bom", "--out", str(out))
    assert (ran.code, ran.err) == (0, f"Written: {out}\n")
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"), newline="")))
    assert rows
    assert any(row["participants"] == "kunming|nancy" for row in rows)
    assert not any(row["participants"] == "guangzhou|lyon" for row in rows)
    assert not list(tmp_path.glob("*.part"))
    assert run("-c", str(known), "export", "events", "--out", str(tmp_path / "no" / "where.csv")).code == 1


def test_a_package_holds_all_three(run: Run, known: Path, tmp_path: Path) -> None:
    out = tmp_path / "package.zip"
    assert run("-c", str(known), "export", "events", "-f", "package", "-o", str(out)).code == 0
    with zipfile.ZipFile(out) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert {one["name"] for one in manifest["files"] if one["rows"]} >= {"data/events.csv", "data/partnerships.jsonl"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("events", "--status", "dancing"), "--status: 'dancing' is none"),
        (("events", "--kind", "parties"), "--kind: 'parties' is none"),
        (("events", "--place", "Nowhereville"), "the gazetteer knows no place"),
        (("articles", "-f", "ics"), "choose csv, jsonl or package"),
    ],
)
def test_what_is_not_understood_is_refused(run: Run, known: Path, words: tuple[str, ...], told: str) -> None:
    ran = run("-c", str(known), "export", *words)
    assert ran.code == 2
    assert told in ran.err
