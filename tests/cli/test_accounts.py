from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PASSWORD = "four small green lamps"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.toml"
    path.write_text(f'data_directory = "{tmp_path / "archive"}"\n', encoding="utf-8")
    return path


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_the_first_account_is_an_admins_and_others_are_readers(
    run: Run, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("-c", str(settings), "user")
    assert "There are no accounts" in run(*command, "list").out
    assert run(*command, "add", "ann", "--role", "reader", "--generate").code == 1
    typed(monkeypatch, f"{PASSWORD}\n")
    assert run(*command, "add", "Ann", "--password-stdin").out == "added ann, admin\n"
    generated = run(*command, "add", "bo", "--generate").out
    assert generated.startswith("added bo, reader\npassword: ")
    listed = {one["name"]: one["role"] for one in run(*command, "list", "--json").json}
    assert listed == {"ann": "admin", "bo": "reader"}
    assert PASSWORD not in run(*command, "list").out


def test_slips_are_told_in_a_line(run: Run, settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("-c", str(settings), "user")
    typed(monkeypatch, "short\n")
    assert "12 characters" in run(*command, "add", "ann", "--password-stdin").err
    assert "no terminal" in run(*command, "add", "ann").err
    assert "no spaces" in run(*command, "add", "a n n", "--generate").err
    assert run(*command, "add", "ann", "--generate").code == 0
    assert "this name already" in run(*command, "add", "ann", "--generate").err
    for words in (("passwd", "eve", "--generate"), ("remove", "eve"), ("role", "eve", "admin")):
        assert "no account of this name" in run(*command, *words).err
    assert "Nobody else" in run(*command, "role", "ann", "reader").err


def test_passwords_and_roles_change_and_accounts_go(run: Run, settings: Path) -> None:
    command = ("-c", str(settings), "user")
    first = run(*command, "add", "ann", "--generate").out
    assert run(*command, "passwd", "ann", "--generate").out.partition("password: ")[2] not in first
    run(*command, "add", "bo", "--generate")
    assert run(*command, "role", "bo", "reviewer").out == "bo is reviewer now\n"
    assert run(*command, "remove", "bo").code == 0
    assert run(*command, "remove", "ann").code == 0
    assert run(*command, "list", "--json").json == []


def test_tokens_are_made_listed_without_their_secret_and_revoked(run: Run, settings: Path) -> None:
    command = ("-c", str(settings), "token")
    secret = run(*command, "add", "harvester").out.strip()
    assert secret.startswith("scm_")
    assert secret not in run(*command, "list").out
    assert [one["name"] for one in run(*command, "list", "--json").json] == ["harvester"]
    assert run(*command, "revoke", "harvester").code == 0
    assert run(*command, "revoke", "harvester").code == 1
    assert "There are no tokens" in run(*command, "list").out
