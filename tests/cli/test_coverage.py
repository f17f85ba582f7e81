from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import resources
from monitor.demo_web import DemoArticle, DemoSite, DemoWeb, read_sites
from tests.cli.conftest import Run


@pytest.fixture
def web() -> Iterator[DemoWeb]:
    """A town's own site with an article of today."""
    article = DemoArticle(
        "fair", "en", "The fair opens", "A. Writer", datetime.now(UTC), 1, "On Sunday.", ("On Sunday.",)
    )
    site = DemoSite("town", "Town", "en", "FR", "feed", (article,))
    with DemoWeb(((site,), read_sites(resources.demo_site())[1])) as serving:
        yield serving


def settings(tmp_path: Path, web: DemoWeb, rest: str = "") -> Path:
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nkey = "town"\nname = "Town"\nplace = "nancy"\ntrust = 2\n'
        f'feeds = [{{ url = "{web.feed_url(web.sites[0])}" }}]\n'
        '[[source]]\nkey = "paper"\nname = "Paper"\nplace = "kunming"\ntrust = 1\npaused = true\n'
        'feeds = [{ url = "https://paper.example/feed" }]\n'
    )
    path = tmp_path / "monitor.toml"
    path.write_text(
        f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n{rest}\n'
        f"[fetch]\nhost_gap_s = 0.0\nallowed_addresses = {json.dumps(web.addresses)}\n"
    )
    return path


def test_each_cell_says_how_it_is_and_why(run: Run, web: DemoWeb, tmp_path: Path) -> None:
    command = ("-c", str(settings(tmp_path, web, 'home = ["Nancy"]')))
    before = {one["partnership"]["key"]: one for one in run(*command, "coverage", "--json").json}
    assert before["kunming+nancy"]["home_site"]["state"] == "silent"
    assert run(*command, "poll").code == 0
    after = {one["partnership"]["key"]: one for one in run(*command, "coverage", "--json").json}
    pair = after["kunming+nancy"]
    assert (pair["home_id"], pair["partner_id"]) == ("nancy", "kunming")
    assert pair["home_site"]["state"] == "covered"
    assert pair["partner_press"] == pair["home_press"] | {"paused_key": "paper"}
    assert not pair["trusted"]
    shown = run(*command, "coverage")
    assert shown.code == 0
    assert "covered: town" in shown.out
    assert "nothing (paper is paused)" in shown.out
    assert "silence cannot be trusted" in shown.out


def test_only_watched_partnerships_are_told(run: Run, web: DemoWeb, tmp_path: Path) -> None:
    path = settings(tmp_path, web)
    watch = (
        '[[watch]]\nkey = "w"\nplaces = ["Nancy", "Kanazawa"]\n'
        '[[subscription]]\nkey = "screen"\nchannel = "console"\nwatches = ["w"]\n'
    )
    path.write_text(path.read_text() + watch)
    found = run("-c", str(path), "coverage", "--json").json
    assert {one["home_id"] for one in found} <= {"nancy", "university-of-lorraine"}
    assert "kanazawa+nancy" in {one["partnership"]["key"] for one in found}
    assert "guangzhou+lyon" not in {one["partnership"]["key"] for one in found}


def test_a_home_that_nobody_knows_is_a_mistake_in_the_settings(run: Run, web: DemoWeb, tmp_path: Path) -> None:
    ran = run("-c", str(settings(tmp_path, web, 'home = ["Atlantis-on-Sea"]')), "coverage")
    assert ran.code == 2
    assert "home" in ran.err
