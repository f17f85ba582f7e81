from __future__ import annotations

from datetime import date

import pytest

from monitor.domain import editions, facts, people, places
from monitor.domain.model.events import DateRange, EventKind, EventStatus, Facts, Happening, Precision
from monitor.domain.statements import read
from tests.domain.invented import PLACES, article, lexicon, lookup

TODAY = date(2024, 6, 20)


def gather(title: str, text: str, language: str | None, published_on: date | None = TODAY) -> Facts:
    given = article(title, text, language, published_on)
    cues = lexicon().find(given.full_text, language)
    mentions = places.settle(given.hits, given.full_text, language, given.source, published_on, cues)
    return facts.gather(given, mentions, lexicon(), lookup, cues)


def main(title: str, text: str, language: str | None, published_on: date | None = TODAY) -> Happening:
    happening = gather(title, text, language, published_on).main
    assert happening is not None
    return happening


def day(year: int, month: int, number: int) -> DateRange:
    return DateRange(date(year, month, number), date(year, month, number))


SIGNING = (
    "Kunming and Kanazawa sign a friendship agreement",
    (
        "The mayors of Kunming and Kanazawa signed the agreement on 12 June in the old tea house of Kanazawa. "
        "The two towns have known each other since 1981. A choir sang."
    ),
)


# ---------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("language", "title", "text", "kind"),
    [
        ("en", *SIGNING, EventKind.AGREEMENT_SIGNED),
        (
            "en",
            "Kanazawa suspends its sister city agreement with Kunming",
            "The council said so.",
            EventKind.AGREEMENT_ENDED,
        ),
        (
            "en",
            "Council approves signing of agreement between Kanazawa and Kunming",
            "It did.",
            EventKind.AGREEMENT_INTENT,
        ),
        ("fr", "Une délégation de Kunming en visite à Lyon", "Elle a été accueillie hier.", EventKind.DELEGATION_VISIT),
        ("fr", "La 5e conférence annuelle réunit Lao Cai et le Yunnan", "Elle a eu lieu.", EventKind.CONFERENCE),
        ("zh", "昆明与金沢签署友好城市协议", "签约仪式在金沢举行。", EventKind.AGREEMENT_SIGNED),
        ("vi", "Hội đàm giữa Hà Nội và Côn Minh", "Hai bên trao đổi.", EventKind.TALKS),
        ("en", "Kunming donates an ambulance to Hanoi", "The fire truck follows.", EventKind.AID),
        (
            "de",
            "Jubiläum: 50 Jahre Städtepartnerschaft Nancy und Karlsruhe",
            "Es wurde gefeiert.",
            EventKind.ANNIVERSARY,
        ),
    ],
)
def test_the_main_kind(language: str, title: str, text: str, kind: EventKind) -> None:
    assert main(title, text, language).kinds[0] is kind


def test_what_is_to_be_signed_is_an_intent() -> None:
    told = main("Kunming et Lyon : l'accord de jumelage sera signé en octobre", "Les maires l'ont promis.", "fr")
    assert told.kinds[0] is EventKind.AGREEMENT_INTENT
    assert told.status is EventStatus.ANNOUNCED


def test_a_title_that_links_two_places_is_told_even_without_a_cue_of_kind() -> None:
    assert main("Sister cities: Kunming, Kanazawa", "A quiet day.", "en").kinds == (EventKind.STATEMENT,)


def test_a_text_without_places_or_happening_has_no_main() -> None:
    assert gather("The soup was good", "Everybody liked it.", "en").main is None
    assert gather("Kunming is a city", "It has a lake.", "en").main is None


def test_at_most_four_kinds_are_told() -> None:
    title = "Anniversary, forum, talks, visit and signing: Kunming and Kanazawa"
    text = "A delegation visited; talks and a conference were held; they signed; an award was given; aid was donated."
    assert 2 <= len(main(title, text, "en").kinds) <= 4


# ---------------------------------------------------------------- participants and host


@pytest.mark.parametrize(
    ("language", "title", "text", "expected"),
    [
        ("en", *SIGNING, {"kunming", "kanazawa"}),
        (
            "fr",
            "Lyon et Kunming signent un accord",
            "Kunming, capitale du Yunnan, est aussi liée à Hanoï. L'accord a été signé à Lyon.",
            {"lyon", "kunming"},
        ),
        (
            "en",
            "20 years of cooperation between Wuhan University and the University of Lorraine",
            "The anniversary was celebrated in Wuhan, where doctors of both universities met.",
            {"wuhan-university", "university-of-lorraine"},
        ),
        (
            "fr",
            "Les provinces de Lao Cai, Lai Chau et Tuyen Quang rencontrent le Yunnan",
            "Les secrétaires des provinces de Lao Cai, Lai Chau, Tuyen Quang et du Yunnan ont tenu une conférence.",
            {"lao-cai", "lai-chau", "tuyen-quang", "yunnan"},
        ),
        ("en", "Delegation from Kunming visits France", "It was welcomed yesterday.", {"kunming", "country-fr"}),
        ("zh", "昆明市代表团访问金沢市", "昨日双方举行会谈。", {"kunming", "kanazawa"}),
    ],
)
def test_who_plays_a_part(language: str, title: str, text: str, expected: set[str]) -> None:
    assert main(title, text, language).participants == expected


def test_what_others_did_in_later_sentences_makes_no_participant() -> None:
    told = main(SIGNING[0], SIGNING[1] + " Earlier reports: Hanoi talked with Karlsruhe.", "en")
    assert told.participants == {"kunming", "kanazawa"}


def test_of_a_long_list_only_the_first_two_count() -> None:
    text = "The law makes Lyon a sister city of Kanazawa, after Hanoi, Kunming, Wuhan, Karlsruhe, Nancy and Valencia."
    told = main("A new sister city", text, "en")
    assert {"lyon", "kanazawa"} <= told.participants
    assert "wuhan" not in told.participants


def test_countries_are_those_of_the_participants() -> None:
    assert main(*SIGNING, "en").countries == {"CN", "JP"}


@pytest.mark.parametrize(
    ("language", "title", "text", "host"),
    [
        ("en", *SIGNING, None),
        ("fr", "Lyon et Kunming renforcent leurs liens", "Le forum s'est tenu hier à Hanoï.", "hanoi"),
        ("en", "Kunming delegation visits Hanoi", "They talked for hours.", "hanoi"),
        ("zh", "昆明代表团访问金沢", "会谈在金沢举行。", "kanazawa"),
        ("vi", "Đoàn Côn Minh thăm và làm việc tại Hà Nội", "Hai bên hội đàm.", "hanoi"),
        ("en", "Kunming and Hanoi hold talks by video", "Nobody travelled.", None),
    ],
)
def test_where_it_takes_place(language: str, title: str, text: str, host: str | None) -> None:
    assert main(title, text, language).host_id == host


# ---------------------------------------------------------------- date and status


def test_the_date_is_the_one_of_the_head_and_not_of_the_history() -> None:
    told = main(*SIGNING, "en")
    assert told.when == day(2024, 6, 12)
    assert not told.date_inferred
    assert "12 June" in told.sentence


def test_a_range_beats_a_day_inside_it() -> None:
    text = (
        "On June 15 the delegation of Lao Cai returned from its visit to Yunnan (June 11-15, 2024). "
        "It had attended a conference there."
    )
    assert main("Lao Cai delegation visits Yunnan", text, "en").when == DateRange(date(2024, 6, 11), date(2024, 6, 15))


def test_without_a_day_in_the_text_the_publication_stands_in() -> None:
    told = main("Kunming and Kanazawa sign a friendship agreement", "The mayors signed it in the tea house.", "en")
    assert told.when == day(2024, 6, 20)
    assert told.date_inferred


def test_without_publication_nothing_stands_in() -> None:
    told = main("Kunming and Kanazawa sign a friendship agreement", "The mayors signed it.", "en", None)
    assert told.when is None
    assert not told.date_inferred


def test_what_is_only_announced_gets_no_day_of_publication() -> None:
    told = main("Kunming will sign an agreement with Kanazawa", "The mayors will meet there.", "en")
    assert told.status is EventStatus.ANNOUNCED
    assert told.when is None


def test_the_year_a_relation_began_is_not_the_date() -> None:
    told = main("Kunming et Lyon signent une charte", "Jumelées depuis 1988, les deux villes ont signé.", "fr", None)
    assert told.when is None


def test_a_day_to_come_is_an_announcement() -> None:
    told = main("Kunming and Kanazawa: conference of the two cities", "The forum opens on 3 September 2024.", "en")
    assert told.status is EventStatus.ANNOUNCED
    assert told.when == day(2024, 9, 3)


def test_an_announcement_whose_day_is_past_has_happened() -> None:
    text = "The delegation from Kunming will visit Kanazawa on 3 June 2024, the programme said."
    assert main("Delegation from Kunming to visit Kanazawa", text, "en").status is EventStatus.HAPPENED


@pytest.mark.parametrize(
    ("language", "title", "text", "status"),
    [
        ("en", "Visit of Kunming delegation to Hanoi cancelled", "The visit was cancelled.", EventStatus.CANCELLED),
        ("en", "Hanoi–Kunming forum postponed", "The forum was postponed.", EventStatus.POSTPONED),
        ("en", "Kanazawa threatens to end sister city ties with Kunming", "The mayor spoke.", EventStatus.THREATENED),
        ("en", *SIGNING, EventStatus.HAPPENED),
    ],
)
def test_where_it_stands(language: str, title: str, text: str, status: EventStatus) -> None:
    assert main(title, text, language).status is status


# ---------------------------------------------------------------- editions

FIFTH = (
    "La 5e conférence annuelle réunit les provinces de Lao Cai et Lai Chau et le Yunnan",
    (
        "Le 12 juin 2024, dans la province de Lai Chau, les secrétaires de Lao Cai, de Lai Chau et du Yunnan ont tenu "
        "la 5e conférence annuelle. La 4e conférence annuelle avait eu lieu en 2022 à Kunming. "
        "Selon les prévisions, la 6e conférence annuelle sera présidée par le Yunnan en 2025."
    ),
)


def test_the_edition_is_that_of_the_head() -> None:
    told = main(*FIFTH, "fr")
    assert told.ordinal == 5
    assert told.series_key == "conference:conference:cn+vn:yunnan"
    assert told.when == day(2024, 6, 12)


def test_the_next_edition_is_announced_in_the_same_series_with_the_same_parties() -> None:
    told = gather(*FIFTH, "fr")
    assert told.main is not None
    (coming,) = told.announced
    assert (coming.ordinal, coming.status) == (6, EventStatus.ANNOUNCED)
    assert coming.when == DateRange(date(2025, 1, 1), date(2025, 12, 31), Precision.YEAR)
    assert coming.series_key == told.main.series_key
    assert coming.participants == told.main.participants
    assert coming.kinds[0] is EventKind.CONFERENCE


def test_another_series_of_the_same_places_has_another_key() -> None:
    told = main(
        "11th session of the Joint Working Group between Lao Cai, Lai Chau and Yunnan",
        "The conference of the working group was held on 11 June.",
        "en",
    )
    assert told.ordinal == 11
    assert told.series_key == "conference:working-group:cn+vn:yunnan"


def test_the_same_edition_told_in_another_language_has_the_same_key() -> None:
    told = main("越南老街、莱州与云南省委书记年度会晤第五次会议", "第五次会议6月12日举行。", "zh")
    assert (told.ordinal, told.series_key) == (5, "conference:conference:cn+vn:yunnan")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "Lyon et Kunming fêtent le 30e anniversaire de leur jumelage"),
        ("en", "Kunming and Kanazawa celebrate 20th anniversary at forum"),
        ("en", "Lyon 1 wins: Kunming and Kanazawa hold talks"),
        ("zh", "昆明与金沢庆祝结好二十周年"),
    ],
)
def test_anniversaries_and_other_numbers_are_no_editions(language: str, title: str) -> None:
    told = main(title, "Une fête, a party.", language)
    assert told.ordinal is None
    assert told.series_key is None


@pytest.mark.parametrize(
    ("language", "title", "number"),
    [
        ("en", "The third annual conference of Kunming and Kanazawa opens", 3),
        ("en", "2nd forum of mayors brings Kunming to Kanazawa", 2),
        ("fr", "IXe forum : Lyon accueille Kunming", 9),
        ("ru", "XII форум городов: Kunming и Kanazawa", 12),
        ("vi", "Hội nghị thường niên lần thứ 5 giữa Lào Cai và Vân Nam", 5),
        ("zh", "第十二届论坛:昆明与金沢", 12),
        ("ja", "第2回会議、昆明市と金沢市", 2),
        ("nl", "De 5e conferentie van Lao Cai en Yunnan", 5),
        ("de", "5. Konferenz: Karlsruhe und Kunming", 5),
    ],
)
def test_ordinals_of_many_languages(language: str, title: str, number: int) -> None:
    assert main(title, "…", language).ordinal == number


def test_a_series_of_a_pair_names_both_and_leaves_out_what_lies_inside() -> None:
    pair = [PLACES["kunming"], PLACES["kanazawa"]]
    assert editions.series_key("forum", pair, lookup) == "conference:forum:cn+jp:kanazawa+kunming"
    assert editions.series_key("forum", [*pair, PLACES["yunnan"]], lookup) == "conference:forum:cn+jp:kanazawa+yunnan"
    assert editions.series_key("forum", [], lookup) is None


def test_where_both_sides_have_several_only_countries_are_left() -> None:
    many = [PLACES[one] for one in ("kunming", "wuhan", "lao-cai", "lai-chau")]
    assert editions.series_key("forum", many, lookup) == "conference:forum:cn+vn"


# ---------------------------------------------------------------- announced


def test_an_announced_happening_of_two_places_is_told_beside_the_main_one() -> None:
    text = SIGNING[1] + " A delegation of Kunming will visit Hanoi on 5 October 2024."
    told = gather(SIGNING[0], text, "en")
    (coming,) = told.announced
    assert {"kunming", "hanoi"} <= coming.participants
    assert coming.when == day(2024, 10, 5)


def test_plans_without_a_date_are_not_told() -> None:
    assert gather(SIGNING[0], SIGNING[1] + " More visits are planned.", "en").announced == ()


def test_until_when_something_lasts_is_no_announcement() -> None:
    text = SIGNING[1] + " The agreement is valid until 2030 and the talks will go on until 2031."
    assert gather(SIGNING[0], text, "en").announced == ()


# ---------------------------------------------------------------- people, figures, institutions


@pytest.mark.parametrize(
    ("language", "text", "office"),
    [
        ("fr", "La délégation de Kunming était conduite par la vice-maire Li Wenhua.", "vice-maire"),
        ("en", "The delegation from Kunming was led by Deputy Mayor Li Wenhua.", "Deputy Mayor"),
        ("en", "The delegation from Kunming was led by Mayor Li Wenhua.", "Mayor"),
    ],
)
def test_a_deputy_is_not_told_as_the_head(language: str, text: str, office: str) -> None:
    (person,) = [one for one in gather("Kunming in Nancy", text, language).people if one.name == "Li Wenhua"]
    assert person.role == office


@pytest.mark.parametrize(
    ("language", "title", "text", "name"),
    [
        ("fr", "Lyon reçoit Kunming", "Le maire de Lyon Paul Durand a salué la délégation.", "Paul Durand"),
        ("fr", "Lyon reçoit Kunming", "Anne-Marie Petit, maire de Lyon, a signé.", "Anne-Marie Petit"),
        ("en", "Kunming visits Kanazawa", "Mayor Taro Yamano welcomed the delegation.", "Taro Yamano"),
        ("vi", "Hà Nội và Côn Minh", "Phó Bí thư Thành ủy Trần Văn Ba hội kiến.", "Trần Văn Ba"),
        ("zh", "昆明与金沢签约", "昆明市市长刘大山出席。", "刘大山"),
        ("ru", "Kunming и Kanazawa", "Мэр Иван Петров подписал соглашение.", "Иван Петров"),
    ],
)
def test_people_are_told_with_their_office(language: str, title: str, text: str, name: str) -> None:
    told = gather(title, text, language).people
    assert name in [person.name for person in told]
    assert next(person.role for person in told if person.name == name)


def test_a_place_is_nobody() -> None:
    told = gather("Kunming visits Kanazawa", "The mayor of Kanazawa and Kunming Old Town met.", "en").people
    assert all("Kanazawa" not in person.name for person in told)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("7,2", "7.2"), ("1 250", "1250"), ("1,250", "1250"), ("1.250", "1250"), ("548", "548"), ("1.250,5", "1250.5")],
)
def test_figures_are_spelled_one_way(written: str, expected: str) -> None:
    assert people.normalised(written) == expected


def test_figures_leave_out_dates_years_and_small_counts() -> None:
    text = "Le 12 juin 2024, 548 délégations, 7,2 milliards, 3 villes, 1 250 élèves en 2023."
    assert gather("Lyon reçoit Kunming", text, "fr").numbers == ("548", "7.2", "1250")


def test_institutions_are_listed_as_written() -> None:
    told = gather("Wuhan University and the University of Lorraine sign", "They did.", "en")
    assert told.organisations == ("Wuhan University", "University of Lorraine")


# ---------------------------------------------------------------- reading


def test_sentences_that_only_tell_what_was_long_ago_are_history() -> None:
    given = article("Kunming and Kanazawa", "They met yesterday.\nIn 1981 the first letter was written.", "en", TODAY)
    account = read(given, (), lexicon().find(given.full_text, "en"), lexicon(), lookup)
    assert [one.is_history for one in account.statements] == [False, False, True]
    assert [one.text for one in account.head] == ["Kunming and Kanazawa", "They met yesterday."]


@pytest.mark.parametrize("published", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_publication_at_the_end_of_time_is_survived(published: date) -> None:
    assert gather("Kunming and Kanazawa sign in 2016", "They signed on 12 June 2016.", "en", published).main is not None


def test_an_empty_article_has_no_facts() -> None:
    assert gather("", "", None, None) == Facts(main=None)


def test_evidence_lies_inside_the_text() -> None:
    given = article(*SIGNING, "en", TODAY)
    told = main(*SIGNING, "en")
    assert told.evidence
    assert all(0 <= start < end <= len(given.full_text) for start, end in told.evidence)
    assert any("signed" in given.full_text[start:end] for start, end in told.evidence)


def test_a_very_long_text_is_read_at_its_beginning_only() -> None:
    told = gather(SIGNING[0], SIGNING[1] + " Lorem ipsum dolor." * 5_000 + " 777 guests came.", "en")
    assert told.main is not None
    assert "777" not in told.numbers


def test_the_same_article_gives_the_same_facts() -> None:
    assert gather(*FIFTH, "fr") == gather(*FIFTH, "fr")


# ---------------------------------------------------------------- what is beside the news


@pytest.mark.parametrize("line", ["2024-06-18", "18 June 2024, 08:30, by Ann Mills"])
def test_a_line_that_says_when_the_article_was_published_dates_nothing_else(line: str) -> None:
    title, text = SIGNING
    assert main(title, f"{line}\n\n{text}", "en").when == day(2024, 6, 12)


def test_nor_does_it_in_chinese() -> None:
    told = main(
        "昆明市与金泽市签署友好城市协议",
        "2024年6月18日 09:12 来源：城市日报\n\n6月12日，昆明市与金泽市签署友好城市协议。",
        "zh",
    )
    assert told.when == day(2024, 6, 12)


def test_that_line_stands_for_the_day_of_publication_where_nothing_else_tells_it() -> None:
    title, text = SIGNING
    assert main(title, f"18 June 2024\n\n{text}", "en", None).when == day(2024, 6, 12)


def test_a_sentence_of_the_news_is_no_such_line() -> None:
    told = main("Kunming and Kanazawa", "They signed an agreement on 18 June 2024.\n\nA choir sang.", "en")
    assert told.when == day(2024, 6, 18)


def test_who_cancels_a_partnership_ends_it() -> None:
    told = main("Kanazawa hủy bỏ quan hệ kết nghĩa với Kunming", "Hội đồng quyết định ngày 12/6/2024.", "vi")
    assert (told.kinds[0], told.status) == (EventKind.AGREEMENT_ENDED, EventStatus.HAPPENED)
