from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.adapters.storage import search
from monitor.adapters.storage.database import Database
from monitor.domain.model.articles import Label
from tests.storage.samples import article, store

DOCUMENTS = {
    "danang": ("Đà Nẵng đón đoàn đại biểu", "Thành phố Hà Nội và tỉnh Vân Nam gặp nhau tại cầu Rồng."),
    "hanoi": ("河内市长访问", "河内与昆明缔结友好城市关系，合作交流。"),
    "jumelage": ("Un jumelage durable", "Les villes jumelles fêtent. Le maire d'Évreux parle de l'été."),
    "jumping": ("Jumping contest", "The horses of the county jumped in the rain; the mayor of Straße cheered."),
    "korean": ("자매도시 협정", "부산시와 하노이가 협정을 맺었다."),
}


@pytest.fixture
def archive(database: Database) -> Database:
    for name, (title, text) in DOCUMENTS.items():
        store(database, article(title, text), f"https://a.example/{name}", mentions=())
    return database


def found(database: Database, query: str) -> list[str]:
    return [row.url.rpartition("/")[2] for row in database.archive.search(query).rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Da Nang", ["danang"]),
        ("đà nẵng", ["danang"]),
        ("DA NANG van nam", ["danang"]),
        ("Hà Nội", ["danang"]),
        ("河内", ["hanoi"]),
        ("友好城市", ["hanoi"]),
        ("城友", []),
        ("河", ["hanoi"]),
        ("昆明 合作", ["hanoi"]),
        ("자매도시", ["korean"]),
        ("하노이", ["korean"]),
        ("jumel*", ["jumelage"]),
        ("jum*", ["jumping", "jumelage"]),
        ("ju*", []),
        ("jumel", []),
        ("evreux ete", ["jumelage"]),
        ("l'été", ["jumelage"]),
        ("strasse", ["jumping"]),
        ('"mayor of strasse"', ["jumping"]),
        ('"strasse mayor"', []),
        ('"horses of" rain', ["jumping"]),
        ("mayor maire", []),
        ("", []),
        ('"', []),
        ("*", []),
        ("... !? --", []),
        ('") OR words:*', []),
        ("jumping NOT rain", []),
        ("rain' & !jumping | (", ["jumping"]),
    ],
)
def test_a_query_finds_what_holds_all_its_words(archive: Database, query: str, expected: list[str]) -> None:
    assert found(archive, query) == expected


def test_hits_come_newest_first_and_are_counted_up_to_a_bound(database: Database) -> None:
    ids = [
        store(database, article(f"Common {number}"), f"https://a.example/{number}", mentions=()).article_id
        for number in range(12)
    ]
    page = database.archive.search("common", limit=5)
    assert [row.id for row in page.rows] == ids[:-6:-1]
    assert (page.total, page.total_is_bound) == (12, False)
    assert database.archive.search("common", limit=50).total == 12


def test_more_hits_than_are_counted_are_told_as_at_least(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "COUNTED_UP_TO", 20)
    for number in range(21):
        store(database, article("Tide", "high"), f"https://a.example/{number}", mentions=())
    page = database.archive.search("tide", limit=1)
    assert (len(page.rows), page.total, page.total_is_bound) == (1, 20, True)


def test_a_snippet_shows_the_hits_in_the_words_of_the_article(archive: Database) -> None:
    [row] = archive.archive.search('"ha noi" nam').rows
    assert row.snippet == (
        "Thành phố \u2068Hà\u2069 \u2068Nội\u2069 và tỉnh Vân \u2068Nam\u2069 gặp nhau tại cầu Rồng."
    )
    [row] = archive.archive.search("友好城市").rows
    assert "\u2068友好城市\u2069" in row.snippet
    [row] = archive.archive.search("durable").rows
    assert row.snippet.startswith("Les villes")


def test_a_long_paragraph_is_cut_around_its_hit(database: Database) -> None:
    store(database, article("T", "First.\n" + "ebb and flow " * 80 + "lighthouse " + "ebb and flow " * 80))
    [row] = database.archive.search("lighthouse").rows
    assert "\u2068lighthouse\u2069" in row.snippet
    assert row.snippet.startswith("…")
    assert row.snippet.endswith("…")
    assert len(row.snippet) <= search.SNIPPET_CHARS + 4


def test_a_row_tells_what_the_article_is(archive: Database) -> None:
    [row] = archive.archive.search("jumelage").rows
    assert (row.title, row.label, row.language, row.copy_of_id) == ("Un jumelage durable", Label.IRRELEVANT, "en", None)


def test_a_huge_text_is_indexed_as_far_as_the_index_goes(database: Database) -> None:
    words = " ".join(f"word{number}x" for number in range(20_000))
    store(database, article("Big", words + "\n" + "龍" * 5_000 + "\n" + "z" * 100_000))
    assert database.archive.search("word15000x").total == 1
    assert database.archive.search("word19999x").total == 0
    assert database.archive.search("z" * 300).total == 0


def test_only_part_of_a_huge_query_is_asked(archive: Database) -> None:
    assert found(archive, "jumelage " * 5_000) == ["jumelage"]
    assert found(archive, "x" * 50_000) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(alphabet=st.sampled_from(list("\"'*()&|!:<->\\ANDORNOT 河rainё%_^~{}[]")), max_size=40))
def test_nothing_typed_is_an_operator(database: Database, query: str) -> None:
    database.archive.search(query)


@settings(max_examples=100, deadline=None)
@given(body=st.text(max_size=300), query=st.text(max_size=30))
def test_a_snippet_is_a_piece_of_the_text(body: str, query: str) -> None:
    shown = search.snippet(body, search.parse(query))
    bare = shown.replace(search.HIT_START, "").replace(search.HIT_END, "").removeprefix("…").removesuffix("…")
    assert bare in body.replace(search.HIT_START, "").replace(search.HIT_END, "")
