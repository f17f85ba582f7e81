from __future__ import annotations

import pytest

from bench import throwaway, understanding
from bench.clustering import Document, b_cubed, nearest_cluster, pairwise, tf_idf
from bench.evaluate import beyond
from monitor.domain import decide
from monitor.domain.model.articles import ArticleData, TextPath


def test_floors_and_ceilings_are_both_kept() -> None:
    section = {"recall": 0.9, "precision": 0.5, "at_most": {"alarms": 3}}
    assert beyond({"recall": 0.9, "precision": 0.6, "alarms": 3.0}, section) == []
    assert len(beyond({"recall": 0.8, "precision": 0.4, "alarms": 4.0}, section)) == 3


def test_agreement_of_a_known_clustering() -> None:
    gold = {"a": "1", "b": "1", "c": "2"}
    everything = {"a": "x", "b": "x", "c": "x"}
    assert b_cubed(gold, gold).f1 == pairwise(gold, gold).f1 == 1
    assert pairwise(everything, gold).precision == pytest.approx(1 / 3)
    assert pairwise(everything, gold).recall == 1
    assert b_cubed(everything, gold).precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_the_baseline_joins_what_shares_rare_words_only() -> None:
    texts = (
        "harbour ferry sank today",
        "the ferry sank in the harbour",
        "a budget was passed",
        "council passed a budget",
    )
    documents = [Document(str(number), "en", "", text) for number, text in enumerate(texts)]
    vectors = tf_idf([dict.fromkeys(text.split(), 1) for text in texts])
    assert nearest_cluster(documents, vectors, 0.3) == {"0": "0", "1": "0", "2": "2", "3": "2"}


def test_a_synthetic_archive_offers_candidates_to_a_fresh_article() -> None:
    article = ArticleData(
        "Toulouse and Chongqing become sister cities",
        f"The mayors of Toulouse and Chongqing signed a sister city agreement on {understanding.TODAY:%d %B %Y}.",
        TextPath.GIVEN,
        published_on=understanding.TODAY,
        language="en",
    )
    with throwaway.app() as app:
        understanding.fill(app, 200)
        understood = decide.understand(understanding._given(app, article, "https://fresh.example/1"), app.knowledge)
        with app.database.units() as unit:
            known = unit.known(decide.query(understood))
        assert [event for event in known.events if event.id.startswith("stored-")]
        assert len(app.database.archive.articles(limit=300)) == 201
        assert understanding.decide_one(app, article, 1) >= 0
