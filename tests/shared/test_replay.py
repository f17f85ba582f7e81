"""Replaying the labelled articles under the rules that decided them changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.bootstrap import App
from monitor.pipeline import replay
from monitor.pipeline.files import Assessing, Item, assess_stream
from monitor.settings import Configuration, Settings, SourcesFile

pytestmark = pytest.mark.shared
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def items(shared: Path) -> list[Item]:
    rows = map(json.loads, (shared / "data/relevance/gold.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Item(row["id"], row["title"] or "", row["text"], row["url"], row["lang"])
        for row in rows
        if row["text"] and not row.get("seed_file")
    ]


def test_the_labelled_articles_are_decided_as_they_were(shared_data: Path, tmp_path: Path) -> None:
    told = items(shared_data)
    with App(Configuration(Settings(data_directory=tmp_path), SourcesFile(), None), clock=lambda: NOW) as app:
        app.load_seeds()
        assessing = Assessing(app.database.units, app.gazetteer, app.languages, app.knowledge)
        for hours, item in enumerate(told):
            [_] = assess_stream([item], NOW + timedelta(hours=hours), assessing)
        with app.shadow(None) as shadow:
            difference = replay.replay(shadow, app.replaying)
    assert difference.is_empty, difference
    assert difference.articles >= 180
    assert difference.kept >= 100
