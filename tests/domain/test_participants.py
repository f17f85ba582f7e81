from __future__ import annotations

from datetime import date

import pytest

from monitor.domain import facts, places
from monitor.domain.model.events import Facts, Happening, Precision
from tests.domain.invented import article, lexicon, lookup

TODAY = date(2024, 6, 20)


def gather(title: str, text: str, language: str) -> Facts:
    given = article(title, text, language, TODAY)
    cues = lexicon().find(given.full_text, language)
    mentions = places.settle(given.hits, given.full_text, language, given.source, TODAY, cues)
    return facts.gather(given, mentions, lexicon(), lookup, cues)


def main(title: str, text: str, language: str = "en") -> Happening:
    found = gather(title, text, language).main
    assert found is not None
    return found


# ---------------------------------------------------------------- who


@pytest.mark.parametrize(
    ("language", "title", "text", "expected"),
    [
        pytest.param(
            "en",
            "Kunming and Karlsruhe sign sister city agreement as Hanoi cuts ties",
            "The mayors of Kunming and Karlsruhe signed it on 12 June.",
            {"kunming", "karlsruhe"},
            id="said aside in the title",
        ),
        pytest.param(
            "en",
            "Sister city pact signed",
            "The sister city agreement between Karlsruhe and Kunming was signed on 12 June in Wuhan at a forum.",
            {"kunming", "karlsruhe"},
            id="the town that lends its hall",
        ),
        pytest.param(
            "en",
            "Sister city pact signed",
            "Leaders of Hanoi and Kanazawa saw the signing of the agreement between Karlsruhe and Kunming on 12 June.",
            {"kunming", "karlsruhe"},
            id="those who look on",
        ),
        pytest.param(
            "en",
            "Delegation from Karlsruhe visits Kunming",
            "A delegation from Karlsruhe visited Kunming on 12 June; with Hanoi and Kanazawa it joined a conference.",
            {"kunming", "karlsruhe"},
            id="added behind a semicolon",
        ),
        pytest.param(
            "fr",
            "Karlsruhe : le conseil municipal approuve le jumelage avec Kunming",
            "Les élus de Karlsruhe ont voté le jumelage avec Kunming mardi.",
            {"kunming", "karlsruhe"},
            id="a title that opens with its town",
        ),
        pytest.param(
            "vi",
            "Hội nghị thường niên lần thứ 5",
            "Lào Cai, Lai Châu, Tuyên Quang và Vân Nam của Trung Quốc, Việt Nam dự hội nghị thường niên ngày 12/6.",
            {"lao-cai", "lai-chau", "tuyen-quang", "yunnan"},
            id="countries make no list long",
        ),
        pytest.param(
            "zh",
            "金沢与昆明举行年会",
            "6月12日,金沢市与昆明市举行年会;武汉某大学校长致辞。",
            {"kanazawa", "kunming"},
            id="a town in the name of a school",
        ),
    ],
)
def test_only_the_parties_take_part(language: str, title: str, text: str, expected: set[str]) -> None:
    assert main(title, text, language).participants == expected


def test_a_host_that_nobody_else_stands_for_is_a_party() -> None:
    happening = main(
        "Sister city pact renewed with Karlsruhe",
        "The agreement was signed again on 12 June in Kanazawa with guests from Karlsruhe and Kunming.",
    )
    assert happening.participants >= {"kanazawa", "karlsruhe"}


def test_the_partner_is_told_beside_a_town_that_outweighs_it() -> None:
    happening = main(
        "Kanazawa to hold the 2nd conference in May, says Kanazawa",
        "The mayor of Kanazawa opened the conference in Kanazawa on 12 June. The sister city Kunming takes part.",
    )
    assert happening.participants == {"kanazawa", "kunming"}


def test_the_partner_is_told_by_what_was_signed_long_ago_where_the_news_says_our_city() -> None:
    happening = main(
        "The mayor of Karlsruhe visited our city",
        "The mayor of Karlsruhe visited our city on 12 June 2024. In 1992 Kanazawa and Karlsruhe became sister cities.",
    )
    assert happening.participants == {"kanazawa", "karlsruhe"}


# ---------------------------------------------------------------- when and what


def test_the_day_of_another_town_is_not_that_of_the_news() -> None:
    happening = main(
        "Karlsruhe and Kunming sign an agreement",
        "The mayors of Karlsruhe and Kunming signed the agreement at a forum. In September Hanoi became a sister city.",
    )
    assert happening.date_inferred


def test_a_semicolon_parts_a_day_from_what_happens_before_it() -> None:
    happening = main(
        "Karlsruhe and Kunming", "On 25 June Karlsruhe and Kunming sign the agreement; they will go home on 28 June."
    )
    assert happening.when is not None
    assert happening.when.starts_on == date(2024, 6, 25)


def test_the_year_of_another_edition_is_not_that_of_this_one() -> None:
    happening = main(
        "The 5th annual conference of Lao Cai and Yunnan",
        "Lao Cai and Yunnan met at the 5th annual conference. The 4th annual conference was held in Kunming in 2023.",
    )
    assert happening.when is not None
    assert happening.when.precision is Precision.DAY


def test_a_deed_is_not_history_for_what_its_parties_have_been_since() -> None:
    happening = main(
        "Two ambulances for Hanoi", "Karlsruhe donates two ambulances to Hanoi, its sister city since March 2019."
    )
    assert happening.participants == {"hanoi", "karlsruhe"}


@pytest.mark.parametrize(
    "sentence",
    [
        "On 12 June they signed a memorandum for next year.",
        "They signed a memorandum for next year.",
    ],
)
def test_a_plan_for_next_year_announces_nothing(sentence: str) -> None:
    found = gather("Annual conference of Lao Cai and Yunnan", f"Lao Cai and Yunnan met on 12 June. {sentence}", "en")
    assert found.announced == ()
