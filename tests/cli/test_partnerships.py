from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Settings that follow nothing and declare one partnership with a term."""
    (tmp_path / "sources.toml").write_text("")
    path = tmp_path / "monitor.toml"
    path.write_text(
        f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\nhome = ["Nancy"]\n'
        '[[partnership]]\nplaces = ["Nancy", "Kanazawa"]\ngrade = "sister"\nsince = 1973\n'
        '[[partnership.agreement]]\ntitle = "Charter"\nsigned_on = 2024-03-01\nterm_years = 90\n'
        '[[series]]\nkey = "conference:conference:cn+vn:yunnan"\nnames = ["Yearly meeting"]\ncadence_months = 12\n'
    )
    return path


def listed(run: Run, settings: Path, *more: str) -> dict[str, dict[str, object]]:
    shown = run("-c", str(settings), "partnership", "list", *more, "--json").json
    return {one["key"]: one for one in shown}


def test_what_seeds_and_settings_declare_is_listed_and_shown(run: Run, settings: Path) -> None:
    found = listed(run, settings)
    assert {"kanazawa+nancy", "kunming+nancy", "guangzhou+lyon"} <= set(found)
    assert (found["kanazawa+nancy"]["origin"], found["kanazawa+nancy"]["since"]) == ("config", "1973-01-01")
    assert set(listed(run, settings, "--place", "Lyon")) == {"guangzhou+lyon"}
    assert listed(run, settings, "--state", "proposed") == {}
    ran = run("-c", str(settings), "partnership", "show", "kanazawa+nancy")
    assert "Charter" in ran.out
    assert "2114-03-01" in ran.out
    story = run("-c", str(settings), "partnership", "show", "kunming+nancy", "--json").json["story"]
    assert [one["step"] for one in story] == ["agreement_signed"]
    assert run("-c", str(settings), "partnership", "show", "no+where").code == 1


def test_a_table_is_imported_its_bad_rows_are_told_by_line(run: Run, settings: Path, tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text(
        "place,partner,grade,since\n"
        "Lyon,Leipzig,sister,1981\nNancy,Nowhereville,,\nLyon,Victoria (CA),,\nLyon,Springfield,,\n",
        encoding="utf-8",
    )
    dry = run("-c", str(settings), "partnership", "import", str(table), "--dry-run")
    assert "2 partnerships" in dry.out
    assert "leipzig+lyon" not in listed(run, settings)
    ran = run("-c", str(settings), "partnership", "import", str(table))
    assert ran.code == 1
    assert [line.split(":")[1].strip() for line in ran.err.splitlines()] == ["line 3", "line 5"]
    assert "write its id" in ran.err
    assert listed(run, settings)["leipzig+lyon"]["since"] == "1981-01-01"


def test_a_table_that_is_not_text_is_refused(run: Run, settings: Path, tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_bytes(b"place,partner\nLyon,\xff\xfe\n")
    assert run("-c", str(settings), "partnership", "import", str(table)).code == 2


def test_a_persons_word_goes_before_the_seeds_and_a_no_stands(run: Run, settings: Path) -> None:
    command = ("-c", str(settings), "partnership")
    assert run(*command, "add", "Lyon", "Guangzhou", "--grade", "friendship", "--since", "1987").code == 0
    found = listed(run, settings)["guangzhou+lyon"]
    assert (found["grade"], found["since"], found["state"]) == ("friendship", "1987-01-01", "watched")
    assert "voices disagree on since" in run(*command, "show", "guangzhou+lyon").out
    assert run(*command, "reject", "guangzhou+lyon").code == 0
    assert listed(run, settings)["guangzhou+lyon"]["state"] == "declined"
    assert run(*command, "confirm", "guangzhou+lyon").code == 0
    assert listed(run, settings)["guangzhou+lyon"]["state"] == "watched"
    assert run(*command, "confirm", "no+where").code == 1
    assert run(*command, "add", "Lyon", "Nowhereville").code == 2


def test_expectations_are_announced_or_computed(run: Run, settings: Path) -> None:
    shown = run("-c", str(settings), "expectations", "--json").json
    assert [one["ordinal"] for one in shown["announced"]] == [6]
    assert {one["expected"]["partnership_key"] for one in shown["computed"]} >= {"kanazawa+nancy", "guangzhou+lyon"}
    mine = run("-c", str(settings), "expectations", "--place", "Lyon", "--json").json
    assert {one["expected"]["partnership_key"] for one in mine["computed"]} == {"guangzhou+lyon"}
    assert "(computed)" in run("-c", str(settings), "expectations").out


def test_a_declared_series_is_listed_with_its_editions(run: Run, settings: Path) -> None:
    [found] = [
        one
        for one in run("-c", str(settings), "partnership", "series", "--json").json
        if one["key"] == "conference:conference:cn+vn:yunnan"
    ]
    assert (found["names"], found["cadence_months"]) == (["Yearly meeting"], 12)
    assert [one["ordinal"] for one in found["editions"]] == [5, 6]
