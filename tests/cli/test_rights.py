"""The text of a source that allows links only: nowhere, whatever is asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import resources, settings
from monitor.bootstrap import App
from monitor.demo_web import DemoArticle, DemoSite, DemoWeb, read_sites
from monitor.pipeline import publish
from tests.cli.conftest import Run

TITLE = "Nancy and Kunming sign a twinning charter"
# Words of the text that neither the title nor our own words hold; the cues among them are what evidence quotes.
CANARIES = ("quorvex", "sister-city", "friendship agreement", "the two cities")
PARAGRAPHS = (
    "The mayors of Nancy and Kunming signed a friendship agreement on 3 March 2026 in the quorvex hall of Nancy.",
    "A delegation from Kunming came for the sister-city ceremony, and the quorvex choir sang for the delegation.",
    "The two cities will send pupils to each other every spring, said the mayor of Nancy in front of the quorvex.",
)


@pytest.fixture
def web() -> Iterator[DemoWeb]:
    """One site that allows links only; its one article comes after the baseline."""
    published = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    article = DemoArticle("charter", "en", TITLE, "A. Writer", published, 2, PARAGRAPHS[0], PARAGRAPHS)
    site = DemoSite("harbour-post", "Harbour Post", "en", "FR", "feed", (article,))
    with DemoWeb(((site,), read_sites(resources.demo_site())[1])) as serving:
        yield serving


@pytest.fixture
def archive(run: Run, web: DemoWeb, tmp_path: Path) -> Path:
    """Settings of an archive that holds the article."""
    feed = web.feed_url(web.sites[0])
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nkey = "harbour-post"\nname = "Harbour Post"\nrights = "link"\nfeeds = [{{ url = "{feed}" }}]\n'
    )
    path = tmp_path / "monitor.toml"
    path.write_text(
        f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n'
        f"[fetch]\nhost_gap_s = 0.0\nallowed_addresses = {json.dumps(web.addresses)}\n"
        '[[subscription]]\nkey = "screen"\nchannel = "console"\n'
    )
    assert run("-c", str(path), "poll").code == 0
    web.phase = 2
    assert run("-c", str(path), "poll", "harbour-post", "--json").json["ingested"][0]["label"] == "event"
    return path


def shown(text: str) -> set[str]:
    return {one for one in CANARIES if one in text.casefold()}


def test_no_command_shows_the_text_of_a_source_that_allows_links_only(run: Run, archive: Path) -> None:
    command = ("-c", str(archive))
    hits = run(*command, "search", "quorvex", "--json").json
    article = str(hits["rows"][0]["id"])
    news = next(one for one in run(*command, "event", "list", "--json").json if one["origin"] == "news")
    for words in (
        ("search", "quorvex"),
        ("search", "quorvex choir", "--json"),
        ("article", "show", article),
        ("article", "show", article, "--json"),
        ("explain", article),
        ("explain", article, "--json"),
        ("event", "list"),
        ("event", "list", "--json"),
        ("event", "show", news["id"]),
        ("event", "show", news["id"], "--json"),
        ("digest", "preview"),
        ("digest", "preview", "--json"),
    ):
        ran = run(*command, *words)
        assert ran.code == 0, words
        assert ran.out.strip(), words
        assert not shown(ran.out), words


def test_no_channel_is_given_the_text_of_a_source_that_allows_links_only(archive: Path) -> None:
    with App(settings.load(archive)) as app:
        (id_, _), *_ = app.database.archive.subscriptions()
        with app.database.units() as unit:
            material = unit.digest_material(id_, app.clock())
        assert material is not None
        digest = publish.preview_digest(material, app.clock(), app.publishing)
        assert digest is not None
        for kind, renderer in app.publishing.renderers.items():
            for part in renderer.render(digest):
                said = "\n".join(filter(None, (part.subject, part.text, part.html, part.blocks)))
                assert TITLE in said, kind
                assert not shown(said), kind


def test_a_reviewer_asks_for_all_of_it_on_the_screen_only(run: Run, archive: Path) -> None:
    command = ("-c", str(archive))
    article = str(run(*command, "search", "quorvex", "--json").json["rows"][0]["id"])
    assert PARAGRAPHS[2] in run(*command, "article", "show", article, "--full").out
    assert shown(run(*command, "explain", article, "--full").out)
    for words in (("article", "show", article), ("explain", article)):
        ran = run(*command, *words, "--full", "--json")
        assert ran.code == 2
        assert not shown(ran.out + ran.err)


def test_when_the_source_is_gone_a_quote_is_shown(run: Run, archive: Path) -> None:
    command = ("-c", str(archive))
    article = str(run(*command, "search", "quorvex", "--json").json["rows"][0]["id"])
    connection = sqlite3.connect(archive.parent / "archive" / "monitor.db")
    with connection:
        connection.execute("DELETE FROM source")
    connection.close()
    view = run(*command, "article", "show", article, "--json").json
    assert view["text_rights"] == {"rights": "quote", "quote_chars": 300}
    assert view["text"].startswith(PARAGRAPHS[0])
    assert PARAGRAPHS[2] not in view["text"]
