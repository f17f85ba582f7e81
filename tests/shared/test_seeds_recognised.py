"""The seed documents against the shipped records, which hold their fingerprints and not their texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor import resources
from monitor.adapters.seeds import read_seeds, record_sha
from monitor.adapters.storage.database import open_database
from monitor.domain import decide, dedupe
from monitor.domain.decide import Knowledge
from monitor.domain.model.articles import (
    ArticleData,
    CopyOf,
    IngestIntent,
    Known,
    KnownQuery,
    Label,
    Origin,
    SourceContext,
    TextPath,
)
from monitor.domain.rawdoc import RawDocument, read_raw
from monitor.domain.text import clean
from monitor.pipeline.ingest import article_for_decision
from monitor.pipeline.seeds import load_seeds
from monitor.ports import Gazetteer, Units
from tests import shipped

pytestmark = pytest.mark.shared

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = ("000", "001", "002", "003", "004")

MENU = (
    "Startseite Rathaus Bürgerdienste Termine Müllabfuhr Stadtplan Kitas Schulen Bibliothek Schwimmbäder "
    "Sportplätze Vereine Kultur Theater Konzerte Museen Wochenmarkt Parken Busse Bahnen Radwege Baustellen "
    "Stellenangebote Ausschreibungen Haushalt Stadtrat Fraktionen Wahlen Presse Newsletter Archiv Fotos Filme "
    "Podcast Kontakt Notdienste Feuerwehr Polizei Krankenhaus Apotheken Wetter Pollenflug Pegelstände Webcams "
    "Stadtführungen Hotels Gaststätten Campingplätze Wanderwege Badeseen Tierpark Friedhöfe Standesamt Meldeamt "
    "Führerschein Kennzeichen Ausweise Steuern Gebühren Satzungen Bauanträge Grundstücke Wohnungen Energie Wasser "
    "Abwasser Klimaschutz Bäume Spielplätze Jugend Senioren Integration Ehrenamt Partner Impressum Datenschutz "
    "Barrierefreiheit Gebärdensprache Anmelden Suche Englisch"
)
UNRELATED = (
    (
        "A night train between Malmö and Innsbruck will run again from December, the operator said, with eleven "
        "carriages and a dining car that serves soup until midnight. Tickets go on sale in October. Cyclists may "
        "bring their wheels, and dogs travel at half price. The mayors of both towns hope for skiers in winter "
        "and for hikers in summer, and a choir from the Tyrol is going to sing on the platform when the first "
        "train pulls out."
    ),
    (
        "Les maires de Namur et de Bergerac ont inauguré un verger commun au bord de la Meuse, où poussent "
        "désormais quarante pommiers de variétés anciennes. Des écoliers des deux villes y ont enterré une boîte "
        "de lettres qui sera ouverte dans vingt ans. Une confiture est déjà en vente au marché du samedi, et la "
        "recette paiera un voyage à vélo."
    ),
)


def raw(shared_data: Path, key: str) -> str:
    (path,) = (shared_data / "seeds").glob(f"{key}_*.txt")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Units]:
    """A fresh archive that holds the shipped records and nothing else."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('archive') / 'a.db'}", resources.migrations())
    load_seeds([(record, record_sha(record)) for record in read_seeds(resources.seeds())], NOW, database.units)
    yield database.units
    database.close()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return shipped.gazetteer()


@pytest.fixture(scope="module")
def knowledge(gazetteer: Gazetteer) -> Knowledge:
    return Knowledge(shipped.lexicon(), gazetteer.place)


def recognised(text: str, units: Units) -> CopyOf | None:
    """The known document that a text is a copy of."""
    print_ = dedupe.fingerprint(text)
    query = KnownQuery("x.example/a", print_.scheme, print_.bands, print_.text_sha, frozenset(), None, None)
    with units() as unit:
        return dedupe.nearest(print_, unit.known(query).neighbours)


def decided(
    article: ArticleData, units: Units, gazetteer: Gazetteer, knowledge: Knowledge
) -> tuple[Known, IngestIntent]:
    """What would be written for an article that arrives now."""
    given = article_for_decision(
        article, "https://paper.example/a", SourceContext("paper"), gazetteer, seen_at=None, origin=Origin.FILE
    )
    understanding = decide.understand(given, knowledge)
    with units() as unit:
        known = unit.known(decide.query(understanding))
    return known, decide.ingest(known, understanding, NOW, knowledge)


def read(shared_data: Path, key: str) -> RawDocument:
    return read_raw(raw(shared_data, key), NOW)


# ---------------------------------------------------------------- recognised


def whole(text: str) -> list[str]:
    return [text]


def halves(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]


def wrapped(text: str) -> list[str]:
    menu = MENU.split()
    return [f"{MENU}\n{text}\n{' '.join(reversed(menu))}", f"{MENU}\n{text}", f"{text}\n{MENU}"]


def every_tenth_word_changed(text: str) -> list[str]:
    words = text.split()
    return [
        " ".join(f"{word[:2]}q{index}" if index % 10 == offset else word for index, word in enumerate(words))
        for offset in range(10)
    ]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("variants", [whole, halves, wrapped, every_tenth_word_changed])
def test_a_seed_and_its_republications_are_known(
    key: str, variants: Callable[[str], list[str]], shared_data: Path, units: Units
) -> None:
    for number, variant in enumerate(variants(clean(raw(shared_data, key)))):
        found = recognised(variant, units)
        assert found is not None, f"variant {number}"
        assert found.seed_key == key, f"variant {number}"


@pytest.mark.parametrize("key", KEYS)
def test_the_article_taken_out_of_a_seed_document_is_known_and_tells_nothing_new(
    key: str, shared_data: Path, units: Units, gazetteer: Gazetteer, knowledge: Knowledge
) -> None:
    document = read(shared_data, key)
    article = ArticleData(document.title or "", document.text, TextPath.GIVEN, published_on=document.published_on)
    known, intent = decided(article, units, gazetteer, knowledge)
    assert intent.known_seed == key
    assert intent.copy_of is not None
    assert intent.copy_of.containment > 0.9
    assert intent.label is (Label.BACKGROUND if key == "001" else Label.EVENT)
    assert {event.event_id for event in intent.events} <= {event.id for event in known.events}
    assert [change for event in intent.events for change in event.changes] == []


@pytest.mark.parametrize("key", KEYS)
def test_a_seed_is_not_taken_for_another(key: str, shared_data: Path) -> None:
    others = [record.fingerprint for record in read_seeds(resources.seeds()) if record.key != key]
    for variant in [*whole(raw(shared_data, key)), *halves(raw(shared_data, key))]:
        assert {dedupe.compare(dedupe.fingerprint(variant), other)[0] for other in others} == {None}


@pytest.mark.parametrize("text", [*UNRELATED, MENU, " ".join(UNRELATED) + MENU])
def test_other_texts_are_not_known(text: str, units: Units, gazetteer: Gazetteer, knowledge: Knowledge) -> None:
    assert recognised(text, units) is None
    _, intent = decided(ArticleData("", text, TextPath.GIVEN), units, gazetteer, knowledge)
    assert (intent.copy_of, intent.known_seed) == (None, None)


RETOLD = {  # own texts on the seeds' events, as the relevance set has them; its g289 names Yunnan alone
    "g002": ("000", date(2017, 8, 24)),
    "g065": ("002", date(2024, 5, 17)),
    "g066": ("002", date(2024, 5, 17)),
    "g067": ("002", date(2024, 5, 17)),
    "g078": ("003", date(2017, 6, 17)),
    "g271": ("004", date(2025, 10, 31)),
}


def relevance_rows(shared_data: Path) -> list[dict[str, Any]]:
    lines = (shared_data / "data" / "relevance" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("row_id", RETOLD)
def test_another_text_on_a_seeds_event_is_known_in_any_language(
    row_id: str, shared_data: Path, units: Units, gazetteer: Gazetteer, knowledge: Knowledge
) -> None:
    (row,) = [one for one in relevance_rows(shared_data) if one["id"] == row_id]
    key, published_on = RETOLD[row_id]
    article = ArticleData(row["title"], row["text"], TextPath.GIVEN, language=row["lang"], published_on=published_on)
    _, intent = decided(article, units, gazetteer, knowledge)
    assert intent.copy_of is None
    assert (intent.label, intent.known_seed) == (Label.EVENT, key)


def test_texts_on_other_events_are_not_taken_for_a_seeds(
    shared_data: Path, units: Units, gazetteer: Gazetteer, knowledge: Knowledge
) -> None:
    groups = {"e01", "e02", "e03", "e04"}
    others = [row for row in relevance_rows(shared_data) if row["text"] and row["event_group"] not in groups]
    assert len(others) > 150
    for row in others:
        day = (row["event_date"] or "")[:10]
        article = ArticleData(
            row["title"] or "",
            row["text"],
            TextPath.GIVEN,
            language=row["lang"],
            published_on=date.fromisoformat(day) if len(day) == len("2024-05-16") else None,
        )
        assert decided(article, units, gazetteer, knowledge)[1].known_seed is None, row["id"]


# ---------------------------------------------------------------- read


TITLES = {
    "000": "Nancy et Kunming (Chine) désormais partenaires",
    "001": None,
    "002": "Hanoï cherche un partenariat plus fort avec Pékin",
    "003": "The 20th Anniversary of Wuhan University and University of Lorraine’s Medical Cooperation",
    "004": (
        "Renforcer la coopération amicale et élargir la coopération globale entre les localités du Vietnam et de la "
        "Chine"
    ),
}
PUBLISHED = {
    "000": None,
    "001": None,
    "002": date(2024, 5, 31),  # the document says the month only
    "003": date(2017, 6, 23),
    "004": date(2025, 10, 30),
}


@pytest.mark.parametrize("key", KEYS)
def test_title_and_date_of_a_raw_seed_are_read(key: str, shared_data: Path) -> None:
    document = read(shared_data, key)
    assert document.title == TITLES[key]
    assert document.published_on == PUBLISHED[key]


def test_what_stands_around_the_seeds_is_not_read_as_their_text(shared_data: Path) -> None:
    lines = read(shared_data, "004").text.split("\n")
    assert len(lines) == len(set(lines))
    assert not any(word in line for line in lines for word in ("Comment", "No data", "Même", "Source", "Hoi An"))
    assert read(shared_data, "004").author == "Thanh Phuc"
    assert read(shared_data, "003").text.endswith("academic papers.")
    assert not read(shared_data, "000").text.startswith("Relations")


def test_the_shipped_titles_are_those_of_the_documents() -> None:
    own_wording = {"001"}
    shipped = {one.key: one.title for one in read_seeds(resources.seeds()) if one.key not in own_wording}
    assert shipped == {key: title for key, title in TITLES.items() if title}
