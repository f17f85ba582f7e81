from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.model.partnerships import Stated
from monitor.domain.model.places import Place
from monitor.domain.partnership_rows import read_rows
from tests.domain.digest_samples import place


def resolve(name: str) -> Place | str:
    return place(name.casefold()) or f"no place called {name!r}"


def test_a_row_is_a_partnership_with_its_agreement() -> None:
    table = (
        "place,partner,grade,since,until,title,signed_on,term_years\n"
        'Nancy,Kunming,sister,2017,,"Charter, first",2017-08-22,5\n'
    )
    found = read_rows(table, resolve)
    [told], [paper] = found.declared.partnerships, found.declared.agreements
    assert found.refused == ()
    assert (told.key, told.grade, told.since, told.origin) == ("kunming+nancy", "sister", date(2017, 1, 1), Stated.CSV)
    assert (paper.key, paper.title, paper.signed_on, paper.term_months) == (
        "2017-08-22",
        "Charter, first",
        date(2017, 8, 22),
        60,
    )


def test_a_bad_row_costs_itself_and_is_told_by_its_line() -> None:
    table = (
        "place;partner;grade;since;term_years\r\n"
        "Nancy;Atlantis;;;\r\n"
        "Nancy;Kunming;twin;;\r\n"
        "Nancy;Kunming;;yesterday;\r\n"
        "Nancy;Nancy;;;\r\n"
        "Nancy;Metz;;;0\r\n"
        ";Metz;;;\r\n"
        "Nancy;Metz;;;;surplus\r\n"
        "Nancy;Kunming;;2017;\r\n"
        "Kunming;Nancy;;2018;\r\n"
    )
    found = read_rows(table, resolve)
    assert [one.key for one in found.declared.partnerships] == ["kunming+nancy"]
    assert [one.line for one in found.refused] == [2, 3, 4, 5, 6, 7, 8, 10]
    assert "Atlantis" in found.refused[0].why
    assert "yesterday" in found.refused[2].why


def test_several_partners_make_one_partnership_and_several_papers_too() -> None:
    table = "place\tpartner\tsigned_on\nYunnan\tLai-Chau|Lao-Cai\t2020\nYunnan\tLai-Chau|Lao-Cai\t2024-05-01\n"
    found = read_rows("\ufeff" + table, resolve)
    assert [sorted(one.participants) for one in found.declared.partnerships] == [["lai-chau", "lao-cai", "yunnan"]]
    assert [one.key for one in found.declared.agreements] == ["2020-01-01", "2024-05-01"]


def test_a_header_that_lacks_or_misspells_a_column_refuses_the_table() -> None:
    for header in ("place,grade", "place,partner,sinse", ""):
        found = read_rows(f"{header}\nNancy,Kunming,2017\n", resolve)
        assert [one.line for one in found.refused] == [1]
        assert found.declared.partnerships == ()


def test_a_row_of_which_the_quoting_is_broken_does_not_take_the_table_along() -> None:
    found = read_rows('place,partner\nNancy,Kunming\nNancy,"Me"tz\nNancy,Metz\n', resolve)
    assert "kunming+nancy" in [one.key for one in found.declared.partnerships]
    assert found.refused


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    found = read_rows("place,partner\n" + text, resolve)
    assert all(one.line >= 1 for one in found.refused)
