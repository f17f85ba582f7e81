from __future__ import annotations

from pathlib import Path

import pytest

from monitor.cli import partner
from tests.cli.conftest import Run


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Settings that follow Nancy's own site only; nothing is polled here."""
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nkey = "town"\nname = "Town"\nplace = "nancy"\ntrust = 2\nhome_page = "https://www.nancy.fr/"\n'
        'feeds = [{ url = "https://town.example/feed" }]\n'
    )
    path = tmp_path / "monitor.toml"
    path.write_text(f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\nhome = ["Nancy"]\n')
    return path


def keys(run: Run, settings: Path) -> set[str]:
    return {one["key"] for one in run("-c", str(settings), "source", "list", "--json").json}


def test_nothing_is_added_without_a_yes(run: Run, settings: Path) -> None:
    """Nobody can be asked: standard input is no terminal here."""
    ran = run("-c", str(settings), "partner", "add", "Kunming", "--home", "Nancy")
    assert ran.code == 1
    assert "nothing was added" in ran.err
    assert "昆明市人民政府" in ran.out
    assert '"Nancy" "Kunming" (jumelage OR' in ran.out
    assert keys(run, settings) == {"town"}


def test_a_dry_run_shows_the_same_and_is_no_failure(run: Run, settings: Path) -> None:
    ran = run("-c", str(settings), "partner", "add", "Kunming", "--home", "Nancy", "--dry-run", "--yes")
    assert ran.code == 0
    assert 'key = "nancy-kunming"' in ran.out
    assert keys(run, settings) == {"town"}


def test_yes_follows_all_of_it_once_and_notes_the_partnership(run: Run, settings: Path) -> None:
    command = ("-c", str(settings), "partner", "add", "nanchang", "--home", "poitiers", "--yes", "--json")
    first = run(*command).json
    assert first["partnership"]["key"] == "nanchang+poitiers"
    assert len(first["added"]) == len(first["proposed"]) >= 6
    assert keys(run, settings) == {"town", *first["added"]}
    again = run(*command).json
    assert (again["proposed"], again["added"], again["partnership"]) == ([], [], None)
    shown = run("-c", str(settings), "coverage", "--json").json
    assert {"nanchang+poitiers", "kunming+nancy"} <= {one["partnership"]["key"] for one in shown}


def test_what_the_person_declined_is_not_followed(run: Run, settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(question: str, default: bool) -> bool:
        assert not default
        asked.append(question)
        return "searches" in question

    monkeypatch.setattr(partner.sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(partner.typer, "confirm", answer)
    ran = run("-c", str(settings), "partner", "add", "Kunming", "--home", "Nancy")
    assert ran.code == 0
    assert len(asked) >= 4
    added = keys(run, settings) - {"town"}
    assert added
    assert all(key.startswith(("google-news-nancy-kunming", "gdelt-nancy-kunming")) for key in added)


def test_what_is_followed_is_not_proposed(run: Run, settings: Path) -> None:
    found = run("-c", str(settings), "partner", "add", "Kunming", "--home", "Nancy", "--dry-run", "--json").json
    pages = {one["source"]["home_page"] for one in found["proposed"]}
    assert "https://www.nancy.fr/" not in pages
    assert "https://www.grandest.fr/" in pages


def test_a_name_of_several_places_is_asked_back(run: Run, settings: Path) -> None:
    ran = run("-c", str(settings), "partner", "add", "Frankfurt", "--home", "Lyon", "--dry-run")
    assert ran.code == 2
    assert "frankfurt-oder" in ran.err
    assert run("-c", str(settings), "partner", "add", "frankfurt", "--home", "lyon", "--dry-run").code == 0


@pytest.mark.parametrize(("place", "said"), [("Atlantis-on-Sea", "no place called"), ("nancy", "its own partner")])
def test_a_mistake_is_one_line(run: Run, settings: Path, place: str, said: str) -> None:
    ran = run("-c", str(settings), "partner", "add", place, "--home", "nancy", "--yes")
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_relation_inside_one_country_is_watched_as_such(run: Run, settings: Path) -> None:
    ran = run("-c", str(settings), "partner", "add", "lyon", "--home", "nancy", "--dry-run")
    assert "domestic = true" in ran.out
