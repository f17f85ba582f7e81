from __future__ import annotations

from datetime import date

import pytest

from monitor.adapters.storage.database import Database
from monitor.domain.model.seeds import PartnershipData
from monitor.domain.model.sources import Rights, TextRights
from tests.storage import samples

PAIR = PartnershipData("lakeside+millport", frozenset({"lakeside", "millport"}), "sister", date(1998, 5, 1))


def put(database: Database, *given: PartnershipData) -> None:
    with database.units() as unit:
        for one in given:
            unit.put_partnership(one, samples.NOW)
        unit.commit()


def test_partnerships_come_back_as_they_were_put_by_key(database: Database) -> None:
    other = PartnershipData("a+b", frozenset({"a", "b"}), until=date(2020, 1, 1))
    put(database, PAIR, other)
    assert database.archive.partnerships() == (other, PAIR)


def test_putting_a_partnership_again_replaces_it(database: Database) -> None:
    put(database, PAIR)
    grown = PartnershipData(PAIR.key, PAIR.participants | {"oldtown"}, "friendship")
    put(database, grown)
    assert database.archive.partnerships() == (grown,)


def test_what_a_seed_tells_is_among_them(database: Database) -> None:
    samples.put_seed(database, samples.seed(partnerships=(PAIR,)))
    assert database.archive.partnerships() == (PAIR,)


def test_nothing_is_kept_of_a_unit_that_was_not_committed(database: Database) -> None:
    with database.units() as unit:
        unit.put_partnership(PAIR, samples.NOW)
    assert database.archive.partnerships() == ()


# ---------------------------------------------------------------- rights of a text


@pytest.mark.parametrize("rights", Rights)
def test_an_article_and_its_hit_carry_the_rights_of_their_source(database: Database, rights: Rights) -> None:
    samples.add_source(database, samples.source(rights=rights, quote_chars=42))
    article_id = samples.store(database).article_id
    assert database.archive.article(article_id).text_rights == TextRights(rights, 42)
    assert [one.text_rights for one in database.archive.search("regatta").rows] == [TextRights(rights, 42)]
    assert [one.text_rights for one in database.archive.articles()] == [TextRights(rights, 42)]


def test_of_a_source_that_is_not_there_the_usual_quote_is_allowed(database: Database) -> None:
    article_id = samples.store(database).article_id
    assert database.archive.article(article_id).text_rights == TextRights()
