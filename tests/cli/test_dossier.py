from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from tests.cli.conftest import Run


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text("")
    path = tmp_path / "monitor.toml"
    path.write_text(f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n')
    return path


def test_a_dossier_is_written_to_print_or_for_an_office_program(run: Run, settings: Path, tmp_path: Path) -> None:
    page, document = tmp_path / "dossier.html", tmp_path / "dossier.docx"
    command = ("-c", str(settings), "dossier", "kunming+nancy", "--since", "2016-01-01")
    assert run(*command, "--lang", "fr", "-o", str(page)).code == 0
    assert '<html lang="fr">' in page.read_text(encoding="utf-8")
    assert "22 août 2017" in page.read_text(encoding="utf-8")
    assert run(*command, "--format", "docx", "-o", str(document)).code == 0
    told = [one.text for one in Document(io.BytesIO(document.read_bytes())).paragraphs]
    assert any(one.startswith("Signing: ") and one.endswith("]") for one in told)


def test_what_cannot_be_written_or_is_not_known_is_said(run: Run, settings: Path, tmp_path: Path) -> None:
    assert run("-c", str(settings), "dossier", "no+where", "-o", str(tmp_path / "x.html")).code == 1
    ran = run("-c", str(settings), "dossier", "kunming+nancy", "-o", str(tmp_path / "none" / "x.html"))
    assert ran.code == 1
    assert "No such file" in ran.err
