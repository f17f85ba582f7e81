from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor import resources
from monitor.adapters.seeds import read_seeds, record_sha
from monitor.adapters.storage.database import Database, open_database
from monitor.domain import dedupe
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import ArticleData, Label, TextPath
from monitor.domain.model.events import EventKind
from monitor.domain.rawdoc import read_raw
from monitor.pipeline.seeds import Importing, import_seed, load_seeds
from tests.shipped import gazetteer, lexicon, new_archive

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

VISIT = """Culture et société

Une délégation de Kanazawa reçue à Nancy

Publié le 12 mai 2025

Le maire de Nancy a reçu le 10 mai 2025 une délégation de la ville de Kanazawa (Japon), conduite par son maire, pour
préparer les échanges scolaires des deux villes jumelées.

La délégation de Kanazawa a visité le conservatoire et rencontré des lycéens de Nancy qui apprennent le japonais.

Partager
"""


class Speaks:
    """A `LanguageIdentifier` that knows one language."""

    def __init__(self, language: str | None) -> None:
        self._language = language

    def identify(self, text: str, declared: str | None = None) -> str | None:
        return self._language


@pytest.fixture(scope="module")
def importing() -> Importing:
    places = gazetteer()
    return Importing(places, Speaks("fr"), Knowledge(lexicon(), places.place))


@pytest.fixture
def database(tmp_path: Path, migrated: Path) -> Iterator[Database]:
    path = new_archive(migrated, tmp_path / "archive.db")
    archive = open_database(f"sqlite:///{path}", resources.migrations())
    yield archive
    archive.close()


# ---------------------------------------------------------------- loading


def shipped():
    return [(record, record_sha(record)) for record in read_seeds(resources.seeds())]


def test_loading_writes_what_is_new_or_changed_and_nothing_else(database: Database) -> None:
    records = shipped()
    assert load_seeds(records, NOW, database.units) == 5
    assert load_seeds(records, NOW, database.units) == 0
    changed = replace(records[0][0], title="Mended")
    assert load_seeds([(changed, record_sha(changed)), *records[1:]], NOW, database.units) == 1
    assert ("000", "event", "Mended") in database.archive.seeds()
    assert len(database.archive.seeds()) == 5


def test_loading_fewer_records_removes_none(database: Database) -> None:
    records = shipped()
    load_seeds(records, NOW, database.units)
    assert load_seeds(records[:1], NOW, database.units) == 0
    assert len(database.archive.seeds()) == 5


def test_of_two_records_with_one_key_the_later_counts_at_every_start(database: Database) -> None:
    records = shipped()
    own = replace(records[0][0], title="Mine")
    both = [*records, (own, record_sha(own))]
    assert load_seeds(both, NOW, database.units) == 5
    assert load_seeds(both, NOW, database.units) == 0
    assert ("000", "event", "Mine") in database.archive.seeds()


# ---------------------------------------------------------------- a record of a document


def test_a_raw_document_becomes_a_record_of_facts_and_a_fingerprint(importing: Importing) -> None:
    record = import_seed(read_raw(VISIT, NOW), None, "https://www.nancy.fr/a?utm_source=x", importing)
    assert record.key == "une-delegation-de-kanazawa-recue-a-nancy"
    assert record.title == "Une délégation de Kanazawa reçue à Nancy"
    assert (record.language, record.label, record.published_on) == ("fr", Label.EVENT, date(2025, 5, 12))
    assert record.url == "https://www.nancy.fr/a"
    assert record.fingerprint == dedupe.fingerprint(VISIT)
    assert record.happening is not None
    assert EventKind.DELEGATION_VISIT in record.happening.kinds
    assert record.happening.participants >= {"nancy", "kanazawa"}
    assert (record.happening.evidence, record.happening.sentence) == ((), "")


def test_an_extracted_article_keeps_its_language_and_the_fingerprint_of_title_and_text(importing: Importing) -> None:
    document = read_raw(VISIT, NOW)
    article = ArticleData(
        document.title or "", document.text, TextPath.PAGE, language="fr", canonical_url="https://www.nancy.fr/visite"
    )
    record = import_seed(article, "mine", None, replace(importing, languages=Speaks("de")))
    assert (record.key, record.language, record.url) == ("mine", "fr", "https://www.nancy.fr/visite")
    assert record.fingerprint == dedupe.fingerprint(f"{article.title}\n\n{article.text}")


def test_a_month_is_no_day_of_publication(importing: Importing) -> None:
    text = VISIT.replace("Publié le 12 mai 2025\n\n", "").replace("Une dél", "date 2025-05 Une dél")
    record = import_seed(read_raw(text, NOW), None, None, importing)
    assert record.title == "Une délégation de Kanazawa reçue à Nancy"
    assert record.published_on is None
    assert record.url is None


@pytest.mark.parametrize("text", ["", "Les trams roulent de nouveau depuis ce matin, et les bus aussi."])
def test_a_document_that_tells_nothing_becomes_background(text: str, importing: Importing) -> None:
    record = import_seed(read_raw(text, NOW), None, None, replace(importing, languages=Speaks(None)))
    assert (record.label, record.happening, record.language) == (Label.BACKGROUND, None, "und")
    assert record.title
    assert record.key


def test_a_title_in_another_script_gives_a_key_of_figures(importing: Importing) -> None:
    article = ArticleData("海港市代表团访问石桥市", "两市市长共同为友谊花园揭牌。", TextPath.GIVEN, language="zh")
    record = import_seed(article, None, None, importing)
    assert record.key == record.fingerprint.text_sha[:12]
