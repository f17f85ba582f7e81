"""Decisions told on the command line: stored, tried, edited, replayed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor import settings
from monitor.bootstrap import App
from monitor.demo_web import DemoWeb
from monitor.domain import decide
from monitor.domain.model.articles import ArticleData, SourceContext, TextPath
from monitor.pipeline.ingest import article_for_decision, decide_and_apply
from tests.cli.conftest import Run


def article_url(web: DemoWeb, key: str, slug: str) -> str:
    site = next(one for one in web.sites if one.key == key)
    return f"{web.base_url(site)}news/{slug}"


def edited(config: Path, url: str, old: str, new: str) -> int:
    """Store another revision of an article, as a later visit would; its id."""
    with App(settings.load(config)) as app:
        view = next(one for one in map(app.database.archive.article, range(1, 100)) if one.url == url)
        text = view.text.replace(old, new)
        assert text != view.text
        article = ArticleData(view.title, text, TextPath.PAGE, published_on=view.published_on, language=view.language)
        source = SourceContext(view.source_key or "", view.language)
        given = article_for_decision(article, view.url, source, app.gazetteer, seen_at=view.first_seen_at)
        now = app.clock() + timedelta(days=1)
        understanding = decide.understand(given, app.knowledge)
        with app.database.units() as unit:
            decide_and_apply(unit, understanding, article, None, now, app.knowledge)
            unit.commit()
        return view.id


def test_a_page_that_was_never_polled_is_fetched_judged_and_not_stored(run: Run, config: Path, web: DemoWeb) -> None:
    web.phase = 2
    url = article_url(web, "ville-nancy", "delegation-kunming-septembre-2026")
    command = ("-c", str(config))
    ran = run(*command, "explain", url)
    assert ran.code == 0, ran.err
    assert "Would be kept because it tells an event of a relation between places" in ran.out
    assert "It would open a new event" in ran.out
    french = run(*command, "explain", url, "--lang", "fr")
    assert "Serait retenu, car il relate un événement d’une relation entre lieux" in french.out
    assert "Il ouvrirait un nouvel événement" in french.out
    document = run(*command, "explain", url, "--json").json
    assert (document["stored"], document["article"], document["label"]) == (False, None, "event")
    stages = [one["stage"] for one in document["record"]]
    assert stages[:6] == ["fetch", "extract", "language", "places", "relevance", "happening"]
    stored = run(*command, "search", "Kunming", "--json").json["rows"]
    assert all(one["known_seed"] for one in stored)
    dropped = run(*command, "explain", article_url(web, "ville-nancy", "travaux-boulevard-scarpone-octobre"))
    assert "Would be dropped because it is not about a relation between places" in dropped.out


def test_a_language_without_words_is_refused_with_those_there_are(run: Run, config: Path, web: DemoWeb) -> None:
    ran = run("-c", str(config), "explain", "https://nowhere.example/x", "--lang", "tlh")
    assert ran.code == 2
    assert "there are en, fr, vi, zh" in ran.err


def test_a_page_that_cannot_be_had_is_one_line(run: Run, config: Path, web: DemoWeb) -> None:
    ran = run("-c", str(config), "explain", article_url(web, "ville-nancy", "no-such-page"))
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "not in the archive and could not be fetched: not-found" in ran.err


def test_an_edited_article_is_shown_with_what_changed_and_a_replay_changes_nothing(
    run: Run, config: Path, web: DemoWeb
) -> None:
    command = ("-c", str(config))
    run(*command, "poll", "--json")
    url = article_url(web, "ville-nancy", "trois-ambulances-pour-vinnytsia")
    assert "was not edited" in run(*command, "article", "diff", url).err
    article = str(edited(config, url, "Trois ambulances", "Quatre ambulances"))
    shown = run(*command, "article", "diff", article, "--full")
    assert shown.code == 0, shown.err
    assert "[-Trois-]{+Quatre+} ambulances" in shown.out
    assert "1 sentences reworded, 0 added, 0 removed" in shown.out
    document = run(*command, "article", "diff", article, "--from", "1", "--to", "2", "--json").json
    assert (document["diff"]["before"], document["diff"]["after"]) == (1, 2)
    assert run(*command, "article", "diff", article, "--from", "7").code == 2
    assert run(*command, "article", "diff", article, "--full", "--json").code == 2

    replayed = run(*command, "replay")
    assert replayed.code == 0, replayed.err
    assert "The current rules decide as the archive stands." in replayed.out
    assert run(*command, "replay", "--since", "2100-01-01", "--json").json["difference"]["articles"] == 0
    adopted = run(*command, "replay", "--adopt", "--json").json
    assert (adopted["adopted"], adopted["is_empty"]) == (True, True)
