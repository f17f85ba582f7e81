"""What the documents say is true: commands, options, outcomes, settings, words."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer.main

from monitor import __version__
from monitor.cli.app import app
from monitor.domain.model.articles import Label
from monitor.domain.model.health import FeedHealth
from monitor.domain.model.sources import EntryData, FeedKind
from monitor.domain.outcomes import Outcome

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = typer.main.get_command(app)


def every_command(group: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    if not hasattr(group, "commands"):
        return {path: group}
    found: dict[tuple[str, ...], Any] = {}
    for name, command in group.commands.items():
        found |= every_command(command, (*path, name))
    return found


EVERY = every_command(COMMANDS)


def examples() -> list[str]:
    lines = [line.strip() for path in DOCUMENTS for line in path.read_text(encoding="utf-8").splitlines()]
    return [line.partition("  #")[0].strip() for line in lines if line.startswith(".venv/bin/monitor")]


@pytest.mark.parametrize("line", examples())
def test_every_example_is_a_command_with_its_options(line: str) -> None:
    words = shlex.split(line)[1:]
    if words[0] == "--config":
        words = words[2:]
    path = tuple(words[:2]) if tuple(words[:2]) in EVERY else tuple(words[:1])
    command = EVERY[path]
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_stage_command_is_explained() -> None:
    text = (ROOT / "docs" / "stages.md").read_text(encoding="utf-8")
    for name in ("parse", "extract", "assess"):
        assert f"## {name} " in text


def test_every_key_of_the_stages_is_documented() -> None:
    text = (ROOT / "docs" / "stages.md").read_text(encoding="utf-8")
    for one in fields(EntryData):
        assert re.search(rf"\b{one.name}\b", text), one.name
    for label in Label:
        assert label.value in text


def test_every_outcome_is_explained() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = " ".join(line for line in text.splitlines() if line.startswith("| "))
    for outcome in Outcome:
        assert re.search(rf"(?<![\w-]){re.escape(outcome.value)}(?![\w-])", rows), outcome.value


def test_every_health_and_every_kind_of_source_is_explained() -> None:
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    for name in (*FeedHealth, *FeedKind):
        assert f"\n| {name.value} |" in text, name


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*DOCUMENTS, *sorted((ROOT / "docs" / "decisions").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(
        re.findall(r"(?:^    |`)make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    ):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_changelog_package_and_program_agree_on_the_version() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert newest is not None
    assert newest[1] == project["version"] == __version__


def test_every_dependency_has_its_line_in_the_decisions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8").lower().replace("_", "-")
    for requirement in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9_-]+", requirement)
        assert name is not None
        assert name[0].lower().replace("_", "-") in text, requirement
