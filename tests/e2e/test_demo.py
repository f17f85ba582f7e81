"""The demo's two polls, end to end: what its digest tells, to the letter, and that it tells what it owes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from monitor import resources
from monitor.bootstrap import quiet_logging
from monitor.demo import DemoResult, demo_app, play, run_demo

GOLDEN = Path(__file__).with_name("demo_digest.txt")
SITE = tomllib.loads((resources.demo_site() / "articles.toml").read_text(encoding="utf-8"))
TOLD = {one["key"]: one["told"] for one in SITE["event"]}
NEWS = [one for one in SITE["article"] if one["phase"] == 2]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoResult]:
    quiet_logging()
    with demo_app(tmp_path_factory.mktemp("demo")) as (app, clock, web):
        yield play(app, clock, web, Console(file=StringIO()))


def slugs(result: DemoResult, *sections: str) -> set[str]:
    """The articles that a section of the digest cites."""
    return {
        report.url.rpartition("/")[2]
        for section in result.digest.sections
        if not sections or section.key in sections
        for line in section.lines
        for report in line.reports
    }


def articles(*told: str) -> dict[str, set[str]]:
    """Event key -> the slugs of its articles that came with the second poll."""
    found: dict[str, set[str]] = {}
    for one in NEWS:
        if TOLD.get(one.get("event", "")) in told:
            found.setdefault(one["event"], set()).add(one["slug"])
    return found


def test_the_digest_is_exactly_this(result: DemoResult) -> None:
    """To renew after a deliberate change: look at what `make demo` prints, then write it to the file."""
    said = re.sub(r"http://127\.0\.\d+\.\d+:\d+", "http://site", result.text)
    assert said == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("event", sorted(articles("new", "announced")))
def test_each_new_event_is_told_as_new(result: DemoResult, event: str) -> None:
    assert articles("new", "announced")[event] & slugs(result, "new")


@pytest.mark.parametrize("event", sorted(articles("known")))
def test_no_known_event_is_told_as_new(result: DemoResult, event: str) -> None:
    assert not articles("known")[event] & slugs(result)


def test_the_expectation_of_a_seed_is_told_as_developed(result: DemoResult) -> None:
    (expected,) = articles("developed").values()
    assert expected & slugs(result, "developments")
    assert not expected & slugs(result, "new")


def test_no_event_is_told_twice(result: DemoResult) -> None:
    lines = [
        line for section in result.digest.sections if section.key in ("new", "developments") for line in section.lines
    ]
    for slugs_of_event in articles("new", "announced", "developed").values():
        telling = [line for line in lines if {one.url.rpartition("/")[2] for one in line.reports} & slugs_of_event]
        assert len(telling) <= 1, [line.headline for line in telling]


@pytest.mark.parametrize("slug", [one["slug"] for one in NEWS if one["expect"] == "irrelevant"])
def test_no_trap_reaches_the_digest_and_each_is_explained(result: DemoResult, slug: str) -> None:
    assert slug not in slugs(result)
    assert any(view.url.endswith(slug) for view in result.dropped)


def test_what_is_not_certain_is_shown_for_review(result: DemoResult) -> None:
    review = next(section for section in result.digest.sections if section.key == "review")
    shown = {report.url.rpartition("/")[2] for line in review.lines for report in line.reports}
    for slugs_of_event in articles("review").values():
        assert slugs_of_event & shown


def test_coverage_says_that_all_sites_were_checked(result: DemoResult) -> None:
    assert any("7" in sentence for sentence in result.digest.coverage)


def test_the_command_prints_the_digest_and_names_the_html_file(tmp_path: Path) -> None:
    said = StringIO()
    run_demo(tmp_path / "digest.html", Console(file=said, width=120))
    assert "Not told, and why" in said.getvalue()
    assert str(tmp_path / "digest.html") in said.getvalue().replace("\n", "")
    assert "Nancy" in (tmp_path / "digest.html").read_text(encoding="utf-8")
