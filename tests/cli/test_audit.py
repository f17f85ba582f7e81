from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """An archive without sources; the shipped seeds are not loaded."""
    (tmp_path / "sources.toml").write_text("")
    path = tmp_path / "monitor.toml"
    path.write_text(f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n')
    return path


@pytest.fixture
def chronicle(tmp_path: Path) -> Path:
    path = tmp_path / "chronicle.txt"
    path.write_text(
        "Twenty years of friendship between Nancy and Kanazawa\n\n"
        "On 12 October 2013 the mayors of Nancy and Kanazawa signed an agreement on crafts in the town hall of Nancy. "
        "Many guests had come, and the choir sang for more than an hour that evening.\n\n"
        "In May 2016 a delegation from Kanazawa visited Nancy and planted a maple beside the museum of the school of "
        "art. The tree has grown since, and school classes look after it every summer.\n",
        encoding="utf-8",
    )
    return path


def test_a_chronicle_is_matched_with_the_archive_and_what_is_missing_is_listed(
    run: Run, settings: Path, chronicle: Path
) -> None:
    ran = run("-c", str(settings), "audit", str(chronicle), "--json")
    assert ran.code == 0
    missed = [(one["when"]["starts_on"], one["kinds"][0], one["cause"]) for one in ran.json["missed"]]
    assert missed == [
        ("2013-10-12", "agreement_signed", "before-archive"),
        ("2016-05-01", "delegation_visit", "before-archive"),
    ]
    assert ran.json["read"] == 1


def test_people_are_told_in_plain_words(run: Run, settings: Path, chronicle: Path) -> None:
    ran = run("-c", str(settings), "audit", str(chronicle), "--since", "2015-01-01")
    assert "Texts that look back: 1. Past events named in them: 1. No source was read yet." in ran.out
    assert "In the archive: 0. Missed: 1." in ran.out
    assert "Kanazawa and Nancy" in ran.out
    assert "before the archive began" in ran.out
    assert "12 October 2013" not in ran.out


def test_other_places_can_be_asked_for(run: Run, settings: Path, chronicle: Path) -> None:
    assert run("-c", str(settings), "audit", str(chronicle), "--place", "Kunming", "--json").json["missed"] == []


def test_an_archive_without_retrospectives_says_what_to_do(run: Run, settings: Path) -> None:
    ran = run("-c", str(settings), "audit")
    assert ran.code == 0
    assert "No past event is named in what was read." in ran.out
    assert "monitor audit report.pdf" in ran.err


def test_a_document_that_cannot_be_read_is_named(run: Run, settings: Path) -> None:
    ran = run("-c", str(settings), "audit", "nowhere.txt")
    assert (ran.code, ran.err) == (2, "monitor: nowhere.txt: no-such-file No such file or directory\n")


def test_an_event_shows_how_it_is_attested_and_its_story(run: Run, settings: Path) -> None:
    run("-c", str(settings), "poll")
    shown = run("-c", str(settings), "event", "list", "--json").json
    if not shown:
        pytest.fail("the shipped seeds are missing")
    ran = run("-c", str(settings), "event", "show", shown[0]["id"])
    assert "independent report" in ran.out
    given = run("-c", str(settings), "event", "show", shown[0]["id"], "--json").json
    assert given["standing"]["is_confirmed"]
    assert isinstance(given["story"], list)
