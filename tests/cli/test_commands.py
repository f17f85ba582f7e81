from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from monitor import __version__
from monitor.demo_web import DemoWeb
from tests.cli.conftest import Run


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out.strip() == __version__


def test_a_mistake_in_the_settings_is_one_line_and_exit_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[fetch]\nspeed = 3\n", encoding="utf-8")
    ran = run("-c", str(tmp_path / "bad.toml"), "source", "list")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "fetch.speed: unknown key" in ran.err


def test_a_place_that_nobody_knows_is_a_mistake_in_the_settings(run: Run, config: Path) -> None:
    config.write_text(config.read_text(encoding="utf-8").replace('"Nancy"', '"Atlantis-on-Sea"'), encoding="utf-8")
    ran = run("-c", str(config), "poll")
    assert ran.code == 2
    assert "watch 'nancy'" in ran.err


def test_poll_read_judge_and_tell(run: Run, config: Path, web: DemoWeb) -> None:
    """The commands of a morning, in their order, on one archive."""
    command = ("-c", str(config))
    first = run(*command, "poll", "--json")
    assert first.code == 0
    assert {one["outcome"] for one in first.json["polled"]} == {"ok"}
    assert run(*command, "poll").out.startswith("Nothing is due")
    web.phase = 2
    second = run(*command, "poll", "ville-nancy", "--json").json
    assert [one["source_key"] for one in second["polled"]] == ["ville-nancy"]
    labels = {one["label"] for one in second["ingested"]}
    assert "event" in labels

    events = run(*command, "event", "list", "--json").json
    news = [one for one in events if one["origin"] == "news"]
    assert news
    shown = run(*command, "event", "show", news[0]["id"], "--language", "fr")
    assert shown.code == 0
    assert "What was learnt when" in shown.out
    assert run(*command, "event", "show", news[0]["id"], "--json").json["event"]["id"] == news[0]["id"]
    assert len(run(*command, "event", "list", "--place", "Kunming", "--json").json) <= len(events)
    assert "Nancy" in run(*command, "event", "list").out

    article = str(news[0]["article_ids"][0])
    url = run(*command, "article", "show", article, "--json").json["url"]
    assert "label" in run(*command, "article", "show", url).out
    explained = run(*command, "explain", url)
    assert "Kept because it tells an event" in explained.out
    assert {one["stage"] for one in run(*command, "explain", article, "--json").json["record"]} >= {
        "relevance",
        "event",
        "label",
    }

    hits = run(*command, "search", "kunming", "--json").json
    assert hits["total"] >= 1
    assert "hits" in run(*command, "search", "nanc*").out

    preview = run(*command, "digest", "preview", "--json").json
    assert preview[0]["has_news"]
    assert "Nancy" in run(*command, "digest", "preview", "screen").out
    sent = run(*command, "digest", "send", "--json")
    assert '"state": "sent"' in sent.out
    assert run(*command, "digest", "preview").out.strip() == "Nothing to tell."
    assert "screen" in run(*command, "digest", "list").out
    assert run(*command, "digest", "list", "--json").json[0]["subscription_key"] == "screen"

    health = run(*command, "doctor", "--json").json
    assert health["articles"] >= 5
    assert "archive" in run(*command, "doctor").out
    assert "lists are right" in run(*command, "doctor", "--lists").err


def test_what_is_not_there_is_said_in_one_line(run: Run, config: Path) -> None:
    for words in (
        ("event", "show", "ev_missing"),
        ("article", "show", "999"),
        ("explain", "https://nowhere.example/x"),
        ("article", "show", "not an address"),
        ("source", "pause", "nobody"),
        ("poll", "nobody"),
        ("digest", "preview", "nobody"),
    ):
        ran = run("-c", str(config), *words)
        assert ran.code == 1, words
        assert ran.err.count("\n") == 1, words
        assert ran.err.startswith("monitor: ")


def test_the_archive_is_for_its_owner_only(run: Run, config: Path, tmp_path: Path) -> None:
    new = tmp_path / "new" / "archive"
    config.write_text(config.read_text(encoding="utf-8").replace(str(tmp_path / "archive"), str(new)), encoding="utf-8")
    run("-c", str(config), "source", "list")
    database = new / "monitor.db"
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700


def test_a_database_of_a_newer_version_is_refused(run: Run, config: Path, tmp_path: Path) -> None:
    run("-c", str(config), "source", "list")
    database = tmp_path / "archive" / "monitor.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    connection.close()
    before = database.read_bytes()
    ran = run("-c", str(config), "source", "list")
    assert ran.code == 3
    assert "newer version" in ran.err
    assert database.read_bytes() == before


# ---------------------------------------------------------------- sources


def test_check_tells_what_would_be_found(run: Run, config: Path, web: DemoWeb) -> None:
    site = next(one for one in web.sites if one.kind == "atom")
    found = run("-c", str(config), "source", "check", web.feed_url(site), "--json").json
    assert found["kind"] == "feed"
    assert found["title"] == site.name
    assert found["entries"]
    assert "entries" in run("-c", str(config), "source", "check", web.feed_url(site)).out


def test_check_of_a_page_lists_its_links(run: Run, config: Path, web: DemoWeb) -> None:
    site = next(one for one in web.sites if one.kind == "page")
    found = run("-c", str(config), "source", "check", web.feed_url(site), "--pattern", "/news/", "--json").json
    assert found["kind"] == "page"
    assert {one["url"].rpartition("/")[2] for one in found["entries"]} == {
        one.slug for one in site.articles if one.phase == 1
    }


def test_check_shows_the_ways_to_follow_a_site_and_add_takes_one(run: Run, config: Path, web: DemoWeb) -> None:
    site = next(one for one in web.sites if one.kind == "page")
    command = ("-c", str(config), "source")
    by_pattern = (web.feed_url(site), "--pattern", "/news/")
    (choice,) = run(*command, "check", *by_pattern, "--json").json["choices"]
    assert (choice["number"], choice["kind"], choice["how"]) == (1, "page", "links")
    assert "links on the page" in run(*command, "check", *by_pattern).out
    added = run(*command, "add", *by_pattern, "--key", "taken", "--max-pages", "2")
    assert (added.code, "(page: " in added.out) == (0, True)
    assert run(*command, "add", *by_pattern, "--key", "other", "--take", "9").code == 2


def test_check_of_a_dead_address_fails_with_its_label(run: Run, config: Path, web: DemoWeb) -> None:
    ran = run("-c", str(config), "source", "check", web.base_url(web.sites[0]) + "missing", "--json")
    assert ran.code == 1
    assert ran.json["error"] == "not-found"
    assert run("-c", str(config), "source", "check", "http://10.0.0.1/").code == 1
    assert run("-c", str(config), "source", "check", "ftp://city.example/").code == 2


def test_sources_can_be_added_paused_exported_and_imported(
    run: Run, config: Path, web: DemoWeb, tmp_path: Path
) -> None:
    command = ("-c", str(config), "source")
    site = next(one for one in web.sites if one.kind == "json")
    added = run(*command, "add", web.feed_url(site), "--key", "fresh", "--language", "zh", "--country", "CN")
    assert added.code == 0
    assert site.name in added.out
    assert run(*command, "add", web.base_url(site) + "missing").code == 1
    assert run(*command, "pause", "fresh").code == 0
    assert run("-c", str(config), "poll", "fresh").code == 1
    listed = {one["key"]: one for one in run(*command, "list", "--json").json}
    assert listed["fresh"]["paused"]
    assert run(*command, "resume", "fresh").code == 0
    assert "fresh" in run(*command, "list").out

    opml = tmp_path / "list.opml"
    assert run(*command, "export", str(opml)).code == 0
    assert run(*command, "export").out == opml.read_text(encoding="utf-8")
    assert "0 sources added, 3 already followed" in run(*command, "import", str(opml)).out
    opml.write_text(opml.read_text(encoding="utf-8").replace("/feed.json", "/other.json"), encoding="utf-8")
    assert "1 sources added" in run(*command, "import", str(opml)).out
    keys = {one["key"] for one in run(*command, "list", "--json").json}
    assert {"fresh", "fresh-2"} <= keys
    assert run(*command, "import", str(tmp_path / "absent.opml")).code == 2


# ---------------------------------------------------------------- stages on files

PAGE = """<html lang="en"><head><title>Mayors meet</title>
<meta property="article:published_time" content="2026-03-01"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Mayors meet</h1>{}</article></body></html>"""
PARAGRAPH = (
    "<p>The mayor of Nancy received a delegation from Kunming at the town hall on 1 March 2026, "
    "and both cities signed.</p>"
)
SIGNING = (
    "The mayors of Nancy (France) and Kunming (China) signed a twinning agreement in Nancy on 3 March 2026. The sister "
    "cities will exchange students and doctors every year, said the mayor at the signing ceremony."
)
CLINIC = (
    "Nancy and Kunming open a joint clinic\n\nOn 12 May 2025 the mayor of Nancy (France) and the mayor of Kunming "
    "(China) opened a joint clinic of the two sister cities at the university hospital. Twelve doctors attended "
    "the ceremony, toured the wards and signed a memorandum of understanding on the training of nurses.\n"
)


def write_stream(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_parse_gives_a_line_for_each_entry(run: Run, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(
        '<rss version="2.0"><channel><title>T</title><item><title>One</title><link>https://city.example/1</link></item>'
        "<item><title>Two</title></item></channel></rss>",
        encoding="utf-8",
    )
    ran = run("parse", str(feed), "--json")
    assert [line["title"] for line in ran.lines] == ["One", "Two"]
    assert run("parse", str(tmp_path / "absent.xml")).code == 1


def test_extract_gives_a_line_for_each_page_in_order(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE.format(PARAGRAPH * 4), encoding="utf-8")
    (tmp_path / "empty.html").write_text("", encoding="utf-8")
    ran = run(
        "extract", str(tmp_path / "page.html"), str(tmp_path / "empty.html"), "--base-url", "https://city.example/1"
    )
    assert ran.code == 0
    page, empty = ran.lines
    assert (page["title"], page["published_on"], page["language"]) == ("Mayors meet", "2026-03-01", "en")
    assert "Kunming" in page["text"]
    assert "Home" not in page["text"]
    assert empty["error"]
    assert run("extract", str(tmp_path / "empty.html")).code == 1


def test_assess_judges_a_stream_against_the_seeds_and_itself(run: Run, tmp_path: Path) -> None:
    stream = write_stream(
        tmp_path / "stream.jsonl",
        {"id": "a", "title": "Nancy and Kunming sign", "text": SIGNING, "lang": "en", "published": "2026-03-03"},
        {"id": "b", "title": "Recipe", "text": "Boil the potatoes for twenty minutes and add some salt.", "lang": "en"},
        {"id": "c", "title": "Nancy and Kunming sign", "text": SIGNING, "published": "2026-03-04T10:00:00Z"},
    )
    ran = run("assess", str(stream))
    assert ran.code == 0
    first, other, again = ran.lines
    assert (first["label"], other["label"], again["label"]) == ("event", "irrelevant", "event")
    assert set(first["participants"]) == {"nancy", "kunming"}
    assert first["event_date"] == "2026-03-03"
    assert first["event"] == again["event"] is not None
    assert (other["event"], other["duplicate_of"], again["duplicate_of"]) == (None, None, "a")
    assert first["reasons"][0]["code"]


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "is not JSON"), ("[]", "needs an object"), ('{"id": 1, "published": "soon"}', "is not an ISO 8601 day")],
)
def test_a_broken_line_is_named(run: Run, tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "stream.jsonl").write_text(line, encoding="utf-8")
    ran = run("assess", str(tmp_path / "stream.jsonl"))
    assert ran.code == 2
    assert "stream.jsonl:1" in ran.err
    assert said in ran.err


# ---------------------------------------------------------------- seeds


def test_a_document_becomes_a_seed_that_is_known_ever_after(run: Run, config: Path, tmp_path: Path) -> None:
    document = tmp_path / "report.txt"
    document.write_text(CLINIC, encoding="utf-8")
    added = run("-c", str(config), "seed", "add", str(document), "--key", "clinic", "--json")
    assert added.code == 0, added.err
    assert added.json["key"] == "clinic"
    listed = {one["key"] for one in run("-c", str(config), "seed", "list", "--json").json}
    assert {"000", "001", "002", "003", "004", "clinic"} <= listed
    stream = write_stream(tmp_path / "stream.jsonl", {"id": 1, "title": "", "text": CLINIC, "lang": "en"})
    (judged,) = run("-c", str(config), "assess", str(stream)).lines
    assert (judged["known_seed"], judged["duplicate_of"]) == ("clinic", "seed:clinic")
    assert run("-c", str(config), "seed", "add", str(tmp_path / "absent.txt")).code == 1
